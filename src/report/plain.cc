#include "report/plain.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "report/figures.h"
#include "report/words.h"

namespace sluis::report {

using nlohmann::ordered_json;
using text::tr;

namespace {

// Text from a study file on a terminal or in a text file: control characters (also those that steer a
// terminal) become blanks.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return text;
}

std::string padded(const std::string& text, size_t width, bool right) {
  const size_t own = display_width(text);
  const std::string blanks(own < width ? width - own : 0, ' ');
  return right ? blanks + text : text + blanks;
}

std::vector<DerivedColumn> derived_columns(const Output& output, const Policy& policy) {
  std::vector<DerivedColumn> all;
  for (const Derivation& derive : output.derive) {
    Result<DerivedColumn> column = derived_column(output, derive, policy);
    if (column.ok()) all.push_back(*std::move(column));
  }
  return all;
}

using Grid = std::vector<std::vector<std::string>>;

// Heading row, one row per row of the output, total row.
Grid grid_of(const Output& output, const Policy& policy, Language language) {
  const std::vector<DerivedColumn> derived = derived_columns(output, policy);
  Grid grid(1);
  for (const std::string& name : output.dimensions) grid[0].push_back(one_line(label_of(language, name)));
  for (const std::string& name : output.counts) grid[0].push_back(one_line(label_of(language, name)));
  for (const DerivedColumn& column : derived) grid[0].push_back(one_line(label_of(language, column.name)));
  for (size_t i = 0; i < output.rows.size(); ++i) {
    std::vector<std::string> line;
    for (const std::string& label : output.rows[i].labels) line.push_back(one_line(label));
    for (const Cell& cell : output.rows[i].counts)
      line.push_back(cell ? integer_text(language, *cell) : std::string(kMark));
    for (const DerivedColumn& column : derived)
      line.push_back(column.values[i] ? decimal_text(language, *column.values[i], 1) : std::string(kMark));
    grid.push_back(line);
  }
  return grid;
}

std::string grid_text(const Grid& grid, size_t left_columns) {
  std::vector<size_t> widths(grid[0].size(), 0);
  for (const auto& line : grid)
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], display_width(line[i]));
  std::string out;
  for (const auto& line : grid) {
    std::string text;
    for (size_t i = 0; i < line.size(); ++i) text += padded(line[i], widths[i], i >= left_columns) + "  ";
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + '\n';
  }
  return out;
}

std::string statistic_line(const StatisticFigures& figures, const Policy& policy, Language language) {
  const std::string name = one_line(figures.spec.name);
  if (figures.range)
    return tr(
        language, "report.text.range",
        {name, ratio_text(language, figures.range->lowest), ratio_text(language, figures.range->highest)});
  if (!figures.ratio)
    return tr(language, "report.text.no_ratio",
              {name, figures.reason ? text::describe(language, *figures.reason).why : ""});
  const std::string method = method_words(language, figures.ratio->method);
  const char* key = policy.noise_variance > 0 ? "report.text.ratio.noise"
                    : policy.round_base > 1   ? "report.text.ratio.rounded"
                                              : "report.text.ratio";
  return tr(
      language, key,
      {name, ratio_text(language, figures.ratio->value), interval_text(language, *figures.ratio), method});
}

}  // namespace

std::string render_output_text(const ResultModel& model, const Output& output, Language language) {
  std::string out = one_line(output.title) + '\n';
  out += grid_text(grid_of(output, model.policy, language), output.dimensions.size());
  std::string totals = total_label(language, output) + ":";
  for (size_t column = 0; column < output.counts.size(); ++column) {
    totals.append(column > 0 ? "; " : " ").append(integer_text(language, shown_total(output, column).sum));
    totals.append(" ").append(one_line(label_of(language, output.counts[column])));
  }
  out += totals + '\n';
  for (const StatisticSpec& spec : output.statistics) {
    const auto figures = statistic_figures(output, spec, model.policy);
    if (figures.ok()) out += statistic_line(*figures, model.policy, language) + '\n';
  }
  if (withheld_cells(output) > 0) out += one_line(withheld_note(language, output, model.policy)) + '\n';
  return out;
}

std::string render_result_text(const ResultModel& model, Language language) {
  std::string out;
  if (model.invented) out += tr(language, "report.invented") + "\n\n";
  for (const std::string& sentence : headline(language, model)) out += one_line(sentence) + '\n';
  for (const Output& output : model.outputs) out += '\n' + render_output_text(model, output, language);
  size_t valid = 0;
  for (const Signature& signature : model.signatures) valid += signature.valid ? 1 : 0;
  out += '\n' + tr(language, "report.text.signatures",
                   {std::to_string(valid), std::to_string(model.signatures.size())});
  return out + "  " + one_line(grouped_digits(model.study.hash)) + '\n';
}

namespace {

ordered_json number_or_null(const std::optional<double>& value) {
  if (!value || !std::isfinite(*value)) return nullptr;
  return *value;
}

ordered_json estimate_json(const std::optional<epi::Estimate>& estimate) {
  if (!estimate) return nullptr;
  return {{"measure", epi::measure_name(estimate->measure)},
          {"value", number_or_null(estimate->value)},
          {"lower", number_or_null(estimate->lower)},
          {"upper", number_or_null(estimate->upper)},
          {"level", estimate->level},
          {"method", epi::method_name(estimate->method)},
          {"noise_aware", estimate->noise_aware}};
}

ordered_json statistic_json(const StatisticFigures& figures) {
  ordered_json strata = ordered_json::array();
  for (const StratumFigures& stratum : figures.strata)
    strata.push_back({{"labels", stratum.labels}, {"risk_ratio", estimate_json(stratum.ratio)}});
  ordered_json range = nullptr;
  if (figures.range) range = {{"lowest", figures.range->lowest}, {"highest", figures.range->highest}};
  return {{"name", figures.spec.name},
          {"kind", figures.spec.kind},
          {"event", figures.spec.event},
          {"total", figures.spec.total},
          {"exposed", {{figures.spec.exposed_column, figures.spec.exposed_value}}},
          {"estimate", estimate_json(figures.ratio)},
          {"crude", estimate_json(figures.crude)},
          {"range", range},
          {"reason", figures.reason ? ordered_json(figures.reason->id) : ordered_json(nullptr)},
          {"e_value", number_or_null(figures.e_value)},
          {"e_value_limit", number_or_null(figures.e_value_limit)},
          {"just_above_threshold", figures.just_above_threshold},
          {"strata", strata}};
}

ordered_json rows_json(const Output& output, const std::vector<DerivedColumn>& derived) {
  ordered_json rows = ordered_json::array();
  for (size_t i = 0; i < output.rows.size(); ++i) {
    ordered_json row;
    for (size_t d = 0; d < output.dimensions.size(); ++d)
      row[output.dimensions[d]] = output.rows[i].labels[d];
    for (size_t c = 0; c < output.counts.size(); ++c) {
      const Cell& cell = output.rows[i].counts[c];
      row[output.counts[c]] = cell ? ordered_json(*cell) : ordered_json(nullptr);
    }
    for (const DerivedColumn& column : derived) row[column.name] = number_or_null(column.values[i]);
    rows.push_back(row);
  }
  return rows;
}

ordered_json output_json(const Output& output, const Policy& policy) {
  ordered_json totals, overlaps = ordered_json::array(), statistics = ordered_json::array();
  for (size_t column = 0; column < output.counts.size(); ++column) {
    const ShownTotal total = shown_total(output, column);
    totals[output.counts[column]] = {
        {"sum_of_shown", total.sum}, {"shown", total.shown}, {"withheld", total.withheld}};
  }
  for (const OverlappingRelease& release : output.overlaps)
    overlaps.push_back({{"title", release.title}, {"date", release.date}, {"table", release.table}});
  for (const StatisticSpec& spec : output.statistics) {
    const auto figures = statistic_figures(output, spec, policy);
    if (figures.ok()) statistics.push_back(statistic_json(*figures));
  }
  return {{"name", output.name},
          {"title", output.title},
          {"rows", rows_json(output, derived_columns(output, policy))},
          {"totals", totals},
          {"statistics", statistics},
          {"overlapping_releases", overlaps}};
}

}  // namespace

std::string render_result_json(const ResultModel& model) {
  ordered_json outputs = ordered_json::array(), signatures = ordered_json::array(),
               parties = ordered_json::array();
  for (const Output& output : model.outputs) outputs.push_back(output_json(output, model.policy));
  for (const Signature& s : model.signatures)
    signatures.push_back({{"node", s.node}, {"key", s.key}, {"valid", s.valid}});
  for (const Party& p : model.parties)
    parties.push_back({{"name", p.name}, {"kind", p.kind}, {"took_part", p.took_part}});
  const ordered_json document = {
      {"format", "sluis-figures/1"},
      {"study",
       {{"id", model.study.id},
        {"version", model.study.version},
        {"title", model.study.title},
        {"sha256", model.study.hash}}},
      {"run", model.run},
      {"released_on", model.released_on},
      {"publish",
       {{"where", model.study.publish_where}, {"not_before", publish_from(model.study, model.released_on)}}},
      {"engine", model.engine},
      {"invented", model.invented},
      {"policy",
       {{"profile", model.policy.profile},
        {"t_person", model.policy.t_person},
        {"t_household", model.policy.t_household},
        {"denominator_min", model.policy.denominator_min},
        {"round_base", model.policy.round_base},
        {"noise_variance", model.policy.noise_variance}}},
      {"parties", parties},
      {"outputs", outputs},
      {"signatures", signatures}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

namespace {

std::string csv_field(const std::string& text, char separator) {
  if (text.find_first_of(std::string("\"\r\n") + separator) == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
  return out;
}

std::string csv_number(const std::optional<double>& value, bool whole, CsvStyle style) {
  if (!value) return std::string(kMark);
  char buffer[400];
  std::snprintf(buffer, sizeof buffer, whole ? "%.0f" : "%.6g", *value);
  std::string out = buffer;
  if (style == CsvStyle::kDutch) std::ranges::replace(out, '.', ',');
  return out;
}

std::string csv_of(const Output& output, const Policy& policy, CsvStyle style) {
  const char separator = style == CsvStyle::kDutch ? ';' : ',';
  const std::string comma(1, separator);
  const std::vector<DerivedColumn> derived = derived_columns(output, policy);
  Grid grid(1);
  for (const auto* names : {&output.dimensions, &output.counts})
    grid[0].insert(grid[0].end(), names->begin(), names->end());
  for (const DerivedColumn& column : derived) grid[0].push_back(column.name);
  for (size_t i = 0; i < output.rows.size(); ++i) {
    std::vector<std::string> line = output.rows[i].labels;
    for (const Cell& cell : output.rows[i].counts)
      line.push_back(
          csv_number(cell ? std::optional<double>(static_cast<double>(*cell)) : std::nullopt, true, style));
    for (const DerivedColumn& column : derived) line.push_back(csv_number(column.values[i], false, style));
    grid.push_back(line);
  }
  std::string out = style == CsvStyle::kDutch ? "\xEF\xBB\xBF" : "";
  for (const auto& line : grid)
    for (size_t i = 0; i < line.size(); ++i)
      out.append(csv_field(line[i], separator)).append(i + 1 < line.size() ? comma : "\r\n");
  return out;
}

std::string explanation(const ResultModel& model, Language language) {
  std::string out = one_line(model.study.title) + '\n' + one_line(grouped_digits(model.study.hash)) + '\n' +
                    one_line(model.study.hash) + "\n\n";
  for (const std::string& sentence : headline(language, model)) out += one_line(sentence) + '\n';
  for (const Output& output : model.outputs) {
    out += '\n' + one_line(output.name) + ".csv: " + one_line(output.title) + '\n';
    if (withheld_cells(output) > 0) out += one_line(withheld_note(language, output, model.policy)) + '\n';
    for (const StatisticSpec& spec : output.statistics) {
      const auto figures = statistic_figures(output, spec, model.policy);
      if (figures.ok()) out += statistic_line(*figures, model.policy, language) + '\n';
    }
  }
  const auto section = [&](const char* key, const std::vector<std::string>& lines) {
    out += '\n' + tr(language, key) + '\n';
    for (const std::string& line : lines) out += "- " + one_line(line) + '\n';
  };
  section("report.guide.heading", reading_guide(language, model));
  section("report.limits.heading", limits(language, model));
  return out;
}

}  // namespace

std::vector<NamedText> render_result_csv(const ResultModel& model, CsvStyle style, Language language) {
  std::vector<NamedText> files;
  for (const Output& output : model.outputs)
    files.push_back({output.name + ".csv", csv_of(output, model.policy, style)});
  files.push_back({"toelichting.txt", explanation(model, language)});
  return files;
}

}  // namespace sluis::report
