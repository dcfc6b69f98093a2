"""Small pictures, films and sounds, made when first asked for."""

import functools
import io
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

PICTURE = ("-f", "lavfi", "-i", "testsrc=size=320x180:rate=24:duration=1")
TONE = ("-f", "lavfi", "-i", "sine=frequency=440:duration=1")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


@functools.cache
def picture(codec: str = "JPEG", size: tuple[int, int] = (900, 600), colour: str = "teal") -> bytes:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "SECRET place"
    Image.new("RGB", size, colour).save(buffer, codec, exif=exif)
    return buffer.getvalue()


@functools.cache
def moving(codec: str = "GIF", size: tuple[int, int] = (120, 90)) -> bytes:
    frames = [Image.new("RGB", size, (60 * at, 255 - 60 * at, 90)) for at in range(4)]
    buffer = io.BytesIO()
    frames[0].save(buffer, codec, save_all=True, append_images=frames[1:], duration=100, loop=0)
    return buffer.getvalue()


@functools.cache
def recording(name: str, *arguments: str) -> bytes:
    """What ffmpeg makes of the arguments under this name."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / name
        command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments, str(target)]
        subprocess.run(command, check=True, timeout=60)
        return target.read_bytes()


def film() -> bytes:
    return recording("film.mp4", *PICTURE, *TONE, *H264, "-c:a", "aac")


def sound() -> bytes:
    return recording("sound.wav", *TONE)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))
