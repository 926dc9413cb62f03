#include "governance/erasure.h"

#include "base/json.h"
#include "governance/json_fields.h"

namespace sluis::governance {

std::string erasure_text(const Erasure& erasure) {
  JsonWriter out;
  out.begin_object().member("format", kErasureKind.purpose).member("node", erasure.node);
  out.member("table", erasure.table)
      .member("version", erasure.version)
      .member("owner", "oin:" + erasure.owner);
  out.member("commitment", sha256_ref(erasure.commitment))
      .member("time", utc_text(erasure.time))
      .end_object();
  return out.take() + "\n";
}

Result<Erasure> parse_erasure(std::string_view bytes, std::string_view file) {
  SLUIS_ASSIGN(const JsonValue root, parse_small_json(bytes, file, kMaxErasureBytes));
  Errors errors;
  JsonReader reader(root, "", std::string(file), errors);
  Erasure out;
  if (errors.empty() && has_format(reader, kErasureKind.purpose)) {
    out.node = reader.text("node", 63);
    out.table = reader.text("table", 63);
    if (!is_identifier(out.table)) reader.fault("S1005.form", {"table", "[a-z_][a-z0-9_]*"}, reader.value());
    out.version = reader.text("version", 63);
    out.owner = read_oin(reader, "owner");
    out.commitment = read_digest(reader, "commitment");
    out.time = read_time(reader, "time");
    reader.finish();
  }
  if (!errors.empty()) return first_by_position(std::move(errors));
  return out;
}

Result<Erasure> verify_erasure(std::string_view bytes, std::string_view signature,
                               const KeyRegistry& registry) {
  SLUIS_ASSIGN(Erasure erasure, parse_erasure(bytes, "erasure.json"));
  SLUIS_ASSIGN(const DetachedSignature detached,
               parse_signature_file(kErasureKind, signature, "erasure.sig"));
  for (const NodeEntry& node : registry.nodes)
    if (node.name == erasure.node && signature_holds(kErasureKind, bytes, detached, node.receipt_key))
      return erasure;
  return Error{"S1303.erasure", {erasure.node}, "", 0, 0, Exit::kProtocolAbort};
}

}  // namespace sluis::governance
