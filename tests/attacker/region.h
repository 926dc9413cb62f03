// A small invented region, child by child: what nobody may learn, and the counts that the rules see.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "disclosure/reference.h"

namespace sluis::attacker {

struct Child {
  uint32_t cell = 0;
  uint32_t household = 0;
  int owner = 0;         // municipality: population table
  int debt_owner = -1;   // whose debt file names a parent
  int provider = -1;     // whose care file names the child
  uint32_t counted = 0;  // bit s: sub-count s counts the child
};

// How two sub-counts lie to each other in the data.
enum class Shape : uint8_t { kOne, kNested, kDisjoint };

struct Region {
  size_t cells = 0, owners = 0;
  std::vector<Child> children;
};

// Cells of two columns (debt: yes, no) with sizes, families and owners around every threshold.
Region make_region(size_t rows, Shape shape, uint64_t seed);

// Exact counts as the engine would deliver them: tables are population, debt, care.
disclosure::ClearTable tabulate(const Region& region, size_t sub_counts);

// Size of a set of children.
struct Size {
  size_t persons = 0, households = 0;
};
Size size_of(const Region& region, const std::function<bool(const Child&)>& belongs);

// The owner of a child in one of the three tables, or -1.
int owner_in(const Child& child, size_t table);

disclosure::OutputPolicy region_policy(const Region& region, size_t sub_counts);

}  // namespace sluis::attacker
