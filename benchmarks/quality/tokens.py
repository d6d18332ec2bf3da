"""An autoregressive model: bits a token, whether prompts are drawn, variety, copies."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Final

import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from benchmarks.quality.classifier import Judge
from benchmarks.quality.features import distances
from benchmarks.quality.gan import shrunk
from benchmarks.quality.sheets import write_sheet
from benchmarks.quality.subject import Pixels, Subject
from genstudio.engine.families.autoregressive import encode_tokens
from genstudio.engine.prompt import encode_prompt
from genstudio.packs.manifest import Autoregressive
from genstudio.packs.settings import with_prompts
from genstudio.recipe.values import WeightedPrompt
from genstudio.training.data import Picture, centre_crops
from genstudio.training.prior import PriorShape
from genstudio.training.prior_check import graph_bits
from genstudio.training.prior_data import PriorData

_BITS_PICTURES: Final = 256
_EVERYDAY: Final = 150
_HELD_OUT: Final = 50
_SEEDS: Final = 2
_KEPT_BACK: Final = "twemoji"
_LEAST_STYLES: Final = 6
_SHEET: Final = (
    "red heart", "dog face", "rocket", "pizza", "sad face", "blue fish", "rose", "house", "apple",
    "cat", "star", "tree", "clown", "purple circle", "car", "grinning face", "puppy", "automobile",
    "moon", "cake", "ghost", "snake", "guitar", "umbrella", "butterfly",
)  # fmt: skip


def measure(subject: Subject, sheets: Path) -> dict[str, str]:
    """The table's rows; sheets are written on the way."""
    training, held_out = subject.split
    asked, names = _prompts(subject)
    everyday = _of_concepts(training.pictures)
    unseen = _of_concepts(held_out.pictures)
    pictures = [p for name in asked for p in (everyday | unseen)[name]]
    labels = np.array([i for i, name in enumerate(asked) for _ in (everyday | unseen)[name]])
    pixels = centre_crops(pictures, subject.config.data.size)
    kept_back = np.array([p.fact("style") == _KEPT_BACK for p in pictures])
    judge = Judge(pixels[~kept_back], labels[~kept_back], len(asked))
    real_first, real_five = judge.right(pixels[kept_back], labels[kept_back])
    drawn = np.stack([_draw(subject, names[name], s) for name in asked for s in range(_SEEDS)])
    known = np.repeat(np.arange(len(asked)), _SEEDS)
    common = known < _EVERYDAY
    first, five = judge.right(drawn[common], known[common])
    new_first, new_five = judge.right(drawn[~common], known[~common])
    write_sheet(sheets / f"{subject.pack.id}.webp", _shown(subject, everyday), 10, 72)
    return {
        "bits a token of held-out concepts, told their names": f"{_bits(subject):.2f}",
        f"prompts drawn so that a judge knows them, of {_EVERYDAY} known concepts (chance 0.5 %)": (
            f"{first:.0%}, among its five guesses {five:.0%}"
        ),
        f"the same of {_HELD_OUT} concepts held out": f"{new_first:.0%}, {new_five:.0%}",
        **_freely(subject, judge, [names[name] for name in asked]),
        f"the judge on real icons of a style that it never saw ({_KEPT_BACK})": (
            f"{real_first:.0%}, {real_five:.0%}"
        ),
        **_variety(subject, drawn, everyday, asked),
        **_nearness(drawn[common], training.pictures, subject),
    }


def _freely(subject: Subject, judge: Judge, prompts: list[str]) -> dict[str, str]:
    """What the prior draws by itself, where the pack has learned pictures to follow."""
    if "recall" not in subject.pack.manifest.graphs:
        return {}
    drawn = np.stack([_draw(subject, prompt, 0, follow=0.0) for prompt in prompts])
    known = np.arange(len(prompts))
    first, five = judge.right(drawn[:_EVERYDAY], known[:_EVERYDAY])
    new_first, new_five = judge.right(drawn[_EVERYDAY:], known[_EVERYDAY:])
    return {
        "both without following learned pictures (Follow 0)": (
            f"{first:.0%}, {five:.0%}; {new_first:.0%}, {new_five:.0%}"
        )
    }


def _prompts(subject: Subject) -> tuple[list[str], dict[str, str]]:
    """Concepts to ask for, everyday ones first, and the words to ask with."""
    random = np.random.default_rng(0)
    asked: list[str] = []
    names: dict[str, str] = {}
    for part, count in zip(subject.split, (_EVERYDAY, _HELD_OUT), strict=True):
        groups = _of_concepts(part.pictures)
        many = sorted(c for c, found in groups.items() if len(found) >= _LEAST_STYLES)
        chosen = random.permutation(many)[:count].tolist()
        asked += chosen
        names |= {concept: groups[concept][0].fact("name") for concept in chosen}
    return asked, names


def _of_concepts(pictures: tuple[Picture, ...]) -> dict[str, list[Picture]]:
    groups: dict[str, list[Picture]] = defaultdict(list)
    for picture in pictures:
        if picture.fact("name"):
            groups[picture.fact("codepoint")].append(picture)
    return groups


def _draw(subject: Subject, prompt: str, seed: int, **settings: float) -> NDArray[np.uint8]:
    told = (WeightedPrompt(text=prompt),)
    recipe = with_prompts(subject.recipe(seed, **settings), subject.pack.manifest, told)
    return subject.engine.render(recipe).pixels


def _shown(subject: Subject, everyday: dict[str, list[Picture]]) -> list[Pixels]:
    """A hundred real icons, and four draws each of prompts that people try first."""
    random = np.random.default_rng(1)
    some = random.permutation(sorted(everyday))[:100]
    real = centre_crops([everyday[c][0] for c in some], subject.config.data.size)
    made = np.stack([_draw(subject, prompt, seed) for prompt in _SHEET for seed in range(4)])
    return [real, made]


def _variety(
    subject: Subject, drawn: Pixels, everyday: dict[str, list[Picture]], asked: list[str]
) -> dict[str, str]:
    pairs = shrunk(drawn).reshape(len(asked), _SEEDS, -1)[:_EVERYDAY]
    apart = np.linalg.norm(pairs[:, 0] - pairs[:, 1], axis=1)
    real = [
        shrunk(centre_crops(everyday[c][:2], subject.config.data.size)) for c in asked[:_EVERYDAY]
    ]
    usual = [np.linalg.norm(x[0] - x[1]) for x in real]
    return {
        "variety: distance of two seeds / of two styles' icons of a concept": (
            f"{np.median(apart) / np.median(usual):.2f}"
        )
    }


def _nearness(drawn: Pixels, pictures: tuple[Picture, ...], subject: Subject) -> dict[str, str]:
    """How near what was drawn is to what was learned, beside how near icons are to each other."""
    known = shrunk(centre_crops(pictures, subject.config.data.size))
    some = np.random.default_rng(2).choice(len(known), 500, replace=False)
    among = distances(known[some], known)
    among[np.arange(len(some)), some] = np.inf
    usual, found = among.min(axis=1), distances(shrunk(drawn), known).min(axis=1)
    return {
        "distance to the nearest learned picture / of icons to the nearest other, medians": (
            f"{np.median(found) / np.median(usual):.2f}"
        ),
        "samples that copy a training picture (nearer than 99 % of icons to any other)": (
            f"{(found < np.quantile(usual, 0.01)).mean():.0%}"
        ),
    }


def _bits(subject: Subject) -> float:
    """Bits a token through the pack's own graphs."""
    pack = subject.pack
    model = pack.manifest.model
    assert isinstance(model, Autoregressive)
    _, held_out = subject.split
    order = np.random.default_rng(0).permutation(len(held_out.pictures))[:_BITS_PICTURES]
    pictures = [held_out.pictures[i] for i in order]
    crops = centre_crops(pictures, subject.config.data.size)
    tokens = np.stack([encode_tokens(pack, p, subject.graphs).reshape(1, -1) for p in crops])
    styles = list(model.styles.names) if model.styles else []
    style = [
        styles.index(p.fact("style")) if p.fact("style") in styles else len(styles)
        for p in pictures
    ]
    context = np.stack([_context(subject, p.fact("name")) for p in pictures])
    prior = onnx.load(pack.path(pack.graph("prior")))
    data = PriorData(
        torch.from_numpy(tokens.astype(np.int16)),
        torch.tensor(style),
        torch.arange(len(pictures)),
        torch.ones(len(pictures)),
        torch.from_numpy(context[:, None]),
    )
    return graph_bits(prior, _shape(model, prior), data, len(pictures))


def _context(subject: Subject, name: str) -> NDArray[np.float32]:
    model = subject.pack.manifest.model
    assert isinstance(model, Autoregressive)
    found = encode_prompt(subject.pack, name, subject.graphs).part("tokens")
    padded = np.zeros((getattr(model.condition, "max_tokens", 16), found.shape[1]), np.float32)
    count = min(len(found), len(padded))
    padded[:count] = found[:count]
    return padded


def _shape(model: Autoregressive, prior: onnx.ModelProto) -> PriorShape:
    past = next(i for i in prior.graph.input if i.name == "past.0.key")
    heads, head_size = (past.type.tensor_type.shape.dim[axis].dim_value for axis in (1, 3))
    return PriorShape(
        levels=(model.tokens.size,),
        tokens=model.grid[0] * model.grid[1],
        styles=len(model.styles.names) if model.styles else 0,
        context=getattr(model.condition, "max_tokens", 16),
        width=heads * head_size,
        layers=model.cache.layers,
        heads=heads,
    )
