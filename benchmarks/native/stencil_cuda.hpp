// SPDX-License-Identifier: Apache-2.0
#pragma once
// A stencil beside its twin in plain CUDA, in turn in one process:
//   plain CUDA  one kernel a step, the same arithmetic, on a block of the app's layout
//   inpex       the mini-app, through the interface that the harness uses, and its other variants
//   ceiling     a copy on the device
// Each round starts from the app's first state, and all must end in the same bits.

#include "stencil.hpp"

#include <cstdint>

namespace inpex::native {

using Cuda = Kokkos::Cuda;

/// A stencil to be compared; what is done to the block is done as the app does it.
template <class T, class P>
struct CudaSubject {
  using Block = stencil::Block<Cuda, T, P>;
  std::string app;
  P point;
  Domain domain;
  std::size_t bytes;                 // compulsory, of a cell and step
  std::function<void(Block&)> fill;  // the first state
  std::function<void(Block&)> step;  // asynchronous, on stream_of(block)
  std::function<std::uint64_t(Block&)> digest;
  std::vector<std::string> variants = {"spatial", "temporal", "naive"};
};

/// Ends the program if CUDA refused something.
inline void require(cudaError_t status) {
  if (status == cudaSuccess) return;
  std::fprintf(stderr, "CUDA: %s\n", cudaGetErrorString(status));
  std::exit(1);
}

template <class Block>
cudaStream_t stream_of(Block const& block) {
  return block.context().space.cuda_stream();
}

/// A block as kernels of the twins see it: the cells lower <= (i, j, k) < upper are swept, and cell
/// (i, j, k) is at origin + i + j * pitch + k * plane.
struct Cells {
  int3 lower, upper;
  std::ptrdiff_t origin, pitch, plane;

  template <class Block>
  static Cells of(Block const& block) {
    auto const& layout = block.layout();
    auto const [lower, upper] = block.swept_box();
    return {{lower[0], lower[1], lower[2]},
            {upper[0], upper[1], upper[2]},
            layout.origin,
            layout.pitch,
            layout.plane};
  }
  __device__ std::ptrdiff_t at(int i, int j, int k) const {
    return origin + i + j * pitch + k * plane;
  }
};

constexpr int cells_up = 64;  ///< that a thread marches up z

/// Blocks of `width` by `height` threads, one a column of cells_up cells.
inline dim3 blocks_of(Cells const& cells, unsigned width, unsigned height) {
  auto const pieces = [](int lower, int upper, unsigned size) {
    return (unsigned(upper - lower) + size - 1) / size;
  };
  return {pieces(cells.lower.x, cells.upper.x, width), pieces(cells.lower.y, cells.upper.y, height),
          pieces(cells.lower.z, cells.upper.z, cells_up)};
}

/// Runs all contenders and prints their table; returns 1 if they end in different states, else 0.
template <class T, class P>
int compare_twins(CudaSubject<T, P> const& subject, Wish const& wish) {
  auto const& cells = subject.domain.cells;
  Context<Cuda> const context{};
  typename CudaSubject<T, P>::Block block(context, subject.domain, subject.point, {});
  double const updates = 1e-9 * double(cells[0]) * double(cells[1]) * double(cells[2]) * wish.steps;
  auto const bytes = block.layout().size * sizeof(T);
  auto const repeated = [&](auto const& once) {
    return [&, once] {
      for (int s = 0; s < wish.steps; ++s) once();
      require(cudaGetLastError());
      require(cudaStreamSynchronize(stream_of(block)));
    };
  };
  auto const fill = [&] {
    block.rewind();
    subject.fill(block);
    context.space.fence("the first state");
  };
  std::uint64_t state = 0;
  std::vector<Contender> contenders{
      {"plain CUDA", updates, "Gcell/s", repeated([&] { subject.step(block); }), fill,
       [&] { state = subject.digest(block); }},
      {"ceiling: copy", 2e-9 * double(bytes) * wish.steps, "GB/s", repeated([&] {
         require(cudaMemcpyAsync(block.next(), block.current(), bytes, cudaMemcpyDeviceToDevice,
                                 stream_of(block)));
       })}};
  std::vector<std::unique_ptr<Case>> cases;
  for (auto const& variant : subject.variants) {
    cases.push_back(make<T, Cuda>(subject.app, subject.domain, wish.steps, variant));
    contenders.push_back({"inpex, " + variant, updates, "Gcell/s",
                          [one = cases.back().get()] { one->sample(Timing::total); },
                          [one = cases.back().get()] { one->reset(); }});
  }
  interleave(contenders, wish.rounds);
  std::printf("%s, %lld x %lld x %lld, %zu bytes a number, %d rounds of %d steps\n",
              subject.app.c_str(), static_cast<long long>(cells[0]),
              static_cast<long long>(cells[1]), static_cast<long long>(cells[2]), sizeof(T),
              wish.rounds, wish.steps);
  print(contenders, 0);
  std::vector<double> share;
  for (std::size_t round = 0; round < contenders[2].rates.size(); ++round)
    share.push_back(double(subject.bytes) * contenders[2].rates[round] /
                    contenders[1].rates[round]);
  std::printf("inpex, %s: %.1f %% of the ceiling\n", subject.variants[0].c_str(),
              100 * median(share));
  int differing = 0;
  for (std::size_t n = 0; n < cases.size(); ++n)
    if (cases[n]->digest() != state) {
      ++differing;
      std::fprintf(stderr, "%s does not end in the twin's state\n", subject.variants[n].c_str());
    }
  return differing > 0 ? 1 : 0;
}

}  // namespace inpex::native
