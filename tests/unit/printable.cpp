// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/printable.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace inpex::host;

TEST_CASE("text that moves no cursor is as it was, in every script") {
  for (std::string const text : {"", "a b\\c'd", "\xC2\xB5s \xC3\xA9t\xC3\xA9", "\xE6\xBC\xA2",
                                 "\xF0\x9F\x9A\x80", "\xC2\xA0", "\xE2\x80\xA6", "\xEF\xBF\xBD"}) {
    CHECK(printable(text) == text);
    CHECK(printable_lines(text) == text);
  }
}

TEST_CASE("control characters are shown by their numbers, and no text begins a line of its own") {
  CHECK(printable("a\x1b[31mb\n\r\t\x7f") == "a\\x1b[31mb\\x0a\\x0d\\x09\\x7f");
  CHECK(printable(std::string(1, '\0')) == "\\x00");
  CHECK(printable("\xC2\x9B"
                  "31m") == "\\xc2\\x9b31m");  // C1: the other escape
  CHECK(printable("\xE2\x80\xAE"
                  "x") == "\\xe2\\x80\\xaex");            // right to left
  CHECK(printable("\xE2\x80\xA8") == "\\xe2\\x80\\xa8");  // a line's end
  CHECK(printable("\xE2\x81\xA6") == "\\xe2\\x81\\xa6");
}

TEST_CASE("bytes that are no UTF-8 are shown by their numbers") {
  CHECK(printable("a\xFF\xFE") == "a\\xff\\xfe");
  CHECK(printable("\xC3") == "\\xc3");
  CHECK(printable("\xED\xA0\x80") == "\\xed\\xa0\\x80");  // a surrogate
}

TEST_CASE("lines of a text stay lines where they are its own") {
  CHECK(printable_lines("a\n  b\x1b") == "a\n  b\\x1b");
}
