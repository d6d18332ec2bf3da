"""The models panel by mouse and key, with real packs in a real store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QScrollArea,
)
from pytestqt.qtbot import QtBot

from genstudio.studio.messages import Message
from genstudio.studio.studio import Studio
from genstudio.ui.panels.model_card import ModelCardButton
from genstudio.ui.panels.models_panel import MANY, ModelsPanel
from tests import builders

Open = Callable[[str], Studio]


@pytest.fixture
def panel(studio: Studio, qtbot: QtBot) -> ModelsPanel:
    panel = ModelsPanel(studio)
    qtbot.addWidget(panel)
    panel.resize(260, 700)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def messages(studio: Studio) -> list[Message]:
    told: list[Message] = []
    studio.messages.told.connect(told.append)
    return told


def cards(panel: ModelsPanel) -> list[ModelCardButton]:
    """The cards on the panel, from top to bottom."""
    seen = [card for card in panel.findChildren(ModelCardButton) if card.isVisible()]
    return sorted(seen, key=lambda card: card.mapTo(panel, QPoint()).y())


def card(panel: ModelsPanel, pack_id: str) -> ModelCardButton:
    return next(card for card in cards(panel) if card.card.id == pack_id)


def click(widget: QPushButton | ModelCardButton) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def question(panel: ModelsPanel, qtbot: QtBot) -> QMessageBox:
    qtbot.waitUntil(lambda: panel.findChild(QMessageBox) is not None)
    found = panel.findChild(QMessageBox)
    assert found is not None
    return found


def button(parent: QMessageBox | ModelsPanel, name: str) -> QPushButton:
    found = parent.findChild(QPushButton, name)
    assert found is not None
    return found


def text(panel: ModelsPanel, name: str) -> str:
    label = panel.findChild(QLabel, name)
    assert label is not None
    return label.text() if label.isVisible() else ""


def give(studio: Studio, qtbot: QtBot, *folders: Path) -> None:
    """Read the models anew, once packs were put into the folders."""
    before = len(studio.models.packs)
    studio.models.reload()
    qtbot.waitUntil(lambda: len(studio.models.packs) == before + len(folders), timeout=30_000)


def test_there_is_a_card_for_each_model_that_draws(panel: ModelsPanel) -> None:
    assert [card.card.id for card in cards(panel)] == ["tiny-gan", "tiny-prior", "tiny-vae"]
    words = card(panel, "tiny-gan").accessibleName()
    known = card(panel, "tiny-gan").card
    for fact in (known.name, known.family, "16 × 16 px", known.licence, " MB"):
        assert fact in words
    assert card(panel, "tiny-gan").toolTip() == known.summary


def test_a_click_on_a_card_chooses_the_model_and_marks_it(
    panel: ModelsPanel, studio: Studio
) -> None:
    assert not any(card.isChecked() for card in cards(panel))
    click(card(panel, "tiny-vae"))
    assert studio.editor.recipe is not None
    assert studio.editor.recipe.model.id == "tiny-vae"
    assert [card.card.id for card in cards(panel) if card.isChecked()] == ["tiny-vae"]


def test_the_open_model_stays_marked_when_its_card_is_clicked_again(
    panel: ModelsPanel, studio: Studio
) -> None:
    click(card(panel, "tiny-vae"))
    steps = len(studio.editor.history.steps)
    click(card(panel, "tiny-vae"))
    assert card(panel, "tiny-vae").isChecked()
    assert len(studio.editor.history.steps) == steps


def test_the_mark_follows_the_studio(panel: ModelsPanel, open_model: Open) -> None:
    open_model("tiny-gan")
    assert card(panel, "tiny-gan").isChecked()
    studio = open_model("tiny-vae")
    assert not card(panel, "tiny-gan").isChecked()
    studio.editor.undo()
    assert card(panel, "tiny-gan").isChecked()


def test_arrows_go_from_card_to_card_and_enter_chooses(panel: ModelsPanel, studio: Studio) -> None:
    first, second, _third = cards(panel)
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    QTest.keyClick(second, Qt.Key.Key_Return)
    assert studio.editor.recipe is not None
    assert studio.editor.recipe.model.id == second.card.id


def test_the_panel_fits_a_narrow_dock(panel: ModelsPanel) -> None:
    area = panel.findChild(QScrollArea, "models-list")
    assert area is not None
    assert area.widget().minimumSizeHint().width() <= 200
    for each in cards(panel):
        right = each.mapTo(panel, QPoint(each.width(), 0)).x()
        assert right <= 260
        assert each.height() >= each.heightForWidth(each.width())


def test_many_models_can_be_searched_by_words(
    panel: ModelsPanel, studio: Studio, qtbot: QtBot, home: Path
) -> None:
    field = panel.findChild(QLineEdit, "models-search")
    assert field is not None
    assert not field.isVisible()
    folders = [home / "packs" / f"many-{number}" for number in range(MANY - 2)]
    for folder in folders:
        builders.gan(folder, pack_id=folder.name)
        builders.change_manifest(folder, lambda plain, n=folder.name: plain.update(name=n))
    give(studio, qtbot, *folders)
    assert field.isVisible()
    qtbot.keyClicks(field, "MANY 3")
    assert [card.card.id for card in cards(panel)] == ["many-3"]
    qtbot.keyClicks(field, "x")
    assert cards(panel) == []
    assert text(panel, "models-note") == "No model fits these words."
    field.clear()
    assert len(cards(panel)) == MANY + 1
    assert text(panel, "models-note") == ""


def test_the_button_asks_for_a_model_to_add(panel: ModelsPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.add_wanted):
        click(button(panel, "add-model"))


def test_a_model_that_is_checked_is_told_of_until_it_is_there(
    panel: ModelsPanel, studio: Studio, qtbot: QtBot, tmp_path: Path
) -> None:
    builders.gan(tmp_path / "new-gan", pack_id="new-gan")
    studio.models.add(tmp_path / "new-gan")
    assert text(panel, "models-adding").startswith("Checking new-gan")
    qtbot.waitUntil(lambda: any(c.card.id == "new-gan" for c in cards(panel)), timeout=60_000)
    assert text(panel, "models-adding") == ""
    assert card(panel, "new-gan").isChecked()


def test_delete_asks_and_only_then_removes_an_added_model(
    panel: ModelsPanel, qtbot: QtBot, home: Path
) -> None:
    card(panel, "tiny-vae").setFocus()
    QTest.keyClick(card(panel, "tiny-vae"), Qt.Key.Key_Delete)
    asked = question(panel, qtbot)
    assert asked.text() == f"Remove {card(panel, 'tiny-vae').card.name}?"
    click(button(asked, "remove-no"))
    qtbot.waitUntil(lambda: panel.findChild(QMessageBox) is None)
    assert (home / "packs" / "tiny-vae").is_dir()
    QTest.keyClick(card(panel, "tiny-vae"), Qt.Key.Key_Delete)
    click(button(question(panel, qtbot), "remove-yes"))
    qtbot.waitUntil(lambda: "tiny-vae" not in [c.card.id for c in cards(panel)], timeout=30_000)
    assert not (home / "packs" / "tiny-vae").exists()


def test_a_model_that_came_with_the_program_stays_and_the_reason_is_told(
    panel: ModelsPanel, studio: Studio, qtbot: QtBot, tmp_path: Path, messages: list[Message]
) -> None:
    folder = builders.gan(tmp_path / "none" / "our-gan", pack_id="our-gan")
    give(studio, qtbot, folder)
    QTest.keyClick(card(panel, "our-gan"), Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: bool(messages), timeout=30_000)
    assert "our-gan came with GenStudio and stays" in messages[0].text
    assert panel.findChild(QMessageBox) is None
    assert folder.is_dir()


def test_the_menu_of_a_card_offers_to_remove_what_can_be_removed(
    panel: ModelsPanel, studio: Studio, qtbot: QtBot, tmp_path: Path
) -> None:
    give(studio, qtbot, builders.gan(tmp_path / "none" / "our-gan", pack_id="our-gan"))
    assert [a.isEnabled() for a in menu_of(panel, "our-gan").actions()] == [True, False]
    menu = menu_of(panel, "tiny-gan")
    assert [a.isEnabled() for a in menu.actions()] == [True, True]
    menu.actions()[1].trigger()
    assert question(panel, qtbot).text().startswith("Remove ")


def menu_of(panel: ModelsPanel, pack_id: str) -> QMenu:
    for old in panel.findChildren(QMenu):
        old.close()
        old.setParent(None)
    asked = card(panel, pack_id)
    place = asked.mapToGlobal(QPoint(5, 5))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), place)
    QApplication.sendEvent(asked, event)
    menu = panel.findChild(QMenu, "model-menu")
    assert menu is not None
    return menu
