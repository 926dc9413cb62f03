#include "sql/explain.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "base/json.h"
#include "sql/nodes.h"
#include "sql/plan_text.h"
#include "sql/rebuild.h"
#include "sql/rewrite.h"

namespace sluis::sql {
namespace {

using text::Language;
using text::tr;

void add(StepCost& to, const StepCost& cost) {
  to.rounds += cost.rounds;
  to.rounds_bound += cost.rounds_bound;
  to.bytes += cost.bytes;
  to.bytes_bound += cost.bytes_bound;
  to.link_bytes += cost.link_bytes;
  to.opens_order = to.opens_order || cost.opens_order;
}

// "" for what needs no mention: reading and passing on.
std::string operation_of(const Node& node) {
  switch (node.kind) {
    case NodeKind::kJoin:
      return node.join == JoinKind::kInner  ? "JOIN"
             : node.join == JoinKind::kLeft ? "LEFT JOIN"
             : node.join == JoinKind::kSemi ? "SEMI JOIN"
                                            : "ANTI JOIN";
    case NodeKind::kGroupBy:
      return "GROUP BY";
    case NodeKind::kWindow:
      return "WINDOW";
    case NodeKind::kUnionAll:
      return "UNION ALL";
    case NodeKind::kFilter:
      return "WHERE";
    default:
      return "";
  }
}

// Labels begin with the name of the view or output that the node belongs to.
std::string step_of(const Node& node) { return node.label.substr(0, node.label.find(": ")); }

class Explainer {
 public:
  explicit Explainer(const CostModel& costs) : costs_(costs) {}

  void add_node(const Node& node) {
    ExplainStep& step = at(step_of(node));
    const std::string operation = operation_of(node);
    const std::string& last = last_[step.name];
    if (!operation.empty() && operation != last) {
      step.operation += (step.operation.empty() ? "" : " + ") + operation;
      last_[step.name] = operation;
    }
    step.rows = node.max_rows;
    if (step.line == 0) step.line = node.line;
    step.details.push_back(node_text(node));
    add(step.cost, costs_.node(node));
  }

  void add_output(const Output& output) {
    ExplainStep& step = at(output.name);
    uint64_t cells = 1;
    for (const Dimension& dimension : output.dimensions)
      cells *= dimension.codes.size() + (dimension.null_cell ? 1 : 0);
    step.operation += (step.operation.empty() ? "" : " + ") + std::to_string(cells) + "x" +
                      std::to_string(output.measures.size());
    step.rows = output.input->max_rows;
    add(step.cost, costs_.output(output));
  }

  std::vector<ExplainStep> take() { return std::move(steps_); }

 private:
  ExplainStep& at(const std::string& name) {
    for (ExplainStep& step : steps_)
      if (step.name == name) return step;
    steps_.emplace_back();
    steps_.back().name = name;
    return steps_.back();
  }

  const CostModel& costs_;
  std::vector<ExplainStep> steps_;
  std::map<std::string, std::string> last_;
};

// ---- printing

std::string grouped(uint64_t number, Language language) {
  std::string digits = std::to_string(number);
  const char separator = language == Language::kDutch ? '.' : ',';
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, separator);
  return digits;
}

std::string one_decimal(double value, Language language) {
  char text[64];
  std::snprintf(text, sizeof text, value < 10 ? "%.1f" : "%.0f", value);
  std::string out = text;
  if (language == Language::kDutch) std::replace(out.begin(), out.end(), '.', ',');
  return out;
}

std::string bytes_text(uint64_t bytes, Language language) {
  static constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1000 && unit + 1 < std::size(kUnits)) value /= 1000, ++unit;
  return (unit == 0 ? std::to_string(bytes) : one_decimal(value, language)) + " " + kUnits[unit];
}

std::string seconds_text(const StepCost& cost, const std::vector<NetProfile>& profiles, Language language) {
  std::string out;
  for (const NetProfile& profile : profiles)
    out += (out.empty() ? "" : " / ") + one_decimal(network_seconds(cost, profile), language) + " s";
  return out;
}

size_t width(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

using Line = std::vector<std::string>;

std::string aligned(const std::vector<Line>& lines, size_t left_columns) {
  std::vector<size_t> widths(lines[0].size(), 0);
  for (const Line& line : lines)
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width(line[i]));
  std::string out;
  for (const Line& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) {
      const std::string pad(widths[i] - width(line[i]), ' ');
      const bool last = i + 1 == line.size();
      out += i < left_columns ? line[i] + (last ? "" : pad) : pad + line[i];
      out += last ? "\n" : "   ";
    }
  }
  return out;
}

Line cost_line(const std::string& name, const std::string& operation, const std::string& rows,
               const StepCost& cost, const std::vector<NetProfile>& profiles, Language language) {
  return {name,
          operation,
          rows,
          grouped(cost.rounds, language),
          bytes_text(cost.bytes, language),
          seconds_text(cost, profiles, language)};
}

void write_cost(JsonWriter& json, const StepCost& cost, const std::vector<NetProfile>& profiles) {
  json.member("rounds", static_cast<size_t>(cost.rounds))
      .member("rounds_bound", static_cast<size_t>(cost.rounds_bound));
  json.member("bytes", static_cast<size_t>(cost.bytes))
      .member("bytes_bound", static_cast<size_t>(cost.bytes_bound));
  json.key("seconds").begin_object();
  for (const NetProfile& profile : profiles)
    json.key(profile.name).decimal(std::round(network_seconds(cost, profile) * 1000) / 1000);
  json.end_object();
}

}  // namespace

const std::vector<NetProfile>& default_profiles() {
  static const std::vector<NetProfile> kProfiles = {{"LAN", 0.2, 10}, {"NL", 3, 1}, {"WAN", 20, 1}};
  return kProfiles;
}

double network_seconds(const StepCost& cost, const NetProfile& profile) {
  return static_cast<double>(cost.rounds) * profile.round_ms / 1000 +
         static_cast<double>(cost.link_bytes) * 8 / (profile.gbit_per_s * 1e9);
}

Explanation explain(const Plan& plan, const CostModel& costs) {
  Explanation out;
  Explainer explainer(costs);
  for (const NodePtr& node : topological_order(roots_of(plan))) explainer.add_node(*node);
  for (const Output& output : plan.outputs) explainer.add_output(output);
  out.steps = explainer.take();
  for (const ExplainStep& step : out.steps) add(out.total, step.cost);
  for (const auto& [name, table] : plan.tables) {
    Explanation::Table one;
    one.name = name;
    // The hidden column holds nothing that a node does not know already: whose table it is.
    for (const ColumnSchema& column : table.columns)
      if (column.name != kOwnerColumn) one.columns.push_back(column.name);
    for (const NodePtr& node : topological_order(roots_of(plan)))
      if (node->kind == NodeKind::kScan && node->table == name) one.rows = node->max_rows;
    out.tables.push_back(std::move(one));
  }
  return out;
}

std::string explain_text(const Explanation& explanation, Language language,
                         const std::vector<NetProfile>& profiles) {
  std::string names;
  for (const NetProfile& profile : profiles) names += (names.empty() ? "" : " / ") + profile.name;
  std::vector<Line> lines = {{tr(language, "explain.step"), "", tr(language, "explain.rows"),
                              tr(language, "explain.rounds"), tr(language, "explain.traffic"),
                              tr(language, "explain.time", {names})}};
  for (const ExplainStep& step : explanation.steps)
    lines.push_back(
        cost_line(step.name, step.operation, grouped(step.rows, language), step.cost, profiles, language));
  lines.push_back(cost_line(tr(language, "explain.total"), "", "", explanation.total, profiles, language));
  std::string out = aligned(lines, 2) + "\n";
  for (const Explanation::Table& table : explanation.tables) {
    std::string columns;
    for (const std::string& column : table.columns) columns += (columns.empty() ? "" : ", ") + column;
    out += tr(language, "explain.table", {table.name, grouped(table.rows, language), columns}) + "\n";
  }
  if (explanation.leaks.empty()) return out + tr(language, "explain.visible") + "\n";
  std::string leaks;
  for (const std::string& leak : explanation.leaks) leaks += (leaks.empty() ? "" : ", ") + leak;
  return out + tr(language, "explain.leaks", {leaks}) + "\n";
}

std::string explain_json(const Explanation& explanation, const std::vector<NetProfile>& profiles) {
  JsonWriter json;
  json.begin_object().key("steps").begin_array();
  for (const ExplainStep& step : explanation.steps) {
    json.begin_object().member("name", step.name).member("operation", step.operation);
    json.member("rows", static_cast<size_t>(step.rows)).member("line", step.line);
    write_cost(json, step.cost, profiles);
    json.key("details").begin_array();
    for (const std::string& detail : step.details) json.string(detail);
    json.end_array().end_object();
  }
  json.end_array().key("total").begin_object();
  write_cost(json, explanation.total, profiles);
  json.end_object().key("visible").begin_array();
  for (const Explanation::Table& table : explanation.tables) {
    json.begin_object().member("table", table.name).member("rows", static_cast<size_t>(table.rows));
    json.key("columns").begin_array();
    for (const std::string& column : table.columns) json.string(column);
    json.end_array().end_object();
  }
  json.end_array().key("leaks").begin_array();
  for (const std::string& leak : explanation.leaks) json.string(leak);
  json.end_array().end_object();
  return json.take();
}

}  // namespace sluis::sql
