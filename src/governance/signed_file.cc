#include "governance/signed_file.h"

#include <algorithm>

#include "base/json.h"
#include "base/toml.h"
#include "governance/fields.h"
#include "governance/json_fields.h"

namespace sluis::governance {
namespace {

constexpr size_t kMaxSignatureBytes = 4096;

Bytes signed_message(const SignedKind& kind, const crypto::Digest& subject) {
  ByteWriter out;
  out.bytes(as_bytes(kind.purpose));
  out.u8('\n');
  out.bytes(ByteSpan(subject));
  return out.take();
}

}  // namespace

crypto::Digest key_fingerprint(const crypto::PublicKey& key) { return crypto::sha256(ByteSpan(key)); }

DetachedSignature sign_file(const SignedKind& kind, std::string_view bytes, const crypto::SigningKey& key) {
  DetachedSignature out;
  out.subject = crypto::sha256(bytes);
  out.key = key_fingerprint(key.public_key());
  out.value = key.sign(signed_message(kind, out.subject));
  return out;
}

bool signature_holds(const SignedKind& kind, std::string_view bytes, const DetachedSignature& signature,
                     const crypto::PublicKey& key) {
  return signature.subject == crypto::sha256(bytes) && signature.key == key_fingerprint(key) &&
         crypto::verify(key, signed_message(kind, signature.subject), signature.value);
}

std::string signature_text(const SignedKind& kind, const DetachedSignature& signature) {
  JsonWriter out;
  out.begin_object();
  out.member(kind.member, sha256_ref(signature.subject));
  out.member("kind", "ed25519");
  out.member("key", sha256_ref(signature.key));
  out.member("value", to_hex(ByteSpan(signature.value)));
  out.end_object();
  return out.take() + '\n';
}

Result<DetachedSignature> parse_signature_file(const SignedKind& kind, std::string_view text,
                                               std::string_view file) {
  SLUIS_ASSIGN(const JsonValue root, parse_small_json(text, file, kMaxSignatureBytes));
  Errors errors;
  JsonReader reader(root, "", std::string(file), errors);
  DetachedSignature out;
  out.subject = read_digest(reader, kind.member);
  reader.choice("kind", {"ed25519"});
  out.key = read_digest(reader, "key");
  const std::string value = reader.text("value", 128);
  const std::optional<crypto::Signature> parsed =
      is_lower_hex(value, 128) ? crypto::parse_signature(value) : std::nullopt;
  if (!parsed && !value.empty()) reader.fault("S1005.form", {"value", "<128 x 0-9a-f>"}, root);
  reader.finish();
  if (!errors.empty()) return first_by_position(std::move(errors));
  out.value = *parsed;
  return out;
}

}  // namespace sluis::governance
