"""Times as a person reads them."""

from __future__ import annotations

import pytest

from genstudio.ui.durations import duration, rough_duration, time_left


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.0124, "12 ms"),
        (0.99949, "999 ms"),
        (0.9999, "1.0 s"),
        (3.44, "3.4 s"),
        (9.96, "10 s"),
        (59.7, "1 min 0 s"),
        (125, "2 min 5 s"),
        (3599.6, "1 h 0 min"),
        (7384, "2 h 3 min"),
    ],
)
def test_what_was_measured_has_the_digits_that_matter(seconds: float, told: str) -> None:
    assert duration(seconds) == told


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.0, "1 s"), (0.2, "1 s"), (34.2, "35 s"), (100.0, "1 min 40 s")]
)
def test_what_is_guessed_is_told_to_the_second(seconds: float, told: str) -> None:
    assert rough_duration(seconds) == told
    assert time_left(seconds) == f"{told} left"
