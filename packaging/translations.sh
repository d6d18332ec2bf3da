#!/bin/sh
# Brings the translations up to date: collects the texts of the code into resources/translations/*.ts and
# compiles what is translated. New texts are marked "unfinished" in the .ts files until somebody
# translates them (with Qt Linguist, or any editor).
set -eu
cd "$(dirname "$0")/.."
bin=${1:-.venv/bin}
texts=$(find genstudio -name '*.py' | LC_ALL=C sort)
for language in de; do
    file=resources/translations/genstudio_$language.ts
    # shellcheck disable=SC2086  # Our own paths hold no spaces. lupdate wants the files first.
    "$bin/pyside6-lupdate" $texts -no-obsolete -locations none -source-language en_US \
        -target-language "$language" -ts "$file"
    "$bin/pyside6-lrelease" "$file"
done
