"""Languages a text may be said to be in: ISO 639-1, and what Mastodon's clients offer besides.

Codes are kept as the clients send them: two or three lowered letters, and for Chinese the region.
"""

import msgspec

_TABLE = """
aa Afar|ab Abkhazian|ae Avestan|af Afrikaans|ak Akan|am Amharic|an Aragonese|ar Arabic|as Assamese
av Avaric|ay Aymara|az Azerbaijani|ba Bashkir|be Belarusian|bg Bulgarian|bh Bihari|bi Bislama
bm Bambara|bn Bengali|bo Tibetan|br Breton|bs Bosnian|ca Catalan|ce Chechen|ch Chamorro|co Corsican
cr Cree|cs Czech|cu Church Slavonic|cv Chuvash|cy Welsh|da Danish|de German|dv Divehi|dz Dzongkha
ee Ewe|el Greek|en English|eo Esperanto|es Spanish|et Estonian|eu Basque|fa Persian|ff Fulah
fi Finnish|fj Fijian|fo Faroese|fr French|fy Western Frisian|ga Irish|gd Scottish Gaelic|gl Galician
gn Guarani|gu Gujarati|gv Manx|ha Hausa|he Hebrew|hi Hindi|ho Hiri Motu|hr Croatian|ht Haitian
hu Hungarian|hy Armenian|hz Herero|ia Interlingua|id Indonesian|ie Interlingue|ig Igbo
ii Sichuan Yi|ik Inupiaq|io Ido|is Icelandic|it Italian|iu Inuktitut|ja Japanese|jv Javanese
ka Georgian|kg Kongo|ki Kikuyu|kj Kuanyama|kk Kazakh|kl Kalaallisut|km Khmer|kn Kannada|ko Korean
kr Kanuri|ks Kashmiri|ku Kurdish|kv Komi|kw Cornish|ky Kyrgyz|la Latin|lb Luxembourgish|lg Ganda
li Limburgish|ln Lingala|lo Lao|lt Lithuanian|lu Luba-Katanga|lv Latvian|mg Malagasy|mh Marshallese
mi Māori|mk Macedonian|ml Malayalam|mn Mongolian|mr Marathi|ms Malay|mt Maltese|my Burmese|na Nauru
nb Norwegian Bokmål|nd North Ndebele|ne Nepali|ng Ndonga|nl Dutch|nn Norwegian Nynorsk|no Norwegian
nr South Ndebele|nv Navajo|ny Chichewa|oc Occitan|oj Ojibwa|om Oromo|or Odia|os Ossetian|pa Punjabi
pi Pali|pl Polish|ps Pashto|pt Portuguese|qu Quechua|rm Romansh|rn Rundi|ro Romanian|ru Russian
rw Kinyarwanda|sa Sanskrit|sc Sardinian|sd Sindhi|se Northern Sámi|sg Sango|si Sinhala|sk Slovak
sl Slovenian|sm Samoan|sn Shona|so Somali|sq Albanian|sr Serbian|ss Swati|st Southern Sotho
su Sundanese|sv Swedish|sw Swahili|ta Tamil|te Telugu|tg Tajik|th Thai|ti Tigrinya|tk Turkmen
tl Tagalog|tn Tswana|to Tongan|tr Turkish|ts Tsonga|tt Tatar|tw Twi|ty Tahitian|ug Uyghur
uk Ukrainian|ur Urdu|uz Uzbek|ve Venda|vi Vietnamese|vo Volapük|wa Walloon|wo Wolof|xh Xhosa
yi Yiddish|yo Yoruba|za Zhuang|zh Chinese|zu Zulu
zh-CN Chinese (mainland China)|zh-HK Chinese (Hong Kong)|zh-TW Chinese (Taiwan)|zh-YUE Cantonese
ast Asturian|chr Cherokee|ckb Central Kurdish|cnr Montenegrin|csb Kashubian|dsb Lower Sorbian
fil Filipino|gsw Swiss German|hsb Upper Sorbian|jbo Lojban|kab Kabyle|ldn Láadan
lfn Lingua Franca Nova|mnw Mon|moh Mohawk|nan Min Nan Chinese|nds Low German|pap Papiamento
pdc Pennsylvania German|sco Scots|sma Southern Sámi|smj Lule Sámi|szl Silesian|tok Toki Pona
vai Vai|vec Venetian|wuu Wu Chinese|xal Kalmyk|yue Yue Chinese|zba Balaibalan
zgh Standard Moroccan Tamazight
"""


class Language(msgspec.Struct, frozen=True):
    code: str
    name: str


def _read_table() -> dict[str, Language]:
    rows = (row for line in _TABLE.split("\n") for row in line.split("|") if row)
    return {code: Language(code, name) for code, _, name in (row.partition(" ") for row in rows)}


LANGUAGES = _read_table()
"""By code; English names."""

_BY_LOWERED = {code.lower(): code for code in LANGUAGES}


def normalise_language(code: str | None) -> str | None:
    """Give the known code that `code` stands for, or None when there is none.

    A region that is no language of its own is dropped: `en-GB` and `en_us` are `en`.
    """
    if not code or len(code) > 35:  # RFC 5646, section 4.4.1
        return None
    lowered = code.strip().lower().replace("_", "-")
    return _BY_LOWERED.get(lowered) or _BY_LOWERED.get(lowered.partition("-")[0])
