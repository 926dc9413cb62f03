#include "governance/result_bundle.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/json.h"
#include "governance/json_fields.h"

namespace sluis::governance {
namespace {

constexpr const char* kFormat = "sluis-result/1";

Error refusal(const char* id, std::vector<std::string> args = {}) {
  Error error;
  error.id = id;
  error.args = std::move(args);
  error.exit = Exit::kProtocolAbort;
  return error;
}

class Verification {
 public:
  Verification(const ResultBundle& bundle, const KeyRegistry& registry)
      : bundle_(bundle), registry_(registry) {}

  Result<VerifiedBundle> verify() {
    SLUIS_ASSIGN(out_.facts, parse_facts(bundle_.facts, "facts.json"));
    if (!bundle_.study.empty() && crypto::sha256(bundle_.study) != out_.facts.study)
      return refusal("S1303.study");
    SLUIS_TRY(check_receipts());
    SLUIS_TRY(check_shares());
    return std::move(out_);
  }

 private:
  Status check_receipts() {
    if (bundle_.receipts.size() != 3)
      return refusal("S1303.receipts", {std::to_string(bundle_.receipts.size())});
    std::array<bool, 3> seen{};
    for (const SignedReceipt& signed_receipt : bundle_.receipts) {
      SLUIS_ASSIGN(const Receipt receipt, parse_receipt(signed_receipt.bytes, "receipt.json"));
      const auto party = static_cast<size_t>(receipt.party);
      const NodeEntry& node = registry_.nodes[party];
      if (node.name != receipt.node || node.operator_oin != receipt.operator_oin ||
          !signature_holds(kReceiptKind, signed_receipt.bytes, signed_receipt.signature, node.receipt_key))
        return refusal("S1303.signature", {receipt.node});
      if (receipt.facts != crypto::sha256(bundle_.facts)) return refusal("S1303.facts", {receipt.node});
      if (seen[party]) return refusal("S1303.receipts", {"2"});
      seen[party] = true;
      out_.receipts[party] = receipt;
    }
    return {};
  }

  const ReceiptOutput* committed(const BundleShare& share) const {
    for (const ReceiptOutput& output : out_.facts.outputs)
      if (output.name == share.output && output.recipient == share.recipient) return &output;
    return nullptr;
  }

  Status check_shares() {
    std::map<const ReceiptOutput*, std::array<const Bytes*, 3>> found;
    for (const BundleShare& share : bundle_.shares) {
      const ReceiptOutput* output = committed(share);
      const auto party = static_cast<size_t>(share.party);
      const bool holds = output != nullptr &&
                         output->shares[party] == crypto::sha256(ByteSpan(share.bytes)) &&
                         found[output][party] == nullptr;
      if (!holds) return refusal("S1303.share", {share.output, registry_.nodes[party].name});
      found[output][party] = &share.bytes;
    }
    // In the order of the receipt.
    for (const ReceiptOutput& output : out_.facts.outputs) {
      const auto at = found.find(&output);
      if (at == found.end()) continue;
      VerifiedOutput verified{output, {}};
      for (size_t party = 0; party < 3; ++party) {
        if (at->second[party] == nullptr)
          return refusal("S1303.missing", {output.name, registry_.nodes[party].name});
        verified.shares[party] = *at->second[party];
      }
      out_.outputs.push_back(std::move(verified));
    }
    return {};
  }

  const ResultBundle& bundle_;
  const KeyRegistry& registry_;
  VerifiedBundle out_;
};

}  // namespace

static BundleShare read_share(JsonReader reader) {
  BundleShare out;
  out.output = reader.text("output", 63);
  out.recipient = read_oin(reader, "recipient");
  out.party = static_cast<int>(reader.integer("party", 0, 2));
  const std::optional<Bytes> bytes = from_hex(reader.text("file", 2 * kMaxShareBytes));
  if (!bytes) reader.fault("S1005.form", {reader.path("file"), "<2n x 0-9a-f>"}, reader.value());
  out.bytes = bytes.value_or(Bytes{});
  reader.finish();
  return out;
}

static SignedReceipt read_receipt(JsonReader reader, std::string& signature) {
  SignedReceipt out;
  out.bytes = reader.text("receipt", kMaxReceiptBytes);
  signature = reader.text("signature", 4096);
  reader.finish();
  return out;
}

std::string bundle_text(const ResultBundle& bundle) {
  JsonWriter out(1);
  out.begin_object();
  out.member("format", kFormat);
  if (!bundle.study.empty()) out.member("study", bundle.study);
  out.member("facts", bundle.facts);
  out.key("receipts").begin_array();
  for (const SignedReceipt& receipt : bundle.receipts) {
    out.begin_object();
    out.member("receipt", receipt.bytes);
    out.member("signature", signature_text(kReceiptKind, receipt.signature));
    out.end_object();
  }
  out.end_array();
  out.key("shares").begin_array();
  for (const BundleShare& share : bundle.shares) {
    out.begin_object();
    out.member("output", share.output).member("recipient", "oin:" + share.recipient);
    out.member("party", share.party).member("file", to_hex(share.bytes));
    out.end_object();
  }
  out.end_array().end_object();
  return out.take() + '\n';
}

Result<ResultBundle> parse_bundle(std::string_view bytes, std::string_view file) {
  JsonLimits limits;
  limits.max_bytes = kMaxBundleBytes;
  limits.max_depth = 4;
  limits.max_values = 100'000;
  limits.max_token_bytes = 3 * kMaxShareBytes;
  SLUIS_ASSIGN(const JsonValue root, parse_json(bytes, limits, file));
  Errors errors;
  JsonReader reader(root, "", std::string(file), errors);
  ResultBundle out;
  if (errors.empty() && has_format(reader, kFormat)) {
    out.study = reader.optional_text("study", 256 * 1024);
    out.facts = reader.text("facts", kMaxFactsBytes);
    for (const JsonValue* item : reader.objects("receipts", 3)) {
      std::string signature;
      SignedReceipt receipt = read_receipt(reader.item(*item, "receipts"), signature);
      if (!errors.empty()) break;
      SLUIS_ASSIGN(receipt.signature, parse_signature_file(kReceiptKind, signature, file));
      out.receipts.push_back(std::move(receipt));
    }
    for (const JsonValue* item : reader.objects("shares", 15'000))
      out.shares.push_back(read_share(reader.item(*item, "shares")));
    reader.finish();
  }
  if (!errors.empty()) return first_by_position(std::move(errors));
  return out;
}

Result<VerifiedBundle> verify_bundle(const ResultBundle& bundle, const KeyRegistry& registry) {
  return Verification(bundle, registry).verify();
}

}  // namespace sluis::governance
