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
  target_sources(${target} INTERFACE FILE_SET HEADERS BASE_DIRS ${bases} FILES ${headers})
  target_compile_features(${target} INTERFACE cxx_std_20)
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  add_library(inpex::${name} ALIAS ${target})
  install(TARGETS ${target} EXPORT inpex FILE_SET HEADERS)
endfunction()

# inpex_headers_alone(<target>...): every header of these compiled alone, as a part of the build.
function(inpex_headers_alone)
  add_custom_target(inpex_headers_alone ALL)
  foreach(target IN LISTS ARGN)
    get_target_property(headers ${target} HEADER_SET)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${headers})  # includes make the chains
    list(TRANSFORM headers REPLACE "^.*/inpex/" "inpex/")  # as they are included
    execute_process(COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/cmake/header_chains.py
      ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/alone/${target} ${headers}
      OUTPUT_VARIABLE sources OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    string(REPLACE "\n" ";" sources "${sources}")
    add_library(${target}_alone OBJECT ${sources})
    target_link_libraries(${target}_alone PRIVATE ${target})
    target_compile_options(${target}_alone PRIVATE -O0)
    add_dependencies(inpex_headers_alone ${target}_alone)
  endforeach()
endfunction()
