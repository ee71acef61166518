#!/usr/bin/env bash
# From a fresh machine to an edited clip: the person of the bundled sample is replaced by the one of a picture.
set -euo pipefail
cd "$(dirname "$0")/.."
packaging/setup.sh
packaging/build.sh release strata strata-studio
out=${1:-build/quickstart}
mkdir -p "$out"
build/release/app/cli/strata edit --video assets/samples/walk.mp4 --identity assets/samples/identity_1.jpg \
  --out "$out/edited.mp4" --preview "$out/sheet.png"
printf '\nedited clip:    %s\ncontact sheet:  %s\n' "$(realpath "$out/edited.mp4")" "$(realpath "$out/sheet.png")"
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ -t 0 ]; then
  read -r -p 'Open the sample in the editor now? [y/N] ' answer
  case "$answer" in [yY]*) exec build/release/app/studio/strata-studio assets/samples/walk.mp4 ;; esac
fi
printf 'the editor:     build/release/app/studio/strata-studio assets/samples/walk.mp4\n'
