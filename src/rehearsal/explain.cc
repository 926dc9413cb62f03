#include "rehearsal/explain.h"

#include "base/json.h"
#include "engine/cost_model.h"

namespace sluis::rehearsal {

Result<std::string> explain(const Job& job, text::Language language, bool json) {
  SLUIS_ASSIGN(const sql::Plan plan, bind_job(job));
  engine::RowCounts rows;
  for (size_t t = 0; t < job.tables.size(); ++t) rows[job.tables[t].name] = job.rows[t];
  const sql::Explanation explanation = sql::explain(plan, engine::PlanCosts(rows));
  if (!json) return sql::explain_text(explanation, language);
  JsonWriter out;
  out.begin_object().member("schema", "sluis/1").member("status", "ok").member("code", 0).key("data");
  out.raw(sql::explain_json(explanation)).key("hints").begin_array().end_array().end_object();
  return out.take() + "\n";
}

}  // namespace sluis::rehearsal
