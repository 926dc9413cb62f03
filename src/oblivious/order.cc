// The bit-plane quicksort (protocols.md 4.7) and the use of its order (4.8).
#include "oblivious/order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/check.h"
#include "mpc/open.h"
#include "oblivious/difference.h"
#include "oblivious/quicksort_plan.h"
#include "oblivious/sort_radix.h"
#include "oblivious/sort_rows.h"
#include "sharing/bits_ops.h"

namespace sluis::oblivious {
namespace {

// What a comparison moves besides its gates: row and pivot to planes, and the row to its place, of two
// shares.
constexpr uint64_t kMovedPerComparison = 4;

// How a batch is compared.
mpc::CompareRecipe recipe_of(uint64_t planes, uint64_t comparisons, const SortRule& rule) {
  return planes == 0 ? mpc::CompareRecipe{} : mpc::compare_choice(planes, comparisons, rule.network).recipe;
}

uint64_t index_planes(uint64_t rows) { return rows < 2 ? 0 : std::bit_width(rows - 1); }

SharedBits with_row_numbers(int party, const SharedBits& key) {
  const SharedBits numbers = sharing::share_public(party, row_numbers(key.rows()));
  return sharing::concat_planes({&numbers, &key});
}

// Compares and opens one batch. The bits are a function of the rank permutation, which is uniform.
std::vector<uint64_t> compare_opening(mpc::Session& session, SortRows& rows, QuicksortPlan& plan,
                                      const SortOptions& options, SortTrace& trace) {
  const auto& runs = plan.batch();
  std::vector<uint64_t> bits((plan.comparisons() + 63) / 64 + 1);
  RunCursor at;
  for (uint64_t done = 0; done < plan.comparisons(); done += options.batch_comparisons) {
    const uint64_t count = std::min(options.batch_comparisons, plan.comparisons() - done);
    const mpc::CompareRecipe recipe = recipe_of(trace.planes, count, options.rule);
    const Bits opened =
        mpc::open_masked(session, less_by_difference(session, rows.operands(runs, at, count), recipe));
    std::ranges::copy(opened.words(), bits.begin() + static_cast<ptrdiff_t>(done / 64));
    trace.comparisons.push_back(count);
  }
  return bits;
}

// `total` comparisons in so many equal batches.
void add_batches(SortTrace& trace, const SortOptions& options, uint64_t batches, double total) {
  const auto each =
      static_cast<uint64_t>(std::ceil(total / static_cast<double>(std::max<uint64_t>(batches, 1))));
  for (uint64_t i = 0; i < batches; ++i) {
    for (uint64_t left = each; left > 0; left -= std::min(left, options.batch_comparisons)) {
      trace.comparisons.push_back(std::min(left, options.batch_comparisons));
    }
  }
}

SortTrace empty_trace(uint64_t rows, uint64_t key_planes, const SortOptions& options) {
  return {rows,
          key_planes + (options.unique_keys ? 0 : index_planes(rows)),
          {},
          options.rule,
          SortVariant::kQuick};
}

}  // namespace

Bits row_numbers(size_t rows) {
  constexpr std::array<uint64_t, 6> kWithinWord = {0xaaaaaaaaaaaaaaaa, 0xcccccccccccccccc,
                                                   0xf0f0f0f0f0f0f0f0, 0xff00ff00ff00ff00,
                                                   0xffff0000ffff0000, 0xffffffff00000000};
  Bits x(rows, index_planes(rows));
  for (size_t b = 0; b < x.blocks(); ++b) {
    for (size_t p = 0; p < x.planes(); ++p) {
      const auto run = x.run(b, p);
      const uint64_t first_word = b * sharing::kBlockWords;
      for (size_t w = 0; w < run.size(); ++w) {
        run[w] = p < 6 ? kWithinWord[p] : -(((first_word + w) >> (p - 6)) & 1);
      }
    }
  }
  return x;
}

// F: key -> its rows in stable ascending order, and the order itself as a handle.
//   key <- key || index
//   T   <- shuffle(key)
//   while some segment > 1: batch <- comparisons of QuicksortPlan; open(LT(batch)); move rows locally
// Security: semi-honest, one corrupt party. Packed keys are distinct, so the shuffled rows have one rank
//   permutation rho; each party lacks one pi_j, so rho is uniform and independent of the data. Everything
//   opened (comparison bits) and every message length is a function of rho and of public sizes, because
//   pivots depend on positions and opened bits only: a simulator draws rho. What breaks it:
//   docs/protocols/sort.md.
// Cost: cost_sort(trace), exact. Rounds: 2 + batches * (rounds of one comparison + 1).
// Randomness: the shuffle's permutations and masks, AND masks.
// Leaks: row count, key planes.
// Source: Hamada et al., ICISC 2012; sampled pivots and batching are ours.
Sorted sort_key_opening(mpc::Session& session, SharedBits key, mpc::Shuffle shuffle,
                        const SortOptions& options, SortTrace* trace) {
  CHECK(options.batch_comparisons > 0 && options.batch_comparisons % 64 == 0);
  CHECK(shuffle.rows() == key.rows() && key.rows() < (uint64_t{1} << 32));
  if (sort_variant(key.rows(), key.planes(), options) == SortVariant::kRadix) {
    if (trace != nullptr) *trace = {key.rows(), key.planes(), {}, options.rule, SortVariant::kRadix};
    return sort_radix(session, key, std::move(shuffle));
  }
  const size_t key_planes = key.planes();
  if (!options.unique_keys) key = with_row_numbers(session.party(), key);
  const size_t planes = key.planes();
  key = mpc::apply(session, shuffle, key);
  SortRows rows(std::move(key));
  SortTrace compared{shuffle.rows(), planes, {}, options.rule, SortVariant::kQuick};
  QuicksortPlan plan(static_cast<uint32_t>(shuffle.rows()));
  while (!plan.done()) {
    const std::vector<uint64_t> bits = compare_opening(session, rows, plan, options, compared);
    const RowMoves moves = plan.advance(bits);
    if (!plan.consistent()) session.abort(net::AbortCode::kInconsistent, "comparisons of a sort");
    rows.move(moves, bits);
  }
  if (trace != nullptr) *trace = std::move(compared);
  SharedBits sorted = rows.take_planes(planes - key_planes);
  return {Order(std::move(shuffle), rows.take_places()), std::move(sorted)};
}

Order sort_opening(mpc::Session& session, SharedBits key, mpc::Shuffle shuffle, const SortOptions& options,
                   SortTrace* trace) {
  return sort_key_opening(session, std::move(key), std::move(shuffle), options, trace).order;
}

uint64_t sort_planes(uint64_t rows, uint64_t key_planes) { return key_planes + index_planes(rows); }

mpc::Cost cost_sort(const SortTrace& trace) {
  if (trace.variant == SortVariant::kRadix) return cost_sort_radix(trace.rows, trace.planes);
  mpc::Cost cost = mpc::cost_shuffle(trace.rows, trace.planes);
  for (const uint64_t count : trace.comparisons) {
    cost += mpc::cost_less(count, trace.planes, recipe_of(trace.planes, count, trace.rule)) +
            mpc::cost_open(count, 1);
    cost.words += kMovedPerComparison * count * ((trace.planes + 63) / 64);
  }
  return cost;
}

namespace {

// Most batches compare nearly every row; the last ones are small.
mpc::Cost cost_quick_expected(uint64_t rows, uint64_t key_planes, const SortOptions& options) {
  const SortEffort effort = sort_effort_expected(rows);
  SortTrace trace = empty_trace(rows, key_planes, options);
  const auto full =
      static_cast<uint64_t>(std::ceil(effort.comparisons / (0.85 * static_cast<double>(rows) + 1)));
  const uint64_t large = std::min(effort.batches, full);
  add_batches(trace, options, large, effort.comparisons);
  add_batches(trace, options, effort.batches - large, static_cast<double>(effort.batches - large));
  return cost_sort(trace);
}

// A larger batch is compared in more rounds and fewer bits (compare_choice). Of at most B batches with C
// comparisons in all, the i-th largest holds at most C / i: so many rounds. Batches below 2^(j+1) hold at
// most min(C, B 2^(j+1)) together: only they pay what 2^j comparisons take in bits beyond 2^(j+1).
mpc::Cost cost_quick_bound(uint64_t rows, uint64_t key_planes, const SortOptions& options) {
  const SortTrace shape = empty_trace(rows, key_planes, options);
  mpc::Cost bound = mpc::cost_shuffle(rows, shape.planes);
  const SortEffort effort = sort_effort_bound(rows);
  const auto comparisons = static_cast<uint64_t>(std::ceil(effort.comparisons));
  if (comparisons == 0 || shape.planes == 0) return bound;
  constexpr uint64_t kLargeBatch = uint64_t{1} << 40;  // more than any: the fewest bits
  const uint64_t pieces = effort.batches + comparisons / options.batch_comparisons;
  const auto choice = [&](uint64_t count) -> const mpc::CompareChoice& {
    return mpc::compare_choice(shape.planes, count, options.rule.network);
  };
  for (uint64_t i = 1; i <= pieces; ++i)
    bound.rounds +=
        1 + choice(std::min(options.batch_comparisons, std::max<uint64_t>(1, comparisons / i))).rounds;
  uint64_t bits = choice(kLargeBatch).bits * (comparisons + 64 * pieces);
  for (uint64_t j = 0; uint64_t{2} << j <= kLargeBatch; ++j) {
    const uint64_t more = choice(uint64_t{1} << j).bits - choice(uint64_t{2} << j).bits;
    bits += more * (std::min(comparisons, pieces << (j + 1)) + 64 * pieces);
  }
  for (size_t p = 0; p < 3; ++p) {
    bound.to_prev[p] += bits / 8 + 8;
    bound.to_next[p] += comparisons / 8 + 8 * pieces;
  }
  return bound;
}

}  // namespace

SortVariant sort_variant(uint64_t rows, uint64_t key_planes, const SortOptions& options) {
  if (rows < 2 || key_planes == 0) return SortVariant::kQuick;
  if (options.variant) return *options.variant;
  if (options.rule.fixed_lengths) return SortVariant::kRadix;
  const auto seconds = [&](const mpc::Cost& cost) {
    return mpc::modelled_seconds(options.rule.network, cost);
  };
  const bool radix =
      seconds(cost_sort_radix(rows, key_planes)) < seconds(cost_quick_expected(rows, key_planes, options));
  return radix ? SortVariant::kRadix : SortVariant::kQuick;
}

mpc::Cost cost_sort_expected(uint64_t rows, uint64_t key_planes, const SortOptions& options) {
  return sort_variant(rows, key_planes, options) == SortVariant::kRadix
             ? cost_sort_radix(rows, key_planes)
             : cost_quick_expected(rows, key_planes, options);
}

mpc::Cost cost_sort_bound(uint64_t rows, uint64_t key_planes, const SortOptions& options) {
  return sort_variant(rows, key_planes, options) == SortVariant::kRadix
             ? cost_sort_radix(rows, key_planes)
             : cost_quick_bound(rows, key_planes, options);
}

// F: x -> its rows in the order. Shuffle with the same pi (fresh masks), then the public ranks: they are
//   composed with the last permutation, whose two holders then put rows at their final places.
// Security: nothing is opened; the ranks were a function of rho. Leaks: nothing. Source: protocols.md 4.8.
std::vector<SharedBits> into_order(mpc::Session& session, const Order& order,
                                   std::span<const SharedBits* const> x) {
  return mpc::apply_batch(session, order.shuffle_, x, {order.rank_});
}

SharedBits into_order(mpc::Session& session, const Order& order, const SharedBits& x) {
  CHECK(x.rows() == order.rows());
  const SharedBits* const only = &x;
  return std::move(into_order(session, order, std::span(&only, 1)).front());
}

// F: the inverse of into_order.
SharedBits out_of_order(mpc::Session& session, const Order& order, const SharedBits& x, size_t first,
                        size_t count) {
  CHECK(x.rows() == order.rows());
  const SharedBits* const only = &x;
  return std::move(
      mpc::apply_inverse_batch(session, order.shuffle_, {&only, 1}, {order.rank_, first, count}).front());
}

mpc::Cost cost_into_order(uint64_t rows, uint64_t planes) { return mpc::cost_shuffle(rows, planes); }
mpc::Cost cost_out_of_order(uint64_t rows, uint64_t planes, uint64_t wanted) {
  return mpc::cost_shuffle_inverse(rows, planes, wanted);
}

}  // namespace sluis::oblivious
