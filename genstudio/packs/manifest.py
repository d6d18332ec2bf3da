"""The manifest, `pack.json`: what a model is, in words that the engine and the panels can act on.

Names and shapes of tensors are read from the graphs; the manifest says what each one means. The
format is documented, with worked examples, in docs/packs.md.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from genstudio.base import files
from genstudio.base.errors import PackError, StorageError
from genstudio.recipe.values import ModelRef

FORMAT: Final = 1
FILE_NAME: Final = "pack.json"
SIZE_LIMIT: Final = 16 << 20
"""The most bytes of JSON that are read as a manifest."""

Label = Annotated[str, Meta(min_length=1, max_length=200)]
Positive = Annotated[int, Meta(ge=1, le=1_000_000)]
Pixels = Annotated[int, Meta(ge=1, le=16_384)]
FileName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")]
"""A plain file name: no folder, nothing hidden, nothing that climbs."""
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Role = Literal[
    "encoder", "decoder",
    "mapping", "learned", "synthesis", "generator", "critic",
    "image_encoder", "image_decoder", "prior", "recall",
    "text", "prompt_to_latent", "upscaler",
]  # fmt: skip


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all parts of a manifest are: frozen and strict, so that a misspelt key is noticed."""


class File(_Part, frozen=True, kw_only=True):
    """A file of the pack and the SHA-256 of its bytes."""

    file: FileName
    sha256: Sha256


class Graph(File, frozen=True, kw_only=True):
    """An ONNX graph.

    `inputs` and `outputs` map a meaning ("z", "image", "logits", ...) to the name of the graph's
    tensor where the two differ. A cache tensor's name holds `{layer}`, for example
    "past.{layer}.key".
    """

    inputs: dict[Label, Label] = {}
    outputs: dict[Label, Label] = {}
    external_data: tuple[File, ...] = ()
    """Files with weights that the graph refers to."""

    def input_name(self, meaning: str) -> str:
        """The graph's own name of the input that means `meaning`."""
        return self.inputs.get(meaning, meaning)

    def output_name(self, meaning: str) -> str:
        """The graph's own name of the output that means `meaning`."""
        return self.outputs.get(meaning, meaning)


class Image(_Part, frozen=True, kw_only=True):
    """The picture that a model makes or takes: its usual size, channels and value range."""

    width: Pixels
    height: Pixels
    channels: Literal[1, 3, 4] = 3
    range: tuple[float, float] = (-1.0, 1.0)

    def __post_init__(self) -> None:
        if self.range not in ((0.0, 1.0), (-1.0, 1.0)):
            raise ValueError("image.range must be [0, 1] or [-1, 1]")


class VectorLatent(_Part, frozen=True, kw_only=True, tag="vector"):
    """A latent of `size` numbers, [batch, size]."""

    size: Positive


class SpatialLatent(_Part, frozen=True, kw_only=True, tag="spatial"):
    """A latent of [batch, channels, height / factor, width / factor].

    The recipe's latent is (encoder output - shift) x scale, about unit variance; the decoder gets
    latent / scale + shift. Pictures may have any size that is a multiple of `factor`.
    """

    channels: Positive
    factor: Positive
    scale: float = 1.0
    shift: float = 0.0


class Vae(_Part, frozen=True, kw_only=True, tag="vae", tag_field="family"):
    """A variational autoencoder: `decoder`, and `encoder` where own pictures can be read.

    A `mapping` takes the standard normal z of a seed, of the latent's shape, to the latent; without
    one z is the latent.
    `encoder_gives`: "mean and log-variance" (two outputs, `mean` and `log_variance`), "moments"
    (one output `moments`, both stacked on the channel axis) or "latent" (one output `latent`, no
    variance, as TAESD).
    """

    latent: VectorLatent | SpatialLatent
    encoder_gives: Literal["mean and log-variance", "moments", "latent"] = "mean and log-variance"
    classes: tuple[Label, ...] = ()


class Gan(_Part, frozen=True, kw_only=True, tag="gan", tag_field="family"):
    """A generative adversarial network: `mapping` and `synthesis` or `generator`; maybe `critic`.

    `layers` is the number of per-layer w that `synthesis` takes ([batch, layers, w]); 0 for a
    `generator`. `w_average` is w's mean, for truncation; without it the engine estimates it.
    `noise` says how many noise inputs `synthesis` has ("noise.0" on, one a noise layer), scaled by
    its scalar input "noise_strength" where it has one, else by the engine.

    A synthesis that draws any size has `noise_factors`: for each noise input, the pixels a side
    of the picture that a cell of it covers; sides of pictures are multiples of the largest.
    `tileable` pictures go on at the other side.
    """

    z_size: Positive
    layers: Annotated[int, Meta(ge=0, le=1000)] = 0
    noise: Annotated[int, Meta(ge=0, le=1000)] = 0
    noise_factors: tuple[Positive, ...] = ()
    tileable: bool = False
    w_average: tuple[float, ...] = ()
    classes: tuple[Label, ...] = ()

    @property
    def factor(self) -> int:
        """What sides of pictures are multiples of; 0 where there is one size only."""
        return max(self.noise_factors, default=0)


class Codebook(_Part, frozen=True, kw_only=True, tag="codebook"):
    """Tokens are `size` learned codes; `image_decoder` turns a grid of them into a picture."""

    size: Positive


class Palette(_Part, frozen=True, kw_only=True, tag="palette"):
    """Tokens are colours, one a pixel, as in ImageGPT: each `channels` values 0 to 255."""

    colours: Annotated[
        tuple[tuple[Annotated[int, Meta(ge=0, le=255)], ...], ...], Meta(min_length=2)
    ]

    @property
    def size(self) -> int:
        """The number of colours."""
        return len(self.colours)


class Unconditional(_Part, frozen=True, kw_only=True, tag="none"):
    """The prior draws without being told what."""


class ClassCondition(_Part, frozen=True, kw_only=True, tag="class"):
    """The prior is told a class.

    By an int64 input `class` [batch], or, with `token_offset`, by the first token: offset + class.
    `null` is the index that means "no class", for guidance.
    """

    classes: Annotated[tuple[Label, ...], Meta(min_length=1)]
    token_offset: Annotated[int, Meta(ge=0)] | None = None
    null: Annotated[int, Meta(ge=0)] | None = None


class TextCondition(_Part, frozen=True, kw_only=True, tag="text"):
    """The prior is told a prompt through the `text` graph's output `uses`, as its input `context`.

    The context is padded with zeros or cut to `max_tokens` positions. `given`: with the first
    step only (as a prefix, after which the prior gets a context of no positions) or with every
    step (cross attention); an input `context_mask` int64 [batch, positions], where there is one,
    marks the real positions. `null`: what stands for "no prompt" in guidance.
    """

    max_tokens: Positive
    uses: Literal["tokens", "pooled"] = "tokens"
    given: Literal["first step", "every step"] = "every step"
    null: Literal["zeros", "empty prompt"] = "empty prompt"


class Styles(_Part, frozen=True, kw_only=True):
    """A choice of drawing style: the prior's int64 input `style` [batch]; `null` means any."""

    names: Annotated[tuple[Label, ...], Meta(min_length=1)]
    null: Annotated[int, Meta(ge=0)]


class Cache(_Part, frozen=True, kw_only=True):
    """How the prior keeps its keys and values between tokens.

    "growing": `past.{layer}.key` and `.value` [batch, heads, past, size] in, `present.{layer}.*`
    one longer out (the usual export). "shared": past and present are one buffer of a fixed length
    that the graph writes into (com.microsoft GroupQueryAttention), with the inputs `seqlens_k`
    int32 [batch] and `total_sequence_length` int32 scalar. "none": every step gets all tokens.
    `length` is the most positions a cache holds, prefix included.
    """

    layout: Literal["growing", "shared", "none"] = "growing"
    layers: Annotated[int, Meta(ge=0, le=1000)] = 0
    length: Annotated[int, Meta(ge=0)] = 0


class Autoregressive(_Part, frozen=True, kw_only=True, tag="autoregressive", tag_field="family"):
    """A token model: `prior` draws the grid row by row; `image_decoder` or a palette shows it.

    The prior's inputs: `tokens` int64 [batch, positions], then what condition, styles and cache
    name; its output `logits` is [batch, vocabulary] or [batch, positions, vocabulary], of which
    the first `tokens.size` entries of the last position are used. `start_token` is the token that
    stands before the first one; without it the condition or a context prefix starts the picture.
    `extends` says that pictures may go beyond the grid, drawn in windows of its size; the image
    decoder then takes any number of rows and columns.

    A prior that is told a prompt may have a `recall` beside it, which looks up known pictures: from
    `embedding` (the text graph's pooled, [1, channels]) and, where there are styles, `style` int64
    [1] to `tokens` int64 [pictures, cells], `chances` [pictures] that each is meant, of sum 1,
    `codes` [size, numbers], where each code lies (codes 1 apart look alike), and `pull`, how
    strongly a drawing follows them: 0 not at all, 1 as much as the prior.
    """

    grid: tuple[Pixels, Pixels]
    """(width, height) in tokens."""
    tokens: Codebook | Palette
    condition: Unconditional | ClassCondition | TextCondition = Unconditional()
    styles: Styles | None = None
    cache: Cache = Cache()
    start_token: Annotated[int, Meta(ge=0)] | None = None
    extends: bool = False


class Upscaler(_Part, frozen=True, kw_only=True, tag="upscaler", tag_field="family"):
    """A picture enlarged `scale` times by the graph `upscaler`, `image` to `image`.

    `overlap` is how far, in pixels of the input, a pixel sees around itself: tiles that overlap by
    it give the same picture as the whole. Tile sides are multiples of `multiple_of`.
    """

    scale: Annotated[int, Meta(ge=2, le=16)]
    overlap: Annotated[int, Meta(ge=0, le=256)] = 16
    multiple_of: Positive = 1


Family = Vae | Gan | Autoregressive | Upscaler


class Slider(_Part, frozen=True, kw_only=True, tag="slider"):
    """A number.

    `name` is one of the family's own controls, whose range and default it then sets, or a new one,
    which feeds the float32 input `input` of the graph `graph`.
    """

    name: Label
    label: str = ""
    low: float
    high: float
    default: float
    step: float | None = None
    unit: str = ""
    tooltip: str = ""
    graph: Role | None = None
    input: Label | None = None


class Choice(_Part, frozen=True, kw_only=True, tag="choice"):
    """One of several names. A new one feeds its index to the int64 input `input` of `graph`."""

    name: Label
    label: str = ""
    options: Annotated[tuple[Label, ...], Meta(min_length=1)]
    default: Label
    tooltip: str = ""
    graph: Role | None = None
    input: Label | None = None


Control = Slider | Choice


class Manifest(_Part, frozen=True, kw_only=True):
    """A whole `pack.json`."""

    format: Literal[1]
    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}\Z")]
    name: Label
    version: Annotated[str, Meta(pattern=r"^\d+\.\d+\.\d+\Z")]
    licence: Label
    summary: Annotated[str, Meta(max_length=500)]
    image: Image
    model: Family
    graphs: dict[Role, Graph]
    tokenizer: File | None = None
    controls: tuple[Control, ...] = ()

    @property
    def family(self) -> Literal["vae", "gan", "autoregressive", "upscaler"]:
        """The family's name."""
        return _FAMILY_NAMES[type(self.model)]

    @property
    def has_critic(self) -> bool:
        """Whether the pack can score its own pictures."""
        return "critic" in self.graphs


_FAMILY_NAMES: Final[dict[type, Literal["vae", "gan", "autoregressive", "upscaler"]]] = {
    Vae: "vae",
    Gan: "gan",
    Autoregressive: "autoregressive",
    Upscaler: "upscaler",
}


class Pack(msgspec.Struct, frozen=True):
    """A pack on disk: its folder, its manifest and the reference that recipes hold."""

    folder: Path
    manifest: Manifest
    ref: ModelRef

    @property
    def id(self) -> str:
        """The pack's id."""
        return self.manifest.id

    @property
    def keeps_learned(self) -> bool:
        """Whether it keeps learned pictures, for ways to go past them."""
        return "learned" in self.manifest.graphs

    def path(self, file: File) -> Path:
        """Where a file of the pack is."""
        return self.folder / file.file

    def graph(self, role: Role) -> Graph:
        """The graph of a role. Raises `PackError` where the pack has none."""
        try:
            return self.manifest.graphs[role]
        except KeyError:
            raise PackError(
                f"The model {self.id} has no {role.replace('_', ' ')} graph, which this needs; "
                "choose a model that has one."
            ) from None


def encode(manifest: Manifest) -> bytes:
    """A manifest as the bytes of its pack.json, laid out for people."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def decode(data: bytes, where: str) -> Manifest:
    """Read a manifest from JSON. `where` names the file in refusals.

    Raises:
        PackError: not JSON, of a newer format, incomplete, or with a value out of range.
    """
    try:
        header = msgspec.json.decode(data, type=_Header)
        if header.format > FORMAT:
            raise PackError(
                f"{where} is in pack format {header.format}, newer than this GenStudio reads "
                f"({FORMAT}); update GenStudio to use it."
            )
        return msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PackError(
            f"{where} is not a complete pack manifest: {error}. docs/packs.md describes the format."
        ) from error


def open_pack(folder: Path) -> Pack:
    """Read the manifest of a pack's folder; the graphs are neither hashed nor loaded here.

    Raises:
        PackError: there is no readable manifest.
    """
    path = folder / FILE_NAME
    try:
        data = files.read_bytes(path, SIZE_LIMIT, "pack manifest")
    except StorageError as error:
        raise PackError(str(error)) from error
    manifest = decode(data, str(path))
    return Pack(folder, manifest, ModelRef(id=manifest.id, sha256=hashlib.sha256(data).hexdigest()))


class _Header(msgspec.Struct):
    """What any version of the format begins with."""

    format: int
