#include "oblivious/join.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "oblivious/clear_table_test.h"
#include "oblivious/group_by.h"
#include "oblivious/index.h"

namespace sluis::oblivious {
namespace {

using relation::Type;

testing::RunOptions seeded(uint64_t seed) {
  testing::RunOptions options;
  options.seed = seed;
  return options;
}

Row key_of(const Row& row, const std::vector<int>& keys) {
  Row key;
  for (const int k : keys) key.push_back(row[static_cast<size_t>(k)]);
  return key;
}

bool has_null(const Row& row) {
  return std::ranges::any_of(row, [](const Cell& c) { return !c; });
}

// One row per left row, and its validity. The last valid right row with the key is the match.
ClearTable join_plainly(const ClearTable& left, const ClearTable& right, const JoinSpec& spec) {
  ClearTable result;
  for (size_t i = 0; i < left.rows.size(); ++i) {
    const Row key = key_of(left.rows[i], spec.left_keys);
    const Row* match = nullptr;
    for (size_t j = 0; j < right.rows.size() && !has_null(key); ++j) {
      if (right.valid[j] != 0 && key_of(right.rows[j], spec.right_keys) == key) match = &right.rows[j];
    }
    Row row = left.rows[i];
    for (const int c : spec.right_payload) {
      row.push_back(match != nullptr ? (*match)[static_cast<size_t>(c)] : Cell());
    }
    const bool found = match != nullptr;
    const bool keeps = spec.kind == JoinKind::kLeft ? true : spec.kind == JoinKind::kAnti ? !found : found;
    result.add(row, left.valid[i] != 0 && keeps);
  }
  return result;
}

struct JoinRun {
  SharedTable table;
  SortTrace trace;
};

// The same over an index of the union that was made while other rows were valid, used twice.
struct IndexedJoinRun {
  SharedTable table;
  SortTrace trace;
  mpc::Cost built;
};

mpc::Cost twice(const mpc::Cost& cost) { return 2 * cost; }

void check_indexed_join(const ClearTable& left, const ClearTable& right, const JoinSpec& spec,
                        uint64_t seed) {
  ClearTable other_left = left, other_right = right;
  for (size_t i = 0; i < left.valid.size(); ++i) other_left.valid[i] = (i + seed) % 2 == 0;
  for (size_t i = 0; i < right.valid.size(); ++i) other_right.valid[i] = (i + seed) % 3 != 0;
  const SharedTables l = share_table(left, seed), r = share_table(right, seed + 1);
  const SharedTables ol = share_table(other_left, seed + 2), orr = share_table(other_right, seed + 3);
  JoinSpec keys = spec;
  keys.kind = JoinKind::kSemi;
  keys.right_payload.clear();
  const auto run = testing::run_measured([&](mpc::Session& session) {
    const auto i = static_cast<size_t>(session.party());
    IndexedJoinRun result;
    const KeyIndex index = union_index(session, ol[i], orr[i], keys, {.rule = {}, .trace = &result.trace});
    result.built = session.measured();
    (void)join(session, l[i], r[i], spec, over(index));
    result.table = join(session, l[i], r[i], spec, over(index));
    return result;
  });
  const ClearTable joined =
      reconstruct_table({run.results[0].table, run.results[1].table, run.results[2].table});
  const ClearTable expected = join_plainly(left, right, spec);
  EXPECT_EQ(joined.valid, expected.valid) << "seed " << seed;
  EXPECT_EQ(joined.valid_rows(), expected.valid_rows()) << "seed " << seed;
  const mpc::Cost built =
      testing::merge_costs({run.results[0].built, run.results[1].built, run.results[2].built});
  EXPECT_EQ(built, cost_union_index(left.schema, left.rows.size(), right.schema, keys, run.results[0].trace));
  expect_no_block_twice(run.prg_uses);
  EXPECT_EQ(run.measured, built + twice(cost_join_indexed(left.schema, left.rows.size(), right.schema,
                                                          right.rows.size(), spec)));
}

void check_join(const ClearTable& left, const ClearTable& right, const JoinSpec& spec, uint64_t seed) {
  const SharedTables l = share_table(left, seed), r = share_table(right, seed + 1);
  const auto run = testing::run_measured([&](mpc::Session& session) {
    const auto i = static_cast<size_t>(session.party());
    JoinRun result;
    result.table = join(session, l[i], r[i], spec, {.rule = {}, .trace = &result.trace});
    return result;
  });
  const ClearTable joined =
      reconstruct_table({run.results[0].table, run.results[1].table, run.results[2].table});
  const ClearTable expected = join_plainly(left, right, spec);
  EXPECT_EQ(joined.valid, expected.valid) << "seed " << seed;
  EXPECT_EQ(joined.valid_rows(), expected.valid_rows()) << "seed " << seed;
  for (size_t i = 0; i < left.rows.size(); ++i) {  // left columns stay, valid or not
    EXPECT_EQ(
        Row(joined.rows[i].begin(), joined.rows[i].begin() + static_cast<ptrdiff_t>(left.schema.size())),
        left.rows[i]);
  }
  EXPECT_EQ(run.measured, cost_join(left.schema, left.rows.size(), right.schema, spec, run.results[0].trace));
  const mpc::Cost bound =
      cost_join_bound(left.schema, left.rows.size(), right.schema, right.rows.size(), spec);
  EXPECT_LE(run.measured.total(), bound.total());
  EXPECT_LE(run.measured.rounds, bound.rounds);
  EXPECT_LE(cost_join_expected(left.schema, left.rows.size(), right.schema, right.rows.size(), spec).total(),
            bound.total());
  check_indexed_join(left, right, spec, seed);
}

// Left: 0 key, 1 key, 2 value. Right: 0 payload, 1 key, 2 key, 3 payload. Key types differ in width and sign.
ClearTable random_left(size_t rows, uint64_t seed, bool nullable) {
  std::mt19937_64 random(seed);
  ClearTable table;
  table.schema = {{"a", Type::integer(0, 40), nullable},
                  {"b", Type::integer(-2, 1), nullable},
                  {"v", Type::date(), true}};
  for (size_t i = 0; i < rows; ++i) {
    Row row = {static_cast<int64_t>(random() % 30), static_cast<int64_t>(random() % 4) - 2,
               static_cast<int64_t>(random() % 65536)};
    for (Cell& cell : row) {
      if (nullable && random() % 6 == 0) cell.reset();
    }
    table.add(row, random() % 5 != 0);
  }
  return table;
}

ClearTable random_right(size_t rows, uint64_t seed, bool nullable) {
  std::mt19937_64 random(seed);
  ClearTable table;
  table.schema = {{"p", Type::integer(-500, 500), true},
                  {"a", Type::integer(-9, 25), nullable},
                  {"b", Type::integer(0, 300), nullable},
                  {"q", Type::boolean(), false}};
  for (size_t i = 0; i < rows; ++i) {
    Row row = {static_cast<int64_t>(random() % 1001) - 500, static_cast<int64_t>(random() % 30) - 4,
               static_cast<int64_t>(random() % 3), static_cast<int64_t>(random() % 2)};
    if (random() % 4 == 0) row[0].reset();
    for (size_t c = 1; c < 3; ++c) {
      if (nullable && random() % 6 == 0) row[c].reset();
    }
    table.add(row, random() % 4 != 0);
  }
  return table;
}

// Clears `valid` where an earlier valid row has the key; with `last`, where a later one has it.
void make_unique(ClearTable& table, const std::vector<int>& keys) {
  std::set<std::vector<int64_t>> seen;
  for (size_t i = 0; i < table.rows.size(); ++i) {
    const Row key = key_of(table.rows[i], keys);
    if (table.valid[i] == 0 || has_null(key)) continue;
    std::vector<int64_t> values;
    for (const Cell& cell : key) values.push_back(*cell);
    if (!seen.insert(values).second) table.valid[i] = 0;
  }
}

// In key order, within a key the valid row last.
void put_in_key_order(ClearTable& table, const std::vector<int>& keys) {
  std::vector<size_t> order(table.rows.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, [&](size_t a, size_t b) {
    const Row x = key_of(table.rows[a], keys), y = key_of(table.rows[b], keys);
    if (before(x, y) || before(y, x)) return before(x, y);
    return table.valid[a] < table.valid[b];
  });
  ClearTable sorted{table.schema, {}, {}};
  for (const size_t i : order) sorted.add(table.rows[i], table.valid[i] != 0);
  table = sorted;
}

constexpr JoinKind kKinds[] = {JoinKind::kInner, JoinKind::kLeft, JoinKind::kSemi, JoinKind::kAnti};

JoinSpec spec_of(JoinKind kind, size_t keys, bool in_order) {
  JoinSpec spec;
  spec.kind = kind;
  spec.left_keys = keys == 1 ? std::vector<int>{0} : std::vector<int>{0, 1};
  spec.right_keys = keys == 1 ? std::vector<int>{1} : std::vector<int>{1, 2};
  if (kind == JoinKind::kInner || kind == JoinKind::kLeft) spec.right_payload = {0, 3};
  spec.right_in_key_order = in_order;
  return spec;
}

void check_random(size_t left_rows, size_t right_rows, uint64_t seed) {
  for (const JoinKind kind : kKinds) {
    for (const size_t keys : {size_t{1}, size_t{2}}) {
      const bool nullable = (seed + keys) % 2 == 0;
      const JoinSpec spec = spec_of(kind, keys, seed % 3 == 0);
      const ClearTable left = random_left(left_rows, seed, nullable);
      ClearTable right = random_right(right_rows, seed + 1, seed % 4 < 2);
      make_unique(right, spec.right_keys);
      if (spec.right_in_key_order) put_in_key_order(right, spec.right_keys);
      check_join(left, right, spec, seed);
    }
  }
}

TEST(Join, EqualsThePlainLoop) {
  for (uint64_t seed = 0; seed < 12; ++seed) check_random(5 + 7 * seed % 60, 3 + 11 * seed % 50, seed);
  check_random(4097, 1000, 3);
  check_random(2000, 4096, 4);
}

TEST(Join, EmptyAndOneRowSides) {
  for (const uint64_t seed : {0, 1, 2, 3}) {
    check_random(0, 5, seed);
    check_random(5, 0, seed);
    check_random(1, 1, seed);
    check_random(0, 0, seed);
    check_random(1, 9, seed);
  }
}

// protocols.md 9.6. Left: key; right: key, payload.
class JoinCases : public ::testing::TestWithParam<bool> {
 protected:
  JoinCases() {
    left_.schema = {{"k", Type::integer(0, 15), true}};
    right_.schema = {{"k", Type::integer(0, 15), true}, {"p", Type::integer(0, 99), false}};
    spec_.left_keys = spec_.right_keys = {0};
    spec_.right_in_key_order = GetParam();
  }
  void check() {
    for (const JoinKind kind : kKinds) {
      spec_.kind = kind;
      spec_.right_payload =
          kind == JoinKind::kInner || kind == JoinKind::kLeft ? std::vector<int>{1} : std::vector<int>{};
      check_join(left_, right_, spec_, 5);
    }
  }
  ClearTable left_, right_;
  JoinSpec spec_;
};

TEST_P(JoinCases, KeyZeroWithoutPrimaryKey) {
  for (const int64_t k : {0, 0, 1, 5}) left_.add({k});
  right_.add({5, 50});
  check();
}

TEST_P(JoinCases, AllForeignKeysBeforeThePrimaryKeys) {
  for (const int64_t k : {1, 2, 3, 0}) left_.add({k});
  for (const int64_t k : {10, 11, 12}) right_.add({k, k});
  check();
}

TEST_P(JoinCases, InvalidRowsBeforeTheValidOne) {
  for (const int64_t k : {3, 4, 3}) left_.add({k});
  right_.add({3, 1}, false);
  right_.add({3, 2}, false);
  right_.add({3, 3});
  right_.add({4, 4}, false);
  check();
}

TEST_P(JoinCases, NullsOnBothSidesNeverMeet) {
  for (const int64_t k : {3, 4, 0}) left_.add({k});
  left_.add({Cell()});
  right_.add({0, 9});
  right_.add({3, 1});
  right_.add({Cell(), 7});
  check();
}

TEST_P(JoinCases, PrimaryKeyFilteredAway) {
  for (const int64_t k : {2, 3}) left_.add({k});
  right_.add({2, 1});
  right_.add({3, 2}, false);
  check();
}

TEST_P(JoinCases, LargestKey) {
  for (const int64_t k : {15, 14}) left_.add({k});
  right_.add({15, 1});
  right_.add({Cell(), 2}, false);
  check();
}

TEST_P(JoinCases, SeveralValidRowsOfOneKeyForSemiAndAnti) {
  for (const int64_t k : {1, 2, 3}) left_.add({k});
  right_.add({1, 1});
  right_.add({2, 2});
  right_.add({2, 3});
  for (const JoinKind kind : {JoinKind::kSemi, JoinKind::kAnti}) {
    spec_.kind = kind;
    check_join(left_, right_, spec_, 6);
  }
}

INSTANTIATE_TEST_SUITE_P(Order, JoinCases, ::testing::Bool());

// Not in key order, an invalid row after the valid one does no harm.
TEST(Join, InvalidRowAfterTheValidOne) {
  ClearTable left, right;
  left.schema = {{"k", Type::integer(0, 15), false}};
  right.schema = {{"k", Type::integer(0, 15), false}, {"p", Type::integer(0, 99), false}};
  for (const int64_t k : {3, 7, 3}) left.add({k});
  right.add({7, 1});
  right.add({3, 33});
  right.add({3, 44}, false);
  right.add({7, 2}, false);
  JoinSpec spec;
  spec.left_keys = spec.right_keys = {0};
  spec.right_payload = {1};
  check_join(left, right, spec, 7);
}

// group_by's result is what right_in_key_order asks for: group, filter, join, without a second sort of it.
TEST(Join, AfterGroupBy) {
  for (const uint64_t seed : {1, 2, 3}) {
    const ClearTable left = random_left(60, seed, true), raw = random_right(80, seed + 5, true);
    const SharedTables l = share_table(left, seed), r = share_table(raw, seed + 9);
    const JoinSpec spec{JoinKind::kLeft, {0, 1}, {0, 1}, {2, 3}, true};
    const auto results = testing::run_three([&](mpc::Session& session) {
      const auto i = static_cast<size_t>(session.party());
      const SharedTable grouped = group_by(session, r[i], {1, 2},
                                           {{Aggregate::kMin, 0, Type::integer(-500, 500)},
                                            {Aggregate::kCountRows, -1, Type::integer(0, 80)}});
      return std::pair(grouped, join(session, l[i], grouped, spec));
    });
    const ClearTable grouped = reconstruct_table({results[0].first, results[1].first, results[2].first});
    const ClearTable joined = reconstruct_table({results[0].second, results[1].second, results[2].second});
    EXPECT_EQ(joined.valid_rows(), join_plainly(left, grouped, spec).valid_rows());
  }
}

// The least and the largest key that the planes can hold, with rows that are not valid before and after:
// whatever key group_by gives those, none may stand after a valid row of the same key.
TEST(Join, AfterGroupByWithKeysOfAllZerosAndAllOnes) {
  for (const Type& type : {Type::integer(0, 7), Type::integer(-4, 3)}) {
    ClearTable left, raw;
    left.schema = {{"k", type, true}};
    raw.schema = {{"k", type, true}, {"v", Type::integer(0, 1000), false}};
    for (int64_t k = type.lo; k <= type.hi; ++k) left.add({k});
    left.add({std::nullopt});
    for (const int64_t k : {type.lo, type.lo + 2, type.hi}) {
      raw.add({k, 100 + k}, false);
      raw.add({k, 200 + k});
      raw.add({k, 300 + k}, false);
    }
    raw.add({std::nullopt, 5});
    const SharedTables l = share_table(left, 31), r = share_table(raw, 32);
    const JoinSpec spec{JoinKind::kLeft, {0}, {0}, {1}, true};
    const auto joined = testing::run_three([&](mpc::Session& session) {
      const auto i = static_cast<size_t>(session.party());
      return join(session, l[i], group_by(session, r[i], {0}, {{Aggregate::kSum, 1, Type::integer(0, 2000)}}),
                  spec);
    });
    const ClearTable result = reconstruct_table(joined);
    for (const Row& row : result.rows) {
      const bool present = row[0] && (*row[0] == type.lo || *row[0] == type.lo + 2 || *row[0] == type.hi);
      EXPECT_EQ(row[1], present ? Cell(200 + *row[0]) : Cell());
    }
  }
}

// Same rank order of the union, other keys, matches and flags: the same messages.
TEST(Join, MessagesAreAFunctionOfTheOrder) {
  for (const bool in_order : {false, true}) {
    std::optional<std::array<testing::Trace, 3>> expected;
    for (const int kind : {0, 1, 2}) {
      ClearTable left, right;
      left.schema = {{"k", Type::integer(0, 1023), false}};
      right.schema = {{"k", Type::integer(0, 1023), false}, {"p", Type::integer(0, 99), false}};
      for (int64_t i = 0; i < 100; ++i)
        right.add({kind == 0 ? i : kind == 1 ? 7 : 500, i % 100}, kind != 2 && i == 99);
      for (int64_t i = 0; i < 150; ++i) left.add({kind == 0 ? 100 + i : kind == 1 ? 7 : 501}, kind != 1);
      const SharedTables l = share_table(left, 1), r = share_table(right, 2);
      JoinSpec spec{JoinKind::kInner, {0}, {0}, {1}, in_order};
      const auto run = testing::run_measured([&](mpc::Session& session) {
        const auto i = static_cast<size_t>(session.party());
        join(session, l[i], r[i], spec);
      });
      if (!expected) expected = run.traces;
      EXPECT_EQ(run.traces, *expected) << kind;
    }
  }
}

// A reuse sends as much for every pair of tables, opens nothing, and no mask twice.
TEST(Join, MessagesOverAnIndexAreOfOneLength) {
  for (const bool in_order : {false, true}) {
    std::optional<std::array<std::vector<uint64_t>, 3>> expected;
    for (const uint64_t kind : {0, 1, 2}) {
      const JoinSpec spec = spec_of(JoinKind::kLeft, 2, in_order);
      const ClearTable left = random_left(120, kind, true);
      ClearTable right = random_right(90, 7 + kind, true);
      if (kind == 2) std::ranges::fill(right.valid, 0);
      make_unique(right, spec.right_keys);
      if (in_order) put_in_key_order(right, spec.right_keys);
      const SharedTables l = share_table(left, kind), r = share_table(right, kind + 1);
      const auto run = testing::run_measured(
          [&](mpc::Session& session) {
            const auto i = static_cast<size_t>(session.party());
            const KeyIndex index = union_index(session, l[i], r[i], spec);
            const size_t before = session.trace().size();
            (void)join(session, l[i], r[i], spec, over(index));
            std::vector<uint64_t> lengths;
            for (size_t m = before; m < session.trace().size(); ++m)
              lengths.push_back(session.trace()[m].second);
            return lengths;
          },
          seeded(5 + kind));
      if (!expected) expected = run.results;
      EXPECT_EQ(run.results, *expected) << kind;
    }
  }
}

struct UniqueRun {
  SharedBits violation;
  SortTrace trace;
};

bool violates(const ClearTable& clear, const std::vector<int>& keys, uint64_t seed) {
  const SharedTables shares = share_table(clear, seed);
  const auto run = testing::run_measured([&](mpc::Session& session) {
    UniqueRun result;
    result.violation = unique_violation(session, shares[static_cast<size_t>(session.party())], keys,
                                        {.rule = {}, .trace = &result.trace});
    return result;
  });
  EXPECT_EQ(run.measured, cost_unique_violation(clear.schema, run.results[0].trace, keys));
  EXPECT_LE(run.measured.total(), cost_unique_violation_bound(clear.schema, clear.rows.size(), keys).total());
  const Bits bit =
      testing::reconstruct({run.results[0].violation, run.results[1].violation, run.results[2].violation});
  EXPECT_EQ(bit.rows(), 1u);
  return bit.get(0, 0);
}

TEST(UniqueViolation, EqualsThePlainLoop) {
  int violations = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    ClearTable table = random_right(seed % 30, seed, seed % 2 == 0);
    const std::vector<int> keys = seed % 3 == 0 ? std::vector<int>{1} : std::vector<int>{1, 2};
    if (seed % 4 == 0) make_unique(table, keys);
    std::set<std::vector<int64_t>> seen;
    bool expected = false;
    for (const Row& row : table.valid_rows()) {
      const Row key = key_of(row, keys);
      if (has_null(key)) continue;
      std::vector<int64_t> values;
      for (const Cell& cell : key) values.push_back(*cell);
      expected = !seen.insert(values).second || expected;
    }
    EXPECT_EQ(violates(table, keys, seed), expected) << seed;
    violations += expected ? 1 : 0;
  }
  EXPECT_GT(violations, 10);
  EXPECT_LT(violations, 50);
}

TEST(UniqueViolation, ValidInvalidValidAndKeyZero) {
  ClearTable table;
  table.schema = {{"k", Type::integer(0, 15), true}};
  table.add({0});
  EXPECT_FALSE(violates(table, {0}, 1));
  table.add({4});
  table.add({4}, false);
  table.add({Cell()});
  table.add({Cell()});
  EXPECT_FALSE(violates(table, {0}, 2));
  table.add({4});
  EXPECT_TRUE(violates(table, {0}, 3));
}

}  // namespace
}  // namespace sluis::oblivious
