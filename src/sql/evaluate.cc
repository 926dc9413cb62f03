#include "sql/evaluate.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "sql/evaluate_window.h"
#include "sql/figure.h"

namespace sluis::sql {
namespace {

using Row = std::vector<Cell>;

size_t at(int index) { return static_cast<size_t>(index); }

// NULL in any of them: the key matches nothing.
std::optional<Row> key_of(const Row& row, const std::vector<int>& columns) {
  Row key;
  for (int column : columns) {
    if (!row[at(column)]) return std::nullopt;
    key.push_back(row[at(column)]);
  }
  return key;
}

// One aggregate over the rows of a group.
Cell aggregate(const AggregateCall& call, const std::vector<const Row*>& group) {
  if (call.function == Function::kCountRows) return static_cast<int64_t>(group.size());
  int64_t count = 0;
  Cell result;
  for (const Row* row : group) {
    const Cell value = (*row)[at(call.column)];
    if (!value) continue;
    ++count;
    if (!result) {
      result = value;
    } else if (call.function == Function::kSum) {
      *result += *value;
    } else if (call.function == Function::kMin) {
      result = std::min(*result, *value);
    } else if (call.function == Function::kMax) {
      result = std::max(*result, *value);
    }
  }
  return call.function == Function::kCount ? Cell{count} : result;
}

class Evaluator {
 public:
  explicit Evaluator(const ClearTables& tables) : tables_(tables) {}

  // Set when the data break a promise; what has been computed then means nothing.
  const std::optional<Error>& error() const { return error_; }

  const Rows& operator()(const NodePtr& node) {
    const auto found = done_.find(node.get());
    if (found != done_.end()) return found->second;
    Rows rows{node->columns, evaluate(*node)};
    check_bounds(rows);
    return done_.emplace(node.get(), std::move(rows)).first->second;
  }

 private:
  static void check_bounds(const Rows& rows) {
    for (const Row& row : rows.rows) {
      CHECK(row.size() == rows.columns.size());
      for (size_t i = 0; i < row.size(); ++i) {
        const ColumnSchema& column = rows.columns[i];
        CHECK(row[i] ? *row[i] >= column.type.lo && *row[i] <= column.type.hi : column.nullable);
      }
    }
  }

  std::vector<Row> evaluate(const Node& node) {
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
      case NodeKind::kWindow:
        return evaluate_window(node, (*this)(node.inputs[0]).rows);
      case NodeKind::kUnionAll:
        break;
    }
    std::vector<Row> out;
    for (const NodePtr& input : node.inputs) {
      const Rows& part = (*this)(input);
      out.insert(out.end(), part.rows.begin(), part.rows.end());
    }
    return out;
  }

  std::vector<Row> scan(const Node& node) {
    const relation::Table& table = tables_.at(node.table);
    std::vector<Row> out(table.rows);
    for (int position : node.scan_columns) {
      const relation::Column& column = table.columns.at(at(position));
      for (size_t r = 0; r < table.rows; ++r)
        out[r].push_back(column.null[r] != 0 ? Cell{} : Cell{column.values[r]});
    }
    return out;
  }

  std::vector<Row> filter(const Node& node) {
    std::vector<Row> out;
    for (const Row& row : (*this)(node.inputs[0]).rows)
      if (evaluate_expr(node.exprs[0], row).value_or(0) != 0) out.push_back(row);
    return out;
  }

  std::vector<Row> project(const Node& node) {
    std::vector<Row> out;
    for (const Row& row : (*this)(node.inputs[0]).rows) {
      Row values;
      for (const Expr& expr : node.exprs) values.push_back(evaluate_expr(expr, row));
      out.push_back(std::move(values));
    }
    return out;
  }

  static Row joined(const Node& node, Row row, const Row* match) {
    for (int column : node.right_payload) row.push_back(match == nullptr ? Cell{} : (*match)[at(column)]);
    return row;
  }

  std::vector<Row> join(const Node& node) {
    static const std::vector<const Row*> kNone;
    const bool asks_only =
        (node.join == JoinKind::kSemi || node.join == JoinKind::kAnti) && node.right_payload.empty();
    std::map<Row, std::vector<const Row*>> right;
    for (const Row& row : (*this)(node.inputs[1]).rows) {
      const auto key = key_of(row, node.right_keys);
      if (!key) continue;
      right[*key].push_back(&row);
      if (asks_only || right[*key].size() <= node.at_most) continue;
      error_ = Error{node.at_most == 1 ? "S1121.not_unique" : "S1121.at_most",
                     {node.label, std::to_string(node.at_most)},
                     "",
                     0,
                     0};
    }
    std::vector<Row> out;
    for (const Row& row : (*this)(node.inputs[0]).rows) {
      const auto key = key_of(row, node.left_keys);
      const auto found = key ? right.find(*key) : right.end();
      const std::vector<const Row*>& matches = found == right.end() ? kNone : found->second;
      if (node.join == JoinKind::kSemi || node.join == JoinKind::kAnti) {
        if (matches.empty() == (node.join == JoinKind::kAnti)) out.push_back(row);
        continue;
      }
      for (const Row* match : matches) out.push_back(joined(node, row, match));
      if (matches.empty() && node.join == JoinKind::kLeft) out.push_back(joined(node, row, nullptr));
    }
    return out;
  }

  std::vector<Row> group_by(const Node& node) {
    std::map<Row, std::vector<const Row*>> groups;
    for (const Row& row : (*this)(node.inputs[0]).rows) {
      Row key;
      for (int column : node.group_keys) key.push_back(row[at(column)]);
      groups[std::move(key)].push_back(&row);
    }
    std::vector<Row> out;
    for (const auto& [key, group] : groups) {
      Row row = key;
      for (const AggregateCall& call : node.aggregates) row.push_back(aggregate(call, group));
      out.push_back(std::move(row));
    }
    return out;
  }

  const ClearTables& tables_;
  std::map<const Node*, Rows> done_;
  std::optional<Error> error_;
};

size_t cells_of(const Dimension& dimension) { return dimension.codes.size() + (dimension.null_cell ? 1 : 0); }

size_t cell_count(const Output& output) {
  size_t count = 1;
  for (const Dimension& dimension : output.dimensions) count *= cells_of(dimension);
  return count;
}

// The cell of a row, or nothing if a value is not among the codes.
std::optional<size_t> cell_of(const Output& output, const Row& row) {
  size_t cell = 0;
  for (const Dimension& dimension : output.dimensions) {
    const Cell value = row[at(dimension.column)];
    size_t position = dimension.codes.size();
    if (value)
      position = static_cast<size_t>(std::find(dimension.codes.begin(), dimension.codes.end(), *value) -
                                     dimension.codes.begin());
    if (value ? position == dimension.codes.size() : !dimension.null_cell) return std::nullopt;
    cell = cell * cells_of(dimension) + position;
  }
  return cell;
}

// The values of a cell's dimensions.
Row dimension_values(const Output& output, size_t cell) {
  Row values(output.dimensions.size());
  for (size_t d = output.dimensions.size(); d-- > 0;) {
    const Dimension& dimension = output.dimensions[d];
    const size_t position = cell % cells_of(dimension);
    cell /= cells_of(dimension);
    if (position < dimension.codes.size()) values[d] = dimension.codes[position];
  }
  return values;
}

// The type of one output column.
const Type& selected_type(const Output& output, int select) {
  const size_t dimensions = output.dimensions.size();
  if (select < 0) return output.measures[at(-1 - select)].type;
  if (at(select) < dimensions) return output.input->columns[at(output.dimensions[at(select)].column)].type;
  return output.derived.at(at(select) - dimensions).type;
}

// The value of one output column of a printed row. `row` holds dimensions, then measures.
Result<Figure> selected(const Output& output, int select, const Row& row) {
  const size_t dimensions = output.dimensions.size();
  if (select >= 0 && at(select) >= dimensions)
    return evaluate_figure(output.derived.at(at(select) - dimensions), row);
  const Cell& cell = select < 0 ? row[dimensions + at(-1 - select)] : row[at(select)];
  return cell ? Figure{false, *cell, {}} : Figure{};
}

using Printed = std::vector<Figure>;  // one row, in the order of Output::select

Result<std::vector<Printed>> printed_rows(const Output& output, const OpenCells& cells) {
  std::vector<Printed> out;
  for (size_t cell = 0; cell < cells.rows.size(); ++cell) {
    if (output.only_occurring && !output.dimensions.empty() && cells.rows[cell] == 0) continue;
    Row row = dimension_values(output, cell);
    row.insert(row.end(), cells.measures[cell].begin(), cells.measures[cell].end());
    if (output.having) {
      SLUIS_ASSIGN(const Figure kept, evaluate_figure(*output.having, row));
      if (kept.null || kept.whole == 0) continue;
    }
    Printed& printed = out.emplace_back();
    for (const int select : output.select) {
      SLUIS_ASSIGN(Figure value, selected(output, select, row));
      printed.push_back(std::move(value));
    }
  }
  return out;
}

}  // namespace

Result<Rows> evaluate_node(const NodePtr& node, const ClearTables& tables) {
  Evaluator evaluator(tables);
  Rows rows = evaluator(node);
  if (evaluator.error()) return *evaluator.error();
  return rows;
}

Result<OpenCells> evaluate_cells(const Output& output, const ClearTables& tables) {
  Evaluator evaluator(tables);
  const Rows& input = evaluator(output.input);
  if (evaluator.error()) return *evaluator.error();
  std::vector<std::vector<const Row*>> groups(cell_count(output));
  for (const Row& row : input.rows)
    if (const auto cell = cell_of(output, row)) groups[*cell].push_back(&row);
  OpenCells cells;
  for (const std::vector<const Row*>& group : groups) {
    cells.rows.push_back(group.size());
    cells.measures.emplace_back();
    for (const AggregateCall& call : output.measures) {
      const Cell value = aggregate(call, group);
      CHECK(!value || (*value >= call.type.lo && *value <= call.type.hi));
      cells.measures.back().push_back(value);
    }
  }
  return cells;
}

Result<ResultTable> present(const Output& output, const OpenCells& cells) {
  CHECK(cells.rows.size() == cell_count(output) && cells.measures.size() == cells.rows.size());
  SLUIS_ASSIGN(std::vector<Printed> rows, printed_rows(output, cells));
  std::stable_sort(rows.begin(), rows.end(), [&](const Printed& a, const Printed& b) {
    for (const auto& [position, descending] : output.order_by) {
      const Type& type = selected_type(output, output.select[at(position)]);
      const int order = compare_figures(a[at(position)], b[at(position)], type);
      if (order != 0) return descending ? order > 0 : order < 0;
    }
    return false;
  });
  if (output.limit && rows.size() > *output.limit) rows.resize(*output.limit);
  ResultTable table{output.select_names, {}};
  for (const Printed& row : rows) {
    std::vector<std::optional<std::string>>& texts = table.rows.emplace_back();
    for (size_t i = 0; i < row.size(); ++i)
      texts.push_back(figure_text(row[i], selected_type(output, output.select[i])));
  }
  return table;
}

Result<ResultTable> evaluate_output(const Output& output, const ClearTables& tables) {
  SLUIS_ASSIGN(const OpenCells cells, evaluate_cells(output, tables));
  return present(output, cells);
}

}  // namespace sluis::sql
