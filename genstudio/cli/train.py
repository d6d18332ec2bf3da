"""`genstudio train`: a folder or zip of pictures becomes a model pack."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import shlex
from pathlib import Path
from typing import Final

from genstudio.base.errors import TrainingError
from genstudio.base.progress import Cancel
from genstudio.cli.console import Console
from genstudio.packs.check import check_pack
from genstudio.packs.manifest import Gan, Pack

_TRAINERS: Final = {
    "vae": ("genstudio.training.vae_pack", "train_vae"),
    "gan": ("genstudio.training.gan_pack", "train_gan"),
    "textures": ("genstudio.training.texture_pack", "train_textures"),
    "upscaler": ("genstudio.training.upscaler_pack", "train_upscaler"),
    "autoregressive": ("genstudio.training.autoregressive", "train_autoregressive"),
}
_NEEDED: Final = ("torch", "onnx")

_EPILOG: Final = """\
examples:
  genstudio train gan --data photos.zip --config models/landscapes/train.toml --out my-landscapes
  genstudio train vae --data icons/ --config models/faces/train.toml --out icons --minutes 60
  genstudio train upscaler --data scans/ --config models/upscale-4x/train.toml --out sharper
  genstudio train textures --data walls/ --config models/materials/train.toml --out walls-pack

Ctrl-C stops with a checkpoint; the same command goes on from there. Sample sheets to look at are
written beside the checkpoint. The finished folder is added with: genstudio models add FOLDER
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "family",
        choices=sorted(_TRAINERS),
        help="the kind of model; textures: seamless materials, as a pack of the family gan",
    )
    parser.add_argument(
        "--data", required=True, type=Path, metavar="FOLDER_OR_ZIP", help="the pictures"
    )
    parser.add_argument(
        "--config", required=True, type=Path, metavar="FILE", help="the training file (TOML)"
    )
    parser.add_argument(
        "--out", required=True, type=Path, metavar="PACK", help="the pack's folder to write"
    )
    parser.add_argument(
        "--preset",
        choices=("cpu", "gpu"),
        default="cpu",
        help="gpu: compute on an NVIDIA card, with what FILE changes for one in its [preset.gpu]",
    )
    parser.add_argument(
        "--start-from",
        type=Path,
        metavar="PACK",
        help="begin with this pack's weights (textures cannot); its train.toml says the sizes "
        "that FILE must ask for",
    )
    parser.add_argument(
        "--minutes",
        type=_positive(float),
        help="minutes of training, earlier parts of the run included; else what FILE says",
    )
    parser.add_argument(
        "--steps", type=_positive(int), help="stop after this many steps instead, for tests"
    )
    parser.add_argument(
        "--work",
        type=Path,
        metavar="FOLDER",
        help="where checkpoints and sample sheets go (default: runs/ and the pack's name)",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace, console: Console) -> None:
    """Train and write the pack."""
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise TrainingError(
            f"Training needs {' and '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} "
            'not installed; install the extra with: pip install "genstudio[train]".'
        )
    from genstudio.training.run import Request

    request = Request(
        data=args.data,
        config=args.config,
        out=args.out,
        work=args.work or Path("runs") / args.out.resolve().name,
        minutes=args.minutes,
        steps=args.steps,
        command=_command(args),
        preset=args.preset,
        start=_pack(args.start_from, args.family, console.cancel) if args.start_from else None,
    )
    module, function = _TRAINERS[args.family]
    pack = getattr(importlib.import_module(module), function)(request, console.cancel)
    console.say(f"{pack.id} is in {pack.folder}.")
    console.result({"id": pack.id, "folder": str(pack.folder), "sha256": pack.ref.sha256})


def _command(args: argparse.Namespace) -> str:
    """The command for the model card: names without the folders, which are nobody's business."""
    words = ["genstudio", "train", args.family]
    for option in ("data", "config", "out", "start_from"):
        if getattr(args, option):
            words += [f"--{option.replace('_', '-')}", getattr(args, option).resolve().name]
    if args.preset != "cpu":
        words += ["--preset", args.preset]
    for option in ("minutes", "steps"):
        if getattr(args, option) is not None:
            words += [f"--{option}", f"{getattr(args, option):g}"]
    return shlex.join(words)


def _pack(folder: Path, family: str, cancel: Cancel) -> Pack:
    """The pack to begin with, whole. Raises `PackError`, and `TrainingError` for another kind.

    A texture model begins with none, as its trainer says itself, and nothing begins with one.
    """
    pack = check_pack(folder, cancel=cancel)
    model = pack.manifest.model
    kind = "textures" if isinstance(model, Gan) and model.tileable else pack.manifest.family
    if family not in (kind, "textures"):
        raise TrainingError(
            f"{folder} is a model of the kind {kind}, and cannot be begun with for {family}; "
            f"choose a pack that `genstudio train {family}` made."
        )
    return pack


def _positive(kind: type[int | float]) -> type[int | float]:
    """A number above zero, for argparse."""

    def read(text: str) -> float:
        value = kind(text)
        if not 0 < value < float("inf"):
            raise ValueError
        return value

    read.__name__ = f"number above zero ({kind.__name__})"
    return read  # type: ignore[return-value]
