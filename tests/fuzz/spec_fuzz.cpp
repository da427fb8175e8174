// SPDX-License-Identifier: Apache-2.0
// libFuzzer: whatever the bytes, the readers of specs, suites and formulas either accept them or
// throw an Error whose every sentence has a text; they never crash, leak or hang.

#include <inpex/error.hpp>
#include <inpex/host/formula_parser.hpp>
#include <inpex/host/spec_load.hpp>
#include <inpex/host/suite.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

template <class Read>
void try_to(Read read) {
  try {
    read();
  } catch (inpex::host::SpecErrors const& errors) {
    if (errors.errors.empty()) std::abort();
    for (auto const& each : errors.errors)
      if (each.problem.empty()) std::abort();
  } catch (inpex::Error const& error) {
    if (error.problem.empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string const text(reinterpret_cast<char const*>(data), size);
  if (text.find("inpex_suite") != std::string::npos)
    try_to([&] { inpex::host::parse_suite(text, "fuzz.yaml"); });
  else
    try_to([&] { inpex::host::parse_spec(text, "fuzz.yaml"); });
  auto const line = text.substr(0, text.find('\n'));
  try_to([&] {
    auto const formula = inpex::host::parse_formula(line, {"fuzz.yaml", {1, 1}});
    inpex::Table const names{{"nx", std::int64_t{1} << 62, ""}, {"eps", 1e-300, ""}};
    try_to([&] { static_cast<void>(formula.evaluate(names)); });
    try_to([&] { static_cast<void>(formula.count(names)); });
  });
  return 0;
}
