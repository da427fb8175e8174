// SPDX-License-Identifier: Apache-2.0
#pragma once
// A rank of many that are not there, for what needs to know no more of the others than their
// number.

#include <inpex/comm.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace inpex::test {

/// Rank `rank` of `size`.
class Seat final : public Transport {
 public:
  Seat(int rank, int size) : rank_(rank), size_(size) {}
  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return size_; }
  [[nodiscard]] bool device_memory() const override { return false; }
  void barrier() override {}
  void reduce(std::span<double>, Reduction) override {}
  void reduce(std::span<std::uint64_t>, Reduction) override {}
  void broadcast(std::span<std::byte>, int) override {}
  void gather(std::span<double const>, std::span<double>) override {}
  void send(std::span<std::byte const>, int, int) override {}
  void receive(std::span<std::byte>, int, int) override {}
  void wait() override {}
  [[noreturn]] void abort(int code) override { std::_Exit(code); }

 private:
  int rank_, size_;
};

}  // namespace inpex::test
