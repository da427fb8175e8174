// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a mini-app's template to an App without templates, and the only fence-barrier-clock of the
// program: fence, barrier, start, steps, fence, stop. Included by the source files of a mini-app's
// folder alone, app.cpp or one for each app, where its templates are instantiated: spaces of the
// build times precisions.

#include <inpex/app.hpp>
#include <inpex/counted.hpp>
#include <inpex/miniapp.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace inpex {

namespace detail {

inline double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Keeps this thread busy for so many seconds.
inline void hold_up(double seconds) {
  for (double const end = seconds_now() + seconds; seconds_now() < end;) {
  }
}

/// Times phases, with a fence at each end.
template <Space S>
class PhaseClock final : public PhaseListener {
 public:
  explicit PhaseClock(S const& space) : space_(space) {}
  void begin(char const* phase) override {
    space_.fence("phase begins");
    name_ = phase;
    start_ = seconds_now();
  }
  void end() override {
    space_.fence("phase ends");
    double const seconds = seconds_now() - start_;
    for (auto& each : phases_)
      if (each.name == name_) {
        each.seconds += seconds;
        return;
      }
    phases_.push_back({name_, seconds});
  }
  std::vector<Phase> take() { return std::exchange(phases_, {}); }

 private:
  S space_;
  std::string name_;
  double start_ = 0;
  std::vector<Phase> phases_;
};

/// The parameters as the app gets them: with a perturbed coefficient, its first real one that is
/// not 0, if that is what is planted. Throws Error (command) where there is none: a fault that
/// changes nothing would prove nothing.
template <class Params, class AnyPlan>
Params planted_params(Params params, AnyPlan const& plan) {
  if (!plan.is("wrong-coefficient")) return params;
  bool done = false;
  auto const perturb = [&]<class Member>(NamedMember<Params, Member> const& f) {
    if constexpr (std::is_same_v<Member, double>) {
      if (done || params.*(f.member) == 0) return;
      params.*(f.member) *= 1 + plan.amount();
      done = true;
    }
  };
  std::apply([&](auto const&... f) { (perturb(f), ...); }, Params::fields());
  if (!done)
    throw Error(Fault::command, "the app has no real parameter that could be wrong",
                "--fault wrong-coefficient", "plant another fault in this app");
  return params;
}

}  // namespace detail

/// A mini-app behind the interface that the harness sees.
template <MiniApp A>
class Bound final : public Case {
  using S = typename A::space;
  using Params = typename A::Params;

 public:
  Bound(Params const& params, Choice const& choice, Comm const& comm)
      : truth_(params),
        choice_(choice), context_{.comm = comm,
                                  .schedule = choice.schedule == "device" ? Schedule::device
                                                                          : Schedule::native,
                                  .plan = Plan(choice.fault, choice.amount)},
        clock_(context_.space) {
    double const start = detail::seconds_now();
    app_.emplace(detail::planted_params(truth_, context_.plan), context_);
    app_->reset();
    context_.space.fence("end of set-up");
    setup_seconds_ = detail::seconds_now() - start;
    if constexpr (requires { app_->prepare(truth_); }) app_->prepare(truth_);
  }

  void reset() override { app_->reset(); }

  std::vector<Phase> sample(Timing timing) override {
    context_.listener = timing == Timing::phases ? &clock_ : nullptr;
    context_.plan.arm(true);
    context_.space.fence("before a sample");
    context_.comm.barrier();
    double const start = detail::seconds_now();
    for (std::int64_t step = 0, steps = planned_steps(); step < steps; ++step) app_->step();
    if constexpr (config::faults)
      if (timing == Timing::total) detail::hold_up(choice_.delay);
    context_.space.fence("end of a sample");
    double const seconds = detail::seconds_now() - start;
    context_.plan.arm(false);
    context_.listener = nullptr;
    return timing == Timing::phases ? clock_.take() : std::vector<Phase>{{"total", seconds}};
  }

  double check(std::string_view id) override {
    if (id == "decomposition") return same_as_one_rank() ? 0 : 1;
    for (auto const& each : A::checks())
      if (each.id == id) return ((*app_).*(each.find))(truth_);
    throw Error(Fault::spec, std::string(A::name) + " has no check '" + std::string(id) + "'",
                "verify", suggestion(id, checks()));
  }

  std::uint64_t digest() override { return app_->digest(); }

  [[nodiscard]] std::vector<std::string> checks() const override {
    std::vector<std::string> ids{"decomposition"};
    for (auto const& each : A::checks()) ids.emplace_back(each.id);
    return ids;
  }
  [[nodiscard]] double setup_seconds() const override { return setup_seconds_; }
  [[nodiscard]] std::vector<PhaseWork> work() const override { return app_->work(); }
  [[nodiscard]] Table extents() const override { return app_->extents(); }
  [[nodiscard]] Table chosen() const override {
    if constexpr (requires { app_->chosen(); })
      return app_->chosen();
    else
      return {};
  }
  [[nodiscard]] Table resolved() const override { return write(truth_); }

 private:
  [[nodiscard]] std::int64_t planned_steps() const {
    if (context_.plan.is("earlier-result")) return 0;
    return truth_.steps - (context_.plan.is("skipped-step") ? 1 : 0);
  }
  // The digest of this state against that of the same steps done by each rank on its own.
  bool same_as_one_rank() {
    auto const here = app_->digest();
    Choice alone = choice_;
    alone.fault.clear();
    Bound one(truth_, alone, Comm());
    one.sample(Timing::total);
    return context_.comm.minimum(std::uint64_t{one.digest() == here}) == 1;
  }

  Params truth_;
  Choice choice_;
  Context<S> context_;
  detail::PhaseClock<S> clock_;
  double setup_seconds_ = 0;
  std::optional<A> app_;
};

namespace detail {

/// A number's own, or the `precision` of a type that stands for several numbers.
template <class Real>
constexpr std::string_view precision_name() {
  if constexpr (requires { Real::precision; })
    return Real::precision;
  else
    return sizeof(Real) == 8 ? "fp64" : "fp32";
}

/// The Case of App<S, Real> for the one (space, precision) that the choice names.
template <template <class, class> class A, class... Reals>
struct Maker {
  template <class S>
  static void try_space(Table const& table, Choice const& choice, Comm const& comm,
                        std::unique_ptr<Case>& made) {
    if (choice.space == space_name<S>()) (try_precision<S, Reals>(table, choice, comm, made), ...);
  }
  template <class S, class Real>
  static void try_precision(Table const& table, Choice const& choice, Comm const& comm,
                            std::unique_ptr<Case>& made) {
    static_assert(MiniApp<A<S, Real>>,
                  "this type is no mini-app yet: the error below names what it lacks");
    if (choice.precision == precision_name<Real>())
      made = std::make_unique<Bound<A<S, Real>>>(read<typename A<S, Real>::Params>(table), choice,
                                                 comm);
  }
  template <class... S>
  static std::unique_ptr<Case> make(SpaceList<S...>, Table const& table, Choice const& choice,
                                    Comm const& comm) {
    std::unique_ptr<Case> made;
    (try_space<S>(table, choice, comm, made), ...);
    if (made == nullptr)
      throw Error(Fault::command,
                  "not built for space '" + choice.space + "' and precision '" + choice.precision +
                      "'",
                  "--space, --precision", "`inpex list` says what each app was built for");
    return made;
  }
};

template <class... S>
std::vector<std::string> names_of(SpaceList<S...>) {
  return {std::string(space_name<S>())...};
}

}  // namespace detail

namespace detail {

template <class Spaces, template <class, class> class A, class... Reals>
App bound() {
  using First = A<Kokkos::DefaultHostExecutionSpace, std::tuple_element_t<0, std::tuple<Reals...>>>;
  return {.name = std::string(First::name),
          .summary = std::string(First::summary),
          .item = std::string(First::item),
          .spaces = detail::names_of(Spaces{}),
          .precisions = {std::string(detail::precision_name<Reals>())...},
          .fields = [] { return fields_of<typename First::Params>(); },
          .make =
              [](Table const& table, Choice const& choice, Comm const& comm) {
                return detail::Maker<A, Reals...>::make(Spaces{}, table, choice, comm);
              }};
}

}  // namespace detail

/// The App of a mini-app template A<Space, Real> in the given precisions; the first is the default.
/// The audit has that one alone, in counting numbers on one thread.
template <template <class, class> class A, class Real, class... More>
App bind() {
  if constexpr (config::audit)
    return detail::bound<detail::SerialList, A, Counted<Real>>();
  else
    return detail::bound<Spaces, A, Real, More...>();
}

}  // namespace inpex
