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

}  // namespace
}  // namespace sluis::mpc
