"""`folkmoot emoji`: the instance's own emoji."""

from pathlib import Path

import rich_click as click

from folkmoot.cli.main import open_instance


@click.group("emoji")
def command() -> None:
    """Add, list and remove custom emoji. A running server shows the change within seconds."""


@command.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("shortcode")
@click.option("--category", default="", help="Under which heading pickers show it.")
def add(file: Path, shortcode: str, category: str) -> None:
    """Make a picture an emoji, written :shortcode: in posts."""
    import secrets

    from folkmoot.domain.instance import actions, queries
    from folkmoot.domain.instance.model import EmojiExists, check_shortcode
    from folkmoot.kit.images import EMOJI, Darkroom, ImageLimits

    check_shortcode(shortcode)
    with open_instance() as app:
        if app.db.read_now(queries.find_emoji, shortcode):
            raise EmojiExists
        with Darkroom(ImageLimits(bytes_max=app.settings.media.emoji_bytes)) as darkroom:
            made = darkroom.develop(file.read_bytes(), EMOJI).renditions
        storage, keys = app.context.storage, {}
        for name, rendition in made.items():
            keys[name] = f"emoji/{secrets.token_hex(8)}/{name}{rendition.suffix}"
            storage.put(keys[name], rendition.data, mime=rendition.mime)
        try:
            app.db.write_now(
                actions.add_emoji,
                shortcode,
                file=keys["original"],
                static_file=keys["static"],
                category=category,
            )
        except BaseException:
            storage.delete(keys.values())
            raise
    click.echo(f":{shortcode}: is there.")


@command.command("remove")
@click.argument("shortcode")
def remove(shortcode: str) -> None:
    """Remove an emoji; posts that use it show its name."""
    from folkmoot.domain.instance import actions

    with open_instance() as app:
        emoji = app.db.write_now(actions.remove_emoji, shortcode)
        app.context.storage.delete([emoji.file, emoji.static_file])
    click.echo(f":{shortcode}: is gone.")


@command.command("list")
def list_all() -> None:
    """List every emoji."""
    from folkmoot.domain.instance import queries

    with open_instance() as app:
        for emoji in app.db.read_now(queries.list_emojis):
            click.echo(f":{emoji.shortcode}:\t{emoji.category}")
