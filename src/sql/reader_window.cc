// Window functions: f(...) OVER (...).
#include <algorithm>

#include "sql/reader.h"

namespace sluis::sql {
namespace {

// Bits of PostgreSQL's frameOptions (nodes/parsenodes.h).
constexpr int64_t kNonDefault = 0x1, kRange = 0x2, kRows = 0x4, kGroups = 0x8, kBetween = 0x10;
constexpr int64_t kFromStart = 0x20, kToEnd = 0x100, kToCurrent = 0x400;

// Nothing: a frame that does not begin with the partition, or leaves rows out.
std::optional<AstFrame> frame_of(int64_t options) {
  const int64_t ends = options & (kToEnd | kToCurrent);
  const int64_t modes = options & (kRange | kRows | kGroups);
  const int64_t known = kNonDefault | kRange | kRows | kGroups | kBetween | kFromStart | kToEnd | kToCurrent;
  if ((options & ~known) != 0 || (options & kFromStart) == 0) return std::nullopt;
  if (ends == kToEnd) return AstFrame::kPartition;
  if (ends != kToCurrent) return std::nullopt;
  return modes == kRows ? AstFrame::kRow : AstFrame::kPeers;
}

bool one_of(const std::string& name, std::initializer_list<const char*> names) {
  return std::ranges::any_of(names, [&](const char* one) { return name == one; });
}

}  // namespace

Status Reader::window_arguments(const Body& body, AstExpr& out) {
  const bool shift = one_of(out.name, {"lag", "lead"});
  SLUIS_ASSIGN(out.args, list(body.items_of("args")));
  if (shift && out.args.size() == 3) return refusal("window_default", out.at, {out.name});
  const size_t least = shift || out.name == "first_value" ? 1 : 0, most = shift ? 2 : least;
  const bool plain = body.find("agg_filter") == nullptr && !body.flag("agg_distinct") &&
                     !body.flag("agg_star") && body.find("agg_order") == nullptr;
  // PostgreSQL cannot tell the type of lag('text') or lag(NULL).
  const bool typeless =
      !out.args.empty() && (out.args[0].kind == AstKind::kText || out.args[0].kind == AstKind::kNull);
  if (!plain || typeless || out.args.size() < least || out.args.size() > most)
    return refusal("arguments", out.at, {out.name});
  return {};
}

Result<AstExpr> Reader::window(const Body& body, const Body& over, AstExpr out) {
  const Place at = out.at;
  if (one_of(out.name, {"count", "sum", "min", "max", "bool_and", "bool_or", "every"})) {
    SLUIS_ASSIGN(out, aggregate(body, std::move(out)));
    if (out.distinct || body.flag("agg_distinct")) return refusal("window_distinct", at, {out.name});
  } else if (one_of(out.name, {"row_number", "rank", "dense_rank", "lag", "lead", "first_value"})) {
    SLUIS_TRY(window_arguments(body, out));
  } else {
    return refusal("window_function", at, {out.name});
  }
  out.kind = AstKind::kWindow;
  AstWindow window;
  SLUIS_ASSIGN(window.partition, list(over.items_of("partitionClause")));
  SLUIS_ASSIGN(window.order, sort_keys(over.items_of("orderClause")));
  const auto frame = frame_of(over.number_of("frameOptions"));
  if (!frame) return refusal("window_frame", at, {out.name});
  window.frame = *frame;
  if (window.order.empty() &&
      one_of(out.name, {"row_number", "rank", "dense_rank", "lag", "lead", "first_value"}))
    return refusal("window_order", at, {out.name});
  out.over.push_back(std::move(window));
  return out;
}

}  // namespace sluis::sql
