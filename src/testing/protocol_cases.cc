#include "testing/protocol_cases.h"

#include "mpc/add.h"
#include "mpc/compare.h"
#include "mpc/convert.h"
#include "mpc/open.h"
#include "mpc/shuffle.h"
#include "mpc/shuffle_ring.h"
#include "testing/three_parties.h"

namespace sluis::testing {

using namespace mpc;  // NOLINT(google-build-using-namespace): this file is a list of mpc's names
using sharing::SharedBits;

namespace {

constexpr uint64_t kPlanes = 20, kWide = 70;
constexpr uint64_t kConstants[] = {1, 77, 0x80000, 0xFFFFF};

template <typename Member, typename Parts>
void assign(std::array<CaseInputs, 3>& inputs, Member member, const Parts& parts) {
  for (size_t i = 0; i < 3; ++i) inputs[i].*member = parts[i];
}

std::vector<ProtocolCase> gates() {
  return {
      {"and", [](Session& s, const CaseInputs& in) { (void)and_(s, in.x, in.y); },
       [](uint64_t n) { return cost_and(n, kPlanes); }},
      {"and of one plane", [](Session& s, const CaseInputs& in) { (void)and_(s, in.bit, in.bit); },
       [](uint64_t n) { return cost_and(n, 1); }},
      {"and with one plane", [](Session& s, const CaseInputs& in) { (void)and_(s, in.wide, in.bit); },
       [](uint64_t n) { return cost_and(n, kWide); }},
      {"batch",
       [](Session& s, const CaseInputs& in) {
         const AndPair pairs[] = {{&in.bit, &in.bit}, {&in.x, &in.y}, {&in.wide, &in.bit}};
         (void)and_batch(s, pairs);
       },
       [](uint64_t n) { return cost_and(n, 1 + kPlanes + kWide); }},
      {"inner product",
       [](Session& s, const CaseInputs& in) {
         const AndPair terms[] = {{&in.x, &in.y}, {&in.y, &in.bit}, {&in.x, &in.x}};
         (void)inner_product(s, terms);
       },
       [](uint64_t n) { return cost_and(n, kPlanes); }},
      {"inner product over rows",
       [](Session& s, const CaseInputs& in) { (void)inner_product_rows(s, in.wide, in.bit); },
       [](uint64_t n) { return cost_inner_product_rows(n, kWide); }},
      {"inner products over rows",
       [](Session& s, const CaseInputs& in) { (void)inner_products_rows(s, in.wide, in.x); },
       [](uint64_t n) { return cost_inner_products_rows(n, kWide, kPlanes); }},
      {"or", [](Session& s, const CaseInputs& in) { (void)or_(s, in.x, in.bit); },
       [](uint64_t n) { return cost_and(n, kPlanes); }},
      {"mux", [](Session& s, const CaseInputs& in) { (void)mux(s, in.bit, in.x, in.y); },
       [](uint64_t n) { return cost_and(n, kPlanes); }},
      {"and of planes", [](Session& s, const CaseInputs& in) { (void)and_planes(s, in.wide); },
       [](uint64_t n) { return cost_and_planes(n, kWide); }},
      {"or of planes", [](Session& s, const CaseInputs& in) { (void)or_planes(s, in.x); },
       [](uint64_t n) { return cost_and_planes(n, kPlanes); }},
      {"reshare", [](Session& s, const CaseInputs& in) { (void)reshare(s, in.x); },
       [](uint64_t n) { return cost_and(n, kPlanes); }},
  };
}

std::vector<ProtocolCase> comparisons() {
  std::vector<ProtocolCase> cases = {
      {"equal", [](Session& s, const CaseInputs& in) { (void)equal(s, in.x, in.y); },
       [](uint64_t n) { return cost_equal(n, kPlanes); }},
      {"equal to a constant", [](Session& s, const CaseInputs& in) { (void)equal_constant(s, in.x, 12345); },
       [](uint64_t n) { return cost_equal(n, kPlanes); }},
      {"less than constants",
       [](Session& s, const CaseInputs& in) { (void)less_constants(s, in.x, kConstants); },
       [](uint64_t n) { return cost_less_constants(n, kPlanes, kConstants); }},
  };
  for (CompareDepth depth : {CompareDepth::kRipple, CompareDepth::kGrouped, CompareDepth::kShallow})
    cases.push_back({"less, depth " + std::to_string(static_cast<int>(depth)),
                     [depth](Session& s, const CaseInputs& in) { (void)less(s, in.x, in.y, depth); },
                     [depth](uint64_t n) { return cost_less(n, kPlanes, depth); }});
  return cases;
}

std::vector<ProtocolCase> integers() {
  return {
      {"add", [](Session& s, const CaseInputs& in) { (void)add(s, in.x, in.y, true); },
       [](uint64_t n) { return cost_add(n, kPlanes); }},
      {"subtract", [](Session& s, const CaseInputs& in) { (void)subtract(s, in.x, in.y); },
       [](uint64_t n) { return cost_add(n, kPlanes); }},
      {"add a constant", [](Session& s, const CaseInputs& in) { (void)add_constant(s, in.x, 1234567); },
       [](uint64_t n) { return cost_add_constant(n, kPlanes, 1234567); }},
      {"times a constant",
       [](Session& s, const CaseInputs& in) { (void)multiply_constant(s, in.x, 1001, 30); },
       [](uint64_t n) { return cost_multiply_constant(n, kPlanes, 1001, 30); }},
      {"product", [](Session& s, const CaseInputs& in) { (void)mpc::multiply(s, in.x, in.y, 25); },
       [](uint64_t n) { return cost_multiply(n, kPlanes, kPlanes, 25); }},
      {"division", [](Session& s, const CaseInputs& in) { (void)divide_constant(s, in.x, 5); },
       [](uint64_t n) { return cost_divide_constant(n, kPlanes, 5); }},
      {"count", [](Session& s, const CaseInputs& in) { (void)popcount_planes(s, in.x); },
       [](uint64_t n) { return cost_popcount_rows(n, kPlanes); }},
  };
}

std::vector<ProtocolCase> conversions() {
  return {
      {"bit to ring", [](Session& s, const CaseInputs& in) { (void)bit_to_ring<uint64_t>(s, in.bit); },
       [](uint64_t n) { return cost_bit_to_ring(n, 8); }},
      {"bits to ring, bit by bit",
       [](Session& s, const CaseInputs& in) { (void)bits_to_ring<uint64_t>(s, in.x, RingForm::kBitwise); },
       [](uint64_t n) { return cost_bits_to_ring(n, kPlanes, 8, RingForm::kBitwise); }},
      {"bits to ring, adder",
       [](Session& s, const CaseInputs& in) { (void)bits_to_ring<uint32_t>(s, in.x, RingForm::kAdder); },
       [](uint64_t n) { return cost_bits_to_ring(n, kPlanes, 4, RingForm::kAdder); }},
      {"ring to bits", [](Session& s, const CaseInputs& in) { (void)ring_to_bits(s, in.sum); },
       [](uint64_t n) { return cost_ring_to_bits(n, 8); }},
      {"ring negative", [](Session& s, const CaseInputs& in) { (void)ring_negative(s, in.count); },
       [](uint64_t n) { return cost_ring_negative(n, 4); }},
      {"ring product", [](Session& s, const CaseInputs& in) { (void)mpc::multiply(s, in.sum, in.other); },
       [](uint64_t n) { return cost_multiply_ring(n, 8); }},
      {"planes to ring", [](Session& s, const CaseInputs& in) { (void)planes_to_ring<uint32_t>(s, in.x); },
       [](uint64_t n) { return cost_bit_to_ring(n * kPlanes, 4); }},
      {"sums of products",
       [](Session& s, const CaseInputs& in) {
         const SharedRing<uint32_t> bits = planes_to_ring<uint32_t>(s, in.x);
         (void)sums_of_products(s, bits, bits, kPlanes);
       },
       [](uint64_t n) { return cost_bit_to_ring(n * kPlanes, 4) + cost_multiply_ring(n, 4); }},
      {"inject", [](Session& s, const CaseInputs& in) { (void)inject(s, in.bit, in.sum); },
       [](uint64_t n) { return cost_inject(n, 8); }},
  };
}

std::vector<ProtocolCase> shuffles_and_openings() {
  return {
      {"shuffles in the same rounds",
       [](Session& s, const CaseInputs& in) {
         const Shuffle shuffle = make_shuffle(s, in.rows);
         std::vector<uint32_t> order(in.rows);
         for (size_t i = 0; i < in.rows; ++i) order[i] = static_cast<uint32_t>(in.rows - 1 - i);
         const SharedBits* const x[] = {&in.wide, &in.bit};
         (void)apply_batch(s, shuffle, x, {order, in.rows / 4, in.rows / 2});
         (void)apply_inverse_batch(s, shuffle, x, {order, in.rows / 4, in.rows / 2});
       },
       [](uint64_t n) {
         return cost_shuffle(n, kWide + 1, n / 2) + cost_shuffle_inverse(n, kWide + 1, n / 2);
       }},
      {"shuffle", [](Session& s, const CaseInputs& in) { (void)apply(s, make_shuffle(s, in.rows), in.x); },
       [](uint64_t n) { return cost_shuffle(n, kPlanes); }},
      {"shuffle bits and elements",
       [](Session& s, const CaseInputs& in) {
         (void)apply(s, make_shuffle(s, in.rows), MixedRows{in.wide, in.count});
       },
       [](uint64_t n) { return cost_shuffle_mixed(n, kWide); }},
      {"shuffle one plane and back",
       [](Session& s, const CaseInputs& in) {
         const Shuffle shuffle = make_shuffle(s, in.rows);
         (void)apply_inverse(s, shuffle, apply(s, shuffle, in.bit));
       },
       [](uint64_t n) { return cost_shuffle(n, 1) + cost_shuffle_inverse(n, 1); }},
      {"shuffle twice and back",
       [](Session& s, const CaseInputs& in) {
         const Shuffle shuffle = make_shuffle(s, in.rows);
         const SharedBits x = apply(s, shuffle, in.wide);
         (void)apply(s, shuffle, in.bit);
         (void)apply_inverse(s, shuffle, x);
       },
       [](uint64_t n) {
         return cost_shuffle(n, kWide) + cost_shuffle(n, 1) + cost_shuffle_inverse(n, kWide);
       }},
      {"open", [](Session& s, const CaseInputs& in) { (void)open_masked(s, in.x); },
       [](uint64_t n) { return cost_open(n, kPlanes); }, true},
      {"open ring", [](Session& s, const CaseInputs& in) { (void)open_masked(s, in.count); },
       [](uint64_t n) { return cost_open_ring(n, 4); }, true},
      {"open declared", [](Session& s, const CaseInputs& in) { (void)open_declared(s, in.bit, "test"); },
       [](uint64_t n) { return cost_open(n, 1); }, true},
  };
}

}  // namespace

std::array<CaseInputs, 3> case_inputs(size_t rows, CaseData data, uint64_t seed) {
  std::array<CaseInputs, 3> inputs;
  const auto bits = [&](size_t planes, uint64_t purpose) {
    if (data == CaseData::kZeroShares) {
      const SharedBits zero(rows, planes);
      return std::array<SharedBits, 3>{zero, zero, zero};
    }
    return share(
        data == CaseData::kZero ? sharing::Bits(rows, planes) : random_bits(rows, planes, seed + purpose),
        100 * seed + purpose);
  };
  const auto ring = [&]<typename T>(T, uint64_t purpose) {
    const sharing::SharedRing<T> zero(rows);
    if (data == CaseData::kZeroShares) return std::array<sharing::SharedRing<T>, 3>{zero, zero, zero};
    std::vector<T> values(rows);
    if (data == CaseData::kRandom)
      for (size_t r = 0; r < rows; ++r) values[r] = static_cast<T>((seed + r) * 0x9E3779B97F4A7C15ull);
    return share_ring(values, 100 * seed + purpose);
  };
  for (CaseInputs& in : inputs) in.rows = rows;
  assign(inputs, &CaseInputs::x, bits(kPlanes, 1));
  assign(inputs, &CaseInputs::y, bits(kPlanes, 2));
  assign(inputs, &CaseInputs::wide, bits(kWide, 3));
  assign(inputs, &CaseInputs::bit, bits(1, 4));
  assign(inputs, &CaseInputs::count, ring(uint32_t{}, 5));
  assign(inputs, &CaseInputs::sum, ring(uint64_t{}, 6));
  assign(inputs, &CaseInputs::other, ring(uint64_t{}, 7));
  return inputs;
}

const std::vector<ProtocolCase>& protocol_cases() {
  static const std::vector<ProtocolCase> all = [] {
    std::vector<ProtocolCase> cases;
    for (auto part : {gates(), comparisons(), integers(), conversions(), shuffles_and_openings()})
      cases.insert(cases.end(), part.begin(), part.end());
    return cases;
  }();
  return all;
}

}  // namespace sluis::testing
