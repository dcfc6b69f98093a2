"""Tables that several commands print."""

from rich.table import Table

from folkmoot.kit.settings_sources import Loaded, known_keys, shown


def settings_table(loaded: Loaded, *, only_set: bool) -> Table:
    """Key, value and origin of the settings; secrets are masked."""
    table = Table(box=None, pad_edge=False)
    for heading in ("key", "value", "from"):
        table.add_column(heading, overflow="fold")
    for known in known_keys().values():
        if only_set and known.key not in loaded.origins:
            continue
        value = getattr(getattr(loaded.settings, known.section), known.name)
        table.add_row(known.key, shown(known, value), loaded.origin(known.key))
    return table
