"""The Recipe: a small frozen value that holds everything that makes one image.

Two recipes that are equal make the same picture on the same device, so a recipe is at once the
undo step, the job's input, the row in the library and the JSON inside a PNG.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

SEED_LIMIT = 2**32
"""Seeds run from 0 to `SEED_LIMIT` - 1: what `numpy.random.RandomState` takes."""

Seed = Annotated[int, Meta(ge=0, lt=SEED_LIMIT)]
Name = Annotated[str, Meta(max_length=200)]
Prompt = Annotated[str, Meta(max_length=2000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Strength = Annotated[float, Meta(ge=-1e4, le=1e4)]
LayerRange = tuple[Count, Count]
"""Layers from the first number up to, but without, the second."""


class _Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all recipe values are: frozen, compared and hashed by content, strict about fields."""


class ModelRef(_Value, frozen=True, kw_only=True):
    """Which model: the pack's id and the SHA-256 of its manifest ("" means any version)."""

    id: Name
    sha256: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")] = ""


class Tensor(_Value, frozen=True, kw_only=True):
    """A float32 array as plain data: little-endian bytes in C order, and the shape."""

    shape: Annotated[tuple[Count, ...], Meta(max_length=4)]
    data: Annotated[bytes, Meta(max_length=64 << 20)]


class FromSeed(_Value, frozen=True, kw_only=True, tag="seed"):
    """A latent drawn with `numpy.random.RandomState(seed).randn`, as StyleGAN's tools draw it."""

    seed: Seed


class FromPrompt(_Value, frozen=True, kw_only=True, tag="prompt"):
    """A latent that the pack's `prompt_to_latent` graph gives for a text."""

    text: Prompt


class Exact(_Value, frozen=True, kw_only=True, tag="exact"):
    """A latent given as numbers: an encoded picture, or a found or edited latent.

    `space` is "latent" (what the decoder or the mapping takes, after scale and shift) or "w" (per
    layer, [layers, w]; or [w] for all layers). `log_variance` has the shape of `mean` and is there
    for an encoded picture whose encoder is sure of some things and not of others.
    """

    mean: Tensor
    log_variance: Tensor | None = None
    space: Literal["latent", "w"] = "latent"


class Varied(_Value, frozen=True, kw_only=True, tag="varied"):
    """A sample around an encoded picture by the encoder's own log-variance.

    `strength` scales the standard deviation: 0 is the reconstruction, 1 what the encoder means.
    """

    around: Exact
    seed: Seed
    strength: Annotated[float, Meta(ge=0, le=20)] = 1.0


Way = Literal["spherical", "linear", "learned"]
"""Over the sphere, straight, or past learned pictures, for packs that keep those."""


class Between(_Value, frozen=True, kw_only=True, tag="between"):
    """A latent between two others, `t` from 0 (`a`) to 1 (`b`)."""

    a: LatentSource
    b: LatentSource
    t: Annotated[float, Meta(ge=0, le=1)]
    how: Way = "spherical"


LatentSource = FromSeed | FromPrompt | Exact | Varied | Between


class Move(_Value, frozen=True, kw_only=True):
    """A slider move: along a named or numbered direction, in standard deviations of the latent.

    Names: those of found directions ("brightness"), "principal 1" and on, "closed-form 1" and on,
    and "latent 1" and on for the single numbers of the flat latent (of a layer's w, for GANs that
    have it). `layers` limits the move for GANs.
    """

    direction: Name
    amount: Strength
    layers: LayerRange | None = None


class Mixing(_Value, frozen=True, kw_only=True):
    """Style mixing: the given layers take their w from another latent (StyleGAN, section 3.1)."""

    source: LatentSource
    layers: LayerRange


class Setting(_Value, frozen=True, kw_only=True):
    """The value of a control that the pack declares and that feeds a graph input of its own."""

    control: Name
    value: float | str


class Upscaling(_Value, frozen=True, kw_only=True):
    """An upscaler pack that enlarges the picture after it is made."""

    model: ModelRef


class LatentRecipe(_Value, frozen=True, kw_only=True, tag="latent"):
    """An image from a VAE or a GAN.

    `truncation` is psi: for a GAN w is pulled to its average, for a VAE the latent to zero; 1
    leaves it. `truncation_cutoff` is the number of layers it applies to. `size` is (width, height)
    in pixels for models that draw any size.
    """

    model: ModelRef
    source: LatentSource
    class_label: Name | None = None
    moves: Annotated[tuple[Move, ...], Meta(max_length=1000)] = ()
    truncation: Annotated[float, Meta(ge=-5, le=5)] = 1.0
    truncation_cutoff: Count | None = None
    mixing: Annotated[tuple[Mixing, ...], Meta(max_length=100)] = ()
    noise_seed: Seed = 0
    noise_strength: Annotated[float, Meta(ge=0, le=10)] = 1.0
    size: tuple[Count, Count] | None = None
    settings: Annotated[tuple[Setting, ...], Meta(max_length=100)] = ()
    upscaling: Upscaling | None = None


class WeightedPrompt(_Value, frozen=True, kw_only=True):
    """A prompt and its weight in a blend. Weights are divided by their sum."""

    text: Prompt
    weight: Annotated[float, Meta(gt=0, le=1000)] = 1.0


class KeptTokens(_Value, frozen=True, kw_only=True):
    """Tokens of an encoded picture that stay: the rest is drawn.

    `tokens` holds one little-endian uint32 a cell of the grid in raster order; `kept` one byte a
    cell, 1 where the token stays and 0 where it is drawn anew.
    """

    tokens: Annotated[bytes, Meta(max_length=4 << 20)]
    kept: Annotated[bytes, Meta(max_length=1 << 20)]


class TokenRecipe(_Value, frozen=True, kw_only=True, tag="tokens"):
    """An image from an autoregressive token model.

    `temperature` 0 always takes the likeliest token. `top_k` 0 and `top_p` 1 leave all tokens in.
    `guidance` 1 is the conditional model alone (classifier-free guidance, Ho and Salimans 2022,
    as unconditional + guidance x (conditional - unconditional)). `grid` is (width, height) in
    tokens of a picture that goes beyond the model's own grid.
    """

    model: ModelRef
    seed: Seed
    prompts: Annotated[tuple[WeightedPrompt, ...], Meta(max_length=16)] = ()
    style: Name | None = None
    class_label: Name | None = None
    temperature: Annotated[float, Meta(ge=0, le=10)] = 1.0
    top_k: Count = 0
    top_p: Annotated[float, Meta(gt=0, le=1)] = 1.0
    guidance: Annotated[float, Meta(ge=0, le=100)] = 1.0
    kept: KeptTokens | None = None
    grid: tuple[Count, Count] | None = None
    settings: Annotated[tuple[Setting, ...], Meta(max_length=100)] = ()
    upscaling: Upscaling | None = None


class PictureRef(_Value, frozen=True, kw_only=True):
    """A picture that a recipe works on, by the SHA-256 of its pixels, with its name for people.

    The hash is that of "WIDTHxHEIGHTxCHANNELS:" in ASCII and then the uint8 pixels in C order.
    """

    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    name: Name = ""


class UpscaleRecipe(_Value, frozen=True, kw_only=True, tag="upscale"):
    """A picture from outside, enlarged by an upscaler pack."""

    model: ModelRef
    picture: PictureRef


Recipe = LatentRecipe | TokenRecipe | UpscaleRecipe
