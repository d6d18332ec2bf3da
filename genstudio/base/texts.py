"""The texts that a person reads, in their language, for rooms that know no Qt.

The window installs Qt's translator here; without it every text stays as written, in English.
Qt's `lupdate` finds the texts by the name of the function, so it is called with literals:
`translate("History", "Seed {old} → {new}").format(...)`.
"""

from __future__ import annotations

from collections.abc import Callable


class _Translator:
    def __init__(self) -> None:
        self.lookup: Callable[[str, str], str] | None = None


_installed = _Translator()


def translate(context: str, text: str) -> str:
    """The text in the person's language; `context` names where it stands, for translators."""
    return _installed.lookup(context, text) if _installed.lookup else text


def install_translator(lookup: Callable[[str, str], str] | None) -> None:
    """Use `lookup(context, text)` from now on; None goes back to English."""
    _installed.lookup = lookup
