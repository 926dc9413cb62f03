#include "apps/dry_run.h"

#include <algorithm>

#include "base/json.h"
#include "demo/random.h"
#include "relation/date.h"
#include "relation/schema_toml.h"
#include "sql/rewrite.h"
#include "study/bind.h"
#include "study/schema.h"

namespace sluis::apps {
namespace {

// Keys from a small range, so that joins find partners; dates around the period; every category; some NULLs.
int64_t dummy_value(demo::Random& random, const relation::ColumnSchema& column,
                    const governance::StudyTable& table, size_t rows) {
  const relation::Type& type = column.type;
  const governance::StudyColumn* declared = table.find(column.name);
  if (declared != nullptr && declared->use == governance::ColumnUse::kLink)
    return type.lo + 1 + random.below(std::max<int64_t>(1, static_cast<int64_t>(rows) * 3 / 5));
  if (type.kind == relation::Kind::kDate) {
    const int64_t from = table.period ? table.period->from : *relation::parse_iso_date("2018-01-01");
    const int64_t to = table.period ? table.period->to : *relation::parse_iso_date("2025-12-31");
    return random.between(from, to);
  }
  return random.between(type.lo, std::min(type.hi, type.lo + 1'000'000));
}

relation::Table dummy_table(demo::Random& random, const relation::TableSchema& schema,
                            const governance::StudyTable& table, size_t rows) {
  relation::Table out = relation::Table::empty(schema);
  out.rows = rows;
  for (size_t r = 0; r < rows; ++r) {
    int64_t last_date = -1;
    for (size_t c = 0; c < schema.columns.size(); ++c) {
      const relation::ColumnSchema& column = schema.columns[c];
      if (column.nullable && random.chance(0.02)) {
        out.columns[c].push_null();
        continue;
      }
      int64_t value = dummy_value(random, column, table, rows);
      // The latest possible day (_tot) is the earliest (_van) for a complete date.
      if (column.name.ends_with("_tot") && last_date >= 0) value = last_date;
      if (column.name.ends_with("_van")) last_date = value;
      out.columns[c].push(value);
    }
  }
  return out;
}

Result<relation::Table> read_table(const std::string& directory, const relation::TableSchema& schema) {
  SLUIS_ASSIGN(const std::vector<relation::Table> all, relation::load_csv_directory(directory));
  const auto from = std::find_if(
      all.begin(), all.end(), [&](const relation::Table& table) { return table.schema.name == schema.name; });
  if (from == all.end()) return Error{"S1060.table", {schema.name}, directory, 0, 0, Exit::kCheckFailed};
  relation::Table out = relation::Table::empty(schema);
  out.rows = from->rows;
  for (size_t c = 0; c < schema.columns.size(); ++c) {
    const relation::ColumnSchema& column = schema.columns[c];
    const int at = from->schema.find(column.name);
    if (at < 0 && column.name == sql::kOwnerColumn) {
      for (size_t r = 0; r < out.rows; ++r)
        out.columns[c].push(static_cast<int64_t>(r) % (column.type.hi + 1));
      continue;
    }
    if (at < 0) return Error{"S1060.column", {schema.name, column.name}, directory, 0, 0, Exit::kCheckFailed};
    const relation::Type& type = from->schema.columns[static_cast<size_t>(at)].type;
    const relation::Column& values = from->columns[static_cast<size_t>(at)];
    for (size_t r = 0; r < out.rows; ++r) {
      int64_t value = values.values[r];
      if (column.type.kind == relation::Kind::kCategory && type.kind == relation::Kind::kCategory &&
          values.null[r] == 0)
        value = column.type.code(type.domain[static_cast<size_t>(value)]);
      const bool bad = values.null[r] != 0 ? !column.nullable
                                           : value < column.type.lo || value > column.type.hi ||
                                                 type.kind != column.type.kind;
      if (bad)
        return Error{"S1060.value",     {schema.name, column.name, std::to_string(r + 2)}, directory, 0, 0,
                     Exit::kCheckFailed};
      values.null[r] != 0 ? out.columns[c].push_null() : out.columns[c].push(value);
    }
  }
  return out;
}

}  // namespace

Result<DryRun> dry_run_study(const governance::Study& study, const DryRunOptions& options) {
  sql::BindResult bound =
      study::bind(study, study::everybody(study), study::assumed_rows(study), "study.toml");
  if (!bound.plan) return bound.errors.front();
  demo::Random random(options.seed);
  sql::ClearTables tables;
  for (const auto& [name, schema] : bound.plan->tables) {
    if (options.data.empty()) {
      tables.emplace(name, dummy_table(random, schema, *study.find_table(name), options.rows));
      continue;
    }
    SLUIS_ASSIGN(relation::Table table, read_table(options.data, schema));
    tables.emplace(name, std::move(table));
  }
  DryRun run;
  for (const sql::Output& output : bound.plan->outputs) {
    SLUIS_ASSIGN(sql::ResultTable table, sql::evaluate_output(output, tables));
    run.outputs.emplace_back(output.name, std::move(table));
  }
  return run;
}

std::string dry_run_json(const governance::Study& study, const DryRun& run) {
  JsonWriter json(2);
  json.begin_object().member("format", "sluis-dry-run/1").member("study", crypto::to_hex(study.name));
  json.key("outputs").begin_array();
  for (const auto& [name, table] : run.outputs) {
    json.begin_object().member("name", name).key("columns").begin_array();
    for (const std::string& column : table.columns) json.string(column);
    json.end_array().key("rows").begin_array();
    for (const auto& row : table.rows) {
      json.begin_array();
      for (const auto& cell : row) cell ? json.string(*cell) : json.null();
      json.end_array();
    }
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return json.take() + "\n";
}

}  // namespace sluis::apps
