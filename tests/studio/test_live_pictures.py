"""Drags, quick changes and going back: the canvas ends on what is wanted, and only on that."""

from __future__ import annotations

import threading

import numpy as np

from genstudio.engine.rendering import Rendering
from genstudio.media.thumbnails import thumbnail_of
from genstudio.recipe.values import LatentRecipe, Recipe, TokenRecipe
from genstudio.studio.queue import Made
from tests.studio.conftest import Desk, Renders, rendered

MOVES = 200


def truncations(recipes: list[Recipe]) -> list[float]:
    return [recipe.truncation for recipe in recipes if isinstance(recipe, LatentRecipe)]


def test_a_drag_of_many_moves_renders_the_running_and_the_newest_position_only(
    renders: Renders, desk: Desk
) -> None:
    desk.open("tiny-gan")
    renders.recipes.clear()
    renders.hold()
    for move in range(MOVES):
        desk.studio.editor.set_control("truncation", move / MOVES, dragging=True)
        if move == 0:
            desk.until(lambda: renders.recipes)
    desk.studio.editor.finish()
    renders.release()
    desk.settle()
    assert truncations(renders.recipes) == [0.0, (MOVES - 1) / MOVES]
    desk.expect_picture()


def test_a_drag_shows_frames_on_its_way_that_only_go_forward(desk: Desk) -> None:
    desk.open("tiny-gan")
    picture, frames = desk.studio.picture, [desk.studio.picture.rendering]

    def look(_: None) -> None:
        if picture.rendering is not frames[-1]:
            frames.append(picture.rendering)

    picture.changed.connect(look)
    for move in range(MOVES):
        desk.studio.editor.set_control("truncation", move / MOVES, dragging=True)
        if move % 10 == 9:
            count = len(frames)
            desk.until(lambda count=count: len(frames) > count)
    desk.studio.editor.finish()
    desk.settle()
    shown = truncations([frame.recipe for frame in frames[1:] if frame])
    assert shown == sorted(set(shown))
    assert len(shown) >= MOVES // 10
    assert shown[-1] == (MOVES - 1) / MOVES
    desk.expect_picture()


def test_a_drag_leaves_enlarging_to_its_end(renders: Renders, desk: Desk) -> None:
    desk.open("tiny-gan")
    editor = desk.studio.editor
    editor.enlarge(desk.studio.upscaler(2))
    desk.settle()
    assert desk.shown().shape == (32, 32, 3)
    editor.set_control("truncation", 0.3, dragging=True)
    desk.settle()
    assert desk.shown().shape == (16, 16, 3)
    editor.finish()
    desk.settle()
    assert desk.shown().shape == (32, 32, 3)
    desk.expect_picture()


def test_a_late_picture_never_replaces_the_one_that_undo_brought_back(
    renders: Renders, desk: Desk
) -> None:
    desk.open("tiny-gan")
    editor, picture = desk.studio.editor, desk.studio.picture
    before = desk.shown()
    renders.hold()
    editor.set_seed(5)
    desk.until(lambda: renders.recipes[-1] == editor.recipe)
    late = editor.recipe
    editor.undo()
    assert desk.shown() is before
    assert not picture.is_busy
    renders.release()
    desk.until(lambda: late is not None and picture.known(late))
    assert desk.shown() is before
    desk.expect_picture()


def test_redo_to_what_still_runs_shows_it_when_it_comes(renders: Renders, desk: Desk) -> None:
    desk.open("tiny-gan")
    editor, picture = desk.studio.editor, desk.studio.picture
    count = len(renders.recipes)
    renders.hold()
    editor.set_seed(5)
    desk.until(lambda: len(renders.recipes) == count + 1)
    editor.undo()
    editor.redo()
    assert picture.is_busy
    renders.release()
    desk.settle()
    assert len(renders.recipes) == count + 1
    desk.expect_picture()


def test_there_and_back_while_the_first_one_runs_makes_it_once(
    renders: Renders, desk: Desk
) -> None:
    desk.open("tiny-gan")
    editor = desk.studio.editor
    count = len(renders.recipes)
    renders.hold()
    editor.set_seed(5)
    desk.until(lambda: len(renders.recipes) == count + 1)
    editor.set_seed(6)
    editor.set_seed(5)
    renders.release()
    desk.settle()
    desk.finish_all()
    assert renders.recipes.count(editor.recipe) == 1
    desk.expect_picture()


def test_another_model_stops_what_the_one_before_draws(renders: Renders, desk: Desk) -> None:
    desk.open("tiny-gan")
    desk.open("tiny-prior")
    editor, picture = desk.studio.editor, desk.studio.picture
    renders.hold()
    editor.set_seed(5)
    desk.until(lambda: renders.recipes[-1] == editor.recipe)
    models: list[str] = []
    picture.changed.connect(
        lambda _: models.append(picture.rendering.recipe.model.id) if picture.rendering else None
    )
    stopped = editor.recipe
    editor.choose_model("tiny-vae")
    desk.until(lambda: renders.recipes[-1] == editor.recipe)  # though nothing was released
    renders.release()
    desk.settle()
    desk.expect_picture()
    assert stopped is not None
    assert picture.known(stopped) is None
    assert models[-1] == "tiny-vae"


def test_a_long_drawing_makes_room_for_the_next_intention(renders: Renders, desk: Desk) -> None:
    desk.open("tiny-prior")
    editor = desk.studio.editor
    renders.hold()
    editor.set_seed(5)
    desk.until(lambda: renders.recipes[-1] == editor.recipe)
    editor.set_seed(6)
    desk.until(lambda: renders.recipes[-1] == editor.recipe)  # though nothing was released
    renders.release()
    desk.settle()
    assert isinstance(editor.recipe, TokenRecipe)
    assert editor.recipe.seed == 6
    desk.expect_picture()


def test_switching_models_quickly_ends_on_the_last_one(desk: Desk) -> None:
    desk.open("tiny-gan")
    for _ in range(5):
        for pack_id in ("tiny-prior", "tiny-vae", "tiny-gan"):
            desk.studio.editor.choose_model(pack_id)
    desk.studio.editor.choose_model("tiny-vae")
    desk.settle()
    desk.finish_all()
    desk.expect_picture()


def test_stopping_keeps_what_is_there_and_the_drawing_can_be_finished(
    slow_previews: threading.Event, desk: Desk
) -> None:
    desk.open("tiny-prior")
    picture = desk.studio.picture
    whole = desk.shown()
    slow_previews.clear()
    desk.studio.editor.set_seed(11)
    desk.until(lambda: picture.partial is not None)
    assert picture.fraction is not None
    picture.stop()
    slow_previews.set()
    desk.until(lambda: picture.is_stopped)
    partial = picture.partial
    assert partial is not None
    assert not picture.is_busy
    assert picture.fraction is None
    assert picture.rendering is not None
    assert picture.rendering.pixels is whole
    desk.finish_all()
    assert picture.partial is partial
    picture.draw_again()
    assert not picture.is_stopped
    desk.settle()
    assert picture.partial is None
    desk.expect_picture()


def test_stopping_before_anything_is_drawn_keeps_the_picture_before(
    renders: Renders, desk: Desk
) -> None:
    desk.open("tiny-gan")
    before = desk.shown()
    renders.hold()
    desk.studio.editor.set_seed(1)
    desk.studio.picture.stop()
    desk.until(lambda: desk.studio.picture.is_stopped)
    assert desk.shown() is before
    desk.studio.editor.undo()
    assert desk.studio.picture.is_current
    assert not desk.studio.picture.is_stopped
    renders.release()


def test_a_live_picture_within_a_batch_of_the_same_model_leaves_both_right(desk: Desk) -> None:
    desk.open("tiny-prior")
    studio = desk.studio
    made: list[Made] = []
    live: list[Rendering] = []
    studio.queue.made.connect(made.append)
    studio.make_batch(200, 500, (), None)
    desk.until(lambda: made)
    for seed in range(6):
        studio.editor.set_seed(seed)
        desk.settle()
        assert studio.picture.rendering is not None
        live.append(studio.picture.rendering)
    assert studio.queue.waiting > 0, "the live pictures came between those of the batch"
    desk.until(lambda: not studio.queue.waiting)
    for rendering in live:
        np.testing.assert_array_equal(rendering.pixels, rendered(rendering.recipe))
    for one in made[::40]:
        np.testing.assert_array_equal(one.thumbnail, thumbnail_of(rendered(one.recipe)))
