"""What categories of harm, steps of the ladder and what surrounds decisions are called on pages."""

from folkmoot.domain.decisions.model import Step
from folkmoot.domain.policy.model import Action, Category
from folkmoot.domain.reports.model import By
from folkmoot.domain.reports.model import Category as Reason
from folkmoot.domain.requests.model import Body, Danger, Data, Order, Outcome, Result

# Languages by their own names, where rules that ship are written in them.
TONGUES = {"en": "English", "zh-CN": "简体中文"}

CATEGORIES = {
    Category.VIOLENCE: "Threats and incitement to violence",
    Category.HATE: "Hate against people for who they are",
    Category.HARASSMENT: "Harassment",
    Category.SEXUAL_EXPLOITATION: "Sexual exploitation",
    Category.INTIMATE_CONTENT: "Non-consensual intimate content",
    Category.SELF_HARM: "Self-harm promotion",
    Category.SCAMS: "Scams and phishing",
    Category.SPAM: "Spam and platform manipulation",
    Category.IMPERSONATION: "Impersonation",
    Category.PRIVATE_INFORMATION: "Private information",
    Category.INTELLECTUAL_PROPERTY: "Intellectual property",
    Category.ILLEGAL_GOODS: "Illegal goods",
    Category.ADULT_CONTENT: "Adult content without a warning",
}
ACTIONS = {
    Action.NO_ACTION: "No action",
    Action.LABEL: "A label or context on the post",
    Action.SCREEN: "Media behind a warning",
    Action.LIMIT: "Fewer interactions",
    Action.UNLIST: "Out of public timelines",
    Action.QUARANTINE: "The post is withheld",
    Action.PAUSE: "Posting is paused for a time",
    Action.SUSPEND: "The account is suspended",
}
STEPS = {
    **{Step(action): words for action, words in ACTIONS.items()},
    Step.HOLD: "Held for a person to look at",
}
REPORTERS = {
    By.MEMBER: "a member",
    By.VISITOR: "a visitor",
    By.FLAGGER: "a trusted flagger",
}
REASONS = {
    Reason.SPAM: "spam",
    Reason.LEGAL: "illegal",
    Reason.VIOLATION: "breaks a rule",
    Reason.OTHER: "something else",
}

ORDERS = {
    Order.ACT: "to act against something",
    Order.INFORM: "for information about somebody",
    Order.OTHER: "something else",
}
BODIES = {
    Body.COURT: "a court",
    Body.PROSECUTOR: "a public prosecutor",
    Body.POLICE: "police",
    Body.REGULATOR: "a regulator",
    Body.ADMINISTRATION: "an administration",
    Body.OTHER: "another body",
}
OUTCOMES = {
    Outcome.GIVEN: "given as asked",
    Outcome.NARROWED: "narrowed, then given",
    Outcome.REFUSED: "refused",
}
GIVEN = {
    Data.HANDLE: "the handle",
    Data.POST_LINKS: "addresses of posts",
    Data.POST_TEXT: "texts of posts",
    Data.MEDIA: "media of posts",
    Data.PROFILE: "the public profile",
    Data.EMAIL: "the e-mail address",
    Data.SIGN_INS: "addresses of sign-ins",
}
DANGERS = {
    Danger.SELF_HARM: "Somebody may take their own life",
    Danger.VIOLENCE: "Somebody may be killed or hurt",
    Danger.SEXUAL_EXPLOITATION: "A child is being exploited",
    Danger.OTHER: "Another danger to life",
}
RESULTS = {
    Result.UPHELD: "the decision stands",
    Result.REVERSED: "the decision was reversed",
    Result.PARTLY: "reversed in part",
    Result.NONE: "ended without an outcome",
}


def harm_words(harm: str) -> str:
    """What a case's harm is called, where one is named."""
    return CATEGORIES[Category(harm)] if harm else "No harm named"
