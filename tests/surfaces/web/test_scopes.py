"""Every scope of the client API is told in plain words."""

from __future__ import annotations

import pytest

from folkmoot.domain.oauth.model import SCOPES
from folkmoot.surfaces.web.scopes import describe_scopes, name_scopes


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_has_words_of_its_own(scope: str) -> None:
    (told,) = describe_scopes([scope])
    assert told.text[0].isupper()
    assert ":" not in told.text.replace("allows:", "").replace("are:", "")
    assert "_" not in told.text
    assert told.grave is scope.startswith("admin:")


def test_no_two_scopes_are_told_alike() -> None:
    told = [describe_scopes([scope])[0].text for scope in SCOPES]
    assert len(set(told)) == len(told)


def test_a_part_is_not_told_beside_the_whole() -> None:
    told = describe_scopes(
        ["read", "read:statuses", "write:media", "admin:read", "admin:read:reports"]
    )
    assert [permission.icon for permission in told] == ["public", "image", "scales"]


def test_words_can_stand_in_a_sentence() -> None:
    assert name_scopes(["push"]) == ("send you push messages",)
