// SPDX-License-Identifier: Apache-2.0
// Kokkos behind inpex/runtime.hpp: the one device translation unit of the harness.

#include <inpex/memory.hpp>
#include <inpex/nearest.hpp>
#include <inpex/physical_memory.hpp>
#include <inpex/probe.hpp>
#include <inpex/runtime.hpp>
#include <inpex/usable_cores.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <type_traits>

#ifdef KOKKOS_ENABLE_OPENMP
#include <omp.h>
#endif

namespace inpex {
namespace {

constexpr char const* probe_label = "inpex probe";

// What the callbacks of Kokkos Tools count. They are plain functions without a context, so this
// must be global.
std::atomic<std::uint64_t> held_bytes{0};
std::atomic<std::uint64_t> peak_bytes{0};
std::atomic<std::uint64_t> allocations{0};

bool of_a_probe(char const* label) {
  return std::strncmp(label, probe_label, std::strlen(probe_label)) == 0;
}

void count_allocation(Kokkos_Profiling_SpaceHandle, char const* label, void const*,
                      std::uint64_t bytes) {
  if (of_a_probe(label)) return;
  std::uint64_t const now = held_bytes += bytes;
  ++allocations;
  std::uint64_t before = peak_bytes;
  while (before < now && !peak_bytes.compare_exchange_weak(before, now)) {
  }
}

// What was allocated before counting began may be freed while it goes on.
void count_deallocation(Kokkos_Profiling_SpaceHandle, char const* label, void const*,
                        std::uint64_t bytes) {
  if (of_a_probe(label)) return;
  std::uint64_t before = held_bytes;
  while (!held_bytes.compare_exchange_weak(before, before - std::min(before, bytes))) {
  }
}

template <Space S>
using Threads = Kokkos::RangePolicy<S, Kokkos::IndexType<int>>;
template <Space S>
using Elements = Kokkos::RangePolicy<S, Kokkos::IndexType<std::size_t>>;

/// Elements for what threads compute: on hosts each has lines of its own, against false sharing.
template <Space S>
std::size_t result_size(int threads) {
  return static_cast<std::size_t>(threads) * (is_host<S> ? cache_line : 1);
}

/// The clock around a probe's work; `perform` only has to start it.
template <Space S>
class TimedProbe : public PreparedProbe {
 public:
  Probed run() final {
    if (warm_) perform();
    space_.fence("inpex probe: before");
    auto const start = std::chrono::steady_clock::now();
    perform();
    space_.fence("inpex probe: after");
    Probed probed = counts_;
    probed.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return probed;
  }

 protected:
  virtual void perform() = 0;
  S space_{};
  Probed counts_{};  // all but the seconds
  bool warm_ =
      false;  // perform once untimed: for data that a cache must hold, which others emptied
};

template <Space S, class T, class Mix>
class TrafficProbe final : public TimedProbe<S> {
 public:
  explicit TrafficProbe(Probe const& probe)
      : threads_(S().concurrency()), repetitions_(probe.repetitions), size_(elements(probe.bytes)),
        store_(std::string(probe_label) + ": " + probe.kernel, size_ * Mix::arrays),
        result_(std::string(probe_label) + ": result", result_size<S>(threads_)),
        arrays_{store_.data(), Mix::arrays > 1 ? store_.data() + size_ : nullptr,
                Mix::arrays > 2 ? store_.data() + 2 * size_ : nullptr, size_} {
    this->counts_.bytes =
        static_cast<double>(size_ * Mix::touches * sizeof(T)) * static_cast<double>(repetitions_);
    this->warm_ = is_host<S> && probe.bytes <= last_level_cache_bytes();
    if constexpr (is_host<S>)
      Kokkos::parallel_for("inpex probe: first touch", Threads<S>(this->space_, 0, threads_),
                           probe::FirstTouch<T>{arrays_, threads_});
    else
      Kokkos::deep_copy(this->space_, store_.view(), T(1));
    this->space_.fence("inpex probe: prepared");
  }

 private:
  static constexpr bool reads = std::is_same_v<Mix, probe::Read>;

  // Whole granules on hosts; on devices, whole rounds of all threads where a kernel needs those.
  [[nodiscard]] std::size_t elements(std::uint64_t bytes) const {
    std::size_t unit = probe::granule<T>;
    if (reads && !is_host<S>) unit = 8 * static_cast<std::size_t>(threads_);
    return std::max<std::size_t>(1, bytes / sizeof(T) / Mix::arrays / unit) * unit;
  }

  void perform() override {
    if constexpr (is_host<S>) {
      probe::Sweep<Mix, T> sweep{};
      sweep.m = arrays_, sweep.threads = threads_, sweep.repetitions = repetitions_;
      if constexpr (reads) sweep.result = result_.data();
      Kokkos::parallel_for("inpex probe: traffic", Threads<S>(this->space_, 0, threads_), sweep);
    } else {
      for (std::uint64_t r = 0; r < repetitions_; ++r) sweep_device();
    }
  }
  void sweep_device() {
    if constexpr (reads)
      Kokkos::parallel_for(
          "inpex probe: traffic", Elements<S>(this->space_, 0, static_cast<std::size_t>(threads_)),
          probe::Points<Mix, T>{arrays_, static_cast<std::size_t>(threads_), result_.data()});
    else
      Kokkos::parallel_for("inpex probe: traffic", Elements<S>(this->space_, 0, size_ / 4),
                           probe::Points<Mix, T>{arrays_});
  }

  int threads_;
  std::uint64_t repetitions_;
  std::size_t size_;
  Memory<T, S> store_;
  Memory<T, S> result_;
  probe::Arrays<T> arrays_;
};

template <Space S, class T>
class FlopProbe final : public TimedProbe<S> {
 public:
  explicit FlopProbe(Probe const& probe)
      : repetitions_(probe.repetitions), threads_(S().concurrency()),
        result_(std::string(probe_label) + ": result", result_size<S>(threads_)) {
    this->counts_.flops =
        2.0 * Chains::lanes * probe::chains * threads_ * static_cast<double>(repetitions_);
  }

 private:
  using Chains = std::conditional_t<is_host<S>, probe::VectorChains<T>, probe::PointChains<T>>;

  void perform() override {
    Kokkos::parallel_for("inpex probe: flops", Threads<S>(this->space_, 0, threads_),
                         Chains{repetitions_, T(0.5), result_.data()});
  }
  std::uint64_t repetitions_;
  int threads_;
  Memory<T, S> result_;
};

template <Space S>
class CallProbe final : public TimedProbe<S> {
 public:
  explicit CallProbe(Probe const& probe)
      : launches_(probe.kernel == "launch"), repetitions_(probe.repetitions) {
    this->counts_.calls = static_cast<double>(repetitions_);
  }

 private:
  void perform() override {
    int const threads = this->space_.concurrency();
    for (std::uint64_t r = 0; r < repetitions_; ++r)
      if (launches_)
        Kokkos::parallel_for("inpex probe: launch", Threads<S>(this->space_, 0, threads),
                             probe::Empty{});
      else
        this->space_.fence("inpex probe: fence");
  }
  bool launches_;
  std::uint64_t repetitions_;
};

template <Space S, class T>
std::unique_ptr<PreparedProbe> prepare_in(Probe const& probe) {
  if (probe.kernel == "copy") return std::make_unique<TrafficProbe<S, T, probe::Copy>>(probe);
  if (probe.kernel == "stream_copy")
    return std::make_unique<TrafficProbe<S, T, probe::StreamCopy>>(probe);
  if (probe.kernel == "read") return std::make_unique<TrafficProbe<S, T, probe::Read>>(probe);
  if (probe.kernel == "update") return std::make_unique<TrafficProbe<S, T, probe::Update>>(probe);
  if (probe.kernel == "triad") return std::make_unique<TrafficProbe<S, T, probe::Triad>>(probe);
  if (probe.kernel == "fma") return std::make_unique<FlopProbe<S, T>>(probe);
  return std::make_unique<CallProbe<S>>(probe);
}

template <Space S>
SpaceInfo describe() {
  S const space;
  SpaceInfo info;
  info.name = space_name<S>();
  info.concurrency = space.concurrency();
  info.is_device = !is_host<S>;
  if constexpr (is_host<S>) {
    auto const memory = physical_memory();
    info.device = "host";
    info.memory_bytes = memory.total_bytes;
    info.free_bytes = memory.available_bytes;
  } else {
    auto const facts = device_facts(space);
    info.device = facts.name;
    info.memory_bytes = facts.memory_bytes;
    info.free_bytes = facts.free_bytes;
  }
  return info;
}

template <Space... S>
std::vector<SpaceInfo> describe_all(SpaceList<S...>) {
  return {describe<S>()...};
}

// One place of a static loop is one thread's.
template <Space S>
std::vector<std::vector<int>> cpus_in() {
  S const space;
  std::vector<std::vector<int>> cpus(static_cast<std::size_t>(space.concurrency()));
  using Each = Kokkos::RangePolicy<S, Kokkos::Schedule<Kokkos::Static>>;
  Kokkos::parallel_for(
      "inpex: cpus of threads", Each(space, 0, static_cast<int>(cpus.size())),
      [&cpus](int thread) { cpus[static_cast<std::size_t>(thread)] = allowed_cpus(); });
  return cpus;
}

template <Space... S>
std::vector<std::vector<int>> cpus_by_thread(SpaceList<S...>, std::string const& space) {
  std::vector<std::vector<int>> cpus;
  auto const attempt = [&]<Space Each>() {
    if constexpr (is_host<Each>)
      if (space == space_name<Each>()) cpus = cpus_in<Each>();
  };
  (attempt.template operator()<S>(), ...);
  return cpus;
}

template <Space... S>
std::unique_ptr<PreparedProbe> prepare_one_of(SpaceList<S...>, Probe const& probe) {
  std::unique_ptr<PreparedProbe> prepared;
  auto const attempt = [&]<Space Each>() {
    if (probe.space != space_name<Each>()) return;
    prepared = probe.precision == "fp32" ? prepare_in<Each, float>(probe)
                                         : prepare_in<Each, double>(probe);
  };
  (attempt.template operator()<S>(), ...);
  return prepared;
}

void require_known(std::string const& kind, std::string const& word,
                   std::vector<std::string> const& known) {
  if (std::find(known.begin(), known.end(), word) == known.end())
    throw Error(Fault::command, "no " + kind + " '" + word + "'", {}, suggestion(word, known));
}

void require_device() {
  bool const built_for_one = !is_host<Kokkos::DefaultExecutionSpace>;
  if (built_for_one && Kokkos::num_devices() < 1)
    throw Error(Fault::environment,
                "this program was built for a GPU (" +
                    std::string(space_name<Kokkos::DefaultExecutionSpace>()) +
                    "), but none is visible",
                {}, "run on a node that has one, or build the preset release for processors alone");
}

// Hardware threads of all places of OpenMP, which binds this thread to the first of them before the
// program begins; else those of this thread.
std::vector<int> cpus_of_all_threads() {
  std::vector<int> cpus;
#ifdef KOKKOS_ENABLE_OPENMP
  for (int place = 0; place < omp_get_num_places(); ++place) {
    std::vector<int> here(static_cast<std::size_t>(omp_get_place_num_procs(place)));
    omp_get_place_proc_ids(place, here.data());
    cpus.insert(cpus.end(), here.begin(), here.end());
  }
#endif
  std::sort(cpus.begin(), cpus.end());  // places may overlap
  cpus.erase(std::unique(cpus.begin(), cpus.end()), cpus.end());
  return cpus.empty() ? allowed_cpus() : cpus;
}

// One thread a core, unless the user has chosen.
Kokkos::InitializationSettings settings() {
  Kokkos::InitializationSettings chosen;
  chosen.set_disable_warnings(true);  // about binding, which every record states as it was found
  if (std::getenv("OMP_NUM_THREADS") == nullptr && std::getenv("KOKKOS_NUM_THREADS") == nullptr)
    chosen.set_num_threads(usable_cores(cpus_of_all_threads()));
  return chosen;
}

}  // namespace

Runtime::Runtime() {
  if (Kokkos::is_initialized() || Kokkos::is_finalized())
    throw Error(Fault::environment, "Kokkos cannot be started twice in one program");
  require_device();
  try {
    Kokkos::initialize(settings());
  } catch (std::exception const& failure) {
    throw Error(Fault::environment, std::string("Kokkos cannot start: ") + failure.what(), {},
                "check that the device is free and that OMP_NUM_THREADS is a number");
  }
  if (Kokkos::Tools::profileLibraryLoaded()) return;  // a tool of the user's: leave it alone
  Kokkos::Tools::Experimental::set_allocate_data_callback(count_allocation);
  Kokkos::Tools::Experimental::set_deallocate_data_callback(count_deallocation);
}

Runtime::~Runtime() { Kokkos::finalize(); }

std::vector<SpaceInfo> Runtime::spaces() const { return describe_all(Spaces{}); }

Allocated Runtime::allocated() const { return {held_bytes, peak_bytes, allocations}; }

std::vector<std::vector<int>> Runtime::cpus_of_threads(std::string const& space) const {
  return cpus_by_thread(Spaces{}, space);
}

std::unique_ptr<PreparedProbe> Runtime::prepare(Probe const& probe) const {
  auto const built = spaces();
  std::vector<std::string> names;
  for (auto const& space : built) names.push_back(space.name);
  require_known("probe", probe.kernel, probe_kernels());
  require_known("space", probe.space, names);
  require_known("precision", probe.precision, {"fp64", "fp32"});
  auto const& space = built[static_cast<std::size_t>(
      std::find(names.begin(), names.end(), probe.space) - names.begin())];
  if (probe.bytes > space.free_bytes)
    throw Error(Fault::environment,
                "a probe of " + std::to_string(probe.bytes) + " bytes does not fit the " +
                    std::to_string(space.free_bytes) + " bytes that are free",
                probe.space, "free memory, or run fewer ranks on this node");
  return prepare_one_of(Spaces{}, probe);
}

std::vector<std::string> probe_kernels() {
  return {"copy", "stream_copy", "read", "update", "triad", "fma", "launch", "fence"};
}

}  // namespace inpex
