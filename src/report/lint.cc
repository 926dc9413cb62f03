// The check that a sentence says nothing that was not released.
#include <algorithm>
#include <set>

#include "report/words.h"

namespace sluis::report {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Runs of digits with marks between digits: "25.780", "4,3", "0-12" gives "0" and "12".
std::vector<std::string> numbers_in(const std::string& text) {
  std::vector<std::string> out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i])) continue;
    size_t end = i;
    while (end < text.size() && (is_digit(text[end]) || ((text[end] == '.' || text[end] == ',') &&
                                                         end + 1 < text.size() && is_digit(text[end + 1]))))
      ++end;
    out.push_back(text.substr(i, end - i));
    i = end;
  }
  return out;
}

class Known {
 public:
  explicit Known(Language language) : language_(language) {
    // "1 keer is geen verschil", "95 %", "van elke 1.000".
    for (const int64_t constant : {1, 95, 1000}) add(constant);
  }
  void add(int64_t value) { texts_.insert(integer_text(language_, value)); }
  void add(double value, int decimals) { texts_.insert(decimal_text(language_, value, decimals)); }
  void add_words(const std::string& words) {
    for (const std::string& number : numbers_in(words)) texts_.insert(number);
  }
  void add(const epi::Estimate& estimate) {
    for (const double x : {estimate.value, estimate.lower, estimate.upper}) add(x, 2);
  }
  bool has(const std::string& number) const { return texts_.contains(number); }

 private:
  Language language_;
  std::set<std::string> texts_;
};

void add_statistic(Known& known, const StatisticFigures& figures) {
  if (figures.ratio) known.add(*figures.ratio);
  if (figures.crude) known.add(*figures.crude);
  if (figures.range) known.add(figures.range->lowest, 2), known.add(figures.range->highest, 2);
  if (figures.e_value) known.add(*figures.e_value, 1), known.add(*figures.e_value_limit, 1);
  if (figures.totals) {
    known.add(1000 * figures.totals->a / figures.totals->exposed(), 1);
    known.add(1000 * figures.totals->c / figures.totals->unexposed(), 1);
  }
  for (const StratumFigures& stratum : figures.strata)
    if (stratum.ratio) known.add(*stratum.ratio);
}

void add_output(Known& known, const Output& output, const Policy& policy) {
  known.add_words(output.title);
  for (const Row& row : output.rows) {
    for (const std::string& label : row.labels) known.add_words(label);
    for (const Cell& cell : row.counts)
      if (cell) known.add(*cell);
  }
  for (size_t column = 0; column < output.counts.size(); ++column) {
    known.add(shown_total(output, column).sum);
    known.add_words(label_of(Language::kDutch, output.counts[column]));
  }
  for (const Derivation& derive : output.derive) {
    const auto column = derived_column(output, derive, policy);
    if (!column.ok()) continue;
    for (const auto& value : column->values)
      if (value) known.add(*value, 1);
  }
  for (const StatisticSpec& spec : output.statistics) {
    const auto figures = statistic_figures(output, spec, policy);
    if (figures.ok()) add_statistic(known, *figures);
  }
}

}  // namespace

std::vector<std::string> lint_numbers(Language language, const std::string& text, const ResultModel& model) {
  Known known(language);
  known.add(model.policy.denominator_min);  // named as the reason why there is no ratio
  for (const Output& output : model.outputs) add_output(known, output, model.policy);
  std::vector<std::string> unexplained;
  for (const std::string& number : numbers_in(text))
    if (!known.has(number)) unexplained.push_back(number);
  return unexplained;
}

}  // namespace sluis::report
