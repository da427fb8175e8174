// SPDX-License-Identifier: Apache-2.0
#pragma once
// The counts of particle.pic.

#include "pic.hpp"

#include <cmath>

namespace inpex::particle {

// Each datum once a phase; "planes", "towers" and "exchange" are the transform's, there and back,
// counted as 5/2 n log2 n for n real numbers.
template <class S, class Real>
std::vector<PhaseWork> Pic<S, Real>::work() const {
  auto const n = [](auto count) { return static_cast<std::uint64_t>(count); };
  auto const levels = [&](int axis) { return std::log2(slabs_.cells(axis)); };
  auto const transform = [&](std::uint64_t points, double over) {
    return n(std::floor(5 * static_cast<double>(points) * over));
  };
  auto const electrons = n(wave_.plasma().per_cell() * slabs_.own() * slabs_.plane());
  auto const window = n(size(slabs_.window())), own = n(size(slabs_.own())),
             charges = n(size(charges_.width())), potentials = n(size(potentials_.width())),
             push = n(push_.size()), every = n(params_.every);
  std::uint64_t const real = sizeof(Real), plane = 8 * n(slabs_.plane());
  auto const& solver = poisson_.transform();
  auto const half = n(slabs_.cells(2) / 2 + 1),
             towers = n(poisson_.transform().slabs().rows() * slabs_.cells(0)),
             in_planes = half * n(slabs_.own() * slabs_.cells(1)), in_towers = half * towers;
  return {{"leapfrog",
           {.flops = leapfrog_flops * electrons,
            .bytes_read = 6 * real * electrons + real * push,
            .bytes_written = 6 * real * electrons + 64 * window}},
          {"charge",
           {.flops = 8 * own,
            .bytes_read = 64 * window + 8 * charges,
            .bytes_written = 8 * (charges + own),
            .messages = charges_.messages(true),
            .bytes_sent = plane * charges_.planes_sent(true)}},
          {"planes",
           {.flops = transform(own, levels(1) + levels(2)),
            .bytes_read = 8 * (own + 2 * in_planes),
            .bytes_written = 8 * (own + 2 * in_planes)}},
          {"towers",
           {.flops = transform(n(slabs_.cells(2)) * towers, levels(0)) + 5 * in_towers,
            .bytes_read = 16 * in_towers,
            .bytes_written = 16 * in_towers}},
          {"exchange", {.messages = solver.messages(), .bytes_sent = 8 * solver.numbers_sent()}},
          {"field",
           {.flops = 6 * push / 4,
            .bytes_read = 8 * (own + potentials),
            .bytes_written = 8 * potentials + real * push,
            .messages = potentials_.messages(false),
            .bytes_sent = plane * potentials_.planes_sent(false)}},
          // Once in so many steps: coordinates are read to count, and all is moved. How many
          // electrons go to other ranks is not counted.
          {"sort",
           {.flops = 0,
            .bytes_read = 9 * real * electrons / every,
            .bytes_written = (6 * real * electrons + 8 * own) / every,
            .messages = 2 * electrons_.peers() / every}}};
}

template <class S, class Real>
Table Pic<S, Real>::extents() const {
  auto const whole = [](auto count) { return static_cast<std::int64_t>(count); };
  Table all = poisson_.transform().extents();
  all.insert(all.end(), {{"margin", std::int64_t{slabs_.margin()}, ""},
                         {"peers", whole(electrons_.peers()), ""},
                         {"charge_messages", whole(charges_.messages(true)), ""},
                         {"charge_planes", whole(charges_.planes_sent(true)), ""},
                         {"field_messages", whole(potentials_.messages(false)), ""},
                         {"field_planes", whole(potentials_.planes_sent(false)), ""}});
  return all;
}

}  // namespace inpex::particle
