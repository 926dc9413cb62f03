// Any text as SQL: refused by name, or bound to a plan that stays within its own bounds on small tables, also
// after every rewrite.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sql/binder.h"
#include "sql/evaluate.h"
#include "sql/parser.h"
#include "sql/plan_text.h"
#include "sql/rewrite.h"

namespace {

using namespace sluis;
using relation::Type;

const std::vector<relation::Table>& tables() {
  static const std::vector<relation::Table> kTables = [] {
    relation::Table person = relation::Table::empty({"person",
                                                     {{"id", Type::integer(0, 999), false},
                                                      {"town", Type::category({"aap", "mies", "noot"}), true},
                                                      {"age", Type::integer(0, 17), true},
                                                      {"born", Type::date(), true},
                                                      {"active", Type::boolean(), false}},
                                                     {{"id"}}});
    relation::Table care = relation::Table::empty({"care",
                                                   {{"person", Type::integer(0, 999), true},
                                                    {"kind", Type::category({"huis", "klas"}), true},
                                                    {"cost", Type::integer(-50, 90), true},
                                                    {"start", Type::date(), true}},
                                                   {}});
    for (relation::Table* table : {&person, &care}) {
      for (int64_t r = 0; r < 5; ++r, ++table->rows) {
        for (size_t c = 0; c < table->columns.size(); ++c) {
          const relation::ColumnSchema& column = table->schema.columns[c];
          if (column.nullable && (r + static_cast<int64_t>(c)) % 4 == 0) {
            table->columns[c].push_null();
          } else {
            table->columns[c].push(column.type.lo + (7 * r) % (column.type.hi - column.type.lo + 1));
          }
        }
      }
    }
    return std::vector<relation::Table>{person, care};
  }();
  return kTables;
}

void require(bool holds) {
  if (!holds) std::abort();
}

void check_query(const std::string& text) {
  std::vector<relation::TableSchema> schemas;
  sql::ClearTables clear;
  for (const relation::Table& table : tables()) {
    schemas.push_back(table.schema);
    clear[table.schema.name] = table;
  }
  const sql::Stages stages = sql::query_stages(text, schemas, {{"person", 5}, {"care", 5}});
  require(stages.errors.empty() != stages.plans.empty());
  for (const Error& error : stages.errors)
    require(error.id.rfind("S1021.", 0) == 0 || error.id.rfind("S1022.", 0) == 0);
  std::optional<std::string> first;
  for (const auto& [name, plan] : stages.plans) {
    const auto result = sql::evaluate_output(plan.outputs[0], clear);
    require(result.ok());  // the tables keep what the schema promises
    std::string rows;
    for (const auto& row : result->rows)
      for (const auto& cell : row) rows += cell.value_or("\x01") + "\x02";
    require(!first || *first == rows);
    first = rows;
    require(!sql::plan_text(plan).empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_query(text);
  if (const auto filter = sql::bind_row_filter(text, tables()[0].schema); filter.ok()) {
    const std::vector<sql::Cell> row = {1, 0, std::nullopt, 40000, 1};
    const sql::Cell value = sql::evaluate_expr(*filter, row);
    require(!value || *value == 0 || *value == 1);
  }
  if (const auto interval = sql::parse_interval(text))
    require(std::abs(interval->months) <= 12000 && std::abs(interval->days) <= 12000 * 31);
  return 0;
}
