// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/manifest.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

namespace {

// b.txt and sub/a.txt, with their manifest.
void fill(ScratchFolder const& folder) {
  make_folder(folder / "sub", false);
  write_file(folder / "b.txt", "abc");
  write_file(folder / "sub/a.txt", "");
  write_file(folder / "manifest.sha256", manifest_of(folder / ""));
}

std::vector<std::string> troubles_in(ScratchFolder const& folder) {
  std::vector<std::string> sentences;
  for (auto const& each : manifest_troubles(folder / "", files_below(folder / "")))
    sentences.push_back(each.sentence());
  return sentences;
}

}  // namespace

TEST_CASE("the manifest is what sha256sum writes, sorted by name") {
  ScratchFolder const folder;
  fill(folder);
  CHECK(read_file(folder / "manifest.sha256") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b.txt\n"
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  sub/a.txt\n");
  CHECK(troubles_in(folder).empty());
}

TEST_CASE("a changed, an added and a missing file are each found by name") {
  ScratchFolder const folder;
  fill(folder);
  write_file(folder / "b.txt", "abd");
  write_file(folder / "sub/new.txt", "");
  remove_file(folder / "sub/a.txt");
  CHECK(troubles_in(folder) == std::vector<std::string>{"'b.txt' was changed",
                                                        "'sub/new.txt' was added",
                                                        "'sub/a.txt' is missing"});
  CHECK_THAT(what_of([&] { verify_manifest(folder / ""); }),
             ContainsSubstring("'b.txt' was changed, 'sub/new.txt'"));
}

TEST_CASE("a link in the place of a file is a change, and is not followed") {
  ScratchFolder const folder;
  fill(folder);
  write_file(folder / "b.txt.copy", "abc");
  remove_file(folder / "b.txt");
  std::filesystem::create_symlink("b.txt.copy", folder / "b.txt");
  CHECK(troubles_in(folder).front() == "'b.txt' was changed");
  CHECK_THAT(what_of([&] { manifest_of(folder / ""); }), ContainsSubstring("only plain files"));
}

TEST_CASE("a signature beside the manifest is not a change") {
  ScratchFolder const folder;
  fill(folder);
  write_file(folder / "manifest.sha256.sig", "signed");
  CHECK(troubles_in(folder).empty());
}

TEST_CASE("a manifest that is none is refused with its line") {
  ScratchFolder const folder;
  fill(folder);
  auto const good = read_file(folder / "manifest.sha256");
  for (auto const& bad :
       {good + "x", good + "\n", good + good, good + std::string(63, 'a') + "g  c\n",
        good + std::string(64, 'a') + " *c\n"}) {
    write_file(folder / "manifest.sha256", bad);
    CHECK_THAT(what_of([&] { verify_manifest(folder / ""); }),
               ContainsSubstring("manifest.sha256:3: "));
  }
}

TEST_CASE("a file outside the folder that a manifest lists is missing, not opened") {
  ScratchFolder const folder;
  fill(folder);
  write_file(folder / "manifest.sha256",
             manifest_of(folder / "") + std::string(64, 'a') + "  ../../etc/passwd\n");
  CHECK(troubles_in(folder) == std::vector<std::string>{"'../../etc/passwd' is missing"});
}
