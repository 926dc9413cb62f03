#include "sql/plan_text.h"

#include <map>

#include "sql/nodes.h"
#include "sql/rebuild.h"
#include "sql/typed.h"

namespace sluis::sql {
namespace {

using relation::Kind;
using Columns = std::vector<ColumnSchema>;

// 'it''s', control characters as \x0A: no two texts print alike, and none can pretend to be another line.
std::string quoted(const std::string& text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out = "'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || c == '\\') {
      out += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      out += c;
      if (c == '\'') out += c;
    }
  }
  return out + "'";
}

std::string constant_text(const Type& type, int64_t value) {
  const std::string text = relation::cell_text(type, value);
  if (type.kind == Kind::kDate) return "DATE '" + text + "'";
  if (type.kind == Kind::kCategory) return quoted(text);
  if (type.kind == Kind::kBoolean) return value != 0 ? "TRUE" : "FALSE";
  return text;
}

const char* operator_text(Op op) {
  switch (op) {
    case Op::kAdd:
      return " + ";
    case Op::kSubtract:
      return " - ";
    case Op::kMultiply:
      return " * ";
    case Op::kDivide:
      return " / ";
    case Op::kModulo:
      return " % ";
    case Op::kEqual:
      return " = ";
    case Op::kNotEqual:
      return " <> ";
    case Op::kLess:
      return " < ";
    case Op::kLessEqual:
      return " <= ";
    case Op::kGreater:
      return " > ";
    case Op::kGreaterEqual:
      return " >= ";
    case Op::kAnd:
      return " AND ";
    default:
      return " OR ";
  }
}

std::string column_name(int column, const Columns& columns) {
  const auto at = static_cast<size_t>(column);
  if (at >= columns.size()) return std::string("#").append(std::to_string(column));
  return columns[at].name;
}

std::string list_text(const std::vector<int>& indices, const Columns& columns) {
  std::string out;
  for (size_t i = 0; i < indices.size(); ++i) out += (i == 0 ? "" : ", ") + column_name(indices[i], columns);
  return out;
}

std::string case_text(const Expr& expr, const Columns& columns) {
  std::string out = "CASE";
  for (size_t i = 0; i + 1 < expr.args.size(); i += 2)
    out += " WHEN " + expr_text(expr.args[i], columns) + " THEN " + expr_text(expr.args[i + 1], columns);
  return out + " ELSE " + expr_text(expr.args.back(), columns) + " END";
}

std::string call_text(const AggregateCall& call, const Columns& columns) {
  static const std::map<Function, std::string> kNames = {
      {Function::kCountRows, "count"}, {Function::kCount, "count"}, {Function::kSum, "sum"},
      {Function::kMin, "min"},         {Function::kMax, "max"},     {Function::kAny, "any"}};
  const std::string argument =
      call.function == Function::kCountRows ? "*" : column_name(call.column, columns);
  return kNames.at(call.function) + "(" + argument + ") AS " + call.name;
}

std::string calls_text(const std::vector<AggregateCall>& calls, const Columns& columns) {
  std::string out;
  for (const AggregateCall& call : calls) out += ", " + call_text(call, columns);
  return out;
}

std::string project_text(const Node& node) {
  std::string out;
  for (size_t i = 0; i < node.exprs.size(); ++i) {
    const std::string text = expr_text(node.exprs[i], node.inputs[0]->columns);
    out += (i == 0 ? "" : ", ") + text;
    if (text != node.columns[i].name) out += " AS " + node.columns[i].name;
  }
  return out;
}

std::string join_text(const Node& node) {
  static const std::map<JoinKind, std::string> kNames = {{JoinKind::kInner, "JOIN"},
                                                         {JoinKind::kLeft, "LEFT JOIN"},
                                                         {JoinKind::kSemi, "SEMI JOIN"},
                                                         {JoinKind::kAnti, "ANTI JOIN"}};
  const Columns& left = node.inputs[0]->columns;
  const Columns& right = node.inputs[1]->columns;
  std::string out = kNames.at(node.join) + " (" + list_text(node.left_keys, left) + ") = (" +
                    list_text(node.right_keys, right) + ")";
  if (!node.right_payload.empty()) out += " + " + list_text(node.right_payload, right);
  if (node.at_most > 1) out += " AT MOST " + std::to_string(node.at_most);
  return out;
}

std::string window_call_text(const WindowCall& call, const Columns& columns) {
  static const std::map<WindowFunction, std::string> kNames = {{WindowFunction::kRowNumber, "row_number"},
                                                               {WindowFunction::kRank, "rank"},
                                                               {WindowFunction::kDenseRank, "dense_rank"},
                                                               {WindowFunction::kLag, "lag"},
                                                               {WindowFunction::kLead, "lead"},
                                                               {WindowFunction::kFirst, "first_value"},
                                                               {WindowFunction::kCountRows, "count"},
                                                               {WindowFunction::kCount, "count"},
                                                               {WindowFunction::kSum, "sum"},
                                                               {WindowFunction::kMin, "min"},
                                                               {WindowFunction::kMax, "max"}};
  std::string out = kNames.at(call.function) + "(";
  if (call.function == WindowFunction::kCountRows) out += "*";
  if (call.column >= 0) out += column_name(call.column, columns);
  const bool shift = call.function == WindowFunction::kLag || call.function == WindowFunction::kLead;
  if (shift && call.offset != 1) out += ", " + std::to_string(call.offset);
  out += ")";
  if (call.function >= WindowFunction::kCountRows && call.frame == WindowFrame::kRow) out += " BY ROW";
  if (call.function >= WindowFunction::kCountRows && call.frame == WindowFrame::kPartition) out += " OF ALL";
  return out + " AS " + call.name;
}

std::string window_text(const Node& node) {
  const Columns& columns = node.inputs[0]->columns;
  std::string out = "WINDOW";
  if (!node.partition.empty()) out += " PARTITION BY " + list_text(node.partition, columns);
  for (size_t i = 0; i < node.order.size(); ++i) {
    const WindowOrder& order = node.order[i];
    out += (i == 0 ? " ORDER BY " : ", ") + column_name(order.column, columns);
    if (order.descending) out += " DESC";
    if (order.nulls_first != order.descending) out += order.nulls_first ? " NULLS FIRST" : " NULLS LAST";
  }
  for (size_t i = 0; i < node.windows.size(); ++i)
    out += (i == 0 ? ": " : ", ") + window_call_text(node.windows[i], columns);
  return out;
}

std::string dimension_text(const Dimension& dimension, const Node& input) {
  const Type& type = input.columns.at(static_cast<size_t>(dimension.column)).type;
  std::string out = "  " + dimension.name + " = " + column_name(dimension.column, input.columns) + ": ";
  for (size_t i = 0; i < dimension.codes.size(); ++i)
    out += (i == 0 ? "" : ", ") + constant_text(type, dimension.codes[i]);
  return out + (dimension.null_cell ? ", NULL\n" : "\n");
}

std::string table_text(const relation::TableSchema& table) {
  std::string out = "table " + table.name + " (";
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const ColumnSchema& column = table.columns[i];
    out += (i == 0 ? "" : ", ") + column.name + " " + type_text(column.type, column.nullable);
    for (size_t v = 0; v < column.type.domain.size(); ++v)
      out += (v == 0 ? ": " : "|") + quoted(column.type.domain[v]);
  }
  out += ")";
  for (const std::vector<std::string>& key : table.unique_keys) {
    out += " unique (";
    for (size_t i = 0; i < key.size(); ++i) out += (i == 0 ? "" : ", ") + key[i];
    out += ")";
  }
  for (const relation::KeyLimit& limit : table.at_most) {
    out += " at most " + std::to_string(limit.rows) + " rows per (";
    for (size_t i = 0; i < limit.columns.size(); ++i) out += (i == 0 ? "" : ", ") + limit.columns[i];
    out += ")";
  }
  return out + "\n";
}

std::string output_text(const Output& output, const std::string& input) {
  const Columns& columns = output.input->columns;
  std::string out = "output " + output.name + " of " + input + "\n";
  for (const Dimension& dimension : output.dimensions) out += dimension_text(dimension, *output.input);
  for (const AggregateCall& call : output.measures)
    out += "  " + call_text(call, columns) + ": " + type_text(call.type, call.nullable) + "\n";
  Columns cells;  // what derived columns and HAVING read
  for (const Dimension& dimension : output.dimensions) cells.push_back({dimension.name, {}, false});
  for (const AggregateCall& call : output.measures) cells.push_back({call.name, {}, false});
  for (const Expr& expr : output.derived) out += "  derived " + expr_text(expr, cells) + "\n";
  if (output.having) out += "  having " + expr_text(*output.having, cells) + "\n";
  if (output.person >= 0)
    out += "  person " + column_name(output.person, columns) + (output.person_unique ? " (unique)\n" : "\n");
  if (output.household >= 0) out += "  household " + column_name(output.household, columns) + "\n";
  for (const auto& [table, column] : output.owner_columns)
    out += "  owner of " + table + ": " + column_name(column, columns) + "\n";
  out += "  select";
  for (size_t i = 0; i < output.select.size(); ++i)
    out += (i == 0 ? " " : ", ") + output.select_names[i] + "=" + std::to_string(output.select[i]);
  for (const auto& [position, descending] : output.order_by)
    out += " order " + std::to_string(position) + (descending ? " desc" : "");
  if (output.limit) out += " limit " + std::to_string(*output.limit);
  return out + "\n";
}

}  // namespace

std::string expr_text(const Expr& expr, const Columns& input) {
  const auto arg = [&](size_t i) { return expr_text(expr.args[i], input); };
  switch (expr.op) {
    case Op::kColumn:
      return column_name(expr.column, input);
    case Op::kConstant:
      return expr.is_null ? "NULL" : constant_text(expr.type, expr.constant);
    case Op::kNegate:
      return std::string("-").append(arg(0));
    case Op::kNot:
      return "NOT " + arg(0);
    case Op::kIsNull:
      return "(" + arg(0) + " IS NULL)";
    case Op::kIsNotNull:
      return "(" + arg(0) + " IS NOT NULL)";
    case Op::kCase:
      return case_text(expr, input);
    case Op::kCoalesce: {
      std::string out = "COALESCE(" + arg(0);
      for (size_t i = 1; i < expr.args.size(); ++i) out += ", " + arg(i);
      return out + ")";
    }
    case Op::kAddMonths:
      return "(" + arg(0) + " + INTERVAL '" + std::to_string(expr.months) + " months')";
    case Op::kYear:
      return "EXTRACT(year FROM " + arg(0) + ")";
    case Op::kMonth:
      return "EXTRACT(month FROM " + arg(0) + ")";
    case Op::kQuarter:
      return "EXTRACT(quarter FROM " + arg(0) + ")";
    case Op::kDayOfWeek:
      return "EXTRACT(dow FROM " + arg(0) + ")";
    case Op::kIsoDayOfWeek:
      return "EXTRACT(isodow FROM " + arg(0) + ")";
    case Op::kAge:
      return "EXTRACT(year FROM age(" + arg(0) + ", " + arg(1) + "))";
    case Op::kRescale:
      if (expr.type.scale == 0) return "CAST(" + arg(0) + " AS integer)";
      return "CAST(" + arg(0) + " AS numeric(18," + std::to_string(expr.type.scale) + "))";
    case Op::kToNumeric:
      return "CAST(" + arg(0) + " AS numeric)";
    case Op::kRound:
      return "ROUND(" + arg(0) + ", " + std::to_string(expr.months) + ")";
    case Op::kVariance:
    case Op::kStddev:
      return std::string(expr.op == Op::kVariance ? "VAR_" : "STDDEV_") +
             (expr.months == 1 ? "SAMP(" : "POP(") + arg(0) + ", " + arg(1) + ", " + arg(2) + ")";
    case Op::kRecode:
      return "RECODE(" + arg(0) + ", " + std::to_string(expr.type.domain.size()) + ")";
    default:
      return "(" + arg(0) + operator_text(expr.op) + arg(1) + ")";
  }
}

std::string type_text(const Type& type, bool nullable) {
  std::string out = relation::kind_name(type.kind);
  if (type.kind == Kind::kInteger) out += " " + std::to_string(type.lo) + ".." + std::to_string(type.hi);
  if (type.kind == Kind::kDate || type.kind == Kind::kDecimal)
    out += " " + relation::cell_text(type, type.lo) + ".." + relation::cell_text(type, type.hi);
  if (type.kind == Kind::kCategory) out += "(" + std::to_string(type.domain.size()) + ")";
  return nullable ? out + " null" : out;
}

std::string node_text(const Node& node) {
  switch (node.kind) {
    case NodeKind::kScan: {
      std::string names;
      for (size_t i = 0; i < node.columns.size(); ++i) names += (i == 0 ? "" : ", ") + node.columns[i].name;
      return "SCAN " + node.table + " (" + names + ")";
    }
    case NodeKind::kFilter:
      return "FILTER " + expr_text(node.exprs[0], node.inputs[0]->columns);
    case NodeKind::kProject:
      return "PROJECT " + project_text(node);
    case NodeKind::kJoin:
      return join_text(node);
    case NodeKind::kGroupBy:
      return "GROUP BY " + list_text(node.group_keys, node.inputs[0]->columns) +
             calls_text(node.aggregates, node.inputs[0]->columns);
    case NodeKind::kWindow:
      return window_text(node);
    case NodeKind::kUnionAll:
      break;
  }
  return "UNION ALL";
}

std::string plan_text(const Plan& plan) {
  std::map<const Node*, std::string> numbers;
  std::string out;
  for (const auto& [name, table] : plan.tables) out += table_text(table);
  for (const NodePtr& node : topological_order(roots_of(plan))) {
    const std::string number = std::string("%").append(std::to_string(numbers.size() + 1));
    numbers[node.get()] = number;
    out += number + " ";
    for (const NodePtr& input : node->inputs) out += numbers.at(input.get()) + " ";
    out += node_text(*node) + "  -- " + node->label + ", <= " + std::to_string(node->max_rows) + " rows\n";
  }
  for (const Output& output : plan.outputs) out += output_text(output, numbers.at(output.input.get()));
  return out;
}

}  // namespace sluis::sql
