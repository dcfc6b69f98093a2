"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "account_notes",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "target_id", name=op.f("account_notes_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "account_terms",
        sa.Column(
            "term", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint("term", "account_id", name=op.f("account_terms_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "accounts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("username_key", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("note_html", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("avatar", sa.Text(), nullable=False),
        sa.Column("avatar_static", sa.Text(), nullable=False),
        sa.Column("avatar_description", sa.Text(), nullable=False),
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("header_static", sa.Text(), nullable=False),
        sa.Column("header_description", sa.Text(), nullable=False),
        sa.Column("bot", sa.Boolean(), nullable=False),
        sa.Column("group", sa.Boolean(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("discoverable", sa.Boolean(), nullable=False),
        sa.Column("indexable", sa.Boolean(), nullable=False),
        sa.Column("hide_collections", sa.Boolean(), nullable=False),
        sa.Column("memorial", sa.Boolean(), nullable=False),
        sa.Column("show_media", sa.Boolean(), nullable=False),
        sa.Column("show_media_replies", sa.Boolean(), nullable=False),
        sa.Column("show_featured", sa.Boolean(), nullable=False),
        sa.Column("attribution_domains", sa.Text(), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("posts_count", sa.Integer(), nullable=False),
        sa.Column("followers_count", sa.Integer(), nullable=False),
        sa.Column("following_count", sa.Integer(), nullable=False),
        sa.Column("last_post_at", sa.BigInteger(), nullable=True),
        sa.Column("limited_at", sa.BigInteger(), nullable=True),
        sa.Column("suspended_at", sa.BigInteger(), nullable=True),
        sa.Column("screened_at", sa.BigInteger(), nullable=True),
        sa.Column("contact_limited_at", sa.BigInteger(), nullable=True),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.Column("slowed_until", sa.BigInteger(), nullable=True),
        sa.Column(
            "moved_to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("avatar_pdq", sa.Text(), nullable=False),
        sa.Column("header_pdq", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("accounts_pk")),
        sa.UniqueConstraint("username_key", "domain", name="accounts_name"),
    )
    op.create_table(
        "announcement_reactions",
        sa.Column(
            "announcement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "announcement_id", "name", "account_id", name=op.f("announcement_reactions_pk")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "announcement_reads",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "announcement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "announcement_id", name=op.f("announcement_reads_pk")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "announcements",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("announcements_pk")),
    )
    op.create_table(
        "appeals",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column(
            "report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("first_decider", sa.Text(), nullable=False),
        sa.Column("first_seconder", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("decider", sa.Text(), nullable=False),
        sa.Column(
            "decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state = 'open' OR (decider <> '' AND decider <> first_decider AND decider <> first_seconder AND answer <> '' AND decided_at IS NOT NULL)",
            name=op.f("appeals_independent_check"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("appeals_pk")),
        sa.UniqueConstraint("decision_id", "by", "report_id", name="appeals_once"),
    )
    op.create_table(
        "applications",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_secret_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=False),
        sa.Column("redirect_uris", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("applications_pk")),
        sa.UniqueConstraint("client_id", name=op.f("applications_client_id_unique")),
    )
    op.create_table(
        "attachments",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("upload", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("preview", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("blurhash", sa.Text(), nullable=False),
        sa.Column("meta", sa.Text(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "scheduled_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("loose_at", sa.BigInteger(), nullable=True),
        sa.Column("hashes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("attachments_pk")),
    )
    op.create_table(
        "blocks",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "target_id", name=op.f("blocks_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bookmarks",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "post_id", name=op.f("bookmarks_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "card_links",
        sa.Column(
            "post_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("card_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("card_links_pk")),
    )
    op.create_table(
        "cards",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("author_url", sa.Text(), nullable=False),
        sa.Column(
            "author_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("provider_name", sa.Text(), nullable=False),
        sa.Column("provider_url", sa.Text(), nullable=False),
        sa.Column("embed_url", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.Column("image_description", sa.Text(), nullable=False),
        sa.Column("blurhash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=True),
        sa.Column("target", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("cards_pk")),
        sa.UniqueConstraint("key", name=op.f("cards_key_unique")),
    )
    op.create_table(
        "case_hours",
        sa.Column(
            "hour",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("closed_lesser", sa.Integer(), nullable=False),
        sa.Column("closed_serious", sa.Integer(), nullable=False),
        sa.Column("closed_grave", sa.Integer(), nullable=False),
        sa.Column("handled", sa.Integer(), nullable=False),
        sa.Column("handled_s", sa.BigInteger(), nullable=False),
        sa.Column("handled_s2", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hour", name=op.f("case_hours_pk")),
    )
    op.create_table(
        "case_skips",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "reviewer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "reviewer_id", name=op.f("case_skips_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cases",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column(
            "subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("harm", sa.Text(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("reporters", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("detectors", sa.Text(), nullable=False),
        sa.Column("reach", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("leased_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column(
            "proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("handled_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("cases_closed_check")
        ),
        sa.CheckConstraint(
            "state <> 'proposed' OR proposal <> ''", name=op.f("cases_proposal_check")
        ),
        sa.CheckConstraint(
            "(leased_by IS NULL) = (lease_until IS NULL)", name=op.f("cases_lease_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("cases_pk")),
    )
    op.create_table(
        "challenges",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("challenges_pk")),
    )
    op.create_table(
        "collection_items",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "collection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("collection_items_pk")),
        sa.UniqueConstraint("collection_id", "account_id", name="collection_items_once"),
    )
    op.create_table(
        "collections",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("tag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("discoverable", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("collections_pk")),
    )
    op.create_table(
        "conversation_posts",
        sa.Column(
            "conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "post_id", name=op.f("conversation_posts_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "conversations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column(
            "last_post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("unread", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("conversations_pk")),
        sa.UniqueConstraint("account_id", "thread_id", "participants", name="conversations_key"),
    )
    op.create_table(
        "custom_emojis",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("shortcode", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("static_file", sa.Text(), nullable=False),
        sa.Column("in_picker", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("custom_emojis_pk")),
        sa.UniqueConstraint("shortcode", name=op.f("custom_emojis_shortcode_unique")),
    )
    op.create_table(
        "decisions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column(
            "subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("rule_code", sa.Text(), nullable=False),
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("detector", sa.Text(), nullable=False),
        sa.Column("decider", sa.Text(), nullable=False),
        sa.Column(
            "decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("seconder", sa.Text(), nullable=False),
        sa.Column(
            "seconded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("content_types", sa.Text(), nullable=False),
        sa.Column("content_language", sa.Text(), nullable=False),
        sa.Column("content_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("review_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "decider <> '' OR (detector <> '' AND step IN ('label', 'screen', 'hold', 'slow'))",
            name=op.f("decisions_automation_check"),
        ),
        sa.CheckConstraint(
            "facts <> '' AND rule_code <> '' AND category <> '' AND version_id > 0 AND content_types <> '' AND (ground = 'terms' OR (ground = 'law' AND law <> ''))",
            name=op.f("decisions_reasons_check"),
        ),
        sa.CheckConstraint(
            "seconder = '' OR seconder <> decider", name=op.f("decisions_second_check")
        ),
        sa.CheckConstraint(
            "step = 'no-action' OR coalesce(ends_at, review_at, 0) > created_at",
            name=op.f("decisions_end_check"),
        ),
        sa.CheckConstraint(
            "step NOT IN ('hold', 'slow', 'pause') OR ends_at IS NOT NULL",
            name=op.f("decisions_hold_end_check"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("decisions_pk")),
    )
    op.create_table(
        "deletions",
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", name=op.f("deletions_pk")),
    )
    op.create_table(
        "detector_backtests",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "detector_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("last_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("detector_backtests_pk")),
    )
    op.create_table(
        "detector_changes",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "detector_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("detector_changes_pk")),
    )
    op.create_table(
        "detector_failures",
        sa.Column(
            "detector_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("detector_id", "day", name=op.f("detector_failures_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "detector_findings",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "detector_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("acted", sa.Boolean(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("detector_findings_pk")),
    )
    op.create_table(
        "detector_outcomes",
        sa.Column(
            "detector_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("decided", sa.Integer(), nullable=False),
        sa.Column("needed_nothing", sa.Integer(), nullable=False),
        sa.Column("overturned", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("detector_id", "month", name=op.f("detector_outcomes_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "detector_overlaps",
        sa.Column(
            "backtest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("matches", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("backtest_id", "other_id", name=op.f("detector_overlaps_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "detector_samples",
        sa.Column(
            "backtest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.SmallInteger(), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("labelled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("backtest_id", "post_id", name=op.f("detector_samples_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "detector_versions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "detector_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("detector_versions_pk")),
        sa.UniqueConstraint("detector_id", "number", name="detector_versions_number"),
    )
    op.create_table(
        "detectors",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("detectors_pk")),
        sa.UniqueConstraint("name", name=op.f("detectors_name_unique")),
    )
    op.create_table(
        "disclosures",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("puid", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("disclosures_sent_check")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR problem <> ''", name=op.f("disclosures_refused_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("disclosures_pk")),
        sa.UniqueConstraint("puid", name=op.f("disclosures_puid_unique")),
    )
    op.create_table(
        "disputes",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("implemented", sa.Boolean(), nullable=False),
        sa.Column("recorder", sa.Text(), nullable=False),
        sa.Column(
            "recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "recorder <> '' AND ended_at >= filed_at", name=op.f("disputes_recorded_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("disputes_pk")),
        sa.UniqueConstraint("code", name=op.f("disputes_code_unique")),
    )
    op.create_table(
        "domain_blocks",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "domain", name=op.f("domain_blocks_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "endorsements",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "target_id", name=op.f("endorsements_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "export_parts",
        sa.Column(
            "export_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("export_id", "position", name=op.f("export_parts_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "exports",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("after_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("exports_pk")),
    )
    op.create_table(
        "favourites",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "post_id", name=op.f("favourites_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "featured_tags",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("tag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "tag_id", name=op.f("featured_tags_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feed_entries",
        sa.Column("feed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "origin_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "origin_author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint("feed_id", "post_id", name=op.f("feed_entries_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feed_places",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("feed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("post_id", "feed_id", name=op.f("feed_places_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "filter_keywords",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "filter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("keyword", sa.Text(), nullable=False),
        sa.Column("whole_word", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("filter_keywords_pk")),
    )
    op.create_table(
        "filter_posts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "filter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("filter_posts_pk")),
        sa.UniqueConstraint(
            "filter_id", "post_id", name=op.f("filter_posts_filter_id_post_id_unique")
        ),
    )
    op.create_table(
        "filters",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("contexts", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("filters_pk")),
    )
    op.create_table(
        "flaggers",
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("awarded_at", sa.BigInteger(), nullable=False),
        sa.Column("awarded_by", sa.Text(), nullable=False),
        sa.Column("awarded_why", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=False),
        sa.Column("revoked_why", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "awarded_why <> '' AND (revoked_at IS NULL OR revoked_why <> '')",
            name=op.f("flaggers_reasons_check"),
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("flaggers_pk")),
    )
    op.create_table(
        "follow_requests",
        sa.Column(
            "follower_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "followed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("show_boosts", sa.Boolean(), nullable=False),
        sa.Column("notify", sa.Boolean(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("follower_id", "followed_id", name=op.f("follow_requests_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "follows",
        sa.Column(
            "follower_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "followed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("show_boosts", sa.Boolean(), nullable=False),
        sa.Column("notify", sa.Boolean(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("in_home", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("follower_id", "followed_id", name=op.f("follows_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "former_names",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("former_names_pk")),
    )
    op.create_table(
        "fresh_posts",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "origin_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "origin_author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint("post_id", "id", name=op.f("fresh_posts_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hides",
        sa.Column(
            "viewer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("viewer_id", "author_id", name=op.f("hides_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "key", name=op.f("idempotency_keys_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "import_rows",
        sa.Column(
            "import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("import_rows_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "imported_posts",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "uri", name=op.f("imported_posts_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "imports",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("replaces", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("after_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("preview", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("imports_pk")),
    )
    op.create_table(
        "invitations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("max_uses", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("invitations_pk")),
        sa.UniqueConstraint("code", name=op.f("invitations_code_unique")),
    )
    op.create_table(
        "jobs",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("run_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unique_key", sa.Text(), nullable=True),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("jobs_pk")),
        sa.UniqueConstraint("unique_key", name=op.f("jobs_unique_key_unique")),
    )
    op.create_table(
        "legal_requests",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("order_kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("noted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("noted_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("effective_at", sa.BigInteger(), nullable=True),
        sa.Column("tell_at", sa.BigInteger(), nullable=True),
        sa.Column("not_told_because", sa.Text(), nullable=False),
        sa.Column("proposer", sa.Text(), nullable=False),
        sa.Column(
            "proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("seconder", sa.Text(), nullable=False),
        sa.Column(
            "seconded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state <> 'agreed' OR (proposer <> '' AND seconder <> '' AND seconder <> proposer AND outcome <> '' AND answered_at IS NOT NULL)",
            name=op.f("legal_requests_two_agree_check"),
        ),
        sa.CheckConstraint(
            "state <> 'agreed' OR account_id IS NULL OR tell_at IS NOT NULL",
            name=op.f("legal_requests_silence_ends_check"),
        ),
        sa.CheckConstraint(
            "state = 'open' OR proposer <> ''", name=op.f("legal_requests_proposed_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("legal_requests_pk")),
        sa.UniqueConstraint("code", name=op.f("legal_requests_code_unique")),
    )
    op.create_table(
        "letter_links",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("letter_links_pk")),
    )
    op.create_table(
        "list_members",
        sa.Column("list_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("list_id", "account_id", name=op.f("list_members_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "lists",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("replies_policy", sa.Text(), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("lists_pk")),
    )
    op.create_table(
        "log_checkpoints",
        sa.Column(
            "size",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("log_checkpoints_pk")),
    )
    op.create_table(
        "log_cosignatures",
        sa.Column("witness", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("cosigned_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("witness", name=op.f("log_cosignatures_pk")),
    )
    op.create_table(
        "log_counts",
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entries", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("month", "kind", name=op.f("log_counts_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_entries",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("leaf", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("log_entries_pk")),
    )
    op.create_table(
        "log_figures",
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("entries", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("month", "what", "name", name=op.f("log_figures_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_keys",
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("purpose", name=op.f("log_keys_pk")),
    )
    op.create_table(
        "log_nodes",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("log_nodes_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_openings",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("private", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("log_openings_pk")),
    )
    op.create_table(
        "log_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entries", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("log_state_pk")),
    )
    op.create_table(
        "log_terms",
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("term", "position", name=op.f("log_terms_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "looks",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "reviewer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("looks_pk")),
    )
    op.create_table(
        "markers",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("timeline", sa.Text(), nullable=False),
        sa.Column(
            "last_read_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "timeline", name=op.f("markers_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "match_allowed",
        sa.Column("list_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "change_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint("list_id", "entry", name=op.f("match_allowed_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "match_changes",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("list_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("match_changes_pk")),
    )
    op.create_table(
        "match_differences",
        sa.Column(
            "change_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "before_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint("change_id", "entry", name=op.f("match_differences_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "match_entries",
        sa.Column("list_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "change_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint("list_id", "entry", name=op.f("match_entries_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "match_lists",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("match_lists_pk")),
        sa.UniqueConstraint("name", name=op.f("match_lists_name_unique")),
    )
    op.create_table(
        "mentions",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", "account_id", name=op.f("mentions_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mutes",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("hide_notifications", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "target_id", name=op.f("mutes_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notification_groups",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("group_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "latest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "oldest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("filtered", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "group_key", name=op.f("notification_groups_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notification_permissions",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "from_id", name=op.f("notification_permissions_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notification_policies",
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("for_not_following", sa.Text(), nullable=False),
        sa.Column("for_not_followers", sa.Text(), nullable=False),
        sa.Column("for_new_accounts", sa.Text(), nullable=False),
        sa.Column("for_private_mentions", sa.Text(), nullable=False),
        sa.Column("for_limited_accounts", sa.Text(), nullable=False),
        sa.Column("for_bots", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("notification_policies_pk")),
    )
    op.create_table(
        "notification_requests",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "last_post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "from_id", name=op.f("notification_requests_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notifications",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("group_key", sa.Text(), nullable=False),
        sa.Column("filtered", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("notifications_pk")),
    )
    op.create_table(
        "oauth_codes",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("app_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("token_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("oauth_codes_pk")),
    )
    op.create_table(
        "passkey_users",
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("passkey_users_pk")),
    )
    op.create_table(
        "passkeys",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("passkeys_pk")),
        sa.UniqueConstraint("credential_id", name=op.f("passkeys_credential_id_unique")),
    )
    op.create_table(
        "policy_acceptances",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("accepted_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "version_id", name=op.f("policy_acceptances_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "policy_documents",
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version_id", "kind", name=op.f("policy_documents_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "policy_rules",
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version_id", "code", name=op.f("policy_rules_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "policy_versions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("effective_from", sa.BigInteger(), nullable=False),
        sa.Column("grace_until", sa.BigInteger(), nullable=True),
        sa.Column("after_grace", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "announcement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("policy_versions_pk")),
    )
    op.create_table(
        "poll_votes",
        sa.Column("poll_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("poll_id", "account_id", name=op.f("poll_votes_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "polls",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("tallies", sa.Text(), nullable=False),
        sa.Column("voters_count", sa.Integer(), nullable=False),
        sa.Column("multiple", sa.Boolean(), nullable=False),
        sa.Column("hide_totals", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("polls_pk")),
    )
    op.create_table(
        "post_edits",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("spoiler_text", sa.Text(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("poll", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("post_edits_pk")),
    )
    op.create_table(
        "post_tags",
        sa.Column("tag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tag_id", "post_id", name=op.f("post_tags_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "posts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("spoiler_text", sa.Text(), nullable=False),
        sa.Column("visibility", sa.SmallInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column(
            "in_reply_to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "in_reply_to_account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "boost_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "quote_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("quote_state", sa.Text(), nullable=False),
        sa.Column("quote_policy", sa.Text(), nullable=False),
        sa.Column("app_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("mentions", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("media_count", sa.SmallInteger(), nullable=False),
        sa.Column("poll_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("card_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.Column("pinned_at", sa.BigInteger(), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("replies_count", sa.Integer(), nullable=False),
        sa.Column("boosts_count", sa.Integer(), nullable=False),
        sa.Column("favourites_count", sa.Integer(), nullable=False),
        sa.Column("quotes_count", sa.Integer(), nullable=False),
        sa.Column("local", sa.Boolean(), nullable=False),
        sa.Column("meant_for", sa.SmallInteger(), nullable=False),
        sa.Column("screened", sa.Boolean(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("posts_pk")),
    )
    op.create_table(
        "practice_answers",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "practice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "reviewer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("rule_code", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (step = '')", name=op.f("practice_answers_answered_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("practice_answers_pk")),
        sa.UniqueConstraint("practice_id", "reviewer_id", name="practice_answers_once"),
    )
    op.create_table(
        "practice_cases",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("shipped", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("rule_code", sa.Text(), nullable=False),
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("low", sa.Text(), nullable=False),
        sa.Column("high", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "attachment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("text <> '' AND reasons <> ''", name=op.f("practice_cases_whole_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("practice_cases_pk")),
    )
    op.create_table(
        "prints",
        sa.Column(
            "post_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("print", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", name=op.f("prints_pk")),
    )
    op.create_table(
        "published_reports",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Text(), nullable=False),
        sa.Column("to_on", sa.Text(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("tally", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("published_reports_pk")),
    )
    op.create_table(
        "push_keys",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("private_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("push_keys_pk")),
    )
    op.create_table(
        "push_subscriptions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("token_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.Text(), nullable=False),
        sa.Column("auth", sa.Text(), nullable=False),
        sa.Column("standard", sa.Boolean(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("alerts", sa.Text(), nullable=False),
        sa.Column("access_token", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("push_subscriptions_pk")),
        sa.UniqueConstraint("token_id", name=op.f("push_subscriptions_token_id_unique")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "hash", name=op.f("recovery_codes_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "referrals",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("danger", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposer", sa.Text(), nullable=False),
        sa.Column(
            "proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("seconder", sa.Text(), nullable=False),
        sa.Column(
            "seconded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("tell_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "proposer <> '' AND data <> '[]'", name=op.f("referrals_proposed_check")
        ),
        sa.CheckConstraint(
            "state <> 'agreed' OR (seconder <> '' AND seconder <> proposer AND decided_at IS NOT NULL)",
            name=op.f("referrals_two_agree_check"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("referrals_pk")),
        sa.UniqueConstraint("code", name=op.f("referrals_code_unique")),
    )
    op.create_table(
        "report_files",
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("report", "position", name=op.f("report_files_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "report_posts",
        sa.Column(
            "report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "post_id", name=op.f("report_posts_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reporter_standings",
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("decided", sa.Integer(), nullable=False),
        sa.Column("upheld", sa.Integer(), nullable=False),
        sa.Column("in_a_row", sa.Integer(), nullable=False),
        sa.Column("warned_at", sa.BigInteger(), nullable=True),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", name=op.f("reporter_standings_pk")),
    )
    op.create_table(
        "reports",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column(
            "reporter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column(
            "target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("harm", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("good_faith", sa.Boolean(), nullable=False),
        sa.Column("rule_ids", sa.Text(), nullable=False),
        sa.Column("forward", sa.Boolean(), nullable=False),
        sa.Column("forwarded_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column(
            "decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("reports_pk")),
        sa.UniqueConstraint("code", name=op.f("reports_code_unique")),
    )
    op.create_table(
        "role_changes",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("role_changes_pk")),
    )
    op.create_table(
        "scheduled_posts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("publish_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("scheduled_posts_pk")),
    )
    op.create_table(
        "second_looks",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("rule_code", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("first_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "first_second", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("taken_until", sa.BigInteger(), nullable=True),
        sa.Column("passed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("second_rule", sa.Text(), nullable=False),
        sa.Column("second_step", sa.Text(), nullable=False),
        sa.Column("second_why", sa.Text(), nullable=False),
        sa.Column("looked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("looked_at", sa.BigInteger(), nullable=True),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("wish_why", sa.Text(), nullable=False),
        sa.Column(
            "settled_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_why", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(looked_at IS NULL) = (second_step = '')", name=op.f("second_looks_looked_check")
        ),
        sa.CheckConstraint(
            "looked_by IS NULL OR (looked_by <> coalesce(first_by, 0) AND looked_by <> coalesce(first_second, 0) AND looked_by <> coalesce(account_id, 0))",
            name=op.f("second_looks_independent_check"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("second_looks_pk")),
        sa.UniqueConstraint("case_id", name=op.f("second_looks_case_id_unique")),
    )
    op.create_table(
        "sessions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("admitted_at", sa.BigInteger(), nullable=True),
        sa.Column("last_used_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("sessions_pk")),
        sa.UniqueConstraint("hash", name=op.f("sessions_hash_unique")),
    )
    op.create_table(
        "sign_ins",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("sign_ins_pk")),
    )
    op.create_table(
        "sign_up_blocks",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "kind <> 'network' OR expires_at > created_at",
            name=op.f("sign_up_blocks_network_end_check"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("sign_up_blocks_pk")),
    )
    op.create_table(
        "tag_day_authors",
        sa.Column("tag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint("tag_id", "day", "author_id", name=op.f("tag_day_authors_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tag_days",
        sa.Column("tag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tag_id", "day", name=op.f("tag_days_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tag_follows",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("tag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "tag_id", name=op.f("tag_follows_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tags",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("tags_pk")),
        sa.UniqueConstraint("name", name=op.f("tags_name_unique")),
    )
    op.create_table(
        "thread_mutes",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "thread_id", name=op.f("thread_mutes_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tokens",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("app_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("tokens_pk")),
        sa.UniqueConstraint("hash", name=op.f("tokens_hash_unique")),
    )
    op.create_table(
        "totp_secrets",
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("totp_secrets_pk")),
    )
    op.create_table(
        "trend_allowances",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject_id", name=op.f("trend_allowances_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "trends",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column(
            "subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("score", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "rank", name=op.f("trends_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "unwanted_suggestions",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "target_id", name=op.f("unwanted_suggestions_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "usage_weeks",
        sa.Column("starts_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.Column("sign_ups", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("starts_at", name=op.f("usage_weeks_pk")),
    )
    op.create_table(
        "users",
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("new_email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_set_at", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column("second_factor_at", sa.BigInteger(), nullable=True),
        sa.Column("app_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "invitation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("default_visibility", sa.SmallInteger(), nullable=False),
        sa.Column("default_sensitive", sa.Boolean(), nullable=False),
        sa.Column("default_language", sa.Text(), nullable=False),
        sa.Column("default_quote_policy", sa.Text(), nullable=False),
        sa.Column("expand_media", sa.Text(), nullable=False),
        sa.Column("expand_spoilers", sa.Boolean(), nullable=False),
        sa.Column("last_active_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "filters_rev", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("users_pk")),
        sa.UniqueConstraint("email_key", name=op.f("users_email_key_unique")),
    )
    op.create_table(
        "witnessed_logs",
        sa.Column("origin_hash", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("cosigned_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("origin_hash", name=op.f("witnessed_logs_pk")),
    )
    op.create_index("account_notes_target", "account_notes", ["target_id"], unique=False)
    op.create_index("account_terms_account", "account_terms", ["account_id", "term"], unique=False)
    op.create_index(
        "accounts_discoverable_active",
        "accounts",
        ["last_post_at"],
        unique=False,
        sqlite_where=sa.text(
            "discoverable AND NOT pending AND suspended_at IS NULL AND limited_at IS NULL AND moved_to_id IS NULL"
        ),
        postgresql_where=sa.text(
            "discoverable AND NOT pending AND suspended_at IS NULL AND limited_at IS NULL AND moved_to_id IS NULL"
        ),
    )
    op.create_index(
        "accounts_discoverable_followed",
        "accounts",
        ["followers_count"],
        unique=False,
        sqlite_where=sa.text(
            "discoverable AND NOT pending AND suspended_at IS NULL AND limited_at IS NULL AND moved_to_id IS NULL"
        ),
        postgresql_where=sa.text(
            "discoverable AND NOT pending AND suspended_at IS NULL AND limited_at IS NULL AND moved_to_id IS NULL"
        ),
    )
    op.create_index(
        "accounts_discoverable_new",
        "accounts",
        ["id"],
        unique=False,
        sqlite_where=sa.text(
            "discoverable AND NOT pending AND suspended_at IS NULL AND limited_at IS NULL AND moved_to_id IS NULL"
        ),
        postgresql_where=sa.text(
            "discoverable AND NOT pending AND suspended_at IS NULL AND limited_at IS NULL AND moved_to_id IS NULL"
        ),
    )
    op.create_index(
        "accounts_domain",
        "accounts",
        ["domain"],
        unique=False,
        sqlite_where=sa.text("domain <> ''"),
        postgresql_where=sa.text("domain <> ''"),
    )
    op.create_index(
        "accounts_limited",
        "accounts",
        ["id"],
        unique=False,
        sqlite_where=sa.text("limited_at IS NOT NULL"),
        postgresql_where=sa.text("limited_at IS NOT NULL"),
    )
    op.create_index(
        "accounts_moved",
        "accounts",
        ["moved_to_id"],
        unique=False,
        sqlite_where=sa.text("moved_to_id IS NOT NULL"),
        postgresql_where=sa.text("moved_to_id IS NOT NULL"),
    )
    op.create_index(
        "accounts_screened",
        "accounts",
        ["id"],
        unique=False,
        sqlite_where=sa.text("screened_at IS NOT NULL"),
        postgresql_where=sa.text("screened_at IS NOT NULL"),
    )
    op.create_index(
        "accounts_suspended",
        "accounts",
        ["id"],
        unique=False,
        sqlite_where=sa.text("suspended_at IS NOT NULL"),
        postgresql_where=sa.text("suspended_at IS NOT NULL"),
    )
    op.create_index(
        "announcement_reactions_account", "announcement_reactions", ["account_id"], unique=False
    )
    op.create_index(
        "announcement_reads_announcement", "announcement_reads", ["announcement_id"], unique=False
    )
    op.create_index("appeals_account", "appeals", ["account_id", "id"], unique=False)
    op.create_index("appeals_decided_by", "appeals", ["decided_by"], unique=False)
    op.create_index(
        "appeals_open",
        "appeals",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("appeals_report", "appeals", ["report_id", "id"], unique=False)
    op.create_index("attachments_account", "attachments", ["account_id", "id"], unique=False)
    op.create_index(
        "attachments_loose",
        "attachments",
        ["loose_at"],
        unique=False,
        sqlite_where=sa.text("loose_at IS NOT NULL"),
        postgresql_where=sa.text("loose_at IS NOT NULL"),
    )
    op.create_index("attachments_post", "attachments", ["post_id", "position"], unique=False)
    op.create_index("blocks_account", "blocks", ["account_id", "id"], unique=False)
    op.create_index("blocks_target", "blocks", ["target_id"], unique=False)
    op.create_index("bookmarks_account", "bookmarks", ["account_id", "id"], unique=False)
    op.create_index("bookmarks_post", "bookmarks", ["post_id"], unique=False)
    op.create_index("card_links_card", "card_links", ["card_id", "post_id"], unique=False)
    op.create_index("cards_author", "cards", ["author_account_id"], unique=False)
    op.create_index("case_skips_reviewer", "case_skips", ["reviewer_id"], unique=False)
    op.create_index("cases_account", "cases", ["account_id", "id"], unique=False)
    op.create_index("cases_any_subject", "cases", ["subject_id", "id"], unique=False)
    op.create_index("cases_closed", "cases", ["closed_at"], unique=False)
    op.create_index("cases_closed_by", "cases", ["closed_by", "closed_at"], unique=False)
    op.create_index(
        "cases_due",
        "cases",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("cases_leased", "cases", ["leased_by"], unique=False)
    op.create_index("cases_opened", "cases", ["opened_at"], unique=False)
    op.create_index(
        "cases_proposed",
        "cases",
        ["rank", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_index("cases_proposed_by", "cases", ["proposed_by"], unique=False)
    op.create_index(
        "cases_queue",
        "cases",
        ["rank", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "cases_subject",
        "cases",
        ["subject_kind", "subject_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_index("challenges_account", "challenges", ["account_id"], unique=False)
    op.create_index("challenges_expiry", "challenges", ["expires_at"], unique=False)
    op.create_index(
        "collection_items_account",
        "collection_items",
        ["account_id", "collection_id"],
        unique=False,
    )
    op.create_index("collections_account", "collections", ["account_id", "id"], unique=False)
    op.create_index("conversation_posts_post", "conversation_posts", ["post_id"], unique=False)
    op.create_index(
        "conversations_account", "conversations", ["account_id", "last_post_id"], unique=False
    )
    op.create_index("decisions_account", "decisions", ["account_id", "id"], unique=False)
    op.create_index("decisions_case", "decisions", ["case_id", "id"], unique=False)
    op.create_index("decisions_decided_by", "decisions", ["decided_by"], unique=False)
    op.create_index("decisions_ended_by", "decisions", ["ended_by"], unique=False)
    op.create_index(
        "decisions_ending",
        "decisions",
        ["ends_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL AND ends_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND ends_at IS NOT NULL"),
    )
    op.create_index(
        "decisions_every_in_force",
        "decisions",
        ["id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL AND step <> 'no-action'"),
        postgresql_where=sa.text("ended_at IS NULL AND step <> 'no-action'"),
    )
    op.create_index(
        "decisions_in_force",
        "decisions",
        ["subject_kind", "subject_id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL AND step <> 'no-action'"),
        postgresql_where=sa.text("ended_at IS NULL AND step <> 'no-action'"),
    )
    op.create_index(
        "decisions_reviewed",
        "decisions",
        ["review_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL AND step <> 'no-action' AND review_at IS NOT NULL"),
        postgresql_where=sa.text(
            "ended_at IS NULL AND step <> 'no-action' AND review_at IS NOT NULL"
        ),
    )
    op.create_index("decisions_seconded_by", "decisions", ["seconded_by"], unique=False)
    op.create_index("decisions_subject", "decisions", ["subject_id", "id"], unique=False)
    op.create_index("deletions_due", "deletions", ["due_at"], unique=False)
    op.create_index(
        "detector_backtests_version", "detector_backtests", ["version_id", "id"], unique=False
    )
    op.create_index("detector_changes_by", "detector_changes", ["by_id"], unique=False)
    op.create_index(
        "detector_changes_detector", "detector_changes", ["detector_id", "id"], unique=False
    )
    op.create_index(
        "detector_findings_account", "detector_findings", ["account_id", "id"], unique=False
    )
    op.create_index(
        "detector_findings_detector", "detector_findings", ["detector_id", "id"], unique=False
    )
    op.create_index("detector_findings_post", "detector_findings", ["post_id", "id"], unique=False)
    op.create_index(
        "detector_findings_version", "detector_findings", ["version_id", "id"], unique=False
    )
    op.create_index(
        "detector_outcomes_unpublished",
        "detector_outcomes",
        ["month"],
        unique=False,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_index("detector_samples_author", "detector_samples", ["author_id"], unique=False)
    op.create_index("detector_samples_by", "detector_samples", ["by_id"], unique=False)
    op.create_index("detector_samples_post", "detector_samples", ["post_id"], unique=False)
    op.create_index(
        "detector_samples_rank", "detector_samples", ["backtest_id", "rank"], unique=False
    )
    op.create_index("detector_versions_by", "detector_versions", ["by_id"], unique=False)
    op.create_index("detectors_state", "detectors", ["state", "id"], unique=False)
    op.create_index("disclosures_decided", "disclosures", ["decided_at", "id"], unique=False)
    op.create_index(
        "disclosures_refused",
        "disclosures",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'refused'"),
        postgresql_where=sa.text("state = 'refused'"),
    )
    op.create_index(
        "disclosures_waiting",
        "disclosures",
        ["next_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("disputes_account", "disputes", ["account_id"], unique=False)
    op.create_index("disputes_decision", "disputes", ["decision_id", "id"], unique=False)
    op.create_index("disputes_recorded_by", "disputes", ["recorded_by"], unique=False)
    op.create_index("domain_blocks_account", "domain_blocks", ["account_id", "id"], unique=False)
    op.create_index("domain_blocks_domain", "domain_blocks", ["domain"], unique=False)
    op.create_index("endorsements_account", "endorsements", ["account_id", "id"], unique=False)
    op.create_index("endorsements_target", "endorsements", ["target_id"], unique=False)
    op.create_index("export_parts_key", "export_parts", ["key"], unique=False)
    op.create_index("exports_account", "exports", ["account_id", "id"], unique=False)
    op.create_index("exports_expiry", "exports", ["expires_at"], unique=False)
    op.create_index("favourites_account", "favourites", ["account_id", "id"], unique=False)
    op.create_index("favourites_post", "favourites", ["post_id", "id"], unique=False)
    op.create_index("featured_tags_account", "featured_tags", ["account_id", "id"], unique=False)
    op.create_index("featured_tags_tag", "featured_tags", ["tag_id"], unique=False)
    op.create_index(
        "filter_keywords_account", "filter_keywords", ["account_id", "id"], unique=False
    )
    op.create_index("filter_keywords_filter", "filter_keywords", ["filter_id"], unique=False)
    op.create_index("filter_posts_account", "filter_posts", ["account_id", "id"], unique=False)
    op.create_index("filter_posts_post", "filter_posts", ["post_id"], unique=False)
    op.create_index("filters_account", "filters", ["account_id", "id"], unique=False)
    op.create_index(
        "follow_requests_followed", "follow_requests", ["followed_id", "id"], unique=False
    )
    op.create_index(
        "follow_requests_follower", "follow_requests", ["follower_id", "id"], unique=False
    )
    op.create_index(
        "follows_followed",
        "follows",
        ["followed_id", "id", "follower_id", "in_home", "show_boosts", "languages"],
        unique=False,
    )
    op.create_index("follows_follower", "follows", ["follower_id", "id"], unique=False)
    op.create_index(
        "follows_notify",
        "follows",
        ["followed_id"],
        unique=False,
        sqlite_where=sa.text("notify"),
        postgresql_where=sa.text("notify"),
    )
    op.create_index("fresh_posts_origin", "fresh_posts", ["origin_id"], unique=False)
    op.create_index("hides_author", "hides", ["author_id"], unique=False)
    op.create_index("idempotency_keys_age", "idempotency_keys", ["created_at"], unique=False)
    op.create_index("idempotency_keys_subject", "idempotency_keys", ["subject_id"], unique=False)
    op.create_index(
        "import_rows_state", "import_rows", ["import_id", "state", "position"], unique=False
    )
    op.create_index("import_rows_target", "import_rows", ["import_id", "target"], unique=False)
    op.create_index("imported_posts_post", "imported_posts", ["post_id"], unique=False)
    op.create_index("imports_account", "imports", ["account_id", "id"], unique=False)
    op.create_index("imports_expiry", "imports", ["expires_at"], unique=False)
    op.create_index("imports_key", "imports", ["key"], unique=False)
    op.create_index("invitations_account", "invitations", ["account_id", "id"], unique=False)
    op.create_index("jobs_due", "jobs", ["failed_at", "run_at"], unique=False)
    op.create_index("legal_requests_account", "legal_requests", ["account_id", "id"], unique=False)
    op.create_index("legal_requests_noted_by", "legal_requests", ["noted_by"], unique=False)
    op.create_index("legal_requests_proposed_by", "legal_requests", ["proposed_by"], unique=False)
    op.create_index("legal_requests_seconded_by", "legal_requests", ["seconded_by"], unique=False)
    op.create_index(
        "legal_requests_untold",
        "legal_requests",
        ["tell_at"],
        unique=False,
        sqlite_where=sa.text("state = 'agreed' AND told_at IS NULL AND tell_at IS NOT NULL"),
        postgresql_where=sa.text("state = 'agreed' AND told_at IS NULL AND tell_at IS NOT NULL"),
    )
    op.create_index(
        "legal_requests_waiting",
        "legal_requests",
        ["received_at", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'proposed')"),
        postgresql_where=sa.text("state IN ('open', 'proposed')"),
    )
    op.create_index("letter_links_account", "letter_links", ["account_id", "kind"], unique=False)
    op.create_index("letter_links_expiry", "letter_links", ["expires_at"], unique=False)
    op.create_index("list_members_account", "list_members", ["account_id", "id"], unique=False)
    op.create_index("list_members_list", "list_members", ["list_id", "id"], unique=False)
    op.create_index("list_members_owner", "list_members", ["owner_id", "account_id"], unique=False)
    op.create_index("lists_account", "lists", ["account_id", "id"], unique=False)
    op.create_index("log_entries_kind", "log_entries", ["kind", "position"], unique=False)
    op.create_index("log_entries_time", "log_entries", ["recorded_at", "position"], unique=False)
    op.create_index("log_openings_account", "log_openings", ["account_id"], unique=False)
    op.create_index("log_terms_kind", "log_terms", ["term", "kind", "position"], unique=False)
    op.create_index("looks_account", "looks", ["account_id", "id"], unique=False)
    op.create_index("looks_case", "looks", ["case_id", "id"], unique=False)
    op.create_index("looks_reviewer", "looks", ["reviewer_id", "id"], unique=False)
    op.create_index("match_changes_by", "match_changes", ["by_id"], unique=False)
    op.create_index("match_changes_list", "match_changes", ["list_id", "id"], unique=False)
    op.create_index("match_entries_entry", "match_entries", ["entry"], unique=False)
    op.create_index("mentions_account", "mentions", ["account_id", "post_id"], unique=False)
    op.create_index("mutes_account", "mutes", ["account_id", "id"], unique=False)
    op.create_index("mutes_expires", "mutes", ["expires_at"], unique=False)
    op.create_index("mutes_target", "mutes", ["target_id"], unique=False)
    op.create_index(
        "notification_groups_kind",
        "notification_groups",
        ["account_id", "filtered", "kind", "latest_id"],
        unique=False,
    )
    op.create_index("notification_groups_post", "notification_groups", ["post_id"], unique=False)
    op.create_index(
        "notification_groups_shown",
        "notification_groups",
        ["account_id", "latest_id"],
        unique=False,
        sqlite_where=sa.text("filtered = 0"),
        postgresql_where=sa.text("filtered = 0"),
    )
    op.create_index(
        "notification_permissions_from", "notification_permissions", ["from_id"], unique=False
    )
    op.create_index(
        "notification_requests_account", "notification_requests", ["account_id", "id"], unique=False
    )
    op.create_index(
        "notification_requests_from", "notification_requests", ["from_id"], unique=False
    )
    op.create_index(
        "notifications_from", "notifications", ["from_id", "account_id", "id"], unique=False
    )
    op.create_index(
        "notifications_group", "notifications", ["account_id", "group_key", "id"], unique=False
    )
    op.create_index(
        "notifications_kind",
        "notifications",
        ["account_id", "filtered", "kind", "id"],
        unique=False,
    )
    op.create_index(
        "notifications_post", "notifications", ["post_id", "kind", "from_id"], unique=False
    )
    op.create_index(
        "notifications_shown",
        "notifications",
        ["account_id", "id"],
        unique=False,
        sqlite_where=sa.text("filtered = 0"),
        postgresql_where=sa.text("filtered = 0"),
    )
    op.create_index("oauth_codes_account", "oauth_codes", ["account_id"], unique=False)
    op.create_index("oauth_codes_expiry", "oauth_codes", ["expires_at"], unique=False)
    op.create_index("passkeys_account", "passkeys", ["account_id"], unique=False)
    op.create_index(
        "policy_acceptances_version",
        "policy_acceptances",
        ["version_id", "account_id"],
        unique=False,
    )
    op.create_index("poll_votes_account", "poll_votes", ["account_id"], unique=False)
    op.create_index("polls_post", "polls", ["post_id"], unique=False)
    op.create_index("post_edits_post", "post_edits", ["post_id", "id"], unique=False)
    op.create_index(
        "post_tags_author", "post_tags", ["author_id", "tag_id", "post_id", "listed"], unique=False
    )
    op.create_index("post_tags_post", "post_tags", ["post_id"], unique=False)
    op.create_index(
        "posts_answered",
        "posts",
        ["in_reply_to_account_id", "id"],
        unique=False,
        sqlite_where=sa.text("in_reply_to_account_id IS NOT NULL"),
        postgresql_where=sa.text("in_reply_to_account_id IS NOT NULL"),
    )
    op.create_index("posts_author", "posts", ["author_id", "id"], unique=False)
    op.create_index(
        "posts_author_direct",
        "posts",
        ["author_id", "id"],
        unique=False,
        sqlite_where=sa.text("visibility = 3"),
        postgresql_where=sa.text("visibility = 3"),
    )
    op.create_index(
        "posts_author_media",
        "posts",
        ["author_id", "id"],
        unique=False,
        sqlite_where=sa.text("media_count > 0"),
        postgresql_where=sa.text("media_count > 0"),
    )
    op.create_index(
        "posts_author_original",
        "posts",
        ["author_id", "id"],
        unique=False,
        sqlite_where=sa.text("boost_of_id IS NULL"),
        postgresql_where=sa.text("boost_of_id IS NULL"),
    )
    op.create_index(
        "posts_author_pinned",
        "posts",
        ["author_id", "id"],
        unique=False,
        sqlite_where=sa.text("pinned_at IS NOT NULL"),
        postgresql_where=sa.text("pinned_at IS NOT NULL"),
    )
    op.create_index(
        "posts_author_top_level",
        "posts",
        ["author_id", "id"],
        unique=False,
        sqlite_where=sa.text(
            "(boost_of_id IS NOT NULL OR in_reply_to_account_id IS NULL OR in_reply_to_account_id = author_id)"
        ),
        postgresql_where=sa.text(
            "(boost_of_id IS NOT NULL OR in_reply_to_account_id IS NULL OR in_reply_to_account_id = author_id)"
        ),
    )
    op.create_index(
        "posts_boost",
        "posts",
        ["author_id", "boost_of_id"],
        unique=True,
        sqlite_where=sa.text("boost_of_id IS NOT NULL"),
        postgresql_where=sa.text("boost_of_id IS NOT NULL"),
    )
    op.create_index(
        "posts_boosts",
        "posts",
        ["boost_of_id", "id"],
        unique=False,
        sqlite_where=sa.text("boost_of_id IS NOT NULL"),
        postgresql_where=sa.text("boost_of_id IS NOT NULL"),
    )
    op.create_index(
        "posts_public",
        "posts",
        ["id"],
        unique=False,
        sqlite_where=sa.text(
            "visibility = 0 AND boost_of_id IS NULL AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = author_id)"
        ),
        postgresql_where=sa.text(
            "visibility = 0 AND boost_of_id IS NULL AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = author_id)"
        ),
    )
    op.create_index(
        "posts_public_local",
        "posts",
        ["id"],
        unique=False,
        sqlite_where=sa.text(
            "visibility = 0 AND boost_of_id IS NULL AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = author_id) AND local"
        ),
        postgresql_where=sa.text(
            "visibility = 0 AND boost_of_id IS NULL AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = author_id) AND local"
        ),
    )
    op.create_index(
        "posts_public_local_media",
        "posts",
        ["id"],
        unique=False,
        sqlite_where=sa.text(
            "visibility = 0 AND boost_of_id IS NULL AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = author_id) AND local AND media_count > 0"
        ),
        postgresql_where=sa.text(
            "visibility = 0 AND boost_of_id IS NULL AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = author_id) AND local AND media_count > 0"
        ),
    )
    op.create_index(
        "posts_public_media",
        "posts",
        ["id"],
        unique=False,
        sqlite_where=sa.text(
            "visibility = 0 AND boost_of_id IS NULL AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = author_id) AND media_count > 0"
        ),
        postgresql_where=sa.text(
            "visibility = 0 AND boost_of_id IS NULL AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = author_id) AND media_count > 0"
        ),
    )
    op.create_index(
        "posts_public_remote",
        "posts",
        ["id"],
        unique=False,
        sqlite_where=sa.text(
            "visibility = 0 AND boost_of_id IS NULL AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = author_id) AND NOT local"
        ),
        postgresql_where=sa.text(
            "visibility = 0 AND boost_of_id IS NULL AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = author_id) AND NOT local"
        ),
    )
    op.create_index(
        "posts_public_remote_media",
        "posts",
        ["id"],
        unique=False,
        sqlite_where=sa.text(
            "visibility = 0 AND boost_of_id IS NULL AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = author_id) AND NOT local AND media_count > 0"
        ),
        postgresql_where=sa.text(
            "visibility = 0 AND boost_of_id IS NULL AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = author_id) AND NOT local AND media_count > 0"
        ),
    )
    op.create_index(
        "posts_quote",
        "posts",
        ["quote_of_id", "id"],
        unique=False,
        sqlite_where=sa.text("quote_of_id IS NOT NULL"),
        postgresql_where=sa.text("quote_of_id IS NOT NULL"),
    )
    op.create_index(
        "posts_reply",
        "posts",
        ["in_reply_to_id", "id"],
        unique=False,
        sqlite_where=sa.text("in_reply_to_id IS NOT NULL"),
        postgresql_where=sa.text("in_reply_to_id IS NOT NULL"),
    )
    op.create_index(
        "practice_answers_given",
        "practice_answers",
        ["id"],
        unique=False,
        sqlite_where=sa.text("answered_at IS NOT NULL"),
        postgresql_where=sa.text("answered_at IS NOT NULL"),
    )
    op.create_index(
        "practice_answers_reviewer", "practice_answers", ["reviewer_id", "verdict"], unique=False
    )
    op.create_index("practice_cases_account", "practice_cases", ["account_id"], unique=False)
    op.create_index("practice_cases_made_by", "practice_cases", ["made_by"], unique=False)
    op.create_index("practice_cases_post", "practice_cases", ["post_id"], unique=False)
    op.create_index(
        "practice_live",
        "practice_cases",
        ["id"],
        unique=False,
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_index(
        "practice_shipped",
        "practice_cases",
        ["shipped"],
        unique=True,
        sqlite_where=sa.text("shipped <> ''"),
        postgresql_where=sa.text("shipped <> ''"),
    )
    op.create_index("prints_author", "prints", ["author_id"], unique=False)
    op.create_index("prints_print", "prints", ["print", "post_id"], unique=False)
    op.create_index("published_reports_time", "published_reports", ["published_at"], unique=False)
    op.create_index(
        "push_subscriptions_account", "push_subscriptions", ["account_id"], unique=False
    )
    op.create_index("referrals_account", "referrals", ["account_id", "id"], unique=False)
    op.create_index("referrals_proposed_by", "referrals", ["proposed_by"], unique=False)
    op.create_index("referrals_seconded_by", "referrals", ["seconded_by"], unique=False)
    op.create_index(
        "referrals_untold",
        "referrals",
        ["tell_at"],
        unique=False,
        sqlite_where=sa.text("state = 'agreed' AND told_at IS NULL AND account_id IS NOT NULL"),
        postgresql_where=sa.text("state = 'agreed' AND told_at IS NULL AND account_id IS NOT NULL"),
    )
    op.create_index(
        "referrals_waiting",
        "referrals",
        ["proposed_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_index("report_posts_post", "report_posts", ["post_id"], unique=False)
    op.create_index("reports_case", "reports", ["case_id", "id"], unique=False)
    op.create_index("reports_case_reporter", "reports", ["case_id", "reporter_id"], unique=False)
    op.create_index(
        "reports_contact",
        "reports",
        ["contact"],
        unique=False,
        sqlite_where=sa.text("contact <> ''"),
        postgresql_where=sa.text("contact <> ''"),
    )
    op.create_index(
        "reports_open",
        "reports",
        ["id"],
        unique=False,
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_index("reports_reporter", "reports", ["reporter_id", "id"], unique=False)
    op.create_index(
        "reports_resolved",
        "reports",
        ["resolved_at"],
        unique=False,
        sqlite_where=sa.text("resolved_at IS NOT NULL"),
        postgresql_where=sa.text("resolved_at IS NOT NULL"),
    )
    op.create_index("reports_target", "reports", ["target_id", "id"], unique=False)
    op.create_index("role_changes_account", "role_changes", ["account_id", "id"], unique=False)
    op.create_index("role_changes_by", "role_changes", ["by_id"], unique=False)
    op.create_index(
        "scheduled_posts_account", "scheduled_posts", ["account_id", "id"], unique=False
    )
    op.create_index(
        "scheduled_posts_day", "scheduled_posts", ["account_id", "publish_at"], unique=False
    )
    op.create_index("second_looks_account", "second_looks", ["account_id"], unique=False)
    op.create_index(
        "second_looks_done",
        "second_looks",
        ["id"],
        unique=False,
        sqlite_where=sa.text("looked_at IS NOT NULL"),
        postgresql_where=sa.text("looked_at IS NOT NULL"),
    )
    op.create_index("second_looks_first_by", "second_looks", ["first_by", "id"], unique=False)
    op.create_index("second_looks_first_second", "second_looks", ["first_second"], unique=False)
    op.create_index("second_looks_looked_by", "second_looks", ["looked_by", "id"], unique=False)
    op.create_index(
        "second_looks_open",
        "second_looks",
        ["id"],
        unique=False,
        sqlite_where=sa.text("looked_at IS NULL"),
        postgresql_where=sa.text("looked_at IS NULL"),
    )
    op.create_index("second_looks_passed_by", "second_looks", ["passed_by"], unique=False)
    op.create_index("second_looks_post", "second_looks", ["post_id"], unique=False)
    op.create_index("second_looks_settled_by", "second_looks", ["settled_by"], unique=False)
    op.create_index("second_looks_taken_by", "second_looks", ["taken_by"], unique=False)
    op.create_index(
        "second_looks_wished",
        "second_looks",
        ["id"],
        unique=False,
        sqlite_where=sa.text("wish = 'proposed'"),
        postgresql_where=sa.text("wish = 'proposed'"),
    )
    op.create_index("sessions_account", "sessions", ["account_id"], unique=False)
    op.create_index("sessions_expiry", "sessions", ["expires_at"], unique=False)
    op.create_index("sign_ins_account", "sign_ins", ["account_id", "id"], unique=False)
    op.create_index("sign_ins_time", "sign_ins", ["created_at"], unique=False)
    op.create_index("sign_up_blocks_created_by", "sign_up_blocks", ["created_by"], unique=False)
    op.create_index("sign_up_blocks_ended_by", "sign_up_blocks", ["ended_by"], unique=False)
    op.create_index("sign_up_blocks_kind", "sign_up_blocks", ["kind", "id"], unique=False)
    op.create_index(
        "sign_up_blocks_what",
        "sign_up_blocks",
        ["kind", "what"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("tag_day_authors_author", "tag_day_authors", ["author_id"], unique=False)
    op.create_index("tag_day_authors_day", "tag_day_authors", ["day"], unique=False)
    op.create_index("tag_days_day", "tag_days", ["day", "accounts"], unique=False)
    op.create_index("tag_follows_account", "tag_follows", ["account_id", "id"], unique=False)
    op.create_index("tag_follows_tag", "tag_follows", ["tag_id", "id"], unique=False)
    op.create_index("thread_mutes_thread", "thread_mutes", ["thread_id"], unique=False)
    op.create_index("tokens_account", "tokens", ["account_id"], unique=False)
    op.create_index("tokens_app", "tokens", ["app_id"], unique=False)
    op.create_index("trend_allowances_subject", "trend_allowances", ["subject_id"], unique=False)
    op.create_index("trends_subject", "trends", ["subject_id"], unique=False)
    op.create_index(
        "unwanted_suggestions_target", "unwanted_suggestions", ["target_id"], unique=False
    )
    op.create_index(
        "users_disabled",
        "users",
        ["account_id"],
        unique=False,
        sqlite_where=sa.text("disabled_at IS NOT NULL"),
        postgresql_where=sa.text("disabled_at IS NOT NULL"),
    )
    op.create_index(
        "users_invitation",
        "users",
        ["invitation_id"],
        unique=False,
        sqlite_where=sa.text("invitation_id IS NOT NULL"),
        postgresql_where=sa.text("invitation_id IS NOT NULL"),
    )
    op.create_index(
        "users_pending",
        "users",
        ["account_id"],
        unique=False,
        sqlite_where=sa.text("(approved_at IS NULL OR confirmed_at IS NULL)"),
        postgresql_where=sa.text("(approved_at IS NULL OR confirmed_at IS NULL)"),
    )
    op.create_index(
        "users_role",
        "users",
        ["account_id"],
        unique=False,
        sqlite_where=sa.text("role <> 'member'"),
        postgresql_where=sa.text("role <> 'member'"),
    )
