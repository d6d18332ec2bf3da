"""A walk is put together, looked at without a trace, saved, and rendered into the same film."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from genstudio.base.errors import RecipeError
from genstudio.cli.main import main
from genstudio.media.walk import Walk, decode_walk, encode_walk, recipe_at, recipes_of
from genstudio.recipe.png import read_recipe
from genstudio.recipe.values import FromSeed, LatentRecipe, ModelRef
from tests.studio.conftest import Desk, rendered


def recipe(seed: int, model: str = "tiny-gan") -> LatentRecipe:
    return LatentRecipe(model=ModelRef(id=model), source=FromSeed(seed=seed))


def strip(desk: Desk, *seeds: int) -> None:
    desk.open("tiny-gan")
    for seed in seeds:
        desk.studio.editor.set_seed(seed)
        desk.settle()
        desk.studio.walking.add()


def test_keyframes_are_added_moved_and_removed_with_their_pictures(desk: Desk) -> None:
    strip(desk, 1, 2, 3)
    walking = desk.studio.walking
    seeds = [k.source.seed for k in walking.walk.keyframes]  # type: ignore[union-attr]
    assert seeds == [1, 2, 3]
    assert all(walking.thumbnail(index) is not None for index in range(3))
    walking.move(2, -2)
    walking.remove(1)
    seeds = [k.source.seed for k in walking.walk.keyframes]  # type: ignore[union-attr]
    assert seeds == [3, 2]
    walking.remove(0)
    assert not walking.can_go
    desk.studio.messages.choose("walk", "Bring it back")
    assert len(walking.walk.keyframes) == 2


def test_a_strip_goes_past_learned_pictures_where_its_model_keeps_some(desk: Desk) -> None:
    strip(desk, 1)
    walking = desk.studio.walking
    assert (walking.can_pass_learned, walking.walk.how) == (False, "spherical")
    walking.remove(0)
    desk.open("tiny-vae")
    walking.add()
    assert (walking.can_pass_learned, walking.walk.how) == (True, "learned")
    desk.studio.editor.set_seed(9)
    desk.settle()
    walking.add()
    walking.look(0.5)
    middle = recipe_at(walking.walk, 0.5)
    desk.until(
        lambda: desk.studio.picture.rendering and desk.studio.picture.rendering.recipe == middle
    )
    np.testing.assert_array_equal(desk.shown(), rendered(middle))
    walking.remove(1)
    walking.remove(0)
    desk.open("tiny-gan")
    walking.add()
    assert walking.walk.how == "spherical"


def test_flowing_past_keyframes_goes_along_the_sphere(desk: Desk) -> None:
    keyframes = tuple(recipe(seed, "tiny-vae") for seed in (1, 2, 3))
    flowing = [
        recipe_at(Walk(keyframes=keyframes, easing="flow", how=how), 0.3)
        for how in ("spherical", "learned", "linear")
    ]
    assert flowing[0] == flowing[1] != flowing[2]


def test_a_picture_of_another_model_is_refused_and_the_strip_stays(desk: Desk) -> None:
    strip(desk, 1)
    desk.open("tiny-vae")
    desk.studio.walking.add()
    assert len(desk.studio.walking.walk.keyframes) == 1
    assert any("different models" in text for text in desk.told())


def test_looking_and_playing_leave_no_step_and_stop_shows_the_picture_again(desk: Desk) -> None:
    strip(desk, 1, 2)
    walking, steps = desk.studio.walking, desk.studio.editor.history.steps
    before = desk.shown()
    walking.look(0.5)
    middle = recipe_at(walking.walk, 0.5)
    desk.until(
        lambda: desk.studio.picture.rendering and desk.studio.picture.rendering.recipe == middle
    )
    np.testing.assert_array_equal(desk.shown(), rendered(middle))
    walking.play()
    walking.advance(walking.walk.seconds / 4)
    assert walking.is_playing
    assert walking.place == pytest.approx(0.75)
    walking.advance(walking.walk.seconds)
    assert not walking.is_playing
    walking.stop()
    desk.settle()
    np.testing.assert_array_equal(desk.shown(), before)
    assert desk.studio.editor.history.steps == steps
    walking.change(loop=True)
    walking.play()
    walking.advance(walking.walk.seconds * 1.5)
    assert walking.is_playing
    assert 0 < walking.place < 1


def test_what_is_previewed_is_kept_as_one_step(desk: Desk) -> None:
    strip(desk, 1, 2)
    walking = desk.studio.walking
    walking.look(0.25)
    walking.take()
    desk.settle()
    assert desk.studio.editor.recipe == recipe_at(walking.walk, 0.25)
    assert desk.studio.editor.history.undo_words == "from the walk, 25 %"


def test_a_walk_by_chance_has_pictures_of_other_seeds(desk: Desk) -> None:
    desk.open("tiny-gan")
    walking = desk.studio.walking
    walking.add_random(4)
    assert len(set(walking.walk.keyframes)) == 5
    desk.until(lambda: all(walking.thumbnail(index) is not None for index in range(5)))


def test_the_window_and_the_command_make_the_same_film(desk: Desk, tmp_path: Path) -> None:
    strip(desk, 1, 2, 3)
    walking = desk.studio.walking
    walking.change(frames=9, fps=10, easing="linear")
    walking.save(tmp_path / "trip.walk.json")
    walking.export(tmp_path / "window")
    desk.until(lambda: sum("Saved" in text for text in desk.told()) == 2)
    status = main(["walk", str(tmp_path / "trip.walk.json"), "--out", str(tmp_path / "command")])
    assert status == 0
    ours, theirs = sorted((tmp_path / "window").iterdir()), sorted((tmp_path / "command").iterdir())
    assert len(ours) == 9
    for a, b, wanted in zip(ours, theirs, recipes_of(walking.walk), strict=True):
        assert read_recipe(a) == read_recipe(b) == wanted
        np.testing.assert_array_equal(np.asarray(Image.open(a)), np.asarray(Image.open(b)))
    np.testing.assert_array_equal(
        np.asarray(Image.open(ours[4])), rendered(walking.walk.keyframes[1])
    )


def test_a_film_is_stopped_in_the_list_of_jobs_and_leaves_nothing_half_made(
    desk: Desk, tmp_path: Path
) -> None:
    strip(desk, 1, 2)
    desk.studio.walking.change(frames=100_000)
    desk.studio.walking.export(tmp_path / "long.gif")
    desk.until(lambda: any(row.done > 0 for row in desk.studio.queue.rows))
    desk.studio.queue.cancel_all()
    desk.finish_all()
    assert list(tmp_path.glob("*.gif")) == []


def test_a_saved_walk_is_opened_again(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "trip.walk.json"
    walk = Walk(keyframes=(recipe(4), recipe(5)), frames=30, loop=True)
    path.write_bytes(encode_walk(walk))
    desk.until(lambda: desk.studio.models.packs)
    desk.studio.open_files([path])
    desk.until(lambda: desk.studio.walking.walk == walk)
    desk.until(lambda: desk.studio.walking.thumbnail(1) is not None)


def test_a_loop_comes_back_without_a_jump() -> None:
    walk = Walk(keyframes=(recipe(1), recipe(2)), frames=10, loop=True, easing="linear")
    made = list(recipes_of(walk))
    assert made[0] == recipe(1)
    assert made[5] == recipe(2)
    assert made[9] != made[0]
    assert recipe_at(walk, 1.0) == recipe(1)


@pytest.mark.parametrize("loop", [True, False])
def test_a_flowing_walk_is_previewed_as_it_is_filmed_and_never_stops(
    home: Path,
    loop: bool,
) -> None:
    keyframes = tuple(recipe(seed) for seed in range(5))
    walk = Walk(keyframes=keyframes, frames=24, easing="flow", loop=loop)
    recipes = list(recipes_of(walk))
    assert len(set(recipes)) == 24
    assert recipes[7] == recipe_at(walk, 7 / (24 if loop else 23))
    frames = [rendered(one).astype(float) for one in recipes]
    apart = [np.abs(a - b).mean() for a, b in pairwise([*frames, frames[0]] if loop else frames)]
    assert min(apart) > 0
    assert max(apart) < 6 * np.median(apart)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is not a GenStudio walk"),
        (b'{"format": "genstudio-recipe", "version": 1}', "give a file that was saved as one"),
        (b'{"format": "genstudio-walk", "version": 9}', "newer GenStudio"),
        (b'{"format": "genstudio-walk", "version": 1, "walk": {"frames": 1}}', "damaged walk"),
    ],
)
def test_a_file_that_is_no_walk_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        decode_walk(data, "x.walk.json")


def test_a_walk_of_one_keyframe_cannot_be_gone() -> None:
    with pytest.raises(RecipeError, match="two or more"):
        list(recipes_of(Walk(keyframes=(recipe(1),))))


def test_a_gif_of_a_walk_has_its_frames(desk: Desk, tmp_path: Path) -> None:
    strip(desk, 1, 2)
    desk.studio.walking.change(frames=6, fps=10)
    desk.studio.walking.export(tmp_path / "trip.gif")
    desk.until(lambda: (tmp_path / "trip.gif").exists())
    with Image.open(tmp_path / "trip.gif") as film:
        assert sum(1 for _ in ImageSequence.Iterator(film)) == 6
