// Which steps of a plan share one sort: decided before a run, by the same code for the executor and for its
// costs. docs/protocols/index.md.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sql/plan.h"

namespace sluis::engine {

// How a step that needs its rows in key order gets them.
enum class OrderSource : uint8_t {
  kOwn,     // sorts for itself
  kMade,    // sorts by the key alone, and leaves the index to others
  kReused,  // an index at hand: another step's of this run, or one kept from an earlier run
  kInPlace  // the rows stand in key order
};
struct StepOrder {
  OrderSource source = OrderSource::kOwn;
  std::string index;  // its name; empty for kOwn and kInPlace
};

// Indexes beyond one run. A name says what the rows are (tables, how they were put in order) and the key
// columns; it holds for every run over the same versions of those tables.
struct KeptOrders {
  bool keep = false;           // this run's lasting indexes will be kept: they are made even if used once
  std::set<std::string> held;  // names of those at hand
};

class OrderPlan {
 public:
  // Nothing is shared: every step sorts for itself.
  OrderPlan() = default;
  explicit OrderPlan(const sql::Plan& plan, const KeptOrders& kept = {});

  StepOrder of(const sql::Node& node) const;
  // Steps of this plan that use the index. 0: unknown.
  int uses(const std::string& index) const;
  // Names of the indexes that depend on base tables only and that this plan uses, in name order; the tables
  // of one. `keep` makes no difference to them.
  std::vector<std::string> lasting() const;
  std::set<std::string> tables_of(const std::string& index) const;
  bool keeps(const std::string& index) const;

 private:
  struct Index {
    int uses = 0;
    std::set<std::string> tables;  // base tables, if it lasts
    bool lasts = false;
  };
  std::map<const sql::Node*, StepOrder> steps_;
  std::map<std::string, Index> indexes_;
  bool keep_ = false;
};

// Whether the rows of `node` stand so that rows of one key are together, in key order, and only the last of
// them can be valid: the precondition of a join that need not sort its one side (protocols.md 4.9). True
// after GROUP BY on those keys.
bool in_key_order(const sql::Node& node, const std::vector<int>& keys);
// Whether the rows of `node`, valid or not, do not decrease in `keys`: a GROUP BY below has them as its first
// keys. Several rows of one key may be valid.
bool is_ordered_by(const sql::Node& node, const std::vector<int>& keys);

}  // namespace sluis::engine
