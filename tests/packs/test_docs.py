"""docs/packs.md says what the code does: its fields are the structs', its examples run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest

from genstudio.engine.render import Engine
from genstudio.packs import manifest
from genstudio.packs.check import check_pack
from genstudio.packs.settings import fresh_recipe
from tests import builders
from tests.builders.pack_folder import sha256

TEXT = (Path(__file__).parents[2] / "docs" / "packs.md").read_text(encoding="utf-8")
BLOCKS = {
    name: json.loads(block)
    for name, block in re.findall(r"^```json (\w+)\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
}
FRAME = BLOCKS.pop("frame")
GRAPHS: dict[str, Callable[[Path], Path]] = {
    "vector_vae": lambda f: builders.vector_vae(f, channels=1, value_range=(0.0, 1.0)),
    "spatial_vae": lambda f: builders.spatial_vae(f, channels=4),
    "glowing_vae": lambda f: builders.vector_vae(f, glow=True),
    "palette_prior": lambda f: builders.palette_prior(f, hugging_face=True),
    "generator_gan": lambda f: builders.generator_gan(f, channels=4),
}
"""Where an example wants its builder's graphs of another kind than the usual."""


@pytest.mark.parametrize("example", BLOCKS)
def test_a_worked_example_passes_the_check_and_draws(tmp_path: Path, example: str) -> None:
    build = GRAPHS.get(example) or getattr(builders, example)
    folder = build(tmp_path / "pack")
    whole = FRAME | BLOCKS[example]
    _fill_in_hashes(whole, folder)
    (folder / "pack.json").write_text(json.dumps(whole))
    pack = check_pack(folder)
    if isinstance(pack.manifest.model, manifest.Upscaler):
        return
    recipe = fresh_recipe(pack.ref, pack.manifest, 7)
    rendering = Engine(lambda ref: pack, device="cpu").render(recipe)
    image = pack.manifest.image
    assert rendering.pixels.shape == (image.height, image.width, image.channels)
    assert rendering.pixels.std() > 0


def _fill_in_hashes(plain: Any, folder: Path) -> None:
    if isinstance(plain, dict):
        if plain.get("sha256") == "...":
            plain["sha256"] = sha256(folder / plain["file"])
        for part in plain.values():
            _fill_in_hashes(part, folder)
    elif isinstance(plain, list):
        for part in plain:
            _fill_in_hashes(part, folder)


def _structs() -> dict[str, type[msgspec.Struct]]:
    parts = manifest.File.__mro__[1].__subclasses__()
    inherited = [deeper for part in parts for deeper in part.__subclasses__()]
    return {part.__name__: part for part in [*parts, *inherited]}


def test_every_part_of_a_manifest_has_its_heading() -> None:
    headings = re.findall(r"^### (\w+)$", TEXT.partition("## Every field")[2], re.MULTILINE)
    assert sorted(headings) == sorted(_structs())


@pytest.mark.parametrize("name", sorted(_structs()))
def test_the_fields_in_the_documentation_are_those_of_the_code(name: str) -> None:
    struct = _structs()[name]
    section = re.split(r"^### ", TEXT.partition(f"### {name}\n")[2], flags=re.MULTILINE)[0]
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*) \|$", section, re.MULTILINE)
    fields = msgspec.structs.fields(struct)
    assert [(field, default) for field, default, _meaning in rows] == [
        (field.encode_name, _default(field)) for field in fields
    ]
    hints = get_type_hints(struct)
    for field, _shown, meaning in rows:
        kind = hints[field]
        if get_origin(kind) is Literal and field != "format":
            for value in get_args(kind):
                assert (f'"{value}"' if isinstance(value, str) else str(value)) in meaning
    tag = struct.__struct_config__.tag
    if tag is not None:
        assert f'`"{struct.__struct_config__.tag_field}": "{tag}"`' in section


def _default(field: Any) -> str:
    value = field.default
    if field.default_factory is not msgspec.NODEFAULT:
        value = field.default_factory()
    return "required" if value is msgspec.NODEFAULT else f"`{msgspec.json.encode(value).decode()}`"


def test_every_role_and_limit_in_the_documentation_is_the_codes() -> None:
    from genstudio.packs.check import NEWEST_IR, NEWEST_OPSET

    for role in get_args(manifest.Role):
        assert f"`{role}`" in TEXT
    assert f"opset {NEWEST_OPSET}, ONNX format (IR) {NEWEST_IR}" in TEXT
