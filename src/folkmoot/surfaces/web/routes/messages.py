"""/messages: the member's direct conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.accounts.queries import list_accounts
from folkmoot.domain.conversations import actions, queries
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.gathering import present_posts
from folkmoot.surfaces.web.pages.messages import MessagesPage, Talk
from folkmoot.surfaces.web.presenting import present_person
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, redirect

if TYPE_CHECKING:
    from folkmoot.domain.conversations.model import Conversation

router = Router()


@router.get("/messages", members=True)
def messages(visit: Visit) -> Answer:
    """The member's conversations, that with the newest post first."""
    me = visit.viewer_id
    found = queries.list_conversations(visit.tx, me, stretch(visit))
    accounts = list_accounts(
        visit.tx, sorted({one for talk in found for one in talk.participant_ids})
    )
    posts = present_posts(visit.app, visit.tx, me, [talk.last_post_id for talk in found])
    last = {post.id: post for post in posts}
    page = MessagesPage(
        frame=frame(visit),
        talks=tuple(
            Talk(
                id=str(talk.id),
                people=tuple(
                    present_person(visit.app, accounts[one])
                    for one in talk.participant_ids
                    if one in accounts
                ),
                last=last[str(talk.last_post_id)],
                unread=talk.unread,
            )
            for talk in found
            if str(talk.last_post_id) in last
        ),
        pager=pager(visit, [talk.last_post_id for talk in found]),
    )
    return show(visit, page)


@router.get("/messages/{id}", members=True)
async def read(visit: Visit) -> Answer:
    """Leads to a conversation's last post. Whoever opens one has read it."""
    me, number = visit.me.account.id, visit.part()
    talk: Conversation = await visit.app.db.write(actions.mark_read, me, number)
    return await visit.look(lambda seen: _lead(seen, talk))


def _lead(visit: Visit, talk: Conversation) -> Answer:
    found = present_posts(visit.app, visit.tx, visit.viewer_id, [talk.last_post_id])
    return redirect(visit, found[0].url if found else "/messages")


@router.post("/messages/{id}/remove")
def remove(visit: Visit) -> Answer:
    """Takes a conversation off the list; its posts stay, and a new one brings it back."""
    actions.remove_conversation(visit.tx, visit.me.account.id, visit.part())
    return redirect(visit, "/messages", notice="talk-removed")
