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
# The editor is built afterwards and only when it is wanted: the clip is there ten minutes sooner.
editor='packaging/build.sh release strata-studio && build/release/app/studio/strata-studio assets/samples/walk.mp4'
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ -t 0 ]; then
  read -r -p 'Build the editor and open the sample in it now? [y/N] ' answer
  case "$answer" in [yY]*) exec bash -c "$editor" ;; esac
fi
printf 'the editor:     %s\n' "$editor"
