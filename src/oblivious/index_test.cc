// Keeping an index: written by one run, used by another under other keys.
#include "oblivious/index.h"

#include <gtest/gtest.h>

#include "oblivious/clear_table_test.h"
#include "oblivious/group_by.h"
#include "oblivious/index_file.h"

namespace sluis::oblivious {
namespace {

using relation::Type;

testing::RunOptions seeded(uint64_t seed) {
  testing::RunOptions options;
  options.seed = seed;
  return options;
}

ClearTable table_of(size_t rows, uint64_t seed) {
  std::mt19937_64 random(seed);
  ClearTable table;
  table.schema = {{"k", Type::integer(-5, 30), true}, {"v", Type::integer(0, 99), false}};
  for (size_t i = 0; i < rows; ++i) {
    Row row = {static_cast<int64_t>(random() % 36) - 5, static_cast<int64_t>(random() % 100)};
    if (random() % 9 == 0) row[0].reset();
    table.add(row, random() % 4 != 0);
  }
  return table;
}

Bytes written(const KeyIndex& index, int party) {
  Bytes bytes;
  const Status status = write_index(index, party, [&](ByteSpan piece) -> Status {
    bytes.insert(bytes.end(), piece.begin(), piece.end());
    return {};
  });
  CHECK(status.ok());
  return bytes;
}

Result<KeyIndex> read(int party, uint64_t rows, const Bytes& bytes) {
  size_t at = 0;
  Result<KeyIndex> index = read_index(party, rows, [&](std::span<uint8_t> room) -> Status {
    if (room.size() > bytes.size() - at) {
      Error error;
      error.id = "S1091.truncated";
      return error;
    }
    std::copy_n(bytes.begin() + static_cast<ptrdiff_t>(at), room.size(), room.begin());
    at += room.size();
    return {};
  });
  if (index.ok()) {
    EXPECT_EQ(at, bytes.size());
  }
  return index;
}

const AggregateSpec kSum{Aggregate::kSum, 1, Type::integer(0, 99'000)};

// What a later run over the same rows gets from the kept bytes is what this run gets.
TEST(Index, ServesALaterRun) {
  for (const size_t rows : {size_t{0}, size_t{1}, size_t{2}, size_t{65}, size_t{500}, size_t{4100}}) {
    const SharedTables shares = share_table(table_of(rows, rows), 1);
    struct First {
      Bytes kept;
      SharedTable grouped;
    };
    const auto first = testing::run_three(
        [&](mpc::Session& session) {
          const SharedTable& mine = shares[static_cast<size_t>(session.party())];
          const KeyIndex index = table_index(session, mine, {0});
          return First{written(index, session.party()), group_by(session, mine, {0}, {kSum}, over(index))};
        },
        seeded(7));
    const auto later = testing::run_measured(
        [&](mpc::Session& session) {
          const auto i = static_cast<size_t>(session.party());
          const Result<KeyIndex> index = read(session.party(), rows, first[i].kept);
          CHECK(index.ok());
          return group_by(session, shares[i], {0}, {kSum}, over(*index));
        },
        seeded(8));
    const ClearTable expected = reconstruct_table({first[0].grouped, first[1].grouped, first[2].grouped});
    const ClearTable got = reconstruct_table(later.results);
    EXPECT_EQ(got.rows, expected.rows);
    EXPECT_EQ(got.valid, expected.valid);
    EXPECT_EQ(later.measured, cost_group_by_indexed(table_of(0, 0).schema, rows, {0}, {kSum}, false));
  }
}

TEST(Index, UnionServesALaterRun) {
  const ClearTable left = table_of(300, 1), right = table_of(200, 2);
  const SharedTables l = share_table(left, 3), r = share_table(right, 4);
  for (const bool in_order : {false, true}) {
    const JoinSpec spec{JoinKind::kLeft, {0}, {0}, {1}, in_order};
    struct First {
      Bytes kept;
      SharedTable joined;
    };
    const auto run = [&](uint64_t seed, auto index_of) {
      return testing::run_three(
          [&](mpc::Session& session) {
            const auto i = static_cast<size_t>(session.party());
            const SharedTable grouped = group_by(session, r[i], {0}, {kSum});
            const KeyIndex index = index_of(session, grouped);
            return First{written(index, session.party()), join(session, l[i], grouped, spec, over(index))};
          },
          seeded(seed));
    };
    const auto first = run(5, [&](mpc::Session& session, const SharedTable& grouped) {
      return union_index(session, l[static_cast<size_t>(session.party())], grouped, spec);
    });
    const auto second = run(6, [&](mpc::Session& session, const SharedTable&) {
      Result<KeyIndex> index = read(session.party(), 500, first[static_cast<size_t>(session.party())].kept);
      CHECK(index.ok());
      return std::move(*index);
    });
    const ClearTable expected = reconstruct_table({first[0].joined, first[1].joined, first[2].joined});
    const ClearTable got = reconstruct_table({second[0].joined, second[1].joined, second[2].joined});
    EXPECT_EQ(got.valid_rows(), expected.valid_rows());
  }
}

TEST(Index, BytesThatAreNoIndexAreRefused) {
  const SharedTables shares = share_table(table_of(70, 1), 1);
  const auto kept = testing::run_three([&](mpc::Session& session) {
    return written(table_index(session, shares[static_cast<size_t>(session.party())], {0}), session.party());
  });
  ASSERT_TRUE(read(0, 70, kept[0]).ok());
  EXPECT_FALSE(read(0, 71, kept[0]).ok());
  Bytes bytes = kept[0];
  bytes.pop_back();
  EXPECT_FALSE(read(0, 70, bytes).ok());
  for (const size_t array :
       {size_t{0}, size_t{1}, size_t{2}}) {  // no permutation: a value twice, one too large
    const size_t at = 3 * 8 + array * 70 * 4;
    bytes = kept[0];
    std::copy_n(bytes.begin() + static_cast<ptrdiff_t>(at), 4,
                bytes.begin() + static_cast<ptrdiff_t>(at) + 4);
    EXPECT_FALSE(read(0, 70, bytes).ok()) << array;
    bytes = kept[0];
    bytes[at + 3] = 0x80;
    EXPECT_FALSE(read(0, 70, bytes).ok()) << array;
  }
  for (const size_t word : {size_t{1}, size_t{2}}) {  // planes and rows that would take all memory
    bytes = kept[0];
    bytes[word * 8 + 6] = 0xff;
    EXPECT_FALSE(read(0, 70, bytes).ok()) << word;
  }
}

}  // namespace
}  // namespace sluis::oblivious
