#include "oblivious/carried.h"

#include "sharing/bits_ops.h"

namespace sluis::oblivious {

SharedBits carried_planes(const SharedTable& table, const std::vector<int>& carried,
                          std::vector<const SharedBits*> parts) {
  for (const int c : carried) {
    const SharedColumn& column = table.columns[static_cast<size_t>(c)];
    parts.push_back(&column.value);
    if (column.null) parts.push_back(&*column.null);
  }
  return sharing::concat_planes(parts);
}

std::vector<SharedColumn> carried_columns(const SharedTable& table, const std::vector<int>& carried,
                                          const SharedBits& moved, size_t first) {
  std::vector<SharedColumn> columns(table.columns.size());
  const auto take = [&](size_t planes) {
    first += planes;
    return sharing::slice_planes(moved, first - planes, planes);
  };
  for (const int c : carried) {
    const SharedColumn& from = table.columns[static_cast<size_t>(c)];
    SharedColumn& to = columns[static_cast<size_t>(c)];
    to.type = from.type;
    to.value = take(from.value.planes());
    if (from.null) to.null = take(1);
  }
  return columns;
}

std::vector<SharedColumn> carry(mpc::Session& session, const SharedTable& table,
                                const std::vector<int>& carried, const Order& order) {
  if (carried.empty()) return std::vector<SharedColumn>(table.columns.size());
  const SharedBits moved = into_order(session, order, carried_planes(table, carried, {}));
  return carried_columns(table, carried, moved, 0);
}

}  // namespace sluis::oblivious
