#include "region.h"

#include <algorithm>
#include <random>
#include <set>

namespace sluis::attacker {
namespace {

constexpr int kOwners = 3;

class Maker {
 public:
  Maker(size_t rows, Shape shape, uint64_t seed) : shape_(shape), random_(seed) {
    region_.cells = 2 * rows;
    region_.owners = kOwners;
  }

  Region run() {
    for (uint32_t cell = 0; cell < region_.cells; ++cell) fill(cell);
    return std::move(region_);
  }

 private:
  size_t below(size_t n) { return n == 0 ? 0 : random_() % n; }
  size_t one_of(const std::vector<size_t>& values) { return values[below(values.size())]; }

  // Owner of the i-th of n: even, or one owner with all but a few.
  std::vector<int> owners(size_t n) {
    std::vector<int> out(n);
    const size_t few = one_of({n, n, n, n, n, n, n, n, 0, 3, 9, 10, 11, n / 10, n / 5});
    for (size_t i = 0; i < n; ++i) out[i] = i < few ? static_cast<int>(i % kOwners) : 0;
    return out;
  }

  void fill(uint32_t cell) {
    const size_t n = one_of({0, 3, 9, 10, 11, 14, 22, 30, 40, 60, 100, 130, 300, 400, 600});
    const size_t family =
        one_of({1, 1, 1, 1, 2, 2, 2, 3, std::max<size_t>(n / 4, 1), std::max<size_t>(n / 6, 1)});
    const std::vector<int> owner = owners(n), provider = owners(n), debt = owners(n);
    const size_t first = part_of(n), second = part_of(shape_ == Shape::kNested ? first : n - first);
    for (size_t i = 0; i < n; ++i) {
      Child child;
      child.cell = cell;
      child.household = next_household_ + static_cast<uint32_t>(i / family);
      child.owner = owner[i];
      if (cell % 2 == 0) child.debt_owner = debt[i];
      if (i < first) child.counted |= 1;
      if (shape_ == Shape::kNested && i < second) child.counted |= 2;
      if (shape_ == Shape::kDisjoint && i >= first && i < first + second) child.counted |= 2;
      if (child.counted != 0) child.provider = provider[i];
      region_.children.push_back(child);
    }
    next_household_ += static_cast<uint32_t>(n) + 1;
  }

  size_t part_of(size_t whole) {
    const size_t few = std::min(whole, one_of({0, 2, 9, 10, 12, 25, whole / 10, whole / 4, whole / 2}));
    return below(3) == 0 ? whole - few : few;
  }

  Shape shape_;
  std::mt19937_64 random_;
  Region region_;
  uint32_t next_household_ = 0;
};

}  // namespace

Region make_region(size_t rows, Shape shape, uint64_t seed) { return Maker(rows, shape, seed).run(); }

int owner_in(const Child& child, size_t table) {
  return table == 0 ? child.owner : table == 1 ? child.debt_owner : child.provider;
}

disclosure::ClearTable tabulate(const Region& region, size_t sub_counts) {
  disclosure::ClearTable table;
  std::vector<std::vector<std::set<uint32_t>>> households(1 + sub_counts,
                                                          std::vector<std::set<uint32_t>>(region.cells));
  table.measures.resize(1 + sub_counts);
  for (disclosure::ClearMeasure& measure : table.measures) {
    measure.value.assign(region.cells, 0);
    measure.persons = measure.households = measure.value;
    measure.owners.assign(3, std::vector<std::vector<uint64_t>>(region.owners, measure.value));
  }
  for (const Child& child : region.children)
    for (size_t m = 0; m <= sub_counts; ++m) {
      if (m > 0 && ((child.counted >> (m - 1)) & 1) == 0) continue;
      ++table.measures[m].persons[child.cell];
      ++table.measures[m].value[child.cell];
      households[m][child.cell].insert(child.household);
      for (size_t t = 0; t < 3; ++t)
        if (const int owner = owner_in(child, t); owner >= 0)
          ++table.measures[m].owners[t][static_cast<size_t>(owner)][child.cell];
    }
  for (size_t m = 0; m <= sub_counts; ++m)
    for (size_t c = 0; c < region.cells; ++c) table.measures[m].households[c] = households[m][c].size();
  return table;
}

Size size_of(const Region& region, const std::function<bool(const Child&)>& belongs) {
  Size size;
  std::set<uint32_t> households;
  for (const Child& child : region.children)
    if (belongs(child)) ++size.persons, households.insert(child.household);
  size.households = households.size();
  return size;
}

disclosure::OutputPolicy region_policy(const Region& region, size_t sub_counts) {
  disclosure::OutputPolicy output;
  output.name = "samen";
  sharing::ReleaseDimension rows{"rij", {}};
  for (size_t i = 0; i < region.cells / 2; ++i) rows.labels.push_back(std::to_string(i));
  output.dimensions = {rows, {"schuldhulp", {"ja", "nee"}}};
  output.measures.push_back({"kinderen", disclosure::Figure::kCountRows, false});
  for (size_t s = 0; s < sub_counts; ++s)
    output.measures.push_back({"deel" + std::to_string(s), disclosure::Figure::kCountSome, false});
  output.tables = {{"ouder_kind", "gemeente", true, true},
                   {"schuldhulp", "gemeente", false, true},
                   {"jeugdhulp", "aanbieder", false, true}};
  return output;
}

}  // namespace sluis::attacker
