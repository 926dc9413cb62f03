// Window functions: row_number, rank, lag, lead, first_value and running aggregates over (PARTITION BY ...
// ORDER BY ...).
#pragma once

#include <vector>

#include "oblivious/order.h"

namespace sluis::oblivious {

enum class WindowFunction : uint8_t {
  kRowNumber,
  kRank,
  kDenseRank,
  kLag,
  kLead,
  kFirst,  // first_value over any frame that begins with the partition
  kCountRows,
  kCount,
  kSum,
  kMin,
  kMax,
};

// Where the frame of a running aggregate ends; it begins with the partition.
enum class WindowFrame : uint8_t {
  kRow,        // ROWS ... CURRENT ROW
  kPeers,      // RANGE ... CURRENT ROW: the last row with the same ORDER BY values. SQL's default
  kPartition,  // ... UNBOUNDED FOLLOWING
};

struct WindowOrder {
  int column = -1;
  bool descending = false;
  bool nulls_first = false;
};

struct WindowCall {
  WindowFunction function = WindowFunction::kRowNumber;
  int column = -1;                          // of the input; -1 for those that count rows
  uint64_t offset = 1;                      // kLag, kLead: so many rows away, 1..kMaxWindowOffset
  WindowFrame frame = WindowFrame::kPeers;  // of the aggregates
  relation::Type result_type;               // bounds of the result, from the binder
};

inline constexpr uint64_t kMaxWindowOffset = 64;

struct WindowSpec {
  std::vector<int> partition;      // may be empty: one partition
  std::vector<WindowOrder> order;  // may be empty: all rows of a partition are peers
  std::vector<WindowCall> calls;
};

// The input's rows in the input's order and with its columns, then one column per call: as SQL has it among
// the valid rows (values in rows that are not valid mean nothing). NULLs of a partition column form one
// partition. lag and lead are always nullable, MIN, MAX, SUM and first_value if their column is. Rows that
// the order does not tell apart stand in the input's order.
SharedTable window(mpc::Session& session, const SharedTable& table, const WindowSpec& spec,
                   const SortUse& sort = {});
// Exact cost of a window() whose sort did `trace`; the bound and the expectation for EXPLAIN.
mpc::Cost cost_window(const std::vector<relation::ColumnSchema>& columns, const SortTrace& trace,
                      const WindowSpec& spec);
// The sort inside a window().
SortShape window_sort(const std::vector<relation::ColumnSchema>& columns, uint64_t rows,
                      const WindowSpec& spec);
mpc::Cost cost_window_bound(const std::vector<relation::ColumnSchema>& columns, uint64_t rows,
                            const WindowSpec& spec, const SortRule& rule = {});
mpc::Cost cost_window_expected(const std::vector<relation::ColumnSchema>& columns, uint64_t rows,
                               const WindowSpec& spec, const SortRule& rule = {});

}  // namespace sluis::oblivious
