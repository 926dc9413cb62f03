// Key registry, format `sluis-registry/1` (TOML): who may advise, decide, ask and run, and with which keys
// (docs/formats/key_registry.md). Each node holds its own copy; its SHA-256 stands in receipts.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/toml.h"
#include "crypto/hash.h"
#include "crypto/signature.h"

namespace sluis::governance {

enum class PersonRole : uint8_t { kSteward, kAdvisor, kDecider, kAnalyst, kAuditor };
const char* person_role_name(PersonRole role);  // "steward", ...

struct Organisation {
  std::string oin;
  std::string kind;  // gemeente, jeugdhulpaanbieder, onderzoek, knooppunt
  std::string code;  // "GM9001"; "" unless an owner
  std::string name;
  std::optional<crypto::Digest> tls_spki;  // SHA-256 of its certificate's public key (DER), for clients
  Position at;
};

// One role of one person: somebody with two roles stands there twice.
struct Person {
  std::string pseudonym;
  std::string oin;  // organisation
  PersonRole role = PersonRole::kSteward;
  crypto::PublicKey key{};
  crypto::Digest fingerprint{};             // of key: SHA-256, as signatures name it
  int64_t valid_from = 0, valid_until = 0;  // day numbers: from this day, before that day
  std::optional<int64_t> revoked;  // from this day all signatures by the key are void, older ones too
  Position at;
};

struct NodeEntry {
  std::string name;
  int party = 0;              // 0, 1, 2
  std::string operator_oin;   // OIN of the organisation that runs it
  std::string address;        // host:port for the other nodes
  std::string owner_address;  // host:port for owners and recipients
  crypto::Digest tls_spki{};
  crypto::PublicKey receipt_key{};
  Position at;
};

struct KeyRegistry {
  crypto::Digest hash{};  // of the file
  int64_t serial = 0;     // grows with each edition
  std::vector<Organisation> organisations;
  std::vector<Person> persons;
  std::array<NodeEntry, 3> nodes;  // by party

  const Organisation* find_organisation(std::string_view oin) const;
  // The organisation whose client certificate has this public key, or nullptr.
  const Organisation* find_by_tls(const crypto::Digest& spki) const;
  // Entries with this key fingerprint (governance/signed_file.h).
  std::vector<const Person*> find_by_key(const crypto::Digest& key) const;
};

struct RegistryParse {
  std::optional<KeyRegistry> registry;  // present exactly when errors is empty
  Errors errors;
};
// Strict. Each OIN, code, TLS key, node name and party stands once; a signing key belongs to one person.
// Errors: S1001–S1009, S1035.*.
RegistryParse parse_registry(std::string_view bytes, std::string_view file);

}  // namespace sluis::governance
