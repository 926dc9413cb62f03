// Any bytes as CSV: rows have as many fields as the header, every text is UTF-8, and chunks make no
// difference. Then as a rehearsal table: a table that loads keeps its own promises.
#include <cstdint>
#include <cstdlib>

#include "base/utf8.h"
#include "relation/csv.h"
#include "relation/schema_toml.h"

namespace {

using sluis::relation::CsvField;

std::string read_all(std::string_view text, size_t chunk, bool cp1252) {
  sluis::relation::CsvOptions options;
  options.cp1252 = cp1252;
  options.max_line_bytes = 4096;
  options.max_field_bytes = 512;
  auto reader =
      sluis::relation::CsvReader::open(std::make_unique<sluis::MemorySource>(text, chunk), options, "f");
  if (!reader.ok()) return reader.error().summary();
  std::string out;
  std::vector<CsvField> row;
  for (;;) {
    const sluis::Result<bool> more = reader->next(row);
    if (!more.ok()) return out + more.error().summary();
    if (!*more) return out;
    if (row.size() != reader->header().size()) std::abort();
    for (const CsvField& field : row) {
      if (!sluis::is_utf8(field.text)) std::abort();
      out += field.text + (field.quoted ? '\1' : '\2');
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool cp1252 : {false, true})
    if (read_all(text, 3, cp1252) != read_all(text, SIZE_MAX, cp1252)) std::abort();
  const sluis::relation::OpenSource source = [&]() -> sluis::Result<std::unique_ptr<sluis::ByteSource>> {
    return std::unique_ptr<sluis::ByteSource>(std::make_unique<sluis::MemorySource>(text));
  };
  const auto table = sluis::relation::load_csv(source, "t", "t.csv");
  if (!table.ok()) return 0;
  for (size_t c = 0; c < table->columns.size(); ++c) {
    const auto& [name, type, nullable] = table->schema.columns[c];
    if (table->columns[c].values.size() != table->rows) std::abort();
    for (size_t r = 0; r < table->rows; ++r) {
      if (table->columns[c].null[r] != 0 && !nullable) std::abort();
      if (table->columns[c].null[r] == 0 &&
          (table->columns[c].values[r] < type.lo || table->columns[c].values[r] > type.hi))
        std::abort();
    }
  }
  return 0;
}
