"""The prompt panel as a person types in it, with the real engine."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from genstudio.recipe.prompts import BLEND_LIMIT, PROMPT_LIMIT, prompts_of
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import FromPrompt, LatentRecipe, TokenRecipe, WeightedPrompt
from genstudio.studio.messages import Message
from genstudio.studio.studio import Studio
from genstudio.ui.panels.kept_row import KeptRow
from genstudio.ui.panels.prompt_panel import PromptPanel
from genstudio.ui.panels.prompt_row import PromptRow
from genstudio.ui.widgets.prompt_edit import PromptEdit
from genstudio.ui.widgets.track import Track
from tests import builders

Open = Callable[[str], Studio]


@pytest.fixture
def panel(studio: Studio, qtbot: QtBot) -> PromptPanel:
    panel = PromptPanel(studio)
    qtbot.addWidget(panel)
    panel.resize(260, 600)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def prior(panel: PromptPanel, open_model: Open) -> Studio:
    """The studio with the model that draws from words open."""
    return open_model("tiny-prior")


def rows(panel: PromptPanel) -> list[PromptRow]:
    seen = [row for row in panel.findChildren(PromptRow) if row.isVisible()]
    return sorted(seen, key=lambda row: row.mapTo(panel, QPoint()).y())


def edit(panel: PromptPanel, index: int = 0) -> PromptEdit:
    return rows(panel)[index].edit


def write(panel: PromptPanel, text: str, index: int = 0) -> PromptEdit:
    """Type a text over the one that stands there."""
    field = edit(panel, index)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text) if text else QTest.keyClick(field, Qt.Key.Key_Delete)
    return field


def button(panel: PromptPanel, name: str) -> QPushButton | QToolButton:
    found = panel.findChild(QPushButton, name) or panel.findChild(QToolButton, name)
    assert found is not None
    return found


def click(panel: PromptPanel, name: str) -> None:
    QTest.mouseClick(button(panel, name), Qt.MouseButton.LeftButton)


def draw(panel: PromptPanel) -> None:
    click(panel, "prompt-draw")


def texts(panel: PromptPanel) -> list[str]:
    return [row.edit.toPlainText() for row in rows(panel)]


def pending(panel: PromptPanel) -> list[bool]:
    return [row.is_pending for row in rows(panel)]


def asked(studio: Studio) -> list[tuple[str, float]]:
    """The prompts of the current recipe with their weights."""
    return [(prompt.text, prompt.weight) for prompt in prompts_of(studio.editor.recipe)]


def seed(studio: Studio) -> int | None:
    assert studio.editor.recipe is not None
    return seed_of(studio.editor.recipe)


def weigh(panel: PromptPanel, index: int, typed: str) -> None:
    field = rows(panel)[index].findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_an_empty_prompt_says_what_the_model_may_be_asked_for(
    panel: PromptPanel, prior: Studio
) -> None:
    assert "red heart" in rows(panel)[0].edit.placeholderText()
    write(panel, "tree")
    click(panel, "prompt-blend")
    assert "red heart" not in rows(panel)[1].edit.placeholderText()
    click(panel, "prompt-1-remove")
    assert "red heart" in rows(panel)[0].edit.placeholderText()


def test_enter_draws_the_words_with_the_same_seed(panel: PromptPanel, prior: Studio) -> None:
    before = seed(prior)
    QTest.keyClick(write(panel, "red heart"), Qt.Key.Key_Return)
    assert asked(prior) == [("red heart", 1.0)]
    assert seed(prior) == before
    assert prior.preferences.now.prompts == ("red heart",)


def test_the_button_draws_new_words_first_and_then_another_picture_of_them(
    panel: PromptPanel, prior: Studio
) -> None:
    before = seed(prior)
    write(panel, "red heart")
    assert button(panel, "prompt-draw").text() == "Draw"
    draw(panel)
    assert (asked(prior), seed(prior)) == ([("red heart", 1.0)], before)
    assert button(panel, "prompt-draw").text() == "Draw another"
    draw(panel)
    assert asked(prior) == [("red heart", 1.0)]
    assert seed(prior) != before


def test_a_locked_seed_stays_when_another_is_drawn(panel: PromptPanel, prior: Studio) -> None:
    prior.editor.lock_seed(True)
    before = prior.editor.recipe
    draw(panel)
    assert prior.editor.recipe == before


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_ctrl_enter_draws_what_is_typed(panel: PromptPanel, prior: Studio, key: Qt.Key) -> None:
    before = seed(prior)
    QTest.keyClick(write(panel, "tree"), key, Qt.KeyboardModifier.ControlModifier)
    assert (asked(prior), seed(prior)) == ([("tree", 1.0)], before)
    assert texts(panel) == ["tree"]


def test_words_that_are_not_drawn_are_marked_and_stay(panel: PromptPanel, prior: Studio) -> None:
    assert pending(panel) == [False]
    write(panel, "blue fish")
    assert pending(panel) == [True]
    assert edit(panel).accessibleDescription() == "Not drawn yet; Enter draws it."
    prior.editor.roll_seed()
    prior.editor.set_control("temperature", 0.5)
    assert texts(panel) == ["blue fish"]
    assert pending(panel) == [True]
    draw(panel)
    assert pending(panel) == [False]
    assert edit(panel).accessibleDescription() == ""


def test_a_recipe_with_other_prompts_replaces_what_was_typed(
    panel: PromptPanel, prior: Studio
) -> None:
    write(panel, "blue fish")
    recipe = prior.editor.recipe
    assert isinstance(recipe, TokenRecipe)
    prior.editor.set_prompts((WeightedPrompt(text="cat"), WeightedPrompt(text="dog", weight=3.0)))
    assert texts(panel) == ["cat", "dog"]
    assert pending(panel) == [False, False]
    assert [row.prompt().weight for row in rows(panel)] == [1.0, 3.0]


def test_undo_and_redo_show_their_words(panel: PromptPanel, prior: Studio) -> None:
    for words in ("red heart", "tree"):
        write(panel, words)
        draw(panel)
    prior.editor.undo()
    assert texts(panel) == ["red heart"]
    prior.editor.undo()
    assert texts(panel) == [""]
    prior.editor.redo()
    assert texts(panel) == ["red heart"]
    assert pending(panel) == [False]


def test_two_prompts_are_blended_by_weight(panel: PromptPanel, prior: Studio) -> None:
    write(panel, "cat")
    click(panel, "prompt-blend")
    assert edit(panel, 1).hasFocus()
    write(panel, "dog", 1)
    QTest.keyClick(edit(panel, 1), Qt.Key.Key_Return)
    assert asked(prior) == [("cat", 1.0), ("dog", 1.0)]
    weigh(panel, 1, "2.5")
    assert asked(prior) == [("cat", 1.0), ("dog", 2.5)], "a weight is drawn when it is let go"
    assert prior.preferences.now.prompts == ("cat", "dog")


def test_a_weight_is_dragged_with_the_mouse(panel: PromptPanel, prior: Studio) -> None:
    prior.editor.set_prompts((WeightedPrompt(text="cat"), WeightedPrompt(text="dog")))
    steps = len(prior.editor.history.steps)
    track = rows(panel)[0].findChild(Track)
    assert track is not None
    left, right = QPoint(4, track.height() // 2), QPoint(track.width() - 4, track.height() // 2)
    QTest.mousePress(track, Qt.MouseButton.LeftButton, pos=left)
    QTest.mouseMove(track, right)
    assert len(prior.editor.history.steps) == steps
    assert all(pending(panel))
    QTest.mouseRelease(track, Qt.MouseButton.LeftButton, pos=right)
    assert asked(prior) == [("cat", 4.0), ("dog", 1.0)]
    assert len(prior.editor.history.steps) == steps + 1


def test_a_weight_waits_for_words_that_are_not_drawn(panel: PromptPanel, prior: Studio) -> None:
    prior.editor.set_prompts((WeightedPrompt(text="cat"), WeightedPrompt(text="dog")))
    write(panel, "mouse", 1)
    weigh(panel, 0, "3")
    assert asked(prior) == [("cat", 1.0), ("dog", 1.0)]
    assert pending(panel) == [False, True]


def test_a_prompt_is_taken_out_of_a_blend(panel: PromptPanel, prior: Studio) -> None:
    blend = [WeightedPrompt(text=text, weight=2.0) for text in ("cat", "dog", "fish")]
    prior.editor.set_prompts(tuple(blend))
    click(panel, "prompt-2-remove")
    assert texts(panel) == ["cat", "fish"]
    draw(panel)
    assert [text for text, _ in asked(prior)] == ["cat", "fish"]
    QTest.mouseClick(rows(panel)[0].findChild(QToolButton), Qt.MouseButton.LeftButton)
    draw(panel)
    assert asked(prior) == [("fish", 1.0)]
    assert not rows(panel)[0].findChild(Track).isVisible()


def test_a_blend_ends_at_what_a_recipe_holds(panel: PromptPanel, prior: Studio) -> None:
    while button(panel, "prompt-blend").isEnabled():
        click(panel, "prompt-blend")
    assert len(panel.findChildren(PromptRow)) == BLEND_LIMIT
    names = [row.objectName() for row in panel.findChildren(PromptRow)]
    assert len(set(names)) == BLEND_LIMIT


def test_rows_without_words_ask_for_nothing(panel: PromptPanel, prior: Studio) -> None:
    write(panel, "cat")
    click(panel, "prompt-blend")
    draw(panel)
    assert asked(prior) == [("cat", 1.0)]
    assert len(rows(panel)) == 2, "the empty row is not taken from under the cursor"
    write(panel, "")
    assert pending(panel) == [True, True]
    draw(panel)
    assert asked(prior) == []


def test_weights_beyond_the_sliders_keep_their_shares(panel: PromptPanel, prior: Studio) -> None:
    prior.editor.set_prompts(
        (WeightedPrompt(text="cat", weight=10.0), WeightedPrompt(text="dog", weight=5.0))
    )
    assert [row.prompt().weight for row in rows(panel)] == [4.0, 2.0]
    assert pending(panel) == [False, False]


def test_a_model_without_words_says_how_it_is_steered(panel: PromptPanel, open_model: Open) -> None:
    note = panel.findChild(QLabel, "prompt-note")
    assert note is not None
    assert note.text() == "Choose a model first."
    studio = open_model("tiny-gan")
    assert studio.editor.pack is not None
    name = studio.editor.pack.manifest.name
    assert note.text() == f"{name} takes no words. Roll the seed, move the sliders."
    assert rows(panel) == []
    open_model("tiny-prior")
    assert not note.isVisible()
    assert len(rows(panel)) == 1


def test_going_to_a_model_and_back_keeps_its_words(
    panel: PromptPanel, prior: Studio, open_model: Open
) -> None:
    write(panel, "red heart")
    draw(panel)
    open_model("tiny-gan")
    open_model("tiny-prior")
    assert texts(panel) == ["red heart"]
    assert asked(prior) == [("red heart", 1.0)]


def test_ctrl_up_brings_earlier_prompts(panel: PromptPanel, prior: Studio) -> None:
    for words in ("red heart", "tree"):
        write(panel, words)
        draw(panel)
    field = write(panel, "")
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(field, Qt.Key.Key_Up, control)
    assert texts(panel) == ["tree"]
    QTest.keyClick(field, Qt.Key.Key_Up, control)
    assert texts(panel) == ["red heart"]
    prior.preferences.change(shows_pixels=True)
    QTest.keyClick(field, Qt.Key.Key_Down, control)
    assert texts(panel) == ["tree"], "another preference does not lose the place"


def test_an_earlier_prompt_is_chosen_from_the_list(panel: PromptPanel, prior: Studio) -> None:
    assert not button(panel, "prompt-history").isEnabled()
    for words in ("R&D " * 20, "tree"):
        prior.preferences.add_prompt(words)
    write(panel, "cat")
    click(panel, "prompt-blend")
    edit(panel, 0).setFocus()
    click(panel, "prompt-history")
    menu = panel.findChild(QMenu, "prompt-history-menu")
    assert menu is not None
    shown = [action.text() for action in menu.actions()]
    assert shown[0] == "tree"
    assert shown[1].startswith("R&&D R&&D")
    assert shown[1].endswith("…")
    menu.actions()[0].trigger()
    assert texts(panel) == ["tree", ""]
    assert pending(panel)[0]


def test_a_text_that_is_too_long_is_cut_and_told(panel: PromptPanel, prior: Studio) -> None:
    told: list[Message] = []
    prior.messages.told.connect(told.append)
    edit(panel).insertPlainText("x" * (PROMPT_LIMIT + 5))
    assert len(texts(panel)[0]) == PROMPT_LIMIT
    assert "2000 characters" in told[-1].text
    draw(panel)
    assert len(asked(prior)[0][0]) == PROMPT_LIMIT


def test_the_button_stops_a_drawing_that_takes_long(
    panel: PromptPanel, prior: Studio, qtbot: QtBot, slow_previews: threading.Event
) -> None:
    slow_previews.clear()
    write(panel, "red heart")
    draw(panel)
    qtbot.waitUntil(lambda: button(panel, "prompt-draw").text() == "Stop", timeout=30_000)
    draw(panel)
    slow_previews.set()
    qtbot.waitUntil(lambda: prior.picture.is_stopped, timeout=30_000)
    assert asked(prior) == [("red heart", 1.0)]
    assert button(panel, "prompt-draw").text() == "Draw another"


def test_a_stop_that_comes_too_late_draws_nothing(
    panel: PromptPanel, prior: Studio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genstudio.engine.preview._SHARE", 10.0)
    pressed: list[str] = []

    def press(_: None) -> None:
        main = button(panel, "prompt-draw")
        if main.text() == "Stop" and not pressed:
            pressed.append(main.text())
            QTest.mousePress(main, Qt.MouseButton.LeftButton)

    prior.picture.changed.connect(press)
    write(panel, "red heart")
    draw(panel)
    qtbot.waitUntil(lambda: bool(pressed) and prior.picture.is_current, timeout=30_000)
    recipe = prior.editor.recipe
    QTest.mouseRelease(button(panel, "prompt-draw"), Qt.MouseButton.LeftButton)
    assert prior.editor.recipe == recipe


def test_a_latent_model_that_reads_words_blends_them_too(
    panel: PromptPanel, studio: Studio, open_model: Open, qtbot: QtBot, home: Path
) -> None:
    told: list[Message] = []
    studio.messages.told.connect(told.append)
    builders.prompted_gan(home / "packs" / "prompted-gan")
    studio.models.reload()
    qtbot.waitUntil(lambda: studio.models.find("prompted-gan") is not None, timeout=30_000)
    open_model("prompted-gan")
    assert texts(panel) == [""]
    write(panel, "cat")
    draw(panel)
    recipe = studio.editor.recipe
    assert isinstance(recipe, LatentRecipe)
    assert recipe.source == FromPrompt(text="cat")
    draw(panel)
    assert studio.editor.recipe == recipe, "words alone make it: there is no other one"
    click(panel, "prompt-blend")
    write(panel, "dog", 1)
    draw(panel)
    weigh(panel, 1, "3")
    assert asked(studio) == [("cat", 1.0), ("dog", 3.0)]
    assert pending(panel) == [False, False]
    studio.editor.undo()
    assert [row.prompt().weight for row in rows(panel)] == [1.0, 1.0]
    assert told == []


def test_the_panel_is_left_and_entered_by_tab(panel: PromptPanel, prior: Studio) -> None:
    edit(panel).setFocus()
    names = []
    for _ in range(3):
        QTest.keyClick(panel.focusWidget(), Qt.Key.Key_Tab)
        names.append(panel.focusWidget().objectName())
    assert names == ["prompt-blend", "prompt-draw", "prompt-1"]
    prior.preferences.add_prompt("tree")
    edit(panel).setFocus()
    QTest.keyClick(edit(panel), Qt.Key.Key_Tab)
    QTest.keyClick(panel.focusWidget(), Qt.Key.Key_Tab)
    assert panel.focusWidget().objectName() == "prompt-history"


def test_the_list_of_prompts_grows_with_them_and_fits_a_narrow_dock(
    panel: PromptPanel, prior: Studio, qtbot: QtBot
) -> None:
    prior.editor.set_prompts((WeightedPrompt(text="cat"), WeightedPrompt(text="dog " * 30)))
    area = rows(panel)[0].parentWidget().parentWidget()
    qtbot.waitUntil(lambda: area.height() >= sum(row.height() for row in rows(panel)))
    for row in rows(panel):
        assert row.mapTo(panel, QPoint(row.width(), 0)).x() <= 260


def test_what_is_kept_of_an_earlier_picture_is_said_and_can_be_let_go(
    prior: Studio, panel: PromptPanel, qtbot: QtBot
) -> None:
    row, button = panel.findChild(KeptRow), panel.findChild(QPushButton, "kept-let-go")
    assert not row.isVisible()
    prior.repaint.begin()
    prior.repaint.brush(0, 0)
    prior.repaint.turn_ring()
    before = prior.editor.recipe
    prior.repaint.redraw()
    qtbot.waitUntil(row.isVisible, timeout=10_000)
    prior.repaint.end()
    assert "% stays as it is" in row.findChild(QLabel).text()
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert not row.isVisible()
    assert isinstance(before, TokenRecipe)
    assert prior.editor.recipe == msgspec.structs.replace(before, seed=seed_of(prior.editor.recipe))
    prior.editor.undo()
    assert row.isVisible()
