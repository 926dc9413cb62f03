#include "governance/result_bundle.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/json.h"
#include "governance/json_fields.h"

namespace sluis::governance {
namespace {

constexpr const char* kFormat = "sluis-result/1";
constexpr std::string_view kShareMagic = "SLUISRS1";

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

  const ReceiptOutput* committed(const ResultShare& share) const {
    for (const ReceiptOutput& output : out_.facts.outputs)
      if (output.name == share.output && output.to == share.to) return &output;
    return nullptr;
  }

  Status check_shares() {
    std::map<const ReceiptOutput*, std::array<std::optional<ResultShare>, 3>> found;
    for (const Bytes& bytes : bundle_.shares) {
      SLUIS_ASSIGN(ResultShare share, decode_result_share(bytes));
      const ReceiptOutput* output = committed(share);
      const auto party = static_cast<size_t>(share.party);
      const bool holds = output != nullptr && share.study == out_.facts.study &&
                         share.run == out_.facts.run &&
                         output->shares[party] == crypto::sha256(ByteSpan(bytes)) && !found[output][party];
      if (!holds) return refusal("S1303.share", {share.output, registry_.nodes[party].name});
      found[output][party] = std::move(share);
    }
    // In the order of the receipt.
    for (const ReceiptOutput& output : out_.facts.outputs) {
      const auto at = found.find(&output);
      if (at == found.end()) continue;
      VerifiedOutput verified{output, {}};
      for (size_t party = 0; party < 3; ++party) {
        if (!at->second[party]) return refusal("S1303.missing", {output.name, registry_.nodes[party].name});
        verified.shares[party] = std::move(*at->second[party]);
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

Bytes encode(const ResultShare& share) {
  ByteWriter out;
  out.bytes(as_bytes(kShareMagic));
  out.u8(static_cast<uint8_t>(share.party));
  out.bytes(ByteSpan(share.salt));
  out.bytes(ByteSpan(share.study));
  out.text(share.run);
  out.text(share.output);
  out.text(share.to);
  out.text(as_text(share.payload));
  return out.take();
}

Result<ResultShare> decode_result_share(ByteSpan bytes) {
  ByteReader in(bytes);
  ResultShare out;
  const bool magic = as_text(in.bytes(kShareMagic.size())) == kShareMagic;
  out.party = in.u8();
  const ByteSpan salt = in.bytes(32), study = in.bytes(32);
  std::copy(salt.begin(), salt.end(), out.salt.begin());
  std::copy(study.begin(), study.end(), out.study.begin());
  out.run = in.text(63);
  out.output = in.text(63);
  out.to = in.text(20);
  const uint32_t size = in.u32();
  if (size > kMaxShareBytes) return refusal("S1303.share_form");
  const ByteSpan payload = in.bytes(size);
  out.payload.assign(payload.begin(), payload.end());
  const bool fits =
      is_slug(out.run) && is_identifier(out.output) && (out.to == "recipients" || is_oin(out.to));
  if (!magic || !in.done() || out.party > 2 || !fits) return refusal("S1303.share_form");
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
  for (const Bytes& share : bundle.shares) out.string(to_hex(share));
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
      JsonReader one = reader.item(*item, "receipts");
      SignedReceipt receipt;
      receipt.bytes = one.text("receipt", kMaxReceiptBytes);
      const std::string signature = one.text("signature", 4096);
      one.finish();
      if (!errors.empty()) break;
      SLUIS_ASSIGN(receipt.signature, parse_signature_file(kReceiptKind, signature, file));
      out.receipts.push_back(std::move(receipt));
    }
    for (const std::string& hex : reader.texts("shares", 15'000)) {
      std::optional<Bytes> share = from_hex(hex);
      if (!share) reader.fault("S1005.form", {"shares", "<2n x 0-9a-f>"}, root);
      if (share) out.shares.push_back(std::move(*share));
    }
    reader.finish();
  }
  if (!errors.empty()) return first_by_position(std::move(errors));
  return out;
}

Result<VerifiedBundle> verify_bundle(const ResultBundle& bundle, const KeyRegistry& registry) {
  return Verification(bundle, registry).verify();
}

}  // namespace sluis::governance
