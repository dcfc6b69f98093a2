"""Practice, second looks, agreement and staffing at the desk."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from tests.acts import post

from domain.review.casework import NONE, UNLIST, close
from folkmoot.domain.auth.model import Role
from folkmoot.domain.decisions.model import Draft, Step
from folkmoot.domain.practice import actions as practice
from folkmoot.domain.practice import queries as practice_queries
from folkmoot.domain.practice.model import shipped_cases
from folkmoot.domain.quality import queries
from folkmoot.domain.review.model import State
from folkmoot.domain.review.queries import get_case, list_looks
from folkmoot.domain.staffing.model import HourCount, hour_of
from folkmoot.domain.staffing.tables import case_hours
from folkmoot.kit.db import Database, Page, Tx, insert_all
from folkmoot.kit.settings import Quality, Settings
from folkmoot.surfaces.web.assets import STATIC
from surfaces.mastodon.test_publishing import picture
from surfaces.web.browser import Browser
from surfaces.web.test_contrast import DARK, LIGHT, ratio

PRACTICE, LOOKS = "/desk/practice", "/desk/second-looks"
LEADS = ("/desk/quality", "/desk/staffing", f"{PRACTICE}/cases")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Every closed case is looked at a second time."""
    return msgspec.structs.replace(settings, quality=Quality(second_looks=1.0, publish_from=5))


@pytest.fixture
def shipped(db: Database) -> int:
    return db.write_now(practice.take_up_shipped)


def test_reviewers_find_practice_and_second_looks_and_leads_the_rest(staff: Any) -> None:
    rev, lead = staff("rev"), staff("lead", Role.ADMINISTRATOR)
    for path in (PRACTICE, LOOKS):
        assert rev.open(path).status_code == 200
        assert lead.open(path).status_code == 200
    for path in LEADS:
        assert rev.open(path).status_code == 403, path
        assert lead.open(path).status_code == 200, path
    assert f'<a href="{LEADS[0]}"' not in rev.open(PRACTICE).text


@pytest.mark.usefixtures("shipped")
def test_one_practises_sees_the_answer_and_ones_own_progress(staff: Any, db: Database) -> None:
    rev = staff("rev")
    page = rev.open(PRACTICE)
    assert "8 cases are new to you" in page.text
    page = rev.submit(f"{PRACTICE}/next")
    case_id = int(page.url.path.rpartition("/")[2])
    case = db.read_now(practice_queries.get_practice_case, case_id)
    assert case.reasons not in page.text
    page = rev.submit(f"{PRACTICE}/{case_id}/answer", rule="", step="suspend")
    assert page.status_code == 422
    assert "Choose the rule that this step is taken for" in page.text
    page = rev.submit(f"{PRACTICE}/{case_id}/answer", rule=case.rule_code, step=case.low)
    assert page.url.path == f"{PRACTICE}/{case_id}"
    assert "As the team holds it" in page.text
    assert case.reasons[:40] in page.text
    assert "Fewer than three have answered" in page.text
    page = rev.open(PRACTICE)
    assert "7 cases are new to you" in page.text
    assert "Yours, for you alone" in page.text
    other = staff("sec")
    assert other.open(f"{PRACTICE}/{case_id}").status_code == 404
    assert "Yours, for you alone" not in other.open(PRACTICE).text


def test_practice_ends_where_there_is_none(staff: Any) -> None:
    rev = staff("rev")
    assert "Nothing left to practise" in rev.open(PRACTICE).text
    token = rev.open(LOOKS) and rev.form("/auth/sign-out")["fields"]["csrf"]
    assert rev.post(f"{PRACTICE}/next", csrf=token).status_code == 303


def test_what_others_decided_is_shown_as_counts(
    staff: Any, db: Database, join: Any, shipped: int
) -> None:
    rev = staff("rev")
    page = rev.submit(f"{PRACTICE}/next") if rev.open(PRACTICE) else None
    assert page is not None
    case_id = int(page.url.path.rpartition("/")[2])
    for n in range(shipped // 4):
        who = join(f"other{n}", role="reviewer").account.id
        db.write_now(practice.start_practice, who)
        db.write_now(practice.answer_practice, who, case_id, rule_code="", step="no-action")
    page = rev.submit(f"{PRACTICE}/{case_id}/answer", rule="spam-1", step="unlist")
    assert "<strong>2</strong> No action" in page.text
    assert "other0" not in page.text


def test_a_lead_makes_a_closed_case_into_practice(
    staff: Any, db: Database, ada: Any, bo: Any, join: Any
) -> None:
    lead = staff("lead", Role.ADMINISTRATOR)
    sock = picture(db, ada, "Socks on a line")
    words = post(ada, "@bo buy socks at https://socks.example/", media_ids=[sock])
    case = close(db, join("rev", role="reviewer"), bo, ada, words)
    page = lead.open(LEADS[2])
    assert "A post by @ada" in page.text
    page = lead.submit(f"{LEADS[2]}/prepare")
    assert "@… buy socks at [link]" in page.text
    assert "Socks on a line" in page.text
    page = lead.submit(f"{LEADS[2]}/add", text="Ask @bo", media=sock)
    assert page.status_code == 422
    assert "This still names @bo" in page.text
    assert "Socks on a line" in page.text
    page = lead.submit(f"{LEADS[2]}/add", text="Buy socks [link]", low="")
    assert "Choose a step" in page.text
    page = lead.submit(
        f"{LEADS[2]}/add", text="Buy socks [link]", low="unlist", high="quarantine", media=sock
    )
    assert page.url.path == LEADS[2]
    assert "Buy socks [link]" in page.text
    (made,) = db.read_now(practice_queries.list_practice, Page())
    assert (made.low, made.high, made.attachment_id) == ("unlist", "quarantine", int(sock))
    assert db.read_now(list_looks, case.id, Page()) == []
    sec = staff("sec")
    page = sec.submit(f"{PRACTICE}/next") if sec.open(PRACTICE) else None
    assert page is not None
    assert 'alt="Socks on a line"' in page.text
    assert "veil-sharp" in page.text
    lead.open(LEADS[2])
    page = lead.submit(f"{LEADS[2]}/{made.id}/retire")
    assert "Nothing to practise with yet" in page.text


def test_what_ships_is_taken_up_from_the_page(staff: Any, db: Database) -> None:
    lead = staff("lead", Role.ADMINISTRATOR)
    lead.open(LEADS[2])
    page = lead.submit(f"{LEADS[2]}/take-up")
    assert len(db.read_now(practice_queries.list_practice, Page())) == len(shipped_cases())
    assert "that ship with the program</button>" not in page.text


@pytest.mark.parametrize("case", ["", "7", "x", "9" * 30], ids=["none", "unknown", "word", "long"])
def test_a_case_that_is_not_there_cannot_be_made_into_practice(staff: Any, case: str) -> None:
    lead = staff("lead", Role.ADMINISTRATOR)
    token = lead.open(LEADS[2]) and lead.form("/auth/sign-out")["fields"]["csrf"]
    assert lead.post(f"{LEADS[2]}/prepare", csrf=token, case=case).status_code == 404
    assert lead.post(f"{LEADS[2]}/add", csrf=token, case=case).status_code in (404, 422)
    assert lead.post(f"{LEADS[2]}/7/retire", csrf=token).status_code == 404


def look_at(browser: Browser, **answer: str) -> Any:
    """Takes what waits, and says what one would decide."""
    browser.open(LOOKS)
    page = browser.submit(f"{LOOKS}/next")
    return browser.submit(f"{page.url.path}/record", **answer)


def test_a_second_look_is_blind_until_it_is_done(
    staff: Any, db: Database, ada: Any, bo: Any, join: Any
) -> None:
    rev, sec = join("rev", role="reviewer"), staff("sec")
    case = close(db, rev, bo, ada, post(ada, "Forty socks"))
    page = sec.open(LOOKS)
    assert "1 case waits" in page.text
    page = sec.submit(f"{LOOKS}/next")
    assert "Forty socks" in page.text
    assert "Spam and platform manipulation" in page.text
    for hidden in (UNLIST.facts, "Out of public timelines.", "@rev"):
        assert hidden not in page.text
    here = page.url.path
    page = sec.submit(f"{here}/record", rule="spam-1", step="")
    assert page.status_code == 422
    assert "Forty socks" in page.text
    page = sec.submit(f"{here}/record", rule="spam-1", step="no-action", why="Only once.")
    assert "Judged differently" in page.text
    assert "Out of public timelines" in page.text
    page = sec.submit(f"{here}/propose", why="")
    assert "Say why" in page.text
    page = sec.submit(f"{here}/propose", why="It was one post.")
    assert "It was one post." in page.text

    lead = staff("lead", Role.ADMINISTRATOR)
    assert "To be settled" in lead.open(LOOKS).text
    assert "settle it" in lead.open("/desk/quality").text
    lead.open(here)
    page = lead.submit(f"{here}/settle", why="", settle="reopen")
    assert page.status_code == 422
    page = lead.submit(f"{here}/settle", why="Once is not spam.", settle="reopen")
    assert page.url.path == LOOKS
    assert db.read_now(get_case, case.id).state == State.OPEN
    assert "Opened again" in lead.open(here).text
    other = staff("other")
    assert other.open(here).status_code == 404
    assert other.open(f"{LOOKS}/7").status_code == 404


def test_the_first_reviewer_learns_of_it_and_a_lead_may_leave_it(
    staff: Any, db: Database, ada: Any, bo: Any, app: Any
) -> None:
    from folkmoot.domain.accounts.queries import find_account_by_name

    rev, sec, lead = staff("rev"), staff("sec"), staff("lead", Role.ADMINISTRATOR)

    class Rev:
        account = db.read_now(find_account_by_name, "rev")

    case = close(db, Rev, bo, ada, post(ada, "Forty socks"))
    page = look_at(sec, rule="", step="no-action")
    here = page.url.path
    sec.submit(f"{here}/propose", why="It was one post.")
    assert "Your decisions, looked at again" in rev.open(LOOKS).text
    page = rev.open(here)
    assert "It was one post." in page.text
    assert f'action="{here}/settle"' not in page.text
    lead.open(here)
    lead.submit(f"{here}/settle", why="Forty times it was.", settle="keep")
    assert db.read_now(get_case, case.id).state == State.CLOSED
    assert "Forty times it was." in rev.open(here).text


def test_what_is_left_to_others_goes_to_them(
    staff: Any, db: Database, ada: Any, bo: Any, join: Any
) -> None:
    sec, other = staff("sec"), staff("other")
    close(db, join("rev", role="reviewer"), bo, ada, post(ada, "Forty socks"))
    sec.open(LOOKS)
    page = sec.submit(f"{LOOKS}/next")
    page = sec.submit(f"{page.url.path}/pass")
    assert "No case waits for a second look of yours" in page.text
    assert "1 case waits" in other.open(LOOKS).text


def test_agreement_is_told_in_words_and_names_nobody(
    staff: Any, db: Database, ada: Any, bo: Any, join: Any
) -> None:
    lead = staff("lead", Role.ADMINISTRATOR)
    assert "Nothing to compare yet" in lead.open("/desk/quality").text
    rev, sec = join("rev", role="reviewer"), staff("sec")
    for n in range(12):
        draft: Draft = UNLIST if n % 2 else NONE
        close(db, rev, bo, ada, post(ada, f"socks {n}"), draft)
        step = "no-action" if draft.step == Step.NO_ACTION else "unlist"
        look_at(sec, rule="spam-1", step=step)
    page = lead.open("/desk/quality")
    assert "They agree well." in page.text
    assert "1.00 (0.75 to 1.00)" in page.text
    assert "(spam-1)" in page.text
    assert "Not yet" in page.text  # two people alone: it would speak of each
    for name in ("@rev", "@sec"):
        assert name not in page.text
    (whole, spam) = db.read_now(queries.list_agreement)
    assert (whole.cases, spam.cases) == (12, 6)


def test_what_may_be_told_of_agreement_is_told_to_everybody(
    staff: Any, db: Database, join: Any, browser: Browser, app: Any
) -> None:
    ada, bo = join("ada"), join("bo")
    rev, sec, third = join("rev", role="reviewer"), staff("sec"), staff("third")
    assert "How far reviewers agree" not in browser.open("/transparency").text
    for n in range(10):
        draft = UNLIST if n % 2 else NONE
        close(db, rev, bo, ada, post(ada, f"socks {n}"), draft)
        step = "no-action" if draft.step == Step.NO_ACTION else "unlist"
        look_at(sec if n < 5 else third, rule="spam-1", step=step)
    # Worked out once a day: what one answer changes can be seen by nobody.
    assert "How far reviewers agree" not in browser.open("/transparency").text
    app.built.clear()
    page = browser.open("/transparency")
    assert "How far reviewers agree" in page.text
    assert "They agree well: 1.00 (0.70 to 1.00)" in page.text
    assert "(spam-1)" in page.text


def fill(tx: Tx, *, weeks: int, opened: int) -> None:
    """Weeks in which the same came each hour, a tenth of it grave, four minutes each."""
    end = hour_of(tx.now)
    for hour in range(end - weeks * 168 - 1, end):
        tx.insert(
            insert_all(case_hours),
            HourCount(hour, opened, 8, 1, 1, handled=10, handled_s=2_400, handled_s2=1_152_000),
        )


def test_staffing_says_that_it_knows_too_little(staff: Any, db: Database) -> None:
    lead = staff("lead", Role.ADMINISTRATOR)
    assert "Too little has been counted" in lead.open("/desk/staffing").text
    db.write_now(lambda tx: fill(tx, weeks=1, opened=10))
    page = lead.open("/desk/staffing")
    assert "1,680 cases in 1 whole week," in page.text
    assert 'class="heat"' not in page.text


def test_staffing_shows_the_week_and_what_if(staff: Any, db: Database) -> None:
    lead = staff("lead", Role.ADMINISTRATOR)
    db.write_now(lambda tx: fill(tx, weeks=4, opened=10))
    page = lead.open("/desk/staffing")
    assert page.status_code == 200
    assert page.text.count('<td class="heat-') >= 7 * 24
    assert "0 to 24: 1" in page.text  # 10 cases of 4 minutes, 45 minutes an hour: one is enough
    assert "come due while nobody is there" not in page.text
    page = lead.open("/desk/staffing?arrivals=3&opens=8&closes=20")
    assert "grave cases a week come due while nobody is there" in page.text
    assert "0 to 8: nobody" in page.text
    assert 'value="3"' in page.text
    assert "if it were so" in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("arrivals=0", "Give a number from 0.1 to 10."),
        ("arrivals=nan", "Give a number from 0.1 to 10."),
        ("handling=1e400", "Give a number from 0.1 to 10."),
        ("clocks=x", "Give a number from 0.5 to 10."),
        ("minutes=4.5", "Give a number from 5 to 60."),
        ("opens=-1", "Give a number from 0 to 23."),
        ("closes=" + "9" * 5_000, "Give a number from 1 to 24."),
        ("days=never", "How this is worked out"),
        ("opens=%00", "Give a number from 0 to 23."),
    ],
    ids=["nothing", "nan", "huge", "word", "part", "below", "endless", "days", "nul"],
)
def test_what_cannot_be_meant_is_said_at_its_place(
    staff: Any, db: Database, query: str, said: str
) -> None:
    lead = staff("lead", Role.ADMINISTRATOR)
    db.write_now(lambda tx: fill(tx, weeks=2, opened=1))
    page = lead.open(f"/desk/staffing?{query}")
    assert page.status_code == 200
    assert said in page.text


def mixed(one: str, other: str, share: float) -> str:
    """What CSS makes of two colours mixed in sRGB."""
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + bytes(round(a * share + b * (1 - share)) for a, b in pairs).hex()


@pytest.mark.parametrize("light", [LIGHT, DARK], ids=["light", "dark"])
def test_the_colours_of_the_week_can_be_read(light: dict[str, str]) -> None:
    style = (STATIC / "css/quality.css").read_text(encoding="utf-8")
    shares = re.findall(r"heat-\d \{ background: color-mix\(in srgb, var\(--moss\) (\d+)%", style)
    assert len(shares) == 5
    for share in shares:
        ground = mixed(light["moss"], light["sheet"], int(share) / 100)
        assert ratio(light["ink"], ground) >= 4.5, share


def test_pages_ask_a_fixed_number_of_questions(
    staff: Any, db: Database, ada: Any, bo: Any, join: Any, counted: Any
) -> None:
    lead = staff("lead", Role.ADMINISTRATOR)
    rev, sec = join("rev", role="reviewer"), staff("sec")
    db.write_now(lambda tx: fill(tx, weeks=2, opened=1))

    def work(n: int) -> None:
        close(db, rev, bo, ada, post(ada, f"socks {n}"))
        look_at(sec, rule="", step="no-action")
        case = db.write_now(practice.start_practice, rev.account.id)
        db.write_now(
            practice.answer_practice, rev.account.id, case.id, rule_code="", step="no-action"
        )

    db.write_now(practice.take_up_shipped)
    work(0)
    paths = (PRACTICE, LOOKS, *LEADS)
    few = [counted(lead, path) for path in paths]
    for n in range(1, 4):
        work(n)
    assert [counted(lead, path) for path in paths] == few
