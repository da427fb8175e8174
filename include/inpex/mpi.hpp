// SPDX-License-Identifier: Apache-2.0
#pragma once
// The MPI transport; the only header that includes <mpi.h>. Errors of MPI end the program (its
// default handler), for a rank that cannot send leaves the others waiting.

#include <inpex/comm.hpp>

#include <mpi.h>

#include <vector>

namespace inpex {

/// Ranks of an MPI communicator, which it does not own. Messages over 2 GiB go in pieces.
class MpiRanks final : public Transport {
 public:
  /// `device_memory`: the library takes pointers to device memory.
  explicit MpiRanks(MPI_Comm comm, bool device_memory = false)
      : comm_(comm), device_memory_(device_memory) {}

  [[nodiscard]] int rank() const override {
    int value = 0;
    MPI_Comm_rank(comm_, &value);
    return value;
  }
  [[nodiscard]] int size() const override {
    int value = 1;
    MPI_Comm_size(comm_, &value);
    return value;
  }
  [[nodiscard]] bool device_memory() const override { return device_memory_; }
  void barrier() override { MPI_Barrier(comm_); }
  void reduce(std::span<double> values, Reduction reduction) override {
    MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_DOUBLE,
                  operation(reduction), comm_);
  }
  void reduce(std::span<std::uint64_t> values, Reduction reduction) override {
    MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_UINT64_T,
                  operation(reduction), comm_);
  }
  void broadcast(std::span<std::byte> bytes, int root) override {
    MPI_Bcast(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, root, comm_);
  }
  void gather(std::span<double const> mine, std::span<double> all) override {
    int const count = static_cast<int>(mine.size());
    MPI_Gather(mine.data(), count, MPI_DOUBLE, all.data(), count, MPI_DOUBLE, 0, comm_);
  }
  void send(std::span<std::byte const> bytes, int to, int tag) override {
    for (std::size_t at = 0; at < bytes.size() || at == 0; at += piece)
      MPI_Isend(bytes.data() + at, length(bytes.size() - at), MPI_BYTE, to, tag, comm_,
                &requests_.emplace_back());
  }
  void receive(std::span<std::byte> bytes, int from, int tag) override {
    for (std::size_t at = 0; at < bytes.size() || at == 0; at += piece)
      MPI_Irecv(bytes.data() + at, length(bytes.size() - at), MPI_BYTE, from, tag, comm_,
                &requests_.emplace_back());
  }
  void wait() override {
    MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE);
    requests_.clear();
  }
  [[noreturn]] void abort(int code) override {
    MPI_Abort(comm_, code);
    std::_Exit(code);
  }

 private:
  // MPI counts the bytes of a message in an int.
  static constexpr std::size_t piece = std::size_t{1} << 30;
  static int length(std::size_t left) { return static_cast<int>(left < piece ? left : piece); }
  static MPI_Op operation(Reduction reduction) {
    return reduction == Reduction::sum       ? MPI_SUM
           : reduction == Reduction::minimum ? MPI_MIN
                                             : MPI_MAX;
  }

  MPI_Comm comm_;
  bool device_memory_;
  std::vector<MPI_Request> requests_;  // keeps its capacity: no allocation in steady state
};

}  // namespace inpex
