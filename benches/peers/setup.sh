#!/usr/bin/env bash
# Makes a virtual environment with the frameworks of requirements.txt (about 9 GB on x86-64, as
# PyTorch's package brings its GPU libraries): `setup.sh [DIRECTORY]`.
set -euo pipefail
cd "$(dirname "$0")/../.."
directory="${1:-target/peers/venv}"
python3 -m venv "$directory"
"$directory/bin/pip" install --quiet --disable-pip-version-check -r benches/peers/requirements.txt
echo "$directory/bin/python benches/peers/run.py --help"
