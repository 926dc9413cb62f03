// Every key under `expected` in shared/data/stats, either computed by epi/ and compared with R's figure, or
// on the list of what epi/ does not do, with the reason. A key that is on neither list fails.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <regex>
#include <sstream>

#include "epi/attributable.h"
#include "epi/ecological.h"
#include "epi/exact.h"
#include "epi/mantel_haenszel.h"
#include "epi/numeric.h"
#include "epi/rate.h"
#include "epi/ratio.h"
#include "epi/sensitivity.h"

namespace sluis::epi {
namespace {

namespace fs = std::filesystem;
using Figures = std::map<std::string, double>;
using Row = std::map<std::string, std::string>;

const fs::path kFolder = fs::path(SLUIS_SOURCE_DIR).parent_path() / "shared/data/stats";

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> fields;
  std::stringstream in(line);
  for (std::string field; std::getline(in, field, ',');) fields.push_back(field);
  return fields;
}

std::vector<Row> read_csv(const std::string& name) {
  std::ifstream in(kFolder / name);
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> head = split(line);
  std::vector<Row> rows;
  while (std::getline(in, line)) {
    const std::vector<std::string> fields = split(line);
    Row row;
    for (size_t i = 0; i < head.size() && i < fields.size(); ++i) row[head[i]] = fields[i];
    rows.push_back(row);
  }
  return rows;
}

std::string numbered(std::string prefix, size_t number) {
  prefix += '.';
  prefix += std::to_string(number);
  return prefix;
}

// ---- what epi/ computes, under the names of R

void put(Figures& out, const std::string& key, const Result<Estimate>& e) {
  if (!e.ok()) return;
  out[key + ".est"] = e->value, out[key + ".lower"] = e->lower, out[key + ".upper"] = e->upper;
}

void put_chi(Figures& out, const std::string& key, const Result<TestResult>& t, bool one_sided = true) {
  if (!t.ok()) return;
  out[key + ".test.statistic"] = t->statistic, out[key + ".df"] = t->degrees;
  out[key + ".p.value.2s"] = t->p, out[key + ".p.value"] = t->p;
  if (one_sided) out[key + ".p.value.1s"] = t->p / 2;
}

void put_test(Figures& out, const std::string& key, const Result<TestResult>& t) {
  if (!t.ok()) return;
  out[key + ".statistic"] = t->statistic, out[key + ".p"] = t->p;
  if (t->degrees > 0) out[key + ".df"] = t->degrees;
}

// `where` is "strata" or "crude"; `k` is "" or ".1".
void put_table(Figures& out, const std::string& name, const TwoByTwo& t, const std::string& where,
               const std::string& k) {
  const auto key = [&](const char* measure, const char* method) {
    return name + "." + measure + "." + where + "." + method + k;
  };
  put(out, key("RR", "wald"), risk_ratio_log_wald(t));
  put(out, key("RR", "taylor"), risk_ratio_log_wald(t));
  put(out, key("RR", "koopman"), risk_ratio_koopman(t));
  put(out, key("OR", "wald"), odds_ratio_log_wald(t));
  put(out, key("OR", "score"), odds_ratio_score(t));
  put(out, key("OR", "exact"), odds_ratio_exact(t));
  put(out, key("OR", "mle"), odds_ratio_exact(t));
  put(out, key("ARisk", "wald"), risk_difference_wald(t));
  put(out, key("ARisk", "score"), risk_difference_mee(t));
  put(out, key("AFRisk", "wald"), attributable_fraction(t));
  put(out, key("PAFRisk", "wald"), population_fraction(t));
  put(out, key("PARisk", "piri"), population_risk_difference(t));
  out[key("PARisk", "wald") + ".est"] = population_risk_difference(t)->value;
  const double number = 1 / risk_difference_wald(t)->value;  // as R prints it, whether or not it may be used
  out[key("NNT", "wald") + ".est"] = out[key("NNT", "score") + ".est"] = number;
  put_chi(out, key("chi2", "uncor"), pearson_chi_square(t));
  put_chi(out, key("chi2", "yates"), pearson_chi_square(t, true));
  if (pearson_chi_square(t).ok())
    out[key("chi2", "uncor") + ".phi.coef"] = std::sqrt(pearson_chi_square(t)->statistic / t.total());
  put_chi(out, key("chi2", "fisher"), fisher_exact(t), false);
  out[name + ".midp." + where + k + ".p"] = fisher_mid_p(t)->p;
}

void put_strata(Figures& out, const std::string& name, const Strata& strata) {
  for (size_t i = 0; i < strata.size(); ++i) put_table(out, name, strata[i], "strata", numbered("", i + 1));
  put_table(out, name, collapse(strata), "crude", "");
  put(out, name + ".RR.mh.wald", mantel_haenszel_risk_ratio(strata));
  put(out, name + ".OR.mh.wald", mantel_haenszel_odds_ratio(strata));
  put(out, name + ".ARisk.mh.sato", mantel_haenszel_risk_difference(strata));
  put(out, name + ".ARisk.mh.green", mantel_haenszel_risk_difference_greenland(strata));
  const double difference = mantel_haenszel_risk_difference(strata)->value;
  out[name + ".ARisk.mh.wald.est"] = difference;
  for (const char* method : {"wald", "sato", "green"})
    out[name + ".NNT.mh." + method + ".est"] = 1 / difference;
  put_chi(out, name + ".chi2.mh", cochran_mantel_haenszel(strata));
  put_chi(out, name + ".wRR.homog", risk_ratio_homogeneity(strata));
  put_chi(out, name + ".wOR.homog", woolf_homogeneity(strata));
  put_chi(out, name + ".bOR.homog", breslow_day_homogeneity(strata, false));
  put_test(out, name + ".breslow_day", breslow_day_homogeneity(strata, false));
  put_test(out, name + ".tarone", breslow_day_homogeneity(strata, true));
}

// R's mantelhaen.test: the test, and the odds ratio with its interval.
void put_mantelhaen(Figures& out, const Strata& strata) {
  for (const bool continuity : {true, false}) {
    const std::string key = continuity ? "mantelhaen" : "mantelhaen_nocc";
    put_test(out, key, cochran_mantel_haenszel(strata, continuity));
    const Estimate ratio = *mantel_haenszel_odds_ratio(strata);
    out[key + ".estimate"] = ratio.value, out[key + ".lower"] = ratio.lower,
              out[key + ".upper"] = ratio.upper;
  }
}

void put_fisher(Figures& out, const std::string& key, const TwoByTwo& t, double level = 0.95) {
  const Estimate ratio = *odds_ratio_exact(t, {.level = level});
  out[key + ".p"] = fisher_exact(t)->p;
  out[key + ".estimate"] = ratio.value, out[key + ".lower"] = ratio.lower, out[key + ".upper"] = ratio.upper;
}

// Adds n to the cell of `t` that exposure and outcome point at.
void count(TwoByTwo& t, bool exposed, bool outcome, double n) {
  (exposed ? outcome ? t.a : t.b : outcome ? t.c : t.d) += n;
}

Figures birthwt() {
  Strata strata(3);
  for (const Row& row : read_csv("birthwt/data.csv"))
    count(strata[std::stoul(row.at("race")) - 1], row.at("smoke") == "1", row.at("low") == "1", 1);
  Figures out;
  put_strata(out, "smoke_low_by_race", strata);
  const TwoByTwo crude = collapse(strata);
  put_table(out, "smoke_low", crude, "strata", "");
  put_mantelhaen(out, strata);
  put_test(out, "chisq", pearson_chi_square(crude));
  put_fisher(out, "fisher", crude);
  return out;
}

Figures ucb_admissions() {
  Strata strata(6);
  for (const Row& row : read_csv("ucb_admissions/data.csv"))
    count(strata[static_cast<size_t>(row.at("Dept")[0] - 'A')], row.at("Gender") == "Male",
          row.at("Admit") == "Admitted", std::stod(row.at("Freq")));
  Figures out;
  put_strata(out, "male_admit_by_dept", strata);
  put_mantelhaen(out, strata);
  const TestResult woolf = *woolf_homogeneity(strata);
  out["woolf_half.statistic"] = woolf.statistic, out["woolf_half.p"] = woolf.p;
  for (size_t k = 0; k < 6; ++k)
    out[std::string("OR_dept.") + static_cast<char>('A' + k)] = odds_ratio_log_wald(strata[k])->value;
  out["OR_crude"] = odds_ratio_log_wald(collapse(strata))->value;
  return out;
}

Figures titanic() {
  Strata strata(4);
  double all = 0, survived = 0;
  for (const Row& row : read_csv("titanic/data.csv")) {
    const double n = std::stod(row.at("Freq"));
    const bool alive = row.at("Survived") == "Yes";
    const std::string& where = row.at("Class");
    count(strata[where == "Crew" ? 3 : static_cast<size_t>(where[0] - '1')], row.at("Sex") == "Female", alive,
          n);
    all += n, survived += alive ? n : 0;
  }
  Figures out;
  put_strata(out, "female_survive_by_class", strata);
  put_mantelhaen(out, strata);
  out["n"] = all, out["survived"] = survived;
  return out;
}

Figures whickham() {
  const double upper[] = {24, 34, 44, 54, 64, 74, 200};
  const char* names[] = {"(17,24]", "(24,34]", "(34,44]", "(44,54]", "(54,64]", "(64,74]", "(74,200]"};
  Strata strata(7);
  for (const Row& row : read_csv("whickham/data.csv")) {
    size_t k = 0;
    while (std::stod(row.at("age")) > upper[k]) ++k;
    count(strata[k], row.at("smoker") == "Yes", row.at("outcome") == "Dead", 1);
  }
  Figures out;
  const TwoByTwo crude = collapse(strata);
  put_table(out, "crude", crude, "strata", "");
  put_mantelhaen(out, strata);
  for (size_t k = 0; k < 7; ++k) {
    const std::string at = std::string(" ") + names[k];
    out["cells.smoker_dead" + at] = strata[k].a, out["cells.smoker_alive" + at] = strata[k].b;
    out["cells.nonsmoker_dead" + at] = strata[k].c, out["cells.nonsmoker_alive" + at] = strata[k].d;
  }
  out["smokers_dead"] = crude.a, out["smokers"] = crude.exposed();
  out["nonsmokers_dead"] = crude.c, out["nonsmokers"] = crude.unexposed();
  return out;
}

Figures esoph() {
  Strata strata(6);
  std::map<std::string, size_t> ages;
  for (const Row& row : read_csv("esoph/data.csv")) {
    const size_t k = ages.emplace(row.at("agegp"), ages.size()).first->second;
    const bool drinks = row.at("alcgp") == "80-119" || row.at("alcgp") == "120+";
    count(strata[k], drinks, true, std::stod(row.at("ncases")));
    count(strata[k], drinks, false, std::stod(row.at("ncontrols")));
  }
  Figures out;
  put_mantelhaen(out, strata);
  const TwoByTwo crude = collapse(strata);
  out["cases"] = crude.cases(), out["controls"] = crude.noncases();
  out["OR_crude"] = odds_ratio_log_wald(crude)->value;
  put_fisher(out, "fisher_crude", crude);
  put(out, "exact_crude", odds_ratio_exact(crude));
  out["PAF_miettinen_mh"] =
      miettinen_fraction(crude.a / crude.cases(), mantel_haenszel_odds_ratio(strata)->value);
  return out;
}

Figures evalue() {
  Figures out;
  for (const Row& row : read_csv("evalue/data.csv")) {
    const std::string& id = row.at("id");
    const RatioScale scale = row.at("measure") == "OR_common"   ? RatioScale::kCommonOddsRatio
                             : row.at("measure") == "HR_common" ? RatioScale::kCommonHazardRatio
                                                                : RatioScale::kRiskRatio;
    const double ratio = as_risk_ratio(std::stod(row.at("est")), scale);
    out[id + ".RR"] = ratio;
    out[id + ".E"] = out["package." + id + ".E"] = e_value(ratio);
    out[id + ".E_limit"] = out["package." + id + ".E_limit"] = e_value_of_limit(
        as_risk_ratio(std::stod(row.at("lo")), scale), as_risk_ratio(std::stod(row.at("hi")), scale));
  }
  return out;
}

Figures fisher_small() {
  const TwoByTwo tea{3, 1, 1, 3}, convictions{2, 15, 10, 3};
  Figures out;
  put_fisher(out, "tea_two", tea);
  put_fisher(out, "con_two", convictions);
  put_fisher(out, "con_99", convictions, 0.99);
  put(out, "tea_exact", odds_ratio_exact(tea));
  put(out, "con_exact", odds_ratio_exact(convictions));
  out["tea_greater.p"] = fisher_exact_one_sided(tea, true)->p;
  out["tea_greater.estimate"] = odds_ratio_exact(tea)->value;
  // A one-sided 95 % limit is the limit of a two-sided 90 % interval.
  out["tea_greater.lower"] = odds_ratio_exact(tea, {.level = 0.9})->lower;
  out["con_less.p"] = fisher_exact_one_sided(convictions, false)->p;
  out["con_less.estimate"] = odds_ratio_exact(convictions)->value;
  out["con_less.upper"] = odds_ratio_exact(convictions, {.level = 0.9})->upper;
  return out;
}

Figures rothman_fluoroscopy() {
  const RateTable t{41, 28010, 15, 19017};
  Figures out;
  const Estimate wald = *rate_ratio_wald(t), exact = *rate_ratio_exact(t), mid = *rate_ratio_mid_p(t);
  put(out, "t.IRR.strata.wald", exact);  // exact, in spite of its name
  put(out, "t.ARate.strata.wald", rate_difference(t));
  out["t.AFRate.strata.wald.est"] = 1 - 1 / exact.value;
  out["t.AFRate.strata.wald.lower"] = 1 - 1 / exact.lower,
  out["t.AFRate.strata.wald.upper"] = 1 - 1 / exact.upper;
  out["wald.estimate"] = wald.value, out["wald.lower"] = wald.lower, out["wald.upper"] = wald.upper;
  out["exact.lower"] = exact.lower, out["exact.upper"] = exact.upper;
  out["exact_p"] = rate_test_exact(t)->p;
  for (const char* key : {"midp", "midp_precise"})
    out[std::string(key) + ".estimate"] = mid.value, out[std::string(key) + ".lower"] = mid.lower,
                           out[std::string(key) + ".upper"] = mid.upper;
  out["wald_p.midp.exact"] = rate_test_mid_p(t)->p;
  out["wald_p.wald"] = rate_test_score(t)->p;
  return out;
}

Figures multiple_testing() {
  std::vector<double> p;
  for (const Row& row : read_csv("multiple_testing/data.csv")) p.push_back(std::stod(row.at("p")));
  const std::map<std::string, std::vector<double>> all = {{"bonferroni", adjust_bonferroni(p)},
                                                          {"holm", adjust_holm(p)},
                                                          {"hochberg", adjust_hochberg(p)},
                                                          {"BH", adjust_benjamini_hochberg(p)},
                                                          {"BY", adjust_benjamini_yekutieli(p)}};
  Figures out;
  for (const auto& [method, adjusted] : all) {
    for (size_t i = 0; i < p.size(); ++i) out[numbered("padj_" + method, i + 1)] = adjusted[i];
    out["reject_" + method] =
        static_cast<double>(std::ranges::count_if(adjusted, [](double x) { return x <= 0.05; }));
  }
  return out;
}

void put_areas(Figures& out, const std::string& name) {
  std::vector<Area> areas;
  double inside1 = 0, inside2 = 0, width1 = 0, width2 = 0, w1 = 0, w2 = 0, x = 0, y = 0;
  for (const Row& row : read_csv("robinson_literacy/" + name + ".csv")) {
    const Area area{std::stod(row.at("X")), std::stod(row.at("Y"))};
    areas.push_back(area);
    const Bounds b = duncan_davis(area);
    const double true1 = std::stod(row.at("W1")), true2 = std::stod(row.at("W2"));
    inside1 += true1 >= b.exposed_lower - 1e-6 && true1 <= b.exposed_upper + 1e-6;
    inside2 += true2 >= b.unexposed_lower - 1e-6 && true2 <= b.unexposed_upper + 1e-6;
    width1 += b.exposed_upper - b.exposed_lower, width2 += b.unexposed_upper - b.unexposed_lower;
    w1 += true1, w2 += true2, x += area.x, y += area.y;
  }
  const double n = static_cast<double>(areas.size());
  const Bounds first = duncan_davis(areas[0]);
  const EcologicalRegression regression = *goodman(areas);
  const Figures here = {{"cor_ecological", regression.correlation},
                        {"goodman_W1", regression.exposed},
                        {"goodman_W2_intercept", regression.unexposed},
                        {"W1_inside_bounds", inside1 / n},
                        {"W2_inside_bounds", inside2 / n},
                        {"W1_width_mean", width1 / n},
                        {"W2_width_mean", width2 / n},
                        {"mean_W1_true", w1 / n},
                        {"mean_W2_true", w2 / n},
                        {"mean_X", x / n},
                        {"mean_Y", y / n},
                        {"unit1.W1_lo", first.exposed_lower},
                        {"unit1.W1_hi", first.exposed_upper},
                        {"unit1.W2_lo", first.unexposed_lower},
                        {"unit1.W2_hi", first.unexposed_upper}};
  for (const auto& [key, value] : here) out[name + "." + key] = value;
}

Figures robinson_literacy() {
  Figures out;
  put_areas(out, "states");
  put_areas(out, "counties");
  return out;
}

// ---- what epi/ does not compute, and why

const std::vector<std::pair<std::string, std::string>> kNotCovered = {
    {R"(^(glm|modified_poisson|gcomp|poisson)\w*\.)", "regression: not in epi/"},
    {R"(\.OR\.\w+\.cfield\.)", "Cornfield's interval: not offered"},
    {R"(\.PARisk\.strata\.wald.*\.(lower|upper)$)", "treats total and unexposed as independent"},
    {R"(^t\.(PARate|PAFRate)\.)", "population rates: not offered"},
    {R"(^mantelhaen_exact\.)", "exact conditional test over strata: not offered"},
    {R"(^chisq_class\.|^job\.)", "tables larger than 2x2: not offered"},
    {R"(^package\.rd_hammond\.)", "E-value of a risk difference: not offered"},
    {R"(^con_99\.lower$)",
     "fisher.test stops its search 1 % away here (README); con_exact is compared instead"},
    {R"(^tea_greater\.upper$|^con_less\.lower$)", "the infinite or zero end of a one-sided interval"},
};

double tolerance(const std::string& key) {
  const auto has = [&](const char* pattern) { return std::regex_search(key, std::regex(pattern)); };
  // epiR walks away from the estimate in factors of 1.001, so its limits lie up to 10^-3 outside the right
  // ones.
  if (has(R"(\.OR\.\w+\.score\.)")) return 1.001e-3;
  if (has(R"(\.mle\.|^fisher|^tea_(two|greater)\.[elu]|^con_(two|less|99)\.[elu]|^midp\.)")) return 1e-2;
  if (has(R"((koopman|exact|ARisk\.\w+\.score|midp_precise).*(lower|upper)$|exact.*est$|IRR|AFRate)"))
    return 1e-5;
  if (has(R"(\.p$|\.p\.value|_p$|wald_p)")) return 1e-6;
  return 1e-9;
}

void compare(const std::string& folder, const Figures& computed) {
  std::ifstream in(kFolder / folder / "expected.json");
  if (!in) GTEST_SKIP() << "shared/data/stats absent";
  const nlohmann::json expected = nlohmann::json::parse(in).at("expected");
  std::map<std::string, int> skipped;
  int covered = 0, undefined = 0;
  for (const auto& [key, value] : expected.items()) {
    std::string reason;
    for (const auto& [pattern, why] : kNotCovered)
      if (std::regex_search(key, std::regex(pattern))) reason = why;
    const auto at = computed.find(key);
    if (at == computed.end() || !reason.empty()) {
      EXPECT_FALSE(reason.empty()) << folder << ": key neither computed nor on the list: " << key;
      ++skipped[reason];
      continue;
    }
    if (!value.is_number()) {  // "Inf" or null in R
      ++undefined;
      continue;
    }
    const double wanted = value.get<double>();
    // Expected values carry 12 significant digits; where R's sum over many areas is exactly 0 or 1, absolute.
    EXPECT_NEAR(at->second, wanted, tolerance(key) * std::abs(wanted) + 1e-12) << folder << ": " << key;
    ++covered;
  }
  std::cout << folder << ": " << covered << " of " << expected.size() << " keys covered\n";
  if (undefined > 0) std::cout << "   " << undefined << " without a finite value in R\n";
  for (const auto& [reason, n] : skipped) std::cout << "   " << n << " not: " << reason << "\n";
  EXPECT_GT(covered, 10);
}

bool absent() { return !fs::exists(kFolder); }

#define REFERENCE_CASE(name)                                  \
  TEST(Reference, name) {                                     \
    if (absent()) GTEST_SKIP() << "shared/data/stats absent"; \
    compare(#name, name());                                   \
  }
REFERENCE_CASE(birthwt)
REFERENCE_CASE(ucb_admissions)
REFERENCE_CASE(titanic)
REFERENCE_CASE(whickham)
REFERENCE_CASE(esoph)
REFERENCE_CASE(evalue)
REFERENCE_CASE(fisher_small)
REFERENCE_CASE(rothman_fluoroscopy)
REFERENCE_CASE(multiple_testing)
REFERENCE_CASE(robinson_literacy)

}  // namespace
}  // namespace sluis::epi
