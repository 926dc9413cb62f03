// Published rules and attacks on whole tables: reference cases of shared/data/sdc as far as they concern the
// rules that exist now, and the totals and sequences that those rules do not cover by themselves.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <random>

#include "additive_table.h"
#include "disclosure/figures.h"
#include "disclosure/guard_world_test.h"
#include "disclosure/primary.h"
#include "governance/ledger.h"
#include "mpc/multiply.h"
#include "reader.h"
#include "sdc_files.h"

namespace sluis::attacker {
namespace {

using disclosure::ClearMeasure;
using disclosure::ClearTable;
using disclosure::OutputPolicy;

// One column of counts without families or owners: only the threshold and the rounding can act.
struct PlainColumn {
  explicit PlainColumn(const std::vector<uint64_t>& counts) {
    output.name = "kolom";
    output.dimensions = {{"rij", {}}};
    for (size_t i = 0; i < counts.size(); ++i) output.dimensions[0].labels.push_back(std::to_string(i));
    output.measures = {{"n", disclosure::Figure::kCountRows, false}};
    output.tables = {{"t", "eigenaar", true, false}};
    output.policy.t_household = 1;
    ClearMeasure measure = disclosure::world::empty_measure(counts.size(), 1, 1);
    measure.value = measure.persons = measure.households = counts;
    table.measures = {measure};
  }
  // In the clear, and by three parties below the guard's own floors (these cases have laxer thresholds).
  Figures release(uint32_t threshold) {
    output.policy.t_person = threshold;
    const Figures clear = disclosure::protect_clear(table, output);
    const auto shared = disclosure::world::share_table(table, output, 1);
    const auto shares = testing::run_three([&](mpc::Session& session) {
      const oblivious::CellTable& mine = shared[static_cast<size_t>(session.party())];
      const sharing::SharedBits pass = disclosure::pass_bits(session, mine, output);
      return mpc::and_(session, disclosure::rounded(session, mine, output)[0], pass);
    });
    EXPECT_EQ(testing::row_values(testing::reconstruct(shares)), clear[0]);
    return clear;
  }
  OutputPolicy output;
  ClearTable table;
};

TEST(PublishedCases, OpenSafelyRounding) {
  SKIP_WITHOUT_SDC();
  std::vector<uint64_t> disease, population, disease_shown, population_shown;
  for (const auto& row : read_rows("opensafely_rounding/rounding.csv")) {
    disease.push_back(std::stoull(row[1]));
    population.push_back(std::stoull(row[2]));
    disease_shown.push_back(row[3] == "REDACTED" ? 0 : std::stoull(row[3]));
    population_shown.push_back(std::stoull(row[4]));
  }
  ASSERT_EQ(disease.size(), 4u);
  // "Redact 7 and below" is a threshold of 8. midpoint6.csv belongs to survival steps, which do not exist
  // yet.
  EXPECT_EQ(PlainColumn(disease).release(8)[0], disease_shown);
  EXPECT_EQ(PlainColumn(population).release(8)[0], population_shown);
}

TEST(PublishedCases, SdcTableFrequencyRule) {
  SKIP_WITHOUT_SDC();
  const auto expected = read_expected("sdctable_microdata1");
  std::vector<uint64_t> freq;
  for (const auto& row : read_rows("sdctable_microdata1/table.csv")) freq.push_back(std::stoull(row[3]));
  ASSERT_EQ(freq.size(), 15u);
  PlainColumn column(freq);
  column.output.policy.round_base = 1;
  const Figures released = column.release(3);  // maxN = 2; the other rules of this case are for amounts
  for (size_t i = 0; i < freq.size(); ++i) {
    const bool primary = i + 1 == expected["primary_published"]["freq2"].get<size_t>();
    EXPECT_EQ(released[0][i], primary ? 0 : freq[i]) << i;
  }
}

// tau-ARGUS: a figure rounded to base 5 with zero steps lies within 4 of the truth. Ours is nearer: within 2.
TEST(PublishedCases, TauArgusRoundingIntervals) {
  SKIP_WITHOUT_SDC();
  const auto expected = read_expected("tauargus_manual");
  size_t compared = 0;
  for (const auto& printed : expected["rounding"]) {
    if (printed["steps"] != 0 || printed["published"] == 0) continue;
    ++compared;
    sharing::ReleaseLayout layout;
    layout.t_person = 10, layout.round_base = 5;
    const auto range = sharing::range_of(layout, printed["published"].get<uint64_t>());
    EXPECT_GE(range.lo, printed["lower"].get<uint64_t>());
    EXPECT_LE(*range.hi, printed["upper"].get<uint64_t>());
  }
  EXPECT_EQ(compared, 1u);
}

// Random tables of two dimensions, only small cells hidden. With exact totals published beside them the
// outsider computes unsafe cells; with what Sluis prints (rounded cells, totals that are sums of those) none
// is bounded.
TEST(TableAttack, IndependentTotalsGiveCellsAwayDerivedTotalsDoNot) {
  std::mt19937_64 random(3);
  size_t broken_naive = 0, broken_ours = 0, changed = 0;
  for (int round = 0; round < 30; ++round) {
    std::vector<uint64_t> counts;
    for (int i = 0; i < 12; ++i) counts.push_back(random() % 4 == 0 ? random() % 10 : 10 + random() % 60);
    const auto name = [](size_t i) { return std::to_string(i); };
    std::vector<TableCell> naive;
    Hierarchy rows{{"tot", {"0", "1", "2"}}}, columns{{"tot", {"0", "1", "2", "3"}}};
    const auto total = [&](const std::function<bool(size_t, size_t)>& in) {
      uint64_t sum = 0;
      for (size_t i = 0; i < 12; ++i) sum += in(i / 4, i % 4) ? counts[i] : 0;
      return Rational(sum);
    };
    for (size_t i = 0; i < 12; ++i) naive.push_back({{name(i / 4), name(i % 4)}, counts[i], counts[i] >= 10});
    for (size_t r = 0; r < 3; ++r)
      naive.push_back({{name(r), "tot"}, total([&](size_t a, size_t) { return a == r; }), true});
    for (size_t c = 0; c < 4; ++c)
      naive.push_back({{"tot", name(c)}, total([&](size_t, size_t b) { return b == c; }), true});
    for (const auto& [cell, bounds] : audit(naive, {rows, columns}))
      broken_naive += bounds.hi && *bounds.integers() < 10 ? 1 : 0;

    // Ours: whatever stands in the withheld cells, cells and totals are printed the same.
    const auto printed = [&](const std::vector<uint64_t>& exact) {
      sharing::ReleasedTable table;
      PlainColumn column(exact);
      table.layout = disclosure::release_layout(column.output, {12});
      table.figures = column.release(10);
      std::vector<uint64_t> out = table.figures[0];
      for (size_t r = 0; r < 3; ++r)
        out.push_back(sharing::derived_total(table, 0, {4 * r, 4 * r + 1, 4 * r + 2, 4 * r + 3}).sum);
      for (size_t c = 0; c < 4; ++c) out.push_back(sharing::derived_total(table, 0, {c, c + 4, c + 8}).sum);
      out.push_back(sharing::derived_total(table, 0).sum);
      return out;
    };
    const std::vector<uint64_t> ours = printed(counts);
    std::vector<uint64_t> other = counts;
    for (uint64_t& count : other)
      if (count < 10) count = random() % 10;
    changed += printed(other) != ours ? 1 : 0;
    broken_ours += ours[0] == 0 && ours[12] != ours[1] + ours[2] + ours[3] ? 1 : 0;
  }
  EXPECT_GT(broken_naive, 20u);
  EXPECT_EQ(broken_ours, 0u);
  EXPECT_EQ(changed, 0u);
}

// Two tables in sequence: everybody, then the boys. Rounding alone does not stop the subtraction; what stops
// it today is that the ledger refuses a second study over the same data, whatever its counts.
TEST(TableAttack, DifferencingIsStoppedByTheLedgerNotByRounding) {
  SKIP_WITHOUT_SDC();
  const auto expected = read_expected("opensafely_rounding");
  std::vector<uint64_t> all, boys;
  for (const auto& row : read_rows("opensafely_rounding/differencing.csv")) {
    all.push_back(std::stoull(row[2]));
    boys.push_back(std::stoull(row[4]));
  }
  const Figures first = PlainColumn(all).release(10), second = PlainColumn(boys).release(10);
  size_t narrowed = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i] - boys[i], expected["differencing_female_population"][i].get<uint64_t>());
    if (first[0][i] == 0 || second[0][i] == 0 || all[i] - boys[i] >= 10) continue;
    const int64_t difference = static_cast<int64_t>(first[0][i]) - static_cast<int64_t>(second[0][i]);
    const int64_t lo = std::max<int64_t>(difference - 4, 0), hi = difference + 4;
    narrowed += hi - lo + 1 < 10 ? 1 : 0;
  }
  EXPECT_GT(narrowed, 0u) << "the attacker is broken";

  std::string folder = std::filesystem::temp_directory_path() / "sluis-attacker-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  {
    auto ledger = governance::Ledger::open(folder + "/ledger");
    ASSERT_TRUE(ledger.ok());
    governance::LedgerDebit debit;
    debit.study = crypto::sha256("everybody");
    debit.run = std::string(32, '1');
    debit.sources = {{"00000099000000002001", "brp-ouder-kind/1", "ouder_kind", "2026-10-01", {}}};
    debit.outputs = {{"samen", "00000099000000001000", false, "alle kinderen", Bytes(1)}};
    ASSERT_TRUE((*ledger)->debit(debit).ok());
    debit.study = crypto::sha256("boys");
    debit.run = std::string(32, '2');
    debit.outputs[0].predicate = "jongens";
    const Status refused = (*ledger)->check(debit);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().id, "S1402.dataset");
  }
  std::filesystem::remove_all(folder);
}

// Chosen inputs: an owner delivers `known` families that it knows to be counted and watches whether one more
// child moves its own row into the next band. With a public edge it always sees; with the secret edge at most
// once in round_base. That chance remains: docs/disclosure.md says so.
TEST(ChosenInputs, SecretBandEdgesHideOneChild) {
  OutputPolicy output;
  output.name = "spiegel";
  output.dimensions = {{"gemeente", {}}};
  output.own_row = disclosure::OwnRow{"gemeente", {}};
  constexpr size_t kTrials = 2000;
  for (size_t i = 0; i < kTrials; ++i) {
    output.dimensions[0].labels.push_back("GM" + std::to_string(i));
    output.own_row->readers.push_back("oin" + std::to_string(i));
  }
  output.measures = {{"kinderen", disclosure::Figure::kCountRows, false}};
  output.tables = {{"ouder_kind", "gemeente", true, true}};
  output.bands = {10, 25, 50, 100};
  const auto bands_for = [&](uint64_t count, const disclosure::BandEdges& edges) {
    ClearTable table;
    table.measures = {disclosure::world::empty_measure(kTrials, 1, 1)};
    auto& m = table.measures[0];
    m.value = m.persons = m.households = std::vector<uint64_t>(kTrials, count);
    m.owners[0][0] = m.persons;
    return disclosure::protect_clear(table, output, edges)[0];
  };
  const disclosure::BandEdges open(kTrials, {10, 25, 50, 100});
  const disclosure::BandEdges secret = disclosure::clear_band_edges(output, disclosure::world::band_seeds(9));
  for (uint64_t known : {9u, 24u, 26u, 49u, 99u}) {
    const auto seen = [&](const disclosure::BandEdges& edges) {
      const auto without = bands_for(known, edges), with = bands_for(known + 1, edges);
      size_t different = 0;
      for (size_t i = 0; i < kTrials; ++i) different += without[i] != with[i] ? 1 : 0;
      return static_cast<double>(different) / kTrials;
    };
    if (known != 26) {
      EXPECT_EQ(seen(open), 1.0) << known;
    }
    EXPECT_NEAR(seen(secret), 0.2, 0.04) << known;
  }
}

// Attack 10: ten children of three families.
TEST(ReleaseAttack, TenChildrenOfThreeFamilies) {
  Region region;
  region.cells = 2, region.owners = 3;
  for (uint32_t i = 0; i < 30; ++i) {
    Child child;
    child.cell = i % 2;
    child.household = child.cell == 0 ? i / 2 / 5 : 100 + i;
    child.owner = static_cast<int>(i / 2 % 3);
    region.children.push_back(child);
  }
  const OutputPolicy output = region_policy(region, 0);
  EXPECT_EQ(disclosure::protect_clear(tabulate(region, 0), output), (Figures{{0, 15}}));
}

}  // namespace
}  // namespace sluis::attacker
