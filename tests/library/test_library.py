"""Pictures are kept whole, found by everything that is known of them, and never kept twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genstudio.base.errors import StorageError
from genstudio.engine.pixels import read_picture
from genstudio.library.entries import Marks, Query, recipe_key
from genstudio.library.library import Library, thumbnail_pixels
from genstudio.recipe.png import find_recipe
from tests.library.conftest import drawn


def test_a_kept_picture_is_a_png_with_its_recipe_and_a_row_that_tells_all(library: Library) -> None:
    made = drawn(7, model="icons", prompt="a red cat")
    first = library.keep(drawn(6))
    number = library.keep(
        made, family="autoregressive", licence="MIT", parent=recipe_key(drawn(6).recipe)
    )
    entry = library.entry(number)
    assert entry is not None
    assert find_recipe(entry.path).recipe == made.recipe
    np.testing.assert_array_equal(read_picture(entry.path), made.pixels)
    assert (entry.model, entry.family, entry.licence) == ("icons", "autoregressive", "MIT")
    assert (entry.prompt, entry.seed, entry.device) == ("a red cat", 7, "CPU")
    assert (entry.width, entry.height) == (32, 24)
    assert library.id_of(entry.parent) == first
    small = thumbnail_pixels(library.thumbnails([number])[number])
    assert small.shape == (24, 32, 3)


def test_a_picture_of_the_same_recipe_is_kept_once_and_comes_back_from_the_bin(
    library: Library,
) -> None:
    number = library.keep(drawn(1))
    assert library.keep(drawn(1)) == number
    library.bin([number])
    assert list(library.find(Query())) == []
    assert library.keep(drawn(1)) == number
    assert list(library.find(Query())) == [number]


def test_the_newest_come_first_and_each_filter_leaves_out_what_it_says(library: Library) -> None:
    red = library.keep(drawn(1, model="icons", prompt="red heart"), family="autoregressive")
    blue = library.keep(drawn(2, model="icons", prompt="blue fish"), family="autoregressive")
    hill = library.keep(drawn(3), family="gan", licence="CC-BY-SA-4.0")
    assert list(library.find(Query())) == [hill, blue, red]
    assert list(library.find(Query(model="icons"))) == [blue, red]
    assert list(library.find(Query(family="gan"))) == [hill]
    assert list(library.find(Query(licence="CC-BY-SA-4.0"))) == [hill]
    assert list(library.find(Query(seed=2))) == [blue]
    made = library.entry(blue)
    assert made is not None
    assert list(library.find(Query(until=made.made))) == [red]
    assert list(library.find(Query(since=made.made))) == [hill, blue]
    library.mark([red], Marks(stars=4))
    library.mark([blue], Marks(stars=2, favourite=True))
    assert list(library.find(Query(stars=3))) == [red]
    assert list(library.find(Query(favourites=True))) == [blue]
    assert library.models() == ("hills", "icons")
    assert library.licences() == ("CC-BY-SA-4.0",)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("red", ["red heart"]),
        ("RED hea", ["red heart"]),
        ("heart fish", []),
        ("cafe", ["a café at night"]),
        ('fish "', ["blue fish"]),
        ("AND OR NOT *", []),
        ("icons", ["red heart", "blue fish", "a café at night"]),
    ],
)
def test_words_are_found_by_their_beginnings_whatever_is_typed(
    library: Library, words: str, found: list[str]
) -> None:
    for seed, prompt in enumerate(["red heart", "blue fish", "a café at night"]):
        library.keep(drawn(seed, model="icons", prompt=prompt))
    ids = library.find(Query(words=words))
    entries = [library.entry(number) for number in ids]
    assert sorted(e.prompt for e in entries if e) == sorted(found)


def test_notes_are_sought_too_and_a_changed_note_is_found_by_its_new_words(
    library: Library,
) -> None:
    number = library.keep(drawn(1))
    library.mark([number], Marks(note="for the poster"))
    assert list(library.find(Query(words="poster"))) == [number]
    library.mark([number], Marks(note="for the cover"))
    assert list(library.find(Query(words="poster"))) == []
    assert list(library.find(Query(words="cover"))) == [number]


def test_collections_hold_pictures_until_they_are_taken_out(library: Library) -> None:
    one, two = library.keep(drawn(1)), library.keep(drawn(2))
    library.put([one, two], " Poster ")
    library.put([two], "Best")
    assert library.collections() == ("Best", "Poster")
    assert list(library.find(Query(collection="Poster"))) == [two, one]
    entry = library.entry(two)
    assert entry is not None
    assert entry.collections == ("Best", "Poster")
    library.take_out([two], "Best")
    assert library.collections() == ("Poster",)
    with pytest.raises(StorageError, match="needs a name"):
        library.put([one], "  ")


def test_the_bin_gives_back_until_it_is_emptied(library: Library) -> None:
    one, two = library.keep(drawn(1)), library.keep(drawn(2))
    library.bin([one, two])
    assert set(library.find(Query(binned=True))) == {one, two}
    library.restore([one])
    assert list(library.find(Query())) == [one]
    gone = library.entry(two)
    assert gone is not None
    assert library.empty_bin() == 1
    assert not gone.path.exists()
    assert library.entry(two) is None
    assert library.count(binned=True) == 0


def test_likeness_puts_the_nearest_first_and_keeps_to_the_filters(library: Library) -> None:
    numbers = [library.keep(drawn(seed)) for seed in range(4)]
    for number, place in zip(numbers, (0.0, 5.0, 1.0, 2.0), strict=True):
        library.likeness.add(number, "faces", np.array([place, 0.0], np.float32))
    assert list(library.find(Query(like=numbers[0]))) == [
        numbers[0], numbers[2], numbers[3], numbers[1],
    ]  # fmt: skip
    library.mark([numbers[1], numbers[0]], Marks(stars=3))
    assert list(library.find(Query(like=numbers[0], stars=3))) == [numbers[0], numbers[1]]
    later = library.keep(drawn(9))
    assert library.likeness.lacking("faces", 10) == (later,)
    assert list(library.find(Query(like=later))) == []


def test_two_programs_use_one_library_at_once(folder: Path, library: Library) -> None:
    other = Library(folder)
    first = library.keep(drawn(1))
    second = other.keep(drawn(2))
    assert list(library.find(Query())) == list(other.find(Query())) == [second, first]
    other.mark([first], Marks(stars=5))
    assert list(library.find(Query(stars=5))) == [first]
    assert other.keep(drawn(1)) == first
    other.close()
