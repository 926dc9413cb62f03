#include <gtest/gtest.h>

#include "importers/import_testing.h"

namespace sluis::importers {
namespace {

constexpr const char* kHeader = "bsn;hulpvorm;aanvang;einde;verwijzer;reden_einde;maatregel\n";
constexpr const char* kMappingHead = "format = \"sluis-mapping/1\"\nprofile = \"bij/2026#jeugdhulp\"\n";

class Care : public ImportTest {
 protected:
  Result<Import> load(const std::string& rows, ImportOptions options = {}) {
    return import("bij.csv", kHeader + rows, "jeugdhulp", options);
  }
  ImportOptions mapped(const std::string& lines) {
    ImportOptions options;
    options.mapping_file = file("mapping.toml", kMappingHead + lines);
    return options;
  }
  static ImportOptions columns(std::vector<std::string> names) {
    ImportOptions options;
    options.columns = std::move(names);
    return options;
  }
};

TEST_F(Care, FormsDatesAndOtherCodes) {
  ImportOptions options = columns({"kind", "hulpvorm", "aanvang_van", "aanvang_tot", "einde_van", "einde_tot",
                                   "verwijzer", "reden_einde"});
  const auto result = load(
      "999990019;11;20210304;20220506;01;1;\n"
      "999990020;1;20210300;;08;;\n"
      "999990032;14;2021-03-04;00000000;;;\n"
      "999990044;13;20210000;20220000;9;6;\n",
      options);
  EXPECT_EQ(cells(result),
            "999990019 pleegzorg 2021-03-04 2021-03-04 2022-05-06 2022-05-06 gemeente volgens_plan/"
            "999990020 wijkteam 2021-03-01 2021-03-31 NULL NULL rechter NULL/"
            "999990032 verblijf_overig 2021-03-04 2021-03-04 1900-01-01 2079-06-06 NULL NULL/"
            "999990044 gesloten 2021-01-01 2021-12-31 2022-01-01 2022-12-31 NULL NULL/");
  EXPECT_EQ(result->report.findings.count("code_unknown"), 2u);
}

TEST_F(Care, BothPlaceholdersMeanNoBsn) {
  const auto result = load(
      "000000000;11;20210304;;;;\n999999999;11;20210304;;;;\n;11;20210304;;;;\n999990019;11;20210304;;;;\n",
      columns({"kind"}));
  EXPECT_EQ(cells(result), "NULL/NULL/NULL/999990019/");
  EXPECT_EQ(result->report.keys[0].placeholder, 2u);
  EXPECT_EQ(result->report.keys[0].empty, 1u);
}

TEST_F(Care, UnknownStartsAreIntervalsBoundedByTheEnd) {
  const auto result = load(
      "999990019;11;;20220506;;;\n"  // after a transfer the receiving institution sends none
      "999990020;11;00000000;20220500;;;\n"
      "999990032;11;;;;;\n",
      columns({"aanvang_van", "aanvang_tot"}));
  EXPECT_EQ(cells(result), "1900-01-01 2022-05-06/1900-01-01 2022-05-31/1900-01-01 2079-06-06/");
  EXPECT_EQ(result->report.findings.count("start_absent"), 2u);
  EXPECT_EQ(result->report.dates.size(), 1u);
  EXPECT_EQ(result->report.dates[0].count(DateQuality::kAbsent), 2u);
  EXPECT_EQ(result->report.dates[0].count(DateQuality::kUnknown), 1u);
}

TEST_F(Care, StaysInOneFormAreJoinedBeforeCounting) {
  const auto result = load(
      "999990019;11;20210101;20210201;01;01;\n"
      "999990019;11;20210202;20210301;02;02;\n"  // the day after: one stay
      "999990019;11;20210303;;03;;\n"            // a day between: another stay
      "999990019;12;20210115;20210401;;;\n"      // another form
      "999990020;11;20210101;20210201;;;\n"      // another child
      "999990020;11;20210101;20210201;;;\n"      // delivered twice
      ";11;20210101;20210201;;;\n"
      ";11;20210101;20210201;;;\n",
      columns({"kind", "hulpvorm", "aanvang_van", "einde_van", "verwijzer", "reden_einde"}));
  EXPECT_EQ(cells(result),
            "999990019 pleegzorg 2021-01-01 2021-03-01 gemeente voortijdig_overeengekomen/"
            "999990019 pleegzorg 2021-03-03 NULL jeugdarts NULL/"
            "999990019 gezinsgericht 2021-01-15 2021-04-01 NULL NULL/"
            "999990020 pleegzorg 2021-01-01 2021-02-01 NULL NULL/"
            "NULL pleegzorg 2021-01-01 2021-02-01 NULL NULL/NULL pleegzorg 2021-01-01 2021-02-01 NULL NULL/");
  EXPECT_EQ(result->report.merged, 2u);
}

TEST_F(Care, TheTwoCodeListsAreNeverMixed) {
  EXPECT_EQ(cells(load("999990019;11;20210304;;;;\n999990020;35;20210304;;;;\n")), "S1107.mixed [3] line 3");
  const ImportOptions ijw = mapped("code_list = \"ijw-jz020-2015\"\n");
  ImportOptions options = ijw;
  options.columns = {"kind", "hulpvorm"};
  EXPECT_EQ(cells(load("999990019;35;20210304;;;;\n999990020;31;20210304;;;;\n", options)),
            "999990019 pleegzorg/999990020 wijkteam/");
  EXPECT_EQ(cells(load("999990019;35;20210304;;;;\n999990020;11;20210304;;;;\n", ijw)),
            "S1107.mixed [3] line 3");
  // 44 is a code of neither: it is counted, and NULL.
  const auto unknown =
      load("999990019;44;20210304;;;;\n999990020;;20210304;;;;\n999990032;999990032;20210304;;;;\n", options);
  EXPECT_EQ(cells(unknown), "999990019 NULL/999990020 NULL/999990032 NULL/");
  EXPECT_EQ(findings(unknown->report).substr(0, 62),
            "form_unknown[44]x1 form_emptyx1 form_unknown[...]x1 key_test_r");
}

TEST_F(Care, OwnCodesAreNamedByTheMappingFile) {
  ImportOptions options =
      mapped("code_list = \"eigen\"\n[hulpvorm]\n\"44A\" = \"pleegzorg\"\n\"7\" = \"ambulant\"\n");
  options.columns = {"hulpvorm"};
  EXPECT_EQ(cells(load("999990019;44A;20210304;;;;\n999990020;07;20210304;;;;\n999990032;11;20210304;;;;\n",
                       options)),
            "pleegzorg/ambulant/NULL/");
  options = mapped("code_list = \"ijw-jz020-2015\"\n[hulpvorm]\n\"44\" = \"pleegzorg\"\n");
  options.columns = {"hulpvorm"};
  EXPECT_EQ(cells(load("999990019;44;20210304;;;;\n999990020;35;20210304;;;;\n", options)),
            "pleegzorg/pleegzorg/");
}

TEST_F(Care, ProbationIsRefused) {
  for (const char* measure : {"41", "42", "50", "51", "61", "62", "63"})
    EXPECT_EQ(cells(load(std::string("999990019;11;20210304;;;;\n999990020;;20210304;;;;") + measure + "\n")),
              "S1108.probation [3] line 3");
  const ImportOptions ijw = mapped("code_list = \"ijw-jz020-2015\"\n");
  EXPECT_EQ(cells(load("999990019;47;20210304;;;;\n", ijw)), "S1108.probation [2] line 2");
  EXPECT_EQ(cells(load("999990019;49;20210304;;;;\n", ijw)), "S1108.probation [2] line 2");
  EXPECT_EQ(import("b.csv", "bsn;hulpvorm;aanvang;einde;Jeugdreclassering\n", "jeugdhulp").error().id,
            "S1108.probation");
}

TEST_F(Care, ProtectionMeasuresAreNotYouthCare) {
  const auto result =
      load("999990019;11;20210304;;;;11\n999990020;;20210304;;;;11\n999990032;;20210304;;;;21\n",
           columns({"kind"}));
  EXPECT_EQ(cells(result), "999990019/");
  EXPECT_EQ(result->report.left_out, 2u);
  EXPECT_EQ(result->report.source_rows, 3u);
  EXPECT_EQ(result->report.read_rows, 1u);
}

TEST_F(Care, ContradictionsAndImpossibleDates) {
  const auto result = load("999990019;11;20220101;20210101;;;\n999990020;11;20220100;20220115;;;\n");
  EXPECT_EQ(result->report.findings.count("end_before_start"), 1u);
  EXPECT_EQ(cells(load("999990019;11;20220101;20220431;;;\n")), "S1104.date [2] line 2");
  EXPECT_EQ(cells(load("999990019;11;01-01-2022;;;;\n")), "S1104.date [2] line 2");
}

TEST_F(Care, MappingFileGivesNamesEncodingAndDateForm) {
  ImportOptions options = mapped(
      "name = \"Jeugdhulp Noord\"\nencoding = \"windows-1252\"\ndelimiter = \"tab\"\ndates = "
      "\"DD-MM-JJJJ\"\ncode_list = \"bij\"\n"
      "[columns]\nbsn = \"Cli\u00ebnt BSN\"\nhulpvorm = \"Vorm\"\naanvang = \"Start\"\neinde = \"Stop\"\n");
  options.columns = {"kind", "hulpvorm", "aanvang_van"};
  const std::string latin =
      "Cli\xEBnt BSN\tVorm\tStart\tStop\tOpmerking\n999990019\t11\t04-03-2021\t\tcaf\xE9\n";
  auto result = import("b.csv", latin, "jeugdhulp", options);
  EXPECT_EQ(cells(result), "999990019 pleegzorg 2021-03-04/");
  EXPECT_EQ(result->report.fields_not_shared, (std::vector<std::string>{"Stop", "Opmerking"}));
  // A file that is UTF-8 after all is read as UTF-8.
  result =
      import("b.csv", "Cliënt BSN\tVorm\tStart\tStop\n999990019\t11\t04-03-2021\t\n", "jeugdhulp", options);
  EXPECT_EQ(cells(result), "999990019 pleegzorg 2021-03-04/");
  // Without being asked, no other encoding than UTF-8.
  EXPECT_EQ(cells(load("999990019;11;20210304;;caf\xE9;;\n")), "S1041.utf8 [2] line 2");
}

TEST_F(Care, MissingColumnsSayWhichFieldNeedsThem) {
  EXPECT_EQ(import("b.csv", "bsn;hulpvorm;aanvang\n", "jeugdhulp").error().args,
            (std::vector<std::string>{"1", "einde", "einde"}));
  ImportOptions options = mapped("code_list = \"bij\"\n[columns]\nverwijzer = \"Verwezen door\"\n");
  // A name in the mapping file must exist, also if the field may be absent.
  EXPECT_EQ(load("", options).error().args, (std::vector<std::string>{"1", "Verwezen door", "verwijzer"}));
}

TEST_F(Care, ObjectorsAreRemoved) {
  ImportOptions options = columns({"kind"});
  options.objections_file = file("bezwaar.txt", "999990019\n");
  EXPECT_EQ(cells(load("999990019;11;20210304;;;;\n999990020;11;20210304;;;;\n", options)), "999990020/");
}

TEST_F(Care, FaultyMappingFiles) {
  const auto id = [&](const std::string& lines) { return load("", mapped(lines)).error().id; };
  EXPECT_EQ(id(""), "S1004.missing");
  EXPECT_EQ(id("code_list = \"bij\"\ntaal = \"nl\"\n"), "S1003.key");
  EXPECT_EQ(id("code_list = \"iwmo\"\n"), "S1006.choice");
  EXPECT_EQ(id("code_list = \"bij\"\n[columns]\nbsn = \"x\"\neinde = \"x\"\n"), "S1106.twice");
  EXPECT_EQ(id("code_list = \"bij\"\n[columns]\nnaam = \"x\"\n"), "S1003.key");
  EXPECT_EQ(id("code_list = \"bij\"\n[hulpvorm]\n\"35\" = \"pleegzorg\"\n"), "S1106.code");
  EXPECT_EQ(id("code_list = \"bij\"\n[hulpvorm]\n\"11\" = \"ambulant\"\n"), "S1106.code");
  EXPECT_EQ(id("code_list = \"ijw-jz020-2015\"\n[hulpvorm]\n\"47\" = \"ambulant\"\n"), "S1106.code");
  EXPECT_EQ(id("code_list = \"eigen\"\n[hulpvorm]\n\"1\" = \"logeren\"\n"), "S1006.choice");
  EXPECT_EQ(id("code_list = \"bij\"\nencoding = \"latin1\"\n"), "S1006.choice");
  EXPECT_EQ(id("code_list = [\n"), "S1007.syntax");
  ImportOptions other;
  other.mapping_file = file("m.toml", "format = \"sluis-mapping/1\"\nprofile = \"brp-ouder-kind/1\"\n");
  EXPECT_EQ(load("", other).error().id, "S1106.profile");
  EXPECT_EQ(import("d.json", "{}", "schuldhulp", other).error().id, "S1106.not_for");
}

}  // namespace
}  // namespace sluis::importers
