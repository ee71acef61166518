#!/usr/bin/env bash
# Kernels against the CPU, and the official implementation's numbers in three precisions.
#   usage: packaging/gpu/test.sh [OUT]     environment: DEVICE (cuda), SECONDS_EACH (120)
set -euo pipefail
out=$(realpath -m "${1:-${OUT:-build/gpu-results}}")
. "$(dirname "$0")/common.sh"
mkdir -p "$out"
device=${DEVICE:-cuda}
precisions=${PRECISIONS:-fp32 fp16 bf16}
[ "$device" != cpu ] || precisions=${PRECISIONS:-fp32 bf16} # LibTorch's processor code has no fp16
failed=0
if [ "$device" != cpu ]; then
  rm -f "$out/kernels.jsonl"
  step "${SECONDS_EACH:-120}" "$out/test.log" "$program" kernels --out "$out/kernels.jsonl" || failed=1
fi
for precision in $precisions; do
  rm -f "$out/golden-$precision.jsonl"
  step "${SECONDS_EACH:-120}" "$out/test.log" "$program" golden --device "$device" --precisions "$precision" \
    --out "$out/golden-$precision.jsonl" || failed=1
done
{
  table "$out/kernels.jsonl" good difference limit
  for precision in $precisions; do
    table "$out/golden-$precision.jsonl" good max mean psnr cpu_limit
  done
} >"$out/test.txt"
if grep -hE '"good": "NO"' "$out"/*.jsonl; then failed=1; fi
say "tables in $out/test.txt; $([ $failed -eq 0 ] && echo all good || echo SOMETHING FAILED)"
exit $failed
