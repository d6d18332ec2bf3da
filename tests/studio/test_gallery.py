"""What comes to rest is kept; it is found, used, marked, binned and verified again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from genstudio.library.entries import Entry, Marks, Query
from genstudio.media.pictures import write_picture
from genstudio.recipe.png import find_recipe
from genstudio.recipe.values import LatentRecipe, TokenRecipe, WeightedPrompt
from genstudio.studio.gallery import Gallery
from tests.studio.conftest import Desk


def kept(desk: Desk, count: int) -> Gallery:
    """The gallery once it lists so many pictures."""
    gallery = desk.studio.gallery
    gallery.show(True)
    desk.until(lambda: len(gallery.ids) == count)
    return gallery


def chosen(desk: Desk, number: int) -> Entry:
    gallery = desk.studio.gallery
    gallery.choose(number)
    desk.until(lambda: gallery.entry is not None and gallery.entry.id == number)
    assert gallery.entry is not None
    return gallery.entry


def test_every_picture_that_comes_to_rest_is_kept_with_what_it_came_from(desk: Desk) -> None:
    desk.open("tiny-gan")
    desk.studio.draw()
    desk.settle()
    desk.studio.editor.undo()
    desk.settle()
    gallery = kept(desk, 2)
    newest = chosen(desk, gallery.ids[0])
    first = chosen(desk, gallery.ids[1])
    assert newest.parent == first.recipe
    assert (first.model, first.family) == ("tiny-gan", "gan")
    assert first.licence
    assert find_recipe(first.path).recipe == desk.studio.editor.recipe


def test_the_pictures_of_a_drag_are_not_kept_but_for_the_last(desk: Desk) -> None:
    desk.open("tiny-gan")
    desk.until(lambda: desk.studio.sliders.directions is not None)
    for amount in (0.5, 1.0, 1.5):
        desk.studio.sliders.move("latent 1", amount, dragging=True)
    desk.studio.editor.finish()
    desk.settle()
    kept(desk, 2)


def test_the_pictures_of_a_batch_are_kept(desk: Desk) -> None:
    desk.open("tiny-vae")
    desk.studio.make_batch(3, 100, (), None)
    gallery = kept(desk, 4)
    gallery.search(Query(seed=101))
    desk.until(lambda: len(gallery.ids) == 1)


def test_using_a_pictures_settings_is_one_step_that_undo_takes_back(desk: Desk) -> None:
    desk.open("tiny-gan")
    first = desk.studio.editor.recipe
    desk.studio.draw()
    desk.settle()
    second = desk.studio.editor.recipe
    gallery = kept(desk, 2)
    gallery.use(chosen(desk, gallery.ids[1]))
    desk.until(lambda: desk.studio.editor.recipe == first)
    assert not gallery.is_open
    desk.settle()
    desk.studio.editor.undo()
    assert desk.studio.editor.recipe == second


def test_a_seed_a_prompt_and_a_latent_are_copied_alone(desk: Desk) -> None:
    desk.open("tiny-prior")
    desk.studio.editor.set_prompts((WeightedPrompt(text="a red cat"),))
    desk.studio.editor.set_seed(77)
    desk.settle()
    desk.open("tiny-gan")
    desk.studio.editor.set_seed(5)
    desk.settle()
    gallery = desk.studio.gallery
    gallery.show(True)
    gallery.search(Query(words="red", seed=77))
    desk.until(lambda: len(gallery.ids) == 1 and gallery.query.seed == 77)
    cat = chosen(desk, gallery.ids[0])
    gallery.copy_setting(cat, "latent")
    desk.until(lambda: any("one VAE or GAN" in text for text in desk.told()))
    gallery.copy_setting(cat, "seed")
    desk.until(
        lambda: (
            isinstance(recipe := desk.studio.editor.recipe, LatentRecipe)
            and getattr(recipe.source, "seed", None) == 77
        )
    )
    desk.open("tiny-prior")
    desk.studio.editor.set_prompts(())
    gallery.copy_setting(cat, "prompt")
    desk.until(
        lambda: (
            isinstance(recipe := desk.studio.editor.recipe, TokenRecipe)
            and recipe.prompts == (WeightedPrompt(text="a red cat"),)
        )
    )


def test_marks_collections_and_the_bin_are_kept_and_come_back(desk: Desk) -> None:
    desk.open("tiny-vae")
    gallery = kept(desk, 1)
    number = gallery.ids[0]
    gallery.mark([number], Marks(stars=4, note="mine"))
    gallery.put([number], "Best")
    chosen(desk, number)
    desk.until(lambda: gallery.entry is not None and gallery.entry.collections == ("Best",))
    assert gallery.entry is not None
    assert (gallery.entry.stars, gallery.entry.note) == (4, "mine")
    gallery.bin([number])
    desk.until(lambda: len(gallery.ids) == 0 and gallery.facets.binned == 1)
    desk.studio.messages.choose("library", "Bring back")
    desk.until(lambda: list(gallery.ids) == [number])
    gallery.bin([number])
    desk.until(lambda: gallery.facets.binned == 1)
    gallery.empty_bin()
    assert gallery.facets.binned == 1
    desk.studio.messages.choose("library", "Delete for good")
    desk.until(lambda: gallery.facets.binned == 0)


def test_the_picture_on_the_canvas_becomes_a_favourite(desk: Desk) -> None:
    desk.open("tiny-vae")
    gallery = kept(desk, 1)
    gallery.favour_current()
    gallery.search(Query(favourites=True))
    desk.until(lambda: len(gallery.ids) == 1 and gallery.query.favourites)
    gallery.favour_current()
    desk.until(lambda: len(gallery.ids) == 0)


def test_what_looks_alike_is_found_by_a_models_encoder(desk: Desk) -> None:
    desk.open("tiny-vae")
    for _ in range(3):
        desk.studio.draw()
        desk.settle()
    gallery = kept(desk, 4)
    desk.finish_all()
    reference = chosen(desk, gallery.ids[2])
    gallery.like(reference)
    desk.until(lambda: len(gallery.ids) == 4 and gallery.ids[0] == reference.id)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [(lambda pixels: pixels, "Identical"), (lambda pixels: pixels ^ 1, "Different by at most 1")],
)
def test_a_picture_is_verified_against_its_recipe(
    desk: Desk, spoil: Callable[[np.ndarray], np.ndarray], words: str
) -> None:
    desk.open("tiny-gan")
    gallery = kept(desk, 1)
    entry = chosen(desk, gallery.ids[0])
    rendering = desk.studio.picture.rendering
    assert rendering is not None
    write_picture(entry.path, spoil(rendering.pixels), rendering.recipe, rendering.device)
    gallery.verify(entry)
    desk.until(lambda: any(words in text for text in desk.told()))


def test_a_folder_made_elsewhere_is_taken_in(desk: Desk, tmp_path: Path) -> None:
    desk.open("tiny-gan")
    gallery = kept(desk, 1)
    source = tmp_path / "elsewhere"
    source.mkdir()
    shutil.copy(chosen(desk, gallery.ids[0]).path, source / "known.png")
    (source / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n cut")
    gallery.take_in(source)
    desk.until(lambda: any("1 were here already" in text for text in desk.told()))
    assert "broken.png" in desk.told()[-1]


def test_a_damaged_library_is_mended_while_the_window_is_open(desk: Desk, home: Path) -> None:
    desk.open("tiny-gan")
    kept(desk, 1)
    desk.finish_all()
    database = home / "library" / "library.db"
    for ending in ("-wal", "-shm"):
        Path(f"{database}{ending}").unlink(missing_ok=True)
    database.unlink()
    database.write_bytes(b"not a database" * 500)
    desk.studio.draw()
    desk.settle()
    desk.until(lambda: any("made anew from the pictures" in text for text in desk.told()))
    kept(desk, 2)


def test_a_library_whose_folder_vanishes_begins_again(desk: Desk, home: Path) -> None:
    desk.open("tiny-gan")
    (before,) = kept(desk, 1).ids
    desk.finish_all()
    shutil.rmtree(home / "library")
    desk.studio.draw()
    desk.settle()
    gallery = desk.studio.gallery
    desk.until(lambda: list(gallery.ids) != [before])
    assert len(gallery.ids) == 1
    assert chosen(desk, gallery.ids[0]).path.exists()


def test_a_folder_that_cannot_be_written_is_told_and_the_studio_goes_on(
    desk: Desk, home: Path
) -> None:
    (home / "library").write_text("a file in its place")
    desk.open("tiny-gan")
    desk.until(lambda: any("library" in text for text in desk.told()))
    desk.studio.draw()
    desk.settle()
    (home / "library").unlink()
    desk.studio.draw()
    desk.settle()
    kept(desk, 1)
