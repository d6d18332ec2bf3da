"""The strip of keyframes by mouse and key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSlider, QSpinBox

from tests.ui.window import Person


def open_strip(person: Person) -> None:
    person.choose("tiny-gan")
    person.window.toggle_dock("walk")
    for seed in (1, 2):
        person.studio.editor.set_seed(seed)
        person.settle()
        person.click("walk-add")


def test_keyframes_come_from_the_canvas_and_play_without_a_step(person: Person) -> None:
    open_strip(person)
    walking, steps = person.studio.walking, person.studio.editor.history.steps
    assert len(walking.walk.keyframes) == 2
    person.click("walk-play")
    person.until(lambda: walking.place > 0.05)
    person.click("walk-play")
    assert not walking.is_playing
    slider = person.find(QSlider, "walk-place")
    slider.setFocus()
    person.bot.keyClick(slider, Qt.Key.Key_End)
    person.until(lambda: walking.place == 1.0)
    assert person.studio.editor.history.steps == steps
    person.bot.keyClick(slider, Qt.Key.Key_Home)
    person.bot.keyClick(slider, Qt.Key.Key_PageUp)
    person.click("walk-take")
    person.settle()
    assert len(person.studio.editor.history.steps) == len(steps) + 1


def test_length_speed_and_way_are_set_and_a_keyframe_goes_with_delete(person: Person) -> None:
    open_strip(person)
    walking = person.studio.walking
    frames = person.find(QSpinBox, "walk-frames")
    frames.setFocus()
    frames.selectAll()
    person.bot.keyClicks(frames, "48")
    person.bot.keyClick(frames, Qt.Key.Key_Return)
    person.until(lambda: walking.walk.frames == 48)
    person.click("walk-loop")
    box = person.find(QComboBox, "walk-how")
    box.setFocus()
    person.bot.keyClick(box, Qt.Key.Key_Down)
    person.until(lambda: walking.walk.how == "linear")
    assert walking.walk.loop
    strip = person.part("walk-strip")
    strip.setFocus()
    person.bot.keyClick(strip, Qt.Key.Key_Home)
    person.bot.keyClick(strip, Qt.Key.Key_Return)
    person.until(lambda: person.recipe == walking.walk.keyframes[0])
    person.bot.keyClick(person.part("walk-panel"), Qt.Key.Key_Delete)
    assert len(walking.walk.keyframes) == 1
    assert not person.part("walk-export").isEnabled()


def test_a_walk_that_the_keys_play_goes_at_its_pace_from_where_it_is(person: Person) -> None:
    open_strip(person)
    walking = person.studio.walking
    walking.change(frames=100_000)
    places: list[float] = []
    walking.moved.connect(lambda _: places.append(walking.place))
    person.control(Qt.Key.Key_P, shift=True)
    person.until(lambda: len(places) > 3)
    assert walking.is_playing
    assert places[-1] < 0.5
    person.control(Qt.Key.Key_P, shift=True)
    assert not walking.is_playing


def test_a_keyframe_that_was_taken_off_is_brought_back(person: Person) -> None:
    open_strip(person)
    walking = person.studio.walking
    before = walking.walk
    strip = person.part("walk-strip")
    strip.setFocus()
    person.bot.keyClick(strip, Qt.Key.Key_Home)
    person.bot.keyClick(strip, Qt.Key.Key_Return)
    person.until(lambda: person.recipe == before.keyframes[0])
    person.click("walk-play")
    person.click("walk-remove")
    assert len(walking.walk.keyframes) == 1
    assert not walking.is_playing
    assert "Keyframe 1 is off the strip." in person.said
    person.answer("Bring it back")
    assert walking.walk == before


def test_a_way_past_learned_pictures_is_on_offer_for_models_that_keep_some(person: Person) -> None:
    open_strip(person)
    box = person.find(QComboBox, "walk-how")
    assert box.findData("learned") < 0
    walking = person.studio.walking
    for index in (1, 0):
        walking.remove(index)
    person.choose("tiny-vae")
    person.click("walk-add")
    assert (box.currentData(), box.currentText()) == ("learned", "past learned pictures")
    box.setFocus()
    person.bot.keyClick(box, Qt.Key.Key_Home)
    person.until(lambda: walking.walk.how == "spherical")
