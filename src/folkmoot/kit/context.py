"""What work outside a transaction can reach: the database and the outside world."""

from functools import cached_property
from typing import TYPE_CHECKING

from folkmoot.kit.db import Database
from folkmoot.kit.settings import Settings

if TYPE_CHECKING:
    from folkmoot.kit.http import Client
    from folkmoot.kit.images import Darkroom
    from folkmoot.kit.mail import Mailer
    from folkmoot.kit.storage import Storage


class Context:
    """Handed to job handlers. What is slow to make is made when first asked for."""

    def __init__(self, settings: Settings, db: Database) -> None:
        self.settings = settings
        self.db = db

    @cached_property
    def http(self) -> "Client":
        """Outgoing HTTP, guarded against private addresses."""
        from folkmoot.kit.http import Client

        return Client(
            user_agent=f"Folkmoot (+{self.settings.server.base_url})",
            allow_networks=self.settings.outgoing.allowed_private,
        )

    @cached_property
    def mailer(self) -> "Mailer":
        """Outgoing mail."""
        from folkmoot.kit.mail import Mailer

        return Mailer(self.settings)

    @cached_property
    def storage(self) -> "Storage":
        """Where media files are kept."""
        from folkmoot.kit.storage import open_storage

        return open_storage(self.settings)

    @cached_property
    def darkroom(self) -> "Darkroom":
        """Where strangers' pictures are decoded, in processes of their own."""
        from folkmoot.kit.images import Darkroom, ImageLimits

        media = self.settings.media
        return Darkroom(
            ImageLimits(
                bytes_max=media.image_bytes,
                pixels_max=media.image_pixels,
                memory_bytes=media.processing_memory,
            )
        )

    async def close_http(self) -> None:
        """Ends open connections, in the event loop that they were made in."""
        made = self.__dict__.pop("http", None)
        if made is not None:
            await made.close()

    def close(self) -> None:
        """Ends what was made here and would outlive us."""
        made = self.__dict__.get("darkroom")
        if made is not None:
            made.close()
