// SPDX-License-Identifier: Apache-2.0
// One array for what comes and what leaves: where that can be, the bits are those of two.

#include "batch_pass.hpp"
#include "box_transform.hpp"
#include "noise.hpp"
#include "passes.hpp"

#include "device/spaces.hpp"
#include "refusal.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace inpex::fft {

namespace {

/// Planes of noise as another program would have them, in a View of Kokkos' own.
template <class T, class S>
Kokkos::View<T*, typename S::memory_space> noisy(std::size_t size) {
  Kokkos::View<T*, typename S::memory_space> numbers("numbers", size);
  auto const host = Kokkos::create_mirror_view(numbers);
  for (std::size_t n = 0; n + 1 < size; n += 2)
    noise(static_cast<std::int64_t>(n / 2), host.data() + n);
  Kokkos::deep_copy(numbers, host);
  return numbers;
}

/// How many numbers of planes differ.
template <class T, class S>
std::size_t differences(BoxTransform<S, T> const& fft, T const* a, T const* b) {
  auto const size = fft.plane_numbers(), pitch = static_cast<std::size_t>(fft.plane_pitch()),
             points = 2 * static_cast<std::size_t>(fft.slabs().nx()) *
                      static_cast<std::size_t>(fft.slabs().ny());
  auto const one = test::on_host<S>(a, size), other = test::on_host<S>(b, size);
  std::size_t count = 0;
  for (std::size_t n = 0; n < size; ++n) count += n % pitch < points && one[n] != other[n];
  return count;
}

template <class T, class S>
void transform_in_place(Context<S> const& context, bool naive, std::array<std::int64_t, 3> n) {
  INFO(n[0] << " x " << n[1] << " x " << n[2] << (naive ? ", naive" : ""));
  BoxTransform<S, T> fft(context, n, {.naive = naive});
  REQUIRE(fft.in_place());
  auto const numbers = noisy<T, S>(fft.plane_numbers()), one = noisy<T, S>(fft.plane_numbers()),
             spectrum = noisy<T, S>(fft.tower_numbers());
  fft.forward(numbers.data(), spectrum.data());
  fft.forward(one.data(), one.data());
  context.space.fence("test");
  CHECK(differences<T, S>(fft, one.data(), spectrum.data()) == 0);
  T const scale = T(1) / static_cast<T>(fft.slabs().points());
  fft.backward(spectrum.data(), numbers.data(), scale);
  fft.backward(one.data(), one.data(), scale);
  context.space.fence("test");
  CHECK(differences<T, S>(fft, one.data(), numbers.data()) == 0);
}

}  // namespace

TEMPLATE_TEST_CASE("a complex box on one rank is transformed in place to the same bits", "[fft]",
                   double, float) {
  test::each_space([](auto const& given) {
    auto alone = given;
    alone.comm = Comm();
    for (auto const& n : {std::array<std::int64_t, 3>{64, 64, 5},
                          {32, 24, 20},
                          {34, 21, 13},
                          {256, 8, 3},
                          {243, 10, 7},
                          {7, 1, 2},
                          {1, 3, 5},
                          {1, 1, 1}})
      for (bool const naive : {false, true}) transform_in_place<TestType>(alone, naive, n);
  });
}

TEST_CASE("planes and towers that do not lie alike are refused as one array", "[fft][ranks]") {
  Context<Kokkos::DefaultHostExecutionSpace> context{.comm = test::world()};
  BoxTransform<Kokkos::DefaultHostExecutionSpace, double> box(context, {8, 8, 8}, {});
  CHECK(box.in_place() == (context.comm.size() == 1));
  std::vector<double> numbers(2 * (box.plane_numbers() + box.tower_numbers()) + 4096);
  auto const forward = [&](auto& fft) {
    return test::refusal([&] { fft.forward(numbers.data(), numbers.data()); });
  };
  auto const sentence = [](std::string const& of) {
    return "planes and towers of " + of +
           " do not lie alike, and cannot be one array\n  take another array for what is "
           "transformed";
  };
  if (!box.in_place()) CHECK(forward(box) == sentence("several ranks"));
  context.comm = Comm();
  BoxTransform<Kokkos::DefaultHostExecutionSpace, double, Of::real> real(context, {8, 8, 8}, {});
  CHECK(forward(real) == sentence("real numbers"));
  CHECK(test::refusal([&] { real.backward(numbers.data(), numbers.data(), 1); }) ==
        sentence("real numbers"));
}

namespace {

template <class T>
void lines_in_place(int n, bool backward) {
  INFO(n << (backward ? ", backward" : ", forward"));
  using Host = Kokkos::DefaultHostExecutionSpace;
  constexpr int W = native_lanes<T>, lines = 4 * W + 3;
  AnyPlan<T, W, Memory<T, Host>> plan(n);
  auto const size = static_cast<std::size_t>(2 * lines * n);
  auto const from = noisy<T, Host>(size), to = noisy<T, Host>(size), one = noisy<T, Host>(size);
  Memory<T, Host> scratch("scratch", batch_scratch<T, W>(plan.line()) + 4096);
  BatchWork<T, W> work{plan.line(), plan.lanes_in_row(), from.data(), to.data(), lines, T(0.5),
                       backward};
  for (int part = 0; part < 2; ++part) work.share(scratch.data(), part, 2);
  work.from = work.to = one.data();
  for (int part = 0; part < 2; ++part) work.share(scratch.data(), part, 2);
  CHECK(test::on_host<Host>(one.data(), size) == test::on_host<Host>(to.data(), size));
}

}  // namespace

TEMPLATE_TEST_CASE("lines are transformed in place to the same bits", "[fft]", double, float) {
  for (int const n : {1, 2, 3, 5, 8, 16, 17, 34, 60, 64, 97, 143, 256, 1001, 1024})
    for (bool const backward : {false, true}) lines_in_place<TestType>(n, backward);
}

}  // namespace inpex::fft
