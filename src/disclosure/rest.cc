#include "disclosure/rest.h"

#include <algorithm>

namespace sluis::disclosure {
namespace {

// How sure it is that one thing holds of two measures.
enum class Sure : uint8_t { kNo, kPossible, kCertain };

Relation declared(const OutputPolicy& output, size_t a, size_t b) {
  for (const MeasureRelation& relation : output.relations) {
    if (relation.a == a && relation.b == b) return relation.relation;
    if (relation.b == a && relation.a == b && relation.relation != Relation::kWithin)
      return relation.relation;
    if (relation.b == a && relation.a == b) return Relation::kCrossing;  // b lies within a, not a within b
  }
  return Relation::kUnknown;
}

Sure within(const OutputPolicy& output, size_t part, size_t whole) {
  if (output.measures[whole].figure == Figure::kCountRows) return Sure::kCertain;
  if (output.measures[part].figure == Figure::kCountRows) return Sure::kNo;
  switch (declared(output, part, whole)) {
    case Relation::kWithin:
      return Sure::kCertain;
    case Relation::kUnknown:
      return Sure::kPossible;
    default:
      return Sure::kNo;
  }
}

Sure apart(const OutputPolicy& output, size_t a, size_t b) {
  switch (declared(output, a, b)) {
    case Relation::kDisjoint:
      return Sure::kCertain;
    case Relation::kUnknown:
      return declared(output, b, a) == Relation::kUnknown ? Sure::kPossible : Sure::kNo;
    default:
      return Sure::kNo;
  }
}

Sure rest_of(const OutputPolicy& output, size_t whole, const std::vector<size_t>& parts) {
  Sure sure = Sure::kCertain;
  for (size_t i = 0; i < parts.size(); ++i) {
    sure = std::min(sure, within(output, parts[i], whole));
    for (size_t j = i + 1; j < parts.size(); ++j) sure = std::min(sure, apart(output, parts[i], parts[j]));
  }
  return sure;
}

// Cell positions along one dimension: `base` for every combination of the others, `step` between its values.
struct Axis {
  std::vector<uint32_t> bases;
  uint32_t step = 1;
  size_t values = 0;
};

Axis axis_of(const OutputPolicy& output, size_t dimension) {
  Axis axis;
  axis.values = output.dimensions[dimension].labels.size();
  for (size_t d = dimension + 1; d < output.dimensions.size(); ++d)
    axis.step *= static_cast<uint32_t>(output.dimensions[d].labels.size());
  const uint32_t span = axis.step * static_cast<uint32_t>(axis.values);
  for (uint32_t start = 0; start < output.cells(); start += span)
    for (uint32_t inner = 0; inner < axis.step; ++inner) axis.bases.push_back(start + inner);
  return axis;
}

}  // namespace

std::vector<Rest> derivable_rests(const OutputPolicy& output) {
  std::vector<size_t> sub_counts;
  for (size_t m = 0; m < output.measures.size(); ++m)
    if (output.measures[m].figure != Figure::kCountRows) sub_counts.push_back(m);
  std::vector<Rest> rests;
  for (size_t whole = 0; whole < output.measures.size(); ++whole)
    for (uint32_t set = 1; set < (uint32_t{1} << sub_counts.size()); ++set) {
      std::vector<size_t> parts;
      for (size_t i = 0; i < sub_counts.size(); ++i)
        if ((set >> i) & 1) parts.push_back(sub_counts[i]);
      if (std::find(parts.begin(), parts.end(), whole) != parts.end()) continue;
      const Sure sure = rest_of(output, whole, parts);
      if (sure == Sure::kNo) continue;
      const bool population = output.measures[whole].figure == Figure::kCountRows;
      const size_t hidden = population ? parts.back() : std::max(whole, parts.back());
      rests.push_back({whole, parts, sure == Sure::kCertain, hidden});
    }
  return rests;
}

std::vector<std::vector<RowGroup>> row_groups(const OutputPolicy& output) {
  std::vector<std::vector<RowGroup>> all;
  for (const SensitiveValues& sensitive : output.sensitive) {
    const Axis axis = axis_of(output, sensitive.dimension);
    std::vector<std::vector<size_t>> sets{sensitive.values};
    if (sensitive.values.size() == axis.values) {
      sets.clear();
      for (size_t value : sensitive.values) sets.push_back({value});
    }
    for (const std::vector<size_t>& set : sets) {
      std::vector<RowGroup> groups;
      for (uint32_t base : axis.bases) {
        RowGroup group;
        for (uint32_t v = 0; v < axis.values; ++v) group.cells.push_back(base + v * axis.step);
        for (size_t v : set) group.sensitive.push_back(base + static_cast<uint32_t>(v) * axis.step);
        groups.push_back(std::move(group));
      }
      all.push_back(std::move(groups));
    }
  }
  return all;
}

}  // namespace sluis::disclosure
