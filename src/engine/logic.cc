#include "engine/logic.h"

#include "base/check.h"
#include "mpc/compare.h"
#include "sharing/bits_ops.h"

namespace sluis::engine {
namespace {

using sql::Op;

SharedColumn boolean_column(SharedBits value, std::optional<SharedBits> null) {
  return {Type::boolean(), std::move(value), std::move(null)};
}

// Planes that are 1 where the column is true, and where it is not false. Without NULLs both are the value
// itself.
struct Truth {
  SharedBits is_true, not_false;
};

std::vector<Truth> truths(Session& session, const SharedColumn& a, const SharedColumn& b) {
  std::vector<SharedBits> nonnull;
  std::vector<mpc::AndPair> pairs;
  nonnull.reserve(2);
  for (const SharedColumn* c : {&a, &b}) {
    if (!c->null) continue;
    nonnull.push_back(sharing::not_(session.party(), *c->null));
    pairs.push_back({&c->value, &nonnull.back()});
  }
  const std::vector<SharedBits> products = mpc::and_batch(session, pairs);
  std::vector<Truth> out;
  size_t at = 0;
  for (const SharedColumn* c : {&a, &b}) {
    if (!c->null) {
      out.push_back({c->value, c->value});
    } else {
      // not false = true or NULL, and the two exclude each other.
      out.push_back({products[at], sharing::xor_(products[at], *c->null)});
      ++at;
    }
  }
  return out;
}

}  // namespace

SharedColumn and3(Session& session, const SharedColumn& a, const SharedColumn& b) {
  if (!a.null && !b.null) return boolean_column(mpc::and_(session, a.value, b.value), std::nullopt);
  const std::vector<Truth> t = truths(session, a, b);
  const mpc::AndPair pairs[] = {{&t[0].is_true, &t[1].is_true}, {&t[0].not_false, &t[1].not_false}};
  std::vector<SharedBits> both = mpc::and_batch(session, pairs);
  SharedBits null = sharing::xor_(both[0], both[1]);
  return boolean_column(std::move(both[0]), std::move(null));
}

SharedColumn or3(Session& session, const SharedColumn& a, const SharedColumn& b) {
  return not3(session.party(), and3(session, not3(session.party(), a), not3(session.party(), b)));
}

SharedColumn not3(int party, SharedColumn a) {
  a.value = sharing::not_(party, a.value);
  return a;
}

Cost cost_and3(uint64_t rows, bool a_nullable, bool b_nullable) {
  if (!a_nullable && !b_nullable) return mpc::cost_and(rows, 1);
  const uint64_t words = (rows + 63) / 64;
  return mpc::cost_and_words(words * (uint64_t{a_nullable} + uint64_t{b_nullable})) +
         mpc::cost_and_words(2 * words);
}

SharedColumn compare(Session& session, Op op, const SharedColumn& a, const SharedColumn& b) {
  const Type type = common_type(a.type, b.type);
  const int party = session.party();
  const auto value = [&]() -> SharedBits {
    if (op == Op::kEqual || op == Op::kNotEqual) {
      SharedBits same = mpc::equal(session, planes_as(a, type), planes_as(b, type));
      return op == Op::kEqual ? same : sharing::not_(party, same);
    }
    const bool swapped = op == Op::kGreater || op == Op::kLessEqual;  // a > b = b < a; a <= b = not (b < a)
    const SharedBits left = ordered_planes(party, swapped ? b : a, type);
    const SharedBits right = ordered_planes(party, swapped ? a : b, type);
    const SharedBits below = mpc::less(session, left, right);
    return op == Op::kLess || op == Op::kGreater ? below : sharing::not_(party, below);
  };
  SharedBits outcome = value();
  return boolean_column(std::move(outcome), either_null(session, a, b));
}

Cost cost_compare(Op op, uint64_t rows, const Type& a, bool a_nullable, const Type& b, bool b_nullable) {
  const uint64_t planes = static_cast<uint64_t>(common_type(a, b).bits());
  const Cost core =
      op == Op::kEqual || op == Op::kNotEqual ? mpc::cost_equal(rows, planes) : mpc::cost_less(rows, planes);
  return core + cost_either_null(rows, a_nullable, b_nullable);
}

// x <= c is x < c + 1: in the ordered form, where 2^planes stands for "always".
static uint64_t threshold_of(Op op, int64_t constant, const Type& type) {
  const uint64_t at = ordered_constant(constant, type);
  return op == Op::kLess || op == Op::kGreaterEqual ? at : at + 1;
}

SharedColumn compare_constant(Session& session, Op op, const SharedColumn& a, const Type& type,
                              int64_t constant) {
  const int party = session.party();
  if (op == Op::kEqual || op == Op::kNotEqual) {
    SharedBits same =
        mpc::equal_constant(session, ordered_planes(party, a, type), ordered_constant(constant, type));
    return boolean_column(op == Op::kEqual ? same : sharing::not_(party, same), a.null);
  }
  const uint64_t limit = threshold_of(op, constant, type);
  const SharedBits below = mpc::less_constants(session, ordered_planes(party, a, type), {&limit, 1});
  const bool direct = op == Op::kLess || op == Op::kLessEqual;
  return boolean_column(direct ? below : sharing::not_(party, below), a.null);
}

Cost cost_compare_constant(Op op, uint64_t rows, const Type& type, int64_t constant) {
  const uint64_t planes = static_cast<uint64_t>(type.bits());
  if (op == Op::kEqual || op == Op::kNotEqual) return mpc::cost_equal(rows, planes);
  const uint64_t limit = threshold_of(op, constant, type);
  return mpc::cost_less_constants(rows, planes, {&limit, 1});
}

// Value planes with the null plane on top.
static SharedBits with_null(int party, const SharedColumn& column, const Type& type, bool nullable) {
  SharedBits planes = planes_as(column, type);
  if (!nullable) return planes;
  const SharedBits null = column.null ? *column.null : sharing::share_constant(party, planes.rows(), 1, 0);
  return sharing::concat_planes({&planes, &null});
}

SharedColumn choose(Session& session, const std::vector<Branch>& branches, const SharedColumn& otherwise,
                    const Type& type, bool nullable) {
  CHECK(!branches.empty());
  const int party = session.party();
  std::vector<SharedBits> selectors;
  SharedBits none = sharing::not_(party, branches[0].condition);  // no condition true so far
  selectors.push_back(branches[0].condition);
  for (size_t i = 1; i < branches.size(); ++i) {
    SharedBits still = mpc::and_(session, none, sharing::not_(party, branches[i].condition));
    selectors.push_back(sharing::xor_(none, still));
    none = std::move(still);
  }
  selectors.push_back(std::move(none));
  std::vector<SharedBits> values;
  for (const Branch& branch : branches) values.push_back(with_null(party, branch.value, type, nullable));
  values.push_back(with_null(party, otherwise, type, nullable));
  std::vector<mpc::AndPair> terms;
  for (size_t i = 0; i < values.size(); ++i) terms.push_back({&values[i], &selectors[i]});
  const SharedBits chosen = mpc::inner_product(session, terms);
  const size_t planes = static_cast<size_t>(type.bits());
  SharedColumn result{type, sharing::slice_planes(chosen, 0, planes), std::nullopt};
  if (nullable) result.null = sharing::slice_planes(chosen, planes, 1);
  return result;
}

Cost cost_choose(uint64_t rows, size_t branches, const Type& type, bool nullable) {
  return (branches - 1) * mpc::cost_and(rows, 1) +
         mpc::cost_and(rows, static_cast<uint64_t>(type.bits()) + (nullable ? 1 : 0));
}

}  // namespace sluis::engine
