#!/usr/bin/env bash
# The paper's ablation: trains every row with the same clips and steps, and measures all side by side on
# people that no training sees. What is done already is kept, so that it can be called again.
#   usage: packaging/ablation.sh OUT
#   environment: DATA (what 'strata train pack' reads) or MATERIAL (a folder with assets.safetensors and
#   encoder.safetensors), STRATA (the program), CODER (a folder with the picture coder),
#   ROWS, SEEDS, CLIPS, FRAMES, SIZE, BATCH, STEPS, DEVICE; COUNT and SHOWN: clips and frames to measure;
#   PART=train or measure: only that
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
out=$(realpath -m "${1:?usage: packaging/ablation.sh OUT}")
strata=${STRATA:-$home/build/release/app/cli/strata} coder=${CODER:-$home/assets/models/small}
size=${SIZE:-128} device=${DEVICE:-cpu} part=${PART:-all}
read -ra rows <<<"${ROWS:-full no-layers skeleton maps no-canonical no-occluder sketch}"
read -ra seeds <<<"${SEEDS:-1 2}"
mkdir -p "$out/coder"
material=${MATERIAL:-$out}
encoder=(--encoder "$material/encoder.safetensors") assets=(--assets "$material/assets.safetensors")

if [ ! -f "$material/assets.safetensors" ]; then
  "$strata" train pack --data "${DATA:?say where DATA or MATERIAL is}" --out "$material/assets.safetensors" "${encoder[@]}"
fi
cp "$coder/vae.safetensors" "$coder/training.json" "$out/coder/"
if [ "$part" != measure ]; then
  "$strata" train render "${assets[@]}" --packed --count "${CLIPS:-300}" --frames "${FRAMES:-8}" --size "$size" \
    --out "$out/clips"
fi

all=()
for seed in "${seeds[@]}"; do
  for row in "${rows[@]}"; do
    run=$out/$row-$seed
    all+=("$run/networks")
    [ "$part" != measure ] && [ ! -d "$run/networks" ] || continue
    echo "$row, seed $seed"
    "$strata" train run --config "ablation-$row" --clips "$out/clips" "${encoder[@]}" --from "$out/coder" --size "$size" \
      --device "$device" --out "$run" --set "seed=$seed" --set "batch=${BATCH:-8}" --set "steps=${STEPS:-300}" \
      --set rate=7e-4 --set warmUp=30 --set emaDecay=0.98 --set diffusion.dropIdentity=0 --set diffusion.onlySteps=2 \
      --set keep=1
  done
done
[ "$part" != train ] || exit 0
"$strata" eval generator "${all[@]}" "${assets[@]}" "${encoder[@]}" --size "$size" --device "$device" \
  --count "${COUNT:-20}" --frames "${SHOWN:-8}" --steps 1 --report "$out/ablation.html"
