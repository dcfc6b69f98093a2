"""Signing up: POST /api/v1/accounts, /api/v1/emails"""

import asyncio
from typing import Annotated, Any

import msgspec

from folkmoot.domain.auth.actions import resend_confirmation
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.oauth.actions import grant_member_token
from folkmoot.domain.oauth.model import Token as DomainToken
from folkmoot.domain.oauth.queries import get_app
from folkmoot.domain.registration.actions import sign_up
from folkmoot.domain.registration.model import Form, SignUpInvalid, check_form
from folkmoot.domain.registration.queries import look_over
from folkmoot.domain.sessions.model import Visit
from folkmoot.kit import clock
from folkmoot.kit.db import Tx
from folkmoot.kit.errors import Forbidden
from folkmoot.kit.passwords import hash_password
from folkmoot.surfaces.mastodon.entities.application import Token, build_token
from folkmoot.surfaces.mastodon.operations import (
    APP,
    NEEDED,
    PENDING,
    Call,
    Router,
)

router = Router("accounts")


class NotYourSignUp(Forbidden):
    """This method is only available to the application the user originally signed-up with"""


class SignUpParams(msgspec.Struct):
    """What somebody fills in to sign up; `date_of_birth` as `1990-12-31`, looked at, not kept."""

    username: Annotated[str, NEEDED] = ""
    email: Annotated[str, NEEDED] = ""
    password: Annotated[str, NEEDED] = ""
    agreement: Annotated[bool, NEEDED] = False
    locale: str = "en"
    reason: str = ""
    date_of_birth: str = ""
    invite_code: str = ""


class EmailParams(msgspec.Struct):
    """The address to confirm, where it differs from the one given before."""

    email: str = ""


@router.post("/api/v1/accounts", auth=APP, scope="write:accounts", returns=Token, rate="sign_ups")
async def create(call: Call, params: SignUpParams) -> Token:
    """Signs somebody up; the token works once the address is confirmed and the team agreed."""
    form = Form(
        username=params.username.strip(),
        email=params.email.strip(),
        password=params.password,
        agreement=params.agreement,
        reason=params.reason,
        locale=params.locale,
        date_of_birth=params.date_of_birth,
        invitation=params.invite_code,
        app_id=call.me.app_id,
    )
    settings = call.app.settings
    taken = await call.app.db.read(look_over, form)
    wrong = await asyncio.to_thread(check_form, form, settings, today=clock.now())
    if taken or wrong:
        raise SignUpInvalid(taken + wrong)
    password_hash = await hash_password(form.password)
    return build_token(await call.app.db.write(_sign_up, call, form, password_hash))


def _sign_up(tx: Tx, call: Call, form: Form, password_hash: str) -> DomainToken:
    app = get_app(tx, call.me.app_id)
    user = sign_up(tx, form, password_hash, visit=visit_of(call))
    return grant_member_token(tx, app, user.account_id, scope=app.scopes)


def visit_of(call: Call) -> Visit:
    """From where a call comes."""
    agent = call.incoming.headers.get(b"user-agent", b"").decode("latin-1")
    return Visit(call.incoming.address, agent)


@router.post(
    "/api/v1/emails/confirmations", auth=PENDING, scope="write:accounts", rate="password_resets"
)
def resend(call: Call, params: EmailParams) -> dict[str, Any]:
    """Sends the letter of confirmation anew, to another address if one is given."""
    user = get_user(call.tx, call.me.account_id)
    if user.app_id != call.me.app_id:
        raise NotYourSignUp
    resend_confirmation(call.tx, user, params.email.strip())
    return {}
