"""The folder around the graphs: pack.json with the hashes of what lies there."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from genstudio.packs import manifest
from tests.builders.graph import GraphBuilder


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def file_of(path: Path) -> manifest.File:
    return manifest.File(file=path.name, sha256=sha256(path))


def write_pack(
    folder: Path,
    pack_id: str,
    model: manifest.Family,
    image: manifest.Image,
    graphs: Mapping[manifest.Role, GraphBuilder],
    **more: Any,
) -> Path:
    """Write graphs that have the manifest's own names, and pack.json."""
    folder.mkdir(parents=True, exist_ok=True)
    for role, graph in graphs.items():
        graph.save(folder / f"{role}.onnx")
    write_manifest(
        folder,
        manifest.Manifest(
            format=1,
            id=pack_id,
            name=pack_id.replace("-", " ").capitalize(),
            version="1.0.0",
            licence="Apache-2.0",
            summary="A tiny model with random weights.",
            image=image,
            model=model,
            graphs={
                role: manifest.Graph(file=f"{role}.onnx", sha256=sha256(folder / f"{role}.onnx"))
                for role in graphs
            },
            **more,
        ),
    )
    return folder


def write_manifest(folder: Path, whole: manifest.Manifest) -> None:
    data = msgspec.json.format(msgspec.json.encode(whole), indent=2)
    (folder / manifest.FILE_NAME).write_bytes(data)


def change_manifest(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """Change pack.json as plain data, lies included."""
    path = folder / manifest.FILE_NAME
    plain = msgspec.json.decode(path.read_bytes())
    change(plain)
    path.write_bytes(msgspec.json.encode(plain))
    return folder


def replace_graph(folder: Path, role: str, data: bytes | GraphBuilder) -> Path:
    """Put another graph in a role's file and its hash into pack.json."""
    path = folder / f"{role}.onnx"
    if isinstance(data, bytes):
        path.write_bytes(data)
    else:
        data.save(path)
    return change_manifest(
        folder, lambda plain: plain["graphs"][role].update(file=path.name, sha256=sha256(path))
    )


def zip_folder(folder: Path, target: Path) -> Path:
    """The folder as a `.gspack`."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    return target
