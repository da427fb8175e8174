# SPDX-License-Identifier: Apache-2.0
# Finds the mini-apps: every folder with an app.cpp, in miniapps/ and in the folders that
# INPEX_MINIAPP_DIRS names, with all its .cpp files but its tests: test.cpp, or a few <what>_test.cpp.
# Each is compiled twice, for `inpex` and for `inpex-faults`. A folder that needs a library has
# a libraries.cmake, which links its objects inpex_app_<folder>, and those _faults and _audit, to it.

# inpex_use_faults(<target>): this target belongs to inpex-faults.
function(inpex_use_faults target)
  target_include_directories(${target} BEFORE PRIVATE ${PROJECT_BINARY_DIR}/config/faults)
endfunction()

# inpex_audit_objects(<target> <file>...): objects whose every load and store is announced, and whose
# numbers count. No library of a sanitizer is linked. g++ warns that fences are not understood.
function(inpex_audit_objects target)
  add_library(${target} OBJECT ${ARGN})
  target_link_libraries(${target} PRIVATE inpex_inpex inpex_options)
  target_include_directories(${target} BEFORE PRIVATE ${PROJECT_BINARY_DIR}/config/audit)
  target_compile_options(${target} PRIVATE -fsanitize=thread -ffp-contract=off -O1
    $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>
    "$<$<CXX_COMPILER_ID:Clang>:SHELL:-mllvm -tsan-instrument-read-before-write=1>")
  add_dependencies(${target} inpex_layers)
endfunction()

# inpex_kernel_objects(<target> <file>...): objects that hold kernels, and the same with faults as
# <target>_faults.
function(inpex_kernel_objects target)
  foreach(object ${target} ${target}_faults)
    add_library(${object} OBJECT ${ARGN})
    target_link_libraries(${object} PRIVATE inpex_inpex inpex_options)
    inpex_device_sources(${object} ${ARGN})
    add_dependencies(${object} inpex_layers)
  endforeach()
  inpex_use_faults(${target}_faults)
endfunction()

# The audit needs a compiler that announces, one host thread, and no other sanitizer.
set(INPEX_AUDIT OFF)
if("SERIAL" IN_LIST Kokkos_DEVICES AND NOT INPEX_DEVICE AND NOT INPEX_SANITIZE
   AND CMAKE_CXX_COMPILER_ID MATCHES "^(GNU|Clang)$")
  set(INPEX_AUDIT ON)
endif()

set(INPEX_MINIAPPS "")       # names of the folders
set(INPEX_MINIAPP_TESTS "")  # their tests
set(INPEX_REGISTRY_DECLARATIONS "")
set(INPEX_REGISTRY_CALLS "")
foreach(collection ${PROJECT_SOURCE_DIR}/miniapps ${INPEX_MINIAPP_DIRS})
  file(GLOB sources CONFIGURE_DEPENDS ${collection}/*/app.cpp)
  file(GLOB tests CONFIGURE_DEPENDS ${collection}/*/test.cpp ${collection}/*/*_test.cpp)
  list(APPEND INPEX_MINIAPP_TESTS ${tests})
  foreach(source IN LISTS sources)
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(GET folder FILENAME name)
    if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
      message(FATAL_ERROR "${folder}: a mini-app's folder is also its namespace: letters, digits and _ only")
    elseif(name IN_LIST INPEX_MINIAPPS)
      message(FATAL_ERROR "${folder}: there is another mini-app folder of the name ${name}")
    endif()
    file(GLOB parts CONFIGURE_DEPENDS ${folder}/*.cpp)
    list(FILTER parts EXCLUDE REGEX "[/_]test\\.cpp$")
    inpex_kernel_objects(inpex_app_${name} ${parts})
    if(INPEX_AUDIT)
      inpex_audit_objects(inpex_app_${name}_audit ${parts})
    endif()
    include(${folder}/libraries.cmake OPTIONAL)
    list(APPEND INPEX_MINIAPPS ${name})
    string(APPEND INPEX_REGISTRY_DECLARATIONS "namespace inpex::${name} { std::vector<inpex::App> apps(); }\n")
    string(APPEND INPEX_REGISTRY_CALLS "    for (auto& app : inpex::${name}::apps()) list.push_back(std::move(app));\n")
  endforeach()
endforeach()
list(TRANSFORM INPEX_MINIAPPS PREPEND inpex_app_ OUTPUT_VARIABLE INPEX_APP_OBJECTS)
