"""What changed from one recipe to the next, in a few words: "truncation 0.7 → 0.5".

Each kind of recipe lists its changes, the ones that show most first; two are told, the rest are
counted.
"""

from __future__ import annotations

from typing import Final

from genstudio.base.texts import translate
from genstudio.document import phrases
from genstudio.document.phrases import Labels
from genstudio.document.source_words import mixing_phrases, prompts_phrase, source_phrases
from genstudio.packs.controls import ANY
from genstudio.packs.manifest import Manifest, Upscaler
from genstudio.recipe.values import (
    KeptTokens,
    LatentRecipe,
    LayerRange,
    Move,
    Recipe,
    Setting,
    TokenRecipe,
    UpscaleRecipe,
    Upscaling,
    WeightedPrompt,
)

LENGTH_LIMIT: Final = 120
"""The most characters that words for a step have."""


def words_for(
    before: Recipe | None,
    after: Recipe,
    manifest: Manifest | None,
    upscaler: Manifest | None = None,
) -> str:
    """Say what changed, on one line of at most `LENGTH_LIMIT` characters.

    Args:
        before: The recipe until now; None at the start of a history.
        after: Another recipe.
        manifest: That of the model of `after`, for the labels of its controls; None where the pack
            is missing.
        upscaler: That of the upscaler which `after` names, where one is at hand.
    """
    if before is None or before.model.id != after.model.id or type(before) is not type(after):
        told = _another_model(before, after, manifest)
    else:
        told = _version(before, after, manifest) + _changes(before, after, manifest, upscaler)
    return _joined(told or [translate("History", "a small change")])


def from_picture(name: str) -> str:
    """The words for a step whose recipe was read from a picture, by the file's name."""
    if not name:
        return translate("History", "from a picture")
    return translate("History", "from picture {name}").format(name=phrases.short(name))


def _joined(told: list[str]) -> str:
    """The first two changes and how many more there are; only the first where two are too long."""
    if len(told) > 2:
        words = translate("History", "{first}, {second} and {count} more").format(
            first=told[0], second=told[1], count=len(told) - 2
        )
    else:
        words = ", ".join(told)
    if len(words) > LENGTH_LIMIT and len(told) > 1:
        words = translate("History", "{first} and {count} more").format(
            first=told[0], count=len(told) - 1
        )
    return words if len(words) <= LENGTH_LIMIT else words[: LENGTH_LIMIT - 1].rstrip() + "…"


def _model_name(after: Recipe, manifest: Manifest | None) -> str:
    return phrases.short(manifest.name if manifest else after.model.id)


def _another_model(before: Recipe | None, after: Recipe, manifest: Manifest | None) -> list[str]:
    """The model's name; at the start, and for a picture that is enlarged, what it begins with."""
    if isinstance(after, UpscaleRecipe):
        return [from_picture(after.picture.name), _enlarged(after.model.id, manifest)]
    labels = Labels(manifest)
    told = [phrases.is_now(labels["model"], _model_name(after, manifest))]
    if before is not None:
        return told
    if isinstance(after, LatentRecipe):
        return told + source_phrases(None, after.source, labels)
    if after.prompts:
        return told + _prompts((), after.prompts)
    return [*told, phrases.is_now(labels["seed"], str(after.seed))]


def _version(before: Recipe, after: Recipe, manifest: Manifest | None) -> list[str]:
    if before.model == after.model:
        return []
    name = _model_name(after, manifest)
    return [translate("History", "another version of {model}").format(model=name)]


def _changes(
    before: Recipe, after: Recipe, manifest: Manifest | None, upscaler: Manifest | None
) -> list[str]:
    labels = Labels(manifest)
    if isinstance(before, LatentRecipe) and isinstance(after, LatentRecipe):
        return _latent(before, after, labels, manifest) + _common(before, after, labels, upscaler)
    if isinstance(before, TokenRecipe) and isinstance(after, TokenRecipe):
        return _tokens(before, after, labels) + _common(before, after, labels, upscaler)
    assert isinstance(before, UpscaleRecipe)
    assert isinstance(after, UpscaleRecipe)
    return [] if before.picture == after.picture else [from_picture(after.picture.name)]


def _latent(
    before: LatentRecipe, after: LatentRecipe, labels: Labels, manifest: Manifest | None
) -> list[str]:
    cutoffs = before.truncation_cutoff, after.truncation_cutoff
    return [
        *source_phrases(before.source, after.source, labels),
        *_named(labels["class"], before.class_label, after.class_label),
        *_moves(before.moves, after.moves),
        *_number(labels["truncation"], before.truncation, after.truncation),
        *_named(labels["truncation-cutoff"], *cutoffs, none=translate("History", "all")),
        *mixing_phrases(before.mixing, after.mixing),
        *_named(labels["noise-seed"], before.noise_seed, after.noise_seed),
        *_number(labels["noise-strength"], before.noise_strength, after.noise_strength),
        *_size(before.size, after.size, labels, manifest),
    ]


def _tokens(before: TokenRecipe, after: TokenRecipe, labels: Labels) -> list[str]:
    return [
        *_prompts(before.prompts, after.prompts),
        *_named(labels["seed"], before.seed, after.seed),
        *_named(labels["style"], before.style, after.style),
        *_named(labels["class"], before.class_label, after.class_label),
        *_number(labels["temperature"], before.temperature, after.temperature),
        *_number(labels["top-k"], before.top_k, after.top_k),
        *_number(labels["top-p"], before.top_p, after.top_p),
        *_number(labels["guidance"], before.guidance, after.guidance),
        *(_kept(before.kept, after.kept) if before.grid == after.grid else _grid(after)),
    ]


def _common(
    before: LatentRecipe | TokenRecipe,
    after: LatentRecipe | TokenRecipe,
    labels: Labels,
    upscaler: Manifest | None,
) -> list[str]:
    return [
        *_settings(before.settings, after.settings, labels),
        *_upscaling(before.upscaling, after.upscaling, upscaler),
    ]


def _number(label: str, old: float, new: float) -> list[str]:
    return [] if old == new else [phrases.number_changed(label, old, new)]


def _named(label: str, old: str | int | None, new: str | int | None, none: str = "") -> list[str]:
    """A value that is a name or counts something; `none` is what an open one is called."""
    if old == new:
        return []
    none = none or translate("History", "any")
    first, second = (
        none if value in (None, ANY) else phrases.short(str(value)) for value in (old, new)
    )
    return [phrases.changed(label, first, second)]


def _moves(before: tuple[Move, ...], after: tuple[Move, ...]) -> list[str]:
    if before == after:
        return []
    old, new = _amounts(before), _amounts(after)
    moved = [key for key in {**old, **new} if old.get(key, 0.0) != new.get(key, 0.0)]
    if not moved:
        return [translate("History", "sliders in another order")]
    if len(moved) > 2:
        if not any(new.values()):
            return [translate("History", "{count} sliders reset").format(count=len(moved))]
        return [translate("History", "{count} sliders").format(count=len(moved))]
    return [_move(key, old.get(key, 0.0), new.get(key, 0.0)) for key in moved]


def _amounts(moves: tuple[Move, ...]) -> dict[tuple[str, LayerRange | None], float]:
    amounts: dict[tuple[str, LayerRange | None], float] = {}
    for move in moves:
        key = (move.direction, move.layers)
        amounts[key] = amounts.get(key, 0.0) + move.amount
    return amounts


def _move(key: tuple[str, LayerRange | None], old: float, new: float) -> str:
    direction, where = key
    label = phrases.short(direction)
    if where is not None:
        label = translate("History", "{direction} on {layers}").format(
            direction=label, layers=phrases.layers(where)
        )
    return phrases.number_changed(label, old, new, signed=True) if new else phrases.is_reset(label)


def _size(
    before: tuple[int, int] | None,
    after: tuple[int, int] | None,
    labels: Labels,
    manifest: Manifest | None,
) -> list[str]:
    image = manifest.image if manifest else None
    usual = f"{image.width} × {image.height}" if image else translate("History", "usual")
    old, new = (usual if size is None else f"{size[0]} × {size[1]}" for size in (before, after))
    return [] if before == after else [phrases.changed(labels["size"], old, new)]


def _prompts(before: tuple[WeightedPrompt, ...], after: tuple[WeightedPrompt, ...]) -> list[str]:
    if before == after:
        return []
    texts = [prompt.text for prompt in after]
    if texts != [prompt.text for prompt in before]:
        return [prompts_phrase(texts)]
    weighed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    if len(weighed) > 1:
        return [translate("History", "weights of the prompts")]
    old, new = weighed[0]
    label = translate("History", "weight of {prompt}").format(prompt=phrases.quoted(new.text))
    return [phrases.number_changed(label, old.weight, new.weight)]


def _kept(before: KeptTokens | None, after: KeptTokens | None) -> list[str]:
    if before == after:
        return []
    if after is None:
        return [translate("History", "everything drawn anew")]
    if before is None:
        return [translate("History", "a part of the picture kept")]
    return [translate("History", "another part of the picture kept")]


def _grid(after: TokenRecipe) -> list[str]:
    if after.grid is None:
        return [translate("History", "the model's own size")]
    words = translate("History", "{columns} × {rows} tokens")
    return [words.format(columns=after.grid[0], rows=after.grid[1])]


def _settings(before: tuple[Setting, ...], after: tuple[Setting, ...], labels: Labels) -> list[str]:
    """The pack's own controls; one that a recipe does not set stands at the control's default."""
    if before == after:
        return []
    old = {setting.control: setting.value for setting in before}
    new = {setting.control: setting.value for setting in after}
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    told = [_setting(name, old.get(name), new.get(name), labels) for name in names]
    return told or [translate("History", "settings in another order")]


def _setting(name: str, old: float | str | None, new: float | str | None, labels: Labels) -> str:
    label = labels[name]
    if new is None:
        return phrases.is_reset(label)
    if old is None:
        old = getattr(labels.controls.get(name), "default", None)
    if isinstance(new, str):
        if isinstance(old, str) and old != new:
            return phrases.changed(label, phrases.short(old), phrases.short(new))
        return phrases.is_now(label, phrases.short(new))
    if isinstance(old, float | int) and old != new:
        return phrases.number_changed(label, old, new)
    return phrases.is_now(label, phrases.number(new))


def _upscaling(
    before: Upscaling | None, after: Upscaling | None, upscaler: Manifest | None
) -> list[str]:
    if before == after:
        return []
    if after is None:
        return [translate("History", "not enlarged")]
    return [_enlarged(after.model.id, upscaler)]


def _enlarged(model_id: str, upscaler: Manifest | None) -> str:
    if upscaler is not None and isinstance(upscaler.model, Upscaler):
        return translate("History", "enlarged {scale}×").format(scale=upscaler.model.scale)
    return translate("History", "enlarged with {model}").format(model=phrases.short(model_id))
