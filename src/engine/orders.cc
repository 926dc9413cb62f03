#include "engine/orders.h"

#include <algorithm>
#include <optional>

#include "oblivious/key.h"
#include "sql/nodes.h"

namespace sluis::engine {
namespace {

using sql::Node;
using sql::NodeKind;

// Longer names (views of unions of views) are not worth following: such rows get a name of this run only.
constexpr size_t kMaxName = 600;

// Names what the rows of a node are, and what its columns hold, so that two nodes whose rows and key columns
// have equal names have equal keys in equal places. Filters, projections and windows keep the rows of their
// input, a join those of its left side. A name with '#' belongs to one node of one run.
class Names {
 public:
  explicit Names(const std::vector<sql::NodePtr>& nodes) {
    for (const sql::NodePtr& node : nodes) {
      numbers_.emplace(node.get(), numbers_.size());
      std::string name = rows_name(*node);
      if (name.size() > kMaxName) name = own(*node);
      rows_.emplace(node.get(), std::move(name));
    }
  }

  const std::string& rows(const Node& node) const { return rows_.at(&node); }

  std::string column(const Node& node, int column) const {
    const auto at = static_cast<size_t>(column);
    switch (node.kind) {
      case NodeKind::kScan:
        return node.table + "." + node.columns.at(at).name;
      case NodeKind::kFilter:
        return this->column(*node.inputs[0], column);
      case NodeKind::kProject:
        if (node.exprs.at(at).op == sql::Op::kColumn)
          return this->column(*node.inputs[0], node.exprs[at].column);
        break;
      case NodeKind::kJoin:
      case NodeKind::kWindow:
        if (at < node.inputs[0]->columns.size()) return this->column(*node.inputs[0], column);
        break;
      case NodeKind::kGroupBy:
        if (at < node.group_keys.size()) return this->column(*node.inputs[0], node.group_keys[at]);
        break;
      case NodeKind::kUnionAll:
        break;
    }
    return own(node) + "." + std::to_string(column);
  }

  std::string group_index(const Node& node) const {
    const Node& input = *node.inputs[0];
    std::string name = "k(" + rows(input) + ";";
    for (const int key : node.group_keys) {
      const relation::ColumnSchema& schema = input.columns.at(static_cast<size_t>(key));
      name += column(input, key) + type_name(schema.type, schema.nullable);
    }
    return name + ")";
  }

  std::string join_index(const Node& node) const {
    const Node &left = *node.inputs[0], &right = *node.inputs[1];
    std::string name = in_key_order(right, node.right_keys) ? "o(" : "j(";
    name += rows(right) + "+" + rows(left) + ";";
    for (size_t k = 0; k < node.left_keys.size(); ++k) {
      const relation::ColumnSchema& l = left.columns.at(static_cast<size_t>(node.left_keys[k]));
      const relation::ColumnSchema& r = right.columns.at(static_cast<size_t>(node.right_keys[k]));
      name += column(right, node.right_keys[k]) + "=" + column(left, node.left_keys[k]) +
              type_name(oblivious::unified_type(l.type, r.type), l.nullable || r.nullable);
    }
    return name + ")";
  }

 private:
  std::string own(const Node& node) const { return "#" + std::to_string(numbers_.at(&node)); }

  // What decides the planes of a packed key.
  static std::string type_name(const relation::Type& type, bool nullable) {
    return ":" + std::to_string(type.bits()) + (type.is_signed() ? "s" : "u") + (nullable ? "n," : ",");
  }

  std::string rows_name(const Node& node) const {
    switch (node.kind) {
      case NodeKind::kScan:
        return node.table;
      case NodeKind::kFilter:
      case NodeKind::kProject:
      case NodeKind::kWindow:
        return rows(*node.inputs[0]);
      case NodeKind::kJoin:  // with several rows a key, not the left side's rows
        return node.at_most == 1 ? rows(*node.inputs[0]) : own(node);
      case NodeKind::kGroupBy:
        if (node.group_keys.empty()) return own(node);
        if (is_ordered_by(*node.inputs[0], node.group_keys)) return rows(*node.inputs[0]);
        return group_index(node);
      case NodeKind::kUnionAll:
        break;
    }
    return own(node);
  }

  std::map<const Node*, size_t> numbers_;
  std::map<const Node*, std::string> rows_;
};

// The base table whose rows a node has, whatever it has added to them. REQUIRES: no union below.
const std::string& base_table(const Node& node) {
  return node.kind == NodeKind::kScan ? node.table : base_table(*node.inputs[0]);
}

std::optional<std::vector<int>> below(const Node& project, const std::vector<int>& keys) {
  std::vector<int> columns;
  for (const int key : keys) {
    const sql::Expr& expr = project.exprs.at(static_cast<size_t>(key));
    if (expr.op != sql::Op::kColumn) return std::nullopt;
    columns.push_back(expr.column);
  }
  return columns;
}

// The GROUP BY whose rows a node has in place, and `keys` as columns of its result.
struct Grouped {
  const Node* group = nullptr;
  std::vector<int> keys;
};
Grouped grouped_below(const Node& node, const std::vector<int>& keys) {
  switch (node.kind) {
    case NodeKind::kGroupBy:
      return {&node, keys};
    case NodeKind::kFilter:
      return grouped_below(*node.inputs[0], keys);
    case NodeKind::kProject: {
      const auto columns = below(node, keys);
      return columns ? grouped_below(*node.inputs[0], *columns) : Grouped{};
    }
    default:
      return {};
  }
}

bool are_first_columns(const std::vector<int>& keys) {
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] != static_cast<int>(i)) return false;
  }
  return true;
}

}  // namespace

bool in_key_order(const Node& node, const std::vector<int>& keys) {
  const Grouped grouped = grouped_below(node, keys);
  return grouped.group != nullptr && grouped.keys.size() == grouped.group->group_keys.size() &&
         are_first_columns(grouped.keys);
}

bool is_ordered_by(const Node& node, const std::vector<int>& keys) {
  const Grouped grouped = grouped_below(node, keys);
  return grouped.group != nullptr && grouped.keys.size() <= grouped.group->group_keys.size() &&
         are_first_columns(grouped.keys);
}

OrderPlan::OrderPlan(const sql::Plan& plan, const KeptOrders& kept) : keep_(kept.keep) {
  std::vector<sql::NodePtr> roots;
  for (const sql::Output& output : plan.outputs) roots.push_back(output.input);
  const std::vector<sql::NodePtr> nodes = sql::topological_order(roots);
  const Names names(nodes);
  std::vector<std::pair<const Node*, std::string>> wanted;  // in the executor's order
  for (const sql::NodePtr& node : nodes) {
    if (node->kind == NodeKind::kGroupBy && !node->group_keys.empty()) {
      if (is_ordered_by(*node->inputs[0], node->group_keys)) {
        steps_[node.get()].source = OrderSource::kInPlace;
      } else {
        wanted.emplace_back(node.get(), names.group_index(*node));
      }
    } else if (node->kind == NodeKind::kJoin && node->at_most == 1) {
      wanted.emplace_back(node.get(), names.join_index(*node));
    }
  }
  for (const auto& [node, name] : wanted) {
    Index& index = indexes_[name];
    ++index.uses;
    index.lasts = name.find('#') == std::string::npos;
    if (!index.lasts) continue;
    for (const sql::NodePtr& input : node->inputs) index.tables.insert(base_table(*input));
  }
  std::set<std::string> at_hand;
  for (const auto& [name, index] : indexes_) {
    if (index.lasts && kept.held.contains(name)) at_hand.insert(name);
  }
  for (const auto& [node, name] : wanted) {
    const Index& index = indexes_.at(name);
    if (!at_hand.contains(name) && index.uses < 2 && !keeps(name)) continue;
    steps_[node] = {at_hand.insert(name).second ? OrderSource::kMade : OrderSource::kReused, name};
  }
}

StepOrder OrderPlan::of(const Node& node) const {
  const auto found = steps_.find(&node);
  return found == steps_.end() ? StepOrder{} : found->second;
}

int OrderPlan::uses(const std::string& index) const {
  const auto found = indexes_.find(index);
  return found == indexes_.end() ? 0 : found->second.uses;
}

std::vector<std::string> OrderPlan::lasting() const {
  std::vector<std::string> names;
  for (const auto& [name, index] : indexes_) {
    if (index.lasts) names.push_back(name);
  }
  return names;
}

std::set<std::string> OrderPlan::tables_of(const std::string& index) const {
  const auto found = indexes_.find(index);
  return found == indexes_.end() ? std::set<std::string>{} : found->second.tables;
}

bool OrderPlan::keeps(const std::string& index) const {
  const auto found = indexes_.find(index);
  return keep_ && found != indexes_.end() && found->second.lasts;
}

}  // namespace sluis::engine
