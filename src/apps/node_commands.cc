// sluis node: init, serve, check-config, and (hidden) job.
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <filesystem>

#include "apps/commands.h"
#include "apps/program.h"
#include "base/bytes.h"
#include "crypto/random.h"
#include "node/job.h"
#include "node/retention.h"
#include "node/server.h"

namespace sluis::apps {
namespace {

using Kind = OptionSpec::Kind;

// Blocks the signals that end a daemon in all threads and waits for one of them.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
  }
  // True when a signal came within the time.
  bool wait_for(int seconds) {
    const timespec time{seconds, 0};
    return sigtimedwait(&set_, nullptr, &time) >= 0;
  }

 private:
  sigset_t set_;
};

Exit serve(Context& context, const Args& args) {
  StopSignals signals;
  ::prctl(PR_SET_DUMPABLE, 0);  // no core dump with shares or keys in it
  Result<std::unique_ptr<node::NodeState>> state = node::load_state(args.get("config"), node::Role::kDaemon);
  if (!state) return fail(context, state.error());
  (*state)->program = program_path();
  (*state)->program_name = program_name();
  const std::string name = (*state)->config.name;
  Result<std::unique_ptr<node::Server>> server = node::Server::start(std::move(*state));
  if (!server) return fail(context, server.error());
  context.print(context.tr(
      "node.serving", {name, std::to_string((*server)->port()), std::to_string((*server)->peer_port())}));
  std::fflush(stdout);
  // Once an hour, and at the start: shares whose time is up are erased.
  do {
    const Result<int> erased = node::erase_expired((*server)->state(), node::unix_now());
    if (!erased) std::fputs((erased.error().summary() + "\n").c_str(), stderr);
  } while (!signals.wait_for(3600));
  (*server)->stop();
  (*server)->wait();
  return Exit::kOk;
}

Exit job(Context&, const Args& args) {
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
  return static_cast<Exit>(node::run_job(args.get("config"), args.get("run"), program_name()));
}

Exit check_config(Context& context, const Args& args) {
  const Result<std::string> bytes = read_file(args.get("config"), kMaxTomlBytes);
  if (!bytes) return fail(context, bytes.error());
  const node::ConfigParse parsed = node::parse_config(*bytes, args.get("config"));
  if (!parsed.config) return fail(context, parsed.errors);
  const Result<std::unique_ptr<node::NodeState>> state =
      node::load_state(args.get("config"), node::Role::kJob);
  if (!state) return fail(context, state.error());
  context.print(context.tr("node.config_ok", {parsed.config->name, std::to_string(parsed.config->party)}));
  return Exit::kOk;
}

// New keys and a configuration to fill in. Prints what the other operators need to enrol this node.
Status init_node(const Args& args, const std::string& directory, std::string& facts) {
  std::error_code fault;
  std::filesystem::create_directories(directory, fault);
  if (fault) return Error{"S1002.write", {fault.message()}, directory, 0, 0, Exit::kCheckFailed};
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all, fault);
  const net::Identity identity = net::generate_identity(args.get("name"));
  SLUIS_TRY(net::save_identity(identity, directory + "/tls.key", directory + "/tls.pem"));
  const crypto::SigningKey receipt = crypto::SigningKey::generate();
  SLUIS_TRY(receipt.save(directory + "/receipt.key"));
  SLUIS_TRY(
      write_file(directory + "/storage.key", to_hex(crypto::random_array<crypto::kSealKeyBytes>()) + "\n"));
  const std::string config =
      "format       = \"sluis-node/1\"\nname         = \"" + args.get("name") +
      "\"\nparty        = " + args.get("party") + "\nlisten       = \"" + args.get("listen") +
      "\"\npeer_listen  = \"" + args.get("peer-listen") +
      "\"\ndata         = \"data\"\nregistry     = \"network/registry.toml\"\ncertificates = "
      "\"network/certificates\"\ntls_key      = \"tls.key\"\ntls_certificate = \"tls.pem\"\n"
      "receipt_key  = \"receipt.key\"\nstorage_key  = \"storage.key\"\n";
  SLUIS_TRY(write_file(directory + "/node.toml", config));
  facts = "tls_spki = \"sha256:" + crypto::to_hex(identity.fingerprint) +
          "\"\nreceipt_key = \"ed25519:" + to_hex(receipt.public_key()) + "\"";
  return {};
}

Exit init(Context& context, const Args& args) {
  std::string facts;
  const Status done = init_node(args, args.get("directory"), facts);
  if (!done) return fail(context, done.error());
  context.print(facts);
  context.note(context.tr("node.init_next", {args.get("directory")}));
  return Exit::kOk;
}

}  // namespace

void add_node_commands(std::vector<CommandSpec>& commands) {
  const OptionSpec config{"config", Kind::kValue, true, ""};
  commands.push_back({"node",
                      "init",
                      {{"directory", Kind::kPositional, true, ""},
                       {"name", Kind::kValue, true, ""},
                       {"party", Kind::kValue, true, ""},
                       {"listen", Kind::kValue, false, "127.0.0.1:4430"},
                       {"peer-listen", Kind::kValue, false, "127.0.0.1:7443"}},
                      init});
  commands.push_back({"node", "serve", {config}, serve});
  commands.push_back({"node", "check-config", {config}, check_config});
  commands.push_back({"node", "job", {config, {"run", Kind::kValue, true, ""}}, job, true});
}

}  // namespace sluis::apps
