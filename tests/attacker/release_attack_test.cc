// Everything that a release of one output gives away, attacked with all rules (must fail) and with one rule
// less (must succeed: otherwise the attacker is broken, or the rule is idle).
#include <gtest/gtest.h>

#include "disclosure/guard_world_test.h"
#include "reader.h"

namespace sluis::attacker {
namespace {

using disclosure::OutputPolicy;
using disclosure::protect_clear;
using disclosure::Relation;

constexpr size_t kRows = 25;
constexpr uint64_t kRegions = 40;

std::string text(const Successes& successes) {
  std::string out;
  for (const auto& [kind, count] : successes) out += kind + " " + std::to_string(count) + "; ";
  return out;
}

OutputPolicy full_policy(const Region& region, size_t sub_counts) {
  OutputPolicy output = region_policy(region, sub_counts);
  output.sensitive = {{1, {0}}};
  for (size_t m = 1; m <= sub_counts; ++m) output.measures[m].sensitive = true;
  return output;
}

// Sum over many regions; `release` makes what the reader sees.
using Release = std::function<Figures(const disclosure::ClearTable&, OutputPolicy&)>;
Successes over_regions(Shape shape, const Release& release) {
  const size_t sub_counts = shape == Shape::kOne ? 1 : 2;
  Successes all;
  for (uint64_t seed = 1; seed <= kRegions; ++seed) {
    const Region region = make_region(kRows, shape, seed);
    OutputPolicy output = full_policy(region, sub_counts);
    const Figures figures = release(tabulate(region, sub_counts), output);
    for (const auto& [kind, count] : attack(region, shape, figures, output)) all[kind] += count;
  }
  return all;
}

Release with(const std::function<void(OutputPolicy&)>& change) {
  return [change](const disclosure::ClearTable& table, OutputPolicy& output) {
    change(output);
    return protect_clear(table, output);
  };
}

// Each column as if it were the only one of its output: no rule compares them.
Figures apart(const disclosure::ClearTable& table, const OutputPolicy& output) {
  Figures out;
  for (size_t m = 0; m < table.measures.size(); ++m) {
    OutputPolicy one = output;
    one.measures = {output.measures[m]};
    one.measures[0].sensitive = false;
    out.push_back(protect_clear({{table.measures[m]}}, one)[0]);
  }
  return out;
}

TEST(ReleaseAttack, AllRulesTogetherHold) {
  size_t shown = 0;
  EXPECT_EQ(text(over_regions(Shape::kOne,
                              [&](const auto& table, auto& output) {
                                const Figures figures = protect_clear(table, output);
                                for (const auto& column : figures)
                                  for (uint64_t figure : column) shown += figure != 0 ? 1 : 0;
                                return figures;
                              })),
            "");
  EXPECT_GT(shown, 300u) << "a release that shows nothing proves nothing";
}

TEST(ReleaseAttack, ThresholdOfPersons) {
  Successes s = over_regions(Shape::kOne, with([](auto& o) { o.policy.t_person = 1; }));
  EXPECT_GT(s["cell"], 0u);
}

TEST(ReleaseAttack, ThresholdOfHouseholds) {
  Successes s = over_regions(Shape::kOne, with([](auto& o) { o.policy.t_household = 1; }));
  EXPECT_GT(s["cell"], 0u);
  EXPECT_GT(s["rest"], 0u);
}

TEST(ReleaseAttack, Rest) {
  Successes s =
      over_regions(Shape::kOne, [](const auto& table, auto& output) { return apart(table, output); });
  EXPECT_GT(s["rest"], 0u);
  EXPECT_EQ(s["cell"], 0u);
}

TEST(ReleaseAttack, OwnersOfEachTable) {
  const char* const kinds[] = {"owner population", "owner debt", "owner care"};
  for (size_t t = 0; t < 3; ++t) {
    Successes s = over_regions(Shape::kOne, with([t](auto& o) { o.tables[t].spans_owners = false; }));
    EXPECT_GT(s[kinds[t]], 0u) << kinds[t];
  }
}

// The rules for cells and for the rest, but nobody looks at an owner that subtracts itself from the rest.
TEST(ReleaseAttack, OwnersWithinTheRest) {
  Successes s = over_regions(Shape::kOne, [](const auto& table, auto& output) {
    Figures cells = apart(table, output);
    OutputPolicy no_owners = output;
    for (auto& contributing : no_owners.tables) contributing.spans_owners = false;
    const Figures rests = protect_clear(table, no_owners);
    for (size_t m = 0; m < cells.size(); ++m)
      for (size_t c = 0; c < cells[m].size(); ++c)
        if (rests[m][c] == 0 || cells[0][c] == 0) cells[m][c] = 0;
    return cells;
  });
  EXPECT_GT(s["owner rest population"], 0u);
  EXPECT_EQ(s["rest"], 0u);
  EXPECT_EQ(s["owner population"], 0u);
}

TEST(ReleaseAttack, GroupDisclosure) {
  Successes values = over_regions(Shape::kOne, with([](auto& o) { o.sensitive.clear(); }));
  EXPECT_GT(values["group"], 0u);
  Successes counts = over_regions(Shape::kOne, with([](auto& o) { o.measures[1].sensitive = false; }));
  EXPECT_GT(counts["group"], 0u);
}

// Two sub-counts of one row: the reader knows from the study that one contains the other, or that they
// exclude each other. The rules hold whether or not the study's relation was proven; a wrong one lets the
// attack through.
TEST(ReleaseAttack, DifferencesWithinARow) {
  for (const Shape shape : {Shape::kNested, Shape::kDisjoint}) {
    const Relation truth = shape == Shape::kNested ? Relation::kWithin : Relation::kDisjoint;
    EXPECT_EQ(text(over_regions(shape, with([](auto&) {}))), "");
    EXPECT_EQ(text(over_regions(shape, with([&](auto& o) { o.relations = {{2, 1, truth}}; }))), "");
    Successes wrong = over_regions(shape, with([](auto& o) { o.relations = {{2, 1, Relation::kCrossing}}; }));
    EXPECT_GT(wrong[shape == Shape::kNested ? "difference" : "remainder"], 0u);
  }
}

// The same with the figures that three parties compute.
TEST(ReleaseAttack, OnShares) {
  for (uint64_t seed = 100; seed < 103; ++seed) {
    const Region region = make_region(40, Shape::kOne, seed);
    const OutputPolicy output = full_policy(region, 1);
    const auto run = disclosure::world::protect_three(tabulate(region, 1), output, seed);
    EXPECT_EQ(text(attack(region, Shape::kOne, run.figures, output)), "");
  }
}

// Repeating a question adds nothing: rounding is a function of the exact count. Fresh random rounding would
// not be.
TEST(ReleaseAttack, RepeatsCannotBeAveraged) {
  const Region region = make_region(5, Shape::kOne, 7);
  const OutputPolicy output = full_policy(region, 1);
  const auto first = disclosure::world::protect_three(tabulate(region, 1), output, 1);
  for (uint64_t seed = 2; seed < 6; ++seed)
    EXPECT_EQ(disclosure::world::protect_three(tabulate(region, 1), output, seed).figures, first.figures);
  std::mt19937_64 random(1);
  const uint64_t truth = 103;
  double sum = 0;
  for (int i = 0; i < 4000; ++i)
    sum += static_cast<double>(truth / 5 * 5 + (random() % 5 < truth % 5 ? 5 : 0));
  EXPECT_NEAR(sum / 4000, truth, 0.5);
}

}  // namespace
}  // namespace sluis::attacker
