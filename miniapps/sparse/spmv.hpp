// SPDX-License-Identifier: Apache-2.0
#pragma once
// sparse.spmv: y = A x, the probe of what a machine's memory gives a sparse matrix: the 27-point
// matrix of a box, or a matrix from a file. Two vectors x take turns, so that a step left out
// shows. Their elements have ten bits, and so has every sum of theirs with the 27-point matrix no
// rounding: y has the same bits in every format and on every number of ranks.

#include "box.hpp"
#include "exchange.hpp"
#include "matrix_market.hpp"
#include "packing.hpp"
#include "rows_of_file.hpp"
#include "solver.hpp"

#include <inpex/inpex.hpp>

#include <optional>

namespace inpex::sparse {

/// y = A x without halo columns, by packed chunks. 2 flops an entry.
template <class T, int Rows>
struct PackedProduct {
  static constexpr char const* name = "product";
  static constexpr int C = Rows;
  Strips<T, C> a;
  T const* x;
  T* y;

  template <int W>
  constexpr void rows(int chunk, int lane) const {
    a.template times<W>(chunk, lane, x).store(y + chunk * C + lane);
  }
};

/// The same by compressed rows, as a newcomer writes it. 2 flops an entry.
template <class T>
struct CompressedProduct {
  static constexpr char const* name = "product";
  static constexpr int C = 1;
  std::int64_t const* start;
  int const* column;
  T const* value;
  int own;  // columns from here on are of other ranks
  T const* x;
  T* y;

  template <int W>
  constexpr void rows(int row, int) const {
    T sum = 0;
    for (auto k = start[row]; k < start[row + 1]; ++k)
      if (column[k] < own) sum += value[k] * x[column[k]];
    y[row] = sum;
  }
};

/// Element of vector x `which`, 0 or 1, at the row of this number: ten bits below 1.
template <class Real>
Real element_of_x(int which, std::int64_t number) {
  auto const bits =
      random_bits(static_cast<std::uint64_t>(which), static_cast<std::uint64_t>(number));
  return static_cast<Real>(bits.word[0] % 1024) / 1024;
}

template <class S, class Real>
class Spmv {
  static constexpr int C = chunk_rows<S, Real>;

 public:
  using space = S;
  static constexpr auto name = "sparse.spmv";
  static constexpr auto summary = "Product of a sparse matrix with a vector";
  static constexpr auto item = "flops";

  struct Params {
    std::int64_t nx = 32, ny = 32, nz = 32, steps = 10;
    double diagonal = 26;
    std::string matrix = "box", format = "strips";
    static constexpr auto fields() {
      return std::tuple{field("nx", &Params::nx),
                        field("ny", &Params::ny),
                        field("nz", &Params::nz),
                        field("steps", &Params::steps),
                        field("diagonal", &Params::diagonal),
                        field("matrix", &Params::matrix),
                        field("format", &Params::format)};
    }
  };

  Spmv(Params const& params, Context<S> const& context)
      : Spmv(params.format, context, source(params, context)) {}

  void reset() {
    now_ = 0;
    set(y_.data(), [](std::int64_t) { return Real(0); });
  }
  void step() {
    {
      auto const phase = context_.phase("product");
      Real* const x = x_[static_cast<std::size_t>(now_)].data();
      exchange_.start(context_, x);
      if (compressed_)
        for_chunks(context_, rows_,
                   CompressedProduct<Real>{start_->data(), column_->data(), value_->data(), rows_,
                                           x, y_.data()});
      else
        for_chunks(context_, places_, PackedProduct<Real, C>{packed_->view(), x, y_.data()});
      exchange_.finish(context_);
      exchange_.add(context_, Real(1), y_.data());
    }
    if (!context_.plan.acts("stale-buffer")) now_ = 1 - now_;
    if (context_.plan.acts("not-a-number"))
      set(y_.data(), [](std::int64_t) { return Real(std::nan("")); });
  }

  [[nodiscard]] std::vector<PhaseWork> work() const {
    auto const n = [](std::int64_t count) { return static_cast<std::uint64_t>(count); };
    return {{"product",
             {.flops = 2 * n(entries_),
              .bytes_read = sizeof(Real) * n(entries_ + rows_ + halo_) +
                            n(compressed_ ? 4 * entries_ + 8 * rows_ : 0),
              .bytes_written = sizeof(Real) * n(rows_),
              .messages = exchange_.messages(),
              .bytes_sent = sizeof(Real) * exchange_.sent_rows()}}};
  }
  [[nodiscard]] Table extents() const {
    return {{"own_rows", std::int64_t{rows_}, ""},
            {"halo_rows", std::int64_t{halo_}, ""},
            {"entries", entries_, ""},
            {"all_entries", all_entries_, ""},
            {"sent_rows", static_cast<std::int64_t>(exchange_.sent_rows()), ""},
            {"messages", static_cast<std::int64_t>(exchange_.messages()), ""}};
  }

  std::uint64_t digest() {
    std::uint64_t sum = 0;
    auto const y = result();
    for (std::size_t row = 0; row < y.size(); ++row)
      sum += cell_hash(static_cast<std::uint64_t>(number_[row]), y[row]);
    return context_.comm.sum(sum);
  }
  static std::vector<Check<Spmv>> checks() { return {{"product", &Spmv::product_error}}; }

 private:
  /// Every rank reads the file; where one cannot, all give up, so that none waits for it.
  static FileMatrix read_on_all(std::string const& path, Comm const& comm) {
    FileMatrix matrix;
    std::optional<Error> trouble;
    try {
      matrix = read_matrix_market(path);
    } catch (Error const& error) {
      trouble = error;
    }
    if (comm.maximum(std::uint64_t{trouble.has_value()}) == 0) return matrix;
    throw trouble ? *trouble
                  : Error(Fault::environment, "another rank cannot read the matrix", path);
  }
  static NumberedShare source(Params const& params, Context<S> const& context) {
    if (params.matrix != "box")
      return share_of_file(read_on_all(params.matrix, context.comm), context.comm);
    Box27 const box({params.nx, params.ny, params.nz}, context.comm, 1);
    auto share = box.share<HostOf<S>>(PoissonEntry{{}, params.diagonal});
    return {std::move(share), box.numbers()};
  }

  Spmv(std::string const& format, Context<S> const& context, NumberedShare from)
      : Spmv(format, context, from, ordering_of(format, from.share.matrix)) {}
  Spmv(std::string const& format, Context<S> const& context, NumberedShare& from,
       Ordering const& ordering)
      : context_(context), compressed_(format == "csr"), rows_(from.share.matrix.rows),
        halo_(from.share.matrix.halo), places_(ordering.places()),
        entries_(from.share.matrix.entries()),
        all_entries_(
            static_cast<std::int64_t>(context.comm.sum(static_cast<std::uint64_t>(entries_)))),
        number_(std::move(from.number)),
        place_of_row_(ordering.place.data(), ordering.place.data() + rows_),
        exchange_(context, from.share, ordering), x_{Vector<Real, S>("x", places_),
                                                     Vector<Real, S>("other x", places_)},
        y_("y", places_) {
    if (context.plan.is("swapped-columns")) swap_columns(from.share.matrix);
    if (compressed_)
      keep_compressed(from.share.matrix);
    else
      packed_.emplace(Packing<Real, S>(from.share.matrix, ordering,
                                       {.parts = Parts::whole, .contiguous = format == "strips"})
                          .take(0));
    for (int which = 0; which < 2; ++which)
      set(x_[static_cast<std::size_t>(which)].data(),
          [&](std::int64_t n) { return element_of_x<Real>(which, n); });
  }
  static Ordering ordering_of(std::string const& format, Csr const& matrix) {
    constexpr int window = 1024;
    return format == "sell" ? sorted_by_length(matrix, window, C)
                            : make_ordering(matrix, Order::natural, {}, C);
  }
  void keep_compressed(Csr& matrix) {
    HostArray<Real> values("values", matrix.value.size());
    std::transform(matrix.value.data(), matrix.value.data() + matrix.entries(), values.data(),
                   [](double value) { return static_cast<Real>(value); });
    start_.emplace(to_space<S>(std::move(matrix.start)));
    column_.emplace(to_space<S>(std::move(matrix.column)));
    value_.emplace(to_space<S>(std::move(values)));
  }

  template <class Value>
  void set(Real* vector, Value const& value) {
    std::vector<Real> all(static_cast<std::size_t>(places_));
    for (int row = 0; row < rows_; ++row)
      all[static_cast<std::size_t>(place_of_row_[static_cast<std::size_t>(row)])] =
          value(number_[static_cast<std::size_t>(row)]);
    to_device(context_, all, vector);
  }
  std::vector<Real> result() {
    auto const all =
        on_host(context_, static_cast<Real const*>(y_.data()), static_cast<std::size_t>(places_));
    std::vector<Real> rows(static_cast<std::size_t>(rows_));
    for (std::size_t row = 0; row < rows.size(); ++row)
      rows[row] = all[static_cast<std::size_t>(place_of_row_[row])];
    return rows;
  }
  double product_error(Params const& truth);

  Context<S> const& context_;
  bool compressed_;
  int rows_ = 0, halo_ = 0, places_ = 0, now_ = 0;
  std::int64_t entries_ = 0, all_entries_ = 0;
  std::vector<std::int64_t> number_;
  std::vector<int> place_of_row_;
  Exchange<Real, S> exchange_;
  std::optional<PackedStrips<Real, S>> packed_;
  std::optional<Array<std::int64_t, S>> start_;
  std::optional<Array<int, S>> column_;
  std::optional<Array<Real, S>> value_;
  std::array<Vector<Real, S>, 2> x_;
  Vector<Real, S> y_;
};

// The largest |y - A x| of a row, A from its source again, over the sum of |a| |x| of that row.
template <class S, class Real>
double Spmv<S, Real>::product_error(Params const& truth) {
  auto const from = source(truth, context_);
  auto const& a = from.share.matrix;
  auto const y = result();
  double most = 0;
  for (int row = 0; row < a.rows; ++row) {
    long double sum = 0, size = 0;
    for (auto k = a.begin(row); k < a.end(row); ++k) {
      auto const number = from.number[static_cast<std::size_t>(a.column.data()[k])];
      auto const value =
          static_cast<long double>(static_cast<Real>(a.value.data()[k])) *
          static_cast<long double>(element_of_x<Real>(truth.steps % 2 == 0 ? 1 : 0, number));
      sum += value, size += std::abs(value);
    }
    auto const found = static_cast<long double>(y[static_cast<std::size_t>(row)]);
    double const error = static_cast<double>(std::abs(found - sum) / (size > 0 ? size : 1));
    if (!(error <= most)) most = std::isfinite(error) ? error : HUGE_VAL;
  }
  return context_.comm.maximum(most);
}

}  // namespace inpex::sparse
