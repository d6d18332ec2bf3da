"""How well words fit drawn tokens, where the answer is known beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.engine.conditions import Condition
from genstudio.engine.fit import Fit

CAT, HOUSE, NOTHING = Condition(prompt="cat"), Condition(prompt="house"), Condition()


def logits(*rows: tuple[float, ...]) -> np.ndarray:
    """What a prior says that gives these probabilities; a constant more changes nothing."""
    return (np.log(np.array(rows)) + 7).astype(np.float32)


def fit(conditions: tuple[Condition, ...], *coefficients: float) -> Fit:
    return Fit(conditions, np.array(coefficients, np.float32))


EVEN = (0.25, 0.25, 0.25, 0.25)
FALLING = (0.5, 0.25, 0.125, 0.125)


def test_a_token_that_the_words_make_twice_as_likely_is_one_bit() -> None:
    one = fit((CAT, NOTHING), 3, -2)
    assert one.knows
    one.note(logits(FALLING, EVEN), np.array([0]))
    assert one.bits() == pytest.approx([1.0])


def test_each_candidate_has_the_mean_of_its_own_tokens() -> None:
    both = fit((CAT, NOTHING), 3, -2)
    both.note(logits(FALLING, EVEN, FALLING, EVEN), np.array([0, 2]))
    both.note(logits(FALLING, EVEN, EVEN, FALLING), np.array([1, 3]))
    assert both.bits() == pytest.approx([(1 + 0) / 2, (-1 + 1) / 2], abs=1e-6)


@pytest.mark.parametrize("guidance", [0.5, 2.0, 9.0])
def test_how_strongly_the_words_guide_does_not_count(guidance: float) -> None:
    one = fit((NOTHING, CAT), 1 - guidance, guidance)
    one.note(logits(EVEN, FALLING), np.array([0]))
    assert one.bits() == pytest.approx([1.0])


def test_a_blend_is_told_by_its_shares() -> None:
    blended = fit((CAT, HOUSE, NOTHING), 3 * 0.75, 3 * 0.25, -2)
    blended.note(logits((0.9, 0.1), (0.1, 0.9), (0.5, 0.5)), np.array([0]))
    # The mean of the logits: 9 to 1 three times and 1 to 9 once is 9 to 3.
    odds = 9**0.5
    assert blended.bits() == pytest.approx([np.log2(2 * odds / (1 + odds))], abs=1e-5)


@pytest.mark.parametrize("conditions", [(CAT,), (NOTHING,), (CAT, HOUSE)])
def test_without_a_row_to_compare_with_nothing_is_known(conditions: tuple[Condition, ...]) -> None:
    one = fit(conditions, *[1 / len(conditions)] * len(conditions))
    assert not one.knows
    one.note(logits(*[FALLING] * len(conditions)), np.array([0]))
    assert one.bits() is None


def test_before_anything_is_drawn_nothing_is_known() -> None:
    assert fit((CAT, NOTHING), 2, -1).bits() is None
