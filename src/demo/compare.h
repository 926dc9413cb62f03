// Released figures beside the plain answer: equal but for rounding and withholding.
#pragma once

#include <string>

#include "base/result.h"
#include "demo/region.h"

namespace sluis::demo {

struct Comparison {
  int equal = 0;  // shown, and the plain count rounded to 5
  int withheld = 0;
  int different = 0;  // shown, and something else
  std::string table;  // one line per cell
};
// `json`: resultaat.json. Looks at the outputs `samen`, `volgorde`, `koppeling`. Errors: S1040.*,
// S1061.shape.
Result<Comparison> compare_with_plain(const std::string& json, const PlainAnswer& plain);

}  // namespace sluis::demo
