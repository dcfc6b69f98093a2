"""Hashes by which pictures are known again, held to those of the reference implementation."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

from folkmoot.kit import images
from folkmoot.kit.images import ATTACHMENT, Darkroom
from folkmoot.kit.pdq import hash_picture
from pictures import encoded, painted

SOURCES = {"PYTHONPATH": str(Path(images.__file__).parents[2])}
# Computed by Meta's C++ (PyPI pdqhash 0.2.8) of the same pictures.
REFERENCE = {
    (1, (400, 300), "RGB"): (
        "0e23dc539d89dd9b5dabd45b9d45b4540d89d1ab55abd8bb9b8964b226642264",
        81,
    ),
    (2, (512, 512), "RGB"): (
        "518c03f006f246f3ec63d6b35652d29af653d633ee2346f216f282da194d798c",
        94,
    ),
    (3, (129, 77), "RGB"): (
        "243d64996c1db40b683ffe1b652dd0dbbb2440db7c2ffb0640fa670d9a5703a0",
        100,
    ),
    (4, (64, 64), "L"): (
        "44bdd966c9bc268d61bca92d64dc965c4926a2fb26d95266d972965226c97d89",
        94,
    ),
    (5, (31, 200), "RGB"): (
        "4a962d4849b64cb6d52c56d6224bb26db2dd976992d5945b4b5136b2bda46b94",
        100,
    ),
    (6, (500, 20), "L"): (
        "4ad4c3c7352a1a5cd8c42531b9cadadc7733e52bd9c63631f5a3884c1a58f72a",
        100,
    ),
}
# The same of a large picture, as it is and as the reference's own tool reduces it first.
LARGE = (
    "5a8c164cb364ba79e5b349924c9493ceb36db26972694cb48ddaa5968e4b33b8",
    "52cc164cb364aa71e5b349924c9497ceb36db26972694cb40ddaa596ae4b73b8",
)


def distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


@pytest.mark.parametrize(
    ("made", "expected"), REFERENCE.items(), ids=[str(seed) for seed, _, _ in REFERENCE]
)
def test_hashes_are_those_of_the_reference(
    made: tuple[int, tuple[int, int], str], expected: tuple[str, int]
) -> None:
    """Brightness is rounded to whole numbers here, which may turn a bit in the balance."""
    pdq, quality = hash_picture(painted(*made))
    assert distance(pdq, expected[0]) <= 4
    assert quality == expected[1]


def test_of_large_pictures_they_lie_near() -> None:
    pdq, quality = hash_picture(painted(8, (1600, 1200)))
    assert [distance(pdq, each) <= 10 for each in LARGE] == [True, True]
    assert quality == 100


def test_a_picture_is_known_again_and_others_are_not() -> None:
    image = painted(1, (800, 600))
    pdq, _ = hash_picture(image)
    poor = Image.open(io.BytesIO(encoded(image.resize((390, 290)), "JPEG", quality=20)))
    for changed in (poor, ImageEnhance.Brightness(image).enhance(0.8), image.convert("L")):
        assert distance(hash_picture(changed)[0], pdq) <= 31
    for seed in range(2, 12):
        assert distance(hash_picture(painted(seed, (800, 600)))[0], pdq) > 80


def test_where_there_is_nothing_to_see_quality_says_so() -> None:
    assert hash_picture(Image.new("RGB", (300, 200), "teal"))[1] == 0
    assert hash_picture(Image.new("L", (4, 400)))[1] == 0
    assert len(hash_picture(Image.new("L", (1, 1)))[0]) == 64


def test_the_darkroom_hashes_what_a_reader_sees() -> None:
    """Turned as it is shown, what is transparent on white."""
    upright = painted(1)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = upright.transpose(Image.Transpose.ROTATE_90)
    clear = painted(1).convert("RGBA")
    clear.paste((255, 0, 0, 0), (0, 0, 150, 300))
    white = painted(1)
    white.paste("white", (0, 0, 150, 300))
    with Darkroom() as room:
        for given, seen in (
            (encoded(upright), upright),
            (encoded(turned, "JPEG", quality=95, exif=exif), upright),
            (encoded(clear), white),
        ):
            picture = room.develop(given, ATTACHMENT)
            assert distance(picture.pdq, hash_picture(seen)[0]) <= 4
            assert picture.quality >= 50


def test_the_server_imports_none_of_it() -> None:
    """Pictures are hashed where they are decoded, in a process of their own."""
    code = "import folkmoot.wiring, sys; sys.exit('folkmoot.kit.pdq' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=SOURCES, check=False).returncode == 0
