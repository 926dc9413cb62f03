#include "governance/study.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "governance/world_for_test.h"
#include "text/text.h"

namespace sluis::governance {
namespace {

using test::example_bytes;
using test::filled_bytes;
using test::replaced;
using test::summaries;

TEST(Study, ReadsTheExample) {
  const Study study = test::parsed(example_bytes());
  EXPECT_EQ(study.id, "schuld-pleegzorg-2026");
  EXPECT_EQ(study.question.not_answered.size(), 3u);
  EXPECT_EQ(study.people.applicant.email, "onderzoek@regio.example");
  EXPECT_EQ(study.people.recipients, std::vector<std::string>{"00000099000000001000"});
  EXPECT_EQ(study.validity.run_before, *relation::parse_iso_date("2027-03-01"));
  EXPECT_EQ(study.participation.invited.size(), 10u);
  EXPECT_EQ(study.participation.min_by_kind.at("jeugdhulpaanbieder"), 2);
  ASSERT_EQ(study.tables.size(), 3u);
  EXPECT_EQ(study.find_table("ouder_kind")->find("leeftijd_2023")->use, ColumnUse::kGroup);
  EXPECT_FALSE(study.find_table("ouder_kind")->period);
  EXPECT_EQ(study.find_table("jeugdhulp")->period->from, *relation::parse_iso_date("2020-01-01"));
  EXPECT_EQ(study.views.size(), 4u);
  ASSERT_EQ(study.outputs.size(), 4u);
  const Output& together = study.outputs[0];
  EXPECT_EQ(together.domain.size(), 2u);
  EXPECT_EQ(together.sensitive.values.at("ouder_in_schuldhulp"), std::vector<std::string>{"ja"});
  EXPECT_EQ(together.statistics[0].exposed_value, "ja");
  EXPECT_EQ(together.derive[0].expression, "1000 * start_pleegzorg / kinderen");
  const Output* mirror = study.find_output("spiegel");
  EXPECT_EQ(mirror->to, Recipient::kOwnRow);
  EXPECT_TRUE(mirror->domain[0].participants);
  EXPECT_EQ(mirror->bands, (std::vector<int64_t>{10, 25, 50, 100}));
  EXPECT_EQ(study.disclosure.t_owner, 3);
  EXPECT_EQ(study.disclosure.owner_max_millionths, 800'000);
  EXPECT_TRUE(study.disclosure.from_profile.empty());
  EXPECT_EQ(study.run.max_hours, 6);
}

// Line n of an SQL text is line at.line + n - 1 of the file.
TEST(Study, KnowsWhereItsSqlStands) {
  const std::string bytes = example_bytes();
  const Study study = test::parsed(bytes);
  std::vector<std::string> lines(1);
  for (char c : bytes)
    if (c == '\n')
      lines.emplace_back();
    else
      lines.back() += c;
  const auto check = [&](const SqlText& sql) {
    const std::string first = sql.text.substr(0, sql.text.find('\n'));
    EXPECT_EQ(lines[static_cast<size_t>(sql.at.line - 1)]
                  .substr(static_cast<size_t>(sql.at.column - 1))
                  .substr(0, first.size()),
              first);
  };
  for (const View& view : study.views) check(view.sql);
  for (const Output& output : study.outputs) check(output.sql);
  for (const StudyTable& table : study.tables) check(*table.rows);
  EXPECT_EQ(study.views[0].sql.text.substr(0, 12), "SELECT ouder");
}

TEST(Study, NameIsTheHashOfItsBytes) {
  const std::string bytes = example_bytes();
  const Study study = test::parsed(bytes);
  EXPECT_EQ(study.name, crypto::sha256(bytes));
  EXPECT_NE(test::parsed(bytes + "\n").name, study.name);
  EXPECT_EQ(short_handle(study.name), crypto::to_hex(study.name).substr(0, 4));
  const std::string digits = decision_digits(study.name);
  EXPECT_EQ(digits.size(), 39u);
  EXPECT_EQ(replaced(digits, " ", ""), crypto::to_hex(study.name).substr(0, 32));
}

TEST(Study, ListsLegalPlaceholders) {
  const Errors errors = legal_placeholders(test::parsed(example_bytes()), "study.toml");
  EXPECT_EQ(errors.size(), 6u);
  for (const Error& error : errors) {
    EXPECT_EQ(error.id, "S1032.placeholder");
    EXPECT_GT(error.line, 0);
  }
  EXPECT_TRUE(legal_placeholders(test::parsed(filled_bytes()), "study.toml").empty());
  const Errors one = legal_placeholders(
      test::parsed(replaced(filled_bytes(), "Jeugdwet 7.4", "Jeugdwet TE TOETSEN")), "study.toml");
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].summary(), "S1032.placeholder study.toml:40:3 [legal.grounds(jeugdhulpaanbieder).sector]");
}

// Every error id that the reader of any governance format can raise has its text.
struct Change {
  const char* name;
  const char* from;
  const char* to;
  const char* error;  // first words of the only error, or of the first
};
class StudyChange : public testing::TestWithParam<Change> {};
TEST_P(StudyChange, IsRefusedByName) {
  const Change& change = GetParam();
  const StudyParse parse = parse_study(replaced(example_bytes(), change.from, change.to), "f");
  EXPECT_FALSE(parse.study);
  EXPECT_NE(summaries(parse.errors).find(change.error), std::string::npos) << summaries(parse.errors);
  for (const Error& error : parse.errors) {
    const text::ErrorText words = text::describe(text::Language::kDutch, error);
    EXPECT_FALSE(words.what.empty()) << error.id;
  }
}
INSTANTIATE_TEST_SUITE_P(
    All, StudyChange,
    testing::Values(
        Change{"format", "sluis-study/1", "sluis-study/2", "S1009.format f:4:17"},
        Change{"version", "\"1.0.0\"", "\"1.0\"", "S1005.form f:6:17 [version]"},
        Change{"id", "\"schuld-pleegzorg-2026\"", "\"Schuld Pleegzorg\"", "S1005.form f:5:17 [id]"},
        Change{"template", "event-after-event/1", "own-idea/1", "S1030.template f:9:17 [own-idea/1]"},
        Change{"language", "= \"nl\"", "= \"fr\"", "S1006.choice f:8:17 [language] [nl, en]"},
        Change{"supersedes", "supersedes    = []", "supersedes = [\"sha256:12\"]",
               "S1005.form f:10:14 [supersedes]"},
        Change{"t_person", "t_person        = 10", "t_person = 9",
               "S1031.laxer f:223:12 [disclosure.t_person] [10]"},
        Change{"t_household", "t_household     = 5", "t_household = 4",
               "S1031.laxer f:224:15 [disclosure.t_household] [5]"},
        Change{"t_owner", "t_owner         = 3", "t_owner = 1",
               "S1031.laxer f:225:11 [disclosure.t_owner] [2]"},
        Change{"owner_max", "owner_max       = 0.80", "owner_max = 0.900001",
               "S1031.laxer f:226:13 [disclosure.owner_max] [0.90]"},
        Change{"owner_max_zero", "owner_max       = 0.80", "owner_max = 0.0", "S1005.range f:226:13"},
        Change{"group_max", "group_max       = 0.90", "group_max = 0.91",
               "S1031.laxer f:231:13 [disclosure.group_max] [0.90]"},
        Change{"denominator", "denominator_min = 30", "denominator_min = 29", "S1031.laxer f:227:19"},
        Change{"round_lax", "round_base      = 5", "round_base = 3", "S1031.laxer f:228:14"},
        Change{"round_even", "round_base      = 5", "round_base = 6", "S1034.round f:228:14"},
        Change{"round_above_t", "round_base      = 5", "round_base = 11", "S1034.round f:228:14"},
        Change{"mark", "\"·\"   ", "\"x\"   ", "S1030.value f:229:19 [disclosure.mark] [·]"},
        Change{"zeros", "= \"protect\"", "= \"structural\"",
               "S1030.value f:230:19 [disclosure.zeros] [protect]"},
        Change{"totals", "= \"derived\"", "= \"independent\"",
               "S1030.value f:232:19 [disclosure.totals] [derived]"},
        Change{"intervals", "noise_aware", "naive", "S1030.value f:233:19"},
        Change{"dp", "dp              = \"off\"", "dp = \"sigma2=4\"",
               "S1030.value f:234:6 [disclosure.dp] [off]"},
        Change{"equation", "dp              = \"off\"",
               "dp = \"off\"\nequation_rule = { sum_suppressed = 10 }", "S1030.absent f:235:17"},
        Change{"profile", "= \"nl-jeugd-1\"", "= \"nl-financieel-1\"",
               "S1033.profile f:221:19 [nl-financieel-1]"},
        Change{"node_loss", "= \"stop\"", "= \"continue\"", "S1030.value f:238:17"},
        Change{"leakage", "allow_leakage = []", "allow_leakage = [\"sort\"]", "S1030.value f:239:17"},
        Change{"nodes", "nodes = 3", "nodes = 4", "S1030.value f:240:27"},
        Change{"trust", "honest-majority", "none", "S1030.value f:240:38"},
        Change{"security", "semi-honest", "malicious",
               "S1030.value f:240:72 [run.engine.min_security] [semi-honest]"},
        Change{"newer", "min_version = \"1.0\"", "min_version = \"1.1\"",
               "S1030.version f:240:101 [1.1] [1.0]"},
        Change{"older_major", "min_version = \"1.0\"", "min_version = \"0.9\"", "S1030.version"},
        Change{"version_form", "min_version = \"1.0\"", "min_version = \"v1\"", "S1005.form"},
        Change{"match", "match      = \"exact\"", "match = \"fuzzy\"", "S1030.value"},
        Change{"check", "check      = \"elfproef\"", "check = \"none\"", "S1030.value"},
        Change{"report", "report     = true", "report = \"ja\"", "S1005.type"},
        Change{"invalid", "\"999999999\"]", "\"123456782\"]", "S1030.value"},
        Change{"dates", "decide_before = 2026-12-01", "decide_before = 2027-12-01", "S1034.dates"},
        Change{"dpia", "0000000000000000000000000000000000000000000000000000000000000000", "00",
               "S1005.form f:45:57"},
        Change{"register", "https://register", "http://register", "S1005.form"},
        Change{"email", "onderzoek@regio.example", "onderzoek", "S1005.form"},
        Change{"oin_short", "\"00000099000000002001\"", "\"0000009900000000200\"", "S1005.form"},
        Change{"oin_twice", "\"00000099000000002001\"", "\"00000099000000002002\"", "S1008.twice"},
        Change{"code_twice", "GM9001\",", "GM9002\",", "S1008.twice"},
        Change{"code_kind", "\"JA9001\"", "\"GM9901\"", "S1005.form"},
        Change{"owner_kind", "kind = \"jeugdhulpaanbieder\", code = \"JA9003\"",
               "kind = \"cbs\", code = \"JA9003\"", "S1006.choice"},
        Change{"minimum", "min_owners   = 5", "min_owners = 11", "S1034.minimum"},
        Change{"minimum_kind", "jeugdhulpaanbieder = 2 }", "jeugdhulpaanbieder = 4 }", "S1034.minimum"},
        Change{"no_minimum_kind", "min_by_kind  = { gemeente = 3, ", "min_by_kind  = { ",
               "S1034.min_by_kind"},
        Change{"ground_missing", "{ owner_kind = \"jeugdhulpaanbieder\", ground",
               "{ owner_kind = \"gemeente\", ground", "S1034.ground "},
        Change{"unowned", "owners   = \"jeugdhulpaanbieder\"", "owners = \"gemeente\"", "S1034.no_table"},
        Change{"table_view_twice", "name = \"schuld\"\n", "name = \"schuldhulp\"\n", "S1008.twice"},
        Change{"identifier", "name = \"schuld\"\n", "name = \"Schuld\"\n", "S1005.form"},
        Change{"use", "aanmelding_van = \"compare\"", "aanmelding_van = \"show\"", "S1006.choice"},
        Change{"no_link", "{ kind = \"link\", aanvang_van", "{ kind = \"filter\", aanvang_van",
               "S1034.no_link"},
        Change{"period", "[2021-01-01, 2022-12-31]", "[2023-01-01, 2022-12-31]", "S1034.period"},
        Change{"period_form", "[2021-01-01, 2022-12-31]", "[2021-01-01]", "S1005.form"},
        Change{"bands_low", "bands  = [10, 25", "bands  = [9, 25", "S1031.bands"},
        Change{"bands_order", "bands  = [10, 25", "bands  = [25, 10", "S1005.form"},
        Change{"bands_pooled", "to     = \"own-row\"", "to     = \"recipients\"", "S1030.bands"},
        Change{"own_row_no_bands", "bands  = [10, 25, 50, 100]", "", "S1034.own_row_bands"},
        Change{"participants_pooled",
               "bands  = [10, 25, 50, 100]               # printed as '·' (withheld or under 10), '10-24', "
               "'25-49', '50-99', '100 of meer'; never as a number\nto     = \"own-row\"",
               "to = \"recipients\"", "S1030.participants"},
        Change{"at_sign", "\"@participants\"", "\"@all\"", "S1005.form"},
        Change{"domain_twice", "[\"0-5\", \"6-11\"", "[\"0-5\", \"0-5\"", "S1008.twice"},
        Change{"sensitive_unknown", "values = { ouder_in_schuldhulp = [\"ja\"]",
               "values = { ouder_in_schuldhulp = [\"soms\"]", "S1008.heading"},
        Change{"exposed_unknown", "exposed = { ouder_in_schuldhulp = \"ja\" }",
               "exposed = { ouder_in_schuldhulp = \"soms\" }", "S1008.heading"},
        Change{"strata", "strata = [\"leeftijd\"]", "strata = [\"gemeente\"]", "S1034.strata"},
        Change{"statistic_kind", "mantel-haenszel-risk-ratio", "p-value", "S1030.value"},
        Change{"expression", "1000 * start_pleegzorg / kinderen", "1000 * (start_pleegzorg / kinderen",
               "S1005.expression"},
        Change{"sql_escapes",
               "sql  = '''\nSELECT kind, MIN(aanvang_van) AS pleeg_van, MIN(aanvang_tot) AS pleeg_tot\nFROM  "
               " jeugdhulp\nWHERE  kind IS NOT NULL\nGROUP  BY kind\n'''",
               "sql = \"SELECT k\\u0069nd FROM jeugdhulp\"", "S1005.verbatim"},
        Change{"empty_text",
               "hypothesis = \"Pleegzorg begint vaker bij kinderen met een ouder in de schuldhulp.\"",
               "hypothesis = \" \"", "S1004.empty f:18:14 [question.hypothesis]"},
        Change{"unknown", "max_hours     = 6", "max_hours = 6\nT_persoon = 3",
               "S1003.key f:238:1 [run.T_persoon]"}),
    [](const auto& info) { return info.param.name; });

TEST(Study, ReportsAllFaultsInTheOrderOfTheFile) {
  std::string bytes = replaced(example_bytes(), "\"1.0.0\"", "\"1\"");
  bytes = replaced(bytes, "max_hours     = 6", "max_hours = 600");
  bytes = replaced(bytes, "t_person        = 10", "t_person = 1");
  bytes = replaced(bytes, "max_runs      = 2", "max_run = 2");
  EXPECT_EQ(
      test::ids(parse_study(bytes, "f").errors),
      (std::vector<std::string>{"S1005.form", "S1004.missing", "S1003.key", "S1031.laxer", "S1005.range"}));
}

// A key left to the profile has the profile's value, and it is known that it came from there.
TEST(Study, LeavesValuesToTheProfile) {
  const Study study = test::parsed(replaced(example_bytes(), "t_owner         = 3", "#"));
  EXPECT_EQ(study.disclosure.t_owner, 2);
  EXPECT_EQ(study.disclosure.from_profile, std::set<std::string>{"t_owner"});
}

TEST(Study, ChecksOutputColumnsAfterBinding) {
  const Study study = test::parsed(example_bytes());
  const Output& output = study.outputs[0];
  EXPECT_TRUE(
      check_output_columns(output, {"leeftijd", "ouder_in_schuldhulp", "kinderen", "start_pleegzorg"}, "f")
          .empty());
  const Errors errors = check_output_columns(output, {"leeftijd", "ouder_in_schuldhulp", "kinderen"}, "f");
  EXPECT_EQ(test::ids(errors), std::vector<std::string>(3, "S1008.column")) << summaries(errors);
}

}  // namespace
}  // namespace sluis::governance
