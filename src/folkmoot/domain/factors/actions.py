"""Enrols, checks and removes second factors."""

import base64
import secrets
from typing import Any
from urllib.parse import urlsplit

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import Account, AccountId
from folkmoot.domain.auth.actions import save_user, send_notice
from folkmoot.domain.auth.model import Role, User
from folkmoot.domain.factors import queries
from folkmoot.domain.factors.model import (
    CHALLENGE_LIFE,
    MAX_PASSKEY_NAME,
    MAX_PASSKEYS,
    Ceremony,
    ChallengeId,
    CodeWrong,
    FactorFirst,
    FactorNeeded,
    NotBegun,
    Passkey,
    PasskeyId,
    PasskeyKnown,
    PasskeyNotFound,
    PasskeyRefused,
    Purpose,
    TooManyPasskeys,
    TotpSetup,
    hash_recovery_code,
    matching_step,
    new_recovery_codes,
)
from folkmoot.domain.factors.tables import (
    challenges,
    passkey_users,
    passkeys,
    recovery_codes,
    totp_secrets,
)
from folkmoot.kit import crypto
from folkmoot.kit.db import Tx, command, insert_all, param, rows, values
from folkmoot.kit.ids import new_id

_PURPOSE = "second factor secrets"


class _Challenge(msgspec.Struct):
    account_id: AccountId | None
    challenge: str


_INSERT_TOTP = insert_all(totp_secrets)
_FORGET_TOTP = command(
    sa.delete(totp_secrets).where(totp_secrets.c.account_id == param("account_id"))
)
_CONFIRM_TOTP = command(
    sa.update(totp_secrets)
    .where(totp_secrets.c.account_id == param("account_id"))
    .values(confirmed_at=param("now"))
)
# The condition makes a code good for one of two sign-ins at the same moment.
_USE_STEP = command(
    sa.update(totp_secrets)
    .where(
        totp_secrets.c.account_id == param("account_id"), totp_secrets.c.last_step < param("step")
    )
    .values(last_step=param("step"))
)
_INSERT_CODE = insert_all(recovery_codes)
_USE_CODE = command(
    sa.delete(recovery_codes).where(
        recovery_codes.c.account_id == param("account_id"), recovery_codes.c.hash == param("hash")
    )
)
_FORGET_CODES = command(
    sa.delete(recovery_codes).where(recovery_codes.c.account_id == param("account_id"))
)
_INSERT_PASSKEY = insert_all(passkeys)
_USED_PASSKEY = command(
    sa.update(passkeys)
    .where(passkeys.c.id == param("passkey_id"))
    .values(sign_count=param("count"), last_used_at=param("now"))
)
_NAME_PASSKEY = command(
    sa.update(passkeys)
    .where(passkeys.c.id == param("passkey_id"), passkeys.c.account_id == param("account_id"))
    .values(name=param("new_name"))
)
_REMOVE_PASSKEY = command(
    sa.delete(passkeys).where(
        passkeys.c.id == param("passkey_id"), passkeys.c.account_id == param("account_id")
    )
)
_FORGET_PASSKEYS = command(sa.delete(passkeys).where(passkeys.c.account_id == param("account_id")))
_HANDLE = values(
    sa.select(passkey_users.c.handle).where(passkey_users.c.account_id == param("account_id")), str
)
_INSERT_HANDLE = insert_all(passkey_users, or_ignore=True)
_FORGET_HANDLE = command(
    sa.delete(passkey_users).where(passkey_users.c.account_id == param("account_id"))
)
_INSERT_CHALLENGE = insert_all(challenges)
_TAKE_CHALLENGE = rows(
    sa.delete(challenges)
    .where(
        challenges.c.id == param("challenge_id"),
        challenges.c.purpose == param("purpose"),
        challenges.c.expires_at > param("now"),
    )
    .returning(challenges.c.account_id, challenges.c.challenge),
    _Challenge,
)
_FORGET_CHALLENGES = command(
    sa.delete(challenges).where(challenges.c.account_id == param("account_id"))
)
_SWEEP_CHALLENGES = command(sa.delete(challenges).where(challenges.c.expires_at <= param("now")))


def begin_totp(tx: Tx, user: User, account: Account) -> TotpSetup:
    """A new secret for an authenticator app; it counts once a code of it was shown."""
    from pyotp import TOTP, random_base32

    known = queries.find_totp(tx, user.account_id)
    if known is not None and known.confirmed_at is not None:
        raise NotBegun("An authenticator app is set up already: remove it first")
    secret = random_base32()
    key = crypto.derive(tx.settings.secrets.secret_key, _PURPOSE)
    tx.run(_FORGET_TOTP, account_id=user.account_id)
    tx.run(
        _INSERT_TOTP,
        account_id=user.account_id,
        sealed=crypto.seal(key, secret.encode(), bound_to=str(user.account_id)),
        created_at=tx.now,
        confirmed_at=None,
        last_step=0,
    )
    name = f"{account.username}@{tx.settings.domain}"
    uri = TOTP(secret).provisioning_uri(name=name, issuer_name=tx.settings.instance.title)
    return TotpSetup(secret, uri)


def find_begun_totp(tx: Tx, user: User, account: Account) -> TotpSetup | None:
    """The secret that waits for its first code, to show it again after a wrong one."""
    from pyotp import TOTP

    known = queries.find_totp(tx, user.account_id)
    if known is None or known.confirmed_at is not None:
        return None
    secret = _secret(tx, known)
    name = f"{account.username}@{tx.settings.domain}"
    uri = TOTP(secret).provisioning_uri(name=name, issuer_name=tx.settings.instance.title)
    return TotpSetup(secret, uri)


def confirm_totp(tx: Tx, user: User, code: str) -> list[str]:
    """Takes the app into use by its first code; CodeWrong, NotBegun.

    Returns recovery codes, to be shown once, if this is the first second factor; else nothing.
    """
    known = queries.find_totp(tx, user.account_id)
    if known is None or known.confirmed_at is not None:
        raise NotBegun
    if not _use_totp(tx, known, code):
        raise CodeWrong
    tx.run(_CONFIRM_TOTP, account_id=user.account_id, now=tx.now)
    return _enrolled(tx, user, "totp")


def check_totp(tx: Tx, account_id: AccountId, code: str) -> bool:
    """Whether a code of the member's app is right now and was not used before."""
    known = queries.find_totp(tx, account_id)
    return known is not None and known.confirmed_at is not None and _use_totp(tx, known, code)


def _use_totp(tx: Tx, known: queries.TotpSecret, code: str) -> bool:
    step = matching_step(_secret(tx, known), code, tx.now)
    return step is not None and tx.run(_USE_STEP, account_id=known.account_id, step=step) == 1


def _secret(tx: Tx, known: queries.TotpSecret) -> str:
    key = crypto.derive(tx.settings.secrets.secret_key, _PURPOSE)
    return crypto.open_sealed(key, known.sealed, bound_to=str(known.account_id)).decode()


def remove_totp(tx: Tx, user: User) -> None:
    """Takes the authenticator app out of use; FactorNeeded when a role needs it."""
    tx.run(_FORGET_TOTP, account_id=user.account_id)
    _removed(tx, user, "totp")


def renew_recovery_codes(tx: Tx, user: User) -> list[str]:
    """New codes, to be shown once; the old ones work no longer. FactorFirst without a factor."""
    if user.second_factor_at is None:
        raise FactorFirst
    return _new_codes(tx, user.account_id)


def check_recovery_code(tx: Tx, user: User, code: str) -> bool:
    """Whether a recovery code is right; it is used up then, and the member told."""
    if not tx.run(_USE_CODE, account_id=user.account_id, hash=hash_recovery_code(code)):
        return False
    left = queries.get_factors(tx, user.account_id).recovery_left
    send_notice(tx, user, "recovery_code_used", left=left)
    return True


def begin_passkey(tx: Tx, user: User, account: Account) -> Ceremony:
    """Options for a browser to make a passkey with (WebAuthn, 7.1)."""
    import webauthn
    from webauthn.helpers import structs

    known = queries.list_passkeys(tx, user.account_id)
    if len(known) >= MAX_PASSKEYS:
        raise TooManyPasskeys
    handle = tx.first(_HANDLE, account_id=user.account_id)
    if handle is None:
        handle = crypto.encode_key(secrets.token_bytes(32))
        tx.run(_INSERT_HANDLE, account_id=user.account_id, handle=handle)
    challenge = secrets.token_bytes(32)
    options = webauthn.generate_registration_options(
        rp_id=_rp_id(tx),
        rp_name=tx.settings.instance.title,
        user_id=crypto.decode_key(handle),
        user_name=account.username,
        user_display_name=account.display_name or account.username,
        challenge=challenge,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[_descriptor(passkey) for passkey in known],
    )
    return _begin(tx, user.account_id, Purpose.ENROL, challenge, webauthn.options_to_json(options))


def finish_passkey(
    tx: Tx, user: User, challenge_id: ChallengeId, credential: str, name: str
) -> list[str]:
    """Keeps the passkey that a browser made; NotBegun, PasskeyRefused, PasskeyKnown.

    Returns recovery codes, to be shown once, if this is the first second factor; else nothing.
    """
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    taken = _take(tx, challenge_id, Purpose.ENROL, user.account_id)
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=taken,
            expected_rp_id=_rp_id(tx),
            expected_origin=tx.settings.server.base_url,
        )
    except WebAuthnException as error:
        raise PasskeyRefused from error
    credential_id = crypto.encode_key(made.credential_id)
    if queries.find_passkey(tx, credential_id) is not None:
        raise PasskeyKnown
    passkey = Passkey(
        id=PasskeyId(new_id()),
        account_id=user.account_id,
        credential_id=credential_id,
        public_key=crypto.encode_key(made.credential_public_key),
        sign_count=made.sign_count,
        name=name.strip()[:MAX_PASSKEY_NAME] or "Passkey",
        created_at=tx.now,
        last_used_at=None,
    )
    tx.insert(_INSERT_PASSKEY, passkey)
    return _enrolled(tx, user, "passkey")


def begin_second_step(tx: Tx, account_id: AccountId) -> Ceremony:
    """Options for a browser to prove one of a member's passkeys, after the password."""
    known = queries.list_passkeys(tx, account_id)
    return _begin_proof(tx, account_id, Purpose.SECOND_STEP, known)


def begin_passkey_sign_in(tx: Tx) -> Ceremony:
    """Options for a browser to sign in by a passkey alone, whoever it belongs to."""
    return _begin_proof(tx, None, Purpose.SIGN_IN, [])


def check_passkey(
    tx: Tx, challenge_id: ChallengeId, credential: str, account_id: AccountId | None
) -> AccountId | None:
    """Whose passkey answered a challenge: `account_id`'s as a second step, by None anybody's as
    the whole sign-in, for which the device must have verified its user. None when it failed.
    """
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    purpose = Purpose.SIGN_IN if account_id is None else Purpose.SECOND_STEP
    passkey = queries.find_passkey(tx, _credential_id(credential))
    if passkey is None or (account_id is not None and passkey.account_id != account_id):
        return None
    try:
        proof = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=_take(tx, challenge_id, purpose, account_id),
            expected_rp_id=_rp_id(tx),
            expected_origin=tx.settings.server.base_url,
            credential_public_key=crypto.decode_key(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=account_id is None,
        )
    except (WebAuthnException, NotBegun):
        return None
    tx.run(_USED_PASSKEY, passkey_id=passkey.id, count=proof.new_sign_count, now=tx.now)
    return passkey.account_id


def rename_passkey(tx: Tx, user: User, passkey_id: int, name: str) -> None:
    """Gives a passkey another name."""
    named = name.strip()[:MAX_PASSKEY_NAME] or "Passkey"
    if not tx.run(_NAME_PASSKEY, passkey_id=passkey_id, account_id=user.account_id, new_name=named):
        raise PasskeyNotFound


def remove_passkey(tx: Tx, user: User, passkey_id: int) -> None:
    """Takes a passkey out of use; FactorNeeded when a role needs it."""
    if not tx.run(_REMOVE_PASSKEY, passkey_id=passkey_id, account_id=user.account_id):
        raise PasskeyNotFound
    _removed(tx, user, "passkey")


def reset_factors(tx: Tx, user: User) -> None:
    """Takes every factor out of use, for a member who lost them all; a role rests until a new
    one is enrolled.
    """
    _forget_enrolled(tx, user.account_id)
    save_user(tx, user, second_factor_at=None)
    send_notice(tx, user, "factors_removed")


def forget_factors(tx: Tx, account_id: AccountId) -> None:
    """Removes everything this room holds of an account."""
    _forget_enrolled(tx, account_id)
    tx.run(_FORGET_HANDLE, account_id=account_id)
    tx.run(_FORGET_CHALLENGES, account_id=account_id)


def sweep_challenges(tx: Tx) -> None:
    """Forgets challenges that ran out."""
    tx.run(_SWEEP_CHALLENGES, now=tx.now)


def _forget_enrolled(tx: Tx, account_id: AccountId) -> None:
    tx.run(_FORGET_TOTP, account_id=account_id)
    tx.run(_FORGET_CODES, account_id=account_id)
    tx.run(_FORGET_PASSKEYS, account_id=account_id)


def _enrolled(tx: Tx, user: User, what: str) -> list[str]:
    send_notice(tx, user, f"{what}_added")
    if user.second_factor_at is not None:
        return []
    save_user(tx, user, second_factor_at=tx.now)
    return _new_codes(tx, user.account_id)


def _removed(tx: Tx, user: User, what: str) -> None:
    left = queries.get_factors(tx, user.account_id)
    if not left.totp and not left.passkeys:
        if user.role != Role.MEMBER:
            raise FactorNeeded
        tx.run(_FORGET_CODES, account_id=user.account_id)
        save_user(tx, user, second_factor_at=None)
    send_notice(tx, user, f"{what}_removed")


def _new_codes(tx: Tx, account_id: AccountId) -> list[str]:
    codes = new_recovery_codes()
    tx.run(_FORGET_CODES, account_id=account_id)
    hashed = [{"account_id": account_id, "hash": hash_recovery_code(code)} for code in codes]
    tx.many(_INSERT_CODE, hashed)
    return codes


def _begin_proof(
    tx: Tx, account_id: AccountId | None, purpose: Purpose, known: list[Passkey]
) -> Ceremony:
    import webauthn
    from webauthn.helpers import structs

    wanted = structs.UserVerificationRequirement
    challenge = secrets.token_bytes(32)
    options = webauthn.generate_authentication_options(
        rp_id=_rp_id(tx),
        challenge=challenge,
        allow_credentials=[_descriptor(passkey) for passkey in known],
        user_verification=wanted.PREFERRED if account_id is not None else wanted.REQUIRED,
    )
    return _begin(tx, account_id, purpose, challenge, webauthn.options_to_json(options))


def _begin(
    tx: Tx, account_id: AccountId | None, purpose: Purpose, challenge: bytes, options: str
) -> Ceremony:
    challenge_id = ChallengeId(secrets.randbits(62))
    tx.run(
        _INSERT_CHALLENGE,
        id=challenge_id,
        account_id=account_id,
        purpose=purpose,
        challenge=crypto.encode_key(challenge),
        expires_at=tx.now + CHALLENGE_LIFE,
    )
    return Ceremony(challenge_id, options)


def _take(
    tx: Tx, challenge_id: ChallengeId, purpose: Purpose, account_id: AccountId | None
) -> bytes:
    """The challenge, once; NotBegun when it ran out or was made for another end or member."""
    taken = tx.first(_TAKE_CHALLENGE, challenge_id=challenge_id, purpose=purpose, now=tx.now)
    if taken is None or taken.account_id != account_id:
        raise NotBegun
    return crypto.decode_key(taken.challenge)


def _credential_id(credential: str) -> str:
    """The id in a browser's answer, as we keep it; empty when there is none."""
    try:
        tree: Any = msgspec.json.decode(credential)
        raw = tree["rawId"]
        return crypto.encode_key(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        return ""


def _descriptor(passkey: Passkey) -> Any:
    from webauthn.helpers import structs

    return structs.PublicKeyCredentialDescriptor(id=crypto.decode_key(passkey.credential_id))


def _rp_id(tx: Tx) -> str:
    return urlsplit(tx.settings.server.base_url).hostname or ""
