#include "governance/receipt.h"

#include <gtest/gtest.h>

#include <functional>

#include "governance/result_bundle.h"
#include "governance/run_record.h"
#include "governance/world_for_test.h"
#include "text/text.h"

namespace sluis::governance {
namespace {

using test::replaced;

// A finished run: facts, three receipts, and shares for two outputs.
struct Finished {
  test::World world;
  ReceiptFacts facts;
  ResultBundle bundle;

  Finished() {
    facts.study = world.study.name;
    facts.study_id = world.study.id;
    facts.study_version = world.study.version;
    facts.run = std::string(32, '7');
    facts.registry = world.registry.hash;
    for (const InvitedOwner& owner : world.study.participation.invited)
      facts.participants.push_back(
          {owner.oin, crypto::sha256("d" + owner.oin), crypto::sha256("a" + owner.oin)});
    facts.tables.push_back({"schuldhulp", "2026-10-01", "00000099000000002001", crypto::sha256("t")});
    facts.policy = effective_policy(world.study, {});
    facts.engine = "1.0";
    facts.plan = crypto::sha256("plan");
    add_output("samen", false, "00000099000000001000");
    add_output("spiegel", true, "00000099000000002001");
    bundle.study = world.bytes;
    bundle.facts = facts_text(facts);
    for (int party = 0; party < 3; ++party) bundle.receipts.push_back(receipt(party));
  }
  void add_output(const std::string& name, bool own_row, const std::string& recipient) {
    ReceiptOutput output{name, own_row, recipient, crypto::sha256("entry" + name), {}};
    for (int party = 0; party < 3; ++party) {
      BundleShare share{name, recipient, party, Bytes(100, static_cast<uint8_t>(party + 1))};
      share.bytes[0] = static_cast<uint8_t>(name[0]);
      output.shares[static_cast<size_t>(party)] = crypto::sha256(ByteSpan(share.bytes));
      bundle.shares.push_back(share);
    }
    facts.outputs.push_back(output);
  }
  SignedReceipt receipt(int party) const {
    const NodeEntry& node = world.registry.nodes[static_cast<size_t>(party)];
    const Receipt out{crypto::sha256(bundle.facts),    node.name, party, node.operator_oin, "sluis 1.0.3",
                      test::at("2026-12-01T00:00:00Z")};
    const std::string bytes = receipt_text(out);
    return {bytes, sign_file(kReceiptKind, bytes, test::key_of(200, static_cast<uint8_t>(party)))};
  }
  std::string verdict() const {
    const auto verified = verify_bundle(bundle, world.registry);
    if (verified.ok()) return {};
    EXPECT_FALSE(text::describe(text::Language::kDutch, verified.error()).what.empty());
    return verified.error().id;
  }
};

TEST(Receipt, FactsRoundTrip) {
  const Finished finished;
  const auto parsed = parse_facts(finished.bundle.facts, "f");
  ASSERT_TRUE(parsed.ok()) << parsed.error().summary();
  EXPECT_EQ(*parsed, finished.facts);
  EXPECT_EQ(facts_text(*parsed), finished.bundle.facts);
  EXPECT_FALSE(parse_facts(replaced(finished.bundle.facts, "\"attempt\"", "\"poging\""), "f").ok());
  EXPECT_FALSE(
      parse_facts(replaced(finished.bundle.facts, "sluis-receipt-facts/1", "sluis-receipt/1"), "f").ok());
}

TEST(Receipt, ReceiptRoundTrips) {
  const Finished finished;
  const std::string bytes = finished.bundle.receipts[1].bytes;
  const auto parsed = parse_receipt(bytes, "r");
  ASSERT_TRUE(parsed.ok()) << parsed.error().summary();
  EXPECT_EQ(parsed->party, 1);
  EXPECT_EQ(receipt_text(*parsed), bytes);
  EXPECT_FALSE(parse_receipt(replaced(bytes, "\"party\": 1", "\"party\": 3"), "r").ok());
}

TEST(ResultBundle, VerifiesOffline) {
  const Finished finished;
  const auto parsed = parse_bundle(bundle_text(finished.bundle), "b");
  ASSERT_TRUE(parsed.ok()) << parsed.error().summary();
  EXPECT_EQ(parsed->shares, finished.bundle.shares);
  const auto verified = verify_bundle(*parsed, finished.world.registry);
  ASSERT_TRUE(verified.ok()) << verified.error().summary();
  EXPECT_EQ(verified->facts, finished.facts);
  ASSERT_EQ(verified->outputs.size(), 2u);
  EXPECT_EQ(verified->outputs[1].output.name, "spiegel");
  EXPECT_EQ(verified->outputs[1].shares[2], finished.bundle.shares[5].bytes);
}

TEST(ResultBundle, APartForOneRecipientVerifiesToo) {
  Finished finished;
  finished.bundle.shares.erase(finished.bundle.shares.begin(), finished.bundle.shares.begin() + 3);
  finished.bundle.study.clear();
  EXPECT_EQ(finished.verdict(), "");
}

TEST(ResultBundle, EveryAlterationIsFound) {
  const auto verdict = [](const std::function<void(Finished&)>& alter) {
    Finished finished;
    alter(finished);
    return finished.verdict();
  };
  EXPECT_EQ(verdict([](Finished&) {}), "");
  EXPECT_EQ(verdict([](Finished& f) { f.bundle.receipts.pop_back(); }), "S1303.receipts");
  EXPECT_EQ(verdict([](Finished& f) { f.bundle.receipts[2] = f.bundle.receipts[1]; }), "S1303.receipts");
  EXPECT_EQ(verdict([](Finished& f) { f.bundle.receipts[0].signature.value[3] ^= 1; }), "S1303.signature");
  EXPECT_EQ(verdict([](Finished& f) {
              f.bundle.receipts[0].bytes = replaced(f.bundle.receipts[0].bytes, "1.0.3", "1.0.4");
            }),
            "S1303.signature");
  EXPECT_EQ(verdict([](Finished& f) {  // signed by a key that is not this node's
              f.bundle.receipts[0].signature =
                  sign_file(kReceiptKind, f.bundle.receipts[0].bytes, test::key_of(200, 1));
            }),
            "S1303.signature");
  EXPECT_EQ(verdict([](Finished& f) {
              f.bundle.facts = replaced(f.bundle.facts, "\"attempt\": 1", "\"attempt\": 2");
            }),
            "S1303.facts");
  EXPECT_EQ(verdict([](Finished& f) {  // one node signs other facts than the two others
              ReceiptFacts other = f.facts;
              other.attempt = 2;
              Receipt receipt = *parse_receipt(f.bundle.receipts[2].bytes, "r");
              receipt.facts = crypto::sha256(facts_text(other));
              f.bundle.receipts[2].bytes = receipt_text(receipt);
              f.bundle.receipts[2].signature =
                  sign_file(kReceiptKind, f.bundle.receipts[2].bytes, test::key_of(200, 2));
            }),
            "S1303.facts");
  EXPECT_EQ(verdict([](Finished& f) { f.bundle.shares[4].bytes[50] ^= 1; }), "S1303.share");
  EXPECT_EQ(verdict([](Finished& f) { f.bundle.shares[0].recipient = "00000099000000002002"; }),
            "S1303.share");
  EXPECT_EQ(verdict([](Finished& f) { f.bundle.shares[0].party = 1; }), "S1303.share");
  EXPECT_EQ(verdict([](Finished& f) { f.bundle.shares.push_back(f.bundle.shares[0]); }), "S1303.share");
  EXPECT_EQ(verdict([](Finished& f) { f.bundle.shares.pop_back(); }), "S1303.missing");
  EXPECT_EQ(verdict([](Finished& f) { f.bundle.study += "\n"; }), "S1303.study");
}

// Any byte of the bundle file: refused, or it says the same (a blank, an escape).
TEST(ResultBundle, NoChangedByteChangesAFigure) {
  const Finished finished;
  const std::string bytes = bundle_text(finished.bundle);
  int parsed = 0;
  for (size_t i = 0; i < bytes.size(); i += 7) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto bundle = parse_bundle(changed, "b");
    if (!bundle.ok()) continue;
    ++parsed;
    const auto verified = verify_bundle(*bundle, finished.world.registry);
    if (!verified.ok()) continue;
    EXPECT_EQ(verified->facts, finished.facts) << i;
    EXPECT_EQ(bundle->shares, finished.bundle.shares) << i;
  }
  EXPECT_GT(parsed, 1000);
}

TEST(RunRecord, RoundTripsForEveryEnding) {
  for (int ending = 0; ending <= static_cast<int>(RunEnding::kFailed); ++ending) {
    RunRecord record;
    record.run = std::string(32, 'a');
    record.study = crypto::sha256("s");
    record.node = "node-0";
    record.ending = static_cast<RunEnding>(ending);
    record.started = test::at("2026-12-01T10:00:00Z");
    record.ended = test::at("2026-12-01T10:04:00Z");
    record.participants = {"00000099000000002001"};
    record.rounds = 12;
    record.bytes_sent = uint64_t{3} << 33;
    record.steps = {{"schuld: GROUP BY ouder", 18'000, 400, 1'000'000, 5300}};
    record.program = "sluis 1.0.3";
    const bool released = record.ending == RunEnding::kReleased;
    if (released) record.facts = crypto::sha256("f");
    if (!released) record.error = "S1302";
    if (record.ending == RunEnding::kCancelledByOwner) record.cancelled_by = "00000099000000002001";
    const auto parsed = parse_run_record(run_record_text(record), "r");
    ASSERT_TRUE(parsed.ok()) << parsed.error().summary();
    EXPECT_EQ(*parsed, record);
    const std::string text = run_record_text(record);
    const auto contrary =
        parse_run_record(released ? replaced(text, "\"ending\": \"released\"", "\"ending\": \"failed\"")
                                  : replaced(text, "\"error\": \"S1302\",", ""),
                         "r");
    EXPECT_EQ(contrary.ok() ? "" : contrary.error().id, "S1034.ending");
  }
}

}  // namespace
}  // namespace sluis::governance
