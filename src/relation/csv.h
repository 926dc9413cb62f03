// A strict, streaming reader of comma-, semicolon- or tab-separated text (RFC 4180 with LF or CRLF).
//
// Memory is bounded by one record, whatever the file. Refused with a row number: bytes that are not UTF-8,
// NUL, a quote inside an unquoted field, text after a closing quote, a quote that is never closed, a lone CR,
// rows with more or fewer fields than the header, names that stand twice in the header, lines, fields or
// files that are too large.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"

namespace sluis::relation {

struct CsvOptions {
  char delimiter = 0;         // ',' ';' or '\t'; 0: the one that the header line uses most
  bool cp1252 = false;        // bytes are Windows-1252 instead of UTF-8
  bool unique_header = true;  // refuse names that are empty or stand twice
  size_t max_line_bytes = 1024 * 1024;
  size_t max_field_bytes = 64 * 1024;
  size_t max_columns = 2000;
  uint64_t max_rows = 50'000'000;
};

struct CsvField {
  std::string text;     // UTF-8, quotes removed
  bool quoted = false;  // "" and nothing at all are different things: NULL is an unquoted empty field
};

class CsvReader {
 public:
  // Reads the header. `file` is the name used in errors. Errors: S1041.*, of the source.
  static Result<CsvReader> open(std::unique_ptr<ByteSource> source, const CsvOptions& options,
                                std::string file);

  const std::vector<std::string>& header() const { return header_; }
  // Position of a column, or -1.
  int find(std::string_view name) const;
  char delimiter() const { return options_.delimiter; }

  // Reads the next row into `row` (header().size() fields); false at the end. Blank lines are allowed at the
  // end only (in a file of one column they are rows).
  Result<bool> next(std::vector<CsvField>& row);

  // Of the row just read: its number as a spreadsheet shows it (the header is row 1), and the line where it
  // begins.
  uint64_t row_number() const { return rows_; }
  int line() const { return record_line_; }
  // An error at the row just read; {0} is the row number, then args.
  Error error(std::string id, std::vector<std::string> args = {}) const;

 private:
  CsvReader(std::unique_ptr<ByteSource> source, const CsvOptions& options, std::string file);
  Status read_header();
  // Skips a byte order mark, keeps the header line in ahead_ and chooses the delimiter by it.
  Status look_at_header();
  // Reads one record; false at the end of the file.
  Result<bool> record(std::vector<CsvField>& row);
  // Reads one field and the byte that ends it (kEnd, '\n' or the delimiter).
  Status field(CsvField& out, int& ended_by);
  Status quoted_rest(CsvField& out);
  // Decodes the bytes and checks them.
  Status finish(CsvField& out) const;
  Status append(std::string& text, int c) const;
  int peek();
  int get();

  static constexpr int kEnd = -1;  // of the file, or an error of the source (then failed_ is set)

  std::unique_ptr<ByteSource> source_;
  CsvOptions options_;
  std::string file_;
  std::vector<std::string> header_;
  std::string ahead_;  // bytes already taken from the source
  size_t ahead_at_ = 0;
  std::string_view chunk_;
  size_t at_ = 0;
  bool ended_ = false;
  std::optional<Error> failed_;
  uint64_t rows_ = 0;
  int line_ = 1, record_line_ = 1;
  size_t line_bytes_ = 0;
};

// Whether everything the source yields is well-formed UTF-8.
Result<bool> is_utf8(ByteSource& source);

// Windows-1252 as UTF-8; nothing for the five bytes that it leaves undefined.
std::optional<std::string> utf8_from_cp1252(std::string_view bytes);

}  // namespace sluis::relation
