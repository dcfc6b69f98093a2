"""Admin::Measure, Admin::Dimension and Admin::Cohort."""

import msgspec


class AdminMeasureData(msgspec.Struct):
    """What was counted on a day."""

    date: str
    value: str


class AdminMeasure(msgspec.Struct, kw_only=True):
    """What was counted day by day, in all, and in as many days before."""

    key: str
    unit: str | None
    total: str
    previous_total: str
    data: list[AdminMeasureData]


class AdminDimensionData(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One of the things that a dimension tells apart."""

    key: str
    human_key: str
    value: str
    unit: str | None = None
    human_value: str | None = None


class AdminDimension(msgspec.Struct):
    """Something about the server, told apart."""

    key: str
    data: list[AdminDimensionData]


class AdminCohortData(msgspec.Struct):
    """How many of a cohort were seen from a moment on, and which share that is."""

    date: str
    rate: float
    value: str


class AdminCohort(msgspec.Struct):
    """Who signed up in one day or month, as they were seen since."""

    period: str
    frequency: str
    data: list[AdminCohortData]
