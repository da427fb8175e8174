// SPDX-License-Identifier: Apache-2.0
#pragma once
// stencil.star2d: the star-shaped stencil of the Parallel Research Kernels, with its two passes.
//   out += sum over d = 1..radius of w_d (in(+d) - in(-d)) along both axes, w_d = weight / (2 d
//   radius), at every cell that is `radius` cells from the walls; then in += 1 at every cell.
// From in = i + j the first pass adds 2 weight everywhere at each step. (Van der Wijngaart and
// Mattson, HPEC 2014.) The two axes are x and z of the substrate; y has one cell.

#include "block.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace inpex::stencil {

/// 8 radius flops: 4 radius weighted neighbours, the first of each of two sums not fused, and 2
/// adds.
template <class T, int reach_of_star>
struct StarPoint {
  static constexpr char const* name = "star2d sweep";
  static constexpr int radius = reach_of_star;
  static constexpr std::uint64_t flops = 8 * radius;
  static constexpr Reach reach = Reach::faces;
  static constexpr Shape shape{.rows = 1, .planes = 4, .chunk = 0, .level_planes = 0};
  static constexpr bool updates = true, coefficients = false;
  T weights[radius];

  template <class U>
  KOKKOS_FORCEINLINE_FUNCTION auto operator()(U const& u) const {
    auto const sum = along(u, std::make_integer_sequence<int, radius - 1>{});
    return u.before() + sum;
  }

 private:
  template <class U, int... d>
  KOKKOS_FORCEINLINE_FUNCTION auto along(U const& u, std::integer_sequence<int, d...>) const {
    auto up = weights[0] * u(Offset<0, 0, 1>{}), right = weights[0] * u(Offset<1, 0, 0>{});
    up = fused(-weights[0], u(Offset<0, 0, -1>{}), up);
    right = fused(-weights[0], u(Offset<-1, 0, 0>{}), right);
    ((up = fused(weights[d + 1], u(Offset<0, 0, d + 2>{}), up),
      up = fused(-weights[d + 1], u(Offset<0, 0, -d - 2>{}), up),
      right = fused(weights[d + 1], u(Offset<d + 2, 0, 0>{}), right),
      right = fused(-weights[d + 1], u(Offset<-d - 2, 0, 0>{}), right)),
     ...);
    return up + right;
  }
};

namespace detail {

template <class T>
struct Increment {
  static constexpr char const* name = "star2d increment";
  T* field;
  Layout layout;
  KOKKOS_INLINE_FUNCTION void operator()(int i, int j, int k) const {
    field[layout.at(i, j, k)] += T(1);
  }
};

/// i + j + steps, and what `out` holds after `steps` steps: 0 in the margin.
struct Ramp {
  std::int64_t x, z, steps;  // of the first cell of this block
  KOKKOS_INLINE_FUNCTION double operator()(int i, int, int k) const {
    return static_cast<double>(x + i + z + k + steps);
  }
};
struct Plateau {
  std::int64_t x, z, nx, nz;
  int margin;
  double height;
  KOKKOS_INLINE_FUNCTION double operator()(int i, int, int k) const {
    auto const inside = [&](std::int64_t cell, std::int64_t cells) {
      return cell >= margin && cell < cells - margin;
    };
    return inside(x + i, nx) && inside(z + k, nz) ? height : 0.0;
  }
};

/// A star of any radius.
class Star {
 public:
  virtual ~Star() = default;
  virtual void reset() = 0;
  virtual void step() = 0;
  [[nodiscard]] virtual double error(std::int64_t steps, double weight) const = 0;
  [[nodiscard]] virtual std::uint64_t digest() const = 0;
  [[nodiscard]] virtual std::vector<PhaseWork> work() const = 0;
  [[nodiscard]] virtual Table extents() const = 0;
};

template <Space S, class T, int radius>
class StarOf final : public Star {
 public:
  StarOf(Context<S> const& context, std::int64_t nx, std::int64_t nz, double weight,
         Execution const& how)
      : nx_(nx), nz_(nz), block_(context, {{nx, 1, nz}, {radius, 0, radius}, {radius, 0, radius}},
                                 point(weight), how) {}

  void reset() override {
    block_.fill(block_.current(), Ramp{x(), z(), 0});
    block_.fill(block_.next(), Zero{});
  }
  void step() override {
    block_.sweep();
    auto const phase = block_.context().phase("add");
    for_cells(block_.context(), block_.tiles(), Increment<T>{block_.current(), block_.layout()});
    block_.keep();
  }
  [[nodiscard]] double error(std::int64_t steps, double weight) const override {
    double const height = 2 * weight * static_cast<double>(steps);
    return std::max(block_.deviation(block_.next(), Plateau{x(), z(), nx_, nz_, radius, height}),
                    block_.deviation(block_.current(), Ramp{x(), z(), steps}));
  }
  [[nodiscard]] std::uint64_t digest() const override {
    return block_.digest(block_.next()) ^ mixed(block_.digest(block_.current()));
  }
  [[nodiscard]] std::vector<PhaseWork> work() const override {
    auto work = block_.work();
    auto const cells = std::uint64_t(owned(block_.layout()).cells());
    work.push_back(
        {"add",
         {.flops = cells, .bytes_read = sizeof(T) * cells, .bytes_written = sizeof(T) * cells}});
    return work;
  }
  [[nodiscard]] Table extents() const override {
    auto extents = block_.extents();
    auto const box = block_.swept_box();
    put(extents, "swept", box.cells());
    put(extents, "arms", std::int64_t{2 * radius} * (box.extent(0) + box.extent(2)));
    return extents;
  }

 private:
  static StarPoint<T, radius> point(double weight) {
    StarPoint<T, radius> point{};
    for (int d = 1; d <= radius; ++d)
      point.weights[d - 1] = static_cast<T>(weight / (2 * d * radius));
    return point;
  }
  [[nodiscard]] std::int64_t x() const { return block_.grid().lower()[0]; }
  [[nodiscard]] std::int64_t z() const { return block_.grid().lower()[2]; }

  std::int64_t nx_, nz_;
  Block<S, T, StarPoint<T, radius>> block_;
};

}  // namespace detail

template <class S, class Real>
class Star2d {
 public:
  using space = S;
  static constexpr auto name = "stencil.star2d";
  static constexpr auto summary = "The two-pass star of the Parallel Research Kernels";
  static constexpr auto item = "cell updates";

  struct Params {
    std::int64_t nx = 100, nz = 100, steps = 10, radius = 4;
    double weight = 1;
    std::string variant = Execution{}.variant, overlap = Execution{}.overlap;

    static constexpr auto fields() {
      using P = Params;
      return std::tuple{field("nx", &P::nx),          field("nz", &P::nz),
                        field("steps", &P::steps),    field("radius", &P::radius),
                        field("weight", &P::weight),  field("variant", &P::variant),
                        field("overlap", &P::overlap)};
    }
  };

  Star2d(Params const& params, Context<S> const& context) : star_(make(params, context)) {}

  void reset() { star_->reset(); }
  void step() { star_->step(); }
  [[nodiscard]] std::vector<PhaseWork> work() const { return star_->work(); }
  [[nodiscard]] Table extents() const { return star_->extents(); }
  std::uint64_t digest() { return star_->digest(); }
  static std::vector<Check<Star2d>> checks() { return {{"norm", &Star2d::error}}; }

 private:
  /// The largest deviation of any cell of both fields from what they hold after truth.steps steps.
  double error(Params const& truth) { return star_->error(truth.steps, truth.weight); }

  static std::unique_ptr<detail::Star> make(Params const& p, Context<S> const& context) {
    std::unique_ptr<detail::Star> star;
    auto const try_radius = [&]<int r>(std::integral_constant<int, r>) {
      if (p.radius == r)
        star = std::make_unique<detail::StarOf<S, Real, r>>(context, p.nx, p.nz, p.weight,
                                                            Execution{p.variant, 1, p.overlap});
    };
    detail::unrolled<4>([&](auto less) { try_radius(std::integral_constant<int, less + 1>{}); });
    if (star == nullptr)
      throw Error(Fault::spec, "a star of radius " + std::to_string(p.radius), "radius",
                  "take 1, 2, 3 or 4");
    return star;
  }

  std::unique_ptr<detail::Star> star_;
};

}  // namespace inpex::stencil
