// SPDX-License-Identifier: Apache-2.0
#pragma once
// The apps that solve HPCG's system, by what distinguishes them.

#include "solve.hpp"

namespace inpex::sparse {

/// What most of them have in common.
struct SolverKind {
  template <class Real>
  using Precision = Real;  ///< of the preconditioner
  static constexpr auto item = "unknowns";
  static constexpr bool shared_values = false;
  static constexpr bool interpolates = false;
  static constexpr double target = 1e-9;
};

/// HPCG 3.1 by its rules.
struct HpcgKind : SolverKind {
  static constexpr auto name = "sparse.hpcg";
  static constexpr auto summary =
      "High Performance Conjugate Gradients 3.1, with its official rating";
  static constexpr auto item = "flops of HPCG";
  static constexpr double target = 0;
};
/// HPG-MxP's idea: the preconditioner in single precision.
struct MxpKind : SolverKind {
  template <class Real>
  using Precision = Single<Real>;
  static constexpr auto name = "sparse.mxp";
  static constexpr auto summary = "HPCG's system to 1e-9, its multigrid in single precision";
};
/// No value of the matrix is stored twice.
struct Mf27Kind : SolverKind {
  static constexpr auto name = "sparse.mf27";
  static constexpr auto summary = "HPCG's mathematics to 1e-9 without a stored matrix";
  static constexpr bool shared_values = true;
};
/// The fastest solution of the system that this folder has.
struct Cg27Kind : SolverKind {
  template <class Real>
  using Precision = Single<Real>;
  static constexpr auto name = "sparse.cg27";
  static constexpr auto summary = "HPCG's system to 1e-9 with the best multigrid";
  static constexpr bool interpolates = true;
};

template <class S, class Real>
using Hpcg = Solve<S, Real, HpcgKind>;
template <class S, class Real>
using Mxp = Solve<S, Real, MxpKind>;
template <class S, class Real>
using Mf27 = Solve<S, Real, Mf27Kind>;
template <class S, class Real>
using Cg27 = Solve<S, Real, Cg27Kind>;

}  // namespace inpex::sparse
