"""Look at every page: `python tests/surfaces/web/preview.py OUT [name…]` writes screenshots.

Chromium gets the pages from this process, without a server; pictures are drawn on the spot.
"""

from __future__ import annotations

import argparse
import colorsys
import io
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))
from folkmoot.surfaces.web.assets import bundle
from folkmoot.surfaces.web.rendering import render
from surfaces.web.samples import pages

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab
    from playwright.sync_api import Route

HOST = "http://moot.example"
SHAPES = {  # name: width, height, pixels per pixel; "zoom" is 1280 at 200 %
    "wide": (1280, 900, 1),
    "phone": (390, 844, 2),
    "zoom": (640, 450, 2),
}


@lru_cache(maxsize=200)
def picture(number: int, width: int, height: int) -> bytes:
    """A landscape of three hills in the number's own colours."""

    def colour(light: float, turn: float) -> tuple[int, int, int]:
        red, green, blue = colorsys.hls_to_rgb((number * 0.137 + turn) % 1, light, 0.35)
        return int(red * 255), int(green * 255), int(blue * 255)

    image = Image.new("RGB", (width, height), colour(0.82, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse(
        (width * 0.6, height * 0.15, width * 0.75, height * 0.15 + width * 0.15),
        fill=colour(0.93, 0.1),
    )
    for hill in range(3):
        top = height * (0.5 + hill * 0.15)
        draw.ellipse(
            (-width * (0.4 - hill * 0.3), top, width * (0.9 + hill * 0.25), height * 2),
            fill=colour(0.62 - hill * 0.15, 0.05 * hill),
        )
    packed = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1)).save(packed, "PNG")
    return packed.getvalue()


def answer(route: Route, html: dict[str, str]) -> None:
    path = route.request.url.removeprefix(HOST)
    if path.startswith("/static/"):
        asset = bundle().files[path.rsplit("/", 1)[1]]
        route.fulfill(body=asset.body, content_type=asset.content_type)
    elif path.startswith("/media/") and path.endswith(("png", "jpg")):
        number = sum(map(ord, path))
        small = "avatar" in path or "emoji" in path
        route.fulfill(
            body=picture(number, 224 if small else 1200, 224 if small else 800),
            content_type="image/png",
        )
    elif path.removeprefix("/page/") in html:
        route.fulfill(
            body=html[path.removeprefix("/page/")],
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": "default-src 'self'"},
        )
    else:
        route.fulfill(status=404, body="")


def tell(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


def shoot(tab: Tab, out: Path, name: str, *, whole: bool) -> None:
    tab.on("console", lambda message: tell(f"{name}: {message.text}"))
    tab.goto(f"{HOST}/page/{name}")
    tab.wait_for_timeout(250)
    wide = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        tell(f"{name}: {wide} px wider than the window")
    tab.screenshot(path=out, full_page=whole)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("out", type=Path)
    arguments.add_argument("names", nargs="*")
    arguments.add_argument("--shapes", default="wide,phone")
    arguments.add_argument("--lights", default="light,dark")
    arguments.add_argument("--top", action="store_true", help="only what shows at first")
    given = arguments.parse_args()
    html = {name: render(page) for name, page in pages().items()}
    given.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for shape in given.shapes.split(","):
            width, height, scale = SHAPES[shape]
            for light in given.lights.split(","):
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    device_scale_factor=scale,
                    color_scheme=light,
                    reduced_motion="reduce",
                )
                context.route("**/*", lambda route: answer(route, html))
                for name in given.names or html:
                    tab = context.new_page()
                    shoot(tab, given.out / f"{name}-{shape}-{light}.png", name, whole=not given.top)
                    tab.close()
                context.close()
        browser.close()


if __name__ == "__main__":
    main()
