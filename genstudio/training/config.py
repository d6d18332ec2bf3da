"""What a training run is told: the TOML file beside a pack, as checked frozen values."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from genstudio.base import files
from genstudio.base.errors import StorageError, TrainingError
from genstudio.training.device import Preset
from genstudio.training.pixel_loss import Kind

SIZE_LIMIT = 1 << 20
Positive = Annotated[int, Meta(ge=1, le=1_000_000)]
Fraction = Annotated[float, Meta(ge=0.0, le=1.0)]
Above = Annotated[float, Meta(gt=0.0)]


class Part(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What all parts of a training file are: frozen and strict: misspelt keys are noticed.

    Defaults are left out where it is written, so that a new key orphans no checkpoint.
    """


class PackText(Part, frozen=True, kw_only=True):
    """What the finished pack says about itself; the rest goes into model card and NOTICE."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    name: str
    version: str = "0.1.0"
    licence: str
    summary: str
    data: str = ""
    notes: str = ""
    attributions: tuple[str, ...] = ()
    """Whom to credit, a line each, for NOTICE; what the data's index says is added."""


class HoldOut(Part, frozen=True, kw_only=True):
    """Pictures kept back to measure with: a fraction of the values of one column."""

    by: str = "file"
    fraction: Fraction = 0.05


class DataConfig(Part, frozen=True, kw_only=True):
    """Which pictures are used, and how they are cut.

    A picture is scaled so that its short side is `short_side` (`size` if 0), and training takes
    random `size` x `size` crops of it. `keep` and `leave_out` choose by the columns of the data's
    index.jsonl or captions.jsonl, as in `keep = {category = ["landscape"]}`.
    """

    size: Annotated[int, Meta(ge=8, le=1024)]
    short_side: Annotated[int, Meta(ge=0, le=4096)] = 0
    flip: bool = True
    background: tuple[int, int, int] = (255, 255, 255)
    keep: dict[str, list[str]] = {}
    leave_out: dict[str, list[str]] = {}
    hold_out: HoldOut | None = None


class RunConfig(Part, frozen=True, kw_only=True):
    """How long and how fast: minutes of training, pictures a step, Adam's learning rate."""

    minutes: Above = 30.0
    batch: Positive = 16
    learning_rate: Above = 2e-3
    decay_from: Fraction = 0.75
    """The part of the run after which the learning rate falls linearly to a twentieth."""
    average_images: Above = 5000.0
    """Half-life of the averaged weights, in pictures."""
    seed: int = 0


class GanNetworks(Part, frozen=True, kw_only=True):
    """Widths of a style-based GAN; `channels` from 4 x 4 pixels up, each twice the one before.

    The pack draws with noise of the strength `drawn_noise`; it learned with 1, which may be coarser
    than the pictures' grain.
    """

    z_dim: Positive = 256
    w_dim: Positive = 256
    mapping_layers: Positive = 4
    channels: tuple[Positive, ...] = (256, 256, 192, 96, 48, 32)
    deviation_group: Positive = 8
    critic_hidden: Positive = 128
    drawn_noise: Annotated[float, Meta(ge=0.0, le=5.0)] = 1.0

    @property
    def size(self) -> int:
        """Pixels a side that it learns to make."""
        return 4 << (len(self.channels) - 1)


class GanLoss(Part, frozen=True, kw_only=True):
    """R1 penalty (weight, and every how many steps), style mixing, augmentation.

    A `projected` critic looks through a network that has learned to see already: it needs no
    penalty, and the maker gets to good pictures many times sooner.
    """

    projected: bool = False
    r1_weight: Annotated[float, Meta(ge=0.0)] = 2.0
    r1_every: Positive = 8
    mixing: Fraction = 0.5
    augment: bool = True


class VaeNetworks(Part, frozen=True, kw_only=True):
    """Widths of a convolutional VAE with a vector latent, from `size` / 2 pixels down to 4."""

    latent: Positive = 128
    channels: tuple[Positive, ...] = (32, 64, 128, 256)
    decoder_blocks: Annotated[int, Meta(ge=0, le=8)] = 1


class VaeLoss(Part, frozen=True, kw_only=True):
    """Weights of the loss: pixels + `gradient` x their gradients + `beta` x KL above `free_bits`.

    `pixels`: the "absolute" or the "squared" error. Absolute error leaves out what it is unsure of,
    such as small eyes in a large face; squared error draws it softly, and so learns it sooner.

    From the part `sharpen_from` of the run on, the encoder stands still and the decoder learns
    against a critic of patches, which gets `sharpen` of the reconstruction's share of its gradient:
    on reconstructions, on latents between them and on random ones. A `projected` critic looks
    through a network that has learned to see already. `move` is how far pictures are shifted and
    scaled by chance (1: up to a quarter smaller).
    """

    projected: bool = False
    pixels: Kind = "absolute"
    gradient: Annotated[float, Meta(ge=0.0)] = 1.0
    beta: Annotated[float, Meta(ge=0.0)] = 0.01
    free_bits: Annotated[float, Meta(ge=0.0)] = 0.05
    """Nats a latent number that cost nothing."""
    sharpen_from: Fraction = 0.6
    sharpen: Annotated[float, Meta(ge=0.0)] = 0.0
    critic: Positive = 48
    move: Fraction = 0.0


class PromptConfig(Part, frozen=True, kw_only=True):
    """How a VAE learns to begin from words: from `captions` wordings of each concept."""

    concept_column: str = "codepoint"
    captions: Positive = 6
    context: Annotated[int, Meta(ge=4, le=128)] = 16
    """The most tokens of a caption."""
    text_encoder: str = ""
    """A folder with a BERT's config.json, model.safetensors and tokenizer.json; MiniLM if empty."""


class Training(Part, frozen=True, kw_only=True):
    """What every training file has."""

    pack: PackText
    data: DataConfig
    run: RunConfig = RunConfig()


class GanTraining(Training, frozen=True, kw_only=True):
    """A training file of the family "gan"."""

    family: Literal["gan"]
    networks: GanNetworks = GanNetworks()
    loss: GanLoss = GanLoss()

    def __post_init__(self) -> None:
        _refuse_sizes(self.networks.size, self.data.size, projected=self.loss.projected)


class VaeTraining(Training, frozen=True, kw_only=True):
    """A training file of the family "vae"."""

    family: Literal["vae"]
    networks: VaeNetworks = VaeNetworks()
    loss: VaeLoss = VaeLoss()
    prompt: PromptConfig | None = None

    def __post_init__(self) -> None:
        made = 4 << len(self.networks.channels)
        _refuse_sizes(made, self.data.size, projected=self.loss.projected)


def _refuse_sizes(made: int, asked: int, *, projected: bool) -> None:
    if made != asked:
        raise ValueError(f"networks.channels make {made} pixels, data.size is {asked}")
    if projected:
        refuse_unseen("loss.projected", "data.size", asked)


def refuse_unseen(option: str, key: str, size: int) -> None:
    """Refuse a size that the network behind a projected critic cannot see, as a `ValueError`."""
    if size % 32:
        raise ValueError(f"{option} needs a {key} of 32 times something, not {size}")


Config = TypeVar("Config", bound=Training)


def read_config(path: Path, kind: type[Config], preset: Preset = "cpu") -> Config:
    """Read a training file, and what its table `[preset.NAME]` changes for `preset`.

    Raises:
        TrainingError: it is not there, not TOML, for another family, or has an unknown key or a
            value out of range.
    """
    try:
        data = files.read_bytes(path, SIZE_LIMIT, "training file")
        told = msgspec.toml.decode(data)
        presets = msgspec.convert(told.pop("preset", {}), dict[Preset, dict[str, Any]])
        return msgspec.convert(_merged(told, presets.get(preset, {})), kind)
    except StorageError as error:
        raise TrainingError(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TrainingError(
            f"The training file {path} cannot be used: {error}. "
            "docs/training.md describes the keys."
        ) from error


def _merged(settings: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Settings with `changes` over them, table by table."""
    both = settings | changes
    for name, change in changes.items():
        old = settings.get(name)
        if isinstance(change, dict) and isinstance(old, dict):
            both[name] = _merged(old, change)
    return both
