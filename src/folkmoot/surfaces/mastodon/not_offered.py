"""What Mastodon documents and this server does not do, each with the reason."""

from folkmoot.domain.accounts.queries import get_shown_account
from folkmoot.surfaces.mastodon.operations import Call, Router

router = Router("not offered")

router.not_offered(
    "GET /api/v1/annual_reports",
    "GET /api/v1/annual_reports/{year}",
    "POST /api/v1/annual_reports/{year}/generate",
    "POST /api/v1/annual_reports/{year}/read",
    "GET /api/v1/annual_reports/{year}/state",
    why="This server keeps no record of what members read, so it has no year to tell them of",
)
router.not_offered(
    "GET /api/v1_alpha/async_refreshes/{id}",
    why="This server fetches nothing in the background that a client could wait for",
)
router.not_offered(
    "POST /api/v1/accounts/{id}/email_subscriptions",
    why="This server sends posts to nobody by e-mail",
)
router.not_offered(
    *(
        f"{method} /api/v1/admin/{kind}{which}"
        for kind in ("domain_allows", "domain_blocks")
        for method, which in (("GET", ""), ("POST", ""), ("GET", "/{id}"), ("DELETE", "/{id}"))
    ),
    "PUT /api/v1/admin/domain_blocks/{id}",
    why="This server exchanges nothing with other servers yet, so there are none to block or allow",
)


@router.get(
    "/api/v1/accounts/{id}/identity_proofs",
    scope="read:accounts",
    returns=list[dict[str, str]],
)
def identity_proofs(call: Call) -> list[dict[str, str]]:
    """Proofs by a service that is gone: nobody has any, as documented since version 3.5."""
    get_shown_account(call.tx, call.id())
    return []
