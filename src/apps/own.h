// What commands that talk to nodes need: network, identity, connections; and how they find a study.
#pragma once

#include <memory>

#include "apps/cli.h"
#include "client/network.h"
#include "governance/study.h"

namespace sluis::apps {

// --network and --identity, loaded. Errors: S1056.network and those of the parts.
struct Own {
  client::Network network;
  client::OwnIdentity identity;
};
Result<std::unique_ptr<Own>> load_own(const Context& context);
Result<client::Nodes> connect_nodes(const Context& context, const Own& own);

// Both in one: what a command that talks to all three nodes starts with.
struct Session {
  std::unique_ptr<Own> own;
  std::optional<client::Nodes> nodes;
};
Result<Session> open_session(const Context& context);

// A study file, parsed; all its faults.
struct StudyFile {
  std::string path, bytes;
  governance::Study study;
};
struct StudyFileParse {
  std::optional<StudyFile> file;
  Errors errors;
};
StudyFileParse read_study_file(const std::string& path);

// A person's signing key: --key FILE, or the only *.key beside the identity other than tls.key. Errors:
// S1056.key, S1090.*.
Result<crypto::SigningKey> load_signing_key(const Context& context, const Args& args);

}  // namespace sluis::apps
