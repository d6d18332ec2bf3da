"""The studio's actions as data: each has its own name and shortcut, and answers in every state."""

from __future__ import annotations

from collections import Counter

import pytest

from genstudio.recipe.values import LatentRecipe, WeightedPrompt
from genstudio.studio.actions import MENUS, Action, actions_of
from tests.studio.conftest import Desk, Renders


def rows(desk: Desk) -> dict[str, Action]:
    return {action.id: action for action in actions_of(desk.studio)}


def asked(desk: Desk) -> dict[str, bool]:
    """Ask every row everything it can be asked; which ones are enabled."""
    for action in actions_of(desk.studio):
        words = action.words() if action.words else action.text
        assert words
        assert "{" not in words
        assert action.checked is None or action.checked() in (True, False)
    return {action.id: action.enabled() for action in actions_of(desk.studio)}


def test_ids_and_shortcuts_are_unique_and_every_row_has_its_place(desk: Desk) -> None:
    actions = actions_of(desk.studio)
    ids = Counter(action.id for action in actions)
    assert [name for name, count in ids.items() if count > 1] == []
    keys = Counter(key.casefold() for action in actions for key in action.shortcuts)
    assert [key for key, count in keys.items() if count > 1] == []
    assert {action.menu for action in actions} <= set(MENUS)
    assert all(action.text for action in actions)


def test_before_a_model_is_chosen_nothing_can_be_done_to_a_picture(desk: Desk) -> None:
    assert [name for name, enabled in asked(desk).items() if enabled] == []


@pytest.mark.parametrize("pack_id", ["tiny-gan", "tiny-vae", "tiny-prior"])
def test_every_row_that_is_enabled_can_be_run_on_any_model(desk: Desk, pack_id: str) -> None:
    desk.open(pack_id)
    desk.finish_all()
    enabled = asked(desk)
    assert enabled["draw"]
    assert enabled["best-of"] == (pack_id == "tiny-gan")
    assert enabled["variations"] == (pack_id != "tiny-prior")
    assert enabled["enlarge-2"]
    assert not enabled["enlarge-4"]
    for name, action in rows(desk).items():
        if action.enabled():
            action.run()
            desk.studio.variations.close()
            desk.until(lambda: not desk.studio.queue.waiting)
            desk.settle()
            asked(desk)
            assert desk.told() == [], name
    desk.finish_all()
    desk.expect_picture()


def test_while_a_picture_is_drawn_it_can_be_stopped(renders: Renders, desk: Desk) -> None:
    desk.open("tiny-gan")
    assert not asked(desk)["stop"]
    renders.hold()
    desk.studio.editor.set_seed(4)
    assert asked(desk)["stop"]
    assert not asked(desk)["draw-again"]
    rows(desk)["stop"].run()
    desk.until(lambda: desk.studio.picture.is_stopped)
    enabled = asked(desk)
    assert not enabled["stop"]
    assert enabled["draw-again"]
    renders.release()
    rows(desk)["draw-again"].run()
    desk.settle()
    desk.expect_picture()


def test_undo_says_what_it_would_take_back(desk: Desk) -> None:
    desk.open("tiny-gan")
    undo, redo = rows(desk)["undo"], rows(desk)["redo"]
    assert undo.words
    assert redo.words
    assert (undo.words(), redo.words()) == ("Undo", "Redo")
    desk.studio.editor.set_control("truncation", 0.5)
    assert undo.words() == "Undo truncation 1 → 0.5"
    undo.run()
    assert redo.words() == "Redo truncation 1 → 0.5"
    assert not undo.enabled()
    assert redo.enabled()


def test_enlarging_is_on_and_off(desk: Desk) -> None:
    desk.open("tiny-gan")
    enlarge = rows(desk)["enlarge-2"]
    assert enlarge.checked
    enlarge.run()
    assert enlarge.checked()
    enlarge.run()
    assert not enlarge.checked()
    assert len(desk.studio.editor.history.steps) == 3


def test_the_best_of_several_is_one_step_that_the_critic_likes_at_least_as_well(
    desk: Desk,
) -> None:
    desk.open("tiny-gan")
    desk.until(lambda: desk.studio.picture.score is not None)
    before, score = desk.studio.editor.recipe, desk.studio.picture.score
    rows(desk)["best-of"].run()
    assert desk.studio.queue.waiting == 1
    desk.until(lambda: not desk.studio.queue.waiting)
    desk.settle()
    desk.until(lambda: desk.studio.picture.score is not None)
    assert score is not None
    assert desk.studio.picture.score is not None
    assert desk.studio.picture.score >= score
    desk.expect_picture()
    if desk.studio.editor.recipe != before:
        assert desk.studio.editor.history.undo_words == "best of 16"
        desk.studio.editor.undo()
    assert desk.studio.editor.recipe == before


def test_the_best_of_several_token_pictures_wants_words_and_tells_how_they_fit(
    desk: Desk,
) -> None:
    desk.open("tiny-prior")
    assert not asked(desk)["best-of"]
    desk.studio.editor.set_prompts((WeightedPrompt(text="red cat"),))
    assert not asked(desk)["best-of"]
    desk.studio.editor.set_control("guidance", 3)
    assert asked(desk)["best-of"]
    desk.settle()
    rows(desk)["best-of"].run()
    desk.until(lambda: desk.studio.picture.score is not None)
    best = desk.studio.picture.score
    desk.expect_picture()
    desk.studio.editor.set_control("temperature", 0.5)
    desk.settle()
    assert desk.studio.picture.score is None
    desk.studio.editor.undo()
    assert desk.studio.picture.score == best


def test_a_picture_that_is_the_best_already_gets_its_score(desk: Desk) -> None:
    desk.open("tiny-prior")
    desk.studio.editor.set_prompts((WeightedPrompt(text="red cat"),))
    desk.studio.editor.set_control("guidance", 3)
    desk.settle()
    recipe = desk.studio.editor.recipe
    assert desk.studio.picture.score is None
    desk.studio.best_of(1)
    desk.until(lambda: desk.studio.picture.score is not None)
    assert desk.studio.editor.recipe == recipe


def test_best_of_that_is_cancelled_changes_nothing(desk: Desk) -> None:
    desk.open("tiny-gan")
    recipe = desk.studio.editor.recipe
    assert isinstance(recipe, LatentRecipe)
    desk.studio.best_of(2000)
    rows(desk)["cancel-jobs"].run()
    desk.finish_all()
    assert desk.studio.editor.recipe == recipe
    assert [row.state for row in desk.studio.queue.rows] == ["stopped"]
    rows(desk)["clear-jobs"].run()
    assert desk.studio.queue.rows == ()
