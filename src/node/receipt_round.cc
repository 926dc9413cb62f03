#include "node/receipt_round.h"

#include <algorithm>

#include "base/bytes.h"
#include "crypto/random.h"
#include "governance/receipt.h"
#include "node/result_files.h"
#include "sql/plan_text.h"

namespace sluis::node {
namespace {

constexpr uint32_t kShareDigests = 0x5000'0002;
constexpr uint32_t kFactsDigest = 0x5000'0003;

// Every party's digests, by party, in the order of the shares.
std::array<Bytes, 3> exchange(net::Mesh& mesh, uint32_t operation, const Bytes& own) {
  std::array<Bytes, 3> all;
  const int party = mesh.party();
  all[static_cast<size_t>(party)] = own;
  for (const net::Neighbour to : net::kBothNeighbours) mesh.send(to, operation, ByteSpan(own));
  for (const net::Neighbour from : net::kBothNeighbours) {
    Bytes& other = all[static_cast<size_t>(net::neighbour_party(party, from))];
    other.resize(own.size());
    mesh.recv(from, operation, other);
  }
  return all;
}

std::vector<governance::ReceiptOutput> receipt_outputs(const ReleasedRun& run,
                                                       const std::array<Bytes, 3>& digests) {
  std::vector<governance::ReceiptOutput> outputs;
  for (size_t i = 0; i < run.shares.size(); ++i) {
    const sharing::ResultShare& share = run.shares[i];
    governance::ReceiptOutput output;
    output.name = share.layout.output;
    output.recipient = share.recipient;
    for (const governance::LedgerOutput& entry : run.debit.outputs) {
      if (entry.name != output.name || entry.recipient != output.recipient) continue;
      output.own_row = entry.own_row;
      output.ledger_entry = governance::entry_id(run.debit, entry);
    }
    for (size_t party = 0; party < 3; ++party)
      std::copy_n(digests[party].begin() + static_cast<ptrdiff_t>(32 * i), 32, output.shares[party].begin());
    outputs.push_back(std::move(output));
  }
  return outputs;
}

governance::ReceiptFacts receipt_facts(const NodeState& state, const ReleasedRun& run,
                                       const std::array<Bytes, 3>& digests) {
  governance::ReceiptFacts facts;
  facts.study = run.judgement.study.name;
  facts.study_id = run.judgement.study.id;
  facts.study_version = run.judgement.study.version;
  facts.run = run.facts.run;
  facts.attempt = run.attempt;
  facts.registry = state.registry.hash;
  for (const std::string& oin : run.facts.participants) {
    const governance::OwnerApproval& owner = *run.judgement.approval.find(oin);
    facts.participants.push_back(
        {oin, owner.decision.value_or(crypto::Digest{}), owner.advice.value_or(crypto::Digest{})});
  }
  for (const wire::TableUpload& table : run.facts.tables)
    facts.tables.push_back({table.table, table.version, table.owner, table.commitment()});
  facts.policy = run.judgement.approval.policy;
  facts.engine = run.facts.engine;
  facts.plan = crypto::sha256(sql::plan_text(run.bound.whole()));
  facts.outputs = receipt_outputs(run, digests);
  return facts;
}

// The signature is written last: where it stands, everything else does.
Status sign(const NodeState& state, const std::string& directory, const std::string& facts) {
  governance::Receipt receipt;
  receipt.facts = crypto::sha256(facts);
  receipt.node = state.config.name;
  receipt.party = state.config.party;
  receipt.operator_oin = state.registry.nodes[static_cast<size_t>(state.config.party)].operator_oin;
  receipt.program = state.program_name;
  receipt.time = unix_now();
  const std::string text = governance::receipt_text(receipt);
  SLUIS_ASSIGN(const crypto::SigningKey key, crypto::SigningKey::load(state.config.receipt_key));
  const governance::DetachedSignature signature = governance::sign_file(governance::kReceiptKind, text, key);
  SLUIS_TRY(write_file(directory + "/receipt.json", text));
  return write_file(directory + "/receipt.sig",
                    governance::signature_text(governance::kReceiptKind, signature));
}

}  // namespace

Status write_receipt(net::Mesh& mesh, const NodeState& state, const ReleasedRun& run) {
  Bytes own;
  std::vector<Bytes> encoded;
  for (const sharing::ResultShare& share : run.shares) {
    encoded.push_back(sharing::encode(share));
    const crypto::Digest digest = crypto::sha256(encoded.back());
    own.insert(own.end(), digest.begin(), digest.end());
  }
  const std::array<Bytes, 3> digests = exchange(mesh, kShareDigests, own);
  const std::string facts = governance::facts_text(receipt_facts(state, run, digests));
  // Stored before the last agreement: a node whose disk is full stops all three, and none of them has signed.
  const std::string directory = run_directory(state.config, run.facts.run);
  for (size_t i = 0; i < run.shares.size(); ++i)
    SLUIS_TRY(
        write_result(state, run.facts.run, run.shares[i].recipient, run.shares[i].layout.output, encoded[i]));
  SLUIS_TRY(write_file(directory + "/facts.json", facts));
  const crypto::Digest hash = crypto::sha256(facts);
  const std::array<Bytes, 3> hashes = exchange(mesh, kFactsDigest, Bytes(hash.begin(), hash.end()));
  if (hashes[0] != hashes[1] || hashes[1] != hashes[2])
    throw net::ProtocolAbort(net::AbortCode::kInconsistent);
  return sign(state, directory, facts);
}

}  // namespace sluis::node
