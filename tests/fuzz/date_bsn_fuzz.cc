// Any text as a date and as a BSN: intervals are ordered, and never a BSN that fails its check.
#include <cstdint>
#include <cstdlib>

#include "relation/bsn.h"
#include "relation/partial_date.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sluis::relation;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const DateForm form : {DateForm::kIsoOrDigits, DateForm::kDayFirst}) {
    const auto date = parse_partial_date(text, form);
    if (!date || !date->has_days()) continue;
    if (date->earliest > date->latest || date->latest - date->earliest > 365) std::abort();
    const auto age = age_on(*date, *day_number(2023, 1, 1));
    if (age && (*age < -7977 || *age > 2022)) std::abort();
  }
  const Bsn bsn = parse_bsn(text);
  if (bsn.kind == BsnKind::kValid &&
      (!passes_eleven_test(bsn.value) || bsn.value <= 0 || bsn.value >= 999'999'999))
    std::abort();
  if (bsn.kind != BsnKind::kValid && bsn.value != 0) std::abort();
  return 0;
}
