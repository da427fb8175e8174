# SPDX-License-Identifier: Apache-2.0
# Run at build time: fills TEMPLATE with the commit and the digest of SOURCE, and writes RESULT only
# when that changes it.

execute_process(COMMAND git -C ${SOURCE} rev-parse HEAD
  OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE no_git)
set(DIRTY false)
if(no_git)
  set(COMMIT "")
else()
  execute_process(COMMAND git -C ${SOURCE} status --porcelain OUTPUT_VARIABLE changes ERROR_QUIET)
  if(changes)
    set(DIRTY true)
  endif()
endif()

file(GLOB_RECURSE files RELATIVE ${SOURCE} ${SOURCE}/include/* ${SOURCE}/miniapps/*)
list(SORT files)
set(digests "")
foreach(name IN LISTS files)
  file(SHA256 ${SOURCE}/${name} digest)
  string(APPEND digests "${digest}  ${name}\n")
endforeach()
string(SHA256 DIGEST "${digests}")

file(READ ${TEMPLATE} text)
foreach(name COMMIT DIRTY DIGEST)
  string(REPLACE "{${name}}" "${${name}}" text "${text}")
endforeach()
set(before "")
if(EXISTS ${RESULT})
  file(READ ${RESULT} before)
endif()
if(NOT text STREQUAL before)
  file(WRITE ${RESULT} "${text}")
endif()
