# Finds the libraries of README's dependency list. Model-only builds need LibTorch alone.

find_package(Threads REQUIRED)
find_package(ZLIB)
include(StrataTorch)
include(StrataCuda)

if(STRATA_MODEL_ONLY)
  find_package(glm QUIET) # what uses them is left out where they are not
  find_path(STRATA_GLM_INCLUDE glm/glm.hpp)
  if(STRATA_GLM_INCLUDE AND NOT TARGET glm::glm) # headers alone
    add_library(glm::glm INTERFACE IMPORTED)
    set_target_properties(glm::glm PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${STRATA_GLM_INCLUDE}")
  endif()
  find_package(nlohmann_json 3.11 QUIET)
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
find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Multimedia OpenGL OpenGLWidgets Svg Test Widgets)
find_package(Qt6 6.4 QUIET OPTIONAL_COMPONENTS LinguistTools) # lrelease and lupdate
pkg_check_modules(IMGUI REQUIRED IMPORTED_TARGET imgui)
