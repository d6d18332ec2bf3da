"""The canvas under real wheel turns, mouse drags and keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDrag, QImage, QNativeGestureEvent, QPointingDevice
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from genstudio.ui.canvas.mime import picture_mime
from genstudio.ui.canvas.view import Canvas

Picture = Callable[..., QImage]
Turn = Callable[..., None]
LEFT = Qt.MouseButton.LeftButton
MIDDLE = Qt.MouseButton.MiddleButton


@pytest.fixture
def filled(canvas: Canvas, picture: Picture) -> Canvas:
    canvas.show_picture(picture(64, 64))
    canvas.setFocus()
    return canvas


def drag(
    qtbot: QtBot, canvas: Canvas, start: QPoint, end: QPoint, button: Qt.MouseButton = LEFT
) -> None:
    qtbot.mousePress(canvas, button, pos=start)
    qtbot.mouseMove(canvas, start + (end - start) / 2)
    qtbot.mouseMove(canvas, end)
    qtbot.mouseRelease(canvas, button, pos=end)


@pytest.mark.parametrize(
    "modifiers", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier]
)
def test_the_wheel_zooms_at_the_cursor(
    filled: Canvas, turn_wheel: Turn, modifiers: Qt.KeyboardModifier
) -> None:
    at = QPointF(200, 130)
    pixel, scale = filled.geometry_shown.pixel_at(at), filled.zoom
    for _ in range(6):
        turn_wheel(filled, at, 1, modifiers)
        assert filled.geometry_shown.pixel_at(at) == pixel
    assert filled.zoom == pytest.approx(scale * 2**1.5)
    shown = filled.grab().toImage().pixelColor(at.toPoint())
    assert filled.picture is not None
    assert shown == filled.picture.pixelColor(pixel)


def test_turning_back_comes_back(filled: Canvas, turn_wheel: Turn) -> None:
    before = filled.zoom
    turn_wheel(filled, QPointF(200, 130), 3)
    turn_wheel(filled, QPointF(200, 130), -3)
    assert filled.zoom == pytest.approx(before)


def test_a_touch_pad_zooms_in_small_steps(filled: Canvas, turn_wheel: Turn) -> None:
    before = filled.zoom
    turn_wheel(filled, QPointF(320, 240), 0.1)
    assert before < filled.zoom < before * 1.03


def test_a_pinch_zooms_at_its_middle(filled: Canvas) -> None:
    at = QPointF(250, 300)
    pixel, before = filled.geometry_shown.pixel_at(at), filled.zoom
    pinch = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        at,
        at,
        QPointF(filled.mapToGlobal(at.toPoint())),
        0.5,
        QPointF(),
    )
    QApplication.sendEvent(filled, pinch)
    assert filled.zoom == pytest.approx(before * 1.5)
    assert filled.geometry_shown.pixel_at(at) == pixel


def test_the_keys_zoom(filled: Canvas, qtbot: QtBot) -> None:
    fitted = filled.zoom
    qtbot.keyClick(filled, Qt.Key.Key_Plus)
    assert filled.zoom == 8
    qtbot.keyClick(filled, Qt.Key.Key_Minus)
    assert filled.zoom == 6
    qtbot.keyClick(filled, Qt.Key.Key_1)
    assert filled.zoom == 1
    qtbot.keyClick(filled, Qt.Key.Key_0)
    assert filled.is_fitted
    assert filled.zoom == fitted


def test_an_empty_canvas_does_not_zoom(canvas: Canvas, qtbot: QtBot, turn_wheel: Turn) -> None:
    before = canvas.geometry_shown
    turn_wheel(canvas, QPointF(10, 10))
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    drag(qtbot, canvas, QPoint(300, 200), QPoint(340, 230), MIDDLE)
    assert canvas.geometry_shown == before


def test_the_middle_button_pans(filled: Canvas, qtbot: QtBot) -> None:
    start = filled.geometry_shown.picture_rect.topLeft()
    qtbot.mousePress(filled, MIDDLE, pos=QPoint(300, 200))
    qtbot.mouseMove(filled, QPoint(340, 170))
    assert filled.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    qtbot.mouseRelease(filled, MIDDLE, pos=QPoint(340, 170))
    assert filled.geometry_shown.picture_rect.topLeft() - start == QPoint(40, -30)
    assert filled.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_space_and_a_left_drag_pan(filled: Canvas, qtbot: QtBot) -> None:
    filled.drag_data = QMimeData
    filled.run_drag = lambda _drag: pytest.fail("a picture was dragged out")
    start = filled.geometry_shown.picture_rect.topLeft()
    qtbot.keyPress(filled, Qt.Key.Key_Space)
    assert filled.cursor().shape() == Qt.CursorShape.OpenHandCursor
    drag(qtbot, filled, QPoint(300, 200), QPoint(250, 260))
    assert filled.geometry_shown.picture_rect.topLeft() - start == QPoint(-50, 60)
    qtbot.keyRelease(filled, Qt.Key.Key_Space)
    assert filled.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_space_is_forgotten_with_the_focus(filled: Canvas, qtbot: QtBot) -> None:
    qtbot.keyPress(filled, Qt.Key.Key_Space)
    filled.clearFocus()
    assert filled.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_the_arrows_pan(filled: Canvas, qtbot: QtBot) -> None:
    start = filled.geometry_shown.picture_rect.topLeft()
    qtbot.keyClick(filled, Qt.Key.Key_Right)
    qtbot.keyClick(filled, Qt.Key.Key_Down)
    assert filled.geometry_shown.picture_rect.topLeft() - start == QPoint(-48, -48)
    qtbot.keyClick(filled, Qt.Key.Key_Left)
    qtbot.keyClick(filled, Qt.Key.Key_Up)
    assert filled.geometry_shown.picture_rect.topLeft() == start


def test_the_picture_cannot_be_lost_by_panning(filled: Canvas, qtbot: QtBot) -> None:
    for _ in range(60):
        qtbot.keyClick(filled, Qt.Key.Key_Right)
    assert filled.geometry_shown.visible_rect.width() >= 100


@pytest.fixture
def comparing(filled: Canvas, picture: Picture) -> Canvas:
    filled.set_before(picture(64, 64, blue=0))
    filled.set_compare(True)
    return filled


def test_the_divider_follows_the_mouse(comparing: Canvas, qtbot: QtBot) -> None:
    at = QPoint(400, 100)
    assert comparing.grab().toImage().pixelColor(at).blue() == 128
    drag(qtbot, comparing, QPoint(322, 240), QPoint(450, 240))
    assert comparing.grab().toImage().pixelColor(at).blue() == 0
    assert comparing.divider == pytest.approx((450 - 100) / 440)


def test_the_divider_stays_on_the_picture(comparing: Canvas, qtbot: QtBot) -> None:
    drag(qtbot, comparing, QPoint(320, 240), QPoint(635, 240))
    assert comparing.divider == 1


def test_the_cursor_tells_that_the_divider_moves(comparing: Canvas, qtbot: QtBot) -> None:
    qtbot.mouseMove(comparing, QPoint(200, 200))
    assert comparing.cursor().shape() == Qt.CursorShape.ArrowCursor
    qtbot.mouseMove(comparing, QPoint(321, 200))
    assert comparing.cursor().shape() == Qt.CursorShape.SplitHCursor


def test_keys_move_the_divider(comparing: Canvas, qtbot: QtBot) -> None:
    view = comparing.geometry_shown
    qtbot.keyClick(comparing, Qt.Key.Key_Left)
    assert comparing.divider == pytest.approx(0.48)
    qtbot.keyClick(comparing, Qt.Key.Key_End)
    assert comparing.divider == 1
    qtbot.keyClick(comparing, Qt.Key.Key_Home)
    assert comparing.divider == 0
    assert comparing.geometry_shown == view
    qtbot.keyClick(comparing, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert comparing.divider == 0
    assert comparing.geometry_shown != view


def test_a_double_click_centres_the_divider(comparing: Canvas, qtbot: QtBot) -> None:
    comparing.set_divider(0.25)
    with qtbot.assertNotEmitted(comparing.double_clicked):
        qtbot.mouseDClick(comparing, LEFT, pos=QPoint(210, 240))
    assert comparing.divider == 0.5


def test_a_double_click_on_the_picture_is_told(filled: Canvas, qtbot: QtBot) -> None:
    with qtbot.waitSignal(filled.double_clicked):
        qtbot.mouseDClick(filled, LEFT, pos=QPoint(300, 240))


def test_the_menu_is_asked_for_where_the_mouse_is(filled: Canvas, qtbot: QtBot) -> None:
    at = QPoint(120, 90)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, filled.mapToGlobal(at))
    with qtbot.waitSignal(filled.menu_wanted) as told:
        QApplication.sendEvent(filled, event)
    assert told.args == [filled.mapToGlobal(at)]


def test_a_left_drag_takes_the_picture_out(filled: Canvas, qtbot: QtBot) -> None:
    carried: list[tuple[QImage, int, int]] = []

    def run(drag_out: QDrag) -> None:
        pixmap = drag_out.pixmap()
        carried.append((drag_out.mimeData().imageData(), pixmap.width(), pixmap.height()))

    image = filled.picture
    assert image is not None
    filled.drag_data = lambda: picture_mime(image, None, None)
    filled.run_drag = run
    view = filled.geometry_shown
    drag(qtbot, filled, QPoint(300, 200), QPoint(360, 260))
    assert [entry[0] == image for entry in carried] == [True]
    assert carried[0][1:] == (112, 112)
    assert filled.geometry_shown == view


@pytest.mark.parametrize("start", [QPoint(300, 200), QPoint(20, 200)])
def test_a_click_or_a_drag_beside_the_picture_takes_nothing_out(
    filled: Canvas, qtbot: QtBot, start: QPoint
) -> None:
    filled.drag_data = QMimeData
    filled.run_drag = lambda _drag: pytest.fail("a picture was dragged out")
    end = start + (QPoint(2, 2) if start.x() == 300 else QPoint(60, 60))
    drag(qtbot, filled, start, end)


def test_no_drag_begins_where_the_window_offers_nothing(filled: Canvas, qtbot: QtBot) -> None:
    filled.drag_data = lambda: None
    filled.run_drag = lambda _drag: pytest.fail("a picture was dragged out")
    drag(qtbot, filled, QPoint(300, 200), QPoint(360, 260))


def test_the_focus_is_seen_when_it_came_by_key(filled: Canvas) -> None:
    filled.clearFocus()
    plain = filled.grab().toImage()
    filled.setFocus(Qt.FocusReason.TabFocusReason)
    assert filled.grab().toImage() != plain
    filled.clearFocus()
    filled.setFocus(Qt.FocusReason.MouseFocusReason)
    assert filled.grab().toImage() == plain


def test_the_focus_frame_outlives_a_look_at_another_window(filled: Canvas, qtbot: QtBot) -> None:
    filled.clearFocus()
    filled.setFocus(Qt.FocusReason.TabFocusReason)
    framed = filled.grab().toImage()
    other = QWidget()
    qtbot.addWidget(other)
    with qtbot.waitActive(other):
        other.show()
        other.activateWindow()
    assert filled.grab().toImage() != framed
    with qtbot.waitActive(filled):
        filled.activateWindow()
    assert filled.hasFocus()
    assert filled.grab().toImage() == framed
