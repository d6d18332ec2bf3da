"""Render: the only way an image is made. A recipe goes in, a rendering comes out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, assert_never

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from genstudio.base.errors import RecipeError
from genstudio.base.paths import cache_folder
from genstudio.base.progress import NEVER, Cancel, Progress, no_progress, part_of
from genstudio.engine.cache import DEFAULT_BUDGET, GraphCache
from genstudio.engine.choosing import judged, seeds_of
from genstudio.engine.drawn_tokens import DrawnTokens
from genstudio.engine.families import gan, upscale, vae
from genstudio.engine.latents import Array
from genstudio.engine.phrases import PhraseSteps
from genstudio.engine.pixels import picture_hash, to_pixels
from genstudio.engine.providers import Device, ProviderPlan, plan_providers
from genstudio.engine.rendering import Rendering, Stages
from genstudio.latent.noise import gaussian
from genstudio.packs.manifest import Autoregressive, Gan, Pack, Upscaler, Vae
from genstudio.recipe.seeds import seed_of, with_seed
from genstudio.recipe.values import (
    FromPrompt,
    FromSeed,
    KeptTokens,
    LatentRecipe,
    ModelRef,
    Recipe,
    TokenRecipe,
    UpscaleRecipe,
)

if TYPE_CHECKING:
    from genstudio.engine.odds import Odds
    from genstudio.latent.directions import Directions


class Engine:
    """Renders recipes on one device, keeping graphs loaded. One thread at a time uses it."""

    def __init__(
        self,
        find_pack: Callable[[ModelRef], Pack],
        device: Device = "auto",
        memory_budget: int = DEFAULT_BUDGET,
        threads: int | None = None,
    ) -> None:
        """Take where packs come from, the device, the bytes of weights to keep, CPU threads.

        Raises:
            DeviceError: the device cannot be had.
        """
        self.plan: ProviderPlan = plan_providers(device)
        self._find_pack = find_pack
        self._graphs = GraphCache(self.plan, memory_budget, threads)
        self._phrases = PhraseSteps(self._read_phrase)
        self._tokens = DrawnTokens()

    def render(
        self,
        recipe: Recipe,
        progress: Progress = no_progress,
        cancel: Cancel = NEVER,
        picture: NDArray[np.uint8] | None = None,
        *,
        scored: bool = False,
    ) -> Rendering:
        """Make the image of a recipe. `picture` [H, W, C] is what an `UpscaleRecipe` enlarges.

        `scored` has the model score the picture where it can: by its critic, or by how well the
        words fit what a token model draws.

        Raises:
            GenStudioError: the recipe, the pack or the device refuses, in words.
            Cancelled: `cancel` was set.
        """
        if isinstance(recipe, UpscaleRecipe):
            return self._enlarge(recipe, picture, progress, cancel)
        return self._render_group([recipe], progress, cancel, scored=scored)[0]

    def render_many(
        self,
        recipes: Sequence[LatentRecipe | TokenRecipe],
        progress: Progress = no_progress,
        cancel: Cancel = NEVER,
        *,
        scored: bool = False,
    ) -> list[Rendering]:
        """Make several images; token recipes that differ only in their seed are drawn together.

        Each is what `render` makes of it alone, `scored` or not. Raises as `render` does.
        """
        renderings: list[Rendering] = []
        for _, group in groupby(recipes, key=_drawn_together):
            same = list(group)
            start = len(renderings) / len(recipes)
            part = part_of(progress, start, start + len(same) / len(recipes))
            renderings += self._render_group(same, part, cancel, scored=scored)
        return renderings

    def pack(self, ref: ModelRef) -> Pack:
        """The pack that a recipe means, maybe in another version. Raises `PackError`."""
        return self._find_pack(ref)

    def encode(
        self,
        ref: ModelRef,
        pixels: NDArray[np.uint8],
        cancel: Cancel = NEVER,
        progress: Progress = no_progress,
    ) -> LatentRecipe | TokenRecipe:
        """A picture [H, W, C] as a recipe: a VAE's latent, a token model's kept tokens.

        A GAN's latent, the one that comes nearest, takes a search of 1,300 pictures.

        Raises:
            RecipeError: the model cannot encode pictures.
        """
        pack = self._find_pack(ref)
        if isinstance(pack.manifest.model, Vae):
            return vae.encode(pack, pixels, self._graphs, cancel)
        if isinstance(pack.manifest.model, Autoregressive):
            from genstudio.engine.families import autoregressive

            tokens = autoregressive.encode_tokens(pack, pixels, self._graphs, cancel)
            return TokenRecipe(model=pack.ref, seed=0, kept=autoregressive.all_kept(tokens))
        if isinstance(pack.manifest.model, Gan):
            from genstudio.engine.inversion import encode

            return encode(
                pack,
                pixels,
                lambda count: self.sample_latents(ref, count, 0, cancel),
                lambda latents: self.decode(ref, latents, cancel),
                progress,
                cancel,
            )
        raise RecipeError(
            f"The model {pack.id} only enlarges pictures; choose one that makes them."
        )

    def tokens(
        self, recipe: TokenRecipe, progress: Progress = no_progress, cancel: Cancel = NEVER
    ) -> KeptTokens:
        """The tokens that the recipe's picture is made of, all of them kept. Raises as `render`."""
        from genstudio.engine.families import autoregressive

        return autoregressive.all_kept(self._drawn(recipe, progress, cancel))

    def odds(
        self, recipe: TokenRecipe, progress: Progress = no_progress, cancel: Cancel = NEVER
    ) -> Odds:
        """How sure the model was of each token of the recipe's picture. Raises as `render`."""
        from genstudio.engine.families import autoregressive

        tokens = self._drawn(recipe, part_of(progress, 0.0, 0.5), cancel)
        pack, rest = self._find_pack(recipe.model), part_of(progress, 0.5, 1.0)
        return autoregressive.token_odds(pack, recipe, tokens, self._graphs, rest, cancel)

    def best_of(
        self,
        recipe: LatentRecipe | TokenRecipe,
        count: int,
        progress: Progress = no_progress,
        cancel: Cancel = NEVER,
        *,
        near: NDArray[np.uint8] | None = None,
    ) -> Rendering:
        """The picture of `count` seeds, from the recipe's on, that the model scores highest.

        A GAN's critic tells, or a token model how well the words fit. With `near` [H, W, C], it is
        the one that comes nearest to that picture, cut to the model's shape.

        Raises:
            RecipeError: nothing in the recipe is drawn by a seed, or nothing tells which is best.
        """
        worth = judged(recipe, self._find_pack(recipe.model), near)
        if count < 1:
            raise RecipeError("The best of no pictures is none; ask for at least one.")
        share = 0.5 if recipe.upscaling else 1.0
        groups = seeds_of(replace(recipe, upscaling=None), count)
        part = part_of(progress, 0.0, share)
        best = max(self._tried(groups, part, cancel, scored=near is None), key=worth)
        whole = dataclasses.replace(best, recipe=with_seed(recipe, seed_of(best.recipe) or 0))
        best = self._enlarged_after(whole, part_of(progress, share, 1.0), cancel)
        progress(1.0)
        return best

    def _tried(
        self,
        groups: Sequence[Sequence[LatentRecipe | TokenRecipe]],
        progress: Progress,
        cancel: Cancel,
        *,
        scored: bool,
    ) -> Iterator[Rendering]:
        """Make the pictures of one group after another, so that few are held at a time."""
        done, count = 0, sum(map(len, groups))
        for group in groups:
            part = part_of(progress, done / count, (done + len(group)) / count)
            yield from self.render_many(group, part, cancel, scored=scored)
            done += len(group)

    def sample_latents(self, ref: ModelRef, count: int, seed: int, cancel: Cancel = NEVER) -> Array:
        """`count` latents as the model's own sampling gives them: w [N, w], z or latents [N, ...].

        Raises:
            RecipeError: the model has no latents.
        """
        pack = self._find_pack(ref)
        model = pack.manifest.model
        if isinstance(model, Vae):
            return vae.VaeSpace(pack, model, None, self._graphs, cancel).sample(seed, count)
        if isinstance(model, Gan):
            z = gaussian(seed, (count, model.z_size))
            return gan.map_z(z, None, pack, self._graphs, cancel)[:, 0] if model.layers else z
        raise RecipeError(f"The model {pack.id} has no latents, so it has no directions either.")

    def decode(
        self, ref: ModelRef, latents: Array, cancel: Cancel = NEVER
    ) -> Iterator[NDArray[np.uint8]]:
        """The pictures of latents that `sample_latents` gave, one after another."""
        pack = self._find_pack(ref)
        recipe = LatentRecipe(model=pack.ref, source=FromSeed(seed=0))
        for index in range(len(latents)):
            latent = _per_layer(latents[index : index + 1], pack)
            batch = self._decoded(recipe, latent, pack, cancel)
            yield to_pixels(batch, pack.manifest.image, pack.id)[0]

    def directions(
        self, ref: ModelRef, progress: Progress = no_progress, cancel: Cancel = NEVER
    ) -> Directions:
        """The directions found in a model's latents: now, or from the cache on disk.

        Raises:
            RecipeError: the model has no latents.
        """
        pack = self._find_pack(ref)
        # What finds directions comes along, which a picture from a seed need not wait for.
        from genstudio.engine.directions import find_directions

        return find_directions(
            pack,
            lambda count, seed: self.sample_latents(ref, count, seed, cancel),
            lambda latents: self.decode(ref, latents, cancel),
            cache_folder() / "directions",
            progress,
            cancel,
        )

    def _render_group(
        self,
        recipes: Sequence[LatentRecipe | TokenRecipe],
        progress: Progress,
        cancel: Cancel,
        *,
        scored: bool = False,
    ) -> list[Rendering]:
        first = recipes[0]
        share = 0.5 if first.upscaling else 1.0
        part = part_of(progress, 0.0, share)
        if isinstance(first, TokenRecipe):
            tokens = [one for one in recipes if isinstance(one, TokenRecipe)]
            renderings = self._draw(tokens, part, cancel, scored=scored)
        else:
            renderings = [self._show(first, part, cancel, scored=scored)]
        for index, rendering in enumerate(renderings):
            begin = share + (1 - share) * index / len(renderings)
            end = share + (1 - share) * (index + 1) / len(renderings)
            part = part_of(progress, begin, end)
            renderings[index] = self._enlarged_after(rendering, part, cancel)
        progress(1.0)
        return renderings

    def _show(
        self, recipe: LatentRecipe, progress: Progress, cancel: Cancel, *, scored: bool
    ) -> Rendering:
        """Make the image of a latent recipe; the critic is loaded and asked only if `scored`."""
        pack, notes = self._pack_of(recipe.model)
        stages = Stages()
        progress(0.0, "drawing")
        with stages.timed("latent"):
            latent = self._latent(recipe, pack, part_of(progress, 0.0, 0.9), cancel)
        with stages.timed("picture"):
            batch = self._decoded(recipe, latent, pack, cancel)
            pixels = to_pixels(batch, pack.manifest.image, pack.id)[0]
        score = None
        if scored and pack.manifest.has_critic:
            with stages.timed("critic"):
                score = gan.critic_score(batch, pack, self._graphs, cancel)
        return self._rendering(pixels, recipe, stages, notes, score)

    def _latent(
        self, recipe: LatentRecipe, pack: Pack, progress: Progress, cancel: Cancel
    ) -> Array:
        """The latent that the decoder or synthesis gets, moves along directions included."""
        model = pack.manifest.model
        match model:
            case Vae():
                latent = vae.latent_of(recipe, pack, self._graphs, cancel)
            case Gan():
                latent = gan.latent_of(recipe, pack, self._graphs, cancel)
            case Autoregressive() | Upscaler():
                raise RecipeError(
                    f"The model {pack.id} has no latent; the recipe was made for another one."
                )
            case _:
                assert_never(model)
        if not recipe.moves:
            return latent
        # What finds directions comes along, which a picture from a seed need not wait for.
        from genstudio.engine.moves import moved

        directions = self.directions(pack.ref, progress, cancel)
        return moved(latent, recipe.moves, directions, pack, self._phrases)

    def _read_phrase(self, pack: Pack, text: str) -> Array:
        """What a phrase means to the pack, in the space of its directions and without a batch."""
        recipe = LatentRecipe(model=pack.ref, source=FromPrompt(text=text))
        latent = self._latent(recipe, pack, no_progress, NEVER)
        first: Array = latent[0, 0] if latent.ndim == 3 else latent[0]  # one w for all layers
        return first

    def _decoded(
        self, recipe: LatentRecipe, latent: Array, pack: Pack, cancel: Cancel
    ) -> NDArray[np.floating]:
        decode = vae.decode if isinstance(pack.manifest.model, Vae) else gan.synthesise
        return decode(recipe, latent, pack, self._graphs, cancel)

    def _draw(
        self, recipes: Sequence[TokenRecipe], progress: Progress, cancel: Cancel, *, scored: bool
    ) -> list[Rendering]:
        """Make the images of token recipes that differ only in their seed."""
        # Token models bring the tokenizer with them, which a GAN's first picture need not wait for.
        from genstudio.engine.families import autoregressive

        pack, notes = self._pack_of(recipes[0].model)
        stages = Stages()
        with stages.timed("drawing"):
            drawing = autoregressive.draw_tokens(
                pack, recipes, self._graphs, progress, cancel, scored=scored
            )
            pictures = autoregressive.decode_tokens(pack, drawing.tokens, self._graphs, cancel)
        self._tokens.keep(recipes, pack.ref, drawing.tokens)
        fits = [None] * len(recipes) if drawing.fits is None else drawing.fits.tolist()
        return [
            self._rendering(pixels, recipe, stages, notes + drawing.notes, fit)
            for pixels, recipe, fit in zip(pictures, recipes, fits, strict=True)
        ]

    def _drawn(self, recipe: TokenRecipe, progress: Progress, cancel: Cancel) -> NDArray[np.int64]:
        """The tokens of a recipe's picture [height, width]: those that were drawn, or drawn now."""
        from genstudio.engine.families import autoregressive

        pack = self._find_pack(recipe.model)
        tokens = self._tokens.get(recipe, pack.ref)
        if tokens is None:
            drawing = autoregressive.draw_tokens(pack, [recipe], self._graphs, progress, cancel)
            self._tokens.keep([recipe], pack.ref, drawing.tokens)
            tokens = drawing.tokens[0]
        return tokens

    def _enlarged_after(
        self, rendering: Rendering, progress: Progress, cancel: Cancel
    ) -> Rendering:
        recipe = rendering.recipe
        if isinstance(recipe, UpscaleRecipe) or recipe.upscaling is None:
            return rendering
        pack, notes = self._pack_of(recipe.upscaling.model)
        stages = Stages(dict(rendering.seconds))
        with stages.timed("upscaling"):
            pixels = upscale.upscale(pack, rendering.pixels, self._graphs, progress, cancel)
        return self._rendering(pixels, recipe, stages, rendering.notes + notes, rendering.score)

    def _enlarge(
        self,
        recipe: UpscaleRecipe,
        picture: NDArray[np.uint8] | None,
        progress: Progress,
        cancel: Cancel,
    ) -> Rendering:
        if picture is None or picture_hash(picture) != recipe.picture.sha256:
            name = recipe.picture.name or "the picture"
            raise RecipeError(
                f"This recipe enlarges {name}, which was not given or is another picture; give the "
                "same file again."
            )
        pack, notes = self._pack_of(recipe.model)
        stages = Stages()
        with stages.timed("upscaling"):
            pixels = upscale.upscale(pack, picture, self._graphs, progress, cancel)
        return self._rendering(pixels, recipe, stages, notes)

    def _pack_of(self, ref: ModelRef) -> tuple[Pack, tuple[str, ...]]:
        """The pack, and a note where it is another version than the recipe's."""
        pack = self._find_pack(ref)
        if ref.sha256 in ("", pack.ref.sha256):
            return pack, ()
        return pack, (
            f"The recipe was made with another version of {pack.id}; the picture may differ.",
        )

    def _rendering(
        self,
        pixels: NDArray[np.uint8],
        recipe: Recipe,
        stages: Stages,
        notes: tuple[str, ...],
        score: float | None = None,
    ) -> Rendering:
        told = tuple(note for note in self._graphs.notes() if note != self.plan.note)
        device = "cpu" if told else self.plan.device
        unique = tuple(dict.fromkeys(notes + told))
        return Rendering(pixels, recipe, device, stages.seconds, score, unique)


def _drawn_together(recipe: LatentRecipe | TokenRecipe) -> object:
    """Equal for recipes that one run can draw."""
    return replace(recipe, seed=0) if isinstance(recipe, TokenRecipe) else id(recipe)


def _per_layer(latents: Array, pack: Pack) -> Array:
    """Sampled w [N, w] as synthesis takes it; other latents as they are."""
    model = pack.manifest.model
    if isinstance(model, Gan) and model.layers:
        return np.repeat(latents[:, None], model.layers, axis=1)
    return latents
