#!/usr/bin/env bash
# Installs, builds and runs the tests: from a fresh machine to a green suite.
# The whole sample through the whole pipeline takes long and is left to `ctest --preset release -L slow`.
set -euo pipefail
cd "$(dirname "$0")/.."
packaging/setup.sh
packaging/build.sh ci
ctest --preset release -LE 'gpu|slow' --timeout 900
