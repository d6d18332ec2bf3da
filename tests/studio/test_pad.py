"""The latent pad: two directions as one change, and what lies at the edges."""

from __future__ import annotations

from genstudio.recipe.values import LatentRecipe
from genstudio.studio.pad import EDGES, REACH
from tests.studio.conftest import Desk


def moves(desk: Desk) -> dict[str, float]:
    recipe = desk.studio.editor.recipe
    assert isinstance(recipe, LatentRecipe)
    return {move.direction: move.amount for move in recipe.moves}


def opened(desk: Desk, pack_id: str) -> None:
    desk.open(pack_id)
    desk.until(lambda: desk.studio.sliders.directions is not None)


def test_a_drag_over_the_square_moves_both_directions_as_one_step(desk: Desk) -> None:
    opened(desk, "tiny-gan")
    pad, history = desk.studio.pad, desk.studio.editor.history
    steps = len(history.steps)
    for tenth in range(1, 6):
        pad.move_to(tenth / 10, -tenth / 10, dragging=True)
    desk.studio.editor.finish()
    desk.settle()
    assert pad.axes is not None
    right, up = pad.axes
    assert moves(desk) == {right: 0.5 * REACH, up: -0.5 * REACH}
    assert len(history.steps) == steps + 1
    assert pad.position == (0.5, -0.5)
    desk.expect_picture()
    desk.studio.editor.undo()
    assert pad.position == (0.0, 0.0)


def test_other_directions_are_remembered_for_each_model(desk: Desk) -> None:
    opened(desk, "tiny-gan")
    pad = desk.studio.pad
    names = pad.names
    pad.choose(names[2], names[0])
    pad.choose(names[1], names[1])
    assert pad.axes == (names[2], names[0]), "the two are never the same"
    opened(desk, "tiny-vae")
    assert pad.axes == (pad.names[0], pad.names[1])
    desk.studio.editor.undo()
    assert pad.axes == (names[2], names[0])


def test_the_edges_show_what_lies_there_once_somebody_looks(desk: Desk) -> None:
    opened(desk, "tiny-vae")
    pad = desk.studio.pad
    desk.finish_all()
    assert pad.thumbnails == {}
    pad.wants_pictures = True
    pad.look_around()
    desk.until(lambda: set(pad.thumbnails) == set(EDGES))
    before = dict(pad.thumbnails)
    pad.move_to(0.3, 0.3)
    desk.settle()
    desk.finish_all()
    assert all(pad.thumbnails[place] is before[place] for place in EDGES), (
        "moving here changes none"
    )
    desk.studio.editor.roll_seed()
    desk.settle()
    desk.until(lambda: set(pad.thumbnails) == set(EDGES))
    assert any((pad.thumbnails[place] != before[place]).any() for place in EDGES)


def test_a_model_without_latents_has_no_pad(desk: Desk) -> None:
    desk.open("tiny-prior")
    assert desk.studio.pad.axes is None
    before = desk.studio.editor.recipe
    desk.studio.pad.move_to(1, 1)
    assert desk.studio.editor.recipe == before
