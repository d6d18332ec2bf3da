"""Children of one parent and of two, by latent, by layer and by token; the tree that they grow."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.document.family import Family
from genstudio.media.thumbnails import thumbnail_of
from genstudio.recipe.values import (
    FromSeed,
    LatentRecipe,
    Mixing,
    ModelRef,
    TokenRecipe,
    WeightedPrompt,
)
from tests.studio.conftest import Desk, rendered


def children(desk: Desk) -> None:
    """Breed, and wait for the sheet to be full."""
    desk.studio.breeding.breed()
    variations = desk.studio.variations
    desk.until(lambda: variations.is_open and len(variations.pictures) == len(variations.recipes))


def seed(number: int) -> LatentRecipe:
    return LatentRecipe(model=ModelRef(id="tiny-gan"), source=FromSeed(seed=number))


def test_children_of_one_parent_are_like_it_and_differ(desk: Desk) -> None:
    desk.open("tiny-gan")
    children(desk)
    variations = desk.studio.variations
    assert len(set(variations.recipes)) == 9
    pictures = [variations.pictures[index].tobytes() for index in range(9)]
    assert len(set(pictures)) == 9
    np.testing.assert_array_equal(variations.pictures[3], rendered(variations.recipes[3]))


def test_two_parents_give_blends_and_for_a_gan_layers_of_each(desk: Desk) -> None:
    desk.open("tiny-gan")
    desk.studio.editor.set_seed(1)
    desk.settle()
    desk.studio.breeding.choose_partner()
    desk.studio.editor.set_seed(2)
    desk.settle()
    made = []
    for _ in range(4):
        children(desk)
        made += desk.studio.variations.recipes[1:]
    mixed = [r for r in made if isinstance(r, LatentRecipe) and r.mixing]
    assert mixed
    assert len(mixed) < len(made)
    assert all(isinstance(m, Mixing) for r in mixed for m in r.mixing)
    assert "1" in {str(m.source.seed) for r in mixed for m in r.mixing if hasattr(m.source, "seed")}


def test_a_wider_spread_goes_farther(desk: Desk) -> None:
    desk.open("tiny-gan")
    desk.settle()
    apart = []
    for spread in (0.1, 0.9):
        desk.studio.breeding.set_spread(spread)
        children(desk)
        pictures = desk.studio.variations.pictures
        first = pictures[0].astype(float)
        apart.append(np.mean([np.abs(pictures[i] - first).mean() for i in range(1, 9)]))
        desk.studio.variations.close()
    assert apart[0] < apart[1]


def test_children_of_a_token_picture_keep_tokens_by_region(desk: Desk) -> None:
    desk.open("tiny-prior")
    desk.studio.editor.set_prompts((WeightedPrompt(text="a red cat"),))
    desk.settle()
    desk.studio.breeding.choose_partner()
    desk.studio.editor.set_prompts((WeightedPrompt(text="a blue house"),))
    desk.settle()
    parent = desk.shown()
    children(desk)
    variations = desk.studio.variations
    height, width = parent.shape[0] // 3, parent.shape[1] // 4
    for index in range(1, 9):
        child = variations.recipes[index]
        assert isinstance(child, TokenRecipe)
        assert child.kept is not None
        assert child.prompts == (WeightedPrompt(text="a red cat"),)
        kept = np.frombuffer(child.kept.kept, np.uint8).reshape(3, 4)
        assert 0 < kept.sum() < 12
        assert kept.shape == (parent.shape[0] // height, parent.shape[1] // width)


def test_picked_children_grow_into_a_tree_in_which_any_member_can_be_the_next_parent(
    desk: Desk,
) -> None:
    desk.open("tiny-gan")
    breeding = desk.studio.breeding
    for pick in (3, 5):
        children(desk)
        desk.studio.variations.pick(pick)
        desk.settle()
    members = breeding.family.members
    assert [member.parents for member in members] == [(), (0,), (1,)]
    assert [breeding.family.generation(member) for member in members] == [0, 1, 2]
    breeding.go_to(members[0])
    desk.settle()
    assert desk.studio.editor.recipe == members[0].recipe
    breeding.choose_partner(members[2].recipe)
    children(desk)
    desk.studio.variations.pick(2)
    assert breeding.family.members[-1].parents == (0, 2)
    desk.studio.editor.undo()
    desk.settle()
    assert desk.studio.editor.recipe == members[0].recipe


def test_children_that_are_bred_on_from_the_sheet_stay_in_the_tree(desk: Desk) -> None:
    desk.open("tiny-gan")
    breeding, variations = desk.studio.breeding, desk.studio.variations
    children(desk)
    first, marked = variations.recipes[0], [variations.recipes[index] for index in (2, 5)]
    breeding.breed(marked)
    variations.pick(4)
    members = breeding.family.members
    assert [member.parents for member in members] == [(), (0,), (0,), (1, 2)]
    assert [member.recipe for member in members[:3]] == [first, *marked]
    assert desk.studio.editor.history.undo_words == "child 5"


def test_what_is_picked_from_another_sheet_is_no_child(desk: Desk) -> None:
    desk.open("tiny-gan")
    children(desk)
    desk.studio.variations.close()
    desk.studio.variations.begin()
    desk.studio.variations.pick(3)
    assert desk.studio.breeding.family == Family()
    assert desk.studio.editor.history.undo_words == "variation 4"


def test_the_parent_itself_and_another_models_picture_are_no_children(desk: Desk) -> None:
    desk.open("tiny-vae")
    desk.studio.breeding.choose_partner()
    desk.open("tiny-gan")
    children(desk)
    assert all(recipe.model.id == "tiny-gan" for recipe in desk.studio.variations.recipes)
    desk.studio.variations.pick(0)
    assert desk.studio.breeding.family == Family()


@pytest.mark.parametrize("numbers", [(0, 0), (1, 2)])
def test_a_family_knows_whether_it_is_sound(numbers: tuple[int, int]) -> None:
    family = Family().with_child(seed(1), (seed(0),))
    assert family.is_sound()
    assert family.with_child(seed(1), (seed(0),)) == family


def test_a_family_that_comes_back_gets_its_pictures(desk: Desk) -> None:
    desk.open("tiny-gan")
    family = Family().with_child(seed(5), [seed(6)])
    desk.studio.breeding.restore(family)
    portraits = desk.studio.breeding.portraits
    desk.until(lambda: all(portraits.of(member.recipe) is not None for member in family.members))
    small = portraits.of(seed(5))
    assert small is not None
    np.testing.assert_array_equal(small, thumbnail_of(rendered(seed(5))))
    desk.studio.breeding.restore(Family())
    assert portraits.of(seed(5)) is None
