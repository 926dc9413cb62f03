// Bar chart as SVG, from the same numbers as the table beside it. Every bar carries its heading and its
// number as text, so colour is never needed to read it; a withheld bar is a hatched frame with the mark.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "epi/ratio.h"
#include "governance/derive.h"
#include "report/page_parts.h"

namespace sluis::report {
namespace {

using governance::DeriveStep;
using nlohmann::json;
using text::tr;

constexpr double kWidth = 640, kRight = 84, kBar = 20, kRow = 27, kGroupHead = 26, kGroupGap = 12, kTop = 6;
constexpr double kCharacter = 7.4;  // width of an average character of 15 px text

std::string px(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.1f", value);
  return buffer;
}

// factor * event / total: the shape of a rate, for which an interval is known.
struct Rate {
  double factor = 1;
  size_t event = 0, total = 0;
};

std::optional<Rate> as_rate(const Output& output, const Derivation& derive) {
  using Kind = DeriveStep::Kind;
  const auto formula = governance::parse_derive(derive.expression);
  if (!formula.ok() || formula->steps.size() != 5) return std::nullopt;
  const auto& s = formula->steps;
  const bool shape = s[0].kind == Kind::kNumber && s[1].kind == Kind::kColumn &&
                     s[2].kind == Kind::kMultiply && s[3].kind == Kind::kColumn && s[4].kind == Kind::kDivide;
  if (!shape || output.count(s[1].column) < 0 || output.count(s[3].column) < 0) return std::nullopt;
  return Rate{s[0].number, static_cast<size_t>(output.count(s[1].column)),
              static_cast<size_t>(output.count(s[3].column))};
}

struct Bar {
  std::string group, heading;
  int series = 0;
  std::optional<double> value, lower, upper;
};

// The heading column whose values are the bars within a group: the exposed one of a statistic, else the last.
size_t bar_dimension(const Output& output) {
  for (const StatisticSpec& spec : output.statistics)
    if (const int at = output.dimension(spec.exposed_column); at >= 0) return static_cast<size_t>(at);
  return output.dimensions.size() - 1;
}

std::vector<Bar> bars_of(const Output& output, const Derivation& derive, const DerivedColumn& column,
                         const Policy& policy) {
  const std::optional<Rate> rate = as_rate(output, derive);
  const size_t dimension = bar_dimension(output);
  std::vector<std::string> headings;
  std::vector<Bar> bars;
  for (size_t i = 0; i < output.rows.size(); ++i) {
    const Row& row = output.rows[i];
    Bar bar;
    for (size_t d = 0; d < row.labels.size(); ++d)
      if (d != dimension) bar.group += (bar.group.empty() ? "" : " · ") + row.labels[d];
    bar.heading = row.labels[dimension];
    auto at = std::ranges::find(headings, bar.heading);
    if (at == headings.end()) at = headings.insert(at, bar.heading);
    bar.series = static_cast<int>(at - headings.begin());
    bar.value = column.values[i];
    if (bar.value && rate) {
      const auto share = epi::proportion(static_cast<double>(*row.counts[rate->event]),
                                         static_cast<double>(*row.counts[rate->total]),
                                         {.level = 0.95,
                                          .protection = {policy.round_base, policy.noise_variance},
                                          .counted = epi::Counted::kTotals});
      if (share.ok()) bar.lower = rate->factor * share->lower, bar.upper = rate->factor * share->upper;
    }
    bars.push_back(bar);
  }
  return bars;
}

// A round step that gives four to eight ticks.
double tick_step(double largest) {
  const double raw = largest / 5, power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0})
    if (raw <= factor * power) return factor * power;
  return 10 * power;
}

// Where the parts of the picture lie.
struct Frame {
  double left = 0, scale = 1, largest = 1, step = 1, bottom = 0;
};

Frame frame_of(const std::vector<Bar>& bars) {
  Frame frame;
  double largest = 0;
  size_t longest = 0;
  for (const Bar& bar : bars) {
    largest = std::max({largest, bar.value.value_or(0), bar.upper.value_or(0)});
    // Group labels are bold: wider by an eighth.
    longest = std::max({longest, display_width(bar.heading), display_width(bar.group) * 9 / 8});
  }
  if (!(largest > 0)) largest = 1;
  frame.step = tick_step(largest);
  frame.largest = std::ceil(largest / frame.step) * frame.step;
  frame.left = std::clamp(static_cast<double>(longest) * kCharacter + 14, 50.0, 280.0);
  frame.scale = (kWidth - frame.left - kRight) / frame.largest;
  return frame;
}

json bar_view(Language language, const Bar& bar, const Frame& frame, double y) {
  const double length = bar.value ? std::max(1.0, *bar.value * frame.scale) : 120;
  const double middle = y + kBar / 2;
  const double end = frame.left + std::max(length, bar.upper.value_or(0) * frame.scale);
  json whisker = json::array();
  if (bar.lower && bar.upper)
    whisker.push_back({{"x1", px(frame.left + *bar.lower * frame.scale)},
                       {"x2", px(frame.left + *bar.upper * frame.scale)},
                       {"wy", px(middle)},
                       {"wy1", px(middle - 5)},
                       {"wy2", px(middle + 5)}});
  return {{"bar_shown", bar.value.has_value()},
          {"bar_class", "bar bar-" + std::to_string(bar.series % 4)},
          {"bar_x", px(frame.left)},
          {"bar_y", px(y)},
          {"bar_width", px(length)},
          {"bar_height", px(kBar)},
          {"heading", bar.heading},
          {"heading_x", px(frame.left - 8)},
          {"text_y", px(middle + 5)},
          {"mark_y", px(middle)},
          {"mark_text_y", px(middle + 7)},
          {"value_x", px(bar.value ? end + 7 : frame.left + length / 2)},
          {"value_text", bar.value ? decimal_text(language, *bar.value, 1) : std::string(kMark)},
          {"whisker", whisker}};
}

json ticks_view(Language language, const Frame& frame) {
  json ticks = json::array();
  const int decimals = frame.step < 1 ? (frame.step < 0.1 ? 2 : 1) : frame.step == 2.5 ? 1 : 0;
  for (double at = 0; at <= frame.largest + frame.step / 2; at += frame.step)
    ticks.push_back({{"tick_x", px(frame.left + at * frame.scale)},
                     {"tick_y1", px(kTop)},
                     {"tick_y2", px(frame.bottom)},
                     {"tick_text_y", px(frame.bottom + 18)},
                     {"tick_text", decimal_text(language, at, decimals)}});
  return ticks;
}

// The picture in words, for those who hear it.
std::string description(Language language, const std::vector<Bar>& bars) {
  std::string out;
  for (const Bar& bar : bars) {
    const std::string name = bar.group.empty() ? bar.heading : bar.group + ", " + bar.heading;
    const std::string value =
        bar.value ? decimal_text(language, *bar.value, 1) : tr(language, "report.withheld");
    out += (out.empty() ? "" : "; ") + tr(language, "report.chart.bar", {name, value});
  }
  return out + ".";
}

json legend_view(Language language, const Output& output, const std::vector<Bar>& bars) {
  json legend = json::array();
  const std::string& column = output.dimensions[bar_dimension(output)];
  std::vector<int> seen;
  for (const Bar& bar : bars) {
    if (std::ranges::find(seen, bar.series) != seen.end()) continue;
    seen.push_back(bar.series);
    legend.push_back({{"swatch_class", "bar bar-" + std::to_string(bar.series % 4)},
                      {"legend_text", bar.heading + ": " + group_of(language, column, bar.heading)}});
  }
  return legend;
}

// What is drawn: "Start pleegzorg per 1.000 kinderen".
std::string caption(Language language, const Output& output) {
  const std::optional<Rate> rate = as_rate(output, output.derive[0]);
  if (!rate) return capitalised(label_of(language, output.derive[0].name));
  return capitalised(
      tr(language, "report.chart.rate",
         {label_of(language, output.counts[rate->event]), decimal_text(language, rate->factor, 0),
          label_of(language, output.counts[rate->total])}));
}

}  // namespace

json chart_view(Language language, const Output& output, const Policy& policy) {
  if (output.derive.empty() || output.dimensions.empty() || output.rows.empty()) return json::array();
  const auto column = derived_column(output, output.derive[0], policy);
  if (!column.ok()) return json::array();
  const std::vector<Bar> bars = bars_of(output, output.derive[0], *column, policy);
  Frame frame = frame_of(bars);
  json groups = json::array();
  double y = kTop;
  for (size_t i = 0; i < bars.size();) {
    json group = {{"group_label", json::array()}, {"bars", json::array()}};
    if (!bars[i].group.empty()) {
      group["group_label"].push_back({{"label_text", bars[i].group}, {"label_y", px(y + 17)}});
      y += kGroupHead;
    }
    const size_t first = i;
    for (; i < bars.size() && bars[i].group == bars[first].group; ++i, y += kRow)
      group["bars"].push_back(bar_view(language, bars[i], frame, y));
    groups.push_back(group);
    y += kGroupGap;
  }
  frame.bottom = y - kGroupGap + 4;
  const bool whiskers = std::ranges::any_of(bars, [](const Bar& bar) { return bar.upper.has_value(); });
  const bool hidden = std::ranges::any_of(bars, [](const Bar& bar) { return !bar.value.has_value(); });
  json view = {{"chart_id", "grafiek-" + output.name},
               {"chart_title", tr(language, "report.chart.title", {caption(language, output), output.title})},
               {"chart_caption", caption(language, output)},
               {"chart_description", description(language, bars)},
               {"view_box", "0 0 " + px(kWidth) + " " + px(frame.bottom + 26)},
               {"legend", legend_view(language, output, bars)},
               {"chart_groups", groups},
               {"ticks", ticks_view(language, frame)},
               {"axis_x", px(frame.left)},
               {"axis_y1", px(kTop)},
               {"axis_y2", px(frame.bottom)},
               {"whiskers", whiskers},
               {"hidden_bars", hidden}};
  return json::array({view});
}

}  // namespace sluis::report
