"""UpscalerJS' ESRGAN models (npm `@upscalerjs/esrgan-*`, TensorFlow.js) as upscaler packs.

python -m genstudio.importers.esrgan_tfjs MODEL_FOLDER --scale 2 --out PACK_FOLDER
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np
from PIL import Image as PillowImage

from genstudio.base import files
from genstudio.base.errors import GenStudioError, PackError, StorageError
from genstudio.engine.cache import GraphCache
from genstudio.engine.families.upscale import upscale
from genstudio.engine.pixels import read_picture
from genstudio.engine.providers import plan_providers
from genstudio.importers.tfjs_folder import read_folder
from genstudio.packs import manifest
from genstudio.packs.check import check_pack

if TYPE_CHECKING:
    from genstudio.importers.tfjs_to_onnx import Converted

PEAK: Final = 255.0
"""White for the slim and medium models; the thick ones have 1."""
EDGE: Final = 8
"""Repeated pixels around the picture. Of the medium models' frame, 70 to 90 of 255 deep at the
very edge, this many leave less than 2 of 255."""
ROUNDS: Final = 2
"""Of back-projection: without it a medium model's pictures are softer than a Lanczos filter's and
farther from the true ones; after two rounds another one changes little."""
_SIDE: Final = 128
_TEXT_LIMIT: Final = 1 << 20
_GRAPH: Final = "upscaler.onnx"


class _Package(msgspec.Struct, frozen=True):
    """What the npm package says of itself."""

    name: str
    version: str
    license: str = "see LICENSE"


def convert(
    package_model_dir: Path,
    scale: int,
    out: Path,
    *,
    peak: float = PEAK,
    edge: int = EDGE,
    rounds: int = ROUNDS,
    half: bool = False,
    overlap: int | None = None,
    picture: Path | None = None,
) -> manifest.Pack:
    """Make the pack `out` of a model's folder inside its npm package, and check it.

    `peak` is the value that the model has for white (its colours go from 0 to it); the pack's go
    from 0 to 1. `edge`: how many times the graph repeats the picture's outermost pixels before the
    network sees it. `rounds`: how often what the large picture, made small again, lacks of the
    given one is added to it. `half` stores the weights in half precision, which halves the pack.
    `overlap` is how far tiles overlap where that was measured; what the layers' kernels may see is
    far more than deep networks look at. `picture` is enlarged for the preview. A README.md that is
    in `out` is kept.

    Raises:
        PackError: the model cannot be converted, does not enlarge `scale` times, or lies in no
            npm package with a licence.
        PictureError: the picture cannot be enlarged.
        StorageError: something cannot be read or written, or `out` holds something else.
    """
    if out.exists() and not (out / manifest.FILE_NAME).is_file():
        raise StorageError(f"{out} holds something that is not a model pack; give another --out.")
    converted = _converted(package_model_dir, peak, edge, rounds, half=half)
    if converted.scale != scale:
        raise PackError(
            f"The model {package_model_dir} enlarges {converted.scale} times, not {scale}; "
            f"say --scale {converted.scale}, or convert another."
        )
    root, package = _package(package_model_dir)
    source = package_model_dir.relative_to(root).as_posix()
    made = {
        _GRAPH: converted.model.SerializeToString(deterministic=True),
        "LICENSE": files.read_bytes(root / "LICENSE", _TEXT_LIMIT, "licence"),
        "NOTICE": _notice(package, scale).encode(),
        "README.md": _card(package, source, converted, peak, edge, rounds, half=half).encode(),
    }
    overlap = converted.reach if overlap is None else overlap
    made[manifest.FILE_NAME] = manifest.encode(_manifest(package, converted, made[_GRAPH], overlap))
    if (out / "README.md").is_file():
        made["README.md"] = files.read_bytes(out / "README.md", _TEXT_LIMIT, "model card")
    with tempfile.TemporaryDirectory(prefix="genstudio-") as place:
        folder = Path(place)
        for name, data in made.items():
            files.write_bytes(folder / name, data)
        pack = check_pack(folder)
        if picture is not None:
            _save_preview(pack, picture, folder / "preview.webp")
        for path in folder.iterdir():
            files.write_bytes(out / path.name, path.read_bytes())
    return manifest.open_pack(out)


def _converted(folder: Path, peak: float, edge: int, rounds: int, *, half: bool) -> Converted:
    """The model as a graph. Raises `PackError`."""
    # onnx is there only with an extra, and the rest of this module can say so without it.
    try:
        from genstudio.importers.tfjs_to_onnx import to_onnx
    except ImportError as error:
        raise PackError(
            "Converting models needs the Python package onnx, which is not installed; install it "
            "with: pip install onnx."
        ) from error
    return to_onnx(read_folder(folder), peak, edge, rounds, half=half)


def _package(folder: Path) -> tuple[Path, _Package]:
    """The npm package that the model's folder lies in: its root, and what it says of itself."""
    for root in folder.parents:
        path = root / "package.json"
        if path.is_file():
            data = files.read_bytes(path, _TEXT_LIMIT, "npm package")
            try:
                return root, msgspec.json.decode(data, type=_Package)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise PackError(f"{path} does not name its package: {error}.") from error
    raise PackError(
        f"There is no package.json above {folder}; leave the model in its npm package, whose "
        "name and licence the pack must carry."
    )


def _manifest(
    package: _Package, converted: Converted, graph: bytes, overlap: int
) -> manifest.Manifest:
    scale = converted.scale
    digest = hashlib.sha256(graph).hexdigest()
    output = converted.model.graph.output[0].name
    return manifest.Manifest(
        format=manifest.FORMAT,
        id=f"upscale-{scale}x",
        name=f"Enlarge {scale} times",
        version="0.2.0",
        licence=package.license,
        summary=f"Any picture, {scale} times as wide and as high, by {package.name}.",
        image=manifest.Image(width=_SIDE, height=_SIDE, range=(0.0, 1.0)),
        model=manifest.Upscaler(scale=scale, overlap=overlap),
        graphs={
            "upscaler": manifest.Graph(file=_GRAPH, sha256=digest, outputs={"image": output}),
        },
    )


def _notice(package: _Package, scale: int) -> str:
    return (
        f"Enlarge {scale} times\n\n"
        f"The weights are those of the npm package {package.name} {package.version}\n"
        f"(UpscalerJS), licence {package.license}, whose text is in LICENSE. They were converted\n"
        "to ONNX without retraining; after the network the graph adds back-projection.\n"
    )


def _card(
    package: _Package,
    source: str,
    converted: Converted,
    peak: float,
    edge: int,
    rounds: int,
    *,
    half: bool,
) -> str:
    scale, graph = converted.scale, converted.model
    options = f"--scale {scale} --peak {peak:g} --edge {edge} --rounds {rounds}"
    weights = "float32 weights as they were"
    if half:
        options, weights = f"{options} --half", "weights rounded to half precision, widened to run"
    opset = graph.opset_import[0].version
    return f"""# Enlarge {scale} times

An upscaler: pictures of any size, {scale} times as wide and as high.

Licence: {package.license} (LICENSE; credits in NOTICE).

## Source

npm package {package.name} {package.version}, folder `{source}` (TensorFlow.js layers).

    python -m genstudio.importers.esrgan_tfjs {source} \\
        {options} --out upscale-{scale}x

ONNX opset {opset}, IR version {graph.ir_version}, {weights}. The original takes
and gives 0 to {peak:g}; the graph takes and gives 0 to 1. A pixel sees {converted.reach} input
pixels around itself (counted over the layers' kernels), by which tiles overlap. The graph repeats
the picture's outermost pixels {edge} times before the network and cuts them off after it. In
{rounds} rounds of back-projection (Irani and Peleg 1991) it then adds, enlarged by a cubic filter,
what the large picture's means over {scale} x {scale} pixels lack of the given one.
"""


def _save_preview(pack: manifest.Pack, picture: Path, path: Path) -> None:
    """The picture with repeated pixels (left) beside what the pack makes of it (right)."""
    pixels = read_picture(picture)[:, :, :3]
    large = upscale(pack, pixels, GraphCache(plan_providers("cpu")))
    side = large.shape[0] // pixels.shape[0]
    plain = pixels.repeat(side, axis=0).repeat(side, axis=1)
    PillowImage.fromarray(np.hstack([plain, large])).save(path, quality=90)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns 0, or 2 with a sentence on stderr where it was refused."""
    parser = argparse.ArgumentParser(
        prog="python -m genstudio.importers.esrgan_tfjs",
        description="Make an upscaler pack of a TensorFlow.js ESRGAN model from npm.",
    )
    parser.add_argument("model", type=Path, help="the folder with model.json, in its npm package")
    parser.add_argument("--scale", type=int, required=True, help="how many times it enlarges")
    parser.add_argument("--out", type=Path, required=True, help="the pack's folder")
    parser.add_argument(
        "--peak", type=float, default=PEAK, help="the model's white: 255 (slim, medium), 1 (thick)"
    )
    parser.add_argument(
        "--edge",
        type=int,
        choices=range(65),
        default=EDGE,
        metavar="PIXELS",
        help=f"outermost pixels are repeated so often first (default {EDGE})",
    )
    parser.add_argument(
        "--rounds",
        type=int,
        choices=range(9),
        default=ROUNDS,
        metavar="COUNT",
        help=f"rounds of back-projection, which keep the given picture (default {ROUNDS})",
    )
    parser.add_argument(
        "--overlap",
        type=int,
        choices=range(257),
        metavar="PIXELS",
        help="how far tiles overlap; as far as the layers' kernels see if left out",
    )
    parser.add_argument("--half", action="store_true", help="store weights in half precision")
    parser.add_argument("--picture", type=Path, help="a small picture for the preview")
    given = parser.parse_args(argv)
    try:
        pack = convert(
            given.model.absolute(),
            given.scale,
            given.out,
            peak=given.peak,
            edge=given.edge,
            rounds=given.rounds,
            half=given.half,
            overlap=given.overlap,
            picture=given.picture,
        )
    except GenStudioError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"Made {pack.folder}: {pack.manifest.name}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
