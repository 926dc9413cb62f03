// For tests: clear tables, their shares, and back.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "oblivious/shared_table.h"
#include "sharing/bits_ops.h"
#include "testing/three_parties.h"

namespace sluis::oblivious {

using Cell = std::optional<int64_t>;  // empty: NULL
using Row = std::vector<Cell>;

struct ClearTable {
  std::vector<relation::ColumnSchema> schema;
  std::vector<Row> rows;
  std::vector<uint8_t> valid;

  void add(Row row, bool is_valid = true) {
    rows.push_back(std::move(row));
    valid.push_back(is_valid ? 1 : 0);
  }
  std::vector<Row> valid_rows() const {
    std::vector<Row> kept;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (valid[i] != 0) kept.push_back(rows[i]);
    }
    return kept;
  }
};

using SharedTables = std::array<SharedTable, 3>;

// NULL entries get random value planes: no operator may depend on them.
inline SharedTables share_table(const ClearTable& clear, uint64_t seed) {
  SharedTables shares;
  const size_t n = clear.rows.size();
  std::mt19937_64 random(seed);
  const auto put = [&](const Bits& planes, auto place) {
    const auto three = testing::share(planes, random());
    for (size_t i = 0; i < 3; ++i) place(shares[i]) = three[i];
  };
  Bits valid(n, 1);
  for (size_t i = 0; i < n; ++i) valid.set(i, 0, clear.valid[i] != 0);
  put(valid, [](SharedTable& t) -> SharedBits& { return t.valid; });
  for (size_t c = 0; c < clear.schema.size(); ++c) {
    const relation::ColumnSchema& schema = clear.schema[c];
    relation::Column column;
    for (const Row& row : clear.rows) row[c] ? column.push(*row[c]) : column.push_null();
    Bits planes = encode_column(schema, column);
    const auto value_planes = static_cast<size_t>(schema.type.bits());
    for (size_t i = 0; i < n; ++i) {
      for (size_t p = 0; p < value_planes && !clear.rows[i][c]; ++p) planes.set(i, p, random() % 2 == 1);
    }
    for (SharedTable& t : shares) t.columns.push_back({schema.type, {}, std::nullopt});
    put(sharing::slice_planes(planes, 0, value_planes),
        [](SharedTable& t) -> SharedBits& { return t.columns.back().value; });
    if (schema.nullable) {
      put(sharing::slice_planes(planes, value_planes, 1),
          [](SharedTable& t) -> SharedBits& { return t.columns.back().null.emplace(); });
    }
  }
  return shares;
}

inline int64_t signed_value(const relation::Type& type, uint64_t bits, size_t planes) {
  if (type.is_signed() && planes < 64 && (bits >> (planes - 1)) != 0) bits |= ~uint64_t{0} << planes;
  return static_cast<int64_t>(bits);
}

template <typename Part>
Bits reconstruct_part(const SharedTables& shares, Part part) {
  return testing::reconstruct({part(shares[0]), part(shares[1]), part(shares[2])});
}

inline ClearTable reconstruct_table(const SharedTables& shares) {
  ClearTable clear;
  const Bits valid = reconstruct_part(shares, [](const SharedTable& t) { return t.valid; });
  clear.rows.resize(valid.rows());
  for (size_t i = 0; i < valid.rows(); ++i) clear.valid.push_back(valid.get(i, 0) ? 1 : 0);
  for (size_t c = 0; c < shares[0].columns.size(); ++c) {
    const SharedColumn& like = shares[0].columns[c];
    const Bits value = reconstruct_part(shares, [c](const SharedTable& t) { return t.columns[c].value; });
    Bits null(valid.rows(), 1);
    if (like.null) null = reconstruct_part(shares, [c](const SharedTable& t) { return *t.columns[c].null; });
    clear.schema.push_back({std::to_string(c), like.type, like.null.has_value()});
    CHECK(value.planes() == static_cast<size_t>(like.type.bits()));
    for (size_t i = 0; i < valid.rows(); ++i) {
      clear.rows[i].push_back(
          null.get(i, 0) ? Cell() : Cell(signed_value(like.type, value.row_value(i), value.planes())));
    }
  }
  return clear;
}

// No block of a pseudo-random stream served two messages.
inline void expect_no_block_twice(const std::array<std::vector<mpc::PrgUse>, 3>& all) {
  for (const auto& uses : all) {
    std::map<std::tuple<int, int, uint64_t>, std::vector<std::pair<uint64_t, uint64_t>>> ranges;
    for (const mpc::PrgUse& use : uses) {
      ranges[{use.key, static_cast<int>(use.domain), use.operation}].emplace_back(use.first_block,
                                                                                  use.blocks);
    }
    for (auto& [stream, blocks] : ranges) {
      std::ranges::sort(blocks);
      for (size_t i = 1; i < blocks.size(); ++i) {
        EXPECT_LE(blocks[i - 1].first + blocks[i - 1].second, blocks[i].first);
      }
    }
  }
}

// PostgreSQL's order of rows: NULL last.
inline bool before(const Row& a, const Row& b) {
  for (size_t c = 0; c < a.size(); ++c) {
    if (a[c] == b[c]) continue;
    if (!a[c] || !b[c]) return a[c].has_value();
    return *a[c] < *b[c];
  }
  return false;
}

}  // namespace sluis::oblivious
