#include "client/receipts.h"

namespace sluis::client {
namespace {

constexpr size_t kMaxListBytes = 64 << 20;
constexpr size_t kMaxReceipts = 1000;

}  // namespace

Result<std::vector<ErasureReceipt>> read_erasure_receipts(ByteSpan body, const std::string& node,
                                                          const governance::KeyRegistry& registry) {
  SLUIS_ASSIGN(const JsonValue value,
               parse_json(as_text(body), {.max_bytes = kMaxListBytes, .max_token_bytes = 64 * 1024}));
  Errors errors;
  JsonReader json(value, "", "", errors);
  std::vector<ErasureReceipt> out;
  for (const JsonValue* item : json.objects("receipts", kMaxReceipts)) {
    JsonReader one = json.item(*item, "receipts");
    ErasureReceipt receipt;
    receipt.statement = one.text("statement", governance::kMaxErasureBytes);
    receipt.signature = one.text("signature", 4096);
    one.finish();
    out.push_back(std::move(receipt));
  }
  json.finish();
  if (!errors.empty()) return errors.front();
  for (ErasureReceipt& receipt : out) {
    SLUIS_ASSIGN(receipt.erasure, governance::verify_erasure(receipt.statement, receipt.signature, registry));
    if (receipt.erasure.node != node)
      return Error{"S1303.erasure", {receipt.erasure.node}, "", 0, 0, Exit::kProtocolAbort};
  }
  return out;
}

Result<std::vector<ErasureReceipt>> fetch_erasure_receipts(NodeClient& node,
                                                           const governance::KeyRegistry& registry) {
  SLUIS_ASSIGN(const Answer answer, node.call("receipt.list"));
  return read_erasure_receipts(answer.body, node.name(), registry);
}

}  // namespace sluis::client
