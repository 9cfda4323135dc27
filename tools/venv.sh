#!/bin/sh
# Make .venv with the first Python that is new enough. Called by make; what is missing is said in one sentence.
set -eu

new_enough() { command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

python=
for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if new_enough "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
    echo "Serve Python 3.11 o successivo: installatelo e ripetete. Python 3.11 or later is needed: install it and try again." >&2
    exit 1
fi

# Debian ships Python without ensurepip, which venv needs; the package is named like the interpreter.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -qq && apt-get install -y -qq "$package"
    else
        echo "Manca il pacchetto $package: installatelo con «sudo apt install $package» e ripetete. The package $package is missing: install it as shown and try again." >&2
        exit 1
    fi
fi

"$python" -m venv --clear .venv
