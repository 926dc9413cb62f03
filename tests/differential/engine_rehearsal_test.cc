// `sluis-rehearsal` as it is shipped - a program that starts three of itself and speaks TLS between them -
// against PostgreSQL, and what it does with what it cannot answer.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "engine_support.h"

namespace sluis::differential {
namespace {

namespace fs = std::filesystem;

class RehearsalProgram : public testing::Test {
 protected:
  RehearsalProgram() {
    std::string form = (fs::temp_directory_path() / "sluis-differential-XXXXXX").string();
    if (::mkdtemp(form.data()) != nullptr) directory_ = form;
  }
  ~RehearsalProgram() override { fs::remove_all(directory_); }

  ProgramAnswer ask(const std::string& sql) const { return run_rehearsal(SLUIS_REHEARSAL, directory_, sql); }
  static std::vector<relation::Table> tables(const std::string& what) {
    for (HandTables& one : tables_by_hand())
      if (one.what == what) return one.tables;
    ADD_FAILURE() << what;
    return {};
  }

  std::string directory_;
};

// Every eighth query by hand over three sets of tables.
TEST_F(RehearsalProgram, GivesTheRowsOfPostgres) {
  std::string why;
  const auto server = PostgresServer::start(why);
  if (server == nullptr) GTEST_SKIP() << "skipped: " << why;
  std::vector<std::string> texts;
  for (size_t i = 0; i < queries_by_hand().size(); i += 8) texts.push_back(queries_by_hand()[i]);
  for (const char* what : {"mixed", "one row", "ties"}) {
    write_directory(directory_, tables(what));
    ASSERT_FALSE(server->load(tables(what)).has_value());
    const auto answers = server->query(texts);
    for (size_t i = 0; i < texts.size(); ++i) {
      SCOPED_TRACE(std::string(what) + "\n" + texts[i]);
      const ProgramAnswer answer = ask(texts[i]);
      ASSERT_EQ(answer.exit, 0) << answer.errors;
      const bool ordered = texts[i].find("ORDER BY") != std::string::npos;
      EXPECT_EQ(rows_text(answer.rows, ordered), rows_text(answers[i].rows, ordered));
    }
  }
}

TEST_F(RehearsalProgram, SaysThatItProtectsNobody) {
  write_directory(directory_, tables("empty"));
  const ProgramAnswer answer = ask("SELECT COUNT(*) AS n, SUM(cost) AS s FROM visit");
  EXPECT_EQ(answer.exit, 0);
  EXPECT_EQ(answer.header, "n,s");
  EXPECT_EQ(rows_text(answer.rows, true), "[0] NULL \n");
  EXPECT_NE(answer.errors.find("niet beschermd"), std::string::npos) << answer.errors;
}

TEST_F(RehearsalProgram, RefusesInAFriendlyWay) {
  write_directory(directory_, tables("one row"));
  EXPECT_NE(ask("SELECT id FROM person").exit, 0);               // rows are no figures
  EXPECT_NE(ask("SELECT COUNT(*) FROM nobody").exit, 0);         // no such table
  EXPECT_NE(ask("SELECT COUNT(*) FROM person, visit").exit, 0);  // no key
  std::ofstream(directory_ + "/place.csv") << "town,size\nAa,1,2\n";
  const ProgramAnswer answer = ask("SELECT COUNT(*) FROM person");
  EXPECT_NE(answer.exit, 0);
  EXPECT_TRUE(answer.rows.empty());
  EXPECT_NE(answer.errors.find("place.csv"), std::string::npos) << answer.errors;
}

// A promise of schema.toml that the file breaks is refused before anything is shared, not answered wrongly.
TEST_F(RehearsalProgram, BrokenPromiseOfUniqueness) {
  write_directory(directory_, tables("one row"));
  std::ofstream(directory_ + "/place.csv") << "town,size\nAa,1\nAa,2\n";
  const ProgramAnswer answer =
      ask("SELECT q.size, COUNT(*) AS n FROM person p JOIN place q ON q.town = p.town GROUP BY q.size");
  EXPECT_NE(answer.exit, 0);
  EXPECT_TRUE(answer.rows.empty());
}

// Nothing of a rehearsal stays behind.
TEST_F(RehearsalProgram, LeavesNoDirectory) {
  write_directory(directory_, tables("one row"));
  const std::string temporary = directory_ + "/tmp";
  fs::create_directory(temporary);
  ::setenv("TMPDIR", temporary.c_str(), 1);
  const int ok = ask("SELECT COUNT(*) AS n FROM person").exit;
  const int refused = ask("SELECT COUNT(*) AS n FROM nobody").exit;
  ::unsetenv("TMPDIR");
  EXPECT_EQ(ok, 0);
  EXPECT_NE(refused, 0);
  EXPECT_TRUE(fs::is_empty(temporary));
}

}  // namespace
}  // namespace sluis::differential
