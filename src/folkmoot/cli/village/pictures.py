"""The village's pictures, drawn by the program: scenes for headers and posts, faces for avatars.

Deterministic for the same name and seed. Drawn at twice the size and shrunk, which smooths edges.
"""

import io
import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]
SCALE = 2


def _hex(text: str) -> Colour:
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    a, b, c = (round(x + (y - x) * share) for x, y in zip(one, other, strict=True))
    return a, b, c


class Canvas:
    """A picture being drawn, in units of its own width and height (0 to 1)."""

    def __init__(self, width: int, height: int, dice: random.Random) -> None:
        self.width, self.height = width * SCALE, height * SCALE
        self.image = Image.new("RGB", (self.width, self.height))
        self.draw = ImageDraw.Draw(self.image)
        self.dice = dice

    def at(self, x: float, y: float) -> Point:
        return x * self.width, y * self.height

    def gradient(self, top: Colour, bottom: Colour, start: float = 0.0, end: float = 1.0) -> None:
        first, last = int(start * self.height), int(end * self.height)
        for row in range(first, last):
            colour = _mix(top, bottom, (row - first) / max(1, last - first))
            self.draw.line([(0, row), (self.width, row)], fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A circle; the radius is a share of the height."""
        px, py = self.at(x, y)
        r = radius * self.height
        self.draw.ellipse([px - r, py - r, px + r, py + r], fill=colour)

    def glow(self, x: float, y: float, radius: float, colour: Colour, behind: Colour) -> None:
        for step in range(14, 0, -1):
            self.disc(x, y, radius * (1 + step * 0.16), _mix(behind, colour, 0.28 / step))
        self.disc(x, y, radius, colour)

    def ridge(self, level: float, rough: float, colour: Colour, base: float = 1.0) -> None:
        """A skyline of three waves, filled down to `base`."""
        waves = [
            (self.dice.uniform(0.6, 1.4) * n, self.dice.uniform(0, 6.3), rough / n)
            for n in (1, 2.3, 5.1)
        ]
        points = [self.at(0, base)]
        for step in range(121):
            x = step / 120
            y = level + sum(h * math.sin(f * x * 6.3 + p) for f, p, h in waves)
            points.append(self.at(x, y))
        self.draw.polygon([*points, self.at(1, base)], fill=colour)

    def ripples(self, top: float, colour: Colour, count: int = 60) -> None:
        for _ in range(count):
            y = self.dice.uniform(top, 1)
            depth = (y - top) / (1 - top)
            length = self.dice.uniform(0.02, 0.09) * (0.4 + depth)
            x = self.dice.random()
            thick = max(1, round(self.height * 0.003 * (0.5 + depth)))
            self.draw.line([self.at(x, y), self.at(x + length, y)], fill=colour, width=thick)

    def finish(self, kind: str = "PNG") -> bytes:
        small = self.image.resize(
            (self.width // SCALE, self.height // SCALE), Image.Resampling.LANCZOS
        )
        out = io.BytesIO()
        small.save(out, kind, **({"quality": 90} if kind == "JPEG" else {}))
        return out.getvalue()


def _hills(c: Canvas) -> None:
    c.gradient(_hex("f6d9b8"), _hex("fbeedd"), 0, 0.7)
    c.glow(0.72, 0.34, 0.08, _hex("fff6df"), _hex("f8dfc0"))
    shades = ("c9c2b4", "9fae9c", "76927c", "4f7560", "2f5747")
    for number, shade in enumerate(shades):
        c.ridge(0.46 + number * 0.11, 0.05, _hex(shade))


def _river(c: Canvas) -> None:
    c.gradient(_hex("ef9f77"), _hex("f9dcb6"), 0, 0.55)
    c.glow(0.3, 0.42, 0.07, _hex("fff1cf"), _hex("f5c79b"))
    c.ridge(0.47, 0.04, _hex("8a6f78"), 0.6)
    c.ridge(0.53, 0.02, _hex("4e4a5c"), 0.6)
    c.gradient(_hex("d99a80"), _hex("4a5a74"), 0.57, 1)
    c.ripples(0.6, _hex("f6cfa8"))
    for x, y, size in ((0.55, 0.74, 0.2), (0.68, 0.68, 0.14), (0.84, 0.79, 0.24)):
        _heron(c, x, y, size)


def _heron(c: Canvas, x: float, y: float, size: float) -> None:
    """A standing heron; (x, y) is where it stands."""
    ink = _hex("2c2f40")
    aspect = c.height / c.width

    def place(dx: float, dy: float) -> Point:
        return c.at(x + dx * size * aspect, y - dy * size)

    thin = max(2, round(size * c.height * 0.035))
    c.draw.line([place(-0.06, 0), place(-0.05, 0.42)], fill=ink, width=thin)
    c.draw.line([place(0.07, 0), place(0.04, 0.42)], fill=ink, width=thin)
    c.draw.ellipse([*place(-0.3, 0.66), *place(0.22, 0.36)], fill=ink)
    neck = [place(0.14, 0.56), place(0.28, 0.72), place(0.14, 0.86), place(0.22, 1.0)]
    c.draw.line(neck, fill=ink, width=thin * 2, joint="curve")
    c.draw.polygon([place(0.18, 1.05), place(0.55, 0.98), place(0.2, 0.95)], fill=ink)


def _garden(c: Canvas) -> None:
    c.gradient(_hex("bfe0e2"), _hex("f4f3dc"), 0, 0.6)
    c.ridge(0.45, 0.05, _hex("9dbfae"))
    c.ridge(0.56, 0.03, _hex("6f9f76"))
    c.gradient(_hex("7b5a3e"), _hex("533a28"), 0.7, 1)
    for pole in range(9):
        x = 0.08 + pole * 0.105
        c.draw.line(
            [c.at(x, 0.95), c.at(x + 0.012, 0.3)], fill=_hex("8b6b45"), width=c.height // 90
        )
        for leaf in range(16):
            y = 0.34 + leaf * 0.036
            reach = c.dice.uniform(-0.03, 0.03)
            green = _mix(_hex("2f6b3c"), _hex("8dbb57"), c.dice.random())
            c.disc(x + 0.006 + reach, y, c.dice.uniform(0.015, 0.032), green)
            if c.dice.random() < 0.16:
                c.disc(x + reach, y + 0.01, 0.009, _hex("e4583f"))


def _bread(c: Canvas) -> None:
    c.gradient(_hex("3a2a24"), _hex("6b4a36"), 0, 0.6)
    c.gradient(_hex("a4774c"), _hex("7d5534"), 0.6, 1)
    for step in range(30, 0, -1):
        crust = _mix(_hex("f0c27a"), _hex("8f4f22"), step / 30)
        w, h = 0.30 * step / 30 + 0.02, 0.22 * step / 30 + 0.02
        c.draw.ellipse([*c.at(0.5 - w, 0.56 - h), *c.at(0.5 + w, 0.58 + h)], fill=crust)
    c.draw.arc(
        [*c.at(0.33, 0.4), *c.at(0.67, 0.98)], 200, 340, fill=_hex("fbe6b9"), width=c.height // 60
    )
    for n in range(-3, 4):
        x = 0.5 + n * 0.045
        c.draw.line(
            [c.at(x, 0.47 + abs(n) * 0.012), c.at(x + 0.03, 0.42 + abs(n) * 0.012)],
            fill=_hex("fbe6b9"),
            width=c.height // 90,
        )
    for _ in range(300):
        c.disc(c.dice.gauss(0.5, 0.12), c.dice.gauss(0.55, 0.08), 0.002, _hex("fdf3dd"))


def _tea(c: Canvas) -> None:
    c.gradient(_hex("e8d9c3"), _hex("cdb393"), 0, 0.62)
    c.gradient(_hex("8f6742"), _hex("6d4a2c"), 0.62, 1)
    c.draw.pieslice([*c.at(0.28, 0.3), *c.at(0.72, 1.02)], 0, 180, fill=_hex("2f5d73"))
    c.draw.ellipse([*c.at(0.28, 0.58), *c.at(0.72, 0.74)], fill=_hex("25495b"))
    c.draw.ellipse([*c.at(0.31, 0.6), *c.at(0.69, 0.72)], fill=_hex("d9a55b"))
    for n in range(9):
        y = 0.63 + n * 0.008
        c.draw.arc(
            [*c.at(0.36 + n * 0.008, y - 0.03), *c.at(0.64 - n * 0.006, y + 0.04)],
            10,
            170,
            fill=_hex("f4dfa8"),
            width=c.height // 130,
        )
    c.disc(0.44, 0.645, 0.028, _hex("fff3d6"))
    c.disc(0.44, 0.645, 0.015, _hex("f0a63c"))
    for n in range(3):
        x = 0.42 + n * 0.08
        steam = [c.at(x + 0.015 * math.sin(t * 0.7 + n), 0.56 - t * 0.028) for t in range(14)]
        c.draw.line(steam, fill=_hex("f7efe3"), width=c.height // 70, joint="curve")


def _sky(c: Canvas) -> None:
    c.gradient(_hex("5f8fc0"), _hex("f3dcc0"))
    for row in range(11):
        y = 0.08 + row * 0.058
        for n in range(26):
            x = n / 25 + 0.02 * math.sin(row * 2.1 + n * 0.6)
            size = c.dice.uniform(0.012, 0.03) * (1.25 - row * 0.07)
            cloud = _mix(_hex("ffffff"), _hex("f6c9a6"), row / 14)
            for _ in range(3):
                c.disc(x + c.dice.gauss(0, 0.012), y + c.dice.gauss(0, 0.006), size * 0.6, cloud)
    c.ridge(0.82, 0.03, _hex("4d5a6b"))
    c.ridge(0.9, 0.02, _hex("2b3440"))


def _night(c: Canvas) -> None:
    c.gradient(_hex("0f1a33"), _hex("33466b"), 0, 0.62)
    for _ in range(160):
        c.disc(
            c.dice.random(), c.dice.uniform(0, 0.5), c.dice.uniform(0.001, 0.003), _hex("e8ecf7")
        )
    c.glow(0.62, 0.36, 0.075, _hex("fbf3d9"), _hex("2a3b60"))
    c.ridge(0.56, 0.02, _hex("131c30"), 0.66)
    c.gradient(_hex("2a3a5c"), _hex("0c1426"), 0.63, 1)
    for row in range(26):
        y = 0.64 + row * 0.0138
        half = 0.012 + row * 0.0016
        x = 0.62 + c.dice.gauss(0, 0.012)
        c.draw.line(
            [c.at(x - half, y), c.at(x + half, y)], fill=_hex("f3e6bd"), width=c.height // 150
        )
    c.draw.polygon(
        [c.at(0.2, 0.6), c.at(0.2, 0.47), c.at(0.25, 0.41), c.at(0.3, 0.47), c.at(0.3, 0.6)],
        fill=_hex("0d1424"),
    )
    c.draw.rectangle([*c.at(0.235, 0.5), *c.at(0.262, 0.545)], fill=_hex("f2c76b"))


def _village(c: Canvas) -> None:
    c.gradient(_hex("f3c9a0"), _hex("fbeedb"), 0, 0.6)
    c.ridge(0.48, 0.05, _hex("b9b39a"))
    c.ridge(0.58, 0.03, _hex("839a74"))
    roofs = ("b5523b", "7c4a3a", "456070", "a9713f", "5b6b4a")
    for n in range(9):
        x, y = 0.05 + n * 0.105, 0.74 + c.dice.uniform(-0.04, 0.05)
        tall = c.dice.uniform(0.12, 0.2)
        wall = _mix(_hex("fff6e6"), _hex("e3cba6"), c.dice.random())
        c.draw.rectangle([*c.at(x, y - tall), *c.at(x + 0.085, y + 0.3)], fill=wall)
        roof = [
            c.at(x - 0.008, y - tall),
            c.at(x + 0.0425, y - tall - 0.12),
            c.at(x + 0.093, y - tall),
        ]
        c.draw.polygon(roof, fill=_hex(roofs[n % len(roofs)]))
        for column in (0.018, 0.052):
            c.draw.rectangle(
                [*c.at(x + column, y - tall + 0.04), *c.at(x + column + 0.016, y - tall + 0.09)],
                fill=_hex("4a5a66"),
            )
    c.gradient(_hex("6f8a5b"), _hex("4e6b45"), 0.86, 1)


def _books(c: Canvas) -> None:
    c.gradient(_hex("4b3a2c"), _hex("33271d"))
    spines = ("7c2d2d", "2f4b5f", "6b6a3a", "b08d4f", "3d5a45", "8a5a3c", "d8c7a0", "51405f")
    for shelf in range(3):
        x, floor = 0.02, 0.32 + shelf * 0.32
        while x < 0.96:
            wide, tall = c.dice.uniform(0.014, 0.032), c.dice.uniform(0.17, 0.26)
            colour = _hex(c.dice.choice(spines))
            c.draw.rectangle([*c.at(x, floor - tall), *c.at(x + wide, floor)], fill=colour)
            band = _mix(colour, _hex("f4e6c0"), 0.55)
            c.draw.rectangle(
                [*c.at(x, floor - tall * 0.8), *c.at(x + wide, floor - tall * 0.76)], fill=band
            )
            x += wide + 0.002
        c.draw.rectangle([*c.at(0, floor), *c.at(1, floor + 0.03)], fill=_hex("6e5238"))


def _workshop(c: Canvas) -> None:
    c.gradient(_hex("d9d2c2"), _hex("b7ab95"))
    for x, y, radius in ((0.3, 0.52, 0.34), (0.66, 0.42, 0.24), (0.84, 0.72, 0.18)):
        px, py = c.at(x, y)
        r = radius * c.height
        brass = _mix(_hex("b5893f"), _hex("6f5a3c"), c.dice.random() * 0.7)
        for tooth in range(24):
            angle = tooth / 24 * 6.283
            tx, ty = px + math.cos(angle) * r, py + math.sin(angle) * r
            c.draw.ellipse([tx - r * 0.09, ty - r * 0.09, tx + r * 0.09, ty + r * 0.09], fill=brass)
        c.draw.ellipse([px - r, py - r, px + r, py + r], fill=brass)
        inner = r * 0.72
        c.draw.ellipse([px - inner, py - inner, px + inner, py + inner], fill=_hex("cfc6b2"))
        for spoke in range(6):
            angle = spoke / 6 * 6.283
            end = (px + math.cos(angle) * r * 0.8, py + math.sin(angle) * r * 0.8)
            c.draw.line([(px, py), end], fill=brass, width=int(r * 0.14))
        hub = r * 0.2
        c.draw.ellipse(
            [px - hub, py - hub, px + hub, py + hub], fill=_mix(brass, _hex("2b241a"), 0.5)
        )


SCENES: dict[str, Callable[[Canvas], None]] = {
    "hills": _hills,
    "river": _river,
    "garden": _garden,
    "bread": _bread,
    "tea": _tea,
    "sky": _sky,
    "night": _night,
    "village": _village,
    "books": _books,
    "workshop": _workshop,
}

_BACKS = ("d98a6a", "6d9a8b", "c9a24b", "7a86b0", "a8718c", "5f8aa3", "8aa05c", "b5614f")
_SKINS = ("f2cfae", "d9a67c", "b97f56", "8a5a3c", "e8bd98")
# Black, brown, chestnut, silver, blue-black, red.
_HAIRS = ("2b2320", "5a3a28", "8c5a33", "c9c2b8", "20262f", "a8442f")


def scene(name: str, seed: str, *, width: int = 1200, height: int = 800) -> bytes:
    """A JPEG of a scene; KeyError for a name that is not in SCENES."""
    canvas = Canvas(width, height, random.Random(f"{name} {seed}"))  # noqa: S311 - a picture
    SCENES[name](canvas)
    return canvas.finish("JPEG")


def portrait(look: str, *, size: int = 400) -> bytes:
    """A PNG of a face before a plain ground: enough to tell people apart at a glance.

    `look` is five digits: hair's cut (0 short, 1 long, 2 bob, 3 bun), its colour, the skin, the
    ground, and 1 for glasses.
    """
    style, hair_number, skin_number, back_number, glasses = (int(digit) for digit in look)
    c = Canvas(size, size, random.Random(look))  # noqa: S311 - a picture
    back, skin, hair = (
        _hex(_BACKS[back_number]),
        _hex(_SKINS[skin_number]),
        _hex(_HAIRS[hair_number]),
    )
    shirt = _hex(_BACKS[(back_number + 3) % len(_BACKS)])
    c.gradient(_mix(back, (255, 255, 255), 0.25), back)
    if style in (1, 2):
        long = 0.95 if style == 1 else 0.72
        c.draw.rounded_rectangle(
            [*c.at(0.26, 0.2), *c.at(0.74, long)], radius=c.width * 0.22, fill=hair
        )
    c.draw.ellipse([*c.at(0.12, 0.78), *c.at(0.88, 1.5)], fill=shirt)
    c.draw.rectangle([*c.at(0.43, 0.62), *c.at(0.57, 0.82)], fill=_mix(skin, (60, 30, 20), 0.15))
    c.draw.ellipse([*c.at(0.3, 0.22), *c.at(0.7, 0.72)], fill=skin)
    if style == 0:
        c.draw.pieslice([*c.at(0.27, 0.17), *c.at(0.73, 0.62)], 180, 360, fill=hair)
    elif style == 3:
        c.draw.ellipse([*c.at(0.4, 0.08), *c.at(0.6, 0.26)], fill=hair)
        c.draw.pieslice([*c.at(0.28, 0.18), *c.at(0.72, 0.56)], 180, 360, fill=hair)
    else:
        c.draw.chord([*c.at(0.28, 0.18), *c.at(0.72, 0.66)], 195, 345, fill=hair)
    ink = (43, 35, 32)
    for x in (0.42, 0.58):
        c.disc(x, 0.47, 0.018, ink)
        c.draw.arc(
            [*c.at(x - 0.05, 0.39), *c.at(x + 0.05, 0.46)],
            200,
            340,
            fill=_mix(hair, ink, 0.4),
            width=c.width // 90,
        )
    c.draw.arc(
        [*c.at(0.42, 0.5), *c.at(0.58, 0.62)],
        25,
        155,
        fill=_mix(skin, (120, 30, 30), 0.65),
        width=c.width // 70,
    )
    for x in (0.37, 0.63):
        c.disc(x, 0.545, 0.03, _mix(skin, (230, 110, 100), 0.28))
    if glasses:
        for x in (0.42, 0.58):
            px, py = c.at(x, 0.47)
            r = 0.062 * c.width
            c.draw.ellipse([px - r, py - r, px + r, py + r], outline=ink, width=c.width // 80)
        c.draw.line([c.at(0.482, 0.465), c.at(0.518, 0.465)], fill=ink, width=c.width // 80)
    return c.finish()
