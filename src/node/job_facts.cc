#include "node/job_facts.h"

#include "base/json.h"

namespace sluis::node {

std::string JobFacts::to_text() const {
  JsonWriter json;
  json.begin_object().member("format", "sluis-job/1").member("run", run).member("study", study);
  json.member("requester", requester).key("participants").begin_array();
  for (const std::string& oin : participants) json.string(oin);
  json.end_array().key("tables").begin_array();
  for (const wire::TableUpload& table : tables) json.raw(wire::to_json(table));
  json.end_array().member("policy", policy_hash).member("registry", registry_hash).member("engine", engine);
  json.member("network", mpc::profile(network).name);
  json.end_object();
  return json.take();
}

Result<JobFacts> parse_job_facts(std::string_view text) {
  SLUIS_ASSIGN(const JsonValue value, parse_json(text, {}));
  Errors errors;
  JsonReader json(value, "", "", errors);
  JobFacts facts;
  (void)json.choice("format", {"sluis-job/1"});
  facts.run = json.text("run", 32);
  facts.study = json.text("study", 64);
  facts.requester = json.text("requester", 20);
  facts.participants = json.texts("participants", 1000);
  for (const JsonValue* item : json.objects("tables", 10'000)) {
    JsonWriter copy;
    copy.value(*item);
    SLUIS_ASSIGN(wire::TableUpload upload, wire::parse_table_upload(copy.take()));
    facts.tables.push_back(std::move(upload));
  }
  facts.policy_hash = json.text("policy", 64);
  facts.registry_hash = json.text("registry", 64);
  facts.engine = json.text("engine", 16);
  const std::string network = json.choice("network", {"loopback", "lan", "nl", "wan"});
  facts.network = mpc::network_of(network).value_or(mpc::kDefaultNetwork);
  json.finish();
  if (!errors.empty()) return errors.front();
  return facts;
}

}  // namespace sluis::node
