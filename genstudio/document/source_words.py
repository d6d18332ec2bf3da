"""What a latent comes from, and how it changed, in words."""

from __future__ import annotations

from genstudio.base.texts import translate
from genstudio.document import phrases
from genstudio.document.phrases import Labels
from genstudio.recipe.values import (
    Between,
    Exact,
    FromPrompt,
    FromSeed,
    LatentSource,
    Mixing,
    Varied,
    Way,
)


def source_name(source: LatentSource) -> str:
    """What a latent comes from: "seed 7", "“red heart”", "a picture", "a blend"."""
    if isinstance(source, FromSeed):
        return translate("History", "seed {seed}").format(seed=source.seed)
    if isinstance(source, FromPrompt):
        return phrases.quoted(source.text)
    if isinstance(source, Varied):
        return translate("History", "a variation")
    if isinstance(source, Between):
        return translate("History", "a blend")
    if source.log_variance is not None:
        return translate("History", "a picture")
    return translate("History", "a latent of its own")


def source_phrases(before: LatentSource | None, after: LatentSource, labels: Labels) -> list[str]:
    """How the latent that a picture starts from changed; nothing where it did not."""
    if before == after:
        return []
    if isinstance(before, FromSeed) and isinstance(after, FromSeed):
        return [phrases.changed(labels["seed"], str(before.seed), str(after.seed))]
    if isinstance(before, Varied) and isinstance(after, Varied) and before.around == after.around:
        return _variation(before, after, labels)
    if isinstance(before, Between) and isinstance(after, Between):
        return _blend(before, after, labels)
    return [_new_source(before, after)]


def _new_source(before: LatentSource | None, after: LatentSource) -> str:
    if isinstance(after, FromPrompt):
        return translate("History", "prompt {prompt}").format(prompt=phrases.quoted(after.text))
    if isinstance(after, Varied):
        if isinstance(before, Varied):
            return translate("History", "variation of another picture")
        return translate("History", "variation of a picture")
    if isinstance(after, Between):
        return _between(after)
    if isinstance(after, Exact):
        return _exact(before, after)
    return source_name(after)


def _exact(before: LatentSource | None, after: Exact) -> str:
    if after.log_variance is not None:
        if isinstance(before, Varied) and before.around == after:
            return translate("History", "the picture itself, not varied")
        return translate("History", "from a picture")
    return translate("History", "another latent")


def _variation(before: Varied, after: Varied, labels: Labels) -> list[str]:
    told = []
    if before.seed != after.seed:
        told.append(phrases.changed(labels["seed"], str(before.seed), str(after.seed)))
    if before.strength != after.strength:
        told.append(phrases.number_changed(labels["variation"], before.strength, after.strength))
    return told


def _between(source: Between) -> str:
    prompts = prompts_of(source)
    if len(prompts) > 1:
        return prompts_phrase(prompts)
    return translate("History", "between {first} and {second}").format(
        first=source_name(source.a), second=source_name(source.b)
    )


def _blend(before: Between, after: Between, labels: Labels) -> list[str]:
    if (before.a, before.b) != (after.a, after.b):
        return [_between(after)]
    told = []
    if before.t != after.t:
        told.append(phrases.number_changed(labels["blend"], before.t, after.t))
    if before.how != after.how:
        ways: dict[Way, str] = {
            "spherical": translate("History", "blend along the sphere"),
            "linear": translate("History", "blend along the line"),
            "learned": translate("History", "blend past learned pictures"),
        }
        told.append(ways[after.how])
    return told


def prompts_of(source: LatentSource) -> list[str]:
    """The prompts of a blend of nothing but prompts, in order; empty for anything else."""
    waiting, found = [source], list[str]()
    while waiting:
        part = waiting.pop()
        if isinstance(part, FromPrompt):
            found.append(part.text)
        elif isinstance(part, Between):
            waiting += [part.b, part.a]
        else:
            return []
    return found


def prompts_phrase(prompts: list[str]) -> str:
    """A prompt or several: the first two, and how many more there are."""
    if not prompts:
        return translate("History", "prompt removed")
    first = phrases.quoted(prompts[0])
    if len(prompts) == 1:
        return translate("History", "prompt {prompt}").format(prompt=first)
    second = phrases.quoted(prompts[1])
    if len(prompts) == 2:
        return translate("History", "prompts {first} and {second}").format(
            first=first, second=second
        )
    return translate("History", "prompts {first}, {second} and {count} more").format(
        first=first, second=second, count=len(prompts) - 2
    )


def mixing_phrases(before: tuple[Mixing, ...], after: tuple[Mixing, ...]) -> list[str]:
    """How style mixing changed; nothing where it did not."""
    if before == after:
        return []
    if not after:
        return [translate("History", "style mixing off")]
    if len(after) > 1:
        return [translate("History", "style mixing from {count} pictures").format(count=len(after))]
    mixing = after[0]
    where = phrases.layers(mixing.layers)
    if len(before) == 1 and before[0].source == mixing.source:
        return [translate("History", "style mixing on {layers}").format(layers=where)]
    return [
        translate("History", "style mixing from {source} on {layers}").format(
            source=source_name(mixing.source), layers=where
        )
    ]
