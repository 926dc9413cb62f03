// Directories of CSV files for rehearsal: `schema.toml` (optional) says what the files themselves do not.
// Format: docs/formats/schema_toml.md.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"
#include "relation/table.h"

namespace sluis::relation {

// What schema.toml says about one column; what it leaves out is read from the file.
struct DeclaredColumn {
  std::string name;
  Kind kind = Kind::kInteger;
  std::optional<int64_t> lo, hi;    // kInteger, kDate, kDecimal (in units of 10^-scale)
  int scale = 0;                    // kDecimal
  std::vector<std::string> domain;  // kCategory; empty: the values in the file
  std::optional<bool> nullable;
};

struct DeclaredTable {
  std::string name;
  std::string file;  // "person.csv", beside schema.toml
  std::vector<DeclaredColumn> columns;
  std::vector<std::vector<std::string>> unique_keys;
  std::vector<KeyLimit> at_most;
};

struct SchemaToml {
  std::vector<DeclaredTable> tables;  // empty if there are errors
  Errors errors;                      // all faults, in the order of the file
};
SchemaToml parse_schema_toml(std::string_view bytes, std::string_view file);

// Opens the same bytes anew each time it is called.
using OpenSource = std::function<Result<std::unique_ptr<ByteSource>>()>;

// Reads one CSV into a table, in two passes (types first). Without declaration a column is integer, date
// (YYYY-MM-DD), boolean (t, f, true, false), decimal (with a point and 1 to 4 decimals) or category, the
// first of these that all its values allow; bounds and domain are those of the values. An unquoted empty
// field is NULL, a quoted one is ''. Errors: S1041.*, S1042.* with row number; no value ever stands in an
// error.
Result<Table> load_csv(const OpenSource& source, const std::string& table, const std::string& file,
                       const DeclaredTable* declared = nullptr);

// Every *.csv of the directory as a table named after its file, sorted by name, with what schema.toml says.
// Errors: as load_csv(), S1002.*, S1042.*; the first fault of schema.toml.
Result<std::vector<Table>> load_csv_directory(const std::string& directory);

// A plain name that needs no quotes in SQL: a-z or _, then also 0-9, at most 63 bytes.
bool is_plain_name(std::string_view name);

}  // namespace sluis::relation
