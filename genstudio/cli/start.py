"""The recipe that `generate` starts from: a new one, one from a file, or one made of a picture."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from genstudio.base.errors import PackError, PictureError, RecipeError
from genstudio.cli.console import Console
from genstudio.cli.inputs import Given
from genstudio.packs.manifest import Autoregressive, Pack, Upscaler
from genstudio.packs.settings import fresh_recipe
from genstudio.packs.store import PackStore
from genstudio.recipe.seeds import with_seed
from genstudio.recipe.values import (
    SEED_LIMIT,
    Exact,
    KeptTokens,
    LatentRecipe,
    PictureRef,
    Recipe,
    TokenRecipe,
    UpscaleRecipe,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genstudio.engine.render import Engine

_DRAWN_FROM = 64
"""A cell of the mask is drawn anew from this mean brightness on, of 255: a quarter white."""


def base_recipe(
    args: argparse.Namespace,
    pack: Pack,
    given: Given | None,
    store: PackStore,
    engine: Engine,
    console: Console,
) -> tuple[Recipe, NDArray[np.uint8] | None]:
    """The recipe before any control is set, and the picture where the recipe enlarges one.

    Raises:
        RecipeError: the file does not fit the model.
        PictureError: the file is neither a recipe nor a readable picture.
    """
    seed = args.seed
    if seed is None:
        seed = secrets.randbelow(SEED_LIMIT - args.count)
    if given is None:
        return fresh_recipe(pack.ref, pack.manifest, seed), None
    is_token_model = isinstance(pack.manifest.model, Autoregressive)
    wants_parts = args.keep_rows is not None or args.mask is not None
    if wants_parts and not is_token_model:
        raise RecipeError(
            f"--keep-rows and --mask are for models that draw token by token; {pack.id} does not."
        )
    if given.recipe is not None and _fits(given.recipe, pack, store):
        recipe = replace(given.recipe, model=pack.ref)
        if isinstance(recipe, TokenRecipe) and wants_parts:
            recipe = replace(recipe, kept=_kept(args, pack, given, engine, console))
        return recipe, None
    try:
        return _from_picture(args, pack, given, engine, seed, console)
    except PictureError as error:
        if given.recipe is None:
            raise
        raise RecipeError(
            f"The recipe {given.path} is of the model {given.recipe.model.id}, which is not like "
            f"{pack.id}; leave --model out, or give a picture."
        ) from error


def _fits(recipe: Recipe, pack: Pack, store: PackStore) -> bool:
    """Whether the recipe is of the model or its family; else its picture is taken instead."""
    if isinstance(recipe, TokenRecipe) != isinstance(pack.manifest.model, Autoregressive):
        return False
    if recipe.model.id == pack.id:
        return True
    try:
        return store.resolve(recipe.model).manifest.family == pack.manifest.family
    except PackError:
        return False


def _from_picture(
    args: argparse.Namespace,
    pack: Pack,
    given: Given,
    engine: Engine,
    seed: int,
    console: Console,
) -> tuple[Recipe, NDArray[np.uint8] | None]:
    if isinstance(pack.manifest.model, Upscaler):
        from genstudio.engine.pixels import picture_hash

        pixels = given.pixels()
        picture = PictureRef(sha256=picture_hash(pixels), name=given.path.name[:200])
        return UpscaleRecipe(model=pack.ref, picture=picture), pixels
    fresh = fresh_recipe(pack.ref, pack.manifest, seed)
    if isinstance(fresh, TokenRecipe):
        return replace(fresh, kept=_kept(args, pack, given, engine, console)), None
    with console.working("Encoding"):
        encoded = engine.encode(pack.ref, given.pixels(), console.cancel)
    assert isinstance(encoded, LatentRecipe)
    # The pack's usual truncation is for drawn pictures; an encoded one stays what it is.
    recipe = replace(encoded, class_label=fresh.class_label, settings=fresh.settings)
    if isinstance(recipe.source, Exact) and recipe.source.log_variance is not None:
        return with_seed(recipe, seed), None
    return recipe, None


def _kept(
    args: argparse.Namespace, pack: Pack, given: Given, engine: Engine, console: Console
) -> KeptTokens:
    """The picture's tokens, and which of them stay."""
    model = pack.manifest.model
    assert isinstance(model, Autoregressive)
    columns, rows = model.grid
    with console.working("Encoding"):
        encoded = engine.encode(pack.ref, given.pixels(), console.cancel)
    assert isinstance(encoded, TokenRecipe)
    assert encoded.kept is not None
    if args.mask is not None:
        return replace(encoded.kept, kept=_outside(args.mask, pack, columns, rows))
    keep = rows // 2 if args.keep_rows is None else args.keep_rows
    if not 0 <= keep <= rows:
        raise RecipeError(
            f"--keep-rows={keep} is out of range; {pack.id} draws {rows} rows of tokens."
        )
    return replace(encoded.kept, kept=b"\1" * (keep * columns) + b"\0" * ((rows - keep) * columns))


def _outside(mask: Path, pack: Pack, columns: int, rows: int) -> bytes:
    """One byte a cell: 1 where the mask is black. The mask is cut and scaled as the picture was."""
    from PIL import Image

    from genstudio.engine.pixels import fit_picture, read_picture
    from genstudio.media.pictures import on_white

    image = pack.manifest.image
    pixels = fit_picture(on_white(read_picture(mask)), image.width, image.height, 3)
    small = Image.fromarray(pixels).convert("L").resize((columns, rows), Image.Resampling.BOX)
    return bytes(1 if value < _DRAWN_FROM else 0 for value in small.tobytes())
