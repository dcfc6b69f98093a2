import asyncio

import pytest
from argon2 import PasswordHasher

from folkmoot.kit import passwords


def test_a_password_is_the_one_behind_its_hash() -> None:
    made = asyncio.run(passwords.hash_password("a lantern"))
    assert made.startswith("$argon2id$")
    assert asyncio.run(passwords.verify_password(made, "a lantern"))
    assert not asyncio.run(passwords.verify_password(made, "a Lantern"))
    for nothing in (None, "", "garbage"):
        assert not passwords.verify_now(nothing, "nobody's password")


def test_weaker_hashes_are_outdated() -> None:
    assert not passwords.is_outdated(passwords.hash_now("a lantern"))
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("a lantern")
    assert passwords.is_outdated(weak)
    assert passwords.verify_now(weak, "a lantern")


def test_a_crowd_is_turned_away_instead_of_piling_up() -> None:
    async def crowd() -> list[object]:
        many = [passwords.verify_password("$argon2id$none", "x") for _ in range(200)]
        return await asyncio.gather(*many, return_exceptions=True)

    outcomes = asyncio.run(crowd())
    assert outcomes.count(False) == 64
    assert all(isinstance(o, passwords.SignInsBusy) for o in outcomes if o is not False)


def test_an_unknown_name_takes_as_long_as_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(passwords, "_decoy", lambda: asked.append(1) or "$argon2id$none")
    passwords.verify_now(None, "x")
    assert asked == [1]
