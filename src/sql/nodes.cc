#include "sql/nodes.h"

#include <algorithm>
#include <set>

#include "base/check.h"
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

// Unique keys of `from` whose columns all have a place in the result. place[c] < 0: the column is gone.
std::vector<std::vector<int>> moved_keys(const std::vector<std::vector<int>>& keys,
                                         const std::vector<int>& place) {
  std::vector<std::vector<int>> out;
  for (const std::vector<int>& key : keys) {
    std::vector<int> moved;
    for (int column : key) moved.push_back(place[at(column)]);
    if (std::none_of(moved.begin(), moved.end(), [](int c) { return c < 0; }))
      out.push_back(std::move(moved));
  }
  return out;
}

// The column of which the expression is a one-to-one function, or -1.
int injective_of(const Expr& expr) {
  switch (expr.op) {
    case Op::kColumn:
      return expr.column;
    case Op::kRecode:
    case Op::kNegate:
      return injective_of(expr.args[0]);
    case Op::kAdd:
    case Op::kSubtract:
      if (expr.args[1].op == Op::kConstant) return injective_of(expr.args[0]);
      return expr.args[0].op == Op::kConstant ? injective_of(expr.args[1]) : -1;
    default:
      return -1;
  }
}

// A unique key in every form that it has in a projection: images[c] are the places of one-to-one functions of
// column c. At most 16 forms.
std::vector<std::vector<int>> key_images(const std::vector<int>& key,
                                         const std::vector<std::vector<int>>& images) {
  constexpr size_t kMost = 16;
  std::vector<std::vector<int>> forms = {{}};
  for (const int column : key) {
    std::vector<std::vector<int>> longer;
    for (const std::vector<int>& form : forms)
      for (const int place : images[at(column)]) {
        if (longer.size() == kMost) break;
        longer.push_back(form);
        longer.back().push_back(place);
      }
    forms = std::move(longer);
  }
  return forms;
}

}  // namespace

NodePtr make_scan(const relation::TableSchema& table, std::vector<int> columns, uint64_t rows,
                  NodeInfo info) {
  auto node = start(NodeKind::kScan, {}, std::move(info));
  node->table = table.name;
  std::vector<int> place(table.columns.size(), -1);
  for (size_t i = 0; i < columns.size(); ++i) {
    node->columns.push_back(table.columns[at(columns[i])]);
    place[at(columns[i])] = static_cast<int>(i);
  }
  for (const std::vector<std::string>& names : table.unique_keys) {
    std::vector<int> key;
    for (const std::string& name : names) key.push_back(table.find(name));
    const bool known = std::all_of(key.begin(), key.end(), [](int c) { return c >= 0; });
    for (std::vector<int>& moved : known ? moved_keys({key}, place) : std::vector<std::vector<int>>{})
      node->unique_keys.push_back(std::move(moved));
  }
  node->scan_columns = std::move(columns);
  node->max_rows = rows;
  return node;
}

NodePtr make_filter(NodePtr input, Expr predicate, NodeInfo info) {
  auto node = start(NodeKind::kFilter, {input}, std::move(info));
  node->columns = input->columns;
  node->unique_keys = input->unique_keys;
  node->max_rows = input->max_rows;
  node->exprs.push_back(std::move(predicate));
  return node;
}

NodePtr make_project(NodePtr input, std::vector<Expr> exprs, const std::vector<std::string>& names,
                     NodeInfo info) {
  CHECK(exprs.size() == names.size());
  auto node = start(NodeKind::kProject, {input}, std::move(info));
  std::vector<std::vector<int>> images(input->columns.size());
  for (size_t i = 0; i < exprs.size(); ++i) {
    node->columns.push_back({names[i], exprs[i].type, exprs[i].nullable});
    const int column = injective_of(exprs[i]);
    if (column >= 0) images[at(column)].push_back(static_cast<int>(i));
  }
  for (const std::vector<int>& key : input->unique_keys)
    for (std::vector<int>& image : key_images(key, images)) node->unique_keys.push_back(std::move(image));
  node->max_rows = input->max_rows;
  node->exprs = std::move(exprs);
  return node;
}

NodePtr make_join(NodePtr left, NodePtr right, JoinParts parts, NodeInfo info) {
  CHECK(!parts.left_keys.empty() && parts.left_keys.size() == parts.right_keys.size());
  CHECK(is_unique_on(*right, parts.right_keys));
  auto node = start(NodeKind::kJoin, {left, right}, std::move(info));
  node->columns = left->columns;
  for (int column : parts.right_payload) {
    ColumnSchema schema = right->columns[at(column)];
    schema.nullable = schema.nullable || parts.kind == JoinKind::kLeft;
    node->columns.push_back(std::move(schema));
  }
  node->unique_keys = left->unique_keys;
  node->max_rows = left->max_rows;
  node->join = parts.kind;
  node->left_keys = std::move(parts.left_keys);
  node->right_keys = std::move(parts.right_keys);
  node->right_payload = std::move(parts.right_payload);
  return node;
}

NodePtr make_group_by(NodePtr input, std::vector<int> keys, std::vector<AggregateCall> calls, NodeInfo info) {
  CHECK(!keys.empty());
  auto node = start(NodeKind::kGroupBy, {input}, std::move(info));
  std::vector<int> place(input->columns.size(), -1);
  std::vector<int> all;
  for (size_t i = 0; i < keys.size(); ++i) {
    node->columns.push_back(input->columns[at(keys[i])]);
    place[at(keys[i])] = static_cast<int>(i);
    all.push_back(static_cast<int>(i));
  }
  for (AggregateCall& call : calls) {
    const bool extreme =
        call.function == Function::kMin || call.function == Function::kMax || call.function == Function::kAny;
    if (call.column >= 0 && extreme) call.type = input->columns[at(call.column)].type;
    const bool counts = call.function == Function::kCountRows || call.function == Function::kCount;
    call.nullable = !counts && input->columns[at(call.column)].nullable;
    node->columns.push_back({call.name, call.type, call.nullable});
  }
  node->unique_keys = moved_keys(input->unique_keys, place);
  node->unique_keys.push_back(std::move(all));
  node->max_rows = input->max_rows;
  node->group_keys = std::move(keys);
  node->aggregates = std::move(calls);
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
  return node;
}

bool is_unique_on(const Node& node, const std::vector<int>& columns) {
  return std::any_of(node.unique_keys.begin(), node.unique_keys.end(), [&](const std::vector<int>& key) {
    return std::all_of(key.begin(), key.end(), [&](int column) {
      return std::find(columns.begin(), columns.end(), column) != columns.end();
    });
  });
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
