#!/usr/bin/env bash
# Installs, builds and runs the tests: from a fresh machine to a green suite.
# --large: instead the tests that need gigabytes of disk and memory and many minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
packaging/setup.sh
packaging/build.sh ci
if [[ ${1-} == --large ]]; then
  ctest --preset large
else
  ctest --preset release --parallel 2 --timeout 1800
fi
