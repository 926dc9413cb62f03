#include "relation/csv.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/utf8.h"

namespace sluis::relation {
namespace {

// Code points of the bytes 0x80..0x9F; 0 where Windows-1252 defines nothing.
constexpr std::array<uint16_t, 32> kCp1252 = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                              0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                              0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                              0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

// The delimiter that stands most often outside quotes; on a tie the earlier of ; tab ,
char most_frequent_delimiter(std::string_view header) {
  constexpr std::string_view kCandidates = ";\t,";
  std::array<size_t, 3> count = {};
  bool quoted = false;
  for (const char c : header) {
    if (c == '"') quoted = !quoted;
    const size_t i = kCandidates.find(c);
    if (!quoted && i != std::string_view::npos) ++count[i];
  }
  return kCandidates[static_cast<size_t>(std::max_element(count.begin(), count.end()) - count.begin())];
}

}  // namespace

CsvReader::CsvReader(std::unique_ptr<ByteSource> source, const CsvOptions& options, std::string file)
    : source_(std::move(source)), options_(options), file_(std::move(file)) {}

Result<CsvReader> CsvReader::open(std::unique_ptr<ByteSource> source, const CsvOptions& options,
                                  std::string file) {
  CsvReader reader(std::move(source), options, std::move(file));
  SLUIS_TRY(reader.look_at_header());
  SLUIS_TRY(reader.read_header());
  return reader;
}

int CsvReader::find(std::string_view name) const {
  const auto at = std::find(header_.begin(), header_.end(), name);
  return at == header_.end() ? -1 : static_cast<int>(at - header_.begin());
}

Error CsvReader::error(std::string id, std::vector<std::string> args) const {
  Error e;
  e.id = std::move(id);
  e.args = std::move(args);
  e.args.insert(e.args.begin(), std::to_string(rows_));
  e.file = file_;
  e.line = record_line_;
  return e;
}

int CsvReader::peek() {
  if (ahead_at_ < ahead_.size()) return static_cast<uint8_t>(ahead_[ahead_at_]);
  if (at_ == chunk_.size() && !ended_) {
    Result<std::string_view> next = source_->next();
    if (!next.ok()) failed_ = std::move(next).error();
    chunk_ = next.ok() ? *next : std::string_view();
    at_ = 0, ended_ = chunk_.empty();
  }
  return at_ < chunk_.size() ? static_cast<uint8_t>(chunk_[at_]) : kEnd;
}

int CsvReader::get() {
  const int c = peek();
  if (c == kEnd) return c;
  ahead_at_ < ahead_.size() ? ++ahead_at_ : ++at_;
  ++line_bytes_;
  if (c == '\n') ++line_;
  return c;
}

Status CsvReader::look_at_header() {
  rows_ = 1;
  std::string line;
  bool quoted = false;
  for (int c = peek(); c != kEnd; c = peek()) {
    if (line.size() == options_.max_line_bytes)
      return error("S1041.line", {std::to_string(options_.max_line_bytes)});
    at_ += 1;
    line += static_cast<char>(c);
    if (c == '"') quoted = !quoted;
    if (c == '\n' && !quoted) break;
  }
  if (failed_) return *failed_;
  if (line.starts_with("\xFF\xFE") || line.starts_with("\xFE\xFF")) return error("S1041.utf16");
  if (line.starts_with("\xEF\xBB\xBF")) {
    line.erase(0, 3);
    options_.cp1252 = false;
  }
  if (options_.delimiter == 0) options_.delimiter = most_frequent_delimiter(line);
  ahead_ = std::move(line);
  return {};
}

Status CsvReader::read_header() {
  std::vector<CsvField> fields;
  rows_ = 0;
  SLUIS_ASSIGN(const bool some, record(fields));
  rows_ = 1;
  if (!some || (fields.size() == 1 && fields[0].text.empty())) return error("S1041.no_header");
  std::set<std::string> seen;
  for (CsvField& field : fields) {
    if (options_.unique_header && field.text.empty()) return error("S1041.no_name");
    const bool is_new = seen.insert(field.text).second;
    if (options_.unique_header && !is_new) return error("S1041.name_twice", {safe_name(field.text)});
    header_.push_back(std::move(field.text));
  }
  return {};
}

Result<bool> CsvReader::next(std::vector<CsvField>& row) {
  SLUIS_ASSIGN(const bool some, record(row));
  if (!some) return false;
  const bool blank = row.size() == 1 && row[0].text.empty() && !row[0].quoted;
  if (blank && header_.size() > 1) {
    const Error here = error("S1041.blank");
    while (peek() == '\n' || peek() == '\r') get();
    if (peek() != kEnd) return here;
    if (failed_) return *failed_;
    return false;
  }
  if (row.size() != header_.size())
    return error("S1041.ragged", {std::to_string(row.size()), std::to_string(header_.size())});
  return true;
}

Result<bool> CsvReader::record(std::vector<CsvField>& row) {
  row.clear();
  record_line_ = line_;
  line_bytes_ = 0;
  if (peek() == kEnd) {
    if (failed_) return *failed_;
    return false;
  }
  if (++rows_ > options_.max_rows + 1) return error("S1041.rows", {std::to_string(options_.max_rows)});
  int ended_by = options_.delimiter;
  while (ended_by == options_.delimiter) {
    if (row.size() == options_.max_columns)
      return error("S1041.columns", {std::to_string(options_.max_columns)});
    SLUIS_TRY(field(row.emplace_back(), ended_by));
  }
  if (failed_) return *failed_;
  return true;
}

Status CsvReader::append(std::string& text, int c) const {
  if (line_bytes_ > options_.max_line_bytes)
    return error("S1041.line", {std::to_string(options_.max_line_bytes)});
  if (text.size() == options_.max_field_bytes)
    return error("S1041.field", {std::to_string(options_.max_field_bytes)});
  if (c == 0) return error("S1041.nul");
  text += static_cast<char>(c);
  return {};
}

Status CsvReader::field(CsvField& out, int& ended_by) {
  if (peek() == '"') {
    get();
    out.quoted = true;
    SLUIS_TRY(quoted_rest(out));
  }
  for (;;) {
    int c = get();
    if (c == '\r' && (peek() == '\n' || peek() == kEnd)) c = get();
    if (c == kEnd || c == '\n' || c == options_.delimiter) {
      ended_by = c;
      return finish(out);
    }
    if (out.quoted || c == '"') return error("S1041.quote");
    if (c == '\r') return error("S1041.cr");
    SLUIS_TRY(append(out.text, c));
  }
}

Status CsvReader::quoted_rest(CsvField& out) {
  for (;;) {
    const int c = get();
    if (c == kEnd) return failed_ ? *failed_ : error("S1041.open_quote");
    if (c == '"') {
      if (peek() != '"') return {};
      get();
    }
    SLUIS_TRY(append(out.text, c));
  }
}

Status CsvReader::finish(CsvField& out) const {
  if (!options_.cp1252) return sluis::is_utf8(out.text) ? Status() : error("S1041.utf8");
  std::optional<std::string> text = utf8_from_cp1252(out.text);
  if (!text) return error("S1041.cp1252");
  out.text = *std::move(text);
  return {};
}

Result<bool> is_utf8(ByteSource& source) {
  std::string rest;
  for (;;) {
    SLUIS_ASSIGN(const std::string_view chunk, source.next());
    if (chunk.empty()) return rest.empty();
    rest += chunk;
    rest.erase(0, utf8_prefix(rest));
    if (rest.size() > 3) return false;  // more than a sequence that the next chunk may complete
  }
}

std::optional<std::string> utf8_from_cp1252(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    const uint32_t code_point = byte >= 0x80 && byte < 0xA0 ? kCp1252[byte - 0x80] : byte;
    if (code_point == 0 && byte != 0) return std::nullopt;
    out += utf8_encode(code_point);
  }
  return out;
}

}  // namespace sluis::relation
