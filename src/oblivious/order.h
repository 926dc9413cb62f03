// Ordering a table: the bit-plane quicksort, and an order that is kept for further columns.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/check.h"
#include "mpc/network.h"
#include "mpc/shuffle.h"
#include "oblivious/shared_table.h"

namespace sluis::oblivious {

// A shuffle and the public rank of each shuffled row: applying it to a matrix of the same rows puts them in
// key order. Move-only. Reuse opens nothing (protocols.md 4.8).
class Order {
 public:
  Order(Order&&) noexcept = default;
  Order& operator=(Order&&) noexcept = default;
  size_t rows() const { return shuffle_.rows(); }
  // The opened order: places()[r] = which row of the shuffled table stands at place r. Public.
  std::span<const uint32_t> places() const { return rank_; }
  // What a keeper of orders must keep beside places(): this party's two permutations.
  const mpc::Shuffle& shuffle() const { return shuffle_; }
  // An order that was kept. REQUIRES: a permutation of the shuffle's rows, opened for this very shuffle.
  static Order restored(mpc::Shuffle shuffle, sharing::RawIndices places) {
    CHECK(places.size() == shuffle.rows());
    return {std::move(shuffle), std::move(places)};
  }

 private:
  friend struct Sorted sort_key_opening(mpc::Session& session, SharedBits key, mpc::Shuffle shuffle,
                                        const struct SortOptions& options, struct SortTrace* trace);
  friend std::vector<SharedBits> into_order(mpc::Session& session, const Order& order,
                                            std::span<const SharedBits* const> x);
  friend SharedBits out_of_order(mpc::Session& session, const Order& order, const SharedBits& x, size_t first,
                                 size_t count);
  Order(mpc::Shuffle shuffle, sharing::RawIndices rank)
      : shuffle_(std::move(shuffle)), rank_(std::move(rank)) {}
  mpc::Shuffle shuffle_;
  sharing::RawIndices rank_;  // rank_[r] = shuffled row that stands at place r
};

// What decides how a sort is done: public, and the same at all three parties.
struct SortRule {
  // Rounds against bytes: every batch takes the comparison that is quickest here (mpc::compare_choice).
  mpc::Network network = mpc::kDefaultNetwork;
  // Every message has a length that rows and planes decide, not the opened order: always sorts by digits.
  bool fixed_lengths = false;
};

// kQuick: opened comparisons, few bytes. kRadix: digits, fixed lengths, few rounds (sort_radix.h).
enum class SortVariant : uint8_t { kQuick, kRadix };

struct SortOptions {
  SortRule rule;
  bool unique_keys = false;  // proven distinct: no index bits are appended
  // Larger batches are made in several, which bounds the memory for their planes: a comparison of w bits
  // takes w / 2 bytes. A multiple of 64.
  uint64_t batch_comparisons = uint64_t{1} << 21;
  std::optional<SortVariant> variant = {};  // tests: forced; otherwise sort_variant() decides
};

// What the sort compared, for its trace-exact cost (public: a function of the opened order).
struct SortTrace {
  uint64_t rows = 0;
  uint64_t planes = 0;                // key and index bits
  std::vector<uint64_t> comparisons;  // per batch
  SortRule rule;
  SortVariant variant = SortVariant::kQuick;
};

// Plane p of row i is bit p of i: ceil(log2 rows) planes.
Bits row_numbers(size_t rows);
// The variant that takes the least modelled time; a function of public numbers only. Of fewer than two rows
// or an empty key there is nothing to gain: kQuick.
SortVariant sort_variant(uint64_t rows, uint64_t key_planes, const SortOptions& options = {});

// What is sorted: public.
struct SortShape {
  uint64_t rows = 0, key_planes = 0;  // without index bits
};

// Planes of what is compared: the key and the index bits of so many rows.
uint64_t sort_planes(uint64_t rows, uint64_t key_planes);

// How an operator that sorts inside does it.
struct SortUse {
  SortRule rule;
  SortTrace* trace = nullptr;              // receives what the sort did
  const struct KeyIndex* index = nullptr;  // an order at hand (index.h): then nothing is sorted
};

inline SortOptions sort_options(const SortUse& use) {
  SortOptions options;
  options.rule = use.rule;
  return options;
}

// Stable order of `key` (unsigned, any number of planes; most significant plane last). Algorithm, security
// and cost: order.cc and docs/protocols/sort.md. Appends ceil(log2 n) index bits before the shuffle unless
// unique_keys.
Order sort_opening(mpc::Session& session, SharedBits key, mpc::Shuffle shuffle,
                   const SortOptions& options = {}, SortTrace* trace = nullptr);
// The same, with the key in order: it is at hand, so nothing more is sent.
struct Sorted {
  Order order;
  SharedBits key;  // key.planes() planes, without index bits
};
Sorted sort_key_opening(mpc::Session& session, SharedBits key, mpc::Shuffle shuffle,
                        const SortOptions& options = {}, SortTrace* trace = nullptr);
// Exact cost of a sort that compared as in `trace`, and a public upper bound and expectation for EXPLAIN.
mpc::Cost cost_sort(const SortTrace& trace);
mpc::Cost cost_sort_expected(uint64_t rows, uint64_t key_planes, const SortOptions& options = {});
mpc::Cost cost_sort_bound(uint64_t rows, uint64_t key_planes, const SortOptions& options = {});

// Rows of x in key order (2 rounds: shuffle with the same pi, the public order composed with it) and back
// again.
SharedBits into_order(mpc::Session& session, const Order& order, const SharedBits& x);
// Several matrices in the same rounds; missing rows at the end of one are zero.
std::vector<SharedBits> into_order(mpc::Session& session, const Order& order,
                                   std::span<const SharedBits* const> x);
// Only rows [first, first + count) of the result, which sends less.
SharedBits out_of_order(mpc::Session& session, const Order& order, const SharedBits& x, size_t first = 0,
                        size_t count = SIZE_MAX);
mpc::Cost cost_into_order(uint64_t rows, uint64_t planes);
mpc::Cost cost_out_of_order(uint64_t rows, uint64_t planes, uint64_t wanted = UINT64_MAX);

}  // namespace sluis::oblivious
