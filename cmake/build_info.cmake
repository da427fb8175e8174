# SPDX-License-Identifier: Apache-2.0
# What was chosen at configure time goes into templates of build_info.cpp, one a program; commit and
# digest are filled in at every build, and the file changes only when they do.

set(INPEX_SPEC_DIR_LIST "")
foreach(folder ${PROJECT_SOURCE_DIR}/specs ${INPEX_SPEC_DIRS})
  string(APPEND INPEX_SPEC_DIR_LIST "\"${folder}\", ")
endforeach()
set(INPEX_SPACE_LIST "")
set(INPEX_BOUNDS_CHECKS false)
set(INPEX_FLAGS "${CMAKE_CXX_FLAGS}")
string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
string(APPEND INPEX_FLAGS " ${CMAKE_CXX_FLAGS_${type}} ${CMAKE_EXE_LINKER_FLAGS}")
if(INPEX_KERNELS)
  string(APPEND INPEX_FLAGS " -march=${INPEX_ARCH}")
  if(INPEX_DEVICE)
    string(APPEND INPEX_FLAGS " ${INPEX_DEVICE}: ${CMAKE_${INPEX_DEVICE}_COMPILER_VERSION} "
      "${CMAKE_${INPEX_DEVICE}_ARCHITECTURES} ${CMAKE_${INPEX_DEVICE}_FLAGS} "
      "${CMAKE_${INPEX_DEVICE}_FLAGS_${type}}")
  endif()
  foreach(device IN LISTS Kokkos_DEVICES)
    string(TOLOWER "${device}" device)
    string(APPEND INPEX_SPACE_LIST "\"${device}\", ")
  endforeach()
  if("DEBUG_BOUNDS_CHECK" IN_LIST Kokkos_OPTIONS)
    set(INPEX_BOUNDS_CHECKS true)
  endif()
  list(JOIN Kokkos_DEVICES " " devices)
  list(JOIN Kokkos_OPTIONS " " options)
  set(INPEX_KOKKOS_OPTIONS "${devices} ${Kokkos_ARCH} ${options}")
  set(INPEX_KOKKOS_VERSION ${Kokkos_VERSION})
  if(INPEX_MPI)
    set(INPEX_MPI_LIBRARY "MPI ${MPI_CXX_VERSION}")
    if(MPI_CXX_LIBRARY_VERSION_STRING)
      string(REGEX MATCH "^[^,\n]*" INPEX_MPI_LIBRARY "${MPI_CXX_LIBRARY_VERSION_STRING}")
    endif()
  endif()
endif()
if(INPEX_SANITIZE)
  string(APPEND INPEX_FLAGS " -fsanitize=${INPEX_SANITIZE}")
endif()
string(REGEX REPLACE "  +" " " INPEX_FLAGS "${INPEX_FLAGS}")
string(STRIP "${INPEX_FLAGS}" INPEX_FLAGS)
string(COMPARE NOTEQUAL "${INPEX_SANITIZE}" "" INPEX_SANITIZERS)

# inpex_build_info(<target> <faults: true or false>): the object that defines build_info().
function(inpex_build_info target faults)
  set(template ${PROJECT_BINARY_DIR}/${target}.in)
  set(source ${PROJECT_BINARY_DIR}/generated/${target}.cpp)
  set(INPEX_FAULTS ${faults})
  configure_file(${PROJECT_SOURCE_DIR}/cmake/build_info.cpp.in ${template} @ONLY)
  add_custom_target(${target}_now BYPRODUCTS ${source}
    COMMAND ${CMAKE_COMMAND} -DTEMPLATE=${template} -DRESULT=${source} -DSOURCE=${PROJECT_SOURCE_DIR}
      -P ${PROJECT_SOURCE_DIR}/cmake/build_info_now.cmake
    COMMENT "" VERBATIM)
  add_library(${target} OBJECT ${source})
  add_dependencies(${target} ${target}_now)
  target_link_libraries(${target} PRIVATE inpex_plain inpex_options)
endfunction()

inpex_build_info(inpex_build_info false)
if(INPEX_KERNELS)
  inpex_build_info(inpex_build_info_faults true)
endif()
