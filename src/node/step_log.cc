#include "node/step_log.h"

#include "base/bytes.h"
#include "base/json.h"

namespace sluis::node {
namespace {

using Clock = std::chrono::steady_clock;
constexpr size_t kMaxBytes = size_t{4} << 20;
constexpr size_t kMaxSteps = 5000;  // as run records hold

std::string file_of(const std::string& directory) { return directory + "/steps.json"; }

}  // namespace

StepLog::StepLog(const mpc::Session& session, std::map<std::string, uint64_t> rows)
    : session_(session), rows_(std::move(rows)) {}

void StepLog::begin(const std::string& label) {
  end();
  const auto rows = rows_.find(label);
  steps_.push_back({label.substr(0, 200), rows == rows_.end() ? 0 : rows->second, 0, 0, 0});
  running_ = true;
  rounds_ = session_.measured().rounds;
  bytes_ = session_.measured().sent_by(session_.party());
  since_ = Clock::now();
}

void StepLog::end() {
  if (!running_) return;
  running_ = false;
  governance::RunStep& step = steps_.back();
  step.rounds = session_.measured().rounds - rounds_;
  step.bytes_sent = session_.measured().sent_by(session_.party()) - bytes_;
  step.milliseconds = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - since_).count());
}

Status StepLog::write(const std::string& directory) const {
  JsonWriter json;
  json.begin_array();
  for (const governance::RunStep& step : steps_) {
    json.begin_object().member("name", step.name).member("rows", static_cast<size_t>(step.rows));
    json.member("rounds", static_cast<size_t>(step.rounds));
    json.member("bytes_sent", static_cast<size_t>(step.bytes_sent));
    json.member("milliseconds", static_cast<size_t>(step.milliseconds)).end_object();
  }
  json.end_array();
  return write_file(file_of(directory), json.take());
}

std::vector<governance::RunStep> read_steps(const std::string& directory) {
  const Result<std::string> text = read_file(file_of(directory), kMaxBytes);
  if (!text) return {};
  const Result<JsonValue> value = parse_json(*text, {});
  if (!value || !value->is(JsonValue::Kind::kArray) || value->items.size() > kMaxSteps) return {};
  std::vector<governance::RunStep> steps;
  Errors errors;
  for (const JsonValue& item : value->items) {
    JsonReader json(item, "", "", errors);
    governance::RunStep step;
    step.name = json.text("name", 200);
    const auto count = [&](const char* key) {
      return static_cast<uint64_t>(json.integer(key, 0, INT64_MAX));
    };
    step.rows = count("rows");
    step.rounds = count("rounds");
    step.bytes_sent = count("bytes_sent");
    step.milliseconds = count("milliseconds");
    json.finish();
    steps.push_back(std::move(step));
  }
  return errors.empty() ? steps : std::vector<governance::RunStep>{};
}

}  // namespace sluis::node
