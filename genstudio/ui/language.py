"""The person's language: Qt's translators, for the window's texts and for those below it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from genstudio.base.paths import resources_folder
from genstudio.base.texts import install_translator

LANGUAGES: Final = {"": "", "en": "English", "de": "Deutsch"}
"""Codes and their own names; "" is the system's language."""


def install_language(app: QCoreApplication, code: str) -> str:
    """Translate from now on, before any widget is made; returns the language that is used.

    `code` is one of `LANGUAGES`; a language that there is no translation of is English.
    """
    wanted = code or QLocale.system().name().partition("_")[0]
    QLocale.setDefault(QLocale(code) if code else QLocale.system())
    own = QTranslator(app)
    if not own.load(f"genstudio_{wanted}", str(resources_folder() / "translations")):
        install_translator(None)
        return "en"
    app.installTranslator(own)
    qt = QTranslator(app)
    if qt.load(f"qtbase_{wanted}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(qt)
    install_translator(QCoreApplication.translate)
    return wanted
