#include "node/requests.h"

#include <map>

#include "node/call.h"
#include "wire/request.h"

namespace sluis::node {
namespace {

constexpr uint64_t kDrainBytes =
    1 << 20;  // an unread body up to this size is skipped; else the connection is closed

Result<Reply> hello(Call& call) {
  const NodeState& state = call.state;
  JsonWriter json;
  json.begin_object().member("node", state.config.name).member("party", state.config.party);
  json.member("program", state.program_name).member("caller", call.caller.oin);
  json.member("registry", crypto::to_hex(state.registry.hash)).end_object();
  return Reply{json.take(), {}};
}

const std::map<std::string, Handler, std::less<>>& handlers() {
  static const std::map<std::string, Handler, std::less<>> kHandlers = {
      {"hello", hello},
      {"study.put", put_study},
      {"study.get", get_study},
      {"study.list", list_studies},
      {"study.status", study_status},
      {"decision.put", put_decision},
      {"decision.list", list_decisions},
      {"table.put", put_table},
      {"table.list", list_tables},
      {"table.withdraw", withdraw_table},
      {"run.start", start_run},
      {"run.status", run_status},
      {"run.list", list_runs},
      {"run.cancel", cancel_run},
      {"run.record", run_record},
      {"result.get", get_result},
  };
  return kHandlers;
}

Result<Reply> dispatch(NodeState& state, const governance::Organisation& caller,
                       const net::FrameHeader& header, net::FramedStream& stream) {
  SLUIS_ASSIGN(const wire::Request request, wire::parse_request(header.text));
  const auto handler = handlers().find(request.op);
  if (handler == handlers().end()) return request_error("S1050.request", {}, Exit::kVersionMismatch);
  Errors faults;
  JsonReader json(request.value, "", "", faults);
  (void)json.find("op");
  (void)json.find("v");
  Call call{state, caller, json, stream, header.body_bytes};
  Result<Reply> reply = handler->second(call);
  if (!faults.empty()) return faults.front();
  return reply;
}

// The rest of a body that a handler did not read.
Status drain(net::FramedStream& stream) {
  if (stream.body_left() > kDrainBytes) return request_error("S1391.body");
  SLUIS_TRY(stream.receive_all(kDrainBytes));
  return {};
}

}  // namespace

Error request_error(std::string id, std::vector<std::string> args, Exit exit) {
  Error error;
  error.id = std::move(id);
  error.args = std::move(args);
  error.exit = exit;
  return error;
}

Status handle_request(NodeState& state, const governance::Organisation& caller,
                      const net::FrameHeader& header, net::FramedStream& stream) {
  const Result<Reply> reply = dispatch(state, caller, header, stream);
  if (!reply) {
    SLUIS_TRY(stream.send(wire::error_answer(reply.error())));
    return drain(stream);
  }
  SLUIS_TRY(drain(stream));
  return stream.send(wire::ok_answer([&](JsonWriter& json) { json.raw(reply->data); }), reply->body);
}

Status refuse_stranger(net::FramedStream& stream) {
  return stream.send(wire::error_answer(request_error("S1510.stranger")));
}

}  // namespace sluis::node
