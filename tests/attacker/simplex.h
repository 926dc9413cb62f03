// Exact linear programming for small attackers: bounds of a linear form over non-negative variables.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <optional>
#include <vector>

namespace sluis::attacker {

using Rational = boost::multiprecision::cpp_rational;

// Coefficient of variable i at position i; missing ones are 0. REQUIRES: no more than there are variables.
using Form = std::vector<Rational>;

struct Bounds {
  std::optional<Rational> lo, hi;  // empty: unbounded
  // Number of whole numbers within, or nothing if unbounded.
  std::optional<Rational> integers() const;
  bool exact() const { return lo && hi && *lo == *hi; }
};

// { x >= 0 : equations and inequalities }. Simplex in exact fractions with Bland's rule: no tolerance, no
// cycling.
class Polyhedron {
 public:
  // Number of the new variable.
  size_t variable() { return variables_++; }
  void equal(Form form, const Rational& value) { rows_.push_back({std::move(form), value, 0}); }
  void at_most(Form form, const Rational& value) { rows_.push_back({std::move(form), value, 1}); }
  void at_least(Form form, const Rational& value) { rows_.push_back({std::move(form), value, -1}); }
  // Smallest and largest value of the form. Nothing if the polyhedron is empty.
  std::optional<Bounds> bounds(const Form& form) const;

 private:
  struct Row {
    Form form;
    Rational value;
    int slack;  // coefficient of the slack variable of its own: 0 equation, 1 <=, -1 >=
  };
  size_t variables_ = 0;
  std::vector<Row> rows_;
};

}  // namespace sluis::attacker
