// Rows of up to 64 planes, one word each, moved by permutations block by block: the local half of the
// shuffle. Internal to mpc/.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "mpc/session.h"
#include "sharing/bits.h"

namespace sluis::mpc {

// Permutations one after the other, the last first: place(i) = chain[0][chain[1][... chain.back()[i]]].
// Empty: the identity.
using Chain = std::vector<std::span<const uint32_t>>;

// The shape of a group of planes, and how it is cut into messages: whole blocks, as many as fit.
struct GroupShape {
  size_t rows, planes;
  size_t blocks() const { return (rows + sharing::kBlockRows - 1) / sharing::kBlockRows; }
  size_t block_rows(size_t block) const {
    return std::min(sharing::kBlockRows, rows - block * sharing::kBlockRows);
  }
  // Words of one plane, and of all, in one block.
  size_t plane_words(size_t block) const { return (block_rows(block) + 63) / 64; }
  size_t block_words(size_t block) const { return planes * plane_words(block); }
  size_t blocks_per_message() const;
};

// One block: as planes and as rows.
class BlockBuffer {
 public:
  BlockBuffer() : planes_(sharing::kBlockRows), rows_(sharing::kBlockRows) {}
  std::span<uint64_t> planes(const GroupShape& shape, size_t block) {
    return {planes_.data(), shape.block_words(block)};
  }
  std::span<uint64_t> rows() { return rows_; }
  // Between the two forms. Rows past the last one become zero on the way to planes.
  void to_rows(const GroupShape& shape, size_t block, std::span<const uint64_t> planes, uint64_t* rows) const;
  void to_planes(const GroupShape& shape, size_t block);

 private:
  sharing::RawWords planes_, rows_;
};

// Words for `rows` rows and what a transposition writes past them.
sharing::RawWords row_memory(size_t rows);

// place(first), place(first + 1), ... for one block; valid until the next call.
class PlaceBlock {
 public:
  PlaceBlock() : places_(sharing::kBlockRows) {}
  const uint32_t* of(const Chain& chain, size_t first, size_t count);

 private:
  sharing::RawIndices places_;
};

// Planes [first, first + shape.planes) of x, a matrix of at most shape.rows rows (what is missing is zero),
// XORed into one block of planes.
void xor_planes(const sharing::Bits& x, size_t first, const GroupShape& shape, size_t block,
                std::span<uint64_t> into);

// A group of planes to one neighbour, block after block.
class PlaneSender {
 public:
  PlaneSender(Session& session, int to, const GroupShape& shape);
  void add(size_t block, std::span<const uint64_t> planes);

 private:
  Session& session_;
  int to_;
  GroupShape shape_;
  sharing::RawWords message_;
  size_t filled_ = 0;
};

class PlaneReceiver {
 public:
  PlaneReceiver(Session& session, int from, const GroupShape& shape);
  // The next block; valid until the next call. REQUIRES: blocks in order.
  std::span<const uint64_t> next(size_t block);

 private:
  Session& session_;
  int from_;
  GroupShape shape_;
  sharing::RawWords message_;
  size_t at_ = 0;
};

}  // namespace sluis::mpc
