# STRATA_HAS_NVCC: kernels are compiled. STRATA_HAS_CUDA: programs also use them, which needs a LibTorch
# that was built with CUDA.

set(STRATA_HAS_NVCC OFF)
set(STRATA_HAS_CUDA OFF)
set(STRATA_CUDA_ARCHITECTURES "80;90" CACHE STRING "GPUs that the kernels are compiled for")

include(CheckLanguage)
if(NOT CMAKE_CUDA_COMPILER)
  # Often installed without being on the PATH.
  find_program(STRATA_NVCC nvcc PATHS /usr/local/cuda/bin)
  if(STRATA_NVCC AND NOT DEFINED ENV{CUDACXX})
    set(ENV{CUDACXX} "${STRATA_NVCC}")
  endif()
endif()
if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
  set(CMAKE_CUDA_ARCHITECTURES ${STRATA_CUDA_ARCHITECTURES})
endif()
check_language(CUDA)
if(CMAKE_CUDA_COMPILER)
  enable_language(CUDA)
  set(CMAKE_CUDA_RUNTIME_LIBRARY Shared) # LibTorch's own
  set(CMAKE_CUDA_STANDARD 20)
  if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION) # CMake 3.25 does not know it of CUDA 13
    set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20)
    set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION -std=c++20)
  endif()
  set(STRATA_HAS_NVCC ON)
endif()

if(STRATA_HAS_NVCC AND STRATA_WITH_CUDA)
  if(STRATA_TORCH_CUDA)
    find_package(CUDAToolkit REQUIRED)
    target_link_libraries(strata_torch INTERFACE CUDA::cudart) # LibTorch's headers include CUDA's
    set(STRATA_HAS_CUDA ON)
  else()
    message(STATUS "This LibTorch knows no CUDA: the kernels are compiled and not used")
  endif()
endif()

# strata_cuda_kernels(NAME SOURCES ...): static library strata_NAME of kernels behind functions that take
# device pointers. Nothing links it in a build without CUDA, so that needs no CUDA library.
function(strata_cuda_kernels name)
  cmake_parse_arguments(ARG "" "" "SOURCES" ${ARGN})
  if(NOT STRATA_HAS_NVCC)
    return()
  endif()
  set(target strata_${name})
  add_library(${target} STATIC ${ARG_SOURCES})
  add_library(strata::${name} ALIAS ${target})
  target_include_directories(${target} PUBLIC "${CMAKE_SOURCE_DIR}")
  # No contraction of products and sums: the rasteriser must give the bits of its CPU version.
  target_compile_options(${target} PRIVATE -fmad=false --expt-relaxed-constexpr -Xcompiler=-Wall,-Wextra)
  set_target_properties(${target} PROPERTIES
    CUDA_ARCHITECTURES "${STRATA_CUDA_ARCHITECTURES}"
    POSITION_INDEPENDENT_CODE ON)
endfunction()
