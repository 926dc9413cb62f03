#include "governance/derive.h"

#include <algorithm>

namespace sluis::governance {
namespace {

using Kind = DeriveStep::Kind;
constexpr size_t kMaxBytes = 400;
constexpr size_t kMaxSteps = 64;
constexpr int kMaxDepth = 16;

// Recursive descent; depth is bounded, so the stack is.
class Parser {
 public:
  explicit Parser(std::string_view in) : in_(in) {}

  bool expression(int depth) {
    if (!term(depth)) return false;
    while (const char op = one_of("+-")) {
      if (!term(depth)) return false;
      push({op == '+' ? Kind::kAdd : Kind::kSubtract, 0, {}});
    }
    return true;
  }
  bool at_end() {
    skip_blanks();
    return at_ == in_.size() && formula.steps.size() <= kMaxSteps;
  }
  size_t place() const { return at_ + 1; }
  DeriveFormula formula;

 private:
  bool term(int depth) {
    if (!factor(depth)) return false;
    while (const char op = one_of("*/")) {
      if (!factor(depth)) return false;
      push({op == '*' ? Kind::kMultiply : Kind::kDivide, 0, {}});
    }
    return true;
  }
  bool factor(int depth) {
    if (one_of("(") != 0) return depth < kMaxDepth && expression(depth + 1) && one_of(")") != 0;
    skip_blanks();
    const size_t start = at_;
    const bool number = is_digit(peek());
    while (is_digit(peek()) || (!number && is_name(peek()))) ++at_;
    if (number && peek() == '.' && at_ + 1 < in_.size() && is_digit(in_[at_ + 1]))
      for (++at_; is_digit(peek());) ++at_;
    const std::string word(in_.substr(start, at_ - start));
    if (word.empty() || word.size() > 63 || (number && (is_name(peek()) || word.size() > 12))) return false;
    push(number ? DeriveStep{Kind::kNumber, std::stod(word), {}} : DeriveStep{Kind::kColumn, 0, word});
    return true;
  }
  void push(DeriveStep step) { formula.steps.push_back(std::move(step)); }
  void skip_blanks() {
    while (peek() == ' ') ++at_;
  }
  char peek() const { return at_ < in_.size() ? in_[at_] : '\0'; }
  // Takes the next character if it is one of these; else 0.
  char one_of(std::string_view characters) {
    skip_blanks();
    if (at_ == in_.size() || characters.find(in_[at_]) == std::string_view::npos) return 0;
    return in_[at_++];
  }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  static bool is_name(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }

  std::string_view in_;
  size_t at_ = 0;
};

}  // namespace

std::vector<std::string> DeriveFormula::columns() const {
  std::vector<std::string> out;
  for (const DeriveStep& step : steps)
    if (step.kind == Kind::kColumn && std::find(out.begin(), out.end(), step.column) == out.end())
      out.push_back(step.column);
  return out;
}

Result<DeriveFormula> parse_derive(std::string_view text) {
  Parser parser(text);
  if (text.size() <= kMaxBytes && parser.expression(0) && parser.at_end()) return std::move(parser.formula);
  Error error;
  error.id = "S1005.expression";
  error.args = {std::string(text.substr(0, kMaxBytes)), std::to_string(parser.place())};
  return error;
}

std::optional<double> evaluate(const DeriveFormula& formula,
                               const std::function<double(const std::string&)>& value_of) {
  std::vector<double> stack;
  for (const DeriveStep& step : formula.steps) {
    if (step.kind == Kind::kNumber || step.kind == Kind::kColumn) {
      stack.push_back(step.kind == Kind::kNumber ? step.number : value_of(step.column));
      continue;
    }
    CHECK(stack.size() >= 2);
    const double right = stack.back();
    stack.pop_back();
    double& left = stack.back();
    if (step.kind == Kind::kDivide && right == 0) return std::nullopt;
    left = step.kind == Kind::kAdd        ? left + right
           : step.kind == Kind::kSubtract ? left - right
           : step.kind == Kind::kMultiply ? left * right
                                          : left / right;
  }
  CHECK(stack.size() == 1);
  return stack.back();
}

}  // namespace sluis::governance
