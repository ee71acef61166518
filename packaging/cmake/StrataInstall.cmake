# What `cmake --install` makes a working application of, and the .deb that CPack makes of that.

include(GNUInstallDirs)

# ONNX Runtime comes along where it is not the system's.
if(OnnxRuntime_LIBRARY MATCHES "^${CMAKE_SOURCE_DIR}/")
  get_filename_component(folder "${OnnxRuntime_LIBRARY}" DIRECTORY)
  install(FILES "${OnnxRuntime_LIBRARY}" DESTINATION ${CMAKE_INSTALL_LIBDIR}/strata
          RENAME libonnxruntime.so.1)
  foreach(program strata strata-studio)
    if(TARGET ${program})
      set_target_properties(${program} PROPERTIES
        INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}/strata")
    endif()
  endforeach()
endif()

install(FILES "${CMAKE_SOURCE_DIR}/NOTICE" "${CMAKE_SOURCE_DIR}/LICENSE" DESTINATION share/strata)
if(TARGET strata-studio)
  set(linux "${CMAKE_SOURCE_DIR}/packaging/linux")
  install(TARGETS strata-studio RUNTIME)
  install(FILES "${linux}/org.strata.Studio.desktop" DESTINATION share/applications)
  install(FILES "${linux}/org.strata.Studio.metainfo.xml" DESTINATION share/metainfo)
  install(FILES "${linux}/org.strata.Studio.mime.xml" DESTINATION share/mime/packages
          RENAME org.strata.Studio.xml)
  install(FILES "${CMAKE_SOURCE_DIR}/assets/icons/strata-studio.svg"
          DESTINATION share/icons/hicolor/scalable/apps RENAME org.strata.Studio.svg)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME strata)
set(CPACK_PACKAGE_CONTACT "The Strata developers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Edit video of people, layer by layer")
set(CPACK_RESOURCE_FILE_LICENSE "${CMAKE_SOURCE_DIR}/LICENSE")
set(CPACK_DEBIAN_PACKAGE_SECTION video)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${STRATA_ONNXRUNTIME_ROOT}/lib")
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libopenblas0-pthread")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ffmpeg, nodejs, npm, qt6-translations-l10n")
include(CPack)
