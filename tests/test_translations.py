"""The translations are whole: every text of the code, with the same names to fill in."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = sorted(path.stem.removeprefix("genstudio_") for path in FOLDER.glob("*.ts"))

Text = tuple[str, str]


def texts(path: Path) -> dict[Text, str | None]:
    """(context, text) to the translation; None where it is not finished."""
    found: dict[Text, str | None] = {}
    for context in ET.parse(path).getroot().iter("context"):
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            finished = translation.get("type") is None and bool(translation.text)
            found[name, message.findtext("source") or ""] = translation.text if finished else None
    return found


def test_german_is_one_of_the_languages() -> None:
    assert "de" in LANGUAGES


@pytest.fixture(scope="module")
def in_code(tmp_path_factory: pytest.TempPathFactory) -> set[Text]:
    """Every text that lupdate finds in the code."""
    path = tmp_path_factory.mktemp("texts") / "genstudio_xx.ts"
    lupdate = shutil.which("pyside6-lupdate", path=str(Path(sys.executable).parent))
    assert lupdate is not None
    files = sorted(str(file) for file in (ROOT / "genstudio").rglob("*.py"))
    subprocess.run([lupdate, *files, "-ts", str(path)], check=True, capture_output=True)
    return set(texts(path))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_code_is_translated(language: str, in_code: set[Text]) -> None:
    known = texts(FOLDER / f"genstudio_{language}.ts")
    assert sorted(in_code - {text for text, words in known.items() if words}) == []
    assert sorted(set(known) - in_code) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_in_the_same_names(language: str) -> None:
    for (context, source), words in texts(FOLDER / f"genstudio_{language}.ts").items():
        named = sorted(re.findall(r"\{\w+\}", source))
        assert sorted(re.findall(r"\{\w+\}", words or "")) == named, (context, source)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_window_loads_is_what_the_translators_wrote(language: str) -> None:
    translator = QTranslator()
    assert translator.load(str(FOLDER / f"genstudio_{language}.qm"))
    for (context, source), words in texts(FOLDER / f"genstudio_{language}.ts").items():
        assert translator.translate(context, source) == words
