from __future__ import annotations

import pytest
from PySide6.QtCore import QRect

from genstudio.ui.canvas.grid import best_grid


@pytest.mark.parametrize("count", [1, 2, 5, 9, 31, 64])
@pytest.mark.parametrize("aspect", [0.5, 1.0, 2.5])
@pytest.mark.parametrize("size", [(1200, 700), (300, 900), (640, 640)])
def test_the_cells_fit_without_touching(count: int, aspect: float, size: tuple[int, int]) -> None:
    grid = best_grid(count, *size, aspect, gap=6)
    cells = [grid.cell(index) for index in range(count)]
    assert all(QRect(0, 0, *size).contains(cell) for cell in cells)
    assert not any(
        first.intersects(second) for n, first in enumerate(cells) for second in cells[:n]
    )
    assert cells[0].width() / cells[0].height() == pytest.approx(aspect, rel=0.1)


def test_the_columns_give_the_largest_cells() -> None:
    assert best_grid(9, 900, 900, 1.0, 0).columns == 3
    assert best_grid(4, 1600, 400, 1.0, 0).columns == 4
    assert best_grid(4, 400, 1600, 1.0, 0).columns == 1
    assert best_grid(4, 800, 800, 4.0, 0).columns == 1


def test_a_space_too_small_for_any_cell_is_survived() -> None:
    assert best_grid(64, 1, 1, 1.0, 8).cell(63).isValid()
