// EXPLAIN: what a plan does, how much of it there is, what it would take, and what nodes get to see.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sql/plan.h"
#include "text/text.h"

namespace sluis::sql {

// What one step sends, per party. Filled in by whoever knows the protocols: this folder does not.
struct StepCost {
  uint64_t rounds = 0, rounds_bound = 0;  // expected; never more
  uint64_t bytes = 0, bytes_bound = 0;    // sent by one party, mean of three
  uint64_t link_bytes = 0;                // expected, on the busiest link
  bool opens_order = false;               // opens the order of a fresh shuffle
};

class CostModel {
 public:
  virtual ~CostModel() = default;
  virtual StepCost node(const Node& node) const = 0;
  virtual StepCost output(const Output& output) const = 0;
};

// Delay of one round and bandwidth of one link.
struct NetProfile {
  std::string name;
  double round_ms = 0;
  double gbit_per_s = 1;
};
const std::vector<NetProfile>& default_profiles();  // LAN, NL, WAN
// Modelled seconds on the network alone: rounds and the busiest link, one after the other.
double network_seconds(const StepCost& cost, const NetProfile& profile);

// One view or output: all its plan nodes together.
struct ExplainStep {
  std::string name;
  std::string operation;  // "LEFT JOIN + GROUP BY"
  uint64_t rows = 0;      // of its result: public bound
  StepCost cost;
  std::vector<std::string> details;  // node_text of each node
  int line = 0;
};

struct Explanation {
  std::vector<ExplainStep> steps;
  StepCost total;
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

// Table for people; thousands separated as the language does.
std::string explain_text(const Explanation& explanation, text::Language language,
                         const std::vector<NetProfile>& profiles = default_profiles());
// {"steps":[{"name","operation","rows","rounds","rounds_bound","bytes","bytes_bound","seconds":{..},"details"}],
//  "total":{..},"visible":[{"table","rows","columns"}],"leaks":[]}
std::string explain_json(const Explanation& explanation,
                         const std::vector<NetProfile>& profiles = default_profiles());

}  // namespace sluis::sql
