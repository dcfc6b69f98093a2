"""Facts about notifications."""

import msgspec

from folkmoot.domain.notifications.model import Notice, Notification


class Notified(msgspec.Struct, frozen=True):
    """Members were told of something: one notification for each, none of them held back."""

    notice: Notice
    notifications: tuple[Notification, ...]
