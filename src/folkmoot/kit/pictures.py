"""Pictures made by the program for those who have chosen none: the same number gives the same
picture, and numbers next to each other look unlike. Small landscapes and patterns in few,
matching colours; JPEG bytes. Drawn three times as large and scaled down, which smooths edges.
"""

import io
import math
import random
from collections.abc import Callable

import msgspec
from PIL import Image, ImageChops, ImageDraw, ImageOps

Colour = tuple[int, int, int]


class Palette(msgspec.Struct, frozen=True):
    """A light and a dark end of a sky, a light that stands out, and three grounds, far to near."""

    high: Colour
    low: Colour
    light: Colour
    far: Colour
    middle: Colour
    near: Colour


def _palette(text: str) -> Palette:
    return Palette(*(_colour(part) for part in text.split()))


def _colour(text: str) -> Colour:
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16)


PALETTES = tuple(
    _palette(text)
    for text in (
        "f7c9a9 e2725b fff1d6 b4534a 7c3a46 402039",  # brick at dusk
        "cfe8ef 7fb7c9 fff6df 4f8ea6 2f6480 173a52",  # cold morning
        "f6e3b4 e9b44c fffaf0 c98a2b 8c5a2b 4a2f1d",  # straw
        "d8e8cf 9cc5a1 fffbe0 5e9b7b 35705c 1b4440",  # orchard
        "3d4e7a 1b2447 f5e6b8 2c3a66 1a2347 0c122b",  # clear night
        "f3d1dc c98bb0 fff4ec 9a5b8f 643a70 361f4b",  # heather
        "fbe0c3 f2a07b fff8ec d3654f 8a3f54 3f2549",  # apricot
        "dfe6e9 a9b7c0 ffffff 7a8b98 505f6e 2b3742",  # rain
        "ffe3a3 f78f5a fff7de e0584f 8f2f5b 3a1b4d",  # ember
        "d4f0e7 6cc0b5 fff4d2 2f9a97 1d6a78 103f53",  # lagoon
        "e9e2f4 a79bd0 fff6e5 7768b0 4c4388 282455",  # violet hour
        "f0ead6 c7bda1 fffdf4 97906f 66684e 373d32",  # lichen
    )
)


class _Sheet:
    """A picture being drawn, in units of its height, from the upper left corner."""

    def __init__(self, width: int, height: int, number: int, palette: Palette) -> None:
        self.final = width, height
        # A wide picture is large enough to hide coarser edges, and four times the work.
        fine = 3 if width == height else 2
        self.size = width * fine, height * fine
        self.unit = height * fine
        self.width = width / height
        self.dice = random.Random(number)  # noqa: S311 - nothing is secret about a picture
        self.palette = palette
        self.image = self.gradient(palette.high, palette.low)

    def gradient(self, above: Colour, below: Colour) -> Image.Image:
        grey = Image.linear_gradient("L").resize(self.size)
        return ImageOps.colorize(grey, above, below)

    def polygon(self, points: list[tuple[float, float]], colour: Colour) -> None:
        scaled = [(x * self.unit, y * self.unit) for x, y in points]
        ImageDraw.Draw(self.image).polygon(scaled, fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        box = [(v * self.unit) for v in (x - radius, y - radius, x + radius, y + radius)]
        ImageDraw.Draw(self.image).ellipse(box, fill=colour)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        """Light that fades with the distance."""
        side = int(radius * 2 * self.unit)
        halo = ImageChops.invert(Image.radial_gradient("L").resize((side, side)))
        # The gradient's corners are darker than its rim, which would show as a square.
        halo = halo.point([max(0, int((v - 75) * strength * 255 / 180)) for v in range(256)])
        left, upper = int(x * self.unit) - side // 2, int(y * self.unit) - side // 2
        self.image.paste(colour, (left, upper), halo)

    def ridge(self, level: float, height: float, colour: Colour, *, rough: float = 1.0) -> None:
        """A skyline of a few waves, filled to the bottom, paler towards its top."""
        waves = [
            (n * self.dice.uniform(0.7, 1.3), self.dice.uniform(0, math.tau), height / n**1.2)
            for n in (1, 2, 3 + 2 * rough, 7 + 4 * rough)
        ]
        steps = 160
        points = [
            (
                x := step / steps * self.width,
                level - sum(a * math.sin(k * x * 2.6 + p) for k, p, a in waves),
            )
            for step in range(steps + 1)
        ]
        mask = Image.new("L", self.size)
        outline = [*points, (self.width, 1.01), (0.0, 1.01)]
        ImageDraw.Draw(mask).polygon([(x * self.unit, y * self.unit) for x, y in outline], fill=255)
        pale = _mixed(colour, self.palette.low, 0.35)
        top = max(0, int((level - height) * self.unit))
        shade = Image.new("RGB", self.size, pale)
        depth = max(1, self.size[1] - top)
        fade = ImageOps.colorize(
            Image.linear_gradient("L").resize((self.size[0], depth)), pale, colour
        )
        shade.paste(fade, (0, top))
        self.image.paste(shade, mask=mask)

    def finish(self) -> bytes:
        if self.image.size != self.final:
            self.image = self.image.resize(self.final, Image.Resampling.BOX)
        buffer = io.BytesIO()
        self.image.save(buffer, "JPEG", quality=90, subsampling=0)
        return buffer.getvalue()


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    a, b, c = (round(x + (y - x) * share) for x, y in zip(one, other, strict=True))
    return a, b, c


def _hills(sheet: _Sheet) -> None:
    p, dice = sheet.palette, sheet.dice
    x, y = dice.uniform(0.25, 0.75) * sheet.width, dice.uniform(0.22, 0.38)
    sheet.glow(x, y, 0.55, p.light, 0.7)
    sheet.disc(x, y, dice.uniform(0.08, 0.13), p.light)
    for level, colour in ((0.56, p.far), (0.7, p.middle), (0.86, p.near)):
        sheet.ridge(level, 0.07, colour, rough=dice.uniform(0.6, 1.6))


def _sea(sheet: _Sheet) -> None:
    p, dice = sheet.palette, sheet.dice
    x, y, horizon = dice.uniform(0.3, 0.7) * sheet.width, dice.uniform(0.26, 0.4), 0.6
    sheet.glow(x, y, 0.6, p.light, 0.8)
    sheet.disc(x, y, 0.11, p.light)
    sheet.ridge(0.585, 0.025, p.far)
    water = sheet.gradient(p.middle, p.near)
    water = water.resize((sheet.size[0], int((1 - horizon) * sheet.unit) + 1))
    sheet.image.paste(water, (0, int(horizon * sheet.unit)))
    draw = ImageDraw.Draw(sheet.image)
    for step in range(26):
        depth = step / 26
        row = horizon + 0.012 + depth * 0.38
        half = dice.uniform(0.02, 0.05) + depth * dice.uniform(0.02, 0.13)
        middle = x + dice.uniform(-0.05, 0.05) * (0.3 + depth)
        colour = _mixed(p.light, p.middle, 0.25 + 0.55 * depth)
        ends = [((middle + side * half) * sheet.unit, row * sheet.unit) for side in (-1, 1)]
        draw.line(ends, fill=colour, width=max(2, int(0.006 * sheet.unit)))


def _petals(sheet: _Sheet) -> None:
    """A flower seen from above: rings of petals, each ring turned against the one below."""
    p, dice = sheet.palette, sheet.dice
    middle = sheet.width / 2
    sheet.glow(middle, 0.5, 0.7, p.light, 0.5)
    count, turn = dice.choice((6, 7, 8, 9, 10)), dice.uniform(0, 1)
    breadth = 0.9 * math.pi / count
    rings = ((0.44, p.far), (0.335, p.middle), (0.225, p.near))
    for ring, (length, colour) in enumerate(rings):
        for size, shade in ((1.0, _mixed(colour, (255, 255, 255), 0.26)), (0.9, colour)):
            for petal in range(count):
                angle = math.tau * (petal + turn + ring / 2) / count
                _petal(sheet, middle, angle, length * size, length * breadth * size / 2, shade)
    sheet.disc(middle, 0.5, 0.085, p.light)
    sheet.disc(middle, 0.5, 0.05, _mixed(p.light, p.low, 0.6))


def _petal(
    sheet: _Sheet, middle: float, angle: float, length: float, breadth: float, colour: Colour
) -> None:
    """Pointed at the middle and round at the rim."""
    points = []
    for step in range(49):
        turn = math.tau * step / 48
        way = length * (1 - math.cos(turn)) / 2
        side = breadth * math.sin(turn) * math.sin(turn / 2) ** 0.9
        x = middle + math.cos(angle) * way - math.sin(angle) * side
        y = 0.5 + math.sin(angle) * way + math.cos(angle) * side
        points.append((x, y))
    sheet.polygon(points, colour)


def _tiles(sheet: _Sheet) -> None:
    """A quilt of quarter circles, half circles and dots."""
    p, dice = sheet.palette, sheet.dice
    rows = dice.choice((3, 4))
    side = sheet.size[1] // rows + 1
    inks = (p.light, p.far, p.middle, p.near, p.low, p.high)
    for row in range(rows):
        for column in range(math.ceil(sheet.size[0] / side)):
            ground, ink = dice.sample(inks, 2)
            tile = Image.new("RGB", (side, side), ground)
            draw = ImageDraw.Draw(tile)
            match dice.randrange(5):
                case 0:
                    draw.ellipse([-side, -side, side, side], fill=ink)
                case 1:
                    draw.ellipse([-side, -side, side, side], fill=ink)
                    half = side // 2
                    draw.ellipse([-half, -half, half, half], fill=ground)
                case 2:
                    draw.pieslice([0, -side // 2, side, side // 2], 0, 180, fill=ink)
                case 3:
                    draw.polygon([(0, 0), (side, 0), (0, side)], fill=ink)
                case _:
                    edge = side * 0.22
                    draw.ellipse([edge, edge, side - edge, side - edge], fill=ink)
            turned = tile.rotate(90 * dice.randrange(4))
            sheet.image.paste(turned, (column * side, row * side))


def _rings(sheet: _Sheet) -> None:
    """Heights on a map: bands around a few summits."""
    p, dice = sheet.palette, sheet.dice
    rough = 72
    across = int(rough * sheet.width)
    bumps = [
        (
            dice.uniform(0, sheet.width),
            dice.uniform(0, 1),
            dice.uniform(0.18, 0.42),
            dice.uniform(0.5, 1) * dice.choice((1, 1, -0.8)),
        )
        for _ in range(int(5 * max(1, sheet.width)))
    ]
    heights = [
        sum(
            a * math.exp(-((x / rough - bx) ** 2 + (y / rough - by) ** 2) / (2 * r * r))
            for bx, by, r, a in bumps
        )
        for y in range(rough)
        for x in range(across)
    ]
    low, high = min(heights), max(heights)
    field = Image.new("F", (across, rough))
    field.putdata([(height - low) / (high - low) for height in heights])
    field = field.resize(sheet.final, Image.Resampling.BICUBIC)
    colours = (p.near, p.middle, p.far, _mixed(p.far, p.low, 0.6), p.low, p.high, p.light)
    bands, edge = 12, 255 * sheet.final[1] / 2.5
    sheet.image = Image.new("RGB", sheet.final, p.near)
    for band in range(1, bands):
        place = band / (bands - 1) * (len(colours) - 1)
        index = min(int(place), len(colours) - 2)
        colour = _mixed(colours[index], colours[index + 1], place - index)
        # Steep enough for a sharp edge, gentle enough for a smooth one.
        mask = field.point(lambda h, at=band / bands: h * edge + 127 - at * edge)
        sheet.image.paste(colour, mask=mask.convert("L"))


def _night(sheet: _Sheet) -> None:
    """Stars, a moon and firs."""
    p, dice = sheet.palette, sheet.dice
    dark = _mixed(p.near, (8, 10, 24), 0.45)
    sheet.image = sheet.gradient(dark, _mixed(p.middle, p.low, 0.35))
    for _ in range(int(110 * sheet.width)):
        x, y = dice.uniform(0, sheet.width), dice.uniform(0, 0.75) ** 1.3
        colour = _mixed(dark, p.light, dice.uniform(0.25, 0.95))
        sheet.disc(x, y, dice.choice((0.0022, 0.003, 0.0045)), colour)
    x, y = dice.uniform(0.3, 0.7) * sheet.width, dice.uniform(0.2, 0.35)
    sheet.glow(x, y, 0.42, p.light, 0.4)
    sheet.disc(x, y, 0.1, p.light)
    sheet.ridge(0.74, 0.05, _mixed(p.near, p.middle, 0.45))
    ground = _mixed(p.near, (4, 6, 14), 0.5)
    sheet.ridge(0.9, 0.035, ground)
    tree = -0.05
    while tree < sheet.width + 0.05:
        _fir(sheet, tree, 0.93, dice.uniform(0.1, 0.27), ground)
        tree += dice.uniform(0.035, 0.13)
    sheet.polygon([(0, 0.925), (sheet.width, 0.925), (sheet.width, 1.01), (0, 1.01)], ground)


def _fir(sheet: _Sheet, x: float, foot: float, height: float, colour: Colour) -> None:
    for tier in range(4):
        top = foot - height * (1 - tier * 0.19)
        base = foot - height * (0.62 - tier * 0.2)
        half = height * (0.1 + tier * 0.055)
        sheet.polygon([(x, top), (x - half, base), (x + half, base)], colour)


_STYLES: tuple[Callable[[_Sheet], None], ...] = (_hills, _petals, _sea, _tiles, _night, _rings)
_WIDE: tuple[Callable[[_Sheet], None], ...] = (_hills, _sea, _night, _rings)

AVATARS = len(_STYLES) * len(PALETTES)
HEADERS = len(_WIDE) * len(PALETTES)


def avatar(number: int, *, side: int = 400) -> bytes:
    """One of AVATARS square pictures, whatever the number."""
    return _drawn(number % AVATARS, _STYLES, side, side)


def header(number: int, *, width: int = 1500, height: int = 500) -> bytes:
    """One of HEADERS wide pictures, calm enough to stand behind a name."""
    return _drawn(number % HEADERS, _WIDE, width, height)


def _drawn(
    number: int, styles: tuple[Callable[[_Sheet], None], ...], width: int, height: int
) -> bytes:
    style, palette = _pair(number, len(styles))
    sheet = _Sheet(width, height, number, PALETTES[palette])
    styles[style](sheet)
    return sheet.finish()


def _pair(number: int, styles: int) -> tuple[int, int]:
    """Which style and palette: they walk at different paces, and every pair occurs once."""
    return number % styles, (number // styles + number % styles * 5) % len(PALETTES)
