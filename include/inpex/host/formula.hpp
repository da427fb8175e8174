// SPDX-License-Identifier: Apache-2.0
#pragma once
// A formula of a spec: + - * / ^ ( ), min max log2 ceil floor sqrt, decimal numbers and names.
// Whole numbers are int64 and stay exact; what does not fit 64 bits is an error, as are a division
// by zero, a result that is not finite and a name that nobody gave a value. A quotient of whole
// numbers is whole where it divides, else real: floor(a/b) is the whole quotient. ^ binds tighter
// than a sign and groups from the right. A formula has at most 1000 letters and is nested at most
// 32 deep; formula_parser.hpp makes one from text.

#include <inpex/host/spec_errors.hpp>
#include <inpex/nearest.hpp>
#include <inpex/value.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::host {

/// Where a formula stands. Inside text of several lines only the start of the text is known.
struct FormulaPlace {
  std::string file;
  Place start;
  bool one_line = true;

  [[nodiscard]] std::string at(int offset) const {
    if (start.line == 0) return file + ", letter " + std::to_string(offset + 1);
    return where(file, {start.line, start.column + (one_line ? offset : 0)});
  }
};

namespace detail {

enum class Op {
  number,
  name,
  negate,
  add,
  subtract,
  multiply,
  divide,
  power,
  minimum,
  maximum,
  log2,
  ceil,
  floor,
  sqrt
};

struct FormulaStep {  // in postfix order
  Op op;
  int offset;  // letters from the start of the formula, for errors
  int operands = 0;
  Value number = {};  // of Op::number: int64 or double
  std::string name = {};
};

}  // namespace detail

/// A parsed formula. An empty one stands for a formula that the spec does not have.
class Formula {
 public:
  Formula() = default;
  Formula(std::string text, FormulaPlace place, std::vector<detail::FormulaStep> steps)
      : text_(std::move(text)), place_(std::move(place)), steps_(std::move(steps)) {}

  [[nodiscard]] bool empty() const { return steps_.empty(); }
  [[nodiscard]] std::string const& text() const { return text_; }
  /// "heat7.yaml:12:9" of its first letter.
  [[nodiscard]] std::string where() const { return place_.at(0); }
  [[nodiscard]] Place place() const { return place_.start; }

  /// The value, an int64 or a double, with every name's value from the table. Throws Error (spec)
  /// that names the place within the formula.
  [[nodiscard]] Value evaluate(Table const& names) const;
  /// The value as a real number.
  [[nodiscard]] double real(Table const& names) const { return as_real(evaluate(names)); }
  /// The value as a count of bytes, flops or messages: a real is rounded to the nearest. An empty
  /// formula counts 0. Throws Error (spec) for less than 0 and for more than 64 bits hold.
  [[nodiscard]] std::uint64_t count(Table const& names) const;

  /// A name that the formula uses, and where.
  struct Use {
    std::string name;
    Place place;
  };
  /// Every use of a name, in order.
  [[nodiscard]] std::vector<Use> uses() const {
    std::vector<Use> result;
    for (auto const& step : steps_)
      if (step.op == detail::Op::name)
        result.push_back(
            {step.name,
             {place_.start.line, place_.start.column + (place_.one_line ? step.offset : 0)}});
    return result;
  }

 private:
  static double as_real(Value const& value) {
    if (auto const* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    return std::get<double>(value);
  }
  [[noreturn]] void fail(int offset, std::string problem, std::string hint = {}) const {
    throw Error(Fault::spec, std::move(problem) + " in '" + text_ + "'", place_.at(offset),
                std::move(hint));
  }
  [[nodiscard]] Value lookup(detail::FormulaStep const& step, Table const& names) const;
  [[nodiscard]] Value apply(detail::FormulaStep const& step, std::vector<Value>& stack) const;
  [[nodiscard]] Value binary(detail::FormulaStep const& step, Value const& a, Value const& b) const;
  [[nodiscard]] Value exact(detail::FormulaStep const& step, std::int64_t i, std::int64_t j) const;
  [[nodiscard]] Value power(detail::FormulaStep const& step, Value const& a, Value const& b) const;
  [[nodiscard]] Value unary(detail::FormulaStep const& step, Value const& a) const;
  [[nodiscard]] Value whole(detail::FormulaStep const& step, double rounded) const;
  [[nodiscard]] Value finite(detail::FormulaStep const& step, double result) const;

  std::string text_;
  FormulaPlace place_;
  std::vector<detail::FormulaStep> steps_;
};

inline Value Formula::evaluate(Table const& names) const {
  if (empty()) throw Error(Fault::spec, "there is no formula to evaluate", place_.file);
  std::vector<Value> stack;
  for (auto const& step : steps_) {
    if (step.op == detail::Op::number)
      stack.push_back(step.number);
    else if (step.op == detail::Op::name)
      stack.push_back(lookup(step, names));
    else {
      Value result = apply(step, stack);
      stack.resize(stack.size() - static_cast<std::size_t>(step.operands));
      stack.push_back(std::move(result));
    }
  }
  return stack.front();
}

inline std::uint64_t Formula::count(Table const& names) const {
  if (empty()) return 0;
  Value const value = evaluate(names);
  if (as_real(value) < 0)
    fail(0, "a count is " + fmt::format("{}", as_real(value)), "it must not be less than 0");
  if (auto const* exact = std::get_if<std::int64_t>(&value))
    return static_cast<std::uint64_t>(*exact);
  double const rounded = std::round(std::get<double>(value));
  if (rounded >= 0x1p63) fail(0, "a count does not fit 64 bits");
  return static_cast<std::uint64_t>(rounded);
}

inline Value Formula::lookup(detail::FormulaStep const& step, Table const& names) const {
  if (auto const* entry = find(names, step.name)) {
    if (std::holds_alternative<std::int64_t>(entry->value) ||
        std::holds_alternative<double>(entry->value))
      return entry->value;
    fail(step.offset,
         "'" + step.name + "' is a " + std::string(type_name(entry->value)) + ", not a number,");
  }
  std::vector<std::string> known;
  for (auto const& entry : names) known.push_back(entry.name);
  fail(step.offset, "unknown name '" + step.name + "'", suggestion(step.name, known));
}

inline Value Formula::apply(detail::FormulaStep const& step, std::vector<Value>& stack) const {
  auto const first = stack.size() - static_cast<std::size_t>(step.operands);
  if (step.op == detail::Op::minimum || step.op == detail::Op::maximum) {
    Value best = stack[first];
    for (auto i = first + 1; i < stack.size(); ++i) best = binary(step, best, stack[i]);
    return best;
  }
  if (step.operands == 1) return unary(step, stack[first]);
  return step.op == detail::Op::power ? power(step, stack[first], stack[first + 1])
                                      : binary(step, stack[first], stack[first + 1]);
}

namespace detail {

inline std::string shown(Value const& value) {
  if (auto const* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  return fmt::format("{}", std::get<double>(value));
}

}  // namespace detail

inline Value Formula::finite(detail::FormulaStep const& step, double result) const {
  if (!std::isfinite(result)) fail(step.offset, "the result is not a finite number");
  return result;
}

inline Value Formula::whole(detail::FormulaStep const& step, double rounded) const {
  if (!(std::abs(rounded) < 0x1p63)) fail(step.offset, "a whole number does not fit 64 bits");
  return static_cast<std::int64_t>(rounded);
}

inline Value Formula::binary(detail::FormulaStep const& step, Value const& a,
                             Value const& b) const {
  using detail::Op;
  auto const* i = std::get_if<std::int64_t>(&a);
  auto const* j = std::get_if<std::int64_t>(&b);
  double const x = as_real(a), y = as_real(b);
  if (step.op == Op::divide && y == 0)
    fail(step.offset, "division by zero", "the divisor must not be 0 in any case");
  if (i != nullptr && j != nullptr) return exact(step, *i, *j);
  switch (step.op) {
  case Op::add:
    return finite(step, x + y);
  case Op::subtract:
    return finite(step, x - y);
  case Op::multiply:
    return finite(step, x * y);
  case Op::divide:
    return finite(step, x / y);
  case Op::minimum:
    return x < y ? a : b;
  default:
    return x > y ? a : b;
  }
}

// Of whole numbers: whole, but for a quotient that does not divide.
inline Value Formula::exact(detail::FormulaStep const& step, std::int64_t i, std::int64_t j) const {
  using detail::Op;
  std::int64_t result = 0;
  bool overflow = false;
  switch (step.op) {
  case Op::add:
    overflow = __builtin_add_overflow(i, j, &result);
    break;
  case Op::subtract:
    overflow = __builtin_sub_overflow(i, j, &result);
    break;
  case Op::multiply:
    overflow = __builtin_mul_overflow(i, j, &result);
    break;
  case Op::divide:
    if (j == -1)
      overflow = __builtin_sub_overflow(std::int64_t{0}, i, &result);  // min / -1 traps
    else if (i % j != 0)
      return static_cast<double>(i) / static_cast<double>(j);
    else
      result = i / j;
    break;
  case Op::minimum:
    return std::min(i, j);
  default:
    return std::max(i, j);
  }
  if (overflow)
    fail(step.offset, "64-bit overflow of " + detail::shown(i) + " and " + detail::shown(j));
  return result;
}

inline Value Formula::power(detail::FormulaStep const& step, Value const& a, Value const& b) const {
  auto const* base = std::get_if<std::int64_t>(&a);
  auto const* exponent = std::get_if<std::int64_t>(&b);
  if (as_real(a) == 0 && as_real(b) < 0)
    fail(step.offset, "division by zero: 0 to a negative power");
  if (base == nullptr || exponent == nullptr || *exponent < 0)
    return finite(step, std::pow(as_real(a), as_real(b)));
  std::int64_t result = 1, square = *base;
  bool overflow = false, square_overflow = false;
  for (auto left = *exponent; left > 0 && !overflow; left /= 2) {
    if (left % 2 == 1)
      overflow = square_overflow || __builtin_mul_overflow(result, square, &result);
    square_overflow = __builtin_mul_overflow(square, square, &square) || square_overflow;
  }
  if (overflow)
    fail(step.offset,
         "64-bit overflow of " + detail::shown(a) + " to the power " + detail::shown(b));
  return result;
}

inline Value Formula::unary(detail::FormulaStep const& step, Value const& a) const {
  using detail::Op;
  double const x = as_real(a);
  bool const exact = std::holds_alternative<std::int64_t>(a);
  switch (step.op) {
  case Op::negate:
    return exact ? binary({Op::subtract, step.offset}, std::int64_t{0}, a) : Value(-x);
  case Op::ceil:
    return exact ? a : whole(step, std::ceil(x));
  case Op::floor:
    return exact ? a : whole(step, std::floor(x));
  case Op::log2:
    if (x <= 0) fail(step.offset, "log2 of " + detail::shown(a) + ", which is not above 0,");
    return std::log2(x);
  default:
    if (x < 0) fail(step.offset, "sqrt of " + detail::shown(a) + ", which is below 0,");
    return std::sqrt(x);
  }
}

}  // namespace inpex::host
