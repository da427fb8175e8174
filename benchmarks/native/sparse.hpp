// SPDX-License-Identifier: Apache-2.0
#pragma once
// The app that the twins of sparse are held against, through the interface of the harness.

#include <inpex/app.hpp>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::sparse {
std::vector<App> apps();
}

namespace inpex::native {

/// sparse.spmv of the 27-point matrix of `points` a side, in fp64.
inline std::unique_ptr<Case> product_app(std::string_view space, int points, int steps,
                                         std::string const& format) {
  std::int64_t const n = points;
  for (auto const& app : sparse::apps())
    if (app.name == "sparse.spmv")
      return app.make({{"nx", n, ""},
                       {"ny", n, ""},
                       {"nz", n, ""},
                       {"steps", std::int64_t{steps}, ""},
                       {"format", format, ""}},
                      {.space = std::string(space), .precision = "fp64"}, Comm());
  std::abort();
}

}  // namespace inpex::native
