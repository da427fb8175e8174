# SPDX-License-Identifier: Apache-2.0
# The library that `engine` may name, in inpex and inpex-faults; numbers that count know none.

add_library(inpex_no_engine STATIC ${CMAKE_CURRENT_LIST_DIR}/engines/none.cpp)
target_link_libraries(inpex_no_engine PRIVATE inpex_options)
set(engine inpex_no_engine)
if(INPEX_ENGINE)
  set(generated ${PROJECT_BINARY_DIR}/generated/fft)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/engines/engine_built.hpp.in ${generated}/engine_built.hpp @ONLY)
  add_library(inpex_engine STATIC ${CMAKE_CURRENT_LIST_DIR}/engines/fftw3.cpp)
  target_include_directories(inpex_engine PRIVATE ${generated})
  target_link_libraries(inpex_engine PRIVATE inpex_fftw3 inpex_options)
  set(engine inpex_engine)
endif()
target_link_libraries(inpex_app_fft INTERFACE ${engine})
target_link_libraries(inpex_app_fft_faults INTERFACE ${engine})
if(INPEX_AUDIT)
  target_link_libraries(inpex_app_fft_audit INTERFACE inpex_no_engine)
endif()
