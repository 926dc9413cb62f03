#include "node/erasure_receipts.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "governance/erasure.h"

namespace sluis::node {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxListed = 1000;
constexpr size_t kMaxReceiptFile = 2 * governance::kMaxErasureBytes;

std::string directory_of(const NodeState& state) { return state.config.data + "/receipts"; }

// A kept receipt, as the node wrote it.
struct Kept {
  int64_t time = 0;
  std::string owner, statement, signature;
};

// Nothing for a file that is no receipt: one damaged file hides no other.
std::optional<Kept> read_kept(const std::string& file) {
  const Result<std::string> text = read_file(file, kMaxReceiptFile);
  if (!text) return std::nullopt;
  const Result<JsonValue> json = parse_json(*text);
  if (!json) return std::nullopt;
  const JsonValue *statement = json->find("statement"), *signature = json->find("signature");
  if (statement == nullptr || signature == nullptr) return std::nullopt;
  const Result<governance::Erasure> erasure = governance::parse_erasure(statement->text, file);
  if (!erasure) return std::nullopt;
  return Kept{erasure->time, erasure->owner, statement->text, signature->text};
}

}  // namespace

Result<Reply> write_erasure_receipt(NodeState& state, const wire::TableUpload& upload, int64_t now) {
  const std::string text = governance::erasure_text(
      {state.config.name, upload.table, upload.version, upload.owner, upload.commitment(), now});
  SLUIS_ASSIGN(const crypto::SigningKey key, crypto::SigningKey::load(state.config.receipt_key));
  SLUIS_TRY(audit(
      state, {0, "table.erased", "oin:" + upload.owner, "table:" + upload.table + "@" + upload.version, {}}));
  JsonWriter json;
  json.begin_object().member("statement", text);
  json.member("signature",
              governance::signature_text(governance::kErasureKind,
                                         governance::sign_file(governance::kErasureKind, text, key)));
  json.end_object();
  Reply reply{json.take(), {}};
  std::error_code ignored;
  fs::create_directories(directory_of(state), ignored);
  SLUIS_TRY(
      write_file(directory_of(state) + "/" + crypto::to_hex(upload.commitment()) + ".json", reply.data));
  return reply;
}

Result<Reply> list_receipts(Call& call) {
  std::vector<Kept> own;
  std::error_code fault;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory_of(call.state), fault)) {
    std::optional<Kept> kept = read_kept(entry.path().string());
    if (kept && kept->owner == call.caller.oin) own.push_back(std::move(*kept));
  }
  std::sort(own.begin(), own.end(), [](const Kept& a, const Kept& b) {
    return std::tie(a.time, a.statement) < std::tie(b.time, b.statement);
  });
  JsonWriter json;
  json.begin_object().key("receipts").begin_array();
  for (size_t i = own.size() - std::min(own.size(), kMaxListed); i < own.size(); ++i)
    json.begin_object()
        .member("statement", own[i].statement)
        .member("signature", own[i].signature)
        .end_object();
  json.end_array().end_object();
  const std::string body = json.take();
  const ByteSpan view = as_bytes(body);
  return Reply{"{}", Bytes(view.begin(), view.end())};
}

}  // namespace sluis::node
