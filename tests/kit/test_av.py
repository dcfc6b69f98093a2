import contextlib
import io
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from folkmoot.kit import av_probe, confine
from folkmoot.kit.av import (
    AvLimits,
    FrameTooLarge,
    MediaTooHeavy,
    MediaTooLong,
    Recording,
    TooManyFrames,
    record,
)
from folkmoot.kit.av_probe import NoFfmpeg, UnreadableMedia, probe
from folkmoot.kit.confine import Limits, OutOfBounds

pytestmark = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")

PICTURE = ("-f", "lavfi", "-i", "testsrc=size=320x180:rate=24:duration=1")
TONE = ("-f", "lavfi", "-i", "sine=frequency=440:duration=1")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


def made(path: Path, *arguments: str) -> Path:
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments, str(path)], check=True, timeout=60
    )
    return path


def recorded(source: Path, limits: AvLimits | None = None) -> Recording:
    workdir = source.parent / "work"
    workdir.mkdir(exist_ok=True)
    return record(source, workdir=workdir, limits=limits or AvLimits())


def shown(path: Path) -> av_probe.Contents:
    return probe(path, "mov", workdir=path.parent, limits=Limits())


def packets(path: Path, stream: str) -> bytes:
    """The compressed stream as it is, to see whether it was copied or encoded anew."""
    raw = "h264" if stream == "v" else "adts"
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", f"0:{stream}:0", "-c", "copy"]
    return subprocess.run([*command, "-f", raw, "-"], check=True, capture_output=True).stdout


def test_a_film_that_browsers_play_is_copied_without_its_metadata(tmp_path: Path) -> None:
    source = made(
        tmp_path / "in.mp4",
        *(*PICTURE, *TONE, *H264, "-c:a", "aac", "-metadata", "title=SECRET"),
        *("-metadata:s:v", "handler_name=SECRET", "-metadata:s:a", "title=SECRET"),
        *("-metadata", "location=+52.5+013.4/", "-movflags", "use_metadata_tags"),
    )
    assert b"SECRET" in source.read_bytes()
    film = recorded(source)
    assert (film.kind, film.mime, film.suffix) == ("video", "video/mp4", ".mp4")
    data = film.path.read_bytes()
    assert b"SECRET" not in data
    assert b"+52.5" not in data
    assert data.index(b"moov") < data.index(b"mdat")
    assert packets(film.path, "v") == packets(source, "v")
    assert packets(film.path, "a") == packets(source, "a")


def test_the_facts_of_a_film(tmp_path: Path) -> None:
    facts = recorded(made(tmp_path / "in.mp4", *PICTURE, *TONE, *H264, "-c:a", "aac")).facts
    assert (facts.width, facts.height, facts.fps, facts.frame_rate) == (320, 180, 24, "24/1")
    assert facts.duration_s == pytest.approx(1, abs=0.1)
    assert facts.length.startswith("0:00:01.0")
    assert facts.bitrate > 1000
    assert facts.audio_encode == "aac (LC)"
    assert (facts.audio_rate_hz, facts.audio_channels) == (44100, "mono")


def test_a_film_gets_a_picture_that_is_not_its_black_beginning(tmp_path: Path) -> None:
    source = made(
        tmp_path / "in.mp4",
        *("-f", "lavfi", "-i", "color=black:s=320x180:r=24:d=0.1"),
        *("-f", "lavfi", "-i", "color=yellow:s=320x180:r=24:d=3"),
        *("-filter_complex", "[0][1]concat=n=2", *H264),
    )
    picture = recorded(source).picture
    assert picture is not None
    red, green, blue = Image.open(io.BytesIO(picture)).convert("RGB").getpixel((100, 100))
    assert min(red, green) > 200
    assert blue < 60


@pytest.mark.parametrize(
    ("name", "codecs"),
    [
        ("in.webm", ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus")),
        ("in.mkv", ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-c:a", "libvorbis")),
        ("in.mov", ("-c:v", "mjpeg", "-pix_fmt", "yuvj422p", "-c:a", "pcm_s16le")),
        ("in.ogv", ("-c:v", "libtheora", "-c:a", "libvorbis")),
        ("in.mp4", ("-c:v", "libx265", "-x265-params", "log-level=none", "-c:a", "aac")),
        ("high444.mp4", ("-c:v", "libx264", "-pix_fmt", "yuv444p", "-c:a", "libmp3lame")),
        ("mpeg4.mp4", ("-c:v", "mpeg4", "-c:a", "aac")),
    ],
)
def test_other_films_are_converted(tmp_path: Path, name: str, codecs: tuple[str, ...]) -> None:
    film = recorded(made(tmp_path / name, *PICTURE, *TONE, *codecs))
    contents = shown(film.path)
    assert film.kind == "video"
    assert contents.video is not None
    assert contents.audio is not None
    assert (contents.video.codec, contents.video.pixel_format) == ("h264", "yuv420p")
    assert (contents.audio.codec, contents.duration_s) == ("aac", pytest.approx(1, abs=0.15))
    assert film.picture is not None


def test_odd_sides_are_made_even(tmp_path: Path) -> None:
    picture = ("-f", "lavfi", "-i", "testsrc=size=321x181:rate=10:duration=1")
    codecs = ("-c:v", "libx264", "-pix_fmt", "yuv444p")
    facts = recorded(made(tmp_path / "in.mp4", *picture, *codecs)).facts
    assert (facts.width, facts.height) == (320, 180)
    assert facts.audio_encode == ""


def test_a_large_film_is_made_smaller(tmp_path: Path) -> None:
    picture = ("-f", "lavfi", "-i", "testsrc=size=3840x2160:rate=10:duration=0.5")
    codecs = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p")
    facts = recorded(made(tmp_path / "in.mp4", *picture, *codecs)).facts
    assert (facts.width, facts.height) == (1920, 1080)


def test_a_turned_film_is_measured_as_it_is_seen(tmp_path: Path) -> None:
    upright = made(tmp_path / "up.mp4", *PICTURE, *H264)
    turned = made(
        tmp_path / "in.mp4", "-i", str(upright), "-c", "copy", "-metadata:s:v", "rotate=90"
    )
    film = recorded(turned)
    assert (film.facts.width, film.facts.height) == (180, 320)
    assert film.picture is not None
    assert Image.open(io.BytesIO(film.picture)).size == (180, 320)


def test_high_dynamic_range_becomes_standard(tmp_path: Path) -> None:
    source = made(
        tmp_path / "in.mp4",
        *(*PICTURE, "-c:v", "libx265", "-pix_fmt", "yuv420p10le"),
        *("-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc"),
        *("-x265-params", "log-level=none:colorprim=9:transfer=16:colormatrix=9"),
    )
    contents = shown(recorded(source).path)
    assert contents.video is not None
    assert (contents.video.pixel_format, contents.video.curve) == ("yuv420p", "bt709")


@pytest.mark.parametrize("name", ["in.gif", "in.apng"])
def test_a_moving_picture_becomes_a_silent_loop(tmp_path: Path, name: str) -> None:
    source = made(tmp_path / name, "-f", "lavfi", "-i", "testsrc=size=101x77:rate=10:duration=1")
    loop = recorded(source)
    assert (loop.kind, loop.mime) == ("loop", "video/mp4")
    assert (loop.facts.width, loop.facts.height, loop.facts.fps) == (100, 76, 10)
    assert loop.facts.duration_s == pytest.approx(1, abs=0.15)
    assert shown(loop.path).audio is None
    assert loop.picture is not None


@pytest.mark.parametrize(
    ("name", "codec", "mime", "encode"),
    [
        ("in.mp3", "libmp3lame", "audio/mpeg", "mp3"),
        ("in.m4a", "aac", "audio/mp4", "aac (LC)"),
        ("in.aac", "aac", "audio/mp4", "aac (LC)"),
        ("in.wav", "pcm_s16le", "audio/mpeg", "mp3"),
        ("in.flac", "flac", "audio/mpeg", "mp3"),
        ("in.ogg", "libvorbis", "audio/mpeg", "mp3"),
        ("in.opus", "libopus", "audio/mpeg", "mp3"),
        ("in.webm", "libopus", "audio/mpeg", "mp3"),
        ("in.wma", "wmav2", "audio/mpeg", "mp3"),
    ],
)
def test_sound(tmp_path: Path, name: str, codec: str, mime: str, encode: str) -> None:
    source = made(tmp_path / name, *TONE, "-c:a", codec, "-metadata", "title=SECRET")
    sound = recorded(source)
    assert (sound.kind, sound.mime, sound.picture) == ("audio", mime, None)
    assert b"SECRET" not in sound.path.read_bytes()
    assert (sound.facts.audio_encode, sound.facts.audio_channels) == (encode, "mono")
    assert sound.facts.duration_s == pytest.approx(1, abs=0.15)
    assert (sound.facts.width, sound.facts.frame_rate) == (0, "")


@pytest.mark.parametrize("name", ["in.mp3", "in.flac", "in.m4a"])
def test_the_cover_of_a_sound_file_is_found(tmp_path: Path, name: str) -> None:
    cover = tmp_path / "cover.png"
    Image.new("RGB", (64, 64), "teal").save(cover)
    source = made(
        tmp_path / name,
        *(*TONE, "-i", str(cover), "-map", "0:a", "-map", "1:v", "-c:v", "copy"),
        *("-disposition:v:0", "attached_pic"),
    )
    sound = recorded(source)
    assert sound.kind == "audio"
    assert sound.picture is not None
    assert Image.open(io.BytesIO(sound.picture)).size == (64, 64)
    assert b"IHDR" not in sound.path.read_bytes()


def test_limits(tmp_path: Path) -> None:
    film = made(tmp_path / "in.mp4", *PICTURE, *H264)
    with pytest.raises(MediaTooLong, match="0 seconds"):
        recorded(film, AvLimits(duration_max_s=0))
    with pytest.raises(FrameTooLarge, match="1000 pixels"):
        recorded(film, AvLimits(pixels_max=1000))
    with pytest.raises(TooManyFrames, match="20 frames"):
        recorded(film, AvLimits(frame_rate_max=20))
    with pytest.raises(MediaTooHeavy, match="1000 bytes"):
        recorded(film, AvLimits(bytes_max=1000))


def test_a_recording_that_hides_its_length_is_measured_while_it_is_made(tmp_path: Path) -> None:
    film = made(
        tmp_path / "in.webm",
        *("-f", "lavfi", "-i", "testsrc=size=64x64:rate=5:duration=9", "-c:v", "libvpx"),
        *("-f", "webm", "-live", "1"),
    )
    with pytest.raises(MediaTooLong):
        recorded(film, AvLimits(duration_max_s=2))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"#EXTM3U\nhttp://127.0.0.1/secret\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"\0\0\0\x18ftypisom" + b"\0\0\2\0isommp42" + bytes(500),
        b"OggS" + bytes(500),
        b"ID3" + bytes(500),
        b"\x1a\x45\xdf\xa3" + bytes(500),
    ],
)
def test_other_and_damaged_files_are_refused(tmp_path: Path, data: bytes) -> None:
    source = tmp_path / "in.mp4"
    source.write_bytes(data)
    with pytest.raises(UnreadableMedia):
        recorded(source)


def test_a_playlist_inside_a_known_container_is_not_followed(tmp_path: Path) -> None:
    source = tmp_path / "in.mp3"
    source.write_bytes(b"ID3\x04\0\0\0\0\0\0#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")
    with pytest.raises(UnreadableMedia):
        recorded(source)


def test_rare_decoders_are_not_offered(tmp_path: Path) -> None:
    source = made(tmp_path / "in.mov", *PICTURE, "-c:v", "cinepak")
    with pytest.raises(UnreadableMedia):
        recorded(source)


def test_a_truncated_film_never_breaks_anything(tmp_path: Path) -> None:
    whole = made(tmp_path / "whole.webm", *PICTURE, "-c:v", "libvpx", "-deadline", "realtime")
    source = tmp_path / "in.webm"
    source.write_bytes(whole.read_bytes()[:3000])
    with contextlib.suppress(UnreadableMedia):
        assert recorded(source).kind == "video"


def test_without_ffmpeg_there_is_a_clear_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = made(tmp_path / "in.mp4", *PICTURE, *H264)
    monkeypatch.setattr(av_probe, "find_program", lambda name: None)
    with pytest.raises(NoFfmpeg, match="ffmpeg is not installed"):
        recorded(film)


def test_the_clock_ends_a_program(tmp_path: Path) -> None:
    with pytest.raises(OutOfBounds):
        confine.run_confined(["sleep", "20"], limits=Limits(wall_s=0.3), cwd=tmp_path)


def test_processor_time_ends_a_program(tmp_path: Path) -> None:
    with pytest.raises(OutOfBounds):
        confine.run_confined(
            ["sh", "-c", "while :; do :; done"], limits=Limits(cpu_s=1), cwd=tmp_path
        )


def test_written_bytes_end_a_program(tmp_path: Path) -> None:
    with pytest.raises(OutOfBounds):
        confine.run_confined(["yes"], limits=Limits(file_bytes=100_000), cwd=tmp_path)


def test_memory_is_limited(tmp_path: Path) -> None:
    hungry = ["perl", "-e", "my $x = 'a' x 200_000_000; print length $x"]
    allowed = confine.run_confined(hungry, limits=Limits(), cwd=tmp_path)
    refused = confine.run_confined(hungry, limits=Limits(memory_bytes=100 * 1024**2), cwd=tmp_path)
    assert (allowed.status, allowed.out) == (0, b"200000000")
    assert refused.status != 0


def test_a_program_inherits_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLKMOOT_SECRET", "hidden")
    finished = confine.run_confined(["env"], limits=Limits(), cwd=tmp_path)
    assert finished.status == 0
    assert b"hidden" not in finished.out
