"""Measures detection: events per CPU-second with 5, 50 and 500 detectors, a backtest, and pictures.

    python bench/detection.py [--events 20000] [--backtest 100000] [--pictures 100000]
                              [--json results.json]

Of ten detectors four look for words (50 entries each), two for a pattern, two ask for words and the
account, two for numbers alone. Posts have 305 characters; one in five has a link, one in five is
Chinese or holds other letters than ASCII. What is counted begins with a post and its author as
values and ends with the findings: folding, searching, facts, conditions.
"""

import argparse
import json
import random
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import msgspec
from PIL import Image
from rich.console import Console
from rich.table import Table

from folkmoot.domain.accounts.actions import create_account
from folkmoot.domain.deeds.model import Author, Deed, Event, Medium
from folkmoot.domain.deeds.queries import deeds_of_past, list_past
from folkmoot.domain.detection.actions import record_stretch, save_detector, start_backtest
from folkmoot.domain.detection.jobs import set_up, try_stretch
from folkmoot.domain.detectors.model import Engine, read_detector
from folkmoot.domain.posts.tables import posts as posts_table
from folkmoot.kit.clock import DAY
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.db.schema import migrate
from folkmoot.kit.ids import first_at
from folkmoot.kit.pdq import hash_picture
from folkmoot.kit.settings import DatabaseSettings, Settings

SIZES = {5: 60_000, 50: 40_000, 500: 20_000}
CHARS = 305
NOW = 2_000 * DAY
WORDS_EACH = 50
# fmt: off
_SYLLABLES = [
    "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "qui", "ro", "su",
    "ta", "ve", "wi", "xo", "ya", "zu", "ster", "men", "tion", "al",
]
# fmt: on
_HAN = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下"

_FILE = """
name = "bench-{number}"
title = "Measured detector {number}"
description = "Looks for what the benchmark makes; it does not ship with the program."
rule = "spam-1"
condition = '''{condition}'''
{parts}
[effect]
do = "open-case"
[[tests]]
text = "{hit}"
match = true
{facts}
[[tests]]
text = "nothing of the kind"
match = false
account.age_days = 999
"""


_PICTURES = """
name = "bench-pictures"
title = "Measured pictures"
description = "Looks for what the benchmark makes; it does not ship with the program."
rule = "spam-1"
condition = "found.known"
[media]
known = "list:known"
[effect]
do = "open-case"
[[tests]]
text = "found"
match = true
lists.known = ["{pdq}"]
media.hashes = ["{pdq}"]
[[tests]]
text = "left alone"
match = false
"""


def vocabulary(rng: random.Random) -> list[str]:
    made: set[str] = set()
    while len(made) < 20_000:
        made.add("".join(rng.choices(_SYLLABLES, k=rng.randint(1, 4))))
    return sorted(made, key=lambda word: (len(word), word))


def detector_source(number: int, rng: random.Random, vocabulary: list[str]) -> str:
    """The file of a detector by its number; the last digit says which kind."""
    rare = vocabulary[len(vocabulary) // 4 :]
    entries = [" ".join(rng.choices(rare, k=rng.choice((1, 1, 2, 3)))) for _ in range(WORDS_EACH)]
    words = f"[words]\nw = {json.dumps(entries)}"
    kind, low = number % 10, rng.randint(2, 30)
    facts = "account.age_days = 0\naccount.followers = 1\naccount.posts = 1"
    hit = f"x {entries[0]} y {entries[1]}"
    if kind < 4:
        conditions = ("found.w", "count.w >= 1", "found.w && text.words > 2", "count.w > 1")
        condition, parts = conditions[kind], words
    elif kind < 6:
        first, second = rng.choices(rare, k=2)
        condition, hit = "found.p", f"{first} 123 {second}"
        parts = f"[patterns]\np = '\\b{first} [0-9]{{2,6}}[a-z ]{{0,9}}{second}'"
    elif kind < 8:
        condition = f"found.w && account.age_days < {low} && account.followers < 50"
        parts = words
    elif kind == 8:
        condition = f"account.age_days < {low} && links.count >= 2 && account.followers < {low}"
        parts, hit = "", "https://a.example https://b.example"
    else:
        condition = f"text.capitals > 0.7 && text.chars > {low + 100} && account.posts < 20"
        parts, hit = "", "SHOUT " * 50
    return _FILE.format(number=number, condition=condition, parts=parts, hit=hit, facts=facts)


def posts(count: int, rng: random.Random, vocabulary: list[str]) -> Iterator[Deed]:
    """Posts as people write them: common words often, rare ones seldom (Zipf)."""
    weights = [1 / (place + 1) for place in range(len(vocabulary))]
    for number in range(count):
        text = " ".join(rng.choices(vocabulary, weights, k=90)).capitalize()
        if number % 5 == 1:
            text = f"https://{rng.choice(vocabulary)}.example/{number} {text}"
        if number % 5 == 2:
            text = (
                "".join(rng.choices(_HAN, k=60)) + "，" + text if number % 2 else "Ça va? " + text
            )
        author = Author(
            created_at=NOW - int(rng.expovariate(1 / (300 * DAY))),
            followers=int(rng.paretovariate(0.7)) - 1,
            following=rng.randint(0, 400),
            posts=rng.randint(1, 5_000),
        )
        yield Deed(Event.POST, NOW, author, text[:CHARS], language="en")


def measure(size: int, events: int, seed: int) -> dict[str, float]:
    rng = random.Random(seed)
    words = vocabulary(rng)
    started = time.process_time()
    detectors = [read_detector(detector_source(n, rng, words)) for n in range(size)]
    read = time.process_time() - started
    started = time.process_time()
    engine = Engine(detectors)
    built = time.process_time() - started
    deeds = list(posts(events, rng, words))
    for deed in posts(500, rng, words):
        engine.examine(deed)
    hits = 0
    started = time.process_time()
    for deed in deeds:
        hits += len(engine.examine(deed).hits)
    took = time.process_time() - started
    return {
        "detectors": size,
        "target_per_s": SIZES.get(size, 0),
        "events_per_cpu_s": events / took,
        "us_per_event": took / events * 1e6,
        "hits_per_event": hits / events,
        "read_s": read,
        "build_s": built,
    }


def pictures(count: int, events: int, seed: int) -> dict[str, float]:
    """A matching list of so many pictures: what it takes to build, for each picture that is posted,
    and for posts without any; and hashing a picture of twelve million pixels.
    """
    rng = random.Random(seed)
    words = vocabulary(rng)
    detectors = [read_detector(detector_source(n, rng, words)) for n in range(50)]
    deeds = list(posts(events, rng, words))
    listed = [f"{rng.getrandbits(256):064x}" for _ in range(count)]
    source = _PICTURES.format(pdq=listed[0])
    without = per_deed(Engine(detectors), deeds)
    tracemalloc.start()
    engine = Engine([*detectors, read_detector(source)], {"known": listed})
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    started = time.process_time()
    engine = Engine([*detectors, read_detector(source)], {"known": listed})
    built = time.process_time() - started
    beside = per_deed(engine, deeds)
    shown = [
        msgspec.structs.replace(
            deed, media=(Medium("image", "", (f"{rng.getrandbits(256):064x}",)),)
        )
        for deed in deeds
    ]
    looked = per_deed(engine, shown)
    image = Image.effect_noise((200, 150), 100).resize((4_000, 3_000), Image.Resampling.BICUBIC)
    started = time.process_time()
    hash_picture(image.convert("RGB"))
    return {
        "listed": count,
        "build_s": built,
        "kept_mb": kept / 1e6,
        "us_per_picture": looked - beside,
        "without_media_ratio": beside / without,
        "hash_ms": (time.process_time() - started) * 1e3,
    }


def per_deed(engine: Engine, deeds: list[Deed]) -> float:
    """Microseconds of CPU for each deed, the least of three times."""
    took = []
    for _ in range(3):
        started = time.process_time()
        for deed in deeds:
            engine.examine(deed)
        took.append(time.process_time() - started)
    return min(took) / len(deeds) * 1e6


def backtest(events: int, seed: int) -> dict[str, float]:
    """500 detectors at once on past posts that lie in a database, read as backtests read them; and
    the backtest of one of them, as its job does it, with the rest looking at what it finds.
    """
    rng = random.Random(seed)
    words = vocabulary(rng)
    sources = [detector_source(number, rng, words) for number in range(500)]
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database=DatabaseSettings(url=f"sqlite:///{folder}/bench.db"))
        migrate(settings)
        db = Database(settings)
        db.write_now(write_posts, list(posts(events, rng, words)))
        engine = Engine([read_detector(source) for source in sources])
        started = time.process_time()
        last: int | None = 0
        while last is not None:
            last = db.read_now(look, engine, last)
        all_at_once = time.process_time() - started
        db.write_now(lambda tx: [put_to_work(tx, source) for source in sources])
        state = db.write_now(start_backtest, "bench-0")
        bench = db.read_now(set_up, state)
        started = time.process_time()
        while state.finished_at is None:
            stretch = db.read_now(try_stretch, state, bench)
            state = db.write_now(record_stretch, state, stretch)
        one = time.process_time() - started
        db.close()
    return {
        "posts": state.seen,
        "all_cpu_s_per_million": all_at_once / state.seen * 1e6,
        "one_cpu_s_per_million": one / state.seen * 1e6,
    }


def look(tx: Tx, engine: Engine, after_id: int) -> int | None:
    """The next thousand posts; the id of the last of them, or None when there are no more."""
    past = list_past(tx, after_id=after_id, until_id=first_at(tx.now), limit=1_000)
    for deed in deeds_of_past(tx, past):
        engine.examine(deed)
    return past[-1].id if past else None


def write_posts(tx: Tx, deeds: list[Deed]) -> None:
    """Public posts of a thousand accounts, an hour apart at most."""
    for number in range(1_000):
        create_account(tx, f"member{number}", base_url="https://bench.example")
    authors = tx.script("SELECT id FROM accounts ORDER BY id")
    start = tx.now - len(deeds)
    columns = [column.name for column in posts_table.columns]
    marks = ", ".join(f":{column}" for column in columns)
    statement = f"INSERT INTO posts ({', '.join(columns)}) VALUES ({marks})"
    for number, deed in enumerate(deeds):
        at = start + number
        row = dict.fromkeys(columns, 0)
        row |= dict.fromkeys(("html", "spoiler_text", "quote_state", "quote_policy", "url"), "")
        row |= dict.fromkeys(("in_reply_to_id", "in_reply_to_account_id", "boost_of_id"), None)
        row |= dict.fromkeys(("quote_of_id", "poll_id", "card_id", "pinned_at", "edited_at"), None)
        row |= {"id": first_at(at), "author_id": authors[number % 1_000][0], "text": deed.body}
        row |= {"thread_id": first_at(at), "language": "en", "mentions": "[]", "tags": "[]"}
        row |= {"uri": str(number), "created_at": at, "rev": 1, "local": True, "app_id": None}
        tx.script(statement, **row)


def put_to_work(tx: Tx, source: str) -> None:
    saved = save_detector(tx, None, source=source, note="bench")
    if saved.detector.name != "bench-0":
        tx.script("UPDATE detectors SET state = 'shadow' WHERE id = :id", id=saved.detector.id)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--backtest", type=int, default=100_000, help="past posts; 0 for none")
    parser.add_argument("--pictures", type=int, default=100_000, help="on a list; 0 for none")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    results = [measure(size, args.events, args.seed) for size in SIZES]
    table = Table(
        "detectors",
        "target",
        "events per CPU-second",
        "µs each",
        "hits each",
        "reading s",
        "building s",
    )
    for row in results:
        table.add_row(
            str(row["detectors"]),
            f"{row['target_per_s']:,}",
            f"{row['events_per_cpu_s']:,.0f}",
            f"{row['us_per_event']:.1f}",
            f"{row['hits_per_event']:.3f}",
            f"{row['read_s']:.2f}",
            f"{row['build_s']:.2f}",
        )
    Console().print(table)
    past = backtest(args.backtest, args.seed) if args.backtest else None
    if past:
        Console().print(
            f"backtest on {past['posts']:,} posts, CPU-seconds a million: "
            f"500 detectors at once {past['all_cpu_s_per_million']:.0f} (target: 60), "
            f"one detector {past['one_cpu_s_per_million']:.0f}"
        )
    seen = pictures(args.pictures, args.events, args.seed) if args.pictures else None
    if seen:
        Console().print(
            f"{seen['listed']:,} pictures on a list: built in {seen['build_s']:.2f} s, "
            f"{seen['kept_mb']:.0f} MB, {seen['us_per_picture']:.0f} µs for each posted; "
            f"posts without media take {seen['without_media_ratio']:.2f} times as long as without "
            f"it. Hashing a picture of 12 million pixels takes {seen['hash_ms']:.0f} ms."
        )
    if args.json:
        found = {"events": results, "backtest": past, "pictures": seen}
        args.json.write_text(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
