// Detached Ed25519 signatures on governance files: decisions, receipts, run records.
//
// A signature covers the SHA-256 of a file's exact bytes, so no file needs a canonical form. It lies beside
// the file:
//   { "decision": "sha256:<64>", "kind": "ed25519", "key": "sha256:<64>", "value": "<128 hex>" }
// The signed message is "<purpose>\n" followed by the 32 bytes of that SHA-256; the purpose is the file's
// format
// ("sluis-decision/1"), so that a signature on one kind of file never passes for another. `key` is the
// SHA-256 of the 32-byte public key.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/hash.h"
#include "crypto/signature.h"

namespace sluis::governance {

struct DetachedSignature {
  crypto::Digest subject{};  // SHA-256 of the signed file
  crypto::Digest key{};      // SHA-256 of the public key
  crypto::Signature value{};
  bool operator==(const DetachedSignature&) const = default;
};

// What a kind of file is called: the first member of its signature file, and the purpose that is signed.
struct SignedKind {
  const char* member;   // "decision"
  const char* purpose;  // "sluis-decision/1"
};
inline constexpr SignedKind kDecisionKind{"decision", "sluis-decision/1"};
inline constexpr SignedKind kReceiptKind{"receipt", "sluis-receipt/1"};
inline constexpr SignedKind kRunRecordKind{"record", "sluis-run-record/1"};

crypto::Digest key_fingerprint(const crypto::PublicKey& key);
DetachedSignature sign_file(const SignedKind& kind, std::string_view bytes, const crypto::SigningKey& key);
// Whether `signature` is by `key` over exactly these bytes as this kind of file.
bool signature_holds(const SignedKind& kind, std::string_view bytes, const DetachedSignature& signature,
                     const crypto::PublicKey& key);

// The signature file: one line of JSON and LF.
std::string signature_text(const SignedKind& kind, const DetachedSignature& signature);
// Strict. Errors: S1040.*, S1003.key, S1004.*, S1005.*, S1006.choice (the first one found).
Result<DetachedSignature> parse_signature_file(const SignedKind& kind, std::string_view text,
                                               std::string_view file);

}  // namespace sluis::governance
