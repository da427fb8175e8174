// SPDX-License-Identifier: Apache-2.0
#pragma once
// The grammar of a formula, read by recursive descent:
//
//   sum    = product { ("+" | "-") product }
//   product = signed { ("*" | "/") signed }
//   signed = ["-" | "+"] signed | power
//   power  = atom [ "^" signed ]
//   atom   = number | name | function "(" sum { "," sum } ")" | "(" sum ")"

#include <inpex/host/formula.hpp>
#include <inpex/host/yaml_scalar.hpp>

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace inpex::host {

/// A formula from its text. Throws Error (spec) that names the letter where it is wrong.
[[nodiscard]] Formula parse_formula(std::string_view text, FormulaPlace place);

namespace detail {

inline constexpr std::size_t formula_length_limit = 1000;
inline constexpr int formula_depth_limit = 32;

struct FormulaFunction {
  std::string_view name;
  Op op;
  int fewest, most;
};
inline constexpr FormulaFunction formula_functions[] = {
    {"min", Op::minimum, 2, 16}, {"max", Op::maximum, 2, 16}, {"log2", Op::log2, 1, 1},
    {"ceil", Op::ceil, 1, 1},    {"floor", Op::floor, 1, 1},  {"sqrt", Op::sqrt, 1, 1}};

constexpr bool is_word_start(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_';
}
constexpr bool is_word(char letter) { return is_word_start(letter) || is_digit(letter); }

class FormulaParser {
 public:
  FormulaParser(std::string_view text, FormulaPlace place)
      : text_(text), place_(std::move(place)) {}

  std::vector<FormulaStep> parse() {
    if (text_.size() > formula_length_limit)
      fail(0, "a formula of " + std::to_string(text_.size()) + " letters",
           "at most 1000 are read; name parts of it under 'let'");
    sum(0);
    if (peek() != '\0') fail(at_, unexpected(), "write an operator: + - * / ^");
    return std::move(steps_);
  }

 private:
  [[noreturn]] void fail(std::size_t offset, std::string problem, std::string hint) const {
    throw Error(Fault::spec, std::move(problem) + " in the formula '" + abbreviated(text_) + "'",
                place_.at(static_cast<int>(offset)), std::move(hint));
  }
  [[nodiscard]] std::string unexpected() const {
    if (at_ >= text_.size()) return "a value is missing at the end";
    std::size_t length = 1;  // a character of several bytes is shown whole
    while (at_ + length < text_.size() &&
           (static_cast<unsigned char>(text_[at_ + length]) & 0xC0U) == 0x80)
      ++length;
    return "unexpected '" + std::string(text_.substr(at_, length)) + "'";
  }
  char peek() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
    if (at_ < text_.size() && text_[at_] == '\0') fail(at_, "a zero byte", "remove it");
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char letter) {
    if (peek() != letter) return false;
    ++at_;
    return true;
  }
  void emit(Op op, std::size_t offset, int operands) {
    steps_.push_back({.op = op, .offset = static_cast<int>(offset), .operands = operands});
  }
  void deeper(int depth) const {
    if (depth > formula_depth_limit)
      fail(at_, "nesting deeper than 32", "name parts of it under 'let'");
  }

  void sum(int depth) {
    deeper(depth);
    product(depth);
    for (char next = peek(); next == '+' || next == '-'; next = peek()) {
      auto const offset = at_++;
      product(depth);
      emit(next == '+' ? Op::add : Op::subtract, offset, 2);
    }
  }
  void product(int depth) {
    signed_value(depth);
    for (char next = peek(); next == '*' || next == '/'; next = peek()) {
      auto const offset = at_++;
      if (peek() == '*') fail(at_, "unexpected '*'", "a power is written ^");
      signed_value(depth);
      emit(next == '*' ? Op::multiply : Op::divide, offset, 2);
    }
  }
  void signed_value(int depth) {
    deeper(depth);
    if (char const sign = peek(); sign == '-' || sign == '+') {
      auto const offset = at_++;
      signed_value(depth + 1);
      if (sign == '-') emit(Op::negate, offset, 1);
      return;
    }
    atom(depth);
    if (peek() != '^') return;
    auto const offset = at_++;
    signed_value(depth + 1);
    emit(Op::power, offset, 2);
  }
  void atom(int depth) {
    char const next = peek();
    if (is_digit(next) || next == '.') return number();
    if (is_word_start(next)) return word(depth);
    auto const offset = at_;
    if (!take('(')) fail(at_, unexpected(), "write a number, a name or '('");
    sum(depth + 1);
    if (!take(')'))
      fail(offset, "a '(' that is not closed",
           "write ')'; between { } a formula with commas goes in quotes");
  }
  void number() {
    auto const offset = at_;
    while (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '.' || after_exponent()))
      ++at_;
    std::string_view const word = text_.substr(offset, at_ - offset);
    auto const form = number_form(word);
    if (!form.number)
      fail(offset, "'" + abbreviated(word) + "' is not a number",
           "write decimal numbers such as 10, 0.5 or 1e-6");
    Value value = std::int64_t{0};
    if (!(form.whole ? parsed<std::int64_t>(word, value) : parsed<double>(word, value)))
      fail(offset, "the number " + abbreviated(word) + " does not fit 64 bits", "");
    steps_.push_back(
        {.op = Op::number, .offset = static_cast<int>(offset), .number = std::move(value)});
  }
  [[nodiscard]] bool after_exponent() const {
    return (text_[at_] == '+' || text_[at_] == '-') &&
           (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E');
  }
  template <class T>
  static bool parsed(std::string_view word, Value& value) {
    T result{};
    auto const [end, error] = std::from_chars(word.data(), word.data() + word.size(), result);
    value = result;
    return error == std::errc{} && end == word.data() + word.size();
  }
  void word(int depth) {
    auto const offset = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    std::string name(text_.substr(offset, at_ - offset));
    if (peek() == '(') return call(name, offset, depth);
    for (auto const& function : formula_functions)
      if (function.name == name)
        fail(offset, "the function '" + name + "' has no values", "write " + name + "(...)");
    steps_.push_back({.op = Op::name, .offset = static_cast<int>(offset), .name = std::move(name)});
  }
  void call(std::string const& name, std::size_t offset, int depth) {
    FormulaFunction const* found = nullptr;
    std::vector<std::string> known;
    for (auto const& function : formula_functions) {
      known.emplace_back(function.name);
      if (function.name == name) found = &function;
    }
    if (found == nullptr)
      fail(offset, "unknown function '" + abbreviated(name) + "'", suggestion(name, known));
    take('(');
    int operands = 0;
    do {
      sum(depth + 1);
      ++operands;
    } while (take(','));
    if (!take(')'))
      fail(at_, at_ < text_.size() ? unexpected() : "a '(' that is not closed",
           "write ')'; between { } a formula with commas goes in quotes");
    if (operands < found->fewest || operands > found->most)
      fail(offset, name + " of " + std::to_string(operands) + " values",
           found->most == 1 ? "it takes 1" : "it takes 2 to 16");
    emit(found->op, offset, operands);
  }

  std::string_view text_;
  FormulaPlace place_;
  std::size_t at_ = 0;
  std::vector<FormulaStep> steps_;
};

}  // namespace detail

inline Formula parse_formula(std::string_view text, FormulaPlace place) {
  auto steps = detail::FormulaParser(text, place).parse();
  return {std::string(text), std::move(place), std::move(steps)};
}

}  // namespace inpex::host
