# Finds the libraries of README's dependency list. Model-only builds need LibTorch alone.

find_package(Threads REQUIRED)
find_package(Torch REQUIRED)
find_package(ZLIB)

# LibTorch's own target drags in flags of the compiler it was built with; carry only what we need,
# as system headers so that their warnings are not ours.
add_library(strata_torch INTERFACE)
target_link_libraries(strata_torch INTERFACE ${TORCH_LIBRARIES})
target_include_directories(strata_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})

set(STRATA_HAS_CUDA OFF)
if(STRATA_WITH_CUDA)
  include(CheckLanguage)
  check_language(CUDA)
  if(CMAKE_CUDA_COMPILER)
    enable_language(CUDA)
    set(CMAKE_CUDA_STANDARD 17)
    set(STRATA_HAS_CUDA ON)
  endif()
endif()

if(STRATA_MODEL_ONLY)
  return()
endif()

find_package(PkgConfig REQUIRED)
pkg_check_modules(FFMPEG REQUIRED IMPORTED_TARGET
  libavcodec>=59 libavformat>=59 libavutil>=57 libswscale>=6 libswresample>=4)
include(StrataOpenCV)
find_package(glm REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(spdlog REQUIRED)
find_package(Flatbuffers QUIET)
find_package(OnnxRuntime REQUIRED)
find_package(Qt6 6.4 REQUIRED COMPONENTS Core Test)
