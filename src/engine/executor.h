// Runs a plan on shares: one call per plan node, each a straight line over oblivious operators.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "engine/cells.h"
#include "engine/orders.h"
#include "engine/values.h"
#include "oblivious/index.h"
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
  // rule and orders says what a run sends.
  Executor(Session& session, const SharedTables& tables, StepListener listener = {},
           const oblivious::SortRule& rule = {}, OrderPlan orders = {});

  // The table that a node stands for; kept for the executor's life. Leaks: as the operators inside say (order
  // of a fresh shuffle).
  const SharedTable& table(const sql::NodePtr& node);
  // One output's exact figures, not yet protected: all that leaves the engine.
  sharing::Uncleared<oblivious::CellTable> output(const sql::Output& output);

  // Indexes at hand, by name (OrderPlan). Before the run: those kept from earlier ones, which `orders` was
  // told of. After it: those that `orders` keeps.
  std::map<std::string, oblivious::KeyIndex>& indexes() { return indexes_; }

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

  // The step's index: at hand, or made now. Nothing if the step sorts for itself.
  const oblivious::KeyIndex* index_of(const sql::Node& node);
  oblivious::KeyIndex make_index(const sql::Node& node);
  // Frees an index after the last step that uses it, unless it is to be kept.
  void used(const std::string& index);

  Session& session_;
  const SharedTables& tables_;
  StepListener listener_;
  oblivious::SortRule rule_;
  OrderPlan orders_;
  std::map<const sql::Node*, SharedTable> done_;
  std::map<std::string, oblivious::KeyIndex> indexes_;
  std::map<std::string, int> uses_;
  std::optional<oblivious::KeyIndex> in_place_;  // of the step at work
};

oblivious::JoinKind join_kind(sql::JoinKind kind);
oblivious::JoinSpec join_spec(const sql::Node& node);
oblivious::WindowSpec window_spec(const sql::Node& node);

}  // namespace sluis::engine
