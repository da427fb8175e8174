// SPDX-License-Identifier: Apache-2.0
// refused: this type is no mini-app yet
#include <inpex/bind.hpp>

namespace inpex {

// All that a mini-app has, but step().
template <class S, class Real>
struct Still {
  using space = S;
  static constexpr auto name = "wrong.still", summary = "Never moves", item = "steps";
  struct Params {
    std::int64_t steps = 1;
    static constexpr auto fields() { return std::tuple{field("steps", &Params::steps)}; }
  };
  Still(Params const&, Context<S> const&) {}
  void reset() {}
  [[nodiscard]] std::vector<PhaseWork> work() const { return {}; }
  [[nodiscard]] Table extents() const { return {}; }
  std::uint64_t digest() { return 0; }
  static std::vector<Check<Still>> checks() { return {}; }
};

App const still = bind<Still, double>();

}  // namespace inpex
