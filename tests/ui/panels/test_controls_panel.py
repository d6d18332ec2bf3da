"""The controls panel by mouse and key, with the real engine behind it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from genstudio.engine.latents import to_tensor
from genstudio.engine.render import Engine
from genstudio.packs.store import PackStore
from genstudio.recipe.values import (
    Exact,
    FromSeed,
    LatentRecipe,
    PictureRef,
    Setting,
    TokenRecipe,
    UpscaleRecipe,
    Varied,
    WeightedPrompt,
)
from genstudio.studio.messages import Message
from genstudio.studio.studio import Studio
from genstudio.ui.panels.controls_panel import ControlsPanel
from genstudio.ui.widgets.section import Section
from tests import builders
from tests.ui.panels.panel_hands import click, drag, is_seen, rendered, seen, settle

Open = Callable[[str], Studio]
OWN_CONTROLS = [
    {
        "type": "slider", "name": "glow", "label": "Glow", "low": -0.3, "high": 0.3, "default": 0,
        "unit": "lm", "tooltip": "Lets it shine.", "graph": "synthesis", "input": "glow",
    },
    {
        "type": "choice", "name": "tint", "options": ["grey", "pale", "bright"], "default": "grey",
        "graph": "synthesis", "input": "tint",
    },
    {
        "type": "slider", "name": "grain", "label": "Grain", "low": 0, "high": 2**32 - 1,
        "default": 0, "step": 1, "graph": "synthesis", "input": "grain",
    },
]  # fmt: skip


@pytest.fixture
def panel(studio: Studio, qtbot: QtBot) -> ControlsPanel:
    panel = ControlsPanel(studio)
    qtbot.addWidget(panel)
    panel.resize(260, 900)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def window(studio: Studio, qtbot: QtBot) -> QWidget:
    """The panel above a line that belongs to something else."""
    window = QWidget()
    qtbot.addWidget(window)
    panel, below = ControlsPanel(studio, window), QLineEdit(window)
    below.setObjectName("below")
    below.setAccessibleName("what stands below")
    column = QVBoxLayout(window)
    column.addWidget(panel)
    column.addWidget(below)
    window.resize(260, 900)
    window.show()
    qtbot.waitExposed(window)
    return window


def own_pack(folder: Path) -> Path:
    """A style-based GAN with three controls of its own, each of which lights the picture up."""
    builders.gan(folder, pack_id="own", critic=False)
    model = onnx.load(folder / "synthesis.onnx")
    graph = model.graph
    graph.node[-1].output[0] = "plain"
    for name, kind in (
        ("glow", TensorProto.FLOAT),
        ("tint", TensorProto.INT64),
        ("grain", TensorProto.FLOAT),
    ):
        graph.input.append(helper.make_tensor_value_info(name, kind, [1]))
    graph.initializer.append(helper.make_tensor("step", TensorProto.FLOAT, [1], [0.1]))
    graph.node.extend(
        [
            helper.make_node("Cast", ["tint"], ["tint as float"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["tint as float", "step"], ["tinted"]),
            helper.make_node("Sin", ["grain"], ["wave"]),
            helper.make_node("Mul", ["wave", "step"], ["grained"]),
            helper.make_node("Sum", ["plain", "glow", "tinted", "grained"], ["image"]),
        ]
    )
    builders.replace_graph(folder, "synthesis", model.SerializeToString())
    return builders.change_manifest(folder, lambda plain: plain.update(controls=OWN_CONTROLS))


def add(studio: Studio, qtbot: QtBot, *folders: Path) -> None:
    """Read the models anew, once packs were put into the folders."""
    before = len(studio.models.packs)
    studio.models.reload()
    qtbot.waitUntil(lambda: len(studio.models.packs) == before + len(folders), timeout=30_000)


def latent(studio: Studio) -> LatentRecipe:
    assert isinstance(studio.editor.recipe, LatentRecipe)
    return studio.editor.recipe


def field(panel: ControlsPanel, name: str) -> QLineEdit:
    found = seen(panel, name)
    assert isinstance(found, QLineEdit)
    return found


def enter(line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def choose(panel: ControlsPanel, name: str, text: str) -> None:
    """Choose in a list by its keys."""
    box = seen(panel, f"{name}-box")
    assert isinstance(box, QComboBox)
    box.setFocus()
    way = Qt.Key.Key_Down if box.findText(text) > box.currentIndex() else Qt.Key.Key_Up
    while box.currentText() != text:
        before = box.currentIndex()
        QTest.keyClick(box, way)
        assert box.currentIndex() != before, f"{text} is not in the list"


def unfold(panel: ControlsPanel, group: str) -> None:
    section = seen(panel, f"controls-{group}")
    assert isinstance(section, Section)
    if not section.is_open():
        click(panel, f"controls-{group}-header")


# What a manifest declares


def test_a_control_of_each_kind_in_a_manifest_is_on_screen_and_changes_the_picture(
    panel: ControlsPanel, studio: Studio, open_model: Open, qtbot: QtBot, home: Path
) -> None:
    own_pack(home / "packs" / "own")
    add(studio, qtbot, Path("own"))
    open_model("own")
    pictures = [settle(studio, qtbot).copy()]

    def expect_another_picture() -> None:
        pictures.append(settle(studio, qtbot).copy())
        assert not np.array_equal(pictures[-1], pictures[-2])
        np.testing.assert_array_equal(pictures[-1], rendered(studio))

    drag(seen(panel, "control-glow-track"), 0.5, 0.9)
    assert latent(studio).settings[-1].control == "glow"
    expect_another_picture()
    choose(panel, "control-tint", "bright")
    assert latent(studio).settings[-1] == Setting(control="tint", value="bright")
    expect_another_picture()
    enter(field(panel, "control-grain-value"), "4000000001")
    assert latent(studio).settings[-1] == Setting(control="grain", value=4000000001)
    expect_another_picture()
    click(panel, "control-mix-seed-dice")
    expect_another_picture()
    drag(seen(panel, "control-mix-layers-cells"), 0.1, 0.35)
    assert latent(studio).mixing[-1].layers == (0, 2)
    expect_another_picture()


def test_a_declared_control_shows_its_words_and_its_unit(
    panel: ControlsPanel, studio: Studio, open_model: Open, qtbot: QtBot, home: Path
) -> None:
    own_pack(home / "packs" / "own")
    add(studio, qtbot, Path("own"))
    open_model("own")
    glow = seen(panel, "control-glow")
    assert "Glow (lm)" in [label.text() for label in glow.findChildren(QLabel)]
    assert "Lets it shine." in glow.toolTip()
    assert seen(panel, "control-tint-box").accessibleName() == "tint"


def test_the_controls_of_another_model_take_the_place_of_those_before(
    panel: ControlsPanel, open_model: Open
) -> None:
    open_model("tiny-gan")
    assert is_seen(panel, "control-mix-layers")
    assert not is_seen(panel, "control-temperature")
    open_model("tiny-prior")
    assert is_seen(panel, "control-temperature")
    assert not is_seen(panel, "control-mix-layers")


def test_a_group_stays_folded_as_the_person_left_it(
    panel: ControlsPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    assert not is_seen(panel, "control-noise-strength")
    click(panel, "controls-noise-header")
    click(panel, "controls-picture-header")
    open_model("tiny-vae")
    assert not is_seen(panel, "control-truncation")
    studio.editor.undo()
    qtbot.waitUntil(lambda: is_seen(panel, "control-noise-strength"))
    assert not is_seen(panel, "control-truncation")


# Moving a control


def test_a_drag_ends_on_its_newest_position_as_one_step_in_words(
    panel: ControlsPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    steps = len(studio.editor.history.steps)
    drag(seen(panel, "control-truncation-track"), 0.75, 0.6, moves=200)
    assert latent(studio).truncation == pytest.approx(0.4, abs=0.1)
    np.testing.assert_array_equal(settle(studio, qtbot), rendered(studio))
    assert len(studio.editor.history.steps) == steps + 1
    shown = field(panel, "control-truncation-value").text()
    assert studio.editor.history.undo_words == f"truncation 1 → {float(shown):g}"
    drag(seen(panel, "control-truncation-track"), 0.6, 0.7)
    assert len(studio.editor.history.steps) == steps + 2, "another drag is another step"


def test_undo_and_redo_move_the_sliders(panel: ControlsPanel, open_model: Open) -> None:
    studio = open_model("tiny-gan")
    enter(field(panel, "control-truncation-value"), "0.5")
    assert latent(studio).truncation == 0.5
    studio.editor.undo()
    assert field(panel, "control-truncation-value").text() == "1"
    studio.editor.redo()
    assert float(field(panel, "control-truncation-value").text()) == 0.5


def test_a_control_without_meaning_for_the_picture_is_off_and_says_so(
    panel: ControlsPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-vae")
    variation = seen(panel, "control-variation")
    assert not variation.isEnabled()
    assert "no meaning for this picture" in variation.toolTip()
    studio.files.take_picture(np.full((12, 16, 3), 90, np.uint8), "grey")
    studio.messages.choose("incoming", "Start from it with Tiny vae")
    qtbot.waitUntil(lambda: isinstance(latent(studio).source, Exact), timeout=30_000)
    assert variation.isEnabled()
    assert "no meaning" not in variation.toolTip()
    drag(seen(panel, "control-variation-track"), 0.02, 0.5)
    assert isinstance(latent(studio).source, Varied)


def test_a_group_is_reset_as_one_step(panel: ControlsPanel, open_model: Open) -> None:
    studio = open_model("tiny-gan")
    fresh = studio.editor.recipe
    reset = seen(panel, "reset-picture")
    assert not reset.isEnabled()
    enter(field(panel, "control-truncation-value"), "0.5")
    enter(field(panel, "control-truncation-cutoff-value"), "2")
    unfold(panel, "noise")
    enter(field(panel, "control-noise-strength-value"), "0.25")
    steps = len(studio.editor.history.steps)
    click(panel, "reset-picture")
    assert latent(studio).truncation == 1
    assert latent(studio).truncation_cutoff is None
    assert latent(studio).noise_strength == 0.25
    assert len(studio.editor.history.steps) == steps + 1
    assert not reset.isEnabled()
    click(panel, "reset-noise")
    assert studio.editor.recipe == fresh


# Seed


def test_a_seed_is_typed_and_rolled(panel: ControlsPanel, open_model: Open) -> None:
    studio = open_model("tiny-gan")
    enter(field(panel, "seed-value"), "4294967295")
    assert latent(studio).source == FromSeed(seed=4294967295)
    assert studio.editor.history.undo_words.endswith("4294967295")
    steps = len(studio.editor.history.steps)
    click(panel, "seed-dice")
    assert latent(studio).source != FromSeed(seed=4294967295)
    assert len(studio.editor.history.steps) == steps + 1
    studio.editor.undo()
    assert field(panel, "seed-value").text() == "4294967295"


def test_the_lock_keeps_the_seed_and_shows_what_others_lock(
    panel: ControlsPanel, open_model: Open
) -> None:
    studio = open_model("tiny-gan")
    before = studio.editor.recipe
    click(panel, "seed-lock")
    assert studio.editor.seed_locked
    studio.draw()
    assert studio.editor.recipe == before
    studio.editor.lock_seed(False)
    lock = seen(panel, "seed-lock")
    assert isinstance(lock, QToolButton)
    assert not lock.isChecked()
    studio.draw()
    assert studio.editor.recipe != before


def test_a_seed_that_was_locked_before_is_shown_locked(studio: Studio, qtbot: QtBot) -> None:
    studio.editor.lock_seed(True)
    panel = ControlsPanel(studio)
    qtbot.addWidget(panel)
    lock = panel.findChild(QToolButton, "seed-lock")
    assert lock is not None
    assert lock.isChecked()


def test_a_picture_that_no_seed_drew_says_so_and_its_dice_draw_another(
    panel: ControlsPanel, open_model: Open
) -> None:
    studio = open_model("tiny-gan")
    z = to_tensor(np.zeros(8, np.float32))
    studio.editor.open(LatentRecipe(model=latent(studio).model, source=Exact(mean=z)))
    assert field(panel, "seed-value").text() == ""
    assert "not drawn by a seed" in seen(panel, "seed-value").toolTip()
    assert not seen(panel, "best-of").isEnabled()
    click(panel, "seed-dice")
    assert isinstance(latent(studio).source, FromSeed)
    assert seen(panel, "best-of").isEnabled()


def test_a_picture_that_is_enlarged_has_nothing_to_set(
    panel: ControlsPanel, open_model: Open
) -> None:
    studio = open_model("tiny-gan")
    upscaler = studio.upscaler(2)
    assert upscaler is not None
    picture = PictureRef(sha256="ab" * 32, name="gone.png")
    studio.editor.open(UpscaleRecipe(model=upscaler, picture=picture))
    assert not seen(panel, "seed-dice").isEnabled()
    assert not is_seen(panel, "control-truncation")
    assert not is_seen(panel, "control-enlarge")
    assert is_seen(panel, "controls-said")


def test_without_a_model_the_panel_says_what_to_do(panel: ControlsPanel) -> None:
    said = seen(panel, "controls-said")
    assert isinstance(said, QLabel)
    assert "Choose a model" in said.text()
    assert not seen(panel, "seed-dice").isEnabled()
    assert not is_seen(panel, "best-of-row")


# Mixing


def test_a_mix_seed_begins_a_mixing_and_no_mixing_ends_it(
    panel: ControlsPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    alone = settle(studio, qtbot).copy()
    assert not seen(panel, "control-mix-layers").isEnabled()
    assert not seen(panel, "mix-off").isEnabled()
    enter(field(panel, "control-mix-seed-value"), "7")
    assert latent(studio).mixing[-1].source == FromSeed(seed=7)
    assert seen(panel, "control-mix-layers").isEnabled()
    assert not np.array_equal(settle(studio, qtbot), alone)
    click(panel, "mix-off")
    assert latent(studio).mixing == ()
    assert field(panel, "control-mix-seed-value").text() == ""
    np.testing.assert_array_equal(settle(studio, qtbot), alone)


def test_a_mixing_with_seed_0_on_the_usual_layers_is_a_mixing(
    panel: ControlsPanel, open_model: Open
) -> None:
    studio = open_model("tiny-gan")
    enter(field(panel, "control-mix-seed-value"), "0")
    assert latent(studio).mixing[-1].source == FromSeed(seed=0)
    click(panel, "mix-off")
    assert latent(studio).mixing == ()


def test_each_drag_over_the_layers_is_one_step(panel: ControlsPanel, open_model: Open) -> None:
    studio = open_model("tiny-gan")
    enter(field(panel, "control-mix-seed-value"), "7")
    steps = len(studio.editor.history.steps)
    drag(seen(panel, "control-mix-layers-cells"), 0.1, 0.9)
    assert latent(studio).mixing[-1].layers == (0, 4)
    drag(seen(panel, "control-mix-layers-cells"), 0.1, 0.3)
    assert latent(studio).mixing[-1].layers == (0, 2)
    assert len(studio.editor.history.steps) == steps + 2


def test_an_earlier_picture_lends_its_layers(
    panel: ControlsPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    for seed in ("11", "22", "33"):
        enter(field(panel, "seed-value"), seed)
        settle(studio, qtbot)
    numbers = [step.number for step in studio.editor.history.steps[-3:]]
    thumbnail = studio.editor.history.thumbnail
    qtbot.waitUntil(lambda: all(thumbnail(number) is not None for number in numbers))
    click(panel, "mix-from-history")
    menu = panel.findChild(QMenu, "mix-parents")
    assert menu is not None
    qtbot.waitUntil(menu.isVisible)
    of_22 = next(action for action in menu.actions() if action.text().endswith("22"))
    assert not of_22.icon().isNull()
    assert not any(action.text().endswith("33") for action in menu.actions()), "it is the present"
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(of_22).center())
    assert latent(studio).source == FromSeed(seed=33)
    assert latent(studio).mixing[-1].source == FromSeed(seed=22)
    assert field(panel, "control-mix-seed-value").text() == "22"
    np.testing.assert_array_equal(settle(studio, qtbot), rendered(studio))


def test_the_menu_of_earlier_pictures_leaves_out_those_of_other_models(
    panel: ControlsPanel, open_model: Open, qtbot: QtBot
) -> None:
    open_model("tiny-vae")
    open_model("tiny-gan")
    click(panel, "mix-from-history")
    menu = panel.findChild(QMenu, "mix-parents")
    assert menu is not None
    qtbot.waitUntil(menu.isVisible)
    assert [action.isEnabled() for action in menu.actions()] == [False]
    menu.hide()


# The best of several, and enlarging


def test_the_critic_tells_its_score_and_finds_the_best_of_some_seeds(
    panel: ControlsPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    enter(field(panel, "seed-value"), "100")
    qtbot.waitUntil(lambda: studio.picture.score is not None, timeout=30_000)
    score = seen(panel, "best-of-score")
    assert isinstance(score, QLabel)
    assert score.text() == f"Critic {studio.picture.score:+.2f}".replace("-", "−")
    count = seen(panel, "best-of-count")
    assert isinstance(count, QSpinBox)
    count.setFocus()
    count.selectAll()
    QTest.keyClicks(count, "5")
    click(panel, "best-of")
    qtbot.waitUntil(lambda: "best of 5" in studio.editor.history.undo_words, timeout=30_000)
    engine, recipe = Engine(PackStore().resolve, device="cpu"), latent(studio)
    assert (
        latent(studio).source
        == engine.best_of(
            LatentRecipe(model=recipe.model, source=FromSeed(seed=100)), 5
        ).recipe.source
    )


def test_a_token_model_tells_how_the_words_fit_once_it_found_the_best(
    panel: ControlsPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-prior")
    score, best = seen(panel, "best-of-score"), seen(panel, "best-of")
    assert isinstance(score, QLabel)
    assert "bits a token" in score.toolTip()
    assert not best.isEnabled()
    assert "Give a prompt first" in best.toolTip()
    studio.editor.set_prompts((WeightedPrompt(text="red cat"),))
    assert not best.isEnabled()
    assert "At this guidance" in best.toolTip()
    studio.editor.set_control("guidance", 3)
    assert best.isEnabled()
    assert "fits the words best" in best.toolTip()
    studio.editor.set_seed(100)
    settle(studio, qtbot)
    assert score.text() == "Fit –"
    before = studio.editor.recipe
    assert isinstance(before, TokenRecipe)
    click(panel, "best-of")
    qtbot.waitUntil(lambda: studio.picture.score is not None, timeout=30_000)
    found = Engine(PackStore().resolve, device="cpu").best_of(before, 16)
    assert studio.editor.recipe == found.recipe
    assert score.text() == f"Fit {found.score:+.2f}".replace("-", "−")


def test_a_model_that_cannot_score_has_no_line_for_it(
    panel: ControlsPanel, open_model: Open, studio: Studio, qtbot: QtBot, home: Path
) -> None:
    builders.class_prior(home / "packs" / "class-prior")
    add(studio, qtbot, home / "packs" / "class-prior")
    for model, scores in {
        "tiny-gan": True,
        "tiny-vae": False,
        "tiny-prior": True,
        "class-prior": False,
    }.items():
        open_model(model)
        assert is_seen(panel, "best-of-row") == scores


def test_a_picture_is_enlarged_by_choosing_a_scale(
    panel: ControlsPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    choose(panel, "control-enlarge", "2 ×")
    assert settle(studio, qtbot).shape == (32, 32, 3)
    studio.editor.undo()
    box = seen(panel, "control-enlarge-box")
    assert isinstance(box, QComboBox)
    assert box.currentText() == "off"
    assert settle(studio, qtbot).shape == (16, 16, 3)


# Room and reach


@pytest.mark.parametrize("model", ["tiny-gan", "tiny-vae", "tiny-prior"])
def test_everything_fits_into_a_narrow_dock(
    panel: ControlsPanel, open_model: Open, model: str
) -> None:
    open_model(model)
    for group in ("picture", "sampling", "mixing", "noise"):
        if is_seen(panel, f"controls-{group}"):
            unfold(panel, group)
    QTest.qWait(1)
    for widget in panel.findChildren(QWidget):
        if widget.isVisible() and widget.objectName().startswith(("control", "seed", "best")):
            right = widget.mapTo(panel, QPoint(widget.width(), 0)).x()
            assert right <= panel.width(), widget.objectName()


def test_every_control_is_named_and_reached_by_tab_from_top_to_bottom(
    window: QWidget, open_model: Open
) -> None:
    panel, below = window.findChild(ControlsPanel), window.findChild(QLineEdit, "below")
    assert panel is not None
    open_model("tiny-vae")
    open_model("tiny-gan")
    unfold(panel, "noise")
    seen(panel, "seed-value").setFocus()
    reached: list[QWidget] = []
    while (now := window.focusWidget()) is not None and now not in reached:
        assert now.accessibleName(), now.objectName()
        reached.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    assert reached[-1] is below
    names = [widget.objectName() for widget in reached]
    for name in (
        "seed-dice", "seed-lock", "best-of", "control-truncation-track", "mix-from-history",
        "control-mix-seed-value", "control-noise-strength-track", "control-enlarge-box",
    ):  # fmt: skip
        assert name in names
    middles = [widget.mapTo(window, widget.rect().center()).y() for widget in reached]
    # A field stands a little above or below the track that it belongs to.
    assert all(later > earlier - 12 for earlier, later in itertools.pairwise(middles))


def test_a_picture_of_a_model_that_went_away_says_so_and_refuses_to_change(
    panel: ControlsPanel, studio: Studio, open_model: Open, home: Path, qtbot: QtBot
) -> None:
    told: list[Message] = []
    studio.messages.told.connect(told.append)
    open_model("tiny-gan")
    (home / "packs" / "tiny-gan" / "pack.json").unlink()
    studio.models.reload()
    qtbot.waitUntil(lambda: studio.models.find("tiny-gan") is None, timeout=30_000)
    assert not is_seen(panel, "control-truncation")
    said = seen(panel, "controls-said")
    assert isinstance(said, QLabel)
    assert "not here" in said.text()
    click(panel, "seed-dice")
    assert any("tiny-gan is not here" in message.text for message in told)
