"""Training a VAE: the error of pixels and of their gradients, and a KL term with free bits.

Late in the run, where the training file asks for it, the decoder alone learns on against a critic,
also from latents that no picture gave: what lies between pictures shall look like one.

VAE (Kingma and Welling 2013), https://arxiv.org/abs/1312.6114; free bits (Kingma et al. 2016),
https://arxiv.org/abs/1606.04934.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genstudio.packs.manifest import Pack
from genstudio.training import sheet
from genstudio.training.average import Average, channels_last
from genstudio.training.config import VaeTraining
from genstudio.training.data import Batches, Dataset, centre_crops
from genstudio.training.kept import Kept, Parts
from genstudio.training.loop import learning_rate
from genstudio.training.patch_critic import descend
from genstudio.training.pixel_loss import gradient_size, size_of
from genstudio.training.precision import mixed
from genstudio.training.projected_critic import make_sharpener
from genstudio.training.seed_map import STRAY
from genstudio.training.start_vae import begin_vae
from genstudio.training.token_pictures import moved
from genstudio.training.vae_networks import Decoder, Encoder

SHEET_COLUMNS = 16
START_PICTURES = 250
CRITIC_STEPS = 4
"""Halvings of the critic: it judges whole features, not edges alone."""


class VaeTrainer(Kept):
    """Encoder and decoder, and one step of both. `held_out` is only looked at.

    They begin with the weights of the pack `start`, if there is one.
    """

    def __init__(
        self,
        config: VaeTraining,
        dataset: Dataset,
        held_out: Dataset,
        start: Pack | None = None,
    ) -> None:
        self.config = config
        self.batches = Batches(dataset, config.data, config.run.batch, config.run.seed)
        self.encoder = channels_last(Encoder(config.networks))
        self.decoder = channels_last(Decoder(config.networks))
        if start:
            some = dataset.pictures[:: max(1, len(dataset.pictures) // START_PICTURES)]
            known = sheet.to_tensor(centre_crops(some, config.data.size))
            begin_vae(start, self.encoder, self.decoder, known)
        self.encoder_average = Average(self.encoder, config.run.average_images)
        self.decoder_average = Average(self.decoder, config.run.average_images)
        weights = [*self.encoder.parameters(), *self.decoder.parameters()]
        self.optimiser = torch.optim.AdamW(
            weights, config.run.learning_rate, (0.9, 0.99), weight_decay=1e-4, fused=True
        )
        loss = config.loss
        self.sharpener = make_sharpener(loss.critic, CRITIC_STEPS, projected=loss.projected)
        self._training = dataset
        self._is_even = False
        """Whether latents have been spread evenly; done once, when sharpening begins."""
        pictures = held_out.pictures or dataset.pictures
        spread = np.linspace(0, len(pictures) - 1, min(len(pictures), 2 * SHEET_COLUMNS))
        chosen = [pictures[int(i)] for i in spread]
        self._sheet = sheet.to_tensor(centre_crops(chosen, config.data.size))

    @property
    def batch(self) -> int:
        """Pictures a step."""
        return self.config.run.batch

    def step(self, seen: int, done: float) -> Mapping[str, float]:
        """One step of both networks."""
        run = self.config.run
        rate = learning_rate(run.learning_rate, done, run.decay_from)
        for group in self.optimiser.param_groups:
            group["lr"] = rate * min(1.0, (seen / self.batch + 1) / 100)
        pictures = self._pictures()
        if self.config.loss.sharpen > 0.0 and done >= self.config.loss.sharpen_from:
            losses = self._sharpen(pictures, rate, seen // self.batch)
        else:
            losses = self._rebuild(pictures)
        self.encoder_average.update(self.encoder, seen, self.batch)
        self.decoder_average.update(self.decoder, seen, self.batch)
        return losses

    def _pictures(self) -> Tensor:
        pictures = sheet.to_tensor(self.batches.next()[0])
        strength = self.config.loss.move
        if not strength:
            return pictures
        mirrored = np.zeros(len(pictures), np.bool_)  # by `batches` already
        return moved(pictures, self.config.data.size, self.batches.random, mirrored, strength)

    def _rebuild(self, pictures: Tensor) -> dict[str, float]:
        with mixed():
            mean, log_variance = self.encoder(pictures)
            latent = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
            made = self.decoder(latent)
        pixel, slope = self._difference(made.float(), pictures)
        spent = information(mean, log_variance)
        weights = self.config.loss
        cost = spent.clamp_min(weights.free_bits).sum()
        loss = pixel + weights.gradient * slope + weights.beta * cost
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        return {"pixel": pixel.item(), "gradient": slope.item(), "nats": spent.sum().item()}

    def _sharpen(self, pictures: Tensor, rate: float, turn: int) -> dict[str, float]:
        if not self._is_even:
            spread_evenly(self.encoder.eval(), self.decoder, self._training, self.config.data.size)
            self._is_even = True
        # The statistics of batch normalisation stand still too: the decoder learns as it is used.
        decoder, count = self.decoder.eval(), len(pictures)
        with mixed():
            latent = self._encoded(pictures)
            made = decoder(torch.cat([latent, wandering(latent)])).float()
        realism, critic_loss = self.sharpener.judge_both(pictures, made, rate, turn)
        pixel, slope = self._difference(made[:count], pictures)
        difference = pixel + self.config.loss.gradient * slope
        self.optimiser.zero_grad(set_to_none=True)
        descend(self.config.loss.sharpen, difference, realism, made, decoder.leave.weight)
        self.optimiser.step()
        return {"pixel": pixel.item(), "realism": realism.item(), "critic": critic_loss}

    @torch.no_grad()
    def _encoded(self, pictures: Tensor) -> Tensor:
        mean, log_variance = self.encoder.eval()(pictures)
        drawn: Tensor = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
        return drawn

    def _difference(self, made: Tensor, pictures: Tensor) -> tuple[Tensor, Tensor]:
        difference, kind = made - pictures, self.config.loss.pixels
        return size_of(difference, kind), gradient_size(difference, kind)

    def sheet(self) -> NDArray[np.uint8]:
        """Held-out pictures over their reconstructions, twice; then what lies between these."""
        with torch.inference_mode():
            means, _ = self.encoder_average.network(self._sheet)
            other = means.roll(1, 0)
            between = [torch.lerp(means, other, t)[:SHEET_COLUMNS] for t in (0.25, 0.5)]
            made = self.decoder_average.network(torch.cat([means, *between]))
        rows = []
        for start in range(0, len(self._sheet), SHEET_COLUMNS):
            part = slice(start, min(start + SHEET_COLUMNS, len(self._sheet)))
            rows += [_full_row(self._sheet[part]), _full_row(made[part])]
        rows.append(made[len(self._sheet) :])
        return sheet.lay_out(sheet.to_pixels(torch.cat(rows)), SHEET_COLUMNS)

    def state(self) -> dict[str, Any]:
        """What every trainer keeps, and whether latents have been spread evenly."""
        return super().state() | {"is_even": self._is_even}

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to what `state` gave."""
        super().restore(state)
        self._is_even = bool(state["is_even"])

    def parts(self) -> Parts:
        """Everything that learns or remembers, by name."""
        return {
            "encoder": self.encoder,
            "decoder": self.decoder,
            "encoder_average": self.encoder_average.network,
            "decoder_average": self.decoder_average.network,
            "optimiser": self.optimiser,
            "critic": self.sharpener.critic,
            "critic_optimiser": self.sharpener.optimiser,
        }


@torch.no_grad()
def spread_evenly(encoder: Encoder, decoder: Decoder, dataset: Dataset, size: int) -> None:
    """Turn and stretch the latent so that the pictures' latents vary alike in all directions.

    What was learned stays as it is: the change goes into the last layer of the encoder and, undone,
    into the first of the decoder. Random latents, of variance 1 and without correlations, then lie
    where pictures lie. The log-variances are moved by their mean change. Few pictures say little of
    most directions: the fewer, the more all are stretched alike, or others' latents would fly off.
    """
    means, variances = [], []
    for start in range(0, len(dataset.pictures), 64):
        pixels = centre_crops(dataset.pictures[start : start + 64], size)
        mean, log_variance = encoder(sheet.to_tensor(pixels))
        means.append(mean)
        variances.append(log_variance.exp())
    found, variance = torch.cat(means).double(), torch.cat(variances).double().mean(dim=0)
    middle = found.mean(dim=0)
    covariance = (found - middle).T @ (found - middle) / len(found) + variance.diag()
    unsure = min(1.0, (len(middle) / len(found)) ** 2)
    alike = covariance.diag().mean() * torch.eye(len(middle)).to(covariance)
    covariance = torch.lerp(covariance, alike, unsure)
    lengths, axes = torch.linalg.eigh(covariance)
    even = axes @ lengths.rsqrt().diag() @ axes.T
    back = axes @ lengths.sqrt().diag() @ axes.T
    weight, bias = encoder.moments.weight.double(), encoder.moments.bias.double()
    count = len(middle)
    weight[:count], bias[:count] = even @ weight[:count], even @ (bias[:count] - middle)
    bias[count:] += (even.square() @ variance / variance).log()
    enter = decoder.enter.weight.double()
    encoder.moments.weight.copy_(weight)
    encoder.moments.bias.copy_(bias)
    decoder.enter.bias.copy_(decoder.enter.bias.double() + enter @ middle)
    decoder.enter.weight.copy_(enter @ back)


def wandering(latent: Tensor) -> Tensor:
    """As many other latents [B, latent]: half between two of these, half strayed from one.

    They stray as far as a pack's seeds do; farther off a critic has nothing to teach.
    """
    count = len(latent) // 2
    t = torch.rand(count, 1)
    between = torch.lerp(latent[:count], latent.roll(1, 0)[:count], t)
    # Two independent numbers of unit variance, mixed, vary less: as a sphere's chord.
    between = between * torch.rsqrt(t.square() + (1.0 - t).square())
    near, stray = latent[count:], STRAY * torch.rand(len(latent) - count, 1)
    strayed = (1.0 - stray.square()).sqrt() * near + stray * torch.randn_like(near)
    return torch.cat([between, strayed])


def information(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL divergence from the standard normal in nats, a number of the latent: [latent]."""
    return 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance).mean(dim=0)


def held_out_psnr(encoder: Encoder, decoder: Decoder, pixels: NDArray[np.uint8]) -> float:
    """Mean PSNR in dB, of reconstructions from the mean, over pictures [N, S, S, 3]."""
    values = []
    with torch.inference_mode():
        for start in range(0, len(pixels), 64):
            part = sheet.to_tensor(pixels[start : start + 64])
            made = decoder(encoder(part)[0])
            error = (made - part).div(2.0).square().mean(dim=(1, 2, 3))
            values.append(-10.0 * torch.log10(error.clamp_min(1e-10)))
    return float(torch.cat(values).mean())


def _full_row(pictures: Tensor) -> Tensor:
    missing = SHEET_COLUMNS - len(pictures)
    return torch.cat([pictures, pictures.new_ones((missing, *pictures.shape[1:]))])
