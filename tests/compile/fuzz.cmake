# SPDX-License-Identifier: Apache-2.0
# Builds the fuzzers of all readers with CLANG and runs each for 60 seconds, or as many as
# INPEX_FUZZ_SECONDS says, from the corpus of specs, the contracts and some beginnings.
set(seconds 60)
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
file(GLOB_RECURSE specs ${SOURCE}/tests/corpus/*.yaml ${SOURCE}/specs/*.yaml)
file(COPY ${specs} DESTINATION ${SCRATCH}/found/spec_fuzz)
file(GLOB contracts ${SOURCE}/specs/contracts/*.yaml)
foreach(file IN LISTS contracts)
  cmake_path(GET file STEM name)
  file(READ ${file} text)
  file(WRITE ${SCRATCH}/found/result_fuzz/${name} "c${text}")
endforeach()
foreach(reader r p m s y k h f)  # its first byte, and something to begin with
  file(WRITE ${SCRATCH}/found/result_fuzz/${reader} "${reader}{\"inpex_record\": \"1.0\"}")
endforeach()
foreach(name spec_fuzz result_fuzz)
  step(${SCRATCH}/${name} -max_total_time=${seconds} -timeout=10 -rss_limit_mb=2048 -verbosity=0 -print_final_stats=1
    -artifact_prefix=${SCRATCH}/ ${SCRATCH}/found/${name})
endforeach()
