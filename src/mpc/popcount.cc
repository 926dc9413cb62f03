// Counting ones down the rows.
//
// F: [x], n rows of w planes -> [number of ones of each plane].
//   Column k holds bits of weight 2^k for every plane; at first column 0 holds the n rows.
//   round: every column of three or more rows gives three equal parts a, b, c to full adders:
//     a ^ b ^ c stays in column k, carry = a ^ (a ^ b)(a ^ c) joins column k + 1; the rest waits.
//     P_i sends z_i ^ a_i, z_i its masked additive share of the product: what arrives is the carry itself.
//   At two rows a column is done; one ripple over the columns adds what is left.
// Rows go together in units: blocks of 4,096 while a column has many, then 64, at last single rows, so that
// parts are runs of words. A short last unit is filled up with zero rows.
// Each full adder takes away one bit, so n bits cost at most n ANDs.
// Security: products only (multiply.cc; a_i is known to P_i and the mask covers the sum), nothing is opened.
// Randomness: kZero, one operation number a round. Leaks: n, w.
// Cost: cost_popcount_rows: about log_1.5(n) + log_2(n) rounds (57 at n = 2^20), one bit per input bit.
// Source: Wallace tree (1964) laid along the rows. docs/protocols/add.md.
#include <algorithm>
#include <bit>

#include "base/check.h"
#include "mpc/add.h"
#include "mpc/arithmetic_circuits.h"
#include "mpc/unit_columns.h"
#include "sharing/bits_ops.h"

namespace sluis::mpc {
namespace {

// Rows of a third of a column of single rows; few (unit_columns.h has the rest).
size_t third(size_t rows) { return rows / 3; }

// Sizes of all columns after one round.
std::vector<size_t> after_round(const std::vector<size_t>& rows) {
  std::vector<size_t> after(rows.size() + 1);
  for (size_t k = 0; k < rows.size(); ++k) {
    after[k] += rows[k] - 2 * third(rows[k]);
    after[k + 1] += third(rows[k]);
  }
  if (after.back() == 0) after.pop_back();
  return after;
}

bool all_done(const std::vector<size_t>& rows) {
  return std::ranges::all_of(rows, [](size_t n) { return n < 3; });
}

// Sum of the columns' one or two rows; bit `sizes[k]` says how many. Inputs in order of column and row.
Circuit last_circuit(const std::vector<size_t>& sizes, size_t planes) {
  Circuit circuit;
  Wires x(planes), y(planes);
  for (size_t k = 0; k < sizes.size(); ++k) {
    Wire ignored;  // a column above the largest possible count holds only zeros
    if (sizes[k] > 0) (k < planes ? x[k] : ignored) = circuit.input();
    if (sizes[k] > 1) (k < planes ? y[k] : ignored) = circuit.input();
  }
  circuit.outputs(add_wires(circuit, x, y, Circuit::constant(false)));
  return circuit;
}

// What a column's three parts give before the AND: the factors, and the sum with the waiting rows behind it.
struct Parts {
  Bits ab, ac, sum;
};

void xor_words(Bits& x, std::span<const uint64_t> y) {
  for (size_t i = 0; i < x.words().size(); ++i) x.words()[i] ^= y[i];
}

Parts split_rows(const Bits& x, size_t m) {
  Parts parts = {sharing::slice_rows(x, m, m), sharing::slice_rows(x, 2 * m, m), {}};
  const Bits a = sharing::slice_rows(x, 0, m), rest = sharing::slice_rows(x, 3 * m, x.rows() - 3 * m);
  xor_words(parts.ab, a.words());
  Bits sum = parts.ac;
  xor_words(sum, parts.ab.words());
  xor_words(parts.ac, a.words());
  const Bits* both[] = {&sum, &rest};
  parts.sum = sharing::concat_rows(both);
  return parts;
}

// carry ^= a, the first rows of the old column.
void add_first(Bits& carry, const Bits& x) {
  xor_words(carry, sharing::slice_rows(x, 0, carry.rows()).words());
}

void reduce(Session& session, std::vector<SharedBits>& column) {
  const size_t columns = column.size();
  std::vector<SharedBits> ab(columns), ac(columns), old(columns);
  std::vector<AndPair> pairs;
  for (size_t k = 0; k < columns; ++k) {
    const size_t m = third(column[k].rows());
    if (m == 0) continue;
    Parts own = split_rows(column[k].own, m), next = split_rows(column[k].next, m);
    old[k] = std::move(column[k]);
    ab[k].own = std::move(own.ab);
    ab[k].next = std::move(next.ab);
    ac[k].own = std::move(own.ac);
    ac[k].next = std::move(next.ac);
    column[k].own = std::move(own.sum);
    column[k].next = std::move(next.sum);
    pairs.push_back({&ab[k], &ac[k]});
  }
  std::vector<SharedBits> carry = and_batch(session, pairs);
  size_t c = 0;
  for (size_t k = 0; k < columns; ++k) {
    if (old[k].rows() == 0) continue;
    add_first(carry[c].own, old[k].own);
    add_first(carry[c].next, old[k].next);
    if (k + 1 == column.size()) column.emplace_back(0, carry[c].planes());
    column[k + 1] = sharing::concat_rows({&carry[c], &column[k + 1]});
    ++c;
  }
}

std::vector<size_t> sizes_of(const std::vector<SharedBits>& column) {
  std::vector<size_t> rows;
  for (const SharedBits& c : column) rows.push_back(c.rows());
  return rows;
}

// Row r of x as one plane over x's planes as rows.
Bits turn(const Bits& x, size_t r) {
  Bits z(x.planes(), 1);
  for (size_t p = 0; p < x.planes(); ++p) z.set(p, 0, x.get(r, p));
  return z;
}

}  // namespace

uint64_t count_planes(uint64_t rows) { return static_cast<uint64_t>(std::bit_width(rows)); }

void PlaneCounter::add(const SharedBits& x) {
  CHECK(x.rows() == rows_ && x.planes() > 0);
  const CountingPlan plan = counting_plan(rows_);
  left_.push_back(plan.words.empty() ? std::vector<SharedBits>{x} : reduce_units(session_, x, plan));
}

SharedBits PlaneCounter::finish() {
  const uint64_t count = count_planes(rows_);
  if (left_.empty()) return SharedBits(0, count);
  std::vector<SharedBits> column(left_[0].size());
  for (size_t k = 0; k < column.size(); ++k) {
    std::vector<const SharedBits*> parts;
    for (const std::vector<SharedBits>& part : left_) parts.push_back(&part[k]);
    column[k] = parts.size() == 1 ? std::move(left_[0][k]) : sharing::concat_planes(parts);
  }
  left_.clear();
  const size_t planes = column[0].planes();
  if (rows_ == 0) return SharedBits(planes, 0);  // counts of no planes
  while (!all_done(sizes_of(column))) reduce(session_, column);
  std::vector<SharedBits> turned;
  for (const SharedBits& c : column)
    for (size_t r = 0; r < c.rows(); ++r) {
      turned.emplace_back();
      turned.back().own = turn(c.own, r);
      turned.back().next = turn(c.next, r);
    }
  std::vector<const SharedBits*> inputs;
  for (const SharedBits& t : turned) inputs.push_back(&t);
  return evaluate(session_, last_circuit(sizes_of(column), count), inputs);
}

SharedBits popcount_planes(Session& session, const SharedBits& x) {
  PlaneCounter counter(session, x.rows());
  if (x.planes() > 0) counter.add(x);
  return counter.finish();
}

std::vector<SharedBits> popcount_rows(Session& session, const SharedBits& x) {
  const SharedBits counts = popcount_planes(session, x);
  std::vector<SharedBits> result;
  for (size_t p = 0; p < x.planes(); ++p) result.push_back(sharing::slice_rows(counts, p, 1));
  return result;
}

Cost cost_popcount_parts(uint64_t rows, std::span<const uint64_t> part_planes) {
  const CountingPlan plan = counting_plan(rows);
  Cost sum;
  uint64_t planes = 0;
  for (uint64_t part : part_planes) {
    for (uint64_t words : unit_round_words(plan, part)) sum += cost_and_words(words);
    planes += part;
  }
  if (planes == 0) return {};
  std::vector<size_t> sizes = plan.rows;
  while (!all_done(sizes)) {
    uint64_t words = 0;
    for (size_t n : sizes) words += planes * ((third(n) + 63) / 64);
    sum += cost_and_words(words);
    sizes = after_round(sizes);
  }
  return sum + last_circuit(sizes, count_planes(rows)).cost(planes);
}

Cost cost_popcount_rows(uint64_t rows, uint64_t planes) { return cost_popcount_parts(rows, {&planes, 1}); }

}  // namespace sluis::mpc
