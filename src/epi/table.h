// 2x2 tables and strata of them, on doubles (Mantel-Haenszel variances multiply four margins: 64-bit
// integers would overflow near half a million persons).
#pragma once

#include <span>
#include <vector>

#include "epi/estimate.h"

namespace sluis::epi {

//               outcome   no outcome
//   exposed        a          b        exposed()
//   unexposed      c          d        unexposed()
//                cases()                total()
struct TwoByTwo {
  double a = 0, b = 0, c = 0, d = 0;

  // From cases and persons, the form in which studies release them.
  static TwoByTwo from_totals(double cases_exposed, double exposed, double cases_unexposed,
                              double unexposed) {
    return {cases_exposed, exposed - cases_exposed, cases_unexposed, unexposed - cases_unexposed};
  }
  double exposed() const { return a + b; }
  double unexposed() const { return c + d; }
  double cases() const { return a + c; }
  double noncases() const { return b + d; }
  double total() const { return a + b + c + d; }
  double smallest() const;
};

using Strata = std::vector<TwoByTwo>;

// Sum over strata: the crude table.
TwoByTwo collapse(std::span<const TwoByTwo> strata);

// S1701 unless all four are finite, >= 0 and below 1e12 and both rows have persons. Rounding each number on
// its own may release more cases than persons: that is S1701 too.
Status check_table(const TwoByTwo& table);
// check_table of each stratum that has persons in both rows (others are skipped by every Mantel-Haenszel sum:
// they compare nobody with anybody). S1703 if none is left.
Result<Strata> usable_strata(std::span<const TwoByTwo> strata);

// Sum over the released numbers n of (d g / d n)^2, from the gradient by A, B, C, D: when totals were
// released, dg/dA|E = g_A - g_B and dg/dE = g_B.
double released_norm(const Gradient& by_cell, Counted counted);

}  // namespace sluis::epi
