#include "rehearsal/explain.h"

#include "base/check.h"
#include "base/json.h"
#include "engine/cells.h"
#include "engine/cost_model.h"
#include "mpc/open.h"

namespace sluis::rehearsal {
namespace {

// A rehearsal opens exact figures where a study's run protects them.
class RehearsalCosts : public engine::PlanCosts {
 public:
  using PlanCosts::PlanCosts;
  std::vector<sql::AfterStep> after(const sql::Output& output) const override {
    const uint64_t cells = engine::cell_count(output);
    const uint64_t rows = engine::rows_of(*output.input, tables());
    mpc::Cost cost = mpc::cost_open(cells, static_cast<uint64_t>(std::bit_width(rows)));
    for (const sql::AggregateCall& call : output.measures) {
      cost += mpc::cost_open(cells, static_cast<uint64_t>(call.type.bits()));
      if (has_null_plane(output, call)) cost += mpc::cost_open(cells, 1);
    }
    return {{sql::StepKind::kOpen, cells, fixed(cost)}};
  }

 private:
  static bool has_null_plane(const sql::Output& output, const sql::AggregateCall& call) {
    return engine::is_dense(output) ? call.function == sql::Function::kSum : call.nullable;
  }
};

}  // namespace

Result<std::string> explain(const Job& job, text::Language language, bool json,
                            const std::vector<sql::MeasuredStep>& measured) {
  SLUIS_ASSIGN(const sql::Plan plan, bind_job(job));
  engine::RowCounts rows;
  for (size_t t = 0; t < job.tables.size(); ++t) rows[job.tables[t].name] = job.rows[t];
  sql::Explanation explanation =
      sql::explain(plan, RehearsalCosts(rows, oblivious::SortRule{job.network}, engine::OrderPlan(plan)));
  CHECK(sql::add_measured(explanation, measured));  // of the same query
  if (!json) return sql::explain_text(explanation, language);
  JsonWriter out;
  out.begin_object().member("schema", "sluis/1").member("status", "ok").member("code", 0).key("data");
  out.raw(sql::explain_json(explanation)).key("hints").begin_array().end_array().end_object();
  return out.take() + "\n";
}

}  // namespace sluis::rehearsal
