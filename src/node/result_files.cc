#include "node/result_files.h"

#include <algorithm>
#include <filesystem>

#include "base/json.h"
#include "governance/receipt.h"
#include "node/debit.h"

namespace sluis::node {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxResultBytes = 64 << 20;

std::string share_prefix(const std::string& oin) { return "share-" + oin + "-"; }

}  // namespace

Status write_result(const NodeState& state, const std::string& run, const std::string& to,
                    const std::string& output, ByteSpan encoded) {
  return state.store->seal_small(
      run_directory(state.config, run) + "/" + share_prefix(to) + output + ".sealed", encoded);
}

Result<std::string> read_results(const NodeState& state, const std::string& run, const std::string& oin) {
  const std::string directory = run_directory(state.config, run);
  SLUIS_ASSIGN(const std::string facts, read_file(directory + "/facts.json", governance::kMaxFactsBytes));
  SLUIS_ASSIGN(const std::string receipt,
               read_file(directory + "/receipt.json", governance::kMaxReceiptBytes));
  SLUIS_ASSIGN(const std::string signature, read_file(directory + "/receipt.sig", 4096));
  std::vector<std::string> names;
  std::error_code fault;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, fault)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(share_prefix(oin)) && name.ends_with(".sealed")) names.push_back(name);
  }
  if (names.empty()) return request_error("S1307.none");
  std::sort(names.begin(), names.end());
  JsonWriter json;
  json.begin_object().member("facts", facts).member("receipt", receipt).member("signature", signature);
  json.key("shares").begin_array();
  for (const std::string& name : names) {
    SLUIS_ASSIGN(const SecretBytes share, state.store->unseal_small(directory + "/" + name, kMaxResultBytes));
    const size_t from = share_prefix(oin).size();
    json.begin_object().member("output",
                               name.substr(from, name.size() - from - std::string_view(".sealed").size()));
    json.member("recipient", oin).member("share", to_hex(share.span())).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

bool has_receipt(const NodeConfig& config, const std::string& run) {
  std::error_code fault;
  return fs::exists(run_directory(config, run) + "/receipt.sig", fault);
}

Status check_ledger(NodeState& state, const StudyJudgement& judgement, const JobFacts& facts) {
  SLUIS_ASSIGN(const BoundRun run, bind_run(judgement, facts));
  return state.ledger->check(debit_of(judgement, facts, run, unix_now()));
}

}  // namespace sluis::node
