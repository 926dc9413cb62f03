// Sort, reuse of an order, join and group-by: one call each, nothing warmed up.
#include <algorithm>
#include <memory>
#include <numeric>
#include <random>
#include <unordered_map>
#include <utility>

#include "bench/jobs.h"
#include "oblivious/group_by.h"
#include "oblivious/index.h"
#include "sharing/bits_ops.h"

namespace sluis::bench {
namespace {

using oblivious::SharedColumn;
using oblivious::SharedTable;
using relation::Type;

constexpr uint64_t kPayloadBits = 62;  // a bigint column of amounts
constexpr uint64_t kSummedBits = 16;

size_t index_of(const mpc::Session& session) { return static_cast<size_t>(session.party()); }

Type type_of(uint64_t bits) { return Type::integer(0, static_cast<int64_t>((uint64_t{1} << bits) - 1)); }

// Takes the shares: like a node, a party holds its input once.
SharedTable table_of(const mpc::Session& session, Shares& key, uint64_t key_bits, Shares& value,
                     uint64_t value_bits) {
  const size_t i = index_of(session);
  SharedTable table{sharing::share_constant(session.party(), key[i].rows(), 1, 1), {}};
  table.columns.push_back({type_of(key_bits), std::move(key[i]), std::nullopt});
  table.columns.push_back({type_of(value_bits), std::move(value[i]), std::nullopt});
  return table;
}

oblivious::SortUse sort_use(const Workload& w) { return {{w.network}, nullptr}; }

// ---- sort, and the reuse of its order for one more column of 64 bits.
struct SortState {
  Values key, value;
  Shares key_shares, value_shares;
  std::array<std::optional<oblivious::Order>, 3> order;
  Shares sorted_key, sorted_value;
};

std::shared_ptr<SortState> make_sort_state(const Workload& w) {
  auto state = std::make_shared<SortState>();
  state->key = random_values(w.rows, w.key_bits, 3);
  state->value = random_values(w.rows, 64, 4);
  state->key_shares = share_first(w, state->key, w.key_bits);
  state->value_shares = share_values(state->value, 64);
  return state;
}

void sort_keys(SortState& state, mpc::Session& session, const oblivious::SortUse& use) {
  const size_t i = index_of(session);
  mpc::Shuffle shuffle = mpc::make_shuffle(session, state.key.size());
  oblivious::Sorted sorted = oblivious::sort_key_opening(session, std::move(state.key_shares[i]),
                                                         std::move(shuffle), oblivious::sort_options(use));
  state.order[i].emplace(std::move(sorted.order));
  state.sorted_key[i] = std::move(sorted.key);
}

void apply_order(SortState& state, mpc::Session& session) {
  const size_t i = index_of(session);
  state.sorted_value[i] = oblivious::into_order(session, *state.order[i], state.value_shares[i]);
}

// The order is that of a stable sort.
Result<bool> sorted_rightly(const SortState& state) {
  const Result<Values> key = open_values(state.sorted_key);
  if (!key) return key.error();
  const Result<Values> value = open_values(state.sorted_value);
  if (!value) return value.error();
  std::vector<uint32_t> place(state.key.size());
  std::iota(place.begin(), place.end(), 0);
  std::ranges::stable_sort(place, {}, [&](uint32_t row) { return state.key[row]; });
  if (key->size() != place.size() || value->size() != place.size()) return false;
  for (size_t i = 0; i < place.size(); ++i)
    if ((*key)[i] != state.key[place[i]] || (*value)[i] != state.value[place[i]]) return false;
  return true;
}

// ---- join: a right side in key order, every key once; half of the left rows find one.
struct JoinTables {
  SharedTable left, right;
};
struct JoinState {
  Values right_key, payload, left_key, left_value;
  Shares right_key_shares, payload_shares, left_key_shares, left_value_shares;
  Shares valid, joined;
  // Of a join over an index, from call to call.
  std::array<std::optional<JoinTables>, 3> tables;
  std::array<std::optional<oblivious::KeyIndex>, 3> index;
};

Values rising_keys(size_t rows, uint64_t bits) {
  // Distances around 2^bits / rows, so that the keys fill their domain.
  const uint64_t stride = (uint64_t{1} << bits) / rows;
  std::mt19937_64 random(5);
  Values keys(rows);
  for (size_t i = 0; i < rows; ++i) keys[i] = i * stride + random() % stride;
  return keys;
}

std::shared_ptr<JoinState> make_join_state(const Workload& w) {
  auto state = std::make_shared<JoinState>();
  state->right_key = rising_keys(w.rows, w.key_bits);
  state->payload = random_values(w.rows, kPayloadBits, 6);
  state->left_key = random_values(w.rows, w.key_bits, 7);
  state->left_value = random_values(w.rows, kSummedBits, 8);
  std::mt19937_64 random(9);
  for (size_t i = 0; i < w.rows; i += 2) state->left_key[i] = state->right_key[random() % w.rows];
  state->right_key_shares = share_values(state->right_key, w.key_bits);
  state->payload_shares = share_values(state->payload, kPayloadBits);
  state->left_key_shares = share_first(w, state->left_key, w.key_bits);
  state->left_value_shares = share_values(state->left_value, kSummedBits);
  return state;
}

constexpr oblivious::JoinKind kInner = oblivious::JoinKind::kInner;

void join_tables(JoinState& state, mpc::Session& session, const JoinTables& tables,
                 const oblivious::SortUse& use) {
  const size_t i = index_of(session);
  SharedTable result =
      oblivious::join(session, tables.left, tables.right, {kInner, {0}, {0}, {1}, true}, use);
  state.valid[i] = std::move(result.valid);
  state.joined[i] = std::move(result.columns.back().value);
}

JoinTables join_input(JoinState& state, const mpc::Session& session, const Workload& w) {
  return {table_of(session, state.left_key_shares, w.key_bits, state.left_value_shares, kSummedBits),
          table_of(session, state.right_key_shares, w.key_bits, state.payload_shares, kPayloadBits)};
}

void run_join(JoinState& state, mpc::Session& session, const Workload& w) {
  join_tables(state, session, join_input(state, session, w), sort_use(w));
}

// The first call, to warm up, makes the index of the union; the others use it.
void run_indexed_join(JoinState& state, mpc::Session& session, const Workload& w) {
  const size_t i = index_of(session);
  oblivious::SortUse use = sort_use(w);
  if (!state.index[i]) {
    state.tables[i].emplace(join_input(state, session, w));
    const auto& [left, right] = *state.tables[i];
    state.index[i].emplace(oblivious::union_index(session, left, right, {kInner, {0}, {0}, {1}, true}, use));
  }
  use.index = &*state.index[i];
  join_tables(state, session, *state.tables[i], use);
}

Result<bool> joined_rightly(const JoinState& state) {
  const Result<Values> valid = open_values(state.valid);
  if (!valid) return valid.error();
  const Result<Values> joined = open_values(state.joined);
  if (!joined) return joined.error();
  std::unordered_map<uint64_t, uint64_t> payload_of;
  for (size_t i = 0; i < state.right_key.size(); ++i) payload_of[state.right_key[i]] = state.payload[i];
  if (valid->size() != state.left_key.size()) return false;
  for (size_t i = 0; i < state.left_key.size(); ++i) {
    const auto match = payload_of.find(state.left_key[i]);
    if (((*valid)[i] == 1) != (match != payload_of.end())) return false;
    if (match != payload_of.end() && (*joined)[i] != match->second) return false;
  }
  return true;
}

// ---- group-by-sum: a quarter as many groups as rows.
struct GroupState {
  Values key, value;
  Shares key_shares, value_shares;
  Shares valid, group_key, sum;
};

std::shared_ptr<GroupState> make_group_state(const Workload& w) {
  auto state = std::make_shared<GroupState>();
  const Values pool = random_values(std::max<size_t>(1, w.rows / 4), w.key_bits, 10);
  std::mt19937_64 random(11);
  state->key.resize(w.rows);
  for (uint64_t& key : state->key) key = pool[random() % pool.size()];
  state->value = random_values(w.rows, kSummedBits, 12);
  state->key_shares = share_first(w, state->key, w.key_bits);
  state->value_shares = share_values(state->value, kSummedBits);
  return state;
}

void run_group_by(GroupState& state, mpc::Session& session, const Workload& w) {
  const size_t i = index_of(session);
  const SharedTable table = table_of(session, state.key_shares, w.key_bits, state.value_shares, kSummedBits);
  const Type sum = Type::integer(0, static_cast<int64_t>(w.rows << kSummedBits));
  SharedTable result =
      oblivious::group_by(session, table, {0}, {{oblivious::Aggregate::kSum, 1, sum}}, sort_use(w));
  state.valid[i] = std::move(result.valid);
  state.group_key[i] = std::move(result.columns[0].value);
  state.sum[i] = std::move(result.columns[1].value);
}

Result<bool> grouped_rightly(const GroupState& state) {
  std::array<Values, 3> opened;
  const std::array<const Shares*, 3> shares = {&state.valid, &state.group_key, &state.sum};
  for (size_t c = 0; c < 3; ++c) {
    Result<Values> values = open_values(*shares[c]);
    if (!values) return values.error();
    opened[c] = std::move(*values);
  }
  std::unordered_map<uint64_t, uint64_t> sums;
  for (size_t i = 0; i < state.key.size(); ++i) sums[state.key[i]] += state.value[i];
  for (size_t i = 0; i < opened[0].size(); ++i) {
    if (opened[0][i] == 0) continue;
    const auto group = sums.find(opened[1][i]);
    if (group == sums.end() || group->second != opened[2][i]) return false;
    sums.erase(group);  // each group once
  }
  return sums.empty();
}

}  // namespace

Job make_sort_job(const Workload& w) {
  auto state = make_sort_state(w);
  return {0,
          1,
          w.rows,
          [state, use = sort_use(w)](mpc::Session& session, int) { sort_keys(*state, session, use); },
          [state](mpc::Session& session) { apply_order(*state, session); },
          [state] { return sorted_rightly(*state); }};
}

Job make_order_job(const Workload& w) {
  auto state = make_sort_state(w);
  // The first call, to warm up, makes the order; the others use it.
  const auto run = [state, use = sort_use(w)](mpc::Session& session, int repetition) {
    if (repetition == 0) sort_keys(*state, session, use);
    apply_order(*state, session);
  };
  return {1, 5, w.rows, run, {}, [state] { return sorted_rightly(*state); }};
}

Job make_join_job(const Workload& w) {
  auto state = make_join_state(w);
  return {0,          1,
          2 * w.rows, [state, w](mpc::Session& session, int) { run_join(*state, session, w); },
          {},         [state] { return joined_rightly(*state); }};
}

Job make_indexed_join_job(const Workload& w) {
  auto state = make_join_state(w);
  return {1,          3,
          2 * w.rows, [state, w](mpc::Session& session, int) { run_indexed_join(*state, session, w); },
          {},         [state] { return joined_rightly(*state); }};
}

Job make_group_by_job(const Workload& w) {
  auto state = make_group_state(w);
  return {0,      1,
          w.rows, [state, w](mpc::Session& session, int) { run_group_by(*state, session, w); },
          {},     [state] { return grouped_rightly(*state); }};
}

}  // namespace sluis::bench
