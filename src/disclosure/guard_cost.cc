#include "disclosure/guard_cost.h"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>

#include "disclosure/band_edge.h"
#include "disclosure/rest.h"
#include "disclosure/rules.h"
#include "mpc/add.h"
#include "mpc/compare.h"
#include "mpc/multiply.h"

namespace sluis::disclosure {
namespace {

using mpc::Cost;

size_t bits_of(uint64_t value) { return static_cast<size_t>(std::bit_width(value)); }

// Lists of matrices that a tree reduces: `lists` of `length` matrices of `rows` rows.
struct Lists {
  size_t lists = 0, length = 0, rows = 0;
};

// One function per function of stack.h and per rule, in the same order.
class GuardCost {
 public:
  GuardCost(const GuardShape& shape, const OutputPolicy& output)
      : shape_(shape),
        output_(output),
        policy_(output.policy),
        cells_(output.cells()),
        measures_(output.measures.size()),
        conditions_(measures_, 0) {
    for (size_t t = 0; t < output.tables.size(); ++t)
      if (owner_rules_apply(output, output.tables[t])) owner_tables_.push_back(t);
    count_ = std::max(shape.count_planes, bits_of(std::max(policy_.t_person, policy_.t_household)));
    sum_ = count_ + bits_of(kMaxSubCounts + 1);
    value_ = *std::max_element(shape.value_planes.begin(), shape.value_planes.end());
  }

  // Planes of each figure.
  std::vector<size_t> figures() const {
    std::vector<size_t> planes;
    for (const size_t value : shape_.value_planes)
      planes.push_back(output_.bands.empty()
                           ? std::min(std::max(value_, bits_of(policy_.round_base)) + 1, value + 1)
                           : bits_of(output_.bands.size()));
    return planes;
  }

  Cost run() {
    Cost cost = thresholds();  // one by one: each also counts the conditions that conjunction() needs
    cost += owners();
    cost += rests();
    cost += groups();
    cost += conjunction();
    cost += output_.bands.empty() ? rounded() : banded();
    return cost + mask();
  }

 private:
  using Join = std::function<Cost(size_t rows)>;
  static Cost tree(std::vector<Lists> lists, const Join& join) {
    Cost cost;
    for (;;) {
      size_t rows = 0;
      for (Lists& list : lists) {
        rows += list.lists * (list.length / 2) * list.rows;
        list.length -= list.length / 2;
      }
      if (rows == 0) return cost;
      cost += join(rows);
    }
  }
  static Cost sum(std::vector<Lists> lists, size_t planes) {
    return tree(std::move(lists), [&](size_t rows) { return mpc::cost_add(rows, planes); });
  }
  static Cost maximum(std::vector<Lists> lists, size_t planes) {
    return tree(std::move(lists),
                [&](size_t rows) { return mpc::cost_less(rows, planes) + mpc::cost_and(rows, planes); });
  }
  static Cost share(size_t rows, const Fraction& share, size_t planes) {
    const size_t wide = planes + bits_of(std::max(share.num, share.den));
    return mpc::cost_multiply_constant(rows, planes, share.den, wide) +
           mpc::cost_multiply_constant(rows, planes, share.num, wide) + mpc::cost_less(rows, wide);
  }

  Cost thresholds() {
    for (size_t m = 0; m < measures_; ++m) conditions_[m] += shape_.nullable[m] ? 4 : 3;
    const std::array<uint64_t, 2> constants{policy_.t_person, policy_.t_household};
    return mpc::cost_less_constants(3 * measures_ * cells_, std::max(count_, value_), constants);
  }

  Cost owners() {
    Cost cost;
    if (owner_tables_.empty()) return cost;
    std::vector<Lists> lists;
    for (size_t t : owner_tables_) {
      lists.push_back({measures_, shape_.owners[t], cells_});
      if (!output_.tables[t].population) continue;
      const size_t owners = shape_.owners[t], planes = bits_of(owners);
      const std::array<uint64_t, 1> constants{policy_.t_owner};
      cost += mpc::cost_and_planes(measures_ * owners * cells_, count_);
      cost += sum({{measures_, owners, cells_}}, planes);
      cost += mpc::cost_less_constants(measures_ * cells_, planes, constants);
      for (size_t& conditions : conditions_) ++conditions;
    }
    const size_t rows = measures_ * owner_tables_.size() * cells_;
    for (size_t& conditions : conditions_) conditions += 2 * owner_tables_.size();
    return cost + maximum(lists, count_) + mpc::cost_add_constant(rows, sum_, policy_.t_person) +
           mpc::cost_less(rows, sum_) + share(rows, policy_.owner_max, count_);
  }

  Cost rests() {
    const std::vector<Rest> rests = derivable_rests(output_);
    if (rests.empty()) return {};
    std::vector<Lists> all, certain;
    size_t possible = 0;
    for (const Rest& rest : rests) {
      all.push_back({1, rest.parts.size(), cells_});
      if (rest.certain)
        certain.push_back(all.back());
      else
        ++possible;
      conditions_[rest.hidden] += rest.certain ? 2 + owner_tables_.size() : 1;
    }
    const size_t rows = rests.size() * cells_;
    Cost cost = 2 * sum(all, sum_) + mpc::cost_add_constant(rows, sum_, policy_.t_person) +
                mpc::cost_add_constant(rows, sum_, policy_.t_household) + mpc::cost_less(3 * rows, sum_) +
                2 * possible * mpc::cost_and(cells_, 1);
    if (certain.empty()) return cost;
    for (size_t t : owner_tables_) cost += owner_rests(certain, shape_.owners[t]);
    return cost;
  }
  Cost owner_rests(const std::vector<Lists>& certain, size_t owners) const {
    const size_t rows = certain.size() * cells_;
    std::vector<Lists> stacked = certain;
    for (Lists& list : stacked) list.rows *= owners;
    return sum(certain, sum_) + mpc::cost_add(rows, sum_) + sum(stacked, sum_) +
           mpc::cost_add(owners * rows, sum_) + maximum({{certain.size(), owners, cells_}}, sum_) +
           mpc::cost_add_constant(rows, sum_ + 1, policy_.t_person) + mpc::cost_less(rows, sum_ + 1);
  }

  Cost groups() {
    Cost cost;
    for (const std::vector<RowGroup>& groups : row_groups(output_)) {
      const size_t planes = count_ + bits_of(groups[0].cells.size());
      cost += sum({{measures_, groups[0].sensitive.size(), groups.size()},
                   {measures_, groups[0].cells.size(), groups.size()}},
                  planes);
      cost += share(measures_ * groups.size(), policy_.group_max, planes);
      for (size_t& conditions : conditions_) ++conditions;
    }
    size_t sensitive = 0;
    for (const MeasurePolicy& measure : output_.measures) sensitive += measure.sensitive ? 1 : 0;
    for (size_t& conditions : conditions_) conditions += sensitive;
    if (sensitive > 0) cost += share(sensitive * cells_, policy_.group_max, count_);
    return cost;
  }

  Cost conjunction() const {
    const size_t most = *std::max_element(conditions_.begin(), conditions_.end());
    const Cost cost = mpc::cost_and_planes(measures_ * cells_, most);
    return output_.population() ? cost + mpc::cost_and(cells_, measures_) : cost;
  }

  Cost rounded() const {
    const size_t rows = measures_ * cells_, base = policy_.round_base;
    const size_t planes = std::max(value_, bits_of(base)) + 1;
    return mpc::cost_add_constant(rows, planes, (base - 1) / 2) +
           mpc::cost_divide_constant(rows, planes, base) +
           mpc::cost_multiply_constant(rows, planes, base, planes);
  }

  Cost banded() const {
    const size_t bands = output_.bands.size();
    const uint64_t highest = uint64_t{output_.bands.back()} + band_slack(policy_);
    const size_t planes = std::max(value_, bits_of(highest));
    const size_t wide = kEdgeBits + bits_of(policy_.round_base);
    return mpc::cost_multiply_constant(bands * cells_, kEdgeBits, policy_.round_base, wide) +
           mpc::cost_add(bands * cells_, planes) + mpc::cost_less(measures_ * bands * cells_, planes);
  }

  Cost mask() const {
    size_t words = 0;
    for (const size_t figure : figures()) words += figure * ((cells_ + 63) / 64);
    return mpc::cost_and_words(words);
  }

  const GuardShape& shape_;
  const OutputPolicy& output_;
  const Policy& policy_;
  size_t cells_, measures_;
  std::vector<size_t> conditions_;  // per measure, as Passes gathers them
  std::vector<size_t> owner_tables_;
  size_t count_ = 0, sum_ = 0, value_ = 0;
};

}  // namespace

std::vector<size_t> released_planes(const GuardShape& shape, const OutputPolicy& output) {
  return GuardCost(shape, output).figures();
}

mpc::Cost cost_protect(const GuardShape& shape, const OutputPolicy& output) {
  return GuardCost(shape, output).run();
}

}  // namespace sluis::disclosure
