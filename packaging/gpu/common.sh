# For the scripts of this folder.
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
program=${STRATA_GPU:-build/model-only/packaging/gpu/program/strata_gpu}
[ -d build/model-only/golden ] && export STRATA_GOLDEN=$PWD/build/model-only/golden

say() { printf '%s %s\n' "$(date +%T)" "$*"; }

# step SECONDS LOG COMMAND...: runs a command for at most so long; its output also goes to the log.
step() {
  local seconds=$1 log=$2 code=0
  shift 2
  say "${*:1:2} (at most $seconds s)"
  timeout -k 5 "$seconds" "$@" 2>&1 | tee -a "$log" | tail -n "${SHOWN:-12}" || code=$?
  [ "$code" -eq 124 ] && say "stopped after $seconds s; what was measured is kept"
  return "$code"
}

# table FILE KEY...: the lines of a results file that have the first key, as columns.
table() {
  local file=$1
  shift
  [ -f "$file" ] || return 0
  awk -v keys="$*" '
    function value(key,   at, rest) {
      at = index($0, "\"" key "\": ")
      if (!at) return "-"
      rest = substr($0, at + length(key) + 4)
      if (substr(rest, 1, 1) == "\"") { rest = substr(rest, 2); return substr(rest, 1, index(rest, "\"") - 1) }
      match(rest, /^[^,}]*/)
      return substr(rest, 1, RLENGTH)
    }
    BEGIN { count = split(keys, key, " "); printf "%-62s", "case"
            for (i = 1; i <= count; ++i) printf " %14s", key[i]; print "" }
    value(key[1]) != "-" { printf "%-62s", substr(value("case"), 1, 62)
            for (i = 1; i <= count; ++i) printf " %14s", value(key[i]); print "" }' "$file"
}
