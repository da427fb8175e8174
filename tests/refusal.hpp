// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a wrong use is told.

#include <inpex/error.hpp>

#include <string>

namespace inpex::test {

/// The text of the Error that the body throws; "accepted" if it throws none.
template <class Body>
std::string refusal(Body const& body) {
  try {
    body();
  } catch (Error const& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace inpex::test
