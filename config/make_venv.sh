#!/bin/sh
# Makes .venv with the newest Python from 3.11 on; one clear line when there is none.
set -eu

python=
for candidate in python3.14 python3.13 python3.12 python3.11 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Python 3.11 or newer is missing: install it (Debian: apt-get install python3 python3-venv) and try again." >&2
    exit 1
fi

if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing python3-venv …"
        { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends python3-venv; } >/dev/null 2>&1 || true
    fi
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        echo "$python cannot make environments: install its venv package (Debian: apt-get install python3-venv) and try again." >&2
        exit 1
    fi
fi

if ! "$python" -m venv --clear .venv; then
    rm -rf .venv
    echo "The environment .venv could not be made; the lines above say why." >&2
    exit 1
fi
