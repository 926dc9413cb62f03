#include "sql/keys.h"

#include <algorithm>

#include "sql/expr.h"

namespace sluis::sql {
namespace {

size_t at(int index) { return static_cast<size_t>(index); }

bool moved(std::vector<int>& columns, const std::vector<int>& place) {
  for (int& column : columns) {
    column = place[at(column)];
    if (column < 0) return false;
  }
  return true;
}

void add_bound(Node& node, KeyBound bound) {
  const auto same = [&](const KeyBound& one) { return one.columns == bound.columns; };
  const auto found = std::find_if(node.key_bounds.begin(), node.key_bounds.end(), same);
  if (found == node.key_bounds.end()) {
    node.key_bounds.push_back(std::move(bound));
  } else {
    found->rows = std::min(found->rows, bound.rows);
  }
}

// Bounds of the input whose columns all have a place in the result; place[c] < 0: the column is gone.
void move_bounds(Node& node, const Node& input, const std::vector<int>& place, uint64_t factor = 1) {
  for (KeyBound bound : input.key_bounds) {
    bound.rows = times(bound.rows, factor);
    if (moved(bound.columns, place)) add_bound(node, std::move(bound));
  }
}

std::vector<int> identity(size_t columns) {
  std::vector<int> place(columns);
  for (size_t i = 0; i < place.size(); ++i) place[i] = static_cast<int>(i);
  return place;
}

void of_scan(Node& node, const relation::TableSchema& table) {
  std::vector<int> place(table.columns.size(), -1);
  for (size_t i = 0; i < node.scan_columns.size(); ++i) place[at(node.scan_columns[i])] = static_cast<int>(i);
  const auto add = [&](const std::vector<std::string>& names, uint64_t rows) {
    KeyBound bound{{}, rows};
    for (const std::string& name : names) bound.columns.push_back(table.find(name));
    const bool known = std::all_of(bound.columns.begin(), bound.columns.end(), [](int c) { return c >= 0; });
    if (known && moved(bound.columns, place)) add_bound(node, std::move(bound));
  };
  for (const std::vector<std::string>& names : table.unique_keys) add(names, 1);
  for (const relation::KeyLimit& limit : table.at_most) add(limit.columns, limit.rows);
}

// `column` op constant, in either order: the largest value that passes, if the condition says so; and whether
// it is the only one.
struct Limit {
  int column = -1;
  int64_t most = 0;
  bool only = false;
};
Limit limit_of(const Expr& condition) {
  if (condition.args.size() != 2) return {};
  const bool swapped = condition.args[0].op == Op::kConstant;
  const Expr& column = condition.args[swapped ? 1 : 0];
  const Expr& constant = condition.args[swapped ? 0 : 1];
  if (column.op != Op::kColumn || constant.op != Op::kConstant || constant.is_null) return {};
  const Op op = condition.op;
  if (op == Op::kEqual) return {column.column, constant.constant, true};
  if (op == (swapped ? Op::kGreaterEqual : Op::kLessEqual)) return {column.column, constant.constant, false};
  if (op == (swapped ? Op::kGreater : Op::kLess)) return {column.column, constant.constant - 1, false};
  return {};
}

// A filter on row_number() over a partition bounds the rows of each partition.
void of_filter(Node& node) {
  const Node& input = *node.inputs[0];
  node.key_bounds = input.key_bounds;
  node.numbered = input.numbered;
  for (const Expr& condition : conjuncts_of(node.exprs[0])) {
    const Limit limit = limit_of(condition);
    for (const Numbered& one : input.numbered)
      if (one.column == limit.column && limit.most >= 1)
        add_bound(node, {one.partition, limit.only ? 1 : static_cast<uint64_t>(limit.most)});
  }
}

// The column of which the expression is a one-to-one function, or -1.
int injective_of(const Expr& expr) {
  switch (expr.op) {
    case Op::kColumn:
      return expr.column;
    case Op::kRescale:
      return expr.type.scale >= expr.args[0].type.scale ? injective_of(expr.args[0]) : -1;
    case Op::kRecode:
    case Op::kNegate:
      return injective_of(expr.args[0]);
    case Op::kAdd:
    case Op::kSubtract:
      if (expr.args[1].op == Op::kConstant) return injective_of(expr.args[0]);
      return expr.args[0].op == Op::kConstant ? injective_of(expr.args[1]) : -1;
    default:
      return -1;
  }
}

// A key in every form that it has in a projection: images[c] are the places of one-to-one functions of column
// c. At most 16 forms.
std::vector<std::vector<int>> key_images(const std::vector<int>& key,
                                         const std::vector<std::vector<int>>& images) {
  constexpr size_t kMost = 16;
  std::vector<std::vector<int>> forms = {{}};
  for (const int column : key) {
    std::vector<std::vector<int>> longer;
    for (const std::vector<int>& form : forms)
      for (const int place : images[at(column)]) {
        if (longer.size() == kMost) break;
        longer.push_back(form);
        longer.back().push_back(place);
      }
    forms = std::move(longer);
  }
  return forms;
}

void of_project(Node& node) {
  const Node& input = *node.inputs[0];
  std::vector<int> place(input.columns.size(), -1);
  std::vector<std::vector<int>> images(input.columns.size());
  for (size_t i = 0; i < node.exprs.size(); ++i) {
    if (node.exprs[i].op == Op::kColumn) place[at(node.exprs[i].column)] = static_cast<int>(i);
    const int column = injective_of(node.exprs[i]);
    if (column >= 0) images[at(column)].push_back(static_cast<int>(i));
  }
  for (const KeyBound& bound : input.key_bounds)
    for (std::vector<int>& image : key_images(bound.columns, images))
      add_bound(node, {std::move(image), bound.rows});
  for (Numbered one : input.numbered) {
    one.column = place[at(one.column)];
    if (one.column >= 0 && moved(one.partition, place)) node.numbered.push_back(std::move(one));
  }
}

void of_join(Node& node) {
  const Node& left = *node.inputs[0];
  if (node.at_most > 1) return move_bounds(node, left, identity(left.columns.size()), node.at_most);
  // A right key that an inner join carries equals the left one.
  std::vector<std::vector<int>> images;
  for (size_t c = 0; c < left.columns.size(); ++c) images.push_back({static_cast<int>(c)});
  for (size_t k = 0; node.join == JoinKind::kInner && k < node.left_keys.size(); ++k)
    for (size_t i = 0; i < node.right_payload.size(); ++i)
      if (node.right_payload[i] == node.right_keys[k])
        images[at(node.left_keys[k])].push_back(static_cast<int>(left.columns.size() + i));
  for (const KeyBound& bound : left.key_bounds)
    for (std::vector<int>& image : key_images(bound.columns, images))
      add_bound(node, {std::move(image), bound.rows});
  node.numbered = left.numbered;
}

void of_group_by(Node& node) {
  const Node& input = *node.inputs[0];
  std::vector<int> place(input.columns.size(), -1);
  for (size_t i = 0; i < node.group_keys.size(); ++i) place[at(node.group_keys[i])] = static_cast<int>(i);
  move_bounds(node, input, place);
  add_bound(node, {identity(node.group_keys.size()), 1});
}

// As many as all arms together.
void of_union_all(Node& node) {
  for (const KeyBound& first : node.inputs[0]->key_bounds) {
    uint64_t rows = 0;
    for (const NodePtr& input : node.inputs) {
      const uint64_t more = rows_per_key(*input, first.columns);
      rows = more == kNoBound || rows == kNoBound ? kNoBound : rows + more;
    }
    if (rows <= kMaxRows) add_bound(node, {first.columns, rows});
  }
}

void of_window(Node& node) {
  const Node& input = *node.inputs[0];
  node.key_bounds = input.key_bounds;
  node.numbered = input.numbered;
  for (size_t i = 0; i < node.windows.size(); ++i) {
    if (node.windows[i].function != WindowFunction::kRowNumber) continue;
    const int column = static_cast<int>(input.columns.size() + i);
    KeyBound bound{node.partition, 1};
    bound.columns.push_back(column);
    add_bound(node, std::move(bound));
    node.numbered.push_back({column, node.partition});
  }
}

}  // namespace

uint64_t times(uint64_t a, uint64_t b) {
  constexpr uint64_t kMost = uint64_t{1} << 62;
  if (a == kNoBound || b == kNoBound || (b != 0 && a > kMost / b)) return kNoBound;
  return a * b;
}

void derive_keys(Node& node, const relation::TableSchema* table) {
  node.key_bounds.clear();
  node.numbered.clear();
  switch (node.kind) {
    case NodeKind::kScan:
      return of_scan(node, *table);
    case NodeKind::kFilter:
      return of_filter(node);
    case NodeKind::kProject:
      return of_project(node);
    case NodeKind::kJoin:
      return of_join(node);
    case NodeKind::kGroupBy:
      return of_group_by(node);
    case NodeKind::kUnionAll:
      return of_union_all(node);
    case NodeKind::kWindow:
      return of_window(node);
  }
}

uint64_t rows_per_key(const Node& node, const std::vector<int>& columns) {
  uint64_t rows = kNoBound;
  for (const KeyBound& bound : node.key_bounds) {
    const bool within = std::all_of(bound.columns.begin(), bound.columns.end(), [&](int column) {
      return std::find(columns.begin(), columns.end(), column) != columns.end();
    });
    if (within) rows = std::min(rows, bound.rows);
  }
  return rows;
}

}  // namespace sluis::sql
