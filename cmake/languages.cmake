# SPDX-License-Identifier: Apache-2.0
# The language of files that hold kernels. CMake's own CUDA or HIP compiles them, the host compiler
# all others, so that no wrapper is needed and the device compiler never sees a host library.

if(INPEX_DEVICE AND NOT INPEX_PROBE)
  enable_language(${INPEX_DEVICE})
elseif(INPEX_DEVICE)
  include(CheckLanguage)
  check_language(${INPEX_DEVICE})
  if(CMAKE_${INPEX_DEVICE}_COMPILER)
    enable_language(${INPEX_DEVICE})
  else()
    list(APPEND INPEX_ABSENT_LANGUAGES ${INPEX_DEVICE})
  endif()
endif()

# inpex_device_sources(<target> <file>...): these files of the target hold kernels.
function(inpex_device_sources target)
  target_link_libraries(${target} PRIVATE inpex_kernel_options)
  if(INPEX_DEVICE)
    set_source_files_properties(${ARGN} TARGET_DIRECTORY ${target} PROPERTIES LANGUAGE ${INPEX_DEVICE})
  endif()
endfunction()
