// The public shape of a GROUP BY: what is moved, masked and folded. group_by() and its cost functions read
// the same plan.
#pragma once

#include <vector>

#include "oblivious/group_by.h"
#include "oblivious/key.h"

namespace sluis::oblivious {

// What one column of the segmented scan folds.
enum class FoldSource : uint8_t {
  kOnes,           // 1 in every row that counts
  kPresent,        // 1 where the column is not NULL
  kValue,          // the value; zero where NULL
  kOrdered,        // the value with its sign plane flipped; zero where NULL (MAX)
  kOrderedFromTop  // the same; all ones where NULL (MIN)
};

struct FoldColumn {
  FoldSource source;
  int column;  // of the table; -1 for kOnes
  ScanShape shape;
  bool masked;  // NULLs are masked: an AND a plane (interleaved: invalid rows, NULLs, or both)
};

// Where an aggregate is read at the last row of its group.
struct FoldOutput {
  int fold;     // position in folds, or -1: the row's own value (kAny; interleaved: of a key column)
  int present;  // position in folds of "some value is not NULL", or -1: never NULL
};

struct GroupPlan {
  // Valid and invalid rows share groups (rows in the order of an index): what invalid rows hold is masked in
  // every fold, and one more fold says which groups have a valid row.
  bool interleaved = false;
  std::vector<KeyType> key_types;
  uint64_t key_planes = 0;   // without the plane for invalid rows
  std::vector<int> carried;  // columns that are moved into order beside the key
  uint64_t carried_planes = 0;
  std::vector<FoldColumn> folds;
  std::vector<FoldOutput> outputs;  // one for each aggregate
  std::vector<int> masked_nulls;    // interleaved: columns whose NULLs some fold masks, ascending

  // Planes that into_index moves in an interleaved plan: `valid` and the carried columns.
  uint64_t moved_planes() const { return 1 + carried_planes; }
};

// REQUIRES: keys and aggregates name columns; result types as the binder gives them;
// interleaved: keys not empty.
GroupPlan plan_group(const std::vector<relation::ColumnSchema>& columns, const std::vector<int>& keys,
                     const std::vector<AggregateSpec>& aggregates, bool interleaved = false);

}  // namespace sluis::oblivious
