// SPDX-License-Identifier: Apache-2.0
#pragma once
// From compressed rows and an ordering to strips. Each chunk's distances (place of a column minus
// place of its row) are compared with those of chunks seen before, and only what is new is worked
// out: on a grid a few hundred of them, of a hundred thousand, so that packing costs about as much
// as reading the matrix twice.

#include "chunk_layout.hpp"
#include "ordering.hpp"
#include "strips.hpp"

#include <algorithm>
#include <cstring>

namespace inpex::sparse {

/// Packed storage that a Strips points to.
template <class T, Space S>
struct PackedStrips {
  static constexpr int C = chunk_rows<S, T>;
  Array<Chunk, S> chunks;
  Array<int, S> shapes, columns;
  Array<T, S> values;
  std::int64_t slots;       ///< stored, of C entries each
  std::int64_t contiguous;  ///< chunks that are lane-contiguous

  [[nodiscard]] Strips<T, C> view() const {
    return {chunks.data(), shapes.data(), columns.data(), values.data()};
  }
};

/// Packs one matrix. T and S are those of the kernels. Entries in halo columns are left out, with
/// Parts::split the diagonal too, and what the wish leaves out.
template <class T, Space S>
class Packing {
 public:
  static constexpr int C = chunk_rows<S, T>;

  /// Throws Error (failed) if rows of one stage read
  /// each other, and where 32 bits do not count the slots.
  Packing(Csr const& matrix, Ordering const& ordering, PackingWish const& wish)
      : matrix_(matrix), ordering_(ordering), wish_(wish), chunk_count_(ordering.places() / C),
        layout_of_("layouts", static_cast<std::size_t>(chunk_count_)), halves_{Half(chunk_count_),
                                                                               Half(chunk_count_)} {
    for (std::size_t stage = 0; stage + 1 < ordering.stages.size(); ++stage)
      for (int chunk = ordering.stages[stage] / C; chunk < ordering.stages[stage + 1] / C; ++chunk)
        place_chunk(chunk, {ordering.stages[stage], ordering.stages[stage + 1]});
    if (!wish_.shared) fill();
  }

  /// Part 0 is below the diagonal, or all of it; part 1 above. Each once.
  PackedStrips<T, S> take(std::size_t part) {
    Half& half = halves_[part];
    return {to_space<S>(std::move(half.chunks)),
            to_space<S>(half.shapes),
            to_space<S>(half.columns),
            wish_.shared ? to_space<S>(half.shared_values) : to_space<S>(std::move(half.values)),
            half.slots,
            half.contiguous};
  }

 private:
  using Known = std::unordered_map<std::uint64_t, std::vector<int>>;
  struct Half {
    HostArray<Chunk> chunks;
    HostArray<T> values;
    std::vector<int> shapes, columns;
    std::vector<T> shared_values;
    Known known_shapes, known_values;
    std::int64_t slots = 0, contiguous = 0;
    explicit Half(int count)
        : chunks("chunks", static_cast<std::size_t>(count)), values("values", 0) {}
  };

  void read_distances(int chunk);
  void place_chunk(int chunk, std::array<int, 2> stage);
  void place_part(int chunk, detail::ChunkLayout const& layout, std::size_t part);
  std::uint32_t shape_index(Half& half, std::vector<int> const& shape) const;
  void share_values(int chunk, std::size_t part, int slots);
  void fill();
  void fill_chunk(int chunk, detail::ChunkLayout const& layout,
                  std::array<T*, 2> const& into) const;

  Csr const& matrix_;
  Ordering const& ordering_;
  PackingWish wish_;
  int chunk_count_;
  HostArray<int> layout_of_;
  std::vector<detail::ChunkLayout> layouts_;
  Known known_layouts_;
  std::vector<int> distances_, words_;
  std::array<Half, 2> halves_;
};

template <class T, Space S>
void Packing<T, S>::read_distances(int chunk) {
  int const* const place = ordering_.place.data();
  distances_.clear();
  for (int at = chunk * C; at < (chunk + 1) * C; ++at) {
    int const row = ordering_.row[static_cast<std::size_t>(at)];
    if (row >= 0)
      for (auto k = matrix_.begin(row), end = matrix_.end(row); k < end; ++k) {
        int const column = matrix_.column.data()[k];
        bool const wanted =
            column < matrix_.rows &&
            (wish_.above == nullptr ||
             ((*wish_.above)[static_cast<std::size_t>(column)] != 0 && place[column] > at));
        distances_.push_back(wanted ? place[column] - at : detail::beyond);
      }
    distances_.push_back(detail::absent);
  }
}

template <class T, Space S>
void Packing<T, S>::place_chunk(int chunk, std::array<int, 2> stage) {
  read_distances(chunk);
  auto const hash = detail::hash_of(distances_.data(), distances_.size());
  int index = detail::find_equal(known_layouts_, hash, [&](int i) {
    return layouts_[static_cast<std::size_t>(i)].distances == distances_;
  });
  if (index < 0) {
    index = static_cast<int>(layouts_.size());
    layouts_.push_back(detail::make_layout(distances_, wish_, C));
    known_layouts_[hash].push_back(index);
  }
  auto const& layout = layouts_[static_cast<std::size_t>(index)];
  if (wish_.parts == Parts::split && ordering_.independent && layout.reads_within(chunk * C, stage))
    throw Error(Fault::failed, "rows of one colour read each other", {},
                "the matrix must have an entry (j, i) for each entry (i, j)");
  layout_of_.data()[chunk] = index;
  for (std::size_t part = 0; part < (wish_.parts == Parts::split ? 2 : 1); ++part)
    place_part(chunk, layout, part);
}

template <class T, Space S>
void Packing<T, S>::place_part(int chunk, detail::ChunkLayout const& layout, std::size_t part) {
  Half& half = halves_[part];
  auto shape = layout.shape[part];
  int const slots = std::abs(shape[0]);
  half.contiguous += shape[0] >= 0;
  if (shape[0] < 0) {
    auto const first = half.columns.size();
    shape.push_back(static_cast<int>(first / C));
    half.columns.resize(first + static_cast<std::size_t>(slots) * C, chunk * C);
    std::size_t entry = 0;
    int lane = 0;
    for (int const distance : layout.distances) {
      if (distance == detail::absent) {
        ++lane;
        continue;
      }
      if (int const target = layout.target[entry];
          target >= 0 && layout.part[entry] == static_cast<int>(part))
        half.columns[first + static_cast<std::size_t>(target)] = chunk * C + lane + distance;
      ++entry;
    }
  }
  half.chunks.data()[chunk] = {static_cast<std::uint32_t>(half.slots), shape_index(half, shape)};
  if (wish_.shared) return share_values(chunk, part, slots);
  half.slots += slots;
  if (half.slots > std::int64_t{UINT32_MAX})
    throw Error(Fault::failed, "the packed matrix has more than 2^32 slots", {}, "take more ranks");
}

template <class T, Space S>
std::uint32_t Packing<T, S>::shape_index(Half& half, std::vector<int> const& shape) const {
  auto const hash = detail::hash_of(shape.data(), shape.size());
  int index = detail::find_equal(half.known_shapes, hash, [&](int i) {
    auto const first = half.shapes.begin() + i;
    return half.shapes.end() - first >= static_cast<std::ptrdiff_t>(shape.size()) &&
           std::equal(shape.begin(), shape.end(), first);
  });
  if (index < 0) {
    index = static_cast<int>(half.shapes.size());
    half.shapes.insert(half.shapes.end(), shape.begin(), shape.end());
    half.known_shapes[hash].push_back(index);
  }
  return static_cast<std::uint32_t>(index);
}

// The chunk's values, looked for among those that are there.
template <class T, Space S>
void Packing<T, S>::share_values(int chunk, std::size_t part, int slots) {
  Half& half = halves_[part];
  auto const size = static_cast<std::size_t>(slots) * C;
  std::array<std::vector<T>, 2> values{};
  auto const& layout = layouts_[static_cast<std::size_t>(layout_of_.data()[chunk])];
  for (std::size_t p = 0; p < 2; ++p)
    values[p].resize(static_cast<std::size_t>(std::abs(layout.shape[p][0])) * C);
  fill_chunk(chunk, layout, {values[0].data(), values[1].data()});
  auto const& mine = values[part];
  words_.resize(size * sizeof(T) / sizeof(int));
  std::memcpy(words_.data(), mine.data(), size * sizeof(T));
  auto const hash = detail::hash_of(words_.data(), words_.size());
  int index = detail::find_equal(half.known_values, hash, [&](int slot) {
    auto const first = static_cast<std::size_t>(slot) * C;
    return first + size <= half.shared_values.size() &&
           std::equal(mine.begin(), mine.end(),
                      half.shared_values.begin() + static_cast<std::ptrdiff_t>(first));
  });
  if (index < 0) {
    index = static_cast<int>(half.slots);
    half.shared_values.insert(half.shared_values.end(), mine.begin(), mine.end());
    half.known_values[hash].push_back(index);
    half.slots += slots;
  }
  half.chunks.data()[chunk].slot = static_cast<std::uint32_t>(index);
}

template <class T, Space S>
void Packing<T, S>::fill() {
  for (auto& half : halves_)
    half.values = HostArray<T>("values", static_cast<std::size_t>(half.slots) * C);
  auto const pack = [this](int chunk) {
    std::array<T*, 2> into{};
    for (std::size_t p = 0; p < 2; ++p)
      into[p] = halves_[p].values.data() + std::size_t{halves_[p].chunks.data()[chunk].slot} * C;
    fill_chunk(chunk, layouts_[static_cast<std::size_t>(layout_of_.data()[chunk])], into);
  };
  using H = HostOf<S>;
  Kokkos::parallel_for("pack values",
                       Kokkos::RangePolicy<H, Kokkos::IndexType<int>>(0, chunk_count_), pack);
  H().fence("values packed");
}

// What no row has stays zero.
template <class T, Space S>
void Packing<T, S>::fill_chunk(int chunk, detail::ChunkLayout const& layout,
                               std::array<T*, 2> const& into) const {
  std::size_t entry = 0;
  for (int at = chunk * C; at < (chunk + 1) * C; ++at) {
    int const row = ordering_.row[static_cast<std::size_t>(at)];
    if (row < 0) continue;
    for (auto k = matrix_.begin(row), end = matrix_.end(row); k < end; ++k, ++entry)
      if (int const target = layout.target[entry]; target >= 0)
        into[static_cast<std::size_t>(layout.part[entry])][target] =
            static_cast<T>(matrix_.value.data()[k]);
  }
}

}  // namespace inpex::sparse
