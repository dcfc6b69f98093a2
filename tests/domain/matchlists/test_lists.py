"""Lists of others: read, compared, imported, undone, and what they may never touch."""

from typing import Any

import pytest

from folkmoot.domain.matchlists import actions, queries
from folkmoot.domain.matchlists.model import (
    AlreadyUndone,
    ChangeNotFound,
    ColumnMissing,
    CoveredByAnother,
    Format,
    Kind,
    ListExists,
    ListInvalid,
    ListNotFound,
    SourceMissing,
    TooManyEntries,
    read_list,
)
from folkmoot.domain.transparency.queries import list_entries
from folkmoot.kit.criteria import EntryInvalid
from folkmoot.kit.db import Database, Page

FROM = "https://lists.example/phishing.txt"


@pytest.fixture
def phishing(db: Database) -> Any:
    return db.write_now(
        actions.create_list, name="phishing", kind=Kind.DOMAINS, description="Sites that steal."
    )


def put(db: Database, text: str, form: Format = Format.PLAIN, **more: Any) -> Any:
    return db.write_now(
        actions.import_list, None, "phishing", text=text, form=form, source=FROM, **more
    )


def entries(db: Database) -> dict[str, str]:
    the_list = db.read_now(queries.get_list, "phishing")
    return {one.entry: one.reason for one in db.read_now(queries.list_entries, the_list)}


def test_plain_lists() -> None:
    listed = read_list(
        "# a list\n\nEvil.example # steals passwords\n*.bad.example\nno domain\n"
        "bücher.example\nx\n",
        Format.PLAIN,
        Kind.DOMAINS,
    )
    assert listed.entries == {
        "evil.example": "steals passwords",
        "bad.example": "",
        "xn--bcher-kva.example": "",
    }
    assert [(one.line, one.text) for one in listed.refused] == [(5, "no domain"), (7, "x")]


def test_hosts_files() -> None:
    text = (
        "127.0.0.1 localhost\n::1 ip6-localhost\n0.0.0.0 evil.example worse.example # phishing\n"
        "0.0.0.0 0.0.0.0\n0.0.0.0\n"
    )
    listed = read_list(text, Format.HOSTS, Kind.DOMAINS)
    assert listed.entries == {"evil.example": "phishing", "worse.example": "phishing"}
    assert [one.line for one in listed.refused] == [5]


def test_comma_separated_lists_as_servers_of_the_kind_export_them() -> None:
    text = (
        '\ufeff#domain,#severity,#public_comment\nevil.example,suspend,"phishing, badly"\n'
        "short\nshort.example\n"
    )
    listed = read_list(text, Format.CSV, Kind.DOMAINS)
    assert listed.entries == {"evil.example": "phishing, badly", "short.example": ""}
    assert [(one.line, one.text) for one in listed.refused] == [(3, "short")]
    for text in ("", "a,b\nevil.example,x\n"):
        with pytest.raises(ColumnMissing):
            read_list(text, Format.CSV, Kind.DOMAINS)


def test_words_keep_their_stars_and_lose_their_case() -> None:
    listed = read_list("Free  Money\nSCAM*\n*Coin\n*\nx\n助记词", Format.PLAIN, Kind.WORDS)
    assert list(listed.entries) == ["free money", "scam*", "*coin", "助记词"]
    assert [one.line for one in listed.refused] == [4, 5]


PICTURE = "0e23dc539d89dd9b5dabd45b9d45b4540d89d1ab55abd8bb9b8964b226642264"


def turned(bits: int) -> str:
    """The picture's hash with so many bits turned."""
    return f"{int(PICTURE, 16) ^ ((1 << bits) - 1):064x}"


def test_pictures_are_kept_in_one_spelling() -> None:
    text = f"# ours\n{PICTURE.upper()} # seen twice\n{PICTURE[:-1]}\nhttps://a.example/b.jpg\n"
    listed = read_list(text, Format.PLAIN, Kind.MEDIA)
    assert listed.entries == {PICTURE: "seen twice"}
    assert [(one.line, "64 hexadecimal" in one.problem) for one in listed.refused] == [
        (3, True),
        (4, True),
    ]
    for heading in ("pdq", "Hash", "entry"):
        listed = read_list(f"id,{heading},reason\n7,{PICTURE},why\n", Format.CSV, Kind.MEDIA)
        assert listed.entries == {PICTURE: "why"}
    listed = read_list(f"hash,pdq\nmd5,{PICTURE}\n", Format.CSV, Kind.MEDIA)
    assert list(listed.entries) == [PICTURE]


def test_a_list_of_pictures_lives_as_others_do(db: Database, phishing: Any) -> None:
    """Imported with its difference, undone; what is allowed keeps off all that look like it."""
    db.write_now(actions.create_list, name="known", kind=Kind.MEDIA, description="Ours.")

    def put(*hashes: str, **more: Any) -> Any:
        text = "\n".join(hashes)
        return db.write_now(
            actions.import_list, None, "known", text=text, form=Format.PLAIN, source="us", **more
        )

    def held() -> set[str]:
        the_list = db.read_now(queries.get_list, "known")
        return {one.entry for one in db.read_now(queries.list_entries, the_list)}

    put(PICTURE, turned(31), turned(200))
    second = put(turned(100), whole=True)
    assert (second.added, second.removed, held()) == (1, 3, {turned(100)})
    db.write_now(actions.allow_entry, None, "known", PICTURE.upper(), reason="our logo")
    db.write_now(actions.undo_import, None, "known", second.id)
    assert held() == {turned(200)}
    the_list = db.read_now(queries.get_list, "known")
    listed = read_list(f"{turned(31)}\n{turned(32)}", Format.PLAIN, Kind.MEDIA)
    plan = db.read_now(queries.plan_import, the_list, listed, whole=False)
    assert (set(plan.added), plan.allowed) == ({turned(32)}, (turned(31),))
    db.write_now(actions.allow_entry, None, "known", turned(205), reason="a mistake")
    assert held() == set()
    with pytest.raises(EntryInvalid):
        db.write_now(actions.allow_entry, None, "known", "a.example", reason="x")
    db.write_now(actions.disallow_entry, None, "known", PICTURE)
    put(turned(31))
    assert held() == {turned(31)}
    recorded = db.read_now(list_entries, Page(), kind="list-import")
    assert len(recorded) == 4
    assert all('"holds":"media-hashes"' in one.leaf for one in recorded)


def test_a_list_cannot_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("folkmoot.domain.matchlists.model.MAX_ENTRIES", 2)
    with pytest.raises(TooManyEntries):
        read_list("a.example\nb.example\nc.example", Format.PLAIN, Kind.DOMAINS)


def test_an_import_says_beforehand_what_it_does_and_does_just_that(
    db: Database, phishing: Any
) -> None:
    put(db, "a.example # one\nb.example")
    listed = read_list("b.example\nc.example # three\nnonsense", Format.PLAIN, Kind.DOMAINS)
    plan = db.read_now(queries.plan_import, phishing, listed, whole=True)
    assert (plan.added, plan.removed, plan.kept) == ({"c.example": "three"}, ("a.example",), 1)
    assert len(plan.refused) == 1
    change = put(db, "b.example\nc.example # three\nnonsense", whole=True)
    assert (change.added, change.removed, change.source) == (1, 1, FROM)
    assert len(change.digest) == 64
    assert entries(db) == {"b.example": "", "c.example": "three"}
    again = put(db, "c.example")
    assert (again.added, again.removed) == (0, 0)
    assert set(entries(db)) == {"b.example", "c.example"}


def test_an_import_can_be_undone_once(db: Database, phishing: Any) -> None:
    first = put(db, "a.example # one\nb.example")
    second = put(db, "b.example\nc.example", whole=True)
    undone = db.write_now(actions.undo_import, None, "phishing", second.id)
    assert entries(db) == {"a.example": "one", "b.example": ""}
    found = db.read_now(queries.find_entry, phishing, "a.example")
    assert found is not None
    assert found.change_id == first.id
    with pytest.raises(AlreadyUndone):
        db.write_now(actions.undo_import, None, "phishing", second.id)
    with pytest.raises(ChangeNotFound):
        db.write_now(actions.undo_import, None, "phishing", undone.id)
    changes = db.read_now(queries.list_changes, phishing, Page())
    assert [(one.kind, one.added, one.removed) for one in changes] == [
        ("undo", 1, 1),
        ("import", 1, 1),
        ("import", 2, 0),
    ]


def test_what_is_allowed_is_never_listed(db: Database, phishing: Any) -> None:
    first = put(db, "good.example\nsub.good.example\nevil.example")
    put(db, "evil.example", whole=True)
    put(db, "good.example\nsub.good.example")
    db.write_now(actions.allow_entry, None, "phishing", "good.example", reason="our library")
    assert set(entries(db)) == {"evil.example"}
    put(db, "good.example\nother.good.example\nfine.example")
    assert set(entries(db)) == {"evil.example", "fine.example"}
    db.write_now(actions.undo_import, None, "phishing", first.id)
    assert "good.example" not in entries(db)
    db.write_now(actions.disallow_entry, None, "phishing", "good.example")
    put(db, "good.example")
    assert "good.example" in entries(db)


def test_a_domain_that_would_catch_an_allowed_one_is_kept_out(db: Database, phishing: Any) -> None:
    db.write_now(actions.allow_entry, None, "phishing", "good.host.example", reason="a friend")
    listed = read_list("host.example\nbad.host.example", Format.PLAIN, Kind.DOMAINS)
    plan = db.read_now(queries.plan_import, phishing, listed, whole=False)
    assert (set(plan.added), plan.allowed) == ({"bad.host.example"}, ("host.example",))
    put(db, "evil.example")
    with pytest.raises(CoveredByAnother) as caught:
        db.write_now(actions.allow_entry, None, "phishing", "x.evil.example", reason="hm")
    assert "evil.example" in caught.value.sentence


def test_what_is_refused(db: Database, phishing: Any) -> None:
    with pytest.raises(ListExists):
        db.write_now(actions.create_list, name="phishing", kind=Kind.WORDS, description="x")
    for name, description in (("No", "x"), ("fine-name", " ")):
        with pytest.raises(ListInvalid):
            db.write_now(actions.create_list, name=name, kind=Kind.WORDS, description=description)
    with pytest.raises(SourceMissing):
        db.write_now(actions.import_list, None, "phishing", text="", form=Format.PLAIN, source=" ")
    with pytest.raises(SourceMissing):
        db.write_now(actions.allow_entry, None, "phishing", "a.example", reason="")
    with pytest.raises(EntryInvalid):
        db.write_now(actions.allow_entry, None, "phishing", "no domain", reason="x")
    with pytest.raises(ListNotFound):
        db.read_now(queries.get_list, "none-such")


def test_who_imported_is_forgotten_with_them(db: Database, phishing: Any, ada: Any) -> None:
    db.write_now(
        actions.import_list,
        ada.account.id,
        "phishing",
        text="a.example",
        form=Format.PLAIN,
        source=FROM,
    )
    db.write_now(actions.forget_account, ada.account.id)
    (change,) = db.read_now(queries.list_changes, phishing, Page())
    assert change.by_id is None
    assert set(entries(db)) == {"a.example"}
