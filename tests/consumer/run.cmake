# SPDX-License-Identifier: Apache-2.0
# Installs BUILD into SCRATCH, and builds and runs this folder against what was installed.
function(step)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
step(${CMAKE_COMMAND} --install ${BUILD} --prefix ${SCRATCH}/prefix)
step(${CMAKE_COMMAND} -S ${SOURCE}/tests/consumer -B ${SCRATCH}/build -DCMAKE_CXX_COMPILER=${CXX}
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH=${SCRATCH}/prefix -DKokkos_DIR=${Kokkos_DIR})
step(${CMAKE_COMMAND} --build ${SCRATCH}/build --parallel 2)
step(${SCRATCH}/build/consumer)
