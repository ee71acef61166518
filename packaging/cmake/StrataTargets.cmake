# strata_module(NAME SOURCES ... [DEPS ...] [PRIVATE_DEPS ...] [TORCH] [PLAIN ...])
#   Static library strata_NAME with alias strata::NAME. TORCH: its sources see LibTorch through the shared
#   precompiled header; PLAIN are further ones that do not, for which it would only cost time. What DEPS names is
#   visible to users of the module, PRIVATE_DEPS is not.
function(strata_module name)
  cmake_parse_arguments(ARG "TORCH" "" "SOURCES;PLAIN;DEPS;PRIVATE_DEPS" ${ARGN})
  set(target strata_${name})
  add_library(${target} STATIC ${ARG_SOURCES} ${ARG_PLAIN})
  set_source_files_properties(${ARG_PLAIN} PROPERTIES SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
  add_library(strata::${name} ALIAS ${target})
  target_link_libraries(${target} PUBLIC strata_options ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
  if(ARG_TORCH)
    target_link_libraries(${target} PRIVATE strata_torch)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON) # as the precompiled header
    target_precompile_headers(${target} REUSE_FROM strata_torch_pch)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ${STRATA_UNITY} UNITY_BUILD_BATCH_SIZE 4)
  endif()
endfunction()

# How many times as long what a sanitizer checks may take.
set(STRATA_SLOWDOWN 1)
if(STRATA_SANITIZE)
  set(STRATA_SLOWDOWN 6)
endif()

# strata_test(NAME SOURCES ... [LIBS ...] [LABELS ...] [TIMEOUT s] [TORCH])
#   One Qt Test executable, registered with CTest under NAME.
function(strata_test name)
  cmake_parse_arguments(ARG "TORCH" "TIMEOUT" "SOURCES;LIBS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON)
  target_link_libraries(${name} PRIVATE
    strata_options Qt6::Core Qt6::Test ${ARG_LIBS} $<TARGET_NAME_IF_EXISTS:strata_qt_order>)
  target_compile_definitions(${name} PRIVATE
    STRATA_SOURCE_DIR="${CMAKE_SOURCE_DIR}" STRATA_BINARY_DIR="${CMAKE_BINARY_DIR}")
  if(ARG_TORCH)
    target_link_libraries(${name} PRIVATE strata_torch)
    target_precompile_headers(${name} REUSE_FROM strata_torch_pch)
    set_source_files_properties("${CMAKE_CURRENT_BINARY_DIR}/${name}_autogen/mocs_compilation.cpp"
                                PROPERTIES SKIP_PRECOMPILE_HEADERS ON) # nothing of LibTorch in it
  endif()
  add_test(NAME ${name} COMMAND ${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 900) # seconds; for machines that are slow or busy
  endif()
  math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * ${STRATA_SLOWDOWN}")
  math(EXPR milliseconds "${ARG_TIMEOUT} * 1000") # else Qt Test ends any function after five minutes
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
                       ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QTEST_FUNCTION_TIMEOUT=${milliseconds}")
endfunction()

# One precompiled <torch/torch.h> for every target that uses LibTorch.
file(WRITE "${CMAKE_BINARY_DIR}/generated/torch_pch.cpp" "// Carries the precompiled header.\n")
add_library(strata_torch_pch STATIC "${CMAKE_BINARY_DIR}/generated/torch_pch.cpp")
target_link_libraries(strata_torch_pch PUBLIC strata_options strata_torch)
# Qt compiles its users with -fPIC, and a precompiled header serves only code of the same kind.
set_target_properties(strata_torch_pch PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_precompile_headers(strata_torch_pch PRIVATE <torch/torch.h>)

if(STRATA_CCACHE)
  # What ccache takes in the place of the header's 600 MB, which it would otherwise read for every file. Flags and
  # compiler are in its keys anyway; what else decides about the header is LibTorch.
  find_file(STRATA_TORCH_VERSION_HEADER torch/csrc/api/include/torch/version.h
            PATHS ${TORCH_INCLUDE_DIRS} "${STRATA_TORCH_ROOT}/include" NO_CACHE)
  if(STRATA_TORCH_VERSION_HEADER)
    file(STRINGS "${STRATA_TORCH_VERSION_HEADER}" lines REGEX "define TORCH_VERSION_(MAJOR|MINOR) ")
    string(REGEX REPLACE "[^0-9;]" "" numbers "${lines}")
    list(JOIN numbers "." version)
    string(REGEX MATCH "^[0-9]+" compiler "${CMAKE_CXX_COMPILER_VERSION}")
    get_filename_component(preset "${CMAKE_BINARY_DIR}" NAME)
    file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/CMakeFiles/strata_torch_pch.dir/cmake_pch.hxx.gch.sum"
         CONTENT "strata torch pch ${preset} gcc${compiler} torch${version}\n")
  endif()
endif()

# What tells ThreadSanitizer the order of calls through Qt, for programs with Qt.
if(STRATA_SANITIZE MATCHES "thread" AND TARGET Qt6::Core)
  add_library(strata_qt_order OBJECT "${CMAKE_SOURCE_DIR}/packaging/sanitize/qt_order.cpp")
  target_link_libraries(strata_qt_order PRIVATE strata_options Qt6::Core)
endif()
