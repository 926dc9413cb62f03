#include "node/plan_facts.h"

#include <algorithm>
#include <bit>

#include "relation/table.h"
#include "sql/plan_text.h"
#include "study/schema.h"

namespace sluis::node {
namespace {

disclosure::Figure figure_of(const sql::AggregateCall& call,
                             const std::vector<relation::ColumnSchema>& columns) {
  if (call.function == sql::Function::kCountRows) return disclosure::Figure::kCountRows;
  if (call.function == sql::Function::kCount) return disclosure::Figure::kCountSome;
  if (call.function == sql::Function::kSum) {
    const relation::Type& type = columns.at(static_cast<size_t>(call.column)).type;
    if (type.lo == 0 && type.hi <= 1) return disclosure::Figure::kCountSome;
  }
  return disclosure::Figure::kOther;
}

}  // namespace

release::PlanFacts plan_facts(const governance::Study& study, const sql::Output& output) {
  release::PlanFacts facts;
  const std::vector<relation::ColumnSchema>& columns = output.input->columns;
  for (const sql::Dimension& dimension : output.dimensions) {
    sharing::ReleaseDimension labels{dimension.name, {}};
    const relation::Type& type = columns.at(static_cast<size_t>(dimension.column)).type;
    for (const int64_t code : dimension.codes) labels.labels.push_back(relation::cell_text(type, code));
    facts.dimensions.push_back(std::move(labels));
  }
  for (const sql::AggregateCall& call : output.measures)
    facts.measures.push_back({call.name, figure_of(call, columns), false});
  for (const auto& [table, column] : output.owner_columns) facts.tables.push_back(table);
  if (const governance::StudyTable* population = study::population_table(study))
    facts.population_table = population->name;
  return facts;
}

disclosure::GuardShape guard_shape(const sql::Output& output, uint64_t rows) {
  const auto planes = static_cast<size_t>(std::bit_width(rows));  // of a count over all rows
  disclosure::GuardShape shape;
  shape.value_planes.assign(output.measures.size(), planes);
  shape.nullable.assign(output.measures.size(), false);
  shape.count_planes = planes;
  for (const auto& [table, at] : output.owner_columns) {
    const relation::Type& owner = output.input->columns.at(static_cast<size_t>(at)).type;
    shape.owners.push_back(static_cast<size_t>(owner.hi - owner.lo + 1));
  }
  return shape;
}

std::string predicate_text(const sql::Plan& plan, const sql::Output& output) {
  sql::Plan alone;
  alone.tables = plan.tables;
  alone.outputs = {output};
  return sql::plan_text(alone);
}

}  // namespace sluis::node
