#include "sql/bind_query.h"

#include <algorithm>

#include "sql/bind_group.h"
#include "sql/bind_window.h"
#include "sql/typed_number.h"

namespace sluis::sql {
namespace {

// Name and how much PostgreSQL likes it (FigureColname): 2 a column or function, 1 a keyword, 0 none.
std::pair<std::string, int> figure_name(const AstExpr& expr) {
  const auto keyword = [&](const char* name) { return std::pair<std::string, int>{name, 2}; };
  switch (expr.kind) {
    case AstKind::kColumn:
    case AstKind::kWindow:
      return {expr.name, 2};
    case AstKind::kAggregate:
      return {expr.text.empty() ? expr.name : expr.text, 2};
    case AstKind::kCase:
    case AstKind::kSimpleCase: {
      const auto last = figure_name(expr.args.back());
      return last.second > 1 ? last : std::pair<std::string, int>{"case", 1};
    }
    case AstKind::kCast: {
      const auto inner = figure_name(expr.args[0]);
      static const std::map<std::string, std::string> kNames = {
          {"int", "int4"}, {"bigint", "int8"}, {"decimal", "numeric"}};
      const auto found = kNames.find(expr.name);
      const std::string type = found == kNames.end() ? expr.name : found->second;
      return inner.second > 1 ? inner : std::pair{type, 1};
    }
    case AstKind::kCoalesce:
      return keyword("coalesce");
    case AstKind::kNullIf:
      return keyword("nullif");
    case AstKind::kGreatest:
      return keyword("greatest");
    case AstKind::kLeast:
      return keyword("least");
    case AstKind::kExtract:
      return keyword("extract");
    case AstKind::kRound:
      return keyword("round");
    default:
      return {"?column?", 0};
  }
}

// SELECT's items as a Project over the node that its expressions read.
Result<NodePtr> select_items(NodePtr input, const std::vector<Bound>& items,
                             const std::vector<std::string>& names, NodeInfo info) {
  std::vector<Expr> exprs;
  for (const Bound& item : items) exprs.push_back(item.expr);
  return make_project(std::move(input), std::move(exprs), names, std::move(info));
}

}  // namespace

std::string default_name(const AstExpr& expr) { return figure_name(expr).first; }

Result<std::vector<AstItem>> expand_stars(const std::vector<AstItem>& items, const Relation& relation) {
  std::vector<AstItem> out;
  for (const AstItem& item : items) {
    if (item.alias.starts_with("__")) return refusal("reserved_name", item.at, {item.alias});
    if (!item.star) {
      out.push_back(item);
      continue;
    }
    const size_t before = out.size();
    for (const ScopeColumn& name : relation.names) {
      if (!item.qualifier.empty() && name.table != item.qualifier) continue;
      AstItem one;
      one.at = item.at;
      one.expr.kind = AstKind::kColumn;
      one.expr.at = item.at;
      one.expr.qualifier = name.table;
      one.expr.name = name.name;
      out.push_back(std::move(one));
    }
    if (out.size() == before) return refusal("no_table_here", item.at, {item.qualifier});
  }
  return out;
}

NodeInfo QueryBinder::info(const std::string& what, Place at) const {
  std::string label = step_ + ": " + what;
  if (label.size() > kMaxLabelBytes) {
    size_t end = kMaxLabelBytes - 3;
    while ((static_cast<unsigned char>(label[end]) & 0xC0) == 0x80) --end;  // whole characters
    label.resize(end);
    label += "...";
  }
  return {std::move(label), at.line};
}

Status QueryBinder::spend_weight(size_t weight, Place at) const {
  catalogue_.weight += weight;
  if (catalogue_.weight > kMaxPlanWeight) return refusal("plan_size", at);
  return {};
}

Status QueryBinder::spend(const Node& node, Place at) const {
  size_t weight = 1;
  for (const ColumnSchema& column : node.columns) weight += type_weight(column.type);
  return spend_weight(weight, at);
}

Status QueryBinder::spend(const Expr& expr, Place at) const { return spend_weight(expr_size(expr), at); }

Status QueryBinder::bind_with(const AstSelect& select) {
  with_.emplace_back();
  for (const auto& [name, query] : select.with) {
    if (with_.back().contains(name)) return refusal("alias_twice", query.at, {name});
    SLUIS_ASSIGN(NodePtr node, bind_select(query));
    with_.back()[name] = std::move(node);
  }
  return {};
}

Result<NodePtr> QueryBinder::bind_select(const AstSelect& select) {
  if (!select.order_by.empty() || select.limit) return refusal("order_below", select.at);
  SLUIS_TRY(bind_with(select));
  auto node = select.arms.empty() ? bind_block(select) : bind_union(select);
  with_.pop_back();
  return node;
}

// One SELECT block without UNION.
Result<NodePtr> QueryBinder::bind_block(const AstSelect& select) {
  if (is_grouped(select)) {
    SLUIS_ASSIGN(Grouping grouping, bind_grouping(select, false));
    SLUIS_ASSIGN(NodePtr node, plan_grouping(grouping, select.at));
    if (grouping.having) node = make_filter(node, *grouping.having, info("HAVING", select.at));
    return select_items(std::move(node), grouping.items, grouping.names, info("SELECT", select.at));
  }
  SLUIS_ASSIGN(Relation input, bind_source(select));
  SLUIS_ASSIGN(const std::vector<AstItem> items, expand_stars(select.items, input));
  const Scope scope = input.scope();
  WindowBinder windows(*this, select, input);
  const ExprBinder binder(scope, catalogue_.closed,
                          [&](const AstExpr& part) { return windows.bind_call(part); });
  std::vector<Bound> bound;
  std::vector<std::string> names;
  for (const AstItem& item : items) {
    SLUIS_ASSIGN(Bound raw, binder.bind(item.expr));
    SLUIS_ASSIGN(Bound value, as_value(std::move(raw)));
    SLUIS_TRY(check_printable(value, item.at));
    SLUIS_TRY(spend(value.expr, item.at));
    bound.push_back(std::move(value));
    names.push_back(item.alias.empty() ? default_name(item.expr) : item.alias);
  }
  SLUIS_ASSIGN(NodePtr node, windows.plan(select.at));
  for (Bound& item : bound) item.expr = windows.placed(item.expr);
  return select_items(std::move(node), bound, names, info("SELECT", select.at));
}

Result<NodePtr> QueryBinder::bind_union(const AstSelect& select) {
  std::vector<NodePtr> arms;
  for (const AstSelect& arm : select.arms) {
    SLUIS_ASSIGN(NodePtr node, bind_select(arm));
    arms.push_back(std::move(node));
  }
  const size_t width = arms[0]->columns.size();
  if (arms[1]->columns.size() != width) return refusal("union_columns", select.at);
  std::vector<std::vector<Expr>> exprs(2);
  std::vector<std::string> names;
  bool recode = false;
  for (size_t c = 0; c < width; ++c) {
    Bound sides[2];
    for (size_t s = 0; s < 2; ++s) sides[s].expr = column_expr(static_cast<int>(c), arms[s]->columns[c]);
    SLUIS_TRY(unify({&sides[0], &sides[1]}, "UNION", select.at));
    SLUIS_TRY(check_printable(sides[0], select.at));
    const relation::Held held = joint_held(sides[0].expr.type.held, sides[1].expr.type.held);
    for (Bound& side : sides) side.expr.type.held = held;
    for (size_t s = 0; s < 2; ++s) {
      recode = recode || sides[s].expr.op != Op::kColumn;
      exprs[s].push_back(std::move(sides[s].expr));
    }
    names.push_back(arms[0]->columns[c].name);
  }
  for (size_t s = 0; s < 2 && recode; ++s)
    arms[s] = make_project(arms[s], std::move(exprs[s]), names, info("UNION", select.at));
  NodePtr node = make_union_all(std::move(arms), info("UNION ALL", select.at));
  if (node->max_rows > kMaxRows) return refusal("rows_bound", select.at, {"UNION"});
  SLUIS_TRY(spend(*node, select.at));
  if (select.union_all) return node;
  std::vector<int> keys;
  for (size_t c = 0; c < width; ++c) keys.push_back(static_cast<int>(c));
  return make_group_by(std::move(node), std::move(keys), {}, info("UNION", select.at));
}

}  // namespace sluis::sql
