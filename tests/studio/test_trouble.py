"""What goes wrong becomes a sentence with ways on; the studio and the work live on."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from genstudio.base.errors import DeviceError
from genstudio.engine.render import Engine
from genstudio.recipe.values import FromSeed, LatentRecipe, ModelRef
from genstudio.studio.messages import Message
from tests import builders
from tests.builders import replace_graph
from tests.studio.conftest import Desk


@pytest.fixture
def broken(home: Path, desk: Desk) -> Desk:
    """A studio that shows the tiny VAE's picture; the tiny GAN's synthesis is no graph."""
    desk.open("tiny-vae")
    replace_graph(home / "packs" / "tiny-gan", "synthesis", b"this is no graph")
    reload(desk)
    return desk


def reload(desk: Desk) -> None:
    read: list[None] = []
    disconnect = desk.studio.models.changed.connect(read.append)
    desk.studio.models.reload()
    desk.until(lambda: read)
    disconnect()


def errors(desk: Desk) -> list[Message]:
    return [message for message in desk.messages if message.kind == "error" and message.text]


def test_a_pack_that_cannot_be_drawn_with_is_one_sentence_with_ways_on(broken: Desk) -> None:
    studio = broken.studio
    before = broken.shown()
    studio.editor.choose_model("tiny-gan")
    broken.until(lambda: errors(broken))
    (message,) = errors(broken)
    assert "tiny-gan" in message.text
    assert "Traceback" not in message.text
    assert [label for _, label in message.actions] == ["Try again", "Undo"]
    assert broken.shown() is before
    assert not studio.picture.is_busy
    studio.messages.choose(message.key, "Undo")
    assert studio.editor.recipe is not None
    assert studio.editor.recipe.model.id == "tiny-vae"
    assert studio.picture.is_current
    assert broken.messages[-1] == Message("", "info", message.key), "it is taken away again"


def test_trying_again_shows_the_picture_once_the_pack_is_mended(
    broken: Desk, home: Path, packs: Path
) -> None:
    studio = broken.studio
    studio.editor.choose_model("tiny-gan")
    broken.until(lambda: errors(broken))
    graph = (packs / "tiny-gan" / "synthesis.onnx").read_bytes()
    replace_graph(home / "packs" / "tiny-gan", "synthesis", graph)
    studio.messages.choose(errors(broken)[0].key, "Try again")
    broken.settle()
    broken.expect_picture()


def test_work_goes_on_after_a_failure(broken: Desk) -> None:
    studio = broken.studio
    studio.editor.choose_model("tiny-gan")
    broken.until(lambda: errors(broken))
    studio.editor.set_seed(5)
    broken.until(lambda: len(errors(broken)) == 2)
    broken.open("tiny-prior")
    broken.expect_picture()
    studio.editor.undo()
    broken.until(lambda: len(errors(broken)) == 3)
    studio.editor.undo()
    studio.editor.undo()
    broken.settle()
    broken.expect_picture()
    assert studio.editor.recipe is not None
    assert studio.editor.recipe.model.id == "tiny-vae"


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("provider lost")])
def test_an_engine_that_breaks_once_draws_the_next_picture(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    desk.open("tiny-gan")
    render = Engine.render

    def breaks(*_args: object, **_options: object) -> object:
        monkeypatch.setattr(Engine, "render", render)
        raise error

    monkeypatch.setattr(Engine, "render", breaks)
    desk.studio.editor.set_seed(5)
    desk.until(lambda: errors(desk))
    assert "provider lost" not in errors(desk)[0].text
    desk.studio.messages.choose(errors(desk)[0].key, "Try again")
    desk.settle()
    desk.expect_picture()


def test_a_recipe_of_a_missing_model_says_so_and_waits_for_it(desk: Desk, tmp_path: Path) -> None:
    desk.open("tiny-gan")
    before = desk.shown()
    builders.gan(tmp_path / "other", pack_id="other-gan")
    recipe = LatentRecipe(model=ModelRef(id="other-gan"), source=FromSeed(seed=7))
    desk.studio.editor.open(recipe, "from elsewhere")
    (message,) = errors(desk)
    assert "other-gan, which is not here" in message.text
    assert desk.shown() is before
    desk.studio.editor.set_seed(8)
    assert desk.messages[-1].text == (
        "The model other-gan is not here; add it, or choose another model."
    )
    assert desk.studio.editor.recipe == recipe
    desk.studio.open_files([tmp_path / "other"])
    desk.until(lambda: desk.studio.models.find("other-gan"))
    desk.settle()
    desk.expect_picture()
    seen = desk.studio.editor.recipe
    assert isinstance(seen, LatentRecipe)
    assert seen.source == recipe.source
    desk.until(lambda: desk.studio.sliders.directions)


def test_a_critic_that_is_broken_costs_only_the_score(desk: Desk, home: Path) -> None:
    desk.until(lambda: desk.studio.models.is_read)
    replace_graph(home / "packs" / "tiny-gan", "critic", b"this is no graph")
    reload(desk)
    desk.open("tiny-gan")
    desk.finish_all()
    desk.expect_picture()
    assert desk.studio.picture.score is None


def test_directions_that_cannot_be_found_leave_the_picture_and_can_be_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    directions = Engine.directions

    def breaks(*_args: object) -> object:
        monkeypatch.setattr(Engine, "directions", directions)
        raise MemoryError

    monkeypatch.setattr(Engine, "directions", breaks)
    desk.open("tiny-gan")
    desk.until(lambda: any(message.key == "sliders" for message in desk.messages))
    assert desk.studio.sliders.finding is None
    desk.studio.messages.choose("sliders", "Try again")
    desk.until(lambda: desk.studio.sliders.directions)
    desk.expect_picture()


def test_what_a_person_should_know_of_a_picture_is_told_once(desk: Desk) -> None:
    desk.open("tiny-gan")
    recipe = desk.studio.editor.recipe
    assert isinstance(recipe, LatentRecipe)
    other = replace(recipe, model=ModelRef(id="tiny-gan", sha256="0" * 64))
    desk.studio.editor.open(other)
    desk.settle()
    desk.studio.editor.set_control("truncation", 0.5)
    desk.settle()
    assert desk.told() == [
        "The recipe was made with another version of tiny-gan; the picture may differ."
    ]


def test_an_engine_that_cannot_be_opened_says_why_and_is_opened_later(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = "genstudio.engine.render.plan_providers"
    with monkeypatch.context() as patch:
        patch.setattr(plan, refuse)
        desk = Desk()
        try:
            desk.studio.start()
            desk.until(lambda: errors(desk))
            assert errors(desk)[0].text == "The graphics card is gone."
            desk.until(lambda: desk.studio.models.packs)
            desk.studio.editor.choose_model("tiny-gan")
            desk.until(lambda: errors(desk)[-1].actions)
            patch.undo()
            desk.studio.messages.choose(errors(desk)[-1].key, "Try again")
            desk.settle()
            desk.expect_picture()
        finally:
            assert desk.studio.close()


def refuse(_device: object) -> object:
    raise DeviceError("The graphics card is gone.")
