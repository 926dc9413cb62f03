#include "client/results.h"

#include <algorithm>

#include "base/json.h"

namespace sluis::client {
namespace {

constexpr size_t kMaxNodePart = 128 << 20;
constexpr size_t kMaxShares = 1000;

// One node's {"facts","receipt","signature","shares"} into the bundle.
Status add_part(governance::ResultBundle& bundle, ByteSpan body, int party) {
  SLUIS_ASSIGN(const JsonValue value,
               parse_json(as_text(body), {.max_bytes = kMaxNodePart, .max_token_bytes = kMaxNodePart}));
  Errors errors;
  JsonReader json(value, "", "", errors);
  const std::string facts = json.text("facts", governance::kMaxFactsBytes);
  governance::SignedReceipt receipt;
  receipt.bytes = json.text("receipt", governance::kMaxReceiptBytes);
  const std::string signature = json.text("signature", 4096);
  for (const JsonValue* item : json.objects("shares", kMaxShares)) {
    JsonReader share = json.item(*item, "shares");
    governance::BundleShare part{share.text("output", 200), share.text("recipient", 20), party, {}};
    std::optional<Bytes> bytes = from_hex(share.text("share", 2 * governance::kMaxShareBytes));
    share.finish();
    if (bytes) part.bytes = std::move(*bytes);
    bundle.shares.push_back(std::move(part));
  }
  json.finish();
  if (!errors.empty()) return errors.front();
  if (party == 0) bundle.facts = facts;
  SLUIS_ASSIGN(receipt.signature,
               governance::parse_signature_file(governance::kReceiptKind, signature, "receipt.sig"));
  bundle.receipts.push_back(std::move(receipt));
  return {};
}

// A share file names its party, run, output and recipient itself: they must be those of the receipt.
Status check_share_names(const governance::ReceiptFacts& facts, const governance::ReceiptOutput& output,
                         const std::array<sharing::ResultShare, 3>& shares) {
  for (size_t party = 0; party < 3; ++party) {
    const sharing::ResultShare& share = shares[party];
    if (share.party == static_cast<int>(party) && share.run == facts.run &&
        share.layout.output == output.name && share.recipient == output.recipient)
      continue;
    Error error;
    error.id = "S1303.share";
    error.args = {output.name, std::to_string(party)};
    error.exit = Exit::kProtocolAbort;
    return error;
  }
  return {};
}

}  // namespace

Result<governance::ResultBundle> fetch_bundle(Nodes& nodes, const std::string& run,
                                              const std::string& study_sha, const std::string& addressee) {
  governance::ResultBundle bundle;
  for (int party = 0; party < 3; ++party) {
    SLUIS_ASSIGN(const Answer answer, nodes[party].call("result.get", [&](JsonWriter& json) {
      json.member("run", run);
      if (!addressee.empty()) json.member("for", addressee);
    }));
    SLUIS_TRY(add_part(bundle, answer.body, party));
  }
  if (!study_sha.empty()) {
    SLUIS_ASSIGN(const Answer answer,
                 nodes[0].call("study.get", [&](JsonWriter& json) { json.member("study", study_sha); }));
    bundle.study = std::string(as_text(answer.body));
  }
  return bundle;
}

Result<OpenedResult> open_bundle(const governance::ResultBundle& bundle,
                                 const governance::KeyRegistry& registry) {
  SLUIS_ASSIGN(const governance::VerifiedBundle verified, governance::verify_bundle(bundle, registry));
  OpenedResult opened;
  opened.facts = verified.facts;
  opened.study = bundle.study;
  opened.names = names_of(registry);
  for (const governance::Receipt& receipt : verified.receipts) {
    const governance::NodeEntry& node = registry.nodes[static_cast<size_t>(receipt.party)];
    opened.signed_by.push_back(receipt.node);
    opened.keys.push_back(crypto::to_hex(governance::key_fingerprint(node.receipt_key)));
    opened.program = receipt.program;
    opened.time = std::max(opened.time, receipt.time);
  }
  for (const governance::VerifiedOutput& output : verified.outputs) {
    std::array<sharing::ResultShare, 3> shares;
    for (size_t party = 0; party < 3; ++party) {
      SLUIS_ASSIGN(shares[party], sharing::decode_result_share(output.shares[party]));
    }
    SLUIS_TRY(check_share_names(verified.facts, output.output, shares));
    SLUIS_ASSIGN(sharing::ReleasedTable table, sharing::combine_results(shares));
    opened.tables.push_back(std::move(table));
  }
  return opened;
}

}  // namespace sluis::client
