#include "sql/nodes.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "sql/keys.h"
#include "sql/typed.h"

namespace sluis::sql {
namespace {

size_t at(int index) { return static_cast<size_t>(index); }

std::shared_ptr<Node> start(NodeKind kind, std::vector<NodePtr> inputs, NodeInfo info) {
  auto node = std::make_shared<Node>();
  node->kind = kind;
  node->label = std::move(info.label);
  node->line = info.line;
  node->inputs = std::move(inputs);
  return node;
}

}  // namespace

NodePtr make_scan(const relation::TableSchema& table, std::vector<int> columns, uint64_t rows,
                  NodeInfo info) {
  auto node = start(NodeKind::kScan, {}, std::move(info));
  node->table = table.name;
  for (const int column : columns) node->columns.push_back(table.columns[at(column)]);
  node->scan_columns = std::move(columns);
  node->max_rows = rows;
  derive_keys(*node, &table);
  return node;
}

NodePtr make_filter(NodePtr input, Expr predicate, NodeInfo info) {
  auto node = start(NodeKind::kFilter, {input}, std::move(info));
  node->columns = input->columns;
  node->max_rows = input->max_rows;
  node->exprs.push_back(std::move(predicate));
  derive_keys(*node);
  return node;
}

NodePtr make_project(NodePtr input, std::vector<Expr> exprs, const std::vector<std::string>& names,
                     NodeInfo info) {
  CHECK(exprs.size() == names.size());
  auto node = start(NodeKind::kProject, {input}, std::move(info));
  for (size_t i = 0; i < exprs.size(); ++i)
    node->columns.push_back({names[i], exprs[i].type, exprs[i].nullable});
  node->max_rows = input->max_rows;
  node->exprs = std::move(exprs);
  derive_keys(*node);
  return node;
}

NodePtr make_join(NodePtr left, NodePtr right, JoinParts parts, NodeInfo info) {
  CHECK(!parts.left_keys.empty() && parts.left_keys.size() == parts.right_keys.size());
  const bool asks_only =
      (parts.kind == JoinKind::kSemi || parts.kind == JoinKind::kAnti) && parts.right_payload.empty();
  CHECK(parts.at_most >= 1 && (asks_only || rows_per_key(*right, parts.right_keys) <= parts.at_most));
  auto node = start(NodeKind::kJoin, {left, right}, std::move(info));
  node->columns = left->columns;
  for (int column : parts.right_payload) {
    ColumnSchema schema = right->columns[at(column)];
    schema.nullable = schema.nullable || parts.kind == JoinKind::kLeft;
    node->columns.push_back(std::move(schema));
  }
  node->max_rows = times(left->max_rows, parts.at_most);
  node->join = parts.kind;
  node->at_most = parts.at_most;
  node->left_keys = std::move(parts.left_keys);
  node->right_keys = std::move(parts.right_keys);
  node->right_payload = std::move(parts.right_payload);
  derive_keys(*node);
  return node;
}

NodePtr make_group_by(NodePtr input, std::vector<int> keys, std::vector<AggregateCall> calls, NodeInfo info) {
  CHECK(!keys.empty());
  auto node = start(NodeKind::kGroupBy, {input}, std::move(info));
  for (const int key : keys) node->columns.push_back(input->columns[at(key)]);
  for (AggregateCall& call : calls) {
    const bool extreme =
        call.function == Function::kMin || call.function == Function::kMax || call.function == Function::kAny;
    if (call.column >= 0 && extreme) call.type = input->columns[at(call.column)].type;
    const bool counts = call.function == Function::kCountRows || call.function == Function::kCount;
    call.nullable = !counts && input->columns[at(call.column)].nullable;
    node->columns.push_back({call.name, call.type, call.nullable});
  }
  node->max_rows = input->max_rows;
  node->group_keys = std::move(keys);
  node->aggregates = std::move(calls);
  derive_keys(*node);
  return node;
}

NodePtr make_union_all(std::vector<NodePtr> inputs, NodeInfo info) {
  CHECK(!inputs.empty());
  auto node = start(NodeKind::kUnionAll, inputs, std::move(info));
  node->columns = inputs[0]->columns;
  for (const NodePtr& input : inputs) {
    CHECK(input->columns.size() == node->columns.size());
    for (size_t i = 0; i < node->columns.size(); ++i) {
      node->columns[i].type = joint_type(node->columns[i].type, input->columns[i].type);
      node->columns[i].nullable = node->columns[i].nullable || input->columns[i].nullable;
    }
    node->max_rows += input->max_rows;
  }
  derive_keys(*node);
  return node;
}

NodePtr make_window(NodePtr input, WindowParts parts, NodeInfo info) {
  auto node = start(NodeKind::kWindow, {input}, std::move(info));
  node->columns = input->columns;
  for (WindowCall& call : parts.calls) {
    const bool shift = call.function == WindowFunction::kLag || call.function == WindowFunction::kLead;
    const bool counts = call.column < 0 || call.function == WindowFunction::kCount;
    if (!counts && call.function != WindowFunction::kSum) call.type = input->columns[at(call.column)].type;
    call.nullable = shift || (!counts && input->columns[at(call.column)].nullable);
    node->columns.push_back({call.name, call.type, call.nullable});
  }
  node->max_rows = input->max_rows;
  node->partition = std::move(parts.partition);
  node->order = std::move(parts.order);
  node->windows = std::move(parts.calls);
  derive_keys(*node);
  return node;
}

bool never_null(const Node& node, int column) {
  if (!node.columns[at(column)].nullable) return true;
  const auto below = [&](int c) { return never_null(*node.inputs[0], c); };
  switch (node.kind) {
    case NodeKind::kFilter: {
      const std::vector<Expr> conjuncts = conjuncts_of(node.exprs[0]);
      const bool tested = std::any_of(conjuncts.begin(), conjuncts.end(), [&](const Expr& e) {
        return e.op == Op::kIsNotNull && e.args[0].op == Op::kColumn && e.args[0].column == column;
      });
      return tested || below(column);
    }
    case NodeKind::kProject: {
      const Expr& expr = node.exprs[at(column)];
      return expr.op == Op::kColumn && below(expr.column);
    }
    case NodeKind::kJoin:
      return at(column) < node.inputs[0]->columns.size() && below(column);
    case NodeKind::kGroupBy: {
      if (at(column) < node.group_keys.size()) return below(node.group_keys[at(column)]);
      const AggregateCall& call = node.aggregates[at(column) - node.group_keys.size()];
      return call.column >= 0 && below(call.column);
    }
    case NodeKind::kWindow:
      return at(column) < node.inputs[0]->columns.size() && below(column);
    default:
      return false;
  }
}

std::optional<BaseColumn> base_column(const Node& node, int column) {
  switch (node.kind) {
    case NodeKind::kScan:
      return BaseColumn{node.table, node.columns[at(column)].name};
    case NodeKind::kFilter:
      return base_column(*node.inputs[0], column);
    case NodeKind::kProject: {
      const Expr& expr = node.exprs[at(column)];
      return expr.op == Op::kColumn ? base_column(*node.inputs[0], expr.column) : std::nullopt;
    }
    case NodeKind::kJoin: {
      const size_t width = node.columns.size() - node.right_payload.size();
      if (at(column) < width) return base_column(*node.inputs[0], column);
      return base_column(*node.inputs[1], node.right_payload[at(column) - width]);
    }
    case NodeKind::kGroupBy: {
      if (at(column) < node.group_keys.size())
        return base_column(*node.inputs[0], node.group_keys[at(column)]);
      const AggregateCall& call = node.aggregates[at(column) - node.group_keys.size()];
      const bool one_of = call.function == Function::kMin || call.function == Function::kMax ||
                          call.function == Function::kAny;
      return one_of ? base_column(*node.inputs[0], call.column) : std::nullopt;
    }
    case NodeKind::kWindow:  // a neighbour's value is not the row's own
      return at(column) < node.inputs[0]->columns.size() ? base_column(*node.inputs[0], column)
                                                         : std::nullopt;
    case NodeKind::kUnionAll:
      break;
  }
  const std::optional<BaseColumn> first = base_column(*node.inputs[0], column);
  for (const NodePtr& input : node.inputs)
    if (!base_column(*input, column)) return std::nullopt;
  return first;
}

std::vector<NodePtr> topological_order(const std::vector<NodePtr>& roots) {
  std::vector<NodePtr> out;
  std::set<const Node*> seen;
  std::vector<std::pair<NodePtr, size_t>> stack;
  for (const NodePtr& root : roots) {
    if (seen.insert(root.get()).second) stack.emplace_back(root, 0);
    while (!stack.empty()) {
      auto& [node, next] = stack.back();
      if (next < node->inputs.size()) {
        const NodePtr input = node->inputs[next++];
        if (seen.insert(input.get()).second) stack.emplace_back(input, 0);
      } else {
        out.push_back(node);
        stack.pop_back();
      }
    }
  }
  return out;
}

}  // namespace sluis::sql
