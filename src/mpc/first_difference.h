// The comparison x < y as a circuit, written once for a builder that makes the circuit and for one that only
// counts. Internal to mpc/.
//
// Bits most significant first, e_j = NOT(x_j ^ y_j), E_j = e_1 AND ... AND e_j. The first difference is at j
// where E_{j-1} ^ E_j = 1, and there x < y says y_j:
//   lt = XOR_j (E_{j-1} ^ E_j) y_j = y_1 ^ XOR_{j<r} E_j (y_j ^ y_{j+1}) ^ E_r y_r
// which is one inner product: one communicated bit. E_r says that the group is equal. Over groups likewise:
//   lt = lt_1 ^ XOR_{g>1} (eq_1 AND ... AND eq_{g-1}) lt_g
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "mpc/compare.h"

namespace sluis::mpc {

template <typename Wire>
struct Compared {
  Wire less;   // of this group
  Wire equal;  // all its bits equal; unset in the last group, where nobody asks
};

// The first `count` prefixes of e, one after the other or by Sklansky's network (1960).
template <typename Builder, typename Wire>
std::vector<Wire> prefix_ands(Builder& b, std::vector<Wire> e, size_t count, bool parallel) {
  e.resize(count);
  if (!parallel) {
    for (size_t j = 1; j < count; ++j) e[j] = b.and_(e[j - 1], e[j]);
    return e;
  }
  for (size_t span = 1; span < count; span *= 2)
    for (size_t j = 0; j < count; ++j)
      if ((j / span) % 2 == 1) e[j] = b.and_(e[j / span * span - 1], e[j]);
  return e;
}

// One group of bits; `y` and `e` most significant first.
template <typename Builder, typename Wire>
Compared<Wire> compare_bits(Builder& b, const std::vector<Wire>& e, const std::vector<Wire>& y,
                            bool parallel) {
  const size_t r = e.size();
  const std::vector<Wire> prefix = prefix_ands(b, e, r, parallel);
  std::vector<std::pair<Wire, Wire>> terms;
  for (size_t j = 0; j + 1 < r; ++j) terms.emplace_back(prefix[j], b.xor_(y[j], y[j + 1]));
  terms.emplace_back(prefix[r - 1], y[r - 1]);
  return {b.xor_(y[0], b.inner(terms)), prefix[r - 1]};
}

// One group of groups. REQUIRES: not empty.
template <typename Builder, typename Wire>
Compared<Wire> compare_groups(Builder& b, const std::vector<Compared<Wire>>& groups, bool parallel,
                              bool last) {
  const size_t r = groups.size();
  std::vector<Wire> equal;
  for (const auto& group : groups) equal.push_back(group.equal);
  const std::vector<Wire> prefix = prefix_ands(b, equal, last ? r - 1 : r, parallel);
  std::vector<std::pair<Wire, Wire>> terms;
  for (size_t g = 1; g < r; ++g) terms.emplace_back(prefix[g - 1], groups[g].less);
  return {b.xor_(groups[0].less, b.inner(terms)), last ? Wire{} : prefix[r - 1]};
}

// x < y from e and y, most significant first. REQUIRES: at least one bit and one level. The last level takes
// all groups that are left.
template <typename Builder, typename Wire>
Wire compare_nested(Builder& b, const std::vector<Wire>& e, const std::vector<Wire>& y,
                    const CompareRecipe& recipe) {
  const auto slice = [](const auto& v, size_t from, size_t count) {
    const auto first = v.begin() + static_cast<std::ptrdiff_t>(from);
    return std::decay_t<decltype(v)>(first,
                                     first + static_cast<std::ptrdiff_t>(std::min(count, v.size() - from)));
  };
  std::vector<Compared<Wire>> groups;
  const size_t bits = recipe.size() == 1 ? e.size() : recipe[0].size;
  for (size_t at = 0; at < e.size(); at += bits)
    groups.push_back(compare_bits(b, slice(e, at, bits), slice(y, at, bits), recipe[0].parallel_prefix));
  for (size_t level = 1; level < recipe.size(); ++level) {
    const size_t size = level + 1 == recipe.size() ? groups.size() : recipe[level].size;
    std::vector<Compared<Wire>> wider;
    for (size_t at = 0; at < groups.size(); at += size)
      wider.push_back(compare_groups(b, slice(groups, at, size), recipe[level].parallel_prefix,
                                     at + size >= groups.size()));
    groups = std::move(wider);
  }
  return groups[0].less;
}

// x < y from the lowest bit: c <- c ^ d (c ^ y). `d` and `y` least significant first.
template <typename Builder, typename Wire>
Wire compare_ripple(Builder& b, const std::vector<Wire>& d, const std::vector<Wire>& y) {
  Wire c = b.and_(d[0], y[0]);
  for (size_t j = 1; j < d.size(); ++j) c = b.xor_(c, b.and_(d[j], b.xor_(c, y[j])));
  return c;
}

}  // namespace sluis::mpc
