#include "governance/decision.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "governance/world_for_test.h"

namespace sluis::governance {
namespace {

using test::replaced;

class DecisionFile : public testing::Test {
 protected:
  test::World world_;
  Decision decision_ = world_.approval(0, crypto::sha256("advice"));
  std::string text_ = decision_text(decision_);

  std::string first_fault(const std::string& bytes) {
    const DecisionParse parse = parse_decision(bytes, "d");
    EXPECT_EQ(parse.decision.has_value(), parse.errors.empty());
    return parse.errors.empty() ? "" : parse.errors[0].summary();
  }
};

TEST_F(DecisionFile, WritesAndReadsTheSame) {
  const DecisionParse parse = parse_decision(text_, "d");
  ASSERT_TRUE(parse.decision) << test::summaries(parse.errors);
  EXPECT_EQ(*parse.decision, decision_);
  EXPECT_EQ(decision_text(*parse.decision), text_);
  const Decision advice = world_.draft(3, DecisionRole::kAdvice, Answer::kRemarks);
  EXPECT_EQ(parse_decision(decision_text(advice), "d").decision, advice);
}

TEST_F(DecisionFile, EveryAnswerHasItsRole) {
  const Answer all[] = {Answer::kAgree,   Answer::kRemarks, Answer::kDisagree, Answer::kReturn,
                        Answer::kApprove, Answer::kReject,  Answer::kRevoke};
  for (const Answer answer : all)
    for (const DecisionRole role : {DecisionRole::kAdvice, DecisionRole::kDecision}) {
      Decision decision = world_.draft(0, role, answer);
      decision.advice = role == DecisionRole::kDecision ? std::optional(crypto::sha256("a")) : std::nullopt;
      const bool advice = answer <= Answer::kDisagree;
      const bool fits = answer == Answer::kReturn || advice == (role == DecisionRole::kAdvice);
      EXPECT_EQ(parse_decision(decision_text(decision), "d").decision.has_value(), fits)
          << decision_role_name(role) << ' ' << answer_name(answer);
    }
}

TEST_F(DecisionFile, IsReadStrictly) {
  EXPECT_EQ(first_fault(replaced(text_, "sluis-decision/1", "sluis-decision/2")).substr(0, 12),
            "S1009.format");
  EXPECT_EQ(first_fault(replaced(text_, "\"mandate\"", "\"mandaat\"")).substr(0, 13), "S1004.missing");
  EXPECT_NE(test::summaries(parse_decision(replaced(text_, "\"mandate\"", "\"mandaat\""), "d").errors)
                .find("S1003.key"),
            std::string::npos);
  EXPECT_EQ(first_fault(replaced(text_, "oin:0000", "oin:000")).substr(0, 10), "S1005.form");
  EXPECT_EQ(first_fault(replaced(text_, "pseudonym:", "name:")).substr(0, 10), "S1005.form");
  EXPECT_EQ(first_fault(replaced(text_, "2026-11-20T14:00:00Z", "2026-11-20T14:00:00+01:00")).substr(0, 10),
            "S1005.form");
  EXPECT_EQ(first_fault(replaced(text_, "2027-03-01", "2027-02-30")).substr(0, 10), "S1005.form");
  EXPECT_EQ(first_fault(replaced(text_, "ouder_kind@2026-10-01", "schuldhulp@2026-10-01")).substr(0, 12),
            "S1008.twice ");
  EXPECT_EQ(first_fault(replaced(text_, "ouder_kind@2026-10-01", "ouder_kind")).substr(0, 10), "S1005.form");
  EXPECT_EQ(first_fault(replaced(text_, "\"approve\"", "\"reject\"")).substr(0, 12),
            "S1004.empty ");  // a no without reasons
  EXPECT_EQ(first_fault(replaced(text_, "\"college\"", "\"col\\u202elege\"")).substr(0, 16),
            "S1001.invisible ");
  EXPECT_EQ(first_fault(text_ + "{}").substr(0, 6), "S1040.");
  EXPECT_EQ(first_fault("[" + text_ + "]").substr(0, 6), "S1005.");
  EXPECT_EQ(first_fault(replaced(text_, "\"role\"", "\"role\": \"decision\", \"role\"")).substr(0, 15),
            "S1040.duplicate");
  EXPECT_EQ(first_fault("").substr(0, 6), "S1040.");
}

TEST_F(DecisionFile, ReportsAllFaultsAtOnce) {
  const std::string bytes = replaced(replaced(text_, "oin:0000", "oin:000"), "2027-03-01", "2027-02-30");
  EXPECT_EQ(test::ids(parse_decision(bytes, "d").errors), std::vector<std::string>(2, "S1005.form"));
}

// Every member left out in turn is noticed.
TEST_F(DecisionFile, NeedsEveryMember) {
  const JsonValue root = *parse_json(text_);
  for (size_t without = 0; without < root.keys.size(); ++without) {
    JsonWriter out;
    out.begin_object();
    for (size_t i = 0; i < root.keys.size(); ++i)
      if (i != without) out.key(root.keys[i]).value(root.items[i]);
    out.end_object();
    EXPECT_NE(first_fault(out.take()), "") << root.keys[without];
  }
  EXPECT_EQ(root.keys.size(), 16u);
}

TEST(SignedFile, CoversKindBytesAndKey) {
  const crypto::SigningKey key = test::key_of(1, 1), other = test::key_of(1, 2);
  const DetachedSignature signature = sign_file(kDecisionKind, "bytes", key);
  EXPECT_TRUE(signature_holds(kDecisionKind, "bytes", signature, key.public_key()));
  EXPECT_FALSE(signature_holds(kReceiptKind, "bytes", signature, key.public_key()));
  EXPECT_FALSE(signature_holds(kDecisionKind, "Bytes", signature, key.public_key()));
  EXPECT_FALSE(signature_holds(kDecisionKind, "bytes", signature, other.public_key()));
  DetachedSignature forged = signature;
  forged.key = key_fingerprint(other.public_key());
  EXPECT_FALSE(signature_holds(kDecisionKind, "bytes", forged, other.public_key()));
}

TEST(SignedFile, SignatureFileHasTheDocumentedForm) {
  const DetachedSignature signature = sign_file(kDecisionKind, "bytes", test::key_of(1, 1));
  const std::string text = signature_text(kDecisionKind, signature);
  EXPECT_EQ(text.substr(0, 22),
            "{\"decision\":\"sha256:" + crypto::to_hex(crypto::sha256("bytes")).substr(0, 2));
  const auto parsed = parse_signature_file(kDecisionKind, text, "s");
  ASSERT_TRUE(parsed.ok()) << parsed.error().summary();
  EXPECT_EQ(*parsed, signature);
  EXPECT_FALSE(parse_signature_file(kReceiptKind, text, "s").ok());
  EXPECT_FALSE(parse_signature_file(kDecisionKind, replaced(text, "ed25519", "rsa"), "s").ok());
  EXPECT_FALSE(
      parse_signature_file(kDecisionKind, replaced(text, "\"kind\"", "\"extra\":1,\"kind\""), "s").ok());
  EXPECT_FALSE(parse_signature_file(kDecisionKind, text.substr(0, text.size() - 5), "s").ok());
}

TEST(SignedFile, DecisionWithItsSignatureRoundTrips) {
  const test::World world;
  const SignedDecision file = world.sign(0, world.draft(0, DecisionRole::kAdvice, Answer::kAgree));
  const auto parsed = parse_signed_decision(file.bytes, signature_text(kDecisionKind, file.signature), 5);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->decision, file.decision);
  EXPECT_EQ(parsed->hash, file.hash);
  EXPECT_EQ(parsed->signature, file.signature);
  EXPECT_EQ(parsed->received, 5);
}

}  // namespace
}  // namespace sluis::governance
