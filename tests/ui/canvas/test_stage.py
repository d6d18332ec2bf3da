"""Pages by name, and real drops on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QClipboard,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QImage,
)
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from genstudio.ui.canvas.mime import picture_mime
from genstudio.ui.canvas.stage import Stage
from genstudio.ui.canvas.view import Canvas

Picture = Callable[..., QImage]
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
COPY = Qt.DropAction.CopyAction
OFFERED = COPY | Qt.DropAction.MoveAction


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    widget = Stage()
    qtbot.addWidget(widget)
    widget.setGeometry(100, 100, 640, 480)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    return widget


def enter(stage: Stage, data: QMimeData) -> bool:
    event = QDragEnterEvent(QPoint(50, 50), OFFERED, data, LEFT, NONE)
    event.setAccepted(False)
    QApplication.sendEvent(stage, event)
    return event.isAccepted()


def drop(stage: Stage, data: QMimeData) -> QDropEvent:
    assert enter(stage, data)
    QApplication.sendEvent(stage, QDragMoveEvent(QPoint(60, 60), OFFERED, data, LEFT, NONE))
    event = QDropEvent(QPointF(60, 60), OFFERED, data, LEFT, NONE)
    event.setDropAction(Qt.DropAction.MoveAction)
    QApplication.sendEvent(stage, event)
    return event


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_pages_are_shown_by_name(stage: Stage, qtbot: QtBot) -> None:
    start = QLabel("start")
    stage.add_page("start", start)
    assert stage.page == "picture"
    for name, widget in (("start", start), ("sheet", stage.sheet), ("picture", stage.canvas)):
        with qtbot.waitSignal(stage.page_changed) as told:
            stage.show_page(name)
        assert told.args == [name]
        assert stage.page == name
        assert widget.isVisible()


def test_a_page_can_be_replaced(stage: Stage) -> None:
    stage.add_page("start", QLabel("old"))
    stage.show_page("start")
    new = QLabel("new")
    stage.add_page("start", new)
    stage.show_page("start")
    assert new.isVisible()


def test_the_focus_goes_along_with_the_page(stage: Stage) -> None:
    stage.canvas.setFocus()
    stage.sheet.begin(2, ["a", "b"], 1.0)
    stage.show_page("sheet")
    assert stage.sheet.cells[0].hasFocus()
    stage.show_page("picture")
    assert stage.canvas.hasFocus()


def test_a_focus_elsewhere_stays_there(stage: Stage, qtbot: QtBot) -> None:
    button = QPushButton("elsewhere", stage)
    button.show()
    button.setFocus()
    stage.show_page("sheet")
    assert button.hasFocus()


def test_dropped_files_are_told_as_paths_and_never_moved(
    stage: Stage, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = (tmp_path / "größe 1.png", tmp_path / "two.gspack")
    with qtbot.waitSignal(stage.files_dropped) as told:
        event = drop(stage, files(*paths))
    assert told.args == [paths]
    assert event.isAccepted()
    assert event.dropAction() == COPY


def test_a_picture_without_a_file_is_told_as_a_picture(
    stage: Stage, qtbot: QtBot, picture: Picture
) -> None:
    image = picture()
    with qtbot.waitSignal(stage.image_dropped) as told:
        drop(stage, picture_mime(image, None, None))
    assert told.args == [image]


def test_a_file_goes_before_its_pixels(
    stage: Stage, qtbot: QtBot, picture: Picture, tmp_path: Path
) -> None:
    with (
        qtbot.waitSignal(stage.files_dropped) as told,
        qtbot.assertNotEmitted(stage.image_dropped),
    ):
        drop(stage, picture_mime(picture(), None, tmp_path / "a.png"))
    assert told.args == [(tmp_path / "a.png",)]


def test_text_and_addresses_are_not_taken(stage: Stage) -> None:
    data = QMimeData()
    data.setText("words")
    assert not enter(stage, data)
    data.setUrls([QUrl("https://example.org/picture.png")])
    assert not enter(stage, data)


def test_the_canvass_own_picture_is_not_taken_back(stage: Stage, tmp_path: Path) -> None:
    class OwnDrag(QDragEnterEvent):
        def source(self) -> Canvas:
            return stage.canvas

    event = OwnDrag(QPoint(50, 50), OFFERED, files(tmp_path / "a.png"), LEFT, NONE)
    event.accept()
    QApplication.sendEvent(stage, event)
    assert not event.isAccepted()


def test_the_notice_shows_while_something_hangs_over_the_stage(
    stage: Stage, tmp_path: Path
) -> None:
    notice = stage.findChild(type(stage._notice))
    before = stage.grab().toImage()
    data = files(tmp_path / "a.png")
    enter(stage, data)
    assert notice.isVisible()
    assert notice.size() == stage.size()
    assert stage.grab().toImage() != before
    QApplication.sendEvent(stage, QDragLeaveEvent())
    assert not notice.isVisible()
    drop(stage, data)
    assert not notice.isVisible()


def test_the_notice_lets_the_mouse_through(stage: Stage, tmp_path: Path) -> None:
    enter(stage, files(tmp_path / "a.png"))
    assert stage.childAt(320, 240) is stage.canvas


def test_a_picture_carries_its_png_as_it_is(picture: Picture, tmp_path: Path) -> None:
    image = picture()
    data = picture_mime(image, b"\x89PNG with a recipe", tmp_path / "a.png")
    assert data.imageData() == image
    assert bytes(data.data("image/png").data()) == b"\x89PNG with a recipe"
    assert data.urls() == [QUrl.fromLocalFile(str(tmp_path / "a.png"))]


@pytest.fixture
def clipboard(qtbot: QtBot) -> Iterator[QClipboard]:
    yield QApplication.clipboard()
    # Qt's offscreen platform crashes at exit on data that Python has put there.
    QApplication.clipboard().clear()


def test_the_png_on_the_clipboard_is_read_back_whole(
    picture: Picture, clipboard: QClipboard
) -> None:
    image = picture()
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    marked = image.copy()
    marked.setText("recipe", "seed 7")
    marked.save(buffer, "PNG")
    png = bytes(buffer.data().data())
    clipboard.setMimeData(picture_mime(image, png, None))
    assert bytes(clipboard.mimeData().data("image/png").data()) == png
    assert clipboard.image() == image
