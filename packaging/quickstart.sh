#!/usr/bin/env bash
# From a fresh machine to an edited clip: the person of the bundled sample is replaced by the one of a picture.
set -euo pipefail
cd "$(dirname "$0")/.."
packaging/setup.sh
packaging/build.sh release strata
out=${1:-build/quickstart}
mkdir -p "$out"
build/release/app/cli/strata edit --video assets/samples/walk.mp4 --identity assets/samples/identity_1.jpg \
  --out "$out/edited.mp4" --preview "$out/sheet.png"
printf '\nedited clip:    %s\ncontact sheet:  %s\n' "$(realpath "$out/edited.mp4")" "$(realpath "$out/sheet.png")"
