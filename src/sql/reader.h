// From the guarded parse tree to the AST: inside of parser.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sql/ast.h"
#include "sql/syntax_tree.h"

namespace sluis::sql {

inline constexpr int64_t kMaxInterval = 12 * 1000;  // months, and days: keeps dates within four-digit years

using Body = SyntaxTree;

// The type of a node and its fields. REQUIRES: the guard has passed the tree.
inline const std::string& type_of(const SyntaxTree& node) {
  static const std::string kNone;
  return node.fields.empty() ? kNone : node.fields[0].first;
}
inline const Body& body_of(const SyntaxTree& node) {
  return node.fields.empty() ? node : node.fields[0].second;
}
// Texts of a list of String nodes; "*" for A_Star.
std::vector<std::string> names_of(const std::vector<SyntaxTree>& items);

class Reader {
 public:
  explicit Reader(const Locator& locator) : locator_(locator) {}

  Result<AstSelect> select(const Body& body);
  Result<AstExpr> expression(const SyntaxTree& node);

 private:
  Place place(const Body& body, Place outer) const {
    const SyntaxTree* location = body.find("location");
    return location != nullptr && location->number >= 0 ? locator_.at_byte(location->number) : outer;
  }

  Result<AstSelect> arms(const Body& body);
  Status items(const Body& body, AstSelect& out);
  Status clauses(const Body& body, AstSelect& out);
  Status order(const Body& body, AstSelect& out);
  Result<std::vector<AstOrder>> sort_keys(const std::vector<SyntaxTree>& nodes);
  Status with(const Body& body, AstSelect& out);
  Result<AstFrom> from(const SyntaxTree& node);
  Result<AstFrom> join(const Body& body);
  Result<AstFrom> subselect(const Body& body);
  Result<std::vector<AstSelect>> query(const SyntaxTree& node);

  Result<std::vector<AstExpr>> list(const std::vector<SyntaxTree>& nodes);
  Result<AstExpr> column(const Body& body, Place at);
  Result<AstExpr> constant(const Body& body, Place at);
  Result<AstExpr> binary(const Body& body, Place at);
  Result<AstExpr> boolean(const Body& body, Place at);
  Result<AstExpr> test(const Body& body, Place at, const std::string& kind);
  Result<AstExpr> case_expr(const Body& body, Place at);
  Result<AstExpr> sublink(const Body& body, Place at);
  Result<AstExpr> cast(const Body& body, Place at);
  Result<AstExpr> call(const Body& body, Place at);
  Result<AstExpr> aggregate(const Body& body, AstExpr out);
  Result<AstExpr> window(const Body& body, const Body& over, AstExpr out);
  Result<AstExpr> quantile(const Body& body, AstExpr out);
  Status window_arguments(const Body& body, AstExpr& out);
  Result<AstExpr> make_interval(const Body& body, AstExpr out);
  Result<AstExpr> extract(const Body& body, AstExpr out);
  Result<AstExpr> age(const Body& body, AstExpr out);
  Result<AstExpr> round(const Body& body, AstExpr out);
  Result<int> type_scale(const Body& type, Place at);

  const Locator& locator_;
  Place outer_;  // of the innermost expression or clause whose position is known
};

}  // namespace sluis::sql
