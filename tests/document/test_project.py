"""A project file comes back whole, or is refused in one sentence."""

from __future__ import annotations

import json
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from genstudio import __version__
from genstudio.base.errors import GenStudioError, RecipeError, StorageError
from genstudio.document.family import Family
from genstudio.document.history import History, Step
from genstudio.document.project import Project, open_project, project_of, save_project
from genstudio.document.project_json import ViewValue
from genstudio.engine.pixels import picture_hash
from genstudio.media.walk import Walk
from genstudio.recipe import codec
from genstudio.recipe.values import (
    Exact,
    FromSeed,
    KeptTokens,
    LatentRecipe,
    Mixing,
    ModelRef,
    PictureRef,
    Recipe,
    Setting,
    Tensor,
    TokenRecipe,
    UpscaleRecipe,
    Upscaling,
    Varied,
)
from tests.builders.recipes import drawn, enlarged, latents

MODEL = ModelRef(id="tiny-vae", sha256="ab" * 32)
UPSCALER = ModelRef(id="upscale-2x")
NOISE = np.random.RandomState(7).randint(0, 256, 60_000).astype(np.uint8).tobytes()
LATENT = Exact(
    mean=Tensor(shape=(15_000,), data=NOISE), log_variance=Tensor(shape=(8,), data=bytes(32))
)
PICTURE = np.random.RandomState(3).randint(0, 256, (20, 30, 4)).astype(np.uint8)
CAT = PictureRef(sha256=picture_hash(PICTURE), name="cat.png")
VIEW: dict[str, ViewValue] = {"zoom": 2.5, "mode": "fit", "grid": True, "column": 3}


def sitting() -> History:
    """A history with each kind of recipe, its last step undone."""
    history = History()
    history.start(LatentRecipe(model=MODEL, source=LATENT), "from picture cat.png")
    first = LatentRecipe(model=MODEL, source=Varied(around=LATENT, seed=5))
    history.push(first, "variation of a picture")
    history.push(replace(first, upscaling=Upscaling(model=UPSCALER)), "enlarged 2×")
    history.push(TokenRecipe(model=ModelRef(id="icons"), seed=2**32 - 1), "model Icons ♥")
    history.push(UpscaleRecipe(model=UPSCALER, picture=CAT), "from picture cat.png, enlarged 2×")
    for step in history.steps[1:]:
        history.set_thumbnail(step.number, PICTURE)
    history.undo()
    return history


def project() -> Project:
    names = {"tiny-vae": "Tiny VAE", "icons": "Icons from words"}
    return project_of(sitting(), names, {CAT.sha256: PICTURE, "00" * 32: PICTURE}, VIEW)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("saved") / "a.genstudio"
    save_project(path, project())
    return path.read_bytes()


def entries_of(data: bytes, folder: Path) -> dict[str, bytes]:
    path = folder / "entries.zip"
    path.write_bytes(data)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(path: Path, entries: dict[str, bytes], mode: int = stat.S_IFREG | 0o644) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = mode << 16
            archive.writestr(entry, data)
    return path


def with_document(path: Path, saved: bytes, change: Callable[[dict[str, Any]], object]) -> Path:
    entries = entries_of(saved, path.parent)
    document = json.loads(entries["project.json"])
    change(document)
    return rewritten(path, {**entries, "project.json": json.dumps(document).encode()})


def refusal(path: Path) -> str:
    with pytest.raises(StorageError) as refused:
        open_project(path)
    said = str(refused.value)
    assert "\n" not in said
    assert str(path) in said
    assert said.endswith(".")
    return said


def assert_same(found: Project, wanted: Project) -> None:
    assert found.steps == tuple(Step(s.number, s.recipe, s.words) for s in wanted.steps)
    assert (found.index, dict(found.view)) == (wanted.index, dict(wanted.view))
    assert found.models == wanted.models
    assert found.pictures.keys() == wanted.pictures.keys()
    assert all(np.array_equal(found.pictures[key], wanted.pictures[key]) for key in found.pictures)


def test_a_project_comes_back_with_everything_in_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.genstudio"
    save_project(path, project())
    found = open_project(path)
    assert_same(found, project())
    assert found.made_by == __version__
    assert [(model.id, model.name) for model in found.models] == [
        ("tiny-vae", "Tiny VAE"), ("upscale-2x", ""), ("icons", "Icons from words"),
    ]  # fmt: skip
    assert found.pictures.keys() == {CAT.sha256}
    assert sorted(found.thumbnails) == [step.number for step in found.steps[1:]]
    kept = project().thumbnails
    for number, thumbnail in found.thumbnails.items():
        assert thumbnail.shape == kept[number].shape
        assert np.abs(thumbnail.astype(int) - kept[number]).mean() < 40
    assert [item.name for item in path.parent.iterdir()] == ["a.genstudio"]


def test_an_opened_project_goes_on_as_a_history(saved: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.genstudio"
    path.write_bytes(saved)
    found = open_project(path)
    history = History()
    history.restore(found.steps, found.index, found.thumbnails)
    assert history.redo_words == "from picture cat.png, enlarged 2×"
    assert history.undo_words == "model Icons ♥"
    current = history.current
    assert current is not None
    assert history.thumbnail(current.number) is not None


def test_equal_projects_give_equal_files_and_saving_replaces(saved: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.genstudio"
    path.write_bytes(b"old")
    save_project(path, project())
    assert path.read_bytes() == saved


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_picture_from_outside_comes_back_to_the_pixel(tmp_path: Path, channels: int) -> None:
    pixels = np.ascontiguousarray(PICTURE[:, :, :channels])
    ref = PictureRef(sha256=picture_hash(pixels))
    history = History()
    history.start(UpscaleRecipe(model=UPSCALER, picture=ref), "start")
    save_project(tmp_path / "a", project_of(history, {}, {ref.sha256: pixels}, {}))
    assert np.array_equal(open_project(tmp_path / "a").pictures[ref.sha256], pixels)


def test_steps_that_share_a_latent_share_it_in_the_file_and_in_memory(tmp_path: Path) -> None:
    history = History()
    history.start(LatentRecipe(model=MODEL, source=LATENT), "start")
    for seed in range(40):
        mixing = (Mixing(source=FromSeed(seed=seed), layers=(0, 4)),)
        history.push(LatentRecipe(model=MODEL, source=LATENT, mixing=mixing), f"seed {seed}")
    path = tmp_path / "a.genstudio"
    save_project(path, project_of(history, {}, {}, {}))
    assert path.stat().st_size < 2 * len(NOISE)
    found = open_project(path)
    assert_same(found, project_of(history, {}, {}, {}))
    latents_found = {id(step.recipe.source.mean.data) for step in found.steps}  # type: ignore[union-attr]
    assert len(latents_found) == 1


def test_a_step_in_the_file_is_a_recipe_as_any_other(saved: bytes, tmp_path: Path) -> None:
    document = json.loads(entries_of(saved, tmp_path)["project.json"])
    recipe = json.dumps(document["steps"][3]["recipe"]).encode()
    assert codec.decode(recipe, "it") == project().steps[3].recipe


@given(st.lists(latents | drawn | enlarged, min_size=1, max_size=4))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_recipes_come_back(tmp_path: Path, recipes: list[Recipe]) -> None:
    history = History()
    history.start(recipes[0], "start")
    for recipe in recipes[1:]:
        history.push(recipe, "more")
    wanted = project_of(history, {}, {}, {})
    save_project(tmp_path / "a.genstudio", wanted)
    assert_same(open_project(tmp_path / "a.genstudio"), wanted)


def test_the_documented_example_opens_and_names_every_field(saved: bytes, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "project-file.md").read_text(encoding="utf-8")
    example = page.partition("```json")[2].partition("```")[0]
    path = rewritten(tmp_path / "a.genstudio", {"project.json": example.encode()})
    found = open_project(path)
    assert [step.words for step in found.steps] == [
        "model Landscapes, seed 7", "truncation 1 → 0.7",
    ]  # fmt: skip
    written = json.loads(entries_of(saved, tmp_path)["project.json"])
    assert written.keys() == json.loads(example).keys()


def test_what_could_not_be_opened_again_is_not_saved(tmp_path: Path) -> None:
    path = tmp_path / "a.genstudio"
    path.write_bytes(b"old")
    endless = Setting(control="shine", value=float("inf"))
    recipe = LatentRecipe(model=MODEL, source=FromSeed(seed=1), settings=(endless,))
    with pytest.raises(RecipeError):
        save_project(path, Project((Step(0, recipe, "start"),), 0))
    assert path.read_bytes() == b"old"


def test_a_newer_project_is_refused_before_anything_else_is_looked_at(
    saved: bytes, tmp_path: Path
) -> None:
    def newer(document: dict[str, Any]) -> None:
        document.update(version=3, steps="told in another way")

    said = refusal(with_document(tmp_path / "a.genstudio", saved, newer))
    assert "made by a newer GenStudio" in said
    assert "update GenStudio" in said


def test_a_newer_recipe_in_a_project_is_refused_with_its_step(saved: bytes, tmp_path: Path) -> None:
    def newer(document: dict[str, Any]) -> None:
        document["steps"][1]["recipe"]["version"] = 2

    path = with_document(tmp_path / "a.genstudio", saved, newer)
    with pytest.raises(RecipeError, match=r"^Step 1 of the project .*newer GenStudio"):
        open_project(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(index=5),
        lambda d: d.update(index=-1),
        lambda d: d.update(steps=[]),
        lambda d: d["steps"].reverse(),
        lambda d: d["steps"][1].update(number=d["steps"][0]["number"]),
        lambda d: d.update(shine=1),
        lambda d: d.update(pictures=["../../evil"]),
        lambda d: d.update(pictures=["0" * 64]),
        lambda d: d.update(data=["0" * 64]),
        lambda d: d.update(view={"zoom": [1]}),
        lambda d: d.pop("version"),
    ],
)
def test_a_document_that_cannot_be_is_refused(
    saved: bytes, tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    assert "is damaged" in refusal(with_document(tmp_path / "a.genstudio", saved, change))


def test_another_picture_in_a_pictures_place_is_refused(saved: bytes, tmp_path: Path) -> None:
    entries = entries_of(saved, tmp_path)
    name = f"pictures/{CAT.sha256}.png"
    other = History()
    other.start(UpscaleRecipe(model=UPSCALER, picture=CAT), "start")
    changed = project_of(other, {}, {CAT.sha256: 255 - PICTURE}, {})
    save_project(tmp_path / "other", changed)
    swapped = entries_of((tmp_path / "other").read_bytes(), tmp_path)[name]
    for data in (swapped, b"no picture"):
        path = rewritten(tmp_path / "a.genstudio", {**entries, name: data})
        assert "a picture in it cannot be read" in refusal(path)


def test_other_data_in_a_latents_place_is_refused(saved: bytes, tmp_path: Path) -> None:
    entries = entries_of(saved, tmp_path)
    name = next(name for name in entries if name.startswith("data/"))
    path = rewritten(tmp_path / "a.genstudio", {**entries, name: bytes(60_000)})
    assert "is damaged" in refusal(path)


def test_a_broken_thumbnail_is_left_out_and_the_work_opens(saved: bytes, tmp_path: Path) -> None:
    entries = entries_of(saved, tmp_path)
    names = [name for name in entries if name.startswith("thumbnails/")]
    large = entries[names[1]] + bytes(1 << 20)
    path = rewritten(tmp_path / "a.genstudio", {**entries, names[0]: b"RIFF", names[1]: large})
    found = open_project(path)
    assert_same(found, project())
    assert len(found.thumbnails) == len(names) - 2


def test_files_that_this_version_does_not_know_are_passed_over(
    saved: bytes, tmp_path: Path
) -> None:
    entries = entries_of(saved, tmp_path)
    more = {"__MACOSX/._project.json": b"x", "thumbnails/": b"", "notes/later.txt": b"x"}
    assert_same(open_project(rewritten(tmp_path / "a", {**entries, **more})), project())


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "C:/evil", "pictures/../../evil", "a\\..\\evil", "a\nb", ".."]
)
def test_a_climbing_name_is_refused_and_nothing_is_written(
    saved: bytes, tmp_path: Path, name: str
) -> None:
    path = rewritten(tmp_path / "a.genstudio", {**entries_of(saved, tmp_path), name: b"x"})
    before = sorted(tmp_path.rglob("*"))
    assert "which no project does" in refusal(path)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.genstudio"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.json", "{}")
        archive.writestr("project.json", "{}")
    assert "is damaged" in refusal(path)


def test_a_link_in_the_zip_is_refused(tmp_path: Path) -> None:
    entries = {"project.json": b"/etc/passwd"}
    path = rewritten(tmp_path / "a.genstudio", entries, stat.S_IFLNK | 0o777)
    assert "link or a device" in refusal(path)


def test_a_zip_bomb_is_not_unpacked(saved: bytes, tmp_path: Path) -> None:
    entries = entries_of(saved, tmp_path)
    bomb = {**entries, f"data/{'0' * 64}.bin": bytes(100 << 20)}
    assert "would unpack to 100 MiB" in refusal(rewritten(tmp_path / "a.genstudio", bomb))


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = rewritten(tmp_path / "a.genstudio", {"project.json": b" " * (80 << 20)})
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 80 << 20), struct.pack("<I", 1000)))
    assert "is damaged" in refusal(path)


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.genstudio"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(10_001):
            archive.writestr(str(number), b"")
    assert "holds 10001 files" in refusal(path)


@pytest.mark.parametrize("data", [b"hello", b"\x89PNG\r\n\x1a\n", b"{}"])
def test_another_kind_of_file_is_no_project(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.genstudio"
    path.write_bytes(data)
    assert "is not a GenStudio project" in refusal(path)


def test_another_zip_is_damaged_or_no_project(tmp_path: Path) -> None:
    assert "is damaged" in refusal(rewritten(tmp_path / "a.genstudio", {"pack.json": b"{}"}))
    recipe = codec.encode(LatentRecipe(model=MODEL, source=FromSeed(seed=1)))
    other = rewritten(tmp_path / "b.genstudio", {"project.json": recipe})
    assert "is not a GenStudio project" in refusal(other)


def test_a_missing_or_forbidden_file_is_told_as_such(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "none.genstudio")
    assert "folder" in refusal(tmp_path)


def test_a_project_cut_off_anywhere_is_refused(saved: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.genstudio"
    for length in {*range(0, len(saved), len(saved) // 60), len(saved) - 1}:
        path.write_bytes(saved[:length])
        assert "is damaged" in refusal(path)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_project_with_flipped_bits_is_whole_or_refused_in_words(
    tmp_path: Path, saved: bytes, data: st.DataObject
) -> None:
    path = tmp_path / "a.genstudio"
    flipped = bytearray(saved)
    # Half of the flips hit the directory at the end, where they do the most.
    start = data.draw(st.sampled_from([0, saved.index(b"PK\x01\x02")]))
    for _ in range(data.draw(st.integers(1, 4))):
        flipped[data.draw(st.integers(start, len(saved) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(flipped)
    try:
        found = open_project(path)
    except GenStudioError as error:
        said = str(error)
    else:
        assert_same(found, project())
        said = "opened."
    assert "\n" not in said
    assert said.endswith(".")
    assert list(tmp_path.iterdir()) == [path]


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    entry=st.integers(0, 99),
    place=st.floats(0, 1, exclude_max=True),
    cut=st.integers(0, 6),
    put=st.binary(max_size=4) | st.sampled_from([b"null", b"-1", b"1e999", b'"', b"[", b"}"]),
)
def test_a_project_with_damaged_contents_is_opened_or_refused_in_words(
    tmp_path: Path, saved: bytes, entry: int, place: float, cut: int, put: bytes
) -> None:
    """The zip's checksums are right, so that what reads the contents meets the damage."""
    entries = entries_of(saved, tmp_path)
    name = sorted(entries)[entry % len(entries)]
    content = bytearray(entries[name])
    at = int(place * len(content))
    content[at : at + cut] = put
    path = rewritten(tmp_path / "a.genstudio", {**entries, name: bytes(content)})
    try:
        found = open_project(path)
    except GenStudioError as error:
        said = str(error)
    else:
        said = "opened."
        assert 0 <= found.index < len(found.steps)
        if name.startswith("thumbnails/"):
            assert_same(found, project())
    assert "\n" not in said
    assert said.endswith(".")


def test_a_project_of_the_first_format_opens(saved: bytes, tmp_path: Path) -> None:
    def older(document: dict[str, Any]) -> None:
        document["version"] = 1
        del document["walk"], document["family"]

    project = open_project(with_document(tmp_path / "a.genstudio", saved, older))
    assert project.steps
    assert (project.walk, project.family) == (Walk(), Family())


def test_walk_and_family_come_back_with_their_long_data(tmp_path: Path) -> None:
    kept = KeptTokens(tokens=bytes(4 * 2000), kept=b"\x01" * 2000)
    long = TokenRecipe(model=ModelRef(id="icons"), seed=1, kept=kept)
    short = TokenRecipe(model=ModelRef(id="icons"), seed=2)
    history = History()
    history.push(short, "a seed")
    walk = Walk(keyframes=(short, long), frames=12, loop=True)
    family = Family().with_child(long, (short,)).with_child(short, (long,))
    save_project(tmp_path / "a.genstudio", project_of(history, {}, {}, {"zoom": 2.0}, walk, family))
    project = open_project(tmp_path / "a.genstudio")
    assert (project.walk, project.family) == (walk, family)
    assert [family.generation(member) for member in family.members] == [0, 1]
    assert project.view == {"zoom": 2.0}


def test_a_family_with_a_child_before_its_parents_is_damaged(saved: bytes, tmp_path: Path) -> None:
    def odd(document: dict[str, Any]) -> None:
        recipe = document["steps"][0]["recipe"]["recipe"]
        document["family"] = {"members": [{"number": 1, "recipe": recipe, "parents": [2]}]}

    assert "damaged" in refusal(with_document(tmp_path / "a.genstudio", saved, odd))
