// The delivery report: what a file holds, what is usable, what is shared. Counts only: no identifier, no
// value of a person ever enters it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "relation/bsn.h"
#include "relation/partial_date.h"
#include "text/text.h"

namespace sluis::importers {

// Kinds of BSN in one key column, over the rows that were read (before merging).
struct KeyCounts {
  std::string column;  // "ouder"
  uint64_t valid = 0, empty = 0, invalid = 0, placeholder = 0;
  uint64_t padded = 0;      // had lost leading zeros
  uint64_t sample = 0;      // numbers known from examples
  uint64_t test_range = 0;  // RvIG test persons

  void add(const relation::Bsn& bsn);
  uint64_t total() const { return valid + empty + invalid + placeholder; }
};

// How complete one date is.
enum class DateQuality : uint8_t {
  kFull,
  kMonth,         // day unknown
  kYear,          // day and month unknown
  kMonthUnknown,  // day and year known
  kUnknown,       // said to be unknown
  kUnborn,        // birth date of an unborn child
  kAbsent,        // nothing there
  kOutside,       // before 1900 or after 6 June 2079: counted as unknown, never wrapped
};
DateQuality quality_of(const relation::PartialDate& date);

// How complete one date field is, over the rows that were read.
struct DateCounts {
  std::string field;  // "aanmelding.startdatum"
  std::array<uint64_t, 8> by_quality{};

  void add(DateQuality quality) { ++by_quality[static_cast<size_t>(quality)]; }
  uint64_t count(DateQuality quality) const { return by_quality[static_cast<size_t>(quality)]; }
  // Dates of which part is not known. An absent date may be right (care that goes on): not counted.
  uint64_t incomplete() const;
};

enum class Weight : uint8_t {
  kNote,     // worth knowing
  kRemark,   // the owner should look at it
  kProblem,  // the delivery is not in order
};

// One kind of deviation, counted. Text: catalogue key "finding.<id>" with `args`.
struct Finding {
  std::string id;
  std::vector<std::string> args;  // field and column names, codes: never a person's value
  Weight weight = Weight::kRemark;
  bool schema = false;  // a deviation from the written form of the file
  uint64_t count = 0;
  std::vector<uint64_t> rows;  // numbers of the first few rows that show it
};

class Findings {
 public:
  void note(std::string id, std::vector<std::string> args, uint64_t row = 0, uint64_t count = 1) {
    add(Weight::kNote, false, std::move(id), std::move(args), row, count);
  }
  void remark(std::string id, std::vector<std::string> args, uint64_t row = 0, uint64_t count = 1) {
    add(Weight::kRemark, false, std::move(id), std::move(args), row, count);
  }
  void problem(std::string id, std::vector<std::string> args) {
    add(Weight::kProblem, false, std::move(id), std::move(args), 0, 1);
  }
  void schema(std::string id, std::vector<std::string> args, uint64_t row) {
    add(Weight::kRemark, true, std::move(id), std::move(args), row, 1);
  }
  const std::vector<Finding>& all() const { return all_; }
  // Sum of the counts of the schema findings.
  uint64_t schema_total() const;
  // Of one id, over all args.
  uint64_t count(const std::string& id) const;

 private:
  void add(Weight weight, bool schema, std::string id, std::vector<std::string> args, uint64_t row,
           uint64_t count);
  std::vector<Finding> all_;  // in the order of first appearance
};

enum class Verdict : uint8_t { kInOrder, kInOrderWithRemarks, kNotInOrder };

struct DeliveryReport {
  std::string profile;  // id
  std::string format;   // catalogue key of the file's form: "ddas", "brp_csv", "gbav", "bij_csv"
  std::string table;
  std::string file;  // base name, safe to show
  uint64_t file_bytes = 0;
  uint64_t deliveries = 0;                  // DDAS: `leveringen`; else 0
  std::vector<std::string> municipalities;  // codes that occur, sorted (at most 20; see municipality_count)
  uint64_t municipality_count = 0;
  uint64_t source_rows = 0;  // trajectories, relations, records, person lists in the file
  uint64_t read_rows = 0;    // rows of the table before anything was left out or merged
  uint64_t rows = 0;         // rows of the table
  std::vector<KeyCounts> keys;
  std::vector<DateCounts> dates;
  uint64_t merged = 0;              // rows that went into another row of the same person
  uint64_t other_municipality = 0;  // rows of another municipality, left out
  uint64_t left_out = 0;            // rows that are not of this table (protection measures), left out
  bool objections_file = false;
  uint64_t objections = 0;  // persons removed
  std::vector<std::string> fields_used, fields_not_shared;
  Findings findings;

  Verdict verdict() const;
  uint64_t remarks() const;  // findings with weight kRemark or more
};

// Adds the findings that follow from the counts: no rows, no usable key, unusable keys, incomplete dates.
void judge(DeliveryReport& report);

// Refused for sharing? S1103.no_rows, S1103.no_key (exit 3), else ok.
Status usable(const DeliveryReport& report);

// Text for a terminal, as in the manual; ends with a line end.
std::string report_text(text::Language language, const DeliveryReport& report);
// One self-contained page.
std::string report_html(text::Language language, const DeliveryReport& report);
// The value of "data" in `-o json`.
void report_json(JsonWriter& out, const DeliveryReport& report);

// "4.812" or "4,812".
std::string count_text(text::Language language, uint64_t n);

}  // namespace sluis::importers
