// What the tests of this folder share: the example study and a registry, keys and decisions for all its
// owners. Tests only.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "governance/approval.h"
#include "governance/fields.h"
#include "relation/date.h"

namespace sluis::governance::test {

inline std::string example_bytes() {
  const auto bytes =
      read_file(std::string(SLUIS_SOURCE_DIR) + "/examples/schuld-pleegzorg/study.toml", kMaxStudyBytes);
  return bytes.ok() ? *bytes : std::string();
}

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  for (; at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}

// The example with its legal fields filled in.
inline std::string filled_bytes() {
  return replaced(replaced(example_bytes(), "; TE TOETSEN", ""), std::string(64, '0'), std::string(64, 'a'));
}

inline Study parsed(const std::string& bytes) {
  StudyParse parse = parse_study(bytes, "study.toml");
  for (const Error& error : parse.errors) ADD_FAILURE() << error.summary();
  return parse.study.value_or(Study{});
}

// "S1003 study.toml:1:1 [x]" of every error, one per line.
inline std::string summaries(const Errors& errors) {
  std::string out;
  for (const Error& error : errors) out += error.summary() + '\n';
  return out;
}
inline std::vector<std::string> ids(const Errors& errors) {
  std::vector<std::string> out;
  for (const Error& error : errors) out.push_back(error.id);
  return out;
}

inline bool has_id(const Errors& errors, const std::string& id) {
  for (const Error& error : errors)
    if (error.id == id) return true;
  return false;
}

inline crypto::SigningKey key_of(uint8_t a, uint8_t b) {
  std::array<uint8_t, 32> seed{};
  seed[0] = a;
  seed[1] = b;
  return crypto::SigningKey::from_seed(seed);
}
inline std::string public_hex(const crypto::SigningKey& key) { return to_hex(ByteSpan(key.public_key())); }
inline UnixTime at(const char* utc) { return parse_utc(utc).value(); }
inline std::string hash_ref(const std::string& of) { return sha256_ref(crypto::sha256(of)); }

// Every owner of the study with one advisor (key i, 1), one decider (key i, 2); three nodes (key 200, party);
// the research organisation.
inline std::string registry_text(const Study& study) {
  std::string out = "format = \"sluis-registry/1\"\nserial = 3\n";
  const auto organisation = [&](const std::string& oin, const std::string& kind, const std::string& code,
                                const std::string& name) {
    out += "[[organisation]]\noin = \"" + oin + "\"\nkind = \"" + kind + "\"\nname = \"" + name + "\"\n";
    if (!code.empty()) out += "code = \"" + code + "\"\n";
    out += "tls_spki = \"" + hash_ref(oin) + "\"\n";
  };
  const auto person = [&](const std::string& name, const std::string& oin, const char* role, uint8_t a,
                          uint8_t b) {
    out += "[[person]]\npseudonym = \"" + name + "\"\norganisation = \"" + oin + "\"\nrole = \"" + role +
           "\"\nkey = \"ed25519:" + public_hex(key_of(a, b)) +
           "\"\nvalid_from = 2026-01-01\nvalid_until = 2028-01-01\n";
  };
  organisation("00000099000000001000", "onderzoek", "", "Regio X");
  for (size_t i = 0; i < study.participation.invited.size(); ++i) {
    const InvitedOwner& owner = study.participation.invited[i];
    organisation(owner.oin, owner.kind, owner.code, owner.name);
    person("fg" + std::to_string(i), owner.oin, "advisor", static_cast<uint8_t>(i), 1);
    person("manager" + std::to_string(i), owner.oin, "decider", static_cast<uint8_t>(i), 2);
  }
  for (uint8_t party = 0; party < 3; ++party) {
    const std::string oin = "0000009900000000900" + std::to_string(party);
    organisation(oin, "knooppunt", "", "Knooppunt " + std::to_string(party));
    out += "[[node]]\nname = \"node-" + std::to_string(party) + "\"\nparty = " + std::to_string(party) +
           "\noperator = \"" + oin + "\"\naddress = \"127.0.0.1:7" + std::to_string(party) +
           "01\"\nowner_address = \"127.0.0.1:7" + std::to_string(party) + "02\"\ntls_spki = \"" +
           hash_ref("node" + oin) + "\"\nreceipt_key = \"ed25519:" + public_hex(key_of(200, party)) + "\"\n";
  }
  return out;
}

inline KeyRegistry registry_for(const Study& study) {
  RegistryParse parse = parse_registry(registry_text(study), "registry.toml");
  EXPECT_EQ(summaries(parse.errors), "");
  return parse.registry.value_or(KeyRegistry{});
}

// All owners of one study, and what they would sign.
struct World {
  std::string bytes;
  Study study;
  KeyRegistry registry;
  ApprovalFacts facts;

  explicit World(const std::string& study_bytes = filled_bytes())
      : bytes(study_bytes), study(parsed(study_bytes)), registry(registry_for(study)) {
    facts.study = &study;
    facts.study_bytes = bytes;
    facts.registry = &registry;
    facts.now = at("2026-11-25T12:00:00Z");
  }
  World(const World&) = delete;

  const OwnerPolicy* policy_of(size_t owner) const {
    for (const OwnerPolicy& policy : facts.policies)
      if (policy.owner == study.participation.invited[owner].oin) return &policy;
    return nullptr;
  }

  Decision draft(size_t owner, DecisionRole role, Answer answer) const {
    Decision out;
    out.study = study.name;
    out.owner = study.participation.invited[owner].oin;
    out.role = role;
    out.answer = answer;
    out.on_behalf_of = "college";
    out.person = (role == DecisionRole::kAdvice ? "fg" : "manager") + std::to_string(owner);
    if (answer != Answer::kAgree && answer != Answer::kApprove) out.reasons = "omdat";
    std::vector<const OwnerPolicy*> own;
    if (policy_of(owner) != nullptr) own.push_back(policy_of(owner));
    out.effective_policy = effective_policy(study, own).hash();
    out.page_seen = crypto::sha256("page");
    out.engine_seen = "sluis 1.0.3 " + hash_ref("program");
    out.time = at(role == DecisionRole::kAdvice ? "2026-11-20T10:00:00Z" : "2026-11-20T14:00:00Z");
    out.expires = relation::parse_iso_date("2027-03-01").value();
    if (role == DecisionRole::kAdvice) return out;
    out.mandate = "mandaatregister 2026, nr 31";
    for (const StudyTable& table : study.tables)
      if (table.owners == study.participation.invited[owner].kind)
        out.tables.push_back({table.name, "2026-10-01"});
    return out;
  }

  SignedDecision sign(size_t owner, const Decision& decision) const {
    return sign_decision(decision,
                         key_of(static_cast<uint8_t>(owner), decision.role == DecisionRole::kAdvice ? 1 : 2));
  }
  // Adds signed advice; returns its hash.
  crypto::Digest advise(size_t owner, Answer answer = Answer::kAgree) {
    facts.decisions.push_back(sign(owner, draft(owner, DecisionRole::kAdvice, answer)));
    return facts.decisions.back().hash;
  }
  Decision approval(size_t owner, const crypto::Digest& advice) const {
    Decision out = draft(owner, DecisionRole::kDecision, Answer::kApprove);
    out.advice = advice;
    return out;
  }
  void add(size_t owner, const Decision& decision) { facts.decisions.push_back(sign(owner, decision)); }
  // Advice, yes, and delivered tables.
  void approve(size_t owner) {
    const Decision yes = approval(owner, advise(owner));
    add(owner, yes);
    deliver(owner);
  }
  void deliver(size_t owner) {
    for (const TableChoice& choice : draft(owner, DecisionRole::kDecision, Answer::kApprove).tables)
      facts.tables.push_back({choice.table, choice.version, study.participation.invited[owner].oin, false});
  }
  void approve_all(size_t except = 1000) {
    for (size_t i = 0; i < study.participation.invited.size(); ++i)
      if (i != except) approve(i);
  }
  Approval evaluate() const { return governance::evaluate(facts); }
};

}  // namespace sluis::governance::test
