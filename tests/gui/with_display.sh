#!/usr/bin/env bash
# Runs a program on a screen of its own, drawn by Mesa in software.   usage: with_display.sh PROGRAM [ARGUMENTS]
set -euo pipefail

number=$(mktemp)
program=
Xvfb -displayfd 3 -screen 0 1720x1200x24 -nolisten tcp -noreset 3>"$number" 2>/dev/null &
server=$!
leave() {
  [ -z "$program" ] || kill "$program" 2>/dev/null || true
  kill "$server" 2>/dev/null || true
  rm -f "$number"
}
trap leave EXIT
trap 'exit 143' TERM INT
for _ in $(seq 600); do
  [ ! -s "$number" ] || break
  kill -0 "$server" 2>/dev/null || { echo "with_display: Xvfb does not start" >&2; exit 1; }
  sleep 0.1
done
[ -s "$number" ] || { echo "with_display: Xvfb gives no display" >&2; exit 1; }
DISPLAY=:$(cat "$number") QT_QPA_PLATFORM=xcb LIBGL_ALWAYS_SOFTWARE=1 "$@" &
program=$!
status=0
wait "$program" || status=$?
program=
exit "$status"
