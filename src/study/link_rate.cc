#include "study/link_rate.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "sql/expr.h"
#include "sql/nodes.h"
#include "sql/rewrite.h"
#include "study/schema.h"

namespace sluis::study {
namespace {

using sql::Node;
using sql::NodePtr;

// Two base tables that a join of the plan compares, by their columns.
struct Pairing {
  std::string left, right;
  std::vector<std::pair<std::string, std::string>> keys;
};

// Nothing if a key is computed, or if one side's keys come from several tables.
std::optional<Pairing> pairing_of(const Node& join) {
  Pairing out;
  for (size_t i = 0; i < join.left_keys.size(); ++i) {
    const auto left = sql::base_column(*join.inputs[0], join.left_keys[i]);
    const auto right = sql::base_column(*join.inputs[1], join.right_keys[i]);
    if (!left || !right || (i > 0 && (left->table != out.left || right->table != out.right)))
      return std::nullopt;
    out.left = left->table, out.right = right->table;
    out.keys.emplace_back(left->column, right->column);
  }
  if (out.keys.empty() || out.left == out.right) return std::nullopt;
  return out;
}

Pairing turned(const Pairing& pairing) {
  Pairing out{pairing.right, pairing.left, {}};
  for (const auto& [left, right] : pairing.keys) out.keys.emplace_back(right, left);
  return out;
}

// Each join both ways, in the plan's order.
std::vector<Pairing> pairings_of(const std::vector<NodePtr>& nodes) {
  std::vector<Pairing> out;
  for (const NodePtr& node : nodes) {
    if (node->kind != sql::NodeKind::kJoin) continue;
    const std::optional<Pairing> pairing = pairing_of(*node);
    if (!pairing) continue;
    out.push_back(*pairing);
    out.push_back(turned(*pairing));
  }
  return out;
}

// The pairing by which a table is judged.
const Pairing* pairing_for(const std::vector<Pairing>& all, const std::string& table,
                           const std::string& population) {
  const Pairing* first = nullptr;
  for (const Pairing& pairing : all) {
    if (pairing.left != table) continue;
    if (pairing.right == population) return &pairing;
    if (first == nullptr) first = &pairing;
  }
  return first;
}

// Makes the nodes of one rate.
class Nodes {
 public:
  Nodes(const sql::Plan& plan, const std::vector<NodePtr>& nodes, std::string name)
      : plan_(plan), nodes_(nodes), name_(std::move(name)) {}

  // The key columns, then the hidden owner column if `owner`.
  NodePtr scan(const std::string& table, const std::vector<std::string>& keys, bool owner) const {
    const relation::TableSchema& schema = plan_.tables.at(table);
    std::vector<int> columns;
    for (const std::string& key : keys) columns.push_back(schema.find(key));
    if (owner) columns.push_back(schema.find(sql::kOwnerColumn));
    uint64_t rows = 0;
    for (const NodePtr& node : nodes_)
      if (node->kind == sql::NodeKind::kScan && node->table == table) rows = node->max_rows;
    return sql::make_scan(schema, columns, rows, info("scan " + table));
  }

  // Rows with a key. `keys`: the first columns.
  NodePtr with_key(NodePtr input, size_t keys) const {
    std::vector<sql::Expr> known;
    for (size_t i = 0; i < keys; ++i) {
      if (!input->columns[i].nullable) continue;
      known.push_back(sql::make_expr(sql::Op::kIsNotNull, sql::Type::boolean(),
                                     {sql::column_expr(static_cast<int>(i), input->columns[i])}));
    }
    if (known.empty()) return input;
    return sql::make_filter(std::move(input), sql::conjunction(std::move(known)), info("key"));
  }

  // One row per key and owner.
  NodePtr distinct(NodePtr input) const {
    std::vector<int> all;
    for (size_t i = 0; i < input->columns.size(); ++i) all.push_back(static_cast<int>(i));
    return sql::make_group_by(std::move(input), std::move(all), {}, info("GROUP BY owner"));
  }

  NodePtr occurring(NodePtr persons, NodePtr other, size_t keys) const {
    sql::JoinParts parts;
    parts.kind = sql::JoinKind::kSemi;
    for (size_t i = 0; i < keys; ++i) {
      parts.left_keys.push_back(static_cast<int>(i));
      parts.right_keys.push_back(static_cast<int>(i));
    }
    return sql::make_join(std::move(persons), std::move(other), std::move(parts), info("SEMI JOIN"));
  }

  // COUNT(*) per owner; the owner is the last column.
  sql::Output counted(NodePtr input) const {
    sql::Output out;
    out.name = name_;
    const relation::ColumnSchema& owner = input->columns.back();
    sql::Dimension dimension{"owner", static_cast<int>(input->columns.size()) - 1, {}, false};
    for (int64_t code = owner.type.lo; code <= owner.type.hi; ++code) dimension.codes.push_back(code);
    sql::AggregateCall count;
    count.name = "persons";
    count.type = sql::Type::integer(0, static_cast<int64_t>(input->max_rows));
    out.dimensions = {dimension};
    out.measures = {count};
    out.select = {0, -1};
    out.select_names = {"owner", "persons"};
    out.only_occurring = false;
    out.input = std::move(input);
    return out;
  }

 private:
  sql::NodeInfo info(const std::string& what) const { return {name_ + ": " + what, 0}; }
  const sql::Plan& plan_;
  const std::vector<NodePtr>& nodes_;
  std::string name_;
};

LinkRate rate_of(const sql::Plan& plan, const std::vector<NodePtr>& nodes, const Pairing& pairing,
                 std::string name) {
  const Nodes make(plan, nodes, name);
  LinkRate rate;
  rate.name = std::move(name);
  rate.table = pairing.left, rate.other = pairing.right;
  rate.keys = pairing.keys;
  std::vector<std::string> own, theirs;
  for (const auto& [left, right] : pairing.keys) own.push_back(left), theirs.push_back(right);
  const NodePtr persons = make.distinct(make.with_key(make.scan(rate.table, own, true), own.size()));
  const NodePtr other = make.with_key(make.scan(rate.other, theirs, false), theirs.size());
  rate.persons = make.counted(persons);
  rate.linked = make.counted(make.occurring(persons, other, own.size()));
  rate.owners = persons->columns.back().type.domain;
  return rate;
}

}  // namespace

std::vector<LinkRate> link_rates(const governance::Study& study, const sql::Plan& plan) {
  std::vector<LinkRate> rates;
  const governance::StudyTable* population = population_table(study);
  if (!study.link.report || population == nullptr) return rates;
  std::vector<NodePtr> roots;
  for (const sql::Output& output : plan.outputs) roots.push_back(output.input);
  const std::vector<NodePtr> nodes = sql::topological_order(roots);
  const std::vector<Pairing> pairings = pairings_of(nodes);
  for (size_t t = 0; t < study.tables.size(); ++t) {
    const std::string& table = study.tables[t].name;
    if (table == population->name) continue;
    const Pairing* pairing = pairing_for(pairings, table, population->name);
    // A table without owners in this run has no owner column: there is nobody to tell.
    if (pairing == nullptr || plan.tables.at(table).find(sql::kOwnerColumn) < 0) continue;
    rates.push_back(rate_of(plan, nodes, *pairing, kLinkRatePrefix + std::to_string(t + 1)));
  }
  return rates;
}

sql::Plan with_link_rates(sql::Plan plan, const std::vector<LinkRate>& rates) {
  for (const LinkRate& rate : rates) {
    plan.outputs.push_back(rate.persons);
    plan.outputs.push_back(rate.linked);
  }
  return plan;
}

}  // namespace sluis::study
