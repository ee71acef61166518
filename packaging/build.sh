#!/usr/bin/env bash
# Configures and builds one preset.   usage: packaging/build.sh [preset] [target...]
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-release}
shift || true
cmake --preset "$preset" >"/tmp/strata-configure-$$.log" 2>&1 || {
  cat "/tmp/strata-configure-$$.log" >&2
  rm -f "/tmp/strata-configure-$$.log"
  exit 1
}
rm -f "/tmp/strata-configure-$$.log"
targets=()
for target in "$@"; do targets+=(--target "$target"); done
cmake --build --preset "$preset" --parallel "$(nproc)" "${targets[@]}"
