#!/usr/bin/env bash
# Builds strata_gpu against the LibTorch inside this machine's Python (or an installed one), with CUDA when
# nvcc is there. Needs cmake, ninja, a C++20 compiler, nothing from a network.
#   usage: packaging/gpu/build.sh     environment: PYTHON, CUDA_ARCHITECTURES (as 90), JOBS
set -euo pipefail
cd "$(dirname "$0")/../.."
build=build/model-only
python=${PYTHON:-python3}

options=()
if found=$("$python" -c '
import os, torch
print(os.path.dirname(torch.__file__), int(torch.compiled_with_cxx11_abi()), torch.__version__)' 2>/dev/null); then
  read -r root abi version <<<"$found"
  echo "build: LibTorch $version in $root"
  options+=("-DSTRATA_TORCH_ROOT=$root" "-DSTRATA_TORCH_CXX11_ABI=$abi")
else
  echo "build: $python has no torch; looking for an installed LibTorch"
fi

architectures=${CUDA_ARCHITECTURES:-}
if [ -z "$architectures" ] && command -v nvidia-smi >/dev/null; then
  architectures=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null | head -1 | tr -d '. ' || true)
fi
[[ $architectures =~ ^[0-9]+$ ]] && options+=("-DSTRATA_CUDA_ARCHITECTURES=$architectures")
command -v ccache >/dev/null || options+=("-DSTRATA_CCACHE=")

cmake --preset model-only "${options[@]}"
cmake --build "$build" --target strata_gpu --parallel "${JOBS:-$(nproc)}"

# The golden files are deflated; without zlib's headers they are stored again as they are.
rm -rf "$build/golden"
if grep -q '^ZLIB_LIBRARY_RELEASE:.*NOTFOUND\|^ZLIB_INCLUDE_DIR:.*NOTFOUND' "$build/CMakeCache.txt"; then
  echo "build: no zlib here, unpacking tests/golden"
  "$python" - "$build/golden" <<'PYTHON'
import pathlib, shutil, sys, zipfile
source, target = pathlib.Path("tests/golden"), pathlib.Path(sys.argv[1])
shutil.copytree(source, target)
for path in target.rglob("*.npz"):
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as new:
        for name, data in members.items():
            new.writestr(name, data)
PYTHON
fi
echo "build: $build/packaging/gpu/program/strata_gpu"
