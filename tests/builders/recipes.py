"""Any recipe there can be, for tests that hold for all of them."""

from __future__ import annotations

from hypothesis import strategies as st

from genstudio.recipe.values import (
    SEED_LIMIT,
    Between,
    Exact,
    FromPrompt,
    FromSeed,
    KeptTokens,
    LatentRecipe,
    Mixing,
    ModelRef,
    Move,
    PictureRef,
    Setting,
    Tensor,
    TokenRecipe,
    UpscaleRecipe,
    Upscaling,
    Varied,
    WeightedPrompt,
)

names = st.text(max_size=20)
seeds = st.integers(0, SEED_LIMIT - 1)
layers = st.tuples(st.integers(0, 9), st.integers(0, 9))
models = st.builds(ModelRef, id=names, sha256=st.sampled_from(["", "0" * 64, "9a" * 32]))
tensors = st.builds(Tensor, shape=st.tuples(st.integers(0, 9)), data=st.binary(max_size=40))
exact = st.builds(
    Exact, mean=tensors, log_variance=st.none() | tensors, space=st.sampled_from(["latent", "w"])
)
strengths = st.floats(0, 10)
sources = st.recursive(
    st.builds(FromSeed, seed=seeds)
    | st.builds(FromPrompt, text=names)
    | exact
    | st.builds(Varied, around=exact, seed=seeds, strength=strengths),
    lambda inner: st.builds(Between, a=inner, b=inner, t=st.floats(0, 1)),
    max_leaves=4,
)
controls = st.lists(
    st.builds(Setting, control=names, value=st.floats(-9, 9) | names), max_size=2
).map(tuple)
upscaling = st.none() | st.builds(Upscaling, model=models)
latents = st.builds(
    LatentRecipe,
    model=models,
    source=sources,
    class_label=st.none() | names,
    moves=st.lists(
        st.builds(Move, direction=names, amount=st.floats(-1e4, 1e4), layers=st.none() | layers),
        max_size=2,
    ).map(tuple),
    truncation=st.floats(-5, 5),
    truncation_cutoff=st.none() | st.integers(0, 18),
    mixing=st.lists(st.builds(Mixing, source=sources, layers=layers), max_size=2).map(tuple),
    noise_seed=seeds,
    noise_strength=strengths,
    size=st.none() | layers,
    settings=controls,
    upscaling=upscaling,
)
drawn = st.builds(
    TokenRecipe,
    model=models,
    seed=seeds,
    prompts=st.lists(
        st.builds(WeightedPrompt, text=names, weight=st.floats(0.01, 1000)), max_size=3
    ).map(tuple),
    style=st.none() | names,
    class_label=st.none() | names,
    temperature=strengths,
    top_k=st.integers(0, 4096),
    top_p=st.floats(0.01, 1),
    guidance=st.floats(0, 100),
    kept=st.none()
    | st.builds(KeptTokens, tokens=st.binary(max_size=16), kept=st.binary(max_size=4)),
    settings=controls,
    upscaling=upscaling,
)
enlarged = st.builds(
    UpscaleRecipe,
    model=models,
    picture=st.builds(PictureRef, sha256=st.just("ab" * 32), name=names),
)
