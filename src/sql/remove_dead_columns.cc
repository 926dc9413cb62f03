#include <set>

#include "sql/nodes.h"
#include "sql/rebuild.h"
#include "sql/rewrite.h"
#include "sql/typed.h"

namespace sluis::sql {
namespace {

using Needed = std::map<const Node*, std::set<int>>;

void need_of_output(const Output& output, std::set<int>& needed) {
  const auto add = [&](int column) {
    if (column >= 0) needed.insert(column);
  };
  for (const Dimension& dimension : output.dimensions) add(dimension.column);
  for (const AggregateCall& call : output.measures) add(call.column);
  add(output.person);
  add(output.household);
  for (const auto& [table, column] : output.owner_columns) add(column);
}

void need_of_join(const Node& node, const std::set<int>& wanted, Needed& needed) {
  const int width = static_cast<int>(node.columns.size() - node.right_payload.size());
  std::set<int>& left = needed[node.inputs[0].get()];
  std::set<int>& right = needed[node.inputs[1].get()];
  left.insert(node.left_keys.begin(), node.left_keys.end());
  right.insert(node.right_keys.begin(), node.right_keys.end());
  for (int column : wanted) {
    if (column < width) left.insert(column);
    if (column >= width) right.insert(node.right_payload[static_cast<size_t>(column - width)]);
  }
}

void need_of_window(const Node& node, const std::set<int>& wanted, std::set<int>& input) {
  const int width = static_cast<int>(node.columns.size() - node.windows.size());
  input.insert(node.partition.begin(), node.partition.end());
  for (const WindowOrder& order : node.order) input.insert(order.column);
  for (int column : wanted) {
    const int read = column < width ? column : node.windows[static_cast<size_t>(column - width)].column;
    if (read >= 0) input.insert(read);
  }
}

// What a node needs of its inputs, given what is needed of it.
void need_of_inputs(const Node& node, Needed& needed) {
  const std::set<int> wanted = needed[&node];
  if (node.kind == NodeKind::kScan) return;
  if (node.kind == NodeKind::kJoin) return need_of_join(node, wanted, needed);
  std::set<int>& input = needed[node.inputs[0].get()];
  const auto reads = [&](const Expr& expr) { each_column(expr, [&](int column) { input.insert(column); }); };
  switch (node.kind) {
    case NodeKind::kFilter:
      input.insert(wanted.begin(), wanted.end());
      return reads(node.exprs[0]);
    case NodeKind::kProject:
      for (int column : wanted) reads(node.exprs[static_cast<size_t>(column)]);
      return;
    case NodeKind::kGroupBy: {
      input.insert(node.group_keys.begin(), node.group_keys.end());
      const int keys = static_cast<int>(node.group_keys.size());
      for (int column : wanted) {
        if (column < keys) continue;
        const int read = node.aggregates[static_cast<size_t>(column - keys)].column;
        if (read >= 0) input.insert(read);
      }
      return;
    }
    case NodeKind::kWindow:
      return need_of_window(node, wanted, input);
    default:
      for (const NodePtr& part : node.inputs) needed[part.get()].insert(wanted.begin(), wanted.end());
  }
}

// A scan of fewer columns.
Moved narrowed_scan(const Node& node, const relation::TableSchema& table, const std::set<int>& wanted) {
  Moved out;
  out.place.assign(node.columns.size(), -1);
  std::vector<int> columns;
  for (int column : wanted) {
    out.place[static_cast<size_t>(column)] = static_cast<int>(columns.size());
    columns.push_back(node.scan_columns[static_cast<size_t>(column)]);
  }
  out.node = make_scan(table, std::move(columns), node.max_rows, {node.label, node.line});
  return out;
}

// Exactly the wanted columns, in their order: the arms of a UNION ALL must stay alike.
Moved aligned(const Moved& input, const std::set<int>& wanted) {
  Moved out;
  out.place.assign(input.place.size(), -1);
  std::vector<Expr> exprs;
  std::vector<std::string> names;
  for (int column : wanted) {
    const int from = input.place[static_cast<size_t>(column)];
    const ColumnSchema& schema = input.node->columns[static_cast<size_t>(from)];
    out.place[static_cast<size_t>(column)] = static_cast<int>(exprs.size());
    exprs.push_back(column_expr(from, schema));
    names.push_back(schema.name);
  }
  if (exprs.size() == input.node->columns.size()) {
    bool same = true;
    for (size_t i = 0; i < exprs.size(); ++i) same = same && exprs[i].column == static_cast<int>(i);
    if (same) return {input.node, out.place};
  }
  out.node = make_project(input.node, std::move(exprs), names, {input.node->label, input.node->line});
  return out;
}

}  // namespace

void remove_dead_columns(Plan& plan) {
  const std::vector<NodePtr> order = topological_order(roots_of(plan));
  Needed needed;
  for (const Output& output : plan.outputs) need_of_output(output, needed[output.input.get()]);
  for (size_t i = order.size(); i-- > 0;) need_of_inputs(*order[i], needed);
  std::map<const Node*, Moved> moved;
  for (const NodePtr& node : order) {
    const std::set<int>& wanted = needed[node.get()];
    if (node->kind == NodeKind::kScan) {
      moved[node.get()] = narrowed_scan(*node, plan.tables.at(node->table), wanted);
      continue;
    }
    std::vector<Moved> inputs;
    for (const NodePtr& input : node->inputs) {
      const Moved& one = moved.at(input.get());
      inputs.push_back(node->kind == NodeKind::kUnionAll ? aligned(one, wanted) : one);
    }
    std::vector<bool> keep(node->columns.size(), false);
    for (int column : wanted) keep[static_cast<size_t>(column)] = true;
    moved[node.get()] = rebuild(*node, inputs, keep);
  }
  for (Output& output : plan.outputs) move_output(output, Moved(moved.at(output.input.get())));
}

}  // namespace sluis::sql
