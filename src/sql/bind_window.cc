#include "sql/bind_window.h"

#include <algorithm>

#include "sql/bind_group.h"

namespace sluis::sql {
namespace {

constexpr int64_t kMaxOffset = 64;  // oblivious::kMaxWindowOffset

// Functions over rows and neighbours; aggregates are not among them.
const std::map<std::string, WindowFunction>& functions() {
  static const std::map<std::string, WindowFunction> kFunctions = {{"row_number", WindowFunction::kRowNumber},
                                                                   {"rank", WindowFunction::kRank},
                                                                   {"dense_rank", WindowFunction::kDenseRank},
                                                                   {"lag", WindowFunction::kLag},
                                                                   {"lead", WindowFunction::kLead},
                                                                   {"first_value", WindowFunction::kFirst}};
  return kFunctions;
}

std::optional<WindowFunction> running(Function function) {
  switch (function) {
    case Function::kCountRows:
      return WindowFunction::kCountRows;
    case Function::kCount:
      return WindowFunction::kCount;
    case Function::kSum:
      return WindowFunction::kSum;
    case Function::kMin:
      return WindowFunction::kMin;
    case Function::kMax:
      return WindowFunction::kMax;
    default:
      return std::nullopt;
  }
}

WindowFrame frame_of(AstFrame frame) {
  return frame == AstFrame::kRow     ? WindowFrame::kRow
         : frame == AstFrame::kPeers ? WindowFrame::kPeers
                                     : WindowFrame::kPartition;
}

}  // namespace

WindowBinder::WindowBinder(const QueryBinder& query, const AstSelect& select, Relation input)
    : query_(query), select_(select), input_(std::move(input)), scope_(input_.scope()) {}

std::optional<Result<Bound>> WindowBinder::bind_call(const AstExpr& expr) {
  if (expr.kind != AstKind::kWindow) return std::nullopt;
  return bind_window(expr);
}

Result<Expr> WindowBinder::value(const AstExpr& expr) {
  SLUIS_ASSIGN(Bound raw, ExprBinder(scope_, query_.catalogue().closed).bind(expr));
  SLUIS_ASSIGN(Bound bound, as_value(std::move(raw)));
  SLUIS_TRY(check_printable(bound, expr.at));
  SLUIS_TRY(query_.spend(bound.expr, expr.at));
  return std::move(bound.expr);
}

Result<WindowBinder::Window> WindowBinder::bind_over(const AstExpr& expr) {
  Window out;
  const AstWindow& over = expr.over[0];
  for (const AstExpr& key : over.partition) {
    SLUIS_ASSIGN(Expr one, value(key));
    out.partition.push_back(std::move(one));
  }
  for (const AstOrder& key : over.order) {
    SLUIS_ASSIGN(Expr one, value(key.expr));
    out.order.push_back({std::move(one), key.descending, key.nulls_first});
  }
  return out;
}

Result<WindowBinder::Call> WindowBinder::bind_aggregate(const AstExpr& expr) {
  SLUIS_ASSIGN(AggregateRequest request, GroupBinder(query_, select_, input_, false).request(expr));
  const auto function = running(request.function);
  if (!function) return refusal("window_function", expr.at, {expr.name});
  Call out;
  out.call.function = *function;
  out.call.type = request.type;
  out.argument = std::move(request.argument);
  return out;
}

Result<WindowBinder::Call> WindowBinder::bind_function(const AstExpr& expr) {
  const auto known = functions().find(expr.name);
  if (known == functions().end()) return bind_aggregate(expr);
  Call out;
  out.call.function = known->second;
  const auto rows = static_cast<int64_t>(input_.node->max_rows);
  out.call.type = Type::integer(1, std::max<int64_t>(rows, 1));
  if (expr.args.empty()) return out;
  SLUIS_ASSIGN(out.argument, value(expr.args[0]));
  out.call.type = out.argument->type;
  if (expr.args.size() < 2) return out;
  const AstExpr& offset = expr.args[1];
  if (offset.kind != AstKind::kInteger || offset.number < 1 || offset.number > kMaxOffset)
    return refusal("window_offset", offset.at, {expr.name, std::to_string(kMaxOffset)});
  out.call.offset = static_cast<uint64_t>(offset.number);
  return out;
}

size_t WindowBinder::window_of(Window wanted) {
  const auto same = [](const Expr& a, const Expr& b) { return same_expr(a, b); };
  const auto same_key = [](const Key& a, const Key& b) {
    return same_expr(a.expr, b.expr) && a.descending == b.descending && a.nulls_first == b.nulls_first;
  };
  for (size_t w = 0; w < windows_.size(); ++w)
    if (std::ranges::equal(windows_[w].partition, wanted.partition, same) &&
        std::ranges::equal(windows_[w].order, wanted.order, same_key))
      return w;
  windows_.push_back(std::move(wanted));
  return windows_.size() - 1;
}

Result<Bound> WindowBinder::bind_window(const AstExpr& expr) {
  SLUIS_ASSIGN(Window over, bind_over(expr));
  SLUIS_ASSIGN(Call one, bind_function(expr));
  one.call.frame = frame_of(expr.over[0].frame);
  one.call.name = expr.name;
  const bool shift = one.call.function == WindowFunction::kLag || one.call.function == WindowFunction::kLead;
  const bool counts = !one.argument || one.call.function == WindowFunction::kCount;
  one.call.nullable = shift || (!counts && one.argument->nullable);
  Bound out;
  out.at = expr.at;
  const int column = static_cast<int>(input_.node->columns.size() + calls_.size());
  out.expr = column_expr(column, {expr.name, one.call.type, one.call.nullable});
  const size_t window = window_of(std::move(over));
  calls_.emplace_back(window, windows_[window].calls.size());
  windows_[window].calls.push_back(std::move(one));
  return out;
}

Result<NodePtr> WindowBinder::plan(Place at) {
  node_ = input_.node;
  if (calls_.empty()) return node_;
  std::vector<Expr> exprs;
  std::vector<std::string> names;
  for (size_t i = 0; i < node_->columns.size(); ++i) {
    exprs.push_back(column_expr(static_cast<int>(i), node_->columns[i]));
    names.push_back(node_->columns[i].name);
  }
  const auto column_of = [&](const Expr& expr) {
    for (size_t i = 0; i < exprs.size(); ++i)
      if (same_expr(exprs[i], expr)) return static_cast<int>(i);
    exprs.push_back(expr);
    names.push_back("window" + std::to_string(exprs.size()));
    return static_cast<int>(exprs.size()) - 1;
  };
  std::vector<WindowParts> all;
  for (Window& window : windows_) {
    WindowParts& parts = all.emplace_back();
    for (const Expr& key : window.partition) parts.partition.push_back(column_of(key));
    for (const Key& key : window.order)
      parts.order.push_back({column_of(key.expr), key.descending, key.nulls_first});
    for (Call& one : window.calls) {
      if (one.argument) one.call.column = column_of(*one.argument);
      parts.calls.push_back(one.call);
    }
  }
  if (exprs.size() > node_->columns.size())
    node_ = make_project(node_, std::move(exprs), names, query_.info("WINDOW", at));
  std::vector<size_t> first;  // column of each window's first call
  for (WindowParts& parts : all) {
    first.push_back(node_->columns.size());
    node_ = make_window(node_, std::move(parts), query_.info("WINDOW", at));
    SLUIS_TRY(query_.spend(*node_, at));
  }
  for (const auto& [window, call] : calls_) places_.push_back(static_cast<int>(first[window] + call));
  return node_;
}

Expr WindowBinder::placed(const Expr& item) const {
  const size_t width = input_.node->columns.size();
  return replace_columns(item, [&](const Expr& column) {
    const auto index = static_cast<size_t>(column.column);
    const int place = index < width ? column.column : places_[index - width];
    return column_expr(place, node_->columns[static_cast<size_t>(place)]);
  });
}

}  // namespace sluis::sql
