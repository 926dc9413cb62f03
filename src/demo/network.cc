#include "demo/network.h"

#include <chrono>
#include <filesystem>
#include <thread>

#include "base/bytes.h"
#include "crypto/signature.h"
#include "net/tcp.h"
#include "net/tls_identity.h"
#include "relation/date.h"

namespace sluis::demo {
namespace {

namespace fs = std::filesystem;

// A port that is free now. Another program could take it before the node does; the demo then says that the
// node did not start.
Result<uint16_t> free_port() {
  SLUIS_ASSIGN(const net::Fd listener, net::listen_tcp("127.0.0.1", 0));
  return net::local_port(listener);
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

int64_t today() {
  const auto days =
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()).time_since_epoch().count();
  return days + *relation::day_number(1970, 1, 1);
}

}  // namespace

Result<std::unique_ptr<Network>> Network::create(const std::string& root, const std::string& program,
                                                 const Region& region) {
  std::unique_ptr<Network> network(new Network);
  network->root_ = root;
  network->program_ = program;
  fs::create_directories(root + "/network/certificates");
  fs::create_directories(root + "/nodes");
  fs::create_directories(root + "/who");
  SLUIS_TRY(network->make_nodes());
  SLUIS_TRY(network->make_people(region));
  SLUIS_TRY(network->write_registry(region));
  return network;
}

Status Network::make_nodes() {
  for (int party = 0; party < 3; ++party) {
    const auto at = static_cast<size_t>(party);
    SLUIS_ASSIGN(ports_[at], free_port());
    SLUIS_ASSIGN(peer_ports_[at], free_port());
    const std::string directory = node_directory(party);
    const Output made = run({program_, "node", "init", directory, "--name", kNames[at], "--party",
                             std::to_string(party), "--listen", "127.0.0.1:" + std::to_string(ports_[at]),
                             "--peer-listen", "127.0.0.1:" + std::to_string(peer_ports_[at]), "--quiet"});
    if (made.code != 0) return Error{"S1061.node", {kNames[at]}, "", 0, 0, Exit::kInternal};
    node_facts_[at] = made.text;
    fs::copy_file(directory + "/tls.pem", root_ + "/network/certificates/" + kNames[at] + ".pem");
    fs::create_directory_symlink(fs::absolute(root_ + "/network"), directory + "/network");
  }
  // Owners reach node A through the tap.
  relay_ = std::make_unique<Relay>(ports_[0], wire_file());
  return {};
}

Status Network::make_people(const Region& region) {
  const std::string from = relation::date_text(today() - 30);
  const std::string until = relation::date_text(today() + 365);
  const auto organisation = [&](const std::string& oin, const char* kind, const std::string& code,
                                const std::string& name, const std::vector<const char*>& roles) -> Status {
    const std::string directory = identity(oin);
    fs::create_directories(directory);
    const net::Identity tls = net::generate_identity(name);
    SLUIS_TRY(net::save_identity(tls, directory + "/tls.key", directory + "/tls.pem"));
    fs::copy_file(directory + "/tls.pem", root_ + "/network/certificates/" + oin + ".pem");
    people_.push_back("[[organisation]]\noin      = " + quoted(oin) + "\nkind     = " + quoted(kind) +
                      (code.empty() ? "" : "\ncode     = " + quoted(code)) + "\nname     = " + quoted(name) +
                      "\ntls_spki = " + quoted("sha256:" + crypto::to_hex(tls.fingerprint)) + "\n");
    for (const char* role : roles) {
      const crypto::SigningKey key = crypto::SigningKey::generate();
      SLUIS_TRY(key.save(directory + "/" + role + ".key"));
      people_.push_back("[[person]]\npseudonym    = " + quoted(to_hex(ByteSpan(key.public_key()).first(2))) +
                        "\norganisation = " + quoted(oin) + "\nrole         = " + quoted(role) +
                        "\nkey          = " + quoted("ed25519:" + to_hex(key.public_key())) +
                        "\nvalid_from   = " + from + "\nvalid_until  = " + until + "\n");
    }
    return {};
  };
  SLUIS_TRY(organisation(kApplicant, "onderzoek", "", "Regio X", {"analyst"}));
  for (const Municipality& m : region.municipalities)
    SLUIS_TRY(organisation(m.oin, "gemeente", m.code, m.name, {"advisor", "decider"}));
  for (const Provider& p : region.providers)
    SLUIS_TRY(organisation(p.oin, "jeugdhulpaanbieder", p.code, p.name, {"advisor", "decider"}));
  return {};
}

Status Network::write_registry(const Region&) {
  std::string text = "format = \"sluis-registry/1\"\nserial = 1\n\n";
  for (const std::string& table : people_) text += table + "\n";
  for (size_t party = 0; party < 3; ++party) {
    const std::string oin = "0000009900000000900" + std::to_string(party);
    text += "[[organisation]]\noin  = " + quoted(oin) +
            "\nkind = \"knooppunt\"\nname = " + quoted("Beheerder " + std::string(kNames[party])) +
            "\n\n[[node]]\nname          = " + quoted(kNames[party]) +
            "\nparty         = " + std::to_string(party) + "\noperator      = " + quoted(oin) +
            "\naddress       = \"127.0.0.1:" + std::to_string(peer_ports_[party]) +
            "\"\nowner_address = \"127.0.0.1:" + std::to_string(party == 0 ? relay_->port() : ports_[party]) +
            "\"\n" + node_facts_[party] + "\n";
  }
  return write_file(root_ + "/network/registry.toml", text, 0644);
}

Status Network::start() {
  for (int party = 0; party < 3; ++party) SLUIS_TRY(start_node(party));
  return {};
}

Status Network::start_node(int party) {
  const auto at = static_cast<size_t>(party);
  nodes_[at] = std::make_unique<Daemon>(
      std::vector<std::string>{program_, "node", "serve", "--config", node_directory(party) + "/node.toml"},
      node_log(party));
  const net::Deadline deadline = net::deadline_in(20'000);
  while (net::Clock::now() < deadline) {
    if (net::connect_tcp("127.0.0.1", ports_[at], net::deadline_in(200))) return {};
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return Error{"S1301.unreachable", {kNames[at]}, node_log(party), 0, 0, Exit::kPeerUnreachable};
}

}  // namespace sluis::demo
