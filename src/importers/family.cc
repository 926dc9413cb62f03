// ouder_kind: relations between children and their legal parents.
#include <algorithm>
#include <map>

#include "importers/facts.h"

namespace sluis::importers {
namespace {

using relation::BsnKind;

bool valid(const relation::Bsn& bsn) { return bsn.kind == BsnKind::kValid; }

// Rows of another municipality are left out; who says nothing about it is the owner's own.
void keep_own(ImportJob& job, std::vector<FamilyRow>& rows) {
  const std::string& own = job.options.owner_municipality;
  if (own.empty()) return;
  const size_t before = rows.size();
  std::erase_if(rows,
                [&](const FamilyRow& row) { return !row.municipality.empty() && row.municipality != own; });
  for (FamilyRow& row : rows) row.municipality = own;
  job.report.other_municipality = before - rows.size();
}

// An objecting child disappears; an objecting parent is no longer known, the child stays.
void remove_objectors(ImportJob& job, std::vector<FamilyRow>& rows) {
  std::set<int64_t> removed;
  const auto objects = [&](const relation::Bsn& bsn) {
    const bool found = valid(bsn) && job.objections.contains(bsn.value);
    if (found) removed.insert(bsn.value);
    return found;
  };
  std::erase_if(rows, [&](const FamilyRow& row) { return objects(row.child); });
  for (FamilyRow& row : rows)
    if (objects(row.parent)) row.parent = relation::Bsn();
  job.report.objections = removed.size();
}

// One row per child and parent; a child whose rows contradict each other is reported.
void merge_double(ImportJob& job, std::vector<FamilyRow>& rows) {
  struct About {
    std::optional<std::pair<int64_t, int64_t>> birth;
    std::string municipality;
  };
  std::map<int64_t, About> children;
  std::set<std::pair<int64_t, int64_t>> seen;
  const size_t before = rows.size();
  std::erase_if(rows, [&](const FamilyRow& row) {
    if (!valid(row.child)) return false;
    About about;
    if (row.birth) about.birth = {row.birth->earliest, row.birth->latest};
    about.municipality = row.municipality;
    const auto [first, is_new] = children.emplace(row.child.value, about);
    if (!is_new && (first->second.birth != about.birth || first->second.municipality != about.municipality))
      job.findings().remark("child_contradiction", {}, row.row);
    return valid(row.parent) && !seen.emplace(row.child.value, row.parent.value).second;
  });
  job.report.merged = before - rows.size();
}

// Age on 1 January of the column's year.
std::optional<int64_t> age(const FamilyRow& row, int year) {
  if (!row.birth) return std::nullopt;
  const std::optional<int> years = relation::age_on(*row.birth, *relation::day_number(year, 1, 1));
  if (!years || *years < 0 || *years > kMaxAge) return std::nullopt;
  return *years;
}

EventDate birth_days(const FamilyRow& row) {
  if (!row.birth || row.birth->precision == relation::DatePrecision::kUnborn) return {};
  return EventDate::of(*row.birth);
}

Cell family_cell(const FamilyRow& row, const RequestedColumn& column) {
  switch (static_cast<FamilyColumn>(column.index)) {
    case FamilyColumn::kOuder:
      return key_cell(row.parent);
    case FamilyColumn::kKind:
      return key_cell(row.child);
    case FamilyColumn::kLeeftijd:
      return optional_cell(age(row, column.year));
    case FamilyColumn::kGemeente:
      return row.municipality.empty() ? Cell() : Cell(row.municipality);
    case FamilyColumn::kGeboorteVan:
      return from_cell(birth_days(row));
    case FamilyColumn::kGeboorteTot:
      return to_cell(birth_days(row));
    case FamilyColumn::kSindsVan:
      return from_cell(row.since);
    case FamilyColumn::kSindsTot:
      return to_cell(row.since);
  }
  return {};
}

void report_ages(ImportJob& job, const std::vector<FamilyRow>& rows) {
  for (const RequestedColumn& column : job.columns) {
    if (static_cast<FamilyColumn>(column.index) != FamilyColumn::kLeeftijd) continue;
    const int64_t first = *relation::day_number(column.year, 1, 1);
    for (const FamilyRow& row : rows) {
      const std::optional<int> years = row.birth ? relation::age_on(*row.birth, first) : std::nullopt;
      if (!years)
        job.findings().remark("age_unknown", {column.name}, row.row);
      else if (*years < 0)
        job.findings().note("not_born", {column.name}, row.row);
      else if (*years > kMaxAge)
        job.findings().remark("age_outside", {column.name}, row.row);
    }
  }
}

void report_keys_and_dates(ImportJob& job, const std::vector<FamilyRow>& rows) {
  KeyCounts children, parents;
  children.column = "kind", parents.column = "ouder";
  DateCounts births, since;
  births.field = "geboortedatum", since.field = "sinds";
  const bool stored = job.wants(static_cast<size_t>(FamilyColumn::kGeboorteVan)) ||
                      job.wants(static_cast<size_t>(FamilyColumn::kGeboorteTot));
  for (const FamilyRow& row : rows) {
    children.add(row.child);
    parents.add(row.parent);
    since.add(row.since.quality);
    DateQuality quality = row.birth ? quality_of(*row.birth) : DateQuality::kAbsent;
    // A birth before 1900 gives an age like any other.
    if (quality == DateQuality::kOutside && !stored) quality = DateQuality::kFull;
    births.add(quality);
  }
  job.report.keys = {children, parents};
  job.report.dates = {births};
  if (job.wants(static_cast<size_t>(FamilyColumn::kSindsVan)) ||
      job.wants(static_cast<size_t>(FamilyColumn::kSindsTot)))
    job.report.dates.push_back(since);
}

enum CsvField : size_t { kChild, kParent, kBirth, kMunicipality, kSince };
constexpr CsvFieldName kCsvFields[] = {
    {"kind", true}, {"ouder", true}, {"geboortedatum", true}, {"gemeente", false}, {"sinds", false}};

Result<FamilyRow> read_row(ImportJob& job, const CsvDelivery& csv) {
  FamilyRow row;
  row.row = csv.reader.row_number();
  const int line = csv.reader.line();
  row.child = relation::parse_bsn(csv.text(kChild));
  row.parent = relation::parse_bsn(csv.text(kParent));
  if (const std::string_view birth = csv.text(kBirth); !birth.empty()) {
    row.birth = relation::parse_partial_date(birth, job.mapping.dates);
    if (!row.birth) return job.row_error("S1104.date", row.row, line, {"geboortedatum"});
  }
  SLUIS_ASSIGN(row.since, read_date(job, csv.text(kSince), {row.row, line, "sinds"}));
  const std::string_view municipality = csv.text(kMunicipality);
  row.municipality = municipality_code(municipality);
  if (!municipality.empty() && row.municipality.empty())
    job.findings().remark("municipality_unknown", {}, row.row);
  return row;
}

}  // namespace

Result<relation::Table> family_table(ImportJob& job, std::vector<FamilyRow> rows) {
  std::set<std::string> codes;
  for (const FamilyRow& row : rows)
    if (!row.municipality.empty()) codes.insert(row.municipality);
  list_municipalities(job.report, codes);
  keep_own(job, rows);
  job.report.read_rows = rows.size();
  report_keys_and_dates(job, rows);
  remove_objectors(job, rows);
  merge_double(job, rows);
  report_ages(job, rows);
  return build_table(job, rows.size(), [&](size_t row, const RequestedColumn& column) {
    return family_cell(rows[row], column);
  });
}

Result<relation::Table> import_family_csv(ImportJob& job) {
  job.report.format = "brp_csv";
  SLUIS_ASSIGN(CsvDelivery csv, open_csv(job, kCsvFields));
  std::vector<FamilyRow> rows;
  for (;;) {
    SLUIS_ASSIGN(const bool more, csv.next());
    if (!more) break;
    SLUIS_ASSIGN(FamilyRow row, read_row(job, csv));
    rows.push_back(std::move(row));
  }
  job.report.source_rows = rows.size();
  return family_table(job, std::move(rows));
}

}  // namespace sluis::importers
