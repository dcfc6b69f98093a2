"""What a web page says of itself: metadata for preview cards, and rel=me links.

`charset` decodes, `scan` finds tags, `page` reads metadata, `relme` finds who claims whom.
"""

from folkmoot.kit.pagemeta.charset import decode_page
from folkmoot.kit.pagemeta.page import OEmbedLink, PageEmbed, PageImage, PageMeta, parse_page
from folkmoot.kit.pagemeta.relme import links_back, list_rel_me

__all__ = [
    "OEmbedLink",
    "PageEmbed",
    "PageImage",
    "PageMeta",
    "decode_page",
    "links_back",
    "list_rel_me",
    "parse_page",
]
