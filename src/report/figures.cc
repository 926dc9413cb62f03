#include "report/figures.h"

#include <algorithm>
#include <cmath>

#include "epi/mantel_haenszel.h"
#include "epi/ratio.h"
#include "epi/sensitivity.h"
#include "governance/derive.h"

namespace sluis::report {

ShownTotal shown_total(const Output& output, size_t count_column) {
  ShownTotal total;
  for (const Row& row : output.rows) {
    const Cell& cell = row.counts[count_column];
    ++(cell ? total.shown : total.withheld);
    total.sum += cell.value_or(0);
  }
  return total;
}

int64_t withheld_cells(const Output& output) {
  int64_t withheld = 0;
  for (size_t column = 0; column < output.counts.size(); ++column)
    withheld += shown_total(output, column).withheld;
  return withheld;
}

int64_t withheld_cells(const ResultModel& model) {
  int64_t withheld = 0;
  for (const Output& output : model.outputs) withheld += withheld_cells(output);
  return withheld;
}

bool everything_withheld(const ResultModel& model) {
  for (const Output& output : model.outputs)
    for (size_t column = 0; column < output.counts.size(); ++column)
      if (shown_total(output, column).shown > 0) return false;
  return true;
}

namespace {

using governance::DeriveFormula;
using governance::DeriveStep;

Error unknown_name(const std::string& name) { return {.id = "S1708", .args = {name}, .file = {}}; }

// A number on the way through a formula; `counted` once a released count went into it.
struct Operand {
  double value = 0;
  bool counted = false;
};

std::optional<Operand> apply(DeriveStep::Kind kind, Operand left, Operand right, const Policy& policy) {
  const bool counted = left.counted || right.counted;
  if (kind == DeriveStep::Kind::kAdd) return Operand{left.value + right.value, counted};
  if (kind == DeriveStep::Kind::kSubtract) return Operand{left.value - right.value, counted};
  if (kind == DeriveStep::Kind::kMultiply) return Operand{left.value * right.value, counted};
  if (right.value == 0) return std::nullopt;
  if (right.counted && right.value < static_cast<double>(policy.denominator_min)) return std::nullopt;
  return Operand{left.value / right.value, counted};
}

// Like governance::evaluate, with the rules of a release: a withheld count makes the whole number withheld, a
// divisor made of counts that is below denominator_min too.
std::optional<double> value_of_row(const DeriveFormula& formula, const Output& output, const Row& row,
                                   const Policy& policy) {
  std::vector<Operand> stack;
  for (const DeriveStep& step : formula.steps) {
    if (step.kind == DeriveStep::Kind::kNumber) {
      stack.push_back({step.number, false});
    } else if (step.kind == DeriveStep::Kind::kColumn) {
      const Cell& cell = row.counts[static_cast<size_t>(output.count(step.column))];
      if (!cell) return std::nullopt;
      stack.push_back({static_cast<double>(*cell), true});
    } else {
      const Operand right = stack.back();
      stack.pop_back();
      const std::optional<Operand> result = apply(step.kind, stack.back(), right, policy);
      if (!result) return std::nullopt;
      stack.back() = *result;
    }
  }
  if (!std::isfinite(stack.back().value)) return std::nullopt;
  return stack.back().value;
}

}  // namespace

Result<DerivedColumn> derived_column(const Output& output, const Derivation& derive, const Policy& policy) {
  SLUIS_ASSIGN(const DeriveFormula formula, governance::parse_derive(derive.expression));
  for (const std::string& column : formula.columns())
    if (output.count(column) < 0) return unknown_name(column);
  DerivedColumn derived{derive.name, {}};
  for (const Row& row : output.rows) derived.values.push_back(value_of_row(formula, output, row, policy));
  return derived;
}

namespace {

// The columns of a statistic as positions.
struct Columns {
  size_t exposed = 0, event = 0, total = 0;
  std::vector<size_t> strata;
};

Result<Columns> find_columns(const Output& output, const StatisticSpec& spec) {
  if (spec.kind != "mantel-haenszel-risk-ratio") return unknown_name(spec.kind);
  Columns columns;
  const int exposed = output.dimension(spec.exposed_column);
  const int event = output.count(spec.event), total = output.count(spec.total);
  if (exposed < 0) return unknown_name(spec.exposed_column);
  if (event < 0) return unknown_name(spec.event);
  if (total < 0) return unknown_name(spec.total);
  columns.exposed = static_cast<size_t>(exposed);
  columns.event = static_cast<size_t>(event), columns.total = static_cast<size_t>(total);
  for (const std::string& name : spec.strata) {
    const int at = output.dimension(name);
    if (at < 0) return unknown_name(name);
    columns.strata.push_back(static_cast<size_t>(at));
  }
  // Every heading belongs to exposure or strata: otherwise several rows would be one cell.
  if (columns.strata.size() + 1 != output.dimensions.size()) return unknown_name(spec.name);
  return columns;
}

// The heading that is not the exposed one. Error: S1708 if there is not exactly one.
Result<std::string> other_heading(const Output& output, const StatisticSpec& spec, size_t column) {
  std::string other;
  bool seen = false;
  for (const Row& row : output.rows) {
    const std::string& label = row.labels[column];
    seen |= label == spec.exposed_value;
    if (label == spec.exposed_value || label == other) continue;
    if (!other.empty()) return unknown_name(spec.exposed_column);
    other = label;
  }
  if (!seen || other.empty()) return unknown_name(spec.exposed_value);
  return other;
}

struct Released {
  std::vector<std::string> labels;
  Cell cases_exposed, exposed, cases_unexposed, unexposed;
  bool complete() const { return cases_exposed && exposed && cases_unexposed && unexposed; }
  epi::TwoByTwo table() const {
    const auto number = [](const Cell& cell) { return static_cast<double>(*cell); };
    return epi::TwoByTwo::from_totals(number(cases_exposed), number(exposed), number(cases_unexposed),
                                      number(unexposed));
  }
};

// Strata in the order in which their first row stands.
std::vector<Released> collect(const Output& output, const StatisticSpec& spec, const Columns& columns) {
  std::vector<Released> strata;
  for (const Row& row : output.rows) {
    std::vector<std::string> labels;
    for (const size_t column : columns.strata) labels.push_back(row.labels[column]);
    auto at = std::ranges::find(strata, labels, &Released::labels);
    if (at == strata.end()) at = strata.insert(at, Released{labels, {}, {}, {}, {}});
    const bool exposed = row.labels[columns.exposed] == spec.exposed_value;
    (exposed ? at->cases_exposed : at->cases_unexposed) = row.counts[columns.event];
    (exposed ? at->exposed : at->unexposed) = row.counts[columns.total];
  }
  return strata;
}

epi::Options options_of(const Policy& policy) {
  return {.level = 0.95,
          .protection = {policy.round_base, policy.noise_variance},
          .counted = epi::Counted::kTotals};
}

bool large_enough(const epi::TwoByTwo& table, const Policy& policy) {
  return std::min(table.exposed(), table.unexposed()) >= static_cast<double>(policy.denominator_min);
}

Error group_too_small(const Policy& policy) {
  return {.id = "S1705", .args = {std::to_string(policy.denominator_min)}, .file = {}};
}
Error withheld_input() { return {.id = "S1706", .args = {}, .file = {}}; }

// Smallest and largest ratio over all completions, where the policy allows to bound a withheld cell at all.
std::optional<epi::Range> range_of(const std::vector<Released>& strata, const Policy& policy) {
  if (!policy.threshold_is_the_only_rule || policy.noise_variance > 0) return std::nullopt;
  std::vector<epi::ReleasedStratum> released;
  for (const Released& s : strata) {
    if (!s.exposed || !s.unexposed) return std::nullopt;  // a denominator has no public upper end
    const auto number = [&](const Cell& cell) {
      epi::ReleasedNumber n{std::nullopt, 0, static_cast<double>(policy.t_person - 1)};
      if (cell) n.value = static_cast<double>(*cell);
      return n;
    };
    released.push_back(
        {number(s.cases_exposed), number(s.exposed), number(s.cases_unexposed), number(s.unexposed)});
  }
  const auto ratio = [](std::span<const epi::TwoByTwo> at) -> Result<double> {
    SLUIS_ASSIGN(const epi::Estimate estimate, epi::mantel_haenszel_risk_ratio(at));
    return estimate.value;
  };
  const Result<epi::Range> range = epi::range_over_completions(released, ratio);
  return range.ok() ? std::optional(*range) : std::nullopt;
}

void estimate(StatisticFigures& figures, const epi::Strata& tables, const Policy& policy) {
  const epi::Options options = options_of(policy);
  const Result<epi::Estimate> ratio = tables.size() == 1 ? epi::risk_ratio(tables[0], options)
                                                         : epi::mantel_haenszel_risk_ratio(tables, options);
  if (!ratio.ok()) {
    figures.reason = ratio.error();
    return;
  }
  figures.ratio = *ratio;
  figures.e_value = epi::e_value(ratio->value);
  figures.e_value_limit = epi::e_value_of_limit(ratio->lower, ratio->upper);
  // Rounding sums of n strata adds n times the error; the crude ratio is printed beside the adjusted one.
  epi::Options summed = options;
  summed.protection.noise_variance = static_cast<double>(tables.size()) * options.protection.variance();
  summed.protection.round_base = 1;
  const Result<epi::Estimate> crude = epi::risk_ratio(epi::collapse(tables), summed);
  if (crude.ok()) figures.crude = *crude;
}

}  // namespace

Result<StatisticFigures> statistic_figures(const Output& output, const StatisticSpec& spec,
                                           const Policy& policy) {
  SLUIS_ASSIGN(const Columns columns, find_columns(output, spec));
  StatisticFigures figures;
  figures.spec = spec;
  SLUIS_ASSIGN(figures.unexposed_value, other_heading(output, spec, columns.exposed));
  const std::vector<Released> released = collect(output, spec, columns);
  epi::Strata tables;
  for (const Released& s : released) {
    StratumFigures stratum{s.labels, {}, {}};
    for (const Cell& cases : {s.cases_exposed, s.cases_unexposed})
      if (cases)
        figures.just_above_threshold |= epi::just_above_threshold(
            static_cast<double>(*cases), static_cast<int>(policy.t_person), policy.round_base);
    if (s.complete()) {
      stratum.table = s.table();
      tables.push_back(*stratum.table);
      if (!large_enough(*stratum.table, policy)) figures.reason = group_too_small(policy);
      const Result<epi::Estimate> ratio = epi::risk_ratio(*stratum.table, options_of(policy));
      if (ratio.ok() && large_enough(*stratum.table, policy)) stratum.ratio = *ratio;
    }
    figures.strata.push_back(std::move(stratum));
  }
  if (tables.size() != released.size()) {
    figures.reason = withheld_input();
    figures.range = range_of(released, policy);
    return figures;
  }
  figures.totals = epi::collapse(tables);
  if (!figures.reason) estimate(figures, tables, policy);
  return figures;
}

}  // namespace sluis::report
