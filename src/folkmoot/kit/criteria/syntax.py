"""Conditions as people write them: the part of CEL that is offered, read and type-checked.

Running them is left to the CEL library; it neither checks types nor says where something is
wrong. Grammar: https://github.com/google/cel-spec/blob/master/doc/langdef.md
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from folkmoot.kit.errors import Invalid

MAX_CHARS = 2_000
MAX_DEPTH = 24


class Kind(StrEnum):
    """The types of facts. A list holds texts."""

    BOOL = "true or false"
    INT = "whole number"
    DOUBLE = "decimal number"
    TEXT = "text"
    TEXTS = "list of texts"
    INTS = "list of whole numbers"
    DOUBLES = "list of decimal numbers"
    BOOLS = "list of true and false"


NUMBERS = frozenset({Kind.INT, Kind.DOUBLE})
_LIST_OF = {
    Kind.TEXT: Kind.TEXTS,
    Kind.INT: Kind.INTS,
    Kind.DOUBLE: Kind.DOUBLES,
    Kind.BOOL: Kind.BOOLS,
}
_ITEM_OF = {many: one for one, many in _LIST_OF.items()}


class ConditionInvalid(Invalid):
    """Line {line}, column {column}: {problem}"""

    def __init__(self, problem: str, *, line: int, column: int) -> None:
        super().__init__(line=line, column=column, problem=problem)
        self.problem, self.line, self.column = problem, line, column


class Node(msgspec.Struct, frozen=True):
    """A part of a condition: an operation on parts, of a kind, at an offset in the source.

    `fact` and `local` have their name as value, `literal` what it stands for (None when that
    would need escapes resolved), macros the name of their variable.
    """

    op: str
    kind: Kind
    at: int
    parts: tuple["Node", ...] = ()
    value: Any = None


class Use(msgspec.Struct, frozen=True):
    """Where the source names a fact."""

    start: int
    end: int
    name: str


class Reading(msgspec.Struct, frozen=True):
    """A condition that was read: its tree, and each place that names a fact."""

    tree: Node
    uses: tuple[Use, ...]


def read_condition(source: str, facts: Mapping[str, Kind]) -> Reading:
    """Reads a condition that may name these facts; ConditionInvalid says what is wrong where."""
    if len(source) > MAX_CHARS:
        raise _wrong(source, MAX_CHARS, f"a condition has at most {MAX_CHARS:,} characters")
    reader = _Reader(source, facts)
    tree = reader.choice()
    if reader.here.text:
        raise reader.wrong(f"I did not expect {reader.here.text} here")
    if tree.kind is not Kind.BOOL:
        raise _wrong(source, tree.at, f"a condition is true or false; this is a {tree.kind}")
    return Reading(tree, tuple(reader.uses))


def place(source: str, at: int) -> tuple[int, int]:
    """The line and the column of an offset, both from 1."""
    line = source.count("\n", 0, at) + 1
    return line, at - (source.rfind("\n", 0, at) + 1) + 1


def _wrong(source: str, at: int, problem: str) -> ConditionInvalid:
    line, column = place(source, at)
    return ConditionInvalid(problem, line=line, column=column)


class _Token(msgspec.Struct, frozen=True, gc=False):
    kind: str
    text: str
    at: int


_TOKENS = re.compile(
    r"""
      (?P<space>(?:\s|//[^\n]*)+)
    | (?P<double>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)
    | (?P<int>0x[0-9a-fA-F]+|\d+)
    | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<name>[A-Za-z_]\w*)
    | (?P<sign>&&|\|\||[<>=!]=|[-+*/%<>!?:.,()\[\]])
    """,
    re.VERBOSE | re.ASCII,
)
_RELATIONS = frozenset({"<", "<=", ">", ">=", "==", "!=", "in"})
_WORDS = frozenset({"true", "false", "null", "in"})
# fmt: off
_RESERVED = frozenset({
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
    "namespace", "package", "return", "var", "void", "while",
})
# fmt: on
_INSTEAD = {
    "null": "there is no null: every fact always has a value",
    "matches": "name the pattern under [patterns] and write found.NAME",
    "has": "every fact always has a value: compare it instead",
    "type": "the types of facts are known; there is nothing to ask",
}


def _tokens(source: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while at < len(source):
        match = _TOKENS.match(source, at)
        if match is None:
            raise _wrong(source, at, f"{source[at]} has no meaning here")
        if match.lastgroup != "space":
            found.append(_Token(str(match.lastgroup), match[0], at))
        at = match.end()
    return [*found, _Token("end", "", len(source.rstrip()))]


class _Reader:
    """Recursive descent with one token of foresight. Each method reads one level of precedence."""

    def __init__(self, source: str, facts: Mapping[str, Kind]) -> None:
        self.source = source
        self.facts = facts
        self.uses: list[Use] = []
        self._tokens = _tokens(source)
        self._next = 0
        self._depth = 0
        self._local: tuple[str, Kind] | None = None

    @property
    def here(self) -> _Token:
        return self._tokens[self._next]

    def wrong(self, problem: str, at: int | None = None) -> ConditionInvalid:
        return _wrong(self.source, self.here.at if at is None else at, problem)

    def choice(self) -> Node:
        """`a ? b : c`, or what binds closer."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self.wrong(f"this is nested more than {MAX_DEPTH} deep")
        test = self._either()
        if not self._skip("?"):
            self._depth -= 1
            return test
        yes = self._either()
        self._expect(":")
        no = self.choice()
        self._depth -= 1
        self._must_be(test, Kind.BOOL)
        if yes.kind is not no.kind:
            problem = f"one side of this choice is a {yes.kind}, the other a {no.kind}"
            raise self.wrong(problem, no.at)
        return Node("?:", yes.kind, test.at, (test, yes, no))

    def _either(self) -> Node:
        return self._chain("||", self._both)

    def _both(self) -> Node:
        return self._chain("&&", self._relation)

    def _chain(self, sign: str, operand: Callable[[], Node]) -> Node:
        parts = [operand()]
        while self._skip(sign):
            parts.append(operand())
        if len(parts) == 1:
            return parts[0]
        for part in parts:
            self._must_be(part, Kind.BOOL)
        return Node(sign, Kind.BOOL, parts[0].at, tuple(parts))

    def _relation(self) -> Node:
        left = self._sum()
        sign = self.here
        if sign.text not in _RELATIONS:
            return left
        self._next += 1
        right = self._sum()
        self._check_relation(sign, left, right)
        if self.here.text in _RELATIONS:
            raise self.wrong("compare two things at a time, and join with &&")
        return Node(sign.text, Kind.BOOL, left.at, (left, right))

    def _check_relation(self, sign: _Token, left: Node, right: Node) -> None:
        if sign.text == "in":
            if _ITEM_OF.get(right.kind) is not left.kind:
                problem = f"a {left.kind} cannot be in a {right.kind}"
                raise self.wrong(problem, sign.at)
            return
        numbers = left.kind in NUMBERS and right.kind in NUMBERS
        alike = left.kind is right.kind and left.kind in {Kind.TEXT, Kind.BOOL}
        if not numbers and not (alike and sign.text in {"==", "!="}):
            problem = f"{sign.text} cannot compare a {left.kind} with a {right.kind}"
            raise self.wrong(problem, sign.at)

    def _sum(self) -> Node:
        return self._arithmetic({"+", "-"}, self._product)

    def _product(self) -> Node:
        return self._arithmetic({"*", "/", "%"}, self._unary)

    def _arithmetic(self, signs: set[str], operand: Callable[[], Node]) -> Node:
        left = operand()
        while self.here.kind == "sign" and self.here.text in signs:
            sign = self.here
            self._next += 1
            right = operand()
            if left.kind is not right.kind or left.kind not in NUMBERS:
                problem = f"{sign.text} cannot join a {left.kind} with a {right.kind}"
                if {left.kind, right.kind} == NUMBERS:
                    problem += "; write double(…) around the whole number"
                raise self.wrong(problem, sign.at)
            if sign.text == "%" and left.kind is Kind.DOUBLE:
                raise self.wrong("% is for whole numbers", sign.at)
            left = Node(sign.text, left.kind, left.at, (left, right))
        return left

    def _unary(self) -> Node:
        start = self.here
        if start.kind == "sign" and start.text in {"!", "-"}:
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise self.wrong(f"this is nested more than {MAX_DEPTH} deep")
            self._next += 1
            part = self._unary()
            self._depth -= 1
            if start.text == "!":
                self._must_be(part, Kind.BOOL)
            elif part.kind not in NUMBERS:
                raise self.wrong(f"- stands before a number; this is a {part.kind}", part.at)
            return self._negated(start, part)
        return self._member()

    def _negated(self, start: _Token, part: Node) -> Node:
        if start.text == "-" and part.op == "literal":
            return Node("literal", part.kind, start.at, value=-part.value)
        return Node(start.text, part.kind, start.at, (part,))

    def _member(self) -> Node:
        node = self._primary()
        while self.here.text == "." and self.here.kind == "sign":
            self._next += 1
            name = self._take("name", "the name of what follows the dot")
            if self.here.text != "(":
                problem = f"a {node.kind} has no part {name.text}"
                raise self.wrong(problem, name.at)
            node = self._method(node, name)
        if self.here.text == "[":
            raise self.wrong("lists are not read by number; ask with in, exists or all")
        return node

    def _method(self, node: Node, name: _Token) -> Node:
        if name.text == "size":
            self._expect("(")
            self._expect(")")
            return self._size(node, name)
        if name.text in {"contains", "startsWith", "endsWith"}:
            self._must_be(node, Kind.TEXT)
            (part,) = self._arguments(1)
            self._must_be(part, Kind.TEXT)
            return Node(name.text, Kind.BOOL, node.at, (node, part))
        if name.text in {"exists", "all", "exists_one", "filter", "map"}:
            return self._macro(node, name)
        raise self.wrong(_INSTEAD.get(name.text, f"there is no {name.text}()"), name.at)

    def _macro(self, node: Node, name: _Token) -> Node:
        item = _ITEM_OF.get(node.kind)
        if item is None:
            raise self.wrong(f"{name.text} goes through a list; this is a {node.kind}", node.at)
        if self._local is not None:
            raise self.wrong(f"{name.text} cannot stand inside another exists, all or so", name.at)
        self._expect("(")
        variable = self._take("name", "a name for the list's items")
        if variable.text in _WORDS | _RESERVED or self._names_facts(variable.text):
            raise self.wrong(f"{variable.text} means something already", variable.at)
        self._expect(",")
        self._local = (variable.text, item)
        body = self.choice()
        self._local = None
        self._expect(")")
        kind = node.kind if name.text == "filter" else Kind.BOOL
        if name.text == "map":
            if body.kind not in _LIST_OF:
                raise self.wrong("map cannot make a list of lists", body.at)
            kind = _LIST_OF[body.kind]
        else:
            self._must_be(body, Kind.BOOL)
        return Node(name.text, kind, node.at, (node, body), variable.text)

    def _size(self, node: Node, name: _Token) -> Node:
        if node.kind is Kind.TEXT:
            problem = "size() of a text counts bytes, not characters; text.chars counts those"
            raise self.wrong(problem, name.at)
        if node.kind not in _ITEM_OF:
            raise self.wrong(f"size() counts the items of a list; this is a {node.kind}", name.at)
        return Node("size", Kind.INT, node.at, (node,))

    def _primary(self) -> Node:
        token = self.here
        if token.kind == "end":
            raise self.wrong("something is missing here")
        self._next += 1
        if token.kind in {"int", "double", "text"}:
            return self._literal(token)
        if token.text == "(":
            node = self.choice()
            self._expect(")")
            return node
        if token.text == "[":
            return self._items(token)
        if token.kind == "name":
            return self._named(token)
        raise self.wrong(f"I did not expect {token.text} here", token.at)

    def _literal(self, token: _Token) -> Node:
        if token.kind == "text":
            value = None if "\\" in token.text else token.text[1:-1]
            return Node("literal", Kind.TEXT, token.at, value=value)
        if self.here.kind == "name" and self.here.at == token.at + len(token.text):
            raise self.wrong(f"{token.text}{self.here.text} is no number", token.at)
        if token.kind == "double":
            return Node("literal", Kind.DOUBLE, token.at, value=float(token.text))
        number = int(token.text, 16) if token.text.startswith("0x") else int(token.text)
        if number >= 2**63:
            raise self.wrong("this number is too large", token.at)
        return Node("literal", Kind.INT, token.at, value=number)

    def _items(self, token: _Token) -> Node:
        parts = [self._either()]
        while self._skip(","):
            parts.append(self._either())
        self._expect("]")
        kind = _LIST_OF.get(parts[0].kind)
        if kind is None:
            raise self.wrong("a list cannot hold lists", parts[0].at)
        for part in parts:
            self._must_be(part, parts[0].kind)
        return Node("list", kind, token.at, tuple(parts))

    def _named(self, token: _Token) -> Node:
        name = token.text
        if name in {"true", "false"}:
            return Node("literal", Kind.BOOL, token.at, value=name == "true")
        if self._local is not None and name == self._local[0]:
            return Node("local", self._local[1], token.at, value=name)
        if self.here.text == "(":
            return self._function(token)
        return self._fact(token)

    def _function(self, token: _Token) -> Node:
        if token.text == "size":
            (part,) = self._arguments(1)
            return self._size(part, token)
        if token.text in {"double", "int"}:
            (part,) = self._arguments(1)
            if part.kind not in NUMBERS:
                raise self.wrong(f"{token.text}() takes a number", part.at)
            kind = Kind.DOUBLE if token.text == "double" else Kind.INT
            return Node(token.text, kind, token.at, (part,))
        problem = _INSTEAD.get(token.text, f"there is no {token.text}()")
        raise self.wrong(problem, token.at)

    def _fact(self, token: _Token) -> Node:
        """The longest dotted name, as far as it is no method's."""
        names, end, tokens = token.text, token.at + len(token.text), self._tokens
        while (
            tokens[self._next].text == "."
            and tokens[self._next + 1].kind == "name"
            and tokens[self._next + 2].text != "("
        ):
            part = tokens[self._next + 1]
            names, end = f"{names}.{part.text}", part.at + len(part.text)
            self._next += 2
        kind = self.facts.get(names)
        if kind is None:
            raise self.wrong(self._unknown(names), token.at)
        self.uses.append(Use(token.at, end, names))
        return Node("fact", kind, token.at, value=names)

    def _unknown(self, name: str) -> str:
        if name in _INSTEAD:
            return _INSTEAD[name]
        start = name.partition(".")[0] + "."
        alike = [known for known in self.facts if known.startswith(start)]
        hint = f"; there are {', '.join(alike[:20])}" if alike else ""
        return f"there is no fact {name}{hint}"

    def _names_facts(self, name: str) -> bool:
        return any(known.partition(".")[0] == name for known in self.facts)

    def _arguments(self, count: int) -> list[Node]:
        opening = self.here.at
        self._expect("(")
        found = [] if self.here.text == ")" else [self.choice()]
        while found and self._skip(","):
            found.append(self.choice())
        self._expect(")")
        if len(found) != count:
            raise self.wrong(f"this takes {count} value, not {len(found)}", opening)
        return found

    def _must_be(self, node: Node, kind: Kind) -> None:
        if node.kind is not kind:
            raise self.wrong(f"this must be a {kind}; it is a {node.kind}", node.at)

    def _skip(self, sign: str) -> bool:
        if self.here.kind != "sign" or self.here.text != sign:
            return False
        self._next += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._skip(sign):
            found = self.here.text or "the end"
            raise self.wrong(f"I expected {sign}, not {found}")

    def _take(self, kind: str, what: str) -> _Token:
        token = self.here
        if token.kind != kind:
            raise self.wrong(f"I expected {what}")
        self._next += 1
        return token
