// percentile_disc(fraction) WITHIN GROUP (ORDER BY x).
#include <cmath>

#include "sql/reader.h"

namespace sluis::sql {
namespace {

constexpr size_t kMaxDecimals = 4;

// 0, 1, or 0.dddd as numerator and denominator.
struct Fraction {
  int64_t numerator = 0, denominator = 1;
};
std::optional<Fraction> fraction_of(const SyntaxTree& node) {
  if (type_of(node) != "A_Const") return std::nullopt;
  const Body& body = body_of(node);
  std::string text;
  if (const SyntaxTree* whole = body.find("ival")) text = std::to_string(whole->number_of("ival"));
  if (const SyntaxTree* decimal = body.find("fval")) text = decimal->text_of("fval");
  const size_t point = std::min(text.find('.'), text.size());
  const std::string before = text.substr(0, point);
  const std::string after = point < text.size() ? text.substr(point + 1) : "";
  const bool digits = (before + after).find_first_not_of("0123456789") == std::string::npos;
  if (text.empty() || !digits || before.size() > 1 || after.size() > kMaxDecimals) return std::nullopt;
  Fraction out;
  for (const char digit : before + after) out.numerator = 10 * out.numerator + (digit - '0');
  for (size_t i = 0; i < after.size(); ++i) out.denominator *= 10;
  return out.numerator <= out.denominator ? std::optional(out) : std::nullopt;
}

// PostgreSQL takes the value at place ceil(fraction * n), computed in double precision. Whether that is the
// exact place for every n: the product of the nearest double and a multiple of the denominator must not round
// up. With D = double - fraction, that holds if D <= 0, or D <= fraction / 2^54: half a unit in the last
// place of the least product of its size.
bool exact_in_double(const Fraction& fraction) {
  __extension__ using Wide = __int128;
  int exponent = 0;
  const double value = static_cast<double>(fraction.numerator) / static_cast<double>(fraction.denominator);
  const double mantissa = std::frexp(value, &exponent);  // value = mantissa 2^exponent, 1/2 <= mantissa < 1
  const auto whole = static_cast<int64_t>(std::ldexp(mantissa, 53));
  const int shift = 53 - exponent;  // value = whole / 2^shift
  if (value == 0) return true;
  const Wide exact = static_cast<Wide>(fraction.numerator) << shift;
  const Wide above = static_cast<Wide>(whole) * fraction.denominator - exact;
  return above <= 0 || above <= (exact >> 54);
}

}  // namespace

Result<AstExpr> Reader::quantile(const Body& body, AstExpr out) {
  const Place at = out.at;
  if (out.name == "percentile_cont") return refusal("percentile_cont", at);
  if (out.name != "percentile_disc") return refusal("function", at, {out.name});
  if (body.find("over") != nullptr) return refusal("window_function", at, {out.name});
  SLUIS_ASSIGN(std::vector<AstOrder> order, sort_keys(body.items_of("agg_order")));
  const std::vector<SyntaxTree>& arguments = body.items_of("args");
  const auto fraction = arguments.size() == 1 ? fraction_of(arguments[0]) : std::nullopt;
  if (order.size() != 1 || !fraction || !exact_in_double(*fraction)) return refusal("quantile", at);
  out.number = fraction->numerator;
  out.denominator = fraction->denominator;
  out.descending = order[0].descending;
  out.args.push_back(std::move(order[0].expr));
  if (const SyntaxTree* filter = body.find("agg_filter")) {
    SLUIS_ASSIGN(AstExpr condition, expression(*filter));
    out.filter.push_back(std::move(condition));
  }
  return out;
}

}  // namespace sluis::sql
