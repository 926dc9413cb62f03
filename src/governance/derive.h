// Arithmetic that a study declares over released counts: `derive = [{ name = "per_1000", expr = "1000 * a /
// b" }]`.
//
//   expression = term { ("+" | "-") term }      term = factor { ("*" | "/") factor }
//   factor     = number | column | "(" expression ")"
//
// Numbers are plain decimals without sign. Nothing else: no functions, no comparisons, nothing that could
// choose.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluis::governance {

// One step in postfix order.
struct DeriveStep {
  enum class Kind : uint8_t { kNumber, kColumn, kAdd, kSubtract, kMultiply, kDivide };
  Kind kind = Kind::kNumber;
  double number = 0;   // kNumber
  std::string column;  // kColumn
  bool operator==(const DeriveStep&) const = default;
};

// INVARIANT: the steps leave exactly one value; at most 64 steps.
struct DeriveFormula {
  std::vector<DeriveStep> steps;
  // Columns named, each once, in order of appearance.
  std::vector<std::string> columns() const;
};

// At most 400 bytes and 16 nested parentheses. Error: S1005.expression with the offending character's place
// (from 1) as second argument.
Result<DeriveFormula> parse_derive(std::string_view text);

// The value, with `value_of` called for each column; nothing if a division by zero occurs.
std::optional<double> evaluate(const DeriveFormula& formula,
                               const std::function<double(const std::string&)>& value_of);

}  // namespace sluis::governance
