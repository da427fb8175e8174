// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/children.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <string>

#include <unistd.h>

using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("what the work returns comes back whole, however long") {
  std::string const text(1'000'000, 'x');  // more than a pipe holds
  auto const end = in_child([&] { return text; }, 60);
  CHECK(end.well());
  CHECK(end.answer == text);
  CHECK(end.reason().empty());
}

TEST_CASE("what a child prints is kept and is not printed") {
  auto const end = in_child(
      [] {
        std::printf("to stdout\n");
        std::fprintf(stderr, "to stderr\n");
        return std::string("done");
      },
      60);
  CHECK_THAT(end.said, ContainsSubstring("to stdout"));
  CHECK_THAT(end.said, ContainsSubstring("to stderr"));
  CHECK(end.answer == "done");
}

TEST_CASE("a crash names its signal") {
  auto const end = in_child(
      []() -> std::string {
        std::signal(SIGSEGV, SIG_DFL);  // a sanitizer has a handler that would exit instead
        ::raise(SIGSEGV);
        return "";
      },
      60);
  CHECK_FALSE(end.well());
  CHECK(end.signal == SIGSEGV);
  CHECK_THAT(end.reason(), ContainsSubstring("signal 11"));
}

TEST_CASE("a hang is killed after the timeout") {
  auto const end = in_child(
      []() -> std::string {
        for (;;) ::pause();
      },
      0.2);
  CHECK(end.timed_out);
  CHECK(end.seconds >= 0.2);
  CHECK_THAT(end.reason(), ContainsSubstring("did not end within"));
}

TEST_CASE("a child that closes its output and hangs is killed after the timeout as well") {
  auto const end = in_child(
      []() -> std::string {
        for (int file = 0; file < 256; ++file) ::close(file);
        for (;;) ::pause();
      },
      0.2);
  CHECK(end.timed_out);
  CHECK(end.seconds < 60);
  CHECK_THAT(end.reason(), ContainsSubstring("did not end within"));
}

TEST_CASE("a child that leaves a process behind with its output is not waited for beyond its end") {
  auto const end = in_child(
      [] {
        std::printf("the last word\n");
        if (::fork() == 0) {
          ::sleep(3);  // holds both pipes open
          ::_exit(0);
        }
        return std::string("done");
      },
      60);
  CHECK(end.well());
  CHECK(end.answer == "done");
  CHECK_THAT(end.said, ContainsSubstring("the last word"));
  CHECK(end.seconds < 3);
}

TEST_CASE("a child that sends nothing and exits is told by its exit code") {
  auto const end = in_child([]() -> std::string { ::_exit(7); }, 60);
  CHECK(end.code == 7);
  CHECK_THAT(end.reason(), ContainsSubstring("exit code 7"));
}

TEST_CASE("what the work throws ends the child, not the caller") {
  auto const end = in_child([]() -> std::string { throw std::runtime_error("a sentence"); }, 60);
  CHECK(end.code == 1);
  CHECK_THAT(end.said, ContainsSubstring("a sentence"));
}

TEST_CASE("Ctrl-C does not reach the work of a child") {
  auto const end = in_child(
      [] {
        ::raise(SIGINT);
        return std::string("went on");
      },
      60);
  CHECK(end.answer == "went on");
}
