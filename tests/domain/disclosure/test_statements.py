"""What a statement of reasons may say, field by field, and what decisions say in theirs."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.disclosure.database import validate
from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.decisions.model import (
    POSSIBLE,
    Decision,
    DecisionId,
    Ground,
    Source,
    Step,
    SubjectKind,
)
from folkmoot.domain.disclosure.model import (
    Statement,
    categories,
    check_statement,
    keywords,
    state_reasons,
)
from folkmoot.domain.policy.model import Rule, shipped_rules
from folkmoot.kit.clock import DAY, from_iso

BASE = "https://moot.example"
NOW = from_iso("2026-11-25")
GOOD = Statement(
    puid="D-1",
    decision_visibility=("DECISION_VISIBILITY_CONTENT_DISABLED",),
    decision_ground="DECISION_GROUND_INCOMPATIBLE_CONTENT",
    incompatible_content_ground="Rule spam-1",
    incompatible_content_explanation="Do not repeat yourself.",
    content_type=("CONTENT_TYPE_TEXT",),
    category="STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    content_date="2026-11-24",
    application_date="2026-11-25",
    decision_facts="A post was found to break rule spam-1.",
    source_type="SOURCE_VOLUNTARY",
    automated_detection="No",
    automated_decision="AUTOMATED_DECISION_NOT_AUTOMATED",
)
_ILLEGAL: dict[str, Any] = {
    "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
    "incompatible_content_ground": "",
    "incompatible_content_explanation": "",
    "illegal_content_legal_ground": "Section 1 of the Act",
    "illegal_content_explanation": "It is.",
}
LONG = "a" * 501
WRONG: list[tuple[str, dict[str, Any]]] = [
    ("puid", {"puid": ""}),
    ("puid", {"puid": "D 1"}),
    ("puid", {"puid": "D.1"}),
    ("puid", {"puid": LONG}),
    ("decision_visibility", {"decision_visibility": ()}),
    ("decision_visibility", {"decision_visibility": ("CONTENT_REMOVED",)}),
    ("decision_visibility", {"decision_visibility": GOOD.decision_visibility * 2}),
    ("decision_visibility_other", {"decision_visibility": ("DECISION_VISIBILITY_OTHER",)}),
    ("decision_visibility_other", {"decision_visibility_other": "Blurred"}),
    ("decision_monetary", {"decision_monetary": "DECISION_MONETARY_FINE"}),
    ("decision_monetary_other", {"decision_monetary": "DECISION_MONETARY_OTHER"}),
    ("decision_monetary_other", {"decision_monetary_other": "No pay"}),
    ("decision_provision", {"decision_provision": "DECISION_PROVISION_PARTIAL"}),
    ("decision_account", {"decision_account": "DECISION_ACCOUNT_BANNED"}),
    ("account_type", {"account_type": "ACCOUNT_TYPE_ROBOT"}),
    ("decision_ground", {"decision_ground": ""}),
    ("decision_ground", {"decision_ground": "DECISION_GROUND_TASTE"}),
    ("decision_ground_reference_url", {"decision_ground_reference_url": "moot.example/rules"}),
    ("decision_ground_reference_url", {"decision_ground_reference_url": "https://a.b/" + LONG}),
    ("illegal_content_legal_ground", {"illegal_content_legal_ground": "Section 1"}),
    ("illegal_content_explanation", {"illegal_content_explanation": "Because"}),
    ("illegal_content_legal_ground", {**_ILLEGAL, "illegal_content_legal_ground": ""}),
    ("illegal_content_legal_ground", {**_ILLEGAL, "illegal_content_legal_ground": LONG}),
    ("illegal_content_explanation", {**_ILLEGAL, "illegal_content_explanation": ""}),
    ("illegal_content_explanation", {**_ILLEGAL, "illegal_content_explanation": "a" * 2_001}),
    ("incompatible_content_ground", {**_ILLEGAL, "incompatible_content_ground": "Rule"}),
    ("incompatible_content_illegal", {**_ILLEGAL, "incompatible_content_illegal": "Yes"}),
    ("incompatible_content_ground", {"incompatible_content_ground": ""}),
    ("incompatible_content_ground", {"incompatible_content_ground": LONG}),
    ("incompatible_content_explanation", {"incompatible_content_explanation": ""}),
    ("incompatible_content_explanation", {"incompatible_content_explanation": "a" * 2_001}),
    ("incompatible_content_illegal", {"incompatible_content_illegal": "Maybe"}),
    ("content_type", {"content_type": ()}),
    ("content_type", {"content_type": ("CONTENT_TYPE_SMELL",)}),
    ("content_type_other", {"content_type": ("CONTENT_TYPE_OTHER",)}),
    ("content_type_other", {"content_type_other": "A smell"}),
    ("category", {"category": ""}),
    ("category", {"category": "STATEMENT_CATEGORY_PORNOGRAPHY_OR_SEXUALIZED_CONTENT"}),
    ("category_addition", {"category_addition": ("SPAM",)}),
    ("category_specification", {"category_specification": ("KEYWORD_RUDENESS",)}),
    ("category_specification_other", {"category_specification_other": "Rude"}),
    ("territorial_scope", {"territorial_scope": ("UK",)}),
    ("content_language", {"content_language": "en"}),
    ("content_language", {"content_language": "eng"}),
    ("content_date", {"content_date": ""}),
    ("content_date", {"content_date": "25.11.2026"}),
    ("content_date", {"content_date": "2026-02-30"}),
    ("content_date", {"content_date": "1999-12-31"}),
    ("content_date", {"content_date": "2038-01-02"}),
    ("application_date", {"application_date": ""}),
    ("application_date", {"application_date": "2019-12-31"}),
    ("end_date_visibility_restriction", {"end_date_visibility_restriction": "2038-01-02"}),
    ("end_date_visibility_restriction", {"end_date_visibility_restriction": "soon"}),
    ("end_date_account_restriction", {"end_date_account_restriction": "2027-01-01"}),
    ("end_date_service_restriction", {"end_date_service_restriction": "2027-01-01"}),
    ("end_date_monetary_restriction", {"end_date_monetary_restriction": "2027-01-01"}),
    ("decision_facts", {"decision_facts": ""}),
    ("decision_facts", {"decision_facts": "a" * 5_001}),
    ("decision_facts", {"decision_facts": "@ada wrote it."}),
    ("decision_facts", {"decision_facts": "Ask ada@moot.example."}),
    ("decision_facts", {"decision_facts": "See https://moot.example/@ada/1."}),
    ("decision_facts", {"decision_facts": "Call +44 20 7946 0018."}),
    ("source_type", {"source_type": ""}),
    ("source_type", {"source_type": "SOURCE_RUMOUR"}),
    ("source_identity", {"source_identity": "Harbour Watch"}),
    ("automated_detection", {"automated_detection": ""}),
    ("automated_detection", {"automated_detection": "yes"}),
    ("automated_decision", {"automated_decision": ""}),
    ("automated_decision", {"automated_decision": "AUTOMATED_DECISION_MOSTLY"}),
    ("content_id_ean", {"content_id_ean": "123"}),
]


def test_a_good_statement_has_no_fault() -> None:
    assert check_statement(GOOD) == []
    assert check_statement(msgspec.structs.replace(GOOD, **_ILLEGAL)) == []


@pytest.mark.parametrize(("field", "change"), WRONG, ids=[str(n) for n in range(len(WRONG))])
def test_each_rule_of_the_schema(field: str, change: dict[str, Any]) -> None:
    faults = check_statement(msgspec.structs.replace(GOOD, **change))
    assert field in [fault.field for fault in faults]
    assert all(fault.sentence.endswith(".") for fault in faults)


def test_the_schema_has_its_categories_and_keywords() -> None:
    assert len(categories()) == 16
    assert {"KEYWORD_OTHER", "KEYWORD_PHISHING", "KEYWORD_HATE_SPEECH"} < keywords()


CASES = [
    (rule, kind, step)
    for rule in shipped_rules()
    for kind in SubjectKind
    for step in sorted(POSSIBLE[kind] - {Step.NO_ACTION})
]


def decision(rule: Rule, kind: SubjectKind, step: Step, **more: Any) -> Decision:
    said: dict[str, Any] = {
        "id": DecisionId(7),
        "case_id": 1,
        "subject_kind": kind,
        "subject_id": 5,
        "account_id": AccountId(4),
        "step": step,
        "rule_code": rule.code,
        "version_id": rule.version_id,
        "category": rule.category,
        "facts": "@ada said ‘come to 5 Harbour Street’.",
        "ground": Ground.TERMS,
        "law": "",
        "label": "",
        "source": Source.OWN,
        "detector": "",
        "decider": "r-abcdefghijklmnop",
        "decided_by": AccountId(2),
        "seconder": "",
        "seconded_by": None,
        "content_types": '["text"]',
        "content_language": "en",
        "content_at": NOW - DAY,
        "received_at": NOW - DAY,
        "created_at": NOW,
        "ends_at": None,
        "review_at": NOW + DAY,
        "ended_at": None,
        "ending": "",
        "ended_by": None,
        "end_reason": "",
    }
    return Decision(**(said | more))


MORE = st.fixed_dictionaries(
    {
        "source": st.sampled_from(list(Source)),
        "law": st.sampled_from(["", "Section 1 of the Act"]),
        "content_types": st.sampled_from(
            ['["text"]', '["image","text"]', '["audio","video"]', '["other"]']
        ),
        "content_language": st.sampled_from(["", "en", "zh-CN", "gsw"]),
        "detector": st.sampled_from(["", "links"]),
        "ends_at": st.none() | st.integers(1, 3_600).map(lambda days: NOW + days * DAY),
    }
)


@given(case=st.sampled_from(CASES), more=MORE)
def test_every_decision_makes_a_statement_that_the_database_takes(
    case: tuple[Rule, SubjectKind, Step], more: dict[str, Any]
) -> None:
    rule, kind, step = case
    ground = Ground.LAW if more["law"] else Ground.TERMS
    statement = state_reasons(
        decision(rule, kind, step, ground=ground, **more), rule, base_url=BASE
    )
    assert check_statement(statement) == []
    said = msgspec.json.encode(statement)
    assert validate(msgspec.json.decode(said)) == {}
    assert "ada" not in said.decode()
    assert "Harbour Street" not in said.decode()


def test_flags_follow_from_what_happened() -> None:
    rule = shipped_rules()[0]
    by_hand = decision(rule, SubjectKind.POST, Step.QUARANTINE)
    found = msgspec.structs.replace(by_hand, detector="links")
    alone = msgspec.structs.replace(found, decider="", decided_by=None, step=Step.SCREEN)
    flags = [
        (made.automated_detection, made.automated_decision.rpartition("DECISION_")[2])
        for made in (state_reasons(d, rule, base_url=BASE) for d in (by_hand, found, alone))
    ]
    assert flags == [("No", "NOT_AUTOMATED"), ("Yes", "NOT_AUTOMATED"), ("Yes", "FULLY")]
