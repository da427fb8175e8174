# SPDX-License-Identifier: Apache-2.0
# A library of transforms to compare with, by the interface of FFTW 3: the target inpex_fftw3, its name
# in INPEX_ENGINE, and whether it has fp32. Programs have one of them at most, because their functions have
# the same names.

set(INPEX_ENGINE "")
if(NOT INPEX_FFTW AND NOT INPEX_MKL)
  return()
elseif(INPEX_FFTW AND INPEX_MKL)
  message(FATAL_ERROR "FFTW and oneMKL have functions of the same names. Take INPEX_FFTW or INPEX_MKL, not both.")
endif()

add_library(inpex_fftw3 INTERFACE)
set(INPEX_ENGINE_FP32 true)
if(INPEX_FFTW)
  set(INPEX_ENGINE fftw)
  find_path(INPEX_FFTW_INCLUDE fftw3.h)
  set(libraries fftw3_omp fftw3)
  find_library(INPEX_FFTW_fftw3f fftw3f)
  find_library(INPEX_FFTW_fftw3f_omp fftw3f_omp)
  if(INPEX_FFTW_fftw3f AND INPEX_FFTW_fftw3f_omp)
    list(APPEND libraries fftw3f_omp fftw3f)
  else()
    set(INPEX_ENGINE_FP32 false)
  endif()
  set(advice "install libfftw3-dev or name its folder in CMAKE_PREFIX_PATH")
else()
  set(INPEX_ENGINE mkl)
  find_path(INPEX_MKL_INCLUDE fftw3.h PATH_SUFFIXES fftw mkl/fftw)
  # Not mkl_rt, which would bring threads of its own beside those of Kokkos.
  set(libraries mkl_intel_lp64 mkl_gnu_thread mkl_core)
  set(advice "name its folder in CMAKE_PREFIX_PATH")
endif()

# oneMKL by pip has no names without a version.
string(TOUPPER ${INPEX_ENGINE} prefix)
foreach(library IN LISTS libraries)
  find_library(INPEX_${prefix}_${library} NAMES ${library} lib${library}.so.3 lib${library}.so.2)
  if(NOT INPEX_${prefix}_${library} OR NOT INPEX_${prefix}_INCLUDE)
    message(FATAL_ERROR "INPEX_${prefix} is ON and ${library} or fftw3.h was not found: ${advice}.")
  endif()
  target_link_libraries(inpex_fftw3 INTERFACE ${INPEX_${prefix}_${library}})
endforeach()
if(INPEX_MKL)
  find_package(OpenMP REQUIRED COMPONENTS CXX)
  target_link_libraries(inpex_fftw3 INTERFACE OpenMP::OpenMP_CXX)
endif()
target_include_directories(inpex_fftw3 SYSTEM INTERFACE ${INPEX_${prefix}_INCLUDE})
message(STATUS "inpex: engine ${INPEX_ENGINE} by ${INPEX_${prefix}_INCLUDE}/fftw3.h")
