"""How many columns make the cells of a sheet as large as the space allows."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect


@dataclass(frozen=True)
class Grid:
    """Equal cells in rows, centred in a space; the last row starts at the left.

    Attributes:
        columns: Cells in a row.
        cell_width: In logical pixels.
        cell_height: In logical pixels.
        gap: Between cells.
        left: Where the first column starts.
        top: Where the first row starts.
    """

    columns: int
    cell_width: int
    cell_height: int
    gap: int
    left: int
    top: int

    def cell(self, index: int) -> QRect:
        """Where the cell of an index lies."""
        row, column = divmod(index, self.columns)
        return QRect(
            self.left + column * (self.cell_width + self.gap),
            self.top + row * (self.cell_height + self.gap),
            self.cell_width,
            self.cell_height,
        )


def best_grid(count: int, width: int, height: int, aspect: float, gap: int) -> Grid:
    """The grid with the largest cells of `aspect` (width by height) for `count` cells."""

    def cell_width(columns: int) -> float:
        rows = -(-count // columns)
        across = (width - gap * (columns - 1)) / columns
        down = (height - gap * (rows - 1)) / rows
        return min(across, down * aspect)

    columns = max(range(1, count + 1), key=cell_width)
    rows = -(-count // columns)
    wide = max(1, int(cell_width(columns)))
    high = max(1, int(cell_width(columns) / aspect))
    return Grid(
        columns,
        wide,
        high,
        gap,
        (width - columns * wide - gap * (columns - 1)) // 2,
        (height - rows * high - gap * (rows - 1)) // 2,
    )
