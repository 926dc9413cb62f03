// One request being handled: who asks, what was asked, where the body comes from. For node/*_requests.cc.
#pragma once

#include <string>

#include "base/json.h"
#include "net/framed.h"
#include "node/state.h"

namespace sluis::node {

struct Call {
  NodeState& state;
  const governance::Organisation& caller;
  JsonReader& json;  // the request; the dispatcher has refused unknown fields and values that are no text
  net::FramedStream& stream;
  uint64_t body_bytes;
};

struct Reply {
  std::string data = "{}";  // JSON object
  Bytes body;
};

using Handler = Result<Reply> (*)(Call&);

// An error that is the caller's to solve.
Error request_error(std::string id, std::vector<std::string> args = {}, Exit exit = Exit::kNotAllowed);

// Studies and decisions (study_requests.cc).
Result<Reply> put_study(Call& call);
Result<Reply> get_study(Call& call);
Result<Reply> list_studies(Call& call);
Result<Reply> study_status(Call& call);
Result<Reply> put_decision(Call& call);
Result<Reply> list_decisions(Call& call);
// Tables (table_requests.cc).
Result<Reply> put_table(Call& call);
Result<Reply> list_tables(Call& call);
Result<Reply> withdraw_table(Call& call);
// Runs and results (run_requests.cc).
Result<Reply> start_run(Call& call);
Result<Reply> run_status(Call& call);
Result<Reply> list_runs(Call& call);
Result<Reply> cancel_run(Call& call);
Result<Reply> run_record(Call& call);
Result<Reply> get_result(Call& call);

}  // namespace sluis::node
