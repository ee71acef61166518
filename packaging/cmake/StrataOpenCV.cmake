# Target strata_opencv with the OpenCV modules we use. OpenCV's own CMake configuration when it is installed; else the
# modules are looked up one by one, because Debian ships that configuration only with the whole of OpenCV (VTK, GDAL…).

set(strata_opencv_modules core imgproc imgcodecs video calib3d features2d)
add_library(strata_opencv INTERFACE)

find_package(OpenCV 4.6 QUIET CONFIG COMPONENTS ${strata_opencv_modules})
if(OpenCV_FOUND)
  target_link_libraries(strata_opencv INTERFACE ${OpenCV_LIBS})
  target_include_directories(strata_opencv SYSTEM INTERFACE ${OpenCV_INCLUDE_DIRS})
  return()
endif()

find_path(STRATA_OPENCV_INCLUDE_DIR opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
target_include_directories(strata_opencv SYSTEM INTERFACE "${STRATA_OPENCV_INCLUDE_DIR}")
foreach(module ${strata_opencv_modules})
  find_library(STRATA_OPENCV_${module}_LIBRARY opencv_${module} REQUIRED)
  target_link_libraries(strata_opencv INTERFACE "${STRATA_OPENCV_${module}_LIBRARY}")
endforeach()
