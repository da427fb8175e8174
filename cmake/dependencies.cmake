# SPDX-License-Identifier: Apache-2.0
# Finds every third-party library, or says which are missing. The order: what the user has (a
# module, Spack, a distribution), then what scripts/setup prepared in INPEX_DEPS, then, for Kokkos
# and Catch2 and only with INPEX_FETCH, the upstream release pinned by its hash.

list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
set(INPEX_MISSING ${INPEX_ABSENT_LANGUAGES})
set(INPEX_SOURCES "")  # one line a library: where it came from

# inpex_report(<name>): notes the version and the place of what was found.
macro(inpex_report what)
  set(line ${what} ${${what}_VERSION})
  if(${what}_DIR)
    list(APPEND line "in ${${what}_DIR}")
  endif()
  list(JOIN line " " line)
  list(APPEND INPEX_SOURCES ${line})
endmacro()

# inpex_find(<name> <target> [arguments of find_package]): the target, or its name in INPEX_MISSING.
# CMake's module of MPI leaves an empty target behind when it finds nothing, so a target is no proof.
macro(inpex_find what target)
  find_package(${what} ${ARGN} QUIET)
  if(TARGET ${target} AND ${what}_FOUND)
    inpex_report(${what})
  else()
    list(APPEND INPEX_MISSING ${what})
  endif()
endmacro()

# inpex_fetch(<name> <target> <url> <sha256>): the release, when nothing else had it.
macro(inpex_fetch what target url hash)
  if(NOT TARGET ${target} AND INPEX_FETCH AND NOT INPEX_PROBE)
    message(STATUS "inpex: fetching ${what} from ${url}")
    include(FetchContent)
    FetchContent_Declare(${what} SYSTEM URL ${url} URL_HASH SHA256=${hash} DOWNLOAD_EXTRACT_TIMESTAMP OFF)
    FetchContent_MakeAvailable(${what})
    list(REMOVE_ITEM INPEX_MISSING ${what})
    list(APPEND INPEX_SOURCES "${what} (${url})")
  endif()
endmacro()

find_package(Threads REQUIRED)
inpex_find(yaml-cpp yaml-cpp)
inpex_find(nlohmann_json nlohmann_json::nlohmann_json)
inpex_find(CLI11 CLI11::CLI11)
inpex_find(fmt fmt::fmt)
inpex_find(HDF5 hdf5::hdf5 COMPONENTS C)
inpex_find(OpenSSL OpenSSL::Crypto)
inpex_find(hwloc hwloc::hwloc)

if(INPEX_KERNELS)
  if(INPEX_MPI)
    set(MPI_DETERMINE_LIBRARY_VERSION ON)  # its name and release go into every record
    inpex_find(MPI MPI::MPI_CXX COMPONENTS CXX)
  endif()
  inpex_find(benchmark benchmark::benchmark)
  # A preset that needs something special of Kokkos takes the prepared one first.
  if(INPEX_KOKKOS_NEEDS AND NOT DEFINED Kokkos_ROOT AND NOT DEFINED ENV{Kokkos_ROOT})
    set(Kokkos_ROOT ${INPEX_DEPS}/kokkos)
  endif()
  # Debian's 3.4 must never be taken: 4.5 is the first that is known to work.
  inpex_find(Kokkos Kokkos::kokkos 4.5 PATHS ${INPEX_DEPS}/kokkos)
  foreach(need IN LISTS INPEX_KOKKOS_NEEDS)
    if(Kokkos_FOUND AND NOT need IN_LIST Kokkos_OPTIONS AND NOT need IN_LIST Kokkos_DEVICES)
      list(APPEND INPEX_MISSING Kokkos)
      message(STATUS "inpex: the Kokkos in ${Kokkos_DIR} was built without ${need}")
    endif()
  endforeach()
endif()
if(INPEX_TESTS)
  inpex_find(Catch2 Catch2::Catch2 3)
endif()

# scripts/setup configures with INPEX_PROBE to learn what is missing, by the same rules as a build.
if(INPEX_PROBE)
  list(JOIN INPEX_MISSING "\n" missing)
  file(WRITE ${CMAKE_BINARY_DIR}/missing.txt "${missing}\n")
  list(JOIN INPEX_SOURCES "\n  " sources)
  file(WRITE ${CMAKE_BINARY_DIR}/sources.txt "  ${sources}\n")
  return()
endif()

set(unfetchable ${INPEX_MISSING})
if(INPEX_FETCH)
  list(REMOVE_ITEM unfetchable Catch2)
  if(NOT INPEX_KOKKOS_NEEDS)  # what a device or a check needs is built by scripts/setup only
    list(REMOVE_ITEM unfetchable Kokkos)
  endif()
endif()
if(unfetchable)
  message(FATAL_ERROR "Not found: ${unfetchable}. `scripts/setup` installs or names what is missing.")
endif()
if(INPEX_KERNELS)
  set(Kokkos_ENABLE_OPENMP ON)
  set(Kokkos_ARCH_NATIVE ON)
  inpex_fetch(Kokkos Kokkos::kokkos
    https://github.com/kokkos/kokkos/releases/download/4.5.01/kokkos-4.5.01.tar.gz
    52d003ffbbe05f30c89966e4009c017efb1662b02b2b73190670d3418719564c)
endif()
if(INPEX_TESTS)
  inpex_fetch(Catch2 Catch2::Catch2 https://github.com/catchorg/Catch2/archive/v3.7.1.tar.gz
    c991b247a1a0d7bb9c39aa35faf0fe9e19764213f28ffba3109388e62ee0269c)
endif()
foreach(source IN LISTS INPEX_SOURCES)
  message(STATUS "inpex: ${source}")
endforeach()
