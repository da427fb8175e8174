# SPDX-License-Identifier: Apache-2.0
# Configures PRESET in SCRATCH, builds TARGET, and asks the program RUN, if named, for its help. Objects
# that BUILD made in the same way are taken from there. TYPE, if given, is the build type. With SYNTAX nvcc's host
# compiler only reads what it gets, which takes a third of its time, and there are no objects.
function(step)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${SOURCE} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

step(bash scripts/setup ${PRESET} -DINPEX_TESTS=OFF)
set(ENV{CMAKE_CXX_COMPILER_LAUNCHER} "${PYTHON};${SOURCE}/tests/compile/reuse.py;${BUILD};${SCRATCH}")
set(type "")
if(TYPE)
  set(type -DCMAKE_BUILD_TYPE=${TYPE})
endif()
step(${CMAKE_COMMAND} --preset ${PRESET} -B ${SCRATCH} -DINPEX_TESTS=OFF ${type})
if(SYNTAX)
  set(ENV{NVCC_APPEND_FLAGS} -Xcompiler=-fsyntax-only)
endif()
step(${CMAKE_COMMAND} --build ${SCRATCH} --parallel 2 --target ${TARGET})
if(RUN)
  step(${SCRATCH}/${RUN} --help)
endif()
