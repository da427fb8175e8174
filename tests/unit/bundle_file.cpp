// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/bundle_file.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <string>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a plain file is read, also where the folder that was named is a link") {
  ScratchFolder const scratch;
  std::filesystem::create_directories(scratch / "a/sub");
  write_file(scratch / "a/sub/b", "text");
  std::filesystem::create_directory_symlink("a", scratch / "link");
  CHECK(read_bundle_file(scratch / "a", "sub/b") == "text");
  CHECK(read_bundle_file(scratch / "link", "sub/b") == "text");
}

TEST_CASE("no link is followed, neither of a file nor of a folder on the way") {
  ScratchFolder const scratch;
  std::filesystem::create_directories(scratch / "a");
  std::filesystem::create_directories(scratch / "outside");
  write_file(scratch / "outside/b", "secret");
  std::filesystem::create_symlink("../outside/b", scratch / "a/b");
  std::filesystem::create_directory_symlink("../outside", scratch / "a/sub");
  for (auto const* name : {"b", "sub/b", "../outside/b", "sub"}) {
    CAPTURE(name);
    CHECK(fault_of([&] { read_bundle_file(scratch / "a", name); }) == Fault::inconclusive);
    CHECK_THAT(what_of([&] { read_bundle_file(scratch / "a", name); }), ContainsSubstring(name));
  }
  auto const absolute = (scratch / "outside/b").string();
  CHECK(fault_of([&] { read_bundle_file(scratch / "a", absolute); }) == Fault::inconclusive);
}

TEST_CASE("a FIFO and a folder are refused by their names, and nobody waits") {
  ScratchFolder const scratch;
  REQUIRE(::mkfifo((scratch / "fifo").c_str(), 0600) == 0);
  std::filesystem::create_directories(scratch / "folder");
  for (auto const* name : {"fifo", "folder"}) {
    CHECK(fault_of([&] { read_bundle_file(scratch / "", name); }) == Fault::inconclusive);
    CHECK_THAT(what_of([&] { read_file(scratch / name); }), ContainsSubstring(name));
    CHECK(fault_of([&] { read_file(scratch / name); }) == Fault::environment);
  }
  CHECK_THAT(what_of([&] { read_bundle_file(scratch / "", "none"); }),
             ContainsSubstring("none: cannot read: No such file"));
}
