// Makes plan nodes: output columns, provably unique keys and row bounds follow from the inputs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sql/keys.h"
#include "sql/plan.h"

namespace sluis::sql {

// What every node carries beside its operation.
struct NodeInfo {
  std::string label;
  int line = 0;
};

NodePtr make_scan(const relation::TableSchema& table, std::vector<int> columns, uint64_t rows, NodeInfo info);
NodePtr make_filter(NodePtr input, Expr predicate, NodeInfo info);
NodePtr make_project(NodePtr input, std::vector<Expr> exprs, const std::vector<std::string>& names,
                     NodeInfo info);
// left_keys, right_keys, right_payload, at_most as in Node. REQUIRES: right has proven at most at_most rows
// per right_keys, unless a semi or anti join carries no payload (whoever adds payload to it later needs it:
// add_owner_columns).
struct JoinParts {
  JoinKind kind = JoinKind::kInner;
  std::vector<int> left_keys, right_keys, right_payload;
  uint64_t at_most = 1;
};
NodePtr make_join(NodePtr left, NodePtr right, JoinParts parts, NodeInfo info);
// Fills in each call's type and nullability from its column, except for types that are already set: COUNT's
// and SUM's bounds are the caller's.
NodePtr make_group_by(NodePtr input, std::vector<int> keys, std::vector<AggregateCall> calls, NodeInfo info);
// REQUIRES: same number of columns, same kinds and domains; column names are the first input's.
NodePtr make_union_all(std::vector<NodePtr> inputs, NodeInfo info);
// Fills in each call's nullability and, but for counts, SUM and numbers, its type.
struct WindowParts {
  std::vector<int> partition;
  std::vector<WindowOrder> order;
  std::vector<WindowCall> calls;
};
NodePtr make_window(NodePtr input, WindowParts parts, NodeInfo info);

// Whether the column is proven never to be NULL in a valid row: by its type, or by an IS NOT NULL filter
// below.
bool never_null(const Node& node, int column);

// The base column whose values a column carries unchanged (through projections, joins, MIN, MAX, keys of
// GROUP BY), or nothing.
struct BaseColumn {
  std::string table, column;
  bool operator==(const BaseColumn&) const = default;
};
std::optional<BaseColumn> base_column(const Node& node, int column);

// The nodes of a plan, inputs before users, each once.
std::vector<NodePtr> topological_order(const std::vector<NodePtr>& roots);

}  // namespace sluis::sql
