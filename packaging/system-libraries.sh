#!/bin/sh
# Asks ldd which libraries of the system Qt lacks, installs them where apt-get may, and says in one
# sentence what is left to install. Status 1: Qt cannot be loaded at all. Status 0 with a sentence:
# it works without a display (as the tests do), but no window can open.
#   system-libraries.sh VENV
set -u
venv=$1
table=$(dirname "$0")/system-libraries.txt

if [ "$(uname)" != Linux ] || ! command -v ldd >/dev/null 2>&1; then exit 0; fi

for qt in "$venv"/lib/python3*/site-packages/PySide6; do
    if [ -d "$qt" ]; then break; fi
    echo "There is no PySide6 in $venv: run make run or make test, which install it." >&2
    exit 1
done
plugins=$qt/Qt/plugins

lacking() { # lacking FILE...: the libraries that these files want and the system has not
    ldd "$@" 2>/dev/null | awk '/=> not found/ && $1 !~ /^lib(Qt6|pyside6|shiboken6)/ { print $1 }' | sort -u
}

lacking_without_display() {
    lacking "$qt"/QtCore.abi3.so "$qt"/QtGui.abi3.so "$qt"/QtWidgets.abi3.so "$qt"/QtSvg.abi3.so \
        "$plugins"/platforms/libqoffscreen.so "$plugins"/iconengines/libqsvgicon.so
}

lacking_for_a_window() {
    {
        lacking_without_display
        lacking "$plugins"/platforms/libqxcb.so "$plugins"/platforms/libqwayland.so \
            "$plugins"/xcbglintegrations/*.so "$plugins"/wayland-*-client/*.so \
            "$plugins"/wayland-shell-integration/libxdg-shell.so \
            "$plugins"/platformthemes/libqxdgdesktopportal.so \
            "$plugins"/platforminputcontexts/libibus*.so \
            "$plugins"/platforminputcontexts/libcompose*.so
    } | sort -u
}

packages() { # packages COLUMN LIBRARY...: their packages, or the library's name where none is known
    column=$1
    shift
    for library in "$@"; do
        awk -v column="$column" -v library="$library" '
            $1 == library { found = $column }
            END { print found == "" ? library : found }' "$table"
    done | sort -u | tr '\n' ' ' | sed 's/ $//'
}

missing=$(lacking_for_a_window)
if [ -z "$missing" ]; then exit 0; fi

# From here on the names are split at spaces on purpose.
# shellcheck disable=SC2086
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    names=$(packages 2 $missing)
    echo "Installing libraries for the window: $names ..."
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends $names) >/dev/null 2>&1
    missing=$(lacking_for_a_window)
    if [ -z "$missing" ]; then exit 0; fi
fi

# shellcheck disable=SC2086
if command -v apt-get >/dev/null 2>&1; then
    how="sudo apt install $(packages 2 $missing)"
elif command -v dnf >/dev/null 2>&1; then
    how="sudo dnf install $(packages 3 $missing)"
elif command -v pacman >/dev/null 2>&1; then
    how="sudo pacman -S $(packages 4 $missing)"
else
    how=$(packages 1 $missing)
fi
if [ -n "$(lacking_without_display)" ]; then
    echo "Qt cannot be loaded, so neither the window nor its tests can run; install the libraries that it lacks: $how" >&2
    exit 1
fi
echo "The window cannot be opened, all else works; install the libraries that it lacks: $how" >&2
