"""Every step of the history gets its small picture."""

from __future__ import annotations

from tests.studio.conftest import Desk


def test_steps_passed_too_quickly_to_be_shown_get_pictures_too(desk: Desk) -> None:
    desk.open("tiny-gan")
    for tenth in range(1, 6):
        desk.studio.editor.set_control("truncation", tenth / 10)
    history = desk.studio.editor.history
    desk.until(lambda: len(history.thumbnails()) == len(history.steps) == 6)
