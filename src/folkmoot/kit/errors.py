"""The five kinds of refusal. A room subclasses them; the subclass's docstring is the sentence
a person may read, with {fields} filled from its keyword arguments. Surfaces map kinds to their
own shape once; anything that is not a Refusal is a defect and reaches nobody as text.
"""

from typing import Any


class Refusal(Exception):
    """The request was refused."""

    def __init__(self, sentence: str | None = None, **facts: Any) -> None:
        self.facts = facts
        template = sentence or (type(self).__doc__ or "The request was refused.")
        self.sentence = template.strip().splitlines()[0].format(**facts) if facts else template
        super().__init__(self.sentence)


class NotFound(Refusal):
    """Record not found"""


class Forbidden(Refusal):
    """This action is not allowed"""


class Conflict(Refusal):
    """This conflicts with what is already there"""


class Invalid(Refusal):
    """Validation failed"""


class TooMany(Refusal):
    """Too many requests"""
