// Arithmetic on released tables: totals, derived columns, statistics. It costs no further privacy: everything
// can be repeated by hand from the printed numbers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "epi/protected_counts.h"
#include "epi/table.h"
#include "report/model.h"

namespace sluis::report {

// Sum of the shown cells of one count column. Never a total of the population.
struct ShownTotal {
  int64_t sum = 0;
  int64_t shown = 0;
  int64_t withheld = 0;
};
ShownTotal shown_total(const Output& output, size_t count_column);
// Cells without a number in all count columns.
int64_t withheld_cells(const Output& output);
// The same over all outputs; whether nothing at all is shown.
int64_t withheld_cells(const ResultModel& model);
bool everything_withheld(const ResultModel& model);

// A derived number of one row: nothing if a count that it reads is withheld, if a divisor is below
// denominator_min, or if it does not exist.
// Errors: S1005.expression; S1708 if it names no count column of the output.
struct DerivedColumn {
  std::string name;
  std::vector<std::optional<double>> values;  // one per row
};
Result<DerivedColumn> derived_column(const Output& output, const Derivation& derive, const Policy& policy);

// One stratum of a statistic. The table exists if its four numbers are shown.
struct StratumFigures {
  std::vector<std::string> labels;  // of the strata columns
  std::optional<epi::TwoByTwo> table;
  std::optional<epi::Estimate> ratio;  // risk ratio of this stratum alone
};

// Mantel-Haenszel risk ratio over the strata, from the released table.
struct StatisticFigures {
  StatisticSpec spec;
  std::string unexposed_value;  // the other heading of the exposed column
  std::vector<StratumFigures> strata;
  std::optional<epi::Estimate> ratio;   // Mantel-Haenszel, or the plain ratio if there is one stratum
  std::optional<epi::Estimate> crude;   // not adjusted
  std::optional<epi::Range> range;      // instead of `ratio` if cells are withheld and a range is allowed
  std::optional<Error> reason;          // why there is no ratio
  std::optional<epi::TwoByTwo> totals;  // sums over the strata, if all are shown
  std::optional<double> e_value, e_value_limit;
  bool just_above_threshold = false;  // a case cell shows one of the two lowest possible numbers
};
// Errors (a fault of the study, not of the data): S1708 for an unknown kind or column, or more or fewer than
// two headings of the exposed column.
Result<StatisticFigures> statistic_figures(const Output& output, const StatisticSpec& spec,
                                           const Policy& policy);

}  // namespace sluis::report
