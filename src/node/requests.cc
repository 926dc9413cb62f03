#include "node/requests.h"

#include <algorithm>
#include <map>

#include "node/call.h"
#include "node/erasure_receipts.h"
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

struct Operation {
  Handler handler;
  std::vector<std::string_view>
      fields;  // besides op and v; every other one is refused before anything is done
};

const std::map<std::string, Operation, std::less<>>& operations() {
  static const std::map<std::string, Operation, std::less<>> kOperations = {
      {"hello", {hello, {}}},
      {"study.put", {put_study, {}}},
      {"study.get", {get_study, {"study"}}},
      {"study.list", {list_studies, {}}},
      {"study.status", {study_status, {"study"}}},
      {"decision.put", {put_decision, {"signature"}}},
      {"decision.list", {list_decisions, {"study"}}},
      {"table.put", {put_table, {"table"}}},
      {"table.list", {list_tables, {}}},
      {"table.withdraw", {withdraw_table, {"commitment"}}},
      {"receipt.list", {list_receipts, {}}},
      {"run.start", {start_run, {"study", "run"}}},
      {"run.status", {run_status, {"run"}}},
      {"run.list", {list_runs, {"study"}}},
      {"run.cancel", {cancel_run, {"run", "half_start"}}},
      {"run.record", {run_record, {"run"}}},
      {"result.get", {get_result, {"run", "for"}}},
  };
  return kOperations;
}

// Fields are texts or yes and no: a strange key or value is refused before the handler acts on it.
bool fields_known(const Operation& operation, const JsonValue& request) {
  for (size_t i = 0; i < request.keys.size(); ++i) {
    const std::string& key = request.keys[i];
    if (key == "op" || key == "v") continue;
    const auto& fields = operation.fields;
    if (std::find(fields.begin(), fields.end(), key) == fields.end()) return false;
    const JsonValue& value = request.items[i];
    if (!value.is(JsonValue::Kind::kString) && !value.is(JsonValue::Kind::kBoolean)) return false;
  }
  return true;
}

Result<Reply> dispatch(NodeState& state, const governance::Organisation& caller,
                       const net::FrameHeader& header, net::FramedStream& stream) {
  SLUIS_ASSIGN(const wire::Request request, wire::parse_request(header.text));
  const auto operation = operations().find(request.op);
  if (operation == operations().end()) return request_error("S1050.request", {}, Exit::kVersionMismatch);
  if (!fields_known(operation->second, request.value)) return request_error("S1050.request");
  Errors faults;
  JsonReader json(request.value, "", "", faults);
  (void)json.find("op");
  (void)json.find("v");
  Call call{state, caller, json, stream, header.body_bytes};
  Result<Reply> reply = operation->second.handler(call);
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
