// What the importers read before a table is made: rows with everything a profile offers. Internal to this
// folder.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "importers/import.h"
#include "importers/mapping.h"
#include "relation/bsn.h"
#include "relation/csv.h"
#include "relation/partial_date.h"

namespace sluis::importers {

// The day on which something happened, as far as known.
struct EventDate {
  enum class State : uint8_t {
    kNone,     // did not happen, or has not yet: both columns NULL
    kKnown,    // between `from` and `to`
    kUnknown,  // happened, nobody knows when: from the first to the last day that a column can hold
  };
  State state = State::kNone;
  DateQuality quality = DateQuality::kAbsent;  // of the text it was read from
  int64_t from = relation::kMinStoredDate, to = relation::kMaxStoredDate;

  static EventDate unknown(DateQuality quality) { return {.state = State::kUnknown, .quality = quality}; }
  static EventDate of(const relation::PartialDate& date);
  bool known() const { return state == State::kKnown; }
};

// Earliest of several dates of one event: what is known wins over what is not.
EventDate earliest(const EventDate& a, const EventDate& b);
// Latest; "has not happened" wins.
EventDate latest_or_none(const EventDate& a, const EventDate& b);

// A cell before it gets its column's type: NULL, a number (integer, day, boolean, code), or the text of an
// open category.
using Cell = std::variant<std::monostate, int64_t, std::string>;
Cell key_cell(const relation::Bsn& bsn);
Cell from_cell(const EventDate& date);
Cell to_cell(const EventDate& date);
Cell optional_cell(const std::optional<int64_t>& value);

// A relation between a child and one legal parent.
struct FamilyRow {
  relation::Bsn child, parent;
  std::optional<relation::PartialDate> birth;  // of the child
  std::string municipality;                    // "GM0363", empty if unknown
  EventDate since;
  uint64_t row = 0;
};

// Everything that one import works with.
struct ImportJob {
  const Profile& profile;
  const ImportOptions& options;
  std::string path;
  Mapping mapping;
  std::vector<RequestedColumn> columns;
  std::set<int64_t> objections;
  DeliveryReport report;

  Findings& findings() { return report.findings; }
  bool wants(size_t column) const;
  // An error at a row of the delivery; {0} is the row number.
  Error row_error(std::string id, uint64_t row, int line, std::vector<std::string> args = {}) const;
};

// Where a value stands in the delivery, for errors.
struct Place {
  uint64_t row = 0;
  int line = 0;
  std::string_view field;
};
// Reads one date. Empty text: kNone. What no calendar has is refused (S1104.date).
Result<EventDate> read_date(const ImportJob& job, std::string_view text, const Place& place);

// A CSV delivery with its columns found: `names` are fields of the profile; required ones must be there.
struct CsvDelivery {
  relation::CsvReader reader;
  std::vector<int> at;  // position of each of `names` in the header, or -1
  std::vector<relation::CsvField> row;

  // Text of names[field] in the current row without surrounding blanks; empty if the column is absent.
  std::string_view text(size_t field) const;
  Result<bool> next() { return reader.next(row); }
};
struct CsvFieldName {
  std::string_view name;
  bool required;
};
Result<CsvDelivery> open_csv(ImportJob& job, std::span<const CsvFieldName> names);
// Opens the file with the mapping's encoding and delimiter; unique_header as in CsvOptions.
Result<relation::CsvReader> open_csv_reader(const ImportJob& job, bool unique_header);

// "GM0363" from GM0363, 0363 or 363; empty for anything else ("Onbekend").
std::string municipality_code(std::string_view text);
// Records which codes occur.
void list_municipalities(DeliveryReport& report, const std::set<std::string>& codes);

// Makes the table of the requested columns from `rows` rows. Cells of a category that are not in its domain
// become NULL and a finding.
using MakeCell = std::function<Cell(size_t row, const RequestedColumn& column)>;
Result<relation::Table> build_table(ImportJob& job, size_t rows, const MakeCell& cell);

// Groups rows of one key whose periods overlap for certain.
struct KeyedPeriod {
  int64_t key = -1;      // below 0: stands alone
  EventDate start, end;  // end.state kNone: not ended
};
// Groups in the order of their first row, each with its rows in order. gap: days between an end and a start
// that still count as one period.
std::vector<std::vector<size_t>> group_overlapping(const std::vector<KeyedPeriod>& periods, int64_t gap);

// The importers; they fill in job.report except file, table and verdict.
Result<relation::Table> import_ddas(ImportJob& job);
Result<relation::Table> import_family_csv(ImportJob& job);
Result<relation::Table> import_gbav(ImportJob& job);
Result<relation::Table> import_care(ImportJob& job);
// The table of ouder_kind from relations: municipality rule, objections, double relations, ages.
Result<relation::Table> family_table(ImportJob& job, std::vector<FamilyRow> rows);
// Whether the header is that of the GBA-V person lists.
bool is_gbav_header(const std::vector<std::string>& header);

}  // namespace sluis::importers
