// Erasure receipts, format `sluis-erasure/1`: a node's signed statement that it has erased its shares of one
// table (docs/formats/erasure.md).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "governance/fields.h"
#include "governance/key_registry.h"
#include "governance/signed_file.h"

namespace sluis::governance {

inline constexpr SignedKind kErasureKind{"erasure", "sluis-erasure/1"};
inline constexpr size_t kMaxErasureBytes = 16 * 1024;

struct Erasure {
  std::string node;
  std::string table, version, owner;  // owner: OIN
  crypto::Digest commitment{};        // of the delivery, as in the receipts of runs
  UnixTime time = 0;
  bool operator==(const Erasure&) const = default;
};

std::string erasure_text(const Erasure& erasure);
// Strict. Errors: the first fault, as parse_decision() names them.
Result<Erasure> parse_erasure(std::string_view bytes, std::string_view file);

// The statement, if `signature` (a signature file's text) is over these bytes by the registered node that the
// statement names. Errors: of parse_erasure and parse_signature_file; S1303.erasure {node}.
Result<Erasure> verify_erasure(std::string_view bytes, std::string_view signature,
                               const KeyRegistry& registry);

}  // namespace sluis::governance
