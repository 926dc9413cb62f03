#include "apps/result_table.h"

#include <algorithm>

namespace sluis::apps {
namespace {

using Row = std::vector<std::optional<std::string>>;

// Characters on screen of a UTF-8 text (good for Latin letters, which is what headings hold).
size_t width_of(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("-0123456789.") == std::string::npos;
}

std::string csv_field(const std::optional<std::string>& cell) {
  if (!cell) return {};
  if (!cell->empty() && cell->find_first_of("\",\r\n") == std::string::npos) return *cell;
  std::string quoted = "\"";
  for (const char c : *cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

void print_aligned(const Context& context, const sql::ResultTable& table) {
  std::vector<size_t> widths;
  std::vector<bool> right(table.columns.size(), true);
  for (const std::string& name : table.columns) widths.push_back(width_of(name));
  for (const Row& row : table.rows) {
    for (size_t c = 0; c < row.size(); ++c) {
      if (!row[c]) continue;
      widths[c] = std::max(widths[c], width_of(*row[c]));
      if (!is_number(*row[c])) right[c] = false;
    }
  }
  const auto line = [&](const Row& row) {
    std::string out;
    for (size_t c = 0; c < row.size(); ++c) {
      const std::string cell = row[c].value_or("");
      const std::string blanks(widths[c] - width_of(cell), ' ');
      out += (c > 0 ? "  " : "") + (right[c] ? blanks + cell : cell + blanks);
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    context.print(out);
  };
  line(Row(table.columns.begin(), table.columns.end()));
  for (const Row& row : table.rows) line(row);
}

}  // namespace

std::string csv_text(const sql::ResultTable& table) {
  std::string out;
  const auto line = [&](const Row& row) {
    for (size_t c = 0; c < row.size(); ++c) out += (c > 0 ? "," : "") + csv_field(row[c]);
    out += "\n";
  };
  line(Row(table.columns.begin(), table.columns.end()));
  for (const Row& row : table.rows) line(row);
  return out;
}

void print_result_table(const Context& context, const sql::ResultTable& table) {
  if (context.form == OutputForm::kText) return print_aligned(context, table);
  if (context.form == OutputForm::kCsv) {
    std::fputs(csv_text(table).c_str(), stdout);
    return;
  }
  print_envelope([&](JsonWriter& json) {
    json.begin_object().key("columns").begin_array();
    for (const std::string& name : table.columns) json.string(name);
    json.end_array().key("rows").begin_array();
    for (const Row& row : table.rows) {
      json.begin_array();
      for (const auto& cell : row) cell ? json.string(*cell) : json.null();
      json.end_array();
    }
    json.end_array().end_object();
  });
}

}  // namespace sluis::apps
