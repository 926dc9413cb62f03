// Callers and peers that do not play by the rules.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <random>
#include <thread>

#include "base/bytes.h"
#include "client/share.h"
#include "crypto/random.h"
#include "governance/study.h"
#include "net/preamble.h"
#include "net/tls_connection.h"
#include "peers.h"
#include "wire/table_upload.h"

namespace sluis::three_process {
namespace {

using demo::Output;
using Fields = std::vector<std::pair<std::string, std::string>>;

Bytes noise(size_t n, uint64_t seed) {
  std::mt19937_64 random(seed);
  Bytes bytes(n);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

Bytes bytes_of(std::string_view text) {
  const ByteSpan view = as_bytes(text);
  return Bytes(view.begin(), view.end());
}

// The first bytes of a TLS handshake record, then nothing.
Bytes half_hello() { return {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, 0x42}; }

Bytes frame(uint32_t magic, uint32_t header_bytes, uint64_t body_bytes, std::string_view text) {
  ByteWriter writer;
  writer.u32(magic);
  writer.u32(header_bytes);
  writer.u64(body_bytes);
  writer.bytes(as_bytes(text));
  return Bytes(writer.view().begin(), writer.view().end());
}

constexpr uint32_t kMagic = 0x31514C53;

class Hostile : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = new World({.seed = 17, .families = 400, .max_runs = 9});
    const Output submitted = world_->sluis(kApplicant, {"study", "submit", world_->study});
    ASSERT_EQ(submitted.code, 0) << submitted.error;
  }
  static void TearDownTestSuite() {
    delete world_;
    world_ = nullptr;
  }
  void TearDown() override {
    for (int party = 0; party < 3; ++party)
      EXPECT_EQ(ask(caller(*world_, kApplicant), party, "hello"), "") << "node " << party << " is gone";
  }
  static inline World* world_ = nullptr;
};

TEST_F(Hostile, GarbageAtEitherPort) {
  const std::vector<Bytes> garbage = {noise(100'000, 1),
                                      bytes_of("GET / HTTP/1.1\r\n\r\n"),
                                      half_hello(),
                                      Bytes(64, 0),
                                      Bytes(4096, 0xff),
                                      bytes_of("SLUISJB1"),
                                      {}};
  for (int party = 0; party < 3; ++party) {
    std::vector<net::Fd> open;
    for (const char* key : {"listen", "peer_listen"})
      for (const Bytes& bytes : garbage) {
        open.push_back(raw_connection(port_of(*world_, party, key)));
        send_raw(open.back(), bytes);
      }
  }
}

TEST_F(Hostile, AFloodAtThePeerPortLeavesTheOwnerPortOpen) {
  std::vector<net::Fd> open;
  for (int i = 0; i < 200; ++i) open.push_back(raw_connection(port_of(*world_, 1, "peer_listen")));
  EXPECT_EQ(ask(caller(*world_, kApplicant), 1, "hello"), "");
  // Preambles of runs that nobody asked for are kept in a bounded number.
  for (int i = 0; i < 100; ++i) {
    net::Preamble preamble{};
    preamble.run[0] = static_cast<uint8_t>(i);
    (void)net::write_preamble(open[static_cast<size_t>(i)].get(), preamble, net::deadline_in(1'000));
  }
}

TEST_F(Hostile, AFloodAtTheOwnerPortPassesBy) {
  {
    std::vector<net::Fd> open;
    for (int i = 0; i < 200; ++i) open.push_back(raw_connection(port_of(*world_, 2, "listen")));
  }
  const Caller who = caller(*world_, kApplicant);
  std::string answer = "none";
  for (int i = 0; i < 100 && !answer.empty(); ++i) {
    answer = ask(who, 2, "hello");
    if (!answer.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_EQ(answer, "");
}

TEST_F(Hostile, FramesOfAnEnrolledCallerThatLie) {
  const Caller who = caller(*world_, kDemostad);
  auto context = net::TlsContext::create(who.identity.tls, who.network.certificates, net::kAlpnNode);
  ASSERT_TRUE(context.ok());
  const std::string hello = R"({"op":"hello","v":1})";
  const auto size = static_cast<uint32_t>(hello.size());
  const std::vector<Bytes> frames = {noise(5'000, 3),
                                     frame(kMagic, 0xffffffff, 0, hello),
                                     frame(kMagic, size, ~uint64_t{0}, hello),
                                     frame(kMagic, size, uint64_t{1} << 39, hello),
                                     frame(kMagic + 1, size, 0, hello),
                                     frame(kMagic, size + 1000, 0, hello),
                                     frame(kMagic, 0, 0, ""),
                                     frame(kMagic, 4, 0, "\xff\xfe\x00\x01"),
                                     frame(kMagic, 60'000, 0, std::string(60'000, '[')),
                                     frame(kMagic, size, 0, hello).size() > 10 ? Bytes(10, 0x53) : Bytes()};
  for (const Bytes& bytes : frames) {
    net::Fd fd = raw_connection(port_of(*world_, 0, "listen"));
    auto tls = net::TlsConnection::connect(**context, std::move(fd), who.network.registry.nodes[0].tls_spki,
                                           net::deadline_in(5'000));
    ASSERT_TRUE(tls.ok());
    (void)(*tls)->write(bytes, net::deadline_in(2'000));
    (void)(*tls)->flush(net::deadline_in(2'000));
  }
}

TEST_F(Hostile, RequestsThatAreNoRequests) {
  const Caller who = caller(*world_, kDemostad);
  EXPECT_EQ(ask(who, 0, "no.such.thing"), "S1050.request");
  EXPECT_EQ(ask(who, 0, std::string(40, 'x')), "S1050.request");
  EXPECT_EQ(ask(who, 0, "hello", {{"more", "x"}}), "S1050.request");
  EXPECT_EQ(ask(who, 0, "run.status", {{"run", "x"}, {"study", "y"}}), "S1050.request");
  EXPECT_EQ(ask(who, 0, "run.status"), "S1004.missing");
  EXPECT_EQ(ask(who, 0, "run.status", {{"run", "../../../../etc/passwd"}}), "S1307.run");
  EXPECT_EQ(ask(who, 0, "run.start", {{"study", std::string(64, '0')}, {"run", "../../x"}}), "S1050.request");
  EXPECT_EQ(ask(who, 0, "table.withdraw", {{"commitment", "../.."}}), "S1511.table");
  EXPECT_EQ(ask(who, 0, "table.put", {{"table", "{}"}}), "S1004.missing");
  EXPECT_EQ(ask(who, 0, "table.put", {{"table", std::string(40'000, '[')}}), "S1005.long");
  EXPECT_EQ(ask(who, 0, "study.put", {}, bytes_of(std::string(1000, '['))), "S1007.syntax");
}

// A table as the shipped client makes it, to be spoilt.
struct Made {
  client::PreparedTable table;
  sharing::Split split;
  std::string facts() const { return wire::to_json(table.upload); }
};

Made made(const World& world, const demo::Delivery& delivery, const std::string& version) {
  const Result<std::string> bytes = read_file(world.study, 1 << 20);
  static governance::StudyParse study;
  study = governance::parse_study(*bytes, "study.toml");
  CHECK(study.study.has_value());
  client::ShareRequest request{&*study.study, delivery.table, version, delivery.file, delivery.mapping, ""};
  Result<client::PreparedTable> table = client::prepare_table(request, delivery.oin);
  CHECK(table.ok());
  Made out{std::move(*table), {}};
  out.split = sharing::split(wire::encode_table(out.table.rows, out.table.upload.rows));
  wire::commit_to(out.table.upload, out.split);
  return out;
}

TEST_F(Hostile, TablesThatAreNotTheCallersOrNotTheStudys) {
  const demo::Delivery& delivery = world_->deliveries.front();
  const Caller owner = caller(*world_, delivery.oin);
  const Made good = made(*world_, delivery, "t1");
  const auto put = [&](const Caller& who, const wire::TableUpload& upload, const Bytes& body, int party = 1) {
    return ask(who, party, "table.put", {{"table", wire::to_json(upload)}}, body);
  };
  const Bytes body = wire::party_body(good.split, 1);
  const wire::TableUpload& upload = good.table.upload;
  EXPECT_EQ(put(caller(*world_, kVoorbeeldam), upload, body), "S1511.owner");
  EXPECT_EQ(put(caller(*world_, kApplicant), upload, body), "S1511.owner");

  Bytes short_body(body.begin(), body.end() - 1);
  EXPECT_EQ(put(owner, upload, short_body), "S1052.length");
  Bytes long_body = body;
  long_body.push_back(0);
  EXPECT_EQ(put(owner, upload, long_body), "S1052.length");
  EXPECT_EQ(put(owner, upload, body, 0), "S1052.length");  // another party's part
  Bytes flipped = body;
  flipped.back() ^= 1;
  EXPECT_EQ(put(owner, upload, flipped), "S1052.digest");

  wire::TableUpload wrong = upload;
  wrong.study = std::string(64, 'a');
  EXPECT_EQ(put(owner, wrong, body), "S1054.study");
  wrong = upload;
  wrong.columns.pop_back();
  EXPECT_EQ(put(owner, wrong, Bytes(wrong.body_bytes(1))), "S1055.columns");
  wrong = upload;
  wrong.columns.back().name = "naam";
  EXPECT_EQ(put(owner, wrong, body), "S1055.columns");
  wrong = upload;
  wrong.table = "jeugdhulp";  // of another kind of owner
  EXPECT_EQ(put(owner, wrong, body), "S1055.table");
  wrong = upload;
  wrong.profile = "brp-ouder-kind/9";
  EXPECT_EQ(put(owner, wrong, body), "S1055.table");

  // Nothing of all this stayed; the good one still goes in, once.
  EXPECT_EQ(put(owner, upload, body), "");
  EXPECT_EQ(put(owner, upload, body), "S1052.exists");
  wrong = upload;
  wrong.upload_id = std::string(32, 'b');
  EXPECT_EQ(put(owner, wrong, body), "S1052.exists");
  const std::string commitment = crypto::to_hex(upload.commitment());
  EXPECT_EQ(ask(caller(*world_, kVoorbeeldam), 1, "table.withdraw", {{"commitment", commitment}}),
            "S1511.table");
  EXPECT_EQ(ask(owner, 1, "table.withdraw", {{"commitment", commitment}}), "");
  EXPECT_EQ(ask(owner, 1, "table.withdraw", {{"commitment", commitment}}), "S1511.table");
}

TEST_F(Hostile, OfTwoDeliveriesOfOneTableAtTheSameTimeOneWins) {
  const demo::Delivery& delivery = world_->deliveries.front();
  const Caller owner = caller(*world_, delivery.oin);
  for (int round = 0; round < 3; ++round) {
    const std::string version = "c" + std::to_string(round);
    std::vector<Made> both;
    for (int i = 0; i < 4; ++i) both.push_back(made(*world_, delivery, version));
    std::vector<std::future<std::string>> answers;
    for (const Made& one : both)
      answers.push_back(std::async(std::launch::async, [&] {
        return ask(owner, 2, "table.put", {{"table", one.facts()}}, wire::party_body(one.split, 2));
      }));
    int accepted = 0;
    for (auto& answer : answers) {
      const std::string id = answer.get();
      accepted += id.empty() ? 1 : 0;
      if (!id.empty()) {
        EXPECT_EQ(id, "S1052.exists");
      }
    }
    EXPECT_EQ(accepted, 1);
  }
}

TEST_F(Hostile, DifferentOwnersDeliverAtTheSameTime) {
  std::vector<std::future<Output>> shares;
  for (const demo::Delivery& delivery : world_->deliveries) {
    if (shares.size() == 6) break;
    if (!delivery.mapping.empty()) continue;
    shares.push_back(std::async(std::launch::async, [&] {
      return world_->sluis(delivery.oin, {"data", "share", delivery.file, "--as", delivery.table, "--for",
                                          world_->study, "--version", "p"});
    }));
  }
  for (auto& share : shares) {
    const Output output = share.get();
    EXPECT_EQ(output.code, 0) << output.error;
  }
}

TEST_F(Hostile, WhoMayAskWhat) {
  const Result<std::string> bytes = read_file(world_->study, 1 << 20);
  const std::string sha = crypto::to_hex(crypto::sha256(*bytes));
  const Caller owner = caller(*world_, kDemostad);
  const Caller provider = caller(*world_, kProvider);
  const std::string run(32, 'a');
  // Only the applicant or a recipient starts; approval is missing for these.
  EXPECT_EQ(ask(owner, 0, "run.start", {{"study", sha}, {"run", run}}), "S1511.applicant");
  EXPECT_EQ(ask(provider, 0, "run.start", {{"study", sha}, {"run", run}}), "S1511.applicant");
  EXPECT_TRUE(
      ask(caller(*world_, kApplicant), 0, "run.start", {{"study", sha}, {"run", run}}).starts_with("S12"));
  // A study is submitted by its applicant, not by others.
  EXPECT_EQ(ask(owner, 0, "study.put", {}, as_bytes(*bytes)), "S1511.applicant");
  for (const char* op : {"run.status", "run.record", "run.cancel", "result.get"})
    EXPECT_EQ(ask(owner, 0, op, {{"run", run}}), "S1307.run") << op;
}

}  // namespace

// Somebody who holds every connection that the peer ports would keep: silent ones, and ones that name a run
// which does not exist. A run goes through all the same.
TEST(PeerPort, AFloodOfUnknownConnectionsStopsNoRun) {
  World world({.seed = 23, .families = 150});
  world.share_all();
  world.approve_all(world.study);
  std::atomic<bool> stop{false};
  std::atomic<int> opened{0};
  std::thread flood([&] {
    std::vector<net::Fd> open;
    while (!stop) {
      for (int party = 0; party < 3; ++party)
        for (int i = 0; i < 4; ++i) {
          open.push_back(raw_connection(port_of(world, party, "peer_listen")));
          net::Preamble preamble;
          preamble.run.fill(static_cast<uint8_t>(opened++));
          preamble.from_party = static_cast<uint8_t>((party + 1) % 3);
          if (i % 2 == 0) (void)net::write_preamble(open.back().get(), preamble, net::deadline_in(1'000));
        }
      if (open.size() > 400) open.erase(open.begin(), open.begin() + 100);
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  });
  while (opened < 300) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  std::string run;
  const Output done = world.start(world.study, run, true);
  stop = true;
  flood.join();
  EXPECT_EQ(done.code, 0) << done.error;
  for (int party = 0; party < 3; ++party) EXPECT_EQ(world.state_at(party, run), "released");
}

// A node's own certificate is enrolled, but its operator has no business at the owners' port of another.
TEST(Stranger, ACertificateThatIsNotEnrolledGetsNoConnection) {
  World world({.seed = 19, .families = 60});
  Caller who = caller(world, kDemostad);
  who.identity.tls = net::generate_identity("vreemdeling");
  const std::string id = ask(who, 0, "hello");
  EXPECT_FALSE(id.empty());
  EXPECT_EQ(ask(caller(world, kDemostad), 0, "hello"), "");
}

}  // namespace sluis::three_process
