// SPDX-License-Identifier: Apache-2.0
// The main of test programs that need ranks and Kokkos: both run for the whole program, and only
// rank 0 speaks, unless another rank finds a failure.

#include "world.hpp"

#include <catch2/catch_session.hpp>

#include <cstdio>
#include <string>

namespace inpex::test {

namespace {
Runtime const* running = nullptr;
}

Comm& world() {
  static Comm comm;
  return comm;
}
Runtime const& runtime() { return *running; }

}  // namespace inpex::test

int main(int argc, char** argv) {
  inpex::World const world(&argc, &argv);
  inpex::test::world() = world.comm;
  Catch::Session session;
  if (int const refused = session.applyCommandLine(argc, argv); refused != 0) return refused;
  if (world.comm.rank() > 0) session.configData().defaultOutputFilename = "%debug";
  inpex::Runtime const runtime;
  inpex::test::running = &runtime;
  int const failed = session.run();
  auto const worst = world.comm.maximum(static_cast<double>(failed));
  if (failed != 0 && world.comm.rank() > 0)
    std::fprintf(stderr, "rank %d failed\n", world.comm.rank());
  return worst > 0 ? 1 : 0;
}
