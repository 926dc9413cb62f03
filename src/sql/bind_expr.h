// Names and operators of one expression.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sql/typed.h"

namespace sluis::sql {

// One name that an expression may use: a column of the node below, under the name of its table.
struct ScopeColumn {
  std::string table;
  std::string name;
  int column = -1;  // of the node
  int id = 0;       // distinguishes the names of one FROM clause while its items are joined
  int level = 0;    // 0: this query, 1: the query around it. The nearest level that has the name wins
};

struct Scope {
  std::vector<ScopeColumn> names;
  std::vector<ColumnSchema> columns;  // of the node
};

// The position in scope.names, or S1021.no_column, .no_table_here, .ambiguous.
Result<size_t> find_name(const Scope& scope, const std::string& table, const std::string& name, Place at);

class ExprBinder {
 public:
  // Asked first for every part of an expression; nothing: bind it as usual.
  using Hook = std::function<std::optional<Result<Bound>>(const AstExpr&)>;

  // `scope` outlives the binder. `closed`: see bind_comparison. `opened`: an expression of figures after
  // opening.
  ExprBinder(const Scope& scope, bool closed, Hook hook = {}, bool opened = false)
      : scope_(scope), closed_(closed), opened_(opened), hook_(std::move(hook)) {}

  Result<Bound> bind(const AstExpr& expr) const;
  // A condition: boolean. `what` names the clause.
  Result<Expr> bind_condition(const AstExpr& expr, const std::string& what) const;

 private:
  Result<std::vector<Bound>> bind_all(const std::vector<AstExpr>& args) const;
  Result<Bound> bind_column(const AstExpr& expr) const;
  Result<Bound> bind_operator(const AstExpr& expr) const;
  Result<Bound> bind_between(const AstExpr& expr) const;
  Result<Bound> bind_in(const AstExpr& expr) const;
  Result<Bound> bind_simple_case(const AstExpr& expr) const;
  Result<Bound> bind_with_args(const AstExpr& expr) const;
  Result<Bound> bind_by_kind(const AstExpr& expr) const;

  const Scope& scope_;
  bool closed_;
  bool opened_;
  Hook hook_;
};

// Whether an aggregate stands anywhere in it.
bool has_aggregate(const AstExpr& expr);

}  // namespace sluis::sql
