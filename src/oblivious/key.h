// Several key columns packed into one matrix whose unsigned order is the order of the columns.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mpc/session.h"
#include "oblivious/shared_table.h"

namespace sluis::oblivious {

// How one column stands in a packed key: with the planes of `type`, which may be wider than the column's own
// (both sides of a join use one type), and a null plane if `nullable`.
struct KeyType {
  relation::Type type;
  bool nullable = false;
  size_t planes() const { return static_cast<size_t>(type.bits()) + (nullable ? 1 : 0); }
};

// The type that holds the values of both. REQUIRES: same kind; categories have one domain.
relation::Type unified_type(const relation::Type& a, const relation::Type& b);

// The value with its sign plane flipped if the type is signed: unsigned order is then the order of values.
// Its own inverse; local.
SharedBits flip_sign(int party, const SharedBits& value, const relation::Type& type);

// Planes of the packed key.
size_t key_planes(std::span<const KeyType> types);

// columns[0] is the most significant. Each column takes its value planes (sign plane flipped, so that
// unsigned order is the order of values) and above them its null plane, so that NULLs come last, in one group
// whatever their value planes held. 1 round if any column can be NULL, else local.
// REQUIRES: columns and types of one length, at least one; a column with null planes has a nullable type.
SharedBits pack_key(mpc::Session& session, std::span<const SharedColumn* const> columns,
                    std::span<const KeyType> types);
mpc::Cost cost_pack_key(uint64_t rows, const std::vector<relation::ColumnSchema>& columns);

// The columns of a packed key again (local).
std::vector<SharedColumn> unpack_key(int party, const SharedBits& key, std::span<const KeyType> types);

// One plane: some key column is NULL. ceil(log2 columns) rounds over the nullable columns; nothing if there
// is none or one.
std::optional<SharedBits> any_null(mpc::Session& session, std::span<const SharedColumn* const> columns);
mpc::Cost cost_any_null(uint64_t rows, const std::vector<relation::ColumnSchema>& columns);

}  // namespace sluis::oblivious
