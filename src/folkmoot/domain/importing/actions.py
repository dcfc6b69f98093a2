"""Writes of imports: taken in, begun, brought in some at a time, forgotten."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import Account, AccountId
from folkmoot.domain.accounts.queries import get_account, list_accounts_by_name
from folkmoot.domain.boundaries import actions as boundaries
from folkmoot.domain.importing import queries
from folkmoot.domain.importing.model import (
    APPLY,
    CHECK,
    Import,
    ImportId,
    ImportNotFound,
    ImportRow,
    ImportsPending,
    ImportToDo,
    Incoming,
    Lost,
    NotToBeStarted,
    Preview,
    RowState,
    TooManyRows,
    Wish,
)
from folkmoot.domain.importing.tables import import_rows, imported_posts, imports
from folkmoot.domain.interactions.actions import bookmark_post, pin_post, unbookmark_post
from folkmoot.domain.lists import actions as lists
from folkmoot.domain.lists.model import AlreadyListed, check_title
from folkmoot.domain.lists.queries import list_lists
from folkmoot.domain.media.actions import erase_files
from folkmoot.domain.policy.queries import check_posting
from folkmoot.domain.portability.model import Kind, State
from folkmoot.domain.portability.queries import list_lines, list_listed
from folkmoot.domain.posts import actions as posts
from folkmoot.domain.posts.model import PastPost, PostId, Visibility
from folkmoot.domain.posts.queries import list_posts
from folkmoot.domain.relationships import actions as relationships
from folkmoot.domain.relationships.model import FollowOptions
from folkmoot.domain.relationships.queries import list_followed_among
from folkmoot.kit import clock, jobs
from folkmoot.kit.db import Id, Moment, Tx, command, delete_some, insert_all, param
from folkmoot.kit.errors import Refusal
from folkmoot.kit.ids import new_id

T = TypeVar("T")

PENDING = 5
ROWS = 20
"""So many lines or posts are brought in by one transaction."""
STEP_S = 0.05
"""After so long it takes no further line: a follow fills a feed, and others want to write."""
_KEPT = 30 * clock.DAY
_WAITS = 7 * clock.DAY
_NAME_CHARS = 100

_INSERT = insert_all(imports)
_INSERT_ROW = insert_all(import_rows, or_ignore=True)
_SAVE = command(
    sa.update(imports)
    .where(imports.c.id == param("import_id"))
    .values(
        key=param("new_key"),
        state=param("new_state"),
        position=param("new_position"),
        after_id=param("new_after_id", Id),
        total=param("new_total"),
        done=param("new_done"),
        failed=param("new_failed"),
        preview=param("new_preview"),
        problem=param("new_problem"),
        expires_at=param("new_expires_at", Moment),
    )
)
_SET_ROW = command(
    sa.update(import_rows)
    .where(import_rows.c.import_id == param("of_id"), import_rows.c.position == param("at"))
    .values(state=param("new_state"), reason=param("new_reason"))
)
_REMEMBER = insert_all(imported_posts, or_ignore=True)
_FORGET_POST = command(
    sa.delete(imported_posts).where(imported_posts.c.post_id == param("post_id"))
)
_FORGET = command(sa.delete(imports).where(imports.c.id == param("import_id")))
_FORGET_ROWS = delete_some(import_rows, import_rows.c.import_id == param("import_id", Id))
_FORGET_ORIGINS = delete_some(imported_posts, imported_posts.c.account_id == param("account_id"))


def take_in(
    tx: Tx, account_id: AccountId, kind: Kind, *, name: str, replaces: bool = False, key: str = ""
) -> Import:
    """A file that somebody wants to bring in: a CSV file's lines are added next, an archive is in
    the store under the `key` and is looked through by a job. ImportsPending.
    """
    pending = (State.WAITING, State.CHECKED, State.RUNNING)
    if sum(one.state in pending for one in queries.list_imports(tx, account_id)) >= PENDING:
        raise ImportsPending
    made = Import(
        id=ImportId(new_id()),
        account_id=account_id,
        kind=kind,
        replaces=replaces,
        name=name[:_NAME_CHARS],
        key=key,
        state=State.WAITING,
        position=0,
        after_id=0,
        total=0,
        done=0,
        failed=0,
        preview="",
        problem="",
        created_at=tx.now,
        expires_at=tx.now + _WAITS,
    )
    tx.insert(_INSERT, made)
    if kind is Kind.POSTS:
        jobs.enqueue(tx, CHECK, ImportToDo(made.id))
    return made


def add_rows(tx: Tx, import_id: ImportId, wishes: Sequence[Wish]) -> None:
    """Adds lines of a CSV file; those that mean nobody and nothing here have failed already, with
    the reason. TooManyRows.
    """
    found = _locked(tx, import_id)
    most = tx.settings.portability.import_rows
    if found.total + len(wishes) > most:
        raise TooManyRows(most=most)
    meant = _find_targets(tx, get_account(tx, found.account_id), Kind(found.kind), wishes)
    rows = []
    for position, (wish, (target, reason)) in enumerate(
        zip(wishes, meant, strict=True), found.total
    ):
        state = RowState.FAILED if reason else RowState.WAITING
        row = ImportRow(import_id, position, _encode(wish), target, state, reason)
        rows.append(msgspec.structs.asdict(row))
        found.failed += bool(reason)
    tx.many(_INSERT_ROW, rows)
    found.total += len(rows)
    found.done = found.failed
    _save(tx, found)


def end_reading(tx: Tx, import_id: ImportId, preview: Preview | None = None) -> None:
    """All of it is looked through: the member may say whether to go on."""
    found = _locked(tx, import_id)
    if found.state == State.WAITING:
        found.state = State.CHECKED
        if preview is not None:
            found.total, found.preview = preview.posts, _encode(preview)
        _save(tx, found)


def begin_import(tx: Tx, account_id: AccountId, import_id: int) -> None:
    """The member's word; NotToBeStarted when it is under way or over. One that was stopped goes
    on where it was."""
    own = queries.get_own_import(tx, account_id, import_id)
    found = _locked(tx, own.id)
    looked_through = found.kind != Kind.POSTS or found.preview
    if found.state not in (State.CHECKED, State.FAILED) or not looked_through:
        raise NotToBeStarted
    if found.kind == Kind.POSTS:
        check_posting(tx, get_account(tx, account_id))
    found.state, found.problem, found.expires_at = State.RUNNING, "", tx.now + _KEPT
    _save(tx, found)
    jobs.enqueue(tx, APPLY, ImportToDo(found.id))


def drop_import(tx: Tx, account_id: AccountId, import_id: int) -> None:
    """Does not bring something in, or forgets that it was. What was brought in stays."""
    own = queries.get_own_import(tx, account_id, import_id)
    found = _locked(tx, own.id)
    erase_files(tx, [found.key])
    found.state, found.key, found.expires_at = State.GONE, "", 0
    _save(tx, found)


def stop_import(tx: Tx, import_id: ImportId, problem: str) -> None:
    """Stops an import for a reason the member may read; what was brought in stays."""
    found = queries.find_import(tx, import_id, lock=True)
    if found is not None and found.state in (State.WAITING, State.RUNNING):
        found.state, found.problem = State.FAILED, problem
        _save(tx, found)


def finish(tx: Tx, import_id: ImportId) -> None:
    """Everything is brought in; the file is not needed any more."""
    found = queries.find_import(tx, import_id, lock=True)
    if found is not None and found.state == State.RUNNING:
        erase_files(tx, [found.key])
        found.state, found.key, found.expires_at = State.DONE, "", tx.now + _KEPT
        _save(tx, found)


def _locked(tx: Tx, import_id: ImportId) -> Import:
    found = queries.find_import(tx, import_id, lock=True)
    if found is None:
        raise ImportNotFound
    return found


def _save(tx: Tx, found: Import) -> None:
    changed = {
        f"new_{name}": getattr(found, name)
        for name in (
            *("key", "state", "position", "after_id", "total", "done", "failed"),
            *("preview", "problem", "expires_at"),
        )
    }
    tx.run(_SAVE, import_id=found.id, **changed)


def _encode(found: Any) -> str:
    return msgspec.json.encode(found).decode()


_NOBODY = "Nobody here has this name"
_ELSEWHERE = "People on other servers cannot be reached from here yet"
_NO_ADDRESS = "This is no address of a person"
_YOURSELF = "This is you yourself"
_NO_POST = "This post is not on this server"


def _find_targets(
    tx: Tx, account: Account, kind: Kind, wishes: Sequence[Wish]
) -> list[tuple[str, str]]:
    """Whom or what each line means, and where it means nothing, why."""
    if kind is Kind.DOMAIN_BLOCKS:
        return [(wish.domain.strip().lower(), "") for wish in wishes]
    if kind is Kind.BOOKMARKS:
        ids = [queries.local_post_id(tx, wish.uri) for wish in wishes]
        return [(str(number), "") if number else ("", _NO_POST) for number in ids]
    people = [_split(wish.address) for wish in wishes]
    names = [name for name, domain in people if domain in ("", tx.settings.domain)]
    here = {
        found.username_key: found
        for found in list_accounts_by_name(tx, names)
        if not found.pending and found.suspended_at is None
    }
    meant = []
    for wish, (name, domain) in zip(wishes, people, strict=True):
        target = here.get(name)
        if not name:
            meant.append(("", _NO_ADDRESS))
        elif domain not in ("", tx.settings.domain):
            meant.append(("", _ELSEWHERE))
        elif target is None:
            meant.append(("", _NOBODY))
        elif kind is Kind.LISTS:
            meant.append((_listing(wish.title, target.id), ""))
        else:
            meant.append((str(target.id), _YOURSELF if target.id == account.id else ""))
    return meant


def _split(address: str) -> tuple[str, str]:
    name, _, domain = address.strip().removeprefix("@").lower().partition("@")
    return name, domain


def _listing(title: str, account_id: int) -> str:
    return f"{account_id} {title.strip()}"


def apply_rows(tx: Tx, import_id: ImportId) -> bool:
    """Brings the next lines in; whether there may be more. A line that is refused says why."""
    found = queries.find_import(tx, import_id, lock=True)
    if found is None or found.state != State.RUNNING:
        return False
    rows = queries.list_rows(tx, import_id, RowState.WAITING, limit=ROWS)
    account = get_account(tx, found.account_id)
    before = found.done
    for row in _in_time(rows):
        state, reason = RowState.DONE, ""
        try:
            _grant(tx, account, Kind(found.kind), row)
        except Refusal as refusal:
            state, reason = RowState.FAILED, refusal.sentence
            found.failed += 1
        found.done += 1
        tx.run(_SET_ROW, of_id=import_id, at=row.position, new_state=state, new_reason=reason)
    _save(tx, found)
    return found.done < before + len(rows) or len(rows) == ROWS


def _in_time(found: Sequence[T]) -> Iterator[T]:
    """Those for which one transaction has time: the first, and others while it is short."""
    ends = time.monotonic() + STEP_S
    for number, each in enumerate(found):
        if number and time.monotonic() > ends:
            return
        yield each


def _grant(tx: Tx, account: Account, kind: Kind, row: ImportRow) -> None:
    wish = msgspec.json.decode(row.data, type=Wish)
    if kind is Kind.DOMAIN_BLOCKS:
        boundaries.block_domain(tx, account.id, row.target)
        return
    number = int(row.target.partition(" ")[0])
    if kind is Kind.BOOKMARKS:
        bookmark_post(tx, account.id, number)
        return
    target = get_account(tx, number)
    if kind is Kind.FOLLOWING:
        options = FollowOptions(
            show_boosts=wish.show_boosts, notify=wish.notify, languages=wish.languages
        )
        relationships.follow(tx, get_account(tx, account.id), target, options=options)
    elif kind is Kind.BLOCKS:
        boundaries.block(tx, account.id, target.id)
    elif kind is Kind.MUTES:
        hide = wish.hide_notifications
        boundaries.mute(tx, account.id, target.id, hide_notifications=hide)
    else:
        _put_on_list(tx, account, target, check_title(wish.title))


def _put_on_list(tx: Tx, account: Account, target: Account, title: str) -> None:
    """Who is put on a list is followed, as lists want it; NotFollowedForList where they have to
    agree to it first."""
    if target.id != account.id and not list_followed_among(tx, account.id, [target.id]):
        relationships.follow(tx, get_account(tx, account.id), target)
    named = [one for one in list_lists(tx, account.id) if one.title == title]
    found = named[0] if named else lists.create_list(tx, account.id, title=title)
    try:
        lists.add_members(tx, found, [target.id])
    except AlreadyListed:
        return


def replace_some(tx: Tx, import_id: ImportId) -> bool:
    """Takes back some of what is here and not in the file; whether there may be more."""
    found = queries.find_import(tx, import_id, lock=True)
    if found is None or found.state != State.RUNNING or not found.replaces:
        return False
    kind, account_id = Kind(found.kind), found.account_id
    if kind is Kind.LISTS:
        return _replace_list(tx, found)
    lines = list_lines(tx, kind, account_id, after_id=found.after_id, limit=ROWS)
    subjects = [line.domain if kind is Kind.DOMAIN_BLOCKS else str(line.of_id) for line in lines]
    named = queries.list_targets(tx, import_id, sorted(set(subjects)))
    for line, subject in _in_time(list(zip(lines, subjects, strict=True))):
        if subject not in named:
            _take_back(tx, account_id, kind, subject)
        found.after_id = line.id
    _save(tx, found)
    return bool(lines) and (found.after_id < lines[-1].id or len(lines) == ROWS)


def _take_back(tx: Tx, account_id: AccountId, kind: Kind, subject: str) -> None:
    if kind is Kind.DOMAIN_BLOCKS:
        boundaries.unblock_domain(tx, account_id, subject)
    elif kind is Kind.BOOKMARKS:
        unbookmark_post(tx, account_id, int(subject))
    elif kind is Kind.FOLLOWING:
        relationships.unfollow(tx, account_id, AccountId(int(subject)))
    elif kind is Kind.BLOCKS:
        boundaries.unblock(tx, account_id, AccountId(int(subject)))
    elif kind is Kind.MUTES:
        boundaries.unmute(tx, account_id, AccountId(int(subject)))


def _replace_list(tx: Tx, found: Import) -> bool:
    """The next list: without those whom the file does not put on it; one left empty goes."""
    rest = [one for one in list_lists(tx, found.account_id) if one.id > found.after_id]
    if not rest:
        return False
    one, after = rest[0], 0
    gone: list[AccountId] = []
    stays = False
    while lines := list_listed(tx, one.id, after_id=after, limit=500):
        by_target = {_listing(one.title, line.of_id): AccountId(line.of_id) for line in lines}
        named = queries.list_targets(tx, found.id, sorted(by_target))
        gone += [account_id for target, account_id in by_target.items() if target not in named]
        stays = stays or bool(named)
        after = lines[-1].id
    removed = 0
    if stays:
        for account_id in _in_time(gone):
            lists.remove_members(tx, one, [account_id])
            removed += 1
    else:
        lists.delete_list(tx, one)
    if not stays or removed == len(gone):
        found.after_id = one.id
    _save(tx, found)
    return True


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A post of an archive with its media taken in: `position` in the archive, what was lost."""

    position: int
    post: Incoming | None = None
    media_ids: tuple[int, ...] = ()
    lost: Lost | None = None
    reason: str = ""


def import_some(tx: Tx, import_id: ImportId, upto: int, ready: Sequence[Ready]) -> bool:
    """Brings the next posts of an archive in, up to but not including a position; whether to go
    on. Those that are here already are passed over, those that are refused say why.
    """
    found = queries.find_import(tx, import_id, lock=True)
    if found is None or found.state != State.RUNNING:
        return False
    account = get_account(tx, found.account_id)
    for one in ready:
        if one.position < found.position:
            continue
        reason = one.reason
        if one.post is not None:
            try:
                _import_post(tx, account, one, one.post)
            except Refusal as refusal:
                reason = refusal.sentence
        # What is broken is looked at as well, and was counted as a post; boosts were not.
        found.done += one.post is not None or one.lost is not None
        if reason:
            found.failed += 1
            lost = one.lost or _lost(one.post)
            row = ImportRow(import_id, one.position, _encode(lost), "", RowState.FAILED, reason)
            tx.insert(_INSERT_ROW, row)
    found.position = max(found.position, upto)
    _save(tx, found)
    return True


def _lost(post: Incoming | None) -> Lost:
    return Lost(uri=post.uri, text=post.text[:_NAME_CHARS]) if post else Lost()


def _import_post(tx: Tx, account: Account, one: Ready, post: Incoming) -> None:
    known = queries.list_imported(tx, account, [post.uri, post.parent_uri, post.quoted_uri])
    if post.uri in known:
        return
    parent_id = known.get(post.parent_uri)
    quoted_id = _find_quoted(tx, post, known.get(post.quoted_uri))
    text = post.text
    if post.quoted_uri and quoted_id is None and post.quoted_uri not in text:
        text = f"{text}\n\n{post.quoted_uri}".strip()
    made = posts.import_post(
        tx,
        account,
        PastPost(
            at=post.at,
            order=one.position,
            text=text,
            edited_at=post.edited_at,
            spoiler_text=post.spoiler_text,
            visibility=post.visibility,
            language=post.language,
            sensitive=post.sensitive,
            parent_id=parent_id,
            answers_others=bool(post.parent_uri) and parent_id is None,
            quoted_id=quoted_id,
            media_ids=one.media_ids,
            poll=post.poll,
        ),
    )
    tx.run(_REMEMBER, account_id=account.id, uri=post.uri, post_id=made.id)


def pin_again(tx: Tx, import_id: ImportId, uris: Sequence[str]) -> None:
    """Puts posts that came from elsewhere on top of the profile again, as many as there is room."""
    found = queries.find_import(tx, import_id, lock=True)
    if found is None or found.state != State.RUNNING:
        return
    account = get_account(tx, found.account_id)
    known = queries.list_imported(tx, account, list(uris))
    for uri in uris:
        if uri in known:
            with contextlib.suppress(Refusal):
                pin_post(tx, account.id, known[uri])


def _find_quoted(tx: Tx, post: Incoming, quoted_id: PostId | None) -> PostId | None:
    """Which of one's own posts a post quotes here: one that all its readers may read."""
    found = list_posts(tx, [quoted_id] if quoted_id else [])
    fine = [
        p.id for p in found.values() if p.visibility <= max(post.visibility, Visibility.UNLISTED)
    ]
    return fine[0] if fine else None


def forget_post(tx: Tx, post_id: PostId) -> None:
    """A post that came from elsewhere is gone; it may be brought in anew."""
    tx.run(_FORGET_POST, post_id=post_id)


def drop_expired(tx: Tx) -> bool:
    """Forgets some of the imports that nobody asks for any more; whether any may be left."""
    found = queries.list_expired_imports(tx)
    for one in found[:1]:
        _forget_some_of(tx, one)
    return bool(found)


def forget_some(tx: Tx, account_id: AccountId, *, limit: int = 500) -> bool:
    """Forgets some of what an account that goes has brought in; whether any may be left."""
    for one in queries.list_imports(tx, account_id)[:1]:
        _forget_some_of(tx, one, limit=limit)
        return True
    return bool(tx.run(_FORGET_ORIGINS, account_id=account_id, limit=limit))


def _forget_some_of(tx: Tx, one: Import, *, limit: int = 500) -> None:
    if not tx.run(_FORGET_ROWS, import_id=one.id, limit=limit):
        erase_files(tx, [one.key])
        tx.run(_FORGET, import_id=one.id)
