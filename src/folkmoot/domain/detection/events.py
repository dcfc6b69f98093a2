"""Facts about detectors."""

import msgspec

from folkmoot.domain.detection.model import Change, Finding, StoredDetector
from folkmoot.domain.detectors.model import Detector
from folkmoot.domain.posts.model import Post


class DetectorChanged(msgspec.Struct, frozen=True):
    """A detector was made, rewritten, put in another state, or stepped back by itself."""

    detector: StoredDetector
    change: Change


class DetectorHit(msgspec.Struct, frozen=True):
    """An active detector found something, and asks for an effect. Who carries it out tells the
    author, with the reason. What a detector in shadow finds is told to nobody.

    `post` is what it was found in, to be changed in place; `fresh` when nobody has heard of it.
    """

    finding: Finding
    detector: Detector
    post: Post | None = None
    fresh: bool = False
