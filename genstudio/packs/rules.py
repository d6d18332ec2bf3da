"""What a manifest must say beyond its types: its parts must fit each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from genstudio.base.errors import PackError
from genstudio.packs.controls import family_controls
from genstudio.packs.manifest import (
    Autoregressive,
    Choice,
    ClassCondition,
    Control,
    Gan,
    Image,
    Manifest,
    Palette,
    Role,
    Slider,
    SpatialLatent,
    TextCondition,
    Upscaler,
    Vae,
    VectorLatent,
)

_PROMPT: Final[tuple[Role, ...]] = ("text", "prompt_to_latent")


def check_manifest(manifest: Manifest) -> None:
    """Refuse a manifest whose parts do not fit each other. Raises `PackError` about the first."""
    for problem in _problems(manifest):
        raise PackError(f"The pack.json of {manifest.id} {problem}.")


def roles_of(manifest: Manifest) -> tuple[tuple[Role, ...], tuple[Role, ...]]:
    """The graphs that a model of this kind needs, and those that it may have besides."""
    match manifest.model:
        case Vae(latent=VectorLatent()):
            return ("decoder",), ("encoder", "mapping", "learned", *_PROMPT)
        case Vae():
            return ("decoder",), ("encoder", "mapping", *_PROMPT)
        case Gan(layers=0):
            return ("generator",), ("critic", *_PROMPT)
        case Gan():
            return ("mapping", "synthesis"), ("critic", *_PROMPT)
        case Upscaler():
            return ("upscaler",), ()
        case Autoregressive(tokens=tokens, condition=condition):
            picture: tuple[Role, ...] = () if isinstance(tokens, Palette) else ("image_decoder",)
            text: tuple[Role, ...] = ("text",) if isinstance(condition, TextCondition) else ()
            known: tuple[Role, ...] = ("recall",) if picture and text else ()
            return ("prior", *picture, *text), (*known, *(("image_encoder",) if picture else ()))


def tokens_before(model: Autoregressive) -> int:
    """How many tokens are fed before the picture's first: a class token, a start token."""
    condition = model.condition
    told = isinstance(condition, ClassCondition) and condition.token_offset is not None
    return int(told) + int(model.start_token is not None)


def _problems(manifest: Manifest) -> Iterator[str]:
    yield from _role_problems(manifest)
    yield from _control_problems(manifest)
    model, image = manifest.model, manifest.image
    if isinstance(model, Vae | Gan):
        yield from _repeated("model.classes", model.classes)
    if isinstance(model, Vae) and isinstance(model.latent, SpatialLatent):
        factor = model.latent.factor
        if image.width % factor or image.height % factor:
            yield (
                f"says {image.width} x {image.height} pixels, which are not multiples of the "
                f"latent's factor {factor}; correct image or model.latent"
            )
        if not model.latent.scale:
            yield "has a latent scale of 0; write the model's own, or 1"
    if isinstance(model, Gan) and model.noise_factors:
        yield from _noise_problems(image, model)
    if isinstance(model, Autoregressive):
        yield from _token_problems(manifest, model)


def _noise_problems(image: Image, model: Gan) -> Iterator[str]:
    if not model.layers or len(model.noise_factors) != model.noise:
        yield (
            f"lists {len(model.noise_factors)} noise_factors for {model.noise} noise inputs of a "
            "synthesis; list one for each"
        )
    uneven = [factor for factor in model.noise_factors if model.factor % factor]
    if uneven:
        yield f"lists the noise factor {uneven[0]}, which does not divide {model.factor}"
    if image.width % model.factor or image.height % model.factor:
        yield (
            f"says {image.width} x {image.height} pixels, which are not multiples of the largest "
            f"noise factor {model.factor}; correct image or noise_factors"
        )


def _role_problems(manifest: Manifest) -> Iterator[str]:
    needed, possible = roles_of(manifest)
    missing = [role for role in needed if role not in manifest.graphs]
    if missing:
        yield (
            f"names no graph for {' and '.join(missing)}, which a model of the family "
            f"{manifest.family} needs; add it under graphs"
        )
    strange = [role for role in manifest.graphs if role not in (*needed, *possible)]
    if strange:
        yield (
            f"names a graph {strange[0]}, for which this model has no use; take it out, or correct "
            "model"
        )
    if "prompt_to_latent" in manifest.graphs and "text" not in manifest.graphs:
        yield "names a prompt_to_latent graph but no text graph to feed it; add one under graphs"
    if "text" in manifest.graphs and manifest.tokenizer is None:
        yield "names a text graph but no tokenizer; add a tokenizer.json and name it there"


def _control_problems(manifest: Manifest) -> Iterator[str]:
    yield from _repeated("controls", tuple(control.name for control in manifest.controls))
    for control in manifest.controls:
        if isinstance(control, Slider) and not control.low <= control.default <= control.high:
            yield (
                f"gives the control {control.name} the default {control.default:g}, outside of "
                f"{control.low:g} to {control.high:g}; correct it"
            )
        if isinstance(control, Choice):
            yield from _repeated(f"control {control.name}", control.options)
            if control.default not in control.options:
                yield (
                    f"gives the control {control.name} the default {control.default!r}, which is "
                    "none of its options; correct it"
                )
        if (control.graph is None) != (control.input is None):
            yield f"gives the control {control.name} one of graph and input; give both or neither"
        if control.graph is not None and control.graph not in manifest.graphs:
            yield (
                f"has a control {control.name} for a graph {control.graph}, which the pack does "
                "not have; correct it"
            )
        yield from _reach_problems(control, manifest)


def _reach_problems(control: Control, manifest: Manifest) -> Iterator[str]:
    """A control turns what the family turns, or feeds a graph; else it would move for nothing."""
    is_familys = control.name in family_controls(manifest)
    if is_familys and control.graph is not None:
        yield (
            f"feeds a graph with the control {control.name}, which the family turns already; leave "
            "out its graph and input, or give it another name"
        )
    if not is_familys and control.graph is None:
        yield (
            f"has a control {control.name} that feeds no graph and is none of the family's; give "
            "it graph and input, or leave it out"
        )


def _token_problems(manifest: Manifest, model: Autoregressive) -> Iterator[str]:
    image, condition = manifest.image, model.condition
    width, height = model.grid
    if isinstance(model.tokens, Palette):
        if any(len(colour) != image.channels for colour in model.tokens.colours):
            yield (
                f"has a palette colour without the picture's {image.channels} channels; correct "
                "model.tokens.colours"
            )
        if model.grid != (image.width, image.height):
            yield (
                f"has a palette, so that a token is a pixel, but a grid of {width} x {height} and "
                f"a picture of {image.width} x {image.height}; make them equal"
            )
    if model.extends and (image.width % width or image.height % height):
        yield (
            f"says extends, but {image.width} x {image.height} pixels are no whole number of "
            f"pixels a token in a grid of {width} x {height}; correct image or model.grid"
        )
    if isinstance(condition, ClassCondition):
        yield from _repeated("model.condition.classes", condition.classes)
    if model.styles is not None:
        yield from _repeated("model.styles.names", model.styles.names)
    first_step = isinstance(condition, TextCondition) and condition.given == "first step"
    if not tokens_before(model) and not first_step:
        yield (
            "has no start_token, and nothing else starts a picture; write the token that stands "
            "before the first one"
        )
    yield from _cache_problems(model)


def _cache_problems(model: Autoregressive) -> Iterator[str]:
    cache, condition = model.cache, model.condition
    if cache.layout == "none":
        return
    if not cache.layers:
        yield "has a cache without layers; write how many layers keep keys and values"
    prefix = 0
    if isinstance(condition, TextCondition) and condition.given == "first step":
        prefix = condition.max_tokens if condition.uses == "tokens" else 1
    # The last token of a picture is never fed.
    longest = prefix + tokens_before(model) + model.grid[0] * model.grid[1] - 1
    if (cache.length or cache.layout == "shared") and cache.length < longest:
        yield (
            f"has a cache of {cache.length} positions, but a picture takes {longest}; correct "
            "model.cache.length"
        )


def _repeated(where: str, names: tuple[str, ...]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"names {name!r} twice under {where}; give each a name of its own"
        seen.add(name)
