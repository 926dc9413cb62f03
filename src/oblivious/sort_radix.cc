// Stable radix sort, lowest digit first, three bits a digit.
//
// F: key -> its rows in stable ascending order, and the order itself as a handle.
//   monomials   for every digit the products of its bits (all digits in the same two rounds)
//   per digit d, on rows as digits 0 .. d-1 left them:
//     f_v  <- one-hot of the digit in Z_2^32: B2A of the monomials, then linear (2 rounds)
//     dest <- sum_v f_v (start_v + prefix_v - 1): where the row goes (1 round)
//     rows ‖ dest <- fresh shuffle; open dest; place (3 rounds). A row is the digits to come ‖ its number.
//   after the last digit number ‖ dest <- fresh shuffle; open number; place dest: the rank of every row of
//     the key. key ‖ rank <- the caller's shuffle; open rank; place (3 + 3 rounds)
// Security: semi-honest, one corrupt party. Three kinds of openings, each of a vector that is a permutation
//   of 0 .. n-1 (destinations, row numbers, ranks) in the order of a shuffle that is fresh, used for nothing
//   else that opens, and of which each party lacks one factor: uniform whatever the data. All openings are
//   independent, since the shuffles are. All else is masked (multiply.cc, convert.cc, shuffle_ring.cc).
//   Every length is a function of rows and planes.
// Cost: cost_sort_radix, exact. Randomness: conversions, products, one shuffle a digit and two more.
// Leaks: row count, key planes.
// Source: Asharov et al., ePrint 2022/1595 (digits, destinations by one inner product, opening shuffled
//   destinations); Chida et al. 2019. Ours: rows carry the digits to come and their number, which saves the
//   composition of permutations (two rounds a digit), and monomials are made once for all digits.
#include "oblivious/sort_radix.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/check.h"
#include "mpc/convert.h"
#include "mpc/open.h"
#include "mpc/shuffle_ring.h"
#include "sharing/bits_ops.h"

namespace sluis::oblivious {
namespace {

using sharing::AlignedRing;
using sharing::SharedRing32;

constexpr size_t kDigitBits = 3;
// Words moved for an element of a one-hot value: to the ring, one-hot, prefix sum, product.
constexpr uint64_t kMovedPerElement = 6;

size_t digits_of(size_t planes) { return (planes + kDigitBits - 1) / kDigitBits; }
size_t bits_of_digit(size_t planes, size_t digit) {
  return std::min(kDigitBits, planes - digit * kDigitBits);
}
// Of a digit of so many bits: every product of some of them.
size_t monomials_of(size_t bits) { return (size_t{1} << bits) - 1; }

// Planes of all digits' monomials, lowest digit first: plane m - 1 of a digit is the product of the bits in
// mask m.
SharedBits all_monomials(mpc::Session& session, const SharedBits& key) {
  std::vector<std::vector<SharedBits>> digits;
  for (size_t d = 0; d < digits_of(key.planes()); ++d) {
    const size_t bits = bits_of_digit(key.planes(), d);
    std::vector<SharedBits>& made = digits.emplace_back(monomials_of(bits));
    for (size_t b = 0; b < bits; ++b)
      made[(size_t{1} << b) - 1] = sharing::slice_planes(key, d * kDigitBits + b, 1);
  }
  for (int factors = 2; factors <= static_cast<int>(kDigitBits); ++factors) {
    std::vector<mpc::AndPair> pairs;
    std::vector<SharedBits*> products;
    for (std::vector<SharedBits>& made : digits)
      for (size_t mask = 1; mask <= made.size(); ++mask) {
        if (std::popcount(mask) != factors) continue;
        const size_t top = std::bit_floor(mask);
        pairs.push_back({&made[(mask ^ top) - 1], &made[top - 1]});
        products.push_back(&made[mask - 1]);
      }
    if (pairs.empty()) continue;
    std::vector<SharedBits> values = mpc::and_batch(session, pairs);
    for (size_t i = 0; i < values.size(); ++i) *products[i] = std::move(values[i]);
  }
  std::vector<const SharedBits*> planes;
  for (const std::vector<SharedBits>& made : digits)
    for (const SharedBits& plane : made) planes.push_back(&plane);
  return sharing::concat_planes(std::span<const SharedBits* const>(planes));
}

// One share of f (value after value, n elements each) and of s = start + prefix - 1 of the same shape. A
// public number belongs to share x_0: `public_one` is 1 there, else 0.
struct Buckets {
  AlignedRing<uint32_t> f, s;
};
Buckets buckets(const AlignedRing<uint32_t>& monomials, size_t rows, uint32_t public_one) {
  const size_t values = monomials.size() / rows + 1;
  Buckets out{AlignedRing<uint32_t>(rows, public_one), {}};
  out.f.insert(out.f.end(), monomials.begin(), monomials.end());
  for (size_t bit = 1; bit < values; bit *= 2)  // one-hot by inclusion and exclusion
    for (size_t v = 0; v < values; ++v) {
      if ((v & bit) != 0) continue;
      for (size_t i = 0; i < rows; ++i) out.f[v * rows + i] -= out.f[(v | bit) * rows + i];
    }
  out.s.resize(out.f.size());
  uint32_t place = 0U - public_one;  // values one after the other, each in the rows' order
  for (size_t at = 0; at < out.f.size(); ++at) out.s[at] = place += out.f[at];
  return out;
}

SharedRing32 destinations(mpc::Session& session, const SharedBits& monomials) {
  const size_t rows = monomials.rows();
  const SharedRing32 ring = mpc::planes_to_ring<uint32_t>(session, monomials);
  const int party = session.party();
  Buckets own = buckets(ring.own, rows, party == 0 ? 1 : 0);
  Buckets next = buckets(ring.next, rows, party == 2 ? 1 : 0);
  SharedRing32 f, s;
  f.own = std::move(own.f), f.next = std::move(next.f);
  s.own = std::move(own.s), s.next = std::move(next.s);
  return mpc::sums_of_products(session, f, s, monomials.planes() + 1);
}

// Which row stands at each place. What is opened must be a permutation of 0 .. n-1.
template <typename Values>
sharing::RawIndices rows_at(mpc::Session& session, size_t rows, const Values& places) {
  constexpr uint32_t kFree = 0xffffffff;
  sharing::RawIndices row_at(rows, kFree);
  for (uint32_t r = 0; r < row_at.size(); ++r) {
    const uint64_t place = places[r];
    if (place >= row_at.size() || row_at[place] != kFree)
      session.abort(net::AbortCode::kInconsistent, "destinations of a sort");
    row_at[place] = r;
  }
  return row_at;
}

SharedRing32 gather(const SharedRing32& x, std::span<const uint32_t> index) {
  SharedRing32 y(x.size());
  for (size_t i = 0; i < index.size(); ++i) {
    y.own[i] = x.own[index[i]];
    y.next[i] = x.next[index[i]];
  }
  return y;
}

uint64_t number_planes(uint64_t rows) { return std::bit_width(rows - 1); }

// Ranks of the rows in their first order, from their numbers and ranks in any order.
SharedRing32 ranks_of(mpc::Session& session, SharedBits numbers, SharedRing32 ranks) {
  const mpc::Shuffle fresh = mpc::make_shuffle(session, ranks.size());
  const mpc::MixedRows mixed = mpc::apply(session, fresh, {std::move(numbers), std::move(ranks)});
  const sharing::Rows opened = sharing::to_rows(mpc::open_masked(session, mixed.bits));
  return gather(mixed.ring, rows_at(session, opened.rows, opened.words));
}

SharedRing32 ranks_by_digits(mpc::Session& session, const SharedBits& key) {
  const size_t rows = key.rows();
  SharedBits state = all_monomials(session, key);  // monomials of the digits to come; then numbers
  for (size_t d = 0;; ++d) {
    const size_t here = monomials_of(bits_of_digit(key.planes(), d));
    SharedRing32 dest = destinations(session, sharing::slice_planes(state, 0, here));
    const bool last = d + 1 == digits_of(key.planes());
    if (last && d == 0) return dest;
    SharedBits rest = sharing::slice_planes(state, here, state.planes() - here);
    if (last) return ranks_of(session, std::move(rest), std::move(dest));
    if (d == 0) {
      const SharedBits numbers = sharing::share_public(session.party(), row_numbers(rows));
      rest = sharing::concat_planes({&rest, &numbers});
    }
    const mpc::Shuffle fresh = mpc::make_shuffle(session, rows);
    const mpc::MixedRows mixed = mpc::apply(session, fresh, {std::move(rest), std::move(dest)});
    state = sharing::gather_rows(mixed.bits, rows_at(session, rows, mpc::open_masked(session, mixed.ring)));
  }
}

}  // namespace

Sorted sort_radix(mpc::Session& session, const SharedBits& key, mpc::Shuffle shuffle) {
  CHECK(key.rows() >= 2 && key.planes() >= 1 && shuffle.rows() == key.rows());
  mpc::MixedRows rows = mpc::apply(session, shuffle, {key, ranks_by_digits(session, key)});
  sharing::RawIndices row_at = rows_at(session, key.rows(), mpc::open_masked(session, rows.ring));
  SharedBits sorted = sharing::gather_rows(rows.bits, row_at);
  return {Order::restored(std::move(shuffle), std::move(row_at)), std::move(sorted)};
}

mpc::Cost cost_sort_radix(uint64_t rows, uint64_t key_planes) {
  const size_t digits = digits_of(key_planes);
  const uint64_t words = (rows + 63) / 64, numbers = number_planes(rows);
  std::array<uint64_t, kDigitBits + 1> products{};
  uint64_t state = 0;
  for (size_t d = 0; d < digits; ++d) {
    const size_t made = monomials_of(bits_of_digit(key_planes, d));
    for (size_t mask = 1; mask <= made; ++mask) ++products[static_cast<size_t>(std::popcount(mask))];
    state += made;
  }
  mpc::Cost cost;
  for (size_t factors = 2; factors <= kDigitBits; ++factors)
    cost += mpc::cost_and_words(products[factors] * words);
  for (size_t d = 0; d < digits; ++d) {
    const size_t here = monomials_of(bits_of_digit(key_planes, d));
    state -= here;
    cost += mpc::cost_bit_to_ring(rows * here, 4) + mpc::cost_multiply_ring(rows, 4);
    cost.words += kMovedPerElement * rows * (here + 1);
    if (d + 1 < digits)
      cost += mpc::cost_shuffle_mixed(rows, state + numbers) + mpc::cost_open_ring(rows, 4);
    else if (d > 0)
      cost += mpc::cost_shuffle_mixed(rows, numbers) + mpc::cost_open(rows, numbers);
  }
  return cost + mpc::cost_shuffle_mixed(rows, key_planes) + mpc::cost_open_ring(rows, 4);
}

}  // namespace sluis::oblivious
