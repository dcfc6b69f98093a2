import hashlib
import io

from PIL import Image, ImageStat

from folkmoot.kit import pictures


def test_the_same_number_gives_the_same_picture() -> None:
    assert pictures.avatar(17) == pictures.avatar(17) == pictures.avatar(17 + pictures.AVATARS)
    assert pictures.header(9, width=300, height=100) == pictures.header(9, width=300, height=100)


def test_every_number_gives_another_picture() -> None:
    drawn = {
        hashlib.sha256(pictures.avatar(number, side=60)).digest()
        for number in range(pictures.AVATARS)
    }
    assert len(drawn) == pictures.AVATARS


def test_every_style_and_palette_meet_once() -> None:
    pairs = {pictures._pair(number, len(pictures._STYLES)) for number in range(pictures.AVATARS)}
    assert len(pairs) == pictures.AVATARS


def test_pictures_are_small_files_of_the_size_asked_for() -> None:
    for number in range(6):
        data = pictures.avatar(number)
        assert len(data) < 60_000
        image = Image.open(io.BytesIO(data))
        assert (image.size, image.format) == ((400, 400), "JPEG")
        # Something is drawn: the picture is not one plain colour.
        assert max(ImageStat.Stat(image).stddev) > 10
    assert Image.open(io.BytesIO(pictures.header(3))).size == (1500, 500)
