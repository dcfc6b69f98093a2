"""`docs/client-api.md`: which of the documented operations work, made from the operations."""

import inspect
from collections.abc import Sequence

from folkmoot.domain.auth.model import Role, permissions_of
from folkmoot.surfaces.mastodon.documented import DOCUMENTED
from folkmoot.surfaces.mastodon.openapi import PATH_PARAM
from folkmoot.surfaces.mastodon.operations import (
    APP,
    NO_AUTH,
    NOT_OFFERED,
    OPTIONAL,
    TWINS,
    Operation,
)

_OWN = "/api/folkmoot/"
# Documented operations that are pages for people; the web surface serves them.
_PAGES = {("GET", "/oauth/authorize"): "a browser, where a member lets an application in"}


def write_reference(operations: Sequence[Operation]) -> str:
    """`docs/client-api.md`: which documented operations work, which are not offered, and ours."""
    ours = {_key(o.method, o.path): o for o in operations}
    for operation in list(ours.values()):
        twin = TWINS.get(operation.method)
        if twin:
            ours.setdefault(_key(twin, operation.path), operation)
    lines: dict[str, list[str]] = {"works": [], "not": []}
    documented = set()
    for entry in DOCUMENTED:
        method, _, path = entry.partition(" ")
        key = _key(method, path)
        documented.add(key)
        found = ours.get(key)
        if key in _PAGES:
            lines["works"].append(f"| `{method}` | `{path}` | {_PAGES[key]} |")
        elif found is None or found.scope == NOT_OFFERED:
            lines["not"].append(f"| `{method}` | `{path}` | {_why_not(found)} |")
        else:
            lines["works"].append(f"| `{method}` | `{path}` | {_needs(found)} |")
    others = [o for o in operations if _key(o.method, o.path) not in documented]
    rest = [o for o in others if not _is_for_team(o) and o.scope != NOT_OFFERED]
    own = [o for o in rest if o.path.startswith(_OWN)]
    extra = [f"| `{o.method}` | `{o.path}` | {_needs(o)} |" for o in rest if o not in own]
    return _PAGE.format(
        count=len(DOCUMENTED),
        works=len(lines["works"]),
        missing=len(lines["not"]),
        works_rows="\n".join(lines["works"]),
        not_rows="\n".join(lines["not"]),
        extra_rows="\n".join(extra),
        own_rows="\n".join(
            f"| `{o.method}` | `{o.path}` | {_needs(o)} | {o.summary} |" for o in own
        ),
        team_rows="\n".join(_team_row(o) for o in others if _is_for_team(o)),
    )


_PAGE = """# The client API

Generated from the routes by `scripts/write-client-api`; a test holds it current. The OpenAPI
document, with schemas of requests and answers, is served at `/api/openapi.json`.

Of the {count} operations that Mastodon documents for clients, {works} work and {missing} are not
offered.

## Work

| | path | needs |
|---|---|---|
{works_rows}

## Not offered

They answer 404 with a sentence.

| | path | why |
|---|---|---|
{not_rows}

## For the team

The admin API of Mastodon. A role is in effect only with a second factor. Whatever restricts a
member becomes a decision: by a rule that the text names by its code, that `rule_ids` names or that
the report is about, with the text as its facts, told to the member and open to appeal. Without a
rule or a text the answer is 422 with what is missing; where two must agree it is 202, and the
decision waits for a second reviewer.

| | path | needs | who |
|---|---|---|---|
{team_rows}

## Folkmoot's own

Organisations report through these, with the token of an application (`client_credentials`, scope
`write:reports`) or of a member. A notice names the exact `url`, an `explanation`, the code of a
`rule` and whether it is `illegal`; of what is illegal the law also asks for `good_faith`, and for
the `name` and `email` of who reports without an account. The answer is a receipt with a `code` and
a secret `status_url`; the same receipt is read by API with its `key`, and tells what was decided,
by which rule, and how to contest it.

| | path | needs | |
|---|---|---|---|
{own_rows}

## Beside the documented ones

| | path | needs |
|---|---|---|
{extra_rows}

## What was decided, as clients meet it

- A label beside a post is a paragraph of its own, of class `moderation-label`, after the author's
  words in `content`, with a link to the rule: no field of a Status holds it without hiding the
  post. `GET /api/v1/statuses/{{id}}/source` has the author's words alone.
- Media behind a warning: `sensitive` is true.
- A post that is held or withheld is there for its author alone, with the `visibility` that it was
  meant for.
- A decision is a notification of type `moderation_warning`. Its `action` is what Mastodon calls the
  step (`mark_statuses_as_sensitive`, `sensitive`, `silence`, `suspend`), and `none` for those that
  it does not have; `text` begins with what was done, in the member's language; `appeal` is how the
  author has contested it.
- The reasons in full stand at `/statements/{{id}}`, with the id of the AccountWarning. Clients lead
  to `/disputes/strikes/{{id}}`, which goes there.
- Every call by a suspended account is refused with 403 and a sentence that says where to read why.
"""


def _key(method: str, path: str) -> tuple[str, str]:
    return method, PATH_PARAM.sub("{}", path)


def _needs(operation: Operation) -> str:
    if operation.scope:
        either = " or ".join(f"`{scope}`" for scope in operation.scope.split())
        more = {OPTIONAL: " (optional)", APP: " (an application's token will do)"}
        return either + more.get(operation.auth, "")
    return {NO_AUTH: "nothing", OPTIONAL: "a token is optional", APP: "an application's token"}.get(
        operation.auth, "a member's token"
    )


def _is_for_team(operation: Operation) -> bool:
    return "/admin/" in operation.path


def _team_row(operation: Operation) -> str:
    start = f"| `{operation.method}` | `{operation.path}` |"
    if operation.permission is None:
        return f"{start} not offered | {_why_not(operation)} |"
    roles = [role for role in Role if operation.permission in permissions_of(role)]
    return f"{start} {_needs(operation)} | {', '.join(roles)} |"


def _why_not(operation: Operation | None) -> str:
    if operation is None:
        return "unknown to this server"
    return (inspect.getdoc(operation.function) or "").splitlines()[0]
