// EXPLAIN: what a plan does, how much of it there is, what it would take, and what nodes get to see.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sql/plan.h"
#include "text/text.h"

namespace sluis::sql {

// One sort of a step, as it was chosen.
struct SortNote {
  bool radix = false;  // fixed lengths, few rounds; else quicksort, few bytes
  uint64_t rows = 0, key_bits = 0;
  uint64_t compare_rounds = 0;  // quicksort: of one comparison in a full batch
};

// What one step sends, per party. Filled in by whoever knows the protocols: this folder does not.
struct StepCost {
  uint64_t rounds = 0, rounds_bound = 0;  // expected; never more
  uint64_t bytes = 0, bytes_bound = 0;    // sent by one party, mean of three
  uint64_t link_bytes = 0;                // expected, on the busiest link
  bool opens_order = false;               // opens the order of a fresh shuffle
  std::vector<double> seconds = {};       // modelled, for each of CostModel::profiles()
  std::vector<SortNote> sorts = {};
};

// What comes after the plan: disclosure control and release of an output (a study), or opening (a rehearsal).
enum class StepKind : uint8_t { kPlan, kGuard, kRelease, kOpen };
struct AfterStep {
  StepKind kind = StepKind::kGuard;
  uint64_t rows = 0;
  StepCost cost;
};

// Costs of a run on one network; seconds for every profile, each with the circuits that it would choose.
class CostModel {
 public:
  virtual ~CostModel() = default;
  virtual std::vector<std::string> profiles() const = 0;
  virtual std::string network() const = 0;  // one of profiles(): rounds and bytes are those of a run there
  virtual StepCost node(const Node& node) const = 0;
  virtual StepCost output(const Output& output) const = 0;
  virtual std::vector<AfterStep> after(const Output&) const { return {}; }
};

// What a run took, of one party.
struct Measured {
  uint64_t rounds = 0, bytes = 0;
  double seconds = 0;
  bool operator==(const Measured&) const = default;
};

// One view or output: all its plan nodes together; or what comes after an output.
struct ExplainStep {
  std::string name;
  StepKind kind = StepKind::kPlan;
  std::string operation;  // "LEFT JOIN + GROUP BY"; "" unless kPlan
  uint64_t rows = 0;      // of its result: public bound
  StepCost cost;
  std::vector<std::string> details = {};  // node_text of each node
  int line = 0;
  std::optional<Measured> measured = {};  // after a run
};

struct Explanation {
  std::vector<std::string> profiles;
  std::string network;
  std::vector<ExplainStep> steps;
  StepCost total;
  std::optional<Measured> measured;  // after a run: all steps
  // What a node sees: per base table (name, rows, columns). Labels and row counts of steps follow from these.
  struct Table {
    std::string name;
    uint64_t rows = 0;
    std::vector<std::string> columns;
  };
  std::vector<Table> tables;
  std::vector<std::string> leaks;  // names of docs/leakage.md; empty: sizes only
};

Explanation explain(const Plan& plan, const CostModel& costs);

// Label of a step that is no plan node, as runs report it: "samen: guard".
std::string after_label(const std::string& output, StepKind kind);
// One step of a run, by the label under which the run announced it.
struct MeasuredStep {
  std::string label;
  Measured measured;
  bool operator==(const MeasuredStep&) const = default;
};
// Puts what a run took beside what was expected. False if some label is of no step: another plan's run.
bool add_measured(Explanation& explanation, const std::vector<MeasuredStep>& steps);

// Table for people; thousands separated as the language does. Measured values beside the estimates, if any.
std::string explain_text(const Explanation& explanation, text::Language language);
// {"network","steps":[{"name","kind","operation","rows","rounds","rounds_bound","bytes","bytes_bound",
//  "seconds":{..},"sorts":[..],"measured":{"rounds","bytes","seconds"},"details"}],
//  "total":{..},"visible":[{"table","rows","columns"}],"leaks":[]}
std::string explain_json(const Explanation& explanation);

}  // namespace sluis::sql
