#include "governance/run_record.h"

#include <algorithm>

#include "base/json.h"
#include "governance/json_fields.h"

namespace sluis::governance {
namespace {

constexpr const char* kFormat = "sluis-run-record/1";
constexpr const char* kEndings[] = {"released",   "refused",           "aborted_inconsistent", "node_lost",
                                    "over_limit", "cancelled_by_user", "cancelled_by_owner",   "failed"};
constexpr int64_t kMost = INT64_MAX;

int64_t as_integer(uint64_t value) { return static_cast<int64_t>(std::min<uint64_t>(value, kMost)); }
uint64_t read_count(JsonReader& reader, const char* key) {
  return static_cast<uint64_t>(reader.integer(key, 0, kMost));
}

bool is_code(std::string_view text) {
  return text.empty() ||
         (text.size() == 5 && text[0] == 'S' &&
          std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

RunStep read_step(JsonReader reader) {
  RunStep out;
  out.name = reader.text("name", 200);
  out.rows = read_count(reader, "rows");
  out.rounds = read_count(reader, "rounds");
  out.bytes_sent = read_count(reader, "bytes_sent");
  out.milliseconds = read_count(reader, "milliseconds");
  reader.finish();
  return out;
}

void read_ending(JsonReader& reader, RunRecord& out) {
  const std::string ending =
      reader.choice("ending", {"released", "refused", "aborted_inconsistent", "node_lost", "over_limit",
                               "cancelled_by_user", "cancelled_by_owner", "failed"});
  for (size_t i = 0; i < std::size(kEndings); ++i)
    if (ending == kEndings[i]) out.ending = static_cast<RunEnding>(i);
  out.error = reader.optional_text("error", 5);
  if (!is_code(out.error)) reader.fault("S1005.form", {"error", "S1302"}, reader.value());
  if (reader.has("cancelled_by")) out.cancelled_by = read_oin(reader, "cancelled_by");
  out.facts = read_optional_digest(reader, "facts");
  const bool released = out.ending == RunEnding::kReleased;
  if (released != out.facts.has_value() || released != out.error.empty())
    reader.fault("S1034.ending", {ending}, reader.value());
}

RunRecord read_record(JsonReader& reader) {
  RunRecord out;
  out.run = reader.text("run", 63);
  if (!is_slug(out.run)) reader.fault("S1005.form", {"run", "[a-z0-9-]"}, reader.value());
  out.study = read_digest(reader, "study");
  out.attempt = static_cast<int>(reader.integer("attempt", 1, 10));
  out.node = reader.text("node", 63);
  out.party = static_cast<int>(reader.integer("party", 0, 2));
  read_ending(reader, out);
  out.started = read_time(reader, "started");
  out.ended = read_time(reader, "ended");
  if (out.ended < out.started) reader.fault("S1034.dates", {"started", "ended"}, reader.value());
  for (const std::string& text : reader.texts("participants", 1000)) {
    const std::optional<std::string> oin = parse_oin_ref(text);
    if (!oin) reader.fault("S1005.form", {"participants", "oin:<20 x 0-9>"}, reader.value());
    if (oin) out.participants.push_back(*oin);
  }
  out.rounds = read_count(reader, "rounds");
  out.bytes_sent = read_count(reader, "bytes_sent");
  out.bytes_received = read_count(reader, "bytes_received");
  for (const JsonValue* step : reader.objects("steps", 5000))
    out.steps.push_back(read_step(reader.item(*step, "steps")));
  out.program = reader.text("program", 200);
  reader.finish();
  return out;
}

void write_steps(JsonWriter& out, const RunRecord& record) {
  out.key("steps").begin_array();
  for (const RunStep& step : record.steps) {
    out.begin_object();
    out.member("name", step.name).member("rows", as_integer(step.rows));
    out.member("rounds", as_integer(step.rounds)).member("bytes_sent", as_integer(step.bytes_sent));
    out.member("milliseconds", as_integer(step.milliseconds));
    out.end_object();
  }
  out.end_array();
}

}  // namespace

const char* run_ending_name(RunEnding ending) { return kEndings[static_cast<size_t>(ending)]; }

std::string run_record_text(const RunRecord& record) {
  JsonWriter out(1);
  out.begin_object();
  out.member("format", kFormat);
  out.member("run", record.run).member("study", sha256_ref(record.study)).member("attempt", record.attempt);
  out.member("node", record.node).member("party", record.party);
  out.member("ending", run_ending_name(record.ending));
  if (!record.error.empty()) out.member("error", record.error);
  if (!record.cancelled_by.empty()) out.member("cancelled_by", "oin:" + record.cancelled_by);
  if (record.facts) out.member("facts", sha256_ref(*record.facts));
  out.member("started", utc_text(record.started)).member("ended", utc_text(record.ended));
  out.key("participants").begin_array();
  for (const std::string& oin : record.participants) out.string("oin:" + oin);
  out.end_array();
  out.member("rounds", as_integer(record.rounds));
  out.member("bytes_sent", as_integer(record.bytes_sent));
  out.member("bytes_received", as_integer(record.bytes_received));
  write_steps(out, record);
  out.member("program", record.program);
  out.end_object();
  return out.take() + '\n';
}

Result<RunRecord> parse_run_record(std::string_view bytes, std::string_view file) {
  SLUIS_ASSIGN(const JsonValue root, parse_small_json(bytes, file, kMaxRunRecordBytes));
  Errors errors;
  JsonReader reader(root, "", std::string(file), errors);
  RunRecord out;
  if (errors.empty() && has_format(reader, kFormat)) out = read_record(reader);
  if (!errors.empty()) return first_by_position(std::move(errors));
  return out;
}

}  // namespace sluis::governance
