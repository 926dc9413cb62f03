// Columns that travel into an order beside its key.
#pragma once

#include <vector>

#include "oblivious/order.h"
#include "oblivious/shared_table.h"

namespace sluis::oblivious {

// The planes of some columns of a table side by side, each value below its null plane, above `parts`.
SharedBits carried_planes(const SharedTable& table, const std::vector<int>& carried,
                          std::vector<const SharedBits*> parts);
// Those columns out of carried_planes, from plane `first` on; at their places in the table, the others empty.
std::vector<SharedColumn> carried_columns(const SharedTable& table, const std::vector<int>& carried,
                                          const SharedBits& moved, size_t first);
// The columns in the order. Cost: cost_into_order of their planes; no columns: nothing is sent. Leaks:
// nothing.
std::vector<SharedColumn> carry(mpc::Session& session, const SharedTable& table,
                                const std::vector<int>& carried, const Order& order);

}  // namespace sluis::oblivious
