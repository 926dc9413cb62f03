// Window functions of a SELECT list.
#pragma once

#include "sql/bind_query.h"

namespace sluis::sql {

// Collects the window functions of one SELECT while its items are bound, then makes the nodes that compute
// them: one per (PARTITION BY, ORDER BY).
class WindowBinder {
 public:
  // Outlived by query and select; `input` is FROM and WHERE.
  WindowBinder(const QueryBinder& query, const AstSelect& select, Relation input);

  // For a window function: a column beyond those of the input, to be put in its place by placed(). Nothing:
  // not a window function. Errors: S1021.window_*, and those of its parts.
  std::optional<Result<Bound>> bind_call(const AstExpr& expr);
  // The input with a column per window function (the input itself if there are none).
  Result<NodePtr> plan(Place at);
  // An item over the input and bind_call's columns, as one over plan's node.
  Expr placed(const Expr& item) const;

 private:
  struct Key {
    Expr expr;
    bool descending = false, nulls_first = false;
  };
  struct Call {
    WindowCall call;
    std::optional<Expr> argument;
  };
  struct Window {
    std::vector<Expr> partition;
    std::vector<Key> order;
    std::vector<Call> calls;
  };
  Result<Bound> bind_window(const AstExpr& expr);
  Result<Window> bind_over(const AstExpr& expr);
  Result<Call> bind_function(const AstExpr& expr);
  Result<Call> bind_aggregate(const AstExpr& expr);
  Result<Expr> value(const AstExpr& expr);
  size_t window_of(Window wanted);

  const QueryBinder& query_;
  const AstSelect& select_;
  Relation input_;
  Scope scope_;
  std::vector<Window> windows_;
  std::vector<std::pair<size_t, size_t>> calls_;  // bind_call's columns: window, call in it
  NodePtr node_;
  std::vector<int> places_;  // of bind_call's columns in node_
};

}  // namespace sluis::sql
