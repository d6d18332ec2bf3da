"""The latent sliders by mouse and key, with directions found in tiny models by the real engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from genstudio.recipe.values import LatentRecipe
from genstudio.studio.studio import Studio
from genstudio.ui.panels.share_mark import ShareMark
from genstudio.ui.panels.slider_group import PAGE, SliderGroup
from genstudio.ui.panels.sliders_panel import SlidersPanel
from genstudio.ui.widgets.value_slider import ValueSlider
from tests import builders
from tests.ui.panels.panel_hands import click, drag, is_seen, rendered, seen, settle

Open = Callable[[str], Studio]


@pytest.fixture
def panel(studio: Studio, qtbot: QtBot) -> SlidersPanel:
    panel = SlidersPanel(studio)
    qtbot.addWidget(panel)
    panel.resize(260, 900)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def find(panel: SlidersPanel, open_model: Open, qtbot: QtBot) -> Open:
    """Choose a model and wait until its sliders are there."""

    def find_them(pack_id: str) -> Studio:
        studio = open_model(pack_id)
        qtbot.waitUntil(lambda: studio.sliders.directions is not None, timeout=60_000)
        qtbot.waitUntil(lambda: is_seen(panel, "sliders-principal"))
        return studio

    return find_them


def names(panel: SlidersPanel, kind: str) -> list[str]:
    """The sliders of a kind that are on screen, from top to bottom."""
    group = panel.findChild(SliderGroup, f"sliders-{kind}")
    assert group is not None
    sliders = [slider for slider in group.findChildren(ValueSlider) if slider.isVisible()]
    sliders.sort(key=lambda slider: slider.mapTo(panel, QPoint()).y())
    return [slider.objectName().removeprefix("slider-") for slider in sliders]


def unfold(panel: SlidersPanel, qtbot: QtBot, studio: Studio, kind: str) -> list[str]:
    """Open a group and wait for its first page."""
    click(panel, f"sliders-{kind}-header")
    page = [row.name for row in studio.sliders.rows(kind, limit=PAGE)]
    qtbot.waitUntil(lambda: names(panel, kind) == page)
    return page


def text(panel: SlidersPanel, name: str) -> str:
    widget = seen(panel, name)
    assert isinstance(widget, QLabel | QLineEdit)
    return widget.text()


def amounts(studio: Studio) -> dict[str, float]:
    recipe = studio.editor.recipe
    assert isinstance(recipe, LatentRecipe)
    return {move.direction: move.amount for move in recipe.moves}


def search(panel: SlidersPanel, qtbot: QtBot, words: str) -> None:
    field = seen(panel, "sliders-search")
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, words) if words else QTest.keyClick(field, Qt.Key.Key_Delete)
    qtbot.wait(10)


def track(panel: SlidersPanel, name: str) -> QWidget:
    return seen(panel, f"slider-{name}-track")


def is_locked(panel: SlidersPanel, name: str) -> bool:
    slider = seen(panel, f"slider-{name}")
    assert isinstance(slider, ValueSlider)
    return slider.is_locked()


# What is there


def test_named_directions_are_open_and_the_others_folded(
    panel: SlidersPanel, find: Open, qtbot: QtBot
) -> None:
    studio = find("tiny-gan")
    named = [row.name for row in studio.sliders.rows("named")]
    assert named
    qtbot.waitUntil(lambda: names(panel, "named") == named)
    for kind in ("principal", "closed-form", "raw"):
        assert names(panel, kind) == []
        assert unfold(panel, qtbot, studio, kind)


def test_while_directions_are_sought_a_line_fills_and_a_sentence_says_so(
    panel: SlidersPanel, studio: Studio, qtbot: QtBot
) -> None:
    shares: list[float] = []
    studio.sliders.changed.connect(
        lambda _: shares.append(studio.sliders.finding) if studio.sliders.finding else None
    )
    studio.editor.choose_model("tiny-gan")
    assert studio.sliders.finding is not None
    assert is_seen(panel, "sliders-progress")
    assert "Finding out" in text(panel, "sliders-said")
    assert not is_seen(panel, "sliders-search")
    qtbot.waitUntil(lambda: studio.sliders.directions is not None, timeout=60_000)
    assert shares
    assert not is_seen(panel, "sliders-progress")
    assert not is_seen(panel, "sliders-said")
    assert is_seen(panel, "sliders-search")


def test_a_model_without_a_latent_says_so(panel: SlidersPanel, open_model: Open) -> None:
    assert "Choose a model" in text(panel, "sliders-said")
    open_model("tiny-prior")
    assert "no latent space" in text(panel, "sliders-said")
    assert not is_seen(panel, "sliders-named")


def test_a_slider_tells_how_much_it_explains(panel: SlidersPanel, find: Open, qtbot: QtBot) -> None:
    studio = find("tiny-gan")
    qtbot.waitUntil(lambda: bool(names(panel, "named")))
    for row in studio.sliders.rows("named"):
        if row.share >= 0.01:
            assert f"Explains {row.share:.0%} of it" in seen(panel, f"slider-{row.name}").toolTip()
    marks = [mark for mark in panel.findChildren(ShareMark) if mark.isVisible()]
    assert len(marks) == len(names(panel, "named"))


def test_each_model_has_what_its_own_sliders_explain_and_its_own_locks(
    panel: SlidersPanel, find: Open, qtbot: QtBot
) -> None:
    studio = find("tiny-gan")
    told = {row.name: f"{row.share:.0%}" for row in studio.sliders.rows("named")}
    locked = next(iter(told))
    qtbot.waitUntil(lambda: names(panel, "named") == list(told))
    click(panel, f"slider-{locked}-lock")
    find("tiny-vae")
    others = {row.name: f"{row.share:.0%}" for row in studio.sliders.rows("named")}
    assert others.keys() & told.keys(), "the two have sliders of the same names"
    assert others != told
    studio.editor.undo()
    qtbot.waitUntil(lambda: names(panel, "named") == list(told))
    for name, share in told.items():
        assert f"Explains {share} of it" in seen(panel, f"slider-{name}").toolTip()
        assert is_locked(panel, name) == (name == locked)
    studio.sliders.set_locked(locked, False)
    assert not is_locked(panel, locked)


# Moving


def test_a_drag_ends_on_its_newest_position_as_one_step_in_words(
    panel: SlidersPanel, find: Open, qtbot: QtBot
) -> None:
    studio = find("tiny-gan")
    before = settle(studio, qtbot).copy()
    steps = len(studio.editor.history.steps)
    name = unfold(panel, qtbot, studio, "principal")[0]
    drag(track(panel, name), 0.5, 0.8, moves=200)
    moved = amounts(studio)[name]
    assert moved == pytest.approx(3.1, abs=0.5)
    picture = settle(studio, qtbot)
    assert not np.array_equal(picture, before)
    np.testing.assert_array_equal(picture, rendered(studio))
    assert len(studio.editor.history.steps) == steps + 1
    assert name in studio.editor.history.undo_words.casefold()
    assert float(text(panel, f"slider-{name}-value")) == pytest.approx(moved, abs=0.01)
    drag(track(panel, name), 0.8, 0.6)
    assert len(studio.editor.history.steps) == steps + 2, "another drag is another step"


def test_an_arrow_that_is_held_is_one_step(panel: SlidersPanel, find: Open, qtbot: QtBot) -> None:
    studio = find("tiny-gan")
    steps = len(studio.editor.history.steps)
    name = unfold(panel, qtbot, studio, "principal")[0]
    QTest.keyPress(track(panel, name), Qt.Key.Key_Right)
    for _ in range(20):
        plain = Qt.KeyboardModifier.NoModifier
        again = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Right, plain, "", True)
        QApplication.sendEvent(track(panel, name), again)
    QTest.keyRelease(track(panel, name), Qt.Key.Key_Right)
    assert amounts(studio)[name] == pytest.approx(2.1, abs=0.05)
    assert len(studio.editor.history.steps) == steps + 1
    np.testing.assert_array_equal(settle(studio, qtbot), rendered(studio))
    studio.editor.undo()
    assert amounts(studio).get(name, 0) == 0


def test_what_is_typed_stays_while_undo_moves_the_slider(
    panel: SlidersPanel, find: Open, qtbot: QtBot
) -> None:
    studio = find("tiny-gan")
    panel.activateWindow()
    name, other = unfold(panel, qtbot, studio, "principal")[:2]
    drag(track(panel, name), 0.5, 0.7)
    drag(track(panel, other), 0.5, 0.8)
    field = seen(panel, f"slider-{name}-value")
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "1.5")
    studio.editor.undo()
    studio.editor.undo()
    assert text(panel, f"slider-{name}-value") == "1.5"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert amounts(studio) == {name: 1.5}


def test_sliders_follow_undo_and_redo(panel: SlidersPanel, find: Open, qtbot: QtBot) -> None:
    studio = find("tiny-gan")
    name = unfold(panel, qtbot, studio, "principal")[0]
    drag(track(panel, name), 0.5, 0.7)
    shown = text(panel, f"slider-{name}-value")
    studio.editor.undo()
    assert text(panel, f"slider-{name}-value") == "0"
    studio.editor.redo()
    assert text(panel, f"slider-{name}-value") == shown != "0"


def test_a_double_click_resets_the_slider(panel: SlidersPanel, find: Open, qtbot: QtBot) -> None:
    studio = find("tiny-gan")
    name = unfold(panel, qtbot, studio, "principal")[0]
    drag(track(panel, name), 0.5, 0.7)
    assert name in amounts(studio)
    QTest.mouseDClick(track(panel, name), Qt.MouseButton.LeftButton)
    assert amounts(studio) == {}
    assert text(panel, f"slider-{name}-value") == "0"


def test_a_folded_group_tells_how_many_of_its_sliders_are_moved(
    panel: SlidersPanel, find: Open, qtbot: QtBot
) -> None:
    studio = find("tiny-gan")
    name = unfold(panel, qtbot, studio, "principal")[0]
    drag(track(panel, name), 0.5, 0.7)
    click(panel, "sliders-principal-header")
    group = seen(panel, "sliders-principal")
    count = studio.sliders.count("principal")
    assert f"1 / {count}" in [label.text() for label in group.findChildren(QLabel)]
    studio.editor.undo()
    assert f"{count}" in [label.text() for label in group.findChildren(QLabel)]


def test_the_dice_move_the_unlocked_sliders_of_their_group_as_one_step(
    panel: SlidersPanel, find: Open, qtbot: QtBot
) -> None:
    studio = find("tiny-gan")
    kept, *others = unfold(panel, qtbot, studio, "principal")
    click(panel, f"slider-{kept}-lock")
    steps = len(studio.editor.history.steps)
    click(panel, "randomise-principal")
    # One in some hundred is drawn to the middle, where it counts as unmoved.
    moved = amounts(studio)
    assert set(moved) <= set(others)
    assert len(moved) >= len(others) - 3
    assert len(studio.editor.history.steps) == steps + 1
    assert float(text(panel, f"slider-{others[0]}-value")) == moved.get(others[0], 0.0)
    np.testing.assert_array_equal(settle(studio, qtbot), rendered(studio))


def test_a_locked_slider_stays_where_it_is(panel: SlidersPanel, find: Open, qtbot: QtBot) -> None:
    studio = find("tiny-gan")
    kept, other = unfold(panel, qtbot, studio, "principal")[:2]
    drag(track(panel, kept), 0.5, 0.7)
    drag(track(panel, other), 0.5, 0.3)
    before = amounts(studio)
    click(panel, f"slider-{kept}-lock")
    drag(track(panel, kept), 0.7, 0.2)
    assert amounts(studio) == before
    click(panel, "sliders-reset")
    assert amounts(studio) == {kept: before[kept]}
    click(panel, f"slider-{kept}-lock")
    click(panel, "sliders-reset")
    assert amounts(studio) == {}


# Search, and many


def test_a_search_unfolds_what_fits_and_folds_it_back(
    panel: SlidersPanel, find: Open, qtbot: QtBot
) -> None:
    find("tiny-gan")
    search(panel, qtbot, "principal 2")
    assert names(panel, "principal") == ["principal 2"]
    assert not is_seen(panel, "sliders-named")
    assert not is_seen(panel, "sliders-raw")
    search(panel, qtbot, "")
    assert names(panel, "principal") == []
    assert is_seen(panel, "sliders-named")
    assert is_seen(panel, "sliders-raw")


def test_a_search_that_finds_nothing_says_so(panel: SlidersPanel, find: Open, qtbot: QtBot) -> None:
    find("tiny-gan")
    search(panel, qtbot, "moustache")
    assert "No slider" in text(panel, "sliders-said")
    search(panel, qtbot, "")
    assert not is_seen(panel, "sliders-said")


def test_single_latents_are_built_a_page_at_a_time_when_asked_for(
    panel: SlidersPanel, find: Open, studio: Studio, qtbot: QtBot, home: Path
) -> None:
    builders.spatial_vae(home / "packs" / "wide", pack_id="wide")
    packs = len(studio.models.packs)
    studio.models.reload()
    qtbot.waitUntil(lambda: len(studio.models.packs) > packs, timeout=30_000)
    find("wide")
    count = studio.sliders.raw_count
    assert count > PAGE
    group = panel.findChild(SliderGroup, "sliders-raw")
    assert group is not None
    assert group.findChildren(ValueSlider) == []
    assert unfold(panel, qtbot, studio, "raw") == [
        f"latent {number}" for number in range(1, PAGE + 1)
    ]
    first = seen(panel, "slider-latent 1")
    click(panel, "more-raw")
    qtbot.waitUntil(lambda: len(names(panel, "raw")) == min(count, 2 * PAGE))
    assert seen(panel, "slider-latent 1") is first, "what was there stays"
    search(panel, qtbot, f"latent {count}")
    assert names(panel, "raw") == [f"latent {count}"]
    drag(track(panel, f"latent {count}"), 0.5, 0.9)
    assert f"latent {count}" in amounts(studio)
    np.testing.assert_array_equal(settle(studio, qtbot), rendered(studio))


# Room and reach


def test_everything_fits_into_a_narrow_dock(panel: SlidersPanel, find: Open, qtbot: QtBot) -> None:
    studio = find("tiny-gan")
    for kind in ("principal", "closed-form", "raw"):
        unfold(panel, qtbot, studio, kind)
        if kind != "raw":
            studio.sliders.randomise(kind)
    qtbot.wait(20)
    for widget in panel.findChildren(QWidget):
        if widget.isVisible() and widget.objectName().startswith(("slider", "random", "more")):
            right = widget.mapTo(panel, QPoint(widget.width(), 0)).x()
            assert right <= panel.width(), widget.objectName()


def test_every_slider_is_named_and_reached_by_tab(
    panel: SlidersPanel, find: Open, qtbot: QtBot
) -> None:
    studio = find("tiny-gan")
    first, second = unfold(panel, qtbot, studio, "principal")[:2]
    seen(panel, "sliders-search").setFocus()
    reached: list[str] = []
    while (now := panel.focusWidget()) is not None and now.objectName() not in reached:
        assert now.accessibleName(), now.objectName()
        reached.append(now.objectName())
        QTest.keyClick(now, Qt.Key.Key_Tab)
    places = [
        reached.index(name)
        for name in (
            "sliders-reset", "sliders-principal-header", "randomise-principal",
            f"slider-{first}-track", f"slider-{first}-value", f"slider-{first}-lock",
            f"slider-{second}-track", "sliders-raw-header",
        )
    ]  # fmt: skip
    assert places == sorted(places)


def test_two_phrases_make_a_slider_that_moves_and_goes_away_again(
    panel: SlidersPanel, studio: Studio, find: Open, home: Path, qtbot: QtBot
) -> None:
    builders.prompted_gan(home / "packs" / "prompted-gan")
    studio.models.reload()
    qtbot.waitUntil(lambda: studio.models.find("prompted-gan") is not None)
    find("prompted-gan")
    assert not is_seen(panel, "sliders-phrases")
    before = settle(studio, qtbot)
    add = seen(panel, "phrase-add")
    assert not add.isEnabled()
    QTest.keyClicks(seen(panel, "phrase-start"), "red cat")
    assert not add.isEnabled()
    QTest.keyClicks(seen(panel, "phrase-end"), "blue house")
    assert add.isEnabled()
    QTest.keyClick(seen(panel, "phrase-end"), Qt.Key.Key_Return)
    name = "red cat -> blue house"
    qtbot.waitUntil(lambda: names(panel, "phrases") == [name])
    assert seen(panel, "phrase-start").property("text") == ""
    QTest.keyClick(track(panel, name), Qt.Key.Key_End)
    moved = settle(studio, qtbot)
    assert not np.array_equal(before, moved)
    assert np.array_equal(moved, rendered(studio))
    assert "red cat -> blue house" in studio.editor.history.undo_words
    click(panel, f"remove-{name}")
    qtbot.waitUntil(lambda: not is_seen(panel, f"slider-{name}"))
    assert np.array_equal(settle(studio, qtbot), before)


def test_a_model_that_takes_no_words_has_no_fields_for_phrases(
    panel: SlidersPanel, find: Open
) -> None:
    find("tiny-gan")
    assert not is_seen(panel, "phrase-start")
