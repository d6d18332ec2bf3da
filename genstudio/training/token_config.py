"""What an autoregressive training run is told: the tokenizer's and the prior's tables."""

from __future__ import annotations

from math import prod
from typing import Annotated, Literal

from msgspec import Meta

from genstudio.training.config import Above, Fraction, Part, Positive, Training, refuse_unseen
from genstudio.training.data import Picture
from genstudio.training.pixel_loss import Kind

Level = Annotated[int, Meta(ge=2, le=64)]
Widths = Annotated[tuple[Positive, ...], Meta(min_length=2, max_length=6)]


class TokenizerConfig(Part, frozen=True, kw_only=True):
    """The picture tokenizer: `size` pixels a side become `grid` tokens a side.

    `encoder` and `decoder` are widths from the pixels on. The first ones see `patch` x `patch`
    pixels as one place, and each further one halves the side: three with a patch of 2 make tokens
    of 8 x 8 pixels.

    `levels` are the steps of each number of a code (finite scalar quantisation), so there are
    their product of codes. In the last part of the run, from `sharpen_from` on, the encoder stands
    still and the decoder learns against a patch critic, or a `projected` one.
    """

    size: Annotated[int, Meta(ge=16, le=512)] = 64
    patch: Annotated[int, Meta(ge=2, le=4)] = 2
    levels: tuple[Level, ...] = (8, 8, 6, 5)
    encoder: Widths = (48, 96, 160)
    decoder: Widths = (48, 128, 192)
    critic: Positive = 48
    share: Annotated[float, Meta(gt=0.0, lt=1.0)] = 0.32
    """The part of run.minutes that the tokenizer gets; the prior gets the rest."""
    batch: Positive = 32
    learning_rate: Above = 2e-3
    average_images: Above = 4000.0
    pixels: Kind = "absolute"
    gradient: Annotated[float, Meta(ge=0.0)] = 1.0
    sharpen_from: Fraction = 0.68
    sharpen: Annotated[float, Meta(ge=0.0)] = 0.3
    """The critic's share of the decoder's gradient, relative to the reconstruction's."""
    projected: bool = False
    """Whether that critic looks through EfficientNet-Lite0, see `loss.projected` of a VAE."""
    decoder_share: Fraction = 0.0
    """In a run that begins with a pack: the part of run.minutes in which its decoder learns on."""

    @property
    def codes(self) -> int:
        """How many different tokens there are."""
        return prod(self.levels)

    @property
    def grid(self) -> int:
        """Tokens a side."""
        return self.size // self.token_side

    @property
    def token_side(self) -> int:
        """Pixels a side of a token."""
        return self.patch << (len(self.encoder) - 1)

    def __post_init__(self) -> None:
        if len(self.encoder) != len(self.decoder):
            raise ValueError("tokenizer.encoder and tokenizer.decoder must be equally long")
        if self.size % self.token_side:
            raise ValueError(f"tokenizer.size must be a multiple of {self.token_side} pixels")
        if self.projected:
            refuse_unseen("tokenizer.projected", "tokenizer.size", self.size)
        if self.decoder_share and not self.sharpen:
            raise ValueError("tokenizer.decoder_share needs a tokenizer.sharpen above 0")


class PriorConfig(Part, frozen=True, kw_only=True):
    """The next-token model and its training.

    `versions`: how often each picture is encoded, moved and scaled a little each time (`move` of
    what the tokenizer learns from), so that the prior does not learn pictures by heart.
    `forget_prompt` and `forget_style`: how often it is shown none, for guidance. `disturb`: how
    many of the tokens that it reads are replaced.
    """

    width: Positive = 320
    layers: Positive = 6
    heads: Positive = 5
    context: Annotated[int, Meta(ge=4, le=128)] = 16
    """Positions of the prompt."""
    batch: Positive = 32
    learning_rate: Above = 1.2e-3
    weight_decay: Annotated[float, Meta(ge=0.0)] = 0.05
    average_images: Above = 6000.0
    dropout: Fraction = 0.1
    forget_prompt: Fraction = 0.12
    forget_style: Fraction = 0.2
    disturb: Fraction = 0.05
    versions: Positive = 8
    move: Fraction = 0.6
    captions: Positive = 8
    """Different wordings of each concept."""
    often: dict[str, dict[str, Above]] = {}  # noqa: RUF012 (msgspec copies it)
    """How often pictures come up, by columns and values, as in `{group = {symbols = 0.3}}`."""

    def __post_init__(self) -> None:
        if self.width % (16 * self.heads):
            # ONNX Runtime's fused attention wants heads of a multiple of 16 numbers.
            raise ValueError("prior.width must be a multiple of 16 times prior.heads")


class RecallConfig(Part, frozen=True, kw_only=True):
    """A table of the learned pictures in the pack, which its drawings follow as the words say.

    `follow` is where the slider begins: 0 draws freely, 1 stays close to one of them.
    """

    follow: Fraction = 0.6


class AutoregressiveTraining(Training, frozen=True, kw_only=True):
    """A training file of the family "autoregressive": two networks, one after the other.

    Of `run` only `minutes` and `seed` count here; batches and rates are each network's own.
    """

    family: Literal["autoregressive"]
    style_column: str = "style"
    concept_column: str = "codepoint"
    upright: dict[str, list[str]] = {}  # noqa: RUF012 (msgspec copies it)
    """Columns and values of pictures that are never mirrored, as in `{group = ["symbols"]}`."""
    text_encoder: str = ""
    """A folder with a BERT's config.json, model.safetensors and tokenizer.json; MiniLM if empty."""
    prompts: tuple[str, ...] = ()
    """Prompts to draw on the sample sheets and the preview."""
    tokenizer: TokenizerConfig = TokenizerConfig()
    prior: PriorConfig = PriorConfig()
    recall: RecallConfig | None = None

    def may_mirror(self, picture: Picture) -> bool:
        """Whether a picture may be mirrored by chance."""
        kept = any(picture.fact(column) in values for column, values in self.upright.items())
        return self.data.flip and not kept

    def often(self, picture: Picture) -> float:
        """How often the prior learns from a picture, where 1 is once a round."""
        columns = self.prior.often.items()
        return prod(values.get(picture.fact(column), 1.0) for column, values in columns)
