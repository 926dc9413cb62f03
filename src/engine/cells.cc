#include "engine/cells.h"

#include "base/check.h"
#include "engine/executor.h"
#include "engine/units.h"
#include "mpc/compare.h"
#include "sharing/bits_ops.h"

namespace sluis::engine {

// The only maker of Uncleared<CellTable>.
class UnclearedMaker {
 public:
  static sharing::Uncleared<oblivious::CellTable> make(oblivious::CellTable table) {
    return sharing::Uncleared<oblivious::CellTable>(std::move(table));
  }
};

sharing::Uncleared<oblivious::CellTable> Executor::output(const sql::Output& output) {
  const SharedTable& input = table(output.input);
  if (listener_) listener_(output.name);
  return UnclearedMaker::make(tabulate(session_, output, input, rule_));
}

namespace {

using oblivious::CellDimension;
using oblivious::CellMeasure;
using oblivious::CellTable;
using sql::AggregateCall;
using sql::Function;

// Rows that a COUNT counts: one plane.
SharedBits counted_rows(Session& session, const AggregateCall& call, const SharedTable& input) {
  if (call.function == Function::kCountRows) return input.valid;
  const SharedColumn& column = input.columns.at(static_cast<size_t>(call.column));
  SharedBits indicator = input.valid;
  if (column.null) indicator = mpc::and_(session, indicator, sharing::not_(session.party(), *column.null));
  return indicator;
}

// In study mode every measure is a count of rows: COUNT, or SUM of a 0/1 value.
SharedBits indicator_of(Session& session, const AggregateCall& call, const SharedTable& input) {
  SharedBits indicator = counted_rows(session, call, input);
  if (call.function == Function::kSum)
    indicator = mpc::and_(session, indicator, input.columns[static_cast<size_t>(call.column)].value);
  return indicator;
}

// 1 per cell where a count is zero.
SharedBits is_zero(Session& session, const SharedBits& count) {
  return mpc::equal_constant(session, count, 0);
}

CellMeasure dense_measure(Session& session, const AggregateCall& call, const SharedTable& input,
                          const std::vector<CellDimension>& dimensions) {
  const SharedBits one_hot =
      oblivious::one_hot_cells(session, counted_rows(session, call, input), dimensions);
  CellMeasure measure;
  measure.name = call.name;
  measure.type = call.type;
  const size_t planes = static_cast<size_t>(call.type.bits());
  if (call.function == Function::kSum) {
    const SharedColumn& column = input.columns[static_cast<size_t>(call.column)];
    SharedColumn sum{call.type, oblivious::sum_cells(session, one_hot, column), std::nullopt};
    measure.value = sharing::extend(sharing::slice_planes(sum.value, 0, std::min(planes, sum.value.planes())),
                                    planes, column.type.is_signed());
    measure.null = is_zero(session, oblivious::count_cells(session, one_hot));
  } else {
    const SharedBits count = oblivious::count_cells(session, one_hot);
    measure.value =
        sharing::extend(sharing::slice_planes(count, 0, std::min(planes, count.planes())), planes, false);
  }
  return measure;
}

// Measures that need order (MIN, MAX, ANY): group by the dimensions, then each cell has at most one row.
void grouped_measures(Session& session, const sql::Output& output, const SharedTable& input,
                      const oblivious::SortRule& rule, CellTable& out) {
  std::vector<int> keys;
  for (const sql::Dimension& dimension : output.dimensions) keys.push_back(dimension.column);
  std::vector<oblivious::AggregateSpec> specs;
  for (const AggregateCall& call : output.measures)
    specs.push_back({aggregate_of(call.function), call.column, call.type});
  const SharedTable grouped = oblivious::group_by(session, input, keys, specs, {rule});
  std::vector<CellDimension> dimensions;
  for (size_t d = 0; d < output.dimensions.size(); ++d)
    dimensions.push_back({&grouped.columns[d], output.dimensions[d].codes, output.dimensions[d].null_cell});
  const SharedBits one_hot = oblivious::one_hot_cells(session, grouped.valid, dimensions);
  for (size_t m = 0; m < output.measures.size(); ++m) {
    const SharedColumn& column = grouped.columns[keys.size() + m];
    CellMeasure measure;
    measure.name = output.measures[m].name;
    measure.type = output.measures[m].type;
    const size_t planes = static_cast<size_t>(measure.type.bits());
    measure.value = oblivious::select_cells(session, one_hot, planes_as(column, measure.type));
    CHECK(measure.value.planes() == planes);
    // A cell without a row selects zeros: its figure is NULL (COUNT: 0), so the present flag is what is
    // selected.
    const SharedBits present = column.null ? sharing::not_(session.party(), *column.null)
                                           : sharing::share_constant(session.party(), grouped.rows(), 1, 1);
    if (output.measures[m].nullable)
      measure.null = sharing::not_(session.party(), oblivious::select_cells(session, one_hot, present));
    out.measures.push_back(std::move(measure));
  }
}

void study_measures(Session& session, const sql::Output& output, const SharedTable& input,
                    const std::vector<CellDimension>& dimensions, const oblivious::SortRule& rule,
                    CellTable& out) {
  std::vector<SharedBits> indicators;
  for (const AggregateCall& call : output.measures) indicators.push_back(indicator_of(session, call, input));
  const auto column = [&](int at) { return &input.columns.at(static_cast<size_t>(at)); };
  std::vector<SharedBits> persons;
  if (!output.person_unique)
    persons = distinct_per_cell(session, {column(output.person), dimensions, 0, rule}, indicators);
  const std::vector<SharedBits> households =
      distinct_per_cell(session, {column(output.household), dimensions, kLargestHousehold, rule}, indicators);
  for (size_t m = 0; m < indicators.size(); ++m) {
    CellMeasure measure;
    measure.name = output.measures[m].name;
    measure.type = output.measures[m].type;
    measure.value =
        oblivious::count_cells(session, oblivious::one_hot_cells(session, indicators[m], dimensions));
    measure.persons = output.person_unique ? measure.value : persons[m];
    measure.households = households[m];
    for (const auto& [table, at] : output.owner_columns)
      measure.owners.push_back(owner_counts(session, table, *column(at), dimensions, indicators[m]));
    out.measures.push_back(std::move(measure));
  }
}

}  // namespace

bool is_dense(const sql::Output& output) {
  for (const AggregateCall& call : output.measures)
    if (call.function != Function::kCountRows && call.function != Function::kCount &&
        call.function != Function::kSum)
      return false;
  return true;
}

size_t cell_count(const sql::Output& output) {
  size_t cells = 1;
  for (const sql::Dimension& dimension : output.dimensions)
    cells *= dimension.codes.size() + (dimension.null_cell ? 1 : 0);
  return cells;
}

std::vector<CellDimension> cell_dimensions(const sql::Output& output, const SharedTable& input) {
  std::vector<CellDimension> dimensions;
  for (const sql::Dimension& dimension : output.dimensions)
    dimensions.push_back(
        {&input.columns.at(static_cast<size_t>(dimension.column)), dimension.codes, dimension.null_cell});
  return dimensions;
}

CellTable tabulate(Session& session, const sql::Output& output, const SharedTable& input,
                   const oblivious::SortRule& rule) {
  CellTable out;
  out.name = output.name;
  out.cells = cell_count(output);
  const std::vector<CellDimension> dimensions = cell_dimensions(output, input);
  if (output.person >= 0) {
    study_measures(session, output, input, dimensions, rule, out);
    return out;
  }
  out.rows = oblivious::count_cells(session, oblivious::one_hot_cells(session, input.valid, dimensions));
  if (!is_dense(output)) {
    grouped_measures(session, output, input, rule, out);
    return out;
  }
  for (const AggregateCall& call : output.measures)
    out.measures.push_back(dense_measure(session, call, input, dimensions));
  return out;
}

}  // namespace sluis::engine
