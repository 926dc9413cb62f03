#include "disclosure/stack.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "mpc/add.h"
#include "mpc/compare.h"

namespace sluis::disclosure {
namespace {

// Both sides of all pairs, each as one matrix.
struct Sides {
  Sides(const Pairs& pairs, size_t planes) : first(planes), second(planes) {
    for (const auto& [a, b] : pairs) first.push(a), second.push(b);
  }
  Stack first, second;
};

}  // namespace

void Stack::push(const SharedBits& x) {
  CHECK(x.planes() <= planes_);
  rows_ += x.rows();
  parts_.push_back(x.planes() == planes_ ? x : sharing::extend(x, planes_, false));
}

SharedBits Stack::whole() const {
  CHECK(!parts_.empty());
  std::vector<const SharedBits*> parts;
  for (const SharedBits& part : parts_) parts.push_back(&part);
  return sharing::concat_rows(parts);
}

Matrices Stack::cut(const SharedBits& of) const {
  CHECK(of.rows() == rows_);
  Matrices out;
  size_t at = 0;
  for (const SharedBits& part : parts_) {
    out.push_back(sharing::slice_rows(of, at, part.rows()));
    at += part.rows();
  }
  return out;
}

Matrices reduce(std::vector<Matrices> lists, size_t planes, const Join& join) {
  for (;;) {
    Stack left(planes), right(planes);
    bool any = false;
    for (const Matrices& list : lists)
      for (size_t i = 0; i + 1 < list.size(); i += 2) left.push(list[i]), right.push(list[i + 1]), any = true;
    if (!any) break;
    Matrices joined = left.cut(join(left.whole(), right.whole()));
    size_t at = 0;
    for (Matrices& list : lists) {
      Matrices shorter;
      for (size_t i = 0; i + 1 < list.size(); i += 2) shorter.push_back(std::move(joined[at++]));
      if (list.size() % 2 == 1) shorter.push_back(std::move(list.back()));
      list = std::move(shorter);
    }
  }
  Matrices out;
  for (Matrices& list : lists) {
    CHECK(list.size() == 1);
    out.push_back(sharing::extend(list[0], planes, false));
  }
  return out;
}

Matrices sums(Session& session, std::vector<Matrices> lists, size_t planes) {
  return reduce(std::move(lists), planes,
                [&](const SharedBits& x, const SharedBits& y) { return mpc::add(session, x, y); });
}

Matrices maxima(Session& session, std::vector<Matrices> lists, size_t planes) {
  return reduce(std::move(lists), planes, [&](const SharedBits& x, const SharedBits& y) {
    return mpc::mux(session, mpc::less(session, x, y), y, x);
  });
}

Matrices differences(Session& session, const Pairs& pairs, size_t planes) {
  if (pairs.empty()) return {};
  const Sides sides(pairs, planes);
  return sides.first.cut(mpc::subtract(session, sides.first.whole(), sides.second.whole()));
}

Matrices plus(Session& session, const Matrices& xs, uint64_t constant, size_t planes) {
  if (xs.empty()) return {};
  Stack stack(planes);
  for (const SharedBits& x : xs) stack.push(x);
  return stack.cut(mpc::add_constant(session, stack.whole(), constant));
}

Matrices at_most(Session& session, const Pairs& pairs, size_t planes) {
  if (pairs.empty()) return {};
  const Sides sides(pairs, planes);
  const SharedBits greater = mpc::less(session, sides.second.whole(), sides.first.whole());
  return sides.first.cut(sharing::not_(session.party(), greater));
}

Matrices at_most_share(Session& session, const Pairs& pairs, const Fraction& share, size_t planes) {
  if (pairs.empty()) return {};
  const Sides sides(pairs, planes);
  const size_t wide = planes + static_cast<size_t>(std::bit_width(std::max(share.num, share.den)));
  const SharedBits part = mpc::multiply_constant(session, sides.first.whole(), share.den, wide);
  const SharedBits whole = mpc::multiply_constant(session, sides.second.whole(), share.num, wide);
  const SharedBits greater = mpc::less(session, whole, part);
  return sides.first.cut(sharing::not_(session.party(), greater));
}

}  // namespace sluis::disclosure
