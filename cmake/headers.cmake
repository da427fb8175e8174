# SPDX-License-Identifier: Apache-2.0
# Gives the interface libraries their headers, by floor.

# Variants of one generated header: targets of inpex-faults and inpex-audit put theirs before release's.
foreach(variant faults audit release)
  set(INPEX_CONFIG_FAULTS false)
  set(INPEX_CONFIG_AUDIT false)
  string(TOUPPER ${variant} flag)
  set(INPEX_CONFIG_${flag} true)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/config.hpp.in
    ${PROJECT_BINARY_DIR}/config/${variant}/inpex/config.hpp @ONLY)
endforeach()

# What tests include first, and so compile alone: those of unit/ floors 0 and 3, of device/ 1 and 2.
file(GLOB tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/unit/*.cpp
  ${PROJECT_SOURCE_DIR}/tests/device/*.cpp)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${tests})
set(INPEX_INCLUDED_FIRST "")
foreach(test IN LISTS tests)
  file(STRINGS ${test} first REGEX "^#include" LIMIT_COUNT 1)
  if(first MATCHES "<(inpex/.*)>")
    list(APPEND INPEX_INCLUDED_FIRST ${PROJECT_SOURCE_DIR}/include/${CMAKE_MATCH_1})
  endif()
endforeach()

# inpex_headers(<target> <export name> <floor>...): the headers of these floors in cmake/floors.txt.
function(inpex_headers target name)
  set(folder ${PROJECT_SOURCE_DIR}/include)
  set(headers "")
  file(STRINGS ${PROJECT_SOURCE_DIR}/cmake/floors.txt lines REGEX "^[0-9m]")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE " +" ";" line "${line}")
    list(GET line 0 floor)
    list(GET line 1 pattern)
    if(floor IN_LIST ARGN)
      file(GLOB found CONFIGURE_DEPENDS ${folder}/inpex/${pattern})
      list(APPEND headers ${found})
    endif()
  endforeach()
  set(bases ${folder})
  if(0 IN_LIST ARGN)
    list(APPEND bases ${PROJECT_BINARY_DIR}/config/release)
    list(APPEND headers ${PROJECT_BINARY_DIR}/config/release/inpex/config.hpp)
  endif()
  set(alone "")
  foreach(header IN LISTS headers)
    if(NOT header IN_LIST INPEX_INCLUDED_FIRST)
      list(APPEND alone ${header})
    endif()
  endforeach()
  list(REMOVE_ITEM headers ${alone})
  target_sources(${target} INTERFACE
    FILE_SET HEADERS BASE_DIRS ${bases} FILES ${headers}
    FILE_SET alone TYPE HEADERS BASE_DIRS ${bases} FILES ${alone})
  target_compile_features(${target} INTERFACE cxx_std_20)
  # The host compiler cannot read Kokkos' headers of a device.
  if(INPEX_TESTS AND alone AND NOT INPEX_DEVICE)
    set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON
      INTERFACE_HEADER_SETS_TO_VERIFY alone)
  endif()
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  add_library(inpex::${name} ALIAS ${target})
  install(TARGETS ${target} EXPORT inpex FILE_SET HEADERS FILE_SET alone)
endfunction()
