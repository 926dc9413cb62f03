// The fixed texts of a report: how to read it, what it does not say, what is promised.
#include <cmath>

#include "report/words.h"

namespace sluis::report {

using text::tr;

std::vector<std::string> limits(Language language, const ResultModel& model) {
  std::vector<std::string> out = model.study.not_answered;
  const std::string unit = unit_of(language, model.policy);
  if (model.study.about_debt_help) out.push_back(tr(language, "report.limits.debt_help"));
  out.push_back(tr(language, "report.limits.association"));
  out.push_back(tr(language, "report.limits.one_child"));
  out.push_back(tr(language, "report.limits.siblings", {unit}));
  size_t absent = 0;
  std::string names;
  for (const Party& party : model.parties)
    if (!party.took_part) {
      ++absent;
      names += (names.empty() ? "" : ", ") + party.name;
    }
  if (absent > 0) out.push_back(tr(language, "report.limits.absent", {names}));
  out.push_back(tr(language, "report.limits.formal", {unit}));
  return out;
}

std::vector<std::string> reading_guide(Language language, const ResultModel& model) {
  const Policy& policy = model.policy;
  const std::string unit = unit_of(language, policy);
  std::vector<std::string> out;
  if (policy.round_base > 1) {
    const int64_t reach = (policy.round_base - 1) / 2;
    // The smallest multiple that a passing cell can show, and an example above it.
    const int64_t lowest = (policy.t_person + reach) / policy.round_base * policy.round_base;
    const int64_t example = lowest + policy.round_base;
    out.push_back(tr(language, "report.guide.rounding",
                     {integer_text(language, policy.round_base), integer_text(language, example),
                      integer_text(language, example - reach), integer_text(language, example + reach),
                      integer_text(language, lowest), integer_text(language, policy.t_person),
                      integer_text(language, lowest + reach)}));
  }
  if (policy.noise_variance > 0)
    out.push_back(tr(language, "report.guide.noise",
                     {integer_text(language, std::llround(2 * std::sqrt(policy.noise_variance)))}));
  out.push_back(tr(language, "report.guide.withheld", {std::string(kMark)}));
  bool ratio = false, derived = false;
  for (const Output& output : model.outputs) {
    ratio |= !output.statistics.empty();
    derived |= !output.derive.empty();
  }
  if (derived)
    out.push_back(tr(language, "report.guide.denominator",
                     {integer_text(language, policy.denominator_min), unit, std::string(kMark)}));
  if (ratio) {
    out.push_back(tr(language, "report.guide.ratio", {unit}));
    out.push_back(tr(language, "report.guide.interval"));
    out.push_back(tr(language, "report.guide.e_value"));
  }
  out.push_back(tr(language, "report.guide.total"));
  return out;
}

std::vector<Promise> promises(Language language, const Policy& policy, bool malicious_security) {
  std::vector<Promise> out;
  out.push_back({tr(language, "report.promise.rules.title"),
                 tr(language, "report.promise.rules.text",
                    {integer_text(language, policy.t_person), unit_of(language, policy),
                     integer_text(language, policy.t_household)})});
  out.push_back({tr(language, "report.promise.noise.title"),
                 policy.noise_variance > 0
                     ? tr(language, "report.promise.noise.on", {decimal_text(language, policy.rho, 3)})
                     : tr(language, "report.promise.noise.off")});
  std::string computation = tr(language, "report.promise.computation.text");
  if (!malicious_security) computation += ' ' + tr(language, "report.promise.computation.deviating");
  out.push_back({tr(language, "report.promise.computation.title"), computation});
  return out;
}

}  // namespace sluis::report
