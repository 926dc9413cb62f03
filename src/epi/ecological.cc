#include "epi/ecological.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "epi/estimate.h"

namespace sluis::epi {

Bounds duncan_davis(const Area& area) {
  CHECK(area.x >= 0 && area.x <= 1 && area.y >= 0 && area.y <= 1);
  const double x = area.x, y = area.y, rest = 1 - x;
  Bounds bounds;
  if (x > 0)
    bounds.exposed_lower = std::max(0.0, (y - rest) / x), bounds.exposed_upper = std::min(1.0, y / x);
  if (rest > 0) {
    bounds.unexposed_lower = std::max(0.0, (y - x) / rest);
    bounds.unexposed_upper = std::min(1.0, y / rest);
  }
  return bounds;
}

Result<EcologicalRegression> goodman(std::span<const Area> areas) {
  if (areas.size() < 3) return unusable_table();
  const double n = static_cast<double>(areas.size());
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0, yy = 0;
  for (const Area& a : areas) mean_x += a.x / n, mean_y += a.y / n;
  for (const Area& a : areas) {
    const double dx = a.x - mean_x, dy = a.y - mean_y;
    xx += dx * dx, xy += dx * dy, yy += dy * dy;
  }
  if (!(xx > 0) || !(yy > 0)) return unusable_table();
  const double slope = xy / xx, intercept = mean_y - slope * mean_x;
  return EcologicalRegression{intercept + slope, intercept, xy / std::sqrt(xx * yy)};
}

}  // namespace sluis::epi
