// Expressions.
#include <algorithm>
#include <map>

#include "relation/decimal.h"
#include "relation/type.h"
#include "sql/parser.h"
#include "sql/reader.h"

namespace sluis::sql {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// A name without the schema that the grammar itself adds (pg_catalog.extract), or "" if there is another one.
std::string plain_name(std::vector<std::string> names) {
  if (names.size() == 2 && names[0] == "pg_catalog") names.erase(names.begin());
  return names.size() == 1 ? names[0] : "";
}

AstExpr make(AstKind kind, Place at, std::vector<AstExpr> args = {}) {
  AstExpr expr;
  expr.kind = kind;
  expr.at = at;
  expr.args = std::move(args);
  return expr;
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

}  // namespace

// Texts of a list of String nodes; "*" for A_Star.
std::vector<std::string> names_of(const std::vector<SyntaxTree>& items) {
  std::vector<std::string> names;
  for (const SyntaxTree& item : items)
    names.push_back(type_of(item) == "A_Star" ? "*" : body_of(item).text_of("sval"));
  return names;
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
    const std::string& written = decimal->text_of("fval");
    const auto whole = integer_in_float(written);
    const auto number = relation::parse_decimal(written);
    if (!whole && (!number || number->scale > relation::kMaxScale)) return refusal("decimal", at);
    out.kind = whole ? AstKind::kInteger : AstKind::kDecimal;
    out.number = whole ? *whole : number->value;
    out.scale = whole ? 0 : number->scale;
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
    static const std::vector<std::string> kOperators = {"+",  "-", "*",  "/", "%", "=",
                                                        "<>", "<", "<=", ">", ">="};
    if (std::find(kOperators.begin(), kOperators.end(), out.name) == kOperators.end())
      return refusal(out.name == "||" ? "concat" : "operator", at, {out.name});
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
      {"int2", "int"},  {"int4", "int"},  {"int8", "bigint"},       {"bool", "bool"},
      {"date", "date"}, {"text", "text"}, {"interval", "interval"}, {"numeric", "decimal"}};
  const SyntaxTree* type = body.find("typeName");
  const SyntaxTree* arg = body.find("arg");
  if (type == nullptr || arg == nullptr) return refusal("construct", at, {"TypeCast"});
  const std::string name = plain_name(names_of(type->items_of("names")));
  const auto found = kTypes.find(name);
  const Place where = place(*type, at);
  const bool modified = !type->items_of("typmods").empty();
  if (found == kTypes.end() || (modified && found->second != "decimal"))
    return refusal("type", where, {name});
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
  if (out.name == "decimal") {
    SLUIS_ASSIGN(out.scale, type_scale(*type, where));
  }
  return out;
}

// Of numeric(precision, scale): the scale; 0 for numeric(precision), -1 for plain numeric.
Result<int> Reader::type_scale(const Body& type, Place at) {
  SLUIS_ASSIGN(const std::vector<AstExpr> modifiers, list(type.items_of("typmods")));
  if (modifiers.empty()) return -1;
  const auto whole = [](const AstExpr& one, int64_t lo, int64_t hi) {
    return one.kind == AstKind::kInteger && one.number >= lo && one.number <= hi;
  };
  const bool good = modifiers.size() <= 2 && whole(modifiers[0], 1, 1000) &&
                    (modifiers.size() == 1 || whole(modifiers[1], 0, modifiers[0].number));
  const int64_t scale = modifiers.size() == 2 ? modifiers[1].number : 0;
  if (!good || scale > relation::kMaxScale) return refusal("type", at, {"numeric(p, s)"});
  return static_cast<int>(scale);
}

Result<AstExpr> Reader::call(const Body& body, Place at) {
  AstExpr out = make(AstKind::kAggregate, at);
  const std::vector<std::string> names = names_of(body.items_of("funcname"));
  out.name = plain_name(names);
  if (out.name == "make_interval") return make_interval(body, std::move(out));
  if (out.name == "extract") return extract(body, std::move(out));
  if (out.name == "age") return age(body, std::move(out));
  if (out.name == "round") return round(body, std::move(out));
  if (body.flag("agg_within_group")) return quantile(body, std::move(out));
  if (body.find("agg_order") != nullptr) return refusal("agg_order", at, {out.name});
  if (const SyntaxTree* over = body.find("over")) return window(body, *over, std::move(out));
  static const std::vector<std::string> kAggregates = {
      "count", "sum",     "min",      "max",      "bool_and",    "bool_or",    "every",
      "avg",   "var_pop", "var_samp", "variance", "stddev_samp", "stddev_pop", "stddev"};
  if (std::find(kAggregates.begin(), kAggregates.end(), out.name) != kAggregates.end())
    return aggregate(body, std::move(out));
  return refusal("function", at, {names.empty() ? "" : names.back()});
}

Result<AstExpr> Reader::aggregate(const Body& body, AstExpr out) {
  const Place at = out.at;
  if (out.name == "every") out.text = "every", out.name = "bool_and";
  if (out.name == "variance") out.text = "variance", out.name = "var_samp";  // text: the name of the column
  if (out.name == "stddev") out.text = "stddev", out.name = "stddev_samp";
  SLUIS_ASSIGN(out.args, list(body.items_of("args")));
  out.distinct = body.flag("agg_distinct");
  if (body.flag("agg_star") != out.args.empty() || out.args.size() > 1 ||
      (out.args.empty() && out.name != "count"))
    return refusal("arguments", at, {out.name});
  // MIN, MAX, BOOL_AND and BOOL_OR see the same set with and without DISTINCT.
  static const std::vector<std::string> kSetFunctions = {"min", "max", "bool_and", "bool_or"};
  const bool of_set = std::find(kSetFunctions.begin(), kSetFunctions.end(), out.name) != kSetFunctions.end();
  if (out.distinct && !of_set && out.name != "count") return refusal("sum_distinct", at, {out.name});
  if (of_set) out.distinct = false;
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
  static const std::vector<std::string> kParts = {"year", "month", "quarter", "dow", "isodow"};
  const bool known = std::find(kParts.begin(), kParts.end(), out.name) != kParts.end();
  if (!known || (args[1].kind == AstKind::kAge && out.name != "year"))
    return refusal("extract", at, {out.name});
  out.args.push_back(std::move(args[1]));
  return out;
}

Result<AstExpr> Reader::age(const Body& body, AstExpr out) {
  SLUIS_ASSIGN(out.args, list(body.items_of("args")));
  if (out.args.size() == 1) return refusal("today", out.at);  // PostgreSQL takes the current date
  if (out.args.size() != 2) return refusal("arguments", out.at, {"age"});
  out.kind = AstKind::kAge;
  return out;
}

Result<AstExpr> Reader::round(const Body& body, AstExpr out) {
  SLUIS_ASSIGN(std::vector<AstExpr> args, list(body.items_of("args")));
  if (args.empty() || args.size() > 2) return refusal("arguments", out.at, {"round"});
  if (args.size() == 2) {
    if (args[1].kind != AstKind::kInteger || std::abs(args[1].number) > relation::kMaxScale)
      return refusal("round", args[1].at, {std::to_string(relation::kMaxScale)});
    out.number = args[1].number;
    out.scale = 1;
    args.pop_back();
  }
  out.kind = AstKind::kRound;
  out.args = std::move(args);
  return out;
}

}  // namespace sluis::sql
