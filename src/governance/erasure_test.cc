#include "governance/erasure.h"

#include <gtest/gtest.h>

namespace sluis::governance {
namespace {

Erasure example() {
  Erasure erasure;
  erasure.node = "knooppunt-b";
  erasure.table = "schuldhulp";
  erasure.version = "2026-10-01";
  erasure.owner = "00000099000000002001";
  erasure.commitment = crypto::sha256("delivery");
  erasure.time = 1'800'000'000;
  return erasure;
}

KeyRegistry registry_of(const crypto::SigningKey& key) {
  KeyRegistry registry;
  for (size_t i = 0; i < 3; ++i) registry.nodes[i].name = std::string("knooppunt-") + "abc"[i];
  registry.nodes[1].receipt_key = key.public_key();
  return registry;
}

TEST(Erasure, RoundTrip) {
  const Result<Erasure> read = parse_erasure(erasure_text(example()), "f");
  ASSERT_TRUE(read.ok()) << read.error().summary();
  EXPECT_EQ(*read, example());
}

TEST(Erasure, OnlyTheNamedNodesSignatureOverTheseBytesHolds) {
  const crypto::SigningKey key = crypto::SigningKey::generate(), other = crypto::SigningKey::generate();
  const std::string text = erasure_text(example());
  const auto signature = [&](const SignedKind& kind, const crypto::SigningKey& by, std::string_view what) {
    return signature_text(kind, sign_file(kind, what, by));
  };
  const std::string good = signature(kErasureKind, key, text);
  EXPECT_TRUE(verify_erasure(text, good, registry_of(key)).ok());
  EXPECT_EQ(verify_erasure(text, good, registry_of(other)).error().id, "S1303.erasure");
  EXPECT_EQ(verify_erasure(text, signature(kErasureKind, other, text), registry_of(key)).error().id,
            "S1303.erasure");
  Erasure later = example();
  later.time += 1;
  EXPECT_EQ(verify_erasure(erasure_text(later), good, registry_of(key)).error().id, "S1303.erasure");
  later.time -= 1, later.node = "knooppunt-a";  // B's signature on A's statement
  const std::string as_a = erasure_text(later);
  EXPECT_EQ(verify_erasure(as_a, signature(kErasureKind, key, as_a), registry_of(key)).error().id,
            "S1303.erasure");
  EXPECT_FALSE(verify_erasure(text, signature(kReceiptKind, key, text), registry_of(key)).ok());
}

TEST(Erasure, StrictAboutForm) {
  const std::string text = erasure_text(example());
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    const size_t at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    changed.replace(at, from.size(), to);
    return parse_erasure(changed, "f").ok() ? "" : parse_erasure(changed, "f").error().id;
  };
  EXPECT_EQ(refused("sluis-erasure/1", "sluis-erasure/2"), "S1009.format");
  EXPECT_EQ(refused("\"node\"", "\"nood\"").substr(0, 5), "S1004");
  EXPECT_EQ(refused("oin:0", "oin:x"), "S1005.form");
  EXPECT_EQ(refused("schuldhulp", "schuld hulp"), "S1005.form");
  for (size_t size = 0; size < text.size() - 1; ++size)
    EXPECT_FALSE(parse_erasure(text.substr(0, size), "f"));
}

}  // namespace
}  // namespace sluis::governance
