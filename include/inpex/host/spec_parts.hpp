// SPDX-License-Identifier: Apache-2.0
#pragma once
// The parts of a spec that stand alone: scalars, formulas, measure, work, checks, laws, divisions.

#include <inpex/host/formula_parser.hpp>
#include <inpex/host/spec.hpp>
#include <inpex/host/spec_errors.hpp>
#include <inpex/host/spec_shape.hpp>
#include <inpex/host/yaml_scalar.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host::detail {

/// Reads one part of a spec each; what does not parse is added to the findings.
class SpecParts {
 protected:
  explicit SpecParts(Findings& findings) : findings_(findings) {}

  /// The node, or nullptr where it is missing or was refused.
  static Yaml const* usable(Yaml const* node) {
    return node == nullptr || node->refused ? nullptr : node;
  }

  template <class Read>
  static void for_each(Yaml const* node, Read read) {
    if (usable(node) == nullptr) return;
    for (auto const& item : node->items)
      if (!item.refused) read(item);
  }

  static std::string text(Yaml const* node, std::string const& fallback = {}) {
    auto const* found = usable(node);
    return found == nullptr ? fallback : found->text;
  }
  static std::vector<std::string> texts(Yaml const* node) {
    std::vector<std::string> result;
    for_each(node, [&](Yaml const& item) { result.push_back(item.text); });
    return result;
  }
  static double number(Yaml const* node, double fallback) {
    return usable(node) == nullptr ? fallback : as_number(*node).value_or(fallback);
  }
  static std::int64_t whole(Yaml const* node, std::int64_t fallback) {
    return usable(node) == nullptr ? fallback : as_whole(*node).value_or(fallback);
  }

  Formula formula(Yaml const* node) {
    if (usable(node) == nullptr || node->kind != Yaml::Kind::scalar) return {};
    return formula(node->text, {findings_.file(), node->text_place(), node->one_line});
  }
  Formula formula(std::string_view text, FormulaPlace place) {
    try {
      return parse_formula(text, std::move(place));
    } catch (Error const& error) {
      findings_.add(error);
      return {};
    }
  }

  Measure measure(Yaml const* node, Measure result) const {
    if (usable(node) == nullptr) return result;
    result.where = where(findings_.file(), node->key_place);
    result.timed_region = text(node->find("timed_region"), result.timed_region);
    if (usable(node->find("excluded")) != nullptr) result.excluded = texts(node->find("excluded"));
    result.aggregate = text(node->find("aggregate"), result.aggregate);
    result.warmup = whole(node->find("warmup"), result.warmup);
    result.min_samples = whole(node->find("min_samples"), result.min_samples);
    result.max_samples = whole(node->find("max_samples"), result.max_samples);
    result.min_seconds = number(node->find("min_seconds"), result.min_seconds);
    result.statistic = text(node->find("statistic"), result.statistic);
    if (auto const* stop = usable(node->find("stop"))) {
      result.stop.rule = text(stop->find("rule"), result.stop.rule);
      result.stop.max_noise = number(stop->find("max_noise"), result.stop.max_noise);
      result.stop.timeout_seconds =
          number(stop->find("timeout_seconds"), result.stop.timeout_seconds);
    }
    if (auto const* interval = usable(node->find("interval"))) {
      result.interval.level = number(interval->find("level"), result.interval.level);
      result.interval.method = text(interval->find("method"), result.interval.method);
    }
    return result;
  }

  std::vector<NamedFormula> named_formulas(Yaml const* node) {
    std::vector<NamedFormula> result;
    for_each(node, [&](Yaml const& item) { result.push_back({item.key, formula(&item)}); });
    return result;
  }

  WorkSpec work(Yaml const& node) {
    WorkSpec result;
    result.let = named_formulas(node.find("let"));
    result.totals = named_formulas(node.find("totals"));
    result.extents = named_formulas(node.find("extents"));
    result.footprint = formula(node.find("footprint"));
    result.peak = formula(node.find("peak"));
    for_each(node.find("phases"), [&](Yaml const& item) {
      PhaseSpec phase;
      phase.name = item.key;
      phase.flops = formula(item.find("flops"));
      phase.read = formula(item.find("read"));
      phase.write = formula(item.find("write"));
      phase.messages = formula(item.find("messages"));
      phase.message_bytes = formula(item.find("message_bytes"));
      phase.launches = formula(item.find("launches"));
      phase.overlap_with = text(item.find("overlap_with"));
      phase.ceiling = text(item.find("ceiling"));
      phase.where = where(findings_.file(), item.key_place);
      result.phases.push_back(std::move(phase));
    });
    return result;
  }

  AuditPhase audit_phase(Yaml const& item) {
    constexpr std::string_view names[] = {"flops", "read", "write", "messages", "message_bytes"};
    AuditPhase phase{.name = item.key,
                     .by_kernel = text(item.find("once")) == "kernel",
                     .indices = text(item.find("arrays")) == "all",
                     .where = where(findings_.file(), item.key_place)};
    for (std::size_t n = 0; n < phase.rules.size(); ++n)
      if (auto const* rule = usable(item.find(names[n])))
        phase.rules[n] = {.counted = formula(rule->find("counted")),
                          .within = number(rule->find("within"), 0),
                          .reason = text(rule->find("reason"))};
    return phase;
  }

  CheckSpec check(Yaml const& item) {
    CheckSpec result;
    result.id = text(item.find("id"));
    result.kind = text(item.find("kind"), "exact");
    result.quantity = text(item.find("quantity"), result.kind == "convergence" ? "order" : "");
    result.over = text(item.find("over"));
    result.when = text(item.find("when"), "every-run");
    result.where = where(findings_.file(), item.place);
    if (auto const* expect = usable(item.find("expect"))) {
      // A word, or words joined by hyphens, names an oracle; a difference is written with blanks.
      if (is_text(*expect) && is_name(expect->text, true))
        result.oracle = expect->text;
      else
        result.expect = formula(expect);
    }
    result.bitwise = text(item.find("tolerance")) == "bitwise";
    if (!result.bitwise) result.tolerance = formula(item.find("tolerance"));
    for_each(item.find("planted"),
             [&](Yaml const& each) { result.planted.push_back(planted(each)); });
    return result;
  }

  static Planted planted(Yaml const& item) {
    if (item.kind == Yaml::Kind::scalar) return {item.text, {}};
    Planted result{text(item.find("fault")), {}};
    for_each(item.find("amount"), [&](Yaml const& amount) {
      result.amounts.emplace_back(amount.key, number(&amount, 0));
    });
    return result;
  }

  ScalingMode scaling(Yaml const& item) {
    ScalingMode result;
    result.name = item.key;
    result.hold = text(item.find("hold"));
    if (auto const* least = usable(item.find("min_cells_per_rank")))
      result.min_cells_per_rank = as_whole(*least);
    if (auto const* law = usable(item.find("law"))) result.laws = laws(*law);
    return result;
  }

  /// "nx=nx0*px, ny=ny0*py": commas inside parentheses belong to a formula.
  std::vector<Law> laws(Yaml const& node) {
    std::vector<Law> result;
    std::size_t start = 0;
    int depth = 0;
    for (std::size_t at = 0; at <= node.text.size(); ++at) {
      char const letter = at < node.text.size() ? node.text[at] : ',';
      depth += letter == '(' ? 1 : letter == ')' ? -1 : 0;
      if (letter != ',' || (depth > 0 && at < node.text.size())) continue;
      law(result, node, start, at);
      start = at + 1;
    }
    return result;
  }

  void law(std::vector<Law>& result, Yaml const& node, std::size_t start, std::size_t end) {
    auto const first = std::min(node.text.find_first_not_of(' ', start), end);
    auto const equals = std::min(node.text.find('=', first), end);
    auto const last = node.text.find_last_not_of(' ', equals == 0 ? 0 : equals - 1);
    std::string const name = node.text.substr(first, equals > first ? last + 1 - first : 0);
    auto const place = [&](std::size_t offset) {
      auto const from = node.text_place();
      return Place{from.line, from.column + (node.one_line ? static_cast<int>(offset) : 0)};
    };
    if (equals == end || !is_name(name)) {
      findings_.add(place(first),
                    "'" + abbreviated(node.text.substr(first, end - first)) + "' is no law",
                    "write parameter=formula, as in nx=nx0*px");
      return;
    }
    result.push_back({name, formula(node.text.substr(equals + 1, end - equals - 1),
                                    {findings_.file(), place(equals + 1), node.one_line})});
  }

  Division division(Yaml const& item) const {
    return {item.key,
            text(item.find("source")),
            texts(item.find("tune")),
            texts(item.find("allow")),
            texts(item.find("deny")),
            texts(item.find("require")),
            where(findings_.file(), item.key_place)};
  }

  Findings& findings_;
};

}  // namespace inpex::host::detail
