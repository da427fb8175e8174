# SPDX-License-Identifier: Apache-2.0
# The layer check: a part of every build, run again when a file that it reads has changed.

find_package(Python3 REQUIRED COMPONENTS Interpreter)
file(GLOB_RECURSE layered CONFIGURE_DEPENDS
  include/inpex/*.hpp miniapps/*.[ch]pp benchmarks/*.[ch]pp)
add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/layers.stamp
  COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/cmake/layer_check.py ${PROJECT_SOURCE_DIR}
  COMMAND ${CMAKE_COMMAND} -E touch ${PROJECT_BINARY_DIR}/layers.stamp
  DEPENDS ${layered} cmake/layer_check.py cmake/floors.txt
  COMMENT "Checking who includes whom" VERBATIM)
add_custom_target(inpex_layers ALL DEPENDS ${PROJECT_BINARY_DIR}/layers.stamp)
