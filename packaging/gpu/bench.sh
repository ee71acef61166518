#!/usr/bin/env bash
# Frames per second, memory and precision with random networks of full size, made on the spot.
#   usage: packaging/gpu/bench.sh [--out DIR] [--device cuda] [--seconds 480] [--official DIR]
#                                 [options of 'strata_gpu bench', as --sizes 512 --frames 24]
# Results that OUT/bench.jsonl has already are not measured again, so that a run goes on where it was stopped.
set -euo pipefail
out=${OUT:-build/gpu-results} device=cuda seconds=480 official="" more=()
while [ $# -gt 0 ]; do
  case $1 in
    --out) out=$2 ;;
    --device) device=$2 ;;
    --seconds) seconds=$2 ;;
    --official) official=$(realpath "$2") ;;
    *) more+=("$1" "$2") ;;
  esac
  shift 2
done
out=$(realpath -m "$out")
. "$(dirname "$0")/common.sh"
mkdir -p "$out"
end=$((SECONDS + seconds))
left() { echo $((end > SECONDS + 5 ? end - SECONDS : 5)); }

# What matters most comes first, in case the time does not suffice for all.
code=0
bench() {
  [ "$(left)" -gt 5 ] || return 0
  step "$(left)" "$out/bench.log" "$program" bench --device "$device" --out "$out/bench.jsonl" "$@" \
    ${more[@]+"${more[@]}"} || code=$?
}
bench --precisions bf16 --frames 24 --checks no
if [ -n "$official" ]; then
  step "$(left)" "$out/bench.log" "${PYTHON:-python3}" packaging/gpu/official.py "$official" \
    --sizes 512,784 --frames 24 --out "$out/bench.jsonl" || code=$?
else
  say "no --official folder: the ratio is to our own plain formulation, not to the official program"
fi
bench --precisions bf16 --frames 150 --checks no
bench --precisions bf16 --frames 24 --checks yes
bench --precisions fp16 --checks no

{
  table "$out/bench.jsonl" fps ratio_to_saved step_seconds windows peak_gib
  table "$out/bench.jsonl" picture_psnr prediction_psnr steps
} | tee "$out/bench.txt"
grep -h '"trouble"' "$out/bench.jsonl" || true
exit $code
