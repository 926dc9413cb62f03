#include "oblivious/join_plan.h"

#include "base/check.h"

namespace sluis::oblivious {

using relation::ColumnSchema;

JoinPlan plan_join(const std::vector<ColumnSchema>& left, const std::vector<ColumnSchema>& right,
                   const JoinSpec& spec, bool indexed) {
  CHECK(!spec.left_keys.empty() && spec.left_keys.size() == spec.right_keys.size());
  const bool carries = spec.kind == JoinKind::kInner || spec.kind == JoinKind::kLeft;
  CHECK(carries || spec.right_payload.empty());
  JoinPlan plan;
  for (size_t k = 0; k < spec.left_keys.size(); ++k) {
    const ColumnSchema& l = left.at(static_cast<size_t>(spec.left_keys[k]));
    const ColumnSchema& r = right.at(static_cast<size_t>(spec.right_keys[k]));
    plan.key_types.push_back({unified_type(l.type, r.type), l.nullable || r.nullable});
    plan.left_key_nullable = plan.left_key_nullable || l.nullable;
  }
  plan.key_planes = key_planes(plan.key_types);
  for (const int c : spec.right_payload) {
    const ColumnSchema& column = right.at(static_cast<size_t>(c));
    plan.payload_planes += static_cast<uint64_t>(column.type.bits()) + (column.nullable ? 1 : 0);
    plan.payload_nulls += column.nullable ? 1 : 0;
  }
  plan.by_differences =
      spec.right_in_key_order && (indexed || 2 * plan.key_planes < 3 * (1 + plan.payload_planes));
  return plan;
}

std::vector<ColumnSchema> schemas_of(const SharedTable& table) {
  std::vector<ColumnSchema> schemas;
  for (const SharedColumn& column : table.columns) {
    schemas.push_back({"", column.type, column.null.has_value()});
  }
  return schemas;
}

std::vector<const SharedColumn*> pick(const SharedTable& table, const std::vector<int>& columns) {
  std::vector<const SharedColumn*> picked;
  for (const int c : columns) picked.push_back(&table.columns.at(static_cast<size_t>(c)));
  return picked;
}

std::vector<ColumnSchema> pick(const std::vector<ColumnSchema>& schemas, const std::vector<int>& columns) {
  std::vector<ColumnSchema> picked;
  for (const int c : columns) picked.push_back(schemas.at(static_cast<size_t>(c)));
  return picked;
}

}  // namespace sluis::oblivious
