#include "apps/own.h"

#include <filesystem>

#include "base/bytes.h"

namespace sluis::apps {

Result<std::unique_ptr<Own>> load_own(const Context& context) {
  auto own = std::make_unique<Own>();
  SLUIS_ASSIGN(own->network, client::load_network(context.network));
  SLUIS_ASSIGN(own->identity, client::load_identity(context.identity, own->network));
  return own;
}

Result<client::Nodes> connect_nodes(const Context& context, const Own& own) {
  return client::Nodes::connect(own.network, own.identity, context.timeout_s);
}

Result<Session> open_session(const Context& context) {
  Session session;
  SLUIS_ASSIGN(session.own, load_own(context));
  SLUIS_ASSIGN(session.nodes, connect_nodes(context, *session.own));
  return session;
}

StudyFileParse read_study_file(const std::string& path) {
  StudyFileParse out;
  Result<std::string> bytes = read_file(path, governance::kMaxStudyBytes);
  if (!bytes) return {std::nullopt, {bytes.error()}};
  governance::StudyParse parsed = governance::parse_study(*bytes, path);
  if (!parsed.study) return {std::nullopt, std::move(parsed.errors)};
  out.file = StudyFile{path, std::move(*bytes), std::move(*parsed.study)};
  return out;
}

Result<crypto::SigningKey> load_signing_key(const Context& context, const Args& args) {
  if (args.has("key")) return crypto::SigningKey::load(args.get("key"));
  std::vector<std::string> found;
  std::error_code fault;
  for (const auto& entry : std::filesystem::directory_iterator(context.identity, fault))
    if (entry.path().extension() == ".key" && entry.path().filename() != "tls.key")
      found.push_back(entry.path().string());
  if (found.size() != 1) return usage_error("S1056.key", {});
  return crypto::SigningKey::load(found.front());
}

}  // namespace sluis::apps
