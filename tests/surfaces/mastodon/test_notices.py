"""Notices that organisations' systems file by API, and the receipts they read."""

from collections.abc import Callable
from typing import Any

import pytest

from conftest import Client, Member
from folkmoot import wiring
from folkmoot.domain.decisions.model import Draft, Step
from folkmoot.domain.oauth.actions import issue_token, register_app
from folkmoot.domain.reports.actions import award_flagger
from folkmoot.domain.reports.queries import find_report_of_code, read_contact
from folkmoot.domain.review.actions import decide_case, take_case
from folkmoot.kit.db import Database, Tx
from sample_media import picture

HERE = "/api/folkmoot/v1/reports"
LEGAL = {
    "illegal": True,
    "explanation": "It sells what nobody may sell",
    "good_faith": True,
    "name": "The Office",
    "email": "office@law.example",
}


@pytest.fixture
def office(app: Any, loop: Any, db: Database) -> Client:
    """The system of an organisation, with a token of its own."""

    def work(tx: Tx) -> str:
        made = register_app(tx, name="Office", redirect_uris=["x://y"], scopes="write:reports").app
        return issue_token(tx, made.id, account_id=None, scopes="write:reports")

    return Client(wiring.build_asgi(app), loop, db.write_now(work))


@pytest.fixture
def url(ada: Member) -> str:
    made: str = ada.post("/api/v1/statuses", status="Buy here").json()["url"]
    return made


def test_a_notice_gets_a_receipt_and_an_outcome(
    office: Client, url: str, visitor: Client, join: Any, db: Database
) -> None:
    filed = office.post(HERE, url=url, rule="illegal-goods-1", **LEGAL)
    assert filed.status_code == 200, filed.text
    receipt = filed.json()
    assert (receipt["state"], receipt["outcome"]) == ("open", None)
    assert receipt["due_at"] > receipt["created_at"]
    report = db.read_now(find_report_of_code, receipt["code"])
    assert report is not None
    assert (report.by, report.category, report.good_faith) == ("visitor", "legal", True)
    contact = db.read_now(read_contact, report)
    assert (contact.name, contact.email) == ("The Office", "office@law.example")
    assert receipt["status_url"].endswith(f"/reports/{receipt['code']}?key={receipt['key']}")
    assert visitor.request("GET", receipt["status_url"]).status_code == 200

    rev = join("rev", role="reviewer")
    draft = Draft(step=Step.QUARANTINE, rule_code="illegal-goods-1", facts="It sold them.")
    db.write_now(take_case, rev.account.id, report.case_id)
    db.write_now(decide_case, rev.account.id, report.case_id, draft)
    told = visitor.get(f"{HERE}/{receipt['code']}", key=receipt["key"]).json()
    assert (told["state"], told["due_at"]) == ("acted", None)
    outcome = told["outcome"]
    assert (outcome["step"], outcome["rule"]) == ("quarantine", "illegal-goods-1")
    assert outcome["reasons"] is None  # they are told to the author
    assert not outcome["decided_automatically"]
    assert outcome["contest_url"] == receipt["status_url"]
    assert outcome["contestable_until"] > outcome["decided_at"]


def test_why_nothing_was_done_is_told(office: Client, url: str, join: Any, db: Database) -> None:
    made = office.post(HERE, url=url, rule="spam-1", explanation="Links").json()
    rev = join("rev", role="reviewer")
    report = db.read_now(find_report_of_code, made["code"])
    assert report is not None
    draft = Draft(step=Step.NO_ACTION, rule_code="spam-1", facts="One link is no spam.")
    db.write_now(take_case, rev.account.id, report.case_id)
    db.write_now(decide_case, rev.account.id, report.case_id, draft)
    told = office.get(f"{HERE}/{made['code']}", key=made["key"]).json()
    assert (told["state"], told["outcome"]["reasons"]) == ("not-acted", "One link is no spam.")


def test_a_wrong_key_and_an_unknown_code_look_alike(office: Client, url: str) -> None:
    made = office.post(HERE, url=url, rule="spam-1", explanation="Links").json()
    wrong = office.get(f"{HERE}/{made['code']}", key="x" * 22)
    unknown = office.get(f"{HERE}/R-AAAA-AAAA", key=made["key"])
    assert wrong.status_code == unknown.status_code == 404
    assert wrong.json() == unknown.json()


def test_a_member_s_notice_is_theirs_and_a_flagger_s_comes_first(
    bo: Member, url: str, db: Database
) -> None:
    first = bo.post(HERE, url=url, rule="spam-1", explanation="Links").json()
    db.write_now(award_flagger, bo.account.id, area="scams", why="They know")
    second = bo.post(HERE, url=url, rule="scams-1", explanation="A bank").json()
    found = [db.read_now(find_report_of_code, one["code"]) for one in (first, second)]
    assert [(one.by, one.reporter_id) for one in found if one] == [
        ("member", bo.account.id),
        ("trusted-flagger", bo.account.id),
    ]


@pytest.mark.parametrize("missing", ["explanation", "good_faith", "name", "email"])
def test_what_the_law_asks_for_is_asked_for(office: Client, url: str, missing: str) -> None:
    given = {key: value for key, value in LEGAL.items() if key != missing}
    refused = office.post(HERE, url=url, rule="illegal-goods-1", **given)
    assert refused.status_code == 422
    asked = {"explanation": "explain", "good_faith": "best knowledge"}
    assert asked.get(missing, "name and e-mail") in refused.json()["error"]


def test_nobody_is_asked_who_reports_the_exploitation_of_children(
    office: Client, url: str, db: Database
) -> None:
    made = office.post(HERE, url=url, rule="sexual-exploitation-1", **LEGAL).json()
    report = db.read_now(find_report_of_code, made["code"])
    assert report is not None
    assert report.contact == ""


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"url": ""}, "address of a post or account"),
        ({"url": "https://far.example/@ada"}, "address of a post or account"),
        ({"rule": "rudeness-9", "explanation": "Hm"}, "code of a rule that is in force"),
        ({"explanation": " "}, "tell us what is wrong"),
        ({"explanation": "Hm", "media_id": "77"}, "Choose which"),
        ({"explanation": "x" * 1_001}, "too long"),
    ],
)
def test_what_is_wrong_is_said(office: Client, url: str, sent: dict[str, Any], said: str) -> None:
    refused = office.post(HERE, **(sent if "url" in sent else {"url": url, **sent}))
    assert refused.status_code == 422
    assert said in refused.json()["error"]


def test_what_few_can_see_is_reported_by_those_few(office: Client, ada: Member, bo: Member) -> None:
    hidden = ada.post("/api/v1/statuses", status="@bo psst", visibility="direct").json()["url"]
    notice = {"url": hidden, "explanation": "Hm", "rule": "spam-1"}
    assert office.post(HERE, **notice).status_code == 422
    assert bo.post(HERE, **notice).status_code == 200


def test_one_file_of_a_post_may_be_meant(office: Client, ada: Member, db: Database) -> None:
    files = {"file": ("tree.png", picture(size=(20, 20)), "image/png")}
    media = ada.request("POST", "/api/v2/media", files=files).json()
    post = ada.post("/api/v1/statuses", media_ids=[media["id"]]).json()
    notice = {"url": post["url"], "explanation": "Mine", "rule": "intellectual-property-1"}
    made = office.post(HERE, **notice, media_id=media["id"]).json()
    report = db.read_now(find_report_of_code, made["code"])
    assert report is not None
    assert (report.part, report.detail) == ("media", media["id"])


def test_a_token_is_needed(visitor: Client, url: str, join: Callable[..., Member]) -> None:
    assert visitor.post(HERE, url=url).status_code == 401
    assert join("eve", scopes="read").post(HERE, url=url).status_code == 403
