#!/bin/sh
# Makes a virtual environment with Python 3.11 or newer, installing Debian's venv package where it is
# missing and may be installed; says in one line what is missing otherwise.
set -u
venv=$1

python=""
for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "GenStudio needs Python 3.11 or newer, and none is on the PATH: install it (Debian: apt install python3 python3-venv) and try again." >&2
    exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if "$python" -m venv "$venv" >"$log" 2>&1; then exit 0; fi

version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing python$version-venv ..."
    (apt-get update -qq && apt-get install -y -qq "python$version-venv") >"$log" 2>&1
    rm -rf "$venv"
    if "$python" -m venv "$venv" >"$log" 2>&1; then exit 0; fi
fi
rm -rf "$venv"
echo "No virtual environment could be made: install the package python$version-venv (Debian: sudo apt install python$version-venv) and try again. Python said: $(tail -n 1 "$log")" >&2
exit 1
