"""A batch beside the window: asked for, made one by one, looked at, stopped."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QPlainTextEdit, QSpinBox, QToolButton

from genstudio.base.progress import Cancel, Progress
from genstudio.engine.render import Engine
from genstudio.engine.rendering import Rendering
from genstudio.recipe.png import read_recipe
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import Recipe, TokenRecipe
from genstudio.ui.widgets.thumbnail_strip import ThumbnailStrip
from tests.ui.window import LEFT, Person


def ask(
    person: Person, count: int, *, folder: Path | None = None, prompts: tuple[str, ...] = ()
) -> None:
    """Fill in the batch dialog and accept it."""
    person.until(person.window.actions_by_id["batch"].isEnabled)
    person.control(Qt.Key.Key_B)
    person.find(QDialog, "batch-dialog")
    number = person.find(QSpinBox, "batch-count")
    number.selectAll()
    person.bot.keyClicks(number, str(count))
    field = person.find(QPlainTextEdit, "batch-prompts")
    for prompt in prompts:
        person.bot.keyClicks(field, prompt)
        person.bot.keyClick(field, Qt.Key.Key_Return)
    if folder is None:
        person.bot.keyClick(person.find(QCheckBox, "batch-only-show"), Qt.Key.Key_Space)
    else:
        person.find(QLineEdit, "batch-folder").setText(str(folder))
    person.click("batch-go")
    # A desktop gives the window back its activity; the offscreen platform does not.
    person.window.activateWindow()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each picture takes a tenth of a second more, and can be stopped meanwhile."""
    render = Engine.render

    def slowly(
        engine: Engine, recipe: Recipe, progress: Progress, cancel: Cancel, **options: object
    ) -> Rendering:
        for _ in range(10):
            cancel.check()
            time.sleep(0.01)
        return render(engine, recipe, progress, cancel, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "render", slowly)


def test_pictures_of_a_batch_come_one_by_one_and_the_window_stays_usable(
    person: Person, slow: None
) -> None:
    person.choose("tiny-gan")
    ask(person, 8)
    pictures = person.studio.queue.pictures
    person.until(lambda: len(pictures) == 1)
    person.drag("control-truncation-track", 0.7, 0.3, steps=5)
    person.settle()
    assert len(pictures) < 8, "the slider did not wait for the batch"
    person.until(lambda: person.studio.queue.waiting == 0)
    strip = person.find(ThumbnailStrip, "jobs-pictures")
    person.until(lambda: len(strip.keys()) == 8)


def test_a_batch_is_cancelled_on_its_row(person: Person, slow: None, tmp_path: Path) -> None:
    person.choose("tiny-gan")
    ask(person, 50, folder=tmp_path / "out")
    queue = person.studio.queue
    person.until(lambda: len(queue.pictures) >= 2)
    person.window.docks["jobs"].raise_()
    cancel = next(
        button
        for button in person.window.docks["jobs"].findChildren(QToolButton)
        if button.objectName().endswith("-cancel")
    )
    person.until(cancel.isVisible)
    person.bot.mouseClick(cancel, LEFT)
    person.until(lambda: queue.waiting == 0)
    made = len(queue.pictures)
    assert 2 <= made < 50
    person.until(lambda: len(list((tmp_path / "out").glob("*.png"))) == made)
    assert queue.rows[-1].state == "stopped"
    person.go("clear-jobs")
    assert queue.rows == ()


def test_the_status_bar_counts_what_is_to_come_and_cancels_it(person: Person, slow: None) -> None:
    person.choose("tiny-gan")
    ask(person, 50)
    item = person.find(QToolButton, "status-queue")
    person.until(lambda: item.isVisible() and "pictures to come" in item.text())
    person.bot.mouseClick(item, LEFT)
    person.until(lambda: not item.isVisible())
    assert person.studio.queue.waiting == 0


def test_a_finished_picture_is_opened_as_one_step(person: Person) -> None:
    person.choose("tiny-gan")
    ask(person, 3)
    queue = person.studio.queue
    person.until(lambda: len(queue.pictures) == 3 and queue.waiting == 0)
    person.window.docks["jobs"].raise_()
    strip = person.find(ThumbnailStrip, "jobs-pictures")
    person.until(lambda: len(strip.keys()) == 3 and strip.isVisible())
    steps = len(person.studio.editor.history.steps)
    person.bot.wait(50)
    place = strip.visualRect(strip.model().index(1, 0)).center()
    person.bot.mouseClick(strip.viewport(), LEFT, pos=place)
    person.settle()
    assert person.recipe == queue.pictures[1].recipe
    assert len(person.studio.editor.history.steps) == steps + 1
    person.control(Qt.Key.Key_Z)
    person.settle()
    assert person.recipe != queue.pictures[1].recipe


def test_prompts_and_seeds_are_multiplied_into_files_with_recipes(
    person: Person, tmp_path: Path
) -> None:
    person.choose("tiny-prior")
    ask(person, 2, folder=tmp_path / "out", prompts=("cat", "dog"))
    person.until(lambda: len(list((tmp_path / "out").glob("*.png"))) == 4)
    person.until(lambda: person.studio.queue.waiting == 0)
    recipes = [read_recipe(path) for path in (tmp_path / "out").glob("*.png")]
    assert all(isinstance(recipe, TokenRecipe) for recipe in recipes)
    words = sorted(r.prompts[0].text for r in recipes if isinstance(r, TokenRecipe))
    assert words == ["cat", "cat", "dog", "dog"]
    assert len({seed_of(recipe) for recipe in recipes}) == 2


def test_a_batch_that_is_not_wanted_after_all_makes_nothing(person: Person) -> None:
    person.choose("tiny-gan")
    person.control(Qt.Key.Key_B)
    dialog = person.find(QDialog, "batch-dialog")
    person.bot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert person.studio.queue.rows == ()
