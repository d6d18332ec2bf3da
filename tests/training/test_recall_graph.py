# ruff: noqa: E402
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")

from genstudio.training.onnx_runs import run_graph
from genstudio.training.prior_data import PriorData
from genstudio.training.recall_graph import PICTURES, STRONGEST, recall_graph

LEVELS, CELLS, WIDTH, CONCEPTS, STYLES = (4, 3), 6, 16, 20, 2


def learned():
    """Twenty concepts in two styles, each with a name and one more wording."""
    chance = torch.Generator().manual_seed(0)
    captions = torch.randn(CONCEPTS, 2, 3, WIDTH, generator=chance)
    tokens = torch.randint(0, 12, (CONCEPTS * STYLES, 1, CELLS), generator=chance)
    return PriorData(
        tokens.short(),
        torch.arange(STYLES).repeat(CONCEPTS),
        torch.arange(CONCEPTS).repeat_interleave(STYLES),
        torch.ones(CONCEPTS * STYLES),
        captions.half(),
    )


def look_up(data, wording, style=STYLES, follow=0.5):
    meaning = data.captions[wording].float().sum(dim=0)
    feeds = {
        "embedding": (meaning / meaning.norm())[None].numpy(),
        "style": np.array([style]),
        "follow": np.array(follow, np.float32),
    }
    return run_graph(recall_graph(data, LEVELS, styled=True), feeds)


def test_a_name_calls_its_own_pictures_to_mind_first():
    data = learned()
    for concept in (0, 7, CONCEPTS - 1):
        found = look_up(data, (concept, 0))
        assert found["tokens"].shape == (PICTURES, CELLS)
        own = data.tokens[data.concept == concept, 0].numpy()
        assert (found["tokens"][:STYLES] == own).all()
        assert found["chances"][:STYLES].sum() > 0.9
        assert found["chances"].sum() == pytest.approx(1.0, abs=1e-5)


def test_what_else_is_said_of_a_picture_calls_it_to_mind_too():
    data = learned()
    found = look_up(data, (7, 1))
    own = {row.tobytes() for row in data.tokens[data.concept == 7, 0].long().numpy()}
    assert found["tokens"][0].tobytes() in own


@pytest.mark.parametrize("style", range(STYLES))
def test_the_wanted_style_comes_first(style):
    data = learned()
    found = look_up(data, (3, 0), style)
    wanted = data.tokens[(data.concept == 3) & (data.style == style), 0].numpy()
    assert (found["tokens"][0] == wanted[0]).all()
    assert found["chances"][0] > 10 * found["chances"][1]


def test_codes_lie_a_level_apart_and_the_slider_pulls():
    found = look_up(learned(), (0, 0), follow=0.25)
    assert found["codes"].shape == (12, 2)
    assert (found["codes"][1] - found["codes"][0]).tolist() == [0.0, 1.0]
    assert (found["codes"][3] - found["codes"][0]).tolist() == [1.0, 0.0]
    assert float(found["pull"]) == pytest.approx(0.25 * STRONGEST)


def test_a_few_pictures_are_all_called_to_mind():
    data = learned()
    few = PriorData(*(value[:4] for value in vars(data).values()))
    feeds = {"embedding": np.ones((1, WIDTH), np.float32) / 4, "follow": np.array(1.0, np.float32)}
    found = run_graph(recall_graph(few, LEVELS, styled=False), feeds)
    assert len(found["tokens"]) == 4
