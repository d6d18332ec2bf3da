import json
import zipfile

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("torch", reason="training needs the extra `train`")

from genstudio.base.errors import TrainingError
from genstudio.training.config import DataConfig, HoldOut
from genstudio.training.data import Batches, centre_crops, read_dataset


def write_pictures(folder, count=6, size=(40, 20)):
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for i in range(count):
        Image.new("RGB", size, (20 * i, 100, 200)).save(folder / f"{i}.png")
        rows.append({"file": f"{i}.png", "kind": "even" if i % 2 == 0 else "odd"})
    (folder / "index.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return folder


def test_a_folder_and_a_zip_of_it_hold_the_same_pictures(tmp_path):
    folder = write_pictures(tmp_path / "in")
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    config = DataConfig(size=16)
    a = read_dataset(folder, config)
    b = read_dataset(tmp_path / "in.zip", config)
    assert [p.name for p in a.pictures] == [p.name for p in b.pictures]
    assert all(
        np.array_equal(x.pixels, y.pixels) for x, y in zip(a.pictures, b.pictures, strict=True)
    )


def test_filters_choose_by_the_columns_of_the_index(tmp_path):
    folder = write_pictures(tmp_path / "in")
    kept = read_dataset(folder, DataConfig(size=16, keep={"kind": ["even"]}))
    left = read_dataset(folder, DataConfig(size=16, leave_out={"kind": ["even"]}))
    assert [p.name for p in kept.pictures] == ["0.png", "2.png", "4.png"]
    assert [p.name for p in left.pictures] == ["1.png", "3.png", "5.png"]
    assert kept.filtered == 3


def test_the_short_side_is_scaled_and_the_long_one_kept_in_proportion(tmp_path):
    folder = write_pictures(tmp_path / "in")
    dataset = read_dataset(folder, DataConfig(size=8, short_side=10))
    assert dataset.pictures[0].pixels.shape == (10, 20, 3)


def test_a_broken_picture_is_told_and_the_others_are_used(tmp_path):
    folder = write_pictures(tmp_path / "in")
    (folder / "3.png").write_bytes(b"\x89PNG nonsense")
    dataset = read_dataset(folder, DataConfig(size=16))
    assert len(dataset.pictures) == 5
    assert dataset.refused[0].startswith("3.png: ")
    assert "1 refused" in dataset.describe()


def test_transparent_pictures_lie_on_the_background(tmp_path):
    for name in "ab":
        Image.new("RGBA", (16, 16), (0, 0, 0, 0)).save(tmp_path / f"{name}.png")
    dataset = read_dataset(tmp_path, DataConfig(size=16, background=(1, 2, 3)))
    assert dataset.pictures[0].pixels[0, 0].tolist() == [1, 2, 3]


def test_batches_go_on_from_a_state_exactly(tmp_path):
    dataset = read_dataset(write_pictures(tmp_path / "in"), DataConfig(size=16))
    config = DataConfig(size=16)
    first, second = (Batches(dataset, config, 4, seed=3) for _ in range(2))
    first.next()
    state = first.state()
    wanted = first.next()[0]
    second.restore(state)
    assert np.array_equal(second.next()[0], wanted)


def test_every_picture_comes_once_before_any_comes_again(tmp_path):
    dataset = read_dataset(write_pictures(tmp_path / "in"), DataConfig(size=16))
    batches = Batches(dataset, DataConfig(size=16), 3, seed=0)
    seen = [picture.name for _ in range(2) for picture in batches.next()[1]]
    assert sorted(seen) == [f"{i}.png" for i in range(6)]


def test_held_out_values_are_kept_back_whole_and_the_same_each_time(tmp_path):
    dataset = read_dataset(write_pictures(tmp_path / "in"), DataConfig(size=16))
    training, held = dataset.split(HoldOut(by="kind", fraction=0.5))
    assert len(training.counts("kind")) == len(held.counts("kind")) == 1
    assert training.counts("kind").keys() != held.counts("kind").keys()
    assert dataset.split(HoldOut(by="kind", fraction=0.5))[1] == held
    assert centre_crops(held.pictures, 16).shape == (3, 16, 16, 3)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: p / "nowhere", "There is no folder or zip"),
        (lambda p: p, "There are no pictures"),
        (lambda p: write_pictures(p / "one", count=1), "at least two"),
        (lambda p: _file(p / "x.zip", b"no zip"), "neither a folder nor a readable zip"),
        (lambda p: _file(write_pictures(p / "bad") / "index.jsonl", b"{oops").parent, "Line 1"),
        (lambda p: _file(write_pictures(p / "nof") / "index.jsonl", b"{}").parent, '"file"'),
    ],
)
def test_data_that_cannot_be_used_is_refused_in_one_sentence(tmp_path, make, words):
    with pytest.raises(TrainingError, match=words) as refusal:
        read_dataset(make(tmp_path), DataConfig(size=16, keep={}))
    assert "\n" not in str(refusal.value)


def test_filters_that_keep_nothing_say_so(tmp_path):
    folder = write_pictures(tmp_path / "in")
    with pytest.raises(TrainingError, match=r"keep 0 of the 6 pictures"):
        read_dataset(folder, DataConfig(size=16, keep={"kind": ["none"]}))


def _file(path, data):
    path.write_bytes(data)
    return path


def test_text_files_beside_the_pictures_say_what_they_show(tmp_path):
    folder = write_pictures(tmp_path / "in", count=4)
    (folder / "index.jsonl").unlink()
    (folder / "0.txt").write_text("\ufeffa red\n house, roof , chimney,\n")
    (folder / "1.txt").write_text("")
    (folder / "2.txt").write_bytes(b"\xff\xfe\x00")
    dataset = read_dataset(folder, DataConfig(size=16))
    facts = [picture.facts for picture in dataset.pictures]
    assert facts[0]["name"] == "a red house"
    assert facts[0]["keywords"] == ["roof", "chimney"]
    assert [fact.get("name", "") for fact in facts[1:]] == ["", "", ""]
    assert dataset.refused == ("2.txt: not UTF-8 text",)
    assert "4 pictures from in, 1 with words, 1 refused" in dataset.describe()


def test_an_index_wins_over_text_files(tmp_path):
    folder = write_pictures(tmp_path / "in", count=2)
    (folder / "0.txt").write_text("something else")
    dataset = read_dataset(folder, DataConfig(size=16))
    assert dataset.pictures[0].facts == {"file": "0.png", "kind": "even"}


def test_pictures_that_had_to_be_enlarged_are_told(tmp_path):
    folder = write_pictures(tmp_path / "in")
    Image.new("RGB", (9, 9), "red").save(folder / "2.png")
    dataset = read_dataset(folder, DataConfig(size=16))
    assert "1 smaller than asked for and so enlarged" in dataset.describe()
    assert dataset.pictures[2].pixels.shape == (16, 16, 3)
    assert "enlarged" not in read_dataset(folder, DataConfig(size=9)).describe()


def test_without_the_column_pictures_are_held_out_one_by_one(tmp_path):
    folder = write_pictures(tmp_path / "in")
    (folder / "index.jsonl").unlink()
    dataset = read_dataset(folder, DataConfig(size=16))
    training, held_out = dataset.split(HoldOut(by="subject", fraction=0.3))
    assert (len(training.pictures), len(held_out.pictures)) == (4, 2)
