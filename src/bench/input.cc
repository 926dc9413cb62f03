#include "bench/input.h"

#include <algorithm>
#include <random>

#include "sharing/bits_ops.h"
#include "sharing/split.h"

namespace sluis::bench {

Values random_values(size_t rows, uint64_t bits, uint64_t seed) {
  std::mt19937_64 random(seed);
  Values values(rows);
  for (uint64_t& value : values) value = random() >> (64 - bits);
  return values;
}

Shares share_values(const Values& values, uint64_t planes) {
  sharing::Rows rows{values.size(), planes, {}};
  rows.words.assign(values.begin(), values.end());
  const sharing::Split split = sharing::split(sharing::to_planes(rows));
  return {sharing::party_share(split, 0), sharing::party_share(split, 1), sharing::party_share(split, 2)};
}

Result<Values> open_values(const Shares& shares) {
  const Result<sharing::Bits> clear = sharing::combine(shares);
  if (!clear) return clear.error();
  CHECK(clear->planes() >= 1 && clear->planes() <= 64);
  const sharing::Rows rows = sharing::to_rows(*clear);
  return Values(rows.words.begin(), rows.words.end());
}

}  // namespace sluis::bench
