#include "report/own_report.h"

#include <cmath>

#include "report/page_parts.h"
#include "report/pages.h"
#include "report/template.h"

namespace sluis::report {

using nlohmann::json;
using text::tr;

std::vector<std::string> band_names(Language language, const std::vector<int64_t>& edges) {
  std::vector<std::string> names;
  for (size_t i = 0; i < edges.size(); ++i)
    names.push_back(i + 1 < edges.size()
                        ? integer_text(language, edges[i]) + "-" + integer_text(language, edges[i + 1] - 1)
                        : tr(language, "report.band.or_more", {integer_text(language, edges[i])}));
  return names;
}

std::string own_band(Language language, const OwnReport& report) {
  if (!report.band || *report.band >= report.bands.size()) return std::string(kMark);
  return band_names(language, report.bands)[*report.band];
}

double expected_events(const OwnReport& report) {
  return static_cast<double>(*report.own_persons) * static_cast<double>(*report.pooled_events) /
         static_cast<double>(*report.pooled_persons);
}

std::string link_band(Language language, const OwnReport::LinkRate& rate) {
  if (!rate.band || *rate.band > rate.edges.size())
    return tr(language, "report.own.link.withheld", {std::string(kMark), integer_text(language, rate.least)});
  const size_t band = *rate.band;
  const auto edge = [&](size_t at) { return integer_text(language, rate.edges.at(at)); };
  if (band == 0) return tr(language, "report.own.link.below", {edge(0)});
  if (band == rate.edges.size()) return tr(language, "report.own.link.above", {edge(band - 1)});
  return tr(language, "report.own.link.between", {edge(band - 1), edge(band)});
}

Standing standing(const OwnReport& report) {
  const bool comparable = report.pooled_events && report.pooled_persons && report.own_persons &&
                          *report.pooled_persons >= report.policy.denominator_min && *report.own_persons > 0;
  if (!comparable || !report.band || *report.band >= report.bands.size()) return Standing::kUnknown;
  const double expected = expected_events(report), reach = 1.96 * std::sqrt(expected);
  const size_t band = *report.band;
  if (static_cast<double>(report.bands[band]) > expected + reach) return Standing::kAbove;
  // An edge may lie up to round_base - 1 above the printed one (drawn once per study), never below it.
  const int64_t shift = report.policy.round_base - 1;
  if (band + 1 < report.bands.size() &&
      static_cast<double>(report.bands[band + 1] - 1 + shift) < expected - reach)
    return Standing::kBelow;
  return Standing::kAround;
}

std::vector<std::string> own_sentences(Language language, const OwnReport& report) {
  std::vector<std::string> out;
  const std::string unit = unit_of(language, report.policy);
  if (!report.band)
    out.push_back(
        tr(language, "report.own.withheld",
           {std::string(kMark), report.bands.empty() ? integer_text(language, report.policy.t_person)
                                                     : integer_text(language, report.bands[0])}));
  if (report.pooled_events && report.pooled_persons && *report.pooled_persons > 0)
    out.push_back(tr(language, "report.own.pooled",
                     {decimal_text(language,
                                   1000.0 * static_cast<double>(*report.pooled_events) /
                                       static_cast<double>(*report.pooled_persons),
                                   1),
                      integer_text(language, *report.pooled_events),
                      integer_text(language, *report.pooled_persons), unit}));
  const Standing where = standing(report);
  if (where == Standing::kUnknown) {
    out.push_back(tr(language, "report.own.not_comparable"));
    return out;
  }
  out.push_back(tr(language, "report.own.expected",
                   {integer_text(language, *report.own_persons), unit,
                    integer_text(language, std::llround(expected_events(report)))}));
  out.push_back(tr(language, where == Standing::kBelow   ? "report.own.below"
                             : where == Standing::kAbove ? "report.own.above"
                                                         : "report.own.around"));
  return out;
}

namespace {

std::string percent(Language language, int64_t part, int64_t whole) {
  if (whole <= 0) return std::string(kMark);
  return decimal_text(language, 100.0 * static_cast<double>(part) / static_cast<double>(whole), 1) + " %";
}

struct Line {
  std::string term, value;
};

std::vector<Line> delivery_lines(Language language, const OwnReport::Delivery& delivery) {
  std::vector<Line> lines = {
      {tr(language, "report.own.rows"), integer_text(language, delivery.rows)},
      {tr(language, "report.own.linkable"), integer_text(language, delivery.linkable) + " (" +
                                                percent(language, delivery.linkable, delivery.rows) + ")"}};
  if (delivery.hours)
    lines.push_back({tr(language, "report.own.hours"), decimal_text(language, *delivery.hours, 1)});
  return lines;
}

std::vector<Line> link_lines(Language language, const OwnReport& report) {
  std::vector<Line> lines;
  for (const OwnReport::LinkRate& rate : report.link_rates)
    lines.push_back({rate.table, link_band(language, rate)});
  return lines;
}

// What the rates mean; "" without any.
std::string link_note(Language language, const OwnReport& report) {
  if (report.link_rates.empty()) return "";
  return tr(language, "report.own.link.note", {integer_text(language, report.link_rates[0].blur)});
}

json deliveries_view(Language language, const OwnReport& report) {
  json list = json::array();
  for (const OwnReport::Delivery& delivery : report.deliveries) {
    json lines = json::array();
    for (const Line& line : delivery_lines(language, delivery))
      lines.push_back({{"term", line.term}, {"value", line.value}});
    list.push_back({{"delivery_table", delivery.table},
                    {"delivered_on", date_words(language, delivery.delivered_on)},
                    {"lines", lines}});
  }
  return list;
}

}  // namespace

std::string render_own_report_page(const OwnReport& report, text::Language language) {
  json view = page_view(language, report.study, "own", report.invented);
  view["owner"] = report.owner;
  view["output_title"] = report.output_title;
  view["band"] = own_band(language, report);
  view["band_withheld"] = !report.band.has_value();
  view["has_row"] = !report.bands.empty();
  view["sentences"] = text_list(own_sentences(language, report));
  view["bands"] = text_list(band_names(language, report.bands));
  view["mark_meaning"] = tr(language, "report.own.mark", {std::string(kMark)});
  view["edges"] = tr(language, "report.own.edges", {integer_text(language, report.policy.round_base - 1)});
  view["deliveries"] = deliveries_view(language, report);
  view["no_deliveries"] = report.deliveries.empty();
  json rates = json::array();
  for (const Line& line : link_lines(language, report))
    rates.push_back({{"term", line.term}, {"value", line.value}});
  view["link_rates"] = rates;
  view["has_link_rates"] = !report.link_rates.empty();
  view["link_note"] = link_note(language, report);
  view["digits"] = grouped_digits(report.study.hash);
  view["run"] = report.run, view["engine"] = report.engine;
  view["released_on"] = date_words(language, report.released_on);
  view["signatures"] = signature_list(report.signatures);
  return render_template("own_report.mustache", view, language);
}

namespace {

std::string wrapped(const std::string& text, size_t width) {
  std::string out, line;
  const auto flush = [&] {
    if (!line.empty()) out += line + '\n';
    line.clear();
  };
  for (size_t begin = 0; begin < text.size();) {
    size_t end = text.find_first_of(" \n", begin);
    if (end == std::string::npos) end = text.size();
    const std::string word = text.substr(begin, end - begin);
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) flush();
    if (!word.empty()) line += (line.empty() ? "" : " ") + word;
    if (end < text.size() && text[end] == '\n') flush();
    begin = end + 1;
  }
  flush();
  return out;
}

}  // namespace

std::string render_own_report_text(const OwnReport& report, Language language) {
  constexpr size_t kWidth = 78;
  std::string out = tr(language, "report.kind.own") + ": " + report.owner + '\n' +
                    wrapped(report.study.title, kWidth) + '\n';
  if (!report.bands.empty()) {
    out += wrapped(report.output_title, kWidth) + "  " + own_band(language, report) + "\n\n";
    for (const std::string& sentence : own_sentences(language, report)) out += wrapped(sentence, kWidth);
    out += '\n';
  }
  out += tr(language, "report.own.quality") + '\n';
  const auto print = [&](const std::vector<Line>& lines) {
    for (const Line& line : lines) {
      const size_t width = display_width(line.term);
      out += "  " + line.term + std::string(width < 40 ? 40 - width : 1, ' ') + line.value + '\n';
    }
  };
  for (const OwnReport::Delivery& delivery : report.deliveries) {
    out += delivery.table + ", " + date_words(language, delivery.delivered_on) + '\n';
    print(delivery_lines(language, delivery));
  }
  if (!report.link_rates.empty()) {
    out += tr(language, "report.own.link.heading") + '\n';
    print(link_lines(language, report));
    out += wrapped(link_note(language, report), kWidth);
  }
  if (report.deliveries.empty()) out += tr(language, "report.own.no_deliveries") + '\n';
  return out + '\n' + tr(language, "report.own.only_you") + '\n' + grouped_digits(report.study.hash) + '\n';
}

}  // namespace sluis::report
