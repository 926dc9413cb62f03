// SELECT list, GROUP BY and HAVING of a grouped query.
#pragma once

#include "sql/bind_query.h"

namespace sluis::sql {

class GroupBinder {
 public:
  // Outlived by its arguments. `opened`: see QueryBinder::bind_grouping.
  GroupBinder(const QueryBinder& query, const AstSelect& select, Relation input, bool opened);
  // Errors: S1021.ungrouped and those of expressions.
  Result<Grouping> bind();
  // The call over the input's rows that an aggregate (or a window aggregate) asks.
  Result<AggregateRequest> request(const AstExpr& expr);

 private:
  // Columns of the input that say at which place of its group's order a row stands, and of how many.
  struct Places {
    Expr value;
    bool descending = false;
    int column = -1, place = -1, count = -1;
  };
  Result<Places> places_of(const AstExpr& expr);
  Result<AggregateRequest> quantile(const AstExpr& expr);
  Status bind_keys();
  Status bind_items();
  Status bind_order();
  Result<const AstExpr*> key_expr(const AstExpr& key) const;
  Result<Bound> bind_grouped(const AstExpr& expr);
  Result<Bound> call_column(const AstExpr& expr);
  // AVG, VAR_*, STDDEV_*: from SUM, SUM of squares and COUNT, after opening.
  Result<Bound> moments(const AstExpr& expr);
  Bound virtual_column(size_t index, Place at) const;
  std::optional<Result<Bound>> special(const AstExpr& expr);

  const QueryBinder& query_;
  const AstSelect& select_;
  Grouping out_;
  Scope scope_;
  std::vector<Places> places_;  // bind_quantile.cc
  std::vector<AstItem> items_;
  bool opened_;
};

}  // namespace sluis::sql
