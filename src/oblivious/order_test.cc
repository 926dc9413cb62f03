#include "oblivious/order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

#include "mpc/open.h"
#include "oblivious/clear_table_test.h"
#include "oblivious/sort_radix.h"

namespace sluis::oblivious {
namespace {

using testing::reconstruct;
using testing::run_measured;
using testing::run_three;
using testing::share;

SortOptions by(SortVariant variant) {
  SortOptions options;
  options.variant = variant;
  return options;
}

// Quicksort.
SortOptions on(mpc::Network network) {
  SortOptions options = by(SortVariant::kQuick);
  options.rule.network = network;
  return options;
}

testing::RunOptions seeded(uint64_t seed) {
  testing::RunOptions options;
  options.seed = seed;
  return options;
}

std::vector<size_t> stable_order(const std::vector<std::string>& keys) {
  std::vector<size_t> order(keys.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, [&](size_t a, size_t b) { return keys[a] < keys[b]; });
  return order;
}

// Rows as strings of bits, most significant first: unsigned order is string order.
std::vector<std::string> row_strings(const Bits& x) {
  std::vector<std::string> rows(x.rows());
  for (size_t i = 0; i < x.rows(); ++i) {
    for (size_t p = x.planes(); p-- > 0;) rows[i] += x.get(i, p) ? '1' : '0';
  }
  return rows;
}

Bits keys_of(size_t rows, size_t planes, size_t distinct, uint64_t seed) {
  const Bits pool = testing::random_bits(distinct, planes, seed);
  std::mt19937_64 random(seed);
  Bits keys(rows, planes);
  for (size_t i = 0; i < rows; ++i) {
    const size_t from = random() % distinct;
    for (size_t p = 0; p < planes; ++p) keys.set(i, p, pool.get(from, p));
  }
  return keys;
}

struct SortResult {
  SharedBits key, numbers, back;
  SortTrace trace;
};

void check_sort(const Bits& keys, const SortOptions& options, uint64_t seed) {
  const size_t rows = keys.rows(), planes = keys.planes();
  const auto shares = share(keys, seed);
  Bits clear_numbers(rows, 20);
  for (size_t i = 0; i < rows; ++i) clear_numbers.set_row_value(i, i);
  const auto numbers = share(clear_numbers, seed + 1);
  const auto run = run_measured(
      [&](mpc::Session& session) {
        const auto i = static_cast<size_t>(session.party());
        SortResult result;
        const Sorted sorted =
            sort_key_opening(session, shares[i], mpc::make_shuffle(session, rows), options, &result.trace);
        result.key = sorted.key;
        result.numbers = into_order(session, sorted.order, numbers[i]);
        result.back = out_of_order(session, sorted.order, result.numbers);
        return result;
      },
      seeded(seed));
  const auto part = [&](auto member) {
    return reconstruct({run.results[0].*member, run.results[1].*member, run.results[2].*member});
  };
  const auto key_strings = row_strings(keys), sorted_strings = row_strings(part(&SortResult::key));
  const auto order = stable_order(key_strings);
  const Bits in_order = part(&SortResult::numbers), back = part(&SortResult::back);
  for (size_t r = 0; r < rows; ++r) {
    ASSERT_EQ(in_order.row_value(r), order[r]) << "rows " << rows << " planes " << planes << " seed " << seed;
    ASSERT_EQ(sorted_strings[r], key_strings[order[r]]);
    ASSERT_EQ(back.row_value(r), r);
  }
  const SortTrace& trace = run.results[0].trace;
  EXPECT_EQ(run.measured, cost_sort(trace) + cost_into_order(rows, 20) + cost_out_of_order(rows, 20))
      << rows << " " << planes;
  EXPECT_EQ(trace.comparisons, run.results[1].trace.comparisons);
  EXPECT_EQ(trace.comparisons, run.results[2].trace.comparisons);
  const mpc::Cost bound = cost_sort_bound(rows, planes, options), exact = cost_sort(trace);
  EXPECT_LE(exact.rounds, bound.rounds);
  EXPECT_LE(exact.total(), bound.total());
  EXPECT_EQ(trace.variant, sort_variant(rows, planes, options));
}

// Both variants.
void check_sorts(const Bits& keys, uint64_t seed) {
  check_sort(keys, by(SortVariant::kQuick), seed);
  check_sort(keys, by(SortVariant::kRadix), seed);
}

TEST(Sort, EqualsStableSortAtEverySize) {
  for (size_t rows = 0; rows <= 70; ++rows) {
    check_sorts(keys_of(rows, 9, 1 + rows / 2, rows), 100 + rows);
  }
  for (const size_t rows : {size_t{4095}, size_t{4096}, size_t{4097}, size_t{10'000}}) {
    check_sorts(keys_of(rows, 30, rows, rows), rows);
  }
}

TEST(Sort, KeysOfAnyWidth) {
  for (const size_t planes : {1, 2, 52, 53, 57, 58, 63, 64, 65, 127, 128, 150}) {
    check_sorts(keys_of(100, planes, 40, planes), planes);
    check_sorts(keys_of(5000, planes, 300, planes), planes);
  }
  check_sorts(Bits(1, 0), 1);
  check_sorts(Bits(77, 0), 2);
}

TEST(Sort, KeysOfAnyShape) {
  for (const size_t rows : {size_t{2}, size_t{9}, size_t{64}, size_t{1000}}) {
    Bits equal(rows, 12), rising(rows, 12), falling(rows, 12);
    for (size_t i = 0; i < rows; ++i) {
      equal.set_row_value(i, 0xabc);
      rising.set_row_value(i, i);
      falling.set_row_value(i, rows - i);
    }
    for (const Bits& keys : {equal, rising, falling}) check_sorts(keys, rows);
    SortOptions unique;
    unique.unique_keys = true;
    check_sort(falling, unique, rows);
  }
}

TEST(Sort, EveryNetwork) {
  for (const mpc::Network network : mpc::kNetworks) {
    check_sort(keys_of(3000, 30, 500, 5), on(network), 11);
    check_sort(keys_of(13, 30, 5, 6), on(network), 12);
  }
}

TEST(Sort, ExpectedCostIsNearTheMeasured) {
  for (const size_t rows : {size_t{3000}, size_t{60'000}}) {
    for (const mpc::Network network : mpc::kNetworks) {
      const SortOptions options = on(network);
      const auto keys = share(keys_of(rows, 30, rows, 4), 5);
      const SortTrace trace = run_three([&](mpc::Session& session) {
        SortTrace seen;
        const auto& key = keys[static_cast<size_t>(session.party())];
        sort_opening(session, key, mpc::make_shuffle(session, rows), options, &seen);
        return seen;
      })[1];
      const mpc::Cost exact = cost_sort(trace), expected = cost_sort_expected(rows, 30, options);
      EXPECT_NEAR(static_cast<double>(expected.mean()) / static_cast<double>(exact.mean()), 1, 0.06) << rows;
      EXPECT_NEAR(static_cast<double>(expected.rounds) / static_cast<double>(exact.rounds), 1, 0.2) << rows;
    }
  }
}

TEST(Sort, LargeBatchesInPieces) {
  SortOptions options;
  options.batch_comparisons = 320;
  for (const size_t rows : {size_t{12}, size_t{700}, size_t{5000}}) {
    check_sort(keys_of(rows, 70, rows / 3, rows), options, rows);
  }
  options.batch_comparisons = 3 * 4096;
  check_sort(keys_of(20'000, 30, 20'000, 1), options, 1);
}

// pi with which rows of these ranks get the shuffled rank permutation rho.
std::vector<uint32_t> forcing(const Bits& keys, const std::vector<uint32_t>& rho) {
  std::vector<uint32_t> place_of_rank(rho.size()), pi(rho.size());
  for (uint32_t p = 0; p < rho.size(); ++p) place_of_rank[rho[p]] = p;
  const auto order = stable_order(row_strings(keys));
  for (uint32_t r = 0; r < order.size(); ++r) pi[order[r]] = place_of_rank[r];
  return pi;
}

TEST(Sort, MessagesAreAFunctionOfTheForcedOrder) {
  for (const size_t rows : {size_t{7}, size_t{100}, size_t{5000}}) {
    std::vector<uint32_t> rho(rows), identity(rows);
    std::iota(identity.begin(), identity.end(), 0u);
    rho = identity;
    std::mt19937_64 random(rows);
    std::shuffle(rho.begin(), rho.end(), random);
    std::optional<std::array<testing::Trace, 3>> expected;
    std::optional<std::vector<uint32_t>> places;
    for (const size_t distinct : {size_t{1}, size_t{3}, rows}) {
      const Bits keys = keys_of(rows, 17, distinct, distinct);
      const auto shares = share(keys, 3 + distinct);
      const auto pi = forcing(keys, rho);
      const auto run = run_measured(
          [&](mpc::Session& session) {
            const auto shuffle_key = shares[static_cast<size_t>(session.party())];
            auto shuffle = mpc::make_forced_shuffle(session.party(), {identity, pi, identity});
            const Order order =
                sort_opening(session, shuffle_key, std::move(shuffle), by(SortVariant::kQuick));
            return std::vector<uint32_t>(order.places().begin(), order.places().end());
          },
          seeded(distinct));
      if (!expected) {
        expected = run.traces;
        places = run.results[0];
      }
      EXPECT_EQ(run.traces, *expected) << rows;
      EXPECT_EQ(run.results[2], *places) << rows;
    }
  }
}

// Digits: not even the order decides a length.
TEST(SortRadix, MessagesAreTheSameForAllData) {
  for (const size_t rows : {size_t{2}, size_t{7}, size_t{100}, size_t{5000}}) {
    std::optional<std::array<testing::Trace, 3>> expected;
    for (const size_t distinct : {size_t{1}, size_t{3}, rows}) {
      const auto shares = share(keys_of(rows, 17, distinct, distinct), 3 + distinct);
      const auto run = run_measured(
          [&](mpc::Session& session) {
            SortOptions options;
            options.rule.fixed_lengths = true;
            (void)sort_opening(session, shares[static_cast<size_t>(session.party())],
                               mpc::make_shuffle(session, rows), options);
            return 0;
          },
          seeded(distinct));
      if (!expected) expected = run.traces;
      EXPECT_EQ(run.traces, *expected) << rows;
    }
  }
}

// All that a pass opens: destinations, numbers and ranks, each a permutation that must be uniform by itself,
// whatever the keys. The last opening is checked above; here the rounds in which each opens.
TEST(SortRadix, RoundsAndBytes) {
  const mpc::Cost one = cost_sort_radix(1 << 16, 3), ten = cost_sort_radix(1 << 16, 30);
  EXPECT_EQ(one.rounds, 2 + 3 + 3U);              // monomials, destinations, ranks
  EXPECT_EQ(ten.rounds, 2 + 9 * 6 + 3 + 3 + 3U);  // 6 a digit
  EXPECT_LT(static_cast<double>(ten.mean()) / (1 << 16), 600);
}

TEST(SortRadix, ChosenWhereRoundsWeighMore) {
  using enum SortVariant;
  const auto variant = [](uint64_t rows, mpc::Network network) {
    SortOptions options;
    options.rule.network = network;
    return sort_variant(rows, 30, options);
  };
  EXPECT_EQ(variant(1 << 20, mpc::Network::kNl), kQuick);
  EXPECT_EQ(variant(1 << 22, mpc::Network::kWan), kQuick);
  EXPECT_EQ(variant(1 << 20, mpc::Network::kLoopback), kQuick);
  EXPECT_EQ(variant(1 << 12, mpc::Network::kNl), kRadix);
  EXPECT_EQ(variant(1 << 16, mpc::Network::kWan), kRadix);
  EXPECT_EQ(variant(1, mpc::Network::kWan), kQuick);
  // As chosen, by exact cost.
  for (const mpc::Network network : mpc::kNetworks)
    for (const uint64_t rows : {100, 1 << 12, 1 << 16, 1 << 20}) {
      const auto seconds = [&](SortVariant forced) {
        SortOptions options = by(forced);
        options.rule.network = network;
        return mpc::modelled_seconds(network, cost_sort_expected(rows, 30, options));
      };
      const bool radix = variant(rows, network) == kRadix;
      EXPECT_LE(seconds(radix ? kRadix : kQuick), seconds(radix ? kQuick : kRadix));
    }
}

// How often each opened order occurs over `sorts` sorts of these keys; and the sum of comparisons.
struct Openings {
  std::map<std::vector<uint32_t>, int> orders;
  std::map<uint64_t, int> comparisons;
};

Openings open_often(const std::vector<uint64_t>& keys, int sorts, uint64_t seed,
                    SortVariant variant = SortVariant::kQuick) {
  const auto shares = share(testing::bits_of(keys, 10), seed);
  return run_three(
      [&](mpc::Session& session) {
        Openings seen;
        for (int i = 0; i < sorts; ++i) {
          SortTrace trace;
          const Order order = sort_opening(session, shares[static_cast<size_t>(session.party())],
                                           mpc::make_shuffle(session, keys.size()), by(variant), &trace);
          ++seen.orders[{order.places().begin(), order.places().end()}];
          ++seen.comparisons[std::accumulate(trace.comparisons.begin(), trace.comparisons.end(),
                                             uint64_t{0})];
        }
        return seen;
      },
      seeded(seed))[0];
}

// What four rows open (all six comparison bits are a function of the order) is uniform over the 24 orders,
// whatever the keys.
TEST(Sort, OpenedOrderOfFourRowsIsUniformForAllKeys) {
  constexpr int kSorts = 2400;
  for (const auto& keys :
       std::vector<std::vector<uint64_t>>{{5, 5, 5, 5}, {1, 2, 3, 4}, {4, 3, 2, 1}, {700, 3, 700, 12}}) {
    for (const SortVariant variant : {SortVariant::kQuick, SortVariant::kRadix}) {
      const auto orders = open_often(keys, kSorts, 17 + keys[0], variant).orders;
      double chi_square = 0;
      for (const auto& [order, count] : orders) chi_square += (count - 100.0) * (count - 100.0) / 100;
      chi_square += 100.0 * (24 - static_cast<double>(orders.size()));
      EXPECT_LT(chi_square, 71) << keys[0];  // 23 degrees of freedom: p = 1e-6
    }
  }
}

TEST(Sort, EffortOfTwelveRowsIsAlikeForAllKeys) {
  constexpr int kSorts = 600;
  std::vector<uint64_t> equal(12, 9), rising(12), falling(12), mixed(12);
  for (uint64_t i = 0; i < 12; ++i) {
    rising[i] = i;
    falling[i] = 100 - i;
    mixed[i] = i * i % 7;
  }
  const auto first = open_often(equal, kSorts, 1).comparisons;
  for (const auto& keys : {rising, falling, mixed}) {
    const auto other = open_often(keys, kSorts, keys[1] + 2).comparisons;
    double chi_square = 0;
    int cells = 0;
    for (uint64_t c = 0; c < 200; ++c) {
      const int a = first.contains(c) ? first.at(c) : 0, b = other.contains(c) ? other.at(c) : 0;
      if (a + b == 0) continue;
      chi_square += static_cast<double>((a - b) * (a - b)) / (a + b);
      ++cells;
    }
    ASSERT_GT(cells, 3);
    EXPECT_LT(chi_square, cells + 6 * std::sqrt(2.0 * cells) + 10) << keys[0];
  }
}

TEST(Sort, OneShuffleServesFurtherColumns) {
  const auto keys = share(testing::bits_of({3, 1, 2, 1}, 4), 1);
  const auto column = share(testing::bits_of({30, 10, 20, 11}, 70), 2);
  const auto sorted = run_three([&](mpc::Session& session) {
    const auto i = static_cast<size_t>(session.party());
    const Order order = sort_opening(session, keys[i], mpc::make_shuffle(session, 4));
    const SharedBits once = into_order(session, order, column[i]);
    const SharedBits twice = into_order(session, order, sharing::slice_planes(column[i], 0, 8));
    return sharing::concat_planes({&twice, &once});
  });
  const Bits clear = reconstruct(sorted);
  for (size_t r = 0; r < 4; ++r) {
    const uint64_t expected = std::vector<uint64_t>{10, 11, 20, 30}[r];
    for (size_t p = 0; p < 8; ++p) {
      EXPECT_EQ(clear.get(r, p), (expected >> p) & 1);
      EXPECT_EQ(clear.get(r, 8 + p), (expected >> p) & 1);
    }
  }
}

// A column of fewer rows has zeros below; part of the rows can be asked back, for fewer bytes.
TEST(Sort, PartsOfAnOrder) {
  const size_t rows = 5000, short_rows = 4133, first = 77, wanted = 4200;
  const Bits keys = keys_of(rows, 12, 900, 3), column = testing::random_bits(rows, 67, 4);
  const auto key_shares = share(keys, 5), column_shares = share(column, 6);
  struct Parts {
    SharedBits whole, padded, back;
  };
  const auto run = run_measured([&](mpc::Session& session) {
    const auto i = static_cast<size_t>(session.party());
    const Order order =
        sort_opening(session, key_shares[i], mpc::make_shuffle(session, rows), on(mpc::Network::kLoopback));
    const SharedBits cut = sharing::slice_rows(column_shares[i], 0, short_rows);
    const std::array<const SharedBits*, 2> both = {&column_shares[i], &cut};
    std::vector<SharedBits> moved = into_order(session, order, both);
    const mpc::Cost before = session.measured();
    SharedBits back = out_of_order(session, order, moved[0], first, wanted);
    mpc::Cost expected = cost_out_of_order(rows, 67, wanted);
    EXPECT_EQ(session.measured().sent_by(session.party()) - before.sent_by(session.party()),
              expected.sent_by(session.party()));
    return Parts{std::move(moved[0]), std::move(moved[1]), std::move(back)};
  });
  const auto part = [&](auto member) {
    return row_strings(reconstruct({run.results[0].*member, run.results[1].*member, run.results[2].*member}));
  };
  const auto clear = row_strings(column), whole = part(&Parts::whole), padded = part(&Parts::padded),
             back = part(&Parts::back);
  const auto order = stable_order(row_strings(keys));
  const std::string zeros(67, '0');
  for (size_t r = 0; r < rows; ++r) {
    ASSERT_EQ(whole[r], clear[order[r]]);
    ASSERT_EQ(padded[r], order[r] < short_rows ? clear[order[r]] : zeros);
  }
  ASSERT_EQ(back.size(), wanted);
  for (size_t r = 0; r < wanted; ++r) ASSERT_EQ(back[r], clear[first + r]);
}

TEST(Sort, NoPrgBlockServesTwice) {
  const auto keys = share(keys_of(300, 20, 40, 1), 1);
  const auto run = run_measured([&](mpc::Session& session) {
    const auto& key = keys[static_cast<size_t>(session.party())];
    (void)sort_opening(session, key, mpc::make_shuffle(session, 300), by(SortVariant::kRadix));
    const Order order = sort_opening(session, key, mpc::make_shuffle(session, 300), by(SortVariant::kQuick));
    out_of_order(session, order, into_order(session, order, key));
  });
  expect_no_block_twice(run.prg_uses);
}

}  // namespace
}  // namespace sluis::oblivious
