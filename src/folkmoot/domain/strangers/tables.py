"""notification_policies and notification_permissions."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, table

notification_policies = table(
    "notification_policies",
    sa.Column("account_id", Id, primary_key=True, autoincrement=False),
    sa.Column("for_not_following", sa.Text, nullable=False),
    sa.Column("for_not_followers", sa.Text, nullable=False),
    sa.Column("for_new_accounts", sa.Text, nullable=False),
    sa.Column("for_private_mentions", sa.Text, nullable=False),
    sa.Column("for_limited_accounts", sa.Text, nullable=False),
    sa.Column("for_bots", sa.Text, nullable=False),
)

# Whose request was accepted: their notifications pass whatever the policy says.
notification_permissions = table(
    "notification_permissions",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("from_id", Id, primary_key=True),
    sa.Index("notification_permissions_from", "from_id"),
)
