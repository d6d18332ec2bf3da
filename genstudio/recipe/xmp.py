"""The XMP packet of a picture: the standard mark that a machine made it, and maybe its recipe."""

from __future__ import annotations

import html
import re
from typing import Final

from genstudio import __version__

DIGITAL_SOURCE_TYPE: Final = (
    "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
)
"""IPTC's term for a picture made by a trained model."""

SOFTWARE: Final = f"GenStudio {__version__}"

_RECIPE: Final = re.compile(r"<genstudio:recipe>([^<]*)</genstudio:recipe>")
_DEVICE: Final = re.compile(r"<genstudio:device>([^<]*)</genstudio:device>")


def packet(recipe_json: str = "", device: str = "") -> str:
    """The packet as XML text; with a recipe where the format has no better place for one."""
    own = ""
    if recipe_json:
        own += f"<genstudio:recipe>{html.escape(recipe_json)}</genstudio:recipe>"
    if device:
        own += f"<genstudio:device>{html.escape(device)}</genstudio:device>"
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about=""'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        ' xmlns:genstudio="urn:genstudio:recipe:1">'
        f"<xmp:CreatorTool>{SOFTWARE}</xmp:CreatorTool>"
        f"<Iptc4xmpExt:DigitalSourceType>{DIGITAL_SOURCE_TYPE}</Iptc4xmpExt:DigitalSourceType>"
        f"{own}</rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="r"?>'
    )


def recipe_in(text: str) -> tuple[str, str]:
    """The recipe's JSON and the device in a packet that `packet` made; "" where there is none."""
    recipe, device = _RECIPE.search(text), _DEVICE.search(text)
    return (
        html.unescape(recipe[1]) if recipe else "",
        html.unescape(device[1]) if device else "",
    )
