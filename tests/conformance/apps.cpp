// SPDX-License-Identifier: Apache-2.0
// What every mini-app must keep, asked of each that was built without naming one. A mini-app that
// is added meets these tests by being there.

#include "../device/world.hpp"
#include "allocations.hpp"

#include <inpex/app.hpp>
#include <inpex/host/declared.hpp>
#include <inpex/host/judge.hpp>
#include <inpex/host/mutation.hpp>
#include <inpex/host/plan.hpp>
#include <inpex/host/survey.hpp>
#include <inpex/host/targets.hpp>
#include <inpex/runtime.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace inpex {

namespace {

using test::world;

host::Spec const& spec_of(App const& app) {
  static auto const specs = host::load_all(host::spec_folders());
  for (auto const& spec : specs)
    if (spec.id == app.name) return spec;
  throw Error(Fault::spec, "no spec has the id " + app.name, "specs/", "write one beside the app");
}

host::Plan plan_of(App const& app, std::string const& case_name, std::string const& precision,
                   Table overrides = {}) {
  return host::make_plan(spec_of(app), {.case_name = case_name,
                                        .overrides = std::move(overrides),
                                        .ranks = world().size(),
                                        .precision = precision});
}

/// The apps that are asked: all, or those that INPEX_APPS names, with commas.
std::vector<App> const& asked() {
  static auto const chosen = [] {
    char const* const names = std::getenv("INPEX_APPS");
    auto const wanted = names == nullptr ? "" : "," + std::string(names) + ",";
    std::vector<App> some;
    for (auto const& app : apps())
      if (names == nullptr || wanted.find("," + app.name + ",") != std::string::npos)
        some.push_back(app);
    if (some.empty())
      throw Error(Fault::command, "no app of this program is asked", "INPEX_APPS", "name one");
    return some;
  }();
  return chosen;
}

/// Calls body(app, choice) for every such app, space, precision and schedule of this program; of
/// several ranks for the default space alone, because what they exchange is the same in all.
template <class Body>
void each_choice(Body const& body) {
  for (auto const& app : asked())
    for (auto const& space :
         world().size() == 1 ? app.spaces : std::vector{host::default_space(app.spaces)})
      for (auto const& precision : app.precisions)
        for (std::string const schedule : {"native", "device"}) {
          INFO(app.name << " on " << space << " in " << precision << ", schedule " << schedule);
          body(app, Choice{.space = space, .precision = precision, .schedule = schedule});
        }
}

/// The least value from `size` on that the parameter takes.
std::int64_t rounded_up(host::Parameter const& parameter, std::int64_t size) {
  return (size + parameter.multiple - 1) / parameter.multiple * parameter.multiple;
}

std::unique_ptr<Case> smoke(App const& app, Choice const& choice, Table overrides = {}) {
  return app.make(plan_of(app, "smoke", choice.precision, std::move(overrides)).parameters, choice,
                  world());
}

}  // namespace

TEST_CASE("an app is named folder.app, has a spec of that id, and says what it is") {
  REQUIRE(!asked().empty());
  std::set<std::string> names;
  for (auto const& app : asked()) {
    INFO(app.name);
    CHECK(std::count(app.name.begin(), app.name.end(), '.') == 1);
    CHECK(names.insert(app.name).second);
    CHECK(!app.summary.empty());
    CHECK(!app.item.empty());
    CHECK(spec_of(app).precisions == app.precisions);
  }
}

TEST_CASE("an app's fields are the spec's parameters and initial data, with the same types and "
          "defaults") {
  for (auto const& app : asked()) {
    auto const& spec = spec_of(app);
    std::set<std::string> in_spec, in_app;
    for (auto const& parameter : spec.parameters) in_spec.insert(parameter.name);
    for (auto const& datum : spec.initial_data) in_spec.insert(datum.name);
    for (auto const& field : app.fields()) {
      INFO(app.name << ": " << field.name);
      in_app.insert(field.name);
      auto const* parameter = spec.parameter(field.name);
      if (parameter == nullptr) continue;
      CHECK(parameter->type == type_name(field.fallback));
      if (parameter->fallback) CHECK(*parameter->fallback == field.fallback);
    }
    CHECK(in_spec == in_app);
  }
}

TEST_CASE("every check of the spec is one that the app can make") {
  for (auto const& app : asked()) {
    auto const known = smoke(app, {.space = app.spaces.front()})->checks();
    for (auto const& check : spec_of(app).verify) {
      INFO(app.name << ": " << check.id);
      CHECK(std::find(known.begin(), known.end(), check.id) != known.end());
    }
  }
}

TEST_CASE("an app says what it has chosen by the names of its spec", "[ranks]") {
  for (auto const& app : apps()) {
    std::vector<std::string> names;
    for (auto const& entry : smoke(app, {.space = app.spaces.front()})->chosen())
      names.push_back(entry.name);
    INFO(app.name);
    CHECK(names == spec_of(app).choices);
  }
}

TEST_CASE("the smoke case verifies", "[ranks]") {
  each_choice([](App const& app, Choice const& choice) {
    auto const plan = plan_of(app, "smoke", choice.precision);
    auto const configured = app.make(plan.parameters, choice, world());
    configured->reset();
    configured->sample(Timing::total);
    auto const names =
        host::names_after_run(spec_of(app), plan.names, {configured->extents(), 0, 0});
    auto const verdicts = host::verify(*configured, spec_of(app), "smoke", names);
    CHECK(!verdicts.empty());
    for (auto const& verdict : verdicts) {
      INFO(verdict.id << ": error " << verdict.error << ", tolerance " << verdict.tolerance);
      CHECK(verdict.passed);
    }
  });
}

TEST_CASE("a size that divides by nothing gives the state of one rank to the last bit", "[ranks]") {
  each_choice([](App const& app, Choice const& choice) {
    Table odd;
    std::int64_t size = 17;
    for (auto const& parameter : spec_of(app).parameters)
      if (parameter.role == host::Role::scaling)
        put(odd, parameter.name, rounded_up(parameter, size += 2));
    auto const configured = smoke(app, choice, odd);
    configured->sample(Timing::total);
    CHECK(configured->check("decomposition") == 0);
  });
}

TEST_CASE("reset and the same steps again end in the same state", "[ranks]") {
  each_choice([](App const& app, Choice const& choice) {
    auto const configured = smoke(app, choice);
    configured->reset();
    auto const start = configured->digest();
    configured->sample(Timing::total);
    auto const end = configured->digest();
    configured->reset();
    CHECK(configured->digest() == start);
    configured->sample(Timing::phases);
    CHECK(configured->digest() == end);
    CHECK(start != end);
  });
}

TEST_CASE("declared work is what the spec's formulas say, at three sizes") {
  for (auto const& app : asked())
    for (auto const& precision : app.precisions)
      for (std::int64_t const size : {16, 21, 40}) {
        INFO(app.name << " in " << precision << " at " << size);
        Table sizes;
        for (auto const& parameter : spec_of(app).parameters)
          if (parameter.role == host::Role::scaling)
            put(sizes, parameter.name, rounded_up(parameter, size));
        auto const plan = plan_of(app, "smoke", precision, sizes);
        auto const configured = app.make(
            plan.parameters, {.space = app.spaces.front(), .precision = precision}, world());
        auto const names =
            host::names_after_run(spec_of(app), plan.names, {configured->extents(), 0, 0});
        CHECK(host::work_difference(configured->work(), host::declared_work(spec_of(app), names),
                                    world()) == "");
      }
}

TEST_CASE("a step allocates nothing", "[ranks]") {
  each_choice([](App const& app, Choice const& choice) {
    auto const count = [&](std::int64_t steps) {
      auto const configured = smoke(app, choice, {{"steps", steps, ""}});
      configured->sample(Timing::total);  // libraries may allocate in the first step
      auto const views = test::runtime().allocated().allocations;
      auto const before = test::allocations();
      configured->sample(Timing::total);
      CHECK(test::runtime().allocated().allocations == views);
      return test::allocations() - before;
    };
    CHECK(count(21) == count(1));  // what a sample allocates does not depend on its steps
  });
}

TEST_CASE("an unknown parameter, space or check is refused with what to write") {
  for (auto const& app : asked()) {
    auto const refusal = [&](Table const& table, Choice const& choice) {
      try {
        app.make(table, choice, world());
        return std::string("accepted");
      } catch (Error const& error) {
        return error.problem + " / " + error.hint;
      }
    };
    CHECK(refusal({{"stepz", std::int64_t{3}, ""}}, {.space = app.spaces.front()}) ==
          "unknown parameter 'stepz' / did you mean 'steps'?");
    CHECK(refusal({}, {.space = "abacus"}).starts_with("not built for space 'abacus'"));
    CHECK(refusal({{"steps", std::string("many"), ""}}, {.space = app.spaces.front()})
              .starts_with("steps is a text, but must be a int"));
    CHECK_THROWS_AS(smoke(app, {.space = app.spaces.front()})->check("nothing"), Error);
  }
}

TEST_CASE("the checks of an app list every kind of fault that they must catch") {
  for (auto const& app : asked()) {
    INFO(app.name);
    CHECK(host::missing_faults(spec_of(app)) == std::vector<std::string>{});
  }
}

TEST_CASE("memory is within 5 % of the spec's footprint where rows are long") {
  for (auto const& app : asked()) {
    // The largest case of fixed size that takes no more than 3 GB: long rows, so that padding is
    // thin.
    host::Plan largest;
    for (auto const& each : spec_of(app).cases) {
      if (each.fill_memory) continue;
      auto const plan = plan_of(app, each.name, app.precisions.front());
      if (plan.total_bytes < 3'000'000'000 && plan.total_bytes > largest.total_bytes)
        largest = plan;
    }
    INFO(app.name << ", case " << largest.case_name);
    auto const before = test::runtime().allocated().bytes;
    auto const configured = app.make(
        largest.parameters,
        {.space = host::default_space(app.spaces), .precision = largest.precision}, world());
    auto const taken = static_cast<double>(test::runtime().allocated().bytes - before);
    CHECK(taken <= 1.05 * static_cast<double>(largest.footprint_bytes));
    CHECK(taken >= 0.95 * static_cast<double>(largest.footprint_bytes));
  }
}

}  // namespace inpex
