// SPDX-License-Identifier: Apache-2.0
#pragma once
// The names that a spec's formulas may use, with their values: before a run, where the extents of a
// rank are predicted, and after it, where the app has told them.

#include <inpex/host/blocks.hpp>
#include <inpex/host/spec.hpp>
#include <inpex/host/vocabulary.hpp>
#include <inpex/value.hpp>

#include <array>
#include <cfloat>
#include <cstdint>
#include <optional>
#include <string_view>

namespace inpex::host {

/// The box of the parameters nx, ny, nz cut over the ranks, or nothing for an app that has no nx.
inline std::optional<Blocks> blocks_of(Table const& parameters, int ranks) {
  std::array<std::int64_t, 3> cells{1, 1, 1};
  constexpr std::string_view axes[] = {"nx", "ny", "nz"};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    auto const* entry = find(parameters, axes[axis]);
    if (entry != nullptr && std::holds_alternative<std::int64_t>(entry->value))
      cells[axis] = std::get<std::int64_t>(entry->value);
    else if (axis == 0)
      return {};
  }
  return predicted_blocks(cells, ranks);
}

namespace detail {

/// The numbers among the parameters, which words were chosen, and what the frame knows of every
/// run.
inline Table frame_table(Spec const& spec, Table const& parameters, std::string_view precision,
                         int ranks) {
  Table names;
  for (auto const& entry : parameters)
    if (std::holds_alternative<std::int64_t>(entry.value) ||
        std::holds_alternative<double>(entry.value))
      names.push_back(entry);
  for (auto const& parameter : spec.parameters)
    for (auto const& value : parameter.allowed)
      if (auto const* word = std::get_if<std::string>(&value)) {
        auto const* entry = find(parameters, parameter.name);
        put(names, chosen_name(parameter.name, *word),
            std::int64_t{entry != nullptr && entry->value == value});
      }
  put(names, "real", std::int64_t{precision == "fp32" ? 4 : 8});
  put(names, "eps", precision == "fp64" ? DBL_EPSILON : static_cast<double>(FLT_EPSILON));
  put(names, "ranks", std::int64_t{ranks});
  return names;
}

inline void put_formulas(Table& names, std::vector<NamedFormula> const& formulas) {
  for (auto const& [name, formula] : formulas)
    if (!formula.empty()) put(names, name, formula.evaluate(names), formula.where());
}

}  // namespace detail

/// Names of a rank whose block has that extent.
inline Table names_of_block(Spec const& spec, Table const& parameters, std::string_view precision,
                            int ranks, Blocks const& blocks,
                            std::array<std::int64_t, 3> const& extent) {
  Table names = detail::frame_table(spec, parameters, precision, ranks);
  put_block(names, blocks, extent);
  detail::put_formulas(names, spec.work.totals);
  detail::put_formulas(names, spec.work.extents);
  detail::put_formulas(names, spec.work.let);
  return names;
}

/// Names of the rank with the largest block, before there is one. Throws Error (spec) where a
/// formula of `let` or `extents` cannot be evaluated.
inline Table names_before_run(Spec const& spec, Table const& parameters, std::string_view precision,
                              int ranks) {
  if (auto const blocks = blocks_of(parameters, ranks))
    return names_of_block(spec, parameters, precision, ranks, *blocks,
                          block_kinds(*blocks).front().extent);
  Table names = detail::frame_table(spec, parameters, precision, ranks);
  detail::put_formulas(names, spec.work.totals);
  detail::put_formulas(names, spec.work.extents);
  detail::put_formulas(names, spec.work.let);
  return names;
}

/// Names after a run: `extents` is what Case::extents() has returned on this rank, `seconds` the
/// time of a sample, `setup` that of the constructor.
struct AfterRun {
  Table extents;
  double seconds = 0;
  double setup = 0;
};
inline Table names_after_run(Spec const& spec, Table const& names_before, AfterRun const& run) {
  Table names = names_before;
  for (auto const& entry : run.extents) put(names, entry.name, entry.value);
  put(names, "time", run.seconds);
  put(names, "setup", run.setup);
  detail::put_formulas(names, spec.work.let);
  return names;
}

}  // namespace inpex::host
