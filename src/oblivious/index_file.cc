#include "oblivious/index_file.h"

#include <bit>

#include "base/check.h"

namespace sluis::oblivious {
namespace {

static_assert(std::endian::native == std::endian::little, "arrays are written as they lie in memory");

// rows, planes of the key, rows of `found`.
constexpr size_t kHeaderWords = 3;
constexpr uint64_t kMaxRows = uint64_t{1} << 32;
constexpr uint64_t kMaxPlanes = 4096;

Error shape_error() {
  Error error;
  error.id = "S1091.shape";
  return error;
}

template <typename T>
ByteSpan bytes_of(const T& array) {
  return {reinterpret_cast<const uint8_t*>(array.data()), array.size() * sizeof(array[0])};
}
template <typename T>
std::span<uint8_t> room_of(T&& array) {
  return {reinterpret_cast<uint8_t*>(array.data()), array.size() * sizeof(array[0])};
}

bool is_permutation(const sharing::RawIndices& values) {
  std::vector<bool> seen(values.size());
  for (const uint32_t value : values) {
    if (value >= seen.size() || seen[value]) return false;
    seen[value] = true;
  }
  return true;
}

Result<sharing::RawIndices> read_permutation(uint64_t rows, const IndexSource& source) {
  sharing::RawIndices values(rows);
  SLUIS_TRY(source(room_of(values)));
  if (!is_permutation(values)) return shape_error();
  return values;
}

Result<SharedBits> read_shares(uint64_t rows, uint64_t planes, const IndexSource& source) {
  SharedBits x(rows, planes);
  SLUIS_TRY(source(room_of(x.own.words())));
  SLUIS_TRY(source(room_of(x.next.words())));
  return x;
}

}  // namespace

Status write_index(const KeyIndex& index, int party, const IndexSink& sink) {
  CHECK(index.order.has_value());
  const mpc::Shuffle& shuffle = index.order->shuffle();
  const std::vector<uint64_t> header = {index.rows(), index.key.planes(), index.found.rows()};
  CHECK(header.size() == kHeaderWords);
  SLUIS_TRY(sink(bytes_of(header)));
  SLUIS_TRY(sink(bytes_of(shuffle.source(party))));
  SLUIS_TRY(sink(bytes_of(shuffle.source((party + 1) % 3))));
  SLUIS_TRY(sink(bytes_of(index.order->places())));
  for (const SharedBits* shares : {&index.key, &index.start, &index.found}) {
    SLUIS_TRY(sink(bytes_of(shares->own.words())));
    SLUIS_TRY(sink(bytes_of(shares->next.words())));
  }
  return {};
}

Result<KeyIndex> read_index(int party, uint64_t rows, const IndexSource& source) {
  std::vector<uint64_t> header(kHeaderWords);
  SLUIS_TRY(source(room_of(header)));
  if (header[0] != rows || rows >= kMaxRows || header[1] > kMaxPlanes || header[2] > rows)
    return shape_error();
  SLUIS_ASSIGN(sharing::RawIndices own, read_permutation(rows, source));
  SLUIS_ASSIGN(sharing::RawIndices next, read_permutation(rows, source));
  SLUIS_ASSIGN(sharing::RawIndices places, read_permutation(rows, source));
  KeyIndex index;
  index.order =
      Order::restored(mpc::restored_shuffle(party, std::move(own), std::move(next)), std::move(places));
  SLUIS_ASSIGN(index.key, read_shares(rows, header[1], source));
  SLUIS_ASSIGN(index.start, read_shares(rows, 1, source));
  SLUIS_ASSIGN(index.found, read_shares(header[2], header[2] > 0 ? 1 : 0, source));
  return index;
}

}  // namespace sluis::oblivious
