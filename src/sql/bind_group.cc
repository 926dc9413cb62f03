#include "sql/bind_group.h"

#include <algorithm>

#include "sql/typed_number.h"

namespace sluis::sql {
namespace {

using relation::Kind;

bool same_request(const AggregateRequest& a, const AggregateRequest& b) {
  // SUM of integer and of bigint are the same sum, but PostgreSQL divides them differently.
  if (a.function != b.function || a.distinct != b.distinct || a.type.held != b.type.held ||
      a.argument.has_value() != b.argument.has_value())
    return false;
  return !a.argument || same_expr(*a.argument, *b.argument);
}

bool has_column(const Expr& expr) {
  bool any = false;
  each_column(expr, [&](int) { any = true; });
  return any;
}

bool nullable_call(const AggregateRequest& call, bool scalar) {
  const bool counts = call.function == Function::kCountRows || call.function == Function::kCount;
  return !counts && (scalar || call.argument->nullable);
}

// CASE WHEN condition THEN value END.
Result<Bound> only_where(Expr condition, Bound value, Place at) {
  Bound when;
  when.expr = std::move(condition);
  when.at = at;
  return bind_case({std::move(when), std::move(value), bind_null(at)}, at);
}

// PostgreSQL: SUM of integer is bigint, of bigint numeric.
Result<Type> sum_type(const Type& type, int64_t rows, Place at) {
  Bound value, count;
  value.expr = column_expr(0, {"", type, false});
  count.expr = column_expr(0, {"", Type::integer(0, rows), false});
  SLUIS_ASSIGN(const Bound product, bind_arithmetic("*", std::move(value), std::move(count), at));
  const Type& bounds = product.expr.type;
  const relation::Held held =
      type.held == relation::Held::kInt ? relation::Held::kBigint : relation::Held::kNumeric;
  return number_type(std::min<int64_t>(0, bounds.lo), std::max<int64_t>(0, bounds.hi), type.scale, held);
}

bool is_moment(const std::string& name) {
  return name == "avg" || name.starts_with("var_") || name.starts_with("stddev_");
}

}  // namespace

GroupBinder::GroupBinder(const QueryBinder& query, const AstSelect& select, Relation input, bool opened)
    : query_(query), select_(select), opened_(opened) {
  out_.input = std::move(input);
  scope_ = out_.input.scope();
}

Result<Grouping> GroupBinder::bind() {
  SLUIS_ASSIGN(items_, expand_stars(select_.items, out_.input));
  SLUIS_TRY(bind_keys());
  SLUIS_TRY(bind_items());
  if (select_.having) {
    SLUIS_ASSIGN(Bound bound, bind_grouped(*select_.having));
    SLUIS_ASSIGN(Bound condition, as_boolean(std::move(bound), "HAVING"));
    out_.having = std::move(condition.expr);
  }
  SLUIS_TRY(bind_order());
  return std::move(out_);
}

Status GroupBinder::bind_items() {
  for (const Expr& key : out_.keys) {
    const bool plain = key.op == Op::kColumn;
    out_.key_names.push_back(plain ? scope_.columns[static_cast<size_t>(key.column)].name
                                   : "key" + std::to_string(out_.key_names.size() + 1));
  }
  for (const AstItem& item : items_) {
    SLUIS_ASSIGN(Bound bound, bind_grouped(item.expr));
    SLUIS_ASSIGN(Bound value, as_value(std::move(bound)));
    SLUIS_TRY(check_printable(value, item.at));
    SLUIS_TRY(query_.spend(value.expr, item.at));
    const std::string name = item.alias.empty() ? default_name(item.expr) : item.alias;
    const bool is_key =
        value.expr.op == Op::kColumn && static_cast<size_t>(value.expr.column) < out_.keys.size();
    if (is_key) out_.key_names[static_cast<size_t>(value.expr.column)] = name;
    out_.items.push_back(std::move(value));
    out_.names.push_back(name);
    out_.places.push_back(item.at);
  }
  return {};
}

// PostgreSQL: a position, an output name, or an expression; here it must be one of the items.
Status GroupBinder::bind_order() {
  for (const AstOrder& order : select_.order_by) {
    const AstExpr& key = order.expr;
    int item = -1;
    if (key.kind == AstKind::kInteger) {
      if (key.number < 1 || key.number > static_cast<int64_t>(items_.size()))
        return refusal("position", key.at, {std::to_string(key.number)});
      item = static_cast<int>(key.number) - 1;
    }
    for (size_t i = 0; i < out_.names.size() && item < 0; ++i)
      if (key.kind == AstKind::kColumn && key.qualifier.empty() && out_.names[i] == key.name)
        item = static_cast<int>(i);
    if (item < 0) {
      const size_t calls = out_.calls.size();
      SLUIS_ASSIGN(const Bound bound, bind_grouped(key));
      out_.calls.resize(calls);  // one that is not an item is refused below
      for (size_t i = 0; i < out_.items.size() && item < 0; ++i)
        if (same_expr(out_.items[i].expr, bound.expr)) item = static_cast<int>(i);
    }
    if (item < 0) return refusal("order_by_item", key.at);
    out_.order_by.emplace_back(item, order.descending);
  }
  return {};
}

// PostgreSQL: a name is a column of FROM if there is one, else an output alias; a number is a position.
Result<const AstExpr*> GroupBinder::key_expr(const AstExpr& key) const {
  if (key.kind == AstKind::kInteger) {
    if (key.number < 1 || key.number > static_cast<int64_t>(items_.size()))
      return refusal("position", key.at, {std::to_string(key.number)});
    return &items_[static_cast<size_t>(key.number) - 1].expr;
  }
  if (key.kind != AstKind::kColumn || !key.qualifier.empty()) return &key;
  const bool is_column = std::any_of(scope_.names.begin(), scope_.names.end(),
                                     [&](const ScopeColumn& name) { return name.name == key.name; });
  if (is_column) return &key;
  const AstExpr* found = nullptr;
  for (const AstItem& item : items_) {
    if (item.alias != key.name) continue;
    if (found != nullptr) return refusal("ambiguous", key.at, {key.name});
    found = &item.expr;
  }
  return found == nullptr ? &key : found;
}

Status GroupBinder::bind_keys() {
  const ExprBinder plain(scope_, query_.catalogue().closed);
  const auto add = [&](const AstExpr& expr) -> Status {
    if (has_aggregate(expr)) return refusal("aggregate_here", expr.at, {"GROUP BY"});
    SLUIS_ASSIGN(Bound bound, plain.bind(expr));
    SLUIS_ASSIGN(Bound value, as_value(std::move(bound)));
    SLUIS_TRY(check_printable(value, expr.at));
    const bool known = std::any_of(out_.keys.begin(), out_.keys.end(),
                                   [&](const Expr& key) { return same_expr(key, value.expr); });
    if (known) return {};
    SLUIS_TRY(query_.spend(value.expr, expr.at));
    out_.keys.push_back(std::move(value.expr));
    return {};
  };
  if (select_.distinct) {  // SELECT DISTINCT a, b is GROUP BY a, b
    if (!select_.group_by.empty() || select_.having) return refusal("distinct_group", select_.at);
    for (const AstItem& item : items_) {
      if (has_aggregate(item.expr)) return refusal("distinct_group", item.at);
      SLUIS_TRY(add(item.expr));
    }
  }
  for (const AstExpr& key : select_.group_by) {
    SLUIS_ASSIGN(const AstExpr* expr, key_expr(key));
    SLUIS_TRY(add(*expr));
  }
  return {};
}

Bound GroupBinder::virtual_column(size_t index, Place at) const {
  Bound out;
  out.at = at;
  if (index < out_.keys.size()) {
    const Expr& key = out_.keys[index];
    out.expr = column_expr(static_cast<int>(index), {"", key.type, key.nullable});
  } else {
    const AggregateRequest& call = out_.calls[index - out_.keys.size()];
    out.expr = column_expr(static_cast<int>(index), {"", call.type, nullable_call(call, out_.keys.empty())});
  }
  return out;
}

Result<AggregateRequest> GroupBinder::request(const AstExpr& expr) {
  if (expr.name == "percentile_disc") return quantile(expr);
  static const std::map<std::string, Function> kFunctions = {
      {"count", Function::kCount}, {"sum", Function::kSum},      {"min", Function::kMin},
      {"max", Function::kMax},     {"bool_and", Function::kMin}, {"bool_or", Function::kMax}};
  AggregateRequest out;
  out.function = kFunctions.at(expr.name);
  out.name = expr.name;
  out.distinct = expr.distinct;
  const ExprBinder plain(scope_, query_.catalogue().closed);
  Bound argument = bind_integer(1, expr.at);
  if (!expr.args.empty()) {
    SLUIS_ASSIGN(Bound bound, plain.bind(expr.args[0]));
    SLUIS_ASSIGN(argument, as_value(std::move(bound)));
  }
  const Kind kind = argument.expr.type.kind;
  const bool logical = expr.name == "bool_and" || expr.name == "bool_or";
  const bool fits = logical                ? kind == Kind::kBoolean
                    : expr.name == "sum"   ? is_number(argument.expr.type)
                    : expr.name == "count" ? true
                                           : kind != Kind::kBoolean;
  if (!fits) return refusal("aggregate_type", expr.at, {expr.name, relation::kind_name(kind)});
  SLUIS_TRY(check_printable(argument, expr.at));
  if (!expr.filter.empty()) {
    SLUIS_ASSIGN(Expr condition, plain.bind_condition(expr.filter[0], "FILTER"));
    SLUIS_ASSIGN(argument, only_where(std::move(condition), std::move(argument), expr.at));
  }
  const Type type = argument.expr.type;
  const auto rows = static_cast<int64_t>(out_.input.node->max_rows);
  if (out.function == Function::kCount) {
    out.type = Type::integer(0, rows);
    if (!out.distinct && !argument.expr.nullable) out.function = Function::kCountRows;
  } else if (out.function == Function::kSum) {
    SLUIS_ASSIGN(out.type, sum_type(type, rows, expr.at));
  } else {
    out.type = type;
  }
  if (out.function != Function::kCountRows) out.argument = std::move(argument.expr);
  return out;
}

Result<Bound> GroupBinder::moments(const AstExpr& expr) {
  if (query_.catalogue().study) return refusal("study_average", expr.at, {expr.name});
  if (!opened_) return refusal("average_below", expr.at, {expr.name});
  const auto numeric = [&](Bound value) {
    return make_expr(Op::kToNumeric, Type::numeric(), {std::move(value.expr)});
  };
  AstExpr part = expr;
  part.name = "sum";
  SLUIS_ASSIGN(Bound sum, call_column(part));
  part.name = "count";
  SLUIS_ASSIGN(Bound count, call_column(part));
  Bound out;
  out.at = expr.at;
  if (expr.name == "avg") {
    out.expr = make_expr(Op::kDivide, Type::numeric(), {numeric(std::move(sum)), numeric(std::move(count))});
    return out;
  }
  part.name = "sum";
  AstExpr square = expr.args[0];
  square.kind = AstKind::kOperator;
  square.name = "*";
  square.args = {expr.args[0], expr.args[0]};
  part.args = {std::move(square)};
  SLUIS_ASSIGN(Bound squares, call_column(part));
  const Op op = expr.name.starts_with("var_") ? Op::kVariance : Op::kStddev;
  out.expr = make_expr(op, Type::numeric(),
                       {numeric(std::move(sum)), numeric(std::move(squares)), std::move(count.expr)});
  out.expr.months = expr.name.ends_with("_samp") ? 1 : 0;
  out.expr.nullable = true;
  return out;
}

Result<Bound> GroupBinder::call_column(const AstExpr& expr) {
  if (is_moment(expr.name)) return moments(expr);
  SLUIS_ASSIGN(AggregateRequest wanted, request(expr));
  size_t index = 0;
  while (index < out_.calls.size() && !same_request(out_.calls[index], wanted)) ++index;
  if (index == out_.calls.size()) {
    if (wanted.argument) SLUIS_TRY(query_.spend(*wanted.argument, expr.at));
    out_.calls.push_back(std::move(wanted));
  }
  return virtual_column(out_.keys.size() + index, expr.at);
}

std::optional<Result<Bound>> GroupBinder::special(const AstExpr& expr) {
  if (expr.kind == AstKind::kAggregate) return call_column(expr);
  if (expr.kind == AstKind::kWindow) return Result<Bound>(refusal("window_group", expr.at, {expr.name}));
  if (expr.kind == AstKind::kExists || expr.kind == AstKind::kInQuery || expr.kind == AstKind::kInterval)
    return std::nullopt;
  if (has_aggregate(expr)) return std::nullopt;
  auto bound = ExprBinder(scope_, query_.catalogue().closed).bind(expr);
  if (!bound.ok() && (!opened_ || expr.kind == AstKind::kColumn)) return bound;
  if (bound.ok() && !has_column(bound->expr)) return bound;
  for (size_t i = 0; i < out_.keys.size() && bound.ok(); ++i)
    if (same_expr(out_.keys[i], bound->expr)) return virtual_column(i, expr.at);
  if (expr.kind == AstKind::kColumn) return Result<Bound>(refusal("ungrouped", expr.at, {expr.name}));
  return std::nullopt;
}

Result<Bound> GroupBinder::bind_grouped(const AstExpr& expr) {
  const ExprBinder binder(
      scope_, query_.catalogue().closed, [this](const AstExpr& part) { return special(part); }, opened_);
  return binder.bind(expr);
}

// ---- plan nodes of a grouped query

bool QueryBinder::is_grouped(const AstSelect& select) const {
  if (!select.group_by.empty() || select.having || select.distinct) return true;
  return std::any_of(select.items.begin(), select.items.end(),
                     [](const AstItem& item) { return !item.star && has_aggregate(item.expr); });
}

Result<Grouping> QueryBinder::bind_grouping(const AstSelect& select, bool opened) {
  SLUIS_ASSIGN(Relation input, bind_source(select));
  return GroupBinder(*this, select, std::move(input), opened).bind();
}

namespace {

// Columns under construction for a Project: equal expressions once.
struct Columns {
  std::vector<Expr> exprs;
  std::vector<std::string> names;

  int add(const Expr& expr, const std::string& name) {
    for (size_t i = 0; i < exprs.size(); ++i)
      if (same_expr(exprs[i], expr)) return static_cast<int>(i);
    exprs.push_back(expr);
    names.push_back(name);
    return static_cast<int>(exprs.size()) - 1;
  }
};

std::string column_name(const Expr& expr, const Node& input, const std::string& otherwise) {
  return expr.op == Op::kColumn ? input.columns[static_cast<size_t>(expr.column)].name : otherwise;
}

AggregateCall call_of(const AggregateRequest& request, int column, const std::string& name) {
  AggregateCall call;
  call.function = request.function;
  call.column = column;
  call.type = request.type;
  call.name = name;
  return call;
}

const AggregateRequest* distinct_call(const Grouping& grouping) {
  for (const AggregateRequest& call : grouping.calls)
    if (call.distinct) return &call;
  return nullptr;
}

// How a call over all rows is put together from the same call over parts.
Function combined(Function function) {
  return function == Function::kCountRows || function == Function::kCount ? Function::kSum : function;
}

}  // namespace

Result<QueryBinder::Flattened> QueryBinder::flatten(const Grouping& grouping,
                                                    const std::vector<Expr>& carried, Place at) {
  const Node& input = *grouping.input.node;
  Columns columns;
  const auto add = [&](const Expr& expr, const std::string& name) {
    return columns.add(expr, column_name(expr, input, name));
  };
  for (size_t i = 0; i < grouping.keys.size(); ++i) {
    // Keys keep their positions: no two are the same.
    const int position = columns.add(grouping.keys[i], grouping.key_names[i]);
    CHECK(position == static_cast<int>(i));
  }
  Flattened out;
  std::vector<int> arguments;
  for (size_t i = 0; i < grouping.calls.size(); ++i) {
    const AggregateRequest& call = grouping.calls[i];
    arguments.push_back(call.argument ? add(*call.argument, call.name + std::to_string(i + 1)) : -1);
  }
  std::vector<int> kept;
  for (const Expr& expr : carried) kept.push_back(add(expr, "unit"));
  out.node = make_project(grouping.input.node, columns.exprs, columns.names, info("SELECT", at));

  const AggregateRequest* distinct = distinct_call(grouping);
  if (distinct == nullptr) {
    for (size_t i = 0; i < grouping.calls.size(); ++i)
      out.calls.push_back(call_of(grouping.calls[i], arguments[i], grouping.calls[i].name));
    out.carried = std::move(kept);
    return out;
  }
  // Group by the keys and x; then COUNT(DISTINCT x) counts groups, and the other calls are combined.
  const int counted = columns.add(*distinct->argument, "");
  std::vector<int> keys;
  for (size_t i = 0; i < grouping.keys.size(); ++i) keys.push_back(static_cast<int>(i));
  const bool is_key = counted < static_cast<int>(keys.size());
  if (!is_key) keys.push_back(counted);
  const int width = static_cast<int>(keys.size());
  const int counted_key = is_key ? counted : width - 1;
  std::vector<AggregateCall> parts;
  for (size_t i = 0; i < grouping.calls.size(); ++i) {
    const AggregateRequest& call = grouping.calls[i];
    if (!call.distinct) {
      out.calls.push_back(call_of(call, width + static_cast<int>(parts.size()), call.name));
      out.calls.back().function = combined(call.function);
      parts.push_back(call_of(call, arguments[i], "part" + std::to_string(i + 1)));
      continue;
    }
    if (!same_expr(*call.argument, *distinct->argument)) return refusal("distinct_twice", at);
    out.calls.push_back(call_of(call, counted_key, call.name));
  }
  for (int column : kept) {
    const auto key = std::find(keys.begin(), keys.end(), column);
    if (key != keys.end()) {
      out.carried.push_back(static_cast<int>(key - keys.begin()));
      continue;
    }
    out.carried.push_back(width + static_cast<int>(parts.size()));
    AggregateCall lowest;
    lowest.function = Function::kMin;
    lowest.column = column;
    lowest.name = columns.names[static_cast<size_t>(column)];
    parts.push_back(std::move(lowest));
  }
  out.node = make_group_by(out.node, keys, std::move(parts), info("COUNT(DISTINCT)", at));
  return out;
}

Result<NodePtr> QueryBinder::plan_grouping(const Grouping& grouping, Place at) {
  if (grouping.keys.empty()) return refusal("scalar_aggregate", at);
  SLUIS_ASSIGN(Flattened flat, flatten(grouping, {}, at));
  std::vector<int> keys;
  std::string label = "GROUP BY";
  for (size_t i = 0; i < grouping.keys.size(); ++i) {
    keys.push_back(static_cast<int>(i));
    label += (i == 0 ? " " : ", ") + flat.node->columns[i].name;
  }
  return make_group_by(flat.node, std::move(keys), std::move(flat.calls), info(label, at));
}

}  // namespace sluis::sql
