"""The one style sheet of the window, written from the tokens."""

from __future__ import annotations

from string import Template
from typing import Final

from genstudio.base.paths import resources_folder
from genstudio.ui.theme import tokens
from genstudio.ui.theme.tokens import Colours

_SHEET: Final = Template("""
QWidget { color: $text; }
QWidget:disabled { color: $disabled; }
QMainWindow, QDialog, QDockWidget, QStatusBar, QMenuBar, QToolBar { background: $window; }
QMainWindow::separator { background: $window; width: 6px; height: 6px; }
QMainWindow::separator:hover { background: $line; }

QMenuBar { padding: 2px ${s}px; border: 0; }
QMenuBar::item { padding: 5px 10px; border-radius: ${small}px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $raised; border: 1px solid $line; border-radius: ${radius}px; padding: ${xs}px; }
QMenu::item { padding: 6px ${xl}px 6px ${m}px; border-radius: ${small}px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: ${xs}px ${s}px; }
QMenu::indicator { width: 14px; height: 14px; margin-left: ${xs}px; }
QMenu::indicator:checked { background: $accent; border-radius: 3px; border: 3px solid $raised; }

QToolBar { border: 0; padding: ${xs}px ${s}px; spacing: 2px; }
QToolBar::separator { background: $line; width: 1px; margin: 6px ${s}px; }
QToolButton { border: 1px solid transparent; border-radius: ${radius}px; padding: 5px; background: transparent; }
QToolButton:hover { background: $hover; }
QToolButton:checked { background: $raised; border-color: $line; }
QToolButton:pressed { background: $line; }
QToolButton:focus { border-color: $accent; }

QToolButton[role="header"], QToolButton[role="header"]:checked { background: transparent; border-color: transparent; padding: 3px 0; }
QToolButton[role="header"]:focus { border-color: $accent; }

QDockWidget { titlebar-close-icon: none; titlebar-normal-icon: none; font-weight: 600; }
QDockWidget::title { background: $window; padding: 6px ${m}px; text-align: left; }
QDockWidget::close-button, QDockWidget::float-button { border: 0; padding: 0; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; padding: 5px ${m}px; margin: 2px; border-radius: ${small}px; border: 1px solid transparent; }
QTabBar::tab:hover { background: $hover; }
QTabBar::tab:selected { background: $raised; color: $text; }
QTabBar::tab:focus { border-color: $accent; }

QStatusBar { border: 0; color: $muted; }
QStatusBar::item { border: 0; }

QPushButton { background: $raised; border: 1px solid $line; border-radius: ${radius}px; padding: 5px ${m}px; min-height: 16px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:disabled { color: $disabled; background: $surface; }
QPushButton:focus { border-color: $accent; }
QPushButton:checked { background: $hover; border-color: $muted; }
QPushButton[primary="true"] { background: $accent; border-color: $accent; color: $on_accent; font-weight: 600; }
QPushButton[primary="true"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[primary="true"]:focus { border-color: $text; }
QPushButton[primary="true"]:disabled { background: $raised; border-color: $line; color: $disabled; }
QPushButton[flat="true"] { background: transparent; border-color: transparent; }
QPushButton[flat="true"]:hover { background: $hover; }
QPushButton[flat="true"]:focus { border-color: $accent; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox, QAbstractSpinBox {
  background: $raised; border: 1px solid $line; border-radius: ${small}px; padding: 3px 6px;
  selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $muted; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border-color: $accent; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { color: $disabled; background: $surface; }
QComboBox { min-height: 18px; }
QComboBox::drop-down { border: 0; width: 20px; }
QComboBox::down-arrow { image: url("$icons/chevron-down-$shade.svg"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; selection-background-color: $hover; selection-color: $text; outline: 0; padding: ${xs}px; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button { border: 0; width: 16px; background: transparent; }

QCheckBox, QRadioButton { spacing: ${s}px; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $muted; background: $raised; }
QCheckBox::indicator { border-radius: 3px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked { background: $accent; border-color: $accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; }

QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: 0; }
QListView, QTreeView, QTableView { background: transparent; border: 0; outline: 0; }
QListView::item:selected, QTreeView::item:selected { background: $hover; color: $text; border-radius: ${small}px; }
QTreeView:focus::item:selected { border: 1px solid $accent; }
QTreeView { selection-background-color: transparent; show-decoration-selected: 0; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: transparent; border: 0; width: 0; height: 0; }

QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 5px ${s}px; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="caption"] { color: $muted; font-size: ${caption}px; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[role="display"] { font-size: ${display}px; font-weight: 600; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="error"] { color: $danger; }
QFrame[role="surface"] { background: $surface; border-radius: ${radius}px; }
QFrame[role="raised"] { background: $raised; border: 1px solid $line; border-radius: ${radius}px; }
""")


def style_sheet(colours: Colours) -> str:
    """The sheet for a theme. Widgets choose a look by the properties `primary`, `flat`, `role`."""
    return _SHEET.substitute(
        {name: getattr(colours, name) for name in colours.__dataclass_fields__},
        # A style sheet's pictures cannot be recoloured, so there is one a theme.
        icons=(resources_folder() / "icons").as_posix(),
        shade="dark" if colours is tokens.DARK else "light",
        xs=tokens.SPACE_XS,
        s=tokens.SPACE_S,
        m=tokens.SPACE_M,
        xl=tokens.SPACE_XL,
        radius=tokens.RADIUS,
        small=tokens.RADIUS_SMALL,
        caption=tokens.CAPTION,
        title=tokens.TITLE,
        display=tokens.DISPLAY,
    )
