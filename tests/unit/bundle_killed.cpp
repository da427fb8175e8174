// SPDX-License-Identifier: Apache-2.0
// Kills a writer 200 times at random moments: nothing that it was told is written may be lost, and
// nothing torn may count.
#include <inpex/host/bundle_writer.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <random>
#include <set>
#include <string>
#include <thread>

using namespace inpex;
using namespace inpex::host;

namespace {

constexpr int tasks = 15;

// Creates or resumes, appends all that is left and finishes; says each task to `told` when append()
// has returned.
[[noreturn]] void write_bundle(std::filesystem::path const& out, int told) {
  auto const fault = fault_of([&] {
    auto writer = is_there(out.string() + ".partial") ? BundleWriter::resume(out, test_conditions())
                                                      : BundleWriter::create(out, test_plan(tasks));
    for (auto const& task : writer.remaining()) {
      auto const record = writer.append(test_record(task), test_samples(20));
      auto const line = record.provenance.task + "\n";
      if (::write(told, line.data(), line.size()) < 0) ::_exit(2);
    }
    writer.finish();
  });
  ::_exit(fault ? 1 : 0);
}

struct Round {
  bool killed = false;
  int exit = -1;
  std::set<std::string> told;  // tasks whose append() had returned
};

// Lets a child write for `delay`, kills it, and collects what it said.
Round run_and_kill(std::filesystem::path const& out, std::chrono::microseconds delay) {
  int pipe[2];
  REQUIRE(::pipe(pipe) == 0);
  auto const child = ::fork();
  if (child == 0) write_bundle(out, pipe[1]);
  ::close(pipe[1]);
  std::this_thread::sleep_for(delay);
  ::kill(child, SIGKILL);
  Round round;
  int status = 0;
  ::waitpid(child, &status, 0);
  round.killed = WIFSIGNALED(status);
  if (WIFEXITED(status)) round.exit = WEXITSTATUS(status);
  std::string text, name;
  char byte = 0;
  while (::read(pipe[0], &byte, 1) == 1) {
    if (byte == '\n') round.told.insert(name), name.clear();
    else name += byte;
  }
  ::close(pipe[0]);
  return round;
}

// Every record that counts is whole, down to its samples, and every one that was told is there.
void check_bundle(Bundle const& bundle, std::set<std::string> told) {
  for (auto const& record : bundle.records) {
    CHECK(read_samples(bundle.folder, record).time == test_samples(20).time);
    told.erase(record.provenance.task);
  }
  CHECK(told.empty());
  CHECK(bundle.records.size() + bundle.remaining.size() == std::size_t{tasks});
}

}  // namespace

TEST_CASE("a writer that is killed at 200 random moments loses no record and invents none") {
  ScratchFolder const folder;
  std::mt19937 random(20261122);
  std::uniform_int_distribution<int> microseconds(0, 60000);
  std::set<std::string> told;
  int kills = 0, bundles = 0;
  auto out = folder / "0";
  while (kills < 200) {
    auto const round = run_and_kill(out, std::chrono::microseconds(microseconds(random)));
    kills += round.killed ? 1 : 0;
    told.insert(round.told.begin(), round.told.end());
    if (!round.killed) REQUIRE(round.exit == 0);
    std::filesystem::path const partial = out.string() + ".partial";
    if (is_there(out)) {
      auto const bundle = open_bundle(out);
      check_bundle(bundle, told);
      CHECK(bundle.remaining.empty());
      told.clear();
      std::filesystem::remove_all(out);
      out = folder / std::to_string(++bundles);
    } else if (is_there(partial / "plan.json")) {
      check_bundle(open_bundle(partial), told);
    } else {  // killed before the run had begun
      CHECK(told.empty());
      std::filesystem::remove_all(partial);
    }
  }
  CHECK(bundles > 0);
}
