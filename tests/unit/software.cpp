// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/software.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace inpex::host;

TEST_CASE("a build outside of a checkout has no commit, and so nothing that could be dirty") {
  BuildInfo build;
  build.compiler = "GNU", build.compiler_version = "12.2.0", build.dirty = true;
  CHECK(!software_of(build).dirty);
  CHECK(software_of(build).compiler == "GNU 12.2.0");
  build.commit = "0123abcd";
  CHECK(software_of(build).dirty == true);
}

TEST_CASE("this program knows its version and compiler") {
  auto const software = software_of(build_info());
  CHECK(!software.inpex.empty());
  CHECK(!software.compiler.empty());
}
