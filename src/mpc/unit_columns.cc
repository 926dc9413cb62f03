#include "mpc/unit_columns.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/secret.h"
#include "mpc/resharing.h"
#include "sharing/bit_kernels.h"

namespace sluis::mpc {

using sharing::Bits;
using sharing::kBlockRows;
using sharing::kBlockWords;
using sharing::SharedBits;

namespace {

// A phase ends when no column has this many units: what then waits for a full third is little.
constexpr size_t kPhaseUnits = 24;
// Words of a part that are added at a time: all that is touched stays in the second-level cache. Even.
constexpr size_t kChunkWords = 1024;

bool is_long(const ColumnSizes& sizes) { return std::ranges::max(sizes) >= kPhaseUnits; }

ColumnSizes sizes_after_round(const ColumnSizes& sizes) {
  ColumnSizes after(sizes.size() + 1);
  for (size_t k = 0; k < sizes.size(); ++k) {
    after[k] += sizes[k] - 2 * unit_third(sizes[k]);
    after[k + 1] += unit_third(sizes[k]);
  }
  if (after.back() == 0) after.pop_back();
  return after;
}

PhaseSizes phase_of(ColumnSizes sizes) {
  PhaseSizes phase;
  if (!is_long(sizes)) return phase;
  while (is_long(sizes)) {
    phase.push_back(sizes);
    sizes = sizes_after_round(sizes);
  }
  phase.push_back(std::move(sizes));
  return phase;
}

// Both shares of a run of words.
struct View {
  const uint64_t* own;
  const uint64_t* next;
  View operator+(size_t words) const { return {own + words, next + words}; }
};

// What the full adders of one column read and write; the sum may lie where c is.
struct Adders {
  View a, b, c;
  uint64_t *sum_own, *sum_next;
  Resharing::Run carry;
};

struct Scratch {
  std::array<std::array<uint64_t, kChunkWords>, 4> words;
  ~Scratch() { secure_wipe(words.data(), sizeof words); }
};

void xor_to(const uint64_t* a, const uint64_t* b, uint64_t* out, size_t words) {
  const uint64_t* both[] = {a, b};
  sharing::bit_kernels().xor_words(both, 2, 0, {out, words});
}

// carry = a ^ (a ^ b)(a ^ c) as this party's masked share; sum = a ^ b ^ c.
void add_chunk(Session& session, uint64_t operation, uint64_t stream, const Adders& adders, size_t at,
               Scratch& scratch) {
  const size_t n = std::min(kChunkWords, adders.carry.own.size() - at);
  auto& [ab_own, ab_next, ac_own, ac_next] = scratch.words;
  const View a = adders.a + at, b = adders.b + at, c = adders.c + at;
  xor_to(a.own, b.own, ab_own.data(), n);
  xor_to(a.next, b.next, ab_next.data(), n);
  xor_to(a.own, c.own, ac_own.data(), n);
  xor_to(a.next, c.next, ac_next.data(), n);
  const std::span<uint64_t> carry = adders.carry.own.subspan(at, n);
  const auto first = [n](const auto& words) { return std::span<const uint64_t>(words).first(n); };
  session.and_gates(operation, stream + at,
                    {first(ab_own), first(ab_next), first(ac_own), first(ac_next), carry});
  xor_to(carry.data(), a.own, carry.data(), n);
  xor_to(ab_own.data(), c.own, adders.sum_own + at, n);
  xor_to(ab_next.data(), c.next, adders.sum_next + at, n);
}

void copy_tail(std::span<const uint64_t> from, size_t words, std::span<uint64_t> to) {
  std::ranges::copy(from.last(words), to.last(words).begin());
}

// The column's first three parts of so many words each; afterwards it begins with the sum, still to be made.
Adders take_thirds(UnitColumn& column, size_t third, size_t words) {
  View a = {column.own.data() + column.begin, column.next.data() + column.begin};
  if (column.source != nullptr) {
    a = {column.source->own.words().data(), column.source->next.words().data()};
    const size_t rest = words - 3 * third;
    copy_tail(column.source->own.words().first(words), rest, column.own);
    copy_tail(column.source->next.words().first(words), rest, column.next);
    column.source = nullptr;
  }
  column.begin = column.own.size() - (words - 2 * third);
  return {a, a + third, a + 2 * third, column.own.data() + column.begin, column.next.data() + column.begin,
          {}};
}

// Room in front of the column, for carries.
Resharing::Run take_front(UnitColumn& column, size_t words) {
  CHECK(words <= column.begin);
  column.begin -= words;
  return {std::span(column.own).subspan(column.begin, words),
          std::span(column.next).subspan(column.begin, words)};
}

// One round. The highest column comes first: its first two parts are dead when the carries of the column
// below take their place.
void reduce(Session& session, std::vector<UnitColumn>& columns, size_t unit_words, const ColumnSizes& sizes) {
  std::vector<Adders> adders;
  std::vector<Resharing::Run> carries;
  uint64_t gates = 0;
  for (size_t k = sizes.size(); k-- > 0;) {
    const size_t third = unit_third(sizes[k]) * unit_words;
    if (third == 0) continue;
    adders.push_back(take_thirds(columns[k], third, sizes[k] * unit_words));
    carries.push_back(adders.back().carry = take_front(columns[k + 1], third));
    gates += 64 * third;
  }
  Resharing resharing(session, carries);
  const uint64_t operation = session.next_operation();
  Scratch scratch;
  uint64_t stream = 0, computed = 0;  // the mask stream starts every column at a whole block
  for (const Adders& column : adders) {
    const size_t words = column.carry.own.size();
    for (size_t at = 0; at < words; at += kChunkWords) {
      add_chunk(session, operation, stream, column, at, scratch);
      resharing.computed(computed + std::min(words, at + kChunkWords));
    }
    computed += words;
    stream += words + words % 2;
  }
  resharing.finish();
  session.verify_queue().append(gates);
}

// Buffers with room for the most units of each column from phase[first] on; all empty.
std::vector<UnitColumn> make_columns(const PhaseSizes& phase, size_t first, size_t unit_words) {
  std::vector<UnitColumn> columns(phase.back().size());
  for (size_t k = 0; k < columns.size(); ++k) {
    size_t most = 0;
    for (size_t r = first; r < phase.size(); ++r)
      if (k < phase[r].size()) most = std::max(most, phase[r][k]);
    for (sharing::RawWords* words : {&columns[k].own, &columns[k].next}) words->resize(most * unit_words);
    columns[k].begin = most * unit_words;
  }
  return columns;
}

void run_phase(Session& session, std::vector<UnitColumn>& columns, size_t unit_words,
               const PhaseSizes& phase) {
  for (size_t r = 0; r + 1 < phase.size(); ++r) reduce(session, columns, unit_words, phase[r]);
}

// The words of a block, [plane][words], put as [word][plane] from `out` on.
uint64_t* turn_block(const uint64_t* block, size_t words, size_t planes, uint64_t* out) {
  for (size_t w = 0; w < words; ++w)
    for (size_t p = 0; p < planes; ++p) *out++ = block[p * words + w];
  return out;
}

// Bits past the last row do not count.
void clear_past_end(size_t rows, size_t planes, uint64_t* end) {
  if (rows % 64 == 0) return;
  for (size_t p = 1; p <= planes; ++p) *(end - p) &= (uint64_t{1} << rows % 64) - 1;
}

// One share of a column in units of 64 rows: whole blocks from `blocks`, then the blocks of x from
// `first_block` on, if any.
void cut_blocks(std::span<const uint64_t> blocks, const Bits* x, size_t first_block, size_t planes,
                uint64_t* out) {
  for (; !blocks.empty(); blocks = blocks.subspan(planes * kBlockWords))
    out = turn_block(blocks.data(), kBlockWords, planes, out);
  if (x == nullptr || first_block >= x->blocks()) return;
  for (size_t b = first_block; b < x->blocks(); ++b)
    out = turn_block(x->run(b, 0).data(), x->block_words(b), planes, out);
  clear_past_end(x->rows(), planes, out);
}

std::vector<UnitColumn> cut(const std::vector<UnitColumn>& blocks, const SharedBits& x,
                            const PhaseSizes& phase) {
  const size_t planes = x.planes();
  const size_t first_block = blocks.empty() ? 0 : x.rows() / kBlockRows;
  std::vector<UnitColumn> columns = make_columns(phase, 0, planes);
  for (size_t k = 0; k < phase[0].size(); ++k) {
    const UnitColumn none, &from = k < blocks.size() ? blocks[k] : none;
    UnitColumn& column = columns[k];
    column.begin = column.own.size() - phase[0][k] * planes;
    cut_blocks(std::span(from.own).subspan(from.begin), k == 0 ? &x.own : nullptr, first_block, planes,
               column.own.data() + column.begin);
    cut_blocks(std::span(from.next).subspan(from.begin), k == 0 ? &x.next : nullptr, first_block, planes,
               column.next.data() + column.begin);
  }
  return columns;
}

// Units of 64 rows as a matrix of one block.
Bits matrix_of(std::span<const uint64_t> units, size_t planes) {
  const size_t words = units.size() / planes;
  CHECK(words <= kBlockWords);
  Bits x = Bits::unset(64 * words, planes);
  for (size_t p = 0; p < planes && words > 0; ++p) {
    const auto run = x.run(0, p);
    for (size_t w = 0; w < words; ++w) run[w] = units[w * planes + p];
  }
  return x;
}

void append_round_words(const PhaseSizes& phase, uint64_t unit_words, std::vector<uint64_t>& out) {
  for (size_t r = 0; r + 1 < phase.size(); ++r) {
    out.push_back(0);
    for (size_t units : phase[r]) out.back() += unit_third(units) * unit_words;
  }
}

}  // namespace

CountingPlan counting_plan(size_t rows) {
  CountingPlan plan;
  if (rows / kBlockRows > 0) plan.blocks = phase_of({rows / kBlockRows});
  ColumnSizes words = {(rows + 63) / 64};
  if (!plan.blocks.empty()) {
    words = plan.blocks.back();
    for (size_t& size : words) size *= kBlockWords;
    words[0] += (rows % kBlockRows + 63) / 64;
  }
  plan.words = phase_of(words);
  plan.rows = {rows};
  if (!plan.words.empty()) {
    plan.rows = plan.words.back();
    for (size_t& size : plan.rows) size *= 64;
  }
  return plan;
}

std::vector<SharedBits> reduce_units(Session& session, const SharedBits& x, const CountingPlan& plan) {
  const size_t planes = x.planes();
  CHECK(planes > 0 && !plan.words.empty());
  std::vector<UnitColumn> columns;
  if (!plan.blocks.empty()) {
    columns = make_columns(plan.blocks, 1, planes * kBlockWords);
    columns[0].source = &x;
    run_phase(session, columns, planes * kBlockWords, plan.blocks);
  }
  columns = cut(columns, x, plan.words);
  run_phase(session, columns, planes, plan.words);
  std::vector<SharedBits> left(plan.rows.size());
  for (size_t k = 0; k < left.size(); ++k) {
    left[k].own = matrix_of(std::span(columns[k].own).subspan(columns[k].begin), planes);
    left[k].next = matrix_of(std::span(columns[k].next).subspan(columns[k].begin), planes);
  }
  return left;
}

std::vector<uint64_t> unit_round_words(const CountingPlan& plan, uint64_t planes) {
  std::vector<uint64_t> words;
  append_round_words(plan.blocks, planes * kBlockWords, words);
  append_round_words(plan.words, planes, words);
  return words;
}

}  // namespace sluis::mpc
