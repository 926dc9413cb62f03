// One step of a segmented scan: two neighbouring folds become one, for all columns in the same rounds.
#pragma once

#include <cstdint>
#include <vector>

#include "oblivious/scan.h"

namespace sluis::oblivious {

// Planes of the earlier and the later operand and of the result.
struct CombineColumn {
  Fold fold;
  bool is_signed;
  uint64_t left, right, out;
};

struct CombinePlan {
  std::vector<CombineColumn> columns;
  bool with_flags;  // also keep <- keep_left AND keep_right
  uint64_t rows;    // few rows: fewer rounds are worth more gates
};

struct CombineInput {
  std::vector<SharedBits> left, right;
  SharedBits keep_right;  // 0 where the right operand starts a segment: it stands alone
  SharedBits keep_left;   // used if with_flags
};

struct Combined {
  std::vector<SharedBits> values;
  SharedBits keep;
};

Combined combine(mpc::Session& session, const CombinePlan& plan, const CombineInput& input);
mpc::Cost cost_combine(const CombinePlan& plan);

}  // namespace sluis::oblivious
