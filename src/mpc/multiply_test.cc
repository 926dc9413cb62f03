#include "mpc/multiply.h"

#include <gtest/gtest.h>

#include "mpc/open.h"
#include "testing/three_parties.h"

namespace sluis::mpc {
namespace {

using namespace sluis::testing;  // NOLINT(google-build-using-namespace): a test of few names

const size_t kRows[] = {0, 1, 63, 64, 65, 4095, 4096, 4097, 10000};

size_t index(const Session& s) { return static_cast<size_t>(s.party()); }

TEST(Multiply, AndEqualsThePlainLoop) {
  for (size_t n : kRows)
    for (size_t planes : {size_t{0}, size_t{1}, size_t{3}, size_t{65}}) {
      const Bits a = random_bits(n, planes, 1), b = random_bits(n, planes, 2), one = random_bits(n, 1, 3);
      const auto x = share(a, 4), y = share(b, 5), c = share(one, 6);
      const auto run = run_measured([&](Session& s) { return and_(s, x[index(s)], y[index(s)]); });
      EXPECT_EQ(run.measured, cost_and(n, planes)) << n << " x " << planes;
      const Bits z = reconstruct(run.results);
      const Bits kept = reconstruct(run_three([&](Session& s) { return and_(s, x[index(s)], c[index(s)]); }));
      for (size_t r = 0; r < n; ++r)
        for (size_t p = 0; p < planes; ++p) {
          ASSERT_EQ(z.get(r, p), a.get(r, p) && b.get(r, p)) << n << " x " << planes << " row " << r;
          ASSERT_EQ(kept.get(r, p), a.get(r, p) && one.get(r, 0));
        }
    }
}

TEST(Multiply, BatchesMixShapesInOneRound) {
  const Bits a = random_bits(4097, 3, 7), b = random_bits(4097, 1, 8), c = random_bits(65, 70, 9),
             d = random_bits(65, 70, 10);
  const auto x = share(a, 11), y = share(b, 12), u = share(c, 13), v = share(d, 14);
  const auto run = run_measured([&](Session& s) {
    const size_t i = index(s);
    const SharedBits none(0, 5);
    const AndPair pairs[] = {{&x[i], &y[i]}, {&none, &none}, {&u[i], &v[i]}, {&y[i], &y[i]}};
    return and_batch(s, pairs);
  });
  EXPECT_EQ(run.measured, cost_and_words(65 * 3 + 2 * 70 + 65));
  const auto result = [&](size_t k) {
    return reconstruct({run.results[0][k], run.results[1][k], run.results[2][k]});
  };
  const Bits xy = result(0), uv = result(2), yy = result(3);
  EXPECT_EQ(result(1).rows(), 0u);
  for (size_t r = 0; r < a.rows(); ++r) {
    for (size_t p = 0; p < 3; ++p) ASSERT_EQ(xy.get(r, p), a.get(r, p) && b.get(r, 0));
    ASSERT_EQ(yy.get(r, 0), b.get(r, 0));
  }
  for (size_t r = 0; r < c.rows(); ++r)
    for (size_t p = 0; p < 70; ++p) ASSERT_EQ(uv.get(r, p), c.get(r, p) && d.get(r, p));
}

TEST(Multiply, InnerProductsSendOnlyTheirSum) {
  for (size_t n : kRows) {
    const Bits a = random_bits(n, 6, 15), b = random_bits(n, 6, 16), one = random_bits(n, 1, 17);
    const auto x = share(a, 18), y = share(b, 19), c = share(one, 20);
    const auto run = run_measured([&](Session& s) {
      const size_t i = index(s);
      const AndPair terms[] = {{&x[i], &y[i]}, {&y[i], &c[i]}, {&x[i], &x[i]}};
      return inner_product(s, terms);
    });
    EXPECT_EQ(run.measured, cost_and(n, 6));
    const Bits z = reconstruct(run.results);
    for (size_t r = 0; r < n; ++r)
      for (size_t p = 0; p < 6; ++p)
        ASSERT_EQ(z.get(r, p),
                  ((a.get(r, p) && b.get(r, p)) != (b.get(r, p) && one.get(r, 0))) != a.get(r, p));
  }
}

// Bits past the last row are random in these inputs: they must not count.
TEST(Multiply, InnerProductsOverRows) {
  for (size_t n : kRows) {
    const Bits a = random_bits(n, 70, 21), b = random_bits(n, 70, 22), one = random_bits(n, 3, 23);
    const auto x = share(a, 24), y = share(b, 25), c = share(one, 26);
    const auto parity = [n](const Bits& u, size_t p, const Bits& v, size_t q) {
      bool sum = false;
      for (size_t r = 0; r < n; ++r) sum = sum != (u.get(r, p) && v.get(r, q));
      return sum;
    };
    const auto run =
        run_measured([&](Session& s) { return inner_product_rows(s, x[index(s)], y[index(s)]); });
    EXPECT_EQ(run.measured, cost_inner_product_rows(n, 70));
    const Bits z = reconstruct(run.results);
    ASSERT_EQ(z.rows(), 1u);
    for (size_t p = 0; p < 70; ++p) ASSERT_EQ(z.get(0, p), parity(a, p, b, p)) << n;
    const auto all =
        run_measured([&](Session& s) { return inner_products_rows(s, x[index(s)], c[index(s)]); });
    EXPECT_EQ(all.measured, cost_inner_products_rows(n, 70, 3));
    const Bits table = reconstruct(all.results);
    for (size_t p = 0; p < 70; ++p)
      for (size_t q = 0; q < 3; ++q) ASSERT_EQ(table.get(p, q), parity(a, p, one, q)) << n;
  }
}

TEST(Multiply, OrMuxAndPlanes) {
  const size_t n = 4097;
  const Bits a = random_bits(n, 5, 27), b = random_bits(n, 5, 28), one = random_bits(n, 1, 29);
  const auto x = share(a, 30), y = share(b, 31), c = share(one, 32);
  const auto run = run_three([&](Session& s) {
    const size_t i = index(s);
    return std::array{or_(s, x[i], y[i]), or_(s, x[i], c[i]), mux(s, c[i], x[i], y[i]), and_planes(s, x[i]),
                      or_planes(s, x[i])};
  });
  const auto result = [&](size_t k) { return reconstruct({run[0][k], run[1][k], run[2][k]}); };
  const Bits either = result(0), or_one = result(1), chosen = result(2), all = result(3), any = result(4);
  for (size_t r = 0; r < n; ++r) {
    for (size_t p = 0; p < 5; ++p) {
      ASSERT_EQ(either.get(r, p), a.get(r, p) || b.get(r, p));
      ASSERT_EQ(or_one.get(r, p), a.get(r, p) || one.get(r, 0));
      ASSERT_EQ(chosen.get(r, p), one.get(r, 0) ? a.get(r, p) : b.get(r, p));
    }
    ASSERT_EQ(all.get(r, 0), a.row_value(r) == 31);
    ASSERT_EQ(any.get(r, 0), a.row_value(r) != 0);
  }
  EXPECT_EQ(cost_and_planes(64, 5).rounds, 3u);
  EXPECT_EQ(cost_and_planes(64, 5).to_prev[0], 8u * 4);
}

TEST(Open, EveryPartySeesTheValueAndNothingPastTheLastRow) {
  for (size_t n : kRows) {
    const Bits a = random_bits(n, 3, 33);
    const auto x = share(a, 34);  // shares are random past the last row
    for (const Bits& z : run_three([&](Session& s) { return open_masked(s, x[index(s)]); })) {
      for (size_t r = 0; r < n; ++r) ASSERT_EQ(z.row_value(r), a.row_value(r));
      for (size_t p = 0; n % 64 != 0 && p < 3; ++p) ASSERT_EQ(z.run(z.blocks() - 1, p).back() >> n % 64, 0u);
    }
  }
}

TEST(Open, FlushesTheVerifyQueueFirst) {
  const Bits a = random_bits(100, 3, 35);
  const auto x = share(a, 36);
  run_three([&](Session& s) {
    const SharedBits z = and_(s, x[index(s)], x[index(s)]);
    EXPECT_EQ(s.verify_queue().pending(), 300u);
    open_declared(s, z, "test");
    EXPECT_EQ(s.verify_queue().pending(), 0u);
    EXPECT_EQ(s.verify_queue().flushes(), 1u);
  });
}

TEST(Reshare, KeepsTheValueAndChangesEveryShare) {
  for (size_t n : {size_t{0}, size_t{1}, size_t{64}, size_t{4097}}) {
    const Bits a = random_bits(n, 2, 37);
    const auto x = share(a, 38);
    const auto z = run_three([&](Session& s) { return reshare(s, x[index(s)]); });
    const Bits back = reconstruct(z);
    for (size_t r = 0; r < n; ++r) ASSERT_EQ(back.row_value(r), a.row_value(r));
    for (size_t i = 0; i < 3; ++i)
      for (size_t w = 0; w < z[i].own.words().size(); ++w)
        ASSERT_NE(z[i].own.words()[w], x[i].own.words()[w]);
    // Past the last row the three shares XOR to zero: nothing of x's tail is left.
    for (size_t w = 0; w < back.words().size(); ++w)
      EXPECT_EQ(z[0].own.words()[w] ^ z[1].own.words()[w] ^ z[2].own.words()[w], back.words()[w]);
  }
}

}  // namespace
}  // namespace sluis::mpc
