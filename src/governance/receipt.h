// Receipts, format `sluis-receipt/1`: what a run used and released, signed by each node
// (docs/formats/receipt.md).
//
// The facts are one JSON text that is the same, byte for byte, at the three nodes; each node signs a small
// receipt of its own that names the SHA-256 of the facts. Neither holds a figure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "governance/fields.h"
#include "governance/policy.h"
#include "governance/signed_file.h"

namespace sluis::governance {

inline constexpr size_t kMaxFactsBytes = 4 * 1024 * 1024;
inline constexpr size_t kMaxReceiptBytes = 16 * 1024;

struct ReceiptParticipant {
  std::string oin;
  crypto::Digest decision{}, advice{};  // of the files that counted
  bool operator==(const ReceiptParticipant&) const = default;
};

struct ReceiptTable {
  std::string table, version, owner;  // owner: OIN
  crypto::Digest commitment{};        // to the shares that were used, from the owner's delivery
  bool operator==(const ReceiptTable&) const = default;
};

struct ReceiptOutput {
  std::string name;
  bool own_row = false;                    // the addressee's own row, else the pooled table
  std::string recipient;                   // OIN of the only organisation that these shares are for
  crypto::Digest ledger_entry{};           // governance/ledger.h
  std::array<crypto::Digest, 3> shares{};  // SHA-256 of each party's result share file
  bool operator==(const ReceiptOutput&) const = default;
};

struct ReceiptFacts {
  crypto::Digest study{};
  std::string study_id, study_version;
  std::string run;  // id
  int attempt = 1;
  crypto::Digest registry{};  // of the key registry file
  std::vector<ReceiptParticipant> participants;
  std::vector<ReceiptTable> tables;
  EffectivePolicy policy;
  std::string engine;     // "1.0"
  crypto::Digest plan{};  // SHA-256 of the plan's canonical text
  std::vector<ReceiptOutput> outputs;
  bool operator==(const ReceiptFacts&) const = default;
};

struct Receipt {
  crypto::Digest facts{};
  std::string node;
  int party = 0;
  std::string operator_oin;
  std::string program;  // "sluis 1.0.3 sha256:…"
  UnixTime time = 0;
  bool operator==(const Receipt&) const = default;
};

// Same facts, same bytes; LF at the end. Lists are written in the order given: sort them before.
std::string facts_text(const ReceiptFacts& facts);
std::string receipt_text(const Receipt& receipt);
// Strict. Errors: the first fault, as parse_decision() names them.
Result<ReceiptFacts> parse_facts(std::string_view bytes, std::string_view file);
Result<Receipt> parse_receipt(std::string_view bytes, std::string_view file);

}  // namespace sluis::governance
