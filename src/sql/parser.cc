#include "sql/parser.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "sql/syntax_tree.h"

namespace sluis::sql {
namespace {

constexpr int64_t kMaxInterval = 12 * 1000;  // months, and days: keeps dates within four-digit years

using Body = SyntaxTree;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// The type of a node and its fields. REQUIRES: the guard has passed the tree.
const std::string& type_of(const SyntaxTree& node) {
  static const std::string kNone;
  return node.fields.empty() ? kNone : node.fields[0].first;
}
const Body& body_of(const SyntaxTree& node) { return node.fields.empty() ? node : node.fields[0].second; }

// Texts of a list of String nodes; "*" for A_Star.
std::vector<std::string> names_of(const std::vector<SyntaxTree>& items) {
  std::vector<std::string> names;
  for (const SyntaxTree& item : items)
    names.push_back(type_of(item) == "A_Star" ? "*" : body_of(item).text_of("sval"));
  return names;
}

// A name without the schema that the grammar itself adds (pg_catalog.extract), or "" if there is another one.
std::string plain_name(std::vector<std::string> names) {
  if (names.size() == 2 && names[0] == "pg_catalog") names.erase(names.begin());
  return names.size() == 1 ? names[0] : "";
}

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
  Result<AstExpr> make_interval(const Body& body, AstExpr out);
  Result<AstExpr> extract(const Body& body, AstExpr out);

  const Locator& locator_;
  Place outer_;  // of the innermost expression or clause whose position is known
};

// ---- expressions

AstExpr make(AstKind kind, Place at, std::vector<AstExpr> args = {}) {
  AstExpr expr;
  expr.kind = kind;
  expr.at = at;
  expr.args = std::move(args);
  return expr;
}

Result<std::vector<AstExpr>> Reader::list(const std::vector<SyntaxTree>& nodes) {
  std::vector<AstExpr> out;
  for (const SyntaxTree& node : nodes) {
    SLUIS_ASSIGN(AstExpr expr, expression(node));
    out.push_back(std::move(expr));
  }
  return out;
}

Result<AstExpr> Reader::expression(const SyntaxTree& node) {
  const std::string& type = type_of(node);
  const Body& body = body_of(node);
  const Place at = place(body, outer_);
  outer_ = at;
  if (type == "ColumnRef") return column(body, at);
  if (type == "A_Const") return constant(body, at);
  if (type == "A_Expr") return binary(body, at);
  if (type == "BoolExpr") return boolean(body, at);
  if (type == "NullTest") return test(body, at, body.text_of("nulltesttype"));
  if (type == "BooleanTest") return test(body, at, body.text_of("booltesttype"));
  if (type == "CaseExpr") return case_expr(body, at);
  if (type == "SubLink") return sublink(body, at);
  if (type == "TypeCast") return cast(body, at);
  if (type == "FuncCall") return call(body, at);
  if (type == "CoalesceExpr" || type == "MinMaxExpr") {
    SLUIS_ASSIGN(std::vector<AstExpr> args, list(body.items_of("args")));
    if (type == "CoalesceExpr") return make(AstKind::kCoalesce, at, std::move(args));
    return make(body.text_of("op") == "IS_LEAST" ? AstKind::kLeast : AstKind::kGreatest, at, std::move(args));
  }
  return refusal("construct", at, {type});
}

Result<AstExpr> Reader::column(const Body& body, Place at) {
  const std::vector<std::string> names = names_of(body.items_of("fields"));
  if (names.empty() || names.back() == "*") return refusal("star", at);
  if (names.size() > 2) return refusal("schema", at, {names[0]});
  AstExpr out = make(AstKind::kColumn, at);
  out.name = names.back();
  if (names.size() == 2) out.qualifier = names[0];
  return out;
}

// libpg_query 15 writes every integer constant that is not positive as if it were 0 ("-17" too), so those are
// read from the text: minus signs, brackets and blanks, then digits. Nothing: not such a text.
std::optional<int64_t> integer_in_text(std::string_view text) {
  bool negative = false;
  size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '-' && text.substr(at, 2) != "--") negative = !negative;
    if (std::string_view("-( \t\r\n\f").find(text[at]) == std::string_view::npos ||
        text.substr(at, 2) == "--")
      break;
    ++at;
  }
  const size_t digits = std::min(text.find_first_not_of("0123456789", at), text.size()) - at;
  int64_t value = 0;
  if (digits == 0 || digits > 18) return std::nullopt;
  for (const char digit : text.substr(at, digits)) value = 10 * value + (digit - '0');
  return negative ? -value : value;
}

// An integer beyond 32 bits: PostgreSQL's lexer calls it a float.
std::optional<int64_t> integer_in_float(const std::string& text) {
  const size_t first = text.starts_with("-") ? 1 : 0;
  const bool digits = text.find_first_not_of("0123456789", first) == std::string::npos;
  return digits ? integer_in_text(text) : std::nullopt;
}

Result<AstExpr> Reader::constant(const Body& body, Place at) {
  AstExpr out = make(AstKind::kNull, at);
  if (const SyntaxTree* value = body.find("ival")) {
    out.kind = AstKind::kInteger;
    out.number = value->number_of("ival");
    if (out.number == 0) {
      const auto offset = static_cast<size_t>(std::max<int64_t>(body.number_of("location"), 0));
      const auto written = integer_in_text(locator_.text().substr(std::min(offset, locator_.text().size())));
      if (!written) return refusal("construct", at, {"A_Const"});
      out.number = *written;
    }
  } else if (const SyntaxTree* decimal = body.find("fval")) {
    const auto whole = integer_in_float(decimal->text_of("fval"));
    if (!whole) return refusal("decimal", at);
    out.kind = AstKind::kInteger;
    out.number = *whole;
  } else if (const SyntaxTree* text = body.find("sval")) {
    out.kind = AstKind::kText;
    out.text = text->text_of("sval");
  } else if (const SyntaxTree* flag = body.find("boolval")) {
    out.kind = AstKind::kBoolean;
    out.number = flag->number_of("boolval");
  } else if (!body.flag("isnull")) {
    return refusal("construct", at, {"A_Const"});
  }
  return out;
}

Result<AstExpr> Reader::binary(const Body& body, Place at) {
  static const std::map<std::string, std::pair<AstKind, bool>> kKinds = {
      // (kind, negated)
      {"AEXPR_OP", {AstKind::kOperator, false}},
      {"AEXPR_DISTINCT", {AstKind::kDistinctFrom, false}},
      {"AEXPR_NOT_DISTINCT", {AstKind::kNotDistinctFrom, false}},
      {"AEXPR_NULLIF", {AstKind::kNullIf, false}},
      {"AEXPR_IN", {AstKind::kIn, false}},
      {"AEXPR_BETWEEN", {AstKind::kBetween, false}},
      {"AEXPR_NOT_BETWEEN", {AstKind::kBetween, true}},
  };
  static const std::map<std::string, std::string> kCauses = {
      {"AEXPR_LIKE", "like"},
      {"AEXPR_ILIKE", "like"},
      {"AEXPR_SIMILAR", "like"},
      {"AEXPR_OP_ANY", "any_all"},
      {"AEXPR_OP_ALL", "any_all"},
      {"AEXPR_BETWEEN_SYM", "symmetric"},
      {"AEXPR_NOT_BETWEEN_SYM", "symmetric"},
  };
  const std::string& name = body.text_of("kind");
  const auto found = kKinds.find(name);
  if (found == kKinds.end()) {
    const auto cause = kCauses.find(name);
    return refusal(cause == kCauses.end() ? "construct" : cause->second, at, {name});
  }
  const std::vector<std::string> operators = names_of(body.items_of("name"));
  AstExpr out = make(found->second.first, at);
  out.name = operators.size() == 1 ? operators[0] : "";
  for (const char* side : {"lexpr", "rexpr"}) {
    const SyntaxTree* operand = body.find(side);
    if (operand == nullptr) continue;  // unary minus
    if (type_of(*operand) == "List") {
      SLUIS_ASSIGN(std::vector<AstExpr> items, list(body_of(*operand).items_of("items")));
      std::move(items.begin(), items.end(), std::back_inserter(out.args));
    } else {
      SLUIS_ASSIGN(AstExpr expr, expression(*operand));
      out.args.push_back(std::move(expr));
    }
  }
  if (out.kind == AstKind::kOperator) {
    static const std::vector<std::string> kOperators = {"+", "-", "*", "=", "<>", "<", "<=", ">", ">="};
    if (std::find(kOperators.begin(), kOperators.end(), out.name) == kOperators.end())
      return refusal(out.name == "/" || out.name == "%" ? "division"
                     : out.name == "||"                 ? "concat"
                                                        : "operator",
                     at, {out.name});
  }
  const bool negated = found->second.second || (out.kind == AstKind::kIn && out.name == "<>");
  if (!negated) return out;
  std::vector<AstExpr> inner;
  inner.push_back(std::move(out));
  return make(AstKind::kNot, at, std::move(inner));
}

Result<AstExpr> Reader::boolean(const Body& body, Place at) {
  SLUIS_ASSIGN(std::vector<AstExpr> args, list(body.items_of("args")));
  const std::string& op = body.text_of("boolop");
  const AstKind kind = op == "OR_EXPR" ? AstKind::kOr : op == "NOT_EXPR" ? AstKind::kNot : AstKind::kAnd;
  return make(kind, at, std::move(args));
}

Result<AstExpr> Reader::test(const Body& body, Place at, const std::string& kind) {
  static const std::map<std::string, AstKind> kKinds = {
      {"IS_NULL", AstKind::kIsNull},    {"IS_NOT_NULL", AstKind::kIsNotNull},
      {"IS_TRUE", AstKind::kIsTrue},    {"IS_NOT_TRUE", AstKind::kIsNotTrue},
      {"IS_FALSE", AstKind::kIsFalse},  {"IS_NOT_FALSE", AstKind::kIsNotFalse},
      {"IS_UNKNOWN", AstKind::kIsNull}, {"IS_NOT_UNKNOWN", AstKind::kIsNotNull},
  };
  const auto found = kKinds.find(kind);
  const SyntaxTree* arg = body.find("arg");
  if (found == kKinds.end() || arg == nullptr) return refusal("construct", at, {kind});
  SLUIS_ASSIGN(AstExpr operand, expression(*arg));
  std::vector<AstExpr> args;
  args.push_back(std::move(operand));
  return make(found->second, at, std::move(args));
}

Result<AstExpr> Reader::case_expr(const Body& body, Place at) {
  AstExpr out = make(AstKind::kCase, at);
  if (const SyntaxTree* operand = body.find("arg")) {
    out.kind = AstKind::kSimpleCase;
    SLUIS_ASSIGN(AstExpr expr, expression(*operand));
    out.args.push_back(std::move(expr));
  }
  for (const SyntaxTree& arm : body.items_of("args")) {
    for (const char* part : {"expr", "result"}) {
      const SyntaxTree* value = body_of(arm).find(part);
      if (value == nullptr) return refusal("construct", at, {"CaseWhen"});
      SLUIS_ASSIGN(AstExpr expr, expression(*value));
      out.args.push_back(std::move(expr));
    }
  }
  if (const SyntaxTree* otherwise = body.find("defresult")) {
    SLUIS_ASSIGN(AstExpr expr, expression(*otherwise));
    out.args.push_back(std::move(expr));
  } else {
    out.args.push_back(make(AstKind::kNull, at));
  }
  return out;
}

Result<AstExpr> Reader::sublink(const Body& body, Place at) {
  const std::string& kind = body.text_of("subLinkType");
  if (kind == "EXPR_SUBLINK") return refusal("scalar_subquery", at);
  if (kind != "EXISTS_SUBLINK" && (kind != "ANY_SUBLINK" || body.find("operName") != nullptr))
    return refusal(kind == "ARRAY_SUBLINK" ? "construct" : "any_all", at, {kind});
  AstExpr out = make(kind == "EXISTS_SUBLINK" ? AstKind::kExists : AstKind::kInQuery, at);
  if (const SyntaxTree* operand = body.find("testexpr")) {
    SLUIS_ASSIGN(AstExpr expr, expression(*operand));
    out.args.push_back(std::move(expr));
  }
  const SyntaxTree* inner = body.find("subselect");
  if (inner == nullptr) return refusal("construct", at, {kind});
  SLUIS_ASSIGN(out.query, query(*inner));
  return out;
}

Result<AstExpr> Reader::cast(const Body& body, Place at) {
  static const std::map<std::string, std::string> kTypes = {
      {"int2", "int"},  {"int4", "int"},  {"int8", "int"},         {"bool", "bool"},
      {"date", "date"}, {"text", "text"}, {"interval", "interval"}};
  const SyntaxTree* type = body.find("typeName");
  const SyntaxTree* arg = body.find("arg");
  if (type == nullptr || arg == nullptr) return refusal("construct", at, {"TypeCast"});
  const std::string name = plain_name(names_of(type->items_of("names")));
  const auto found = kTypes.find(name);
  const Place where = place(*type, at);
  if (found == kTypes.end()) return refusal("type", where, {name});
  SLUIS_ASSIGN(AstExpr operand, expression(*arg));
  if (found->second == "interval") {
    const auto interval = parse_interval(operand.text);
    if (operand.kind != AstKind::kText || !interval) return refusal("interval", where, {operand.text});
    AstExpr out = make(AstKind::kInterval, where);
    out.number = interval->months;
    out.days = interval->days;
    return out;
  }
  std::vector<AstExpr> args;
  args.push_back(std::move(operand));
  AstExpr out = make(AstKind::kCast, where, std::move(args));
  out.name = found->second;
  return out;
}

Result<AstExpr> Reader::call(const Body& body, Place at) {
  AstExpr out = make(AstKind::kAggregate, at);
  const std::vector<std::string> names = names_of(body.items_of("funcname"));
  out.name = plain_name(names);
  if (out.name == "make_interval") return make_interval(body, std::move(out));
  if (out.name == "extract") return extract(body, std::move(out));
  static const std::vector<std::string> kAggregates = {"count",    "sum",     "min",  "max",
                                                       "bool_and", "bool_or", "every"};
  if (std::find(kAggregates.begin(), kAggregates.end(), out.name) != kAggregates.end())
    return aggregate(body, std::move(out));
  if (out.name == "avg") return refusal("avg", at);
  return refusal("function", at, {names.empty() ? "" : names.back()});
}

Result<AstExpr> Reader::aggregate(const Body& body, AstExpr out) {
  const Place at = out.at;
  if (out.name == "every") out.name = "bool_and";
  SLUIS_ASSIGN(out.args, list(body.items_of("args")));
  out.distinct = body.flag("agg_distinct");
  if (body.flag("agg_star") != out.args.empty() || out.args.size() > 1 ||
      (out.args.empty() && out.name != "count"))
    return refusal("arguments", at, {out.name});
  // MIN, MAX, BOOL_AND and BOOL_OR see the same set with and without DISTINCT.
  if (out.distinct && out.name == "sum") return refusal("sum_distinct", at);
  if (out.name != "count") out.distinct = false;
  if (const SyntaxTree* filter = body.find("agg_filter")) {
    SLUIS_ASSIGN(AstExpr condition, expression(*filter));
    out.filter.push_back(std::move(condition));
  }
  return out;
}

Result<AstExpr> Reader::make_interval(const Body& body, AstExpr out) {
  static const std::map<std::string, std::pair<int64_t, int64_t>> kUnits = {
      {"years", {12, 0}}, {"months", {1, 0}}, {"weeks", {0, 7}}, {"days", {0, 1}}};
  const Place at = out.at;
  out.kind = AstKind::kInterval;
  for (const SyntaxTree& argument : body.items_of("args")) {
    const auto unit = kUnits.find(body_of(argument).text_of("name"));
    const SyntaxTree* value = body_of(argument).find("arg");
    if (type_of(argument) != "NamedArgExpr" || unit == kUnits.end() || value == nullptr)
      return refusal("interval", at, {"make_interval"});
    SLUIS_ASSIGN(AstExpr number, expression(*value));
    int64_t sign = 1;
    if (number.kind == AstKind::kOperator && number.name == "-" && number.args.size() == 1) {
      sign = -1;
      number = AstExpr(number.args[0]);
    }
    if (number.kind != AstKind::kInteger) return refusal("interval", at, {"make_interval"});
    out.number += sign * unit->second.first * number.number;
    out.days += sign * unit->second.second * number.number;
    if (std::abs(out.number) > kMaxInterval || std::abs(out.days) > kMaxInterval * 31)
      return refusal("interval", at, {"make_interval"});
  }
  out.name.clear();
  return out;
}

Result<AstExpr> Reader::extract(const Body& body, AstExpr out) {
  const Place at = out.at;
  SLUIS_ASSIGN(std::vector<AstExpr> args, list(body.items_of("args")));
  if (args.size() != 2 || args[0].kind != AstKind::kText) return refusal("arguments", at, {"extract"});
  out.kind = AstKind::kExtract;
  out.name = lower(args[0].text);
  if (out.name != "year" && out.name != "month") return refusal("extract", at, {out.name});
  out.args.push_back(std::move(args[1]));
  return out;
}

// ---- relations

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

Status Reader::order(const Body& body, AstSelect& out) {
  for (const SyntaxTree& node : body.items_of("sortClause")) {
    const Body& key = body_of(node);
    AstOrder order;
    order.descending = key.text_of("sortby_dir") == "SORTBY_DESC";
    const std::string& nulls = key.text_of("sortby_nulls");
    const SyntaxTree* value = key.find("node");
    if (value == nullptr || key.text_of("sortby_dir") == "SORTBY_USING")
      return refusal("construct", outer_, {"ORDER BY USING"});
    SLUIS_ASSIGN(order.expr, expression(*value));
    if ((nulls == "SORTBY_NULLS_FIRST" && !order.descending) ||
        (nulls == "SORTBY_NULLS_LAST" && order.descending))
      return refusal("nulls_order", order.expr.at);
    out.order_by.push_back(std::move(order));
  }
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

template <typename T>
Result<T> in_file(Result<T> result, std::string_view file) {
  if (result.ok()) return result;
  Error error = std::move(result).error();
  error.file = file;
  return error;
}

}  // namespace

Result<AstSelect> parse_select(std::string_view sql, std::string_view file, Place first) {
  const Locator locator(sql, first);
  auto tree = read_select_tree(sql, locator);
  if (!tree.ok()) return in_file<AstSelect>(std::move(tree).error(), file);
  return in_file(Reader(locator).select(*tree), file);
}

Result<AstExpr> parse_expression(std::string_view sql, std::string_view file, Place first) {
  // The text stands in a SELECT of its own; what else it holds (another clause, a comment that swallows the
  // bracket) shows in the tree or as a syntax error.
  static constexpr std::string_view kBefore = "SELECT (";
  const std::string whole = std::string(kBefore) + std::string(sql) + "\n)";
  const Locator locator(whole, {first.line, first.column - static_cast<int>(kBefore.size())});
  auto tree = read_select_tree(whole, locator);
  if (!tree.ok()) return in_file<AstExpr>(std::move(tree).error(), file);
  auto select = in_file(Reader(locator).select(*tree), file);
  if (!select.ok()) return std::move(select).error();
  const AstSelect& parts = *select;
  const bool only_one = parts.arms.empty() && parts.with.empty() && parts.from.empty() && !parts.where &&
                        !parts.having && parts.group_by.empty() && parts.order_by.empty() && !parts.limit &&
                        !parts.distinct && parts.items.size() == 1 && !parts.items[0].star &&
                        parts.items[0].alias.empty();
  if (!only_one) return in_file<AstExpr>(refusal("row_filter", first), file);
  return AstExpr(parts.items[0].expr);
}

std::optional<Interval> parse_interval(std::string_view text) {
  static const std::map<std::string, std::pair<int64_t, int64_t>, std::less<>> kUnits = {
      {"year", {12, 0}}, {"years", {12, 0}}, {"month", {1, 0}}, {"months", {1, 0}}, {"mons", {1, 0}},
      {"mon", {1, 0}},   {"week", {0, 7}},   {"weeks", {0, 7}}, {"day", {0, 1}},    {"days", {0, 1}}};
  Interval out;
  size_t parts = 0;
  const auto skip = [&] { text.remove_prefix(std::min(text.find_first_not_of(' '), text.size())); };
  for (skip(); !text.empty(); skip(), ++parts) {
    if (text[0] == '+') text.remove_prefix(1);
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || std::abs(number) > kMaxInterval) return std::nullopt;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    skip();
    const size_t length = std::min(text.find_first_of(" +-0123456789"), text.size());
    const auto unit = kUnits.find(lower(std::string(text.substr(0, length))));
    if (unit == kUnits.end()) return std::nullopt;
    text.remove_prefix(length);
    out.months += number * unit->second.first;
    out.days += number * unit->second.second;
  }
  const bool fits = std::abs(out.months) <= kMaxInterval && std::abs(out.days) <= kMaxInterval * 31;
  if (parts == 0 || !fits) return std::nullopt;
  return out;
}

}  // namespace sluis::sql
