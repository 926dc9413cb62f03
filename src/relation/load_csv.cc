#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <unordered_map>

#include "base/bytes.h"
#include "base/toml.h"
#include "base/utf8.h"
#include "relation/csv.h"
#include "relation/date.h"
#include "relation/decimal.h"
#include "relation/schema_toml.h"

namespace sluis::relation {
namespace {

constexpr uint64_t kMaxFileBytes = uint64_t{8} << 30;
constexpr size_t kMaxDomain = 65'536;

bool is_null(const CsvField& field) { return field.text.empty() && !field.quoted; }

std::optional<int64_t> parse_integer(std::string_view text) {
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const std::from_chars_result done = std::from_chars(text.data(), end, value);
  if (text.empty() || done.ec != std::errc() || done.ptr != end) return std::nullopt;
  return value;
}

// Written as a number is written: no leading zeros (those are codes), no "-0".
bool is_canonical_integer(std::string_view text) {
  const std::optional<int64_t> value = parse_integer(text);
  return value && std::to_string(*value) == text;
}

std::optional<int64_t> parse_boolean(std::string_view text) {
  if (text == "t" || text == "true") return 1;
  if (text == "f" || text == "false") return 0;
  return std::nullopt;
}

bool is_stored_date(std::string_view text) {
  const std::optional<int64_t> day = parse_iso_date(text);
  return day && *day >= kMinStoredDate && *day <= kMaxStoredDate;
}

// Written as a decimal is written: digits on both sides of the point, no leading zeros, at most 4 decimals.
std::optional<Decimal> canonical_decimal(std::string_view text) {
  const std::optional<Decimal> value = parse_decimal(text);
  if (!value || value->scale < 1 || value->scale > kMaxStoredScale) return std::nullopt;
  return decimal_text(value->value, value->scale) == text ? value : std::nullopt;
}

// The value at `scale`, if it has no more decimals than that and at most 18 digits.
std::optional<int64_t> decimal_at(std::string_view text, int scale) {
  const std::optional<Decimal> value = parse_decimal(text);
  if (!value || value->scale > scale) return std::nullopt;
  const int64_t most = power_of_ten(18) / power_of_ten(scale - value->scale);
  if (value->value >= most || value->value <= -most) return std::nullopt;
  return rescaled(value->value, value->scale, scale);
}

// What the first pass learns about a column.
struct Seen {
  const DeclaredColumn* declared = nullptr;
  bool nulls = false, any = false;
  bool integer = true, date = true, boolean = true;
  bool decimal = true;  // integers and decimals
  int scale = 0;        // most decimals seen
  int64_t lo = INT64_MAX, hi = INT64_MIN;
  int64_t decimal_lo = INT64_MAX, decimal_hi = INT64_MIN;  // at kMaxStoredScale, or at the declared scale
  std::set<std::string> texts;
  bool many = false;  // more different texts than a domain may have: no longer collected

  void add(const CsvField& field) {
    if (is_null(field)) {
      nulls = true;
      return;
    }
    any = true;
    const std::string& text = field.text;
    if (integer && !is_canonical_integer(text)) integer = false;
    if (date && !is_stored_date(text)) date = false;
    if (boolean && !parse_boolean(text)) boolean = false;
    if (const std::optional<int64_t> value = parse_integer(text)) {
      lo = std::min(lo, *value);
      hi = std::max(hi, *value);
    }
    add_decimal(text);
    if (many) return;
    texts.insert(text);
    if (texts.size() > kMaxDomain) many = true, texts.clear();
  }

  void add_decimal(const std::string& text) {
    const std::optional<int64_t> value =
        decimal_at(text, declared != nullptr ? declared->scale : kMaxStoredScale);
    const std::optional<Decimal> written = canonical_decimal(text);
    if (!value || (!written && !is_canonical_integer(text))) decimal = false;
    if (written) scale = std::max(scale, written->scale);
    if (!value) return;
    decimal_lo = std::min(decimal_lo, *value);
    decimal_hi = std::max(decimal_hi, *value);
  }

  Kind kind() const {
    if (declared != nullptr) return declared->kind;
    if (integer) return Kind::kInteger;  // also if every field is NULL
    if (date) return Kind::kDate;
    if (decimal && !boolean && scale > 0) return Kind::kDecimal;
    return boolean ? Kind::kBoolean : Kind::kCategory;
  }

  bool nullable() const { return declared != nullptr ? declared->nullable.value_or(nulls) : nulls; }
};

Error load_error(std::string id, std::vector<std::string> args, const std::string& file) {
  Error e;
  e.id = std::move(id), e.args = std::move(args), e.file = file;
  return e;
}

Type integer_type(const Seen& seen) {
  int64_t lo = seen.lo <= seen.hi ? seen.lo : 0, hi = seen.lo <= seen.hi ? seen.hi : 0;
  if (seen.declared != nullptr) {
    // One declared bound must not end up on the wrong side of the other one, read from the file.
    lo = seen.declared->lo.value_or(std::min(lo, seen.declared->hi.value_or(lo)));
    hi = seen.declared->hi.value_or(std::max(hi, lo));
  }
  return Type::integer(lo, hi);
}

Type decimal_type(const Seen& seen) {
  const bool any = seen.decimal_lo <= seen.decimal_hi;
  int64_t lo = any ? seen.decimal_lo : 0, hi = any ? seen.decimal_hi : 0;
  if (seen.declared == nullptr) {
    const int64_t unit = power_of_ten(kMaxStoredScale - seen.scale);
    return Type::decimal(lo / unit, hi / unit, seen.scale);
  }
  lo = seen.declared->lo.value_or(std::min(lo, seen.declared->hi.value_or(lo)));
  hi = seen.declared->hi.value_or(std::max(hi, lo));
  return Type::decimal(lo, hi, seen.declared->scale);
}

Result<Type> type_of(const Seen& seen, const std::string& name, const std::string& file) {
  switch (seen.kind()) {
    case Kind::kInteger:
      return integer_type(seen);
    case Kind::kDate:
      if (seen.declared == nullptr) return Type::date();
      return Type::date(seen.declared->lo.value_or(kMinStoredDate),
                        seen.declared->hi.value_or(kMaxStoredDate));
    case Kind::kBoolean:
      return Type::boolean();
    case Kind::kDecimal:
      return decimal_type(seen);
    case Kind::kCategory:
    case Kind::kNumeric:
      break;
  }
  if (seen.declared != nullptr && !seen.declared->domain.empty())
    return Type::category(seen.declared->domain);
  if (seen.many) return load_error("S1042.many", {safe_name(name), std::to_string(kMaxDomain)}, file);
  if (seen.texts.empty()) return Type::category({""});
  return Type::category({seen.texts.begin(), seen.texts.end()});
}

Result<std::vector<Seen>> first_pass(CsvReader& reader, const DeclaredTable* declared,
                                     const std::string& file) {
  std::vector<Seen> seen(reader.header().size());
  for (const std::string& name : reader.header())
    if (!is_plain_name(name)) return load_error("S1042.column_name", {safe_name(name)}, file);
  if (declared != nullptr) {
    for (const DeclaredColumn& column : declared->columns) {
      const int at = reader.find(column.name);
      if (at < 0) return load_error("S1042.no_column", {column.name}, file);
      seen[static_cast<size_t>(at)].declared = &column;
    }
  }
  std::vector<CsvField> row;
  for (;;) {
    SLUIS_ASSIGN(const bool more, reader.next(row));
    if (!more) return seen;
    for (size_t i = 0; i < row.size(); ++i) seen[i].add(row[i]);
  }
}

std::optional<int64_t> parse_value(const Type& type, const std::string& text) {
  switch (type.kind) {
    case Kind::kInteger:
      return parse_integer(text);
    case Kind::kDate:
      return parse_iso_date(text);
    case Kind::kBoolean:
      return parse_boolean(text);
    case Kind::kDecimal:
      return decimal_at(text, type.scale);
    case Kind::kCategory:
    case Kind::kNumeric:
      break;
  }
  const int64_t code = type.code(text);
  return code < 0 ? std::nullopt : std::optional(code);
}

Status store_field(const CsvField& field, const ColumnSchema& schema, Column& column, const CsvReader& at) {
  if (is_null(field)) {
    if (!schema.nullable) return at.error("S1042.null", {schema.name});
    column.push_null();
    return {};
  }
  const std::optional<int64_t> value = parse_value(schema.type, field.text);
  if (!value && schema.type.kind == Kind::kCategory) return at.error("S1042.domain", {schema.name});
  if (!value) return at.error("S1042.value", {schema.name, kind_name(schema.type.kind)});
  if (*value < schema.type.lo || *value > schema.type.hi) return at.error("S1042.range", {schema.name});
  column.push(*value);
  return {};
}

Status second_pass(CsvReader& reader, Table& table) {
  std::vector<CsvField> row;
  for (;;) {
    SLUIS_ASSIGN(const bool more, reader.next(row));
    if (!more) return {};
    if (row.size() != table.columns.size()) return reader.error("S1042.changed");
    for (size_t i = 0; i < row.size(); ++i)
      SLUIS_TRY(store_field(row[i], table.schema.columns[i], table.columns[i], reader));
    ++table.rows;
  }
}

// No more than `most` rows with the same values. NULLs are unequal, as in PostgreSQL.
Status check_limit(const Table& table, const std::vector<std::string>& key, uint64_t most,
                   const std::string& file) {
  std::vector<size_t> columns;
  std::string names;
  for (const std::string& name : key) {
    const int at = table.schema.find(name);
    if (at < 0) return load_error("S1042.no_column", {safe_name(name)}, file);
    columns.push_back(static_cast<size_t>(at));
    names += (names.empty() ? "" : ", ") + name;
  }
  std::unordered_map<std::string, uint64_t> seen;
  for (size_t row = 0; row < table.rows; ++row) {
    ByteWriter values;
    bool null = false;
    for (const size_t c : columns) {
      null |= table.columns[c].null[row] != 0;
      values.u64(static_cast<uint64_t>(table.columns[c].values[row]));
    }
    if (null || ++seen[std::string(as_text(values.view()))] <= most) continue;
    if (most == 1) return load_error("S1042.unique", {std::to_string(row + 2), names}, file);
    return load_error("S1042.at_most", {std::to_string(row + 2), names, std::to_string(most)}, file);
  }
  return {};
}

struct Directory {
  std::vector<std::string> files;  // names of the *.csv, sorted
  bool has_schema = false;
};

Result<Directory> list_directory(const std::string& path) {
  Directory out;
  std::error_code failed;
  std::filesystem::directory_iterator entries(path, failed), end;
  for (; !failed && entries != end; entries.increment(failed)) {
    const std::string name = entries->path().filename().string();
    if (name == "schema.toml") out.has_schema = true;
    if (entries->path().extension() == ".csv") out.files.push_back(name);
  }
  if (failed) return load_error("S1002.open", {failed.message()}, path);
  if (out.files.empty()) return load_error("S1042.no_files", {}, path);
  std::sort(out.files.begin(), out.files.end());
  return out;
}

Result<std::vector<DeclaredTable>> read_schema(const std::string& directory, const Directory& listing) {
  if (!listing.has_schema) return std::vector<DeclaredTable>();
  const std::string path = directory + "/schema.toml";
  SLUIS_ASSIGN(const std::string bytes, read_file(path, kMaxTomlBytes));
  SchemaToml schema = parse_schema_toml(bytes, path);
  if (!schema.errors.empty()) return schema.errors[0];
  for (const DeclaredTable& table : schema.tables)
    if (!std::binary_search(listing.files.begin(), listing.files.end(), table.file))
      return load_error("S1042.no_file", {table.name, safe_name(table.file)}, path);
  return std::move(schema.tables);
}

}  // namespace

Result<Table> load_csv(const OpenSource& source, const std::string& name, const std::string& file,
                       const DeclaredTable* declared) {
  Table table;
  table.schema.name = name;
  {
    SLUIS_ASSIGN(std::unique_ptr<ByteSource> bytes, source());
    SLUIS_ASSIGN(CsvReader reader, CsvReader::open(std::move(bytes), {}, file));
    SLUIS_ASSIGN(const std::vector<Seen> seen, first_pass(reader, declared, file));
    for (size_t i = 0; i < seen.size(); ++i) {
      SLUIS_ASSIGN(Type type, type_of(seen[i], reader.header()[i], file));
      table.schema.columns.push_back({reader.header()[i], std::move(type), seen[i].nullable()});
    }
  }
  table.columns.resize(table.schema.columns.size());
  SLUIS_ASSIGN(std::unique_ptr<ByteSource> bytes, source());
  SLUIS_ASSIGN(CsvReader reader, CsvReader::open(std::move(bytes), {}, file));
  SLUIS_TRY(second_pass(reader, table));
  if (declared == nullptr) return table;
  for (const std::vector<std::string>& key : declared->unique_keys)
    SLUIS_TRY(check_limit(table, key, 1, file));
  for (const KeyLimit& limit : declared->at_most)
    SLUIS_TRY(check_limit(table, limit.columns, limit.rows, file));
  table.schema.unique_keys = declared->unique_keys;
  table.schema.at_most = declared->at_most;
  return table;
}

Result<std::vector<Table>> load_csv_directory(const std::string& directory) {
  SLUIS_ASSIGN(const Directory listing, list_directory(directory));
  SLUIS_ASSIGN(const std::vector<DeclaredTable> declared, read_schema(directory, listing));
  std::vector<Table> tables;
  std::set<std::string> names;
  for (const std::string& file : listing.files) {
    const auto about =
        std::find_if(declared.begin(), declared.end(), [&](const auto& t) { return t.file == file; });
    const bool found = about != declared.end();
    const std::string name = found ? about->name : file.substr(0, file.size() - 4);
    const std::string path = directory + "/" + file;
    if (!is_plain_name(name)) return load_error("S1042.table_name", {safe_name(name)}, path);
    if (!names.insert(name).second) return load_error("S1042.table_twice", {name}, path);
    const OpenSource source = [&] { return open_file(path, kMaxFileBytes); };
    SLUIS_ASSIGN(Table table, load_csv(source, name, path, found ? &*about : nullptr));
    tables.push_back(std::move(table));
  }
  std::sort(tables.begin(), tables.end(),
            [](const Table& a, const Table& b) { return a.schema.name < b.schema.name; });
  return tables;
}

}  // namespace sluis::relation
