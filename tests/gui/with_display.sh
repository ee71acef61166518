#!/usr/bin/env bash
# Runs a program on a screen of its own, drawn by Mesa in software.   usage: with_display.sh PROGRAM [ARGUMENTS]
set -euo pipefail

numbers=$(mktemp)
Xvfb -displayfd 3 -screen 0 1680x1200x24 -nolisten tcp -noreset 3>"$numbers" 2>/dev/null &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -f "$numbers"' EXIT
for _ in $(seq 300); do
  [ -s "$numbers" ] && break
  kill -0 "$server" 2>/dev/null || { echo "with_display: Xvfb does not start" >&2; exit 1; }
  sleep 0.1
done
[ -s "$numbers" ] || { echo "with_display: Xvfb gives no display" >&2; exit 1; }
DISPLAY=:$(cat "$numbers") QT_QPA_PLATFORM=xcb LIBGL_ALWAYS_SOFTWARE=1 "$@"
