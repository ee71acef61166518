# Imported target OnnxRuntime::OnnxRuntime: the system package if there is one, else what
# packaging/setup.sh has put under STRATA_ONNXRUNTIME_ROOT (default: build/deps/onnxruntime).

set(STRATA_ONNXRUNTIME_ROOT "${CMAKE_SOURCE_DIR}/build/deps/onnxruntime" CACHE PATH "ONNX Runtime root")

find_path(OnnxRuntime_INCLUDE_DIR onnxruntime_cxx_api.h
  PATH_SUFFIXES onnxruntime onnxruntime/core/session include
  HINTS "${STRATA_ONNXRUNTIME_ROOT}")
find_library(OnnxRuntime_LIBRARY onnxruntime HINTS "${STRATA_ONNXRUNTIME_ROOT}/lib")

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OnnxRuntime
  REQUIRED_VARS OnnxRuntime_LIBRARY OnnxRuntime_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "run packaging/setup.sh, which fetches it")

if(OnnxRuntime_FOUND AND NOT TARGET OnnxRuntime::OnnxRuntime)
  add_library(OnnxRuntime::OnnxRuntime SHARED IMPORTED)
  set_target_properties(OnnxRuntime::OnnxRuntime PROPERTIES
    IMPORTED_LOCATION "${OnnxRuntime_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${OnnxRuntime_INCLUDE_DIR}")
endif()
