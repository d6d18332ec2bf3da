#!/bin/sh
# Puts GenStudio into one person's desktop: menu entry, icons, file types, and the studio as the
# program that a double click on a .gspack or .genstudio file opens. Everything goes below
# XDG_DATA_HOME (else ~/.local/share), so that no administrator is needed.
#   install-desktop.sh [PROGRAM]   the genstudio to start; else this checkout's, else the PATH's
#   install-desktop.sh --remove    take all of it away again
set -u
here=$(cd "$(dirname "$0")" && pwd)
desktop=$here/desktop
data=${XDG_DATA_HOME:-$HOME/.local/share}
config=${XDG_CONFIG_HOME:-$HOME/.config}
entry=$data/applications/genstudio.desktop
pack=application/vnd.genstudio.pack+zip
project=application/vnd.genstudio.project+zip

refuse() {
    echo "$1" >&2
    exit 2
}

has() { command -v "$1" >/dev/null 2>&1; }

refresh() { # tell the desktop; each of these tools may be missing, and desktops look for themselves too
    if has update-mime-database && [ -d "$data/mime" ]; then update-mime-database "$data/mime"; fi
    if has update-desktop-database && [ -d "$data/applications" ]; then
        update-desktop-database -q "$data/applications"
    fi
    # Without a cache desktops read the folder, and notice a change by its time.
    if [ -d "$data/icons/hicolor" ]; then touch "$data/icons/hicolor"; fi
    if has gtk-update-icon-cache && [ -f "$data/icons/hicolor/icon-theme.cache" ]; then
        gtk-update-icon-cache -q -f -t "$data/icons/hicolor"
    fi
}

remove() {
    rm -f "$entry" "$data/mime/packages/genstudio.xml" "$data/metainfo/genstudio.metainfo.xml"
    (cd "$desktop/icons" && find . -type f) | while IFS= read -r icon; do rm -f "$data/icons/$icon"; done
    # The default programs, which no tool can unset.
    if [ -f "$config/mimeapps.list" ]; then
        sed '/^application\/vnd\.genstudio\./d' "$config/mimeapps.list" >"$config/mimeapps.list.new" &&
            mv "$config/mimeapps.list.new" "$config/mimeapps.list"
    fi
    refresh
}

program() { # the absolute path of the genstudio to start
    if [ $# -gt 0 ]; then
        found=$1
    elif [ -x "$here/../.venv/bin/genstudio" ]; then
        found=$here/../.venv/bin/genstudio
    else
        found=$(command -v genstudio) || found=""
    fi
    if [ ! -f "$found" ] || [ ! -x "$found" ]; then return 1; fi
    printf '%s/%s\n' "$(cd "$(dirname "$found")" && pwd)" "$(basename "$found")"
}

quoted() { # a path as an argument of Exec: quoted, percent signs doubled, then escaped as a string
    # GLib looks for the program before it undoubles percent signs, so that env has to stand before it.
    case $1 in *%*) printf '/usr/bin/env ' ;; esac
    # shellcheck disable=SC2016
    printf '"%s"\n' "$(printf '%s\n' "$1" | sed -e 's/[\\"`$]/\\&/g' -e 's/%/%%/g' -e 's/\\/\\\\/g')"
}

install_all() {
    genstudio=$(program "$@") ||
        refuse "There is no genstudio to start: run make run or pip install . first, or name the program."
    case $genstudio in
    *"
"*) refuse "The path of genstudio has a line break in it, which no desktop entry can hold." ;;
    esac
    mkdir -p "$data/applications" "$data/mime/packages" "$data/icons" "$data/metainfo" ||
        refuse "The folder $data cannot be written; nothing was installed."
    # As a variable of the environment awk takes the words as they are.
    EXEC="$(quoted "$genstudio") studio %F" TRY=$(printf '%s\n' "$genstudio" | sed 's/\\/\\\\/g') awk '
        /^Exec=/ { print "Exec=" ENVIRON["EXEC"]; next }
        /^TryExec=/ { print "TryExec=" ENVIRON["TRY"]; next }
        { print }' "$desktop/genstudio.desktop" >"$entry"
    cp "$desktop/genstudio-mime.xml" "$data/mime/packages/genstudio.xml"
    cp "$desktop/genstudio.metainfo.xml" "$data/metainfo/"
    cp -R "$desktop/icons/hicolor" "$data/icons/"
    refresh
    if has gio; then
        for type in "$pack" "$project"; do gio mime "$type" genstudio.desktop >/dev/null; done
    elif has xdg-mime; then
        xdg-mime default genstudio.desktop $pack $project
    fi
    if ! has update-mime-database; then
        echo "The desktop learns the file types only once shared-mime-info is installed; do that and run this again." >&2
    fi
    echo "GenStudio is in the menu; .gspack and .genstudio files open with $genstudio"
}

case ${1-} in
--remove) remove && echo "GenStudio is out of the menu; models and pictures stay where they are." ;;
-*) refuse "install-desktop.sh takes the path of a genstudio, or --remove." ;;
*) install_all "$@" ;;
esac
