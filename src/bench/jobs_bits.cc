// AND, less-than and histogram: short operations, called several times after one call to warm up.
#include <memory>

#include "bench/jobs.h"
#include "mpc/compare.h"
#include "oblivious/histogram.h"
#include "sharing/bits_ops.h"

namespace sluis::bench {
namespace {

constexpr int kWarmUp = 1;
constexpr int kRepetitions = 5;

size_t index_of(const mpc::Session& session) { return static_cast<size_t>(session.party()); }

// Two columns and the result of the last call.
struct TwoColumns {
  Values x, y;
  Shares x_shares, y_shares, result;
  TwoColumns(const Workload& w, uint64_t bits)
      : x(random_values(w.rows, bits, 1)),
        y(random_values(w.rows, bits, 2)),
        x_shares(share_first(w, x, bits)),
        y_shares(share_values(y, bits)) {}
};

template <typename Plain>
Result<bool> equals_plainly(const TwoColumns& state, const Plain& plain) {
  const Result<Values> opened = open_values(state.result);
  if (!opened) return opened.error();
  if (opened->size() != state.x.size()) return false;
  for (size_t i = 0; i < state.x.size(); ++i)
    if ((*opened)[i] != plain(state.x[i], state.y[i])) return false;
  return true;
}

}  // namespace

Job make_and_job(const Workload& w) {
  auto state = std::make_shared<TwoColumns>(w, w.key_bits);
  return {kWarmUp,
          kRepetitions,
          w.rows,
          [state](mpc::Session& session, int) {
            const size_t i = index_of(session);
            state->result[i] = {};  // its memory serves again
            state->result[i] = mpc::and_(session, state->x_shares[i], state->y_shares[i]);
          },
          {},
          [state] { return equals_plainly(*state, [](uint64_t x, uint64_t y) { return x & y; }); }};
}

Job make_less_job(const Workload& w) {
  auto state = std::make_shared<TwoColumns>(w, w.key_bits);
  const mpc::CompareRecipe recipe = mpc::compare_choice(w.key_bits, w.rows, w.network).recipe;
  return {kWarmUp,
          kRepetitions,
          w.rows,
          [state, recipe](mpc::Session& session, int) {
            const size_t i = index_of(session);
            state->result[i] = mpc::less(session, state->x_shares[i], state->y_shares[i], recipe);
          },
          {},
          [state] {
            return equals_plainly(*state, [](uint64_t x, uint64_t y) -> uint64_t { return x < y ? 1 : 0; });
          }};
}

// 8 x 8 cells.
Job make_histogram_job(const Workload& w) {
  constexpr uint64_t kBits = 3, kCodes = 8;
  auto state = std::make_shared<TwoColumns>(w, kBits);
  const auto run = [state](mpc::Session& session, int) {
    const size_t i = index_of(session);
    const auto type = relation::Type::integer(0, kCodes - 1);
    const oblivious::SharedColumn x{type, state->x_shares[i], std::nullopt};
    const oblivious::SharedColumn y{type, state->y_shares[i], std::nullopt};
    std::vector<int64_t> codes;
    for (uint64_t c = 0; c < kCodes; ++c) codes.push_back(static_cast<int64_t>(c));
    const sharing::SharedBits valid = sharing::share_constant(session.party(), x.value.rows(), 1, 1);
    const std::vector<oblivious::CellDimension> dimensions = {{&x, codes}, {&y, codes}};
    const sharing::SharedBits cells = oblivious::one_hot_cells(session, valid, dimensions);
    state->result[i] = oblivious::count_cells(session, cells);
  };
  const auto right = [state]() -> Result<bool> {
    const Result<Values> opened = open_values(state->result);
    if (!opened) return opened.error();
    Values counts(kCodes * kCodes, 0);
    for (size_t i = 0; i < state->x.size(); ++i) ++counts[state->x[i] * kCodes + state->y[i]];
    return *opened == counts;
  };
  return {kWarmUp, kRepetitions, w.rows, run, {}, right};
}

}  // namespace sluis::bench
