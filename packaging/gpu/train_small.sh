#!/usr/bin/env bash
# Trains the small generator on a machine that may have nothing but this repository, a compiler, PyTorch and a
# GPU, in as many runs as there are: each goes on from what the one before left in OUT/networks.
#   usage: packaging/gpu/train_small.sh OUT [SECONDS]      (SECONDS of this run, building included; 520)
#   environment: MATERIAL (build/train-small: assets.safetensors, encoder.safetensors and, where there is no
#   GLM, glm/), STAGE (what to train; else coder in the first run, frames in the second, joint in the third and
#   the refiner in the others),
#   DEVICE (cuda), SIZE (192), PRECISION (bf16 on a GPU, else fp32), STRATA_GPU (a program built before),
#   STRATA_TRAINER (a command in the place of `strata_gpu train`), SETTINGS (further --set words)
#   To gather the material:  strata train pack --data DATA --out build/train-small/assets.safetensors
#     --encoder build/train-small/encoder.safetensors && cp -r /usr/include/glm build/train-small/
set -euo pipefail
started=$SECONDS
out=$(realpath -m "${1:?usage: packaging/gpu/train_small.sh OUT [SECONDS]}") total=${2:-520}
. "$(dirname "$0")/common.sh"
material=$(realpath -m "${MATERIAL:-build/train-small}")
device=${DEVICE:-cuda} size=${SIZE:-192}
mkdir -p "$out"

if [ -n "${STRATA_TRAINER:-}" ]; then
  read -ra trainer <<<"$STRATA_TRAINER"
else
  if [ -z "${STRATA_GPU:-}" ]; then
    [ ! -d "$material/glm" ] || export CMAKE_INCLUDE_PATH="$material"
    "$(dirname "$0")/build.sh" >"$out/build.log" 2>&1 || { tail -n 40 "$out/build.log"; exit 1; }
    strip -o "$out/strata_gpu" "$program" || true # for the next run
  fi
  trainer=("$program" train)
fi

# What is trained: files show how far the runs before came.
stage=${STAGE:-}
if [ -z "$stage" ]; then
  stage=autoencoder
  [ ! -f "$out/autoencoder/done" ] || stage=frames
  [ ! -f "$out/frames/done" ] || stage=joint
  [ ! -f "$out/joint/done" ] || stage=refiner
fi
if [ "$device" = cpu ]; then precision=${PRECISION:-fp32}; else precision=${PRECISION:-bf16}; fi
case $stage in
  autoencoder) settings=(batch=8 frames=2 coder.crop=128 rate=8e-4 warmUp=200) ;;
  frames) settings=(batch=32 rate=5e-4 warmUp=200) ;;
  joint) settings=(batch=6 frames=8 rate=3e-4 warmUp=200) ;;
  refiner) settings=(batch=16 rate=1e-3 warmUp=100 seed=2) ;; # clips that the other networks have not seen
  *) echo "There is no stage '$stage': autoencoder, frames, joint or refiner." >&2; exit 2 ;;
esac
[ "$device" != cpu ] || settings+=(batch=2)
settings+=("stage=$stage" "precision=$precision" emaDecay=0.999 checkpointEvery=1000000 keep=1)
read -ra more <<<"${SETTINGS:-}"
words=(--config small --size "$size" --device "$device" --assets "$material/assets.safetensors")
[ ! -f "$material/encoder.safetensors" ] || words+=(--encoder "$material/encoder.safetensors")
[ ! -d "$out/networks" ] || words+=(--from "$out/networks")
for setting in "${settings[@]}" "${more[@]}"; do words+=(--set "$setting"); done

# Steps that fit: measured, so that the rate falls to its end in this run. The first step is the slowest.
perStep() { # LOG: the median of the steps' seconds after the first five
  awk -F'"seconds":' '/"seconds":/ { split($2, part, /[,}]/); print part[1] }' "$1" | tail -n +6 | sort -g |
    awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'
}
rm -rf "$out/probe" "$out/$stage"
say "measuring a step of $stage"
"${trainer[@]}" "${words[@]}" --out "$out/probe" --set "steps=${PROBE:-25}" >"$out/$stage.log" 2>&1 ||
  { tail -n 20 "$out/$stage.log"; exit 1; }
each=$(perStep "$out/probe/log.jsonl")
rm -rf "$out/probe"
steps=$(awk -v left=$((total - SECONDS + started - 25)) -v each="$each" \
  'BEGIN { steps = int(0.92 * left / each); print steps < 1 ? 1 : steps }')
say "$each s a step: $steps steps of $stage"
train() { "$@" "${trainer[@]}" "${words[@]}" --out "$out/$stage" --set "steps=$steps" 2>&1 |
  tee -a "$out/$stage.log" | tail -n 3; }
if ! train timeout -s INT $((total - SECONDS + started - 10)); then
  # It was asked to stop and has saved: as many steps as were done are all, and the networks are written.
  steps=$(tail -n 1 "$out/$stage/log.jsonl" | grep -o '"step": *[0-9]*' | grep -o '[0-9]*$')
  say "stopped after $steps steps"
  train
fi
# The weights alone go on to the next run; they are small enough to be brought along.
rm -rf "$out/networks" "$out/$stage/checkpoints"
mv "$out/$stage/networks" "$out/networks"
touch "$out/$stage/done"
say "networks in $out/networks; log in $out/$stage/log.jsonl"
