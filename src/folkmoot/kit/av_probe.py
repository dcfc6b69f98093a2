"""What ffprobe says about a file, as plain data, and the one way ffmpeg's programs are run:
forced demuxer, local files only, known decoders only, within limits.
"""

from fractions import Fraction
from pathlib import Path
from typing import Literal

import msgspec

from folkmoot.kit.confine import Limits, find_program, run_confined
from folkmoot.kit.errors import Invalid


class NoFfmpeg(Invalid):
    """Video, audio and moving pictures cannot be processed here: ffmpeg is not installed"""


class UnreadableMedia(Invalid):
    """This video or audio file is damaged or in a format we cannot read"""


# Hundreds of decoders for games and cameras of long ago stay out of strangers' reach.
_DECODERS = (
    "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,h263,mpeg1video,"
    "mpeg2video,theora,mjpeg,png,gif,apng,webp,bmp,prores,wmv1,wmv2,wmv3,vc1,"
    "aac,aac_fixed,aac_latm,mp3,mp3float,mp2,mp2float,opus,libopus,vorbis,libvorbis,flac,alac,"
    "ac3,eac3,amrnb,amrwb,wmav1,wmav2,wmapro,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,"
    "pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_u8,pcm_s8,pcm_alaw,pcm_mulaw,adpcm_ms,"
    "adpcm_ima_wav,adpcm_ima_qt"
)


class _Disposition(msgspec.Struct):
    attached_pic: int = 0


class _SideData(msgspec.Struct):
    rotation: float = 0


class _Stream(msgspec.Struct):
    index: int
    codec_type: str = ""
    codec_name: str = ""
    profile: str = ""
    width: int = 0
    height: int = 0
    sample_aspect_ratio: str = "1:1"
    pix_fmt: str = ""
    field_order: str = "progressive"
    color_transfer: str = ""
    avg_frame_rate: str = "0/0"
    r_frame_rate: str = "0/0"
    duration: str = ""
    sample_rate: str = "0"
    channels: int = 0
    channel_layout: str = ""
    disposition: _Disposition = msgspec.field(default_factory=_Disposition)
    side_data_list: list[_SideData] = msgspec.field(default_factory=list)


class _Format(msgspec.Struct):
    duration: str = ""
    bit_rate: str = ""


class _Report(msgspec.Struct):
    streams: list[_Stream] = msgspec.field(default_factory=list)
    format: _Format = msgspec.field(default_factory=_Format)


class Video(msgspec.Struct, frozen=True):
    """`shown_` sizes are after rotation and with square pixels; `frame_rate` is a fraction."""

    codec: str
    width: int
    height: int
    shown_width: int
    shown_height: int
    pixel_format: str
    progressive: bool
    curve: str
    frame_rate: str

    @property
    def frames_per_s(self) -> float:
        return float(_fraction(self.frame_rate))


class Audio(msgspec.Struct, frozen=True):
    codec: str
    description: str
    rate_hz: int
    channels: int
    layout: str


class Contents(msgspec.Struct, frozen=True):
    """Duration and bitrate are 0 where the file does not tell."""

    duration_s: float
    bitrate: int
    video: Video | None
    audio: Audio | None
    cover_index: int | None


def probe(source: Path, demuxer: str, *, workdir: Path, limits: Limits) -> Contents:
    """What is in the file. Raises UnreadableMedia when there is neither film nor sound."""
    ask = ("-show_format", "-show_streams", "-of", "json")
    before = ("-hide_banner", "-v", "error")
    told = run_tool(
        "ffprobe", source, demuxer, before=before, after=ask, workdir=workdir, limits=limits
    )
    try:
        report = msgspec.json.decode(told, type=_Report)
    except msgspec.DecodeError as error:
        raise UnreadableMedia from error
    contents = _contents(report)
    if contents.video is None and contents.audio is None:
        raise UnreadableMedia
    return contents


def run_tool(
    name: Literal["ffmpeg", "ffprobe"],
    source: Path,
    demuxer: str,
    *,
    before: tuple[str, ...],
    after: tuple[str, ...],
    workdir: Path,
    limits: Limits,
) -> bytes:
    """Runs ffmpeg or ffprobe on one local file and returns what it printed.

    The demuxer is forced: left to guess, ffmpeg would follow the addresses in a playlist.
    """
    program = find_program(name)
    if program is None:
        raise NoFfmpeg
    reading = ("-protocol_whitelist", "file,pipe", "-codec_whitelist", _DECODERS)
    argv = (program, *before, *reading, "-f", demuxer, "-i", f"file:{source}", *after)
    finished = run_confined(argv, limits=limits, cwd=workdir)
    if finished.status != 0:
        raise UnreadableMedia(detail=finished.last_words)
    return finished.out


def _contents(report: _Report) -> Contents:
    films = [
        stream
        for stream in report.streams
        if stream.codec_type == "video" and not stream.disposition.attached_pic
    ]
    sounds = [stream for stream in report.streams if stream.codec_type == "audio"]
    covers = [stream.index for stream in report.streams if stream.disposition.attached_pic]
    durations = [report.format.duration, *(stream.duration for stream in films + sounds)]
    return Contents(
        duration_s=next((float(text) for text in durations if _is_number(text)), 0.0),
        bitrate=int(report.format.bit_rate) if report.format.bit_rate.isdigit() else 0,
        video=_video(films[0]) if films else None,
        audio=_audio(sounds[0]) if sounds else None,
        cover_index=covers[0] if covers else None,
    )


def _video(stream: _Stream) -> Video:
    shape = _fraction(stream.sample_aspect_ratio.replace(":", "/")) or Fraction(1)
    width, height = max(1, round(stream.width * shape)), stream.height
    if any(round(data.rotation) % 180 for data in stream.side_data_list):
        width, height = height, width
    average, nominal = stream.avg_frame_rate, stream.r_frame_rate
    return Video(
        codec=stream.codec_name,
        width=stream.width,
        height=stream.height,
        shown_width=width,
        shown_height=height,
        pixel_format=stream.pix_fmt,
        progressive=stream.field_order in ("progressive", "unknown", ""),
        curve=stream.color_transfer,
        frame_rate=average if _fraction(average) else nominal,
    )


def _audio(stream: _Stream) -> Audio:
    usual = {1: "mono", 2: "stereo"}
    named = f"{stream.codec_name} ({stream.profile})"
    return Audio(
        codec=stream.codec_name,
        description=named if stream.profile else stream.codec_name,
        rate_hz=int(stream.sample_rate) if stream.sample_rate.isdigit() else 0,
        channels=stream.channels,
        layout=stream.channel_layout or usual.get(stream.channels, f"{stream.channels} channels"),
    )


def _fraction(text: str) -> Fraction:
    """Zero for anything that is no fraction, such as ffprobe's 0/0."""
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return Fraction(0)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()
