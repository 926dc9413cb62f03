#include "sharing/result_share.h"

#include <gtest/gtest.h>

#include <random>

#include "sharing/split.h"

namespace sluis::sharing {
namespace {

ReleaseLayout count_layout(size_t rows) {
  ReleaseLayout layout;
  layout.output = "samen";
  ReleaseDimension dimension{"leeftijd", {}};
  for (size_t i = 0; i < rows; ++i) dimension.labels.push_back("rij" + std::to_string(i));
  layout.dimensions = {dimension, {"schuldhulp", {"ja", "nee"}}};
  layout.measures = {{"kinderen", 12}, {"start_pleegzorg", 9}};
  layout.t_person = 10, layout.t_household = 5, layout.round_base = 5, layout.denominator_min = 30;
  return layout;
}

ReleaseLayout band_layout() {
  ReleaseLayout layout = count_layout(1);
  layout.dimensions = {{"gemeente", {"GM9001"}}};
  layout.measures = {{"kinderen", 3}};
  layout.kind = FigureKind::kBand;
  layout.bands = {10, 25, 50, 100};
  layout.band_slack = 4;
  return layout;
}

// Three parties' shares of the given figures, [measure][cell].
std::array<ResultShare, 3> shares_of(const ReleaseLayout& layout,
                                     const std::vector<std::vector<uint64_t>>& figures) {
  std::array<ResultShare, 3> shares;
  for (int party = 0; party < 3; ++party) {
    ResultShare& share = shares[static_cast<size_t>(party)];
    share.run = "7c21";
    share.recipient = "00000099000000001000";
    share.party = party;
    share.salt.fill(static_cast<uint8_t>(party + 1));
    share.layout = layout;
  }
  for (size_t m = 0; m < figures.size(); ++m) {
    Bits clear(layout.cells(), layout.measures[m].planes);
    for (size_t c = 0; c < figures[m].size(); ++c) clear.set_row_value(c, figures[m][c]);
    const Split parts = split(clear);
    for (int party = 0; party < 3; ++party)
      shares[static_cast<size_t>(party)].figures.push_back(party_share(parts, party));
  }
  return shares;
}

std::vector<std::vector<uint64_t>> random_figures(const ReleaseLayout& layout, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::vector<uint64_t>> figures;
  for (const ReleaseMeasure& measure : layout.measures) {
    auto& column = figures.emplace_back();
    for (size_t c = 0; c < layout.cells(); ++c)
      column.push_back(random() % 3 == 0 ? 0 : 10 + 5 * (random() % (((1u << measure.planes) - 15) / 5)));
  }
  return figures;
}

std::string combined(const std::array<ResultShare, 3>& shares) {
  const auto result = combine_results(shares);
  return result.ok() ? "ok" : result.error().id;
}
std::string decoded(ByteSpan bytes) {
  const auto result = decode_result_share(bytes);
  return result.ok() ? "ok" : result.error().id;
}

TEST(ResultShare, RoundTripsAndCombines) {
  for (size_t rows : {1u, 3u, 32u, 33u, 2048u, 2100u}) {
    const ReleaseLayout layout = count_layout(rows);
    const auto figures = random_figures(layout, rows);
    std::array<ResultShare, 3> shares = shares_of(layout, figures);
    std::array<ResultShare, 3> read;
    for (size_t i = 0; i < 3; ++i) {
      const Bytes bytes = encode(shares[i]);
      auto result = decode_result_share(bytes);
      ASSERT_TRUE(result.ok()) << result.error().summary();
      EXPECT_EQ(encode(*result), bytes);
      EXPECT_EQ(result->run, "7c21");
      EXPECT_EQ(result->recipient, "00000099000000001000");
      EXPECT_EQ(result->party, static_cast<int>(i));
      EXPECT_EQ(result->layout, layout);
      read[(i + 1) % 3] = std::move(*result);  // any order
    }
    const auto table = combine_results(read);
    ASSERT_TRUE(table.ok()) << table.error().summary();
    EXPECT_EQ(table->figures, figures);
    EXPECT_EQ(table->layout, layout);
  }
}

TEST(ResultShare, ATableWithoutDimensionsHasOneCell) {
  ReleaseLayout layout = count_layout(1);
  layout.dimensions.clear();
  EXPECT_EQ(layout.cells(), 1u);
  EXPECT_EQ(combined(shares_of(layout, {{50}, {0}})), "ok");
}

TEST(ResultShare, CommitmentDependsOnTheSalt) {
  const auto shares = shares_of(band_layout(), {{2}});
  ResultShare other = shares[0];
  EXPECT_EQ(commitment(other), commitment(shares[0]));
  other.salt[0] ^= 1;
  EXPECT_NE(commitment(other), commitment(shares[0]));
}

TEST(ResultShare, EveryTruncationAndExtensionIsRefused) {
  const Bytes bytes = encode(shares_of(count_layout(3), random_figures(count_layout(3), 1))[0]);
  for (size_t n = 0; n < bytes.size(); ++n) EXPECT_NE(decoded(ByteSpan(bytes).first(n)), "ok") << n;
  Bytes longer = bytes;
  longer.push_back(0);
  EXPECT_EQ(decoded(longer), "S1412.shape");
  EXPECT_EQ(decoded(bytes), "ok");
}

// Whatever is decoded has exactly one encoding: no flipped bit is overlooked.
TEST(ResultShare, EveryFlippedBitIsRefusedOrReadDifferently) {
  const Bytes bytes = encode(shares_of(band_layout(), {{2}})[0]);
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    Bytes flipped = bytes;
    flipped[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
    const auto result = decode_result_share(flipped);
    if (result.ok()) {
      EXPECT_EQ(encode(*result), flipped);
    }
  }
}

TEST(ResultShare, HostileSizesAreRefusedWithoutMemory) {
  ByteWriter out;
  out.bytes(as_bytes("SLUISRES"));
  out.u16(1), out.u8(0);
  out.bytes(Bytes(32));
  out.text("7c21"), out.text("x"), out.text("samen");
  const Bytes start = out.view();
  const auto with = [&](std::initializer_list<uint8_t> more) {
    Bytes bytes = start;
    bytes.insert(bytes.end(), more);
    return decoded(bytes);
  };
  EXPECT_EQ(with({1, 255}), "S1412.shape");                                     // 255 dimensions
  EXPECT_EQ(with({1, 1, 1, 0, 0, 0, 'd', 255, 255, 255, 255}), "S1412.shape");  // 2^32 - 1 labels
  EXPECT_EQ(with({1, 0, 255}), "S1412.shape");                                  // 255 measures
  EXPECT_EQ(with({1, 1, 255, 255, 255, 127}), "S1412.shape");                   // a name of 2 GB
  Bytes version = start;
  version[8] = 2;
  EXPECT_EQ(decoded(version), "S1412.version");
}

std::string layout_fault(const std::function<void(ReleaseLayout&)>& change, ReleaseLayout layout) {
  change(layout);
  const Status status = check_layout(layout);
  return status.ok() ? "ok" : status.error().args.at(0);
}

TEST(ResultShare, ImpossibleLayoutsAreRefused) {
  const ReleaseLayout count = count_layout(3), band = band_layout();
  EXPECT_EQ(layout_fault([](auto&) {}, count), "ok");
  EXPECT_EQ(layout_fault([](auto&) {}, band), "ok");
  EXPECT_EQ(layout_fault([](auto& l) { l.output = ""; }, count), "output");
  EXPECT_EQ(layout_fault([](auto& l) { l.kind = static_cast<FigureKind>(4); }, count), "kind");
  // A link rate: percent, ascending, none of them all or nothing; the slack is in persons.
  ReleaseLayout share = band;
  share.kind = FigureKind::kShareBand, share.bands = {10, 25, 90}, share.band_slack = 19;
  EXPECT_EQ(layout_fault([](auto&) {}, share), "ok");
  EXPECT_EQ(layout_fault([](auto& l) { l.bands = {10, 10}; }, share), "bands");
  EXPECT_EQ(layout_fault([](auto& l) { l.bands = {25, 10}; }, share), "bands");
  EXPECT_EQ(layout_fault([](auto& l) { l.bands = {0, 10}; }, share), "bands");
  EXPECT_EQ(layout_fault([](auto& l) { l.bands = {10, 100}; }, share), "bands");
  EXPECT_EQ(layout_fault([](auto& l) { l.bands.clear(); }, share), "bands");
  EXPECT_EQ(layout_fault([](auto& l) { l.dimensions[0].labels.clear(); }, count), "dimensions");
  EXPECT_EQ(layout_fault([](auto& l) { l.dimensions[1].labels[1] = "ja"; }, count), "dimensions");
  EXPECT_EQ(layout_fault([](auto& l) { l.dimensions[1].name = "leeftijd"; }, count), "dimensions");
  EXPECT_EQ(layout_fault([](auto& l) { l.measures.clear(); }, count), "measures");
  EXPECT_EQ(layout_fault([](auto& l) { l.measures[0].planes = 41; }, count), "measures");
  EXPECT_EQ(layout_fault([](auto& l) { l.measures[1].name = "kinderen"; }, count), "measures");
  EXPECT_EQ(layout_fault([](auto& l) { l.round_base = 6; }, count), "round_base");
  EXPECT_EQ(layout_fault([](auto& l) { l.round_base = 11; }, count), "round_base");
  EXPECT_EQ(layout_fault([](auto& l) { l.bands = {10}; }, count), "bands");
  EXPECT_EQ(layout_fault([](auto& l) { l.bands.clear(); }, band), "bands");
  EXPECT_EQ(layout_fault([](auto& l) { l.bands = {10, 14}; }, band), "bands");
  EXPECT_EQ(layout_fault([](auto& l) { l.bands = {9, 25}; }, band), "bands");
  ReleaseLayout huge = count;
  huge.dimensions.assign(3, huge.dimensions[0]);
  for (size_t d = 0; d < 3; ++d) {
    huge.dimensions[d].name += std::to_string(d);
    for (size_t i = 3; i < 100; ++i) huge.dimensions[d].labels.push_back("rij" + std::to_string(i));
  }
  EXPECT_EQ(layout_fault([](auto&) {}, huge), "dimensions");  // 10^6 cells
}

// One node changes what it hands over: the other holder of the share says otherwise.
TEST(ResultShare, OneAlteredShareIsDetected) {
  const ReleaseLayout layout = count_layout(3);
  const auto figures = random_figures(layout, 4);
  for (size_t party = 0; party < 3; ++party)
    for (bool own : {true, false}) {
      auto shares = shares_of(layout, figures);
      EXPECT_EQ(combined(shares), "ok");
      SharedBits& figure = shares[party].figures[1];
      (own ? figure.own : figure.next).words()[2] ^= 4;
      EXPECT_EQ(combined(shares), "S1302");
    }
}

TEST(ResultShare, SharesThatDoNotBelongTogetherAreRefused) {
  const ReleaseLayout layout = count_layout(3);
  const auto good = shares_of(layout, random_figures(layout, 5));
  const auto with = [&](const std::function<void(std::array<ResultShare, 3>&)>& change) {
    auto shares = good;
    change(shares);
    return combined(shares);
  };
  EXPECT_EQ(with([](auto&) {}), "ok");
  EXPECT_EQ(with([](auto& s) { s[1].run = "7c22"; }), "S1412.mixed");
  EXPECT_EQ(with([](auto& s) { s[2].recipient = "00000099000000002001"; }), "S1412.mixed");
  EXPECT_EQ(with([](auto& s) { s[1].party = 0; }), "S1412.mixed");
  EXPECT_EQ(with([](auto& s) { s[1].party = 3; }), "S1412.mixed");
  EXPECT_EQ(with([](auto& s) { s[0].layout.round_base = 3; }), "S1412.mixed");
  EXPECT_EQ(with([](auto& s) { s[0].figures.pop_back(); }), "S1412.mixed");
  EXPECT_EQ(with([](auto& s) { s[0].figures[0] = SharedBits(6, 3); }), "S1412.mixed");
  EXPECT_EQ(with([](auto& s) { s[0].layout.measures[0].planes = 50; }), "S1412.layout");
}

// Figures that no honest computation yields: an unrounded count, one under the threshold, a band that is not
// there.
TEST(ResultShare, FiguresThatTheRulesCannotProduceAreRefused) {
  const ReleaseLayout layout = count_layout(1);
  EXPECT_EQ(combined(shares_of(layout, {{10, 0}, {15, 20}})), "ok");
  EXPECT_EQ(combined(shares_of(layout, {{11, 0}, {15, 20}})), "S1412.figure");
  EXPECT_EQ(combined(shares_of(layout, {{10, 0}, {5, 20}})), "S1412.figure");
  EXPECT_EQ(combined(shares_of(band_layout(), {{4}})), "ok");
  EXPECT_EQ(combined(shares_of(band_layout(), {{5}})), "S1412.figure");
}

TEST(ResultShare, RangesSayWhatAFigureMayMean) {
  const ReleaseLayout layout = count_layout(1);
  EXPECT_EQ(range_of(layout, 10).lo, 10u);  // 8 and 9 are withheld
  EXPECT_EQ(range_of(layout, 10).hi, 12u);
  EXPECT_EQ(range_of(layout, 15).lo, 13u);
  EXPECT_EQ(range_of(layout, 15).hi, 17u);
  const ReleaseLayout band = band_layout();
  EXPECT_EQ(range_of(band, 1).lo, 10u);
  EXPECT_EQ(range_of(band, 1).hi, 28u);
  EXPECT_EQ(range_of(band, 4).lo, 100u);
  EXPECT_FALSE(range_of(band, 4).hi.has_value());
}

TEST(ResultShare, TotalsAreSumsOfWhatIsShown) {
  const auto table = combine_results(shares_of(count_layout(2), {{10, 0, 15, 100}, {0, 0, 0, 10}}));
  ASSERT_TRUE(table.ok());
  const DerivedTotal all = derived_total(*table, 0);
  EXPECT_EQ(all.sum, 125u);
  EXPECT_EQ(all.shown, 3u);
  EXPECT_EQ(all.withheld, 1u);
  EXPECT_EQ(derived_total(*table, 0, {1, 2}).sum, 15u);
  EXPECT_EQ(table->withheld_count(), 4u);
  EXPECT_TRUE(table->withheld(0, 1));
  EXPECT_FALSE(table->withheld(0, 0));
}

}  // namespace
}  // namespace sluis::sharing
