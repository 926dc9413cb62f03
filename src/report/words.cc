#include "report/words.h"

#include <algorithm>

#include "epi/exact.h"

namespace sluis::report {

using text::has;
using text::tr;

std::string label_of(Language language, const std::string& column) {
  const std::string key = "report.label." + column;
  if (has(language, key)) return tr(language, key);
  std::string words = column;
  std::ranges::replace(words, '_', ' ');
  return words;
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string unit_of(Language language, const Policy& policy) {
  const std::string key = "report.unit." + policy.unit;
  return has(language, key) ? tr(language, key) : tr(language, "report.unit.other");
}

std::string group_of(Language language, const std::string& column, const std::string& heading) {
  const std::string key = "report.phrase." + column + "." + heading;
  if (has(language, key)) return tr(language, key);
  if (heading == "ja") return tr(language, "report.group.yes", {label_of(language, column)});
  if (heading == "nee") return tr(language, "report.group.no", {label_of(language, column)});
  return tr(language, "report.group.value", {label_of(language, column), heading});
}

std::string method_words(Language language, epi::Method method) {
  const std::string key = std::string("report.method.") + epi::method_name(method);
  return tr(language, key);
}

std::string ratio_text(Language language, double ratio) { return decimal_text(language, ratio, 2); }

std::string interval_text(Language language, const epi::Estimate& estimate) {
  return tr(language, "report.interval",
            {ratio_text(language, estimate.lower), ratio_text(language, estimate.upper)});
}

namespace {

// The event within a sentence: "het begin van pleegzorg".
std::string event_of(Language language, const std::string& column) {
  const std::string key = "report.phrase." + column;
  return has(language, key) ? tr(language, key) : label_of(language, column);
}

// What the sentences about one statistic need.
struct Spoken {
  std::string unit, exposed, unexposed, event;
};

Spoken spoken(Language language, const StatisticFigures& figures, const Policy& policy) {
  const StatisticSpec& spec = figures.spec;
  return {unit_of(language, policy), group_of(language, spec.exposed_column, spec.exposed_value),
          group_of(language, spec.exposed_column, figures.unexposed_value), event_of(language, spec.event)};
}

std::string joined(Language language, const std::vector<std::string>& columns) {
  std::string out;
  for (const std::string& column : columns) out += (out.empty() ? "" : ", ") + label_of(language, column);
  return out;
}

std::string per_thousand(Language language, double cases, double persons) {
  return decimal_text(language, 1000 * cases / persons, 1);
}

void say_ratio(Language language, const StatisticFigures& figures, const Spoken& words,
               std::vector<std::string>& out) {
  const epi::Estimate& ratio = *figures.ratio;
  const std::string low = ratio_text(language, ratio.lower), high = ratio_text(language, ratio.upper);
  out.push_back(tr(language, "report.headline.ratio",
                   {words.unit, words.exposed, words.event, ratio_text(language, ratio.value), low, high,
                    words.unexposed}));
  if (figures.strata.size() > 1)
    out.push_back(tr(language, "report.headline.within", {joined(language, figures.spec.strata)}));
  const epi::TwoByTwo& sum = *figures.totals;
  out.push_back(tr(language, "report.headline.per_1000",
                   {words.unit, words.exposed, per_thousand(language, sum.a, sum.exposed()), words.unexposed,
                    per_thousand(language, sum.c, sum.unexposed())}));
  const char* chance = ratio.includes(1) ? "report.headline.chance" : "report.headline.no_chance";
  out.push_back(tr(language, chance, {low, high}));
}

void say_no_ratio(Language language, const StatisticFigures& figures, const Spoken& words,
                  std::vector<std::string>& out) {
  if (figures.range) {
    out.push_back(tr(language, "report.headline.range",
                     {words.unit, words.exposed, words.event, ratio_text(language, figures.range->lowest),
                      ratio_text(language, figures.range->highest), words.unexposed}));
    return;
  }
  out.push_back(tr(language, "report.headline.no_ratio", {words.unit, words.exposed, words.event}));
  if (figures.reason) {
    const text::ErrorText reason = text::describe(language, *figures.reason);
    out.push_back(tr(language, "report.headline.reason", {reason.why}));
  }
}

}  // namespace

std::vector<std::string> headline(Language language, const ResultModel& model) {
  if (everything_withheld(model)) return {tr(language, "report.headline.nothing")};
  std::vector<std::string> out;
  bool just_above = false;
  for (const Output& output : model.outputs)
    for (const StatisticSpec& spec : output.statistics) {
      const Result<StatisticFigures> figures = statistic_figures(output, spec, model.policy);
      if (!figures.ok()) continue;
      const Spoken words = spoken(language, *figures, model.policy);
      if (figures->ratio) {
        say_ratio(language, *figures, words, out);
        just_above |= figures->just_above_threshold;
      } else {
        say_no_ratio(language, *figures, words, out);
      }
    }
  if (just_above) out.push_back(tr(language, "report.headline.just_above"));
  if (!out.empty()) return out;
  for (const Output& output : model.outputs)
    if (role_of(output.name) == OutputRole::kAnswer && !output.counts.empty())
      out.push_back(tr(language, "report.headline.counts",
                       {output.title, integer_text(language, shown_total(output, 0).sum),
                        label_of(language, output.counts[0])}));
  if (out.empty()) out.push_back(tr(language, "report.headline.none"));
  return out;
}

namespace {

// The largest p over the ways in which two rounded counts may have been, that both happened equally often.
double largest_p(int64_t before, int64_t after, const Policy& policy) {
  const int reach = (policy.round_base - 1) / 2;
  double largest = 0;
  for (const int x : {-reach, reach})
    for (const int y : {-reach, reach}) {
      const auto result = epi::equal_counts(static_cast<double>(std::max<int64_t>(0, before + x)),
                                            static_cast<double>(std::max<int64_t>(0, after + y)));
      largest = std::max(largest, result.ok() ? result->p : 1);
    }
  return largest;
}

bool has_one_count_by_one_heading(const Output& output) {
  return output.dimensions.size() == 1 && output.counts.size() == 1;
}

std::string cell_words(Language language, const Cell& cell) {
  return cell ? integer_text(language, *cell) : std::string(kMark);
}

}  // namespace

std::vector<std::string> reverse_order_sentences(Language language, const Output& output,
                                                 const Policy& policy) {
  if (!has_one_count_by_one_heading(output) || output.rows.size() < 2) return {};
  const Row& before = output.rows[0];
  const Row& after = output.rows[1];
  std::vector<std::string> out = {tr(language, "report.order.counts",
                                     {before.labels[0], cell_words(language, before.counts[0]),
                                      after.labels[0], cell_words(language, after.counts[0])})};
  if (!before.counts[0] || !after.counts[0]) {
    out.push_back(tr(language, "report.order.withheld"));
    return out;
  }
  const int64_t first = *before.counts[0], second = *after.counts[0];
  const char* verdict = largest_p(first, second, policy) >= 0.05 ? "report.order.equal"
                        : second > first                         ? "report.order.after"
                                                                 : "report.order.before";
  out.push_back(tr(language, verdict));
  return out;
}

std::vector<std::string> linkage_sentences(Language language, const Output& linkage,
                                           const ResultModel& model) {
  if (!has_one_count_by_one_heading(linkage)) return {};
  std::vector<std::string> known;
  for (const Output& output : model.outputs) {
    const int column = output.dimension(linkage.dimensions[0]);
    if (&output == &linkage || role_of(output.name) != OutputRole::kAnswer || column < 0) continue;
    for (const Row& row : output.rows) known.push_back(row.labels[static_cast<size_t>(column)]);
  }
  if (known.empty()) return {};
  std::string list;
  int64_t unknown = 0;
  bool all_shown = withheld_cells(linkage) == 0;
  for (const Row& row : linkage.rows) {
    if (std::ranges::find(known, row.labels[0]) != known.end()) continue;
    list += (list.empty() ? "" : "; ") + row.labels[0] + ": " + cell_words(language, row.counts[0]);
    unknown += row.counts[0].value_or(0);
  }
  if (list.empty()) return {tr(language, "report.linkage.none")};
  const std::string unit = unit_of(language, model.policy);
  if (!all_shown) return {tr(language, "report.linkage.withheld", {unit, list})};
  const int64_t total = shown_total(linkage, 0).sum;
  const double share = total > 0 ? 100.0 * static_cast<double>(unknown) / static_cast<double>(total) : 0;
  return {tr(language, "report.linkage.share",
             {integer_text(language, unknown), integer_text(language, total), unit,
              decimal_text(language, share, 1), list})};
}

std::string withheld_note(Language language, const Output& output, const Policy& policy) {
  std::string releases;
  for (const OverlappingRelease& release : output.overlaps)
    releases += (releases.empty() ? "" : "; ") +
                tr(language, "report.note.release",
                   {release.title, date_words(language, release.date), release.table});
  if (releases.empty()) releases = tr(language, "report.note.no_release");
  return tr(language, "report.note.withheld",
            {std::string(kMark), integer_text(language, policy.t_person), unit_of(language, policy),
             integer_text(language, policy.t_household), releases});
}

std::string total_label(Language language, const Output& output) {
  const int64_t withheld = withheld_cells(output);
  if (withheld == 0) return tr(language, "report.total.all");
  return tr(language, "report.total.some", {integer_text(language, withheld)});
}

}  // namespace sluis::report
