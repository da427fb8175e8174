# SPDX-License-Identifier: Apache-2.0
# Flags of our own files: never global, never exported.

add_library(inpex_options INTERFACE)
target_compile_options(inpex_options INTERFACE "$<$<COMPILE_LANGUAGE:CXX>:${INPEX_WARNINGS}>")
# g++ 12.2 takes a moved std::variant for uninitialised: https://gcc.gnu.org/bugzilla/show_bug.cgi?id=80635
if(INPEX_WARNINGS AND CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(inpex_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-maybe-uninitialized>)
endif()
if(INPEX_SANITIZE)
  target_compile_options(inpex_options INTERFACE -fsanitize=${INPEX_SANITIZE}
    -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(inpex_options INTERFACE -fsanitize=${INPEX_SANITIZE})
endif()

# Files that hold kernels are compiled for this machine. Fast-math is off, and so is contraction: a
# kernel fuses where it says so, and a point has the same bits in every lane, space and rank grid.
add_library(inpex_kernel_options INTERFACE)
target_compile_options(inpex_kernel_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-ffp-contract=off>
  $<$<COMPILE_LANGUAGE:CUDA>:--fmad=false>
  $<$<COMPILE_LANGUAGE:HIP>:-ffp-contract=off>)
if(INPEX_ARCH)
  target_compile_options(inpex_kernel_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-march=${INPEX_ARCH}>
    $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-march=${INPEX_ARCH}>
    $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-Wall>)
endif()

# The harness is not what is measured: less optimisation, and the large third-party headers read once,
# halve the time of a build.
add_library(inpex_host_options INTERFACE)
target_compile_options(inpex_host_options INTERFACE $<$<CONFIG:Release>:-O1>)
target_precompile_headers(inpex_host_options INTERFACE
  <nlohmann/json.hpp> <yaml-cpp/yaml.h> <fmt/format.h> <algorithm> <map> <optional> <string> <vector>)
target_link_libraries(inpex_host_options INTERFACE inpex_options)
