# SPDX-License-Identifier: Apache-2.0
# Configures PRESET in SCRATCH, builds TARGET, and asks the program RUN, if named, for its help.
function(step)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${SOURCE} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

step(bash scripts/setup ${PRESET} -DINPEX_TESTS=OFF)
step(${CMAKE_COMMAND} --preset ${PRESET} -B ${SCRATCH} -DINPEX_TESTS=OFF)
step(${CMAKE_COMMAND} --build ${SCRATCH} --parallel 2 --target ${TARGET})
if(RUN)
  step(${SCRATCH}/${RUN} --help)
endif()
