"""Every setting there is: its name, type, default, bounds and one sentence about it.

Plain frozen data. Where values come from (file, environment) is `settings_sources`.
An empty string means "not set". Sizes are bytes; names say other units.
"""

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

_RATE = re.compile(r"(?P<count>\d+)/(?P<many>\d*)(?P<unit>s|min|h|d)")
_UNIT_S = {"s": 1, "min": 60, "h": 3_600, "d": 86_400}
MIB = 1024 * 1024


class Rate:
    """So many within a window, written `300/5min`, `30/h`, `400/d`."""

    __slots__ = ("count", "text", "window_s")

    def __init__(self, text: str) -> None:
        match = _RATE.fullmatch(text)
        if match is None or int(match["count"]) < 1 or match["many"] == "0":
            raise ValueError(text)
        self.text = text
        self.count = int(match["count"])
        self.window_s = int(match["many"] or 1) * _UNIT_S[match["unit"]]

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Rate({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rate) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


def about(sentence: str, *, secret: bool = False, **bounds: Any) -> Meta:
    """What a setting is for, with its bounds (`ge`, `le`, `min_length`, …)."""
    return Meta(description=sentence, extra={"secret": secret}, **bounds)


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table of the settings file. A section's docstring introduces it in the reference."""


class Server(Section, frozen=True):
    """Where the server listens and how the outside world reaches it."""

    base_url: Annotated[
        str,
        about("Address by which people reach this server; its host is the domain of its accounts."),
    ] = "http://127.0.0.1:8080"
    host: Annotated[str, about("Address to listen on.", min_length=1)] = "127.0.0.1"
    port: Annotated[int, about("Port to listen on.", ge=1, le=65_535)] = 8080
    workers: Annotated[
        int, about("Serving processes. More than one needs PostgreSQL and Redis.", ge=1, le=256)
    ] = 1
    trusted_proxies: Annotated[
        tuple[str, ...],
        about("Addresses or networks of proxies whose X-Forwarded-For is believed."),
    ] = ()
    tls_cert: Annotated[str, about("PEM file with the certificate chain, to serve TLS itself.")] = (
        ""
    )
    tls_key: Annotated[str, about("PEM file with the certificate's private key.")] = ""

    @property
    def domain(self) -> str:
        """Host, with the port where it is not the scheme's own, as account addresses show it."""
        return urlsplit(self.base_url).netloc

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https://")


class Instance(Section, frozen=True):
    """Who runs this service, and what visitors read about it."""

    title: Annotated[str, about("Name of the service.", min_length=1, max_length=120)] = "Folkmoot"
    short_description: Annotated[str, about("One or two plain sentences.", max_length=500)] = ""
    description: Annotated[str, about("A longer description; Markdown.")] = ""
    languages: Annotated[
        tuple[str, ...], about("Languages the team works in, as ISO 639-1 codes.", min_length=1)
    ] = ("en",)
    contact_account: Annotated[str, about("User name of the account members may write to.")] = ""
    contact_email: Annotated[str, about("Contact point for members and visitors.")] = ""
    authority_email: Annotated[str, about("Contact point for authorities.")] = ""
    operator_name: Annotated[str, about("Person or organisation legally responsible.")] = ""
    operator_address: Annotated[str, about("Postal address of the operator.")] = ""
    operator_phone: Annotated[str, about("Telephone number of the operator.")] = ""
    registrations: Annotated[
        tuple[str, ...], about("Registrations and licence numbers, as they should be shown.")
    ] = ()
    dispute_bodies: Annotated[
        tuple[str, ...],
        about(
            "Certified bodies that settle disputes out of court, each as `name https://address`."
        ),
    ] = ()
    source_url: Annotated[
        str, about("Where the source code of the running version is offered (AGPL, section 13).")
    ] = ""


class DatabaseSettings(Section, frozen=True):
    """Where everything is stored."""

    url: Annotated[
        str,
        about(
            "`sqlite:///path` (relative to the settings file) or "
            "`postgresql://user:password@host/name`.",
            secret=True,
        ),
    ] = "sqlite:///var/folkmoot.db"
    readers: Annotated[int, about("SQLite: connections that read at once.", ge=1, le=64)] = 4
    pool_size: Annotated[int, about("PostgreSQL: connections of each process.", ge=1, le=200)] = 8
    busy_timeout_s: Annotated[
        float, about("SQLite: how long to wait for another process's lock.", gt=0, le=120)
    ] = 10.0


class RedisSettings(Section, frozen=True):
    """Lets several processes act as one: streaming wakes and rate limits."""

    url: Annotated[
        str, about("`redis://host:port/0`; empty: everything stays in process.", secret=True)
    ] = ""
    prefix: Annotated[str, about("Prefix of every key and channel.")] = "folkmoot:"


class Media(Section, frozen=True):
    """Where pictures, videos and sounds are kept, and how large they may be."""

    backend: Annotated[Literal["local", "s3"], about("A local folder or an S3 store.")] = "local"
    folder: Annotated[Path, about("Folder of the local backend.")] = Path("var/media")
    s3_endpoint: Annotated[str, about("S3 endpoint; empty: the region's own.")] = ""
    s3_bucket: Annotated[str, about("S3 bucket.")] = ""
    s3_region: Annotated[str, about("S3 region.")] = "us-east-1"
    s3_access_key: Annotated[str, about("S3 access key.", secret=True)] = ""
    s3_secret_key: Annotated[str, about("S3 secret key.", secret=True)] = ""
    public_url: Annotated[
        str, about("Address media are linked under; empty: this server's own.")
    ] = ""
    image_bytes: Annotated[int, about("Largest picture.", ge=1)] = 16 * MIB
    image_pixels: Annotated[int, about("Most pixels of a picture.", ge=1)] = 33_177_600
    video_bytes: Annotated[int, about("Largest video or sound.", ge=1)] = 99 * MIB
    video_pixels: Annotated[int, about("Most pixels of a video frame.", ge=1)] = 8_294_400
    video_frame_rate: Annotated[int, about("Most frames a second.", ge=1)] = 120
    duration_s: Annotated[int, about("Longest video or sound.", ge=1)] = 3_600
    avatar_bytes: Annotated[int, about("Largest avatar or header.", ge=1)] = 8 * MIB
    emoji_bytes: Annotated[int, about("Largest custom emoji.", ge=1)] = 256 * 1024
    processing_s: Annotated[int, about("Processor time one file may take.", ge=1)] = 300
    processing_memory: Annotated[
        int, about("Address space one file's processing may take; real memory is less.", ge=MIB)
    ] = 3072 * MIB


class Mail(Section, frozen=True):
    """How mail is sent. Without a host it is written to a folder, and the log says where."""

    host: Annotated[str, about("SMTP server; empty: mail goes to the folder.")] = ""
    port: Annotated[int, about("SMTP port.", ge=1, le=65_535)] = 587
    tls: Annotated[
        Literal["starttls", "tls", "none"],
        about("STARTTLS (usually 587), TLS from the start (465), or none."),
    ] = "starttls"
    user: Annotated[str, about("SMTP user; empty: no authentication.")] = ""
    password: Annotated[str, about("SMTP password.", secret=True)] = ""
    sender: Annotated[str, about("From address; empty: noreply at this server's host.")] = ""
    reply_to: Annotated[str, about("Reply-To address; empty: none.")] = ""
    timeout_s: Annotated[float, about("Patience with the SMTP server.", gt=0, le=300)] = 20.0
    folder: Annotated[Path, about("Folder for mail that is not sent by SMTP.")] = Path("var/mail")


class Registration(Section, frozen=True):
    """Who may open an account."""

    mode: Annotated[
        Literal["open", "approval", "invitation", "closed"],
        about("Open to all, by approval of the team, by invitation, or closed."),
    ] = "approval"
    min_age: Annotated[int, about("Age a new member must confirm; 0: not asked.", ge=0, le=99)] = 16
    confirm_email: Annotated[bool, about("Whether a new member's e-mail must be confirmed.")] = True
    reason_required: Annotated[bool, about("By approval: whether a reason must be given.")] = True
    blocked_email_domains: Annotated[
        tuple[str, ...], about("E-mail domains (with their subdomains) that may not sign up.")
    ] = ()
    reserved_names: Annotated[
        tuple[str, ...], about("User names nobody may take, besides the built-in ones.")
    ] = ()
    invitation_days: Annotated[int, about("How long an invitation is valid.", ge=1)] = 7


class Policy(Section, frozen=True):
    """How new versions of the rules, the terms and the privacy policy come to bind."""

    notice_days: Annotated[
        int, about("Whole days between a version's publication and its effect.", ge=0, le=365)
    ] = 14
    grace_days: Annotated[
        int, about("Days from its effect in which members of before can accept it.", ge=1, le=730)
    ] = 90
    after_grace: Annotated[
        Literal["pause-posting", "nothing"],
        about(
            "What follows without acceptance: posting pauses until then (all else goes on), or "
            "nothing. Each version states it from its publication."
        ),
    ] = "pause-posting"


class Limits(Section, frozen=True):
    """How much a member may write into one thing."""

    post_chars: Annotated[int, about("Characters of a post with its warning.", ge=1)] = 500
    link_chars: Annotated[int, about("Characters a link counts as.", ge=1)] = 23
    attachments: Annotated[int, about("Media of a post.", ge=0, le=16)] = 4
    alt_chars: Annotated[int, about("Characters of a media description.", ge=0)] = 1_500
    poll_options: Annotated[int, about("Options of a poll.", ge=2, le=20)] = 4
    poll_option_chars: Annotated[int, about("Characters of a poll option.", ge=1)] = 50
    poll_min_s: Annotated[int, about("Shortest poll.", ge=1)] = 300
    poll_max_s: Annotated[int, about("Longest poll.", ge=1)] = 2_629_746
    pinned_posts: Annotated[int, about("Posts pinned to a profile.", ge=0)] = 5
    featured_tags: Annotated[int, about("Tags featured on a profile.", ge=0)] = 10
    display_name_chars: Annotated[int, about("Characters of a display name.", ge=1)] = 30
    bio_chars: Annotated[int, about("Characters of a profile's text.", ge=0)] = 500
    profile_fields: Annotated[int, about("Fields of a profile.", ge=0, le=20)] = 4
    profile_field_chars: Annotated[int, about("Characters of a field's name or value.", ge=1)] = 255
    scheduled_posts: Annotated[int, about("Posts a member may have scheduled.", ge=0)] = 300
    scheduled_posts_per_day: Annotated[int, about("… of them for one day.", ge=0)] = 25
    follows: Annotated[int, about("Accounts one may follow before being followed.", ge=1)] = 7_500
    lists: Annotated[int, about("Lists of a member.", ge=0)] = 50
    filters: Annotated[int, about("Filters of a member.", ge=0)] = 100
    thread_posts: Annotated[int, about("Replies shown of one thread.", ge=20)] = 4_096


class RateLimits(Section, frozen=True):
    """How often something may be done, as `count/window`: `300/5min`, `30/h`, `400/d`."""

    enabled: Annotated[bool, about("Whether rates are limited at all.")] = True
    account: Annotated[Rate, about("Requests by a signed-in account.")] = Rate("1500/5min")
    address: Annotated[Rate, about("Requests from an address without sign-in.")] = Rate("300/5min")
    posts: Annotated[Rate, about("Posts of an account.")] = Rate("300/3h")
    deletions: Annotated[Rate, about("Deletions and un-boosts of an account.")] = Rate("30/30min")
    media: Annotated[Rate, about("Uploads of an account.")] = Rate("30/30min")
    follows: Annotated[Rate, about("Follows by an account.")] = Rate("400/d")
    reports: Annotated[Rate, about("Reports by an account or address.")] = Rate("400/d")
    sign_ups: Annotated[Rate, about("Sign-ups from an address.")] = Rate("5/30min")
    sign_ins: Annotated[Rate, about("Sign-in attempts from an address.")] = Rate("25/5min")
    password_resets: Annotated[Rate, about("Password resets for an account or address.")] = Rate(
        "5/30min"
    )
    apps: Annotated[Rate, about("Applications registered from an address.")] = Rate("60/h")
    search: Annotated[Rate, about("Searches by an account or address.")] = Rate("100/5min")


class Secrets(Section, frozen=True):
    """Keys made by `folkmoot init`. Whoever has them can act as the server."""

    secret_key: Annotated[
        str,
        about("Signs cookies and encrypts what is sensitive; 32 bytes, base64url.", secret=True),
    ] = ""
    vapid_private_key: Annotated[
        str, about("Signs web push (RFC 8292); P-256, raw, base64url.", secret=True)
    ] = ""


class Retention(Section, frozen=True):
    """How long things are kept."""

    unconfirmed_days: Annotated[int, about("Sign-ups that were never confirmed.", ge=1)] = 7
    sign_in_days: Annotated[int, about("Record of sign-ins with their address.", ge=1)] = 90
    session_days: Annotated[int, about("Web sessions without use.", ge=1)] = 60
    unattached_media_hours: Annotated[int, about("Uploads that no post took up.", ge=1)] = 24
    notification_days: Annotated[int, about("Notifications.", ge=7)] = 365
    feed_posts: Annotated[int, about("Posts kept in each home feed.", ge=100)] = 800
    feed_idle_days: Annotated[
        int, about("Feeds of members not seen so long are dropped; rebuilt on return.", ge=1)
    ] = 30
    job_days: Annotated[int, about("Record of jobs that failed and were given up.", ge=0)] = 14


class Portability(Section, frozen=True):
    """Leaving, taking everything along, and bringing it in from elsewhere."""

    deletion_days: Annotated[
        int,
        about("How long a member may undo the deletion of their account; 0: not.", ge=0, le=365),
    ] = 30
    archive_days: Annotated[int, about("How long a packed archive can be fetched.", ge=1)] = 7
    archive_every_days: Annotated[int, about("How often a member may pack one.", ge=0)] = 6
    import_rows: Annotated[int, about("Most lines of a CSV file brought in.", ge=1)] = 20_000
    import_bytes: Annotated[int, about("Largest archive brought in.", ge=MIB)] = 2048 * MIB
    import_unpacked_bytes: Annotated[int, about("Most bytes an archive may unpack to.", ge=MIB)] = (
        8192 * MIB
    )
    import_posts: Annotated[int, about("Most posts of an archive.", ge=1)] = 200_000
    import_post_chars: Annotated[
        int, about("Longest post brought in; older ones may be longer than new ones.", ge=1)
    ] = 20_000


class Jobs(Section, frozen=True):
    """Durable follow-ups: who works on them and how many at once."""

    in_server: Annotated[
        bool, about("Whether the serving process works on jobs; else run `folkmoot worker`.")
    ] = True
    concurrency: Annotated[int, about("Jobs one process works on at once.", ge=1, le=256)] = 8
    batch: Annotated[int, about("Jobs claimed in one transaction.", ge=1, le=500)] = 20
    lease_s: Annotated[
        float, about("After so long without a sign of life, a worker's jobs go to others.", ge=3)
    ] = 60.0
    stop_s: Annotated[
        float,
        about("What a stopping process may take to finish its jobs; the rest goes back.", ge=0),
    ] = 30.0


class Outgoing(Section, frozen=True):
    """How this server fetches from others."""

    connect_timeout_s: Annotated[float, about("Patience for a connection.", gt=0)] = 5.0
    total_timeout_s: Annotated[float, about("Patience for a whole answer.", gt=0)] = 15.0
    max_bytes: Annotated[int, about("Largest answer read.", ge=1_024)] = MIB
    allowed_private: Annotated[
        tuple[str, ...],
        about("Private networks that may be fetched from; by default none, as a defence."),
    ] = ()


class Streaming(Section, frozen=True):
    """Open connections that learn of new things at once."""

    heartbeat_s: Annotated[float, about("Time between signs of life.", gt=0)] = 20.0
    queue: Annotated[int, about("Events a slow client may fall behind before it is cut.", ge=1)] = (
        1_000
    )
    connections: Annotated[int, about("Open connections of one account.", ge=1)] = 50


class Search(Section, frozen=True):
    """What search may cost and find."""

    max_results: Annotated[int, about("Most results of one page.", ge=1, le=200)] = 40
    query_chars: Annotated[int, about("Longest query.", ge=1)] = 500
    public_without_account: Annotated[
        bool, about("Whether visitors without an account may search posts.")
    ] = False


class Discovery(Section, frozen=True):
    """What people who look around are shown; docs/trends.md says how."""

    trends: Annotated[bool, about("Whether trends are computed and shown.")] = True
    trends_review: Annotated[
        bool, about("Whether only what `folkmoot trends allow` let through trends.")
    ] = False
    suggested: Annotated[
        tuple[str, ...], about("User names of accounts the team suggests to follow.")
    ] = ()


class Transparency(Section, frozen=True):
    """The public log's witnesses; docs/public-log.md says what they are."""

    witnesses: Annotated[
        tuple[str, ...],
        about("Who cosigns our log: `verifier-key address`, the address without /add-checkpoint."),
    ] = ()
    witness_for: Annotated[
        tuple[str, ...], about("Verifier keys of the logs that this server is a witness of.")
    ] = ()


class Disclosure(Section, frozen=True):
    """What the law asks to be published elsewhere: reasons of decisions, and how many are reached.

    Nothing is sent before an address and a token are given.
    """

    eu_url: Annotated[
        str,
        about(
            "The EU transparency database's API, such as "
            "`https://transparency.dsa.ec.europa.eu/api/v1`; empty: nothing is sent."
        ),
    ] = ""
    eu_token: Annotated[str, about("The token it gave this service.", secret=True)] = ""
    eu_recipients: Annotated[
        int, about("Average monthly active recipients in the EU; 0: not stated.", ge=0)
    ] = 0

    @property
    def sends(self) -> bool:
        """Whether statements of reasons are sent."""
        return bool(self.eu_url and self.eu_token)


class Detection(Section, frozen=True):
    """Detectors, which look at what is written; docs/policy-language.md describes them."""

    shadow_hours: Annotated[
        int, about("How long a detector runs in shadow before it may act.", ge=1, le=24 * 90)
    ] = 48


class Quality(Section, frozen=True):
    """How the team finds out how well it reviews: blind second looks, and how far people agree."""

    second_looks: Annotated[
        float, about("Share of closed cases that a second reviewer looks at, blind.", ge=0, le=1)
    ] = 0.05
    publish_from: Annotated[
        int, about("Cases judged by several, from which on agreement on a rule is published.", ge=5)
    ] = 20


class Log(Section, frozen=True):
    """What the log says and how."""

    level: Annotated[Literal["debug", "info", "warning", "error"], about("Least level shown.")] = (
        "info"
    )
    format: Annotated[
        Literal["auto", "console", "json"],
        about("For people, for machines, or by whether the output is a terminal."),
    ] = "auto"
    requests: Annotated[bool, about("Whether each request is logged.")] = False


class Metrics(Section, frozen=True):
    """Prometheus metrics at `/metrics`."""

    enabled: Annotated[bool, about("Whether metrics are collected and served.")] = True
    token: Annotated[
        str, about("Bearer token that may read them; empty: loopback only.", secret=True)
    ] = ""


class Testing(Section, frozen=True):
    """For test suites of clients only. Refused unless base_url and host are loopback and
    FOLKMOOT_TESTING=1 is set."""

    enabled: Annotated[
        bool, about("Password grant, sign-ups confirmed at once, no rate limits.")
    ] = False


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All sections; `Settings()` is the default of everything."""

    server: Server = Server()
    instance: Instance = Instance()
    database: DatabaseSettings = DatabaseSettings()
    redis: RedisSettings = RedisSettings()
    media: Media = Media()
    mail: Mail = Mail()
    registration: Registration = Registration()
    policy: Policy = Policy()
    limits: Limits = Limits()
    rate_limits: RateLimits = RateLimits()
    secrets: Secrets = Secrets()
    retention: Retention = Retention()
    portability: Portability = Portability()
    jobs: Jobs = Jobs()
    outgoing: Outgoing = Outgoing()
    streaming: Streaming = Streaming()
    search: Search = Search()
    discovery: Discovery = Discovery()
    transparency: Transparency = Transparency()
    disclosure: Disclosure = Disclosure()
    detection: Detection = Detection()
    quality: Quality = Quality()
    log: Log = Log()
    metrics: Metrics = Metrics()
    testing: Testing = Testing()

    @property
    def domain(self) -> str:
        """The host, with a port that is not the scheme's own, that accounts' addresses end in."""
        return self.server.base_url.partition("://")[2]
