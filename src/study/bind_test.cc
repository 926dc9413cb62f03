#include "study/bind.h"

#include <gtest/gtest.h>

#include "governance/world_for_test.h"
#include "importers/profile.h"
#include "sql/rewrite.h"
#include "study/schema.h"

namespace sluis::study {
namespace {

using governance::Study;
using governance::test::example_bytes;
using governance::test::parsed;
using governance::test::replaced;

Study example() { return parsed(example_bytes()); }

// Errors of check() after one passage of the example is replaced: "S1021.x:line".
std::vector<std::string> faults_after(const std::string& from, const std::string& to) {
  std::vector<std::string> out;
  for (const Error& error : check(parsed(replaced(example_bytes(), from, to)), "study.toml")) {
    EXPECT_EQ(error.file, "study.toml") << error.summary();
    out.push_back(error.id);
  }
  return out;
}

// Line of the file in which a text stands first.
int line_of(const std::string& bytes, const std::string& text) {
  const size_t at = bytes.find(text);
  EXPECT_NE(at, std::string::npos) << text;
  return 1 +
         static_cast<int>(std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

using Ids = std::vector<std::string>;

TEST(StudyCheck, TheExampleHasNoFaults) {
  EXPECT_EQ(governance::test::summaries(check(example(), "study.toml")), "");
}

TEST(StudyCheck, FaultsHaveTheirIds) {
  EXPECT_EQ(faults_after("MIN(aanmelding_van)", "MIN(aanmelding_van_x)"), Ids{"S1021.no_column"});
  EXPECT_EQ(faults_after("schema   = \"bij/2026#jeugdhulp\"", "schema   = \"bij/2099#jeugdhulp\""),
            Ids{"S1100.profile"});
  EXPECT_EQ(faults_after("leeftijd_2023 BETWEEN 0 AND 17", "leeftijd_2023 BETWEN 0 AND 17"),
            Ids{"S1021.syntax"});
  EXPECT_EQ(faults_after("leeftijd_2023 BETWEEN 0 AND 17", "kind > 5"), Ids{"S1023.row_filter"});
  EXPECT_EQ(faults_after("hulpvorm = 'pleegzorg'", "hulpvorm = 'pleegzorgje'"), Ids{"S1021.unknown_value"});
  EXPECT_EQ(faults_after("WHERE  kind IS NOT NULL\nGROUP  BY kind", "WHERE  kind = 5\nGROUP  BY kind"),
            Ids{"S1023.literal"});
}

// A column that the profile has but the study does not declare is told so, and not that it is unknown.
TEST(StudyCheck, UndeclaredColumnIsNamedAsSuch) {
  const Ids ids = faults_after("COUNT(ok.ouder) AS ouders", "COUNT(ok.sinds_van) AS ouders");
  ASSERT_FALSE(ids.empty());
  EXPECT_EQ(ids[0], "S1012.undeclared");
}

TEST(StudyCheck, AllFaultsAtOnceInTheOrderOfTheFile) {
  std::string bytes = replaced(example_bytes(), "leeftijd_2023 BETWEEN 0 AND 17", "kind > 5");
  bytes = replaced(bytes, "MIN(aanvang_van) AS pleeg_van", "MIN(aanvang_vn) AS pleeg_van");
  bytes = replaced(bytes, "COUNT(*) AS kinderen\nFROM   volg\nGROUP  BY ouder_in_schuldhulp",
                   "COUNT(*) AS kindren\nFROM   volg\nGROUP  BY ouder_in_schuldhulp");
  const Errors errors = check(parsed(bytes), "study.toml");
  ASSERT_GE(errors.size(), 2U);
  EXPECT_EQ(errors[0].id, "S1023.row_filter");
  EXPECT_EQ(errors[0].line, line_of(bytes, "kind > 5"));
  EXPECT_EQ(errors[1].id, "S1021.no_column");
  EXPECT_EQ(errors[1].line, line_of(bytes, "aanvang_vn"));
  for (size_t i = 1; i < errors.size(); ++i) EXPECT_LE(errors[i - 1].line, errors[i].line);
}

// ---- schemas

TEST(StudySchema, MunicipalityIsBoundToTheOwnerAndNotShared) {
  const Study study = example();
  const Result<SharedColumns> shared = shared_columns(study, *study.find_table("ouder_kind"));
  ASSERT_TRUE(shared.ok());
  std::vector<std::string> names;
  for (const relation::ColumnSchema& column : shared->columns) names.push_back(column.name);
  EXPECT_EQ(names, (std::vector<std::string>{"ouder", "kind", "leeftijd_2023"}));
  EXPECT_EQ(shared->bound, std::vector<std::string>{"gemeente"});
  // No owner is bound by a column in the other two.
  for (const char* table : {"schuldhulp", "jeugdhulp"}) {
    const Result<SharedColumns> all = shared_columns(study, *study.find_table(table));
    ASSERT_TRUE(all.ok());
    EXPECT_TRUE(all->bound.empty());
    EXPECT_EQ(all->columns.size(), study.find_table(table)->columns.size());
  }
}

TEST(StudySchema, BoundColumnHoldsTheParticipantsCodes) {
  const Study study = example();
  const governance::StudyTable& table = *study.find_table("ouder_kind");
  const std::string two[] = {study.participation.invited[2].oin, study.participation.invited[0].oin};
  const auto schema = table_schema(study, table, {two[0], two[1], study.participation.invited[8].oin});
  ASSERT_TRUE(schema.ok());
  const relation::ColumnSchema& town = schema->columns[static_cast<size_t>(schema->find("gemeente"))];
  EXPECT_EQ(town.type.domain, (std::vector<std::string>{"GM9001", "GM9003"}));
  EXPECT_FALSE(town.nullable);
  // Owners stand in the study's order, whatever the order of the participants.
  const auto owners = owners_of(study, table, {two[0], two[1]});
  ASSERT_EQ(owners.size(), 2U);
  EXPECT_EQ(owners[0]->code, "GM9001");
  EXPECT_EQ(owners[1]->code, "GM9003");
  EXPECT_EQ(everybody(study).size(), study.participation.invited.size());
}

TEST(StudySchema, TableWithoutAnOwnerOfItsKindIsRefused) {
  const Study study = example();
  const auto schema =
      table_schema(study, *study.find_table("ouder_kind"), {study.participation.invited[8].oin});
  ASSERT_FALSE(schema.ok());
  EXPECT_EQ(schema.error().id, "S1205.table");
  EXPECT_EQ(schema.error().line, study.find_table("ouder_kind")->at.line);
  EXPECT_FALSE(table_schema(study, *study.find_table("ouder_kind"), {"00000000000000000000"}).ok());
}

TEST(StudySchema, UnknownProfileAndColumn) {
  const Study study = example();
  governance::StudyTable table = *study.find_table("jeugdhulp");
  table.schema = "bij/1999";
  EXPECT_EQ(table_schema(study, table, everybody(study)).error().id, "S1100.profile");
  table = *study.find_table("jeugdhulp");
  table.columns.push_back({"lengte", {}, table.at});
  EXPECT_EQ(table_schema(study, table, everybody(study)).error().id, "S1101.column");
}

TEST(StudySchema, PersonsComeFromTheTableThatLinksThem) {
  const Study study = example();
  ASSERT_NE(population_table(study), nullptr);
  EXPECT_EQ(population_table(study)->name, "ouder_kind");
}

// ---- binding for some participants

TEST(StudyBind, ParticipantsDecideDomainsOwnersAndCompleteness) {
  const Study study = example();
  std::vector<std::string> some = everybody(study);
  some.erase(some.begin() + 1);  // GM9002
  some.erase(some.begin() + 8);  // JA9003
  const auto all = study_sql(study, everybody(study), assumed_rows(study), "s");
  const auto part = study_sql(study, some, {{"ouder_kind", 640}}, "s");
  ASSERT_TRUE(all.ok() && part.ok());
  EXPECT_TRUE(all->complete);
  EXPECT_FALSE(part->complete);
  EXPECT_EQ(part->person, "kind");
  EXPECT_EQ(part->household, "gezin");
  for (const sql::StudyTable& table : part->tables) {
    EXPECT_EQ(table.owners.size(), table.schema.name == "jeugdhulp" ? 2U : 6U);
    EXPECT_EQ(table.max_rows, table.schema.name == "ouder_kind" ? 640U : kAssumedRows);
  }
  const auto& mirror = part->outputs.back();
  EXPECT_EQ(mirror.text.name, "spiegel");
  ASSERT_EQ(mirror.domain.size(), 1U);
  EXPECT_EQ(mirror.domain[0].second,
            (std::vector<std::string>{"GM9001", "GM9003", "GM9004", "GM9005", "GM9006", "GM9007"}));
}

TEST(StudyBind, PlanHoldsTheDeclaredColumnsAndTheHiddenOwner) {
  const Study study = example();
  const sql::BindResult bound = study::bind(study, everybody(study), assumed_rows(study), "study.toml");
  ASSERT_TRUE(bound.plan.has_value()) << governance::test::summaries(bound.errors);
  for (const governance::StudyTable& table : study.tables) {
    const relation::TableSchema& schema = bound.plan->tables.at(table.name);
    ASSERT_EQ(schema.columns.size(), table.columns.size() + 1);
    for (const governance::StudyColumn& column : table.columns) EXPECT_GE(schema.find(column.name), 0);
    EXPECT_EQ(schema.columns.back().name, sql::kOwnerColumn);
    EXPECT_EQ(schema.columns.back().type.domain.size(), owners_of(study, table, everybody(study)).size());
  }
  ASSERT_EQ(bound.plan->outputs.size(), 4U);
  for (size_t o = 0; o < 4; ++o) EXPECT_EQ(bound.plan->outputs[o].name, study.outputs[o].name);
}

// Whether a study may run without a kind of owner is `participation`'s to say; the plan has no owner of that
// table.
TEST(StudyBind, WithoutOneKindOfOwner) {
  const Study study = example();
  std::vector<std::string> towns;
  for (const governance::InvitedOwner& owner : study.participation.invited)
    if (owner.kind == "gemeente") towns.push_back(owner.oin);
  const sql::BindResult bound = study::bind(study, towns, assumed_rows(study), "study.toml");
  ASSERT_TRUE(bound.plan.has_value());
  EXPECT_EQ(bound.plan->tables.at("jeugdhulp").find(sql::kOwnerColumn), -1);
  for (const sql::Output& output : bound.plan->outputs) EXPECT_EQ(output.owner_columns.size(), 2U);
  const sql::BindResult nobody = study::bind(study, {}, assumed_rows(study), "study.toml");
  ASSERT_FALSE(nobody.plan.has_value());
  EXPECT_EQ(nobody.errors.front().id, "S1205.table");
  EXPECT_EQ(nobody.errors.front().file, "study.toml");
}

}  // namespace
}  // namespace sluis::study
