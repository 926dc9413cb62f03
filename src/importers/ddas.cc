// DDAS-SHV 1.0: debt counselling trajectories, one row per client.
#include <algorithm>
#include <limits>

#include "base/utf8.h"
#include "importers/ddas_form.h"
#include "importers/facts.h"

namespace sluis::importers {
namespace {

using relation::Type;

constexpr std::string_view kRegisteredField = "aanmelding.startdatum", kStartField = "startdatum",
                           kEndField = "einddatum", kOutflowField = "uitstroom.datum";

struct DebtRow {
  relation::Bsn client;
  std::string municipality;  // empty: unknown
  EventDate registered, start, end, outflow;
  std::optional<int64_t> crisis, solution, outflow_reason, amount;
};

const JsonValue* member(const JsonValue& object, std::string_view outer, std::string_view inner) {
  const JsonValue* found = object.find(outer);
  return found == nullptr ? nullptr : found->find(inner);
}

// The text of a value; digits of a number (some systems write a BSN or a date as a number); else empty.
std::string text_of(const JsonValue* value) {
  if (value == nullptr) return {};
  if (value->is(JsonValue::Kind::kString)) return value->text;
  return value->is(JsonValue::Kind::kInteger) ? std::to_string(value->integer) : std::string();
}

std::optional<int64_t> code_of(const JsonValue* value, const Type& type) {
  const int64_t code = type.code(text_of(value));
  return code < 0 ? std::nullopt : std::optional(code);
}

class DdasReader {
 public:
  explicit DdasReader(ImportJob& job) : job_(job) {}

  Status trajectory(const JsonValue& value) {
    ++trajectories_;
    check_ddas_trajectory(value, trajectories_, job_.findings());
    if (!value.is(JsonValue::Kind::kObject)) return {};
    SLUIS_ASSIGN(const DebtRow common, common_facts(value));
    const JsonValue* clients = value.find("client");
    const bool none = clients == nullptr || !clients->is(JsonValue::Kind::kArray) || clients->items.empty();
    if (none) {
      job_.findings().remark("no_client", {}, trajectories_);
      rows_.push_back(common);
      return {};
    }
    for (const JsonValue& client : clients->items) {
      rows_.push_back(common);
      rows_.back().client = relation::parse_bsn(text_of(client.find("Burgerservicenummer")));
    }
    return {};
  }

  std::vector<DebtRow> take_rows() { return std::move(rows_); }
  uint64_t trajectories() const { return trajectories_; }
  const std::set<std::string>& municipalities() const { return municipalities_; }

 private:
  Result<DebtRow> common_facts(const JsonValue& t) {
    static const Type kSolutions = Type::category(kSolutionKinds), kReasons = Type::category(kOutflowReasons);
    DebtRow row;
    row.municipality = municipality(text_of(t.find("gemeentecode")));
    SLUIS_ASSIGN(row.registered, date(kRegisteredField, member(t, "aanmelding", "startdatum")));
    SLUIS_ASSIGN(row.start, date(kStartField, t.find("startdatum")));
    SLUIS_ASSIGN(row.end, date(kEndField, t.find("einddatum")));
    SLUIS_ASSIGN(row.outflow, date(kOutflowField, member(t, "uitstroom", "datum")));
    // The trajectory exists, so the registration happened.
    if (row.registered.state == EventDate::State::kNone)
      row.registered = EventDate::unknown(DateQuality::kAbsent);
    const JsonValue* crisis = member(t, "aanmelding", "crisisinterventie");
    if (crisis != nullptr && crisis->is(JsonValue::Kind::kBoolean)) row.crisis = crisis->boolean ? 1 : 0;
    row.solution = code_of(member(t, "oplossing", "soort"), kSolutions);
    row.outflow_reason = code_of(member(t, "uitstroom", "reden"), kReasons);
    const JsonValue* amount = t.find("totaalSchuldbedragBijAanvangSchuld");
    if (amount != nullptr && amount->is(JsonValue::Kind::kInteger)) {
      if (amount->integer >= 0 && amount->integer <= kMaxDebt)
        row.amount = amount->integer;
      else
        job_.findings().remark("amount_outside", {}, trajectories_);
    }
    return row;
  }

  Result<EventDate> date(std::string_view field, const JsonValue* value) {
    return read_date(job_, text_of(value), {trajectories_, value == nullptr ? 0 : value->line, field});
  }

  std::string municipality(const std::string& text) {
    const std::string code = municipality_code(text);
    if (code.empty())
      job_.findings().remark("municipality_unknown", {}, trajectories_);
    else if (code != text)
      job_.findings().remark("municipality_form", {}, trajectories_);
    if (!code.empty()) municipalities_.insert(code);
    return code;
  }

  ImportJob& job_;
  uint64_t trajectories_ = 0;
  std::vector<DebtRow> rows_;
  std::set<std::string> municipalities_;
};

// Leaves out the rows of other municipalities. A row without municipality belongs to the owner only if nobody
// else's rows are in the file.
void keep_own(ImportJob& job, const std::set<std::string>& in_file, std::vector<DebtRow>& rows) {
  const std::string& own = job.options.owner_municipality;
  if (own.empty()) return;
  const bool alone = in_file.empty() || (in_file.size() == 1 && in_file.contains(own));
  const size_t before = rows.size();
  std::erase_if(
      rows, [&](const DebtRow& row) { return row.municipality.empty() ? !alone : row.municipality != own; });
  for (DebtRow& row : rows) row.municipality = own;
  job.report.other_municipality = before - rows.size();
}

void remove_objectors(ImportJob& job, std::vector<DebtRow>& rows) {
  std::set<int64_t> removed;
  std::erase_if(rows, [&](const DebtRow& row) {
    const bool objects =
        row.client.kind == relation::BsnKind::kValid && job.objections.contains(row.client.value);
    if (objects) removed.insert(row.client.value);
    return objects;
  });
  job.report.objections = removed.size();
}

// When the trajectory ran, for finding double ones.
KeyedPeriod period_of(const DebtRow& row) {
  KeyedPeriod p;
  if (row.client.kind == relation::BsnKind::kValid) p.key = row.client.value;
  p.start = row.start.known() ? row.start : row.registered;
  p.end = row.end.state != EventDate::State::kNone ? row.end : row.outflow;
  // A registration without start or end says that it happened, not that it goes on: it must not swallow what
  // came years later.
  if (p.end.state == EventDate::State::kNone && !row.start.known()) p.end = row.registered;
  return p;
}

DebtRow merge(const std::vector<DebtRow>& rows, const std::vector<size_t>& group, Findings& findings) {
  DebtRow merged = rows[group[0]];
  for (const size_t i : std::span(group).subspan(1)) {
    const DebtRow& row = rows[i];
    if (row.municipality != merged.municipality) findings.note("merged_municipalities", {});
    if (merged.municipality.empty()) merged.municipality = row.municipality;
    merged.registered = earliest(merged.registered, row.registered);
    merged.start = earliest(merged.start, row.start);
    merged.end = latest_or_none(merged.end, row.end);
    merged.outflow = latest_or_none(merged.outflow, row.outflow);
    if (row.crisis) merged.crisis = std::max(merged.crisis.value_or(0), *row.crisis);
    if (row.solution) merged.solution = row.solution;
    if (row.outflow_reason) merged.outflow_reason = row.outflow_reason;
    if (!merged.amount) merged.amount = row.amount;
  }
  return merged;
}

std::vector<DebtRow> merge_double(ImportJob& job, const std::vector<DebtRow>& rows) {
  std::vector<KeyedPeriod> periods;
  for (const DebtRow& row : rows) periods.push_back(period_of(row));
  std::vector<DebtRow> out;
  for (const std::vector<size_t>& group : group_overlapping(periods, 0))
    out.push_back(merge(rows, group, job.findings()));
  job.report.merged = rows.size() - out.size();
  return out;
}

Cell debt_cell(const DebtRow& row, const RequestedColumn& column) {
  switch (static_cast<DebtColumn>(column.index)) {
    case DebtColumn::kOuder:
      return key_cell(row.client);
    case DebtColumn::kAanmeldingVan:
      return from_cell(row.registered);
    case DebtColumn::kAanmeldingTot:
      return to_cell(row.registered);
    case DebtColumn::kGemeente:
      return row.municipality.empty() ? Cell() : Cell(row.municipality);
    case DebtColumn::kStartVan:
      return from_cell(row.start);
    case DebtColumn::kStartTot:
      return to_cell(row.start);
    case DebtColumn::kEindeVan:
      return from_cell(row.end);
    case DebtColumn::kEindeTot:
      return to_cell(row.end);
    case DebtColumn::kCrisis:
      return optional_cell(row.crisis);
    case DebtColumn::kOplossing:
      return optional_cell(row.solution);
    case DebtColumn::kUitstroomReden:
      return optional_cell(row.outflow_reason);
    case DebtColumn::kUitstroomVan:
      return from_cell(row.outflow);
    case DebtColumn::kUitstroomTot:
      return to_cell(row.outflow);
    case DebtColumn::kSchuldbedrag:
      return optional_cell(row.amount);
  }
  return {};
}

void report_fields(ImportJob& job) {
  std::set<std::string> used;
  for (const RequestedColumn& request : job.columns)
    for (const std::string& field : job.profile.columns[request.index].sources) used.insert(field);
  for (const std::string& field : job.profile.fields)
    (used.contains(field) ? job.report.fields_used : job.report.fields_not_shared).push_back(field);
}

// Completeness of the dates that are shared.
void report_dates(ImportJob& job, const std::vector<DebtRow>& rows) {
  struct Dated {
    DebtColumn van, tot;
    std::string_view field;
    EventDate DebtRow::* date;
  };
  for (const Dated& d :
       {Dated{DebtColumn::kAanmeldingVan, DebtColumn::kAanmeldingTot, kRegisteredField, &DebtRow::registered},
        Dated{DebtColumn::kStartVan, DebtColumn::kStartTot, kStartField, &DebtRow::start},
        Dated{DebtColumn::kEindeVan, DebtColumn::kEindeTot, kEndField, &DebtRow::end},
        Dated{DebtColumn::kUitstroomVan, DebtColumn::kUitstroomTot, kOutflowField, &DebtRow::outflow}}) {
    if (!job.wants(static_cast<size_t>(d.van)) && !job.wants(static_cast<size_t>(d.tot))) continue;
    DateCounts counts;
    counts.field = d.field;
    for (const DebtRow& row : rows) counts.add((row.*d.date).quality);
    job.report.dates.push_back(std::move(counts));
  }
}

// Is this DDAS at all? S1102.signals, S1102.not_ddas.
Status check_kind(const ImportJob& job, const JsonValue& root) {
  const JsonValue* deliveries = root.find("leveringen");
  Error e;
  e.file = job.path;
  e.id = "S1102.not_ddas";
  if (deliveries == nullptr || !deliveries->is(JsonValue::Kind::kArray)) return e;
  e.id = "S1102.signals";
  for (const JsonValue& delivery : deliveries->items)
    if (delivery.find("vroegsignalen") != nullptr) return e;
  return {};
}

}  // namespace

Result<relation::Table> import_ddas(ImportJob& job) {
  JsonLimits limits;
  limits.max_bytes = uint64_t{4} << 30;
  limits.max_values = 200'000;  // of one trajectory, and of everything around them
  limits.allow_bom = true;
  DdasReader reader(job);
  JsonStream stream{{"leveringen", "schuldhulptrajecten"},
                    [&](JsonValue& trajectory) { return reader.trajectory(trajectory); }};
  SLUIS_ASSIGN(const std::unique_ptr<ByteSource> source, open_file(job.path, limits.max_bytes));
  SLUIS_ASSIGN(const JsonValue root, parse_json(*source, limits, job.path, &stream));
  SLUIS_TRY(check_kind(job, root));
  check_ddas_envelope(root, job.findings());

  DeliveryReport& report = job.report;
  report.format = "ddas";
  report.deliveries = root.find("leveringen")->items.size();
  report.source_rows = reader.trajectories();
  list_municipalities(report, reader.municipalities());
  report_fields(job);

  std::vector<DebtRow> rows = reader.take_rows();
  keep_own(job, reader.municipalities(), rows);
  report.read_rows = rows.size();
  KeyCounts keys;
  keys.column = "ouder";
  for (const DebtRow& row : rows) keys.add(row.client);
  report.keys = {keys};
  report_dates(job, rows);
  remove_objectors(job, rows);
  const std::vector<DebtRow> merged = merge_double(job, rows);
  return build_table(job, merged.size(), [&](size_t row, const RequestedColumn& column) {
    return debt_cell(merged[row], column);
  });
}

}  // namespace sluis::importers
