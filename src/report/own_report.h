// The own report ("spiegelrapport") of one municipality as text; the page is in pages.h.
#pragma once

#include <string>
#include <vector>

#include "report/model.h"
#include "report/number.h"

namespace sluis::report {

// Bands by their lower edges 10, 25, 50: "10-24", "25-49", "50 of meer".
std::vector<std::string> band_names(Language language, const std::vector<int64_t>& lower_edges);
// "10-24", or the mark.
std::string own_band(Language language, const OwnReport& report);

// "minder dan 10 %", "10-25 %", "90 % of meer"; or the mark with the reason, which the owner knows anyway.
std::string link_band(Language language, const OwnReport::LinkRate& rate);

// The own band beside what the pooled figure would give for as many persons: below, around or above, with
// chance taken into account: expected ± 1.96 √expected. Nothing to compare if a number is missing or
// withheld.
enum class Standing { kUnknown, kBelow, kAround, kAbove };
Standing standing(const OwnReport& report);
// Expected events; REQUIRES: standing() != kUnknown.
double expected_events(const OwnReport& report);
std::vector<std::string> own_sentences(Language language, const OwnReport& report);

// Both pages as plain text, 78 columns.
std::string render_own_report_text(const OwnReport& report, Language language);

}  // namespace sluis::report
