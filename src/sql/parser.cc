#include "sql/parser.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "sql/reader.h"

namespace sluis::sql {
namespace {

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
    std::string word(text.substr(0, length));
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto unit = kUnits.find(word);
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
