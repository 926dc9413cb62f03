// The shape of TPC-H Q6: SUM(extendedprice * discount) where shipdate lies in a year, discount in a range and
// quantity below a constant.
#include <memory>

#include "bench/jobs.h"
#include "mpc/compare.h"
#include "oblivious/sum_products.h"
#include "sharing/bits_ops.h"

namespace sluis::bench {
namespace {

// Days from 1992-01-01; hundredths; pieces; cents (the workload's key bits).
constexpr uint64_t kDateBits = 12, kDays = 2526;
constexpr uint64_t kDiscountBits = 4, kDiscounts = 11;
constexpr uint64_t kQuantityBits = 6, kQuantities = 50;
constexpr uint64_t kFromDay = 731, kToDay = 1096;  // 1994
constexpr uint64_t kFromDiscount = 5, kToDiscount = 7;
constexpr uint64_t kQuantityBelow = 24;

struct LineItems {
  Values date, discount, quantity, price;
  Shares date_shares, discount_shares, quantity_shares, price_shares;
  Shares sum;
};

Values drawn(size_t rows, uint64_t least, uint64_t count, uint64_t seed) {
  Values values = random_values(rows, 32, seed);
  for (uint64_t& value : values) value = least + value * count / (uint64_t{1} << 32);
  return values;
}

std::shared_ptr<LineItems> make_items(const Workload& w) {
  auto items = std::make_shared<LineItems>();
  items->date = drawn(w.rows, 0, kDays, 20);
  items->discount = drawn(w.rows, 0, kDiscounts, 21);
  items->quantity = drawn(w.rows, 1, kQuantities, 22);
  items->price = random_values(w.rows, w.key_bits, 23);
  items->date_shares = share_values(items->date, kDateBits);
  items->discount_shares = share_values(items->discount, kDiscountBits);
  items->quantity_shares = share_values(items->quantity, kQuantityBits);
  items->price_shares = share_first(w, items->price, w.key_bits);
  return items;
}

// lo <= x < hi in two planes that are both to be 1.
sharing::SharedBits between(mpc::Session& session, const sharing::SharedBits& x, uint64_t lo, uint64_t hi) {
  const uint64_t limits[] = {lo, hi};
  const sharing::SharedBits below = mpc::less_constants(session, x, limits);
  const sharing::SharedBits from = sharing::not_(session.party(), sharing::slice_planes(below, 0, 1));
  const sharing::SharedBits to = sharing::slice_planes(below, 1, 1);
  return sharing::concat_planes({&from, &to});
}

void run_query(LineItems& items, mpc::Session& session) {
  const auto i = static_cast<size_t>(session.party());
  const sharing::SharedBits date = between(session, items.date_shares[i], kFromDay, kToDay);
  const sharing::SharedBits discount =
      between(session, items.discount_shares[i], kFromDiscount, kToDiscount + 1);
  const uint64_t limit = kQuantityBelow;
  const sharing::SharedBits quantity = mpc::less_constants(session, items.quantity_shares[i], {&limit, 1});
  const sharing::SharedBits wanted =
      mpc::and_planes(session, sharing::concat_planes({&date, &discount, &quantity}));
  items.sum[i] =
      oblivious::sum_products(session, wanted, {&items.price_shares[i]}, {&items.discount_shares[i]});
}

Result<bool> summed_rightly(const LineItems& items) {
  const Result<Values> opened = open_values(items.sum);
  if (!opened) return opened.error();
  uint64_t sum = 0;
  for (size_t r = 0; r < items.price.size(); ++r) {
    const bool wanted = items.date[r] >= kFromDay && items.date[r] < kToDay &&
                        items.discount[r] >= kFromDiscount && items.discount[r] <= kToDiscount &&
                        items.quantity[r] < kQuantityBelow;
    if (wanted) sum += items.price[r] * items.discount[r];
  }
  return opened->size() == 1 && (*opened)[0] == sum;
}

}  // namespace

Job make_q6_job(const Workload& w) {
  auto items = make_items(w);
  return {0,      1,
          w.rows, [items](mpc::Session& session, int) { run_query(*items, session); },
          {},     [items] { return summed_rightly(*items); }};
}

}  // namespace sluis::bench
