"""A condition that can be asked: CEL's own evaluation, and what must hold for it to be true."""

from collections.abc import Callable, Mapping
from operator import eq, ge, gt, le, lt
from typing import Any

import msgspec

from folkmoot.kit.criteria.cel import cel
from folkmoot.kit.criteria.syntax import (
    NUMBERS,
    ConditionInvalid,
    Kind,
    Node,
    Reading,
    read_condition,
)

SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq}

# Up to here whole numbers and decimal ones compare alike everywhere.
_EXACT = 2**53


class ConditionFailed(Exception):
    """A condition could not be decided, such as by dividing by nought."""


class AnyOf(msgspec.Struct, frozen=True):
    """At least one of these facts must be true."""

    names: frozenset[str]


class OneOf(msgspec.Struct, frozen=True):
    """The fact must have one of these values."""

    name: str
    values: frozenset[Any]


class Compare(msgspec.Struct, frozen=True):
    """The fact, a number, must stand so to a bound: `<`, `<=`, `>`, `>=` or `==`."""

    name: str
    sign: str
    bound: float


Clause = AnyOf | OneOf | Compare


class Condition:
    """A compiled condition. `names` are the facts it asks for; `clauses` must all hold where it
    is true, so that nobody need ask it where one does not.
    """

    __slots__ = ("_program", "clauses", "flat", "names", "source")

    def __init__(self, source: str, reading: Reading) -> None:
        self.source = source
        self.names = tuple(sorted({use.name for use in reading.uses}))
        self.clauses = tuple(_clauses(reading.tree))
        # The library takes a flat variable at a thirtieth of the cost of a part of a structure.
        self.flat = tuple((name, _flat(name)) for name in self.names)
        try:
            self._program = cel().compile(_flattened(source, reading))
        except ValueError as error:  # what we read and the library does not: never seen
            raise ConditionInvalid(str(error).splitlines()[0][:200], line=1, column=1) from error

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """Whether it is true of these facts; ConditionFailed when that cannot be said."""
        return self.run({flat: facts[name] for name, flat in self.flat})

    def run(self, variables: dict[str, Any]) -> bool:
        """As `holds`, of the values of `flat` names."""
        try:
            answer = self._program.execute(variables)
        except BaseException as error:  # a panic of the library is no Exception
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            raise ConditionFailed(str(error)[:200]) from error
        if answer is not True and answer is not False:
            raise ConditionFailed(f"the answer was {str(answer)[:100]}")
        return answer


def compile_condition(source: str, facts: Mapping[str, Kind]) -> Condition:
    """Reads, checks and compiles a condition over these facts. ConditionInvalid."""
    return Condition(source, read_condition(source, facts))


def _flat(name: str) -> str:
    return name.replace(".", "_") + "_"


def _flattened(source: str, reading: Reading) -> str:
    pieces, at = [], 0
    for use in reading.uses:
        pieces += [source[at : use.start], _flat(use.name)]
        at = use.end
    return "".join([*pieces, source[at:]])


def _clauses(node: Node) -> list[Clause]:
    """What must hold where a node is true. In CEL `false && error` is false in either order, so a
    clause that does not hold decides, whatever the rest would have said.
    """
    match node.op:
        case "&&":
            return [clause for part in node.parts for clause in _clauses(part)]
        case "||":
            return _either([_clauses(part) for part in node.parts])
        case "fact":
            return [AnyOf(frozenset({node.value}))]
        case "!" if node.parts[0].op == "fact":
            return [OneOf(node.parts[0].value, frozenset({False}))]
        case "<" | "<=" | ">" | ">=" | "==":
            return _compared(node)
        case "in":
            return _listed(node)
    return []


def _either(sides: list[list[Clause]]) -> list[Clause]:
    """Of alternatives, what one side or the other needs: facts of which one must be true."""
    names: set[str] = set()
    for side in sides:
        needed = min(
            (clause.names for clause in side if isinstance(clause, AnyOf)), key=len, default=None
        )
        if needed is None:
            return []
        names |= needed
    return [AnyOf(frozenset(names))]


_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


def _compared(node: Node) -> list[Clause]:
    sign, (left, right) = node.op, node.parts
    if left.op == "literal":
        sign, left, right = _MIRRORED[sign], right, left
    if left.op != "fact" or right.op != "literal" or right.value is None:
        return []
    if left.kind not in NUMBERS:
        return [OneOf(left.value, frozenset({right.value}))]
    if abs(right.value) > _EXACT:
        return []
    return [Compare(left.value, sign, right.value)]


def _listed(node: Node) -> list[Clause]:
    item, many = node.parts
    if item.op != "fact" or many.op != "list" or item.kind not in {Kind.TEXT, Kind.INT}:
        return []
    if any(part.op != "literal" or part.value is None for part in many.parts):
        return []
    return [OneOf(item.value, frozenset(part.value for part in many.parts))]
