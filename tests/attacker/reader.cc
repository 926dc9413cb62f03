#include "reader.h"

#include <algorithm>

namespace sluis::attacker {
namespace {

// Sizes that a set may have, as the reader sees it.
struct Interval {
  uint64_t lo = 0;
  uint64_t hi = kUnknown;
  static constexpr uint64_t kUnknown = 1'000'000'000;
  uint64_t values() const { return hi - lo + 1; }
};

Interval minus(const Interval& a, const Interval& b) {
  return {a.lo > b.hi ? a.lo - b.hi : 0, a.hi > b.lo ? a.hi - b.lo : 0};
}

class Reader {
 public:
  Reader(const Region& region, Shape shape, const Figures& released, const disclosure::OutputPolicy& rules)
      : region_(region), shape_(shape), released_(released), rules_(rules), by_cell_(region.cells) {
    for (const Child& child : region.children) by_cell_[child.cell].children.push_back(child);
  }

  Successes run() {
    for (size_t c = 0; c < region_.cells; ++c) {
      cell(c);
      owners(c);
      if (released_.size() > 2) two_parts(c);
    }
    groups();
    return std::move(successes_);
  }

 private:
  // A withheld figure says nothing: any of the rules may be the reason, and only some need a small number.
  Interval reads(size_t m, size_t c) const {
    const uint64_t figure = released_[m][c], half = (rules_.policy.round_base - 1) / 2;
    Interval whole;
    if (m > 0) whole.hi = reads(0, c).hi;
    if (figure == 0) return whole;
    return {std::max<uint64_t>(figure - half, rules_.policy.t_person), std::min(figure + half, whole.hi)};
  }

  // `fixed` safety limits: those of the profile, whatever was applied.
  void judge(const std::string& kind, const Size& truth, const Interval& known, bool families) {
    const bool unsafe = truth.persons < 10 || (families && truth.households < 5);
    if (unsafe && known.values() < 10) ++successes_[kind];
  }

  Size size(size_t c, const std::function<bool(const Child&)>& belongs) const {
    return size_of(by_cell_[c], belongs);
  }

  void cell(size_t c) {
    const Interval whole = reads(0, c);
    judge("cell", size(c, [](const Child&) { return true; }), whole, true);
    for (size_t m = 1; m < released_.size(); ++m) {
      const uint32_t bit = 1u << (m - 1);
      const Interval part = reads(m, c);
      judge("cell", size(c, [&](const Child& x) { return (x.counted & bit) != 0; }), part, true);
      judge("rest", size(c, [&](const Child& x) { return (x.counted & bit) == 0; }), minus(whole, part),
            true);
    }
  }

  // Each owner knows its own rows exactly and subtracts them.
  void owners(size_t c) {
    static const char* const kTables[] = {"population", "debt", "care"};
    for (size_t t = 0; t < 3; ++t)
      for (int o = 0; o < static_cast<int>(region_.owners); ++o)
        for (size_t m = 0; m < released_.size(); ++m) {
          const auto counted = [&](const Child& x) { return m == 0 || ((x.counted >> (m - 1)) & 1) != 0; };
          const auto own = [&](const Child& x) { return owner_in(x, t) == o; };
          const uint64_t mine = size(c, [&](const Child& x) { return counted(x) && own(x); }).persons;
          const uint64_t mine_left = size(c, [&](const Child& x) { return !counted(x) && own(x); }).persons;
          // Who has nobody there learns no more than any reader.
          if (mine > 0)
            judge(std::string("owner ") + kTables[t],
                  size(c, [&](const Child& x) { return counted(x) && !own(x); }),
                  minus(reads(m, c), {mine, mine}), false);
          if (m > 0 && mine_left > 0)
            judge(std::string("owner rest ") + kTables[t],
                  size(c, [&](const Child& x) { return !counted(x) && !own(x); }),
                  minus(minus(reads(0, c), reads(m, c)), {mine_left, mine_left}), false);
        }
  }

  // Two sub-counts of which the reader knows the definitions: exact bounds over the sets that they cut out.
  void two_parts(size_t c) {
    Polyhedron possible;
    const size_t common = possible.variable(), a = possible.variable(), b = possible.variable(),
                 none = possible.variable();
    const auto form = [](std::initializer_list<size_t> variables) {
      Form out(4);
      for (size_t v : variables) out[v] = 1;
      return out;
    };
    const std::vector<Form> sums{form({common, a, b, none}), form({common, a}), form({common, b})};
    for (size_t m = 0; m < 3; ++m) {
      const Interval known = reads(m, c);
      possible.at_least(sums[m], known.lo);
      if (known.hi < Interval::kUnknown) possible.at_most(sums[m], known.hi);
    }
    possible.equal(form({shape_ == Shape::kNested ? b : common}), 0);
    const auto judge_lp = [&](const char* kind, size_t variable, uint32_t counted) {
      const Bounds bounds = possible.bounds(form({variable})).value();
      if (!bounds.hi) return;
      const Interval known{static_cast<uint64_t>(*bounds.lo), static_cast<uint64_t>(*bounds.hi)};
      judge(kind, size(c, [&](const Child& x) { return x.counted == counted; }), known, true);
    };
    if (shape_ == Shape::kNested) judge_lp("difference", a, 1);
    judge_lp("remainder", none, 0);
  }

  // Whoever knows that a child is in the row knows what (nearly) all of them share.
  void groups() {
    const auto sure = [&](const Interval& part, uint64_t others_hi) {
      return part.lo * rules_.policy.group_max.den > (part.lo + others_hi) * rules_.policy.group_max.num;
    };
    for (size_t c = 0; c + 1 < region_.cells; c += 2)
      for (size_t m = 0; m < released_.size(); ++m)
        if (sure(reads(m, c), reads(m, c + 1).hi)) ++successes_["group"];
    for (size_t c = 0; c < region_.cells; ++c)
      for (size_t m = 1; m < released_.size(); ++m)
        if (sure(reads(m, c), minus(reads(0, c), reads(m, c)).hi)) ++successes_["group"];
  }

  const Region& region_;
  Shape shape_;
  const Figures& released_;
  const disclosure::OutputPolicy& rules_;
  std::vector<Region> by_cell_;
  Successes successes_;
};

}  // namespace

Successes attack(const Region& region, Shape shape, const Figures& released,
                 const disclosure::OutputPolicy& rules) {
  return Reader(region, shape, released, rules).run();
}

}  // namespace sluis::attacker
