// Oblivious shuffle of rows. Docstring of the protocol: shuffle.cc, docs/protocols/shuffle.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mpc/multiply.h"

namespace sluis::mpc {

// The two of the three permutations pi_0, pi_1, pi_2 that this party knows: pi = pi_2 pi_0 pi_1 of
// protocols.md 4.6. Move-only; the same shuffle may be applied to further columns of the same table (fresh
// masks each time), but its order may be opened at most once (sort takes it by value).
class Shuffle {
 public:
  Shuffle(Shuffle&&) noexcept = default;
  Shuffle& operator=(Shuffle&&) noexcept = default;
  size_t rows() const { return rows_; }
  // Where row i goes under pi_j (destination form; made anew at each call). REQUIRES: this party knows j,
  // i.e. j == party or j == party + 1.
  std::vector<uint32_t> permutation(int j) const;
  // The inverse: which row comes to place i under pi_j (source form). REQUIRES: as permutation.
  std::span<const uint32_t> source(int j) const;

 private:
  friend Shuffle make_shuffle(Session& session, size_t rows);
  friend Shuffle restored_shuffle(int party, sharing::RawIndices own, sharing::RawIndices next);
  friend Shuffle make_forced_shuffle(int party, const std::array<std::vector<uint32_t>, 3>& permutations);
  explicit Shuffle(size_t rows) : rows_(rows) {}
  size_t rows_ = 0;
  std::array<std::optional<sharing::RawIndices>, 3> pi_;  // source form
};

// Draws this party's two permutations from the session keys (Fisher-Yates, exact rejection). No
// communication.
Shuffle make_shuffle(Session& session, size_t rows);
// A shuffle that was kept: the source forms of this party's pi_party and pi_party+1. REQUIRES: permutations
// of one length, all three nodes' of one shuffle.
Shuffle restored_shuffle(int party, sharing::RawIndices own, sharing::RawIndices next);
// Tests only: a shuffle with given permutations, for equal traces under a forced order.
Shuffle make_forced_shuffle(int party, const std::array<std::vector<uint32_t>, 3>& permutations);

// Which rows of the result are wanted, and a public order that they are put in on the way: both cost nothing.
struct Placing {
  // A permutation of all rows, or empty. apply: row i of the result is row order[i] of the shuffled table;
  // apply_inverse: row i of x is row order[i] of the shuffled table.
  std::span<const uint32_t> order = {};
  // Rows [first, first + count) of the result; no more than there are.
  size_t first = 0;
  size_t count = SIZE_MAX;
};

// Row i of x moves to row pi(i). 2 rounds. Uses the same pi at every call with the same Shuffle.
SharedBits apply(Session& session, const Shuffle& shuffle, const SharedBits& x);
// The inverse: row pi(i) of x moves to row i. 2 rounds.
SharedBits apply_inverse(Session& session, const Shuffle& shuffle, const SharedBits& x);
// The same for several matrices in the same 2 rounds. A matrix may have fewer rows than the shuffle: the
// missing ones are zero.
std::vector<SharedBits> apply_batch(Session& session, const Shuffle& shuffle,
                                    std::span<const SharedBits* const> x, const Placing& placing = {});
std::vector<SharedBits> apply_inverse_batch(Session& session, const Shuffle& shuffle,
                                            std::span<const SharedBits* const> x,
                                            const Placing& placing = {});

// `planes` of all matrices; `wanted` rows of the result. Exact.
Cost cost_shuffle(uint64_t rows, uint64_t planes, uint64_t wanted = UINT64_MAX);
// The same bytes on other links.
Cost cost_shuffle_inverse(uint64_t rows, uint64_t planes, uint64_t wanted = UINT64_MAX);

}  // namespace sluis::mpc
