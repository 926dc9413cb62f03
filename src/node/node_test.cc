#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/bytes.h"
#include "crypto/random.h"
#include "node/catalogue.h"
#include "node/config.h"
#include "node/job_facts.h"
#include "node/share_store.h"
#include "node/supervisor.h"

namespace sluis::node {
namespace {

namespace fs = std::filesystem;
using relation::Type;

class Directory : public testing::Test {
 protected:
  Directory() {
    std::string form = (fs::temp_directory_path() / "sluis-node-XXXXXX").string();
    CHECK(::mkdtemp(form.data()) != nullptr);
    root_ = form;
  }
  ~Directory() override { fs::remove_all(root_); }
  std::string path(const std::string& name) const { return root_ + "/" + name; }
  std::string root_;
};

// An upload and its three bodies.
struct Delivery {
  wire::TableUpload upload;
  sharing::Split split;
  Bytes body(int party) const { return wire::party_body(split, party); }
};

Delivery delivery(const std::string& version = "1", uint64_t rows = 128) {
  Delivery out;
  wire::TableUpload& upload = out.upload;
  upload.study = std::string(64, 'a');
  upload.table = "schuldhulp";
  upload.profile = "ddas-shv/1.0#traject-client";
  upload.version = version;
  upload.owner = "00000099000000002001";
  upload.rows = rows;
  upload.columns = {{"ouder", Type::bsn(), true}};
  upload.upload_id = to_hex(crypto::random_array<16>());
  relation::Table table = relation::Table::empty({"t", upload.columns, {}});
  for (int64_t r = 0; r < 50; ++r, ++table.rows) table.columns[0].push(900'000'000 + r);
  out.split = sharing::split(wire::encode_table(table, rows));
  wire::commit_to(upload, out.split);
  return out;
}

class Store : public Directory {
 protected:
  ShareStore open(int party = 1, bool clean = true) {
    Result<ShareStore> store =
        ShareStore::open(path("shares"), party, SecretBytes::copy_of(Bytes(crypto::kSealKeyBytes, 7)), clean);
    CHECK(store.ok());
    return std::move(*store);
  }
  static std::string put(ShareStore& store, const wire::TableUpload& upload, const Bytes& body,
                         size_t piece = 1000) {
    auto incoming = store.begin(upload);
    if (!incoming) return incoming.error().id;
    for (size_t at = 0; at < body.size(); at += piece) {
      const Status written =
          (*incoming)->write(ByteSpan(body).subspan(at, std::min(piece, body.size() - at)));
      if (!written) return written.error().id;
    }
    const Status done = (*incoming)->finish();
    return done ? "" : done.error().id;
  }
  size_t entries() const {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator(path("shares")), fs::directory_iterator()));
  }
  std::string share_file(const Delivery& d) const {
    return path("shares/" + crypto::to_hex(d.upload.commitment()) + "/share.sealed");
  }
};

bool same(const sharing::Bits& a, const sharing::Bits& b) { return std::ranges::equal(a.words(), b.words()); }

TEST_F(Store, EveryPartyReadsWhatItWasSent) {
  const Delivery d = delivery();
  for (int party = 0; party < 3; ++party) {
    fs::remove_all(path("shares"));
    ShareStore store = open(party);
    for (const size_t piece : {size_t{1}, size_t{7}, size_t{100'000}}) {
      EXPECT_EQ(put(store, d.upload, d.body(party), piece), "");
      const Result<sharing::SharedBits> back = store.load(d.upload);
      ASSERT_TRUE(back.ok());
      const sharing::SharedBits expected = sharing::party_share(d.split, party);
      EXPECT_TRUE(same(back->own, expected.own) && same(back->next, expected.next)) << party;
      ASSERT_TRUE(store.erase(d.upload.commitment()).ok());
    }
  }
}

TEST_F(Store, AnInterruptedDeliveryLeavesNothing) {
  ShareStore store = open();
  const Delivery d = delivery();
  {
    auto incoming = store.begin(d.upload);
    ASSERT_TRUE(incoming.ok());
    ASSERT_TRUE((*incoming)->write(ByteSpan(d.body(1)).first(100)).ok());
    EXPECT_FALSE(store.has(d.upload.commitment()));
  }
  EXPECT_EQ(entries(), 0u);
  EXPECT_EQ(store.load(d.upload).error().id, "S1052.missing");
  EXPECT_EQ(put(store, d.upload, d.body(1)), "");
}

TEST_F(Store, WhatACrashLeftIsClearedByTheDaemonOnly) {
  ShareStore store = open();
  const Delivery d = delivery();
  auto incoming = store.begin(d.upload);
  ASSERT_TRUE(incoming.ok());
  // As after a kill: its destructor runs only at the end of this test.
  fs::create_directories(path("shares/" + std::string(64, '1')));  // half erased: the key is gone
  std::ofstream(path("shares/" + std::string(64, '1') + "/share.sealed")) << "rest";
  EXPECT_EQ(entries(), 2u);
  (void)open(1, false);
  EXPECT_EQ(entries(), 2u);
  (void)open(1, true);
  EXPECT_EQ(entries(), 0u);
}

TEST_F(Store, WrongLengthOrDigestIsRefusedAndLeavesNothing) {
  for (int party = 0; party < 3; ++party) {
    fs::remove_all(path("shares"));
    ShareStore store = open(party);
    const Delivery d = delivery();
    Bytes body = d.body(party);
    body.pop_back();
    EXPECT_EQ(put(store, d.upload, body), "S1052.length");
    body = d.body(party);
    body.push_back(0);
    EXPECT_EQ(put(store, d.upload, body), "S1052.length");
    EXPECT_EQ(put(store, d.upload, {}), "S1052.length");
    // In either part: x_2 or a seed.
    for (const size_t at : {size_t{0}, size_t{20}, body.size() / 2, d.body(party).size() - 1}) {
      body = d.body(party);
      body[at] ^= 1;
      EXPECT_EQ(put(store, d.upload, body), "S1052.digest") << party << " " << at;
    }
    EXPECT_EQ(entries(), 0u);
  }
}

TEST_F(Store, ASecondCopyOfOneDeliveryIsRefused) {
  ShareStore store = open();
  const Delivery d = delivery();
  EXPECT_EQ(put(store, d.upload, d.body(1)), "");
  EXPECT_EQ(put(store, d.upload, d.body(1)), "S1052.exists");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Store, AFlippedByteAnywhereOnDiskIsDetected) {
  ShareStore store = open();
  const Delivery d = delivery();
  ASSERT_EQ(put(store, d.upload, d.body(1)), "");
  for (const char* name : {"share.sealed", "key.sealed"}) {
    const std::string file = fs::path(share_file(d)).parent_path() / name;
    const std::string before = *read_file(file, 1 << 20);
    for (size_t at = 0; at < before.size(); at += 37) {
      std::string after = before;
      after[at] = static_cast<char>(after[at] ^ 4);
      std::ofstream(file, std::ios::binary) << after;
      EXPECT_FALSE(store.load(d.upload).ok()) << name << " " << at;
    }
    std::ofstream(file, std::ios::binary) << before.substr(0, before.size() - 1);
    EXPECT_FALSE(store.load(d.upload).ok()) << name << " cut";
    std::ofstream(file, std::ios::binary) << before + "x";
    EXPECT_FALSE(store.load(d.upload).ok()) << name << " longer";
    std::ofstream(file, std::ios::binary) << before;
  }
  EXPECT_TRUE(store.load(d.upload).ok());
}

TEST_F(Store, AMovedFileOrAnotherKeyDoesNotOpen) {
  ShareStore store = open();
  const Delivery a = delivery("1");
  const Delivery b = delivery("2");
  ASSERT_EQ(put(store, a.upload, a.body(1)), "");
  ASSERT_EQ(put(store, b.upload, b.body(1)), "");
  fs::copy_file(share_file(a), share_file(b), fs::copy_options::overwrite_existing);
  EXPECT_FALSE(store.load(b.upload).ok());
  const fs::path from = fs::path(share_file(a)).parent_path();
  const fs::path to = fs::path(share_file(b)).parent_path();
  fs::copy_file(from / "key.sealed", to / "key.sealed", fs::copy_options::overwrite_existing);
  EXPECT_FALSE(store.load(b.upload).ok());  // key and share moved together
  Result<ShareStore> other =
      ShareStore::open(path("shares"), 1, SecretBytes::copy_of(Bytes(crypto::kSealKeyBytes, 8)), false);
  ASSERT_TRUE(other.ok());
  EXPECT_FALSE(other->load(a.upload).ok());
  EXPECT_TRUE(store.load(a.upload).ok());
}

TEST_F(Store, EraseDestroysAlsoWhatABackupKept) {
  ShareStore store = open();
  const Delivery d = delivery();
  ASSERT_EQ(put(store, d.upload, d.body(1)), "");
  const std::string backup = path("backup");
  fs::copy(fs::path(share_file(d)).parent_path(), backup);
  ASSERT_TRUE(store.erase(d.upload.commitment()).ok());
  EXPECT_FALSE(store.has(d.upload.commitment()));
  EXPECT_EQ(entries(), 0u);
  EXPECT_TRUE(store.erase(d.upload.commitment()).ok());  // nothing there: no error
  // A backup of the share alone, without its key, does not help.
  fs::create_directories(fs::path(share_file(d)).parent_path());
  fs::copy_file(backup + "/share.sealed", share_file(d));
  EXPECT_EQ(store.load(d.upload).error().id, "S1052.missing");
}

TEST_F(Store, FilesAreTheNodesOwn) {
  ShareStore store = open();
  const Delivery d = delivery();
  ASSERT_EQ(put(store, d.upload, d.body(1)), "");
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path("shares"))) {
    struct stat facts{};
    ASSERT_EQ(::stat(entry.path().c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0077, 0u) << entry.path();
  }
}

TEST_F(Store, SmallSecretsAreBoundToTheirNameAndSize) {
  ShareStore store = open();
  const Bytes secret(40, 9);
  ASSERT_TRUE(store.seal_small(path("one.sealed"), secret).ok());
  EXPECT_TRUE(std::ranges::equal(store.unseal_small(path("one.sealed"), 40)->span(), secret));
  EXPECT_EQ(store.unseal_small(path("one.sealed"), 39).error().id, "S1052.length");
  fs::rename(path("one.sealed"), path("two.sealed"));
  EXPECT_FALSE(store.unseal_small(path("two.sealed"), 40).ok());
  EXPECT_FALSE(store.unseal_small(path("none.sealed"), 40).ok());
}

constexpr const char* kConfig = R"(format = "sluis-node/1"
name = "knooppunt-a"
party = 0
listen = "127.0.0.1:7001"
peer_listen = "[::1]:7002"
data = "data"
registry = "network/registry.toml"
certificates = "network/certificates"
tls_key = "tls.key"
tls_certificate = "tls.pem"
receipt_key = "receipt.key"
storage_key = "storage.key"
)";

TEST(Config, ReadsRelativePathsFromItsOwnFolder) {
  const ConfigParse parsed = parse_config(kConfig, "/etc/sluis/node.toml");
  ASSERT_TRUE(parsed.config.has_value());
  EXPECT_EQ(parsed.config->data, "/etc/sluis/data");
  EXPECT_EQ(parsed.config->peer_listen.host, "::1");
  EXPECT_EQ(parsed.config->listen.port, 7001);
  EXPECT_EQ(parsed.config->deadline_s, 30);
}

TEST(Config, EveryKeyIsNeededAndNoOtherIsTaken) {
  std::istringstream lines(kConfig);
  size_t keys = 0;
  for (std::string line; std::getline(lines, line); ++keys) {
    std::string text = kConfig;
    text.erase(text.find(line), line.size() + 1);
    const ConfigParse parsed = parse_config(text, "node.toml");
    EXPECT_FALSE(parsed.config.has_value()) << line;
    ASSERT_FALSE(parsed.errors.empty()) << line;
    EXPECT_TRUE(parsed.errors.front().id.starts_with("S1004")) << line << " " << parsed.errors.front().id;
  }
  EXPECT_EQ(keys, 12u);
  for (const char* more :
       {"skip_approval = true", "debug = 1", "max_connections = 0", "max_connections = 5000",
        "deadline_s = 0", "deadline_s = 99999", "deadline_s = \"30\"", "[section]\na = 1"})
    EXPECT_FALSE(parse_config(kConfig + std::string(more) + "\n", "node.toml").config.has_value()) << more;
  EXPECT_FALSE(parse_config("", "node.toml").config.has_value());
  EXPECT_FALSE(parse_config("\xff\xfe", "node.toml").config.has_value());
  EXPECT_EQ(parse_config("format = \"sluis-node/2\"\nparty = 3\n", "node.toml").errors.size() > 5,
            true);  // all at once
}

TEST(Config, Addresses) {
  for (const char* wrong : {"", ":", ":80", "host", "host:", "host:x", "host:70000", "host:-1", "host:80x"})
    EXPECT_EQ(parse_endpoint(wrong).ok(), false) << wrong;
  EXPECT_TRUE(parse_endpoint("a:0").ok());
}

class Catalogues : public Directory {
 protected:
  Catalogues() { reopen(); }
  void reopen() {
    catalogue_.reset();
    auto opened = Catalogue::open(path("catalogue.sqlite"));
    CHECK(opened.ok());
    catalogue_ = std::move(*opened);
  }
  std::unique_ptr<Catalogue> catalogue_;
};

TEST_F(Catalogues, KeepsStudiesAndDecisionsByteForByte) {
  const std::string bytes("a\0b\xff\n", 5);
  ASSERT_TRUE(catalogue_->put_study("s1", bytes, "me", 5).ok());
  ASSERT_TRUE(catalogue_->put_study("s1", "other", "you", 6).ok());  // the first stays
  ASSERT_TRUE(catalogue_->put_decision("s1", "h1", {bytes, bytes, 7}).ok());
  ASSERT_TRUE(catalogue_->put_decision("s1", "h1", {"x", "y", 8}).ok());
  reopen();
  EXPECT_EQ(**catalogue_->study("s1"), bytes);
  EXPECT_FALSE(catalogue_->study("s2")->has_value());
  const auto decisions = catalogue_->decisions("s1");
  ASSERT_EQ(decisions->size(), 1u);
  EXPECT_EQ((*decisions)[0].bytes, bytes);
  EXPECT_EQ((*decisions)[0].received, 7);
  EXPECT_EQ(catalogue_->studies()->size(), 1u);
}

TEST_F(Catalogues, OneTablePerOwnerAndVersionUntilItIsWithdrawn) {
  const Delivery first = delivery("1");
  const Delivery again = delivery("1");
  ASSERT_TRUE(catalogue_->put_table(first.upload, 1).ok());
  EXPECT_EQ(catalogue_->put_table(again.upload, 2).error().id, "S1052.exists");
  ASSERT_TRUE(catalogue_->put_table(delivery("2").upload, 3).ok());
  wire::TableUpload other_owner = again.upload;
  other_owner.owner = "00000099000000002002";
  ASSERT_TRUE(catalogue_->put_table(other_owner, 3).ok());
  ASSERT_TRUE(catalogue_->remove_table(crypto::to_hex(first.upload.commitment()), 4).ok());
  EXPECT_EQ(catalogue_->removed_tables(first.upload.study)->size(), 1u);
  EXPECT_TRUE(catalogue_->put_table(again.upload, 5).ok());
  EXPECT_EQ(catalogue_->tables(first.upload.study)->size(), 3u);
  EXPECT_EQ(catalogue_->tables(std::string(64, 'f'))->size(), 0u);
}

TEST_F(Catalogues, RunsAreKeptInEveryState) {
  for (int i = 0; i <= static_cast<int>(RunState::kFailed); ++i) {
    RunRow row;
    row.id = std::string(31, '0') + static_cast<char>('a' + i);
    row.study = "s";
    row.state = static_cast<RunState>(i);
    row.started = i;
    ASSERT_TRUE(catalogue_->add_run(row).ok());
    EXPECT_EQ(catalogue_->add_run(row).ok(), false);
    row.step = "step";
    row.bytes_done = 12;
    row.ended = 99;
    ASSERT_TRUE(catalogue_->update_run(row).ok());
    const auto back = catalogue_->run(row.id);
    ASSERT_TRUE(back.ok() && back->has_value());
    EXPECT_EQ((*back)->state, row.state);
    EXPECT_EQ((*back)->step, "step");
    EXPECT_EQ((*back)->ended, 99);
    EXPECT_EQ(run_state_of(run_state_name(row.state)), row.state);
  }
  EXPECT_FALSE(catalogue_->run("none")->has_value());
  EXPECT_FALSE(run_state_of("no state").has_value());
}

JobFacts facts() {
  JobFacts out;
  out.run = std::string(32, '1');
  out.study = std::string(64, '2');
  out.requester = "00000099000000001000";
  out.participants = {"00000099000000002001", "00000099000000002002"};
  out.tables = {delivery("1").upload, delivery("2").upload};
  out.policy_hash = std::string(64, '3');
  out.registry_hash = std::string(64, '4');
  out.engine = "1.0";
  return out;
}

TEST(JobFacts, ReadsWhatItWrote) {
  const JobFacts before = facts();
  const Result<JobFacts> after = parse_job_facts(before.to_text());
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(after->to_text(), before.to_text());
  EXPECT_EQ(after->hash(), before.hash());
}

TEST(JobFacts, HashDependsOnEveryFact) {
  const JobFacts base = facts();
  const auto differs = [&](auto change) {
    JobFacts other = base;
    change(other);
    return other.hash() != base.hash();
  };
  EXPECT_TRUE(differs([](JobFacts& f) { f.run[0] = '2'; }));
  EXPECT_TRUE(differs([](JobFacts& f) { f.study[0] = '3'; }));
  EXPECT_TRUE(differs([](JobFacts& f) { f.requester[0] = '1'; }));
  EXPECT_TRUE(differs([](JobFacts& f) { f.participants.pop_back(); }));
  EXPECT_TRUE(differs([](JobFacts& f) { f.tables[0].upload_id[0] ^= 1; }));
  EXPECT_TRUE(differs([](JobFacts& f) { std::swap(f.tables[0], f.tables[1]); }));
  EXPECT_TRUE(differs([](JobFacts& f) { f.policy_hash[0] = '0'; }));
  EXPECT_TRUE(differs([](JobFacts& f) { f.registry_hash[0] = '0'; }));
  EXPECT_TRUE(differs([](JobFacts& f) { f.engine = "1.1"; }));
  EXPECT_TRUE(differs([](JobFacts& f) { f.network = mpc::Network::kWan; }));
}

TEST(JobFacts, DamagedTextIsAnError) {
  const std::string text = facts().to_text();
  for (size_t n = 0; n < text.size(); n += 13) EXPECT_FALSE(parse_job_facts(text.substr(0, n)).ok()) << n;
  EXPECT_FALSE(parse_job_facts("{\"more\":1," + text.substr(1)).ok());
  EXPECT_FALSE(parse_job_facts("[]").ok());
}

class Runs : public Catalogues {
 protected:
  RunRow begun(const std::string& id) {
    RunRow row;
    row.id = id;
    row.study = "s";
    row.started = 1;
    CHECK(catalogue_->add_run(row).ok());
    return row;
  }
};

TEST_F(Runs, AProcessThatEndsWithoutAResultHasFailed) {
  const std::string id(32, 'a');
  RunRow ended;
  {
    Supervisor supervisor(*catalogue_, [&](const RunRow& row) { ended = row; });
    ASSERT_TRUE(supervisor.start({"/bin/true", "none", id}, begun(id), 60).ok());
    for (int i = 0; i < 500 && supervisor.busy(); ++i) ::usleep(10'000);
  }
  EXPECT_EQ(ended.state, RunState::kFailed);  // exit code 0 is not enough
  EXPECT_EQ(ended.error_id, "S1305.crash");
  EXPECT_GT(ended.ended, 0);
}

TEST_F(Runs, OneAtATimeAndOverAtItsLimitOrWhenCancelled) {
  // `sleep` gets arguments that it does not know: a script that ignores them stands in for a job that hangs.
  const std::string script = path("hang.sh");
  std::ofstream(script) << "#!/bin/sh\nexec sleep 60\n";
  fs::permissions(script, fs::perms::owner_all);
  std::map<std::string, RunRow> ended;
  std::mutex mutex;
  {
    Supervisor supervisor(*catalogue_, [&](const RunRow& row) {
      const std::lock_guard lock(mutex);
      ended[row.id] = row;
    });
    const std::string a(32, 'a'), b(32, 'b'), c(32, 'c');
    ASSERT_TRUE(supervisor.start({script, "none", a}, begun(a), 1).ok());
    EXPECT_EQ(supervisor.start({script, "none", b}, begun(b), 1).error().id, "S1305.busy");
    EXPECT_FALSE(supervisor.cancel(b, RunState::kCancelledByUser));
    for (int i = 0; i < 500 && supervisor.busy(); ++i) ::usleep(10'000);
    ASSERT_TRUE(supervisor.start({script, "none", c}, begun(c), 60).ok());
    EXPECT_TRUE(supervisor.cancel(c, RunState::kCancelledByOwner));
    for (int i = 0; i < 500 && supervisor.busy(); ++i) ::usleep(10'000);
    EXPECT_FALSE(supervisor.busy());
  }
  EXPECT_EQ(ended[std::string(32, 'a')].state, RunState::kOverLimit);
  EXPECT_EQ(ended[std::string(32, 'c')].state, RunState::kCancelledByOwner);
}

}  // namespace
}  // namespace sluis::node
