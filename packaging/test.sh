#!/usr/bin/env bash
# Installs, builds and runs the tests: from a fresh machine to a green suite.
set -euo pipefail
cd "$(dirname "$0")/.."
packaging/setup.sh
packaging/build.sh ci
ctest --preset release --timeout 1800
