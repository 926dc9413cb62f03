#include "on_shares.h"

#include <gtest/gtest.h>

#include "engine/run_plan_test.h"
#include "rehearsal/party.h"
#include "sql/plan_text.h"
#include "wire/table_upload.h"

namespace sluis::differential {

SharedCase share_case(const std::vector<relation::Table>& tables, uint64_t seed) {
  SharedCase out;
  for (const relation::Table& table : tables) {
    const uint64_t rows = wire::padded_rows(table.rows);
    engine::PartyTables one = engine::share_tables({{table.schema.name, table}}, rows - table.rows, seed);
    for (size_t p = 0; p < 3; ++p) out.shares[p].merge(one[p]);
    out.schemas.push_back(table.schema);
    out.rows[table.schema.name] = rows;
  }
  return out;
}

SharesAnswer answer_on_shares(const std::string& sql, const SharedCase& tables,
                              const testing::RunOptions& options, const oblivious::SortRule& rule) {
  SharesAnswer out;
  const sql::BindResult bound = sql::bind_query(sql, tables.schemas, tables.rows);
  out.errors = bound.errors;
  if (!bound.plan) return out;
  out.plan = sql::plan_text(*bound.plan);
  const sql::Output& output = bound.plan->outputs[0];
  auto run = testing::run_measured(
      [&](mpc::Session& session) {
        engine::Executor executor(session, tables.shares[static_cast<size_t>(session.party())], {}, rule);
        const engine::SharedTable& input = executor.table(output.input);
        return rehearsal::open_figures(session, output, engine::tabulate(session, output, input, rule));
      },
      options);
  for (size_t p = 1; p < 3; ++p) {
    EXPECT_EQ(run.results[p].rows, run.results[0].rows);
    EXPECT_EQ(run.results[p].measures, run.results[0].measures);
  }
  auto table = sql::present(output, run.results[0]);
  if (!table.ok()) return out.errors.push_back(table.error()), out;
  out.table = std::move(*table);
  out.measured = run.measured;
  out.traces = std::move(run.traces);
  out.prg_uses = std::move(run.prg_uses);
  return out;
}

}  // namespace sluis::differential
