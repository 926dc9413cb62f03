#include <gtest/gtest.h>

#include <map>
#include <set>

#include "importers/import_testing.h"

namespace sluis::importers {
namespace {

// Cells of one row by 0-based position.
using Cells = std::map<size_t, std::string>;

class Gbav : public ImportTest {
 protected:
  static std::string line(const Cells& cells) {
    std::string out;
    for (size_t i = 0; i < 257; ++i) {
      const auto at = cells.find(i);
      if (i > 0) out += ';';
      if (at != cells.end()) out += at->second;
    }
    return out + '\n';
  }
  static std::string header() {
    Cells names;
    for (size_t i = 1; i < 256; ++i) names[i] = "99.99." + std::to_string(i);
    names[1] = "01.01.10", names[2] = "01.01.20", names[187] = "09.01.20", names[152] = "08.09.10";
    names[135] = names[136] = "06.88.10";
    return "\xEF\xBB\xBF" + line(names);
  }
  Result<Import> load(const std::vector<Cells>& rows, std::vector<std::string> columns = {"kind", "ouder"}) {
    std::string text = header();
    for (const Cells& row : rows) text += line(row);
    ImportOptions options;
    options.columns = std::move(columns);
    return import("lijsten.csv", text, "ouder_kind", options);
  }
};

TEST_F(Gbav, StacksAreIndependentAndHistoryIsSkipped) {
  const auto result = load(
      {
          // List 1: parent 1 has an older version below it; child 1 is current, child 2 comes after a
          // historical row.
          {{0, "L1"},
           {2, "999990019"},
           {7, "19800102"},
           {29, "999990020"},
           {50, "52"},
           {187, "999990032"},
           {207, "59"},
           {152, "0363"}},
          {{29, "999990044"}, {187, "999990056"}, {207, "09"}},
          {{187, "999990007"}},
          // List 2: child 999990032 knows one parent; the parent's list names it too.
          {{0, "L2"}, {2, "999990032"}, {7, "20100200"}, {52, "999990019"}, {61, "20100201"}, {152, "1999"}},
          // List 3: child 999990007 names nobody; its parent's list does.
          {{0, "L3"}, {2, "999990007"}, {7, "20120000"}},
      },
      {"kind", "ouder", "gemeente", "leeftijd_2023", "sinds_van"});
  EXPECT_EQ(cells(result),
            "999990019 999990020 GM0363 42 NULL/999990032 999990019 NULL 12 2010-02-01/999990007 999990019 "
            "NULL NULL NULL/");
  EXPECT_EQ(findings(result->report),
            "gbav_non_residentx1 gbav_only_by_parentx1 age_unknown[leeftijd_2023]x1 key_test_range[kind]x3 "
            "key_test_range[ouder]x3 date_incomplete[geboortedatum]x2 ");
  EXPECT_EQ(result->report.source_rows, 3u);
}

TEST_F(Gbav, IncorrectAndUnannouncedEntriesAreSkipped) {
  const auto result = load({
      {{0, "L1"}, {2, "999990019"}, {29, "999990020"}, {47, "O"}, {52, "999990032"}},
      {{52, "999990044"}},                                   // nothing announces it
      {{0, "L2"}, {2, "999990056"}, {27, "o"}, {50, "52"}},  // announces what never comes
  });
  EXPECT_EQ(cells(result), "999990019 999990032/999990056 NULL/");
  EXPECT_EQ(result->report.findings.count("gbav_incorrect"), 1u);
  EXPECT_EQ(result->report.findings.count("gbav_stack"), 1u);  // a list ends without a look ahead
}

TEST_F(Gbav, UnusableListsAreCountedNotDropped) {
  const auto result = load({
      {{0, "L1"}, {7, "19800102"}, {29, "999990020"}},
      {{0, "L2"}, {2, "999990019"}, {29, ""}, {33, "."}, {140, "E"}},
      {{0, "L3"}, {2, "999990019"}, {52, "999990044"}, {187, "999990056"}, {207, "09"}},
      {{192, "20150101"}},
  });
  EXPECT_EQ(cells(result), "NULL 999990020/999990019 999990044/");
  EXPECT_EQ(result->report.keys[0].empty, 1u);
  EXPECT_EQ(findings(result->report),
            "gbav_no_bsnx1 gbav_suspended[E]x1 gbav_parent_no_bsnx1 gbav_child_no_bsnx1 gbav_two_listsx1 "
            "gbav_child_elsewherex1 key_unusable[kind]x1 key_test_range[kind]x1 key_test_range[ouder]x2 ");
}

TEST_F(Gbav, RefusesWhatIsNotAPersonList) {
  EXPECT_EQ(cells(load({{{2, "999990019"}}})), "S1104.gbav_start [2] line 2");
  EXPECT_EQ(cells(load({{{0, "L"}, {7, "19800231"}}})), "S1104.date [2] line 2");
  EXPECT_EQ(cells(load({{{0, "L"}, {38, "19801301"}, {29, "x"}}})), "S1104.date [2] line 2");
}

// Found by fuzzing: names in the header went into the report as they were.
TEST_F(Gbav, AnIdentifierInTheHeaderStaysHidden) {
  std::string text = header();
  text.replace(text.find("99.99.3;"), 7, "999990019");
  const auto result = import("lijsten.csv", text + line({{0, "L"}, {2, "999990019"}}), "ouder_kind");
  ASSERT_TRUE(result.ok()) << result.error().summary();
  EXPECT_EQ(result->report.source_rows, 1u);
}

// The RvIG test set, against the counts of domain.md section 6.1.
class GbavTestSet : public ImportTest {
 protected:
  void SetUp() override {
    path_ = shared_data("nl/brp-gbav-testset/20220502_Testset_persoonslijsten_proefomgeving_GBA-V.csv");
    if (!std::filesystem::exists(path_)) GTEST_SKIP() << "no shared data";
    ImportOptions options;
    options.columns = {"kind", "ouder", "gemeente", "geboorte_van", "geboorte_tot", "leeftijd_2023"};
    Result<Import> result = import_checked(path_, "ouder_kind", options);
    ASSERT_TRUE(result.ok()) << result.error().summary();
    import_.emplace(std::move(result).value());
  }
  uint64_t count(const char* id) const { return import_->report.findings.count(id); }

  std::string path_;
  std::optional<Import> import_;
};

TEST_F(GbavTestSet, ListsAndPersons) {
  EXPECT_EQ(import_->report.source_rows, 687u);
  EXPECT_EQ(count("gbav_no_bsn"), 2u);
  EXPECT_EQ(count("gbav_two_lists"), 5u);
  std::set<int64_t> children;
  for (size_t r = 0; r < import_->table.rows; ++r)
    if (import_->table.columns[0].null[r] == 0) children.insert(import_->table.columns[0].values[r]);
  EXPECT_EQ(children.size(), 680u);
  EXPECT_EQ(import_->report.keys[0].invalid, 0u);
  EXPECT_EQ(import_->report.keys[1].invalid, 0u);
}

TEST_F(GbavTestSet, RelationsFromBothSides) {
  // 523 pairs from child lists; 430 from parent lists, of which 376 are among them and 28 name a child
  // without a list of its own.
  uint64_t pairs = 0;
  std::set<int64_t> parents;
  for (size_t r = 0; r < import_->table.rows; ++r) {
    const bool both = import_->table.columns[0].null[r] == 0 && import_->table.columns[1].null[r] == 0;
    pairs += both ? 1 : 0;
    if (import_->table.columns[1].null[r] == 0) parents.insert(import_->table.columns[1].values[r]);
  }
  const uint64_t only_by_parent = count("gbav_only_by_parent"), elsewhere = count("gbav_child_elsewhere");
  EXPECT_EQ(pairs, 523u + only_by_parent);
  EXPECT_EQ(only_by_parent + elsewhere, 430u - 376u);
  EXPECT_EQ(elsewhere, 28u);
  EXPECT_GE(parents.size(),
            261u);  // current parents of child lists, and parents known by their own list only
  // 519 current entries of children, 433 with BSN.
  EXPECT_EQ(count("gbav_child_no_bsn"), 519u - 433u);
}

TEST_F(GbavTestSet, DatesMunicipalitiesAndSuspensions) {
  EXPECT_EQ(count("gbav_non_resident"), 72u);
  EXPECT_EQ(import_->report.municipality_count, 41u);  // 42 values, one of which is the RNI
  EXPECT_EQ(import_->report.municipalities.size(), 20u);
  EXPECT_EQ(count("gbav_suspended"), 56u + 20u + 20u + 1u + 1u);
  EXPECT_EQ(count("gbav_stack"), 20u);
  // Distinct incomplete birth dates by person, not by relation.
  const relation::Table& t = import_->table;
  std::set<std::pair<int64_t, std::pair<int64_t, int64_t>>> incomplete;
  for (size_t r = 0; r < t.rows; ++r)
    if (t.columns[0].null[r] == 0 && t.columns[3].null[r] == 0 &&
        t.columns[3].values[r] != t.columns[4].values[r])
      incomplete.insert({t.columns[0].values[r], {t.columns[3].values[r], t.columns[4].values[r]}});
  EXPECT_EQ(incomplete.size(), 11u + 3u);  // three were born before 1900, which no column can hold
  const int64_t from = *relation::day_number(1966, 1, 13), to = *relation::day_number(1966, 12, 13);
  EXPECT_EQ(std::count_if(incomplete.begin(), incomplete.end(),
                          [&](const auto& p) { return p.second == std::pair(from, to); }),
            1);
  const auto unknown = std::pair(relation::kMinStoredDate, relation::kMaxStoredDate);
  EXPECT_GE(
      std::count_if(incomplete.begin(), incomplete.end(), [&](const auto& p) { return p.second == unknown; }),
      1);
}

TEST_F(GbavTestSet, ReportSaysInOrder) {
  EXPECT_EQ(import_->report.verdict(), Verdict::kInOrderWithRemarks);
  EXPECT_TRUE(usable(import_->report).ok());
  EXPECT_EQ(import_->report.fields_used.size(), 6u);
  EXPECT_EQ(import_->report.fields_used.size() + import_->report.fields_not_shared.size(), 254u);
}

}  // namespace
}  // namespace sluis::importers
