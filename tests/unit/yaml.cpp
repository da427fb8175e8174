// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/yaml.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

Yaml good(std::string const& text) {
  Findings findings("a.yaml");
  Yaml const root = read_yaml(text, findings);
  findings.raise();
  return root;
}

std::string yaml_error(std::string const& text) {
  try {
    good(text);
  } catch (SpecErrors const& errors) {
    return errors.errors.front().what();
  }
  return "";
}

std::string repeated(std::string const& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

}  // namespace

TEST_CASE("every node knows its place, in characters") {
  auto const root = good("a: 1\n\"\xC3\xA9\xC3\xA9\": {b: [x, \"y\"]}\n");
  CHECK(root.find("a")->place == Place{1, 4});
  auto const* b = root.items[1].find("b");
  REQUIRE(b != nullptr);
  CHECK(b->key_place == Place{2, 8});  // two letters of two bytes stand before it
  CHECK(b->items[0].place == Place{2, 12});
  CHECK(b->items[1].text_place() == Place{2, 16});  // behind the quote
}

TEST_CASE("numbers are those of JSON, and only without quotes") {
  auto const root = good("{a: 12, b: -0.5e-3, c: \"12\", d: .5, e: 1., f: +1, g: true, h: 1_000, "
                         "i: 99999999999999999999}");
  CHECK(as_whole(*root.find("a")) == 12);
  CHECK(as_number(*root.find("b")) == -0.5e-3);
  CHECK_FALSE(as_whole(*root.find("b")));
  for (auto const* text : {"c", "d", "e", "f", "h"}) {
    CAPTURE(text);
    CHECK_FALSE(as_number(*root.find(text)));
    CHECK(is_text(*root.find(text)));
  }
  CHECK(as_bool(*root.find("g")) == true);
  CHECK_FALSE(as_whole(*root.find("i")));  // more than 64 bits
  CHECK(as_number(*root.find("i")) == 1e20);
}

TEST_CASE("what the profile leaves out is refused with its place") {
  CHECK_THAT(yaml_error("a: &x 1\n"), StartsWith("a.yaml:1:4: an anchor"));
  CHECK_THAT(yaml_error("a: *x\n"), ContainsSubstring("a.yaml:1:"));
  CHECK_THAT(yaml_error("a: !!int 1\n"), StartsWith("a.yaml:1:4: a tag"));
  CHECK_THAT(yaml_error("a: ! 1\n"), StartsWith("a.yaml:1:4: a tag"));
  CHECK_THAT(yaml_error("<<: {a: 1}\n"), StartsWith("a.yaml:1:1: a merge key"));
  CHECK_THAT(yaml_error("a: 1\nb: 2\na: 3\n"), StartsWith("a.yaml:3:1: duplicate key 'a'"));
  CHECK_THAT(yaml_error("a: 1\n---\nb: 2\n"), StartsWith("a.yaml:2:1: a second document"));
  CHECK_THAT(yaml_error("a: 010\n"), StartsWith("a.yaml:1:4: '010' is octal"));
  CHECK_THAT(yaml_error("a: 0o10\n"), StartsWith("a.yaml:1:4: '0o10' is not decimal"));
  CHECK_THAT(yaml_error("a: No\n"), StartsWith("a.yaml:1:4: 'No' is a boolean"));
  CHECK_THAT(yaml_error("a: True\n"), StartsWith("a.yaml:1:4: 'True'"));
  CHECK_THAT(yaml_error("a: .NaN\n"), ContainsSubstring("not a finite number"));
  CHECK_THAT(yaml_error("a:\t1\n"), StartsWith("a.yaml:1:3: a tab"));
  CHECK_THAT(yaml_error("%TAG ! x\n---\na: 1\n"), StartsWith("a.yaml:1:1: a directive"));
  CHECK_THAT(yaml_error("? [a]\n: 1\n"), StartsWith("a.yaml:1:3: a key that is no word"));
  CHECK_THAT(yaml_error("a: \"open\n"), StartsWith("a.yaml:1:4: a quote that is not closed"));
  CHECK_THAT(yaml_error("a: [1, 2\n"), ContainsSubstring("this is not YAML"));
  CHECK_THAT(yaml_error(""), ContainsSubstring("the file is empty"));
}

TEST_CASE("what only looks like it is not refused") {
  CHECK(yaml_error("a: \"yes\"\nb: '010'\nc: y\nd: \"a & b * c ! d\"\ne: none\n").empty());
  CHECK(yaml_error("---\na: 1\n...\n").empty());
  CHECK(yaml_error("a: 1\r\nb: \"\xE2\x82\xAC\"\r\n").empty());
}

TEST_CASE("bytes that are not UTF-8 are refused at their place") {
  auto const bytes = GENERATE(Catch::Generators::as<std::string>{}, "\xFF", "\xC0\xAF",
                              "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x80");
  CHECK_THAT(yaml_error("a: 1\nb: " + bytes), StartsWith("a.yaml:2:4: a byte that is not UTF-8"));
}

TEST_CASE("control characters are refused") {
  CHECK_THAT(yaml_error(std::string("a: x\0y\n", 7)),
             StartsWith("a.yaml:1:5: a control character"));
  CHECK_THAT(yaml_error("a: x\x1By\n"), StartsWith("a.yaml:1:5: a control character"));
  CHECK_THAT(yaml_error("\xEF\xBB\xBF"
                        "a: 1\n"),
             StartsWith("a.yaml:1:1: a control character or byte order mark"));
}

TEST_CASE("a file of more than 1 MiB is refused before it is parsed") {
  CHECK(yaml_error("a: 1\n#" + std::string((1U << 20U) - 6, 'x')).empty());
  CHECK_THAT(yaml_error(std::string(2U << 20U, '[')), ContainsSubstring("2097152 bytes"));
}

TEST_CASE("nesting deeper than 32 is refused, however it is written") {
  auto const open =
      GENERATE(Catch::Generators::as<std::string>{}, "[", "{", "{a: ", "- ", "? ", "? - ", "[x: {");
  CHECK_THAT(yaml_error("a:\n  " + repeated(open, 100000)),
             ContainsSubstring("nesting deeper than 32"));
}

TEST_CASE("nesting by indentation counts as well") {
  std::string text;
  for (int depth = 0; depth < 1000; ++depth)
    text += std::string(static_cast<std::size_t>(depth), ' ') + "a:\n";
  CHECK_THAT(yaml_error(text), StartsWith("a.yaml:33:33: nesting deeper than 32"));
}

TEST_CASE("a file that is wrong in thousands of places tells fifty of them") {
  Findings findings("a.yaml");
  read_yaml("a: [" + repeated("010, ", 100000) + "1]\n", findings);
  try {
    findings.raise();
    FAIL("nothing was found");
  } catch (SpecErrors const& errors) {
    CHECK(errors.errors.size() == Findings::most_told + 1);
    CHECK_THAT(errors.errors.back().problem, ContainsSubstring("and more"));
  }
}
