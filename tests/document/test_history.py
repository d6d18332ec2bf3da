"""The history as a person meets it: back, forth, drags that are one step, thumbnails."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from genstudio.document.history import History, Step
from genstudio.recipe.values import FromSeed, LatentRecipe, ModelRef, Recipe

MODEL = ModelRef(id="tiny")


def recipe(seed: int, truncation: float = 1.0) -> LatentRecipe:
    return LatentRecipe(model=MODEL, source=FromSeed(seed=seed), truncation=truncation)


def way(before: Recipe | None, after: Recipe) -> str:
    def told(value: Recipe | None) -> str:
        return f"{value.truncation:g}" if isinstance(value, LatentRecipe) else "nothing"

    return f"{told(before)} to {told(after)}"


def words_of(history: History) -> list[str]:
    return [step.words for step in history.steps]


@pytest.fixture
def history() -> History:
    """Seeds 1, 2 and 3, the third shown."""
    made = History()
    made.start(recipe(1), "start")
    made.push(recipe(2), "seed 2")
    made.push(recipe(3), "seed 3")
    return made


def test_undo_and_redo_walk_the_recipes_and_tell_in_words(history: History) -> None:
    assert (history.undo_words, history.redo_words) == ("seed 3", "")
    back = history.undo()
    assert back is not None
    assert back.recipe == recipe(2)
    assert (history.undo_words, history.redo_words) == ("seed 2", "seed 3")
    assert history.undo() is history.steps[0]
    assert (history.can_undo, history.can_redo) == (False, True)
    assert history.undo() is None
    forth = history.redo()
    assert forth is not None
    assert forth.recipe == recipe(2)
    history.redo()
    assert history.redo() is None


def test_an_empty_history_has_nothing_to_give() -> None:
    history = History()
    assert (history.current, history.index, history.steps) == (None, -1, ())
    assert (history.undo(), history.redo(), history.go_to(0)) == (None, None, None)
    assert (history.undo_words, history.redo_words) == ("", "")


def test_the_first_push_starts_the_history() -> None:
    history = History()
    history.push(recipe(1), way, "a drag")
    assert words_of(history) == ["nothing to 1"]
    assert not history.can_undo


def test_a_new_step_drops_the_undone_ones(history: History) -> None:
    history.undo()
    history.undo()
    history.push(recipe(9), "seed 9")
    assert words_of(history) == ["start", "seed 9"]
    assert not history.can_redo


def test_an_equal_recipe_makes_no_step_and_keeps_the_undone_ones(history: History) -> None:
    history.undo()
    assert history.push(recipe(2), "again") is history.current
    assert words_of(history) == ["start", "seed 2", "seed 3"]
    assert history.can_redo


def test_a_drag_is_one_step_told_from_its_beginning(history: History) -> None:
    numbers = {
        history.push(recipe(3, amount), way, "truncation").number for amount in (0.9, 0.7, 0.5)
    }
    assert len(numbers) == 1
    assert words_of(history)[3:] == ["1 to 0.5"]
    assert history.undo() == history.steps[2]


def test_the_next_drag_of_the_same_slider_is_a_step_of_its_own(history: History) -> None:
    history.push(recipe(3, 0.9), way, "truncation")
    history.seal()
    history.push(recipe(3, 0.8), way, "truncation")
    history.push(recipe(3, 0.7), way, "truncation")
    assert words_of(history)[3:] == ["1 to 0.9", "0.9 to 0.7"]


@pytest.mark.parametrize("key", [None, "another"])
def test_only_pushes_of_the_same_drag_merge(history: History, key: str | None) -> None:
    history.push(recipe(3, 0.9), way, "truncation")
    history.push(recipe(3, 0.8), way, key)
    history.push(recipe(3, 0.7), way, "truncation")
    assert words_of(history)[3:] == ["1 to 0.9", "0.9 to 0.8", "0.8 to 0.7"]


def test_steps_without_a_merge_key_never_merge(history: History) -> None:
    history.push(recipe(3, 0.9), way)
    history.push(recipe(3, 0.8), way)
    assert len(history.steps) == 5


def test_going_back_and_forth_ends_a_drag(history: History) -> None:
    history.push(recipe(3, 0.9), way, "truncation")
    history.undo()
    history.redo()
    history.push(recipe(3, 0.8), way, "truncation")
    assert words_of(history)[3:] == ["1 to 0.9", "0.9 to 0.8"]


def test_a_drag_back_to_where_it_began_leaves_no_step_and_may_go_on(history: History) -> None:
    history.push(recipe(3, 0.9), way, "truncation")
    assert history.push(recipe(3), way, "truncation") == history.steps[2]
    assert words_of(history) == ["start", "seed 2", "seed 3"]
    history.push(recipe(3, 0.8), way, "truncation")
    history.push(recipe(3, 0.7), way, "truncation")
    assert words_of(history)[3:] == ["1 to 0.7"]


def test_any_step_can_be_gone_to_by_its_number(history: History) -> None:
    first = history.steps[0]
    assert history.go_to(first.number) is first
    assert history.index == 0
    assert history.go_to(999) is None
    assert history.index == 0


def test_beyond_the_limit_the_oldest_steps_go_with_their_thumbnails() -> None:
    history = History(limit=3)
    first = history.start(recipe(0), "start")
    history.set_thumbnail(first.number, np.zeros((8, 8, 3), np.uint8))
    for seed in range(1, 5):
        history.push(recipe(seed), f"seed {seed}")
    assert words_of(history) == ["seed 2", "seed 3", "seed 4"]
    assert history.current is history.steps[2]
    assert history.thumbnails() == {}


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_thumbnail_is_small_and_rgb_whatever_the_picture(history: History, channels: int) -> None:
    number = history.steps[1].number
    picture = np.full((400, 800, channels), 255, np.uint8)
    history.set_thumbnail(number, picture)
    picture[:] = 0
    small = history.thumbnail(number)
    assert small is not None
    assert small.shape == (48, 96, 3)
    assert small.min() == 255


def test_a_thumbnail_that_comes_too_late_is_passed_over(history: History) -> None:
    gone = history.steps[2].number
    history.undo()
    history.push(recipe(9), "seed 9")
    history.set_thumbnail(gone, np.zeros((8, 8, 3), np.uint8))
    assert history.thumbnail(gone) is None


def test_a_drag_that_goes_on_lets_go_of_the_picture_before(history: History) -> None:
    number = history.push(recipe(3, 0.9), way, "truncation").number
    history.set_thumbnail(number, np.zeros((8, 8, 3), np.uint8), recipe(3, 0.9))
    assert history.thumbnail(number) is not None
    history.push(recipe(3, 0.8), way, "truncation")
    assert history.thumbnail(number) is None
    history.set_thumbnail(number, np.zeros((8, 8, 3), np.uint8), recipe(3, 0.9))
    assert history.thumbnail(number) is None
    history.set_thumbnail(number, np.zeros((8, 8, 3), np.uint8), recipe(3, 0.8))
    assert history.thumbnail(number) is not None


def test_observers_hear_of_every_change_and_of_nothing_else(history: History) -> None:
    heard: list[object] = []
    history.changed.connect(heard.append)
    history.thumbnail_changed.connect(heard.append)
    history.push(recipe(3), "equal")
    history.seal()
    assert heard == []
    history.undo()
    history.redo()
    history.push(recipe(4), "seed 4")
    history.go_to(history.steps[0].number)
    assert heard == [None] * 4
    history.set_thumbnail(history.steps[1].number, np.zeros((8, 8, 3), np.uint8))
    assert heard[4:] == [history.steps[1].number]


def test_a_restored_history_takes_new_numbers_and_keeps_its_thumbnails(history: History) -> None:
    history.set_thumbnail(history.steps[2].number, np.full((8, 8, 3), 7, np.uint8))
    steps, thumbnails = history.steps, history.thumbnails()
    history.restore(steps[1:], 1, thumbnails)
    assert words_of(history) == ["seed 2", "seed 3"]
    assert history.current is history.steps[1]
    assert not {step.number for step in steps} & {step.number for step in history.steps}
    kept = history.thumbnail(history.steps[1].number)
    assert kept is not None
    assert (kept == 7).all()
    history.push(recipe(4), "seed 4", None)
    assert len({step.number for step in history.steps}) == 3


def test_restoring_more_steps_than_the_limit_keeps_the_newest() -> None:
    history = History(limit=2)
    history.restore([Step(n, recipe(n), f"seed {n}") for n in range(4)], 3)
    assert words_of(history) == ["seed 2", "seed 3"]
    assert history.index == 1


@given(st.lists(st.sampled_from(["push", "drag", "seal", "undo", "redo"]), max_size=40), st.data())
@settings(max_examples=150, deadline=None)
def test_undoing_everything_and_redoing_it_gives_the_same_recipes(
    actions: list[str], data: st.DataObject
) -> None:
    history = History()
    history.start(recipe(0), "start")
    for action in actions:
        if action in ("push", "drag"):
            changed = replace(recipe(0), truncation=data.draw(st.integers(-5, 5)))
            history.push(changed, way, "key" if action == "drag" else None)
        else:
            getattr(history, action)()
    recipes = [step.recipe for step in history.steps]
    assert all(a != b for a, b in pairwise(recipes))
    while history.undo():
        pass
    walked: list[Recipe] = [recipe(0)]
    while step := history.redo():
        walked.append(step.recipe)
        assert step.words == way(walked[-2], walked[-1])
    assert walked == recipes
