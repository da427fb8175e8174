// SPDX-License-Identifier: Apache-2.0
#pragma once
// Ranks played by threads of one process, of which one runs at a time: until it must wait for the
// others. Its messages are counted.

#include <inpex/audit.hpp>
#include <inpex/comm.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace inpex::audit {

/// What the threads of one group share. Whoever runs holds the lock; waiting lets it go.
struct Table {
  struct Message {
    int from, to, tag;
    std::vector<std::byte> bytes;
  };
  explicit Table(int ranks) : size(ranks) {}

  int size;
  std::mutex turn;
  std::condition_variable changed;
  int arrived = 0;
  std::size_t rounds = 0;  // barriers passed
  bool broken = false;     // a rank gave up: nobody waits any more
  std::vector<std::vector<std::byte>> slots{static_cast<std::size_t>(size)};
  std::list<Message> messages;
};

/// Thrown where another rank has given up.
struct GivenUp {};

/// One thread's rank.
class ThreadRank final : public Transport {
 public:
  ThreadRank(Table& table, int rank) : table_(table), rank_(rank), lock_(table.turn) {}
  ~ThreadRank() override { table_.changed.notify_all(); }

  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return table_.size; }
  [[nodiscard]] bool device_memory() const override { return false; }
  void barrier() override {
    auto const round = table_.rounds;
    if (++table_.arrived == table_.size) {
      table_.arrived = 0, ++table_.rounds;
      table_.changed.notify_all();
    } else {
      wait_until([&] { return table_.rounds != round; });
    }
  }
  void reduce(std::span<double> values, Reduction how) override { reduce_all(values, how); }
  void reduce(std::span<std::uint64_t> values, Reduction how) override { reduce_all(values, how); }
  void broadcast(std::span<std::byte> bytes, int root) override {
    if (rank_ == root) mine().assign(bytes.begin(), bytes.end());
    barrier();
    auto const& from = table_.slots[static_cast<std::size_t>(root)];
    std::copy(from.begin(), from.end(), bytes.begin());
    barrier();
  }
  void gather(std::span<double const> values, std::span<double> all) override {
    leave(values);
    for (std::size_t rank = 0; rank_ == 0 && rank < table_.slots.size(); ++rank)
      std::memcpy(all.data() + rank * values.size(), table_.slots[rank].data(),
                  values.size_bytes());
    barrier();
  }
  void send(std::span<std::byte const> bytes, int to, int tag) override {
    if (to != rank_) count_message(bytes.size());
    table_.messages.push_back({rank_, to, tag, {bytes.begin(), bytes.end()}});
    table_.changed.notify_all();
  }
  void receive(std::span<std::byte> bytes, int from, int tag) override {
    wanted_.push_back({bytes, from, tag});
  }
  void wait() override {
    for (auto const& each : wanted_) wait_until([&] { return taken(each); });
    wanted_.clear();
  }
  [[noreturn]] void abort(int code) override { std::_Exit(code); }
  /// Lets all others give up as well.
  void give_up() { table_.broken = true; }

 private:
  struct Wanted {
    std::span<std::byte> bytes;
    int from, tag;
  };
  std::vector<std::byte>& mine() { return table_.slots[static_cast<std::size_t>(rank_)]; }

  template <class Done>
  void wait_until(Done const& done) {
    table_.changed.wait(lock_, [&] { return table_.broken || done(); });
    if (table_.broken) throw GivenUp{};
  }
  template <class T>
  void leave(std::span<T> values) {
    auto const bytes = std::as_bytes(values);
    mine().assign(bytes.begin(), bytes.end());
    barrier();
  }
  template <class T>
  void reduce_all(std::span<T> values, Reduction how) {
    leave(values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      T result{};
      for (std::size_t rank = 0; rank < table_.slots.size(); ++rank) {
        T each{};
        std::memcpy(&each, table_.slots[rank].data() + i * sizeof(T), sizeof(T));
        if (rank == 0)
          result = each;
        else if (how == Reduction::sum)
          result += each;
        else
          result = how == Reduction::minimum ? std::min(result, each) : std::max(result, each);
      }
      values[i] = result;
    }
    barrier();
  }
  // Messages of one sender and tag are received in the order in which they were sent.
  bool taken(Wanted const& want) {
    for (auto each = table_.messages.begin(); each != table_.messages.end(); ++each)
      if (each->to == rank_ && each->from == want.from && each->tag == want.tag) {
        std::copy(each->bytes.begin(), each->bytes.end(), want.bytes.begin());
        table_.messages.erase(each);
        return true;
      }
    return false;
  }

  Table& table_;
  int rank_;
  std::unique_lock<std::mutex> lock_;
  std::vector<Wanted> wanted_;
};

/// Calls work(comm) on so many ranks. What one of them throws is thrown here once all have ended.
inline void on_ranks(int ranks, std::function<void(Comm const&)> const& work) {
  Table table(ranks);
  std::exception_ptr trouble;
  std::vector<std::thread> threads;
  for (int rank = 0; rank < ranks; ++rank)
    threads.emplace_back([&, rank] {
      auto const seat = std::make_shared<ThreadRank>(table, rank);
      try {
        work(Comm(seat));
      } catch (GivenUp const&) {
      } catch (...) {
        if (trouble == nullptr) trouble = std::current_exception();
        seat->give_up();
      }
    });
  for (auto& thread : threads) thread.join();
  if (trouble != nullptr) std::rethrow_exception(trouble);
}

}  // namespace inpex::audit
