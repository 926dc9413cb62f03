// Beleidsinformatie Jeugd: youth care per child, form and period.
#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "importers/facts.h"

namespace sluis::importers {
namespace {

using relation::Type;

enum CsvField : size_t { kChild, kForm, kStart, kEnd, kReferrer, kReason, kMeasure };
constexpr CsvFieldName kCsvFields[] = {{"bsn", true},       {"hulpvorm", true},   {"aanvang", true},
                                       {"einde", true},     {"verwijzer", false}, {"reden_einde", false},
                                       {"maatregel", false}};

// Jeugdreclassering in the field `maatregel`: criminal data.
constexpr std::array<std::string_view, 7> kProbationMeasures = {"41", "42", "50", "51", "61", "62", "63"};

struct CareRow {
  relation::Bsn child;
  std::optional<int64_t> form, referrer, reason;
  EventDate start, end;
};

// Codes "01", "02", ... of a short list, as positions in the sorted domain.
std::optional<int64_t> listed(const std::vector<std::string>& list, const Type& type, std::string_view code) {
  if (code.empty() || code.size() > 2) return std::nullopt;
  size_t number = 0;
  for (const char c : code) {
    if (c < '0' || c > '9') return std::nullopt;
    number = 10 * number + static_cast<size_t>(c - '0');
  }
  if (number == 0 || number > list.size()) return std::nullopt;
  return type.code(list[number - 1]);
}

class CareReader {
 public:
  CareReader(ImportJob& job, CsvDelivery& csv) : job_(job), csv_(csv) {}

  // Reads the current row; nothing if it is a protection measure.
  Result<std::optional<CareRow>> read() {
    SLUIS_TRY(refuse_probation());
    const std::string_view code = csv_.text(kForm);
    if (code.empty() && !csv_.text(kMeasure).empty()) {
      ++job_.report.left_out;
      return std::optional<CareRow>();
    }
    CareRow row;
    row.child = relation::parse_bsn(csv_.text(kChild));
    SLUIS_ASSIGN(row.form, form(code));
    SLUIS_ASSIGN(row.start, date(kStart, "aanvang"));
    SLUIS_ASSIGN(row.end, date(kEnd, "einde"));
    row.referrer = list_value(kReferrer, "verwijzer", kReferrers, referrer_type_);
    row.reason = list_value(kReason, "reden_einde", kEndReasons, reason_type_);
    settle_dates(row);
    return std::optional(row);
  }

 private:
  uint64_t row_number() const { return csv_.reader.row_number(); }

  Status refuse_probation() const {
    const std::string_view measure = csv_.text(kMeasure);
    const bool probation =
        std::find(kProbationMeasures.begin(), kProbationMeasures.end(), measure) != kProbationMeasures.end();
    if (probation) return job_.row_error("S1108.probation", row_number(), csv_.reader.line());
    return {};
  }

  Result<std::optional<int64_t>> form(std::string_view code) {
    if (code.empty()) {
      job_.findings().remark("form_empty", {}, row_number());
      return std::optional<int64_t>();
    }
    const CareCode care = care_code(job_.mapping, code);
    switch (care.kind) {
      case CodeKind::kCareForm:
        return std::optional(form_type_.code(care.form));
      case CodeKind::kOtherList:
        return job_.row_error("S1107.mixed", row_number(), csv_.reader.line());
      case CodeKind::kProbation:
        return job_.row_error("S1108.probation", row_number(), csv_.reader.line());
      case CodeKind::kUnknown:
        break;
    }
    // A code has few characters; anything longer could be data in the wrong column.
    constexpr size_t kMaxCode = 6;
    const std::string shown = code.size() <= kMaxCode ? safe_name(code) : "...";
    job_.findings().remark("form_unknown", {shown}, row_number());
    return std::optional<int64_t>();
  }

  Result<EventDate> date(CsvField field, std::string_view name) const {
    return read_date(job_, csv_.text(field), {row_number(), csv_.reader.line(), name});
  }

  std::optional<int64_t> list_value(CsvField field, const char* name, const std::vector<std::string>& list,
                                    const Type& type) {
    const std::string_view code = csv_.text(field);
    const std::optional<int64_t> value = listed(list, type, code);
    if (!value && !code.empty()) job_.findings().remark("code_unknown", {name}, row_number());
    return value;
  }

  // The record exists, so the care began; it began no later than it ended.
  void settle_dates(CareRow& row) {
    if (row.start.state == EventDate::State::kNone) {
      row.start = EventDate::unknown(DateQuality::kAbsent);
      job_.findings().remark("start_absent", {}, row_number());
    }
    if (row.start.known() && row.end.known() && row.end.to < row.start.from)
      job_.findings().remark("end_before_start", {}, row_number());
    else if (!row.start.known() && row.end.known())
      row.start.to = row.end.to;
  }

  ImportJob& job_;
  CsvDelivery& csv_;
  const Type form_type_ = Type::category(kCareForms), referrer_type_ = Type::category(kReferrers),
             reason_type_ = Type::category(kEndReasons);
};

// Providers see the same children as clients of one register: a header that names probation is refused before
// any row is read.
Status refuse_probation_header(const ImportJob& job, const std::vector<std::string>& header) {
  for (std::string name : header) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    if (name.find("reclassering") != std::string::npos) return job.row_error("S1108.probation", 1, 1);
  }
  return {};
}

void remove_objectors(ImportJob& job, std::vector<CareRow>& rows) {
  std::set<int64_t> removed;
  std::erase_if(rows, [&](const CareRow& row) {
    const bool objects =
        row.child.kind == relation::BsnKind::kValid && job.objections.contains(row.child.value);
    if (objects) removed.insert(row.child.value);
    return objects;
  });
  job.report.objections = removed.size();
}

// Stays of one child in one form that overlap or follow each other without a day between are one stay. An
// end is the day after the last night, a start the day after the first: the next stay may start a day later.
std::vector<CareRow> join_stays(ImportJob& job, const std::vector<CareRow>& rows) {
  constexpr int64_t kNextDay = 1;
  constexpr int64_t kForms = 100;
  std::vector<KeyedPeriod> periods;
  for (const CareRow& row : rows) {
    KeyedPeriod p;
    if (row.child.kind == relation::BsnKind::kValid && row.form) p.key = row.child.value * kForms + *row.form;
    p.start = row.start;
    p.end = row.end;
    periods.push_back(p);
  }
  std::vector<CareRow> out;
  for (const std::vector<size_t>& group : group_overlapping(periods, kNextDay)) {
    CareRow merged = rows[group[0]];
    for (const size_t i : std::span(group).subspan(1)) {
      const CareRow& row = rows[i];
      // Who referred belongs to the first start, why it ended to the last end.
      if (row.start.from < merged.start.from && row.referrer) merged.referrer = row.referrer;
      if (!merged.referrer) merged.referrer = row.referrer;
      if (row.end.state == EventDate::State::kNone || row.end.to > merged.end.to) merged.reason = row.reason;
      merged.start = earliest(merged.start, row.start);
      merged.end = latest_or_none(merged.end, row.end);
    }
    out.push_back(merged);
  }
  job.report.merged = rows.size() - out.size();
  return out;
}

Cell care_cell(const CareRow& row, const RequestedColumn& column) {
  switch (static_cast<CareColumn>(column.index)) {
    case CareColumn::kKind:
      return key_cell(row.child);
    case CareColumn::kHulpvorm:
      return optional_cell(row.form);
    case CareColumn::kAanvangVan:
      return from_cell(row.start);
    case CareColumn::kAanvangTot:
      return to_cell(row.start);
    case CareColumn::kEindeVan:
      return from_cell(row.end);
    case CareColumn::kEindeTot:
      return to_cell(row.end);
    case CareColumn::kVerwijzer:
      return optional_cell(row.referrer);
    case CareColumn::kRedenEinde:
      return optional_cell(row.reason);
  }
  return {};
}

void report_counts(ImportJob& job, const std::vector<CareRow>& rows) {
  KeyCounts keys;
  keys.column = "kind";
  DateCounts starts, ends;
  starts.field = "aanvang", ends.field = "einde";
  for (const CareRow& row : rows) {
    keys.add(row.child);
    starts.add(row.start.quality);
    ends.add(row.end.quality);
  }
  job.report.keys = {keys};
  job.report.dates = {starts};
  if (job.wants(static_cast<size_t>(CareColumn::kEindeVan)) ||
      job.wants(static_cast<size_t>(CareColumn::kEindeTot)))
    job.report.dates.push_back(ends);
}

}  // namespace

Result<relation::Table> import_care(ImportJob& job) {
  job.report.format = "bij_csv";
  SLUIS_ASSIGN(CsvDelivery csv, open_csv(job, kCsvFields));
  SLUIS_TRY(refuse_probation_header(job, csv.reader.header()));
  std::vector<CareRow> rows;
  CareReader reader(job, csv);
  for (;;) {
    SLUIS_ASSIGN(const bool more, csv.next());
    if (!more) break;
    ++job.report.source_rows;
    SLUIS_ASSIGN(const std::optional<CareRow> row, reader.read());
    if (row) rows.push_back(*row);
  }
  job.report.read_rows = rows.size();
  report_counts(job, rows);
  remove_objectors(job, rows);
  const std::vector<CareRow> stays = join_stays(job, rows);
  return build_table(job, stays.size(), [&](size_t row, const RequestedColumn& column) {
    return care_cell(stays[row], column);
  });
}

}  // namespace sluis::importers
