"""What categories of harm and steps of the ladder are called on pages."""

from folkmoot.domain.policy.model import Action, Category

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
