#include "governance/ledger.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <thread>

#include "text/text.h"

namespace sluis::governance {
namespace {

class LedgerTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() / ("sluis-ledger-" + std::to_string(getpid()));
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    path_ = (directory_ / "ledger.db").string();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<Ledger> open() {
    auto ledger = Ledger::open(path_);
    EXPECT_TRUE(ledger.ok());
    return std::move(ledger).value();
  }
  static LedgerDebit debit(const std::string& study = "a", const std::string& run = "r1") {
    LedgerDebit out;
    out.study = crypto::sha256(study);
    out.run = run;
    out.policy_hash = crypto::sha256("policy");
    out.sources = {
        {"00000099000000002001", "ddas-shv/1.0#traject-client", "schuldhulp", "2026-10-01",
         crypto::sha256("t1")},
        {"00000099000000003001", "bij/2026#jeugdhulp", "jeugdhulp", "2026-10-01", crypto::sha256("t2")}};
    out.outputs = {{"samen", "00000099000000001000", false, "leeftijd, ouder", Bytes{1, 2, 3}},
                   {"spiegel", "00000099000000002001", true, "gemeente", Bytes{4}}};
    out.time = 1'800'000'000;
    return out;
  }
  static std::string id(const Status& status) {
    if (status.ok()) return "";
    EXPECT_FALSE(text::describe(text::Language::kDutch, status.error()).what.empty());
    return status.error().id;
  }
  std::filesystem::path directory_;
  std::string path_;
};

TEST_F(LedgerTest, KeepsWhatWasDebited) {
  const LedgerDebit one = debit();
  ASSERT_EQ(id(open()->debit(one)), "");
  auto ledger = open();  // another connection, later
  const auto entries = ledger->entries();
  ASSERT_EQ(entries->size(), 2u);
  EXPECT_EQ((*entries)[0].id, entry_id(one, one.outputs[0]));
  EXPECT_EQ((*entries)[0].predicate, "leeftijd, ouder");
  EXPECT_EQ((*entries)[1].own_row, true);
  EXPECT_FALSE((*entries)[0].opened);
  EXPECT_EQ(*ledger->sealed_counts((*entries)[0].id), (Bytes{1, 2, 3}));
  EXPECT_FALSE(ledger->sealed_counts(crypto::sha256("x")).ok());
  ASSERT_EQ(id(ledger->mark_opened("r1", 1'800'000'100)), "");
  EXPECT_EQ((*ledger->entries(one.study))[1].opened, 1'800'000'100);
  EXPECT_TRUE(ledger->entries(crypto::sha256("other"))->empty());
  EXPECT_EQ(id(ledger->mark_opened("r9", 1)), "S1403.unknown");
}

TEST_F(LedgerTest, EntryIdIsOfPublicFactsAndNotOfTheRun) {
  const LedgerDebit one = debit();
  LedgerDebit other = debit("a", "r2");
  std::swap(other.sources[0], other.sources[1]);
  other.outputs[0].sealed_counts = {9};
  EXPECT_EQ(entry_id(one, one.outputs[0]), entry_id(other, other.outputs[0]));
  const auto differs = [&](auto change) {
    LedgerDebit changed = debit();
    change(changed);
    EXPECT_NE(entry_id(one, one.outputs[0]), entry_id(changed, changed.outputs[0]));
  };
  differs([](LedgerDebit& d) { d.study[0] ^= 1; });
  differs([](LedgerDebit& d) { d.policy_hash[0] ^= 1; });
  differs([](LedgerDebit& d) { d.sources[0].commitment[0] ^= 1; });
  differs([](LedgerDebit& d) { d.sources[0].version = "x"; });
  differs([](LedgerDebit& d) { d.sources.pop_back(); });
  differs([](LedgerDebit& d) { d.outputs[0].predicate += " "; });
  differs([](LedgerDebit& d) { d.outputs[0].recipient = "00000099000000001001"; });
  differs([](LedgerDebit& d) { d.outputs[0].own_row = true; });
}

TEST_F(LedgerTest, ASecondAttemptOverTheSameFactsIsTheSameRelease) {
  auto ledger = open();
  ASSERT_EQ(id(ledger->debit(debit("a", "r1"))), "");
  ASSERT_EQ(id(ledger->debit(debit("a", "r2"))), "");  // the first never opened
  EXPECT_EQ(ledger->entries()->size(), 2u);
  EXPECT_EQ((*ledger->entries())[0].run, "r2");
  ASSERT_EQ(id(ledger->mark_opened("r2", 5)), "");
  EXPECT_EQ(id(ledger->debit(debit("a", "r3"))), "S1401.repeat");
  EXPECT_EQ(id(ledger->check(debit("a", "r3"))), "S1401.repeat");
  EXPECT_EQ(ledger->check(debit("a", "r3")).error().args[0], "r2");  // where the stored result is
  EXPECT_EQ((*ledger->entries())[0].run, "r2");
}

TEST_F(LedgerTest, ASecondAttemptOverOtherFactsIsRefused) {
  auto ledger = open();
  ASSERT_EQ(id(ledger->debit(debit())), "");
  const auto refused = [&](auto change) {
    LedgerDebit changed = debit("a", "r2");
    change(changed);
    EXPECT_EQ(id(ledger->check(changed)), "S1401.changed");
    EXPECT_EQ(id(ledger->debit(changed)), "S1401.changed");
  };
  refused([](LedgerDebit& d) { d.sources[0].commitment[0] ^= 1; });
  refused([](LedgerDebit& d) { d.sources.pop_back(); });
  refused([](LedgerDebit& d) { d.outputs.pop_back(); });
  refused([](LedgerDebit& d) { d.policy_hash[0] ^= 1; });
  EXPECT_EQ(ledger->entries()->size(), 2u);
}

TEST_F(LedgerTest, AnotherStudyOverAUsedDatasetIsRefused) {
  auto ledger = open();
  ASSERT_EQ(id(ledger->debit(debit("a"))), "");
  LedgerDebit other = debit("b", "r2");
  EXPECT_EQ(id(ledger->debit(other)), "S1402.dataset");
  // Another edition, version, relation or table name of one file is the same dataset.
  other.sources = {{"00000099000000003001", "bij/2027#verblijf", "zorg", "2027-04-01", crypto::sha256("t9")}};
  EXPECT_EQ(id(ledger->check(other)), "S1402.dataset");
  const Error error = ledger->check(other).error();
  EXPECT_EQ(error.exit, Exit::kNotAllowed);
  EXPECT_EQ(error.args,
            (std::vector<std::string>{"00000099000000003001", "bij",
                                      crypto::to_hex(crypto::sha256("a")).substr(0, 4), "2027-01-15"}));
  other.sources[0].owner = "00000099000000003002";
  EXPECT_EQ(id(ledger->check(other)), "");
  other.sources[0] = {"00000099000000003001", "ddas-shv/1.0#traject-client", "s", "v", crypto::sha256("t9")};
  EXPECT_EQ(id(ledger->debit(other)), "");
  EXPECT_EQ(ledger->entries()->size(), 4u);
}

// All or nothing.
TEST_F(LedgerTest, ARefusedDebitLeavesNothing) {
  auto ledger = open();
  LedgerDebit none = debit();
  none.outputs.clear();
  EXPECT_EQ(id(ledger->debit(none)), "S1403.outputs");
  LedgerDebit twice = debit();
  twice.outputs.push_back(twice.outputs[0]);
  EXPECT_EQ(id(ledger->debit(twice)), "S1403.outputs");
  EXPECT_TRUE(ledger->entries()->empty());
}

TEST_F(LedgerTest, AttemptsAreCountedFromTheirBeginning) {
  auto ledger = open();
  const crypto::Digest study = crypto::sha256("a");
  ASSERT_EQ(id(ledger->begin_attempt(study, "r1", 2, 1)), "");
  EXPECT_EQ(id(ledger->begin_attempt(study, "r2", 2, 2)), "S1215.running");
  EXPECT_EQ(ledger->attempts(study)->begun, 1);
  ASSERT_EQ(id(ledger->end_attempt("r1", AttemptOutcome::kFailed, 3)), "");
  EXPECT_EQ(id(ledger->end_attempt("r1", AttemptOutcome::kReleased, 3)), "S1403.unknown");
  EXPECT_EQ(ledger->attempts(study)->history, RunHistory::kFailed);
  ASSERT_EQ(id(ledger->begin_attempt(study, "r2", 2, 4)), "");
  ASSERT_EQ(id(ledger->fail_open_attempts(5)), "");  // the node restarted
  EXPECT_EQ(id(ledger->begin_attempt(study, "r3", 2, 6)), "S1215.attempts");
  EXPECT_EQ(id(ledger->begin_attempt(crypto::sha256("b"), "r2", 2, 6)), "S1053.conflict");
  ASSERT_EQ(id(ledger->begin_attempt(crypto::sha256("b"), "r4", 3, 6)), "");
  ASSERT_EQ(id(ledger->end_attempt("r4", AttemptOutcome::kReleased, 7)), "");
  EXPECT_EQ(id(ledger->begin_attempt(crypto::sha256("b"), "r5", 3, 8)),
            "S1215.attempts");  // only after a failure
  EXPECT_EQ(ledger->attempts(crypto::sha256("b"))->history, RunHistory::kReleased);
}

// Rows cannot be deleted through SQL, whatever a later version of this code does.
TEST_F(LedgerTest, RowsStay) {
  ASSERT_EQ(id(open()->debit(debit())), "");
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &handle), SQLITE_OK);
  EXPECT_NE(sqlite3_exec(handle, "DELETE FROM entry", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_NE(sqlite3_exec(handle, "DELETE FROM source", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_NE(sqlite3_exec(handle,
                         "INSERT INTO entry SELECT randomblob(31), study, run, output, recipient, own_row, "
                         "predicate, policy, sealed_counts, debited, opened FROM entry",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(handle);
  EXPECT_EQ(open()->entries()->size(), 2u);
}

// A child debits study after study and acknowledges each through a pipe until it is killed at a random
// moment: every acknowledged debit is there, and each one is whole.
TEST_F(LedgerTest, AnAcknowledgedDebitSurvivesKill) {
  open();
  std::mt19937 random(3);
  int base = 0, acknowledged_in_all = 0;
  for (int round = 0; round < 6; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto ledger = Ledger::open(path_);
      for (int i = base; ledger.ok(); ++i) {
        LedgerDebit one = debit("s" + std::to_string(i), "r" + std::to_string(i));
        for (LedgerSource& source : one.sources) source.owner = std::to_string(i);
        if (!(*ledger)->debit(one).ok() || write(pipe_ends[1], "x", 1) != 1) break;
      }
      _exit(1);
    }
    close(pipe_ends[1]);
    char byte = 0;
    ASSERT_EQ(read(pipe_ends[0], &byte, 1), 1);
    int acknowledged = 1;
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
    ASSERT_EQ(kill(child, SIGKILL), 0);
    while (read(pipe_ends[0], &byte, 1) == 1) ++acknowledged;
    close(pipe_ends[0]);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    auto ledger = open();
    for (int i = base; i < base + acknowledged; ++i)
      EXPECT_EQ(ledger->entries(crypto::sha256("s" + std::to_string(i)))->size(), 2u) << i;
    const size_t unacknowledged =
        ledger->entries(crypto::sha256("s" + std::to_string(base + acknowledged)))->size();
    EXPECT_TRUE(unacknowledged == 0 || unacknowledged == 2);
    base += acknowledged + 1;
    acknowledged_in_all += acknowledged;
  }
  EXPECT_GT(acknowledged_in_all, 6);
}

TEST_F(LedgerTest, AnotherVersionOfTheFileIsRefused) {
  open();
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &handle), SQLITE_OK);
  sqlite3_exec(handle, "PRAGMA user_version=7", nullptr, nullptr, nullptr);
  sqlite3_close(handle);
  EXPECT_EQ(Ledger::open(path_).error().id, "S1053.version");
}

}  // namespace
}  // namespace sluis::governance
