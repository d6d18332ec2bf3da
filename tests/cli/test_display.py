"""Asking for a display before Qt does, with real X servers and a real loader."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from genstudio.cli import display
from genstudio.cli.display import LibraryError, NoDisplayError, check_display

pytestmark = pytest.mark.skipif(
    sys.platform in {"win32", "darwin"}, reason="there is always a display there"
)
ROOT = Path(__file__).parents[2]
PLATFORMS = Path("Qt", "plugins", "platforms")


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "QT_QPA_PLATFORM", "XAUTHORITY"):
        monkeypatch.delenv(name, raising=False)


class XServer:
    """An Xvfb of its own, closed to those without the cookie where `auth` names a file."""

    def __init__(self, auth: Path | None = None) -> None:
        reading, writing = os.pipe()
        words = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "320x240x24"]
        words += ["-nolisten", "tcp", *(["-auth", str(auth)] if auth else [])]
        self._process = subprocess.Popen(words, pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            self.name = f":{pipe.readline().strip()}"

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)


needs_xvfb = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="there is no Xvfb")


@pytest.fixture
def x_server() -> Iterator[XServer]:
    server = XServer()
    yield server
    server.close()


def test_no_display_is_told() -> None:
    with pytest.raises(NoDisplayError, match="There is no display"):
        check_display()


def test_a_platform_that_needs_no_display_is_taken_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    check_display()


@pytest.mark.parametrize("platform", ["xcb", "wayland", "wayland-egl", "wayland;xcb"])
def test_a_platform_that_needs_a_display_is_refused_without_one(
    monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    with pytest.raises(NoDisplayError, match="There is no display"):
        check_display()


@pytest.mark.parametrize("name", [":4242", ":4242.0", "unix:4242", "nonsense"])
def test_a_display_that_nobody_serves_is_told_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("DISPLAY", name)
    with pytest.raises(NoDisplayError, match=rf"The display {name} \(DISPLAY\) cannot be opened"):
        check_display()


def test_a_wayland_display_that_nobody_serves_is_told_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    for folder in (None, str(tmp_path)):
        if folder:
            monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        else:
            monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
        with pytest.raises(NoDisplayError, match=r"wayland-9 \(WAYLAND_DISPLAY\) cannot"):
            check_display()
    assert capfd.readouterr() == ("", "")


def test_a_wayland_display_that_is_served_is_enough(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    monkeypatch.setenv("DISPLAY", ":4242")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-9"))
        server.listen()
        check_display()


@needs_xvfb
def test_qt_opens_a_window_on_the_display_that_was_asked(
    x_server: XServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", x_server.name)
    script = (
        "from genstudio.cli.display import check_display\n"
        "check_display()\n"
        "from PySide6.QtWidgets import QApplication, QWidget\n"
        "app = QApplication([])\n"
        "widget = QWidget()\n"
        "widget.show()\n"
        "print(app.platformName(), widget.isVisible())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "xcb True\n", done.stderr


@needs_xvfb
def test_a_display_that_refuses_us_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    cookie = tmp_path / "cookie"
    # One entry for any host and display (family, address, number, name, data: length and bytes).
    fields = (b"", b"", b"MIT-MAGIC-COOKIE-1", bytes(range(16)))
    cookie.write_bytes(b"\xff\xff" + b"".join(len(f).to_bytes(2, "big") + f for f in fields))
    server = XServer(auth=cookie)
    try:
        monkeypatch.setenv("DISPLAY", server.name)
        monkeypatch.setenv("XAUTHORITY", str(tmp_path / "none"))
        with pytest.raises(NoDisplayError, match="cannot be opened"):
            check_display()
        monkeypatch.setenv("XAUTHORITY", str(cookie))
        check_display()
    finally:
        server.close()


@needs_xvfb
def test_a_library_that_qt_misses_for_the_display_is_told(
    x_server: XServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plugin = display._plugin("xcb")
    if plugin is None:
        pytest.skip("this PySide6 is no wheel")
    package = tmp_path / "PySide6"
    (package / PLATFORMS).mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "Qt" / "lib").symlink_to(plugin.parents[2] / "lib")
    content = plugin.read_bytes()
    assert b"libxcb-cursor.so.0" in content or b"libQt6XcbQpa.so.6" in content
    for name in (b"libxcb-cursor.so.0", b"libQt6XcbQpa.so.6"):
        content = content.replace(name, b"libxx" + name[5:])
    (package / PLATFORMS / "libqxcb.so").write_bytes(content)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "PySide6", raising=False)
    monkeypatch.setenv("DISPLAY", x_server.name)
    with pytest.raises(LibraryError, match=r"Qt lacks the library libxx\S+; .* libxcb-cursor0 "):
        check_display()
