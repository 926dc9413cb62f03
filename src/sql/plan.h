// The plan: a public value between the binder and whoever executes it (engine on shares, evaluate in the
// clear).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "relation/table.h"

namespace sluis::sql {

using relation::ColumnSchema;
using relation::Type;

// ---- expressions: typed, bounds known, SQL null semantics (three-valued for booleans)
enum class Op : uint8_t {
  kColumn,    // column: index into the input's columns
  kConstant,  // constant, or NULL if is_null
  kAdd,
  kSubtract,
  kMultiply,
  kNegate,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,  // operands already of comparable types
  kAnd,           // two arguments, as kOr
  kOr,
  kNot,
  kIsNull,
  kIsNotNull,
  kCase,  // args: when_1, then_1, ..., when_n, then_n, else (always present; NULL constant if absent in SQL).
          // An argument's bounds may be narrower or (GREATEST, LEAST) wider than `type`; a chosen value fits
  kCoalesce,
  kAddMonths,  // args[0] a date; months: public
  kYear,
  kMonth,  // EXTRACT
  kQuarter,
  kDayOfWeek,     // Sunday 0 .. Saturday 6
  kIsoDayOfWeek,  // Monday 1 .. Sunday 7
  kRecode,   // category of args[0].type -> category of `type` by text (values absent from the target cannot
             // occur)
  kRescale,  // a number at the scale of `type`: exact when finer, else rounded half away from zero
  kDivide,   // integers, truncated toward zero; on shares args[1] is a constant other than 0
  kModulo,   // numbers of one scale; the sign of args[0], as PostgreSQL; args[1] likewise
  kAge,  // EXTRACT(year FROM age(args[0], args[1])): whole years between two dates, negative if args[0] is
         // earlier
  // Only in an output's `derived` and `having`, after opening (figure.h), with type kNumeric. There the
  // operators above take kNumeric too.
  kToNumeric,
  kRound,     // args[0] to `months` decimals
  kVariance,  // args: SUM(x), SUM(x * x), COUNT(x); months: 1 of a sample, 0 of a population
  kStddev,    // the same
};

struct Expr {
  Op op = Op::kConstant;
  Type type;
  bool nullable = false;
  int column = -1;
  int64_t constant = 0;
  bool is_null = false;  // constant NULL
  int months = 0;        // kAddMonths; see kRound, kVariance
  std::vector<Expr> args;
};

// ---- relations
enum class NodeKind : uint8_t { kScan, kFilter, kProject, kJoin, kGroupBy, kUnionAll, kWindow };
enum class JoinKind : uint8_t { kInner, kLeft, kSemi, kAnti };
enum class Function : uint8_t { kCountRows, kCount, kSum, kMin, kMax, kAny };

struct AggregateCall {
  Function function = Function::kCountRows;
  int column = -1;  // of the input; FILTER and expressions are projected beforehand
  Type type;        // of the result
  bool nullable = false;
  std::string name;
  bool operator==(const AggregateCall&) const = default;
};

enum class WindowFunction : uint8_t {
  kRowNumber,
  kRank,
  kDenseRank,
  kLag,
  kLead,
  kFirst,
  kCountRows,
  kCount,
  kSum,
  kMin,
  kMax,
};

// Where the frame of a running aggregate ends; it begins with the partition.
enum class WindowFrame : uint8_t {
  kRow,        // ROWS ... CURRENT ROW
  kPeers,      // RANGE ... CURRENT ROW: with all rows of the same ORDER BY values (SQL's default)
  kPartition,  // ... UNBOUNDED FOLLOWING
};

struct WindowOrder {
  int column = -1;
  bool descending = false;
  bool nulls_first = false;
  bool operator==(const WindowOrder&) const = default;
};

struct WindowCall {
  WindowFunction function = WindowFunction::kRowNumber;
  int column = -1;                          // of the input; FILTER and expressions are projected beforehand
  uint64_t offset = 1;                      // kLag, kLead
  WindowFrame frame = WindowFrame::kPeers;  // of the aggregates
  Type type;                                // of the result
  bool nullable = false;
  std::string name;
  bool operator==(const WindowCall&) const = default;
};

// What is proven about the rows of a node (keys.h).
struct KeyBound {  // no more than `rows` valid rows share the values of `columns`, NULLs apart; 1: unique
  std::vector<int> columns;
  uint64_t rows = 1;
  bool operator==(const KeyBound&) const = default;
};
struct Numbered {  // `column` counts 1, 2, 3, ... within each partition: no two rows of one have the same
  int column = -1;
  std::vector<int> partition;
};

// One operator. `columns` describes its output. Each node has a label for EXPLAIN ("kinderen: LEFT JOIN
// schuld").
struct Node {
  NodeKind kind = NodeKind::kScan;
  std::string label;
  std::vector<ColumnSchema> columns;
  std::vector<KeyBound> key_bounds;  // proven by the binder
  std::vector<Numbered> numbered;
  std::vector<std::shared_ptr<const Node>> inputs;  // shared: a view is one node, however often it is read
  uint64_t max_rows = 0;                            // public bound of the number of rows
  int line = 0;                                     // of the study file; 0 unknown

  std::string table;              // kScan
  std::vector<int> scan_columns;  // kScan: positions in the table's schema, in output order
  std::vector<Expr> exprs;        // kFilter: one predicate; kProject: one per output column
  // kJoin: inputs[0] the many side, inputs[1] with at most `at_most` rows per key: 1, but in kInner and kLeft
  // before expand_joins (rewrite.h).
  JoinKind join = JoinKind::kInner;
  uint64_t at_most = 1;
  std::vector<int> left_keys, right_keys, right_payload;
  // kGroupBy
  std::vector<int> group_keys;
  std::vector<AggregateCall> aggregates;
  // kWindow: the input's columns, then one per call.
  std::vector<int> partition;
  std::vector<WindowOrder> order;
  std::vector<WindowCall> windows;
};
using NodePtr = std::shared_ptr<const Node>;

// ---- outputs
struct Dimension {
  std::string name;
  int column = -1;             // of the input
  std::vector<int64_t> codes;  // public values in printing order
  bool null_cell = false;      // rehearsal: NULL is a group of its own (printed last)
};

// The final aggregation: input rows -> one figure per cell and measure. `order_by` and `limit` apply after
// opening (rehearsal).
struct Output {
  std::string name;
  NodePtr input;
  std::vector<Dimension> dimensions;  // empty: one cell
  std::vector<AggregateCall> measures;
  // Output column order: -1 - m is measure m, 0 <= d < dimensions.size() dimension d, above that derived
  // [d - dimensions.size()].
  std::vector<int> select;
  std::vector<std::string> select_names;  // names of the output columns
  // Rehearsal, after opening: expressions over the row (dimensions, then measures), and HAVING, a boolean
  // one. present() of evaluate.h applies them.
  std::vector<Expr> derived;
  std::optional<Expr> having;
  std::vector<std::pair<int, bool>> order_by;  // (position in select, descending)
  std::optional<uint64_t> limit;
  bool only_occurring = true;  // rehearsal: print only cells with rows; study: always all cells
  // Study mode (-1 / empty in rehearsal): input columns that hold the counted units and, per base table, the
  // hidden owner column.
  int person = -1;
  bool person_unique = false;  // proven: no two valid input rows share a person
  int household = -1;
  std::vector<std::pair<std::string, int>>
      owner_columns;  // (table, input column; category of owner codes, NULL = none)
};

struct Plan {
  std::map<std::string, relation::TableSchema> tables;  // the base tables it reads
  std::vector<Output> outputs;
};

}  // namespace sluis::sql
