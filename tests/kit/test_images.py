import functools
import io
import os
import random
import signal
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import blurhash
import pytest
from PIL import Image, ImageChops, ImageCms, ImageStat, PngImagePlugin

from folkmoot.kit import images, images_develop
from folkmoot.kit.errors import Invalid
from folkmoot.kit.images import (
    ANIMATION,
    ATTACHMENT,
    AVATAR,
    HEADER,
    Darkroom,
    ImageLimits,
    ImageTooDemanding,
    ImageTooHeavy,
    ImageTooLarge,
    Picture,
    UnknownImage,
    UnreadableImage,
)


@pytest.fixture(scope="module")
def darkroom() -> Iterator[Darkroom]:
    with Darkroom() as room:
        yield room


def scene(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right, so that turning and cropping can be seen."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return image.convert(mode)


def encoded(image: Image.Image, codec: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, codec, **options)
    return buffer.getvalue()


def opened(picture: Picture, name: str) -> Image.Image:
    rendition = picture.renditions[name]
    image = Image.open(io.BytesIO(rendition.data))
    assert image.size == (rendition.width, rendition.height)
    assert Image.MIME[image.format or ""] == rendition.mime
    return image


def moving(codec: str, size: tuple[int, int] = (600, 450), frames: int = 4) -> bytes:
    shades = [Image.new("RGB", size, (60 * at, 255 - 60 * at, 90)) for at in range(frames)]
    return encoded(shades[0], codec, save_all=True, append_images=shades[1:], duration=90, loop=0)


@pytest.mark.parametrize(
    ("codec", "expected"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("GIF", "image/png"),
        ("WEBP", "image/webp"),
        ("AVIF", "image/jpeg"),
    ],
)
def test_every_format_gets_an_original_a_thumbnail_and_a_blurhash(
    darkroom: Darkroom, codec: str, expected: str
) -> None:
    picture = darkroom.develop(encoded(scene(900, 600), codec), ATTACHMENT)
    assert (picture.width, picture.height, picture.animated) == (900, 600, False)
    assert picture.renditions["original"].mime == expected
    assert opened(picture, "original").size == (900, 600)
    small = opened(picture, "small")
    assert small.width * small.height <= 230_400
    assert small.width / small.height == pytest.approx(1.5, rel=0.01)
    decoded = blurhash.decode(picture.blurhash, 8, 8).convert("RGB")
    left, right = decoded.getpixel((0, 4)), decoded.getpixel((7, 4))
    assert left[0] > left[2]
    assert right[2] > right[0]


def test_a_large_picture_is_scaled_down(darkroom: Darkroom) -> None:
    picture = darkroom.develop(encoded(scene(5000, 3000), "JPEG"), ATTACHMENT)
    original = picture.renditions["original"]
    assert (picture.width, picture.height) == (5000, 3000)
    assert 8_200_000 < original.width * original.height <= 8_294_400


def test_extreme_shapes_keep_at_least_one_pixel(darkroom: Darkroom) -> None:
    picture = darkroom.develop(encoded(scene(20000, 1), "PNG"), ATTACHMENT)
    assert opened(picture, "small").height == 1
    tall = darkroom.develop(encoded(scene(2, 30000), "PNG"), (*ATTACHMENT, *AVATAR))
    assert opened(tall, "small").height > 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_and_then_forgotten(darkroom: Darkroom, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = darkroom.develop(encoded(scene(400, 200), "JPEG", exif=exif), ATTACHMENT)
    turned = orientation >= 5
    assert (picture.width, picture.height) == ((200, 400) if turned else (400, 200))
    original = opened(picture, "original")
    assert original.getexif().get(0x0112) is None
    red_at = {1: (10, 10), 2: (390, 10), 3: (390, 10), 4: (10, 10)}
    red_at |= {5: (10, 10), 6: (10, 10), 7: (10, 390), 8: (10, 390)}
    red, _, blue = original.convert("RGB").getpixel(red_at[orientation])
    assert red > 200 > blue


SECRETS = (b"Exif", b"SECRET", b"http://ns.adobe.com", b"ICC_PROFILE", b"iCCP", b"EXIF", b"ICCP")


@pytest.mark.parametrize("codec", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_no_metadata_survives(darkroom: Darkroom, codec: str, mode: str) -> None:
    if (codec, mode) in {("JPEG", "RGBA"), ("JPEG", "P")}:
        pytest.skip("JPEG has no such mode")
    exif = Image.Exif()
    exif[0x010E] = "SECRET description"
    exif.get_ifd(0x8825)[1] = "N"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "SECRET text")
    options = {
        "exif": exif,
        "xmp": b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SECRET http://ns.adobe.com</x:xmpmeta>",
        "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        "comment": b"SECRET comment",
    }
    if codec == "PNG":
        options["pnginfo"] = notes
    data = encoded(scene(300, 200, mode), codec, **options) + b"SECRET tail"
    assert b"SECRET" in data
    picture = darkroom.develop(data, (*ATTACHMENT, *(AVATAR[1:])))
    for rendition in picture.renditions.values():
        for secret in SECRETS:
            assert secret not in rendition.data


def test_no_metadata_survives_in_an_animation(darkroom: Darkroom) -> None:
    shades = [scene(60, 60), scene(60, 60).rotate(90)]
    data = encoded(
        shades[0],
        "WEBP",
        save_all=True,
        append_images=shades[1:],
        exif=b"Exif\0\0SECRET",
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )
    for wants in (AVATAR, ANIMATION):
        for rendition in darkroom.develop(data, wants).renditions.values():
            assert not [secret for secret in SECRETS if secret in rendition.data]


def swapped_profile() -> bytes:
    """sRGB with its red and green primaries exchanged: cheap to make and impossible to miss."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = data.index(b"rXYZ"), data.index(b"gXYZ")
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    name = data.index("sRGB".encode("utf-16-be"))
    data[name : name + 8] = "odd ".encode("utf-16-be")
    return bytes(data)


@pytest.mark.parametrize("codec", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colours_are_converted_to_srgb(darkroom: Darkroom, codec: str, mode: str) -> None:
    if (codec, mode) == ("JPEG", "RGBA"):
        pytest.skip("JPEG has no transparency")
    data = encoded(Image.new(mode, (60, 60), "red"), codec, icc_profile=swapped_profile())
    picture = darkroom.develop(data, ATTACHMENT)
    red, green, _ = opened(picture, "original").convert("RGB").getpixel((30, 30))
    assert green > 240
    assert red < 20


def test_a_broken_profile_is_ignored(darkroom: Darkroom) -> None:
    data = encoded(scene(60, 60), "PNG", icc_profile=b"not a profile at all")
    assert opened(darkroom.develop(data, ATTACHMENT), "original").size == (60, 60)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_pixel_mode_is_understood(darkroom: Darkroom, mode: str) -> None:
    sixteen = Image.new("I;16", (40, 40), 32896)
    source = sixteen if mode == "I;16" else scene(40, 40).convert(mode)
    picture = darkroom.develop(
        encoded(source, "JPEG" if mode == "CMYK" else "PNG"), (*ATTACHMENT, *AVATAR[1:])
    )
    pixel = opened(picture, "original").convert("RGB").getpixel((10, 10))
    if mode == "I;16":
        assert pixel == (128, 128, 128)
    elif mode in ("P", "RGBA", "CMYK"):
        assert pixel[0] > 200
        assert pixel[2] < 60


def test_transparency_is_kept(darkroom: Darkroom) -> None:
    source = scene(800, 600, "RGBA")
    source.putpixel((0, 0), (0, 0, 0, 0))
    source.paste((0, 0, 0, 0), (0, 0, 100, 100))
    picture = darkroom.develop(encoded(source, "PNG"), ATTACHMENT)
    for name in ("original", "small"):
        assert opened(picture, name).convert("RGBA").getpixel((5, 5))[3] == 0
    assert opened(picture, "small").format == "WEBP"
    palette = source.convert("P")
    data = encoded(palette, "GIF", transparency=palette.getpixel((0, 0)))
    again = darkroom.develop(data, ATTACHMENT)
    assert opened(again, "original").convert("RGBA").getpixel((5, 5))[3] == 0


def test_an_untouched_jpeg_loses_nothing_visible(darkroom: Darkroom) -> None:
    noise = Image.effect_noise((320, 240), 60).convert("RGB")
    data = encoded(noise, "JPEG", quality=35, comment=b"SECRET")
    original = opened(darkroom.develop(data, ATTACHMENT), "original")
    before = Image.open(io.BytesIO(data))
    assert original.quantization == before.quantization
    difference = ImageStat.Stat(ImageChops.difference(original.convert("RGB"), before))
    assert max(difference.mean) < 1.5


@pytest.mark.parametrize("codec", ["GIF", "PNG", "WEBP", "AVIF"])
def test_animations_are_reported_and_their_first_frame_kept(darkroom: Darkroom, codec: str) -> None:
    picture = darkroom.develop(moving(codec), ATTACHMENT)
    assert picture.animated
    assert picture.frames == 4
    still = opened(picture, "original")
    assert getattr(still, "n_frames", 1) == 1
    assert still.convert("RGB").getpixel((5, 5))[1] > 240


@pytest.mark.parametrize("codec", ["GIF", "PNG", "WEBP"])
def test_a_moving_avatar_moves_and_has_a_still(darkroom: Darkroom, codec: str) -> None:
    picture = darkroom.develop(moving(codec), AVATAR)
    avatar = opened(picture, "original")
    assert (avatar.size, avatar.n_frames) == ((400, 400), 4)
    assert picture.renditions["original"].animated
    assert opened(picture, "static").size == (400, 400)
    assert not picture.renditions["static"].animated


def test_an_animation_beyond_the_limits_stands_still() -> None:
    with Darkroom(ImageLimits(frames_max=3)) as room:
        assert not room.develop(moving("GIF"), AVATAR).renditions["original"].animated


def test_any_animation_becomes_an_animated_png(darkroom: Darkroom) -> None:
    rendition = darkroom.develop(moving("WEBP"), ANIMATION).renditions["original"]
    again = Image.open(io.BytesIO(rendition.data))
    assert (again.format, again.n_frames) == ("PNG", 4)
    again.seek(1)
    assert again.info["duration"] == 90


def test_avatar_and_header_are_cropped_in_the_middle(darkroom: Darkroom) -> None:
    picture = darkroom.develop(encoded(scene(3000, 2000), "PNG"), (*HEADER[:1],))
    assert opened(picture, "original").size == (1500, 500)
    avatar = opened(darkroom.develop(encoded(scene(3000, 2000), "PNG"), AVATAR), "original")
    assert avatar.size == (400, 400)
    assert avatar.convert("RGB").getpixel((100, 200))[0] > 200
    assert avatar.convert("RGB").getpixel((300, 200))[2] > 200


def test_small_pictures_are_never_scaled_up(darkroom: Darkroom) -> None:
    assert opened(darkroom.develop(encoded(scene(90, 60), "PNG"), AVATAR), "original").size == (
        60,
        60,
    )
    header = darkroom.develop(encoded(scene(300, 300), "PNG"), HEADER)
    assert opened(header, "original").size == (300, 100)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"BM" + bytes(100),
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"\0\0\0\x18ftypheic" + bytes(200),
    ],
)
def test_other_files_are_refused_by_content(darkroom: Darkroom, data: bytes) -> None:
    with pytest.raises(UnknownImage, match="JPEG, PNG"):
        darkroom.develop(data, ATTACHMENT)


@pytest.mark.parametrize("codec", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_damaged_files_are_refused_in_a_sentence(darkroom: Darkroom, codec: str) -> None:
    data = encoded(Image.effect_noise((400, 300), 80).convert("RGB"), codec)
    for damaged in (data[: len(data) // 2], data[:40]):
        with pytest.raises((UnreadableImage, UnknownImage)):
            darkroom.develop(damaged, ATTACHMENT)


def test_limits_on_bytes_and_pixels() -> None:
    with Darkroom(ImageLimits(bytes_max=20_000, pixels_max=250_000)) as room:
        with pytest.raises(ImageTooHeavy, match="20000 bytes"):
            room.develop(encoded(Image.effect_noise((300, 300), 90), "PNG"), ATTACHMENT)
        with pytest.raises(ImageTooLarge, match="250000 pixels"):
            room.develop(encoded(scene(600, 500), "PNG"), ATTACHMENT)


def png_claiming(width: int, height: int) -> bytes:
    """A few hundred bytes that say they are an enormous picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def test_a_bomb_is_refused_before_it_is_decoded(darkroom: Darkroom) -> None:
    began = time.monotonic()
    with pytest.raises(ImageTooLarge):
        darkroom.develop(png_claiming(60_000, 60_000), ATTACHMENT)
    assert time.monotonic() - began < 5


def test_memory_is_limited() -> None:
    limits = ImageLimits(pixels_max=10**10, memory_bytes=700 * 1024**2)
    with Darkroom(limits) as room, pytest.raises((ImageTooDemanding, UnreadableImage)):
        room.develop(png_claiming(30_000, 30_000), ATTACHMENT)


def children_of(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(word) for word in text.split()]


linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc")


@functools.cache
def slow_picture() -> bytes:
    """Flat frames: few bytes, much work."""
    frames = [Image.new("RGB", (1500, 1000), (at * 3, 0, 255 - at * 3)) for at in range(64)]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], optimize=False)


@linux
@pytest.mark.parametrize(
    ("way", "error"), [(signal.SIGSEGV, UnreadableImage), (signal.SIGKILL, UnreadableImage)]
)
def test_a_crash_ends_only_the_decoder(way: signal.Signals, error: type[Exception]) -> None:
    data = slow_picture()
    with Darkroom() as room:
        room.develop(encoded(scene(9, 9), "PNG"), ATTACHMENT)
        assert room._parent is not None
        parent = room._parent.pid
        while children_of(parent):
            time.sleep(0.005)
        failed: list[BaseException] = []

        def attempt() -> None:
            try:
                room.develop(data, AVATAR)
            except Exception as problem:  # noqa: BLE001 - kept for the assertion below
                failed.append(problem)

        thread = threading.Thread(target=attempt)
        thread.start()
        while thread.is_alive() and not (workers := children_of(parent)):
            time.sleep(0.005)
        os.kill(workers[0], way)
        thread.join(30)
        assert [type(problem) for problem in failed] == [error]
        assert room._parent.pid == parent
        assert room.develop(encoded(scene(9, 9), "PNG"), ATTACHMENT).width == 9


@linux
def test_a_hang_is_ended_by_the_clock() -> None:
    with Darkroom(ImageLimits(wall_s=0.7)) as room:
        room.develop(encoded(scene(9, 9), "PNG"), ATTACHMENT)
        assert room._parent is not None
        began = time.monotonic()
        with pytest.raises(ImageTooDemanding):
            room.develop(slow_picture(), AVATAR)
        assert time.monotonic() - began < 5
        time.sleep(0.1)
        assert children_of(room._parent.pid) == []


def test_processor_time_is_limited() -> None:
    with Darkroom(ImageLimits(cpu_s=1)) as room, pytest.raises(ImageTooDemanding):
        room.develop(slow_picture(), (*AVATAR, *HEADER[1:]))


def test_the_parent_is_started_again_when_it_is_gone(darkroom: Darkroom) -> None:
    darkroom.develop(encoded(scene(9, 9), "PNG"), ATTACHMENT)
    assert darkroom._parent is not None
    darkroom._parent.kill()
    darkroom._parent.wait()
    assert darkroom.develop(encoded(scene(9, 9), "PNG"), ATTACHMENT).width == 9


@linux
def test_nothing_is_left_after_closing() -> None:
    room = Darkroom()
    room.develop(encoded(scene(9, 9), "PNG"), ATTACHMENT)
    assert room._parent is not None
    pid = room._parent.pid
    room.close()
    assert not Path(f"/proc/{pid}").exists()


def test_pictures_are_developed_side_by_side(darkroom: Darkroom) -> None:
    done: list[int] = []

    def one(width: int) -> None:
        picture = darkroom.develop(encoded(scene(width, 30), "PNG"), ATTACHMENT)
        done.append(picture.width)

    threads = [threading.Thread(target=one, args=(width,)) for width in range(20, 32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(done) == list(range(20, 32))


def test_a_worker_can_open_nothing(tmp_path: Path) -> None:
    script = (
        "import os, socket, sys\n"
        "from folkmoot.kit.images import ImageLimits\n"
        "from folkmoot.kit import images_worker\n"
        "images_worker._give_up_rights(ImageLimits())\n"
        "for attempt in (lambda: open('/etc/hostname'), socket.socket, lambda: os.pipe()):\n"
        "    try: attempt()\n"
        "    except OSError: continue\n"
        "    os._exit(1)\n"
        "os._exit(0)\n"
    )
    pid = os.fork()
    if pid == 0:
        os.environ["PYTHONPATH"] = str(Path(images.__file__).parents[2])
        os.execv(os.sys.executable, [os.sys.executable, "-c", script])
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_the_blurhash_is_quick() -> None:
    large = Image.effect_noise((3800, 2100), 50).convert("RGB")
    began = time.process_time()
    for _ in range(3):
        images_develop._blurhash(large)
    assert (time.process_time() - began) / 3 < 0.05


@pytest.mark.parametrize("codec", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_garbled_files_are_developed_or_refused_and_nothing_else(
    darkroom: Darkroom, codec: str
) -> None:
    dice = random.Random(codec)
    noise = Image.effect_noise((64, 48), 80).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    whole = encoded(noise, codec, exif=exif, icc_profile=profile)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(dice.randrange(1, 30)):
            data[dice.randrange(4, len(data))] = dice.randrange(256)
        try:
            picture = darkroom.develop(bytes(data), (*ATTACHMENT, *HEADER[1:]))
        except Invalid:
            continue
        assert picture.renditions["original"].data
