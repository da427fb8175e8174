// SPDX-License-Identifier: Apache-2.0
#pragma once
// Memory for the arrays of a mini-app. On hosts: whole 2 MiB pages, zero, not touched yet, so that
// the kernel that fills it decides where it lies; on devices: a View. Kokkos' own host allocator
// asks for no huge pages and fills from one thread's point of view, which costs up to a third of
// the speed. Kokkos Tools see both kinds.

#include <inpex/audit.hpp>
#include <inpex/config.hpp>
#include <inpex/error.hpp>
#include <inpex/space.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <type_traits>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

namespace inpex {

/// Bytes of the largest cache of this machine, or 0 if the system does not say.
inline std::size_t last_level_cache_bytes() {
#ifdef _SC_LEVEL3_CACHE_SIZE
  for (int level : {_SC_LEVEL4_CACHE_SIZE, _SC_LEVEL3_CACHE_SIZE, _SC_LEVEL2_CACHE_SIZE})
    if (long const bytes = sysconf(level); bytes > 0) return static_cast<std::size_t>(bytes);
#endif
  return 0;
}

namespace detail {

inline constexpr std::size_t huge_page = std::size_t{2} << 20, page = 4096;

/// Owns `bytes` of zeroed host memory that starts on a huge page; less than one is not rounded up
/// to it.
class HugePages {
 public:
  HugePages(std::string const& label, std::size_t bytes);
  ~HugePages();
  HugePages(HugePages&& other) noexcept
      : label_(std::move(other.label_)), data_(std::exchange(other.data_, nullptr)),
        asked_(other.asked_), bytes_(other.bytes_) {}
  HugePages& operator=(HugePages&& other) noexcept {
    std::swap(label_, other.label_);
    std::swap(data_, other.data_);
    std::swap(asked_, other.asked_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  [[nodiscard]] void* data() const { return data_; }

 private:
  std::string label_;
  std::byte* data_ = nullptr;
  std::size_t asked_ = 0;
  std::size_t bytes_ = 0;  // whole pages
};

inline HugePages::HugePages(std::string const& label, std::size_t bytes)
    : label_(label), asked_(bytes) {
  std::size_t const unit = bytes >= huge_page ? huge_page : page;
  bytes_ = std::max<std::size_t>(1, (bytes + unit - 1) / unit) * unit;
  void* const raw =
      mmap(nullptr, bytes_ + huge_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (raw == MAP_FAILED)
    throw Error(Fault::environment,
                "cannot allocate " + std::to_string(bytes_) + " bytes for " + label, {},
                "take a smaller case, or fewer ranks on this node");
  auto const address = reinterpret_cast<std::uintptr_t>(raw);
  auto const aligned = (address + huge_page - 1) / huge_page * huge_page;
  if (aligned > address) munmap(raw, aligned - address);
  if (auto const tail = huge_page - (aligned - address); tail > 0)
    munmap(reinterpret_cast<void*>(aligned + bytes_), tail);
  data_ = reinterpret_cast<std::byte*>(aligned);
  madvise(data_, bytes_, MADV_HUGEPAGE);  // advice: without it the program is only slower
  Kokkos::Tools::allocateData(Kokkos::Tools::make_space_handle("Host"), label_, data_, asked_);
}

inline HugePages::~HugePages() {
  if (data_ == nullptr) return;
  Kokkos::Tools::deallocateData(Kokkos::Tools::make_space_handle("Host"), label_, data_, asked_);
  munmap(data_, bytes_);
}

}  // namespace detail

/// `size` elements of T, zero, in the memory of a space; on hosts 2 MiB-aligned and untouched.
/// Movable. Throws Error (environment) when there is not enough memory. Never made inside step().
template <class T, Space S>
class Memory {
 public:
  /// Shape [size].
  using View = Kokkos::View<T*, typename S::memory_space, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;

  Memory(std::string const& label, std::size_t size) : size_(size), store_(make(label, size)) {
    if constexpr (config::audit)
      audit::note_array(data(), size, sizeof(T), audit::is_counted<std::remove_const_t<T>>);
  }

  [[nodiscard]] T* data() const { return static_cast<T*>(static_cast<void*>(store_.data())); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] View view() const { return View(data(), size_); }

 private:
  using Store =
      std::conditional_t<is_host<S>, detail::HugePages, Kokkos::View<T*, typename S::memory_space>>;
  static Store make(std::string const& label, std::size_t size) {
    if constexpr (is_host<S>) {
      return Store(label, size * sizeof(T));
    } else {
      try {
        return Store(label, size);
      } catch (std::exception const& failure) {
        throw Error(Fault::environment,
                    "cannot allocate " + std::to_string(size * sizeof(T)) + " bytes for " + label +
                        ": " + failure.what(),
                    {}, "take a smaller case, or more devices");
      }
    }
  }
  std::size_t size_;
  Store store_;
};

}  // namespace inpex
