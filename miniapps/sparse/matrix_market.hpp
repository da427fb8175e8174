// SPDX-License-Identifier: Apache-2.0
#pragma once
// Matrices of users: files in the coordinate format of Matrix Market (Boisvert, Pozo, Remington:
// NISTIR 5935, 1996), real, integer or pattern, general or symmetric. Whatever is wrong with a file
// is said with its line.

#include "csr.hpp"

#include <inpex/error.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace inpex::sparse {

/// One entry, counted from 0.
struct Triple {
  std::int64_t row, column;
  double value;
  [[nodiscard]] bool before(Triple const& other) const {
    return row != other.row ? row < other.row : column < other.column;
  }
};

/// A matrix as a file has it, both halves of a symmetric one; sorted by row and column.
struct FileMatrix {
  std::int64_t rows = 0, columns = 0;
  std::vector<Triple> entries;
};

namespace detail {

/// Reads a file word by word and knows the line.
class MarketReader {
 public:
  MarketReader(std::string_view text, std::string name) : text_(text), name_(std::move(name)) {}

  FileMatrix read() {
    banner();
    auto const rows = size_word("rows"), columns = size_word("columns"),
               count = size_word("entries");
    end_of_line();
    if (symmetric_ && rows != columns)
      fail("a symmetric matrix of " + std::to_string(rows) + " x " + std::to_string(columns),
           "write as many rows as columns");
    FileMatrix matrix{rows, columns, {}};
    for (std::int64_t n = 0; n < count; ++n) entry(matrix, n, count);
    if (!skip_blank_lines())
      fail("more than the " + std::to_string(count) + " entries of its size line",
           "correct the size line or the entries");
    finish(matrix);
    return matrix;
  }

 private:
  [[noreturn]] void fail(std::string const& problem, std::string const& hint) const {
    throw Error(Fault::spec, problem, name_ + ":" + std::to_string(line_), hint);
  }
  [[nodiscard]] std::string_view rest_of_line() {
    auto const end = std::min(text_.find('\n', at_), text_.size());
    auto const line = text_.substr(at_, end - at_);
    at_ = std::min(end + 1, text_.size());
    return line;
  }
  void banner() {
    std::istringstream words{std::string(rest_of_line())};
    std::string mark, object, format, field, shape;
    words >> mark >> object >> format >> field >> shape;
    for (auto* word : {&object, &format, &field, &shape})
      std::transform(word->begin(), word->end(), word->begin(),
                     [](unsigned char c) { return std::tolower(c); });
    if (mark != "%%MatrixMarket" || object != "matrix")
      fail("not a Matrix Market file",
           "its first line is %%MatrixMarket matrix coordinate real general");
    if (format != "coordinate")
      fail("a matrix in the format '" + format + "'", "only coordinate is read: sparse matrices");
    if (field != "real" && field != "integer" && field != "pattern" && field != "double")
      fail("entries that are " + field, "real, integer and pattern are read");
    if (shape != "general" && shape != "symmetric")
      fail("a matrix that is " + shape, "general and symmetric are read");
    pattern_ = field == "pattern", symmetric_ = shape == "symmetric";
    ++line_;
  }
  /// Skips comments and empty lines; true at the end of the file.
  bool skip_blank_lines() {
    while (at_ < text_.size()) {
      auto const first = text_.find_first_not_of(" \t\r", at_);
      if (first == std::string_view::npos) break;
      if (text_[first] != '\n' && text_[first] != '%') return false;
      (void)rest_of_line();
      ++line_;
    }
    at_ = text_.size();
    return true;
  }
  std::string_view word() {
    at_ = std::min(text_.find_first_not_of(" \t\r", at_), text_.size());
    auto const end = std::min(text_.find_first_of(" \t\r\n", at_), text_.size());
    auto const found = text_.substr(at_, end - at_);
    at_ = end;
    return found;
  }
  template <class Number>
  Number number(char const* what) {
    auto const found = word();
    Number value{};
    auto const* const end = found.data() + found.size();
    auto const* const begin =
        !found.empty() && found.front() == '+' ? found.data() + 1 : found.data();
    auto const [stop, error] = std::from_chars(begin, end, value);
    if (found.empty() || error != std::errc() || stop != end)
      fail("'" + std::string(found.substr(0, 32)) + "' in place of the " + what, "write a number");
    return value;
  }
  std::int64_t size_word(char const* what) {
    if (std::string_view(what) == "rows" && skip_blank_lines())
      fail("no size line", "write rows columns entries");
    auto const value = number<std::int64_t>((std::string("number of ") + what).c_str());
    if (value < 0 || (value == 0 && std::string_view(what) != "entries") || value > 2147483000)
      fail(std::to_string(value) + " " + what, "write a number from 1 to 2147483000");
    return value;
  }
  void end_of_line() {
    if (auto const more = word(); !more.empty())
      fail("'" + std::string(more.substr(0, 32)) + "' at the end of a line", "remove it");
    if (at_ < text_.size()) ++at_;
    ++line_;
  }
  void entry(FileMatrix& matrix, std::int64_t n, std::int64_t count) {
    if (skip_blank_lines())
      fail("the file ends after " + std::to_string(n) + " of " + std::to_string(count) + " entries",
           "it was cut off, or its size line is wrong");
    auto const row = number<std::int64_t>("row"), column = number<std::int64_t>("column");
    double const value = pattern_ ? 1.0 : number<double>("value");
    if (!std::isfinite(value)) fail("a value that is not finite", "write a number");
    if (row < 1 || row > matrix.rows || column < 1 || column > matrix.columns)
      fail("entry (" + std::to_string(row) + ", " + std::to_string(column) + ") outside of " +
               std::to_string(matrix.rows) + " x " + std::to_string(matrix.columns),
           "rows and columns count from 1");
    end_of_line();
    matrix.entries.push_back({row - 1, column - 1, value});
    if (symmetric_ && row != column) matrix.entries.push_back({column - 1, row - 1, value});
  }
  void finish(FileMatrix& matrix) const {
    auto& all = matrix.entries;
    std::sort(all.begin(), all.end(), [](Triple const& a, Triple const& b) { return a.before(b); });
    for (std::size_t i = 1; i < all.size(); ++i)
      if (!all[i - 1].before(all[i]))
        throw Error(Fault::spec,
                    "entry (" + std::to_string(all[i].row + 1) + ", " +
                        std::to_string(all[i].column + 1) + ") is there twice",
                    name_, "write each entry once; of a symmetric matrix one half");
  }

  std::string_view text_;
  std::string name_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool pattern_ = false, symmetric_ = false;
};

}  // namespace detail

/// The matrix of a text. Throws Error (spec) with `name` and the line.
inline FileMatrix parse_matrix_market(std::string_view text, std::string const& name) {
  return detail::MarketReader(text, name).read();
}

/// The matrix of a file. Throws Error (spec) for what cannot be read.
inline FileMatrix read_matrix_market(std::string const& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  std::error_code unknown;  // a device or pipe may have no end
  if (!std::filesystem::is_regular_file(path, unknown) || !file || !(text << file.rdbuf()))
    throw Error(Fault::spec, "the file cannot be read", path,
                "name a Matrix Market file that exists");
  return parse_matrix_market(text.str(), path);
}

}  // namespace inpex::sparse
