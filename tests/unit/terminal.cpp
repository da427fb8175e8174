// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/terminal.hpp>

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>

using namespace inpex::host;

namespace {

// A terminal of the test's own, and the environment of a person who sits before it.
class Watched {
 public:
  Watched() : terminal(::posix_openpt(O_RDWR | O_NOCTTY)) {
    set("TERM", "xterm");
    set("NO_COLOR", nullptr);
    for (auto name = launcher_variable(); !name.empty(); name = launcher_variable())
      set(name, nullptr);
  }
  ~Watched() {
    ::close(terminal);
    for (auto const& [name, value] : before_) put(name, value);
  }
  Watched(Watched const&) = delete;
  Watched& operator=(Watched const&) = delete;

  void set(std::string const& name, char const* value) {
    if (char const* old = std::getenv(name.c_str()))
      before_.try_emplace(name, old);
    else
      before_.try_emplace(name, "");
    put(name, value == nullptr ? "" : value);
  }

  int const terminal;

 private:
  static void put(std::string const& name, std::string const& value) {
    if (value.empty())
      ::unsetenv(name.c_str());
    else
      ::setenv(name.c_str(), value.c_str(), 1);
  }
  std::map<std::string, std::string> before_;
};

}  // namespace

TEST_CASE("a terminal before which a person sits may have colours") {
  Watched const person;
  REQUIRE(person.terminal >= 0);
  CHECK(is_watched(person.terminal));
  CHECK(wants_colour(person.terminal));
}

TEST_CASE(
    "what a launcher started writes no colours and no line over another, even on a terminal") {
  for (char const* name : {"OMPI_COMM_WORLD_SIZE", "PMI_RANK", "PMIX_RANK"}) {
    Watched person;
    person.set(name, "1");
    CHECK_FALSE(is_watched(person.terminal));
    CHECK_FALSE(wants_colour(person.terminal));
  }
}

TEST_CASE("NO_COLOR and a dumb terminal leave the colours out") {
  for (auto const& [name, value] : {std::pair{"NO_COLOR", "1"}, {"TERM", "dumb"}}) {
    Watched person;
    person.set(name, value);
    CHECK(is_watched(person.terminal));
    CHECK_FALSE(wants_colour(person.terminal));
  }
}

TEST_CASE("a pipe has no colours") {
  Watched const person;
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  CHECK_FALSE(wants_colour(ends[1]));
  for (int const end : ends) ::close(end);
}
