// SPDX-License-Identifier: Apache-2.0
#include <inpex/inpex.hpp>

#include <Kokkos_Core.hpp>

int main(int argc, char** argv) {
  Kokkos::ScopeGuard const kokkos(argc, argv);
  int const size = 1000;
  Kokkos::View<double*> const squares("squares", size);
  Kokkos::parallel_for(
      "square", size, KOKKOS_LAMBDA(int i) { squares(i) = double(i) * i; });
  double sum = 0;
  Kokkos::parallel_reduce(
      "sum", size, KOKKOS_LAMBDA(int i, double& part) { part += squares(i); }, sum);
  return sum == 332833500.0 ? 0 : 1;  // n(n+1)(2n+1)/6 for n = 999, exact in fp64
}
