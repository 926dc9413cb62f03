// One SELECT below an output: FROM, WHERE, GROUP BY, HAVING, UNION to plan nodes.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sql/bind_expr.h"
#include "sql/nodes.h"

namespace sluis::sql {

inline constexpr size_t kMaxLabelBytes = 200;
// Columns and operations of all nodes of a study or query together, weighed by type_weight: bounds memory and
// time for text from outside.
inline constexpr size_t kMaxPlanWeight = 60'000;
// Of the side of a join that has several: the result has as many rows for each of the other.
inline constexpr uint64_t kMaxRowsPerKey = 64;

// What names in FROM stand for.
struct Catalogue {
  std::map<std::string, relation::TableSchema> tables;
  std::map<std::string, uint64_t> rows;  // public bound per table
  std::map<std::string, NodePtr> views;
  std::set<std::string> broken;  // views with an error of their own, which has been reported
  bool study = false;            // a study: nothing about a single person
  bool closed = false;           // all values are known: a text that cannot occur is a mistake
  mutable size_t weight = 0;     // of the plan so far; only spend() changes it
};

// A node and the names by which its columns are known.
struct Relation {
  NodePtr node;
  std::vector<ScopeColumn> names;

  Scope scope() const { return {names, node->columns}; }
};

// An aggregate of a SELECT list, over the rows of FROM and WHERE.
struct AggregateRequest {
  Function function = Function::kCountRows;
  std::optional<Expr> argument;
  bool distinct = false;
  Type type;
  std::string name;  // the SQL function
};

// A grouped SELECT: keys over the input's columns, items over (keys, calls).
struct Grouping {
  Relation input;
  std::vector<Expr> keys;
  std::vector<std::string> key_names;
  std::vector<AggregateRequest> calls;
  std::vector<Bound> items;
  std::vector<std::string> names;  // of the items
  std::vector<Place> places;
  std::optional<Expr> having;
  std::vector<std::pair<int, bool>> order_by;  // (item, descending)
};

// Conditions between two relations, over ids: see QueryBinder.
struct Conditions {
  std::vector<std::pair<Expr, Expr>> keys;  // left = right
  std::vector<Expr> left, right, mixed;
};

class QueryBinder {
 public:
  // `step` names the view or output in labels. The catalogue outlives the binder.
  QueryBinder(const Catalogue& catalogue, std::string step);

  // A view or subquery: a node whose columns are the select items. Errors: S1021.*.
  Result<NodePtr> bind_select(const AstSelect& select);

  // The parts that outputs share.
  bool is_grouped(const AstSelect& select) const;
  // `opened`: what stands over the calls is computed after opening (an output of a rehearsal).
  Result<Grouping> bind_grouping(const AstSelect& select, bool opened);
  // WITH names stand for their queries from here on.
  Status bind_with(const AstSelect& select);
  // A node with the keys, then the calls; not for calls without keys. At most one DISTINCT argument.
  Result<NodePtr> plan_grouping(const Grouping& grouping, Place at);
  // For a grouping with COUNT(DISTINCT x): groups by the keys and x, so that each call can be made of the
  // result's columns. `calls` become calls over it, with `column` set.
  struct Flattened {
    NodePtr node;  // keys, then what the calls read, then `carried`
    std::vector<AggregateCall> calls;
    std::vector<int> carried;
  };
  // `carried`: further expressions over the input that each row of the node keeps.
  Result<Flattened> flatten(const Grouping& grouping, const std::vector<Expr>& carried, Place at);
  // A node's label (at most kMaxLabelBytes) and line.
  NodeInfo info(const std::string& what, Place at) const;
  const Catalogue& catalogue() const { return catalogue_; }
  // Adds a node, or an expression, to the plan's weight. Error: S1021.plan_size.
  Status spend(const Node& node, Place at) const;
  Status spend(const Expr& expr, Place at) const;

 private:
  Result<NodePtr> bind_block(const AstSelect& select);
  Result<NodePtr> bind_union(const AstSelect& select);

  Status spend_weight(size_t weight, Place at) const;
  // Of a join that may have several rows per key. Also S1021.rows_bound.
  Status spend_join(const Node& join, Place at) const;

  // ---- bind_from.cc
  Result<Relation> bind_source(const AstSelect& select);
  // As bind_source; conditions that mention `outer` are not applied but returned, over ids.
  Result<Relation> bind_source(const AstSelect& select, const Relation* outer, std::vector<Expr>& correlated);
  Result<Relation> bind_item(const AstFrom& item);
  Result<Relation> bind_table(const AstFrom& item);
  Result<Relation> bind_join(const AstFrom& item);
  Relation named(NodePtr node, const std::string& alias);
  Result<Relation> join_pool(std::vector<Relation> pool, std::vector<Expr>& conditions, Place at);
  Result<Relation> join_from(size_t first, const std::vector<Relation>& pool, std::vector<Expr>& conditions,
                             Place at);
  Result<Relation> join(JoinKind kind, Relation left, Relation right, Conditions conditions, Place at);
  Result<Relation> left_join(Relation left, Relation right, Conditions conditions, Place at);
  Result<Relation> inner_join(Relation left, Relation right, Conditions conditions, Place at);

  // ---- bind_subquery.cc
  Result<Relation> bind_exists(Relation outer, const AstExpr& condition);
  Result<Relation> half_join(Relation outer, Relation inner, Conditions conditions, bool negated, Place at);

  // ---- helpers over ids
  Relation filtered(Relation relation, const std::vector<Expr>& conditions, const std::string& what,
                    Place at);
  // Columns of the node that hold these expressions; computes those that are not plain columns.
  std::vector<int> key_columns(Relation& relation, std::vector<Expr> exprs, Place at);

  const Catalogue& catalogue_;
  std::string step_;
  std::vector<std::map<std::string, NodePtr>> with_;
  int next_id_ = 0;
};

// Splits a condition over ids into the sides it concerns. Ids of `left` and `right` are those of their names.
void classify(Expr condition, const Relation& left, const Relation& right, Conditions& out);
// PostgreSQL's name of a select item without alias.
std::string default_name(const AstExpr& expr);
// Conjuncts of a condition.
std::vector<const AstExpr*> ast_conjuncts(const AstExpr& condition);
// Items with * written out as columns of the relation.
Result<std::vector<AstItem>> expand_stars(const std::vector<AstItem>& items, const Relation& relation);

}  // namespace sluis::sql
