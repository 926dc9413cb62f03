// Joins with several rows per key, made of one join with one row per key.
//
//   numbered <- right side, PARTITION BY key: row_number(), and of each column the values of the next rows
//   first    <- those with row_number() = 1: one per key, which holds its up to at_most rows side by side
//   joined   <- left JOIN first
//   result   <- UNION ALL over the places: joined, with the values of that place, where it is filled
#include <algorithm>

#include "base/check.h"
#include "sql/expr.h"
#include "sql/nodes.h"
#include "sql/rebuild.h"
#include "sql/rewrite.h"

namespace sluis::sql {
namespace {

size_t at(int index) { return static_cast<size_t>(index); }

class Expansion {
 public:
  Expansion(const Node& join, const Moved& left, const Moved& right)
      : join_(join),
        info_{join.label, join.line},
        left_(left),
        keys_(moved_columns(join.right_keys, right)),
        payload_(moved_columns(join.right_payload, right)) {
    place_columns(right.node);
  }

  NodePtr result() const {
    const NodePtr joined = join_first();
    std::vector<NodePtr> arms;
    for (uint64_t place = 0; place < join_.at_most; ++place) arms.push_back(arm(joined, place));
    return make_union_all(std::move(arms), info_);
  }

 private:
  // Key and payload columns once each, then a mark that every row has.
  void place_columns(const NodePtr& right) {
    std::vector<Expr> exprs;
    std::vector<std::string> names;
    std::vector<int> seen(right->columns.size(), -1);
    const auto place = [&](int& column) {
      int& known = seen[at(column)];
      if (known < 0) {
        known = static_cast<int>(exprs.size());
        exprs.push_back(column_expr(column, right->columns[at(column)]));
        names.push_back(right->columns[at(column)].name);
      }
      column = known;
    };
    for (int& column : keys_) place(column);
    for (int& column : payload_) place(column);
    mark_ = static_cast<int>(exprs.size());
    exprs.push_back(constant_expr(Type::boolean(), 1));
    names.emplace_back("row");
    input_ = make_project(right, std::move(exprs), names, info_);
  }

  // Columns that a place takes: the payload, and its mark.
  std::vector<int> taken() const {
    std::vector<int> columns = payload_;
    columns.push_back(mark_);
    return columns;
  }

  NodePtr number_rows() const {
    WindowParts parts{keys_, {}, {}};
    WindowCall number;
    const auto rows = static_cast<int64_t>(std::min<uint64_t>(input_->max_rows, kMaxRows));
    number.type = Type::integer(1, std::max<int64_t>(rows, 1));
    number.name = "number";
    parts.calls.push_back(std::move(number));
    for (uint64_t place = 1; place < join_.at_most; ++place)
      for (int column : taken()) {
        WindowCall next;
        next.function = WindowFunction::kLead;
        next.column = column;
        next.offset = place;
        next.name = input_->columns[at(column)].name + std::to_string(place + 1);
        parts.calls.push_back(std::move(next));
      }
    return make_window(input_, std::move(parts), info_);
  }

  NodePtr join_first() const {
    const NodePtr numbered = number_rows();
    const int number = static_cast<int>(input_->columns.size());
    const ColumnSchema& schema = numbered->columns[at(number)];
    const NodePtr first = make_filter(
        numbered,
        make_expr(Op::kEqual, Type::boolean(), {column_expr(number, schema), constant_expr(schema.type, 1)}),
        info_);
    JoinParts parts{join_.join, moved_columns(join_.left_keys, left_), keys_, payload_, 1};
    for (int column = number + 1; at(column) < first->columns.size(); ++column)
      parts.right_payload.push_back(column);
    return make_join(left_.node, first, std::move(parts), info_);
  }

  // The rows of one place; place 0 also holds what a LEFT JOIN keeps without a match.
  NodePtr arm(const NodePtr& joined, uint64_t place) const {
    const size_t width = left_.node->columns.size(), payload = payload_.size();
    const size_t first = place == 0 ? width : width + payload + (place - 1) * (payload + 1);
    const auto column = [&](size_t i) { return column_expr(static_cast<int>(i), joined->columns[i]); };
    NodePtr rows = joined;
    if (place > 0)
      rows =
          make_filter(joined, make_expr(Op::kIsNotNull, Type::boolean(), {column(first + payload)}), info_);
    std::vector<Expr> exprs;
    std::vector<std::string> names;
    for (size_t i = 0; i < width + payload; ++i) {
      exprs.push_back(column(i < width ? i : first + i - width));
      names.push_back(joined->columns[i].name);
    }
    return make_project(rows, std::move(exprs), names, info_);
  }

  const Node& join_;
  NodeInfo info_;
  const Moved& left_;
  std::vector<int> keys_, payload_;
  int mark_ = -1;
  NodePtr input_;
};

Moved expanded(const Node& join, const Moved& left, const Moved& right) {
  CHECK(join.join == JoinKind::kInner || join.join == JoinKind::kLeft);
  Moved out;
  out.node = Expansion(join, left, right).result();
  out.place = left.place;
  for (size_t i = 0; i < join.right_payload.size(); ++i)
    out.place.push_back(static_cast<int>(left.node->columns.size() + i));
  return out;
}

}  // namespace

bool expand_joins(Plan& plan) {
  bool any = false;
  std::map<const Node*, Moved> moved;
  for (const NodePtr& node : topological_order(roots_of(plan))) {
    Moved& next = moved[node.get()];
    if (node->kind == NodeKind::kScan) {
      next.node = node;
      for (size_t i = 0; i < node->columns.size(); ++i) next.place.push_back(static_cast<int>(i));
      continue;
    }
    std::vector<Moved> inputs;
    for (const NodePtr& input : node->inputs) inputs.push_back(moved.at(input.get()));
    const bool several = node->kind == NodeKind::kJoin && node->at_most > 1;
    any = any || several;
    next = several ? expanded(*node, inputs[0], inputs[1])
                   : rebuild(*node, inputs, std::vector<bool>(node->columns.size(), true));
  }
  if (any)
    for (Output& output : plan.outputs) move_output(output, Moved(moved.at(output.input.get())));
  return any;
}

}  // namespace sluis::sql
