"""CustomEmoji."""

import msgspec

from folkmoot.surfaces.app import App


class CustomEmoji(msgspec.Struct):
    """A picture that stands for `:shortcode:`."""

    shortcode: str
    url: str
    static_url: str
    visible_in_picker: bool = True
    category: str | None = None


def emojis_in(app: App, *texts: str) -> list[CustomEmoji]:
    """The custom emoji whose shortcodes occur in the texts."""
    known = app.emoji
    if not known or not any(":" in text for text in texts):
        return []
    return [made for code, made in known.items() if any(code in text for text in texts)]
