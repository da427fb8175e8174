// SPDX-License-Identifier: Apache-2.0
#include <inpex/comm.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <span>
#include <vector>

using namespace inpex;

TEST_CASE("one rank is its own sum, extreme, root and audience") {
  Comm const comm;
  CHECK(comm.rank() == 0);
  CHECK(comm.size() == 1);
  CHECK(comm.sum(2.5) == 2.5);
  CHECK(comm.maximum(std::uint64_t{7}) == 7);
  CHECK(comm.minimum(-1.0) == -1.0);
  CHECK(comm.broadcast(42) == 42);
  CHECK(comm.gather(1.5) == std::vector<double>{1.5});
}

TEST_CASE("messages of a rank to itself arrive by tag, in the order of sending, when waited for") {
  Comm const comm;
  std::vector<int> const first{1}, second{2}, third{3};
  std::vector<int> a{0}, b{0}, c{0};
  comm.receive(std::as_writable_bytes(std::span(a)), 0, 5);
  comm.receive(std::as_writable_bytes(std::span(b)), 0, 9);
  comm.receive(std::as_writable_bytes(std::span(c)), 0, 5);
  comm.send(std::as_bytes(std::span(first)), 0, 5);
  comm.send(std::as_bytes(std::span(second)), 0, 9);
  comm.send(std::as_bytes(std::span(third)), 0, 5);
  CHECK(a[0] == 0);
  comm.wait();
  CHECK(a[0] == 1);
  CHECK(b[0] == 2);
  CHECK(c[0] == 3);
}
