// `sluis-rehearsal` as it is shipped - a program that starts three of itself and speaks TLS between them -
// against PostgreSQL, and what it does with what it cannot answer.
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

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

// More columns, and more values of one, than a delivery may have: only what is asked for is shared.
TEST_F(RehearsalProgram, WideFiles) {
  std::ofstream csv(directory_ + "/wide.csv");
  for (int c = 0; c < 300; ++c) csv << (c == 0 ? "" : ",") << "c" << c;
  csv << ",word\n";
  for (int r = 0; r < 200; ++r) {
    for (int c = 0; c < 300; ++c) csv << c * r % 1000 << ",";
    csv << "\"" << std::string(8'000, 'x') << r << "\"\n";
  }
  csv.close();
  const ProgramAnswer answer =
      ask("SELECT COUNT(*) AS n, SUM(c299) AS s, COUNT(word) AS w FROM wide WHERE word >= 'x' AND c1 < 100");
  EXPECT_EQ(answer.exit, 0) << answer.errors;
  int64_t sum = 0;
  for (int r = 0; r < 100; ++r) sum += 299 * r % 1000;
  EXPECT_EQ(rows_text(answer.rows, true), "[100] [" + std::to_string(sum) + "] [100] \n");
}

// ---- stopped from outside

// The program running over tables large enough that it takes a while; its own temporary directory.
class LongRehearsal : public RehearsalProgram {
 protected:
  void SetUp() override {
    temporary_ = directory_ + "/tmp";
    fs::create_directory(temporary_);
    std::ofstream csv(directory_ + "/visit.csv");
    csv << "person,cost\n";
    for (int64_t r = 0; r < 600'000; ++r) csv << r * 7919 % 600'000 << "," << r % 90 << "\n";
    csv.close();
    child_ = ::fork();
    if (child_ != 0) return;
    ::setenv("TMPDIR", temporary_.c_str(), 1);
    (void)!::freopen((directory_ + "/out").c_str(), "w", stdout);
    (void)!::freopen((directory_ + "/err").c_str(), "w", stderr);
    const std::string sql =
        "SELECT COUNT(*) AS n, MAX(x.s) AS s FROM (SELECT person, SUM(cost) AS s FROM visit GROUP BY person) "
        "x";
    ::execl(SLUIS_REHEARSAL, SLUIS_REHEARSAL, "--data", directory_.c_str(), sql.c_str(), nullptr);
    ::_exit(127);
  }
  void TearDown() override {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }

  // Processes whose parent is the program.
  std::vector<pid_t> parties() const {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
      std::ifstream stat(entry.path() / "stat");
      std::string text;
      if (!std::getline(stat, text)) continue;
      const size_t name_end = text.rfind(')');
      if (name_end == std::string::npos) continue;
      std::istringstream rest(text.substr(name_end + 1));
      std::string state;
      pid_t parent = 0;
      rest >> state >> parent;
      if (parent == child_) found.push_back(std::atoi(entry.path().filename().c_str()));
    }
    return found;
  }
  // Until three parties run; then a moment more, so that they compute.
  std::vector<pid_t> wait_for_parties() const {
    for (int i = 0; i < 3000; ++i) {
      siginfo_t ended{};
      ::waitid(P_PID, static_cast<id_t>(child_), &ended, WEXITED | WNOHANG | WNOWAIT);
      if (ended.si_pid == child_) break;
      if (const std::vector<pid_t> found = parties(); found.size() == 3) {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        return found;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "no three parties";
    return {};
  }
  int exit_code() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string contents(const char* name) const {
    std::ifstream file(directory_ + "/" + name);
    std::string text;
    std::getline(file, text, '\0');
    return text;
  }

  std::string temporary_;
  pid_t child_ = 0;
};

// One of the three is gone: no figure, no directory, the other two end.
TEST_F(LongRehearsal, KilledPartyEndsIt) {
  const std::vector<pid_t> three = wait_for_parties();
  ASSERT_EQ(three.size(), 3U);
  ASSERT_EQ(::kill(three[1], SIGKILL), 0);
  EXPECT_NE(exit_code(), 0);
  EXPECT_EQ(contents("out"), "");
  EXPECT_TRUE(fs::is_empty(temporary_));
  for (const pid_t party : three) EXPECT_NE(::kill(party, 0), 0);
}

TEST_F(LongRehearsal, CtrlCRemovesSharesAndKeys) {
  const std::vector<pid_t> three = wait_for_parties();
  ASSERT_EQ(three.size(), 3U);
  EXPECT_FALSE(fs::is_empty(temporary_));
  ASSERT_EQ(::kill(child_, SIGINT), 0);
  EXPECT_EQ(exit_code(), 130);
  EXPECT_EQ(contents("out"), "");
  EXPECT_TRUE(fs::is_empty(temporary_));
  for (const pid_t party : three) EXPECT_NE(::kill(party, 0), 0);
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
