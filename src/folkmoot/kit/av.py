"""Films and sound by ffmpeg, in limited processes: what is in a file, and a clean copy of it that
every browser plays. A film that is already safe for the web is copied stream by stream; metadata,
subtitles, data tracks and chapters never come along.
"""

import math
from fractions import Fraction
from pathlib import Path
from typing import Literal

import msgspec

from folkmoot.kit.av_probe import Contents, UnreadableMedia, probe, run_tool
from folkmoot.kit.confine import Limits, OutOfBounds
from folkmoot.kit.errors import Invalid
from folkmoot.kit.sniff import HEAD_BYTES, FileType, sniff


class MediaTooLong(Invalid):
    """This recording is longer than the {duration_max_s} seconds allowed"""


class FrameTooLarge(Invalid):
    """This film has more than the {pixels_max} pixels allowed in a frame"""


class TooManyFrames(Invalid):
    """This film has more than the {frame_rate_max} frames a second allowed"""


class MediaTooHeavy(Invalid):
    """This file is larger than the {bytes_max} bytes allowed"""


class AvLimits(msgspec.Struct, frozen=True):
    """What may come in, and what making something of it may cost."""

    bytes_max: int = 99 * 1024**2
    pixels_max: int = 8_294_400
    frame_rate_max: int = 120
    duration_max_s: int = 4 * 3600
    output_pixels_max: int = 1920 * 1080
    threads: int = 2
    run: Limits = Limits()


class Facts(msgspec.Struct, frozen=True):
    """What the finished file holds; zero or empty where it has no picture or no sound."""

    duration_s: float
    bitrate: int
    width: int = 0
    height: int = 0
    frame_rate: str = ""
    audio_encode: str = ""
    audio_rate_hz: int = 0
    audio_channels: str = ""

    @property
    def fps(self) -> int:
        return round(Fraction(self.frame_rate)) if self.frame_rate else 0

    @property
    def length(self) -> str:
        """As a clock shows it: hours, minutes, seconds and hundredths."""
        hundredths = round(self.duration_s * 100)
        minutes, rest = divmod(hundredths, 6000)
        return f"{minutes // 60}:{minutes % 60:02}:{rest // 100:02}.{rest % 100:02}"


class Recording(msgspec.Struct, frozen=True):
    """A finished file, and where there is one a picture for it (its bytes, not yet cleaned)."""

    kind: Literal["video", "loop", "audio"]
    path: Path
    mime: str
    suffix: str
    facts: Facts
    picture: bytes | None


# Browsers play these inside MP4 without being asked twice.
_WEB_PIXELS = ("yuv420p", "yuvj420p")
_HDR_CURVES = ("smpte2084", "arib-std-b67")
_CLEAN = (
    *("-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn"),
    *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
)


def record(source: Path, *, workdir: Path, limits: AvLimits) -> Recording:
    """Makes a clean film, loop or sound file of `source` in `workdir`.

    A moving GIF or PNG becomes a loop without sound. Raises an Invalid that says what is wrong.
    """
    if source.stat().st_size > limits.bytes_max:
        raise MediaTooHeavy(bytes_max=limits.bytes_max)
    with source.open("rb") as file:
        type = sniff(file.read(HEAD_BYTES))
    if type is None or not type.demuxer:
        raise UnreadableMedia
    contents = probe(source, type.demuxer, workdir=workdir, limits=limits.run)
    _check(contents, limits)
    if type.family == "image":
        return _loop(source, type, contents, workdir, limits)
    if contents.video is not None:
        return _film(source, type, contents, workdir, limits)
    return _sound(source, type, contents, workdir, limits)


def _check(contents: Contents, limits: AvLimits) -> None:
    if contents.duration_s > limits.duration_max_s:
        raise MediaTooLong(duration_max_s=limits.duration_max_s)
    video = contents.video
    if video is None:
        return
    if video.width * video.height > limits.pixels_max:
        raise FrameTooLarge(pixels_max=limits.pixels_max)
    if video.frames_per_s > limits.frame_rate_max:
        raise TooManyFrames(frame_rate_max=limits.frame_rate_max)


def _film(
    source: Path, type: FileType, contents: Contents, workdir: Path, limits: AvLimits
) -> Recording:
    target = workdir / "film.mp4"
    if not (_plays_everywhere(contents) and _copied(source, type, target, limits)):
        _convert(source, type, target, _film_codecs(contents, limits), limits)
    return _finished("video", target, limits)


def _plays_everywhere(contents: Contents) -> bool:
    video, audio = contents.video, contents.audio
    return (
        video is not None
        and video.codec == "h264"
        and video.pixel_format in _WEB_PIXELS
        and video.progressive
        and video.frames_per_s <= 60
        and (audio is None or (audio.codec == "aac" and audio.channels <= 2))
    )


def _copied(source: Path, type: FileType, target: Path, limits: AvLimits) -> bool:
    """Whether the streams fitted into MP4 as they are; some need a conversion after all."""
    try:
        _convert(source, type, target, ("-c", "copy"), limits)
        probe(target, "mov", workdir=target.parent, limits=limits.run)
    except UnreadableMedia:
        return False
    return True


def _film_codecs(contents: Contents, limits: AvLimits) -> tuple[str, ...]:
    assert contents.video is not None
    video = contents.video
    width, height = _even_within(video.shown_width, video.shown_height, limits.output_pixels_max)
    bright = _TO_STANDARD_RANGE if video.curve in _HDR_CURVES else ()
    filters = (f"scale={width}:{height}", *bright, "setsar=1", "format=yuv420p")
    sound: tuple[str, ...] = ("-c:a", "aac", "-b:a", "128k", "-ac", "2")
    if contents.audio is not None and contents.audio.rate_hz > 48_000:
        sound = (*sound, "-ar", "48000")
    return (*_H264, "-crf", "23", "-fpsmax", "60", "-vf", ",".join(filters), *sound)


_H264 = (
    *("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high"),
    *("-maxrate", "6M", "-bufsize", "12M"),
)
# High dynamic range looks washed out when its numbers are shown as if they were standard ones.
_TO_STANDARD_RANGE = (
    *("zscale=t=linear:npl=100", "format=gbrpf32le", "zscale=p=bt709"),
    *("tonemap=hable:desat=0", "zscale=t=bt709:m=bt709:r=tv"),
)


def _loop(
    source: Path, type: FileType, contents: Contents, workdir: Path, limits: AvLimits
) -> Recording:
    if contents.video is None:
        raise UnreadableMedia
    width, height = _even_within(
        contents.video.shown_width, contents.video.shown_height, limits.output_pixels_max
    )
    filters = f"scale={width}:{height},setsar=1,format=yuv420p"
    target = workdir / "loop.mp4"
    codecs = (*_H264, "-crf", "20", "-fpsmax", "50", "-vf", filters, "-an")
    _convert(source, type, target, codecs, limits)
    return _finished("loop", target, limits)


def _sound(
    source: Path, type: FileType, contents: Contents, workdir: Path, limits: AvLimits
) -> Recording:
    audio = contents.audio
    if audio is None:
        raise UnreadableMedia
    if audio.codec == "aac":
        target, mime, demuxer = workdir / "sound.m4a", "audio/mp4", "mov"
        how: tuple[str, ...] = ("-c", "copy", "-f", "mp4", "-movflags", "+faststart")
    else:
        target, mime, demuxer = workdir / "sound.mp3", "audio/mpeg", "mp3"
        how = ("-c:a", "libmp3lame", "-q:a", "2", "-ac", str(min(2, audio.channels or 2)))
        how = ("-c", "copy") if audio.codec == "mp3" else how
        how = (*how, "-id3v2_version", "0", "-write_id3v1", "0", "-f", "mp3")
    maps = ("-map", "0:a:0", "-vn", *_CLEAN, *_no_names("a"), *how)
    _ffmpeg(source, type.demuxer, (*maps, *_at_most(limits)), target, limits)
    facts = _facts(probe(target, demuxer, workdir=workdir, limits=limits.run))
    if facts.duration_s > limits.duration_max_s:
        raise MediaTooLong(duration_max_s=limits.duration_max_s)
    cover = _cover(source, type, contents, workdir, limits)
    return Recording("audio", target, mime, target.suffix, facts, cover)


def _cover(
    source: Path, type: FileType, contents: Contents, workdir: Path, limits: AvLimits
) -> bytes | None:
    """The picture that came inside a sound file, as it is; a bad one is simply left out."""
    if contents.cover_index is None:
        return None
    target = workdir / "cover"
    maps = ("-map", f"0:{contents.cover_index}", "-c", "copy", "-frames:v", "1", "-f", "rawvideo")
    try:
        _ffmpeg(source, type.demuxer, maps, target, limits)
    except (UnreadableMedia, OutOfBounds):
        return None
    return target.read_bytes() or None


def _convert(
    source: Path, type: FileType, target: Path, codecs: tuple[str, ...], limits: AvLimits
) -> None:
    """One film stream and at most one of sound into an MP4 that begins with its index."""
    maps = ("-map", "0:V:0", "-map", "0:a:0?", *_CLEAN, *_no_names("v"), *_no_names("a"))
    container = ("-f", "mp4", "-movflags", "+faststart", "-max_muxing_queue_size", "1024")
    options = (*maps, *codecs, *_at_most(limits), *container)
    _ffmpeg(source, type.demuxer, options, target, limits)


def _no_names(stream: str) -> tuple[str, ...]:
    """No title, language or recorder's name on a stream: `-map_metadata -1` spares those."""
    return (f"-map_metadata:s:{stream}", "-1")


def _at_most(limits: AvLimits) -> tuple[str, ...]:
    """Ends a recording of unknown length a little beyond the limit, where it is then noticed."""
    return ("-t", str(limits.duration_max_s + 1))


def _ffmpeg(
    source: Path, demuxer: str, options: tuple[str, ...], target: Path, limits: AvLimits
) -> None:
    quiet = ("-nostdin", "-hide_banner", "-v", "error", "-nostats", "-y")
    threads = ("-threads", str(limits.threads))
    run_tool(
        "ffmpeg",
        source,
        demuxer,
        before=(*quiet, *threads, "-filter_threads", "1"),
        after=(*options, *threads, f"file:{target}"),
        workdir=target.parent,
        limits=limits.run,
    )


def _finished(kind: Literal["video", "loop"], target: Path, limits: AvLimits) -> Recording:
    facts = _facts(probe(target, "mov", workdir=target.parent, limits=limits.run))
    if facts.duration_s > limits.duration_max_s:
        raise MediaTooLong(duration_max_s=limits.duration_max_s)
    picture = _poster(target, facts, limits, still=kind == "loop")
    return Recording(kind, target, "video/mp4", ".mp4", facts, picture)


def _poster(film: Path, facts: Facts, limits: AvLimits, *, still: bool) -> bytes | None:
    """The most typical of some early frames, for the first is often black; of a loop the first."""
    width, height = _even_within(facts.width, facts.height, 921_600)
    scale = f"scale={width}:{height}"
    target = film.parent / "poster.png"
    begin = min(1.0, facts.duration_s / 10)
    typical = ("-ss", f"{begin:.2f}", "-vf", f"{scale},thumbnail=24")
    for options in ((), ("-vf", scale)) if still else (typical, ("-vf", scale)):
        target.unlink(missing_ok=True)
        how = (*options, "-frames:v", "1", "-an", "-c:v", "png", "-f", "image2", "-update", "1")
        _ffmpeg(film, "mov", how, target, limits)
        if target.exists():
            return target.read_bytes()
    return None


def _facts(contents: Contents) -> Facts:
    video, audio = contents.video, contents.audio
    return Facts(
        duration_s=contents.duration_s,
        bitrate=contents.bitrate,
        width=video.shown_width if video else 0,
        height=video.shown_height if video else 0,
        frame_rate=video.frame_rate if video else "",
        audio_encode=audio.description if audio else "",
        audio_rate_hz=audio.rate_hz if audio else 0,
        audio_channels=audio.layout if audio else "",
    )


def _even_within(width: int, height: int, pixels: int) -> tuple[int, int]:
    """The same shape with at most `pixels` and even sides, as 4:2:0 colour needs."""
    scale = min(1.0, math.sqrt(pixels / max(1, width * height)))
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)
