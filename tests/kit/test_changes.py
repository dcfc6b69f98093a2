"""Comparing texts word by word."""

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from folkmoot.kit.text import Piece, compare_paragraphs, compare_words

texts = st.text(st.sampled_from("ab c,不要人 \n"), max_size=60)


def _side(pieces: tuple[Piece, ...], leave: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind != leave)


@given(texts, texts)
def test_each_text_can_be_read_out_of_the_pieces(old: str, new: str) -> None:
    pieces = compare_words(old, new)
    assert _side(pieces, "new") == old
    assert _side(pieces, "gone") == new
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


def test_words_that_changed_stand_out() -> None:
    assert compare_words("Do not harass people.", "Do not pursue people.") == (
        Piece("same", "Do not "),
        Piece("gone", "harass"),
        Piece("new", "pursue"),
        Piece("same", " people."),
    )


def test_neighbouring_changes_are_one() -> None:
    assert compare_words("a big red barn", "a tiny green barn") == (
        Piece("same", "a "),
        Piece("gone", "big red"),
        Piece("new", "tiny green"),
        Piece("same", " barn"),
    )


def test_chinese_is_compared_by_character() -> None:
    assert compare_words("不要骚扰他人", "不要打扰他人") == (
        Piece("same", "不要"),
        Piece("gone", "骚"),
        Piece("new", "打"),
        Piece("same", "扰他人"),
    )


def test_paragraphs_come_go_and_change() -> None:
    old = "# Terms\n\nBe good\nto all.\n\n- one\n- two\n\nThe end."
    new = "# Terms\n\nBe kind to all.\n\n- one\n- two\n- three\n\nThe end."
    rows = compare_paragraphs(old, new)
    assert rows[0] == (Piece("same", "# Terms"),)
    assert rows[1] == (
        Piece("same", "Be "),
        Piece("gone", "good"),
        Piece("new", "kind"),
        Piece("same", " to all."),
    )
    assert (Piece("new", "- three"),) in rows
    assert rows[-1] == (Piece("same", "The end."),)


def test_long_texts_take_bearable_time() -> None:
    started = time.perf_counter()
    compare_words("a b " * 25_000, "b a " * 25_000)
    compare_paragraphs("x\n\n" * 30_000, "x\n\ny\n\n" * 15_000)
    assert time.perf_counter() - started < 5
