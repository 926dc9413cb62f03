#include "oblivious/group_plan.h"

#include <algorithm>
#include <set>

#include "base/check.h"

namespace sluis::oblivious {
namespace {

using relation::ColumnSchema;

uint64_t bits(const relation::Type& type) { return static_cast<uint64_t>(type.bits()); }

// Position of the fold in the plan; added if it is not there yet.
int fold_of(GroupPlan& plan, const FoldColumn& fold) {
  const auto same = [&](const FoldColumn& other) {
    return other.source == fold.source && other.column == fold.column &&
           other.shape.fold == fold.shape.fold && other.shape.result_planes == fold.shape.result_planes;
  };
  const auto at = std::ranges::find_if(plan.folds, same);
  if (at != plan.folds.end()) return static_cast<int>(at - plan.folds.begin());
  plan.folds.push_back(fold);
  return static_cast<int>(plan.folds.size()) - 1;
}

FoldOutput add_count(GroupPlan& plan, const ColumnSchema* column, const AggregateSpec& spec) {
  const bool every_row = column == nullptr || !column->nullable;
  const ScanShape shape{Fold::kSum, 1, bits(spec.result_type), false};
  return {fold_of(plan, {every_row ? FoldSource::kOnes : FoldSource::kPresent, every_row ? -1 : spec.column,
                         shape, false}),
          -1};
}

FoldOutput add_fold(GroupPlan& plan, const ColumnSchema& column, const AggregateSpec& spec) {
  const uint64_t planes = bits(column.type);
  FoldColumn fold{FoldSource::kValue, spec.column, {}, column.nullable || plan.interleaved};
  if (spec.function == Aggregate::kSum) {
    // Narrower results are sums mod 2^planes of the low planes.
    const uint64_t result = bits(spec.result_type);
    fold.shape = {Fold::kSum, std::min(planes, result), result, column.type.is_signed()};
  } else if (spec.function == Aggregate::kAny) {
    fold.shape = {Fold::kOr, planes, 0, false};  // all valid rows hold one value, the others zeros
  } else if (spec.function == Aggregate::kMin) {
    fold.source = fold.masked ? FoldSource::kOrderedFromTop : FoldSource::kOrdered;
    fold.shape = {Fold::kMin, planes, 0, false};
  } else {
    fold.source = FoldSource::kOrdered;
    fold.shape = {Fold::kMax, planes, 0, false};
  }
  FoldOutput output{fold_of(plan, fold), -1};
  if (column.nullable) {
    output.present = fold_of(plan, {FoldSource::kPresent, spec.column, {Fold::kOr, 1, 0, false}, false});
  }
  return output;
}

std::vector<int> nullable_sources(const std::vector<FoldColumn>& folds,
                                  const std::vector<ColumnSchema>& columns) {
  std::set<int> sources;
  for (const FoldColumn& fold : folds) {
    if (fold.column >= 0 && columns.at(static_cast<size_t>(fold.column)).nullable)
      sources.insert(fold.column);
  }
  return {sources.begin(), sources.end()};
}

}  // namespace

GroupPlan plan_group(const std::vector<ColumnSchema>& columns, const std::vector<int>& keys,
                     const std::vector<AggregateSpec>& aggregates, bool interleaved) {
  CHECK(!interleaved || !keys.empty());
  GroupPlan plan;
  plan.interleaved = interleaved;
  for (const int key : keys) {
    const ColumnSchema& column = columns.at(static_cast<size_t>(key));
    plan.key_types.push_back({column.type, column.nullable});
  }
  plan.key_planes = key_planes(plan.key_types);
  for (const AggregateSpec& spec : aggregates) {
    const ColumnSchema* column = spec.column < 0 ? nullptr : &columns.at(static_cast<size_t>(spec.column));
    CHECK(column != nullptr || spec.function == Aggregate::kCountRows);
    const bool is_count = spec.function == Aggregate::kCountRows || spec.function == Aggregate::kCount;
    const bool needs_column = !is_count || (spec.function == Aggregate::kCount && column->nullable);
    const bool is_key = std::ranges::find(keys, spec.column) != keys.end();
    if (needs_column && !is_key && std::ranges::find(plan.carried, spec.column) == plan.carried.end()) {
      plan.carried.push_back(spec.column);
      plan.carried_planes += bits(column->type) + (column->nullable ? 1 : 0);
    }
    if (is_count) {
      plan.outputs.push_back(
          add_count(plan, spec.function == Aggregate::kCountRows ? nullptr : column, spec));
    } else if (spec.function == Aggregate::kAny && (!interleaved || is_key)) {
      plan.outputs.push_back({-1, -1});
    } else {
      plan.outputs.push_back(add_fold(plan, *column, spec));
    }
  }
  if (interleaved) plan.masked_nulls = nullable_sources(plan.folds, columns);
  return plan;
}

}  // namespace sluis::oblivious
