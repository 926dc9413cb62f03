#include "importers/report.h"

#include <gtest/gtest.h>

namespace sluis::importers {
namespace {

using text::Language;

// The sample of the product description.
DeliveryReport sample() {
  DeliveryReport r;
  r.profile = "ddas-shv/1.0#traject-client";
  r.format = "ddas";
  r.table = "schuldhulp";
  r.file = "levering-2022.json";
  r.file_bytes = 12'400'000;
  r.deliveries = 1;
  r.municipalities = {"GM9001"};
  r.municipality_count = 1;
  r.source_rows = 4812;
  r.read_rows = 5377;
  r.rows = 5355;
  KeyCounts key;
  key.column = "ouder", key.valid = 5201, key.empty = 143, key.invalid = 31, key.placeholder = 2;
  r.keys = {key};
  DateCounts dates;
  dates.field = "aanmelding.startdatum";
  dates.by_quality[static_cast<size_t>(DateQuality::kFull)] = 5374;
  dates.by_quality[static_cast<size_t>(DateQuality::kYear)] = 3;
  r.dates = {dates};
  r.merged = 18;
  r.objections_file = true;
  r.objections = 4;
  r.fields_used = {"a", "b"};
  r.fields_not_shared = std::vector<std::string>(58, "c");
  judge(r);
  return r;
}

TEST(Report, TextInDutch) {
  EXPECT_EQ(
      report_text(Language::kDutch, sample()),
      "profiel     DDAS-SHV 1.0 (herkend)   bestand levering-2022.json, 12,4 MB, leveringen: 1, GM9001\n"
      "rijen       4.812 trajecten -> 5.377 personen\n"
      "sleutel     ouder: BSN geldig 5.201 (96,7%)   leeg 143   ongeldig 31   plaatshouder 2   -> zonder "
      "geldig BSN 'niet te "
      "koppelen', wel geteld\n"
      "datums      aanmelding.startdatum: volledig 5.374   alleen jaar 3 (worden niet geraden)\n"
      "dubbel      18 rijen, zelfde persoon en overlap -> samengevoegd\n"
      "bezwaar     4 personen verwijderd\n"
      "velden      gebruikt 2 van 60; de rest wordt NIET gedeeld\n"
      "tabel       schuldhulp: 5.355 rijen\n"
      "oordeel     op orde, opmerkingen: 2\n"
      "  opmerking: zonder bruikbaar BSN in ouder (176 keer)\n"
      "  opmerking: onvolledige datum in aanmelding.startdatum (3 keer)\n");
}

TEST(Report, TextInEnglish) {
  const std::string text = report_text(Language::kEnglish, sample());
  EXPECT_NE(text.find("4,812 trajectories -> 5,377 persons"), std::string::npos) << text;
  EXPECT_NE(text.find("12.4 MB"), std::string::npos);
  EXPECT_NE(text.find("96.7%"), std::string::npos);
}

TEST(Report, JsonHoldsEveryCount) {
  JsonWriter out;
  report_json(out, sample());
  const Result<JsonValue> json = parse_json(out.take());
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json->find("read_rows")->integer, 5377);
  EXPECT_EQ(json->find("keys")->items[0].find("placeholder")->integer, 2);
  EXPECT_EQ(json->find("dates")->items[0].find("year")->integer, 3);
  EXPECT_EQ(json->find("merged")->integer, 18);
  EXPECT_EQ(json->find("objections")->integer, 4);
  EXPECT_EQ(json->find("fields_not_shared")->items.size(), 58u);
  EXPECT_EQ(json->find("verdict")->text, "in_order_with_remarks");
  EXPECT_EQ(json->find("findings")->items.size(), 2u);
}

TEST(Report, PageIsEscapedAndLoadsNothing) {
  DeliveryReport report = sample();
  report.file = "<script>\"&.json";
  const std::string page = report_html(Language::kDutch, report);
  EXPECT_EQ(page.find("<script>"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;&quot;&amp;.json"), std::string::npos);
  for (const char* banned : {"http", "src=", "href", "url(", "@import"})
    EXPECT_EQ(page.find(banned), std::string::npos) << banned;
}

TEST(Report, VerdictFollowsTheCounts) {
  const auto verdict = [](uint64_t valid, uint64_t empty, uint64_t rows) {
    DeliveryReport r;
    KeyCounts key;
    key.column = "kind", key.valid = valid, key.empty = empty;
    r.keys = {key};
    r.read_rows = rows;
    judge(r);
    return std::pair(r.verdict(), usable(r).ok());
  };
  EXPECT_EQ(verdict(10, 0, 10), std::pair(Verdict::kInOrder, true));
  EXPECT_EQ(verdict(9, 1, 10), std::pair(Verdict::kInOrderWithRemarks, true));
  EXPECT_EQ(verdict(5, 5, 10), std::pair(Verdict::kInOrderWithRemarks, true));
  EXPECT_EQ(verdict(4, 6, 10), std::pair(Verdict::kNotInOrder, true));
  EXPECT_EQ(verdict(0, 10, 10), std::pair(Verdict::kNotInOrder, false));
  EXPECT_EQ(verdict(0, 0, 0), std::pair(Verdict::kNotInOrder, false));
}

TEST(Report, AnUnknownParentIsNoRemark) {
  DeliveryReport r;
  KeyCounts child, parent;
  child.column = "kind", child.valid = 10;
  parent.column = "ouder", parent.valid = 4, parent.empty = 6;
  r.keys = {child, parent};
  r.read_rows = 10;
  judge(r);
  EXPECT_EQ(r.verdict(), Verdict::kInOrder);
}

TEST(Report, FindingsKeepAFewRowsAndStayBounded) {
  Findings findings;
  for (uint64_t row = 1; row <= 100; ++row) findings.remark("form_empty", {}, row);
  for (uint64_t row = 1; row <= 100; ++row) findings.schema("schema_null", {"x"}, 7);
  ASSERT_EQ(findings.all().size(), 2u);
  EXPECT_EQ(findings.all()[0].rows, (std::vector<uint64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(findings.all()[1].rows, std::vector<uint64_t>{7});
  EXPECT_EQ(findings.schema_total(), 100u);
  for (int i = 0; i < 100'000; ++i) findings.remark("form_unknown", {std::to_string(i)}, 1);
  EXPECT_LT(findings.all().size(), 600u);
  EXPECT_EQ(findings.count("form_unknown"), 100'000u);
}

TEST(Report, EveryFindingHasAText) {
  for (const char* id : {"no_rows",
                         "no_key",
                         "few_keys",
                         "key_unusable",
                         "key_padded",
                         "key_sample",
                         "key_test_range",
                         "date_incomplete",
                         "no_objector_found",
                         "outside_domain",
                         "schema_type",
                         "schema_null",
                         "schema_enum",
                         "schema_date",
                         "schema_unknown",
                         "schema_missing",
                         "schema_items",
                         "no_client",
                         "amount_outside",
                         "municipality_unknown",
                         "municipality_form",
                         "merged_municipalities",
                         "child_contradiction",
                         "age_unknown",
                         "age_outside",
                         "not_born",
                         "form_empty",
                         "form_unknown",
                         "code_unknown",
                         "start_absent",
                         "end_before_start",
                         "gbav_stack",
                         "gbav_incorrect",
                         "gbav_no_bsn",
                         "gbav_two_lists",
                         "gbav_suspended",
                         "gbav_non_resident",
                         "gbav_parent_no_bsn",
                         "gbav_child_no_bsn",
                         "gbav_child_elsewhere",
                         "gbav_only_by_parent"})
    for (const Language language : {Language::kDutch, Language::kEnglish})
      EXPECT_TRUE(text::has(language, std::string("finding.") + id)) << id;
}

}  // namespace
}  // namespace sluis::importers
