#include "report/model.h"

#include <algorithm>

#include "relation/date.h"

namespace sluis::report {

std::string publish_from(const StudyFacts& study, const std::string& released_on) {
  const std::optional<int64_t> day = relation::parse_iso_date(released_on);
  return day ? relation::date_text(*day + study.publish_after_days) : "";
}

namespace {

int position(const std::vector<std::string>& names, const std::string& name) {
  const auto at = std::ranges::find(names, name);
  return at == names.end() ? -1 : static_cast<int>(at - names.begin());
}

}  // namespace

OutputRole role_of(const std::string& output_name) {
  if (output_name == "volgorde") return OutputRole::kReverseOrder;
  if (output_name == "koppeling") return OutputRole::kLinkage;
  return OutputRole::kAnswer;
}

int Output::dimension(const std::string& column) const { return position(dimensions, column); }
int Output::count(const std::string& column) const { return position(counts, column); }

}  // namespace sluis::report
