"""What a leaf of the public log may say. Every kind is a struct; unknown fields are refused, texts
are codes or the names of public things, so that no personal data has a place here.

A field keeps its meaning for ever: a changed meaning is a new field or kind. Fields with their
default are left out of the leaf.
"""

import hmac
from base64 import b32encode
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, get_args

import msgspec
import rfc8785
from msgspec import Meta

from folkmoot.kit import clock
from folkmoot.kit.errors import Conflict, Forbidden, Invalid, NotFound
from folkmoot.kit.tlog.tiles import MAX_ENTRY_BYTES

MAX_CODES = 2_000
SALT_BYTES = 32


class EntryInvalid(Invalid):
    """This does not fit the public log: {why}"""


class EntryNotFound(NotFound):
    """The public log has no such entry"""


class NotSignedYet(Conflict):
    """This entry is not in a signed tree yet; it will be within a minute"""


class KeysUnreadable(Conflict):
    """The keys of the public log do not open with secrets.secret_key as it is now"""


class StoreAhead(Conflict):
    """The files hold a log of {published} entries, the database {signed}: folkmoot log recover"""


class StoreDiffers(Conflict):
    """The log of {published} entries in the files is another one: to sign more would be a fork"""


class PublishedBroken(Conflict):
    """log/published among the files cannot be read: folkmoot rebuild log writes it anew"""


class OriginUnknown(NotFound):
    """This server is no witness of that log"""


class NotSignedByLog(Forbidden):
    """The checkpoint is not signed by the log's key"""


class RequestBroken(Invalid):
    """The request cannot be read: {why}"""


class OldSizeDiffers(Conflict):
    """The newest checkpoint seen here has {size} entries"""


class NotConsistent(Invalid):
    """The checkpoint does not continue the one seen before"""


def _text(pattern: str, about: str) -> Meta:
    # Python's $ would let a final newline pass.
    return Meta(pattern=f"^{pattern}$(?!\\n)", description=about)


Code = Annotated[
    str, _text(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}", "A code of this service, or of a standard.")
]
Day = Annotated[str, _text(r"\d{4}-\d{2}-\d{2}", "A day, UTC.")]
Moment = Annotated[str, _text(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", "A moment, UTC.")]
Sha256 = Annotated[str, _text(r"[0-9a-f]{64}", "A SHA-256 hash, in hexadecimal.")]
Pseudonym = Annotated[
    str, _text(r"r-[a-z2-7]{16}", "A member of the team: always the same, never the name.")
]
Country = Annotated[str, _text(r"[A-Z]{2}", "ISO 3166-1 alpha-2.")]
Language = Annotated[str, _text(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", "BCP 47.")]
Label = Annotated[
    str, _text(r"[^\x00-\x1f\x7f@]{1,200}", "Name of something public: a body, a list, a report.")
]
WebAddress = Annotated[str, _text(r"https?://[!-?A-~]{1,500}", "An address on the web.")]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Codes = Annotated[tuple[Code, ...], Meta(max_length=MAX_CODES)]

Restriction = Literal[
    "visibility-removed",
    "visibility-disabled",
    "visibility-demoted",
    "visibility-age-restricted",
    "visibility-interaction-restricted",
    "visibility-labelled",
    "visibility-other",
    "monetary-suspension",
    "monetary-termination",
    "monetary-other",
    "service-partial-suspension",
    "service-total-suspension",
    "service-partial-termination",
    "service-total-termination",
    "account-suspended",
    "account-terminated",
]
"""The restrictions that the EU transparency database and the harmonised report tell apart."""


About = Literal["visibility", "monetary", "service", "account", "no-action", "no-action-flagger"]
"""What a complaint is about: which kind of restriction, or that nothing was done about a report, of
a trusted flagger or anybody else."""


class Part(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A part of an entry."""


class Entry(Part, frozen=True, tag_field="kind"):
    """What a leaf says. Each kind says in `title` what it is in plain words."""

    title: ClassVar[str]


class Hashed(Part, frozen=True):
    """Something published elsewhere, by its name and the hash of its text."""

    name: Code
    sha256: Sha256


class PolicyVersion(Entry, frozen=True, tag="policy"):
    """A version of what binds was published: its rules by code (each hashed as canonical JSON) and
    its documents (Markdown), as `/log/policy/<version>` shows them."""

    title = "Policy version"

    version: Count
    effective_on: Day
    rules: Annotated[tuple[Hashed, ...], Meta(min_length=1, max_length=200)]
    documents: Annotated[tuple[Hashed, ...], Meta(max_length=10)] = ()
    grace_until: Day | None = None
    after_grace: Code | None = None


class DetectorChange(Entry, frozen=True, tag="detector"):
    """A detector changed its state. Without `by` it changed by itself. Of a sample of what it
    matched, `sample_right` were matched rightly."""

    title = "Detector change"

    code: Code
    event: Literal["drafted", "tested", "shadowed", "activated", "fell-back", "retired"]
    version: Count
    rule: Code
    effect: Literal["case", "label", "screen", "slow", "hold"]
    source_sha256: Sha256
    by: Pseudonym | None = None
    matched: Count = 0
    sample: Count = 0
    sample_right: Count = 0


class DetectorAccuracy(Entry, frozen=True, tag="accuracy"):
    """What became of a detector's matches in a period (harmonised report, part 8): how many were
    decided on, how many of these needed no action, and in a random sample of what it did not
    match, how many it should have."""

    title = "Accuracy of a detector"

    code: Code
    from_on: Day
    to_on: Day
    decided: Count
    needed_nothing: Count
    overturned: Count = 0
    sample: Count = 0
    sample_missed: Count = 0


class Notice(Entry, frozen=True, tag="notice"):
    """A report was received (harmonised report, part 4)."""

    title = "Report received"

    code: Code
    received_at: Moment
    source: Literal["article-16", "trusted-flagger", "other"]
    category: Code
    keyword: Code | None = None
    items: Count = 1
    flagger: Code | None = None
    country: Country | None = None


class Answer(Entry, frozen=True, tag="answer"):
    """Reports were answered by a decision; more reports than fit are answered in further leaves."""

    title = "Reports answered"

    decision: Code
    notices: Annotated[tuple[Code, ...], Meta(min_length=1, max_length=MAX_CODES)]
    answered_at: Moment


class Measure(Part, frozen=True):
    """One restriction; without `until` it holds until it is lifted, to be reviewed on a day."""

    restriction: Restriction
    step: Code
    until: Moment | None = None
    review_on: Day | None = None


class Decision(Entry, frozen=True, tag="decision"):
    """A case was decided; without measures nothing was done. `code` is the PUID in the EU
    transparency database, and the other fields are those of a statement of reasons."""

    title = "Decision"

    code: Code
    case: Code
    decided_at: Moment
    category: Code
    source: Literal["article-16", "trusted-flagger", "other-notification", "voluntary"]
    automated_detection: bool
    automated_decision: Literal["fully", "partially", "not"]
    received_at: Moment
    by: Pseudonym | None = None
    seconded_by: Pseudonym | None = None
    measures: Annotated[tuple[Measure, ...], Meta(max_length=20)] = ()
    ground: Literal["illegal", "incompatible"] | None = None
    rule: Code | None = None
    policy_version: Code | None = None
    keywords: Annotated[tuple[Code, ...], Meta(max_length=20)] = ()
    further_categories: Annotated[tuple[Code, ...], Meta(max_length=20)] = ()
    detectors: Codes = ()
    content_types: Annotated[tuple[Code, ...], Meta(max_length=10)] = ()
    content_on: Day | None = None
    content_language: Language | None = None
    territory: Annotated[tuple[Country, ...], Meta(max_length=60)] = ()
    account_type: Literal["business", "private"] | None = None
    flagger: Code | None = None
    items: Count = 1


class Complaint(Entry, frozen=True, tag="complaint"):
    """A complaint against a decision came in (harmonised report, part 7); `appeal` says how it was
    decided, under the same code."""

    title = "Appeal filed"

    code: Code
    decision: Code
    by: Literal["author", "reporter"]
    filed_at: Moment
    about: About
    case: Code | None = None


class Appeal(Entry, frozen=True, tag="appeal"):
    """A complaint against a decision was decided (harmonised report, part 7). `independent` is
    false only where no other reviewer exists, which the case says in public."""

    title = "Appeal decided"

    code: Code
    decision: Code
    by: Literal["author", "reporter"]
    filed_at: Moment
    decided_at: Moment
    outcome: Literal["upheld", "reversed", "partly-reversed", "omitted", "withdrawn"]
    decided_by: Pseudonym
    independent: bool = True


class Reversal(Entry, frozen=True, tag="reversal"):
    """A decision was undone, and what it restricted was restored."""

    title = "Reversal"

    decision: Code
    reversed_at: Moment
    because: Literal["appeal", "dispute", "court", "own-review", "detector-error"]
    appeal: Code | None = None
    by: Pseudonym | None = None
    restored: Annotated[tuple[Restriction, ...], Meta(max_length=20)] = ()


class Dispute(Entry, frozen=True, tag="dispute"):
    """An out-of-court dispute about a decision ended."""

    title = "Out-of-court dispute"

    code: Code
    decision: Code
    body: Label
    filed_at: Moment
    ended_at: Moment
    outcome: Literal["upheld", "reversed", "partly-reversed", "no-outcome"]
    implemented: bool


class Misuse(Entry, frozen=True, tag="misuse"):
    """Somebody was suspended, after a warning, for repeated misuse (DSA, Article 23)."""

    title = "Suspension for misuse"

    code: Code
    of: Literal["unfounded-notices", "unfounded-complaints", "illegal-content"]
    warned_at: Moment
    from_at: Moment
    until: Moment
    by: Pseudonym


class ListImport(Entry, frozen=True, tag="list-import"):
    """A matching list was imported, or an import was undone."""

    title = "List import"

    code: Code
    name: Label
    event: Literal["imported", "undone"]
    holds: Literal["domains", "links", "words", "media-hashes"]
    added: Count
    removed: Count
    total: Count
    content_sha256: Sha256
    source: WebAddress | None = None
    by: Pseudonym | None = None


class LegalRequest(Entry, frozen=True, tag="legal-request"):
    """A request of an authority was answered (harmonised report, part 3): by which kind of `body`,
    which `data` was given, and, where the member is not told yet, why not and on which day they
    are."""

    title = "Legal request"

    code: Code
    order: Literal["to-act", "to-inform", "other"]
    country: Country
    authority: Label
    basis: Label
    category: Code
    outcome: Literal["given", "narrowed", "refused"]
    received_at: Moment
    answered_at: Moment
    agreed_by: Annotated[tuple[Pseudonym, ...], Meta(min_length=2, max_length=2)]
    member_told: bool
    not_told_because: Label | None = None
    confirmed_at: Moment | None = None
    effective_at: Moment | None = None
    items: Count = 0
    accounts: Count = 0
    body: Code | None = None
    data: Annotated[tuple[Code, ...], Meta(max_length=20)] = ()
    told_on: Day | None = None


class Referral(Entry, frozen=True, tag="referral"):
    """A life was at risk, and two people agreed to tell those who can help (DSA, Article 18)."""

    title = "Life-at-risk referral"

    code: Code
    referred_at: Moment
    country: Country
    category: Code
    data: Annotated[tuple[Code, ...], Meta(max_length=20)]
    agreed_by: Annotated[tuple[Pseudonym, ...], Meta(min_length=2, max_length=2)]


class PublishedReport(Entry, frozen=True, tag="report"):
    """A transparency report was published. What it says that no other entry does stands here: whose
    it is, and how many were reached in an average month."""

    title = "Published report"

    code: Code
    name: Label
    from_on: Day
    to_on: Day
    files: Annotated[tuple[Hashed, ...], Meta(min_length=1, max_length=50)]
    monthly_recipients: Count | None = None
    service: Label | None = None
    provider: Label | None = None


class TrustedFlagger(Entry, frozen=True, tag="trusted-flagger"):
    """An organisation was awarded the status of a trusted flagger, or lost it."""

    title = "Trusted flagger"

    code: Code
    organisation: Label
    event: Literal["awarded", "suspended", "revoked"]
    on: Day
    by: Pseudonym | None = None
    awarded_by: Label | None = None


AnyEntry = (
    PolicyVersion
    | DetectorChange
    | DetectorAccuracy
    | Notice
    | Answer
    | Decision
    | Complaint
    | Appeal
    | Reversal
    | Dispute
    | Misuse
    | ListImport
    | LegalRequest
    | Referral
    | PublishedReport
    | TrustedFlagger
)
KINDS: dict[str, type[Entry]] = {kind.__struct_config__.tag: kind for kind in get_args(AnyEntry)}


class Leaf(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A leaf of the tree as canonical JSON (RFC 8785) holds it: when it was recorded, what it
    says, and, where something private belongs to it, the commitment to that."""

    v: Literal[1]
    at: Moment
    entry: AnyEntry
    commitment: Sha256 | None = None


class Recorded(msgspec.Struct, frozen=True):
    """What a leaf's writer keeps: its position in the log, and the salt of its commitment in
    hexadecimal, empty where it has none."""

    position: int
    salt: str = ""


class LogEntry(msgspec.Struct, frozen=True):
    """A row of log_entries, in the table's order; `leaf` is canonical JSON."""

    position: int
    kind: str
    recorded_at: int
    leaf: str
    hash: str

    @property
    def content(self) -> Leaf:
        return msgspec.json.decode(self.leaf, type=Leaf)


class Opening(msgspec.Struct, frozen=True):
    """A row of log_openings: what opens a leaf's commitment. `private` is canonical JSON."""

    position: int
    account_id: int | None
    salt: str
    private: str


class MonthCount(msgspec.Struct, frozen=True):
    """How many entries of a kind a month has; the month as `2026-11`."""

    month: str
    kind: str
    entries: int


class Figure(msgspec.Struct, frozen=True):
    """How often a month's entries say something: `what` of a `name`, such as a rule's code."""

    month: str
    what: str
    name: str
    entries: int


class Signed(msgspec.Struct, frozen=True):
    """A row of log_checkpoints: a state of the log that was signed."""

    size: int
    root: str
    note: str
    signed_at: int


def encode_leaf(entry: Entry, *, at: int, commitment: str | None = None) -> bytes:
    """The leaf's bytes. EntryInvalid when a field is not as its type says, or all is too long."""
    try:
        found = msgspec.convert(msgspec.to_builtins(entry), type=AnyEntry)
    except msgspec.ValidationError as error:
        raise EntryInvalid(why=str(error)) from error
    leaf = Leaf(v=1, at=moment(at), entry=found, commitment=commitment)
    raw = canonical(leaf)
    if len(raw) > MAX_ENTRY_BYTES:
        raise EntryInvalid(why=f"it is {len(raw)} bytes long, of at most {MAX_ENTRY_BYTES}")
    return raw


def canonical(value: Any) -> bytes:
    """A struct or plain value as JSON in the one form of RFC 8785. EntryInvalid if it has none."""
    try:
        return rfc8785.dumps(msgspec.to_builtins(value))
    except rfc8785.CanonicalizationError as error:
        raise EntryInvalid(why=str(error)) from error


def moment(at: int) -> str:
    """Milliseconds since the epoch as leaves write moments, to the second."""
    return clock.iso(at)[:19] + "Z"


def pseudonym_of(key: bytes, account_id: int) -> str:
    """A reviewer's name in the log: whoever lacks the key cannot tell whose it is."""
    digest = hmac.digest(key, str(account_id).encode(), "sha256")
    return "r-" + b32encode(digest[:10]).decode().lower()


# Fields by whose value an entry can be found.
_FOUND_BY = frozenset(
    {"code", "case", "decision", "rule", "category", "appeal", "flagger", "policy_version", "by"}
    | {"rules", "seconded_by", "decided_by", "agreed_by", "detectors", "keywords", "notices"}
    | {"country"}
)


def terms_of(entry: Entry) -> Iterator[str]:
    """The words by which an entry is found, in lower case, each once."""
    seen: set[str] = set()
    for name, value in msgspec.structs.asdict(entry).items():
        if name in _FOUND_BY and value is not None:
            for each in value if isinstance(value, tuple) else (value,):
                term = str(each.name if isinstance(each, Hashed) else each).lower()
                if term not in seen:
                    seen.add(term)
                    yield term


STEP, RULE, DETECTOR, TOOK, APPEAL = "step", "rule", "detector", "took", "appeal"
UNDONE_RULE, UNDONE_DETECTOR = "undone-rule", "undone-detector"
_TIMES = (("hour", clock.HOUR), ("four-hours", 4 * clock.HOUR), ("day", clock.DAY))
TIMES = (*(name for name, _ in _TIMES), "three-days", "longer")


def figures_of(entry: Entry, decided: Decision | None = None) -> Iterator[tuple[str, str]]:
    """What is counted of an entry, as `what` and `name`; `decided` is the decision that it undoes.
    What a detector did without a person took no time that would say anything.
    """
    if isinstance(entry, Appeal):
        yield APPEAL, entry.outcome
    elif isinstance(entry, Reversal) and decided is not None:
        yield from ((UNDONE_DETECTOR, name) for name in decided.detectors)
        if decided.rule is not None:
            yield UNDONE_RULE, decided.rule
    elif isinstance(entry, Decision):
        yield from ((STEP, name) for name in [m.step for m in entry.measures] or ["no-action"])
        if entry.measures:
            yield from ((DETECTOR, name) for name in entry.detectors)
            if entry.rule is not None:
                yield RULE, entry.rule
        if entry.automated_decision != "fully":
            yield TOOK, took(clock.from_iso(entry.decided_at) - clock.from_iso(entry.received_at))


def took(lasted: int) -> str:
    """Which of TIMES a time in milliseconds fits in."""
    bounds = (*_TIMES, ("three-days", 3 * clock.DAY))
    return next((name for name, most in bounds if lasted <= most), "longer")


def month_of(at: int) -> str:
    return clock.iso_day(at)[:7]
