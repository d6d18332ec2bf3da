"""`encode`, `interpolate`, `reproduce`, `models`, `doctor` and the showcase."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genstudio.recipe.png import read_recipe, write_png
from genstudio.recipe.values import Exact, FromSeed, LatentRecipe, TokenRecipe
from tests import builders
from tests.builders import tiny_packs
from tests.cli.conftest import Run
from tests.cli.test_generate import photo, pixels


def test_a_picture_is_encoded_as_a_recipe_and_a_reconstruction(run: Run) -> None:
    photo(Path("photo.png"))
    done = run(
        "encode", "--model", "tiny-vae", "photo.png", "--out", "r.json", "--out", "r.png", "--json"
    )
    assert done.status == 0, done.err
    assert done.facts["difference"]["psnr"] > 5
    recipe = read_recipe(Path("r.json"))
    assert recipe == read_recipe(Path("r.png"))
    assert isinstance(recipe, LatentRecipe)
    assert isinstance(recipe.source, Exact)


def test_a_picture_is_encoded_as_tokens(run: Run) -> None:
    photo(Path("photo.png"))
    assert run("encode", "--model", "tiny-prior", "photo.png", "--out", "r.json").status == 0
    recipe = read_recipe(Path("r.json"))
    assert isinstance(recipe, TokenRecipe)
    assert recipe.kept is not None
    assert set(recipe.kept.kept) == {1}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--model", "tiny-upscaler", "photo.png", "--out", "r.json"), "only enlarges pictures"),
        (("--model", "tiny-vae", "none.png", "--out", "r.json"), "There is no picture none.png"),
        (("--model", "tiny-vae", "photo.png", "--out", "r.txt"), "ends in .png"),
        (("--model", "tiny-vae", "photo.png"), "required: --out"),
    ],
)
def test_encoding_is_refused_in_a_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    photo(Path("photo.png"))
    done = run("encode", *words)
    assert done.status == 2
    assert sentence in done.err
    assert not Path("r.json").exists()


@pytest.fixture
def two(run: Run) -> Run:
    """Two pictures of the GAN, a.png and b.png."""
    for name, seed in (("a.png", 1), ("b.png", 2)):
        run("generate", "--model", "tiny-gan", "--seed", seed, "--out", name)
    return run


def test_a_way_between_two_pictures_begins_and_ends_with_them(two: Run) -> None:
    done = two("interpolate", "a.png", "b.png", "--frames", 5, "--out", "frames", "--json")
    assert done.status == 0, done.err
    frames = sorted(Path("frames").iterdir())
    assert done.facts["frames"] == len(frames) == 5
    assert np.array_equal(pixels(frames[0]), pixels("a.png"))
    assert np.array_equal(pixels(frames[4]), pixels("b.png"))
    middle = two("generate", "--from", frames[2], "--out", "middle.png")
    assert middle.status == 0
    assert np.array_equal(pixels("middle.png"), pixels(frames[2]))


def test_a_loop_comes_back_without_repeating_its_start(two: Run) -> None:
    two("interpolate", "a.png", "b.png", "--frames", 4, "--loop", "--out", "frames")
    frames = [pixels(path) for path in sorted(Path("frames").iterdir())]
    assert np.array_equal(frames[2], pixels("b.png"))
    assert np.abs(frames[1].astype(int) - frames[3]).max() <= 1
    assert not np.array_equal(frames[0], frames[3])


def test_a_film_is_written_as_gif(two: Run) -> None:
    done = two("interpolate", "a.png", "b.png", "--frames", 6, "--smooth", "--out", "film.gif")
    assert done.status == 0, done.err
    with Image.open("film.gif") as film:
        assert (film.n_frames, film.size) == (6, (16, 16))


def test_a_film_is_written_as_mp4(two: Run) -> None:
    av = pytest.importorskip("av")
    done = two("interpolate", "a.png", "b.png", "--frames", 6, "--out", "film.mp4")
    assert done.status == 0, done.err
    with av.open("film.mp4") as film:
        assert len(list(film.decode(video=0))) == 6


def test_prompts_cross_over_in_a_film(run: Run) -> None:
    for name, prompt in (("a.png", "red cat"), ("b.png", "blue house")):
        run("generate", "--model", "tiny-prior", prompt, "--seed", 1, "--out", name)
    done = run("interpolate", "a.png", "b.png", "--frames", 3, "--out", "frames")
    assert done.status == 0, done.err
    recipe = read_recipe(Path("frames/frame-00002.png"))
    assert isinstance(recipe, TokenRecipe)
    assert [prompt.weight for prompt in recipe.prompts] == [0.5, 0.5]


def test_enlarging_is_left_out_of_a_film_where_only_one_side_has_it(two: Run) -> None:
    two("generate", "--from", "b.png", "--upscale", 2, "--out", "large.png")
    done = two("interpolate", "a.png", "large.png", "--frames", 2, "--out", "frames")
    assert done.status == 0
    assert "leaves enlarging out" in done.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("a.png", "photo.png", "--out", "f.gif"), "holds no GenStudio recipe"),
        (("a.png", "vae.png", "--out", "f.gif"), "different models, tiny-gan and tiny-vae"),
        (("a.png", "b.png", "--out", "f.avi"), "ends in .mp4, .webp or .gif"),
        (("a.png", "b.png", "--frames", "1", "--out", "f.gif"), "--frames is a number from 2"),
        (("a.png", "b.png", "--fps", "0", "--out", "f.gif"), "--fps is a number from 1"),
    ],
)
def test_a_film_is_refused_in_a_sentence(two: Run, words: tuple[str, ...], sentence: str) -> None:
    photo(Path("photo.png"))
    two("generate", "--model", "tiny-vae", "--seed", 1, "--out", "vae.png")
    done = two("interpolate", *words)
    assert done.status == 2
    assert sentence in done.err
    assert not Path("f.gif").exists()


def test_a_picture_is_reproduced_identically(two: Run) -> None:
    done = two("reproduce", "a.png", "--json")
    assert done.status == 0, done.err
    assert done.facts["identical"] is True
    assert two("reproduce", "a.png").out.startswith("Identical: a.png")


def test_a_changed_picture_is_told_apart_with_how_far(two: Run) -> None:
    with Image.open("a.png") as image:
        changed = np.array(image)
    recipe = read_recipe(Path("a.png"))
    changed[3, 4, 0] ^= 4
    write_png(Path("c.png"), changed, recipe, "cuda")
    done = two("reproduce", "c.png", "--out", "again.png", "--device", "cpu")
    assert done.status == 1
    assert "at most 4" in done.out
    assert "rendered on cuda and now on cpu" in done.out
    assert np.array_equal(pixels("again.png"), pixels("a.png"))
    facts = two("reproduce", "c.png", "--json").facts
    assert facts["difference"]["largest"] == 4
    assert facts["difference"]["psnr"] > 40


def test_another_version_of_the_model_is_given_as_the_reason(two: Run, home: Path) -> None:
    builders.replace_graph(home / "packs" / "tiny-gan", "mapping", tiny_packs.other_mapping())
    done = two("reproduce", "a.png")
    assert done.status == 1
    assert "the model tiny-gan is here in another version" in done.out


def test_an_enlarged_picture_is_reproduced_with_its_original(run: Run) -> None:
    photo(Path("photo.png"))
    run("generate", "--from", "photo.png", "--upscale", 2, "--out", "large.png")
    assert "give it with --picture" in run("reproduce", "large.png").err
    assert run("reproduce", "large.png", "--picture", "photo.png").status == 0
    photo(Path("other.png"), colour=(1, 2, 3))
    done = run("reproduce", "large.png", "--picture", "other.png")
    assert done.status == 2
    assert "is not the picture that was enlarged (photo.png)" in done.err


def test_a_picture_without_a_recipe_cannot_be_reproduced(run: Run) -> None:
    photo(Path("photo.png"))
    done = run("reproduce", "photo.png")
    assert done.status == 2
    assert "holds no GenStudio recipe" in done.err


def test_the_models_are_listed(run: Run) -> None:
    done = run("models")
    assert done.status == 0
    assert "tiny-upscaler  upscaler" in done.out
    names = [model["id"] for model in run("models", "list", "--json").facts["models"]]
    assert set(names) >= {"tiny-gan", "tiny-vae", "tiny-prior", "tiny-upscaler"}


def test_a_model_is_shown_with_its_controls(run: Run) -> None:
    done = run("models", "show", "tiny-gan")
    assert "truncation: -2 to 2, usually 1." in done.out
    assert "best-of: draw this many and keep the one that the critic likes best." in done.out
    assert "keep the one that fits the words best." in run("models", "show", "tiny-prior").out
    assert "best-of" not in run("models", "show", "tiny-vae").out
    facts = run("models", "show", "tiny-prior", "--json").facts
    assert facts["takes_prompt"] is True
    assert "style" in [control["name"] for control in facts["controls"]]


def test_a_models_directions_are_shown(run: Run) -> None:
    done = run("models", "show", "tiny-gan", "--directions", "--json")
    assert done.status == 0, done.err
    assert "principal 1" in [direction["name"] for direction in done.facts["directions"]]


def test_a_pack_is_checked_added_used_and_removed(run: Run, tmp_path: Path) -> None:
    folder = builders.gan(tmp_path / "new", pack_id="new-gan")
    packed = builders.zip_folder(folder, tmp_path / "new.gspack")
    assert run("models", "check", folder).status == 0
    assert run("models", "check", packed).out == f"{packed} is whole and runs: new-gan 1.0.0.\n"
    assert run("models", "add", packed, "--json").facts == {"added": "new-gan", "version": "1.0.0"}
    assert run("generate", "--model", "new-gan", "--out", "a.png").status == 0
    assert run("models", "remove", "new-gan").status == 0
    assert run("generate", "--model", "new-gan").status == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show",), "models show needs an ID"),
        (("list", "tiny-gan"), "did you mean: models show ID"),
        (("show", "none"), "There is no model none"),
        (("remove", "none"), "There is no model none"),
        (("check", "nothing"), "There is no pack nothing"),
        (("check", "photo.png"), "photo.png"),
        (("add", "nothing"), "There is no pack nothing"),
        (("paint",), "invalid choice: 'paint'"),
    ],
)
def test_models_are_refused_in_a_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    photo(Path("photo.png"))
    done = run("models", *words)
    assert done.status == 2
    assert sentence in done.err
    assert done.err.count("\n") == 1


def test_a_broken_pack_is_told_in_the_list(run: Run, home: Path) -> None:
    (home / "packs" / "broken").mkdir()
    (home / "packs" / "broken" / "pack.json").write_text("{")
    done = run("models")
    assert done.status == 0
    assert "broken" in done.err


def test_the_doctor_tells_versions_devices_models_and_places(run: Run, home: Path) -> None:
    done = run("doctor")
    assert done.status == 0
    for words in ("Python", "numpy", "CPU: ready", "tiny-gan 1.0.0 (gan)", str(home / "packs")):
        assert words in done.out
    facts = run("doctor", "--json").facts
    assert {"provider": "CPU", "usable": True, "why_not": ""} in facts["providers"]


def test_the_showcase_shows_every_bundled_model(
    run: Run, packs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genstudio.cli.showcase.bundled_packs_folder", lambda: packs)
    monkeypatch.setattr("genstudio.packs.store.bundled_packs_folder", lambda: packs)
    monkeypatch.setenv("GENSTUDIO_HOME", str(packs.parent / "empty home"))
    done = run("showcase")
    assert done.status == 0, done.err
    assert [path.stem for path in sorted(Path("outputs").iterdir())] == [
        "tiny-gan",
        "tiny-prior",
        "tiny-upscaler",
        "tiny-vae",
    ]
    recipe = read_recipe(Path("outputs/tiny-gan.png"))
    assert isinstance(recipe, LatentRecipe)
    assert isinstance(recipe.source, FromSeed)


def test_without_bundled_models_that_is_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genstudio.cli.showcase.bundled_packs_folder", lambda: tmp_path)
    done = run("showcase")
    assert done.status == 2
    assert "No models came with this GenStudio" in done.err
