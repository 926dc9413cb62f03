// The uniqueness check of join.h.
#include "base/check.h"
#include "mpc/compare.h"
#include "oblivious/join.h"
#include "oblivious/key.h"
#include "sharing/bits_ops.h"

namespace sluis::oblivious {
namespace {

using relation::ColumnSchema;

std::vector<KeyType> key_types(const std::vector<ColumnSchema>& columns) {
  std::vector<KeyType> types;
  for (const ColumnSchema& column : columns) types.push_back({column.type, column.nullable});
  return types;
}

std::vector<ColumnSchema> pick(const std::vector<ColumnSchema>& columns, const std::vector<int>& keys) {
  std::vector<ColumnSchema> picked;
  for (const int key : keys) picked.push_back(columns.at(static_cast<size_t>(key)));
  return picked;
}

// OR over all rows: one row. Halves the rows at every round.
SharedBits or_rows(mpc::Session& session, SharedBits x) {
  while (x.rows() > 1) {
    const SharedBits even = sharing::even_rows(x), odd = sharing::odd_rows(x);
    const SharedBits pairs = mpc::or_(session, sharing::slice_rows(even, 0, odd.rows()), odd);
    if (even.rows() == odd.rows()) {
      x = pairs;
    } else {
      const SharedBits last = sharing::slice_rows(even, odd.rows(), 1);
      x = sharing::concat_rows({&pairs, &last});
    }
  }
  return x;
}

mpc::Cost cost_or_rows(uint64_t rows) {
  mpc::Cost cost;
  for (; rows > 1; rows -= rows / 2) cost += mpc::cost_and(rows / 2, 1);
  return cost;
}

}  // namespace

// F: table -> one bit: two valid rows without NULL share a key.
//   out <- NOT valid OR some key NULL;  rows <- sort(key ‖ out)
//   violation <- OR_j NOT out_j AND [key_j = key_j+1, out_j = out_j+1]
// Valid rows are neighbours after the sort, so no invalid row hides a pair.
// Security: sort_key_opening opens comparison bits; the result stays shared. Cost: cost_unique_violation.
// Leaks: row count.
SharedBits unique_violation(mpc::Session& session, const SharedTable& table, const std::vector<int>& keys,
                            const SortUse& sort) {
  CHECK(!keys.empty());
  const int party = session.party();
  if (table.rows() == 0) return sharing::share_constant(party, 1, 1, 0);
  std::vector<const SharedColumn*> columns;
  std::vector<ColumnSchema> schemas;
  for (const int key : keys) {
    columns.push_back(&table.columns.at(static_cast<size_t>(key)));
    schemas.push_back({"", columns.back()->type, columns.back()->null.has_value()});
  }
  const SharedBits packed = pack_key(session, columns, key_types(schemas));
  SharedBits in = table.valid;
  if (const auto null = any_null(session, columns)) in = mpc::and_(session, in, sharing::not_(party, *null));
  const SharedBits out = sharing::not_(party, in);
  SharedBits key = sharing::concat_planes({&packed, &out});
  const SharedBits sorted =
      sort_key_opening(session, std::move(key), mpc::make_shuffle(session, table.rows()), sort_options(sort),
                       sort.trace)
          .key;
  // Row 0 is compared with zeros: not with a row, so its bit is cleared.
  SharedBits same = mpc::equal(session, sorted, sharing::shift_down(sorted));
  same.own.set(0, 0, false);
  same.next.set(0, 0, false);
  const SharedBits still_in = sharing::not_(party, sharing::slice_planes(sorted, packed.planes(), 1));
  return or_rows(session, mpc::and_(session, same, still_in));
}

namespace {

mpc::Cost cost_around_sort(const std::vector<ColumnSchema>& keys, uint64_t rows) {
  if (rows == 0) return {};
  mpc::Cost cost = cost_pack_key(rows, keys) + cost_any_null(rows, keys);
  bool nullable = false;
  for (const ColumnSchema& key : keys) nullable = nullable || key.nullable;
  if (nullable) cost += mpc::cost_and(rows, 1);
  return cost + mpc::cost_equal(rows, key_planes(key_types(keys)) + 1) + mpc::cost_and(rows, 1) +
         cost_or_rows(rows);
}

}  // namespace

mpc::Cost cost_unique_violation(const std::vector<ColumnSchema>& columns, const SortTrace& trace,
                                const std::vector<int>& keys) {
  return cost_sort(trace) + cost_around_sort(pick(columns, keys), trace.rows);
}

mpc::Cost cost_unique_violation_bound(const std::vector<ColumnSchema>& columns, uint64_t rows,
                                      const std::vector<int>& keys, const SortRule& rule) {
  const auto picked = pick(columns, keys);
  return cost_sort_bound(rows, key_planes(key_types(picked)) + 1, {rule}) + cost_around_sort(picked, rows);
}

}  // namespace sluis::oblivious
