"""Drawing token by token, with little real transformers in the real runtime."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from msgspec.structs import replace

from genstudio.base.errors import Cancelled, EngineError, PackError, RecipeError
from genstudio.base.progress import Cancel
from genstudio.engine.cache import GraphCache
from genstudio.engine.conditions import conditions_of, first_tokens, tell
from genstudio.engine.families.autoregressive import (
    all_kept,
    decode_tokens,
    draw_tokens,
    encode_tokens,
    token_odds,
)
from genstudio.engine.providers import plan_providers
from genstudio.engine.token_cache import open_prior
from genstudio.packs import manifest
from genstudio.recipe.values import KeptTokens, ModelRef, Setting, TokenRecipe, WeightedPrompt
from tests.engine import tiny_prior
from tests.engine.tiny_prior import CODES, GRID, Kind

LAYOUTS = ("none", "growing", "shared")
TEXT = manifest.TextCondition(max_tokens=5, given="first step", null="zeros")
CROSS = manifest.TextCondition(max_tokens=5, given="every step", null="empty prompt")
POOLED = manifest.TextCondition(max_tokens=5, uses="pooled", given="every step")
CLASS = manifest.ClassCondition(classes=tiny_prior.CLASSES, null=3)
CLASS_TOKEN = manifest.ClassCondition(classes=tiny_prior.CLASSES, null=3, token_offset=CODES + 1)
CONDITIONS = {
    "prefix": TEXT,
    "cross": CROSS,
    "pooled": POOLED,
    "class": CLASS,
    "class token": CLASS_TOKEN,
    "none": manifest.Unconditional(),
}


@pytest.fixture(scope="session")
def packs(tmp_path_factory):
    """Builds each kind of pack once."""
    built: dict[Kind, manifest.Pack] = {}

    def pack(layout="growing", **changes):
        kind = Kind(layout=layout, **changes)
        if kind not in built:
            built[kind] = tiny_prior.build(tmp_path_factory.mktemp("packs") / "tiny", kind)
        return built[kind]

    return pack


@pytest.fixture(scope="session")
def graphs():
    return GraphCache(plan_providers("cpu"), 1 << 30)


def recipe(*prompts, seed=1, **settings):
    words = tuple(p if isinstance(p, WeightedPrompt) else WeightedPrompt(text=p) for p in prompts)
    return TokenRecipe(model=ModelRef(id="tiny-prior"), seed=seed, prompts=words, **settings)


def asked(condition, **settings):
    """A recipe that asks for something where the model can be asked."""
    if isinstance(condition, manifest.TextCondition):
        return recipe("red cat", **settings)
    if isinstance(condition, manifest.ClassCondition):
        return recipe(class_label="night", **settings)
    return recipe(**settings)


def tokens_of(pack, one, graphs):
    return draw_tokens(pack, [one], graphs).tokens[0].reshape(-1)


def draw(pack, recipes, graphs, *ways):
    """The pictures of recipes, and the notes about them."""
    drawing = draw_tokens(pack, recipes, graphs, *ways)
    return decode_tokens(pack, drawing.tokens, graphs), drawing.notes


def kept(tokens, mask):
    return KeptTokens(tokens=np.asarray(tokens).astype("<u4").tobytes(), kept=bytes(map(int, mask)))


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS)
@pytest.mark.parametrize("layout", ["growing", "shared"])
def test_a_cached_loop_draws_what_the_full_forward_pass_draws(packs, graphs, layout, condition):
    one = asked(condition, temperature=0, guidance=2.5, style="round")
    full = tokens_of(packs("none", condition=condition), one, graphs)
    assert tokens_of(packs(layout, condition=condition), one, graphs).tolist() == full.tolist()
    luck = replace(one, temperature=1.3, top_k=12, top_p=0.9)
    full = tokens_of(packs("none", condition=condition), luck, graphs)
    assert len(set(full.tolist())) > 2
    assert tokens_of(packs(layout, condition=condition), luck, graphs).tolist() == full.tolist()


@pytest.mark.parametrize("every_position", [False, True])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_cached_logits_are_those_of_the_full_forward_pass(packs, graphs, layout, every_position):
    def answers(pack, steps):
        model = pack.manifest.model
        conditions = list(conditions_of(recipe("red cat", guidance=3.0), model, pack.id))
        told, _ = tell(pack, model, conditions, recipe(), graphs, Cancel())
        prior = open_prior(
            graphs.get(pack, "prior"), pack.graph("prior"), model.cache, told, 2, 12, Cancel()
        )
        given = np.random.RandomState(0).randint(0, CODES, (4, 12))
        given[:, :2] = given[0, :2]
        first, *later = steps
        before = first_tokens(conditions, model)
        found = [prior.start(np.hstack([before, given[:2, :first]])).copy()]
        fed = first
        for step in later:
            found.append(prior.advance(given[:, fed : fed + step]).copy())
            fed += step
        return found

    expected = answers(packs("none"), [1] * 11)
    one_by_one = answers(packs(layout, every_position=every_position), [1] * 11)
    for mine, full in zip(one_by_one, expected, strict=True):
        assert mine.shape == (4, CODES)
        np.testing.assert_allclose(mine, full, atol=1e-4)
    several = answers(packs(layout, every_position=every_position), [2, 1, 4, 3, 1])
    for mine, place in zip(several, [1, 2, 6, 9, 10], strict=True):
        np.testing.assert_allclose(mine, expected[place], atol=1e-4)


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_candidate_is_the_same_alone_as_in_a_batch(packs, graphs, layout, condition):
    pack = packs(layout, condition=condition)
    recipes = [asked(condition, seed=seed, guidance=2.0, temperature=1.5) for seed in (3, 1, 4, 9)]
    together = draw_tokens(pack, recipes, graphs).tokens
    assert len({grid.tobytes() for grid in together}) == 4
    for one, grid in zip(recipes, together, strict=True):
        assert tokens_of(pack, one, graphs).tolist() == grid.reshape(-1).tolist()


def test_a_seed_gives_the_same_picture_twice(packs, graphs):
    pack = packs()
    one = recipe("blue house", seed=42)
    (first,), _ = draw(pack, [one], graphs)
    (second,), _ = draw(pack, [one], graphs)
    assert np.array_equal(first, second)
    assert first.shape == (12, 16, 3)
    assert first.dtype == np.uint8
    (other,), _ = draw(pack, [replace(one, seed=43)], graphs)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["first rows", "scattered", "last ones", "one hole"])
def test_kept_tokens_stay_and_only_others_change(packs, graphs, layout, name):
    cells = GRID[0] * GRID[1]
    places = np.arange(cells)
    mask = {
        "first rows": places < 8,
        "scattered": places % 3 != 1,
        "last ones": places > 3,
        "one hole": places != 5,
    }[name]
    old = np.random.RandomState(7).randint(0, CODES, cells)
    one = recipe("cat", temperature=2.0, guidance=1.5, kept=kept(old, mask))
    batch = [replace(one, seed=seed) for seed in range(6)]
    drawn = draw_tokens(packs(layout), batch, graphs).tokens.reshape(6, -1)
    assert (drawn[:, mask] == old[mask]).all()
    assert (drawn[:, ~mask] != old[~mask]).any()
    expected = draw_tokens(packs("none"), batch, graphs).tokens.reshape(6, -1)
    assert np.array_equal(drawn, expected)


def test_what_was_drawn_before_a_kept_part_is_drawn_again_with_it_kept(packs, graphs):
    one = recipe("cat", temperature=1.5)
    drawn = tokens_of(packs(), one, graphs)
    again = replace(one, kept=kept(drawn, np.arange(12) % 2))
    assert tokens_of(packs(), again, graphs).tolist() == drawn.tolist()


def test_a_picture_with_all_tokens_kept_is_its_reconstruction(packs, graphs):
    pack = packs()
    picture = np.random.RandomState(3).randint(0, 256, (30, 40, 3), np.uint8)
    grid = encode_tokens(pack, picture, graphs)
    assert grid.shape == (3, 4)
    (shown,), _ = draw(pack, [recipe(kept=all_kept(grid))], graphs)
    assert np.array_equal(shown, decode_tokens(pack, grid[None], graphs)[0])
    assert np.array_equal(encode_tokens(pack, shown, graphs), grid)


def test_guidance_one_is_the_conditional_model_alone(packs, graphs):
    model = packs().manifest.model
    sums = conditions_of(recipe("red cat", guidance=1.0), model, "tiny")
    assert [(c.prompt, value) for c, value in sums.items()] == [("red cat", 1.0)]
    one, blank = recipe("red cat", temperature=0), recipe(temperature=0)
    assert tokens_of(packs(), one, graphs).tolist() != tokens_of(packs(), blank, graphs).tolist()


def test_guidance_zero_forgets_the_prompt(packs, graphs):
    forgotten = tokens_of(packs(), recipe("red cat", guidance=0.0), graphs)
    assert forgotten.tolist() == tokens_of(packs(), recipe(), graphs).tolist()


def test_guidance_is_the_sum_of_its_two_rows(packs):
    model = packs().manifest.model
    sums = conditions_of(recipe("red cat", guidance=4.0, style="flat"), model, "tiny")
    assert {(c.prompt, c.style): v for c, v in sums.items()} == {
        ("red cat", 0): 4.0,
        (None, 0): -3.0,
    }


def gained(pack, one, tokens, graphs):
    """By how many bits the words make each token of a grid likelier, as the odds tell it."""
    told, untold = (
        token_odds(pack, replace(one, guidance=1.0, prompts=prompts), tokens, graphs).chance
        for prompts in (one.prompts, ())
    )
    return np.log2(told) - np.log2(untold)


@pytest.mark.parametrize("condition", [TEXT, CROSS, POOLED], ids=["prefix", "cross", "pooled"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_fit_is_what_the_words_make_the_drawn_tokens_likelier(packs, graphs, layout, condition):
    pack = packs(layout, condition=condition)
    batch = [recipe("red cat", guidance=3.0, style="round", seed=seed) for seed in (4, 5)]
    scored = draw_tokens(pack, batch, graphs, scored=True)
    assert np.array_equal(scored.tokens, draw_tokens(pack, batch, graphs).tokens)
    expected = [
        gained(pack, one, grid, graphs).mean()
        for one, grid in zip(batch, scored.tokens, strict=True)
    ]
    np.testing.assert_allclose(scored.fits, expected, atol=1e-4)


def test_the_fit_of_a_larger_picture_counts_each_token_once(packs, graphs):
    pack = packs(extends=True)
    one = recipe("red cat", guidance=3.0, grid=(6, 3))
    drawing = draw_tokens(pack, [one], graphs, scored=True)
    first, second = (gained(pack, one, drawing.tokens[0][:, x : x + 4], graphs) for x in (0, 2))
    expected = np.hstack([first, second[:, 2:]]).mean()
    assert drawing.fits == pytest.approx([expected], abs=1e-4)


def test_the_fit_is_told_only_where_words_are_weighed_against_none(packs, graphs):
    pack = packs()
    told = recipe("red cat", guidance=3.0)
    for one in (recipe(guidance=3.0), replace(told, guidance=1.0), replace(told, guidance=0.0)):
        assert draw_tokens(pack, [one], graphs, scored=True).fits is None
    assert draw_tokens(pack, [told], graphs).fits is None


def test_a_blend_weighs_its_prompts(packs, graphs):
    model = packs().manifest.model

    def blended(first, second, **settings):
        return recipe(
            WeightedPrompt(text="red cat", weight=first),
            WeightedPrompt(text="blue house", weight=second),
            temperature=0,
            **settings,
        )

    sums = conditions_of(blended(3, 1, guidance=2.0), model, "tiny")
    assert {c.prompt: value for c, value in sums.items()} == {
        "red cat": 1.5,
        "blue house": 0.5,
        None: -1.0,
    }
    assert len(conditions_of(blended(3, 1), model, "tiny")) == 2
    cat = tokens_of(packs(), recipe("red cat", temperature=0), graphs)
    house = tokens_of(packs(), recipe("blue house", temperature=0), graphs)
    assert tokens_of(packs(), blended(1000, 0.001), graphs).tolist() == cat.tolist()
    assert tokens_of(packs(), blended(0.001, 1000), graphs).tolist() == house.tolist()
    assert cat.tolist() != house.tolist()


def test_equal_prompts_of_a_blend_share_a_row(packs):
    model = packs().manifest.model
    sums = conditions_of(recipe("cat", "cat ", guidance=1.0), model, "tiny")
    assert len(sums) == 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_style_changes_the_picture(packs, graphs, layout):
    drawn = {
        style: tokens_of(packs(layout), recipe("cat", style=style), graphs).tobytes()
        for style in (None, *tiny_prior.STYLES)
    }
    assert len(set(drawn.values())) == 3


def test_an_unknown_style_is_refused_with_the_list(packs, graphs):
    with pytest.raises(RecipeError, match=r"cubist.*flat, round"):
        draw(packs(), [recipe(style="cubist")], graphs)


def test_an_unknown_class_is_refused_with_the_list(packs, graphs):
    with pytest.raises(RecipeError, match=r"noon.*day, night, dusk"):
        draw(packs(condition=CLASS), [recipe(class_label="noon")], graphs)


def test_what_a_model_cannot_be_told_is_refused(packs, graphs):
    plain = packs(condition=manifest.Unconditional(), styles=False)
    for one, word in (
        (recipe("a cat"), "prompt"),
        (recipe(style="flat"), "styles"),
        (recipe(class_label="day"), "classes"),
    ):
        with pytest.raises(RecipeError, match=word):
            draw(plain, [one], graphs)
    never_open = packs(condition=replace(CLASS, null=None))
    with pytest.raises(RecipeError, match="set guidance to 1"):
        draw(never_open, [recipe(class_label="day", guidance=2.0)], graphs)
    with pytest.raises(RecipeError, match="needs a class"):
        draw(never_open, [recipe()], graphs)


def test_kept_tokens_of_another_grid_are_refused(packs, graphs):
    with pytest.raises(RecipeError, match="4 x 3"):
        draw(packs(), [recipe(kept=kept([1, 2], [1, 1]))], graphs)
    with pytest.raises(RecipeError, match="token 999"):
        draw(packs(), [recipe(kept=kept([999] * 12, [1] * 12))], graphs)


def test_a_prompt_that_is_too_long_is_cut_and_told(packs, graphs):
    long = "red cat on a hill at night"
    pictures, notes = draw(packs(), [recipe(long, temperature=0)], graphs)
    assert len(notes) == 1
    assert "5 tokens" in notes[0]
    cut, none = draw(packs(), [recipe("red cat on a hill", temperature=0)], graphs)
    assert none == ()
    assert np.array_equal(pictures[0], cut[0])


@pytest.mark.parametrize("condition", [TEXT, CROSS, POOLED], ids=["prefix", "cross", "pooled"])
def test_an_empty_prompt_is_no_prompt(packs, graphs, condition):
    pack = packs(condition=condition)
    nothing = tokens_of(pack, recipe(), graphs)
    assert tokens_of(pack, recipe("  ", guidance=3.0), graphs).tolist() == nothing.tolist()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_context_prefix_alone_can_start_a_picture(packs, graphs, layout):
    one = recipe("blue hill", guidance=2.0)
    full = tokens_of(packs("none", start_token=None), one, graphs)
    assert tokens_of(packs(layout, start_token=None), one, graphs).tolist() == full.tolist()


def test_a_picture_that_nothing_starts_is_refused(packs, graphs):
    pack = packs(condition=manifest.Unconditional(), start_token=None)
    with pytest.raises(PackError, match="start_token"):
        draw(pack, [recipe()], graphs)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_drawing_can_be_stopped_between_tokens_and_another_begun(packs, graphs, layout):
    cancel = Cancel()
    seen = []

    def stop_early(done, what="", preview=None):
        seen.append(done)
        if len(seen) == 4:
            cancel.set()

    with pytest.raises(Cancelled):
        draw(packs(layout), [recipe("cat")], graphs, stop_early, cancel)
    assert len(seen) == 4
    assert len(draw(packs(layout), [recipe("cat")], graphs)[0]) == 1


def test_progress_rises_and_previews_arrive(packs, graphs):
    seen = []
    (picture, _), _ = draw(
        packs(), [recipe("cat"), recipe("cat", seed=2)], graphs,
        lambda done, what="", preview=None: seen.append((done, preview)),
    )  # fmt: skip
    fractions = [done for done, _ in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    previews = [preview for _, preview in seen if preview is not None]
    assert previews
    assert all(one.shape == picture.shape and one.dtype == np.uint8 for one in previews)
    assert np.array_equal(previews[0][:4], picture[:4])
    assert len(np.unique(previews[0][8:].reshape(-1, 3), axis=0)) == 1


def test_a_preview_shows_the_old_picture_where_nothing_is_drawn_yet(packs, graphs):
    old = np.arange(12)
    seen = []
    draw(
        packs(), [recipe(kept=kept(old, [1] * 4 + [0] * 8))], graphs,
        lambda done, what="", preview=None: seen.append(preview),
    )  # fmt: skip
    first = next(preview for preview in seen if preview is not None)
    (behind,) = decode_tokens(packs(), old.reshape(1, 3, 4), graphs)
    assert np.array_equal(first[8:], behind[8:])


def test_a_palette_model_draws_exactly_its_colours(packs, graphs):
    pack = packs(condition=manifest.Unconditional(), styles=False, palette=True)
    (picture,), _ = draw(pack, [recipe(temperature=2.0)], graphs)
    assert picture.shape == (3, 4, 3)
    colours = set(pack.manifest.model.tokens.colours)
    assert {tuple(pixel) for pixel in picture.reshape(-1, 3).tolist()} <= colours
    grid = encode_tokens(pack, picture, graphs)
    assert np.array_equal(decode_tokens(pack, grid[None], graphs)[0], picture)


def test_a_cache_that_is_too_short_is_refused(packs, graphs, tmp_path):
    pack = tiny_prior.build(tmp_path / "short", Kind("shared"))
    block = pack.manifest.model
    short = replace(block, cache=replace(block.cache, length=8))
    broken = replace(pack, manifest=replace(pack.manifest, model=short))
    with pytest.raises(PackError, match="holds 8 positions"):
        draw(broken, [recipe("cat")], graphs)


def test_a_control_of_the_pack_feeds_its_input(packs, graphs):
    plain = packs(condition=CLASS)
    own = manifest.Choice(
        name="mood", options=tiny_prior.CLASSES, default="dusk", graph="prior", input="class"
    )
    block = replace(plain.manifest.model, condition=manifest.Unconditional())
    pack = replace(plain, manifest=replace(plain.manifest, model=block, controls=(own,)))
    for mood in tiny_prior.CLASSES:
        told = tokens_of(plain, recipe(class_label=mood), graphs).tolist()
        chosen = recipe(settings=(Setting(control="mood", value=mood),))
        assert tokens_of(pack, chosen, graphs).tolist() == told
    usual = tokens_of(plain, recipe(class_label="dusk"), graphs).tolist()
    assert tokens_of(pack, recipe(), graphs).tolist() == usual
    with pytest.raises(RecipeError, match="no option"):
        draw(pack, [recipe(settings=(Setting(control="mood", value="noon"),))], graphs)


def test_recipes_that_differ_in_more_than_their_seed_are_not_drawn_together(packs, graphs):
    with pytest.raises(ValueError, match="seeds alone"):
        draw(packs(), [recipe("cat"), recipe("house")], graphs)


def test_damaged_weights_are_told_in_words(packs, graphs, tmp_path):
    pack = tiny_prior.build(tmp_path / "nan", Kind("none", every_position=True))
    path = pack.folder / "prior.onnx"
    graph = onnx.load(path)
    weight = next(w for w in graph.graph.initializer if w.data_type == onnx.TensorProto.FLOAT)
    spoilt = np.full(list(weight.dims), np.nan, np.float32)
    weight.CopyFrom(onnx.numpy_helper.from_array(spoilt, weight.name))
    onnx.save(graph, path)
    files = {**pack.manifest.graphs, "prior": manifest.Graph(file="prior.onnx", sha256="f" * 64)}
    with pytest.raises(EngineError, match="not numbers"):
        draw(replace(pack, manifest=replace(pack.manifest, graphs=files)), [recipe()], graphs)
