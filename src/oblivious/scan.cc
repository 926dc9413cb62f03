#include "oblivious/scan.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "oblivious/combine.h"
#include "sharing/bits_ops.h"

namespace sluis::oblivious {
namespace {

using Columns = std::vector<SharedBits>;

// Widths of one column on the way up (sums grow by a plane a level) and in the result.
class Widths {
 public:
  Widths(const ScanShape& shape, uint64_t rows)
      : sum_(shape.fold == Fold::kSum),
        first_(shape.planes),
        most_(shape.result_planes == 0 ? shape.planes : shape.result_planes),
        total_(at(std::bit_width(rows - 1))) {
    CHECK(most_ >= first_ && (sum_ || most_ == first_));
  }
  // Of the fold of 2^level rows.
  uint64_t at(uint64_t level) const { return sum_ ? std::min(most_, first_ + level) : first_; }
  // Of the fold of any number of the rows.
  uint64_t total() const { return total_; }
  uint64_t result() const { return most_; }

 private:
  bool sum_;
  uint64_t first_, most_, total_;
};

// The columns and what is public about them.
struct ScanPlan {
  std::vector<Fold> folds;
  std::vector<bool> is_signed;
  std::vector<Widths> widths;
};

CombinePlan up_step(const ScanPlan& plan, uint64_t level, uint64_t rows) {
  CombinePlan step{{}, true, rows};
  for (size_t c = 0; c < plan.folds.size(); ++c) {
    const uint64_t width = plan.widths[c].at(level);
    step.columns.push_back({plan.folds[c], plan.is_signed[c], width, width, plan.widths[c].at(level + 1)});
  }
  return step;
}

CombinePlan down_step(const ScanPlan& plan, uint64_t level, uint64_t rows) {
  CombinePlan step{{}, false, rows};
  for (size_t c = 0; c < plan.folds.size(); ++c) {
    const uint64_t total = plan.widths[c].total();
    step.columns.push_back({plan.folds[c], plan.is_signed[c], total, plan.widths[c].at(level), total});
  }
  return step;
}

template <typename Change>
Columns each(const Columns& columns, Change change) {
  Columns changed;
  for (const SharedBits& column : columns) changed.push_back(change(column));
  return changed;
}

// Row i of the result is row i - 1 of x, row 0 zero, for `rows` rows (x has as many, or one less).
SharedBits delayed(const SharedBits& x, size_t rows) {
  if (x.rows() == rows) return sharing::shift_down(x);
  const SharedBits zero(1, x.planes());
  return sharing::concat_rows({&zero, &x});
}

// Prefix folds of the rows; keep[i] = 0 where a segment starts.
Columns scan_level(mpc::Session& session, const ScanPlan& plan, uint64_t level, const SharedBits& keep,
                   Columns values) {
  const size_t rows = keep.rows();
  if (rows == 1) {
    for (size_t c = 0; c < values.size(); ++c) {
      values[c] = sharing::extend(values[c], plan.widths[c].total(), plan.is_signed[c]);
    }
    return values;
  }
  const size_t pairs = rows / 2, evens = rows - pairs;
  const SharedBits even_keep = sharing::even_rows(keep), odd_keep = sharing::odd_rows(keep);
  const Columns even = each(values, [](const SharedBits& x) { return sharing::even_rows(x); });
  Columns prefix;
  {
    const Columns odd = each(values, [](const SharedBits& x) { return sharing::odd_rows(x); });
    values.clear();
    const auto cut = [&](const SharedBits& x) { return sharing::slice_rows(x, 0, pairs); };
    Combined folded = combine(session, up_step(plan, level, pairs),
                              {each(even, cut), odd, odd_keep, sharing::slice_rows(even_keep, 0, pairs)});
    prefix = scan_level(session, plan, level + 1, folded.keep, std::move(folded.values));
  }
  const auto delay = [&](const SharedBits& x) { return delayed(x, evens); };
  const Combined folded =
      combine(session, down_step(plan, level, evens), {each(prefix, delay), even, even_keep, {}});
  for (size_t c = 0; c < prefix.size(); ++c) prefix[c] = sharing::interleave(folded.values[c], prefix[c]);
  return prefix;
}

}  // namespace

// F: start, columns -> prefix folds within segments. keep <- NOT start, keep_0 <- 0;
//   scan(x): pairs y_i <- x_2i o x_2i+1; Y <- scan(y); out_2i+1 <- Y_i; out_2i <- Y_i-1 o x_2i
//   (l, k_l) o (r, k_r) = (k_r ? fold(l, r) : r, k_l AND k_r)
// Security: AND gates only, opens nothing; control flow depends on shapes. Cost: cost_segmented_scan, exact:
//   2 n combinations, 2 ceil(log2 n) levels. Randomness: AND masks. Leaks: nothing.
// Source: Brent and Kung, IEEE Trans. Computers 1982; segmented operator: Blelloch 1990.
std::vector<SharedBits> segmented_scan(mpc::Session& session, const SharedBits& start,
                                       std::vector<ScanColumn> columns) {
  const size_t rows = start.rows();
  CHECK(start.planes() == 1);
  ScanPlan plan;
  Columns values;
  for (ScanColumn& column : columns) {
    CHECK(column.value.rows() == rows);
    plan.folds.push_back(column.fold);
    plan.is_signed.push_back(column.is_signed);
    plan.widths.emplace_back(
        ScanShape{column.fold, column.value.planes(), column.result_planes, column.is_signed},
        std::max<size_t>(rows, 1));
    values.push_back(std::move(column.value));
  }
  if (rows > 0 && !values.empty()) {
    SharedBits keep = sharing::not_(session.party(), start);
    keep.own.set(0, 0, false);
    keep.next.set(0, 0, false);
    values = scan_level(session, plan, 0, keep, std::move(values));
  }
  for (size_t c = 0; c < values.size(); ++c) {
    values[c] = sharing::extend(values[c], plan.widths[c].result(), plan.is_signed[c]);
  }
  return values;
}

mpc::Cost cost_segmented_scan(uint64_t rows, const std::vector<ScanShape>& columns) {
  ScanPlan plan;
  for (const ScanShape& shape : columns) {
    plan.folds.push_back(shape.fold);
    plan.is_signed.push_back(shape.is_signed);
    plan.widths.emplace_back(shape, std::max<uint64_t>(rows, 1));
  }
  mpc::Cost cost;
  if (columns.empty()) return cost;
  for (uint64_t level = 0, n = rows; n > 1; ++level, n /= 2) {
    cost += cost_combine(up_step(plan, level, n / 2)) + cost_combine(down_step(plan, level, n - n / 2));
  }
  return cost;
}

mpc::Cost cost_segmented_scan(uint64_t rows, const std::vector<std::pair<Fold, uint64_t>>& columns) {
  std::vector<ScanShape> shapes;
  for (const auto& [fold, planes] : columns) shapes.push_back({fold, planes});
  return cost_segmented_scan(rows, shapes);
}

}  // namespace sluis::oblivious
