"""What Mastodon documents and this server does not do, each with the reason."""

from folkmoot.surfaces.mastodon.operations import Router

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
