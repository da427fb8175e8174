// SPDX-License-Identifier: Apache-2.0
#pragma once
// The ranks of a run, seen without MPI: a Comm is a handle on a Transport, and there are two of
// those, one rank alone (here) and MPI (mpi.hpp, the only header that includes <mpi.h>). One
// virtual call a message costs nothing beside the message. Every function of Comm but send, receive
// and wait is collective and blocking.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace inpex {

enum class Reduction { sum, minimum, maximum };

/// What a message layer must be able to do. Buffers are raw bytes, on the host or, where
/// `device_memory` says so, on a device.
class Transport {
 public:
  virtual ~Transport() = default;
  [[nodiscard]] virtual int rank() const = 0;
  [[nodiscard]] virtual int size() const = 0;
  [[nodiscard]] virtual bool device_memory() const = 0;
  virtual void barrier() = 0;
  virtual void reduce(std::span<double> values, Reduction) = 0;         // all ranks get the result
  virtual void reduce(std::span<std::uint64_t> values, Reduction) = 0;  // sums wrap
  virtual void broadcast(std::span<std::byte> bytes, int root) = 0;
  virtual void gather(std::span<double const> mine,
                      std::span<double> all) = 0;  // to rank 0; `all` empty elsewhere
  virtual void send(std::span<std::byte const> bytes, int to, int tag) = 0;
  virtual void receive(std::span<std::byte> bytes, int from, int tag) = 0;
  virtual void wait() = 0;  // for every request started so far
  [[noreturn]] virtual void abort(int code) = 0;
};

/// One rank: sends to itself are copies, made when the receive is waited for.
class OneRank final : public Transport {
 public:
  [[nodiscard]] int rank() const override { return 0; }
  [[nodiscard]] int size() const override { return 1; }
  [[nodiscard]] bool device_memory() const override { return false; }
  void barrier() override {}
  void reduce(std::span<double>, Reduction) override {}
  void reduce(std::span<std::uint64_t>, Reduction) override {}
  void broadcast(std::span<std::byte>, int) override {}
  void gather(std::span<double const> mine, std::span<double> all) override {
    std::memcpy(all.data(), mine.data(), mine.size_bytes());
  }
  void send(std::span<std::byte const> bytes, int, int tag) override {
    sends_.push_back({bytes.data(), tag});
  }
  void receive(std::span<std::byte> bytes, int, int tag) override {
    receives_.push_back({bytes, tag});
  }
  void wait() override {
    for (auto const& in : receives_)
      for (auto& out : sends_)
        if (out.tag == in.tag && out.data != nullptr) {
          std::memcpy(in.bytes.data(), out.data, in.bytes.size());
          out.data = nullptr;
          break;
        }
    sends_.clear();
    receives_.clear();
  }
  [[noreturn]] void abort(int code) override { std::_Exit(code); }

 private:
  struct Outgoing {
    std::byte const* data;
    int tag;
  };
  struct Incoming {
    std::span<std::byte> bytes;
    int tag;
  };
  std::vector<Outgoing> sends_;
  std::vector<Incoming> receives_;
};

/// A group of ranks. Copies are handles on the same group.
class Comm {
 public:
  /// One rank, this process.
  Comm() : Comm(std::make_shared<OneRank>()) {}
  explicit Comm(std::shared_ptr<Transport> transport) : transport_(std::move(transport)) {}

  [[nodiscard]] int rank() const { return transport_->rank(); }
  [[nodiscard]] int size() const { return transport_->size(); }
  /// Whether send and receive take pointers to device memory; else the halo stages on the host.
  [[nodiscard]] bool device_memory() const { return transport_->device_memory(); }

  void barrier() const { transport_->barrier(); }
  [[nodiscard]] double maximum(double value) const { return reduced(value, Reduction::maximum); }
  [[nodiscard]] double minimum(double value) const { return reduced(value, Reduction::minimum); }
  [[nodiscard]] double sum(double value) const { return reduced(value, Reduction::sum); }
  [[nodiscard]] std::uint64_t maximum(std::uint64_t value) const {
    return reduced(value, Reduction::maximum);
  }
  [[nodiscard]] std::uint64_t minimum(std::uint64_t value) const {
    return reduced(value, Reduction::minimum);
  }
  /// Modulo 2^64, so that a sum of hashes is the same in every order.
  [[nodiscard]] std::uint64_t sum(std::uint64_t value) const {
    return reduced(value, Reduction::sum);
  }

  /// Rank `root`'s value, on every rank. T is trivially copyable.
  template <class T>
  [[nodiscard]] T broadcast(T value, int root = 0) const {
    transport_->broadcast(std::as_writable_bytes(std::span(&value, 1)), root);
    return value;
  }
  /// [size] values by rank on rank 0, empty elsewhere.
  [[nodiscard]] std::vector<double> gather(double value) const {
    std::vector<double> all(rank() == 0 ? static_cast<std::size_t>(size()) : 0);
    transport_->gather(std::span(&value, 1), all);
    return all;
  }

  /// Starts a message; not collective, not blocking. The buffer must live until wait().
  void send(std::span<std::byte const> bytes, int to, int tag) const {
    transport_->send(bytes, to, tag);
  }
  void receive(std::span<std::byte> bytes, int from, int tag) const {
    transport_->receive(bytes, from, tag);
  }
  /// Blocks until all messages that this rank started are complete.
  void wait() const { transport_->wait(); }

  /// Ends all ranks at once: for a rank that cannot go on while others wait for it.
  [[noreturn]] void abort(int code) const {
    transport_->abort(code);
    std::_Exit(code);  // g++ 12 does not see that a virtual function never returns
  }

 private:
  template <class T>
  T reduced(T value, Reduction reduction) const {
    transport_->reduce(std::span(&value, 1), reduction);
    return value;
  }
  std::shared_ptr<Transport> transport_;
};

}  // namespace inpex
