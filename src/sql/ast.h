// What a SELECT says, before names are known: our own small tree, made by parser.h from PostgreSQL's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace sluis::sql {

// A position in the study file (or in the text of a rehearsal query). 1-based; 0 is unknown. Columns count
// characters.
struct Place {
  int line = 0;
  int column = 0;
};

// A refusal under code S1021: `cause` names the construct, the catalogues hold its text and the suggestion.
inline Error refusal(const std::string& cause, Place at, std::vector<std::string> args = {}) {
  return Error{"S1021." + cause, std::move(args), "", at.line, at.column};
}

enum class AstKind : uint8_t {
  kColumn,   // qualifier.name
  kInteger,  // number
  kDecimal,  // number, scale: 12.34 is 1234, 2
  kText,     // text
  kBoolean,  // number
  kNull,
  kInterval,  // number: months, days
  kOperator,  // name: + - * / % = <> < <= > >=; one argument: unary minus
  kAnd,
  kOr,
  kNot,
  kIsNull,
  kIsNotNull,
  kIsTrue,
  kIsNotTrue,
  kIsFalse,
  kIsNotFalse,
  kDistinctFrom,
  kNotDistinctFrom,
  kBetween,     // args: value, low, high
  kIn,          // args: value, then the list
  kInQuery,     // args: value; query
  kExists,      // query
  kCase,        // args: when, then, ..., else (always there)
  kSimpleCase,  // args: operand, then as kCase
  kCoalesce,
  kNullIf,
  kGreatest,
  kLeast,
  kCast,       // name: int, bigint, bool, date, text, decimal (scale; -1: numeric without one)
  kExtract,    // name: year, month, quarter, dow, isodow; args: a date, or one kAge
  kAge,        // args: two dates; only inside EXTRACT(year FROM ...)
  kRound,      // args: value; number: decimals; scale: 1 if they were given
  kAggregate,  // name: count, sum, min, max, bool_and, bool_or, avg, var_samp, var_pop, stddev_samp,
               // stddev_pop; args: none for count(*)
  kWindow,     // name: as kAggregate, or row_number, rank, dense_rank, lag, lead, first_value; over
};

struct AstSelect;
struct AstWindow;

struct AstExpr {
  AstKind kind = AstKind::kNull;
  Place at;
  std::string name, qualifier, text;
  int64_t number = 0;
  int64_t days = 0;
  bool distinct = false;    // kAggregate: COUNT(DISTINCT x)
  int64_t denominator = 1;  // percentile_disc(number / denominator) WITHIN GROUP (ORDER BY args[0])
  bool descending = false;
  int scale = 0;                // kDecimal, kCast, kRound
  std::vector<AstExpr> filter;  // kAggregate: FILTER (WHERE ...), empty or one
  std::vector<AstExpr> args;
  std::vector<AstSelect> query;  // kInQuery, kExists: one
  std::vector<AstWindow> over;   // kWindow: one
};

struct AstOrder {
  AstExpr expr;
  bool descending = false;
  bool nulls_first = false;
};

// OVER (...). The frame begins with the partition.
enum class AstFrame : uint8_t { kRow, kPeers, kPartition };
struct AstWindow {
  std::vector<AstExpr> partition;
  std::vector<AstOrder> order;
  AstFrame frame = AstFrame::kPeers;
};

struct AstItem {
  bool star = false;  // *, or qualifier.*
  std::string qualifier;
  AstExpr expr;
  std::string alias;  // empty: PostgreSQL's own name
  Place at;
};

enum class AstJoin : uint8_t { kInner, kLeft, kRight, kCross };

struct AstFrom {
  enum class Kind : uint8_t { kTable, kQuery, kJoin };
  Kind kind = Kind::kTable;
  Place at;
  std::string name;              // kTable
  std::string alias;             // kTable: name if not given; kQuery
  std::vector<AstSelect> query;  // kQuery: one
  AstJoin join = AstJoin::kInner;
  std::vector<AstFrom> sides;  // kJoin: two
  std::vector<AstExpr> on;     // kJoin: one, none for kCross
};

struct AstSelect {
  Place at;
  std::vector<std::pair<std::string, AstSelect>> with;
  std::vector<AstSelect> arms;  // UNION: two; then all but `with`, order_by, limit is empty
  bool union_all = false;
  bool distinct = false;
  std::vector<AstItem> items;
  std::vector<AstFrom> from;
  std::optional<AstExpr> where, having;
  std::vector<AstExpr> group_by;
  std::vector<AstOrder> order_by;
  std::optional<uint64_t> limit;
};

}  // namespace sluis::sql
