"""What a file is, told from its first bytes. File names and declared types are never believed:
the demuxer that later reads the file is forced to the kind found here, so that a playlist
dressed up as a film is not followed anywhere.
"""

from collections.abc import Callable
from typing import Literal

import msgspec

Family = Literal["image", "video", "audio"]

HEAD_BYTES = 4096
"""How much of a file is enough for `sniff`."""


class FileType(msgspec.Struct, frozen=True):
    """`demuxer` is ffmpeg's name for the container, empty where Pillow reads the format."""

    mime: str
    family: Family
    suffix: str
    demuxer: str = ""


JPEG = FileType("image/jpeg", "image", ".jpg")
PNG = FileType("image/png", "image", ".png", "apng")
GIF = FileType("image/gif", "image", ".gif", "gif")
WEBP = FileType("image/webp", "image", ".webp")
AVIF = FileType("image/avif", "image", ".avif")
HEIC = FileType("image/heic", "image", ".heic")
MP4 = FileType("video/mp4", "video", ".mp4", "mov")
QUICKTIME = FileType("video/quicktime", "video", ".mov", "mov")
WEBM = FileType("video/webm", "video", ".webm", "matroska")
OGG = FileType("audio/ogg", "audio", ".ogg", "ogg")
OGV = FileType("video/ogg", "video", ".ogv", "ogg")
M4A = FileType("audio/mp4", "audio", ".m4a", "mov")
MP3 = FileType("audio/mpeg", "audio", ".mp3", "mp3")
FLAC = FileType("audio/flac", "audio", ".flac", "flac")
WAV = FileType("audio/wav", "audio", ".wav", "wav")
AAC = FileType("audio/aac", "audio", ".aac", "aac")
ASF = FileType("audio/x-ms-asf", "audio", ".wma", "asf")

_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_MP4_BRANDS = (b"isom", b"iso", b"mp4", b"avc1", b"M4V", b"3g", b"dash", b"MSNV", b"f4v", b"mmp4")


def sniff(head: bytes) -> FileType | None:
    """The type of the file that begins with `head`, or None for anything we do not know."""
    for begins, type_or_look in _SIGNATURES:
        if head.startswith(begins):
            return type_or_look if isinstance(type_or_look, FileType) else type_or_look(head)
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    return _bare_audio_frame(head)


def _riff(head: bytes) -> FileType | None:
    return {b"WEBP": WEBP, b"WAVE": WAV}.get(head[8:12])


def _iso_media(head: bytes) -> FileType | None:
    """ISO/IEC 14496-12 section 4.3: a major brand, a version, then compatible brands."""
    size = min(int.from_bytes(head[:4], "big"), len(head))
    major = head[8:12]
    brands = {major} | {head[at : at + 4] for at in range(16, size - 3, 4)}
    if brands & _AVIF_BRANDS:
        return AVIF
    if major in _HEIF_BRANDS:
        return HEIC
    if major == b"qt  ":
        return QUICKTIME
    if major.startswith((b"M4A", b"M4B")):
        return M4A
    return MP4 if any(brand.startswith(_MP4_BRANDS) for brand in brands) else None


def _bare_audio_frame(head: bytes) -> FileType | None:
    """MPEG audio and ADTS have no file header, only a frame header with a twelve-bit sync word."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    layer, rate_index = head[1] >> 1 & 0b11, head[2] >> 2
    if layer == 0b00 and head[1] & 0xF0 == 0xF0:
        return AAC if rate_index & 0b1111 < 13 else None
    if layer == 0b01 and head[2] >> 4 != 0b1111 and rate_index & 0b11 != 0b11:
        return MP3
    return None


_SIGNATURES: tuple[tuple[bytes, FileType | Callable[[bytes], FileType | None]], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"RIFF", _riff),
    (b"\x1a\x45\xdf\xa3", WEBM),
    (b"OggS", lambda head: OGV if b"\x80theora" in head else OGG),
    (b"ID3", MP3),
    (b"fLaC", FLAC),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", ASF),
)
