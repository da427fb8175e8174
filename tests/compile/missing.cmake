# SPDX-License-Identifier: Apache-2.0
# Asks, as scripts/setup does, what a machine lacks that has no MPI (missing/); it must say MPI.
execute_process(COMMAND ${CMAKE_COMMAND} --fresh --preset release -B ${SCRATCH} -DINPEX_PROBE=ON -DINPEX_MPI=ON
  -DCMAKE_MODULE_PATH=${SOURCE}/tests/compile/missing
  WORKING_DIRECTORY ${SOURCE} OUTPUT_QUIET ERROR_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(STRINGS ${SCRATCH}/missing.txt missing)
if(NOT ";${missing};" MATCHES ";MPI;")
  message(FATAL_ERROR "no MPI is here, but what is missing is said to be: ${missing}")
endif()
