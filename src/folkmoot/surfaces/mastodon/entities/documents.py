"""ExtendedDescription, PrivacyPolicy, TermsOfService: texts of the instance, rendered."""

import msgspec


class ExtendedDescription(msgspec.Struct):
    """What the operator says about the instance."""

    updated_at: str
    content: str


class PrivacyPolicy(msgspec.Struct):
    """What happens with members' data."""

    updated_at: str
    content: str


class TermsOfService(msgspec.Struct):
    """A version of the terms; `succeeded_by` is the day of the next one."""

    effective_date: str
    effective: bool
    content: str
    succeeded_by: str | None
