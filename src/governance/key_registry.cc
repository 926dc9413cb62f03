#include "governance/key_registry.h"

#include <algorithm>
#include <map>
#include <set>

#include "governance/fields.h"
#include "governance/signed_file.h"
#include "governance/study_parse.h"
#include "governance/toml_document.h"
#include "relation/date.h"

namespace sluis::governance {
namespace {

using study_parts::demand_form;

constexpr const char* kFormat = "sluis-registry/1";
constexpr const char* kRoles[] = {"steward", "advisor", "decider", "analyst", "auditor"};

std::optional<crypto::Digest> read_spki(TomlReader& reader, bool required) {
  if (!required && !reader.has("tls_spki")) return reader.find("tls_spki"), std::nullopt;
  const std::string text = reader.text("tls_spki", 100);
  const std::optional<crypto::Digest> digest = parse_sha256_ref(text);
  if (!digest && !text.empty())
    reader.fault("S1005.form", {reader.path("tls_spki"), "sha256:<64 x 0-9a-f>"}, reader.at("tls_spki"));
  return digest;
}

crypto::PublicKey read_key(TomlReader& reader, std::string_view key) {
  const std::string text = reader.text(key, 100);
  const bool shaped = text.starts_with("ed25519:") && is_lower_hex(std::string_view(text).substr(8), 64);
  const std::optional<crypto::PublicKey> parsed =
      shaped ? crypto::parse_public_key(std::string_view(text).substr(8)) : std::nullopt;
  if (!parsed && !text.empty())
    reader.fault("S1005.form", {reader.path(key), "ed25519:<64 x 0-9a-f>"}, reader.at(key));
  return parsed.value_or(crypto::PublicKey{});
}

int64_t read_day(TomlReader& reader, std::string_view key) {
  const CalendarDate date = reader.date(key);
  return relation::day_number(date.year, date.month, date.day).value_or(0);
}

Organisation read_organisation(TomlReader reader) {
  Organisation out;
  out.at = reader.value().at;
  out.oin = reader.text("oin");
  demand_form(reader, "oin", out.oin, is_oin, "<20 x 0-9>");
  out.kind = reader.choice("kind", {"gemeente", "jeugdhulpaanbieder", "onderzoek", "knooppunt"});
  if (study_parts::is_owner_kind(out.kind)) out.code = reader.text("code", 20);
  out.name = reader.text("name", 200);
  out.tls_spki = read_spki(reader, false);
  reader.finish();
  return out;
}

Person read_person(TomlReader reader) {
  Person out;
  out.at = reader.value().at;
  out.pseudonym = reader.text("pseudonym", 63);
  demand_form(reader, "pseudonym", out.pseudonym, is_slug, "[a-z0-9-]");
  out.oin = reader.text("organisation");
  demand_form(reader, "organisation", out.oin, is_oin, "<20 x 0-9>");
  const std::string role = reader.choice("role", {"steward", "advisor", "decider", "analyst", "auditor"});
  for (size_t i = 0; i < std::size(kRoles); ++i)
    if (role == kRoles[i]) out.role = static_cast<PersonRole>(i);
  out.key = read_key(reader, "key");
  out.fingerprint = key_fingerprint(out.key);
  out.valid_from = read_day(reader, "valid_from");
  out.valid_until = read_day(reader, "valid_until");
  if (out.valid_until <= out.valid_from)
    reader.fault("S1034.dates", {reader.path("valid_from"), reader.path("valid_until")},
                 reader.at("valid_until"));
  if (reader.has("revoked")) out.revoked = read_day(reader, "revoked");
  reader.finish();
  return out;
}

bool is_address(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || text.size() > 260) return false;
  const std::string_view port = text.substr(colon + 1);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto in_host = [&](char c) {
    return digit(c) || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
  };
  if (port.empty() || port.size() > 5 || port[0] == '0' || !std::all_of(port.begin(), port.end(), digit))
    return false;
  const std::string_view host = text.substr(0, colon);
  return std::stoi(std::string(port)) <= 65535 && std::all_of(host.begin(), host.end(), in_host);
}

NodeEntry read_node(TomlReader reader) {
  NodeEntry out;
  out.at = reader.value().at;
  out.name = reader.text("name", 63);
  demand_form(reader, "name", out.name, is_slug, "[a-z0-9-]");
  out.party = static_cast<int>(reader.integer("party", 0, 2));
  out.operator_oin = reader.text("operator");
  demand_form(reader, "operator", out.operator_oin, is_oin, "<20 x 0-9>");
  out.address = reader.text("address");
  demand_form(reader, "address", out.address, is_address, "host:port");
  out.owner_address = reader.text("owner_address");
  demand_form(reader, "owner_address", out.owner_address, is_address, "host:port");
  out.tls_spki = read_spki(reader, true).value_or(crypto::Digest{});
  out.receipt_key = read_key(reader, "receipt_key");
  reader.finish();
  return out;
}

class RegistryReader {
 public:
  RegistryReader(TomlReader& root, KeyRegistry& out) : root_(root), out_(out) {}

  void read() {
    out_.serial = root_.integer("serial", 1, 1'000'000'000);
    for (const TomlValue* item : root_.tables("organisation", 1, 2000)) {
      out_.organisations.push_back(read_organisation(root_.item(*item, "organisation")));
      add_organisation(out_.organisations.back());
    }
    for (const TomlValue* item : root_.tables("person", 0, 10'000)) {
      out_.persons.push_back(read_person(root_.item(*item, "person")));
      add_person(out_.persons.back());
    }
    const auto nodes = root_.tables("node", 3, 3);
    for (const TomlValue* item : nodes) add_node(read_node(root_.item(*item, "node")));
    root_.finish();
  }

 private:
  void once(std::set<std::string>& seen, const std::string& text, const char* key, Position at) {
    if (!text.empty() && !seen.insert(text).second) root_.fault("S1008.twice", {key, text}, at);
  }
  void demand_organisation(const std::string& oin, const char* key, Position at) {
    if (!oin.empty() && !oins_.contains(oin)) root_.fault("S1035.organisation", {key, oin}, at);
  }

  void add_organisation(const Organisation& organisation) {
    once(oins_, organisation.oin, "organisation.oin", organisation.at);
    once(codes_, organisation.code, "organisation.code", organisation.at);
    if (organisation.tls_spki) once(tls_, sha256_ref(*organisation.tls_spki), "tls_spki", organisation.at);
  }

  // A key tells one person: two entries with one key are two roles of the same person at the same
  // organisation.
  void add_person(const Person& person) {
    demand_organisation(person.oin, "person.organisation", person.at);
    const std::string key = to_hex(ByteSpan(person.key));
    const std::string owner = person.oin + '/' + person.pseudonym;
    const auto [entry, fresh] = key_owner_.emplace(key, owner);
    if (!fresh && entry->second != owner) root_.fault("S1035.key", {person.pseudonym}, person.at);
    once(roles_, owner + '/' + person_role_name(person.role) + '/' + key, "person", person.at);
  }

  void add_node(NodeEntry node) {
    demand_organisation(node.operator_oin, "node.operator", node.at);
    once(node_names_, node.name, "node.name", node.at);
    once(parties_, std::to_string(node.party), "node.party", node.at);
    once(operators_, node.operator_oin, "node.operator", node.at);
    once(tls_, sha256_ref(node.tls_spki), "tls_spki", node.at);
    const std::string key = to_hex(ByteSpan(node.receipt_key));
    if (!key_owner_.emplace(key, "node/" + node.name).second) root_.fault("S1035.key", {node.name}, node.at);
    const auto party = static_cast<size_t>(node.party);
    out_.nodes[party] = std::move(node);
  }

  TomlReader& root_;
  KeyRegistry& out_;
  std::set<std::string> oins_, codes_, tls_, roles_, node_names_, parties_, operators_;
  std::map<std::string, std::string> key_owner_;
};

}  // namespace

const char* person_role_name(PersonRole role) { return kRoles[static_cast<size_t>(role)]; }

const Organisation* KeyRegistry::find_organisation(std::string_view oin) const {
  for (const Organisation& organisation : organisations)
    if (organisation.oin == oin) return &organisation;
  return nullptr;
}

const Organisation* KeyRegistry::find_by_tls(const crypto::Digest& spki) const {
  for (const Organisation& organisation : organisations)
    if (organisation.tls_spki == spki) return &organisation;
  return nullptr;
}

std::vector<const Person*> KeyRegistry::find_by_key(const crypto::Digest& key) const {
  std::vector<const Person*> out;
  for (const Person& person : persons)
    if (person.fingerprint == key) out.push_back(&person);
  return out;
}

RegistryParse parse_registry(std::string_view bytes, std::string_view file) {
  auto [registry, errors] = read_toml_document(bytes, file, kFormat, [&](TomlReader& root) {
    KeyRegistry out;
    RegistryReader(root, out).read();
    out.hash = crypto::sha256(bytes);
    return out;
  });
  return {std::move(registry), std::move(errors)};
}

}  // namespace sluis::governance
