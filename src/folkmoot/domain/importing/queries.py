"""Reads of imports and of what came from where."""

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import Account
from folkmoot.domain.importing.model import Import, ImportNotFound, ImportRow
from folkmoot.domain.importing.tables import import_rows, imported_posts, imports
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.posts.queries import list_posts
from folkmoot.kit.db import Moment, Tx, param, rows, values, within
from folkmoot.kit.ids import parse_id

_limit = param("limit", sa.Integer())
_IMPORT = rows(sa.select(imports).where(imports.c.id == param("id")), Import)
_LOCKED_IMPORT = rows(
    sa.select(imports).where(imports.c.id == param("id")).with_for_update(), Import
)
_IMPORTS = rows(
    sa.select(imports)
    .where(imports.c.account_id == param("account_id"))
    .order_by(imports.c.id.desc())
    .limit(sa.literal_column("20")),
    Import,
)
_EXPIRED_IMPORTS = rows(
    sa.select(imports)
    .where(imports.c.expires_at <= param("now", Moment))
    .order_by(imports.c.expires_at)
    .limit(sa.literal_column("20")),
    Import,
)
_ROWS = rows(
    sa.select(import_rows)
    .where(
        import_rows.c.import_id == param("import_id"),
        import_rows.c.state == param("state"),
        import_rows.c.position > param("after", sa.Integer()),
    )
    .order_by(import_rows.c.position)
    .limit(_limit),
    ImportRow,
)
_TARGETS = values(
    sa.select(import_rows.c.target).where(
        import_rows.c.import_id == param("import_id"), within(import_rows.c.target, "targets")
    ),
    str,
)
_KNOWN_IMPORT_KEYS = values(sa.select(imports.c.key).where(within(imports.c.key, "keys")), str)


class _Origin(msgspec.Struct):
    uri: str
    post_id: PostId


_KNOWN_POSTS = rows(
    sa.select(imported_posts.c.uri, imported_posts.c.post_id).where(
        imported_posts.c.account_id == param("account_id"), within(imported_posts.c.uri, "uris")
    ),
    _Origin,
)


def find_import(tx: Tx, import_id: int, *, lock: bool = False) -> Import | None:
    """An import, whosever it is; with `lock` nobody else works on it until the end of the
    transaction."""
    return tx.first(_LOCKED_IMPORT if lock else _IMPORT, id=import_id)


def get_own_import(tx: Tx, account_id: int, import_id: int) -> Import:
    """One's own import; ImportNotFound for any other."""
    found = find_import(tx, import_id)
    if found is None or found.account_id != account_id:
        raise ImportNotFound
    return found


def list_imports(tx: Tx, account_id: int) -> list[Import]:
    """The latest imports of an account, the newest first."""
    return tx.all(_IMPORTS, account_id=account_id)


def list_expired_imports(tx: Tx) -> list[Import]:
    """Imports that nobody asks for any more."""
    return tx.all(_EXPIRED_IMPORTS, now=tx.now)


def list_rows(
    tx: Tx, import_id: int, state: str, *, after: int = -1, limit: int
) -> list[ImportRow]:
    """The next rows of an import that stand in a state."""
    return tx.all(_ROWS, import_id=import_id, state=state, after=after, limit=limit)


def list_targets(tx: Tx, import_id: int, targets: list[str]) -> set[str]:
    """Those of the targets that an import names."""
    return set(tx.all(_TARGETS, import_id=import_id, targets=targets))


def list_known_import_keys(tx: Tx, keys: list[str]) -> set[str]:
    """Those of the keys that imports still need."""
    return set(tx.all(_KNOWN_IMPORT_KEYS, keys=keys))


def local_post_id(tx: Tx, uri: str) -> int:
    """The id in a post's address on this server; 0 for others."""
    base = tx.settings.server.base_url + "/"
    if not uri.startswith(base):
        return 0
    return parse_id(uri.removesuffix("/activity").rpartition("/")[2])


def list_imported(tx: Tx, account: Account, uris: list[str]) -> dict[str, PostId]:
    """Which of these posts from elsewhere, or from here, the account has: by URI."""
    found = {row.uri: row.post_id for row in tx.all(_KNOWN_POSTS, account_id=account.id, uris=uris)}
    local = {uri: PostId(number) for uri in uris if (number := local_post_id(tx, uri))}
    own = {
        post.id
        for post in list_posts(tx, sorted(set(local.values()))).values()
        if post.author_id == account.id
    }
    return found | {uri: post_id for uri, post_id in local.items() if post_id in own}
