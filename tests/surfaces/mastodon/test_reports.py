import pytest

from conftest import Client, Member, decode
from folkmoot.domain.posts.actions import delete_post
from folkmoot.domain.reports.events import ReportFiled
from folkmoot.kit.db import Database, Tx
from folkmoot.surfaces.mastodon.entities.report import Report


def test_a_report_names_posts_and_rules(ada: Member, bo: Member, db: Database) -> None:
    told: list[ReportFiled] = []
    db.facts.on(ReportFiled, lambda tx, fact: told.append(fact))
    post = bo.post("/api/v1/statuses", status="buy now").json()
    response = ada.post(
        "/api/v1/reports",
        account_id=bo.id,
        status_ids=[post["id"]],
        comment="again and again",
        rule_ids=["8"],
        forward=True,
    )
    report = decode(response, Report)
    assert report.category == "violation"
    assert report.rule_ids == ["8"]
    assert report.status_ids == [post["id"]]
    assert not report.action_taken
    assert not report.forwarded
    assert told[0].posts[0].rev == 1


def test_one_reports_only_what_one_can_see(ada: Member, bo: Member) -> None:
    hidden = bo.post("/api/v1/statuses", status="for few", visibility="private").json()
    mine = ada.post("/api/v1/statuses", status="mine").json()
    for post in (hidden, mine):
        response = ada.post("/api/v1/reports", account_id=bo.id, status_ids=[post["id"]])
        assert response.status_code == 404


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"comment": "x" * 1_001}, "Comment is too long"),
        ({"rule_ids": ["999"]}, "Rule ids does not reference valid rules"),
        ({"category": "violation"}, "Rule ids does not reference valid rules"),
        ({"category": "nonsense"}, "category"),
        ({"status_ids": list(range(1, 102))}, "100 posts"),
    ],
)
def test_what_is_wrong_is_said(ada: Member, bo: Member, body: dict[str, object], said: str) -> None:
    response = ada.post("/api/v1/reports", account_id=bo.id, **body)
    assert response.status_code == 422
    assert said in response.json()["error"]


def test_nobody_reports_themselves(ada: Member) -> None:
    assert ada.post("/api/v1/reports", account_id=ada.id).status_code == 422


def test_visitors_report_nothing_here(visitor: Client) -> None:
    assert visitor.post("/api/v1/reports", account_id="1").status_code == 401


def test_deleted_posts_leave_their_reports(ada: Member, bo: Member, db: Database) -> None:
    post = bo.post("/api/v1/statuses", status="buy now").json()
    ada.post("/api/v1/reports", account_id=bo.id, status_ids=[post["id"]])
    db.write_now(delete_post, bo.account, int(post["id"]))

    def count(tx: Tx) -> int:
        return int(tx.script("SELECT COUNT(*) FROM report_posts")[0][0])

    assert db.read_now(count) == 0
