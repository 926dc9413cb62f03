#include "report/page_parts.h"
#include "report/pages.h"
#include "report/template.h"

namespace sluis::report {
namespace {

using nlohmann::json;
using text::tr;

json fact(const std::string& term, const std::string& value) { return {{"term", term}, {"value", value}}; }

std::string with_interval(Language language, const epi::Estimate& estimate) {
  return tr(language, "report.ratio.value",
            {ratio_text(language, estimate.value), interval_text(language, estimate)});
}

std::string method_text(Language language, const epi::Estimate& estimate, const Policy& policy) {
  const std::string name = method_words(language, estimate.method);
  if (policy.noise_variance > 0) return tr(language, "report.method.noise_aware", {name});
  if (policy.round_base > 1) return tr(language, "report.method.rounding_aware", {name});
  return name;
}

json strata_view(Language language, const StatisticFigures& figures) {
  json rows = json::array();
  if (figures.strata.size() < 2) return rows;
  for (const StratumFigures& stratum : figures.strata) {
    std::string label;
    for (const std::string& part : stratum.labels) label += (label.empty() ? "" : " · ") + part;
    const bool shown = stratum.ratio.has_value();
    rows.push_back({{"stratum", label},
                    {"stratum_shown", shown},
                    {"stratum_ratio", shown ? ratio_text(language, stratum.ratio->value) : ""},
                    {"stratum_interval", shown ? interval_text(language, *stratum.ratio) : ""}});
  }
  return rows;
}

json statistic_view(Language language, const StatisticFigures& figures, const Policy& policy) {
  json facts = json::array();
  const auto add = [&](const char* key, const std::string& value) {
    facts.push_back(fact(tr(language, key), value));
  };
  if (figures.ratio) {
    add("report.ratio.term", with_interval(language, *figures.ratio));
    add("report.ratio.method", method_text(language, *figures.ratio, policy));
    add("report.ratio.estimand",
        tr(language, figures.strata.size() > 1 ? "report.estimand.adjusted" : "report.estimand.crude"));
  }
  if (figures.crude && figures.strata.size() > 1)
    add("report.ratio.crude", with_interval(language, *figures.crude));
  if (figures.e_value)
    add("report.ratio.e_value",
        tr(language, "report.ratio.e_value.text",
           {decimal_text(language, *figures.e_value, 1), decimal_text(language, *figures.e_value_limit, 1)}));
  const std::string no_ratio = figures.ratio    ? ""
                               : figures.reason ? text::describe(language, *figures.reason).why
                                                : "";
  std::string strata_name;
  for (const std::string& name : figures.spec.strata)
    strata_name += (strata_name.empty() ? "" : ", ") + label_of(language, name);
  const json strata = strata_view(language, figures);
  json table = json::array();
  if (!strata.empty()) table.push_back({{"strata_name", strata_name}, {"strata_rows", strata}});
  return {{"facts", facts}, {"no_ratio", optional_text(no_ratio)}, {"strata_table", table}};
}

json output_view(Language language, const Output& output, const ResultModel& model) {
  json statistics = json::array();
  for (const StatisticSpec& spec : output.statistics) {
    const auto figures = statistic_figures(output, spec, model.policy);
    if (figures.ok()) statistics.push_back(statistic_view(language, *figures, model.policy));
  }
  json view = {{"output_id", "tabel-" + output.name},
               {"output_title", output.title},
               {"table", table_view(language, output, model.policy)},
               {"chart", chart_view(language, output, model.policy)},
               {"statistics", statistics},
               {"sentences", json::array()}};
  if (role_of(output.name) == OutputRole::kReverseOrder)
    view["sentences"] = text_list(reverse_order_sentences(language, output, model.policy));
  if (role_of(output.name) == OutputRole::kLinkage)
    view["sentences"] = text_list(linkage_sentences(language, output, model));
  return view;
}

// Keeps the intervals in a sentence on one line.
std::string unbroken(Language language, std::string sentence, const ResultModel& model) {
  for (const Output& output : model.outputs)
    for (const StatisticSpec& spec : output.statistics) {
      const auto figures = statistic_figures(output, spec, model.policy);
      if (!figures.ok() || !figures->ratio) continue;
      const std::string interval = interval_text(language, *figures->ratio);
      const size_t at = sentence.find(interval);
      if (at == std::string::npos) continue;
      std::string fixed;
      for (const char c : interval) fixed += c == ' ' ? std::string("\u00a0") : std::string(1, c);
      sentence.replace(at, interval.size(), fixed);
    }
  return sentence;
}

}  // namespace

std::string render_result_page(const ResultModel& model, text::Language language) {
  json view = page_view(language, model.study, "result", model.invented);
  const std::vector<std::string> sentences = headline(language, model);
  view["lead"] = unbroken(language, sentences[0], model);
  view["more"] = json::array(), view["warning"] = json::array();
  const std::string warning = tr(language, "report.headline.just_above");
  for (size_t i = 1; i < sentences.size(); ++i)
    view[sentences[i] == warning ? "warning" : "more"].push_back(unbroken(language, sentences[i], model));
  view["question"] = lines_of(model.study.plain);
  for (const char* role : {"answers", "orders", "linkages"}) view[role] = json::array();
  for (const Output& output : model.outputs) {
    const OutputRole role = role_of(output.name);
    const char* list = role == OutputRole::kAnswer         ? "answers"
                       : role == OutputRole::kReverseOrder ? "orders"
                                                           : "linkages";
    view[list].push_back(output_view(language, output, model));
  }
  view["guide"] = text_list(reading_guide(language, model));
  view["limits"] = text_list(limits(language, model));
  view["provenance"] = provenance_view(language, model);
  return render_template("result.mustache", view, language);
}

}  // namespace sluis::report
