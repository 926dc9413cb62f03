// Result bundle, format `sluis-result/1`: what a recipient fetches from three nodes and can verify offline
// (docs/formats/result_bundle.md).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "governance/key_registry.h"
#include "governance/receipt.h"

namespace sluis::governance {

inline constexpr size_t kMaxShareBytes = 16 * 1024 * 1024;
inline constexpr size_t kMaxBundleBytes = 128 * 1024 * 1024;

// One party's result share file of one output for one recipient, as opaque bytes
// (docs/formats/result_share.md). The receipt holds its SHA-256; fresh random bytes within the file keep that
// from being a way to guess a share.
struct BundleShare {
  std::string output, recipient;  // as in ReceiptOutput
  int party = 0;
  Bytes bytes;
  bool operator==(const BundleShare&) const = default;
};

struct SignedReceipt {
  std::string bytes;
  DetachedSignature signature;
};

struct ResultBundle {
  std::string study;                    // the study file's bytes, or "" if left out
  std::string facts;                    // exact bytes, the same at all nodes
  std::vector<SignedReceipt> receipts;  // three
  std::vector<BundleShare> shares;      // three per output and recipient
};

std::string bundle_text(const ResultBundle& bundle);
// Strict as to form; verify_bundle() judges. Errors: S1040.*, S1002.large, S1003–S1009.
Result<ResultBundle> parse_bundle(std::string_view bytes, std::string_view file);

// One output whose three shares agree with what three nodes signed.
struct VerifiedOutput {
  ReceiptOutput output;
  std::array<Bytes, 3> shares;  // by party
};
struct VerifiedBundle {
  ReceiptFacts facts;
  std::array<Receipt, 3> receipts;  // by party
  std::vector<VerifiedOutput> outputs;
};

// Offline: three receipts by the three registered nodes over these facts; each share is the one that its node
// committed to; each output has all three; the study file, if present, is the one named. Errors, all with
// Exit:: kProtocolAbort: S1303.receipts, .signature, .facts, .share, .missing, .study. Whoever opens a share
// file compares the party, run, output and recipient that it names itself with these.
Result<VerifiedBundle> verify_bundle(const ResultBundle& bundle, const KeyRegistry& registry);

}  // namespace sluis::governance
