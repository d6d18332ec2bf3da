"""Known pictures that a token drawing follows: as far as asked, each candidate for itself."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from genstudio.base.errors import PackError, RecipeError
from genstudio.engine.families.autoregressive import draw_tokens, token_odds
from genstudio.packs.check import check_pack
from genstudio.packs.manifest import Codebook, Unconditional, open_pack
from genstudio.recipe.values import KeptTokens, Setting, TokenRecipe, WeightedPrompt
from tests import builders
from tests.builders.pack_folder import change_manifest, replace_graph
from tests.engine.tiny_prior import GRID, known_pictures, save_recall

CAT = (WeightedPrompt(text="red cat"),)
SEEDS = 12


def asked(pack, seed: int = 1, follow: float = 1.0, **fields) -> TokenRecipe:
    settings = (Setting(control="follow", value=follow),)
    fields = {"prompts": CAT, "settings": settings, **fields}
    return TokenRecipe(model=pack.ref, seed=seed, **fields)


def grids(pack, graphs, recipe: TokenRecipe) -> np.ndarray:
    """The tokens of the recipe with a dozen seeds, [seeds, cells]."""
    recipes = [replace(recipe, seed=seed) for seed in range(SEEDS)]
    return draw_tokens(pack, recipes, graphs).tokens.reshape(SEEDS, -1)


def equal(drawn: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The share of tokens that each drawing has in common with a known picture."""
    return (drawn == known).mean(axis=1)


@pytest.fixture
def pack(build):
    return build(builders.prior, recall=True)


def test_the_pack_is_whole(pack) -> None:
    check_pack(pack.folder)


def test_a_drawing_follows_as_far_as_it_is_told(pack, cpu_graphs) -> None:
    first, second = known_pictures()
    shares = []
    for follow in (0.0, 0.3, 1.0):
        drawn = grids(pack, cpu_graphs, asked(pack, follow=follow))
        shares.append(np.maximum(equal(drawn, first), equal(drawn, second)).mean())
    assert shares[0] < 0.2 < shares[1] < shares[2]
    assert shares[2] > 0.7


def test_seeds_follow_one_picture_each_and_not_all_the_same(pack, cpu_graphs) -> None:
    first, second = known_pictures()
    drawn = grids(pack, cpu_graphs, asked(pack, follow=0.3))
    sides = equal(drawn, first) > equal(drawn, second)
    assert 0 < sides.sum() < SEEDS
    assert (np.minimum(equal(drawn, first), equal(drawn, second)) < 0.2).all()
    assert len({row.tobytes() for row in drawn}) == SEEDS


def test_a_style_chooses_among_the_known(pack, cpu_graphs) -> None:
    first, second = known_pictures()
    drawn = grids(pack, cpu_graphs, asked(pack, style="flat"))
    assert equal(drawn, first).mean() > 0.7 > 0.2 > equal(drawn, second).mean()


@pytest.mark.parametrize("fields", [{"settings": (Setting(control="follow", value=0.0),)},
                                    {"prompts": ()}])  # fmt: skip
def test_nothing_is_followed_where_nothing_is_asked(build, pack, cpu_graphs, fields) -> None:
    plain = build(builders.prior)
    recipe = asked(pack, **fields)
    without = replace(recipe, model=plain.ref, settings=())
    assert np.array_equal(grids(pack, cpu_graphs, recipe), grids(plain, cpu_graphs, without))


def test_a_candidate_is_the_same_alone_and_in_a_batch(pack, cpu_graphs) -> None:
    together = grids(pack, cpu_graphs, asked(pack, follow=0.4))
    for seed in range(SEEDS):
        alone = draw_tokens(pack, [asked(pack, seed, follow=0.4)], cpu_graphs).tokens
        assert np.array_equal(alone.ravel(), together[seed])


@pytest.mark.parametrize("which", [0, 1])
def test_tokens_that_stay_say_which_picture_to_follow(pack, cpu_graphs, which) -> None:
    known = known_pictures()
    mask = np.zeros(known.shape[1], np.uint8)
    mask[-4:] = 1  # behind what is drawn, so that they must be heard before it
    kept = KeptTokens(tokens=known[which].astype("<u4").tobytes(), kept=mask.tobytes())
    drawn = grids(pack, cpu_graphs, asked(pack, kept=kept))[:, :-4]
    assert (equal(drawn, known[which, :-4]) > equal(drawn, known[1 - which, :-4])).all()


def test_the_odds_are_those_that_the_drawing_had(pack, cpu_graphs) -> None:
    recipe = asked(pack)
    tokens = draw_tokens(pack, [recipe], cpu_graphs).tokens[0]
    sure = token_odds(pack, recipe, tokens, cpu_graphs).chance
    unsure = token_odds(pack, asked(pack, follow=0.0), tokens, cpu_graphs).chance
    assert np.mean(sure) > 2 * np.mean(unsure)


def test_beyond_the_grid_a_drawing_goes_on_by_itself(build, cpu_graphs) -> None:
    pack = build(builders.prior, recall=True, extends=True)
    width, height = GRID
    recipe = asked(pack)
    small = draw_tokens(pack, [recipe], cpu_graphs).tokens[0]
    large = draw_tokens(pack, [replace(recipe, grid=(2 * width, height))], cpu_graphs).tokens[0]
    assert np.array_equal(large[:, :width], small)
    beyond = large[:, width:].reshape(1, -1)
    assert max(equal(beyond, known)[0] for known in known_pictures()) < 0.5


def test_a_value_out_of_range_is_refused_in_words(pack, cpu_graphs) -> None:
    with pytest.raises(RecipeError, match="follow=3 is out of range"):
        draw_tokens(pack, [asked(pack, follow=3.0)], cpu_graphs)


def test_pictures_of_another_size_are_refused_in_words(pack, cpu_graphs) -> None:
    other = build_wider(pack)
    with pytest.raises(PackError, match="other pictures than grids of 2 x 3 tokens"):
        draw_tokens(other, [asked(other)], cpu_graphs)


def build_wider(pack):
    """The pack with a manifest that speaks of a narrower grid than its recall graph knows."""
    change_manifest(pack.folder, lambda plain: plain["model"].update(grid=[2, 3]))
    return open_pack(pack.folder)


def test_chances_that_are_none_are_refused_before_the_pack_is_used(pack, tmp_path) -> None:
    save_recall(tmp_path / "odd.onnx", chances=(0.5, 0.9))
    replace_graph(pack.folder, "recall", (tmp_path / "odd.onnx").read_bytes())
    with pytest.raises(PackError, match=r"chances add up to 1\.4, not to 1"):
        check_pack(pack.folder)


def test_a_model_that_takes_no_prompt_has_no_use_for_it(pack) -> None:
    assert isinstance(pack.manifest.model.tokens, Codebook)
    nothing = {"type": Unconditional.__struct_config__.tag}
    change_manifest(pack.folder, lambda plain: plain["model"].update(condition=nothing))
    with pytest.raises(PackError, match="has no use"):
        check_pack(pack.folder)
