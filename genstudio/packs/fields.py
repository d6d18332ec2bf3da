"""Where each of the families' controls lives in a recipe: how it is read there, and how set.

A value read is the value that set it; None where the control says nothing about the recipe yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from msgspec.structs import replace

from genstudio.base.errors import RecipeError
from genstudio.packs.controls import ANY, default_mix
from genstudio.packs.manifest import Autoregressive, ClassCondition, Gan, Manifest, Upscaler
from genstudio.recipe.values import (
    Exact,
    FromSeed,
    LatentRecipe,
    LayerRange,
    Mixing,
    TokenRecipe,
    Varied,
)

Value = float | str | LayerRange
"""What a control may be set to; text stands for any of them."""


@dataclass(frozen=True)
class Field:
    """A control's place in a recipe.

    `is_whole`: its values are whole numbers, whatever step a pack gives them. `needs_more`: a
    fresh recipe leaves it alone, for it needs a picture or makes another one.
    """

    read: Callable[[Any, Manifest], Value | None]
    write: Callable[[Any, Manifest, Any], Any]
    is_whole: bool = False
    needs_more: bool = False


def _number(name: str) -> Field:
    return Field(
        lambda recipe, _manifest: float(getattr(recipe, name)),
        lambda recipe, _manifest, value: replace(recipe, **{name: float(value)}),
    )


def _whole(name: str) -> Field:
    return Field(
        lambda recipe, _manifest: float(getattr(recipe, name)),
        lambda recipe, _manifest, value: replace(recipe, **{name: int(value)}),
        is_whole=True,
    )


def _option(name: str, first: Callable[[Manifest], str]) -> Field:
    def write(recipe: Any, manifest: Manifest, value: str) -> Any:
        """Only where the choice can be left open does "any" do so: a class may be called that."""
        is_open = value == ANY == first(manifest)
        return replace(recipe, **{name: None if is_open else value})

    return Field(lambda recipe, manifest: getattr(recipe, name) or first(manifest), write)


def _first_class(manifest: Manifest) -> str:
    """What is drawn where no class was chosen."""
    model = manifest.model
    assert not isinstance(model, Upscaler)
    if not isinstance(model, Autoregressive):
        return model.classes[0]
    assert isinstance(model.condition, ClassCondition)
    return model.condition.classes[0] if model.condition.null is None else ANY


def _read_cutoff(recipe: LatentRecipe, manifest: Manifest) -> float:
    cutoff = recipe.truncation_cutoff
    return float(_layers(manifest) if cutoff is None else cutoff)


def _write_cutoff(recipe: LatentRecipe, manifest: Manifest, value: float) -> LatentRecipe:
    """All layers is what a recipe without a cutoff means, so that going back is no change."""
    cutoff = None if value == _layers(manifest) else int(value)
    return replace(recipe, truncation_cutoff=cutoff)


def _read_variation(recipe: LatentRecipe, _manifest: Manifest) -> float | None:
    source = recipe.source
    if isinstance(source, Varied):
        return float(source.strength)
    return 0.0 if isinstance(source, Exact) and source.log_variance is not None else None


def _write_variation(recipe: LatentRecipe, manifest: Manifest, value: float) -> LatentRecipe:
    source = recipe.source
    if isinstance(source, Exact) and source.log_variance is not None:
        source = Varied(around=source, seed=0)
    if not isinstance(source, Varied):
        raise RecipeError(
            f"variation needs an encoded picture; give {manifest.id} one with --from PICTURE."
        )
    return replace(recipe, source=replace(source, strength=value))


def _read_mix_seed(recipe: LatentRecipe, _manifest: Manifest) -> float | None:
    source = recipe.mixing[-1].source if recipe.mixing else None
    return float(source.seed) if isinstance(source, FromSeed) else None


def _write_mix_seed(recipe: LatentRecipe, manifest: Manifest, value: float) -> LatentRecipe:
    layers = recipe.mixing[-1].layers if recipe.mixing else default_mix(_layers(manifest))
    mixing = Mixing(source=FromSeed(seed=int(value)), layers=layers)
    return replace(recipe, mixing=(*recipe.mixing[:-1], mixing))


def _read_mix_layers(recipe: LatentRecipe, _manifest: Manifest) -> LayerRange | None:
    return recipe.mixing[-1].layers if recipe.mixing else None


def _write_mix_layers(recipe: LatentRecipe, _manifest: Manifest, value: LayerRange) -> LatentRecipe:
    if not recipe.mixing:
        raise RecipeError("mix-layers needs a second picture; set mix-seed too.")
    return replace(recipe, mixing=(*recipe.mixing[:-1], replace(recipe.mixing[-1], layers=value)))


def _side(axis: int) -> Field:
    def write(recipe: LatentRecipe, manifest: Manifest, value: float) -> LatentRecipe:
        width, height = _size(recipe, manifest)
        size = (width, int(value)) if axis else (int(value), height)
        return replace(recipe, size=None if size == _own_size(manifest) else size)

    return Field(
        lambda recipe, manifest: float(_size(recipe, manifest)[axis]),
        write,
        is_whole=True,
        needs_more=True,
    )


def _size(recipe: LatentRecipe, manifest: Manifest) -> tuple[int, int]:
    return recipe.size or _own_size(manifest)


def _own_size(manifest: Manifest) -> tuple[int, int]:
    return manifest.image.width, manifest.image.height


def _layers(manifest: Manifest) -> int:
    assert isinstance(manifest.model, Gan)
    return manifest.model.layers


def suits(recipe: LatentRecipe | TokenRecipe, manifest: Manifest) -> bool:
    """Whether the recipe is of the kind that the model draws from."""
    return isinstance(recipe, TokenRecipe) == isinstance(manifest.model, Autoregressive)


FIELDS: Final[dict[str, Field]] = {
    "truncation": _number("truncation"),
    "truncation-cutoff": Field(_read_cutoff, _write_cutoff, is_whole=True),
    "variation": Field(_read_variation, _write_variation, needs_more=True),
    "width": _side(0),
    "height": _side(1),
    "class": _option("class_label", _first_class),
    "mix-seed": Field(_read_mix_seed, _write_mix_seed, is_whole=True, needs_more=True),
    "mix-layers": Field(_read_mix_layers, _write_mix_layers, needs_more=True),
    "noise-seed": _whole("noise_seed"),
    "noise-strength": _number("noise_strength"),
    "temperature": _number("temperature"),
    "top-k": _whole("top_k"),
    "top-p": _number("top_p"),
    "guidance": _number("guidance"),
    "style": _option("style", lambda _manifest: ANY),
}
"""By the control's name."""
