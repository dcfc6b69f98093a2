"""The only file that knows everybody: routes, who reacts to which fact, job handlers."""

import asyncio
import importlib
import importlib.util
import pkgutil
from collections.abc import Callable
from functools import partial
from typing import Any

from litestar import Litestar

from folkmoot import domain
from folkmoot.domain.accounts import jobs as accounts_jobs
from folkmoot.domain.accounts.events import (
    AccountCreated,
    AccountDeleted,
    AccountMoved,
    AccountRestrained,
    AccountUnlocked,
    ProfileChanged,
)
from folkmoot.domain.accounts.model import VERIFY, PagesToVerify
from folkmoot.domain.appeals import reactions as appeals
from folkmoot.domain.appeals.events import AppealDecided, AppealFiled
from folkmoot.domain.auth import jobs as auth_jobs
from folkmoot.domain.auth import reactions as auth
from folkmoot.domain.auth.events import (
    EmailConfirmed,
    MemberAdmitted,
    PasswordChanged,
    UserDisabled,
)
from folkmoot.domain.auth.model import LetterOrder, SealedNotice, Sweep
from folkmoot.domain.boundaries import jobs as boundaries_jobs
from folkmoot.domain.boundaries import reactions as boundaries
from folkmoot.domain.boundaries.events import AccountBlocked, AccountMuted, DomainBlocked
from folkmoot.domain.cards import jobs as cards_jobs
from folkmoot.domain.cards import reactions as cards
from folkmoot.domain.cards.actions import CardToFetch
from folkmoot.domain.cards.events import CardChanged, LinkLed
from folkmoot.domain.collections import reactions as collections
from folkmoot.domain.collections.events import (
    AccountFeatured,
    AccountParted,
    CollectionChanged,
    CollectionDeleted,
)
from folkmoot.domain.conversations import reactions as conversations
from folkmoot.domain.decisions import jobs as decisions_jobs
from folkmoot.domain.decisions import reactions as decisions
from folkmoot.domain.decisions.events import Decided, DecisionEnded, DecisionKept
from folkmoot.domain.deeds import jobs as deeds_jobs
from folkmoot.domain.deeds import reactions as deeds
from folkmoot.domain.detection import jobs as detection_jobs
from folkmoot.domain.detection import reactions as detection
from folkmoot.domain.detection.events import DetectorChanged, DetectorHit
from folkmoot.domain.detection.model import BACKTEST, BacktestToRun
from folkmoot.domain.disclosure import jobs as disclosure_jobs
from folkmoot.domain.disclosure import reactions as disclosure
from folkmoot.domain.discovery import jobs as discovery_jobs
from folkmoot.domain.discovery import reactions as discovery
from folkmoot.domain.factors import jobs as factors_jobs
from folkmoot.domain.factors import reactions as factors
from folkmoot.domain.feeds import jobs as feeds_jobs
from folkmoot.domain.feeds import reactions as feeds
from folkmoot.domain.filters import reactions as filters
from folkmoot.domain.importing import jobs as importing_jobs
from folkmoot.domain.importing import reactions as importing
from folkmoot.domain.importing.model import APPLY, CHECK, ImportToDo
from folkmoot.domain.interactions import reactions as interactions
from folkmoot.domain.interactions.events import PostFavourited, PostUnfavourited
from folkmoot.domain.leaving import jobs as leaving_jobs
from folkmoot.domain.leaving import reactions as leaving
from folkmoot.domain.leaving.model import DELETE, AccountToDelete
from folkmoot.domain.leaving.model import Sweep as LeavingSweep
from folkmoot.domain.lists import reactions as lists
from folkmoot.domain.lists.events import ListDeleted, ListMembersChanged, ListPolicyChanged
from folkmoot.domain.matchlists import reactions as matchlists
from folkmoot.domain.media import jobs as media_jobs
from folkmoot.domain.media import reactions as media
from folkmoot.domain.media.actions import FilesToErase, UploadToProcess
from folkmoot.domain.notifications import jobs as notifications_jobs
from folkmoot.domain.notifications import reactions as notifications
from folkmoot.domain.notifications.events import Notified
from folkmoot.domain.oauth import jobs as oauth_jobs
from folkmoot.domain.oauth import reactions as oauth
from folkmoot.domain.oauth.actions import note_uses as note_token_uses
from folkmoot.domain.policy import jobs as policy_jobs
from folkmoot.domain.policy import reactions as policy
from folkmoot.domain.policy.actions import adopt_shipped
from folkmoot.domain.policy.model import MembersToTell
from folkmoot.domain.polls import jobs as polls_jobs
from folkmoot.domain.polls import reactions as polls
from folkmoot.domain.polls.actions import PollDue
from folkmoot.domain.polls.events import PollEnded
from folkmoot.domain.portability import jobs as portability_jobs
from folkmoot.domain.portability import reactions as portability
from folkmoot.domain.portability.model import PACK, ArchiveToPack
from folkmoot.domain.portability.model import Sweep as PortabilitySweep
from folkmoot.domain.posts import reactions as posts
from folkmoot.domain.posts.events import (
    HeldPostEdited,
    PostBoosted,
    PostDeleted,
    PostEdited,
    PostImported,
    PostPublished,
    PostRestrained,
    PostTouched,
    PostWritten,
)
from folkmoot.domain.practice import reactions as practice
from folkmoot.domain.push import jobs as push_jobs
from folkmoot.domain.push import reactions as push
from folkmoot.domain.push.actions import ensure_vapid_key
from folkmoot.domain.quality import jobs as quality_jobs
from folkmoot.domain.quality import reactions as quality
from folkmoot.domain.registration import jobs as registration_jobs
from folkmoot.domain.registration import reactions as registration
from folkmoot.domain.relationships import jobs as relationships_jobs
from folkmoot.domain.relationships import reactions as relationships
from folkmoot.domain.relationships.events import (
    AccountFollowed,
    AccountUnfollowed,
    FollowChanged,
    FollowRequested,
    FollowRequestEnded,
    HomeChanged,
)
from folkmoot.domain.reports import jobs as reports_jobs
from folkmoot.domain.reports import reactions as reports
from folkmoot.domain.reports.events import ReporterWarned, ReportFiled, ReportResolved
from folkmoot.domain.requests import jobs as requests_jobs
from folkmoot.domain.requests import reactions as requests
from folkmoot.domain.review import reactions as review
from folkmoot.domain.review.events import CaseClosed, CaseOpened
from folkmoot.domain.revisions import reactions as revisions
from folkmoot.domain.scheduling import jobs as scheduling_jobs
from folkmoot.domain.scheduling import reactions as scheduling
from folkmoot.domain.scheduling.actions import PostDue
from folkmoot.domain.search import jobs as search_jobs
from folkmoot.domain.search import reactions as search
from folkmoot.domain.search.actions import AuthorChose
from folkmoot.domain.sessions import jobs as sessions_jobs
from folkmoot.domain.sessions import reactions as sessions
from folkmoot.domain.sessions.actions import note_uses as note_session_uses
from folkmoot.domain.sessions.events import SignedOutEverywhere
from folkmoot.domain.staffing import jobs as staffing_jobs
from folkmoot.domain.staffing import reactions as staffing
from folkmoot.domain.strangers import reactions as strangers
from folkmoot.domain.tags import jobs as tags_jobs
from folkmoot.domain.tags import reactions as tags
from folkmoot.domain.tags.events import TagFollowed, TagUnfollowed
from folkmoot.domain.tallies import reactions as tallies
from folkmoot.domain.timelines import reactions as timelines
from folkmoot.domain.transparency import jobs as transparency_jobs
from folkmoot.domain.transparency import reactions as transparency
from folkmoot.domain.transparency.actions import Cosign, Merge
from folkmoot.kit import clock, maintenance
from folkmoot.kit.bus import Bus, RedisBus
from folkmoot.kit.confine import end_confined
from folkmoot.kit.crypto import vapid_public_key
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.errors import NotFound
from folkmoot.kit.events import Facts
from folkmoot.kit.jobs import Handler, Worker
from folkmoot.kit.ratelimit import Limiter, MemoryLimiter, RedisLimiter
from folkmoot.kit.settings import Settings
from folkmoot.kit.uses import LastUses, Uses
from folkmoot.surfaces import files
from folkmoot.surfaces.app import App
from folkmoot.surfaces.archives.reading import MastodonEar
from folkmoot.surfaces.archives.voice import MastodonVoice
from folkmoot.surfaces.mastodon import accounts as mastodon_accounts
from folkmoot.surfaces.mastodon import (
    admin_accounts,
    admin_blocks,
    admin_figures,
    admin_reports,
    admin_trends,
    notices,
)
from folkmoot.surfaces.mastodon import announcements as mastodon_announcements
from folkmoot.surfaces.mastodon import apps as mastodon_apps
from folkmoot.surfaces.mastodon import blocks as mastodon_blocks
from folkmoot.surfaces.mastodon import collections as mastodon_collections
from folkmoot.surfaces.mastodon import conversations as mastodon_conversations
from folkmoot.surfaces.mastodon import credentials as mastodon_credentials
from folkmoot.surfaces.mastodon import custom_emojis as mastodon_custom_emojis
from folkmoot.surfaces.mastodon import directory as mastodon_directory
from folkmoot.surfaces.mastodon import dispatch as mastodon_dispatch
from folkmoot.surfaces.mastodon import domain_blocks as mastodon_domain_blocks
from folkmoot.surfaces.mastodon import endorsements as mastodon_endorsements
from folkmoot.surfaces.mastodon import featured_tags as mastodon_featured_tags
from folkmoot.surfaces.mastodon import filters as mastodon_filters
from folkmoot.surfaces.mastodon import filters_v1 as mastodon_filters_v1
from folkmoot.surfaces.mastodon import follow_requests as mastodon_follow_requests
from folkmoot.surfaces.mastodon import instance as mastodon_instance
from folkmoot.surfaces.mastodon import lists as mastodon_lists
from folkmoot.surfaces.mastodon import markers as mastodon_markers
from folkmoot.surfaces.mastodon import media as mastodon_media
from folkmoot.surfaces.mastodon import mutes as mastodon_mutes
from folkmoot.surfaces.mastodon import not_offered as mastodon_not_offered
from folkmoot.surfaces.mastodon import notification_policy as mastodon_notification_policy
from folkmoot.surfaces.mastodon import notification_requests as mastodon_notification_requests
from folkmoot.surfaces.mastodon import notifications as mastodon_notifications
from folkmoot.surfaces.mastodon import notifications_v2 as mastodon_notifications_v2
from folkmoot.surfaces.mastodon import oauth as mastodon_oauth
from folkmoot.surfaces.mastodon import oembed as mastodon_oembed
from folkmoot.surfaces.mastodon import openapi as mastodon_openapi
from folkmoot.surfaces.mastodon import polls as mastodon_polls
from folkmoot.surfaces.mastodon import profile as mastodon_profile
from folkmoot.surfaces.mastodon import push as mastodon_push
from folkmoot.surfaces.mastodon import registration as mastodon_registration
from folkmoot.surfaces.mastodon import reports as mastodon_reports
from folkmoot.surfaces.mastodon import scheduled_statuses as mastodon_scheduled_statuses
from folkmoot.surfaces.mastodon import search as mastodon_search
from folkmoot.surfaces.mastodon import status_actions as mastodon_status_actions
from folkmoot.surfaces.mastodon import status_lists as mastodon_status_lists
from folkmoot.surfaces.mastodon import statuses as mastodon_statuses
from folkmoot.surfaces.mastodon import suggestions as mastodon_suggestions
from folkmoot.surfaces.mastodon import tags as mastodon_tags
from folkmoot.surfaces.mastodon import timelines as mastodon_timelines
from folkmoot.surfaces.mastodon import trends as mastodon_trends
from folkmoot.surfaces.mastodon import well_known as mastodon_well_known
from folkmoot.surfaces.mastodon.body import largest_body
from folkmoot.surfaces.mastodon.entities.filter import keep_filters
from folkmoot.surfaces.mastodon.entities.web_push import present_push
from folkmoot.surfaces.mastodon.operations import Operation
from folkmoot.surfaces.mastodon.streaming import events as mastodon_streaming
from folkmoot.surfaces.mastodon.streaming.hub import Hub
from folkmoot.surfaces.mastodon.streaming.sockets import socket_handler
from folkmoot.surfaces.mastodon.warming import warm_up
from folkmoot.surfaces.public_log import dispatch as public_log_dispatch
from folkmoot.surfaces.web import dispatch as web_dispatch
from folkmoot.surfaces.web.routes import about as web_about
from folkmoot.surfaces.web.routes import access as web_access
from folkmoot.surfaces.web.routes import account as web_account
from folkmoot.surfaces.web.routes import alerts as web_alerts
from folkmoot.surfaces.web.routes import applications as web_applications
from folkmoot.surfaces.web.routes import around as web_around
from folkmoot.surfaces.web.routes import boundaries as web_boundaries
from folkmoot.surfaces.web.routes import composing as web_composing
from folkmoot.surfaces.web.routes import consent as web_consent
from folkmoot.surfaces.web.routes import data as web_data
from folkmoot.surfaces.web.routes import detectors as web_detectors
from folkmoot.surfaces.web.routes import files as web_files
from folkmoot.surfaces.web.routes import filters as web_filters
from folkmoot.surfaces.web.routes import flaggers as web_flaggers
from folkmoot.surfaces.web.routes import front as web_front
from folkmoot.surfaces.web.routes import home as web_home
from folkmoot.surfaces.web.routes import imports as web_imports
from folkmoot.surfaces.web.routes import invitations as web_invitations
from folkmoot.surfaces.web.routes import joining as web_joining
from folkmoot.surfaces.web.routes import leaving as web_leaving
from folkmoot.surfaces.web.routes import links as web_links
from folkmoot.surfaces.web.routes import lists as web_lists
from folkmoot.surfaces.web.routes import log as web_log
from folkmoot.surfaces.web.routes import messages as web_messages
from folkmoot.surfaces.web.routes import own_requests as web_own_requests
from folkmoot.surfaces.web.routes import people as web_people
from folkmoot.surfaces.web.routes import posts as web_posts
from folkmoot.surfaces.web.routes import preferences as web_preferences
from folkmoot.surfaces.web.routes import profile as web_profile
from folkmoot.surfaces.web.routes import receipts as web_receipts
from folkmoot.surfaces.web.routes import reporting as web_reporting
from folkmoot.surfaces.web.routes import rules as web_rules
from folkmoot.surfaces.web.routes import scheduled as web_scheduled
from folkmoot.surfaces.web.routes import search as web_search
from folkmoot.surfaces.web.routes import security as web_security
from folkmoot.surfaces.web.routes import statements as web_statements
from folkmoot.surfaces.web.routes import tags as web_tags
from folkmoot.surfaces.web.routes import ties as web_ties
from folkmoot.surfaces.web.routes import transparency as web_transparency
from folkmoot.surfaces.web.routes.desk import appeals as web_desk_appeals
from folkmoot.surfaces.web.routes.desk import cases as web_cases
from folkmoot.surfaces.web.routes.desk import deciding as web_deciding
from folkmoot.surfaces.web.routes.desk import decisions as web_decisions
from folkmoot.surfaces.web.routes.desk import disputes as web_disputes
from folkmoot.surfaces.web.routes.desk import index as web_desk
from folkmoot.surfaces.web.routes.desk import practice as web_practice
from folkmoot.surfaces.web.routes.desk import practice_cases as web_practice_cases
from folkmoot.surfaces.web.routes.desk import proposals as web_proposals
from folkmoot.surfaces.web.routes.desk import publishing as web_publishing
from folkmoot.surfaces.web.routes.desk import quality as web_quality
from folkmoot.surfaces.web.routes.desk import referrals as web_referrals
from folkmoot.surfaces.web.routes.desk import requests as web_requests
from folkmoot.surfaces.web.routes.desk import second_looks as web_second_looks
from folkmoot.surfaces.web.routes.desk import sign_ups as web_sign_ups
from folkmoot.surfaces.web.routes.desk import staffing as web_staffing
from folkmoot.surfaces.web.routes.desk import team as web_desk_team
from folkmoot.surfaces.web.visits import Route

MASTODON = (
    mastodon_openapi.router,
    mastodon_instance.router,
    mastodon_well_known.router,
    mastodon_custom_emojis.router,
    mastodon_announcements.router,
    mastodon_reports.router,
    notices.router,
    admin_accounts.router,
    admin_blocks.router,
    admin_figures.router,
    admin_reports.router,
    admin_trends.router,
    mastodon_search.router,
    mastodon_directory.router,
    mastodon_suggestions.router,
    mastodon_trends.router,
    mastodon_collections.router,
    mastodon_oembed.router,
    mastodon_not_offered.router,
    mastodon_accounts.router,
    mastodon_apps.router,
    mastodon_oauth.router,
    mastodon_registration.router,
    mastodon_credentials.router,
    mastodon_blocks.router,
    mastodon_domain_blocks.router,
    mastodon_endorsements.router,
    mastodon_follow_requests.router,
    mastodon_mutes.router,
    mastodon_media.router,
    mastodon_lists.router,
    mastodon_tags.router,
    mastodon_featured_tags.router,
    mastodon_markers.router,
    mastodon_filters.router,
    mastodon_filters_v1.router,
    mastodon_profile.router,
    mastodon_statuses.router,
    mastodon_status_actions.router,
    mastodon_status_lists.router,
    mastodon_polls.router,
    mastodon_scheduled_statuses.router,
    mastodon_timelines.router,
    mastodon_conversations.router,
    mastodon_notifications.router,
    mastodon_notification_requests.router,
    mastodon_notification_policy.router,
    mastodon_notifications_v2.router,
    mastodon_push.router,
    mastodon_streaming.router,
)

WEB = (
    web_files.router,
    web_front.router,
    web_about.router,
    web_rules.router,
    web_detectors.router,
    web_reporting.router,
    web_receipts.router,
    web_statements.router,
    web_flaggers.router,
    web_access.router,
    web_joining.router,
    web_consent.router,
    web_home.router,
    web_alerts.router,
    web_messages.router,
    web_links.router,
    web_lists.router,
    web_composing.router,
    web_posts.router,
    web_scheduled.router,
    web_security.router,
    web_profile.router,
    web_account.router,
    web_data.router,
    web_imports.router,
    web_leaving.router,
    web_preferences.router,
    web_filters.router,
    web_boundaries.router,
    web_applications.router,
    web_invitations.router,
    web_desk.router,
    web_desk_team.router,
    web_cases.router,
    web_deciding.router,
    web_proposals.router,
    web_desk_appeals.router,
    web_decisions.router,
    web_second_looks.router,
    web_practice.router,
    web_practice_cases.router,
    web_quality.router,
    web_staffing.router,
    web_sign_ups.router,
    web_tags.router,
    web_search.router,
    web_around.router,
    web_ties.router,
    web_transparency.router,
    web_publishing.router,
    web_requests.router,
    web_own_requests.router,
    web_referrals.router,
    web_disputes.router,
    web_log.router,
    web_people.router,
)
# How old `last_used_at` of a token or session may be.
_USES_EVERY_S = 60.0


def facts() -> Facts:
    """Who reacts to what, in the order of the rooms."""
    made = Facts()
    made.on(EmailConfirmed, registration.tell_team)
    made.on(PasswordChanged, sessions.end_other_sessions, oauth.end_tokens_of_old_password)
    made.on(AccountRestrained, oauth.cut_streams_of_suspended)
    made.on(UserDisabled, sessions.end_sessions, oauth.cut_streams)
    made.on(SignedOutEverywhere, oauth.end_tokens)
    made.on(
        AccountDeleted,
        auth.forget_account,
        policy.forget_account,
        factors.forget_account,
        sessions.forget_account,
        registration.forget_account,
        oauth.end_tokens,
    )
    _detect(made)
    _keep_posts(made)
    made.on(PostPublished, feeds.place_post)
    made.on(PostBoosted, feeds.place_boost)
    made.on(PostDeleted, filters.forget_post, feeds.forget_post)
    made.on(AccountCreated, boundaries.hide_newcomer)
    made.on(AccountBlocked, relationships.part)
    made.on(DomainBlocked, relationships.part_from_domain)
    made.on(AccountUnlocked, relationships.let_everybody_in)
    made.on(AccountMoved, relationships.move_followers)
    made.on(
        AccountDeleted,
        boundaries.forget_account,
        relationships.forget_account,
        tags.forget_account,
        filters.forget_account,
        lists.forget_account,
        feeds.forget_account,
        timelines.forget_account,
    )
    made.on(AccountFollowed, feeds.fill_home)
    made.on(FollowChanged, feeds.refill_home)
    made.on(HomeChanged, feeds.settle_home)
    made.on(AccountUnfollowed, lists.drop_unfollowed, feeds.clear_home)
    made.on(AccountBlocked, feeds.part_homes, collections.part)
    made.on(AccountDeleted, collections.forget_account)
    made.on(AccountDeleted, media.forget_account, polls.forget_account, discovery.forget_account)
    made.on(PostPublished, search.index_post)
    made.on(PostImported, search.reindex_post)
    made.on(PostEdited, search.reindex_post)
    made.on(PostTouched, search.index_card)
    made.on(PostRestrained, search.reindex_restrained)
    made.on(PostDeleted, search.forget_post, discovery.forget_post)
    made.on(ProfileChanged, search.follow_choice)
    _keep_cases(made)
    _keep_conversations(made)
    _tell_members(made)
    made.on(TagFollowed, feeds.fill_tag)
    made.on(TagUnfollowed, feeds.clear_tag)
    made.on(ListMembersChanged, feeds.change_list)
    made.on(ListPolicyChanged, feeds.rebuild_list)
    made.on(ListDeleted, feeds.forget_list)
    made.on(AccountDeleted, portability.forget_account, importing.forget_account)
    made.on(AccountDeleted, leaving.forget_account)
    made.on(AccountRestrained, leaving.stay_hidden)
    made.on(PostDeleted, importing.forget_post)
    return made


def _keep_cases(made: Facts) -> None:
    made.on(Decided, decisions.tell_member, decisions.write_member)
    made.on(Decided, decisions.record_decision)
    made.on(DecisionEnded, decisions.tell_member, decisions.write_member)
    made.on(DecisionEnded, decisions.record_end, review.count_overturned)
    made.on(DecisionKept, decisions.tell_member)
    made.on(PostDeleted, decisions.forget_post)
    made.on(AccountDeleted, decisions.forget_account)
    made.on(ReportFiled, reports.send_receipt, reports.record_notice, review.put_to_case)
    made.on(ReportResolved, reports.tell_outcome)
    made.on(ReporterWarned, reports.warn_reporter, reports.record_misuse)
    made.on(PostDeleted, review.forget_post, reports.forget_post)
    made.on(AppealFiled, appeals.confirm)
    made.on(AppealDecided, appeals.tell_author, appeals.write_answer, appeals.record_appeal)
    made.on(CaseOpened, staffing.count_opened)
    made.on(CaseClosed, staffing.count_closed, quality.draw)
    made.on(PostDeleted, practice.forget_post, quality.forget_post)
    made.on(AccountDeleted, practice.forget_account, quality.forget_account)
    made.on(AccountDeleted, appeals.forget_account, review.forget_account, reports.forget_account)
    made.on(AccountDeleted, transparency.forget_account)
    made.on(Decided, disclosure.state)
    made.on(AccountDeleted, requests.forget_account)
    made.on(AppealFiled, tallies.record_complaint)


def _keep_posts(made: Facts) -> None:
    made.on(CardChanged, posts.show_card)
    made.on(PostEdited, feeds.tell_edited)
    made.on(PostTouched, feeds.tell_edited)
    made.on(PostRestrained, feeds.tell_restrained)
    made.on(PostDeleted, revisions.forget_post, interactions.forget_post)
    made.on(AccountDeleted, interactions.forget_account, scheduling.forget_account)
    made.on(AccountDeleted, posts.forget_account, cards.forget_account)


def _detect(made: Facts) -> None:
    """Every write but direct messages passes one gate, before anybody is told of it."""
    gate = detection.Gate()
    made.on(PostWritten, gate.examine_post)
    made.on(PostEdited, gate.examine_edit)
    made.on(HeldPostEdited, gate.examine_edit)
    made.on(PostImported, gate.examine_import)
    made.on(LinkLed, gate.examine_led)
    made.on(PostBoosted, gate.examine_boost)
    made.on(ProfileChanged, gate.examine_profile)
    made.on(AccountCreated, gate.examine_sign_up)
    made.on(DetectorChanged, gate.look_anew, detection.record_change)
    made.on(DetectorHit, review.follow_finding)
    made.on(PostDeleted, deeds.forget_post, detection.forget_post)
    made.on(
        AccountDeleted,
        deeds.forget_account,
        matchlists.forget_account,
        detection.forget_account,
    )


def _keep_conversations(made: Facts) -> None:
    made.on(PostPublished, conversations.keep_sent_post)
    made.on(PostDeleted, conversations.forget_post)
    made.on(AccountBlocked, conversations.forget_blocked)
    made.on(AccountMuted, conversations.forget_muted)
    made.on(AccountDeleted, conversations.forget_account)


def _tell_members(made: Facts) -> None:
    made.on(PostPublished, notifications.tell_of_post)
    made.on(PostEdited, notifications.tell_of_edit)
    made.on(PostBoosted, notifications.tell_of_boost)
    made.on(PostFavourited, notifications.tell_of_favourite)
    made.on(PostUnfavourited, notifications.take_favourite_back)
    made.on(PollEnded, notifications.tell_of_poll)
    made.on(PostDeleted, notifications.forget_post)
    made.on(AccountFollowed, notifications.tell_of_follow)
    made.on(AccountUnfollowed, notifications.take_follow_back)
    made.on(FollowRequested, notifications.tell_of_request)
    made.on(FollowRequestEnded, notifications.take_request_back)
    made.on(AccountBlocked, notifications.forget_blocked)
    made.on(AccountMuted, notifications.forget_muted)
    made.on(DomainBlocked, notifications.forget_domain)
    made.on(MemberAdmitted, notifications.tell_of_sign_up)
    made.on(AccountFeatured, notifications.tell_of_collection)
    made.on(CollectionChanged, notifications.tell_of_collection_edit)
    made.on(AccountParted, notifications.take_parted_back)
    made.on(CollectionDeleted, notifications.forget_collection)
    made.on(AccountDeleted, strangers.forget_account, notifications.forget_account)
    made.on(Notified, push.wake_clients)
    made.on(AccountDeleted, push.forget_account)


def operations() -> list[Operation]:
    """Every operation of the client API."""
    return [operation for router in MASTODON for operation in router.operations]


def pages() -> list[Route]:
    """Every page of the web interface."""
    return [route for router in WEB for route in router.routes]


def load_tables() -> None:
    """Imports every room's tables, so that the schema is whole."""
    for room in pkgutil.iter_modules(domain.__path__, "folkmoot.domain."):
        if importlib.util.find_spec(f"{room.name}.tables"):
            importlib.import_module(f"{room.name}.tables")
    importlib.import_module("folkmoot.kit.jobs")
    importlib.import_module("folkmoot.kit.idempotency")


def build_app(settings: Settings) -> App:
    """The instance, with its database open."""
    bus = RedisBus(settings.redis.url, settings.redis.prefix) if settings.redis.url else Bus()
    db = Database(settings, facts=facts())
    db.told = bus.tell
    app = App(settings, db, _limiter(settings), bus)
    app.hub = Hub(app)
    app.on_start += [bus.start, partial(_find_push_key, app), partial(_settle_policy, app)]
    app.on_stop += [bus.stop]
    mastodon_custom_emojis.keep_emoji(app)
    keep_filters(app)
    _write_uses(app, app.token_uses, note_token_uses)
    _write_uses(app, app.session_uses, note_session_uses)
    return app


def _write_uses(app: App, uses: LastUses, note: Callable[[Tx, Uses], None]) -> None:
    async def write(noted: Uses) -> None:
        await app.db.write(note, noted)

    async def start() -> None:
        uses.start(write, every_s=_USES_EVERY_S)

    async def stop() -> None:
        await uses.stop(write)

    app.on_start.append(start)
    app.on_stop.append(stop)


async def _find_push_key(app: App) -> None:
    """Where the settings name no key to sign web push with, the database keeps one."""
    if not app.settings.secrets.vapid_private_key:
        app.vapid_key = vapid_public_key(await app.db.write(ensure_vapid_key))


async def _settle_policy(app: App) -> None:
    """From the first start on, what ships is version 1, whatever later releases ship."""
    await app.db.write(adopt_shipped)


def job_handlers(app: App) -> dict[str, tuple[Handler, type]]:
    """For each kind of job its handler and the payload's type."""
    return {
        VERIFY: (accounts_jobs.verify_pages, PagesToVerify),
        "relationships.accept_all": (relationships_jobs.accept_all, relationships_jobs.AcceptAll),
        "relationships.move_followers": (
            relationships_jobs.move_followers,
            relationships_jobs.MoveFollowers,
        ),
        "boundaries.end_mutes": (boundaries_jobs.end_mutes, boundaries_jobs.EndMutes),
        "tags.forget_old_days": (tags_jobs.forget_old_days, tags_jobs.ForgetOldDays),
        "feeds.place_rest": (feeds_jobs.place_rest, feeds_jobs.PlaceRest),
        "feeds.rebuild_home": (feeds_jobs.rebuild_home, feeds_jobs.RebuildHome),
        "feeds.rebuild_list": (feeds_jobs.rebuild_list, feeds_jobs.RebuildList),
        "feeds.settle": (feeds_jobs.settle, feeds_jobs.Settle),
        "feeds.trim": (feeds_jobs.trim, feeds_jobs.Trim),
        "db.optimise": (maintenance.optimise, maintenance.Optimise),
        "jobs.forget": (maintenance.forget_jobs, maintenance.ForgetJobs),
        "media.erase": (media_jobs.erase, FilesToErase),
        "media.process": (media_jobs.process_upload, UploadToProcess),
        "media.sweep": (media_jobs.sweep, media_jobs.Sweep),
        "media.sweep_files": (media_jobs.sweep_files, media_jobs.SweepFiles),
        "notifications.prune": (notifications_jobs.prune, notifications_jobs.Prune),
        "push.deliver": (
            partial(push_jobs.deliver, present=partial(present_push, app)),
            push_jobs.Delivery,
        ),
        "push.sweep": (push_jobs.sweep, push_jobs.Sweep),
        "disclosure.send": (disclosure_jobs.send, disclosure_jobs.Send),
        "discovery.trends": (discovery_jobs.compute_trends, discovery_jobs.Trends),
        "discovery.weeks": (discovery_jobs.count_weeks, discovery_jobs.Weeks),
        "search.author": (search_jobs.follow_author, AuthorChose),
        "deeds.sweep": (deeds_jobs.sweep, deeds_jobs.Sweep),
        BACKTEST: (detection_jobs.backtest, BacktestToRun),
        "detection.watch": (detection_jobs.watch, detection_jobs.Watch),
        "detection.accuracy": (
            detection_jobs.publish_accuracy,
            detection_jobs.PublishAccuracy,
        ),
        "polls.close": (polls_jobs.close, PollDue),
        "auth.letter": (auth_jobs.send_letter, LetterOrder),
        "auth.notice": (auth_jobs.send_notice, SealedNotice),
        "auth.sweep": (auth_jobs.sweep, Sweep),
        "policy.tell": (policy_jobs.tell_members, MembersToTell),
        "factors.sweep": (factors_jobs.sweep, Sweep),
        "sessions.sweep": (sessions_jobs.sweep, Sweep),
        "registration.sweep": (registration_jobs.sweep, Sweep),
        "oauth.sweep": (oauth_jobs.sweep, Sweep),
        "cards.fetch": (cards_jobs.fetch, CardToFetch),
        "cards.sweep": (cards_jobs.sweep, cards_jobs.Sweep),
        "decisions.end": (decisions_jobs.end_decisions, decisions_jobs.EndDue),
        "requests.tell": (requests_jobs.tell, requests_jobs.TellDue),
        "quality.sweep": (quality_jobs.sweep, quality_jobs.Sweep),
        "staffing.sweep": (staffing_jobs.sweep, staffing_jobs.Sweep),
        "reports.sweep": (reports_jobs.sweep, reports_jobs.Sweep),
        "scheduling.publish": (scheduling_jobs.publish, PostDue),
        DELETE: (leaving_jobs.delete_account, AccountToDelete),
        "leaving.sweep": (leaving_jobs.sweep, LeavingSweep),
        CHECK: (partial(importing_jobs.check, ear=MastodonEar(app.settings)), ImportToDo),
        APPLY: (partial(importing_jobs.apply, ear=MastodonEar(app.settings)), ImportToDo),
        "importing.sweep": (importing_jobs.sweep, Sweep),
        PACK: (partial(portability_jobs.pack, voice=_voice(app.settings)), ArchiveToPack),
        "portability.sweep": (portability_jobs.sweep, PortabilitySweep),
        "transparency.merge": (transparency_jobs.merge, Merge),
        "transparency.merge_rest": (transparency_jobs.merge, Merge),
        "transparency.cosign": (transparency_jobs.cosign, Cosign),
        "transparency.cosign_rest": (transparency_jobs.cosign, Cosign),
    }


def _voice(settings: Settings) -> MastodonVoice:
    return MastodonVoice(settings.server.base_url, settings.domain)


# Kinds that take minutes; they have places of their own.
SLOW_JOBS: frozenset[str] = frozenset(
    {
        "media.process",
        "media.sweep_files",
        "cards.sweep",
        "disclosure.send",
        "portability.sweep",
        "importing.sweep",
        DELETE,
        PACK,
        CHECK,
        BACKTEST,
        APPLY,
    }
)
# Kinds that run again and again, and how often in milliseconds.
REPEATING_JOBS: dict[str, int] = {
    "boundaries.end_mutes": 5 * clock.MINUTE,
    "tags.forget_old_days": clock.DAY,
    "decisions.end": clock.MINUTE,
    "requests.tell": 10 * clock.MINUTE,
    "quality.sweep": clock.DAY,
    "staffing.sweep": clock.DAY,
    "feeds.trim": 6 * clock.HOUR,
    "db.optimise": clock.HOUR,
    "jobs.forget": clock.DAY,
    "deeds.sweep": clock.HOUR,
    "detection.watch": 5 * clock.MINUTE,
    "disclosure.send": 10 * clock.MINUTE,
    "detection.accuracy": clock.DAY,
    "discovery.trends": 10 * clock.MINUTE,
    "discovery.weeks": clock.HOUR,
    "push.sweep": clock.DAY,
    "auth.sweep": clock.HOUR,
    "factors.sweep": clock.HOUR,
    "sessions.sweep": clock.HOUR,
    "registration.sweep": clock.HOUR,
    "oauth.sweep": clock.HOUR,
    "media.sweep": clock.HOUR,
    "reports.sweep": clock.DAY,
    "media.sweep_files": clock.DAY,
    "cards.sweep": clock.DAY,
    "notifications.prune": clock.DAY,
    "leaving.sweep": clock.HOUR,
    "portability.sweep": clock.HOUR,
    "importing.sweep": clock.HOUR,
    # What was recorded while a merge ran, and what a witness that was away has missed.
    "transparency.merge_rest": 20 * clock.SECOND,
    "transparency.cosign_rest": clock.HOUR,
}


def build_worker(app: App) -> Worker:
    """What runs the jobs of an instance."""
    settings = app.settings.jobs
    worker = Worker(
        app.db,
        job_handlers(app),
        app.context,
        concurrency=settings.concurrency,
        batch=settings.batch,
        slow=SLOW_JOBS,
        every=REPEATING_JOBS,
        lease_s=settings.lease_s,
        stop_s=settings.stop_s,
    )
    app.bus.listen("jobs", lambda signal: worker.wake())
    return worker


def build_asgi(app: App) -> Any:
    """The ASGI application of an instance."""
    # First what others lean on starts, and it stops last: the bus carries word of ended jobs.
    app.on_start += [partial(_warm_up, app), app.hub.start]
    if app.settings.jobs.in_server:
        _run_jobs(app)
    app.on_stop.insert(0, app.hub.stop)
    app.operations = operations()
    return Litestar(
        route_handlers=[
            *mastodon_dispatch.route_handlers(app, app.operations),
            *web_dispatch.route_handlers(app, pages()),
            *files.route_handlers(app),
            *public_log_dispatch.route_handlers(app),
            socket_handler(app),
        ],
        openapi_config=None,
        request_max_body_size=largest_body(app.settings),
        exception_handlers={404: _unknown(app), 405: _unknown(app)},
        on_startup=app.on_start,
        on_shutdown=[*app.on_stop, *_closing(app)],
    )


async def _warm_up(app: App) -> None:
    await app.db.read(warm_up, app)


class _Handed:
    """What Litestar takes from a handler of exceptions: something that gives an application."""

    def __init__(self, asgi: Any) -> None:
        self._asgi = asgi

    def to_asgi_response(self, **_: Any) -> Any:
        return self._asgi


def _unknown(app: App) -> Any:
    """Answers for addresses, and methods of addresses, that nobody serves."""

    def handle(request: Any, error: Any) -> Any:
        scope = request.scope
        if mastodon_dispatch.answers_for(scope["path"]):
            allow = (getattr(error, "headers", None) or {}).get("allow", "")
            return _Handed(
                mastodon_dispatch.answer_unknown(error.status_code, scope["method"], allow)
            )

        async def page(scope: Any, receive: Any, send: Any) -> None:
            incoming = web_dispatch.incoming_of(app, scope)
            reply = await web_dispatch.refused(app, incoming, NotFound())
            await reply(scope, receive, send)

        return _Handed(page)

    return handle


def _run_jobs(app: App) -> None:
    worker = build_worker(app)
    running: list[asyncio.Task[None]] = []

    async def start() -> None:
        running.append(asyncio.create_task(worker.run()))

    async def stop() -> None:
        await worker.stop()
        await asyncio.gather(*running)

    app.on_start.append(start)
    app.on_stop.insert(0, stop)


async def work(app: App, stopping: asyncio.Event) -> None:
    """Runs the jobs of an instance, and serves nothing, until told to stop."""
    _run_jobs(app)
    for step in app.on_start:
        await step()
    await stopping.wait()
    for step in app.on_stop:
        await step()
    for step in _closing(app):
        if (waits := step()) is not None:
            await waits


def _closing(app: App) -> list[Callable[[], Any]]:
    """The last steps of a process: what a job still uses is ended with it."""
    return [app.context.close_http, app.context.close, end_confined, app.db.close]


def _limiter(settings: Settings) -> Limiter:
    if settings.redis.url:
        return RedisLimiter(settings.redis.url, settings.redis.prefix)
    return MemoryLimiter()
