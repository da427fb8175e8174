# SPDX-License-Identifier: Apache-2.0
# Builds the fuzzer of the spec reader with CLANG and runs it for 30 seconds, or as many as
# INPEX_FUZZ_SECONDS says, from the corpus of specs.
set(seconds 30)
if(DEFINED ENV{INPEX_FUZZ_SECONDS})
  set(seconds $ENV{INPEX_FUZZ_SECONDS})
endif()
function(step)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

step(${CMAKE_COMMAND} -S ${SOURCE}/tests/compile/fuzz -B ${SCRATCH} -DCMAKE_CXX_COMPILER=${CLANG} -DINPEX=${SOURCE})
step(${CMAKE_COMMAND} --build ${SCRATCH} --parallel 2)
# New inputs go into the first folder: never into the source tree.
file(REMOVE_RECURSE ${SCRATCH}/found)
file(MAKE_DIRECTORY ${SCRATCH}/found)
file(GLOB_RECURSE specs ${SOURCE}/tests/corpus/*.yaml ${SOURCE}/specs/*.yaml)
file(COPY ${specs} DESTINATION ${SCRATCH}/found)
step(${SCRATCH}/spec_fuzz -max_total_time=${seconds} -timeout=10 -rss_limit_mb=2048 -verbosity=0 -print_final_stats=1
  -artifact_prefix=${SCRATCH}/ ${SCRATCH}/found)
