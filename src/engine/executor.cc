#include "engine/executor.h"

#include "base/check.h"
#include "engine/expression.h"
#include "oblivious/group_by.h"
#include "oblivious/join.h"
#include "sharing/bits_ops.h"

namespace sluis::engine {

using sql::Node;
using sql::NodeKind;

namespace {

// Columns of `part` in the types of `schema` (bounds widened, a null plane where the schema has one).
SharedTable conform(int party, const SharedTable& part, const std::vector<relation::ColumnSchema>& schema) {
  SharedTable out{part.valid, {}};
  for (size_t i = 0; i < schema.size(); ++i) {
    const SharedColumn& from = part.columns[i];
    SharedColumn column{schema[i].type, planes_as(from, schema[i].type), from.null};
    if (schema[i].nullable && !column.null) column.null = sharing::share_constant(party, part.rows(), 1, 0);
    out.columns.push_back(std::move(column));
  }
  return out;
}

}  // namespace

oblivious::JoinKind join_kind(sql::JoinKind kind) {
  switch (kind) {
    case sql::JoinKind::kInner:
      return oblivious::JoinKind::kInner;
    case sql::JoinKind::kLeft:
      return oblivious::JoinKind::kLeft;
    case sql::JoinKind::kSemi:
      return oblivious::JoinKind::kSemi;
    case sql::JoinKind::kAnti:
      return oblivious::JoinKind::kAnti;
  }
  CHECK(false);
  return {};
}

namespace {

oblivious::WindowFunction window_function(sql::WindowFunction function) {
  using From = sql::WindowFunction;
  using To = oblivious::WindowFunction;
  switch (function) {
    case From::kRowNumber:
      return To::kRowNumber;
    case From::kRank:
      return To::kRank;
    case From::kDenseRank:
      return To::kDenseRank;
    case From::kLag:
      return To::kLag;
    case From::kLead:
      return To::kLead;
    case From::kFirst:
      return To::kFirst;
    case From::kCountRows:
      return To::kCountRows;
    case From::kCount:
      return To::kCount;
    case From::kSum:
      return To::kSum;
    case From::kMin:
      return To::kMin;
    case From::kMax:
      return To::kMax;
  }
  CHECK(false);
  return {};
}

oblivious::WindowFrame window_frame(sql::WindowFrame frame) {
  return frame == sql::WindowFrame::kRow     ? oblivious::WindowFrame::kRow
         : frame == sql::WindowFrame::kPeers ? oblivious::WindowFrame::kPeers
                                             : oblivious::WindowFrame::kPartition;
}

}  // namespace

oblivious::WindowSpec window_spec(const Node& node) {
  oblivious::WindowSpec spec;
  spec.partition = node.partition;
  for (const sql::WindowOrder& order : node.order)
    spec.order.push_back({order.column, order.descending, order.nulls_first});
  for (const sql::WindowCall& call : node.windows)
    spec.calls.push_back(
        {window_function(call.function), call.column, call.offset, window_frame(call.frame), call.type});
  return spec;
}

oblivious::JoinSpec join_spec(const Node& node) {
  oblivious::JoinSpec spec;
  spec.kind = join_kind(node.join);
  spec.left_keys = node.left_keys;
  spec.right_keys = node.right_keys;
  spec.right_payload = node.right_payload;
  spec.right_in_key_order = in_key_order(*node.inputs[1], node.right_keys);
  return spec;
}

oblivious::Aggregate aggregate_of(sql::Function function) {
  switch (function) {
    case sql::Function::kCountRows:
      return oblivious::Aggregate::kCountRows;
    case sql::Function::kCount:
      return oblivious::Aggregate::kCount;
    case sql::Function::kSum:
      return oblivious::Aggregate::kSum;
    case sql::Function::kMin:
      return oblivious::Aggregate::kMin;
    case sql::Function::kMax:
      return oblivious::Aggregate::kMax;
    case sql::Function::kAny:
      return oblivious::Aggregate::kAny;
  }
  CHECK(false);
  return {};
}

Executor::Executor(Session& session, const SharedTables& tables, StepListener listener,
                   const oblivious::SortRule& rule, OrderPlan orders)
    : session_(session),
      tables_(tables),
      listener_(std::move(listener)),
      rule_(rule),
      orders_(std::move(orders)) {}

const SharedTable& Executor::table(const sql::NodePtr& node) {
  const auto found = done_.find(node.get());
  if (found != done_.end()) return found->second;
  SharedTable result = evaluate_node(*node);
  return done_.emplace(node.get(), std::move(result)).first->second;
}

SharedTable Executor::evaluate_node(const Node& node) {
  for (const sql::NodePtr& input : node.inputs) (void)table(input);
  if (listener_) listener_(node.label);
  switch (node.kind) {
    case NodeKind::kScan:
      return scan(node);
    case NodeKind::kFilter:
      return filter(node);
    case NodeKind::kProject:
      return project(node);
    case NodeKind::kJoin:
      return join(node);
    case NodeKind::kGroupBy:
      return group_by(node);
    case NodeKind::kUnionAll:
      return union_all(node);
    case NodeKind::kWindow:
      return window(node);
  }
  CHECK(false);
  return {};
}

SharedTable Executor::scan(const Node& node) {
  const SharedTable& base = tables_.at(node.table);
  SharedTable out{base.valid, {}};
  for (int column : node.scan_columns) out.columns.push_back(base.columns.at(static_cast<size_t>(column)));
  return out;
}

SharedTable Executor::filter(const Node& node) {
  const SharedTable& input = table(node.inputs[0]);
  const SharedColumn predicate = evaluate(session_, node.exprs[0], input);
  SharedTable out = input;
  out.valid = mpc::and_(session_, input.valid, is_true(session_, predicate));
  return out;
}

SharedTable Executor::project(const Node& node) {
  const SharedTable& input = table(node.inputs[0]);
  SharedTable out{input.valid, {}};
  for (size_t i = 0; i < node.exprs.size(); ++i)
    out.columns.push_back(evaluate(session_, node.exprs[i], input));
  return conform(session_.party(), out, node.columns);
}

SharedTable Executor::join(const Node& node) {
  CHECK(node.at_most == 1);
  const oblivious::KeyIndex* index = index_of(node);
  SharedTable joined = oblivious::join(session_, table(node.inputs[0]), table(node.inputs[1]),
                                       join_spec(node), {rule_, nullptr, index});
  used(orders_.of(node).index);
  return joined;
}

SharedTable Executor::group_by(const Node& node) {
  std::vector<oblivious::AggregateSpec> aggregates;
  for (const sql::AggregateCall& call : node.aggregates)
    aggregates.push_back({aggregate_of(call.function), call.column, call.type});
  const oblivious::KeyIndex* index = index_of(node);
  SharedTable grouped = oblivious::group_by(session_, table(node.inputs[0]), node.group_keys, aggregates,
                                            {rule_, nullptr, index});
  used(orders_.of(node).index);
  return grouped;
}

const oblivious::KeyIndex* Executor::index_of(const Node& node) {
  const StepOrder order = orders_.of(node);
  if (order.source == OrderSource::kOwn) return nullptr;
  if (order.source == OrderSource::kInPlace) {
    in_place_ = oblivious::index_in_place(session_, table(node.inputs[0]), node.group_keys);
    return &*in_place_;
  }
  const auto found = indexes_.find(order.index);
  CHECK((found != indexes_.end()) == (order.source == OrderSource::kReused));
  if (found != indexes_.end()) return &found->second;
  return &indexes_.emplace(order.index, make_index(node)).first->second;
}

oblivious::KeyIndex Executor::make_index(const Node& node) {
  const SharedTable& input = table(node.inputs[0]);
  if (node.kind == NodeKind::kJoin)
    return oblivious::union_index(session_, input, table(node.inputs[1]), join_spec(node), {rule_});
  return oblivious::table_index(session_, input, node.group_keys, {rule_});
}

void Executor::used(const std::string& index) {
  in_place_.reset();
  if (index.empty() || ++uses_[index] < orders_.uses(index) || orders_.keeps(index)) return;
  indexes_.erase(index);
}

SharedTable Executor::window(const Node& node) {
  return oblivious::window(session_, table(node.inputs[0]), window_spec(node), {rule_});
}

SharedTable Executor::union_all(const Node& node) {
  std::vector<SharedTable> parts;
  for (const sql::NodePtr& input : node.inputs)
    parts.push_back(conform(session_.party(), table(input), node.columns));
  const auto stacked = [&](auto member) {
    std::vector<const SharedBits*> pieces;
    for (const SharedTable& part : parts) pieces.push_back(member(part));
    return sharing::concat_rows(std::span<const SharedBits* const>(pieces));
  };
  SharedTable out{stacked([](const SharedTable& t) { return &t.valid; }), {}};
  for (size_t c = 0; c < node.columns.size(); ++c) {
    SharedColumn column{
        node.columns[c].type, stacked([&](const SharedTable& t) { return &t.columns[c].value; }), {}};
    if (node.columns[c].nullable)
      column.null = stacked([&](const SharedTable& t) { return &*t.columns[c].null; });
    out.columns.push_back(std::move(column));
  }
  return out;
}

}  // namespace sluis::engine
