"""Fills a database for the benchmarks: U accounts, each following F others, and P posts.

Everything goes through the rooms' own actions, so that feeds, counts, notifications and the
search index are what a living instance has. Deterministic for the same numbers.
"""

import asyncio
import random
import time
from collections.abc import Iterator

from folkmoot import wiring
from folkmoot.domain.accounts.actions import create_account
from folkmoot.domain.accounts.model import Account, AccountId
from folkmoot.domain.auth.actions import create_user
from folkmoot.domain.feeds.queries import list_fresh
from folkmoot.domain.interactions.actions import favourite_post
from folkmoot.domain.oauth.actions import issue_token
from folkmoot.domain.posts.actions import publish_post
from folkmoot.domain.posts.model import Draft, Post, PostId
from folkmoot.domain.relationships.actions import follow
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.db.schema import migrate
from folkmoot.kit.settings import Settings

SCOPES = "read write follow push"
BATCH = 250
WORDS = (
    *("river", "market", "bread", "lantern", "quiet", "winter", "garden", "bicycle"),
    *("harbour", "letter", "morning", "kettle", "violin", "orchard", "window", "station"),
    *("paper", "thunder", "meadow", "copper", "island", "journey", "candle", "bridge"),
)


def token(number: int) -> str:
    """The token of the account with a number."""
    return f"bench-{number}"


def seed(settings: Settings, *, users: int, follows: int, posts: int) -> None:
    """Creates the data in an empty database."""
    migrate(settings)
    db = Database(settings, facts=wiring.facts())
    dice = random.Random(1)
    accounts = [a for part in _chunks(range(users)) for a in db.write_now(_people, part)]
    for part in _chunks(range(users)):
        db.write_now(_follow, accounts, [(n, _others(dice, n, users, follows)) for n in part])
    made: list[PostId] = []
    written: dict[AccountId, list[PostId]] = {account.id: [] for account in accounts}
    for part in _chunks(range(posts)):
        fresh = db.write_now(_posts, accounts, made[-200:], part, random.Random(part[0]))
        made += [post.id for post in fresh]
        for post in fresh:
            written[post.author_id].append(post.id)
    db.write_now(_thread, accounts)
    for part in _chunks(range(users)):
        db.write_now(_favourites, accounts, written, part)
    # What links lead to is fetched from elsewhere, once: in a measurement it would be noise.
    db.write_now(lambda tx: tx.script("DELETE FROM jobs WHERE kind = 'cards.fetch'"))
    db.close()
    _live(settings)


def _chunks(numbers: range) -> Iterator[range]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]


def _others(dice: random.Random, number: int, users: int, count: int) -> list[int]:
    chosen = dice.sample(range(users), min(count + 1, users))
    return [other for other in chosen if other != number][:count]


def _people(tx: Tx, numbers: range) -> list[Account]:
    made = []
    for number in numbers:
        name = f"person{number}"
        account = create_account(
            tx, name, base_url=tx.settings.server.base_url, display_name=f"Person {number}"
        )
        create_user(tx, account.id, email=f"{name}@example.test")
        issue_token(tx, 1, account_id=account.id, scopes=SCOPES, token=token(number))
        made.append(account)
    return made


def _follow(tx: Tx, accounts: list[Account], who: list[tuple[int, list[int]]]) -> None:
    for number, others in who:
        for other in others:
            follow(tx, accounts[number], accounts[other])


def _posts(
    tx: Tx, accounts: list[Account], recent: list[PostId], numbers: range, dice: random.Random
) -> list[Post]:
    made: list[Post] = []
    for number in numbers:
        words = " ".join(dice.choice(WORDS) for _ in range(25))
        mention = accounts[dice.randrange(len(accounts))].username
        text = f"Number {number}: {words} #{dice.choice(WORDS)} https://example.com/{number}"
        pool = recent + [post.id for post in made]
        reply = dice.choice(pool) if pool and dice.random() < 0.1 else None
        draft = Draft(
            text=f"@{mention} {text}" if dice.random() < 0.2 else text,
            language="en",
            in_reply_to_id=reply,
        )
        made.append(publish_post(tx, dice.choice(accounts), draft=draft))
    return made


def _thread(tx: Tx, accounts: list[Account]) -> None:
    """One thread of twenty posts, begun by the first account."""
    first = publish_post(tx, accounts[0], draft=Draft(text="A thread of twenty", language="en"))
    above = first.id
    for number in range(1, 20):
        draft = Draft(text=f"Answer {number}", language="en", in_reply_to_id=above)
        made = publish_post(tx, accounts[number % len(accounts)], draft=draft)
        above = made.id if number % 3 else first.id


def _favourites(
    tx: Tx, accounts: list[Account], written: dict[AccountId, list[PostId]], numbers: range
) -> None:
    """Forty notifications for each account, of up to 25 posts of its own: more than a page, one
    by one as well as grouped, whatever the size."""
    for number in numbers:
        posts = written[accounts[number].id][-25:]
        for step in range(40 if posts else 0):
            fan = accounts[(number + 1 + step // len(posts)) % len(accounts)]
            favourite_post(tx, fan.id, posts[step % len(posts)])


def _live(settings: Settings) -> None:
    """Does what an instance does by itself in its first hours: settles and cuts feeds, computes
    trends, gathers the planner's statistics."""
    app = wiring.build_app(settings)
    worker = wiring.build_worker(app)
    while asyncio.run(worker.run_due()) or app.db.read_now(list_fresh, 1):
        time.sleep(0.2)  # what is posted is settled a second later
    app.db.write_now(lambda tx: tx.script("ANALYZE"))
    app.context.close()
    app.db.close()
