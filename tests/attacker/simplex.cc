#include "simplex.h"

#include "base/check.h"

namespace sluis::attacker {
namespace {

// Full tableau in the form x_basis + sum(a x) = b with b >= 0. Columns: variables, slacks, artificials.
class Tableau {
 public:
  Tableau(size_t rows, size_t columns) : a_(rows, Form(columns)), b_(rows), basis_(rows), columns_(columns) {}

  Form& row(size_t i) { return a_[i]; }
  Rational& right(size_t i) { return b_[i]; }
  size_t& basis(size_t i) { return basis_[i]; }
  size_t rows() const { return a_.size(); }

  void pivot(size_t r, size_t c) {
    const Rational factor = a_[r][c];
    for (Rational& x : a_[r]) x /= factor;
    b_[r] /= factor;
    for (size_t i = 0; i < rows(); ++i) {
      if (i == r || a_[i][c] == 0) continue;
      const Rational by = a_[i][c];
      for (size_t j = 0; j < columns_; ++j)
        if (a_[r][j] != 0) a_[i][j] -= by * a_[r][j];
      b_[i] -= by * b_[r];
    }
    basis_[r] = c;
  }

  // Minimises cost over columns below `usable`; the minimum, or nothing if unbounded.
  std::optional<Rational> minimise(const Form& cost, size_t usable) {
    for (;;) {
      size_t enter = usable;
      for (size_t j = 0; j < usable && enter == usable; ++j)
        if (reduced(cost, j) < 0) enter = j;
      if (enter == usable) return value(cost);
      size_t leave = rows();
      for (size_t i = 0; i < rows(); ++i) {
        if (a_[i][enter] <= 0) continue;
        if (leave == rows()) {
          leave = i;
          continue;
        }
        const Rational here = b_[i] * a_[leave][enter], best = b_[leave] * a_[i][enter];
        if (here < best || (here == best && basis_[i] < basis_[leave])) leave = i;
      }
      if (leave == rows()) return std::nullopt;
      pivot(leave, enter);
    }
  }

  Rational value(const Form& cost) const {
    Rational sum = 0;
    for (size_t i = 0; i < rows(); ++i) sum += cost[basis_[i]] * b_[i];
    return sum;
  }

 private:
  Rational reduced(const Form& cost, size_t j) const {
    Rational sum = cost[j];
    for (size_t i = 0; i < rows(); ++i)
      if (a_[i][j] != 0 && cost[basis_[i]] != 0) sum -= cost[basis_[i]] * a_[i][j];
    return sum;
  }
  std::vector<Form> a_;
  Form b_;
  std::vector<size_t> basis_;
  size_t columns_;
};

}  // namespace

std::optional<Rational> Bounds::integers() const {
  if (!lo || !hi) return std::nullopt;
  const auto floor_of = [](const Rational& x) {
    boost::multiprecision::cpp_int quotient = numerator(x) / denominator(x);
    if (x < 0 && Rational(quotient) != x) --quotient;
    return quotient;
  };
  return Rational(floor_of(*hi) + floor_of(-*lo) + 1);
}

std::optional<Bounds> Polyhedron::bounds(const Form& form) const {
  const size_t m = rows_.size(), slack = variables_, artificial = variables_ + m, columns = artificial + m;
  Tableau tableau(m, columns);
  for (size_t i = 0; i < m; ++i) {
    Form& row = tableau.row(i);
    CHECK(rows_[i].form.size() <= variables_);
    for (size_t j = 0; j < rows_[i].form.size(); ++j) row[j] = rows_[i].form[j];
    row[slack + i] = rows_[i].slack;
    tableau.right(i) = rows_[i].value;
    if (rows_[i].value < 0) {
      for (Rational& x : row) x = -x;
      tableau.right(i) = -rows_[i].value;
    }
    row[artificial + i] = 1;
    tableau.basis(i) = artificial + i;
  }
  Form infeasibility(columns);
  for (size_t i = 0; i < m; ++i) infeasibility[artificial + i] = 1;
  if (*tableau.minimise(infeasibility, columns) != 0) return std::nullopt;
  // Artificial variables still in the basis are zero: swap them out where anything else can stand there.
  for (size_t i = 0; i < m; ++i)
    for (size_t j = 0; j < artificial && tableau.basis(i) >= artificial; ++j)
      if (tableau.row(i)[j] != 0) tableau.pivot(i, j);
  CHECK(form.size() <= variables_);
  Form cost(columns), negative(columns);
  for (size_t j = 0; j < form.size(); ++j) cost[j] = form[j], negative[j] = -form[j];
  Bounds out;
  out.lo = tableau.minimise(cost, artificial);
  if (const auto most = tableau.minimise(negative, artificial)) out.hi = -*most;
  return out;
}

}  // namespace sluis::attacker
