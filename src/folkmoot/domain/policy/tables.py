"""Versions with their rules and documents, none of which ever changes; who accepted which."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

policy_versions = table(
    "policy_versions",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("published_at", Moment, nullable=False),
    sa.Column("effective_from", Moment, nullable=False),
    sa.Column("grace_until", Moment),
    sa.Column("after_grace", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("announcement_id", Id),
)

policy_rules = table(
    "policy_rules",
    sa.Column("version_id", Id, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("rule_id", Id, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)

policy_documents = table(
    "policy_documents",
    sa.Column("version_id", Id, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

policy_acceptances = table(
    "policy_acceptances",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("version_id", Id, primary_key=True),
    sa.Column("accepted_at", Moment, nullable=False),
    sa.Index("policy_acceptances_version", "version_id", "account_id"),
)
