// SPDX-License-Identifier: Apache-2.0
// Kills a writer 200 times at random moments: nothing that it was told is written may be lost, and
// nothing torn may count.
#include <inpex/host/bundle_writer.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>

using namespace inpex;
using namespace inpex::host;

namespace {

constexpr int planned_tasks = 5;

// Creates or resumes, appends all that is left and finishes; says each task to `told` when append()
// has returned.
[[noreturn]] void write_bundle(std::filesystem::path const& out, int told) {
  auto const fault = fault_of([&] {
    auto writer = is_there(out.string() + ".partial")
                      ? BundleWriter::resume(out, test_conditions())
                      : BundleWriter::create(out, test_plan(planned_tasks));
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

// Lets a child write for `delay`, or to its end, kills it, and collects what it said.
Round run(std::filesystem::path const& out, std::optional<std::chrono::duration<double>> delay) {
  int pipe[2];
  REQUIRE(::pipe(pipe) == 0);
  auto const child = ::fork();
  if (child == 0) write_bundle(out, pipe[1]);
  ::close(pipe[1]);
  if (delay) {
    std::this_thread::sleep_for(*delay);
    ::kill(child, SIGKILL);
  }
  Round round;
  int status = 0;
  ::waitpid(child, &status, 0);
  round.killed = WIFSIGNALED(status);
  if (WIFEXITED(status)) round.exit = WEXITSTATUS(status);
  std::string text, name;
  char byte = 0;
  while (::read(pipe[0], &byte, 1) == 1) {
    if (byte == '\n')
      round.told.insert(name), name.clear();
    else
      name += byte;
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
  CHECK(bundle.records.size() + bundle.remaining.size() == std::size_t{planned_tasks});
}

// What a run that was killed left at `out`; a bundle that became whole is removed, and so is a
// folder in which nothing had begun. Returns whether it was whole.
bool check_and_clear(std::filesystem::path const& out, std::set<std::string>& told) {
  std::filesystem::path const partial = out.string() + ".partial";
  bool const whole = is_there(out);
  if (whole || is_there(partial / "plan.json")) {
    auto const bundle = open_bundle(whole ? out : partial);
    check_bundle(bundle, told);
    if (!whole) return false;
    CHECK(bundle.remaining.empty());
  }
  if (!whole) CHECK(told.empty());
  told.clear();
  std::filesystem::remove_all(whole ? out : partial);
  return whole;
}

}  // namespace

TEST_CASE("a writer that is killed at 200 random moments loses no record and invents none") {
  ScratchFolder const folder;
  std::set<std::string> told;
  auto const out = folder / "out";
  auto const start = std::chrono::steady_clock::now();
  REQUIRE(run(out, std::nullopt).exit == 0);
  // A run takes this long here and now; within half of it a kill finds every step, as each goes on
  // where the last one was killed.
  std::chrono::duration<double> const longest = (std::chrono::steady_clock::now() - start) / 2;
  CHECK(check_and_clear(out, told));
  std::mt19937 random(20261122);
  for (int kills = 0; kills < 200;) {
    auto const round = run(out, longest * std::uniform_real_distribution<>(0, 1)(random));
    kills += round.killed ? 1 : 0;
    told.insert(round.told.begin(), round.told.end());
    if (!round.killed) REQUIRE(round.exit == 0);
    check_and_clear(out, told);
  }
  auto const last = run(out, std::nullopt);
  REQUIRE(last.exit == 0);
  told.insert(last.told.begin(), last.told.end());
  CHECK(check_and_clear(out, told));
}
