#include <algorithm>

#include "sql/nodes.h"
#include "sql/rebuild.h"
#include "sql/rewrite.h"
#include "sql/typed.h"

namespace sluis::sql {
namespace {

using Owners = std::vector<std::pair<std::string, int>>;  // (table, column of the node)

struct Owned {
  Moved moved;
  Owners owners;
};

size_t at(int index) { return static_cast<size_t>(index); }

std::string hidden_name(const std::string& table) { return std::string(kOwnerColumn) + "_" + table; }

class OwnerColumns {
 public:
  explicit OwnerColumns(const Plan& plan) : plan_(plan) {}

  Owned operator()(const Node& node, const std::vector<const Owned*>& inputs) const {
    switch (node.kind) {
      case NodeKind::kScan:
        return scan(node);
      case NodeKind::kProject:
        return project(node, *inputs[0]);
      case NodeKind::kJoin:
        return join(node, *inputs[0], *inputs[1]);
      case NodeKind::kGroupBy:
        return group_by(node, *inputs[0]);
      case NodeKind::kUnionAll:
        return union_all(node, inputs);
      case NodeKind::kWindow:  // a row stays its owner's, whatever it takes from its neighbours
      case NodeKind::kFilter:
        break;
    }
    return {rebuild(node, {inputs[0]->moved}, all(node)), inputs[0]->owners};
  }

 private:
  static std::vector<bool> all(const Node& node) { return std::vector<bool>(node.columns.size(), true); }

  Owned scan(const Node& node) const {
    const relation::TableSchema& table = plan_.tables.at(node.table);
    const int hidden = table.find(kOwnerColumn);
    Owned out;
    for (size_t i = 0; i < node.columns.size(); ++i) out.moved.place.push_back(static_cast<int>(i));
    std::vector<int> columns = node.scan_columns;
    if (hidden >= 0) {
      out.owners.emplace_back(node.table, static_cast<int>(columns.size()));
      columns.push_back(hidden);
    }
    out.moved.node = make_scan(table, std::move(columns), node.max_rows, {node.label, node.line});
    return out;
  }

  static Owned project(const Node& node, const Owned& input) {
    Extra extra;
    Owned out;
    for (const auto& [table, column] : input.owners) {
      out.owners.emplace_back(table, static_cast<int>(node.exprs.size() + extra.exprs.size()));
      extra.exprs.push_back(column_expr(column, input.moved.node->columns[at(column)]));
      extra.names.push_back(hidden_name(table));
    }
    out.moved = rebuild(node, {input.moved}, all(node), std::move(extra));
    return out;
  }

  static Owned join(const Node& node, const Owned& left, const Owned& right) {
    Extra extra;
    Owned out;
    out.owners = left.owners;
    if (node.join != JoinKind::kAnti) {
      const size_t width = left.moved.node->columns.size() + node.right_payload.size();
      for (const auto& [table, column] : right.owners) {
        out.owners.emplace_back(table, static_cast<int>(width + extra.payload.size()));
        extra.payload.push_back(column);
      }
    }
    out.moved = rebuild(node, {left.moved, right.moved}, all(node), std::move(extra));
    return out;
  }

  static Owned group_by(const Node& node, const Owned& input) {
    Extra extra;
    Owned out;
    for (const auto& [table, column] : input.owners) {
      AggregateCall least;
      least.function = Function::kMin;
      least.column = column;
      least.name = hidden_name(table);
      out.owners.emplace_back(table, static_cast<int>(node.columns.size() + extra.calls.size()));
      extra.calls.push_back(std::move(least));
    }
    out.moved = rebuild(node, {input.moved}, all(node), std::move(extra));
    return out;
  }

  // Each arm gets the hidden columns of all arms, NULL where it does not read the table.
  Owned union_all(const Node& node, const std::vector<const Owned*>& inputs) const {
    std::vector<std::string> tables;  // a table as often as the arm that reads it most often
    for (const Owned* input : inputs) {
      std::vector<std::string> left = tables;
      for (const auto& [table, column] : input->owners) {
        const auto found = std::find(left.begin(), left.end(), table);
        if (found != left.end()) {
          left.erase(found);
        } else {
          tables.push_back(table);
        }
      }
    }
    std::vector<Moved> arms;
    for (const Owned* input : inputs) arms.push_back(padded(node, *input, tables));
    Owned out;
    out.moved = rebuild(node, arms, all(node));
    for (size_t i = 0; i < tables.size(); ++i)
      out.owners.emplace_back(tables[i], static_cast<int>(node.columns.size() + i));
    return out;
  }

  Moved padded(const Node& node, const Owned& input, const std::vector<std::string>& tables) const {
    std::vector<Expr> exprs;
    std::vector<std::string> names;
    Moved out;
    for (size_t i = 0; i < node.columns.size(); ++i) {
      const int from = input.moved.place[i];
      exprs.push_back(column_expr(from, input.moved.node->columns[at(from)]));
      names.push_back(node.columns[i].name);
      out.place.push_back(static_cast<int>(i));
    }
    Owners left = input.owners;
    for (const std::string& table : tables) {
      const auto own =
          std::find_if(left.begin(), left.end(), [&](const auto& one) { return one.first == table; });
      if (own != left.end()) {
        exprs.push_back(column_expr(own->second, input.moved.node->columns[at(own->second)]));
        left.erase(own);
      } else {
        const relation::TableSchema& schema = plan_.tables.at(table);
        exprs.push_back(null_expr(schema.columns[at(schema.find(kOwnerColumn))].type));
      }
      names.push_back(hidden_name(table));
    }
    out.node = make_project(input.moved.node, std::move(exprs), names, {node.label, node.line});
    return out;
  }

  const Plan& plan_;
};

}  // namespace

void add_owner_columns(Plan& plan, const std::map<std::string, std::vector<std::string>>& owners) {
  for (auto& [name, table] : plan.tables) {
    const auto codes = owners.find(name);
    if (codes != owners.end() && !codes->second.empty())
      table.columns.push_back({kOwnerColumn, Type::category(codes->second), false});
  }
  const OwnerColumns add(plan);
  std::map<const Node*, Owned> done;
  for (const NodePtr& node : topological_order(roots_of(plan))) {
    std::vector<const Owned*> inputs;
    for (const NodePtr& input : node->inputs) inputs.push_back(&done.at(input.get()));
    done[node.get()] = add(*node, inputs);
  }
  for (Output& output : plan.outputs) {
    const Owned& owned = done.at(output.input.get());
    output.owner_columns.clear();
    move_output(output, owned.moved);
    output.owner_columns = owned.owners;
  }
}

}  // namespace sluis::sql
