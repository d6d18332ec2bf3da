"""`genstudio generate` with every kind of model and every kind of start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genstudio.recipe.png import read_recipe
from genstudio.recipe.values import (
    LatentRecipe,
    TokenRecipe,
    UpscaleRecipe,
    Varied,
    WeightedPrompt,
)
from tests.cli.conftest import Run


def pixels(path: str | Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def photo(path: Path, width: int = 40, height: int = 30, colour: tuple[int, ...] = (200, 80, 20)):
    image = Image.new("RGB", (width, height), colour)
    image.paste((20, 80, 200), (0, 0, width // 2, height // 2))
    image.save(path)
    return path


def test_a_seed_gives_the_same_picture_twice(run: Run) -> None:
    for name in ("a.png", "b.png"):
        done = run("generate", "--model", "tiny-gan", "--seed", 7, "--out", name)
        assert done.status == 0, done.err
        assert done.out.startswith(f"{name} (tiny-gan, seed 7, 16 x 16, on ")
    assert np.array_equal(pixels("a.png"), pixels("b.png"))
    assert pixels("a.png").shape == (16, 16, 3)


def test_without_a_seed_a_random_one_is_taken_and_told(run: Run) -> None:
    first = run("generate", "--model", "tiny-gan", "--json").facts["pictures"][0]
    second = run("generate", "--model", "tiny-gan", "--json").facts["pictures"][0]
    assert first["seed"] != second["seed"]
    again = run("generate", "--model", "tiny-gan", "--seed", first["seed"], "--out", "again.png")
    assert again.status == 0
    assert np.array_equal(pixels(first["file"]), pixels("again.png"))


def test_a_count_gives_the_seeds_from_there_on(run: Run) -> None:
    done = run("generate", "--model", "tiny-gan", "--seed", 5, "--count", 12, "--out", "hill.png")
    assert done.status == 0
    assert [path.name for path in sorted(Path().glob("hill-*.png"))][:2] == [
        "hill-01.png",
        "hill-02.png",
    ]
    run("generate", "--model", "tiny-gan", "--seed", 16, "--out", "alone.png")
    assert np.array_equal(pixels("hill-12.png"), pixels("alone.png"))


def test_candidates_of_a_prompt_are_each_what_they_are_alone(run: Run) -> None:
    words = ("generate", "--model", "tiny-prior", "red cat", "--out")
    assert run(*words, "cats", "--seed", 3, "--count", 3).status == 0
    assert run(*words, "alone.png", "--seed", 5).status == 0
    assert np.array_equal(pixels("cats/tiny-prior-5.png"), pixels("alone.png"))


def test_a_blend_of_prompts_is_in_the_recipe(run: Run) -> None:
    run("generate", "--model", "tiny-prior", "red cat::2 | blue house", "--out", "blend.png")
    recipe = read_recipe(Path("blend.png"))
    assert isinstance(recipe, TokenRecipe)
    assert recipe.prompts == (
        WeightedPrompt(text="red cat", weight=2.0),
        WeightedPrompt(text="blue house"),
    )


def test_the_model_that_takes_prompts_is_found_when_it_is_the_only_one(run: Run) -> None:
    done = run("generate", "red cat", "--json")
    assert done.facts["pictures"][0]["model"] == "tiny-prior"


def test_controls_change_the_picture_and_are_in_the_recipe(run: Run) -> None:
    run("generate", "--model", "tiny-gan", "--seed", 1, "--out", "plain.png")
    done = run(
        "generate", "--model", "tiny-gan", "--seed", 1, "--set", "truncation=0.5",
        "--set", "mix-layers=0-1", "--set", "mix-seed=9", "--set", "noise-strength=0",
        "--out", "turned.png",
    )  # fmt: skip
    assert done.status == 0, done.err
    recipe = read_recipe(Path("turned.png"))
    assert isinstance(recipe, LatentRecipe)
    assert (recipe.truncation, recipe.noise_strength) == (0.5, 0.0)
    assert recipe.mixing[0].layers == (0, 2)
    assert not np.array_equal(pixels("plain.png"), pixels("turned.png"))


def test_a_found_direction_can_be_set_like_a_control(run: Run) -> None:
    run("generate", "--model", "tiny-gan", "--seed", 1, "--out", "plain.png")
    done = run(
        "generate", "--model", "tiny-gan", "--seed", 1, "--set", "principal 1@0-2=2",
        "--out", "moved.png",
    )  # fmt: skip
    assert done.status == 0, done.err
    recipe = read_recipe(Path("moved.png"))
    assert isinstance(recipe, LatentRecipe)
    assert (recipe.moves[0].direction, recipe.moves[0].layers) == ("principal 1", (0, 3))
    assert not np.array_equal(pixels("plain.png"), pixels("moved.png"))


def test_the_best_of_several_is_the_one_the_critic_likes_best(run: Run) -> None:
    words = ("generate", "--model", "tiny-gan", "--seed", 3, "--json")
    alone = run(*words, "--count", 6, "--set", "best-of=1").facts["pictures"]
    scores = [picture["score"] for picture in alone]
    best = run(*words, "--set", "best-of=6", "--out", "best.png").facts["pictures"][0]
    assert best["score"] == pytest.approx(max(scores))
    assert best["seed"] == 3 + scores.index(max(scores))


def test_the_best_of_several_is_the_one_that_fits_the_words_best(run: Run) -> None:
    words = ("generate", "--model", "tiny-prior", "red cat", "--set", "guidance=3", "--json")
    alone = run(*words, "--seed", 3, "--count", 10, "--set", "best-of=1").facts["pictures"]
    scores = [picture["score"] for picture in alone]
    done = run(*words, "--seed", 3, "--set", "best-of=10", "--out", "best.png")
    best = done.facts["pictures"][0]
    assert best["score"] == pytest.approx(max(scores), abs=1e-4)
    assert best["seed"] == 3 + scores.index(max(scores))
    run(*words, "--seed", best["seed"], "--out", "alone.png")
    assert np.array_equal(pixels("best.png"), pixels("alone.png"))


def test_the_nearest_to_a_picture_is_kept(run: Run) -> None:
    words = ("generate", "--model", "tiny-vae", "--json")
    run(*words, "--seed", 6, "--out", "aim.png")
    done = run(*words, "--seed", 3, "--near", "aim.png", "--set", "best-of=6", "--out", "near.png")
    assert done.facts["pictures"][0]["seed"] == 6
    assert np.array_equal(pixels("near.png"), pixels("aim.png"))
    missing = run(*words, "--near", "no.png")
    assert missing.status != 0
    assert "no.png" in missing.err


def test_a_recipe_from_a_picture_is_changed_by_the_other_options(run: Run) -> None:
    run("generate", "--model", "tiny-gan", "--seed", 7, "--out", "a.png")
    assert run("generate", "--from", "a.png", "--out", "same.png").status == 0
    assert np.array_equal(pixels("a.png"), pixels("same.png"))
    run("generate", "--from", "a.png", "--seed", 8, "--set", "truncation=0.3", "--out", "b.png")
    recipe = read_recipe(Path("b.png"))
    assert isinstance(recipe, LatentRecipe)
    assert recipe.truncation == 0.3
    done = run("generate", "--from", "a.png", "--count", 3, "--json")
    assert [picture["seed"] for picture in done.facts["pictures"]] == [7, 8, 9]


def test_a_picture_is_varied_by_a_vae(run: Run) -> None:
    photo(Path("photo.jpg"))
    done = run(
        "generate", "--model", "tiny-vae", "--from", "photo.jpg", "--seed", 4,
        "--set", "variation=0.6", "--count", 2, "--out", "like.png",
    )  # fmt: skip
    assert done.status == 0, done.err
    recipe = read_recipe(Path("like-2.png"))
    assert isinstance(recipe, LatentRecipe)
    assert isinstance(recipe.source, Varied)
    assert (recipe.source.seed, recipe.source.strength) == (5, 0.6)
    assert not np.array_equal(pixels("like-1.png"), pixels("like-2.png"))


def test_no_variation_reconstructs_the_picture(run: Run) -> None:
    photo(Path("photo.png"))
    run("encode", "--model", "tiny-vae", "photo.png", "--out", "encoded.png")
    run(
        "generate", "--model", "tiny-vae", "--from", "photo.png", "--set", "variation=0",
        "--out", "again.png",
    )  # fmt: skip
    assert np.array_equal(pixels("encoded.png"), pixels("again.png"))


def test_the_first_rows_of_a_picture_are_continued(run: Run) -> None:
    photo(Path("photo.png"), 16, 12)
    words = ("generate", "--model", "tiny-prior", "red cat", "--from", "photo.png", "--out")
    run("encode", "--model", "tiny-prior", "photo.png", "--out", "encoded.png")
    assert run(*words, "more.png", "--keep-rows", 2, "--seed", 1).status == 0
    assert np.array_equal(pixels("more.png")[:8], pixels("encoded.png")[:8])
    assert run(*words, "half.png", "--seed", 1).status == 0
    recipe = read_recipe(Path("half.png"))
    assert isinstance(recipe, TokenRecipe)
    assert recipe.kept is not None
    assert recipe.kept.kept == bytes([1] * 4 + [0] * 8)


def test_what_the_mask_shows_black_stays(run: Run) -> None:
    photo(Path("photo.png"), 16, 12)
    mask = np.zeros((12, 16), np.uint8)
    mask[4:8, 8:] = 255
    Image.fromarray(mask).save("mask.png")
    run("encode", "--model", "tiny-prior", "photo.png", "--out", "encoded.png")
    done = run(
        "generate", "--model", "tiny-prior", "blue house", "--from", "photo.png",
        "--mask", "mask.png", "--seed", 2, "--out", "part.png",
    )  # fmt: skip
    assert done.status == 0, done.err
    recipe = read_recipe(Path("part.png"))
    assert isinstance(recipe, TokenRecipe)
    assert recipe.kept is not None
    assert recipe.kept.kept == bytes([1] * 6 + [0] * 2 + [1] * 4)
    before, after = pixels("encoded.png"), pixels("part.png")
    assert np.array_equal(before[mask == 0], after[mask == 0])


def test_what_was_drawn_is_enlarged(run: Run) -> None:
    words = ("generate", "--model", "tiny-gan", "--seed", 7, "--out")
    run(*words, "small.png")
    done = run(*words, "large.png", "--upscale", 2, "--json")
    assert done.facts["pictures"][0]["width"] == 32
    run("generate", "--model", "tiny-upscaler", "--from", "small.png", "--out", "apart.png")
    assert np.array_equal(pixels("large.png"), pixels("apart.png"))
    recipe = read_recipe(Path("large.png"))
    assert isinstance(recipe, LatentRecipe)
    assert recipe.upscaling is not None


def test_a_picture_from_outside_is_enlarged(run: Run) -> None:
    photo(Path("photo.png"))
    done = run("generate", "--from", "photo.png", "--upscale", 2, "--out", "large.png")
    assert done.status == 0, done.err
    assert pixels("large.png").shape == (60, 80, 3)
    recipe = read_recipe(Path("large.png"))
    assert isinstance(recipe, UpscaleRecipe)
    assert recipe.picture.name == "photo.png"


def test_a_generated_picture_given_to_an_upscaler_counts_as_a_picture(run: Run) -> None:
    run("generate", "--model", "tiny-gan", "--seed", 7, "--out", "small.png")
    done = run("generate", "--model", "tiny-upscaler", "--from", "small.png", "--out", "large.png")
    assert done.status == 0, done.err
    assert pixels("large.png").shape == (32, 32, 3)


def test_a_generated_picture_is_varied_by_a_model_of_another_family(run: Run) -> None:
    run("generate", "--model", "tiny-gan", "--seed", 7, "--out", "a.png")
    done = run("generate", "--model", "tiny-vae", "--from", "a.png", "--seed", 1, "--out", "b.png")
    assert done.status == 0, done.err
    recipe = read_recipe(Path("b.png"))
    assert isinstance(recipe, LatentRecipe)
    assert isinstance(recipe.source, Varied)


def test_a_recipe_file_of_another_family_is_refused(run: Run) -> None:
    photo(Path("photo.png"))
    run("encode", "--model", "tiny-vae", "photo.png", "--out", "r.json")
    done = run("generate", "--model", "tiny-prior", "--from", "r.json")
    assert done.status == 2
    assert "is of the model tiny-vae, which is not like tiny-prior" in done.err


@pytest.mark.parametrize("suffix", ["webp", "jpg"])
def test_other_formats_hold_the_recipe_too(run: Run, suffix: str) -> None:
    assert run("generate", "--model", "tiny-gan", "--seed", 7, "--out", f"a.{suffix}").status == 0
    run("generate", "--from", f"a.{suffix}", "--out", "again.png")
    run("generate", "--model", "tiny-gan", "--seed", 7, "--out", "a.png")
    assert np.array_equal(pixels("a.png"), pixels("again.png"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--model", "tiny"), "There is no model tiny; models there are: "),
        ((), "Name a model with --model; there are: tiny-gan, "),
        (("--model", "tiny-gan", "a cat"), "takes no prompt"),
        (("--model", "tiny-prior", "a::x"), "prompt part 'a::x' cannot be read"),
        (("--model", "tiny-prior", "a |"), "prompt part '' cannot be read"),
        (("--model", "tiny-gan", "--set", "truncation=9"), "it goes from -2 to 2"),
        (("--model", "tiny-gan", "--set", "shine=1"), "no control 'shine'; it has: truncation, "),
        (("--model", "tiny-gan", "--set", "truncation"), "--set takes NAME=VALUE"),
        (("--model", "tiny-gan", "--set", "best-of=0"), "best-of is a whole number from 1 to 256"),
        (("--model", "tiny-vae", "--set", "best-of=4"), "no control 'best-of'"),
        (("--model", "tiny-prior", "--set", "best-of=4"), "fits the words best; give a prompt"),
        (("--model", "tiny-prior", "cat", "--set", "best-of=4"), "at guidance 1; set another"),
        (("--model", "tiny-vae", "--set", "variation=1"), "needs an encoded picture"),
        (("--model", "tiny-gan", "--seed", "4294967296"), "seeds run from 0 to 4294967295"),
        (("--model", "tiny-gan", "--seed", "x"), "invalid int value: 'x'; see genstudio generate"),
        (("--model", "tiny-gan", "--count", "0"), "--count is a number from 1"),
        (("--model", "tiny-gan", "--upscale", "3"), "No model enlarges 3 times; upscalers here"),
        (("--model", "tiny-gan", "--from", "no.png"), "no such file"),
        (("--model", "tiny-gan", "--from", "empty.png"), "is empty"),
        (("--model", "tiny-vae", "--from", "text.png"), "is not a picture"),
        (("--model", "tiny-vae", "--from", "cut.png"), "cannot be read"),
        (
            (
                "--model",
                "tiny-upscaler",
            ),
            "enlarges pictures; give it one",
        ),
        (("--model", "tiny-prior", "--mask", "photo.png"), "add --from"),
        (("--model", "tiny-vae", "--from", "photo.png", "--mask", "photo.png"), "token by token"),
        (("--model", "tiny-prior", "--from", "photo.png", "--keep-rows", "9"), "draws 3 rows"),
        (("--model", "tiny-gan", "--out", "a.bmp"), "ends in .png"),
        (("--device", "gpu"), "invalid choice: 'gpu'"),
        (("--colour", "red"), "Unrecognized arguments: --colour"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(
    run: Run, words: tuple[str, ...], sentence: str
) -> None:
    Path("empty.png").touch()
    Path("text.png").write_text("hello")
    whole = photo(Path("photo.png")).read_bytes()
    Path("cut.png").write_bytes(whole[: len(whole) // 2])
    before = sorted(Path().iterdir())
    done = run("generate", *words)
    assert done.status == 2
    assert sentence in done.err
    lines = [line for line in done.err.splitlines() if line.startswith("genstudio: ")]
    assert len(lines) == 1
    assert done.out == ""
    assert sorted(Path().iterdir()) == before


def test_a_refusal_is_one_object_for_scripts(run: Run) -> None:
    done = run("generate", "--model", "none", "--json")
    assert done.status == 2
    assert done.facts["error"].startswith("There is no model none; ")


def test_a_place_that_cannot_be_written_is_told(run: Run) -> None:
    Path("file").touch()
    done = run("generate", "--model", "tiny-gan", "--out", "file/a.png")
    assert done.status == 2
    assert "genstudio: Cannot write file/a.png: " in done.err


_FULL = """
import resource, signal, sys
from genstudio.cli.main import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
sys.exit(main(["generate", "--model", "tiny-gan", "--seed", "1", "--out", "a.png"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file size limit")
def test_a_disk_that_fills_up_is_told_and_the_old_picture_stays(run: Run) -> None:
    Path("a.png").write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", _FULL], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("genstudio: Cannot write a.png: ")
    assert Path("a.png").read_bytes() == b"old"
    assert [path.name for path in Path().iterdir()] == ["a.png"]
