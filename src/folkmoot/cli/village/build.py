"""Puts the village into an empty instance, through the same actions that its members would use."""

import io
from collections.abc import Iterator

import msgspec
from pyotp import TOTP

from folkmoot.cli.village.people import FOLLOWS, VILLAGERS, Villager
from folkmoot.cli.village.pictures import portrait, scene
from folkmoot.cli.village.talk import TALK, Saying
from folkmoot.cli.village.trouble import make_trouble
from folkmoot.cli.village.watch import keep_watch
from folkmoot.domain.accounts.actions import create_account, save_profile
from folkmoot.domain.accounts.model import Account, Field
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.actions import create_user, note_activity
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.factors.actions import begin_totp, confirm_totp
from folkmoot.domain.interactions.actions import favourite_post, pin_post, vote
from folkmoot.domain.media.jobs import accept_upload, store_avatar, store_header
from folkmoot.domain.media.model import Portrait
from folkmoot.domain.policy.actions import accept_in_force
from folkmoot.domain.polls.model import PollDraft
from folkmoot.domain.posts.actions import boost_post, publish_post
from folkmoot.domain.posts.model import Draft, PostId, Visibility
from folkmoot.domain.posts.queries import get_post
from folkmoot.domain.practice.actions import take_up_shipped
from folkmoot.domain.relationships.actions import accept_request, follow
from folkmoot.kit import clock
from folkmoot.kit.context import Context
from folkmoot.kit.db import Tx
from folkmoot.kit.text import field_html, note_html

OWNER = VILLAGERS[0].username
POLL_S = 7 * clock.DAY // clock.SECOND
VISIBILITIES = {
    "public": Visibility.PUBLIC,
    "unlisted": Visibility.UNLISTED,
    "private": Visibility.FOLLOWERS,
    "direct": Visibility.DIRECT,
}

People = dict[str, Account]


def email_of(username: str) -> str:
    """What a villager signs in with."""
    return f"{username}@village.example"


async def build_village(context: Context, *, password_hash: str) -> dict[str, list[str]]:
    """Fills an empty instance; every villager has the same password. Gives the recovery codes of
    those who have a role, which are their second step.
    """
    people = await context.db.write(_settle_in, password_hash)
    for villager in VILLAGERS:
        await _dress(context, people[villager.username], villager)
    await context.db.write(_introduce, people)
    said: dict[str, PostId] = {}
    for saying in TALK:
        media = await _picture(context, people[saying.who], saying)
        said[saying.key] = await context.db.write(_say, people[saying.who].id, saying, media, said)
    await context.db.write(_listen, people, said)
    await context.db.write(take_up_shipped)
    codes = await context.db.write(_secure, people)
    await context.db.write(make_trouble, people, said)
    await context.db.write(keep_watch, people["wren"].id)
    return codes


def _secure(tx: Tx, people: People) -> dict[str, list[str]]:
    """Gives whoever has a role a second factor, without which it would rest."""
    codes = {}
    for villager in VILLAGERS:
        if villager.role == "member":
            continue
        user = get_user(tx, people[villager.username].id)
        setup = begin_totp(tx, user, people[villager.username])
        code = TOTP(setup.secret).at(tx.now // clock.SECOND)
        codes[villager.username] = confirm_totp(tx, user, code)
    return codes


def _settle_in(tx: Tx, password_hash: str) -> People:
    people: People = {}
    for villager in VILLAGERS:
        account = create_account(
            tx,
            villager.username,
            base_url=tx.settings.server.base_url,
            display_name=villager.name,
            bot=villager.bot,
        )
        create_user(
            tx,
            account.id,
            email=email_of(villager.username),
            password_hash=password_hash,
            role=villager.role,
            locale=villager.language,
            default_language=villager.language,
        )
        accept_in_force(tx, account.id)
        people[villager.username] = account
    # They post and boost today, so the front page counts them as being here.
    note_activity(tx, {account.id: tx.now for account in people.values() if not account.bot})
    return people


async def _dress(context: Context, account: Account, villager: Villager) -> None:
    face = portrait(villager.look) if villager.look else scene(villager.scene, "face", width=400)
    avatar = await store_avatar(context, account.id, face)
    wide = scene(villager.scene, villager.username, width=1500, height=500)
    header = await store_header(context, account.id, wide)
    await context.db.write(_write_profile, account.id, villager, avatar, header)


def _write_profile(
    tx: Tx, account_id: int, villager: Villager, avatar: Portrait, header: Portrait
) -> None:
    base = tx.settings.server.base_url
    names = {v.username: f"{base}/@{v.username}" for v in VILLAGERS}
    fields = [
        Field(
            name=name,
            value=value,
            html=field_html(value, mention_url=names, tag_url=lambda tag: f"{base}/tags/{tag}"),
        )
        for name, value in villager.fields
    ]
    save_profile(
        tx,
        get_account(tx, account_id),
        note=villager.note,
        note_html=note_html(
            villager.note, mention_url=names, tag_url=lambda tag: f"{base}/tags/{tag}"
        ),
        fields=msgspec.json.encode(fields).decode(),
        avatar=avatar.key,
        avatar_static=avatar.static_key,
        header=header.key,
        header_static=header.static_key,
        locked=villager.locked,
        discoverable=True,
        indexable=True,
    )


def _introduce(tx: Tx, people: People) -> None:
    """Who follows whom; whoever is locked lets everybody in."""
    for one, other in _ties():
        follower = get_account(tx, people[one].id)
        followed = get_account(tx, people[other].id)
        follow(tx, follower, followed)
        if followed.locked:
            accept_request(tx, followed, follower)


def _ties() -> Iterator[tuple[str, str]]:
    for villager in VILLAGERS[1:]:
        yield villager.username, OWNER
        yield OWNER, villager.username
    for one, others in FOLLOWS.items():
        for other in others.split():
            yield one, other


async def _picture(context: Context, author: Account, saying: Saying) -> tuple[int, ...]:
    if not saying.picture:
        return ()
    data = scene(saying.picture, saying.key)
    attachment = await accept_upload(
        context, author.id, file=io.BytesIO(data), size=len(data), description=saying.alt
    )
    return (attachment.id,)


def _say(
    tx: Tx, author_id: int, saying: Saying, media: tuple[int, ...], said: dict[str, PostId]
) -> PostId:
    author = get_account(tx, author_id)
    poll = None
    if saying.poll:
        poll = PollDraft(
            options=saying.poll, expires_in_s=POLL_S, multiple="as many" in saying.text
        )
    draft = Draft(
        text=saying.text,
        spoiler_text=saying.warning,
        visibility=VISIBILITIES[saying.visibility],
        in_reply_to_id=said.get(saying.to),
        quote_of_id=said.get(saying.quotes),
        media_ids=media,
        poll=poll,
    )
    at = tx.now - saying.minutes * clock.MINUTE
    post = publish_post(tx, author, draft=draft, at=at)
    if saying.pinned:
        pin_post(tx, author.id, post.id)
    return post.id


def _listen(tx: Tx, people: People, said: dict[str, PostId]) -> None:
    """Favourites, boosts and votes."""
    for saying in TALK:
        post_id = said[saying.key]
        for name in saying.favourites.split():
            favourite_post(tx, people[name].id, post_id)
        for name in saying.boosts.split():
            booster = get_account(tx, people[name].id)
            boost_post(tx, booster, post_id, visibility=Visibility.PUBLIC)
        if saying.votes:
            poll_id = get_post(tx, post_id).poll_id
            for name, choice in saying.votes:
                vote(tx, people[name].id, poll_id or 0, [choice])
