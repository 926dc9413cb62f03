#include "importers/report.h"

#include <algorithm>

namespace sluis::importers {

using relation::BsnKind;
using relation::DatePrecision;

void KeyCounts::add(const relation::Bsn& bsn) {
  valid += bsn.kind == BsnKind::kValid ? 1 : 0;
  empty += bsn.kind == BsnKind::kEmpty ? 1 : 0;
  invalid += bsn.kind == BsnKind::kInvalid ? 1 : 0;
  placeholder += bsn.kind == BsnKind::kPlaceholder ? 1 : 0;
  padded += bsn.kind == BsnKind::kValid && bsn.padded ? 1 : 0;
  sample += bsn.sample ? 1 : 0;
  test_range += bsn.test_range ? 1 : 0;
}

DateQuality quality_of(const relation::PartialDate& date) {
  switch (date.precision) {
    case DatePrecision::kUnknown:
      return DateQuality::kUnknown;
    case DatePrecision::kUnborn:
      return DateQuality::kUnborn;
    default:
      break;
  }
  if (!date.storable()) return DateQuality::kOutside;
  switch (date.precision) {
    case DatePrecision::kMonth:
      return DateQuality::kMonth;
    case DatePrecision::kYear:
      return DateQuality::kYear;
    case DatePrecision::kMonthUnknown:
      return DateQuality::kMonthUnknown;
    default:
      return DateQuality::kFull;
  }
}

uint64_t DateCounts::incomplete() const {
  return count(DateQuality::kMonth) + count(DateQuality::kYear) + count(DateQuality::kMonthUnknown) +
         count(DateQuality::kUnknown) + count(DateQuality::kOutside);
}

void Findings::add(Weight weight, bool schema, std::string id, std::vector<std::string> args, uint64_t row,
                   uint64_t count) {
  constexpr size_t kRowsShown = 5;
  auto at =
      std::find_if(all_.begin(), all_.end(), [&](const Finding& f) { return f.id == id && f.args == args; });
  // Hostile files must not make a list without end; what does not fit is counted under its id alone.
  constexpr size_t kMaxKinds = 500;
  if (at == all_.end() && all_.size() >= kMaxKinds) {
    args = {"..."};
    at = std::find_if(all_.begin(), all_.end(),
                      [&](const Finding& f) { return f.id == id && f.args == args; });
  }
  if (at == all_.end()) {
    all_.push_back({std::move(id), std::move(args), weight, schema, 0, {}});
    at = all_.end() - 1;
  }
  at->count += count;
  const bool repeated = !at->rows.empty() && at->rows.back() == row;
  if (row > 0 && !repeated && at->rows.size() < kRowsShown) at->rows.push_back(row);
}

uint64_t Findings::schema_total() const {
  uint64_t n = 0;
  for (const Finding& f : all_) n += f.schema ? f.count : 0;
  return n;
}

uint64_t Findings::count(const std::string& id) const {
  uint64_t n = 0;
  for (const Finding& f : all_) n += f.id == id ? f.count : 0;
  return n;
}

uint64_t DeliveryReport::remarks() const {
  return static_cast<uint64_t>(std::count_if(findings.all().begin(), findings.all().end(),
                                             [](const Finding& f) { return f.weight != Weight::kNote; }));
}

Verdict DeliveryReport::verdict() const {
  const bool problem = std::any_of(findings.all().begin(), findings.all().end(),
                                   [](const Finding& f) { return f.weight == Weight::kProblem; });
  if (problem) return Verdict::kNotInOrder;
  return remarks() > 0 ? Verdict::kInOrderWithRemarks : Verdict::kInOrder;
}

void judge(DeliveryReport& report) {
  Findings& findings = report.findings;
  if (report.read_rows == 0) findings.problem("no_rows", {});
  for (size_t i = 0; i < report.keys.size() && report.read_rows > 0; ++i) {
    const KeyCounts& key = report.keys[i];
    if (key.valid == 0)
      findings.problem("no_key", {key.column});
    else if (i == 0 && 2 * key.valid < key.total())
      findings.problem("few_keys", {key.column});
    // The first key is the counted unit. That a second one is empty (a parent is unknown) is no fault.
    const uint64_t unusable = key.invalid + key.placeholder + (i == 0 ? key.empty : 0);
    if (unusable > 0) findings.remark("key_unusable", {key.column}, 0, unusable);
    if (key.padded > 0) findings.remark("key_padded", {key.column}, 0, key.padded);
    if (key.sample > 0) findings.remark("key_sample", {key.column}, 0, key.sample);
    if (key.test_range > 0) findings.note("key_test_range", {key.column}, 0, key.test_range);
  }
  for (const DateCounts& date : report.dates)
    if (date.incomplete() > 0) findings.remark("date_incomplete", {date.field}, 0, date.incomplete());
  if (report.objections_file && report.objections == 0) findings.note("no_objector_found", {});
}

Status usable(const DeliveryReport& report) {
  Error e;
  e.file = report.file;
  e.id = "S1103.no_rows";
  if (report.read_rows == 0) return e;
  e.id = "S1103.no_key";
  for (const KeyCounts& key : report.keys) {
    e.args = {key.column};
    if (key.valid == 0) return e;
  }
  return {};
}

}  // namespace sluis::importers
