// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/interrupt.hpp>

#include <catch2/catch_test_macros.hpp>

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

using namespace inpex::host;

namespace {

// The exit code of a process that sends itself SIGINT `times` times and else ends with 0.
int exit_code_after(int times) {
  pid_t const child = ::fork();
  if (child == 0) {
    Interrupt const interrupt;
    for (int i = 0; i < times; ++i) ::raise(SIGINT);
    ::_exit(interrupt.requested() ? interrupt.exit_code() - 100 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("the first Ctrl-C only asks, and the program may end with 130") {
  CHECK(exit_code_after(0) == 0);
  CHECK(exit_code_after(1) == 30);  // 130 less the 100 that tells it from the immediate end
}

TEST_CASE("the second Ctrl-C ends the program at once with 130") {
  CHECK(exit_code_after(2) == 130);
}

TEST_CASE("the handlers of before come back") {
  struct sigaction before = {}, after = {};
  ::sigaction(SIGINT, nullptr, &before);
  { Interrupt const interrupt; }
  ::sigaction(SIGINT, nullptr, &after);
  CHECK(before.sa_handler == after.sa_handler);
}
