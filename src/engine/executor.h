// Runs a plan on shares: one call per plan node, each a straight line over oblivious operators.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "engine/cells.h"
#include "engine/values.h"
#include "oblivious/join.h"
#include "oblivious/window.h"
#include "sharing/clearance.h"
#include "sql/plan.h"

namespace sluis::engine {

// Base tables of a run by name: columns in the order of the table's schema, then, in study mode, the hidden
// owner column that the plan's schema lists. All of public padded size.
using SharedTables = std::map<std::string, SharedTable>;

// Called before each step with its label: for progress and for the run record. Labels are public.
using StepListener = std::function<void(const std::string& label)>;

// Evaluates relational nodes, each shared subtree (view) once.
class Executor {
 public:
  // Session and tables outlive the executor. `rule` is the same at all three parties; cost_plan with the same
  // rule says what a run sends.
  Executor(Session& session, const SharedTables& tables, StepListener listener = {},
           const oblivious::SortRule& rule = {});

  // The table that a node stands for; kept for the executor's life. Leaks: as the operators inside say (order
  // of a fresh shuffle).
  const SharedTable& table(const sql::NodePtr& node);
  // One output's exact figures, not yet protected: all that leaves the engine.
  sharing::Uncleared<oblivious::CellTable> output(const sql::Output& output);

 private:
  friend class Rehearsal;
  SharedTable evaluate_node(const sql::Node& node);
  SharedTable scan(const sql::Node& node);
  SharedTable filter(const sql::Node& node);
  SharedTable project(const sql::Node& node);
  SharedTable join(const sql::Node& node);
  SharedTable group_by(const sql::Node& node);
  SharedTable union_all(const sql::Node& node);
  SharedTable window(const sql::Node& node);

  Session& session_;
  const SharedTables& tables_;
  StepListener listener_;
  oblivious::SortRule rule_;
  std::map<const sql::Node*, SharedTable> done_;
};

oblivious::JoinKind join_kind(sql::JoinKind kind);
oblivious::WindowSpec window_spec(const sql::Node& node);

// Whether the rows of `node` stand so that rows of one key are together, in key order, and only the last of
// them can be valid: the precondition of a join that need not sort its one side (protocols.md 4.9). True
// after GROUP BY on those keys.
bool in_key_order(const sql::Node& node, const std::vector<int>& keys);

}  // namespace sluis::engine
