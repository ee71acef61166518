#!/bin/bash
# Runs the fuzzers of the file readers, one after another:
#   tests/fuzz/run.sh BUILD_FOLDER [SECONDS_EACH] [KIND...]
# Build them with: cmake -S . -B BUILD_FOLDER -DCMAKE_CXX_COMPILER=clang++ -DSTRATA_BUILD_FUZZERS=ON
#                  cmake --build BUILD_FOLDER --target fuzzers
# Crashes, leaks, allocations over 256 MB, memory over 1 GB and inputs that take 30 s all end a run with an error; the
# input that did it is kept in BUILD_FOLDER/fuzz/found.
set -euo pipefail
build=$(cd "${1:?usage: run.sh BUILD_FOLDER [SECONDS_EACH] [KIND...]}" && pwd)
seconds=${2:-60}
shift $(($# > 2 ? 2 : $#))
kinds=("$@")
[ ${#kinds[@]} -gt 0 ] || kinds=(npz pickle safetensors tflite mlmodelc bvh manifest template_config project protocol)

work=$build/fuzz
mkdir -p "$work/found"
"$build/tests/fuzz/fuzz_make_seeds" "$work/seeds"

failed=()
for kind in "${kinds[@]}"; do
  mkdir -p "$work/corpus/$kind"
  echo "== $kind, $seconds s"
  if ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=0 "$build/tests/fuzz/fuzz_$kind" \
    -max_total_time="$seconds" -rss_limit_mb=1024 -malloc_limit_mb=256 -timeout=30 -max_len=131072 \
    -detect_leaks=1 -print_final_stats=1 -artifact_prefix="$work/found/$kind-" \
    "$work/corpus/$kind" "$work/seeds/$kind" >"$work/$kind.log" 2>&1; then
    grep -E 'stat::(number_of_executed_units|peak_rss_mb)|DONE' "$work/$kind.log" | tail -3
  else
    failed+=("$kind")
    grep -E 'ERROR|SUMMARY|runtime error|Test unit written' "$work/$kind.log" | head -5
  fi
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "Failed: ${failed[*]}; see $work/found and the logs in $work." >&2
  exit 1
fi
echo "All fuzzers passed."
