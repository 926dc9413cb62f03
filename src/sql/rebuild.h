// Making a node anew over changed inputs: what all rewrites share.
#pragma once

#include <vector>

#include "sql/plan.h"

namespace sluis::sql {

// A rewritten node and where the columns of the old one went; -1: gone.
struct Moved {
  NodePtr node;
  std::vector<int> place;
};

// An expression over the old input as one over the new.
Expr moved_expr(const Expr& expr, const Moved& input);
std::vector<int> moved_columns(const std::vector<int>& columns, const Moved& input);

// Columns that a rewrite adds to a node; they stand last, except that those a join takes from its left side
// stay on the left.
struct Extra {
  std::vector<Expr> exprs;           // kProject, over the new input
  std::vector<std::string> names;    // kProject
  std::vector<int> payload;          // kJoin, of the new right side
  std::vector<AggregateCall> calls;  // kGroupBy, over the new input
};

// The same operation over new inputs. `keep`: for each old output column whether it is still wanted (columns
// that a node passes on from its input stay if the input has them; group keys always stay).
Moved rebuild(const Node& node, const std::vector<Moved>& inputs, const std::vector<bool>& keep,
              Extra extra = {});

// Sets an output's input, and every column number that it holds.
void move_output(Output& output, const Moved& input);

// Roots of a plan's outputs.
std::vector<NodePtr> roots_of(const Plan& plan);

}  // namespace sluis::sql
