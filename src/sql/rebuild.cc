#include "sql/rebuild.h"

#include <numeric>

#include "base/check.h"
#include "sql/nodes.h"
#include "sql/typed.h"

namespace sluis::sql {
namespace {

size_t at(int index) { return static_cast<size_t>(index); }

Moved rebuild_project(const Node& node, const Moved& input, const std::vector<bool>& keep, Extra extra) {
  Moved out;
  out.place.assign(node.exprs.size(), -1);
  std::vector<Expr> exprs;
  std::vector<std::string> names;
  for (size_t i = 0; i < node.exprs.size(); ++i) {
    if (!keep[i]) continue;
    out.place[i] = static_cast<int>(exprs.size());
    exprs.push_back(moved_expr(node.exprs[i], input));
    names.push_back(node.columns[i].name);
  }
  for (size_t i = 0; i < extra.exprs.size(); ++i) {
    exprs.push_back(std::move(extra.exprs[i]));
    names.push_back(std::move(extra.names[i]));
  }
  out.node = make_project(input.node, std::move(exprs), names, {node.label, node.line});
  return out;
}

Moved rebuild_join(const Node& node, const Moved& left, const Moved& right, const std::vector<bool>& keep,
                   Extra extra) {
  Moved out;
  out.place = left.place;
  JoinParts parts{node.join,
                  moved_columns(node.left_keys, left),
                  moved_columns(node.right_keys, right),
                  {},
                  node.at_most};
  const size_t width = node.columns.size() - node.right_payload.size();
  for (size_t i = 0; i < node.right_payload.size(); ++i) {
    const bool kept = keep[width + i];
    out.place.push_back(kept ? static_cast<int>(left.node->columns.size() + parts.right_payload.size()) : -1);
    if (kept) parts.right_payload.push_back(right.place[at(node.right_payload[i])]);
  }
  parts.right_payload.insert(parts.right_payload.end(), extra.payload.begin(), extra.payload.end());
  // A semi join that carries something of its match is an inner join: the right side is unique.
  if (node.join == JoinKind::kSemi && !extra.payload.empty()) parts.kind = JoinKind::kInner;
  out.node = make_join(left.node, right.node, std::move(parts), {node.label, node.line});
  return out;
}

Moved rebuild_group_by(const Node& node, const Moved& input, const std::vector<bool>& keep, Extra extra) {
  Moved out;
  std::vector<AggregateCall> calls;
  const size_t keys = node.group_keys.size();
  for (size_t i = 0; i < node.columns.size(); ++i) {
    if (i < keys) {
      out.place.push_back(static_cast<int>(i));
      continue;
    }
    out.place.push_back(keep[i] ? static_cast<int>(keys + calls.size()) : -1);
    if (!keep[i]) continue;
    AggregateCall call = node.aggregates[i - keys];
    if (call.column >= 0) call.column = input.place[at(call.column)];
    calls.push_back(std::move(call));
  }
  calls.insert(calls.end(), extra.calls.begin(), extra.calls.end());
  out.node = make_group_by(input.node, moved_columns(node.group_keys, input), std::move(calls),
                           {node.label, node.line});
  return out;
}

Moved rebuild_window(const Node& node, const Moved& input, const std::vector<bool>& keep) {
  Moved out;
  out.place = input.place;
  WindowParts parts{moved_columns(node.partition, input), node.order, {}};
  for (WindowOrder& order : parts.order) order.column = moved_columns({order.column}, input)[0];
  const size_t width = node.columns.size() - node.windows.size();
  for (size_t i = 0; i < node.windows.size(); ++i) {
    const bool kept = keep[width + i];
    out.place.push_back(kept ? static_cast<int>(input.node->columns.size() + parts.calls.size()) : -1);
    if (!kept) continue;
    WindowCall call = node.windows[i];
    if (call.column >= 0) call.column = moved_columns({call.column}, input)[0];
    parts.calls.push_back(std::move(call));
  }
  out.node =
      parts.calls.empty() ? input.node : make_window(input.node, std::move(parts), {node.label, node.line});
  return out;
}

}  // namespace

Expr moved_expr(const Expr& expr, const Moved& input) {
  return replace_columns(expr, [&](const Expr& column) {
    const int place = input.place[at(column.column)];
    CHECK(place >= 0);
    return column_expr(place, input.node->columns[at(place)]);
  });
}

std::vector<int> moved_columns(const std::vector<int>& columns, const Moved& input) {
  std::vector<int> out;
  for (int column : columns) {
    out.push_back(input.place[at(column)]);
    CHECK(out.back() >= 0);
  }
  return out;
}

Moved rebuild(const Node& node, const std::vector<Moved>& inputs, const std::vector<bool>& keep,
              Extra extra) {
  const NodeInfo info{node.label, node.line};
  switch (node.kind) {
    case NodeKind::kFilter:
      return {make_filter(inputs[0].node, moved_expr(node.exprs[0], inputs[0]), info), inputs[0].place};
    case NodeKind::kProject:
      return rebuild_project(node, inputs[0], keep, std::move(extra));
    case NodeKind::kJoin:
      return rebuild_join(node, inputs[0], inputs[1], keep, std::move(extra));
    case NodeKind::kGroupBy:
      return rebuild_group_by(node, inputs[0], keep, std::move(extra));
    case NodeKind::kUnionAll: {
      std::vector<NodePtr> nodes;
      for (const Moved& input : inputs) nodes.push_back(input.node);
      return {make_union_all(std::move(nodes), info), inputs[0].place};
    }
    case NodeKind::kWindow:
      return rebuild_window(node, inputs[0], keep);
    case NodeKind::kScan:
      break;
  }
  CHECK(false);
  return {};
}

void move_output(Output& output, const Moved& input) {
  const auto move = [&](int& column) {
    if (column < 0) return;
    column = input.place[at(column)];
    CHECK(column >= 0);
  };
  for (Dimension& dimension : output.dimensions) move(dimension.column);
  for (AggregateCall& call : output.measures) move(call.column);
  move(output.person);
  move(output.household);
  for (auto& [table, column] : output.owner_columns) move(column);
  output.input = input.node;
}

std::vector<NodePtr> roots_of(const Plan& plan) {
  std::vector<NodePtr> roots;
  for (const Output& output : plan.outputs) roots.push_back(output.input);
  return roots;
}

}  // namespace sluis::sql
