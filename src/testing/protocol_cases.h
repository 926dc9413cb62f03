// Every protocol of mpc/ as one callable case, so that one test covers them all: cost, messages, masks,
// tampering.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "mpc/session.h"
#include "sharing/bits.h"
#include "sharing/ring.h"

namespace sluis::testing {

// One party's shares of the inputs that the cases use; all matrices have `rows` rows.
struct CaseInputs {
  size_t rows = 0;
  sharing::SharedBits x, y;  // 20 planes
  sharing::SharedBits wide;  // 70 planes
  sharing::SharedBits bit;   // 1 plane
  sharing::SharedRing32 count;
  sharing::SharedRing64 sum, other;
};

enum class CaseData : uint8_t {
  kRandom,      // random values, random shares
  kZero,        // zeros, random shares
  kZeroShares,  // every share is zero: what is sent is the masks alone
};
std::array<CaseInputs, 3> case_inputs(size_t rows, CaseData data, uint64_t seed);

struct ProtocolCase {
  std::string name;
  std::function<void(mpc::Session&, const CaseInputs&)> run;
  std::function<mpc::Cost(uint64_t rows)> cost;
  bool opens = false;  // its messages are a function of the inputs: openings
};
const std::vector<ProtocolCase>& protocol_cases();

}  // namespace sluis::testing
