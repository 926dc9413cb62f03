// Oblivious shuffle.
//
// F: [x] -> [pi(x)], pi = pi_2 pi_0 pi_1 uniform and unknown to every single party. Index j of a share, key,
// permutation or mask is known to P_{j-1} and P_j. With the permutations in the order of use a = 1, b = 0,
// c = 2, X = P0 knows a and b, Y = P1 knows a and c, Z = P2 knows b and c:
//   r1  X: A = pi_b(pi_a(x_a ^ x_b ^ m_a) ^ m_b)  -> Y     Y: B = pi_a(x_c ^ m_a)            -> Z
//       y_a <- k_a,  y_b <- k_b
//   r2  Y: C = pi_c(A) ^ m_c ^ y_a                -> Z     Z: D = pi_c(pi_b(B ^ m_b)) ^ m_c ^ y_b  -> Y
//       y_c = C ^ D
// The inverse is the same with a = 2, b = 0, c = 1 and inverse permutations (X = P2, Y = P1, Z = P0).
// Security: semi-honest, one corrupt party. A is masked by m_b, which Y lacks; B by m_a, which Z lacks; C by
// y_a, which Z lacks; D by y_b, which Y lacks; X receives nothing. Each party lacks one of three independent
// uniform permutations, so pi is uniform to it. Output shares are fresh. Opens nothing.
// The permutations are applied by local memory access that depends on them: visible to whoever shares the
// machine's caches, not to the other parties (docs/protocols/shuffle.md).
// Cost: cost_shuffle: 2 rounds, 4/3 of the data per party, busiest link 2. Planes go in groups of 64 (a row
// is then one word); memory beside input and output: two words a row. Randomness: kPermutation once per
// shuffle; kMask (m), kShare (y) with a fresh operation for every group of planes. Leaks: rows, planes.
// Source: Araki et al., CCS 2021, section 5.2; deviation: m_c enters after pi_c, which changes nothing as m_c
// is uniform.
#include "mpc/shuffle.h"

#include <algorithm>

#include "base/check.h"
#include "mpc/row_moves.h"

namespace sluis::mpc {

using crypto::PrgDomain;
using sharing::kBlockRows;
using sharing::kBlockWords;
using sharing::RawWords;

namespace {

// A row of a group is one word.
constexpr size_t kGroupPlanes = 64;

// Permutations in the order of use, and who knows which two.
struct Roles {
  int a, b, c;
  bool inverse;
  // Party i knows i and i + 1.
  static int knows_both(int j, int k) { return (j + 1) % 3 == k ? j : k; }
  int x() const { return knows_both(a, b); }
  int y() const { return knows_both(a, c); }
  int z() const { return knows_both(b, c); }
};

constexpr Roles kForward = {1, 0, 2, false};
constexpr Roles kInverse = {2, 0, 1, true};

// Up to 64 neighbouring planes of one matrix.
struct Group {
  size_t matrix, first, planes;
  uint64_t operation;
};

using Matrices = std::span<const SharedBits* const>;

// One call at one party. Rows are moved by gathering in the forward direction, by scattering in the other:
// both need the source form of a permutation only.
class Call {
 public:
  Call(Session& session, const Shuffle& shuffle, const Roles& roles, Matrices x, const Placing& placing);
  std::vector<SharedBits> run();

 private:
  void run_x();
  void run_y();
  void run_z();
  // The second round of Y and Z: their summands of y_c; `masked_by` is the other share that this party draws.
  void exchange(int peer, int masked_by);

  // x_c (or x_a ^ x_b) ^ m_a as rows, taken up in the way of this direction.
  RawWords masked_input(const Group& group, std::initializer_list<int> shares);
  // A or B from a neighbour as rows, with m_b if `masked`, moved by `chain` if inverse.
  RawWords received_rows(const Group& group, int from, bool masked, const Chain& chain);
  // The first permutation and m_b: X only.
  RawWords second_step(const Group& group, RawWords rows);
  void take(const GroupShape& shape, size_t block, std::span<const uint64_t> planes, const Chain& chain,
            RawWords& rows);
  // Blocks of rows [first, first + shape.rows), forward moved by `chain`, as planes.
  template <typename Sink>
  void emit(const GroupShape& shape, const RawWords& rows, const Chain& chain, size_t first, Sink sink);
  void store(const Group& group, const RawWords& rows, const Chain& chain);
  void send_all(const Group& group, const RawWords& rows, const Chain& chain, int to);

  const Bits& share(const SharedBits& x, int j) const { return is_own(j) ? x.own : x.next; }
  Bits& share(SharedBits& x, int j) const { return is_own(j) ? x.own : x.next; }
  void xor_mask(int j, uint64_t operation, std::span<uint64_t> words, size_t first_word = 0) const {
    is_own(j) ? session_.xor_random_own(PrgDomain::kMask, operation, words, first_word)
              : session_.xor_random_next(PrgDomain::kMask, operation, words, first_word);
  }
  // Output shares: their memory, taken when it is needed; random ones.
  void make_share(int j);
  void draw_share(int j);
  uint64_t operation_of(size_t matrix) const;
  std::span<const uint32_t> pi(int j) const { return shuffle_.source(j); }
  // The last permutations, and the order of the result (forward) or of the input (inverse).
  Chain chain(std::initializer_list<int> last_first, bool with_order) const;
  GroupShape whole(const Group& group) const { return {shuffle_.rows(), group.planes}; }
  GroupShape wanted(const Group& group) const { return {count_, group.planes}; }
  std::span<uint64_t> block_of(const Group& group, size_t block);
  bool is_own(int j) const {
    CHECK(j == session_.party() || j == (session_.party() + 1) % 3);
    return j == session_.party();
  }

  Session& session_;
  const Shuffle& shuffle_;
  const Roles roles_;
  const Matrices x_;
  const Placing placing_;
  const size_t count_;
  std::vector<Group> groups_;
  std::vector<SharedBits> y_;
  BlockBuffer buffer_;
  PlaceBlock places_;
};

size_t wanted_rows(uint64_t rows, uint64_t first, uint64_t count) { return std::min(count, rows - first); }

Call::Call(Session& session, const Shuffle& shuffle, const Roles& roles, Matrices x, const Placing& placing)
    : session_(session),
      shuffle_(shuffle),
      roles_(roles),
      x_(x),
      placing_(placing),
      count_(wanted_rows(shuffle.rows(), placing.first, placing.count)),
      y_(x.size()) {
  CHECK(placing.first <= shuffle.rows());
  CHECK(placing.order.empty() || placing.order.size() == shuffle.rows());
  for (size_t m = 0; m < x.size(); ++m) {
    CHECK(x[m]->rows() <= shuffle.rows());
    for (size_t p = 0; shuffle.rows() > 0 && p < x[m]->planes(); p += kGroupPlanes)
      groups_.push_back({m, p, std::min(kGroupPlanes, x[m]->planes() - p), session.next_operation()});
  }
}

uint64_t Call::operation_of(size_t matrix) const {
  return std::ranges::find(groups_, matrix, &Group::matrix)->operation;
}

Chain Call::chain(std::initializer_list<int> last_first, bool with_order) const {
  Chain all;
  for (const int j : last_first) all.push_back(pi(j));
  if (with_order && !placing_.order.empty()) all.push_back(placing_.order);
  return all;
}

std::span<uint64_t> Call::block_of(const Group& group, size_t block) {
  Bits& y = share(y_[group.matrix], roles_.c);
  return {y.run(block, group.first).data(), group.planes * y.block_words(block)};
}

void Call::make_share(int j) {
  for (size_t m = 0; m < y_.size(); ++m) share(y_[m], j) = Bits::unset(count_, x_[m]->planes());
}

void Call::draw_share(int j) {
  make_share(j);
  for (size_t m = 0; m < y_.size(); ++m) {
    const auto words = share(y_[m], j).words();
    if (words.empty()) continue;
    is_own(j) ? session_.random_own(PrgDomain::kShare, operation_of(m), words)
              : session_.random_next(PrgDomain::kShare, operation_of(m), words);
  }
}

void Call::take(const GroupShape& shape, size_t block, std::span<const uint64_t> planes, const Chain& chain,
                RawWords& rows) {
  if (!roles_.inverse) return buffer_.to_rows(shape, block, planes, rows.data() + block * kBlockRows);
  buffer_.to_rows(shape, block, planes, buffer_.rows().data());
  const size_t count = shape.block_rows(block);
  const uint32_t* place = places_.of(chain, block * kBlockRows, count);
  for (size_t i = 0; i < count; ++i) rows[place[i]] = buffer_.rows()[i];
}

RawWords Call::masked_input(const Group& group, std::initializer_list<int> shares) {
  const GroupShape shape = whole(group);
  const Chain moved = roles_.inverse ? chain({roles_.a}, true) : Chain{};
  RawWords rows = row_memory(shape.rows);
  size_t at = 0;
  for (size_t b = 0; b < shape.blocks(); ++b) {
    const auto planes = buffer_.planes(shape, b);
    std::ranges::fill(planes, uint64_t{0});
    for (const int j : shares) xor_planes(share(*x_[group.matrix], j), group.first, shape, b, planes);
    xor_mask(roles_.a, group.operation, planes, at);
    at += planes.size();
    take(shape, b, planes, moved, rows);
  }
  return rows;
}

RawWords Call::second_step(const Group& group, RawWords rows) {
  const GroupShape shape = whole(group);
  RawWords moved = row_memory(shape.rows);
  const Chain way = chain({roles_.inverse ? roles_.b : roles_.a}, false);
  for (size_t b = 0; b < shape.blocks(); ++b) {
    const size_t first = b * kBlockRows, count = shape.block_rows(b);
    const uint32_t* place = places_.of(way, first, count);
    uint64_t* from = rows.data() + first;
    uint64_t* to = moved.data() + first;
    if (roles_.inverse) {
      xor_mask(roles_.b, group.operation, {from, count}, first);
      for (size_t i = 0; i < count; ++i) moved[place[i]] = from[i];
    } else {
      for (size_t i = 0; i < count; ++i) to[i] = rows[place[i]];
      xor_mask(roles_.b, group.operation, {to, count}, first);
    }
  }
  return moved;
}

RawWords Call::received_rows(const Group& group, int from, bool masked, const Chain& chain) {
  const GroupShape shape = whole(group);
  PlaneReceiver receiver(session_, from, shape);
  RawWords rows = row_memory(shape.rows);
  for (size_t b = 0; b < shape.blocks(); ++b) {
    const size_t first = b * kBlockRows, count = shape.block_rows(b);
    const auto planes = receiver.next(b);
    if (!masked) {
      take(shape, b, planes, chain, rows);
      continue;
    }
    uint64_t* to = roles_.inverse ? buffer_.rows().data() : rows.data() + first;
    buffer_.to_rows(shape, b, planes, to);
    xor_mask(roles_.b, group.operation, {to, count}, first);
    if (!roles_.inverse) continue;
    const uint32_t* place = places_.of(chain, first, count);
    for (size_t i = 0; i < count; ++i) rows[place[i]] = to[i];
  }
  return rows;
}

template <typename Sink>
void Call::emit(const GroupShape& shape, const RawWords& rows, const Chain& chain, size_t first, Sink sink) {
  for (size_t b = 0; b < shape.blocks(); ++b) {
    const size_t count = shape.block_rows(b), at = first + b * kBlockRows;
    uint64_t* to = buffer_.rows().data();
    if (roles_.inverse) {
      std::copy_n(rows.data() + at, count, to);
    } else {
      const uint32_t* place = places_.of(chain, at, count);
      for (size_t i = 0; i < count; ++i) to[i] = rows[place[i]];
    }
    buffer_.to_planes(shape, b);
    sink(b, buffer_.planes(shape, b));
  }
}

void Call::send_all(const Group& group, const RawWords& rows, const Chain& chain, int to) {
  PlaneSender sender(session_, to, whole(group));
  emit(whole(group), rows, chain, 0,
       [&](size_t b, std::span<const uint64_t> planes) { sender.add(b, planes); });
}

void Call::store(const Group& group, const RawWords& rows, const Chain& chain) {
  emit(wanted(group), rows, chain, placing_.first, [&](size_t b, std::span<const uint64_t> planes) {
    std::ranges::copy(planes, block_of(group, b).begin());
  });
}

// A to Y; the output is pseudo-random.
void Call::run_x() {
  session_.begin_round();
  for (const Group& group : groups_) {
    const RawWords rows = second_step(group, masked_input(group, {roles_.a, roles_.b}));
    send_all(group, rows, chain({roles_.b}, false), roles_.y());
  }
  session_.begin_round();
  draw_share(roles_.a);
  draw_share(roles_.b);
}

void Call::run_y() {
  session_.begin_round();
  for (const Group& group : groups_)
    send_all(group, masked_input(group, {roles_.c}), chain({roles_.a}, false), roles_.z());  // B
  make_share(roles_.c);
  for (const Group& group : groups_)
    store(group, received_rows(group, roles_.x(), false, chain({roles_.c}, false)), chain({roles_.c}, true));
  exchange(roles_.z(), roles_.a);
}

void Call::run_z() {
  session_.begin_round();
  const Chain way = roles_.inverse ? chain({roles_.c, roles_.b}, false) : chain({roles_.b, roles_.c}, true);
  make_share(roles_.c);
  for (const Group& group : groups_) store(group, received_rows(group, roles_.y(), true, way), way);
  exchange(roles_.y(), roles_.b);
}

void Call::exchange(int peer, int masked_by) {
  session_.begin_round();
  draw_share(masked_by);
  for (size_t m = 0; m < y_.size(); ++m) {
    const auto words = share(y_[m], roles_.c).words();
    if (words.empty()) continue;
    xor_mask(roles_.c, operation_of(m), words);
    const auto mask = share(y_[m], masked_by).words();
    for (size_t i = 0; i < words.size(); ++i) words[i] ^= mask[i];
  }
  for (const Group& group : groups_) {
    PlaneSender sender(session_, peer, wanted(group));
    for (size_t b = 0; b < wanted(group).blocks(); ++b) sender.add(b, block_of(group, b));
  }
  for (const Group& group : groups_) {
    PlaneReceiver receiver(session_, peer, wanted(group));
    for (size_t b = 0; b < wanted(group).blocks(); ++b) {
      const auto received = receiver.next(b);
      const auto to = block_of(group, b);
      for (size_t i = 0; i < to.size(); ++i) to[i] ^= received[i];
    }
  }
}

std::vector<SharedBits> Call::run() {
  if (groups_.empty()) {  // nothing to move
    make_share(session_.party());
    make_share((session_.party() + 1) % 3);
    return std::move(y_);
  }
  if (session_.party() == roles_.x())
    run_x();
  else
    session_.party() == roles_.y() ? run_y() : run_z();
  return std::move(y_);
}

SharedBits run_one(Session& session, const Shuffle& shuffle, const SharedBits& x, const Roles& roles) {
  CHECK(shuffle.rows() == x.rows());
  const SharedBits* const only = &x;
  return std::move(Call(session, shuffle, roles, {&only, 1}, {}).run().front());
}

// Words moved a word of a row: two or three permutations and as many transpositions there and back.
constexpr uint64_t kMovedPerRow = 6;

Cost cost(const Roles& roles, uint64_t rows, uint64_t planes, uint64_t wanted) {
  const uint64_t bytes = 8 * planes * ((rows + 63) / 64);
  const uint64_t last = 8 * planes * ((std::min(rows, wanted) + 63) / 64);
  if (bytes == 0) return {};
  Cost sum;
  sum.rounds = 2;
  sum.words = kMovedPerRow * rows * ((planes + 63) / 64);
  const auto add = [&](int from, int to, uint64_t n) {
    ((from + 1) % 3 == to ? sum.to_next : sum.to_prev)[static_cast<size_t>(from)] += n;
  };
  add(roles.x(), roles.y(), bytes);
  add(roles.y(), roles.z(), bytes);
  add(roles.y(), roles.z(), last);
  add(roles.z(), roles.y(), last);
  return sum;
}

}  // namespace

std::vector<uint32_t> Shuffle::permutation(int j) const {
  const std::span<const uint32_t> from = source(j);
  std::vector<uint32_t> result(from.size());
  for (size_t i = 0; i < from.size(); ++i) result[from[i]] = static_cast<uint32_t>(i);
  return result;
}

std::span<const uint32_t> Shuffle::source(int j) const {
  const auto& known = pi_[static_cast<size_t>(j)];
  CHECK(known.has_value());
  return *known;
}

Shuffle make_shuffle(Session& session, size_t rows) {
  Shuffle shuffle(rows);
  const uint64_t operation = session.next_operation();
  const auto party = static_cast<size_t>(session.party());
  session.permutation_own(operation, shuffle.pi_[party].emplace(rows));
  session.permutation_next(operation, shuffle.pi_[(party + 1) % 3].emplace(rows));
  return shuffle;
}

Shuffle restored_shuffle(int party, sharing::RawIndices own, sharing::RawIndices next) {
  CHECK(own.size() == next.size());
  Shuffle shuffle(own.size());
  shuffle.pi_[static_cast<size_t>(party)] = std::move(own);
  shuffle.pi_[static_cast<size_t>((party + 1) % 3)] = std::move(next);
  return shuffle;
}

Shuffle make_forced_shuffle(int party, const std::array<std::vector<uint32_t>, 3>& permutations) {
  Shuffle shuffle(permutations[0].size());
  for (const int j : {party, (party + 1) % 3}) {
    const std::vector<uint32_t>& pi = permutations[static_cast<size_t>(j)];
    CHECK(pi.size() == shuffle.rows_);
    auto& source = shuffle.pi_[static_cast<size_t>(j)].emplace(pi.size());
    for (size_t i = 0; i < pi.size(); ++i) source[pi[i]] = static_cast<uint32_t>(i);
  }
  return shuffle;
}

SharedBits apply(Session& session, const Shuffle& shuffle, const SharedBits& x) {
  return run_one(session, shuffle, x, kForward);
}

SharedBits apply_inverse(Session& session, const Shuffle& shuffle, const SharedBits& x) {
  return run_one(session, shuffle, x, kInverse);
}

std::vector<SharedBits> apply_batch(Session& session, const Shuffle& shuffle, Matrices x,
                                    const Placing& placing) {
  return Call(session, shuffle, kForward, x, placing).run();
}

std::vector<SharedBits> apply_inverse_batch(Session& session, const Shuffle& shuffle, Matrices x,
                                            const Placing& placing) {
  return Call(session, shuffle, kInverse, x, placing).run();
}

Cost cost_shuffle(uint64_t rows, uint64_t planes, uint64_t wanted) {
  return cost(kForward, rows, planes, wanted);
}
Cost cost_shuffle_inverse(uint64_t rows, uint64_t planes, uint64_t wanted) {
  return cost(kInverse, rows, planes, wanted);
}

}  // namespace sluis::mpc
