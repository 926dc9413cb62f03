#include "oblivious/key.h"

#include <gtest/gtest.h>

#include <random>

#include "oblivious/clear_table_test.h"

namespace sluis::oblivious {
namespace {

using relation::Type;

ClearTable random_keys(size_t rows, uint64_t seed) {
  std::mt19937_64 random(seed);
  ClearTable table;
  table.schema = {{"a", Type::integer(-3, 3), true},
                  {"b", Type::boolean(), false},
                  {"c", Type::integer(-40, 100), false},
                  {"d", Type::date(), true}};
  for (size_t i = 0; i < rows; ++i) {
    Row row = {static_cast<int64_t>(random() % 7) - 3, static_cast<int64_t>(random() % 2),
               static_cast<int64_t>(random() % 5) - 2, static_cast<int64_t>(random() % 3)};
    if (random() % 4 == 0) row[0].reset();
    if (random() % 4 == 0) row[3].reset();
    table.add(row);
  }
  return table;
}

std::string key_string(const Bits& key, size_t row) {
  std::string text;
  for (size_t p = key.planes(); p-- > 0;) text += key.get(row, p) ? '1' : '0';
  return text;
}

TEST(PackedKey, OrdersAndEqualsAsTheColumnsDo) {
  const ClearTable clear = random_keys(60, 4);
  const SharedTables shares = share_table(clear, 5);
  std::vector<KeyType> types;
  for (const auto& column : clear.schema) types.push_back({column.type, column.nullable});
  types[2].type = Type::integer(-500, 500);  // wider than the column
  types[1].type = Type{relation::Kind::kBoolean, 0, 1, {}};
  const auto run = testing::run_measured([&](mpc::Session& session) {
    std::vector<const SharedColumn*> columns;
    for (const auto& column : shares[static_cast<size_t>(session.party())].columns)
      columns.push_back(&column);
    return pack_key(session, columns, types);
  });
  EXPECT_EQ(run.measured, cost_pack_key(60, clear.schema));
  const Bits key = testing::reconstruct(run.results);
  ASSERT_EQ(key.planes(), key_planes(types));
  for (size_t i = 0; i < 60; ++i) {
    for (size_t j = 0; j < 60; ++j) {
      ASSERT_EQ(key_string(key, i) < key_string(key, j), before(clear.rows[i], clear.rows[j]));
      ASSERT_EQ(key_string(key, i) == key_string(key, j), clear.rows[i] == clear.rows[j]);
    }
  }
  SharedTables unpacked;
  for (int i = 0; i < 3; ++i) {
    const auto at = static_cast<size_t>(i);
    unpacked[at] = {shares[at].valid, unpack_key(i, run.results[at], types)};
  }
  EXPECT_EQ(reconstruct_table(unpacked).rows, clear.rows);
}

TEST(PackedKey, UnifiedTypeHoldsBoth) {
  const Type both = unified_type(Type::integer(0, 200), Type::integer(-1, 5));
  EXPECT_EQ(both.lo, -1);
  EXPECT_EQ(both.hi, 200);
  EXPECT_EQ(both.bits(), 9);
}

TEST(EncodeColumn, ValueThenNullPlane) {
  relation::Column column;
  for (const int64_t v : {int64_t{-4}, int64_t{3}}) column.push(v);
  column.push_null();
  const Bits planes = encode_column({"x", Type::integer(-4, 3), true}, column);
  ASSERT_EQ(planes.planes(), 4u);
  EXPECT_EQ(planes.row_value(0), 0b0100u);
  EXPECT_EQ(planes.row_value(1), 0b0011u);
  EXPECT_EQ(planes.row_value(2), 0b1000u);
}

}  // namespace
}  // namespace sluis::oblivious
