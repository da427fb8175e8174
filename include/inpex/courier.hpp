// SPDX-License-Identifier: Apache-2.0
#pragma once
// Messages from and to the memory of a space: at once where the message layer reads that memory,
// else by way of the host. The device schedule takes the way by the host on hosts too, so that it
// is tested where there is no device.

#include <inpex/context.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace inpex {

/// A round of messages: open(), any number of receive() and send(), close(). Between send() and
/// close() kernels may run that leave alone what is sent and received. Collective with those that
/// send or receive; close() blocks. Allocates nothing after construction.
template <Space S>
class Courier {
 public:
  /// `bytes`: of all that is sent, and of all that is received, in one round; `parcels`: how many.
  Courier(Context<S> const& context, std::size_t bytes, std::size_t parcels)
      : context_(context), staged_(!context.tiled() && !context.comm.device_memory()) {
    arrivals_.reserve(parcels);
    if (staged_) outgoing_.resize(bytes), incoming_.resize(bytes);
  }

  /// What kernels have written is there.
  void open() {
    context_.space.fence("courier: written, before messages read it");
    sent_ = received_ = 0;
    arrivals_.clear();
  }
  template <class T>
  void receive(T* to, std::size_t count, int from, int tag) {
    if (count == 0) return;
    std::span<std::byte> room(reinterpret_cast<std::byte*>(to), count * sizeof(T));
    if (staged_) {
      arrivals_.push_back(room);
      room = {incoming_.data() + received_, room.size()};
      received_ += room.size();
    }
    context_.comm.receive(room, from, tag);
  }
  template <class T>
  void send(T const* from, std::size_t count, int to, int tag) {
    if (count == 0) return;
    std::span<std::byte const> data(reinterpret_cast<std::byte const*>(from), count * sizeof(T));
    if (staged_) {
      Kokkos::deep_copy(context_.space, host(outgoing_.data() + sent_, data.size()),
                        there(data.data(), data.size()));
      context_.space.fence("courier: staged");
      data = {outgoing_.data() + sent_, data.size()};
      sent_ += data.size();
    }
    context_.comm.send(data, to, tag);
  }
  void close() {
    context_.comm.wait();
    std::size_t at = 0;
    for (auto const& each : arrivals_) {
      Kokkos::deep_copy(context_.space, there(each.data(), each.size()),
                        host<std::byte const>(incoming_.data() + at, each.size()));
      at += each.size();
    }
  }

 private:
  template <class B>
  static auto host(B* data, std::size_t size) {
    return Kokkos::View<B*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>(data, size);
  }
  template <class B>
  static auto there(B* data, std::size_t size) {
    return Kokkos::View<B*, typename S::memory_space, Kokkos::MemoryTraits<Kokkos::Unmanaged>>(
        data, size);
  }

  Context<S> const& context_;
  bool staged_;
  std::vector<std::byte> outgoing_, incoming_;
  std::vector<std::span<std::byte>> arrivals_;
  std::size_t sent_ = 0, received_ = 0;
};

}  // namespace inpex
