#!/usr/bin/env bash
# Everything within a given time: build, tests, measurements.   usage: packaging/gpu/run.sh [OUT] [SECONDS]
set -euo pipefail
out=$(realpath -m "${1:-${OUT:-build/gpu-results}}") total=${2:-560}
folder=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out"
if [ -z "${STRATA_GPU:-}" ]; then
  timeout "$total" "$folder/build.sh" >"$out/build.log" 2>&1 || { tail -n 40 "$out/build.log"; exit 1; }
  # Small enough to be brought along next time: STRATA_GPU=path packaging/gpu/run.sh
  strip -o "$out/strata_gpu" "$folder/../../build/model-only/packaging/gpu/program/strata_gpu" || true
  echo "built after $SECONDS s"
fi
SECONDS_EACH=60 "$folder/test.sh" "$out" || echo "the tests failed; measuring all the same"
left=$((total - SECONDS - 10))
[ "$left" -lt 30 ] || "$folder/bench.sh" --out "$out" --seconds "$left"
