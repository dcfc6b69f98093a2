"""What the darkroom does to one picture, with Pillow. Runs only in the limited process of
`images_worker`. A new file is always encoded from the pixels, so that nothing hidden in the old
one (places, names, thumbnails, a second format) comes through.
"""

import io
import warnings
from collections.abc import Iterator
from typing import Any

import blurhash
from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from folkmoot.kit.images import ImageLimits, Picture, Rendition, Want
from folkmoot.kit.pdq import hash_picture

_FORMATS = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
}
_OPENED = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_WORKING_PIXELS = 8_294_400
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


class Unknown(Exception):
    """Pillow does not recognise the file."""


class TooLarge(Exception):
    """The picture has too many pixels."""


def load_decoders() -> None:
    """Prepares everything a fork will need, since it cannot open a file any more.

    One picture of each format goes there and back, which imports what Pillow imports lazily.
    """
    plugins = (GifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)
    assert all(plugins)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.preinit()
    limits = ImageLimits()
    wants = (
        Want("a", pixels_max=16),
        Want("b", width=2, height=2, format="small", animated=True),
        Want("c", pixels_max=16, format="png", animated=True),
    )
    for mode in ("RGBA", "RGB"):
        for codec in ("PNG", "GIF", "WEBP", "AVIF", *(("JPEG",) if mode == "RGB" else ())):
            buffer = io.BytesIO()
            sample = Image.new(mode, (8, 8), "orange")
            options = {} if codec == "JPEG" else {"save_all": True, "append_images": [sample]}
            sample.save(buffer, codec, icc_profile=_SRGB.tobytes(), **options)
            develop(buffer.getvalue(), wants, limits)


def develop(data: bytes, wants: tuple[Want, ...], limits: ImageLimits) -> Picture:
    """Makes each wanted file. Raises Unknown, TooLarge, or whatever a decoder raises."""
    Image.MAX_IMAGE_PIXELS = limits.pixels_max
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _develop(data, wants, limits)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise TooLarge from error
        except UnidentifiedImageError as error:
            raise Unknown from error


def _develop(data: bytes, wants: tuple[Want, ...], limits: ImageLimits) -> Picture:
    source = Image.open(io.BytesIO(data), formats=_OPENED)
    mime = _FORMATS[source.format or ""]
    frames = int(getattr(source, "n_frames", 1)) if mime != "image/jpeg" else 1
    turned = _orientation(source) >= 5
    width, height = source.size[::-1] if turned else source.size
    untouched = _as_it_came(source)
    base = untouched or _cleaned(source)
    renditions = {}
    moving = frames > 1 and _within_animation_limits(source, frames, limits)
    for want in wants:
        if want.animated and moving:
            renditions[want.name] = _animation(source, frames, want)
        else:
            renditions[want.name] = _still(base, want, mime, keep=untouched is not None)
    pdq, quality = hash_picture(_on_paper(base))
    return Picture(
        mime=mime,
        width=width,
        height=height,
        animated=frames > 1,
        frames=frames,
        blurhash=_blurhash(base),
        pdq=pdq,
        quality=quality,
        renditions=renditions,
    )


def _within_animation_limits(source: Image.Image, frames: int, limits: ImageLimits) -> bool:
    pixels = source.width * source.height * frames
    return frames <= limits.frames_max and pixels <= limits.animation_pixels_max


def _as_it_came(source: Image.Image) -> Image.Image | None:
    """The picture itself when it needs no change but losing its metadata, else None.

    Such a JPEG is later written with its own quantisation tables and loses nothing visible; such
    a PNG with a palette keeps it.
    """
    if source.size[0] * source.size[1] > _WORKING_PIXELS or _foreign_profile(source) is not None:
        return None
    if _orientation(source) != 1:
        return None
    if source.format != "JPEG" or source.mode not in ("RGB", "L"):
        return None
    source.load()
    source.info = {}
    return source


def _cleaned(source: Image.Image) -> Image.Image:
    """The first frame upright, in sRGB, in mode L, RGB or RGBA, at a size we can work with."""
    profile = _foreign_profile(source)
    target = _within(source.size, _WORKING_PIXELS)
    source.draft(source.mode, target)
    image = _plain_mode(_upright(source))
    image = _scaled(image, _within(image.size, _WORKING_PIXELS))
    image = _in_srgb(image, profile)
    image.info = {}
    return image


def _orientation(source: Image.Image) -> int:
    """EXIF orientation, 1 to 8; a picture whose EXIF is broken is taken to be upright."""
    try:
        value = source.getexif().get(0x0112, 1)
    except Exception:  # noqa: BLE001 - the reader of EXIF raises anything on broken data
        return 1
    return value if value in range(1, 9) else 1


def _upright(source: Image.Image) -> Image.Image:
    """Turned and mirrored as its EXIF orientation asks (Exif 3.0, tag 0x0112)."""
    orientation = _orientation(source)
    source.load()
    return source.transpose(_TURNS[orientation]) if orientation > 1 else source


def _plain_mode(image: Image.Image) -> Image.Image:
    if image.mode in ("L", "RGB", "RGBA", "CMYK"):
        return image.convert("RGBA") if "transparency" in image.info else image
    if image.mode.startswith("I"):
        # Sixteen-bit greys: Pillow would clip them at 255 instead of scaling them down.
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.mode == "1":
        return image.convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _foreign_profile(source: Image.Image) -> Any | None:
    """The colour profile of a picture, unless it has none, a broken one, or sRGB itself."""
    data = source.info.get("icc_profile")
    if not data:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        description = ImageCms.getProfileDescription(profile)
    except (OSError, ImageCms.PyCMSError):
        return None
    return None if "srgb" in description.lower() else profile


def _in_srgb(image: Image.Image, profile: Any | None) -> Image.Image:
    """Colours as the profile meant them; as they are when the profile does not fit the picture."""
    mode = "RGB" if image.mode == "CMYK" else image.mode
    if profile is None:
        return image.convert(mode)
    try:
        converted = ImageCms.profileToProfile(
            image,
            profile,
            _SRGB,
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB" if mode == "L" else mode,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except ImageCms.PyCMSError:
        return image.convert(mode)
    assert converted is not None
    return converted.convert(mode)


def _still(base: Image.Image, want: Want, mime: str, *, keep: bool) -> Rendition:
    image = _opaque_if_possible(_fitted(base, want))
    codec = _still_format(image, want, mime)
    buffer = io.BytesIO()
    if codec == "JPEG" and keep and image is base:
        image.save(buffer, "JPEG", quality="keep", progressive=True)
    elif codec == "JPEG":
        image.save(buffer, "JPEG", quality=88, progressive=True)
    elif codec == "WEBP":
        image.save(buffer, "WEBP", quality=88, method=3, exact=False)
    else:
        image.save(buffer, "PNG", compress_level=6)
    return _rendition(buffer, codec, image.size, animated=False)


def _animation(source: Image.Image, frames: int, want: Want) -> Rendition:
    images, durations = [], []
    for image, duration_ms in _frames(source, frames):
        images.append(_fitted(image, want))
        durations.append(duration_ms)
    buffer = io.BytesIO()
    codec = "PNG" if want.format == "png" else "WEBP"
    options: dict[str, Any] = (
        {"compress_level": 1} if codec == "PNG" else {"quality": 80, "method": 2}
    )
    first, *rest = images
    first.save(
        buffer, codec, save_all=True, append_images=rest, duration=durations, loop=0, **options
    )
    return _rendition(buffer, codec, first.size, animated=True)


def _frames(source: Image.Image, frames: int) -> Iterator[tuple[Image.Image, int]]:
    """Every frame in sRGB with how long it shows; as in browsers, absurdly short means 100 ms."""
    profile = _foreign_profile(source)
    for number in range(frames):
        source.seek(number)
        source.load()
        duration_ms = round(source.info.get("duration") or 0)
        image = _in_srgb(_plain_mode(_upright(source)).convert("RGBA"), profile)
        image.info = {}
        yield image, duration_ms if duration_ms >= 20 else 100


def _fitted(image: Image.Image, want: Want) -> Image.Image:
    if want.pixels_max:
        return _scaled(image, _within(image.size, want.pixels_max))
    scale = min(1.0, image.width / want.width, image.height / want.height)
    size = max(1, round(want.width * scale)), max(1, round(want.height * scale))
    return ImageOps.fit(image, size, Image.Resampling.LANCZOS)


def _within(size: tuple[int, int], pixels: int) -> tuple[int, int]:
    """The size of the same shape with at most `pixels`, never larger than `size`."""
    width, height = size
    if width * height <= pixels:
        return size
    scale = (pixels / (width * height)) ** 0.5
    return max(1, min(int(width * scale), pixels)), max(1, min(int(height * scale), pixels))


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _opaque_if_possible(image: Image.Image) -> Image.Image:
    """Without its alpha channel when nothing is transparent: a smaller file that looks the same."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 255:
        return image.convert("RGB")
    return image


def _still_format(image: Image.Image, want: Want, mime: str) -> str:
    transparent = image.mode == "RGBA"
    if want.format == "png":
        return "PNG"
    if want.format == "small" or mime == "image/avif":
        return "WEBP" if transparent else "JPEG"
    return {"image/jpeg": "JPEG", "image/webp": "WEBP"}.get(mime, "PNG")


def _rendition(
    buffer: io.BytesIO, codec: str, size: tuple[int, int], *, animated: bool
) -> Rendition:
    return Rendition(
        mime=_FORMATS[codec],
        suffix=_SUFFIXES[codec],
        width=size[0],
        height=size[1],
        animated=animated,
        data=buffer.getvalue(),
    )


def _blurhash(image: Image.Image) -> str:
    """https://github.com/woltapp/blurhash, more components along the longer side.

    Computed from at most 32 pixels a side: it keeps only the lowest frequencies anyway.
    """
    tiny = image.resize(_within(image.size, 32 * 32), Image.Resampling.BOX, reducing_gap=1.5)
    across, down = (4, 3) if image.width >= image.height else (3, 4)
    with warnings.catch_warnings():
        # The library reads pixels by a method that Pillow 14 will drop; see pyproject.toml.
        warnings.simplefilter("ignore", DeprecationWarning)
        return str(blurhash.encode(_on_paper(tiny).convert("RGB"), across, down))


def _on_paper(image: Image.Image) -> Image.Image:
    """What is transparent shows white, as a page would."""
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    return paper.convert("RGB")
