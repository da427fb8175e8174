// SPDX-License-Identifier: Apache-2.0
// The time of PETSc on the matrix of sparse.*: 27 points of a box of n^3, 26 on the diagonal, -1
// beside it, solution of ones; rows and values are handed over as they are, so that PETSc copies
// nothing. The ranks of mpiexec each have a slab of planes.
//   petsc_time solve|product N REPETITIONS [PETSc's options]
// solve: conjugate gradients to a residual of 1e-9 of the first, by default preconditioned by the
// diagonal; prints seconds, iterations, how far the solution is from ones, and the seconds before
// that in which rows were made. product: GFLOP/s of y = A x by 2 flops an entry. Median, least,
// most.

#include <petscksp.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace {

void must(PetscErrorCode code) { PetscCallAbort(PETSC_COMM_WORLD, code); }

/// Rows of the planes of this rank, of points in the order x, y, z.
struct Rows {
  std::vector<PetscInt> starts{0}, columns;
  std::vector<PetscScalar> values;
};

Rows rows_of(PetscInt n, PetscInt first_plane, PetscInt last_plane) {
  Rows rows;
  auto const most = static_cast<std::size_t>(27 * n * n * (last_plane - first_plane));
  rows.columns.reserve(most);
  rows.values.reserve(most);
  auto const inside = [n](PetscInt i) { return i >= 0 && i < n; };
  for (PetscInt z = first_plane; z < last_plane; ++z)
    for (PetscInt y = 0; y < n; ++y)
      for (PetscInt x = 0; x < n; ++x) {
        for (PetscInt d = 0; d < 27; ++d) {
          PetscInt const i = x + d % 3 - 1, j = y + d / 3 % 3 - 1, k = z + d / 9 - 1;
          if (!inside(i) || !inside(j) || !inside(k)) continue;
          rows.columns.push_back((k * n + j) * n + i);
          rows.values.push_back(d == 13 ? 26 : -1);
        }
        rows.starts.push_back(static_cast<PetscInt>(rows.columns.size()));
      }
  return rows;
}

struct Spread {
  double median, least, most;
};
Spread spread(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values[values.size() / 2], values.front(), values.back()};
}

double product(Mat a, Vec x, Vec y) {
  constexpr int repetitions = 20;
  MPI_Barrier(PETSC_COMM_WORLD);
  double const start = MPI_Wtime();
  for (int i = 0; i < repetitions; ++i) must(MatMult(a, x, y));
  MPI_Barrier(PETSC_COMM_WORLD);
  return (MPI_Wtime() - start) / repetitions;
}

struct Solved {
  double seconds = 0, error = 0;
  PetscInt iterations = 0;
};

Solved solve(Mat a, Vec x, Vec b) {
  must(VecSet(x, 1));
  must(MatMult(a, x, b));
  must(VecSet(x, 0));
  Solved found;
  MPI_Barrier(PETSC_COMM_WORLD);
  double const start = MPI_Wtime();
  KSP solver;
  PC diagonal;
  must(KSPCreate(PETSC_COMM_WORLD, &solver));
  must(KSPSetOperators(solver, a, a));
  must(KSPSetType(solver, KSPCG));
  must(KSPSetNormType(solver, KSP_NORM_UNPRECONDITIONED));
  must(KSPGetPC(solver, &diagonal));
  must(PCSetType(diagonal, PCJACOBI));
  must(KSPSetTolerances(solver, 1e-9, PETSC_DEFAULT, PETSC_DEFAULT, 10000));
  must(KSPSetFromOptions(solver));
  must(KSPSolve(solver, b, x));
  MPI_Barrier(PETSC_COMM_WORLD);
  found.seconds = MPI_Wtime() - start;
  must(KSPGetIterationNumber(solver, &found.iterations));
  must(KSPDestroy(&solver));
  must(VecShift(x, -1));
  must(VecNorm(x, NORM_INFINITY, &found.error));
  return found;
}

int run(std::string const& kind, PetscInt n, int repetitions) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  double const begin = MPI_Wtime();
  auto rows = rows_of(n, n * rank / ranks, n * (rank + 1) / ranks);
  auto const own = static_cast<PetscInt>(rows.starts.size()) - 1;
  double entries = static_cast<double>(rows.columns.size());
  MPI_Allreduce(MPI_IN_PLACE, &entries, 1, MPI_DOUBLE, MPI_SUM, PETSC_COMM_WORLD);
  Mat a;
  if (ranks == 1)
    must(MatCreateSeqAIJWithArrays(PETSC_COMM_SELF, own, own, rows.starts.data(),
                                   rows.columns.data(), rows.values.data(), &a));
  else
    must(MatCreateMPIAIJWithArrays(PETSC_COMM_WORLD, own, own, PETSC_DETERMINE, PETSC_DETERMINE,
                                   rows.starts.data(), rows.columns.data(), rows.values.data(),
                                   &a));
  double const set_up = MPI_Wtime() - begin;
  Vec x, b;
  must(MatCreateVecs(a, &x, &b));
  std::vector<double> found;
  Solved last;
  for (int r = 0; r < repetitions; ++r)
    if (kind == "product") {
      must(VecSet(x, 1));
      found.push_back(2e-9 * entries / product(a, x, b));
    } else {
      last = solve(a, x, b);
      found.push_back(last.seconds);
    }
  auto const [median, least, most] = spread(found);
  if (rank == 0 && kind == "product")
    std::printf("PETSc product %d: %.2f GFLOP/s (%.2f to %.2f)\n", static_cast<int>(n), median,
                least, most);
  if (rank == 0 && kind == "solve")
    std::printf(
        "PETSc solve %d: %.3f s (%.3f to %.3f), %d iterations, error %.1e; rows made in %.3f s\n",
        static_cast<int>(n), median, least, most, static_cast<int>(last.iterations), last.error,
        set_up);
  must(VecDestroy(&x));
  must(VecDestroy(&b));
  must(MatDestroy(&a));
  return 0;
}

}  // namespace

int main(int count, char** words) {
  std::vector<std::string> const asked(words + 1, words + count);
  if (asked.size() < 3 || (asked[0] != "solve" && asked[0] != "product")) {
    std::fputs("petsc_time solve|product N REPETITIONS [PETSc's options]\n", stderr);
    return 2;
  }
  must(PetscInitialize(&count, &words, nullptr, nullptr));
  int const code = run(asked[0], std::stoi(asked[1]), std::stoi(asked[2]));
  must(PetscFinalize());
  return code;
}
