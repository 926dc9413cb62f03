// Explanations as a table for people and as JSON.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/json.h"
#include "sql/explain.h"

namespace sluis::sql {
namespace {

using text::Language;
using text::tr;

std::string grouped(uint64_t number, Language language) {
  std::string digits = std::to_string(number);
  const char separator = language == Language::kDutch ? '.' : ',';
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, separator);
  return digits;
}

std::string one_decimal(double value, Language language) {
  char text[64];
  std::snprintf(text, sizeof text, value < 10 ? "%.1f" : "%.0f", value);
  std::string out = text;
  if (language == Language::kDutch) std::replace(out.begin(), out.end(), '.', ',');
  return out;
}

std::string bytes_text(uint64_t bytes, Language language) {
  static constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1000 && unit + 1 < std::size(kUnits)) value /= 1000, ++unit;
  return (unit == 0 ? std::to_string(bytes) : one_decimal(value, language)) + " " + kUnits[unit];
}

std::string joined(const std::vector<std::string>& parts, const char* between) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : between) + part;
  return out;
}

std::string seconds_text(const StepCost& cost, Language language) {
  std::vector<std::string> parts;
  for (const double seconds : cost.seconds) parts.push_back(one_decimal(seconds, language));
  return joined(parts, " / ") + " s";
}

size_t width(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

using Line = std::vector<std::string>;

std::string aligned(const std::vector<Line>& lines, size_t left_columns) {
  std::vector<size_t> widths(lines[0].size(), 0);
  for (const Line& line : lines)
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width(line[i]));
  std::string out;
  for (const Line& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) {
      const std::string pad(widths[i] - width(line[i]), ' ');
      const bool last = i + 1 == line.size();
      out += i < left_columns ? line[i] + (last ? "" : pad) : pad + line[i];
      out += last ? "\n" : "   ";
    }
  }
  return out;
}

// A step's name, for people. Link rates have no name of their own in a study (study/link_rate.h).
std::string name_text(const std::string& name, Language language) {
  constexpr std::string_view kLinkRate = "__link_";
  if (!name.starts_with(kLinkRate)) return name;
  return tr(language, "explain.link_rate", {name.substr(kLinkRate.size())});
}

// What a step is, for people.
std::string operation_text(const ExplainStep& step, Language language) {
  switch (step.kind) {
    case StepKind::kPlan:
      return step.operation;
    case StepKind::kGuard:
      return tr(language, "explain.guard");
    case StepKind::kRelease:
      return tr(language, "explain.release");
    case StepKind::kOpen:
      return tr(language, "explain.open");
  }
  return "";
}

// Cells of one line from the rounds on; after a run, what it took stands behind the estimates.
Line cost_cells(const StepCost& cost, const std::optional<Measured>& measured, bool analyzed,
                Language language) {
  Line line = {grouped(cost.rounds, language), bytes_text(cost.bytes, language),
               seconds_text(cost, language)};
  if (!analyzed) return line;
  if (!measured) {
    line.insert(line.end(), {"–", "–", "–"});
    return line;
  }
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.2f s", measured->seconds);
  std::string text = seconds;
  if (language == Language::kDutch) std::replace(text.begin(), text.end(), '.', ',');
  line.insert(line.end(), {grouped(measured->rounds, language), bytes_text(measured->bytes, language), text});
  return line;
}

Line step_line(Line first, const StepCost& cost, const std::optional<Measured>& measured, bool analyzed,
               Language language) {
  const Line more = cost_cells(cost, measured, analyzed, language);
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

std::string sort_text(const ExplainStep& step, const SortNote& sort, Language language) {
  const std::string rows = grouped(sort.rows, language), bits = std::to_string(sort.key_bits);
  const std::string name = name_text(step.name, language);
  if (sort.radix) return tr(language, "explain.sort_radix", {name, rows, bits});
  return tr(language, "explain.sort_quick", {name, rows, bits, std::to_string(sort.compare_rounds)});
}

std::string table_text(const Explanation& explanation, Language language) {
  const bool analyzed = explanation.measured.has_value();
  Line header = {
      tr(language, "explain.step"),    "",
      tr(language, "explain.rows"),    tr(language, "explain.rounds"),
      tr(language, "explain.traffic"), tr(language, "explain.time", {joined(explanation.profiles, " / ")})};
  if (analyzed)
    for (const char* key : {"explain.measured_rounds", "explain.measured_traffic", "explain.measured_time"})
      header.push_back(tr(language, key));
  std::vector<Line> lines = {header};
  for (const ExplainStep& step : explanation.steps)
    lines.push_back(step_line(
        {name_text(step.name, language), operation_text(step, language), grouped(step.rows, language)},
        step.cost, step.measured, analyzed, language));
  lines.push_back(step_line({tr(language, "explain.total"), "", ""}, explanation.total, explanation.measured,
                            analyzed, language));
  return aligned(lines, 2);
}

void write_seconds(JsonWriter& json, const Explanation& explanation, const StepCost& cost) {
  json.key("seconds").begin_object();
  for (size_t p = 0; p < cost.seconds.size(); ++p)
    json.key(explanation.profiles.at(p)).decimal(std::round(cost.seconds[p] * 1000) / 1000);
  json.end_object();
}

void write_cost(JsonWriter& json, const Explanation& explanation, const StepCost& cost,
                const std::optional<Measured>& measured) {
  json.member("rounds", static_cast<size_t>(cost.rounds))
      .member("rounds_bound", static_cast<size_t>(cost.rounds_bound));
  json.member("bytes", static_cast<size_t>(cost.bytes))
      .member("bytes_bound", static_cast<size_t>(cost.bytes_bound));
  write_seconds(json, explanation, cost);
  if (!measured) return;
  json.key("measured").begin_object().member("rounds", static_cast<size_t>(measured->rounds));
  json.member("bytes", static_cast<size_t>(measured->bytes)).key("seconds");
  json.decimal(std::round(measured->seconds * 1000) / 1000).end_object();
}

void write_sorts(JsonWriter& json, const std::vector<SortNote>& sorts) {
  json.key("sorts").begin_array();
  for (const SortNote& sort : sorts) {
    json.begin_object().member("variant", sort.radix ? "radix" : "quick");
    json.member("rows", static_cast<size_t>(sort.rows))
        .member("key_bits", static_cast<size_t>(sort.key_bits));
    if (!sort.radix) json.member("compare_rounds", static_cast<size_t>(sort.compare_rounds));
    json.end_object();
  }
  json.end_array();
}

void write_step(JsonWriter& json, const Explanation& explanation, const ExplainStep& step) {
  static constexpr const char* kKinds[] = {"plan", "guard", "release", "open"};
  json.begin_object().member("name", step.name).member("kind", kKinds[static_cast<size_t>(step.kind)]);
  json.member("operation", step.operation).member("rows", static_cast<size_t>(step.rows));
  json.member("line", step.line);
  write_cost(json, explanation, step.cost, step.measured);
  json.member("opens_order", step.cost.opens_order);
  write_sorts(json, step.cost.sorts);
  json.key("details").begin_array();
  for (const std::string& detail : step.details) json.string(detail);
  json.end_array().end_object();
}

}  // namespace

std::string explain_text(const Explanation& explanation, Language language) {
  std::string out = tr(language, "explain.network", {explanation.network}) + "\n\n";
  out += table_text(explanation, language) + "\n";
  bool opens = false;
  for (const ExplainStep& step : explanation.steps) {
    opens = opens || step.cost.opens_order;
    for (const SortNote& sort : step.cost.sorts) out += sort_text(step, sort, language) + "\n";
  }
  for (const Explanation::Table& table : explanation.tables)
    out += tr(language, "explain.table",
              {table.name, grouped(table.rows, language), joined(table.columns, ", ")}) +
           "\n";
  if (opens) out += tr(language, "explain.order") + "\n";
  if (explanation.leaks.empty()) return out + tr(language, "explain.visible") + "\n";
  return out + tr(language, "explain.leaks", {joined(explanation.leaks, ", ")}) + "\n";
}

std::string explain_json(const Explanation& explanation) {
  JsonWriter json;
  json.begin_object().member("network", explanation.network).key("steps").begin_array();
  for (const ExplainStep& step : explanation.steps) write_step(json, explanation, step);
  json.end_array().key("total").begin_object();
  write_cost(json, explanation, explanation.total, explanation.measured);
  json.end_object().key("visible").begin_array();
  for (const Explanation::Table& table : explanation.tables) {
    json.begin_object().member("table", table.name).member("rows", static_cast<size_t>(table.rows));
    json.key("columns").begin_array();
    for (const std::string& column : table.columns) json.string(column);
    json.end_array().end_object();
  }
  json.end_array().key("leaks").begin_array();
  for (const std::string& leak : explanation.leaks) json.string(leak);
  json.end_array().end_object();
  return json.take();
}

}  // namespace sluis::sql
