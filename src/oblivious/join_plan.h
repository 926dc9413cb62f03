// The public shape of a join, and columns by position: what join(), its index and their cost functions share.
#pragma once

#include <vector>

#include "oblivious/join.h"
#include "oblivious/key.h"

namespace sluis::oblivious {

struct JoinPlan {
  std::vector<KeyType> key_types;
  uint64_t key_planes = 0;
  uint64_t payload_planes = 0;     // values and null planes
  uint64_t payload_nulls = 0;      // payload columns with a null plane
  bool left_key_nullable = false;  // some left key column can be NULL
  // Differences take the key through the shuffle (4/3 bits a plane and row), the scan two ANDs a plane. Over
  // an index the key stays where it is.
  bool by_differences = false;
};

// REQUIRES: spec names columns of the two sides. `indexed`: the union's order is at hand.
JoinPlan plan_join(const std::vector<relation::ColumnSchema>& left,
                   const std::vector<relation::ColumnSchema>& right, const JoinSpec& spec, bool indexed);

std::vector<relation::ColumnSchema> schemas_of(const SharedTable& table);
std::vector<const SharedColumn*> pick(const SharedTable& table, const std::vector<int>& columns);
std::vector<relation::ColumnSchema> pick(const std::vector<relation::ColumnSchema>& schemas,
                                         const std::vector<int>& columns);

}  // namespace sluis::oblivious
