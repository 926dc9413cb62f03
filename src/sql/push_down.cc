#include <algorithm>

#include "sql/nodes.h"
#include "sql/rebuild.h"
#include "sql/rewrite.h"
#include "sql/typed.h"

namespace sluis::sql {
namespace {

std::vector<int> identity(size_t columns) {
  std::vector<int> place(columns);
  for (size_t i = 0; i < place.size(); ++i) place[i] = static_cast<int>(i);
  return place;
}

class PushDown {
 public:
  explicit PushDown(const std::vector<NodePtr>& order, const Plan& plan) {
    for (const NodePtr& node : order)
      for (const NodePtr& input : node->inputs) ++users_[input.get()];
    for (const Output& output : plan.outputs) ++users_[output.input.get()];
  }

  // The node with its filters as low as they go. Columns keep their places.
  NodePtr operator()(const NodePtr& node) {
    const auto found = done_.find(node.get());
    if (found != done_.end()) return found->second;
    NodePtr out = node->kind == NodeKind::kFilter ? filter(*node) : over_inputs(*node);
    done_.emplace(node.get(), out);
    return out;
  }

 private:
  NodePtr over_inputs(const Node& node) {
    if (node.kind == NodeKind::kScan) return std::make_shared<Node>(node);
    std::vector<Moved> inputs;
    for (const NodePtr& input : node.inputs)
      inputs.push_back({(*this)(input), identity(input->columns.size())});
    return rebuild(node, inputs, std::vector<bool>(node.columns.size(), true)).node;
  }

  NodePtr filter(const Node& node) {
    const NodePtr input = (*this)(node.inputs[0]);
    if (users_[node.inputs[0].get()] > 1) return make_filter(input, node.exprs[0], {node.label, node.line});
    return pushed(input, conjuncts_of(node.exprs[0]), {node.label, node.line});
  }

  // A filter of these conditions over `node`, which nothing else reads.
  NodePtr pushed(const NodePtr& node, std::vector<Expr> conditions, const NodeInfo& info) {
    if (conditions.empty()) return node;
    std::vector<std::vector<Expr>> down(node->inputs.size());
    std::vector<Expr> stay;
    for (Expr& condition : conditions) {
      if (!push(*node, condition, down)) stay.push_back(std::move(condition));
    }
    const bool any = std::any_of(down.begin(), down.end(), [](const auto& part) { return !part.empty(); });
    NodePtr out = node;
    if (any) {
      std::vector<Moved> inputs;
      for (size_t i = 0; i < down.size(); ++i) {
        const NodePtr below = filtered_input(node->inputs[i], std::move(down[i]), info);
        inputs.push_back({below, identity(below->columns.size())});
      }
      if (node->kind == NodeKind::kFilter) {  // conditions that pass another filter
        out = rebuild(*node, inputs, {}).node;
      } else {
        out = rebuild(*node, inputs, std::vector<bool>(node->columns.size(), true)).node;
      }
    }
    return stay.empty() ? out : make_filter(out, conjunction(std::move(stay)), info);
  }

  NodePtr filtered_input(const NodePtr& input, std::vector<Expr> conditions, const NodeInfo& info) {
    // Below, a node of the original plan may have other readers: then the filter stays right above it.
    if (conditions.empty()) return input;
    if (shared_.contains(input.get())) return make_filter(input, conjunction(std::move(conditions)), info);
    return pushed(input, std::move(conditions), info);
  }

  // Adds the condition, over the input's columns, to down[i] if it may go there.
  static bool push(const Node& node, const Expr& condition, std::vector<std::vector<Expr>>& down) {
    switch (node.kind) {
      case NodeKind::kProject:
        return push_through(
            condition, down[0],
            [&](int column) {
              const Expr& expr = node.exprs[static_cast<size_t>(column)];
              return expr.op == Op::kColumn ? expr.column : -1;
            },
            *node.inputs[0]);
      case NodeKind::kGroupBy:
        return push_through(
            condition, down[0],
            [&](int column) {
              return column < static_cast<int>(node.group_keys.size())
                         ? node.group_keys[static_cast<size_t>(column)]
                         : -1;
            },
            *node.inputs[0]);
      case NodeKind::kFilter:
        return push_through(condition, down[0], [](int column) { return column; }, *node.inputs[0]);
      case NodeKind::kWindow:  // whole partitions stay or go
        return push_through(
            condition, down[0],
            [&](int column) { return std::ranges::count(node.partition, column) > 0 ? column : -1; },
            *node.inputs[0]);
      case NodeKind::kUnionAll:
        for (size_t i = 0; i < down.size(); ++i)
          push_through(condition, down[i], [](int column) { return column; }, *node.inputs[i]);
        return true;
      case NodeKind::kJoin: {
        const int width = static_cast<int>(node.columns.size() - node.right_payload.size());
        if (push_through(condition, down[0], [&](int c) { return c < width ? c : -1; }, *node.inputs[0]))
          return true;
        if (node.join != JoinKind::kInner) return false;
        return push_through(
            condition, down[1],
            [&](int c) { return c < width ? -1 : node.right_payload[static_cast<size_t>(c - width)]; },
            *node.inputs[1]);
      }
      case NodeKind::kScan:
        break;
    }
    return false;
  }

  template <typename Place>
  static bool push_through(const Expr& condition, std::vector<Expr>& down, Place&& place, const Node& input) {
    bool fits = true;
    each_column(condition, [&](int column) { fits = fits && place(column) >= 0; });
    if (!fits) return false;
    down.push_back(replace_columns(condition, [&](const Expr& column) {
      const int at = place(column.column);
      return column_expr(at, input.columns[static_cast<size_t>(at)]);
    }));
    return true;
  }

 public:
  // Marks the rewritten forms of nodes with several readers.
  void mark_shared(const NodePtr& original) {
    if (users_[original.get()] > 1) shared_.insert({done_.at(original.get()).get(), true});
  }

 private:
  std::map<const Node*, int> users_;
  std::map<const Node*, NodePtr> done_;
  std::map<const Node*, bool> shared_;
};

}  // namespace

void push_down_predicates(Plan& plan) {
  const std::vector<NodePtr> order = topological_order(roots_of(plan));
  PushDown push(order, plan);
  for (const NodePtr& node : order) {
    push(node);
    push.mark_shared(node);
  }
  for (Output& output : plan.outputs) output.input = push(output.input);
}

}  // namespace sluis::sql
