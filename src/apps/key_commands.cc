// sluis key: new, show.
#include <filesystem>

#include "apps/commands.h"
#include "base/bytes.h"
#include "crypto/signature.h"
#include "governance/fields.h"
#include "governance/signed_file.h"
#include "net/tls_identity.h"

namespace sluis::apps {
namespace {

using Kind = OptionSpec::Kind;

// `sluis key new DIR --organisation NAME`: the organisation's TLS identity; `--person PSEUDONYM`: a person's
// signing key beside it.
Exit make(Context& context, const Args& args) {
  const std::string directory = args.get("directory");
  std::error_code fault;
  std::filesystem::create_directories(directory, fault);
  if (fault)
    return fail(context, Error{"S1002.write", {fault.message()}, directory, 0, 0, Exit::kCheckFailed});
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all, fault);
  if (!args.has("organisation") && !args.has("person")) return fail(context, usage_error("S1051.key", {}));
  if (args.has("organisation")) {
    const net::Identity identity = net::generate_identity(args.get("organisation"));
    const Status saved = net::save_identity(identity, directory + "/tls.key", directory + "/tls.pem");
    if (!saved) return fail(context, saved.error());
    context.print("tls_spki = \"sha256:" + crypto::to_hex(identity.fingerprint) + "\"");
  }
  if (args.has("person")) {
    const crypto::SigningKey key = crypto::SigningKey::generate();
    const Status saved = key.save(directory + "/" + args.get("person") + ".key");
    if (!saved) return fail(context, saved.error());
    context.print("key = \"ed25519:" + to_hex(key.public_key()) + "\"");
  }
  context.note(context.tr("key.next"));
  return Exit::kOk;
}

// `tls.pem`, or the certificate beside `tls.key`: what a key registry holds of it.
Result<net::CertificateInfo> certificate_of(const std::string& file) {
  const std::string pem = std::filesystem::path(file).replace_extension(".pem").string();
  SLUIS_ASSIGN(const std::string text, read_file(pem, 64 * 1024));
  return net::inspect_certificate(text);
}

Exit show(Context& context, const Args& args) {
  const std::filesystem::path path(args.get("file"));
  if (path.extension() == ".pem" || path.filename() == "tls.key") {
    const Result<net::CertificateInfo> certificate = certificate_of(path.string());
    if (!certificate) return fail(context, certificate.error());
    context.print("tls_spki = \"sha256:" + crypto::to_hex(certificate->fingerprint) + "\"");
    context.print(certificate->name + "  " + governance::utc_text(certificate->not_before) + " – " +
                  governance::utc_text(certificate->not_after));
    return Exit::kOk;
  }
  const Result<crypto::SigningKey> key = crypto::SigningKey::load(args.get("file"));
  if (!key) return fail(context, key.error());
  context.print("key = \"ed25519:" + to_hex(key->public_key()) + "\"");
  context.print("sha256:" + crypto::to_hex(governance::key_fingerprint(key->public_key())));
  return Exit::kOk;
}

}  // namespace

void add_key_commands(std::vector<CommandSpec>& commands) {
  commands.push_back({"key",
                      "new",
                      {{"directory", Kind::kPositional, true, ""},
                       {"organisation", Kind::kValue, false, ""},
                       {"person", Kind::kValue, false, ""}},
                      make});
  commands.push_back({"key", "show", {{"file", Kind::kPositional, true, ""}}, show});
}

}  // namespace sluis::apps
