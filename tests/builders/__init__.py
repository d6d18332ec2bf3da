"""Packs of a few kB, real ones, that tests make in a folder: one function a kind.

Weights are drawn with fixed seeds, so a pack is the same in every run. Each function gives back the
folder, whose `pack.json` was written through the manifest's own types.
"""

from tests.builders.gan import class_gan, gan, generator_gan, prompted_gan, tile_gan
from tests.builders.pack_folder import change_manifest, replace_graph, zip_folder
from tests.builders.prior import (
    class_prior,
    class_token_prior,
    palette_prior,
    prior,
    shared_prior,
    text_prior,
    uncached_prior,
)
from tests.builders.upscaler import upscaler
from tests.builders.vae import external_vae, latent_vae, moments_vae, spatial_vae, vector_vae

__all__ = [
    "change_manifest",
    "class_gan",
    "class_prior",
    "class_token_prior",
    "external_vae",
    "gan",
    "generator_gan",
    "latent_vae",
    "moments_vae",
    "palette_prior",
    "prior",
    "prompted_gan",
    "replace_graph",
    "shared_prior",
    "spatial_vae",
    "text_prior",
    "tile_gan",
    "uncached_prior",
    "upscaler",
    "vector_vae",
    "zip_folder",
]
