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
# Kernels call constexpr functions, std::array's operator[] among them. Without the flag that lets devices do
# so, nvcc 13.0.88 takes the call for one that is never reached: it warns, and leaves the kernel EMPTY. So
# it does for all calls of host functions; where it compiles one for devices (20011, 20013) that is an error,
# while 20014 comes also where a function of both is compiled for hosts alone.
# g++ 12.2 fuses all the same where its SLP vectoriser finds a b - c beside a b + c (vfmaddsub132pd in place of
# vmulpd and vaddsubpd, with -O2 -ffp-contract=off, where it tunes for Intel's processors and others):
# lines of 128 points had other bits in one lane than in eight. Lanes are ours, and need no such vectoriser.
add_library(inpex_kernel_options INTERFACE)
target_compile_options(inpex_kernel_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-ffp-contract=off>
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-tree-slp-vectorize>
  "$<$<COMPILE_LANGUAGE:CUDA>:--fmad=false;--expt-relaxed-constexpr>"
  "$<$<COMPILE_LANGUAGE:CUDA>:--diag-error=20011,20013;--diag-suppress=20014>"
  $<$<COMPILE_LANGUAGE:HIP>:-ffp-contract=off>)
if(INPEX_ARCH)
  target_compile_options(inpex_kernel_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-march=${INPEX_ARCH}>
    $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-march=${INPEX_ARCH}>
    $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-ffp-contract=off>
    $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-Wall>)
endif()

# The harness is not what is measured: less optimisation, and the large third-party headers read once,
# halve the time of a build.
add_library(inpex_host_options INTERFACE)
target_compile_options(inpex_host_options INTERFACE $<$<CONFIG:Release>:-O1>)
target_precompile_headers(inpex_host_options INTERFACE
  <nlohmann/json.hpp> <yaml-cpp/yaml.h> <fmt/format.h> <algorithm> <map> <optional> <string> <vector>)
target_link_libraries(inpex_host_options INTERFACE inpex_options)

# inpex_together(<target> <files>): compiles so many files of the target in one go. Headers of the harness
# hold all its code: sixteen commands together take 100 s, and one alone 70.
function(inpex_together target files)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${INPEX_TOGETHER} UNITY_BUILD_BATCH_SIZE ${files})
endfunction()
