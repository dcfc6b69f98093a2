"""notifications, their groups, and requests."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

notifications = table(
    "notifications",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("from_id", Id, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("post_id", Id),
    sa.Column("subject_id", Id),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("group_key", sa.Text, nullable=False),
    sa.Column("filtered", sa.SmallInteger, nullable=False),
)

notification_groups = table(
    "notification_groups",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("group_key", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("post_id", Id),
    sa.Column("latest_id", Id, nullable=False),
    sa.Column("oldest_id", Id, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("sample", sa.Text, nullable=False),  # ids of accounts, the last first
    sa.Column("filtered", sa.SmallInteger, nullable=False),
)

# Conditions of partial indexes: a query must repeat them word for word to be served by the index.
IS_SHOWN = sa.text("notifications.filtered = 0")
IS_GROUP_SHOWN = sa.text("notification_groups.filtered = 0")
_where = sa.text("filtered = 0")

_n = notifications.c
sa.Index("notifications_shown", _n.account_id, _n.id, sqlite_where=_where, postgresql_where=_where)
sa.Index("notifications_kind", _n.account_id, _n.filtered, _n.kind, _n.id)
sa.Index("notifications_group", _n.account_id, _n.group_key, _n.id)
sa.Index("notifications_from", _n.from_id, _n.account_id, _n.id)
sa.Index("notifications_post", _n.post_id, _n.kind, _n.from_id)

_g = notification_groups.c
sa.Index(
    "notification_groups_shown",
    _g.account_id,
    _g.latest_id,
    sqlite_where=_where,
    postgresql_where=_where,
)
sa.Index("notification_groups_kind", _g.account_id, _g.filtered, _g.kind, _g.latest_id)
sa.Index("notification_groups_post", _g.post_id)

notification_requests = table(
    "notification_requests",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("from_id", Id, primary_key=True),
    sa.Column("id", Id, nullable=False),
    sa.Column("last_post_id", Id),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Index("notification_requests_account", "account_id", "id"),
    sa.Index("notification_requests_from", "from_id"),
)
