# SPDX-License-Identifier: Apache-2.0
# What CMake's module does where there is no MPI: nothing found, and an empty target.
add_library(MPI::MPI_CXX INTERFACE IMPORTED)
set(MPI_FOUND FALSE)
