"""The jobs panel by mouse and key, with real batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from genstudio.recipe.seeds import seed_of
from genstudio.studio.messages import Message
from genstudio.studio.queue import JobRow
from genstudio.studio.studio import Studio
from genstudio.ui.panels.job_line import JobLine
from genstudio.ui.panels.jobs_panel import JobsPanel
from genstudio.ui.widgets.progress_line import ProgressLine
from genstudio.ui.widgets.thumbnail_strip import ThumbnailStrip
from tests.ui.held import Held, nothing

Open = Callable[[str], Studio]
CURRENT = int(Qt.ItemDataRole.UserRole) + 1


@pytest.fixture
def panel(studio: Studio, qtbot: QtBot) -> JobsPanel:
    panel = JobsPanel(studio)
    qtbot.addWidget(panel)
    panel.resize(900, 160)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


class Desktop(QObject):
    """The desktop that is asked to open folders."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(Path(url.toLocalFile()))


@pytest.fixture
def desktop(qtbot: QtBot) -> Iterator[Desktop]:
    desktop = Desktop()
    QDesktopServices.setUrlHandler("file", desktop, "open")
    yield desktop
    QDesktopServices.unsetUrlHandler("file")


def part(panel: JobsPanel, name: str) -> QWidget:
    found = panel.findChild(QWidget, name)
    assert found is not None, name
    return found


def click(panel: JobsPanel, name: str) -> None:
    button = part(panel, name)
    assert isinstance(button, QAbstractButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def said(panel: JobsPanel, number: int) -> str:
    label = part(panel, f"job-{number}-said")
    assert isinstance(label, QLabel)
    return label.text()


def pictures(panel: JobsPanel) -> ThumbnailStrip:
    strip = part(panel, "jobs-pictures")
    assert isinstance(strip, ThumbnailStrip)
    return strip


def click_picture(panel: JobsPanel, row: int) -> None:
    strip = pictures(panel)
    middle = strip.visualRect(strip.model().index(row, 0)).center()
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=middle)


def newest(studio: Studio) -> JobRow:
    return studio.queue.rows[-1]


def make(studio: Studio, qtbot: QtBot, panel: JobsPanel, count: int, first: int = 0) -> None:
    """Make a batch and wait until the panel shows it."""
    studio.make_batch(count, first, (), None)
    qtbot.waitUntil(lambda: newest(studio).is_over, timeout=30_000)
    numbers = tuple(made.number for made in studio.queue.pictures)
    qtbot.waitUntil(lambda: pictures(panel).keys() == numbers)


def test_an_empty_queue_says_what_a_batch_is_and_offers_one(panel: JobsPanel, qtbot: QtBot) -> None:
    assert part(panel, "jobs-empty").isVisible()
    assert not pictures(panel).isVisible()
    assert not part(panel, "jobs-clear").isVisible()
    with qtbot.waitSignal(panel.batch_wanted, timeout=1000):
        click(panel, "jobs-batch")


def test_a_batch_gets_a_row_that_says_how_far_it_is(
    panel: JobsPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio, held = open_model("tiny-gan"), Held()
    long = studio.queue.run("Best of 8", held, nothing)
    studio.make_batch(3, 0, (), None)
    batch = newest(studio)
    qtbot.waitUntil(lambda: said(panel, long) == "50%")
    assert said(panel, batch.number) == "Waiting"
    assert not part(panel, "jobs-empty").isVisible()
    assert batch.title in part(panel, f"job-{batch.number}").accessibleName()
    held.let_go.set()
    qtbot.waitUntil(lambda: said(panel, batch.number) == "Done", timeout=30_000)
    assert not part(panel, f"job-{batch.number}-cancel").isVisible()
    assert not part(panel, f"job-{batch.number}-progress").isVisible()


def test_the_newest_batch_stands_on_top(panel: JobsPanel, open_model: Open, qtbot: QtBot) -> None:
    studio = open_model("tiny-gan")
    make(studio, qtbot, panel, 1)
    make(studio, qtbot, panel, 1)
    old, new = (part(panel, f"job-{row.number}") for row in studio.queue.rows)
    assert new.mapTo(panel, QPoint()).y() < old.mapTo(panel, QPoint()).y()


def test_a_row_counts_its_pictures_and_the_time_left(qtbot: QtBot) -> None:
    row = JobRow(1, "40 pictures", 40, 12, done=0.3, state="running", seconds_left=34.2)
    line = JobLine(row)
    qtbot.addWidget(line)
    label, bar = line.findChild(QLabel, "job-1-said"), line.findChild(ProgressLine)
    assert label is not None
    assert bar is not None
    assert label.text() == "12 of 40, 35 s left"
    assert bar.fraction() == 0.3


def test_a_click_cancels_a_batch(panel: JobsPanel, open_model: Open, qtbot: QtBot) -> None:
    studio, held = open_model("tiny-gan"), Held()
    studio.queue.run("long", held, nothing)
    studio.make_batch(3, 0, (), None)
    number = newest(studio).number
    qtbot.waitUntil(lambda: panel.findChild(QWidget, f"job-{number}") is not None)
    click(panel, f"job-{number}-cancel")
    assert newest(studio).state == "stopped"
    qtbot.waitUntil(lambda: said(panel, number) == "Stopped at 0 of 3")
    assert studio.queue.rows[0].state != "stopped"


def test_the_keyboard_cancels_a_batch(panel: JobsPanel, open_model: Open, qtbot: QtBot) -> None:
    studio, held = open_model("tiny-gan"), Held()
    number = studio.queue.run("long", held, nothing)
    qtbot.waitUntil(lambda: panel.findChild(QWidget, f"job-{number}") is not None)
    part(panel, "jobs-batch").setFocus()
    reached = []
    for _ in range(4):
        QTest.keyClick(panel.window().focusWidget(), Qt.Key.Key_Tab)
        focused = panel.window().focusWidget()
        reached.append(focused.objectName() if focused else "")
        if reached[-1] == f"job-{number}-cancel":
            QTest.keyClick(focused, Qt.Key.Key_Space)
            break
    assert newest(studio).state == "stopped", reached


def test_a_batch_that_failed_says_why(
    panel: JobsPanel, open_model: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    studio, occupied = open_model("tiny-gan"), tmp_path / "occupied"
    occupied.write_text("a file")
    studio.make_batch(2, 0, (), occupied)
    qtbot.waitUntil(lambda: newest(studio).state == "failed", timeout=30_000)
    sentence = newest(studio).sentence
    qtbot.waitUntil(lambda: said(panel, newest(studio).number) == sentence)
    assert str(occupied) in sentence


def test_finished_pictures_appear_and_a_click_opens_one_as_one_step(
    panel: JobsPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    make(studio, qtbot, panel, 3, first=500)
    steps = len(studio.editor.history.steps)
    assert pictures(panel).isVisible()
    click_picture(panel, 1)
    assert studio.editor.recipe is not None
    assert seed_of(studio.editor.recipe) == 501
    assert len(studio.editor.history.steps) == steps + 1
    qtbot.waitUntil(lambda: pictures(panel).model().index(1, 0).data(CURRENT) is True)
    studio.editor.undo()
    qtbot.waitUntil(lambda: pictures(panel).model().index(1, 0).data(CURRENT) is False)
    assert seed_of(studio.editor.recipe) != 501


def test_arrows_and_enter_open_a_finished_picture(
    panel: JobsPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    make(studio, qtbot, panel, 3, first=500)
    strip = pictures(panel)
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Home)
    QTest.keyClick(strip, Qt.Key.Key_Right)
    QTest.keyClick(strip, Qt.Key.Key_Right)
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert studio.editor.recipe is not None
    assert seed_of(studio.editor.recipe) == 502


def test_a_finished_picture_tells_its_prompt_and_seed(
    panel: JobsPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-prior")
    studio.make_batch(1, 7, ("hills",), None)
    qtbot.waitUntil(lambda: len(pictures(panel).keys()) == 1, timeout=30_000)
    told = pictures(panel).model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert told == "hills, seed 7"


def test_new_pictures_come_into_view_unless_the_person_looks_at_older_ones(
    panel: JobsPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio, strip = open_model("tiny-gan"), pictures(panel)
    make(studio, qtbot, panel, 30)
    bar = strip.horizontalScrollBar()
    assert bar.maximum() > 0
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    bar.setValue(0)
    make(studio, qtbot, panel, 5)
    assert bar.value() == 0


def test_what_was_made_behind_another_tab_is_in_view(open_model: Open, qtbot: QtBot) -> None:
    studio, tabs = open_model("tiny-gan"), QTabWidget()
    panel = JobsPanel(studio)
    tabs.addTab(QWidget(), "History")
    tabs.addTab(panel, "Jobs")
    qtbot.addWidget(tabs)
    tabs.resize(660, 160)
    tabs.show()
    make(studio, qtbot, panel, 30)
    tabs.setCurrentIndex(1)
    bar = pictures(panel).horizontalScrollBar()
    qtbot.waitUntil(lambda: panel.isVisible() and pictures(panel).width() < 400)
    make(studio, qtbot, panel, 1)
    qtbot.waitUntil(lambda: bar.maximum() > 20 * 56)
    assert bar.value() == bar.maximum()


def test_clear_takes_away_what_is_over(panel: JobsPanel, open_model: Open, qtbot: QtBot) -> None:
    studio, held = open_model("tiny-gan"), Held()
    make(studio, qtbot, panel, 1)
    over = newest(studio).number
    number = studio.queue.run("long", held, nothing)
    qtbot.waitUntil(lambda: part(panel, "jobs-clear").isVisible())
    click(panel, "jobs-clear")
    qtbot.waitUntil(lambda: not part(panel, "jobs-clear").isVisible())
    assert [row.number for row in studio.queue.rows] == [number]
    assert part(panel, f"job-{number}").isVisible()
    qtbot.waitUntil(lambda: panel.findChild(QWidget, f"job-{over}") is None)


def test_the_folder_of_a_batch_opens_in_the_desktop(
    panel: JobsPanel, open_model: Open, qtbot: QtBot, tmp_path: Path, desktop: Desktop
) -> None:
    studio, folder = open_model("tiny-gan"), tmp_path / "made here"
    studio.make_batch(1, 0, (), folder)
    qtbot.waitUntil(lambda: folder.is_dir() and newest(studio).is_over, timeout=30_000)
    qtbot.waitUntil(lambda: said(panel, newest(studio).number) == "Done")
    click(panel, f"job-{newest(studio).number}-folder")
    assert desktop.opened == [folder]


def test_a_folder_that_is_gone_is_told(
    panel: JobsPanel, open_model: Open, qtbot: QtBot, tmp_path: Path, desktop: Desktop
) -> None:
    studio, held = open_model("tiny-gan"), Held()
    told: list[Message] = []
    studio.messages.told.connect(told.append)
    studio.queue.run("long", held, nothing)
    studio.make_batch(1, 0, (), tmp_path / "not made yet")
    number = newest(studio).number
    qtbot.waitUntil(lambda: panel.findChild(QWidget, f"job-{number}") is not None)
    click(panel, f"job-{number}-folder")
    assert "not made yet" in told[-1].text
    assert not desktop.opened


def test_a_batch_without_a_folder_offers_none(
    panel: JobsPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    make(studio, qtbot, panel, 1)
    assert not part(panel, f"job-{newest(studio).number}-folder").isVisible()


def test_everything_fits_into_a_narrow_panel(
    panel: JobsPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    make(studio, qtbot, panel, 3)
    panel.resize(260, 500)
    assert panel.width() == 260
    parts = [part(panel, name) for name in ("jobs-batch", "jobs-clear", "jobs-list")]
    qtbot.waitUntil(lambda: parts[2].mapTo(panel, QPoint()).x() < 20)
    for widget in (*parts, pictures(panel)):
        left = widget.mapTo(panel, QPoint()).x()
        assert 0 <= left < left + widget.width() <= 260
    below = pictures(panel).mapTo(panel, QPoint()).y()
    assert below > parts[2].mapTo(panel, QPoint()).y()
