"""Entities that are encoded already, in the place of entities to be encoded."""

from typing import Any

import msgspec


def encoded(entity: bytes | msgspec.Raw) -> Any:
    """Stands for the entity when what surrounds it is encoded."""
    return entity if isinstance(entity, msgspec.Raw) else msgspec.Raw(entity)
