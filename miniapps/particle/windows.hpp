// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a rank's window of the grid has to do with the planes that ranks own: charge of a window is
// added up by the owners, and potential is copied to windows. A window may reach over several
// slabs, and over the whole box more than once. Charge is whole numbers, so that its sums have no
// order.

#include "slabs.hpp"

#include <inpex/context.hpp>
#include <inpex/courier.hpp>
#include <inpex/each.hpp>
#include <inpex/memory.hpp>

#include <algorithm>
#include <vector>

namespace inpex::particle {

/// Adds up planes; item: a number of the own planes.
template <class T>
struct AddPlanes {
  static constexpr char const* name = "charge: planes";
  static constexpr int per_tile = 4096;
  double const *window, *landed;  ///< planes of the window, planes of others
  int const *first, *source;      ///< of own plane p: source[first[p]] to source[first[p + 1]]
  int plane;
  T* own;

  KOKKOS_INLINE_FUNCTION void operator()(int n) const {
    int const p = n / plane, at = n % plane;
    double sum = 0;
    for (int s = first[p]; s < first[p + 1]; ++s) {
      int const from = source[s];
      sum += from >= 0 ? window[static_cast<std::ptrdiff_t>(from) * plane + at]
                       : landed[static_cast<std::ptrdiff_t>(-1 - from) * plane + at];
    }
    own[n] = sum;
  }
};

/// Copies own planes into a window; item: a number of it.
template <class T>
struct CopyPlanes {
  static constexpr char const* name = "field: own planes";
  static constexpr int per_tile = 4096;
  T const* own;
  int const* source;  ///< of each plane of the window; -1: it comes from another rank
  int plane;
  T* window;

  KOKKOS_INLINE_FUNCTION void operator()(int n) const {
    int const from = source[n / plane];
    if (from >= 0) window[n] = own[static_cast<std::ptrdiff_t>(from) * plane + n % plane];
  }
};

/// One rank's window of `width` planes from plane `first` - that is slab and margins - on.
template <Space S>
class Windows {
 public:
  /// `before`, `after`: planes of the window in front of the slab and behind it.
  Windows(Context<S> const& context, Slabs const& slabs, int before, int after)
      : context_(context), slabs_(slabs), before_(before), after_(after), runs_(find_runs()),
        landing_("window: planes of others", planes(true)),
        first_("window: sources", static_cast<std::size_t>(slabs.own()) + 1),
        source_("window: source", static_cast<std::size_t>(width()) +
                                      planes(true) / static_cast<std::size_t>(slabs.plane())),
        own_("window: own planes", static_cast<std::size_t>(width())),
        courier_(context, sizeof(double) * std::max(planes(true), planes(false)), runs_.size()) {
    fill_tables();
  }

  [[nodiscard]] int width() const { return width(slabs_.rank()); }

  /// own [own planes, ny, nz] = what all windows have of it. Collective, blocking.
  template <class T>
  void add(double const* window, T* own) {
    if (!context_.plan.acts("drop-halo") && !context_.plan.acts("stale-halo")) {
      courier_.open();
      std::ptrdiff_t landed = 0;
      for (auto const& run : runs_)
        if (run.owner == slabs_.rank()) {
          courier_.receive(landing_.data() + landed, size(run), run.holder, 2);
          landed += static_cast<std::ptrdiff_t>(size(run));
        }
      for (auto const& run : runs_)
        if (run.holder == slabs_.rank())
          courier_.send(window + at(run.in_window), size(run), run.owner, 2);
      courier_.close();
    }
    launch_each(
        context_,
        AddPlanes<T>{window, landing_.data(), first_.data(), source_.data(), slabs_.plane(), own},
        slabs_.own() * slabs_.plane());
  }

  /// window [width, ny, nz] = what ranks own. Collective, blocking.
  template <class T>
  void fill(T const* own, T* window) {
    if (runs_.empty() || context_.plan.acts("drop-halo") || context_.plan.acts("stale-halo")) {
      copy(own, window);
      return;
    }
    courier_.open();
    for (auto const& run : runs_)
      if (run.holder == slabs_.rank())
        courier_.receive(window + at(run.in_window), size(run), run.owner, 3);
    for (auto const& run : runs_)
      if (run.owner == slabs_.rank())
        courier_.send(own + at(run.in_slab), size(run), run.holder, 3);
    copy(own, window);
    courier_.close();
  }

  /// Messages that this rank sends to add up, and to fill; and their planes.
  [[nodiscard]] std::uint64_t messages(bool adds) const {
    return static_cast<std::uint64_t>(std::count_if(runs_.begin(), runs_.end(), [&](auto& run) {
      return (adds ? run.holder : run.owner) == slabs_.rank();
    }));
  }
  [[nodiscard]] std::uint64_t planes_sent(bool adds) const {
    return planes(!adds) / static_cast<std::uint64_t>(slabs_.plane());
  }

 private:
  // Planes of a window, one after the other, that another rank owns.
  struct Run {
    int holder, owner, in_window, in_slab, count;
  };
  [[nodiscard]] int width(int rank) const { return slabs_.own(rank) + before_ + after_; }
  [[nodiscard]] std::ptrdiff_t at(int plane) const {
    return static_cast<std::ptrdiff_t>(plane) * slabs_.plane();
  }
  [[nodiscard]] std::size_t size(Run const& run) const {
    return static_cast<std::size_t>(run.count) * static_cast<std::size_t>(slabs_.plane());
  }
  // Numbers of all planes that this rank receives to add up; or to fill.
  [[nodiscard]] std::size_t planes(bool adds) const {
    std::size_t sum = 0;
    for (auto const& run : runs_)
      if ((adds ? run.owner : run.holder) == slabs_.rank()) sum += size(run);
    return sum;
  }

  // Those that this rank holds or owns, in an order that both sides have.
  [[nodiscard]] std::vector<Run> find_runs() const {
    std::vector<Run> runs;
    for (int holder = 0; holder < slabs_.ranks(); ++holder)
      for (int w = 0; w < width(holder); ++w) {
        int const plane = slabs_.start(holder) - before_ + w, owner = slabs_.owner(plane),
                  in_slab = slabs_.wrapped(plane) - slabs_.start(owner);
        if (holder == owner || (holder != slabs_.rank() && owner != slabs_.rank())) continue;
        bool const joins = !runs.empty() && runs.back().holder == holder &&
                           runs.back().owner == owner &&
                           runs.back().in_window + runs.back().count == w &&
                           runs.back().in_slab + runs.back().count == in_slab;
        if (joins)
          ++runs.back().count;
        else
          runs.push_back({holder, owner, w, in_slab, 1});
      }
    return runs;
  }

  void fill_tables() {
    std::vector<std::vector<int>> sources(static_cast<std::size_t>(slabs_.own()));
    auto const own = Kokkos::create_mirror_view(own_.view());
    for (int w = 0; w < width(); ++w) {
      int const plane = slabs_.lower() - before_ + w;
      bool const mine = slabs_.owner(plane) == slabs_.rank();
      int const p = mine ? slabs_.wrapped(plane) - slabs_.lower() : -1;
      own(static_cast<std::size_t>(w)) = p;
      if (mine) sources[static_cast<std::size_t>(p)].push_back(w);
    }
    int landed = 0;
    for (auto const& run : runs_)
      if (run.owner == slabs_.rank())
        for (int n = 0; n < run.count; ++n)
          sources[static_cast<std::size_t>(run.in_slab + n)].push_back(-1 - landed++);
    auto const first = Kokkos::create_mirror_view(first_.view());
    auto const source = Kokkos::create_mirror_view(source_.view());
    std::size_t next = 0;
    for (std::size_t p = 0; p < sources.size(); ++p) {
      first(p) = static_cast<int>(next);
      for (int const each : sources[p]) source(next++) = each;
    }
    first(sources.size()) = static_cast<int>(next);
    Kokkos::deep_copy(own_.view(), own);
    Kokkos::deep_copy(first_.view(), first);
    Kokkos::deep_copy(source_.view(), source);
  }
  template <class T>
  void copy(T const* own, T* window) {
    launch_each(context_, CopyPlanes<T>{own, own_.data(), slabs_.plane(), window},
                width() * slabs_.plane());
  }

  Context<S> const& context_;
  Slabs const& slabs_;
  int before_, after_;
  std::vector<Run> runs_;
  Memory<double, S> landing_;
  Memory<int, S> first_, source_, own_;
  Courier<S> courier_;
};

}  // namespace inpex::particle
