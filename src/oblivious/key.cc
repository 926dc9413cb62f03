#include "oblivious/key.h"

#include <algorithm>

#include "base/check.h"
#include "mpc/multiply.h"
#include "sharing/bits_ops.h"

namespace sluis::oblivious {
namespace {

// Values of nullable columns, zero where NULL.
std::vector<SharedBits> masked_values(mpc::Session& session, std::span<const SharedColumn* const> columns) {
  std::vector<SharedBits> present;
  present.reserve(columns.size());
  std::vector<mpc::AndPair> pairs;
  for (const SharedColumn* column : columns) {
    if (!column->null) continue;
    present.push_back(sharing::not_(session.party(), *column->null));
    pairs.push_back({&column->value, &present.back()});
  }
  return pairs.empty() ? std::vector<SharedBits>{} : mpc::and_batch(session, pairs);
}

}  // namespace

SharedBits flip_sign(int party, const SharedBits& value, const relation::Type& type) {
  if (!type.is_signed()) return value;
  const size_t top = value.planes() - 1;
  const SharedBits low = sharing::slice_planes(value, 0, top);
  const SharedBits sign = sharing::not_(party, sharing::slice_planes(value, top, 1));
  return sharing::concat_planes({&low, &sign});
}

relation::Type unified_type(const relation::Type& a, const relation::Type& b) {
  CHECK(a.kind == b.kind && a.domain == b.domain);
  relation::Type type = a;
  type.lo = std::min(a.lo, b.lo);
  type.hi = std::max(a.hi, b.hi);
  return type;
}

size_t key_planes(std::span<const KeyType> types) {
  size_t planes = 0;
  for (const KeyType& type : types) planes += type.planes();
  return planes;
}

// F: columns -> key. value_c <- value_c AND NOT null_c; planes: last column lowest, each value below its null
//   plane.
// Security: one AND round; opens nothing. Cost: cost_pack_key. Leaks: nothing.
SharedBits pack_key(mpc::Session& session, std::span<const SharedColumn* const> columns,
                    std::span<const KeyType> types) {
  CHECK(!columns.empty() && columns.size() == types.size());
  const int party = session.party();
  std::vector<SharedBits> masked = masked_values(session, columns);
  size_t next_masked = 0;
  std::vector<SharedBits> parts;  // most significant first
  for (size_t c = 0; c < columns.size(); ++c) {
    const SharedColumn& column = *columns[c];
    CHECK(!column.null || types[c].nullable);
    const SharedBits& value = column.null ? masked[next_masked++] : column.value;
    if (types[c].nullable) {
      parts.push_back(column.null ? *column.null : SharedBits(value.rows(), 1));
    }
    const auto planes = static_cast<size_t>(types[c].type.bits());
    CHECK(value.planes() <= planes);
    parts.push_back(flip_sign(party, sharing::extend(value, planes, column.type.is_signed()), types[c].type));
  }
  std::vector<const SharedBits*> lowest_first;
  for (const SharedBits& part : parts) lowest_first.push_back(&part);
  std::ranges::reverse(lowest_first);
  return sharing::concat_planes(lowest_first);
}

mpc::Cost cost_pack_key(uint64_t rows, const std::vector<relation::ColumnSchema>& columns) {
  uint64_t planes = 0;
  for (const auto& column : columns)
    planes += column.nullable ? static_cast<uint64_t>(column.type.bits()) : 0;
  return planes == 0 ? mpc::Cost{} : mpc::cost_and(rows, planes);
}

std::vector<SharedColumn> unpack_key(int party, const SharedBits& key, std::span<const KeyType> types) {
  std::vector<SharedColumn> columns;
  size_t end = key.planes();
  for (const KeyType& type : types) {
    std::optional<SharedBits> null;
    if (type.nullable) null = sharing::slice_planes(key, --end, 1);
    const auto planes = static_cast<size_t>(type.type.bits());
    CHECK(planes <= end);
    end -= planes;
    columns.push_back(
        {type.type, flip_sign(party, sharing::slice_planes(key, end, planes), type.type), std::move(null)});
  }
  return columns;
}

std::optional<SharedBits> any_null(mpc::Session& session, std::span<const SharedColumn* const> columns) {
  std::vector<const SharedBits*> nulls;
  for (const SharedColumn* column : columns) {
    if (column->null) nulls.push_back(&*column->null);
  }
  if (nulls.empty()) return std::nullopt;
  return mpc::or_planes(session, sharing::concat_planes(nulls));
}

mpc::Cost cost_any_null(uint64_t rows, const std::vector<relation::ColumnSchema>& columns) {
  const auto nulls = std::ranges::count_if(columns, [](const auto& column) { return column.nullable; });
  return nulls == 0 ? mpc::Cost{} : mpc::cost_and_planes(rows, static_cast<uint64_t>(nulls));
}

}  // namespace sluis::oblivious
