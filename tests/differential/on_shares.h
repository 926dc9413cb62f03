// A rehearsal query answered by three parties in this process: tables split, computed on shares, opened as
// the processes of a rehearsal open, printed as they print.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/executor.h"
#include "relation/table.h"
#include "sql/binder.h"
#include "sql/evaluate.h"
#include "testing/three_parties.h"

namespace sluis::differential {

// Tables as shares, padded as a delivery is; the rows that are not valid stand anywhere and hold anything.
struct SharedCase {
  std::array<engine::SharedTables, 3> shares;
  std::vector<relation::TableSchema> schemas;
  std::map<std::string, uint64_t> rows;  // padded
};
SharedCase share_case(const std::vector<relation::Table>& tables, uint64_t seed);

struct SharesAnswer {
  Errors errors;     // of binding, or of a figure after opening (S1122); then there is no table
  std::string plan;  // for messages
  sql::ResultTable table;
  mpc::Cost measured;  // opening included
  std::array<testing::Trace, 3> traces;
  std::array<std::vector<mpc::PrgUse>, 3> prg_uses;
};
// `options`: keys, mesh. `rule`: the network that circuits are chosen for. All three parties open the same
// figures, or a test failure is added.
SharesAnswer answer_on_shares(const std::string& sql, const SharedCase& tables,
                              const testing::RunOptions& options, const oblivious::SortRule& rule = {});

}  // namespace sluis::differential
