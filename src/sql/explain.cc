#include "sql/explain.h"

#include <algorithm>
#include <map>

#include "sql/nodes.h"
#include "sql/plan_text.h"
#include "sql/rebuild.h"
#include "sql/rewrite.h"

namespace sluis::sql {
namespace {

void add(StepCost& to, const StepCost& cost) {
  to.rounds += cost.rounds;
  to.rounds_bound += cost.rounds_bound;
  to.bytes += cost.bytes;
  to.bytes_bound += cost.bytes_bound;
  to.link_bytes += cost.link_bytes;
  to.opens_order = to.opens_order || cost.opens_order;
  to.seconds.resize(std::max(to.seconds.size(), cost.seconds.size()));
  for (size_t p = 0; p < cost.seconds.size(); ++p) to.seconds[p] += cost.seconds[p];
  to.sorts.insert(to.sorts.end(), cost.sorts.begin(), cost.sorts.end());
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
    auto place = steps_.begin() + (&step - steps_.data()) + 1;
    for (const AfterStep& after : costs_.after(output))
      place = steps_.insert(place, {output.name, after.kind, "", after.rows, after.cost}) + 1;
  }

  std::vector<ExplainStep> take() { return std::move(steps_); }

 private:
  ExplainStep& at(const std::string& name) {
    for (ExplainStep& step : steps_)
      if (step.name == name && step.kind == StepKind::kPlan) return step;
    steps_.emplace_back();
    steps_.back().name = name;
    return steps_.back();
  }

  const CostModel& costs_;
  std::vector<ExplainStep> steps_;
  std::map<std::string, std::string> last_;
};

}  // namespace

std::string after_label(const std::string& output, StepKind kind) {
  return output + (kind == StepKind::kGuard     ? ": guard"
                   : kind == StepKind::kRelease ? ": release"
                                                : ": open");
}

Explanation explain(const Plan& plan, const CostModel& costs) {
  Explanation out;
  out.profiles = costs.profiles();
  out.network = costs.network();
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

bool add_measured(Explanation& explanation, const std::vector<MeasuredStep>& steps) {
  const auto step_of_label = [&](const std::string& label) -> ExplainStep* {
    for (ExplainStep& step : explanation.steps)
      if (step.kind != StepKind::kPlan && after_label(step.name, step.kind) == label) return &step;
    for (ExplainStep& step : explanation.steps)
      if (step.kind == StepKind::kPlan && step.name == label.substr(0, label.find(": "))) return &step;
    return nullptr;
  };
  const auto sum = [](std::optional<Measured>& to, const Measured& more) {
    if (!to) to.emplace();
    to->rounds += more.rounds;
    to->bytes += more.bytes;
    to->seconds += more.seconds;
  };
  for (const MeasuredStep& one : steps) {
    ExplainStep* step = step_of_label(one.label);
    if (step == nullptr) return false;
    sum(step->measured, one.measured);
    sum(explanation.measured, one.measured);
  }
  return true;
}

}  // namespace sluis::sql
