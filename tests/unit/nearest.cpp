// SPDX-License-Identifier: Apache-2.0
#include <inpex/nearest.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace inpex;

TEST_CASE("an insertion, a deletion, a replacement and a swap of neighbours are one edit each") {
  CHECK(edit_distance("steps", "steps") == 0);
  CHECK(edit_distance("step", "steps") == 1);
  CHECK(edit_distance("stepss", "steps") == 1);
  CHECK(edit_distance("stops", "steps") == 1);
  CHECK(edit_distance("setps", "steps") == 1);
  CHECK(edit_distance("", "steps") == 5);
}

TEST_CASE("the nearest word is named, and none that differs in more than a third of its letters") {
  std::vector<std::string> const words{"steps", "tile", "variant"};
  CHECK(nearest("stepz", words) == "steps");
  CHECK(nearest("varaint", words) == "variant");
  CHECK(nearest("tiled", words) == "tile");
  CHECK(nearest("st", words).empty());  // 3 edits, of which 1 is allowed
  CHECK(nearest("colour", words).empty());
}

TEST_CASE("a hint names the nearest word, else the whole choice") {
  CHECK(suggestion("stepz", {"steps", "tile"}) == "did you mean 'steps'?");
  CHECK(suggestion("colour", {"steps", "tile"}) == "write one of: steps, tile");
  CHECK(suggestion("colour", {}) == "nothing can be written here");
}
