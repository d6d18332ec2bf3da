"""Qt's actions made of the rows that say what can be done: menus, shortcuts and palette alike."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from genstudio.base.texts import translate
from genstudio.studio.actions import MENUS, Action, Menu
from genstudio.ui.theme.icons import icon
from genstudio.ui.widgets.command_palette import PaletteRow


class ActionSet(QObject):
    """All actions of a window, by id; `refresh` brings their state up to date."""

    def __init__(self, rows: Sequence[Action], window: QWidget) -> None:
        super().__init__(window)
        self._rows = {row.id: row for row in rows}
        self._actions = {row.id: self._make(row, window) for row in rows}
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self.refresh)
        self.refresh()

    @property
    def rows(self) -> tuple[Action, ...]:
        """The rows, in the order of the menus."""
        return tuple(self._rows.values())

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def fill(self, bar: QMenuBar) -> None:
        """Make the menus."""
        for name in MENUS:
            menu = bar.addMenu(_menu_title(name))
            menu.setObjectName(f"menu-{name}")
            menu.setToolTipsVisible(True)
            inside: dict[str, QMenu] = {}
            for row in self._rows.values():
                if row.menu != name:
                    continue
                if row.separated and not menu.isEmpty():
                    menu.addSeparator()
                if row.submenu and row.submenu not in inside:
                    inside[row.submenu] = menu.addMenu(row.submenu)
                inside.get(row.submenu, menu).addAction(self._actions[row.id])

    def palette_rows(self) -> list[PaletteRow]:
        """The rows as the command palette shows them, as they are now."""
        self.refresh()
        native = QKeySequence.SequenceFormat.NativeText
        return [
            PaletteRow(
                row.id,
                _full_text(row, self._actions[row.id]),
                self._actions[row.id].shortcut().toString(native),
                _menu_title(row.menu).replace("&", ""),
                self._actions[row.id].isEnabled(),
            )
            for row in self._rows.values()
        ]

    def refresh_soon(self, *_: object) -> None:
        """Bring the state up to date when the present events are dealt with."""
        if not self._due.isActive():
            self._due.start(0)

    def refresh(self) -> None:
        """Enabled, checked and text, as they are now."""
        for row in self._rows.values():
            action = self._actions[row.id]
            action.setEnabled(row.enabled())
            if row.checked is not None:
                action.setChecked(row.checked())
            if row.words is not None:
                words = row.words()
                action.setText(words.replace("&", "&&"))
                action.setToolTip(_tooltip(row.tooltip or words, action))

    def _make(self, row: Action, window: QWidget) -> QAction:
        action = QAction(row.text, window)
        action.setObjectName(f"action-{row.id}")
        action.setCheckable(row.checked is not None)
        action.setShortcuts([QKeySequence(text) for text in row.shortcuts])
        action.setToolTip(_tooltip(row.tooltip or row.text, action))
        if row.short:
            action.setIconText(row.short)
        if row.icon:
            action.setIcon(icon(row.icon))
            action.setIconVisibleInMenu(False)
        action.triggered.connect(lambda _checked=False: self._run(row))
        window.addAction(action)
        return action

    def _run(self, row: Action) -> None:
        row.run()
        self.refresh_soon()


def _full_text(row: Action, action: QAction) -> str:
    """What a row says where its submenu is not to be seen."""
    text = action.text().replace("&&", "&")
    return f"{row.submenu}: {text}" if row.submenu else text


def _tooltip(text: str, action: QAction) -> str:
    shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    whole = f"{text} ({shortcut})" if shortcut else text
    # Words of a prompt may look like markup to Qt.
    return html.escape(whole) if "<" in whole else whole


def _menu_title(menu: Menu) -> str:
    return {
        "file": translate("Menus", "&File"),
        "edit": translate("Menus", "&Edit"),
        "picture": translate("Menus", "&Picture"),
        "view": translate("Menus", "&View"),
        "jobs": translate("Menus", "&Jobs"),
        "help": translate("Menus", "&Help"),
    }[menu]
