#!/usr/bin/env bash
# Installs a build into a folder of its own and starts what is there.   usage: check_install.sh BUILD_FOLDER
set -euo pipefail
build=${1:?usage: check_install.sh BUILD_FOLDER}
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
cmake --install "$build" --prefix "$prefix" >/dev/null

fail() { echo "check_install: $*" >&2; exit 1; }
unset STRATA_ASSETS
"$prefix/bin/strata" --version | grep -q '^strata ' || fail "strata does not tell its version"
ldd "$prefix/bin/strata" | grep onnxruntime | grep -q "$prefix\|=> /usr" || fail "ONNX Runtime is taken from the build"
"$prefix/bin/strata" models list | grep -q blazepose || fail "strata does not find its data"
QT_QPA_PLATFORM=offscreen "$prefix/bin/strata-studio" --version | grep -qi '^strata ' || fail "the editor does not start"
for file in share/applications/org.strata.Studio.desktop share/metainfo/org.strata.Studio.metainfo.xml \
            share/icons/hicolor/scalable/apps/org.strata.Studio.svg share/strata/body/strata_body.npz share/strata/NOTICE; do
  [ -s "$prefix/$file" ] || fail "$file is not installed"
done
