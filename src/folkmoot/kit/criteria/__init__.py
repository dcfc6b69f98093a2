"""Criteria: many conditions over typed facts and words, decided together and quickly.

`syntax` reads a condition in CEL and checks its types, `conditions` compiles it; `words`,
`patterns` and `near` (of pictures) find once for all, `shortlist` leaves out whose condition
cannot hold, `together` decides. Made for thousands of texts a second and hundreds of criteria.
"""

from folkmoot.kit.criteria.conditions import Condition, ConditionFailed, compile_condition
from folkmoot.kit.criteria.near import DISTANCE, Near, check_hash
from folkmoot.kit.criteria.patterns import PatternInvalid, check_pattern
from folkmoot.kit.criteria.syntax import ConditionInvalid, Kind
from folkmoot.kit.criteria.together import Criteria, Criterion, LazyFacts, Outcome
from folkmoot.kit.criteria.words import EntryInvalid, check_entry, fold_text

__all__ = [
    "DISTANCE",
    "Condition",
    "ConditionFailed",
    "ConditionInvalid",
    "Criteria",
    "Criterion",
    "EntryInvalid",
    "Kind",
    "LazyFacts",
    "Near",
    "Outcome",
    "PatternInvalid",
    "check_entry",
    "check_hash",
    "check_pattern",
    "compile_condition",
    "fold_text",
]
