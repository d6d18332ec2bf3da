"""Starting the window: one application, its look and language, one studio, one window."""

from __future__ import annotations

import logging
import signal
import sys
import traceback
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from genstudio import __version__
from genstudio.base.paths import data_folder, resources_folder
from genstudio.base.texts import translate
from genstudio.packs.store import PackStore
from genstudio.studio.studio import Studio
from genstudio.ui.bridge import Bridge
from genstudio.ui.language import install_language
from genstudio.ui.main_window import MainWindow
from genstudio.ui.theme.style import apply_theme

_LOG = logging.getLogger(__name__)
_LOG_BYTES: Final = 1 << 20
_SIGNAL_MS: Final = 300


class Sitting(QObject):
    """Everything that lives as long as the window does."""

    def __init__(self, store: PackStore | None = None) -> None:
        super().__init__()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._app = app
        self.bridge = Bridge(self)
        self.studio = Studio(self.bridge.post, store)
        self.bridge.arrived.connect(self.studio.receive)
        install_language(app, self.studio.preferences.now.language)
        self._theme = self.studio.preferences.now.theme
        apply_theme(app, self._theme)
        self.window = MainWindow(self.studio)
        self.studio.preferences.changed.connect(lambda _: self._follow_theme())

    def start(self, files: Sequence[Path] = ()) -> None:
        """Show the window and begin."""
        self.window.show()
        self.studio.start(files)

    def tell_broken(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """What Python calls for an exception that nobody caught: the window lives on."""
        _LOG.error("%s", "".join(traceback.format_exception(kind, error, trace)))
        self.studio.messages.tell(
            translate(
                "Window",
                "Something inside GenStudio broke ({kind}); your work is still here. The log is in "
                "{folder}.",
            ).format(kind=kind.__name__, folder=data_folder()),
            "error",
            key="broken",
        )

    def _follow_theme(self) -> None:
        theme = self.studio.preferences.now.theme
        if theme != self._theme:
            self._theme = theme
            apply_theme(self._app, theme)


def make_application(arguments: Sequence[str]) -> QApplication:
    """The Qt application with its name and icon."""
    QGuiApplication.setDesktopFileName("genstudio")
    app = QApplication(list(arguments))
    app.setApplicationName("genstudio")
    app.setApplicationDisplayName("GenStudio")
    app.setApplicationVersion(__version__)
    app.setWindowIcon(QIcon(str(resources_folder() / "icons" / "genstudio.svg")))
    return app


def run(files: Sequence[Path]) -> int:
    """Open the window with files and stay until it is closed; the exit status."""
    app = make_application(sys.argv[:1])
    _keep_log()
    sitting = Sitting()
    sys.excepthook = sitting.tell_broken
    sitting.start(files)
    _close_on_signals(sitting)
    status: int = app.exec()
    return status


def _close_on_signals(sitting: Sitting) -> None:
    """Ctrl-C and the end of the desktop's session close the window as its button does."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # A signal may be heard in the middle of a painting, which needs the window until its end.
        signal.signal(number, lambda *_: QTimer.singleShot(0, sitting.window.close))
    # Python hears signals between two of its instructions, and while Qt waits there are none.
    listening = QTimer(sitting)
    listening.timeout.connect(_do_nothing)
    listening.start(_SIGNAL_MS)


def _do_nothing() -> None:
    """Let Python look for signals."""


def _keep_log() -> None:
    """Write what breaks to a file beside the person's data, as far as it can be written."""
    try:
        data_folder().mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            data_folder() / "genstudio.log", maxBytes=_LOG_BYTES, backupCount=1, delay=True
        )
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    logging.getLogger("genstudio").addHandler(handler)
