"""Pictures with something in them, the same every time, by which they can be known again."""

import io
import random

from PIL import Image, ImageDraw


def painted(seed: int, size: tuple[int, int] = (400, 300), mode: str = "RGB") -> Image.Image:
    """Shapes of many colours over a slope of grey."""
    rng = random.Random(seed)
    width, height = size
    slope = bytes(
        (at % width * 90 // width + at // width * 120 // height) for at in range(width * height)
    )
    image = Image.frombytes("L", size, slope).convert("RGB")
    draw = ImageDraw.Draw(image)
    for _ in range(14):
        x, y = rng.randrange(width), rng.randrange(height)
        box = (x, y, x + rng.randrange(9, width // 2), y + rng.randrange(9, height // 2))
        draw.rectangle(box, fill=tuple(rng.randrange(256) for _ in range(3)))
    return image.convert(mode)


def encoded(image: Image.Image, codec: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, codec, **options)
    return buffer.getvalue()
