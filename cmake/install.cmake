# SPDX-License-Identifier: Apache-2.0
# `cmake --install`: headers, programs, specs, and a package for find_package(inpex).
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/inpex)

install(EXPORT inpex NAMESPACE inpex:: FILE inpex-targets.cmake DESTINATION ${package})
configure_package_config_file(cmake/inpex-config.cmake.in ${PROJECT_BINARY_DIR}/inpex-config.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/inpex-config-version.cmake
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/inpex-config.cmake ${PROJECT_BINARY_DIR}/inpex-config-version.cmake
  DESTINATION ${package})
install(FILES cmake/Findhwloc.cmake DESTINATION ${package})

install(TARGETS inpex RUNTIME COMPONENT programs)
if(INPEX_KERNELS)
  install(TARGETS inpex-faults RUNTIME COMPONENT programs)
  if(INPEX_AUDIT)
    install(TARGETS inpex-audit RUNTIME COMPONENT programs)
  endif()
endif()
install(DIRECTORY specs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/inpex/specs COMPONENT programs)
