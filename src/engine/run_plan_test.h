// For tests: a plan run by three parties in one process; its exact figures opened, its traffic measured.
#pragma once

#include <array>
#include <random>
#include <string>
#include <vector>

#include "engine/cost.h"
#include "engine/executor.h"
#include "oblivious/clear_table_test.h"
#include "sql/evaluate.h"
#include "testing/clearance_access.h"
#include "testing/three_parties.h"

namespace sluis::engine {

// One party's base tables; index = party.
using PartyTables = std::array<SharedTables, 3>;

inline int64_t random_value(const Type& type, std::mt19937_64& random) {
  return type.lo + static_cast<int64_t>(random() % static_cast<uint64_t>(type.hi - type.lo + 1));
}

// The rows of `table` in their order, with `padding` rows that are not valid strewn in between: random
// values, so that whatever counts them by mistake shows.
inline oblivious::ClearTable strewn(const relation::Table& table, size_t padding, std::mt19937_64& random) {
  oblivious::ClearTable out{table.schema.columns, {}, {}};
  size_t real = 0;
  const size_t all = table.rows + padding;
  for (size_t left = all; left > 0; --left) {
    oblivious::Row row;
    const bool valid = random() % left < table.rows - real;
    for (size_t c = 0; c < table.columns.size(); ++c) {
      const relation::ColumnSchema& schema = table.schema.columns[c];
      if (valid) {
        row.push_back(table.columns[c].null[real] != 0 ? sql::Cell()
                                                       : sql::Cell(table.columns[c].values[real]));
      } else {
        const bool null = schema.nullable && random() % 4 == 0;
        row.push_back(null ? sql::Cell() : sql::Cell(random_value(schema.type, random)));
      }
    }
    real += valid ? 1 : 0;
    out.add(std::move(row), valid);
  }
  return out;
}

// Shares of the plan's tables, each with `padding` rows that are not valid.
inline PartyTables share_tables(const sql::ClearTables& tables, size_t padding, uint64_t seed) {
  PartyTables out;
  std::mt19937_64 random(seed);
  for (const auto& [name, table] : tables) {
    const oblivious::SharedTables shares = oblivious::share_table(strewn(table, padding, random), random());
    for (size_t i = 0; i < 3; ++i) out[i].emplace(name, shares[i]);
  }
  return out;
}

inline RowCounts row_counts(const SharedTables& tables) {
  RowCounts rows;
  for (const auto& [name, table] : tables) rows[name] = table.rows();
  return rows;
}

// What one output's shares hold, opened by the test.
struct OpenedMeasure {
  std::vector<sql::Cell> value;
  std::vector<uint64_t> persons, households;  // empty in rehearsal
  // Per entry of Output::owner_columns: [owner][cell].
  std::vector<std::vector<std::vector<uint64_t>>> owners;
};
struct OpenedOutput {
  sql::OpenCells cells;  // rows: empty in study mode
  std::vector<OpenedMeasure> measures;
};

namespace detail {

template <typename Part>
std::vector<uint64_t> open_values(const std::array<oblivious::CellTable, 3>& tables, Part part) {
  const sharing::Bits clear = testing::reconstruct({part(tables[0]), part(tables[1]), part(tables[2])});
  return testing::row_values(clear);
}

}  // namespace detail

inline OpenedOutput open_output(const sql::Output& output,
                                const std::array<oblivious::CellTable, 3>& tables) {
  using oblivious::CellTable;
  OpenedOutput out;
  const bool study = output.person >= 0;
  const auto open = [&](auto part) { return detail::open_values(tables, part); };
  if (!study) out.cells.rows = open([](const CellTable& t) { return t.rows; });
  out.cells.measures.resize(tables[0].cells);
  for (size_t m = 0; m < output.measures.size(); ++m) {
    const oblivious::CellMeasure& like = tables[0].measures.at(m);
    OpenedMeasure measure;
    const std::vector<uint64_t> bits = open([m](const CellTable& t) { return t.measures[m].value; });
    std::vector<uint64_t> null(bits.size(), 0);
    if (output.measures[m].nullable && like.null.planes() > 0)
      null = open([m](const CellTable& t) { return t.measures[m].null; });
    for (size_t c = 0; c < bits.size(); ++c) {
      // In study mode a figure is a count: unsigned, whatever the type of the SUM.
      const int64_t value = study ? static_cast<int64_t>(bits[c])
                                  : oblivious::signed_value(like.type, bits[c], like.value.planes());
      measure.value.push_back(null[c] != 0 ? sql::Cell() : sql::Cell(value));
      out.cells.measures.at(c).push_back(measure.value.back());
    }
    if (study) {
      measure.persons = open([m](const CellTable& t) { return t.measures[m].persons; });
      measure.households = open([m](const CellTable& t) { return t.measures[m].households; });
      for (size_t o = 0; o < like.owners.size(); ++o) {
        measure.owners.emplace_back();
        for (size_t k = 0; k < like.owners[o].count.size(); ++k)
          measure.owners.back().push_back(
              open([m, o, k](const CellTable& t) { return t.measures[m].owners[o].count[k]; }));
      }
    }
    out.measures.push_back(std::move(measure));
  }
  return out;
}

struct PlanRun {
  std::vector<OpenedOutput> outputs;
  std::vector<std::string> labels;  // of the steps, as the listener heard them
  std::vector<mpc::Cost> steps;     // what each step sent
  std::array<testing::Trace, 3> traces;
};

// Every party's indexes, as a node keeps them between runs.
using PartyIndexes = std::array<std::map<std::string, oblivious::KeyIndex>, 3>;

// Runs all outputs of the plan. The same `seed` gives the same keys, so the same shuffles. With `kept`: by
// the indexes that it holds, which then holds all that may be used again.
inline PlanRun run_plan(const sql::Plan& plan, const PartyTables& tables, uint64_t seed = 1,
                        PartyIndexes* kept = nullptr, const oblivious::SortRule& rule = {}) {
  KeptOrders orders;
  orders.keep = kept != nullptr;
  if (kept != nullptr)
    for (const auto& [name, index] : (*kept)[0]) orders.held.insert(name);
  struct Heard {
    std::vector<std::string> labels;
    std::vector<mpc::Cost> sent;  // before each step, and at the end
    std::vector<oblivious::CellTable> cells;
  };
  testing::RunOptions options;
  options.seed = seed;
  const auto run = testing::run_measured(
      [&](Session& session) {
        Heard heard;
        Executor executor(
            session, tables[static_cast<size_t>(session.party())],
            [&](const std::string& label) {
              heard.labels.push_back(label);
              heard.sent.push_back(session.measured());
            },
            rule, OrderPlan(plan, orders));
        if (kept != nullptr) executor.indexes().swap((*kept)[static_cast<size_t>(session.party())]);
        for (const sql::Output& output : plan.outputs)
          heard.cells.push_back(testing::ClearanceAccess::look(executor.output(output)));
        heard.sent.push_back(session.measured());
        if (kept != nullptr) executor.indexes().swap((*kept)[static_cast<size_t>(session.party())]);
        return heard;
      },
      options);
  PlanRun out{{}, run.results[0].labels, {}, run.traces};
  std::vector<mpc::Cost> before;
  for (size_t s = 0; s < run.results[0].sent.size(); ++s)
    before.push_back(
        testing::merge_costs({run.results[0].sent[s], run.results[1].sent[s], run.results[2].sent[s]}));
  for (size_t s = 0; s + 1 < before.size(); ++s) {
    mpc::Cost step = before[s + 1];
    step.rounds -= before[s].rounds;
    for (size_t p = 0; p < 3; ++p) {
      step.to_next[p] -= before[s].to_next[p];
      step.to_prev[p] -= before[s].to_prev[p];
    }
    out.steps.push_back(step);
  }
  for (size_t o = 0; o < plan.outputs.size(); ++o)
    out.outputs.push_back(open_output(
        plan.outputs[o], {run.results[0].cells[o], run.results[1].cells[o], run.results[2].cells[o]}));
  return out;
}

}  // namespace sluis::engine
