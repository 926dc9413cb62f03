// For tests of the guard: clear tables, their shares, and the guard run by three parties.
#pragma once

#include <array>
#include <random>

#include "disclosure/guard.h"
#include "disclosure/reference.h"
#include "testing/clearance_access.h"
#include "testing/three_parties.h"

namespace sluis::disclosure::world {

// Two dimensions of `rows` and 2 labels, a COUNT(*) and `sub_counts` sums, three tables with `owners` owners
// each.
inline OutputPolicy output_policy(size_t rows, size_t sub_counts) {
  OutputPolicy output;
  output.name = "samen";
  sharing::ReleaseDimension first{"leeftijd", {}};
  for (size_t i = 0; i < rows; ++i) first.labels.push_back("rij" + std::to_string(i));
  output.dimensions = {first, {"schuldhulp", {"ja", "nee"}}};
  output.measures.push_back({"kinderen", Figure::kCountRows, false});
  for (size_t i = 0; i < sub_counts; ++i)
    output.measures.push_back({"deel" + std::to_string(i), Figure::kCountSome, false});
  output.tables = {{"ouder_kind", "gemeente", true, true},
                   {"schuldhulp", "gemeente", false, true},
                   {"jeugdhulp", "aanbieder", false, true}};
  return output;
}

inline ClearMeasure empty_measure(size_t cells, size_t tables, size_t owners) {
  ClearMeasure measure;
  measure.value.assign(cells, 0);
  measure.persons = measure.households = measure.value;
  measure.owners.assign(tables, std::vector<std::vector<uint64_t>>(owners, measure.value));
  return measure;
}

inline constexpr size_t kCountPlanes = 12;

// The table as the engine hands it over, for each party.
inline std::array<oblivious::CellTable, 3> share_table(const ClearTable& clear, const OutputPolicy& output,
                                                       uint64_t seed) {
  std::array<oblivious::CellTable, 3> parties;
  for (auto& table : parties) table.name = output.name, table.cells = output.cells();
  for (size_t m = 0; m < clear.measures.size(); ++m) {
    const ClearMeasure& measure = clear.measures[m];
    std::array<oblivious::CellMeasure, 3> out;
    const auto put = [&](const std::vector<uint64_t>& values, const auto& place) {
      const auto shares = testing::share(testing::bits_of(values, kCountPlanes), ++seed);
      for (size_t i = 0; i < 3; ++i) place(out[i]) = shares[i];
    };
    put(measure.value, [](auto& o) -> auto& { return o.value; });
    put(measure.persons, [](auto& o) -> auto& { return o.persons; });
    put(measure.households, [](auto& o) -> auto& { return o.households; });
    if (!measure.null.empty()) {
      const std::vector<uint64_t> bits(measure.null.begin(), measure.null.end());
      const auto shares = testing::share(testing::bits_of(bits, 1), ++seed);
      for (size_t i = 0; i < 3; ++i) out[i].null = shares[i];
    }
    for (size_t t = 0; t < measure.owners.size(); ++t) {
      for (auto& o : out) o.owners.push_back({output.tables[t].name, {}});
      for (const auto& counts : measure.owners[t])
        put(counts, [](auto& o) -> auto& { return o.owners.back().count.emplace_back(); });
    }
    for (size_t i = 0; i < 3; ++i) {
      out[i].name = output.measures[m].name;
      out[i].type = relation::Type::integer(0, (1 << kCountPlanes) - 1);
      parties[i].measures.push_back(std::move(out[i]));
    }
  }
  return parties;
}

inline std::array<sharing::Seed, 3> band_seeds(uint8_t seed) {
  std::array<sharing::Seed, 3> seeds{};
  for (size_t j = 0; j < 3; ++j) seeds[j].fill(static_cast<uint8_t>(seed + 31 * j));
  return seeds;
}

// Party's policy: the same for all but for its two band seeds.
inline OutputPolicy with_seeds(OutputPolicy output, int party, const std::array<sharing::Seed, 3>& seeds) {
  output.band_seeds = {seeds[static_cast<size_t>(party)], seeds[static_cast<size_t>((party + 1) % 3)]};
  return output;
}

struct Protected {
  std::vector<std::vector<uint64_t>> figures;  // [measure][cell]
  std::array<testing::Trace, 3> traces;
  mpc::Cost measured;
  std::array<ReleaseTable, 3> tables;
};

inline Protected protect_three(const ClearTable& clear, const OutputPolicy& output, uint64_t seed = 7) {
  const auto shared = share_table(clear, output, seed);
  const auto seeds = band_seeds(static_cast<uint8_t>(seed));
  auto run = testing::run_measured([&](mpc::Session& session) {
    auto result = Guard::protect(session,
                                 testing::ClearanceAccess::uncleared(
                                     oblivious::CellTable(shared[static_cast<size_t>(session.party())])),
                                 with_seeds(output, session.party(), seeds));
    CHECK(result.ok());
    return testing::ClearanceAccess::look(*result);
  });
  Protected out;
  out.tables = run.results;
  out.traces = run.traces;
  out.measured = run.measured;
  for (size_t m = 0; m < clear.measures.size(); ++m)
    out.figures.push_back(testing::row_values(testing::reconstruct(
        {run.results[0].figures[m], run.results[1].figures[m], run.results[2].figures[m]})));
  return out;
}

// Numbers at and around every threshold.
class Boundaries {
 public:
  explicit Boundaries(uint64_t seed) : random_(seed) {}
  uint64_t below(uint64_t n) { return n == 0 ? 0 : random_() % n; }
  uint64_t one_of(const std::vector<uint64_t>& values) { return values[below(values.size())]; }
  uint64_t count() {
    return one_of(
        {0, 1, 5, 9, 10, 11, 12, 13, 17, 18, 20, 29, 30, 31, 47, 50, 99, 100, 101, 110, below(400)});
  }
  uint64_t part_of(uint64_t whole) {
    const uint64_t offset =
        one_of({0, 1, 9, 10, 11, 20, 25, whole / 10, whole / 5, whole / 3, whole / 2, below(whole + 1)});
    return below(2) == 0 ? std::min(offset, whole) : whole - std::min(offset, whole);
  }
  uint64_t households(uint64_t persons) {
    return std::min(persons, one_of({3, 4, 5, 6, persons / 2, persons, persons, persons}));
  }
  // Splits a count over owners, with the largest at and around 80 and 90 %.
  std::vector<uint64_t> owners(uint64_t persons, size_t owners) {
    std::vector<uint64_t> split(owners, 0);
    if (below(3) > 0) {  // even, so that other rules get a chance to decide
      for (uint64_t i = 0; i < persons; ++i) ++split[i % owners];
      return split;
    }
    const uint64_t rest =
        one_of({0, 1, 9, 10, 11, persons / 10, persons / 10 + 1, persons / 5, persons / 5 + 1, persons / 2});
    split[0] = persons - std::min(rest, persons);
    const size_t others = owners > 1 ? 1 + below(owners - 1) : 0;
    for (uint64_t i = 0; i < std::min(rest, persons) && others > 0; ++i) ++split[1 + below(others)];
    std::shuffle(split.begin(), split.end(), random_);
    return split;
  }
  std::mt19937_64& random() { return random_; }

 private:
  std::mt19937_64 random_;
};

// A table near its boundaries. Sub-counts lie within the row's population, owner by owner, unless `wild`:
// then nothing fits together, which the rules must survive on the safe side.
inline ClearTable random_table(const OutputPolicy& output, size_t owners, uint64_t seed, bool wild = false) {
  Boundaries pick(seed);
  const size_t cells = output.cells(), tables = output.tables.size();
  ClearTable table;
  for (size_t m = 0; m < output.measures.size(); ++m)
    table.measures.push_back(empty_measure(cells, tables, owners));
  const auto set = [&](ClearMeasure& measure, size_t c, uint64_t n) {
    measure.persons[c] = n;
    measure.value[c] = n + pick.one_of({0, 0, 0, 1, 5});
    measure.households[c] = pick.households(n);
    for (size_t t = 0; t < tables; ++t) {
      // The population table covers everybody; others some.
      const auto split = pick.owners(t == 0 ? n : pick.part_of(n), owners);
      for (size_t o = 0; o < owners; ++o) measure.owners[t][o][c] = split[o];
    }
  };
  for (size_t c = 0; c < cells; ++c) {
    ClearMeasure& whole = table.measures[0];
    set(whole, c, pick.count());
    for (size_t m = 1; m < table.measures.size(); ++m) {
      ClearMeasure& part = table.measures[m];
      // Sometimes close to the part before, so that their difference matters.
      const bool close = m > 1 && pick.below(4) == 0;
      const uint64_t near = table.measures[m - 1].persons[c];
      set(part, c,
          wild    ? pick.count()
          : close ? near - std::min(near, pick.below(12))
                  : pick.part_of(whole.persons[c]));
      if (wild) continue;
      part.households[c] = std::min(part.households[c], whole.households[c]);
      part.value[c] = std::min(part.value[c], whole.value[c]);
      for (size_t t = 0; t < tables; ++t)
        for (size_t o = 0; o < owners; ++o)
          part.owners[t][o][c] = std::min(part.owners[t][o][c], whole.owners[t][o][c]);
    }
  }
  return table;
}

}  // namespace sluis::disclosure::world
