"""Two held pictures and the way between them."""

from __future__ import annotations

from genstudio.recipe.tween import tween
from genstudio.recipe.values import TokenRecipe, WeightedPrompt
from genstudio.studio.blend import CORNERS
from tests.studio.conftest import Desk


def test_sliding_from_a_to_b_passes_the_held_pictures_themselves(desk: Desk) -> None:
    desk.open("tiny-gan")
    blend, editor = desk.studio.blend, desk.studio.editor
    first = editor.recipe
    blend.hold("a")
    editor.roll_seed()
    desk.settle()
    second = editor.recipe
    blend.hold("b")
    assert first is not None
    assert second is not None
    blend.slide(0.0)
    assert editor.recipe == first
    blend.slide(0.25)
    assert editor.recipe == tween(first, second, 0.25)
    desk.settle()
    desk.expect_picture()
    blend.slide(1.0)
    assert editor.recipe == second


def test_a_drag_between_them_is_one_step_in_words(desk: Desk) -> None:
    desk.open("tiny-vae")
    blend, editor = desk.studio.blend, desk.studio.editor
    blend.hold("a")
    editor.roll_seed()
    desk.settle()
    blend.hold("b")
    steps = len(editor.history.steps)
    for share in range(1, 8):
        blend.slide(share / 10, dragging=True)
    editor.finish()
    assert len(editor.history.steps) == steps + 1
    assert editor.history.undo_words == "between A and B: 70 %"


def test_words_cross_over_by_weight(desk: Desk) -> None:
    desk.open("tiny-prior")
    blend, editor = desk.studio.blend, desk.studio.editor
    editor.set_prompts((WeightedPrompt(text="cat"),))
    blend.hold("a")
    editor.set_prompts((WeightedPrompt(text="dog"),))
    blend.hold("b")
    blend.slide(0.25)
    recipe = editor.recipe
    assert isinstance(recipe, TokenRecipe)
    assert {prompt.text: prompt.weight for prompt in recipe.prompts} == {"cat": 0.75, "dog": 0.25}


def test_pictures_of_two_models_have_no_way_between_them(desk: Desk) -> None:
    desk.open("tiny-gan")
    desk.studio.blend.hold("a")
    desk.open("tiny-vae")
    desk.studio.blend.hold("b")
    assert not desk.studio.blend.can_slide
    assert "different models" in desk.messages[-1].text
    desk.studio.blend.slide(0.5)
    recipe = desk.studio.editor.recipe
    assert recipe is not None
    assert recipe.model.id == "tiny-vae"


def test_what_is_let_go_leaves_the_picture(desk: Desk) -> None:
    desk.open("tiny-gan")
    desk.studio.blend.hold("a")
    assert desk.studio.blend.thumbnail("a") is not None
    before = desk.studio.editor.recipe
    desk.studio.blend.let_go()
    assert not desk.studio.blend.holds("a")
    assert desk.studio.editor.recipe == before


def test_four_held_pictures_are_the_corners_of_a_square(desk: Desk) -> None:
    desk.open("tiny-gan")
    blend, editor = desk.studio.blend, desk.studio.editor
    corners = {}
    for end in CORNERS:
        editor.roll_seed()
        desk.settle()
        corners[end] = editor.recipe
        blend.hold(end)
    assert blend.is_square
    for end, place in CORNERS.items():
        blend.slide(*place)
        assert editor.recipe == corners[end]
    blend.slide(0.25, 0.75)
    a, b, c, d = (corners[end] for end in CORNERS)
    assert None not in (a, b, c, d)
    assert editor.recipe == tween(tween(a, b, 0.25), tween(c, d, 0.25), 0.75)
    assert editor.history.undo_words == "between 4 pictures: 25 %, 75 %"
    desk.settle()
    desk.expect_picture()


def test_words_of_four_corners_weigh_as_the_place_lies(desk: Desk) -> None:
    desk.open("tiny-prior")
    blend, editor = desk.studio.blend, desk.studio.editor
    for end, text in zip(CORNERS, ("cat", "dog", "cow", "hen"), strict=True):
        editor.set_prompts((WeightedPrompt(text=text),))
        blend.hold(end)
    blend.slide(0.25, 0.5)
    recipe = editor.recipe
    assert isinstance(recipe, TokenRecipe)
    weights = {prompt.text: round(prompt.weight, 6) for prompt in recipe.prompts}
    assert weights == {"cat": 0.375, "dog": 0.125, "cow": 0.375, "hen": 0.125}


def test_a_corner_that_nothing_is_held_at_leaves_its_side_to_its_neighbour(desk: Desk) -> None:
    desk.open("tiny-vae")
    blend, editor = desk.studio.blend, desk.studio.editor
    held = []
    for end in ("a", "d"):
        editor.roll_seed()
        desk.settle()
        held.append(editor.recipe)
        blend.hold(end)
    first, second = held
    assert None not in (first, second)
    blend.slide(0.9, 0.5)
    assert editor.recipe == tween(first, second, 0.5)


def test_from_a_to_b_it_goes_past_learned_pictures_where_the_model_keeps_some(desk: Desk) -> None:
    desk.open("tiny-vae")
    blend, editor = desk.studio.blend, desk.studio.editor
    first = editor.recipe
    blend.hold("a")
    assert not blend.can_pass_learned
    editor.roll_seed()
    desk.settle()
    second = editor.recipe
    blend.hold("b")
    assert first is not None
    assert second is not None
    assert blend.can_pass_learned
    blend.slide(0.5)
    assert editor.recipe == tween(first, second, 0.5, "learned")
    desk.settle()
    desk.expect_picture()
    blend.pass_learned(False)
    assert editor.recipe == tween(first, second, 0.5)
    editor.roll_seed()
    elsewhere = editor.recipe
    blend.pass_learned(True)
    assert editor.recipe == elsewhere
    blend.hold("c")
    assert not blend.can_pass_learned
    blend.slide(0.5, 0.0)
    assert editor.recipe == tween(first, second, 0.5)


def test_a_model_without_learned_pictures_offers_no_way_past_them(desk: Desk) -> None:
    desk.open("tiny-gan")
    desk.studio.blend.hold("a")
    desk.studio.editor.roll_seed()
    desk.settle()
    desk.studio.blend.hold("b")
    assert not desk.studio.blend.can_pass_learned
