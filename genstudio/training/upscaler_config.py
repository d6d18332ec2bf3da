"""Settings of an upscaler's training file: `family = "upscaler"`."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from genstudio.training.config import Fraction, Part, Positive, Training, refuse_unseen


class UpscalerNetworks(Part, frozen=True, kw_only=True):
    """An enlargement of `scale` times by `blocks` residual blocks of `width` channels.

    In each block `growth` more channels are made by a convolution, and mixed in.
    """

    scale: Annotated[int, Meta(ge=2, le=8)] = 4
    width: Positive = 64
    growth: Positive = 64
    blocks: Annotated[int, Meta(ge=1, le=64)] = 10


class UpscalerLoss(Part, frozen=True, kw_only=True):
    """Weights of the loss: absolute error of pixels + `gradient` x that of their gradients.

    `patch` is the side of the large pictures that are compared. Half of the small ones are softened
    by up to `blur` of their pixels (the deviation of a Gaussian) and get up to `grain` steps of 255
    of noise, so that pictures which are not quite sharp become so. From the part `sharpen_from` of
    the run on, a critic of patches gets `sharpen` of the pixels' pull; a `projected` one looks
    through a network that has learned to see already.
    """

    patch: Annotated[int, Meta(ge=8, le=1024)] = 128
    gradient: Annotated[float, Meta(ge=0.0)] = 0.5
    blur: Annotated[float, Meta(ge=0.0, le=8.0)] = 1.2
    grain: Annotated[float, Meta(ge=0.0, le=64.0)] = 3.0
    sharpen_from: Fraction = 0.6
    sharpen: Annotated[float, Meta(ge=0.0)] = 0.0
    critic: Positive = 32
    projected: bool = False


class UpscalerTraining(Training, frozen=True, kw_only=True):
    """A training file of the family "upscaler"."""

    family: Literal["upscaler"]
    networks: UpscalerNetworks = UpscalerNetworks()
    loss: UpscalerLoss = UpscalerLoss()

    def __post_init__(self) -> None:
        patch, scale = self.loss.patch, self.networks.scale
        if patch % scale or patch > self.data.size:
            raise ValueError(
                f"loss.patch is {patch}, but must be a multiple of networks.scale ({scale}) and at "
                f"most data.size ({self.data.size})"
            )
        if self.loss.projected:
            refuse_unseen("loss.projected", "loss.patch", patch)
