#include "governance/key_registry.h"

#include <gtest/gtest.h>

#include "governance/signed_file.h"
#include "governance/world_for_test.h"

namespace sluis::governance {
namespace {

using test::replaced;

std::string sample() {
  static const std::string text = test::registry_text(test::parsed(test::example_bytes()));
  return text;
}

TEST(KeyRegistry, ReadsWhoMayDoWhat) {
  const RegistryParse parse = parse_registry(sample(), "r");
  ASSERT_TRUE(parse.registry) << test::summaries(parse.errors);
  const KeyRegistry& registry = *parse.registry;
  EXPECT_EQ(registry.hash, crypto::sha256(sample()));
  EXPECT_EQ(registry.serial, 3);
  EXPECT_EQ(registry.organisations.size(), 14u);
  EXPECT_EQ(registry.persons.size(), 20u);
  EXPECT_EQ(registry.nodes[2].name, "node-2");
  EXPECT_EQ(registry.nodes[1].receipt_key, test::key_of(200, 1).public_key());
  const std::string oin = "00000099000000002001";
  EXPECT_EQ(registry.find_organisation(oin)->name, "Demostad");
  EXPECT_EQ(registry.find_by_tls(crypto::sha256(oin))->oin, oin);
  EXPECT_EQ(registry.find_by_tls(crypto::sha256("x")), nullptr);
  const auto persons = registry.find_by_key(key_fingerprint(test::key_of(0, 2).public_key()));
  ASSERT_EQ(persons.size(), 1u);
  EXPECT_EQ(persons[0]->role, PersonRole::kDecider);
  EXPECT_EQ(persons[0]->oin, oin);
}

struct Fault {
  const char* name;
  std::string from, to;
  const char* id;
};
class RegistryFault : public testing::TestWithParam<Fault> {};
TEST_P(RegistryFault, IsRefused) {
  const RegistryParse parse = parse_registry(replaced(sample(), GetParam().from, GetParam().to), "r");
  EXPECT_FALSE(parse.registry);
  EXPECT_NE(test::summaries(parse.errors).find(GetParam().id), std::string::npos)
      << test::summaries(parse.errors);
}
const std::string kKey00 = test::public_hex(test::key_of(0, 1));
INSTANTIATE_TEST_SUITE_P(
    All, RegistryFault,
    testing::Values(
        Fault{"format", "sluis-registry/1", "sluis-registry/9", "S1009.format"},
        Fault{"serial", "serial = 3", "serial = 0", "S1005.range"},
        Fault{"oin_twice", "oin = \"00000099000000002002\"", "oin = \"00000099000000002001\"", "S1008.twice"},
        Fault{"code_twice", "code = \"GM9002\"", "code = \"GM9001\"", "S1008.twice"},
        Fault{"unknown_organisation", "organisation = \"00000099000000002002\"",
              "organisation = \"00000099000000002222\"", "S1035.organisation"},
        Fault{"key_of_two_persons", test::public_hex(test::key_of(1, 1)), kKey00, "S1035.key"},
        Fault{"person_key_is_node_key", test::public_hex(test::key_of(200, 1)), kKey00, "S1035.key"},
        Fault{"role", "role = \"advisor\"", "role = \"king\"", "S1006.choice"},
        Fault{"key_form", "ed25519:" + kKey00, "ed25519:" + kKey00.substr(1), "S1005.form"},
        Fault{"validity", "valid_until = 2028-01-01", "valid_until = 2025-01-01", "S1034.dates"},
        Fault{"party_twice", "party = 1", "party = 2", "S1008.twice"},
        Fault{"party_range", "party = 1", "party = 3", "S1005.range"},
        Fault{"one_operator_two_nodes", "operator = \"00000099000000009001\"",
              "operator = \"00000099000000009002\"", "S1008.twice"},
        Fault{"node_missing", "[[node]]\nname = \"node-2\"", "[other]\nname = \"node-2\"", "S1005.count"},
        Fault{"address", "127.0.0.1:7101", "127.0.0.1", "S1005.form"},
        Fault{"port", "127.0.0.1:7101", "127.0.0.1:71010", "S1005.form"},
        Fault{"unknown_key", "serial = 3", "serial = 3\nadmin = true", "S1003.key"},
        Fault{"tls_twice", test::hash_ref("00000099000000002001"), test::hash_ref("00000099000000002002"),
              "S1008.twice"}),
    [](const auto& info) { return info.param.name; });

// Two roles, one person, one key: allowed; the approval rules keep them apart per study.
TEST(KeyRegistry, OnePersonMayHaveTwoRoles) {
  const std::string extra =
      "[[person]]\npseudonym = \"fg0\"\norganisation = \"00000099000000002001\"\nrole = \"decider\"\nkey = "
      "\"ed25519:" +
      kKey00 + "\"\nvalid_from = 2026-01-01\nvalid_until = 2028-01-01\n";
  const RegistryParse parse = parse_registry(
      replaced(sample(), "[[node]]\nname = \"node-0\"", extra + "[[node]]\nname = \"node-0\""), "r");
  ASSERT_TRUE(parse.registry) << test::summaries(parse.errors);
  EXPECT_EQ(parse.registry->find_by_key(key_fingerprint(test::key_of(0, 1).public_key())).size(), 2u);
}

}  // namespace
}  // namespace sluis::governance
