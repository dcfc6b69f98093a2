"""legal_requests, referrals and disputes. That two agreed, and that silence ends, is held by the
database.
"""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

IS_TO_BE_ANSWERED = sa.text("legal_requests.state IN ('open', 'proposed')")
IS_REQUEST_UNTOLD = sa.text(
    "legal_requests.state = 'agreed' AND legal_requests.told_at IS NULL "
    "AND legal_requests.tell_at IS NOT NULL"
)
IS_REFERRAL_PROPOSED = sa.text("referrals.state = 'proposed'")
IS_REFERRAL_UNTOLD = sa.text(
    "referrals.state = 'agreed' AND referrals.told_at IS NULL AND referrals.account_id IS NOT NULL"
)

legal_requests = table(
    "legal_requests",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("order_kind", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("country", sa.Text, nullable=False),
    sa.Column("authority", sa.Text, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("asked", sa.Text, nullable=False),
    sa.Column("account_id", Id),
    sa.Column("items", sa.Integer, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("confirmed_at", Moment),
    sa.Column("noted_by", Id),
    sa.Column("noted_at", Moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("effective_at", Moment),
    sa.Column("tell_at", Moment),
    sa.Column("not_told_because", sa.Text, nullable=False),
    sa.Column("proposer", sa.Text, nullable=False),
    sa.Column("proposed_by", Id),
    sa.Column("seconder", sa.Text, nullable=False),
    sa.Column("seconded_by", Id),
    sa.Column("answered_at", Moment),
    sa.Column("told_at", Moment),
    sa.CheckConstraint(
        "state <> 'agreed' OR (proposer <> '' AND seconder <> '' AND seconder <> proposer "
        "AND outcome <> '' AND answered_at IS NOT NULL)",
        name="two_agree",
    ),
    sa.CheckConstraint("state = 'open' OR proposer <> ''", name="proposed"),
    sa.CheckConstraint(
        "state <> 'agreed' OR account_id IS NULL OR tell_at IS NOT NULL", name="silence_ends"
    ),
    sa.Index("legal_requests_account", "account_id", "id"),
    sa.Index("legal_requests_noted_by", "noted_by"),
    sa.Index("legal_requests_proposed_by", "proposed_by"),
    sa.Index("legal_requests_seconded_by", "seconded_by"),
)

referrals = table(
    "referrals",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("account_id", Id),
    sa.Column("danger", sa.Text, nullable=False),
    sa.Column("country", sa.Text, nullable=False),
    sa.Column("told", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("proposer", sa.Text, nullable=False),
    sa.Column("proposed_by", Id),
    sa.Column("proposed_at", Moment, nullable=False),
    sa.Column("seconder", sa.Text, nullable=False),
    sa.Column("seconded_by", Id),
    sa.Column("decided_at", Moment),
    sa.Column("tell_at", Moment, nullable=False),
    sa.Column("told_at", Moment),
    sa.CheckConstraint("proposer <> '' AND data <> '[]'", name="proposed"),
    sa.CheckConstraint(
        "state <> 'agreed' OR (seconder <> '' AND seconder <> proposer AND decided_at IS NOT NULL)",
        name="two_agree",
    ),
    sa.Index("referrals_account", "account_id", "id"),
    sa.Index("referrals_proposed_by", "proposed_by"),
    sa.Index("referrals_seconded_by", "seconded_by"),
)

disputes = table(
    "disputes",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("decision_id", Id, nullable=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("filed_at", Moment, nullable=False),
    sa.Column("ended_at", Moment, nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("implemented", sa.Boolean, nullable=False),
    sa.Column("recorder", sa.Text, nullable=False),
    sa.Column("recorded_by", Id),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.CheckConstraint("recorder <> '' AND ended_at >= filed_at", name="recorded"),
    sa.Index("disputes_decision", "decision_id", "id"),
    sa.Index("disputes_account", "account_id"),
    sa.Index("disputes_recorded_by", "recorded_by"),
)


def _partial(of: sa.Table, name: str, *columns: str, where: sa.TextClause) -> None:
    bare = sa.text(where.text.replace(f"{of.name}.", ""))
    sa.Index(name, *(of.c[c] for c in columns), sqlite_where=bare, postgresql_where=bare)


_partial(legal_requests, "legal_requests_waiting", "received_at", "id", where=IS_TO_BE_ANSWERED)
_partial(legal_requests, "legal_requests_untold", "tell_at", where=IS_REQUEST_UNTOLD)
_partial(referrals, "referrals_waiting", "proposed_at", "id", where=IS_REFERRAL_PROPOSED)
_partial(referrals, "referrals_untold", "tell_at", where=IS_REFERRAL_UNTOLD)
