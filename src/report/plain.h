// The result for terminals and programs.
#pragma once

#include <string>
#include <vector>

#include "report/model.h"
#include "report/number.h"

namespace sluis::report {

// Aligned table of one output with its total and note, its statistics below; UTF-8, no colour, no control
// characters, lines may exceed 80 columns only for long headings. Numbers as the language writes them.
std::string render_output_text(const ResultModel& model, const Output& output, Language language);
// All outputs, headline first, signatures last.
std::string render_result_text(const ResultModel& model, Language language);

// The result as JSON, format sluis-figures/1 (docs/formats/result_files.md). Numbers unformatted, withheld
// numbers null; two spaces indentation, LF at the end.
std::string render_result_json(const ResultModel& model);

struct NamedText {
  std::string name, content;
};
enum class CsvStyle {
  kPlain,  // RFC 4180: comma, decimal point, CRLF, no BOM
  kDutch,  // for spreadsheets set to Dutch: semicolon, decimal comma, CRLF, UTF-8 BOM
};
// One <output>.csv per output (withheld numbers as the mark, no totals, no notes: a program reads it) and
// toelichting.txt with titles, notes, method, limits and hash.
std::vector<NamedText> render_result_csv(const ResultModel& model, CsvStyle style, Language language);

}  // namespace sluis::report
