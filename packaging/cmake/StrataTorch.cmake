# LibTorch as the target strata_torch, and STRATA_TORCH_CUDA: whether it was built with CUDA.

set(STRATA_TORCH_ROOT "" CACHE PATH
    "A LibTorch folder, or that of Python's torch package, to use without its own CMake files")
set(STRATA_TORCH_CXX11_ABI 1 CACHE STRING "0 if that LibTorch was built with GCC's older strings")

add_library(strata_torch INTERFACE)
# LibTorch's packages are built with NDEBUG, and some of its classes have other members without it.
target_compile_definitions(strata_torch INTERFACE $<$<CONFIG:Debug>:NDEBUG>)
if(STRATA_TORCH_ROOT)
  # LibTorch's CMake files ask for the whole CUDA toolkit and stop when one library of it is missing
  # or is of another version. What we link is known.
  set(libraries "")
  set(STRATA_TORCH_CUDA OFF)
  foreach(name torch torch_cpu c10 torch_cuda c10_cuda)
    find_library(STRATA_TORCH_${name} ${name} PATHS "${STRATA_TORCH_ROOT}/lib" NO_DEFAULT_PATH)
    if(STRATA_TORCH_${name})
      list(APPEND libraries "${STRATA_TORCH_${name}}")
    endif()
  endforeach()
  if(NOT STRATA_TORCH_torch_cpu)
    message(FATAL_ERROR "There is no LibTorch in ${STRATA_TORCH_ROOT}.")
  endif()
  if(STRATA_TORCH_torch_cuda)
    set(STRATA_TORCH_CUDA ON)
  endif()
  # Operators of the GPU register themselves when their library is loaded, which no symbol asks for.
  target_link_options(strata_torch INTERFACE -Wl,--allow-shlib-undefined)
  target_link_libraries(strata_torch INTERFACE -Wl,--no-as-needed ${libraries} -Wl,--as-needed)
  target_include_directories(strata_torch SYSTEM INTERFACE
    "${STRATA_TORCH_ROOT}/include" "${STRATA_TORCH_ROOT}/include/torch/csrc/api/include")
  set(abi ${STRATA_TORCH_CXX11_ABI})
else()
  find_package(Torch REQUIRED)
  # Its own target drags in flags of the compiler it was built with; carry only what we need, as
  # system headers so that their warnings are not ours.
  target_link_libraries(strata_torch INTERFACE ${TORCH_LIBRARIES})
  target_include_directories(strata_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
  set(STRATA_TORCH_CUDA OFF)
  if(TARGET torch_cuda)
    set(STRATA_TORCH_CUDA ON)
  endif()
  set(abi 1)
  if(TORCH_CXX_FLAGS MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
    set(abi 0)
  endif()
endif()
if(NOT abi)
  target_compile_definitions(strata_options INTERFACE _GLIBCXX_USE_CXX11_ABI=0)
endif()
