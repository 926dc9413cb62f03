#include <algorithm>

#include "sql/nodes.h"
#include "sql/rebuild.h"
#include "sql/rewrite.h"
#include "sql/typed.h"

namespace sluis::sql {
namespace {

std::vector<int> identity(const Node& node) {
  std::vector<int> place(node.columns.size());
  for (size_t i = 0; i < place.size(); ++i) place[i] = static_cast<int>(i);
  return place;
}

bool trivial(const Expr& expr) { return expr.op == Op::kColumn || expr.op == Op::kConstant; }

// Whether `upper` can take in the expressions of the projection below: none is computed more often than now.
bool can_merge(const Node& upper, const Node& lower, bool shared) {
  std::vector<int> uses(lower.exprs.size(), 0);
  for (const Expr& expr : upper.exprs)
    each_column(expr, [&](int column) { ++uses[static_cast<size_t>(column)]; });
  for (size_t i = 0; i < uses.size(); ++i)
    if (!trivial(lower.exprs[i]) && (uses[i] > 1 || (shared && uses[i] > 0))) return false;
  return true;
}

NodePtr merged(const Node& upper, const Node& lower) {
  std::vector<Expr> exprs;
  std::vector<std::string> names;
  for (size_t i = 0; i < upper.exprs.size(); ++i) {
    exprs.push_back(replace_columns(
        upper.exprs[i], [&](const Expr& column) { return lower.exprs[static_cast<size_t>(column.column)]; }));
    names.push_back(upper.columns[i].name);
    if (expr_size(exprs.back()) > kMaxExprNodes) return nullptr;
  }
  // The upper projection says what is selected; below stand helper columns.
  return make_project(lower.inputs[0], std::move(exprs), names, {upper.label, upper.line});
}

}  // namespace

void merge_projections(Plan& plan) {
  const std::vector<NodePtr> order = topological_order(roots_of(plan));
  std::map<const Node*, int> users;
  for (const NodePtr& node : order)
    for (const NodePtr& input : node->inputs) ++users[input.get()];
  for (const Output& output : plan.outputs) ++users[output.input.get()];
  std::map<const Node*, Moved> moved;
  for (const NodePtr& node : order) {
    std::vector<Moved> inputs;
    for (const NodePtr& input : node->inputs) inputs.push_back(moved.at(input.get()));
    Moved next = node->kind == NodeKind::kScan
                     ? Moved{node, identity(*node)}
                     : rebuild(*node, inputs, std::vector<bool>(node->columns.size(), true));
    if (node->kind == NodeKind::kProject && next.node->inputs[0]->kind == NodeKind::kProject) {
      const Node& lower = *next.node->inputs[0];
      const bool shared = users[node->inputs[0].get()] > 1;
      NodePtr one = can_merge(*next.node, lower, shared) ? merged(*next.node, lower) : nullptr;
      if (one != nullptr) next.node = std::move(one);
    }
    moved[node.get()] = std::move(next);
  }
  for (Output& output : plan.outputs) move_output(output, Moved(moved.at(output.input.get())));
}

}  // namespace sluis::sql
