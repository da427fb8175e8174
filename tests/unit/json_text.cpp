// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/json_text.hpp>
#include <inpex/host/record_json.hpp>
#include <inpex/host/run_plan.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cstddef>
#include <string>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string nested(std::size_t depth, std::string const& open, std::string const& close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += "1";
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

}  // namespace

TEST_CASE("depth is counted outside of texts, and comes down again") {
  CHECK_FALSE(nests_deeper(nested(3, "[", "]"), 3));
  CHECK(nests_deeper(nested(4, "[", "]"), 3));
  CHECK(nests_deeper(nested(4, "{\"a\":", "}"), 3));
  CHECK_FALSE(nests_deeper("[[[1]],[[2]],[[3]]]", 3));
  CHECK_FALSE(nests_deeper(R"(["[[[[[", "\\\"[[[[[", "{{{{"])", 3));
  CHECK(nests_deeper(R"(["\\\\", [[[1]]]])", 3));  // the text ends behind the backslashes
}

TEST_CASE("nesting that would end the process is an error at its place, in records and plans") {
  for (auto const& [open, close] : {std::pair{"[", "]"}, {"{\"a\":", "}"}}) {
    auto const deep = nested(200000, open, close);
    for (auto const& text :
         {deep, "{\"x\":" + deep + "}", "{\"quality\":{\"modes\":[" + deep + "]}}"}) {
      CHECK_THAT(what_of([&] { record_of_line(text, "records.jsonl:3"); }),
                 ContainsSubstring("records.jsonl:3: lists and objects are nested deeper than 64"));
      CHECK(fault_of([&] { plan_of_text(text, "plan.json"); }) == Fault::inconclusive);
    }
  }
}

TEST_CASE("what an unknown field is called cannot steer a terminal") {
  auto const said = what_of([] { plan_of_text("{\"\\u001b[2J\\nok\":1}", "plan.json"); });
  CHECK_THAT(said, ContainsSubstring("'\\x1b[2J\\x0aok'"));
  CHECK_THAT(said, !ContainsSubstring("\x1b"));
}

TEST_CASE("what a plan's tables say is of its type, or the place is told") {
  auto const text = [](std::string const& group, std::string const& entry) {
    return "{\"inpex_plan\":\"1.0\",\"" + group + "\":{" + entry + "}}\n";
  };
  for (auto const& [group, entry] : {std::pair{"options", R"("min_seconds":"x")"},
                                     {"options", R"("min_seconds":-1)"},
                                     {"options", R"("min_seconds":"nan")"},
                                     {"options", R"("slower":[1])"},
                                     {"options", R"("fault":3)"},
                                     {"conditions", R"("ranks":"x")"},
                                     {"conditions", R"("ranks":0)"},
                                     {"conditions", R"("host":true)"}}) {
    CAPTURE(entry);
    auto const read = [&] { plan_of_text(text(group, entry), "a/plan.json"); };
    CHECK(fault_of(read) == Fault::inconclusive);
    CHECK_THAT(what_of(read), ContainsSubstring("a/plan.json: '" + std::string(group) + "."));
  }
  for (auto const& [group, entry] :
       {std::pair{"options", R"("min_seconds":0.5,"slower":0.0,"fault":"null-kernel")"},
        {"options", R"("min_seconds":2)"},
        {"conditions", R"("ranks":8,"host":"here")"}})
    CHECK(what_of([&] { plan_of_text(text(group, entry), "plan.json"); }).empty());
}
