"""Bytes of a web page into text, whatever encoding they are in and whatever the page says of it.

Labels follow the WHATWG Encoding Standard: pages mean the wider encoding where an old label names
a narrow one. A codec that no page is honestly written in is never used.
"""

import codecs
import re

_CODECS = {
    "utf-8": ("utf-8", "utf8", "unicode-1-1-utf-8", "x-unicode20utf8"),
    "utf-16-le": ("utf-16", "utf-16le", "unicode", "ucs-2", "iso-10646-ucs-2"),
    "utf-16-be": ("utf-16be",),
    "gb18030": ("gb18030", "gbk", "gb2312", "gb_2312", "gb_2312-80", "x-gbk", "chinese", "cn-gb"),
    "big5hkscs": ("big5", "big5-hkscs", "big5hkscs", "cn-big5", "x-x-big5"),
    "cp932": (
        *("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j", "cp932"),
        *("ms932", "csshiftjis"),
    ),
    "euc_jp": ("euc-jp", "eucjp", "x-euc-jp"),
    "iso2022_jp": ("iso-2022-jp", "csiso2022jp"),
    "cp949": (
        *("euc-kr", "euckr", "ks_c_5601-1987", "ksc5601", "ksc_5601", "korean", "windows-949"),
        *("cp949", "uhc"),
    ),
    "cp1252": (
        *("iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "l1", "ascii"),
        *("us-ascii", "windows-1252", "cp1252", "x-cp1252"),
    ),
    "cp1250": ("windows-1250", "cp1250", "x-cp1250"),
    "cp1251": ("windows-1251", "cp1251", "x-cp1251"),
    "cp1253": ("windows-1253", "cp1253"),
    "cp1254": ("windows-1254", "cp1254", "iso-8859-9", "latin5"),
    "cp1255": ("windows-1255", "cp1255"),
    "cp1256": ("windows-1256", "cp1256"),
    "cp1257": ("windows-1257", "cp1257"),
    "cp1258": ("windows-1258", "cp1258"),
    "cp874": ("windows-874", "tis-620", "iso-8859-11"),
    "koi8_r": ("koi8-r", "koi8", "koi8_r"),
    "koi8_u": ("koi8-u", "koi8-ru"),
    "iso8859_2": ("iso-8859-2", "latin2"),
    "iso8859_5": ("iso-8859-5", "cyrillic"),
    "iso8859_6": ("iso-8859-6", "arabic"),
    "iso8859_7": ("iso-8859-7", "greek"),
    "iso8859_8": ("iso-8859-8", "hebrew", "iso-8859-8-i"),
    "iso8859_15": ("iso-8859-15", "latin9"),
    "mac_roman": ("macintosh", "mac", "x-mac-roman"),
}
_BY_LABEL = {label: codec for codec, labels in _CODECS.items() for label in labels}

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_PRESCAN_BYTES = 4096
_META = re.compile(
    rb"""<meta[^>]{0,500}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([a-z0-9_:-]{1,40})""", re.IGNORECASE
)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([a-z0-9_:-]{1,40})""", re.IGNORECASE)
_HIGH = re.compile(rb"[\x80-\xff]+")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")


def decode_page(data: bytes, content_type: str = "") -> str:
    """Decode a page, which may be cut short in the middle of a character.

    A byte order mark counts first, then the header, then the page's own word, as in browsers; but
    a label that does not fit the bytes gives way, and what reads as UTF-8 is UTF-8.
    """
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(codec, "replace")
    text = _decode_strictly(data, "utf-8")
    # No other encoding looks like UTF-8 by chance for more than a few characters.
    if text is not None and _count_beyond_ascii(text) >= 4:
        return text
    claimed = (_from_header(content_type, data), _from_meta(data), "utf-8")
    candidates = [codec for codec in claimed if codec]
    for codec in candidates:
        text = _decode_strictly(data, codec)
        if text is not None:
            return text
    text = data.decode(candidates[0], "replace")
    return text if _is_mostly_sound(text) else data.decode(_guess(data), "replace")


def _is_mostly_sound(text: str) -> bool:
    """Tell whether so little of a decoded text is broken that the encoding must be right."""
    return text.count("\ufffd") * 4 < _count_beyond_ascii(text)


def _count_beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _from_header(content_type: str, data: bytes) -> str | None:
    match = _HEADER.search(content_type[:1000])
    codec = _BY_LABEL.get(match[1].lower()) if match else None
    # Any bytes can be read as UTF-16, but markup in UTF-16 is half zeros.
    if codec and codec.startswith("utf-16") and b"\0" not in data[:200]:
        return None
    return codec


def _from_meta(data: bytes) -> str | None:
    match = _META.search(data[:_PRESCAN_BYTES])
    if match is None:
        return None
    codec = _BY_LABEL.get(match[1].decode("ascii").lower())
    # The label was readable as ASCII, so UTF-16 it cannot be.
    return "utf-8" if codec and codec.startswith("utf-16") else codec


def _decode_strictly(data: bytes, codec: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(codec)("strict").decode(data, final=False)
    except UnicodeDecodeError:
        return None


def _guess(data: bytes) -> str:
    """Guess the encoding of unlabelled bytes that are not UTF-8."""
    sample = data[:65_536]
    runs = [len(match[0]) for match in _HIGH.finditer(sample)]
    # Characters of two bytes make high bytes come in runs; accented letters stand alone.
    if sum(runs) < 2.5 * len(runs):
        text = _decode_strictly(sample, "cp932")
        return "cp932" if text is not None and _is_japanese(text) else "cp1252"
    for codec in ("euc_jp", "cp932"):
        text = _decode_strictly(sample, codec)
        if text is not None and _is_japanese(text):
            return codec
    for codec in ("gb18030", "big5hkscs", "cp949"):
        if _decode_strictly(sample, codec) is not None:
            return codec
    return "cp1252"


def _is_japanese(text: str) -> bool:
    """Tell whether a fifth of the non-ASCII characters is kana, which no other language has."""
    beyond_ascii = _count_beyond_ascii(text)
    return len(_KANA.findall(text)) * 5 >= beyond_ascii > 0
