// The delivery report as text, JSON and a page.
#include <algorithm>
#include <array>

#include "importers/report.h"

namespace sluis::importers {
namespace {

using text::Language;

using text::tr;

// The text of a key that is put together.
std::string say(Language language, std::string_view prefix, std::string_view name,
                const std::vector<std::string>& args = {}) {
  std::string key(prefix);
  key += name;
  return tr(language, key, args);
}

// One decimal: 12,4 or 12.4.
std::string tenths_text(Language language, uint64_t tenths) {
  return count_text(language, tenths / 10) + (language == Language::kDutch ? "," : ".") +
         std::to_string(tenths % 10);
}

std::string percent_text(Language language, uint64_t part, uint64_t whole) {
  return tenths_text(language, whole == 0 ? 0 : (1000 * part + whole / 2) / whole) + "%";
}

std::string size_text(Language language, uint64_t bytes) {
  constexpr uint64_t kMegabyte = 1'000'000;
  if (bytes < kMegabyte / 10) return tenths_text(language, bytes / 100) + " kB";
  return tenths_text(language, bytes * 10 / kMegabyte) + " MB";
}

constexpr std::array<std::pair<DateQuality, const char*>, 8> kQualities = {
    {{DateQuality::kFull, "full"},
     {DateQuality::kMonth, "month"},
     {DateQuality::kYear, "year"},
     {DateQuality::kMonthUnknown, "month_unknown"},
     {DateQuality::kUnknown, "unknown"},
     {DateQuality::kUnborn, "unborn"},
     {DateQuality::kAbsent, "absent"},
     {DateQuality::kOutside, "outside"}}};

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kInOrder:
      return "in_order";
    case Verdict::kInOrderWithRemarks:
      return "in_order_with_remarks";
    case Verdict::kNotInOrder:
      return "not_in_order";
  }
  return "";
}

const char* weight_name(Weight weight) {
  return weight == Weight::kNote ? "note" : weight == Weight::kRemark ? "remark" : "problem";
}

// One line of the report: label and text.
struct Line {
  std::string label, text;
};

class Lines {
 public:
  Lines(Language language, const DeliveryReport& report) : language_(language), report_(report) {}

  std::vector<Line> all() {
    add("profile", profile());
    add("rows",
        say(language_, "delivery.rows.", report_.format, {n(report_.source_rows), n(report_.read_rows)}));
    for (const KeyCounts& key : report_.keys) add("key", key_line(key));
    for (const DateCounts& date : report_.dates) add("dates", date_line(date));
    if (report_.other_municipality > 0)
      add("municipality", tr(language_, "delivery.other_municipality", {n(report_.other_municipality)}));
    if (report_.left_out > 0) add("left_out", tr(language_, "delivery.left_out", {n(report_.left_out)}));
    if (report_.merged > 0)
      add("double", say(language_, "delivery.merged.", report_.format, {n(report_.merged)}));
    if (report_.objections_file)
      add("objection", tr(language_, "delivery.objections", {n(report_.objections)}));
    const uint64_t fields = report_.fields_used.size() + report_.fields_not_shared.size();
    add("fields", tr(language_, "delivery.fields", {n(report_.fields_used.size()), n(fields)}));
    add("table", tr(language_, "delivery.table", {report_.table, n(report_.rows)}));
    add("verdict",
        say(language_, "delivery.verdict.", verdict_name(report_.verdict()), {n(report_.remarks())}));
    return std::move(lines_);
  }

 private:
  std::string n(uint64_t value) const { return count_text(language_, value); }
  void add(const char* label, std::string text) {
    lines_.push_back({say(language_, "delivery.label.", label), std::move(text)});
  }
  std::string profile() const {
    std::string out =
        say(language_, "delivery.format.", report_.format) + "   " +
        tr(language_, "delivery.file", {report_.file, size_text(language_, report_.file_bytes)});
    if (report_.deliveries > 0) out += ", " + tr(language_, "delivery.deliveries", {n(report_.deliveries)});
    for (const std::string& code : report_.municipalities) out += ", " + code;
    if (report_.municipality_count > report_.municipalities.size()) out += ", ...";
    return out;
  }
  std::string key_line(const KeyCounts& key) const {
    return key.column + ": " +
           tr(language_, "delivery.key",
              {n(key.valid), percent_text(language_, key.valid, key.total()), n(key.empty), n(key.invalid),
               n(key.placeholder)});
  }
  std::string date_line(const DateCounts& date) const {
    std::string out = date.field + ":";
    for (const auto& [quality, name] : kQualities)
      if (date.count(quality) > 0 || quality == DateQuality::kFull)
        out += (out.ends_with(":") ? " " : "   ") +
               say(language_, "delivery.date.", name, {n(date.count(quality))});
    if (date.incomplete() > 0) out += ' ' + tr(language_, "delivery.not_guessed");
    return out;
  }

  Language language_;
  const DeliveryReport& report_;
  std::vector<Line> lines_;
};

std::string finding_text(Language language, const Finding& finding) {
  std::string out = say(language, "finding.", finding.id, finding.args);
  if (finding.count == 1 && finding.rows.empty()) return out;
  out += " (" + tr(language, "delivery.times", {count_text(language, finding.count)});
  if (!finding.rows.empty()) {
    std::string rows;
    for (const uint64_t row : finding.rows) rows += (rows.empty() ? "" : ", ") + std::to_string(row);
    if (finding.count > finding.rows.size()) rows += ", ...";
    out += "; " + tr(language, "delivery.at_rows", {rows});
  }
  return out + ")";
}

// Problems first, then remarks, then notes.
std::vector<const Finding*> sorted_findings(const DeliveryReport& report) {
  std::vector<const Finding*> out;
  for (const Finding& f : report.findings.all()) out.push_back(&f);
  std::stable_sort(out.begin(), out.end(),
                   [](const Finding* a, const Finding* b) { return a->weight > b->weight; });
  return out;
}

// Characters as a terminal shows them: bytes that do not continue a UTF-8 sequence.
size_t shown_length(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(),
                                           [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

std::string escape_html(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

void string_list(JsonWriter& out, const char* name, const std::vector<std::string>& values) {
  out.key(name).begin_array();
  for (const std::string& value : values) out.string(value);
  out.end_array();
}

void keys_json(JsonWriter& out, const DeliveryReport& report) {
  out.key("keys").begin_array();
  for (const KeyCounts& key : report.keys)
    out.begin_object()
        .member("column", key.column)
        .member("valid", key.valid)
        .member("empty", key.empty)
        .member("invalid", key.invalid)
        .member("placeholder", key.placeholder)
        .member("padded", key.padded)
        .member("sample", key.sample)
        .member("test_range", key.test_range)
        .end_object();
  out.end_array();
}

void dates_json(JsonWriter& out, const DeliveryReport& report) {
  out.key("dates").begin_array();
  for (const DateCounts& date : report.dates) {
    out.begin_object().member("field", date.field);
    for (const auto& [quality, name] : kQualities) out.member(name, date.count(quality));
    out.end_object();
  }
  out.end_array();
}

void findings_json(JsonWriter& out, const DeliveryReport& report) {
  out.key("findings").begin_array();
  for (const Finding* f : sorted_findings(report)) {
    out.begin_object().member("id", f->id);
    string_list(out, "args", f->args);
    out.member("weight", weight_name(f->weight)).member("schema", f->schema).member("count", f->count);
    out.key("rows").begin_array();
    for (const uint64_t row : f->rows) out.integer(static_cast<int64_t>(row));
    out.end_array().end_object();
  }
  out.end_array();
}

}  // namespace

std::string count_text(Language language, uint64_t n) {
  std::string digits = std::to_string(n);
  for (size_t at = digits.size(); at > 3; at -= 3)
    digits.insert(at - 3, 1, language == Language::kDutch ? '.' : ',');
  return digits;
}

std::string report_text(Language language, const DeliveryReport& report) {
  constexpr size_t kLabelWidth = 12;
  std::string out;
  for (const Line& line : Lines(language, report).all()) {
    const size_t width = shown_length(line.label);
    out += line.label + std::string(width < kLabelWidth ? kLabelWidth - width : 1, ' ') + line.text + '\n';
  }
  for (const Finding* finding : sorted_findings(report))
    out += "  " + say(language, "delivery.weight.", weight_name(finding->weight)) + ": " +
           finding_text(language, *finding) + '\n';
  return out;
}

std::string report_html(Language language, const DeliveryReport& report) {
  const std::string title = escape_html(tr(language, "delivery.title", {report.file}));
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"" + std::string(language == Language::kDutch ? "nl" : "en") +
      "\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
      title +
      "</title>\n<style>\nbody{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
      "color:#1a1a1a;background:#fff}\nth{text-align:left;vertical-align:top;padding-right:2rem}\n"
      "td,th{padding-top:.3rem;padding-bottom:.3rem}\n</style>\n</head>\n<body>\n<main>\n<h1>" +
      title + "</h1>\n<table>\n";
  for (const Line& line : Lines(language, report).all())
    out += "<tr><th scope=\"row\">" + escape_html(line.label) + "</th><td>" + escape_html(line.text) +
           "</td></tr>\n";
  out += "</table>\n";
  if (!report.findings.all().empty()) {
    out += "<h2>" + escape_html(tr(language, "delivery.findings")) + "</h2>\n<ul>\n";
    for (const Finding* finding : sorted_findings(report))
      out += "<li>" + escape_html(say(language, "delivery.weight.", weight_name(finding->weight))) + ": " +
             escape_html(finding_text(language, *finding)) + "</li>\n";
    out += "</ul>\n";
  }
  for (const auto& [key, fields] : {std::pair("delivery.used", &report.fields_used),
                                    std::pair("delivery.not_shared", &report.fields_not_shared)}) {
    out += "<h2>" + escape_html(tr(language, key)) + "</h2>\n<ul>\n";
    for (const std::string& field : *fields) out += "<li>" + escape_html(field) + "</li>\n";
    out += "</ul>\n";
  }
  return out + "<p>" + escape_html(tr(language, "delivery.stays_here")) + "</p>\n</main>\n</body>\n</html>\n";
}

void report_json(JsonWriter& out, const DeliveryReport& report) {
  constexpr uint64_t kKilobyte = 1000;
  out.begin_object()
      .member("profile", report.profile)
      .member("format", report.format)
      .member("table", report.table)
      .member("file", report.file)
      .member("file_kb", report.file_bytes / kKilobyte)
      .member("deliveries", report.deliveries)
      .member("municipality_count", report.municipality_count);
  string_list(out, "municipalities", report.municipalities);
  out.member("source_rows", report.source_rows)
      .member("read_rows", report.read_rows)
      .member("rows", report.rows);
  keys_json(out, report);
  dates_json(out, report);
  out.member("merged", report.merged)
      .member("other_municipality", report.other_municipality)
      .member("left_out", report.left_out)
      .member("objections_file", report.objections_file)
      .member("objections", report.objections);
  string_list(out, "fields_used", report.fields_used);
  string_list(out, "fields_not_shared", report.fields_not_shared);
  findings_json(out, report);
  out.member("remarks", report.remarks()).member("verdict", verdict_name(report.verdict())).end_object();
}

}  // namespace sluis::importers
