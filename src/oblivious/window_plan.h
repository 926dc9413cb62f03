// The public shape of a window(): what is moved, masked, scanned and returned. window() and its cost
// functions read the same plan.
#pragma once

#include <vector>

#include "oblivious/key.h"
#include "oblivious/scan.h"
#include "oblivious/window.h"

namespace sluis::oblivious {

// What one column of the scan over partitions folds.
enum class RunningSource : uint8_t {
  kOnes,            // 1 in every row
  kPeerStart,       // 1 where the ORDER BY values change
  kPresent,         // 1 where the column is not NULL
  kValue,           // the value; zero where NULL
  kOrdered,         // the value with its sign plane flipped; zero where NULL (MAX)
  kOrderedFromTop,  // the same; all ones where NULL (MIN)
  kWhole,           // the value and its null plane (first_value)
};

struct RunningColumn {
  RunningSource source = RunningSource::kOnes;
  int column = -1;  // of the table
  ScanShape shape;
  bool masked = false;  // NULLs are masked: an AND a plane
};

// How the running folds of one call reach its rows.
struct WindowOutput {
  int value = -1;    // position in `running`; -1: kLag, kLead
  int present = -1;  // position in `running` of "some value is not NULL", or -1: never NULL
  WindowFrame frame = WindowFrame::kRow;
  bool first_peer = false;  // the value of the first peer is asked (rank)
};

struct WindowPlan {
  std::vector<KeyType> key_types;  // partition columns, then order columns
  uint64_t partition_planes = 0;   // without the plane `valid`
  uint64_t order_planes = 0;
  bool peers = false;        // starts of peer groups are needed
  std::vector<int> carried;  // columns that calls read
  uint64_t carried_planes = 0;
  std::vector<RunningColumn> running;
  std::vector<WindowOutput> outputs;  // one for each call
  uint64_t max_offset = 0;            // of lag and lead
  uint64_t nullable_shifts = 0;       // lag and lead over columns that can be NULL
  uint64_t result_planes = 0;         // of all calls, null planes included
};

// REQUIRES: columns exist; result types as the binder gives them.
WindowPlan plan_window(const std::vector<relation::ColumnSchema>& columns, const WindowSpec& spec);

// The result's columns of the plan's running folds that a frame beyond the row copies back, as widths; for
// the scans after the first. `first_peer`: those of rank.
std::vector<ScanShape> copied_shapes(const WindowPlan& plan, WindowFrame frame, bool first_peer);

// Whether a call counts as a shift.
inline bool is_shift(WindowFunction function) {
  return function == WindowFunction::kLag || function == WindowFunction::kLead;
}

}  // namespace sluis::oblivious
