// SPDX-License-Identifier: Apache-2.0
#pragma once
// Faults that the program inpex-faults plants, to prove that checks catch them: in the substrate
// (launch, halo, buffers, frame) or, where that cannot express one, in an app outside its kernels.
// In every other program a Plan is empty, its questions are constants, and the compiler leaves no
// trace.

#include <inpex/config.hpp>
#include <inpex/error.hpp>

#include <array>
#include <string>
#include <string_view>
#include <type_traits>

namespace inpex {

/// A fault that can be planted, with what it does.
struct FaultKind {
  std::string_view name;
  std::string_view effect;
  int ranks;  ///< the fewest ranks on which it can show
};

/// Every fault there is.
inline constexpr std::array fault_kinds = {
    FaultKind{"null-kernel", "launch returns without running the kernel", 1},
    FaultKind{"skipped-plane", "launch leaves out the last tile", 1},
    FaultKind{"drop-halo", "the halo exchange does nothing", 2},
    FaultKind{"stale-halo", "the halo repeats what it sent at the step before", 2},
    FaultKind{"stale-buffer", "two buffers that must swap do not", 1},
    FaultKind{"wrong-coefficient",
              "the app is given a coefficient that is off by the relative amount", 1},
    FaultKind{"not-a-number", "a stretch of the state becomes NaN", 1},
    FaultKind{"idle-rank", "the last rank does no step", 1},
    FaultKind{"skipped-step", "one step of a sample is left out", 1},
    FaultKind{"earlier-result", "a sample returns without a step, and the state is an earlier one",
              1},
    FaultKind{"swapped-columns", "two rows of a matrix exchange a column", 1},
    FaultKind{"colour-race", "two colours of a sweep become one", 1},
    FaultKind{"skipped-sweep", "a smoother leaves out its backward sweep", 1},
    FaultKind{"dropped-product", "a sweep forgets the product that it must keep", 1},
    FaultKind{"wrong-restriction", "a coarse grid gets its neighbour's residual", 1},
    FaultKind{"dropped-neighbour", "one row in 512 of a list of neighbours forgets an entry", 1},
    FaultKind{"thin-skin", "a list of neighbours looks half of its skin beyond the cut-off", 1},
    FaultKind{"pairs-twice", "half of the pairs act twice", 1},
    FaultKind{"lost-update", "of two deposits of charge to one cell one is overwritten", 1},
    FaultKind{"lost-particle", "a particle that moves to another rank is forgotten", 2},
    FaultKind{"wrong-shift",
              "ghosts across the end of a periodic box are off by a thousandth of it", 2},
    FaultKind{"conjugated-twiddle", "one factor of a transform has the other sign of its sine", 1},
    FaultKind{"swapped-twiddles", "two factors of a transform change places", 1},
    FaultKind{"missing-scale", "the backward transform is not divided by its length", 1},
    FaultKind{"wrong-stride", "one pass of a transform reads its lines off by a number a point", 1},
    FaultKind{"stale-chunk", "a part of an exchange of all with all is not sent", 2},
    FaultKind{"aliasing", "products keep the waves that a grid cannot hold", 1},
    FaultKind{"loose-tolerance", "a solver is content with 1000 times the residual", 1},
};

/// The entry of that name, or nullptr.
constexpr FaultKind const* find_fault(std::string_view name) {
  for (auto const& kind : fault_kinds)
    if (kind.name == name) return &kind;
  return nullptr;
}

namespace detail {

struct NoPlan {
  explicit NoPlan(std::string_view name = {}, double = 0) {
    if (!name.empty())
      throw Error(Fault::command, "this program plants no faults", "--fault",
                  "use inpex-faults, or `inpex mutate`");
  }
  [[nodiscard]] static constexpr bool is(std::string_view) { return false; }
  [[nodiscard]] static constexpr bool acts(std::string_view) { return false; }
  [[nodiscard]] static constexpr double amount() { return 0; }
  static constexpr void arm(bool) {}
};

class ArmedPlan {
 public:
  explicit ArmedPlan(std::string_view name = {}, double amount = 0) : name_(name), amount_(amount) {
    if (!name.empty() && find_fault(name) == nullptr)
      throw Error(Fault::command, "unknown fault '" + name_ + "'", "--fault");
  }
  [[nodiscard]] bool is(std::string_view name) const { return name_ == name; }
  [[nodiscard]] bool acts(std::string_view name) const { return armed_ && name_ == name; }
  [[nodiscard]] double amount() const { return amount_; }
  void arm(bool on) { armed_ = on; }

 private:
  bool armed_ = false;
  std::string name_;
  double amount_;
};

}  // namespace detail

/// What is planted in this case. `is(name)` asks for the name; `acts(name)` also for being inside a
/// step, which the frame says by `arm`. Both are constant false outside inpex-faults.
using Plan = std::conditional_t<config::faults, detail::ArmedPlan, detail::NoPlan>;

}  // namespace inpex
