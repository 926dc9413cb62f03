#include "importers/facts.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/utf8.h"

namespace sluis::importers {

using relation::Kind;
using relation::Type;

EventDate EventDate::of(const relation::PartialDate& date) {
  const DateQuality quality = quality_of(date);
  if (!date.storable()) return unknown(quality);
  return {State::kKnown, quality, date.earliest, date.latest};
}

EventDate earliest(const EventDate& a, const EventDate& b) {
  if (!a.known() || !b.known()) return a.known() || b.state == EventDate::State::kNone ? a : b;
  return {EventDate::State::kKnown, a.quality, std::min(a.from, b.from), std::min(a.to, b.to)};
}

EventDate latest_or_none(const EventDate& a, const EventDate& b) {
  if (a.state == EventDate::State::kNone || b.state == EventDate::State::kNone) return {};
  if (!a.known() || !b.known()) return EventDate::unknown(DateQuality::kUnknown);
  return {EventDate::State::kKnown, a.quality, std::max(a.from, b.from), std::max(a.to, b.to)};
}

Cell key_cell(const relation::Bsn& bsn) {
  if (bsn.kind != relation::BsnKind::kValid) return {};
  return bsn.value;
}
Cell from_cell(const EventDate& date) {
  if (date.state == EventDate::State::kNone) return {};
  return date.from;
}
Cell to_cell(const EventDate& date) {
  if (date.state == EventDate::State::kNone) return {};
  return date.to;
}
Cell optional_cell(const std::optional<int64_t>& value) {
  if (!value) return {};
  return *value;
}

bool ImportJob::wants(size_t column) const {
  return std::any_of(columns.begin(), columns.end(), [&](const auto& c) { return c.index == column; });
}

Error ImportJob::row_error(std::string id, uint64_t row, int line, std::vector<std::string> args) const {
  Error e;
  e.id = std::move(id);
  e.args = std::move(args);
  e.args.insert(e.args.begin(), std::to_string(row));
  e.file = path;
  e.line = line;
  return e;
}

Result<EventDate> read_date(const ImportJob& job, std::string_view text, const Place& place) {
  if (text.empty()) return EventDate{};
  const std::optional<relation::PartialDate> date = relation::parse_partial_date(text, job.mapping.dates);
  if (!date) return job.row_error("S1104.date", place.row, place.line, {std::string(place.field)});
  return EventDate::of(*date);
}

std::string_view CsvDelivery::text(size_t field) const {
  if (at[field] < 0) return {};
  std::string_view text = row[static_cast<size_t>(at[field])].text;
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

Result<relation::CsvReader> open_csv_reader(const ImportJob& job, bool unique_header) {
  constexpr uint64_t kMaxFileBytes = uint64_t{4} << 30;
  relation::CsvOptions options;
  options.delimiter = job.mapping.delimiter;
  options.unique_header = unique_header;
  if (job.mapping.cp1252) {
    SLUIS_ASSIGN(const std::unique_ptr<ByteSource> source, open_file(job.path, kMaxFileBytes));
    SLUIS_ASSIGN(const bool utf8, relation::is_utf8(*source));
    options.cp1252 = !utf8;
  }
  SLUIS_ASSIGN(std::unique_ptr<ByteSource> source, open_file(job.path, kMaxFileBytes));
  return relation::CsvReader::open(std::move(source), options, job.path);
}

Result<CsvDelivery> open_csv(ImportJob& job, std::span<const CsvFieldName> names) {
  SLUIS_ASSIGN(relation::CsvReader reader, open_csv_reader(job, true));
  std::vector<int> at;
  std::set<std::string> used;
  for (const CsvFieldName& field : names) {
    const std::string header = job.mapping.header_name(field.name);
    at.push_back(reader.find(header));
    if (at.back() < 0 && (field.required || job.mapping.columns.contains(field.name))) {
      Error e = job.row_error("S1102.column", 1, 1, {safe_name(header), std::string(field.name)});
      return e;
    }
  }
  // What is shared: the fields of which a requested column is made.
  for (const RequestedColumn& request : job.columns)
    for (const std::string& source : job.profile.columns[request.index].sources)
      used.insert(job.mapping.header_name(source));
  for (const std::string& header : reader.header())
    (used.contains(header) ? job.report.fields_used : job.report.fields_not_shared)
        .push_back(safe_name(header));
  return CsvDelivery{std::move(reader), std::move(at), {}};
}

std::string municipality_code(std::string_view text) {
  if (text.starts_with("GM")) text.remove_prefix(2);
  if (text.empty() || text.size() > 4) return {};
  for (const char c : text)
    if (c < '0' || c > '9') return {};
  return "GM" + std::string(4 - text.size(), '0') + std::string(text);
}

void list_municipalities(DeliveryReport& report, const std::set<std::string>& codes) {
  constexpr size_t kShown = 20;
  report.municipality_count = codes.size();
  for (const std::string& code : codes)
    if (report.municipalities.size() < kShown) report.municipalities.push_back(code);
}

namespace {

// The type of an open category: the domain asked for, else the texts that occur.
Type open_type(const ImportJob& job, const RequestedColumn& column, size_t rows, const MakeCell& cell) {
  const auto asked = job.options.domains.find(column.name);
  if (asked != job.options.domains.end() && !asked->second.empty()) return Type::category(asked->second);
  std::set<std::string> seen;
  for (size_t row = 0; row < rows; ++row) {
    const Cell value = cell(row, column);
    if (const auto* text = std::get_if<std::string>(&value)) seen.insert(*text);
  }
  if (seen.empty()) seen.insert("");
  return Type::category({seen.begin(), seen.end()});
}

}  // namespace

Result<relation::Table> build_table(ImportJob& job, size_t rows, const MakeCell& cell) {
  relation::Table table;
  table.schema.name = job.report.table;
  table.rows = rows;
  for (const RequestedColumn& request : job.columns) {
    const ProfileColumn& about = job.profile.columns[request.index];
    const Type type = about.open_domain ? open_type(job, request, rows, cell) : about.type;
    relation::Column& column = table.columns.emplace_back();
    for (size_t row = 0; row < rows; ++row) {
      const Cell value = cell(row, request);
      const auto* text = std::get_if<std::string>(&value);
      const int64_t number = text != nullptr      ? type.code(*text)
                             : value.index() == 1 ? std::get<1>(value)
                                                  : -1;
      const bool null = value.index() == 0 || (text != nullptr && number < 0);
      if (text != nullptr && null) job.findings().remark("outside_domain", {request.name});
      CHECK(null ? about.nullable : number >= type.lo && number <= type.hi);
      null ? column.push_null() : column.push(number);
    }
    table.schema.columns.push_back({request.name, type, about.nullable});
  }
  return table;
}

namespace {

struct Span {
  int64_t start_lo, start_hi, end_lo;
};

Span span_of(const KeyedPeriod& p) {
  constexpr int64_t kOpen = std::numeric_limits<int64_t>::max() / 2;
  const bool open = p.end.state == EventDate::State::kNone;
  // An end that happened, but unknown when: certain only from the start on.
  const int64_t end_lo = open ? kOpen : p.end.known() ? p.end.from : p.start.to;
  return {p.start.from, p.start.to, end_lo};
}

}  // namespace

std::vector<std::vector<size_t>> group_overlapping(const std::vector<KeyedPeriod>& periods, int64_t gap) {
  std::vector<size_t> order(periods.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return std::pair(periods[a].key, periods[a].start.from) <
           std::pair(periods[b].key, periods[b].start.from);
  });
  std::vector<std::vector<size_t>> groups;
  Span span = {};
  int64_t key = -1;
  for (const size_t row : order) {
    const KeyedPeriod& p = periods[row];
    const bool can = p.key >= 0 && p.start.known();
    const Span next = span_of(p);
    if (can && p.key == key && next.start_hi <= span.end_lo + gap && span.start_hi <= next.end_lo + gap) {
      groups.back().push_back(row);
      span.end_lo = std::max(span.end_lo, next.end_lo);
      span.start_hi = std::min(span.start_hi, next.start_hi);
      continue;
    }
    groups.push_back({row});
    if (!can) continue;  // must not end the run of another period of the same key
    key = p.key;
    span = next;
  }
  for (std::vector<size_t>& group : groups) std::sort(group.begin(), group.end());
  std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a[0] < b[0]; });
  return groups;
}

}  // namespace sluis::importers
