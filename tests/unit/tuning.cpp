// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/tuned_run.hpp>
#include <inpex/host/tuner.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;

namespace {

Parameter tuned_parameter(std::string const& name, std::int64_t fallback,
                          std::vector<Value> candidates) {
  return {.name = name,
          .type = "int",
          .role = Role::tuning,
          .unit = {},
          .summary = {},
          .fallback = fallback,
          .min = std::int64_t{1},
          .max = std::int64_t{64},
          .allowed = {},
          .open = {},
          .candidates = std::move(candidates),
          .where = {}};
}

Spec tuned_spec() {
  Spec spec;
  spec.id = "a.b";
  spec.digest = "d";
  spec.parameters = {tuned_parameter("tile", 8, {std::int64_t{4}, std::int64_t{8}}),
                     tuned_parameter("depth", 2, {std::int64_t{2}, std::int64_t{3}}),
                     tuned_parameter("plain", 1, {})};
  return spec;
}

Tuning tuning_of_b(Table const& parameters) {
  return {.machine = "h",
          .cpu = "c",
          .apps = {{"a.b", "openmp", "fp64", 2, "d", parameters, 1.1, "t"}}};
}

/// A search over fixed times, where the clock stands still.
Search search_fixed(std::vector<double> const& times) {
  return search_candidates(
      times.size(), [&](std::size_t i) { return times[i]; }, [] { return 0.0; }, 1);
}

}  // namespace

TEST_CASE("the candidates are all combinations, the defaults first") {
  auto const tables = candidates_of(tuned_spec());
  REQUIRE(tables.size() == 4);
  CHECK(tables.front() == Table{{"tile", std::int64_t{8}, ""}, {"depth", std::int64_t{2}, ""}});
  auto spec = tuned_spec();
  for (auto& parameter : spec.parameters) parameter.candidates.clear();
  CHECK(candidates_of(spec).empty());
}

TEST_CASE(
    "a search finds the fastest candidate, and keeps the first where nothing is surely faster") {
  auto const found = search_fixed({10, 12, 8, 9, 11});
  CHECK(found.best == 2);
  CHECK(found.gain == 10.0 / 8);
  CHECK(found.tried == 5);
  CHECK(search_fixed({10, 9.9, 12}).best == 0);  // 1 % is less than least_gain
  CHECK(search_fixed({10}).best == 0);
}

TEST_CASE("a candidate that is faster in most rounds but not in all does not take the first one's "
          "place") {
  int calls = 0;
  auto const seconds = [&](std::size_t i) {
    ++calls;
    return i == 0 ? 10.0 : calls % 10 == 0 ? 11.0 : 5.0;
  };
  CHECK(search_candidates(
            2, seconds, [] { return 0.0; }, 1)
            .best == 0);
}

TEST_CASE("a search that runs out of time tries no more, and then trusts nothing") {
  double now = 0;
  auto const seconds = [&](std::size_t i) { return now += 1, 10.0 - static_cast<double>(i); };
  auto const found = search_candidates(
      9, seconds, [&] { return now; }, 6);
  CHECK(found.tried == 2);  // a third of the time
  CHECK(found.best == 0);   // two rounds of two are fewer than tuning_rounds
}

TEST_CASE("what was found is put into tasks of that app, space, precision and threads") {
  Survey survey;
  survey.spaces.push_back({});
  survey.spaces.back().placement.space = "openmp";
  survey.spaces.back().placement.threads = 2;
  Task const plain{"1", "a.b", "S", "openmp", "fp64", "native", {}};
  auto const taken = [&](Tuning const& tuning, Task task) {
    std::vector<Task> tasks{std::move(task)};
    tune_tasks(tuning, {tuned_spec()}, survey, tasks);
    return tasks.front().parameters;
  };
  Table const four{{"tile", std::int64_t{4}, ""}};
  CHECK(taken(tuning_of_b(four), plain) == four);
  CHECK(taken(tuning_of_b({{"tile", std::int64_t{8}, ""}}), plain).empty());   // the default
  CHECK(taken(tuning_of_b({{"tile", std::int64_t{65}, ""}}), plain).empty());  // above max
  CHECK(taken(tuning_of_b({{"tile", 4.0, ""}}), plain).empty());               // no int
  CHECK(taken(tuning_of_b({{"tail", std::int64_t{4}, ""}}), plain).empty());
  auto other = plain;
  other.precision = "fp32";
  CHECK(taken(tuning_of_b(four), other).empty());
  other = plain;
  other.schedule = "device";
  CHECK(taken(tuning_of_b(four), other).empty());
  other = plain;
  put(other.parameters, "plain", std::int64_t{2});  // the command tunes itself
  CHECK(taken(tuning_of_b(four), other) == other.parameters);
  auto changed = tuning_of_b(four);
  changed.apps.front().spec = "another digest";
  CHECK(taken(changed, plain).empty());
  changed = tuning_of_b(four);
  changed.apps.front().threads = 1;
  CHECK(taken(changed, plain).empty());
}

TEST_CASE("a tuning file that is damaged, of another format or machine is refused with its place") {
  auto const text = json_text(tuning_of_b({}));
  CHECK(tuning_of_text(text, "f", "h").apps.size() == 1);
  CHECK_THROWS_AS(tuning_of_text(text.substr(0, text.size() / 2), "f", "h"), Error);
  CHECK_THROWS_AS(tuning_of_text(text, "f", "another"), Error);
  auto old = tuning_of_b({});
  old.inpex_tuning = "0.9";
  CHECK_THROWS_AS(tuning_of_text(json_text(old), "f", "h"), Error);
}

TEST_CASE("what is found again replaces what was found before") {
  auto tuning = tuning_of_b({});
  auto again = tuning.apps.front();
  again.gain = 2;
  keep_tuned(tuning, again);
  REQUIRE(tuning.apps.size() == 1);
  CHECK(tuning.apps.front().gain == 2);
  again.threads = 1;
  keep_tuned(tuning, again);
  CHECK(tuning.apps.size() == 2);
}
