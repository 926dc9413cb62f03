#include "engine/cost.h"

#include <bit>
#include <set>

#include "base/check.h"
#include "engine/cells.h"
#include "engine/executor.h"
#include "engine/expression.h"
#include "engine/units.h"
#include "mpc/add.h"
#include "mpc/compare.h"
#include "oblivious/join.h"

namespace sluis::engine {
namespace {

using mpc::Cost;
using relation::ColumnSchema;
using sql::Node;
using sql::NodeKind;

std::vector<oblivious::AggregateSpec> aggregates_of(const std::vector<sql::AggregateCall>& calls) {
  std::vector<oblivious::AggregateSpec> specs;
  for (const sql::AggregateCall& call : calls)
    specs.push_back({aggregate_of(call.function), call.column, call.type});
  return specs;
}

Cost cost_project(const Node& node, const std::vector<ColumnSchema>& input, uint64_t rows) {
  Cost cost;
  for (const sql::Expr& expr : node.exprs) cost += cost_evaluate(expr, input, rows);
  return cost;
}

// ---- outputs

class OutputCost {
 public:
  OutputCost(const sql::Output& output, uint64_t rows, const oblivious::SortRule& rule)
      : output_(output),
        columns_(output.input->columns),
        rows_(rows),
        cells_(cell_count(output)),
        rule_(rule) {
    for (const sql::Dimension& dimension : output.dimensions) shapes_.push_back(shape(dimension));
  }

  StepCost study() {
    for (const sql::AggregateCall& call : output_.measures) {
      add(cost_counted(call));
      if (call.function == sql::Function::kSum) add(mpc::cost_and(rows_, 1));
    }
    if (!output_.person_unique) distinct(output_.person, 0);
    distinct(output_.household, kLargestHousehold);
    for (size_t m = 0; m < output_.measures.size(); ++m) {
      histogram(shapes_);
      for (const auto& [table, at] : output_.owner_columns) owners(at);
    }
    return sum_;
  }

  StepCost rehearsal() {
    histogram(shapes_);
    if (is_dense(output_)) {
      for (const sql::AggregateCall& call : output_.measures) dense(call);
      return sum_;
    }
    std::vector<int> keys;
    for (const sql::Dimension& dimension : output_.dimensions) keys.push_back(dimension.column);
    const auto specs = aggregates_of(output_.measures);
    sum_.expected += oblivious::cost_group_by_expected(columns_, rows_, keys, specs, rule_);
    sum_.bound += oblivious::cost_group_by_bound(columns_, rows_, keys, specs, rule_);
    sum_.sorts = true;
    sum_.sorted.push_back(oblivious::group_by_sort(columns_, rows_, keys));
    add(oblivious::cost_one_hot_cells(rows_, shapes_));
    for (const sql::AggregateCall& call : output_.measures) {
      add(oblivious::cost_select_cells(rows_, cells_, static_cast<uint64_t>(call.type.bits())));
      if (call.nullable) add(oblivious::cost_select_cells(rows_, cells_, 1));
    }
    return sum_;
  }

 private:
  void add(const Cost& cost) {
    sum_.expected += cost;
    sum_.bound += cost;
  }

  const ColumnSchema& column(int at) const { return columns_.at(static_cast<size_t>(at)); }

  oblivious::CellShape shape(const sql::Dimension& dimension) const {
    const ColumnSchema& schema = column(dimension.column);
    return {static_cast<uint64_t>(schema.type.bits()), dimension.codes, schema.nullable, dimension.null_cell,
            schema.type.is_signed()};
  }

  Cost cost_counted(const sql::AggregateCall& call) const {
    const bool masked = call.function != sql::Function::kCountRows && column(call.column).nullable;
    return masked ? mpc::cost_and(rows_, 1) : Cost{};
  }

  void histogram(const std::vector<oblivious::CellShape>& shapes) {
    uint64_t cells = 1;
    for (const oblivious::CellShape& one : shapes) cells *= one.codes.size() + (one.null_cell ? 1 : 0);
    add(oblivious::cost_one_hot_cells(rows_, shapes));
    add(oblivious::cost_count_cells(rows_, cells));
  }

  void dense(const sql::AggregateCall& call) {
    add(cost_counted(call));
    if (call.function != sql::Function::kSum) return histogram(shapes_);
    const ColumnSchema& schema = column(call.column);
    histogram(shapes_);
    add(oblivious::cost_sum_cells(rows_, cells_, static_cast<uint64_t>(schema.type.bits()), schema.nullable,
                                  schema.type.is_signed()));
    add(mpc::cost_equal(cells_, static_cast<uint64_t>(std::bit_width(rows_))));
  }

  void owners(int at) {
    const ColumnSchema& owner = column(at);
    std::vector<oblivious::CellShape> shapes = shapes_;
    oblivious::CellShape last{static_cast<uint64_t>(owner.type.bits()), {}, owner.nullable, false, false};
    for (int64_t code = owner.type.lo; code <= owner.type.hi; ++code) last.codes.push_back(code);
    shapes.push_back(last);
    histogram(shapes);
  }

  void distinct(int at, uint64_t null_divisor) {
    const ColumnSchema& unit = column(at);
    const auto planes = [](const ColumnSchema& schema) {
      return static_cast<uint64_t>(schema.type.bits()) + (schema.nullable ? 1 : 0);
    };
    uint64_t key = planes(unit);
    for (const sql::Dimension& dimension : output_.dimensions) key += planes(column(dimension.column));
    const uint64_t measures = output_.measures.size();
    sum_.expected += oblivious::cost_sort_expected(rows_, key, {rule_});
    sum_.bound += oblivious::cost_sort_bound(rows_, key, {rule_});
    sum_.sorts = true;
    sum_.sorted.push_back({rows_, key});
    add(oblivious::cost_into_order(rows_, key + measures));
    add(mpc::cost_equal(rows_, key));
    add(oblivious::cost_segmented_scan(
        rows_, std::vector<std::pair<oblivious::Fold, uint64_t>>(measures, {oblivious::Fold::kOr, 1})));
    add(mpc::cost_and(rows_, 1));
    for (uint64_t m = 0; m < measures; ++m) {
      add(mpc::cost_and(rows_, 1));
      histogram(shapes_);
      if (!unit.nullable || null_divisor == 0) continue;
      add(mpc::cost_and(rows_, 1));
      histogram(shapes_);
      const uint64_t width = static_cast<uint64_t>(std::bit_width(rows_));
      if (static_cast<uint64_t>(std::countr_zero(null_divisor)) < width) add(mpc::cost_add(cells_, width));
    }
  }

  const sql::Output& output_;
  const std::vector<ColumnSchema>& columns_;
  uint64_t rows_, cells_;
  oblivious::SortRule rule_;
  std::vector<oblivious::CellShape> shapes_;
  StepCost sum_;
};

void add(StepCost& step, const Cost& cost) {
  step.expected += cost;
  step.bound += cost;
}

// The sort that makes an index.
void add_sort(StepCost& step, uint64_t rows, uint64_t key_planes, const oblivious::SortRule& rule) {
  step.expected += oblivious::cost_sort_expected(rows, key_planes, {rule});
  step.bound += oblivious::cost_sort_bound(rows, key_planes, {rule});
  step.sorts = true;
  step.sorted.push_back({rows, key_planes});
}

void cost_join(StepCost& step, const Node& node, uint64_t right_rows, const oblivious::SortRule& rule,
               const StepOrder& order) {
  const std::vector<ColumnSchema>&left = node.inputs[0]->columns, &right = node.inputs[1]->columns;
  const oblivious::JoinSpec spec = join_spec(node);
  if (order.source == OrderSource::kOwn) {
    step.expected = oblivious::cost_join_expected(left, step.rows, right, right_rows, spec, rule);
    step.bound = oblivious::cost_join_bound(left, step.rows, right, right_rows, spec, rule);
    step.sorts = true;
    step.sorted.push_back(oblivious::join_sort(left, step.rows, right, right_rows, spec));
    return;
  }
  if (order.source == OrderSource::kMade) {
    add_sort(step, step.rows + right_rows, oblivious::union_key_planes(left, right, spec), rule);
    add(step, oblivious::cost_around_union_index(left, step.rows, right, right_rows, spec));
  }
  add(step, oblivious::cost_join_indexed(left, step.rows, right, right_rows, spec));
}

void cost_group_by(StepCost& step, const Node& node, const oblivious::SortRule& rule,
                   const StepOrder& order) {
  const std::vector<ColumnSchema>& columns = node.inputs[0]->columns;
  const std::vector<int>& keys = node.group_keys;
  const auto specs = aggregates_of(node.aggregates);
  if (order.source == OrderSource::kOwn) {
    step.expected = oblivious::cost_group_by_expected(columns, step.rows, keys, specs, rule);
    step.bound = oblivious::cost_group_by_bound(columns, step.rows, keys, specs, rule);
    step.sorts = true;
    step.sorted.push_back(oblivious::group_by_sort(columns, step.rows, keys));
    return;
  }
  const bool in_place = order.source == OrderSource::kInPlace;
  if (order.source == OrderSource::kMade) {
    add_sort(step, step.rows, oblivious::table_key_planes(columns, keys), rule);
    add(step, oblivious::cost_around_table_index(columns, step.rows, keys));
  }
  if (in_place) add(step, oblivious::cost_index_in_place(columns, step.rows, keys));
  add(step, oblivious::cost_group_by_indexed(columns, step.rows, keys, specs, in_place));
}

// Visits nodes in the executor's order.
struct Walk {
  const RowCounts& tables;
  const oblivious::SortRule& rule;
  const OrderPlan& orders;
  std::set<const Node*> seen = {};
  std::vector<StepCost> steps = {};

  void visit(const sql::NodePtr& node) {
    if (!seen.insert(node.get()).second) return;
    for (const sql::NodePtr& input : node->inputs) visit(input);
    steps.push_back(cost_node(*node, tables, rule, orders.of(*node)));
  }
};

}  // namespace

uint64_t rows_of(const Node& node, const RowCounts& tables) {
  if (node.kind == NodeKind::kScan) return tables.at(node.table);
  if (node.kind != NodeKind::kUnionAll) return rows_of(*node.inputs[0], tables);
  uint64_t rows = 0;
  for (const sql::NodePtr& input : node.inputs) rows += rows_of(*input, tables);
  return rows;
}

StepCost cost_node(const Node& node, const RowCounts& tables, const oblivious::SortRule& rule,
                   const StepOrder& order) {
  StepCost step;
  step.order = order.source;
  step.label = node.label;
  step.rows = rows_of(node, tables);
  const auto both = [&](const Cost& cost) { step.expected = step.bound = cost; };
  switch (node.kind) {
    case NodeKind::kScan:
    case NodeKind::kUnionAll:
      break;
    case NodeKind::kFilter: {
      const std::vector<ColumnSchema>& columns = node.inputs[0]->columns;
      both(cost_evaluate(node.exprs[0], columns, step.rows) +
           cost_is_true(step.rows, is_nullable(node.exprs[0], columns, step.rows)) +
           mpc::cost_and(step.rows, 1));
      break;
    }
    case NodeKind::kProject:
      both(cost_project(node, node.inputs[0]->columns, step.rows));
      break;
    case NodeKind::kJoin:
      cost_join(step, node, rows_of(*node.inputs[1], tables), rule, order);
      break;
    case NodeKind::kGroupBy:
      cost_group_by(step, node, rule, order);
      break;
    case NodeKind::kWindow: {
      const oblivious::WindowSpec spec = window_spec(node);
      step.expected = oblivious::cost_window_expected(node.inputs[0]->columns, step.rows, spec, rule);
      step.bound = oblivious::cost_window_bound(node.inputs[0]->columns, step.rows, spec, rule);
      step.sorts = true;
      step.sorted = {oblivious::window_sort(node.inputs[0]->columns, step.rows, spec)};
      break;
    }
  }
  return step;
}

StepCost cost_output(const sql::Output& output, uint64_t rows, const oblivious::SortRule& rule) {
  OutputCost cost(output, rows, rule);
  StepCost step = output.person >= 0 ? cost.study() : cost.rehearsal();
  step.label = output.name;
  step.rows = cell_count(output);
  return step;
}

std::vector<StepCost> cost_plan(const sql::Plan& plan, const RowCounts& tables,
                                const oblivious::SortRule& rule, const OrderPlan& orders) {
  Walk walk{tables, rule, orders};
  for (const sql::Output& output : plan.outputs) {
    walk.visit(output.input);
    walk.steps.push_back(cost_output(output, rows_of(*output.input, tables), rule));
  }
  return walk.steps;
}

std::vector<StepCost> cost_plan(const sql::Plan& plan, const RowCounts& tables,
                                const oblivious::SortRule& rule) {
  return cost_plan(plan, tables, rule, OrderPlan(plan));
}

StepCost total(const std::vector<StepCost>& steps) {
  StepCost sum;
  for (const StepCost& step : steps) {
    sum.rows = std::max(sum.rows, step.rows);
    sum.expected += step.expected;
    sum.bound += step.bound;
    sum.sorts = sum.sorts || step.sorts;
    sum.sorted.insert(sum.sorted.end(), step.sorted.begin(), step.sorted.end());
  }
  return sum;
}

}  // namespace sluis::engine
