"""/api/v1/conversations"""

from typing import Any

from folkmoot.domain.conversations import actions, queries
from folkmoot.surfaces.mastodon.entities.conversation import Conversation, present_conversations
from folkmoot.surfaces.mastodon.operations import Answer, Call, PageParams, Router, link_header

router = Router("conversations")


@router.get("/api/v1/conversations", scope="read:statuses", returns=list[Conversation])
def list_conversations(call: Call, params: PageParams) -> Answer:
    """Direct conversations, the one with the newest status first."""
    page = params.page()
    me = call.me.account_id
    found = queries.list_conversations(call.tx, me, page)
    headers = link_header(
        call,
        first=found[0].last_post_id if found else None,
        last=found[-1].last_post_id if found else None,
        full=len(found) >= page.limit,
    )
    return Answer(present_conversations(call.app, call.tx, me, found), headers=headers)


@router.delete("/api/v1/conversations/{id}", scope="write:conversations")
def remove(call: Call) -> dict[str, Any]:
    """Takes a conversation off the list."""
    actions.remove_conversation(call.tx, call.me.account_id, call.id())
    return {}


@router.post("/api/v1/conversations/{id}/read", scope="write:conversations", returns=Conversation)
def read(call: Call) -> Conversation:
    """Marks a conversation as read."""
    me = call.me.account_id
    found = actions.mark_read(call.tx, me, call.id())
    return present_conversations(call.app, call.tx, me, [found])[0]
