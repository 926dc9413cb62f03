#include "oblivious/window_plan.h"

#include <algorithm>

#include "base/check.h"

namespace sluis::oblivious {
namespace {

using relation::ColumnSchema;

uint64_t bits(const relation::Type& type) { return static_cast<uint64_t>(type.bits()); }

int running_of(WindowPlan& plan, RunningColumn column) {
  for (size_t i = 0; i < plan.running.size(); ++i) {
    const RunningColumn& one = plan.running[i];
    if (one.source == column.source && one.column == column.column &&
        one.shape.result_planes == column.shape.result_planes && one.shape.fold == column.shape.fold)
      return static_cast<int>(i);
  }
  plan.running.push_back(column);
  return static_cast<int>(plan.running.size()) - 1;
}

int counted(WindowPlan& plan, RunningSource source, int column, const relation::Type& result) {
  return running_of(plan, {source, column, {Fold::kSum, 1, bits(result), false}, false});
}

// MIN, MAX and SUM over a column.
WindowOutput folded(WindowPlan& plan, const ColumnSchema& column, const WindowCall& call) {
  const uint64_t planes = bits(column.type);
  RunningColumn one{RunningSource::kValue, call.column, {}, column.nullable};
  if (call.function == WindowFunction::kSum) {
    const uint64_t result = bits(call.result_type);
    one.shape = {Fold::kSum, std::min(planes, result), result, column.type.is_signed()};
  } else if (call.function == WindowFunction::kMin) {
    one.source = column.nullable ? RunningSource::kOrderedFromTop : RunningSource::kOrdered;
    one.shape = {Fold::kMin, planes, 0, false};
  } else {
    one.source = RunningSource::kOrdered;
    one.shape = {Fold::kMax, planes, 0, false};
  }
  WindowOutput output;
  output.value = running_of(plan, one);
  if (column.nullable)
    output.present =
        running_of(plan, {RunningSource::kPresent, call.column, {Fold::kOr, 1, 0, false}, false});
  return output;
}

WindowOutput output_of(WindowPlan& plan, const std::vector<ColumnSchema>& columns, const WindowCall& call) {
  const ColumnSchema* column = call.column < 0 ? nullptr : &columns.at(static_cast<size_t>(call.column));
  WindowOutput output;
  switch (call.function) {
    case WindowFunction::kLag:
    case WindowFunction::kLead:
      CHECK(call.offset >= 1 && call.offset <= kMaxWindowOffset);
      plan.max_offset = std::max(plan.max_offset, call.offset);
      plan.nullable_shifts += column->nullable ? 1 : 0;
      return output;
    case WindowFunction::kRowNumber:
      output.value = counted(plan, RunningSource::kOnes, -1, call.result_type);
      return output;
    case WindowFunction::kRank:
      output.value = counted(plan, RunningSource::kOnes, -1, call.result_type);
      output.first_peer = true;
      return output;
    case WindowFunction::kDenseRank:
      output.value = counted(plan, RunningSource::kPeerStart, -1, call.result_type);
      return output;
    case WindowFunction::kFirst: {
      const uint64_t planes = bits(column->type) + (column->nullable ? 1 : 0);
      output.value =
          running_of(plan, {RunningSource::kWhole, call.column, {Fold::kFirst, planes, 0, false}, false});
      return output;
    }
    case WindowFunction::kCountRows:
    case WindowFunction::kCount: {
      const bool every = call.function == WindowFunction::kCountRows || !column->nullable;
      output.value = counted(plan, every ? RunningSource::kOnes : RunningSource::kPresent,
                             every ? -1 : call.column, call.result_type);
      break;
    }
    default:
      output = folded(plan, *column, call);
  }
  output.frame = call.frame;
  return output;
}

uint64_t result_planes(const std::vector<ColumnSchema>& columns, const WindowCall& call,
                       const WindowOutput& output) {
  bool null = is_shift(call.function) || output.present >= 0;
  if (call.function == WindowFunction::kFirst) null = columns[static_cast<size_t>(call.column)].nullable;
  return bits(call.result_type) + (null ? 1 : 0);
}

}  // namespace

WindowPlan plan_window(const std::vector<ColumnSchema>& columns, const WindowSpec& spec) {
  WindowPlan plan;
  const auto key = [&](int at) {
    const ColumnSchema& column = columns.at(static_cast<size_t>(at));
    plan.key_types.push_back({column.type, column.nullable});
    return plan.key_types.back().planes();
  };
  for (const int column : spec.partition) plan.partition_planes += key(column);
  for (const WindowOrder& order : spec.order) plan.order_planes += key(order.column);
  for (const WindowCall& call : spec.calls) {
    plan.outputs.push_back(output_of(plan, columns, call));
    WindowOutput& output = plan.outputs.back();
    // Without ORDER BY all rows are peers.
    if (output.frame == WindowFrame::kPeers && spec.order.empty()) output.frame = WindowFrame::kPartition;
    plan.peers = plan.peers || output.first_peer || output.frame == WindowFrame::kPeers ||
                 call.function == WindowFunction::kDenseRank;
    plan.result_planes += result_planes(columns, call, output);
    // A count of rows that are all there reads no column.
    const bool reads =
        call.column >= 0 && (output.value < 0 || plan.running[static_cast<size_t>(output.value)].column >= 0);
    if (!reads || std::ranges::find(plan.carried, call.column) != plan.carried.end()) continue;
    const ColumnSchema& column = columns.at(static_cast<size_t>(call.column));
    plan.carried.push_back(call.column);
    plan.carried_planes += bits(column.type) + (column.nullable ? 1 : 0);
  }
  return plan;
}

std::vector<ScanShape> copied_shapes(const WindowPlan& plan, WindowFrame frame, bool first_peer) {
  std::vector<ScanShape> shapes;
  for (const WindowOutput& output : plan.outputs) {
    if (output.value < 0 || output.frame != frame || output.first_peer != first_peer) continue;
    const ScanShape& shape = plan.running[static_cast<size_t>(output.value)].shape;
    const uint64_t planes = shape.result_planes == 0 ? shape.planes : shape.result_planes;
    shapes.push_back({Fold::kFirst, planes + (output.present >= 0 ? 1 : 0), 0, false});
  }
  return shapes;
}

}  // namespace sluis::oblivious
