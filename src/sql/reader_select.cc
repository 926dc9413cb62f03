// FROM, SELECT list, clauses, UNION, WITH.
#include <map>

#include "sql/reader.h"

namespace sluis::sql {

Result<std::vector<AstSelect>> Reader::query(const SyntaxTree& node) {
  if (type_of(node) != "SelectStmt") return refusal("construct", outer_, {type_of(node)});
  SLUIS_ASSIGN(AstSelect inner, select(body_of(node)));
  std::vector<AstSelect> out;
  out.push_back(std::move(inner));
  return out;
}

Result<AstFrom> Reader::subselect(const Body& body) {
  AstFrom out;
  out.kind = AstFrom::Kind::kQuery;
  out.at = outer_;
  const SyntaxTree* inner = body.find("subquery");
  const SyntaxTree* alias = body.find("alias");
  if (inner == nullptr || alias == nullptr) return refusal("subquery_alias", outer_);
  out.alias = alias->text_of("aliasname");
  SLUIS_ASSIGN(out.query, query(*inner));
  return out;
}

Result<AstFrom> Reader::join(const Body& body) {
  static const std::map<std::string, AstJoin> kJoins = {
      {"JOIN_INNER", AstJoin::kInner}, {"JOIN_LEFT", AstJoin::kLeft}, {"JOIN_RIGHT", AstJoin::kRight}};
  AstFrom out;
  out.kind = AstFrom::Kind::kJoin;
  const auto found = kJoins.find(body.text_of("jointype"));
  if (found == kJoins.end()) return refusal("full_join", outer_);
  out.join = found->second;
  for (const char* side : {"larg", "rarg"}) {
    const SyntaxTree* node = body.find(side);
    if (node == nullptr) return refusal("construct", outer_, {"JoinExpr"});
    SLUIS_ASSIGN(AstFrom item, from(*node));
    out.sides.push_back(std::move(item));
  }
  out.at = out.sides[1].at;
  if (const SyntaxTree* condition = body.find("quals")) {
    SLUIS_ASSIGN(AstExpr on, expression(*condition));
    out.on.push_back(std::move(on));
  } else {
    out.join = AstJoin::kCross;
  }
  return out;
}

Result<AstFrom> Reader::from(const SyntaxTree& node) {
  const std::string& type = type_of(node);
  const Body& body = body_of(node);
  outer_ = place(body, outer_);
  if (type == "RangeSubselect") return subselect(body);
  if (type == "JoinExpr") return join(body);
  if (type != "RangeVar") return refusal("construct", outer_, {type});
  if (!body.flag("inh")) return refusal("only", outer_);
  AstFrom out;
  out.at = outer_;
  out.name = body.text_of("relname");
  const SyntaxTree* alias = body.find("alias");
  out.alias = alias == nullptr ? out.name : alias->text_of("aliasname");
  return out;
}

Status Reader::items(const Body& body, AstSelect& out) {
  for (const SyntaxTree& node : body.items_of("targetList")) {
    const Body& target = body_of(node);
    AstItem item;
    item.at = place(target, outer_);
    item.alias = target.text_of("name");
    const SyntaxTree* value = target.find("val");
    if (value == nullptr) return refusal("construct", item.at, {"ResTarget"});
    const std::vector<std::string> names = type_of(*value) == "ColumnRef"
                                               ? names_of(body_of(*value).items_of("fields"))
                                               : std::vector<std::string>{};
    if (!names.empty() && names.back() == "*") {
      if (names.size() > 2) return refusal("schema", item.at, {names[0]});
      item.star = true;
      if (names.size() == 2) item.qualifier = names[0];
    } else {
      SLUIS_ASSIGN(item.expr, expression(*value));
    }
    out.items.push_back(std::move(item));
  }
  if (out.items.empty()) return refusal("no_columns", out.at);
  return {};
}

Result<std::vector<AstOrder>> Reader::sort_keys(const std::vector<SyntaxTree>& nodes) {
  std::vector<AstOrder> out;
  for (const SyntaxTree& node : nodes) {
    const Body& key = body_of(node);
    AstOrder order;
    order.descending = key.text_of("sortby_dir") == "SORTBY_DESC";
    const std::string& nulls = key.text_of("sortby_nulls");
    const SyntaxTree* value = key.find("node");
    if (value == nullptr || key.text_of("sortby_dir") == "SORTBY_USING")
      return refusal("construct", outer_, {"ORDER BY USING"});
    SLUIS_ASSIGN(order.expr, expression(*value));
    order.nulls_first = nulls == "SORTBY_NULLS_FIRST" || (nulls != "SORTBY_NULLS_LAST" && order.descending);
    out.push_back(std::move(order));
  }
  return out;
}

Status Reader::order(const Body& body, AstSelect& out) {
  SLUIS_ASSIGN(out.order_by, sort_keys(body.items_of("sortClause")));
  for (const AstOrder& order : out.order_by)
    if (order.nulls_first != order.descending) return refusal("nulls_order", order.expr.at);
  const SyntaxTree* limit = body.find("limitCount");
  if (limit == nullptr) return {};
  if (body.text_of("limitOption") == "LIMIT_OPTION_WITH_TIES") return refusal("with_ties", outer_);
  SLUIS_ASSIGN(const AstExpr count, expression(*limit));
  if (count.kind == AstKind::kNull) return {};  // LIMIT ALL
  if (count.kind != AstKind::kInteger || count.number < 0) return refusal("limit", count.at);
  out.limit = static_cast<uint64_t>(count.number);
  return {};
}

Status Reader::with(const Body& body, AstSelect& out) {
  const SyntaxTree* clause = body.find("withClause");
  if (clause == nullptr) return {};
  for (const SyntaxTree& node : clause->items_of("ctes")) {
    const SyntaxTree* inner = body_of(node).find("ctequery");
    if (inner == nullptr) return refusal("construct", outer_, {"WITH"});
    if (type_of(*inner) != "SelectStmt") return refusal("with_statement", outer_);
    SLUIS_ASSIGN(AstSelect query, select(body_of(*inner)));
    out.with.emplace_back(body_of(node).text_of("ctename"), std::move(query));
  }
  return {};
}

Status Reader::clauses(const Body& body, AstSelect& out) {
  if (const SyntaxTree* distinct = body.find("distinctClause")) {
    out.distinct = true;
    if (distinct->items.size() != 1 || !distinct->items[0].fields.empty())
      return refusal("distinct_on", out.at);
  }
  for (const SyntaxTree& node : body.items_of("fromClause")) {
    SLUIS_ASSIGN(AstFrom item, from(node));
    out.from.push_back(std::move(item));
  }
  if (const SyntaxTree* where = body.find("whereClause")) {
    SLUIS_ASSIGN(out.where, expression(*where));
  }
  SLUIS_ASSIGN(out.group_by, list(body.items_of("groupClause")));
  if (const SyntaxTree* having = body.find("havingClause")) {
    SLUIS_ASSIGN(out.having, expression(*having));
  }
  return {};
}

Result<AstSelect> Reader::arms(const Body& body) {
  AstSelect out;
  out.at = outer_;
  out.union_all = body.flag("all");
  for (const char* side : {"larg", "rarg"}) {
    const SyntaxTree* arm = body.find(side);
    if (arm == nullptr) return refusal("construct", outer_, {"UNION"});
    SLUIS_ASSIGN(AstSelect inner, select(*arm));
    out.arms.push_back(std::move(inner));
  }
  return out;
}

Result<AstSelect> Reader::select(const Body& body) {
  const std::string& op = body.text_of("op");
  AstSelect out;
  out.at = outer_;
  if (op == "SETOP_UNION") {
    SLUIS_ASSIGN(out, arms(body));
  } else if (op != "SETOP_NONE" && !op.empty()) {
    return refusal("set_operation", outer_, {op == "SETOP_EXCEPT" ? "EXCEPT" : "INTERSECT"});
  } else {
    SLUIS_TRY(items(body, out));
    SLUIS_TRY(clauses(body, out));
  }
  SLUIS_TRY(with(body, out));
  SLUIS_TRY(order(body, out));
  return out;
}

}  // namespace sluis::sql
