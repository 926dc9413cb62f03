#include "engine_support.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>

#include "relation/date.h"

namespace sluis::differential {
namespace {

using relation::Kind;
using relation::Table;
using relation::TableSchema;
using relation::Type;

int64_t first_day() { return *relation::day_number(2023, 8, 1); }

std::vector<TableSchema> hand_schemas() {
  const Type town = Type::category({"Aa", "Be", "Ce", "d'E"});
  return {{"person",
           {{"id", Type::integer(-5, 60), false},
            {"town", town, true},
            {"age", Type::integer(0, 17), true},
            {"born", Type::date(first_day(), first_day() + 250), true},
            {"active", Type::boolean(), true}},
           {{"id"}}},
          {"visit",
           {{"person", Type::integer(-8, 70), true},
            {"cost", Type::integer(-40, 90), true},
            {"day", Type::date(first_day() - 60, first_day() + 300), true},
            {"paid", Type::boolean(), true}},
           {}},
          {"place", {{"town", town, false}, {"size", Type::integer(-1, 2), true}}, {{"town"}}}};
}

using Value = std::function<std::optional<int64_t>(size_t row, const relation::ColumnSchema& column)>;

Table filled(const TableSchema& schema, size_t rows, const Value& value) {
  Table table = Table::empty(schema);
  table.rows = rows;
  for (size_t c = 0; c < schema.columns.size(); ++c)
    for (size_t r = 0; r < rows; ++r) {
      const std::optional<int64_t> one = value(r, schema.columns[c]);
      one ? table.columns[c].push(*one) : table.columns[c].push_null();
    }
  return table;
}

// Rows of each table by `value`; the first column of a table with a key counts up from its lower bound.
std::vector<Table> set_of(size_t rows, const Value& value) {
  std::vector<Table> tables;
  for (const TableSchema& schema : hand_schemas()) {
    const bool keyed = !schema.unique_keys.empty();
    const auto most = static_cast<size_t>(schema.columns[0].type.hi - schema.columns[0].type.lo + 1);
    tables.push_back(filled(schema, keyed ? std::min(rows, most) : rows,
                            [&](size_t r, const relation::ColumnSchema& column) -> std::optional<int64_t> {
                              if (keyed && column.name == schema.columns[0].name)
                                return column.type.lo + static_cast<int64_t>(r);
                              return value(r, column);
                            }));
  }
  return tables;
}

std::string literal(const Type& type, int64_t value) {
  std::string text = relation::cell_text(type, value);
  if (type.kind != Kind::kCategory) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string toml_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "\"";
}

std::string schema_toml(const std::vector<Table>& tables) {
  std::ostringstream out;
  out << "format = \"sluis-schema/1\"\n";
  for (const Table& table : tables) {
    out << "\n[table." << table.schema.name << "]\n";
    for (const std::vector<std::string>& key : table.schema.unique_keys) {
      out << "unique = [[";
      for (size_t i = 0; i < key.size(); ++i) out << (i == 0 ? "" : ", ") << toml_text(key[i]);
      out << "]]\n";
    }
    out << "[table." << table.schema.name << ".columns]\n";
    for (const relation::ColumnSchema& column : table.schema.columns) {
      const Type& type = column.type;
      out << column.name << " = { type = \"" << relation::kind_name(type.kind) << "\"";
      if (type.kind == Kind::kInteger) out << ", min = " << type.lo << ", max = " << type.hi;
      if (type.kind == Kind::kDate)
        out << ", min = " << relation::date_text(type.lo) << ", max = " << relation::date_text(type.hi);
      if (type.kind == Kind::kCategory) {
        out << ", values = [";
        for (size_t i = 0; i < type.domain.size(); ++i)
          out << (i == 0 ? "" : ", ") << toml_text(type.domain[i]);
        out << "]";
      }
      out << ", nullable = " << (column.nullable ? "true" : "false") << " }\n";
    }
  }
  return out.str();
}

// One CSV line: an unquoted empty field is NULL.
std::vector<std::optional<std::string>> csv_cells(const std::string& line) {
  std::vector<std::optional<std::string>> cells;
  for (size_t at = 0; at <= line.size(); ++at) {
    std::string cell;
    const bool quoted = at < line.size() && line[at] == '"';
    if (quoted) {
      for (++at; at < line.size(); ++at) {
        if (line[at] == '"' && (at + 1 == line.size() || line[at + 1] != '"')) break;
        if (line[at] == '"') ++at;
        cell += line[at];
      }
      ++at;
    } else {
      for (; at < line.size() && line[at] != ','; ++at) cell += line[at];
    }
    cells.push_back(quoted || !cell.empty() ? std::optional(cell) : std::nullopt);
  }
  return cells;
}

std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

std::vector<HandTables> tables_by_hand() {
  std::mt19937_64 random(20240229);
  const auto mixed = [&](uint64_t one_in) {
    return [&random, one_in](size_t, const relation::ColumnSchema& column) -> std::optional<int64_t> {
      if (column.nullable && random() % one_in == 0) return std::nullopt;
      return column.type.lo +
             static_cast<int64_t>(random() % static_cast<uint64_t>(column.type.hi - column.type.lo + 1));
    };
  };
  const auto same = [](size_t, const relation::ColumnSchema& column) {
    return std::optional<int64_t>((column.type.lo + column.type.hi) / 2);
  };
  const auto null = [](size_t r, const relation::ColumnSchema& column) -> std::optional<int64_t> {
    return column.nullable ? std::nullopt : std::optional(column.type.lo + static_cast<int64_t>(r) % 2);
  };
  const auto ties = [](size_t r, const relation::ColumnSchema& column) -> std::optional<int64_t> {
    if (r % 5 == 4 && column.nullable) return std::nullopt;
    return column.type.lo +
           static_cast<int64_t>(r % 3) * std::min<int64_t>(1, column.type.hi - column.type.lo - 1);
  };
  const auto apart = [](size_t r, const relation::ColumnSchema& column) {  // visits of nobody on record
    return std::optional<int64_t>(column.name == "person" ? int64_t{61} + static_cast<int64_t>(r % 9)
                                                          : column.type.lo);
  };
  return {{"mixed", set_of(50, mixed(6))},
          {"many NULLs", set_of(40, mixed(2))},
          {"empty", set_of(0, same)},
          {"one row", set_of(1, same)},
          {"duplicate keys", set_of(30, same)},
          {"ties", set_of(45, ties)},
          {"NULL everywhere", set_of(20, null)},
          {"keys that never meet", set_of(25, apart)}};
}

std::string rows_text(TextRows rows, bool ordered) {
  if (!ordered) std::sort(rows.begin(), rows.end());
  std::string out;
  for (const auto& row : rows) {
    for (const auto& cell : row) out += (cell ? "[" + *cell + "]" : std::string("NULL")) + " ";
    out += "\n";
  }
  return out;
}

bool only_bounds(const Errors& errors) {
  return !errors.empty() && std::all_of(errors.begin(), errors.end(), [](const Error& error) {
    return error.id == "S1021.wide" || error.id == "S1021.date_range";
  });
}

void write_directory(const std::string& directory, const std::vector<Table>& tables) {
  for (const Table& table : tables) {
    std::ofstream csv(directory + "/" + table.schema.name + ".csv");
    for (size_t c = 0; c < table.columns.size(); ++c)
      csv << (c == 0 ? "" : ",") << table.schema.columns[c].name;
    csv << "\n";
    for (size_t r = 0; r < table.rows; ++r) {
      for (size_t c = 0; c < table.columns.size(); ++c) {
        csv << (c == 0 ? "" : ",");
        if (table.columns[c].null[r] == 0)
          csv << literal(table.schema.columns[c].type, table.columns[c].values[r]);
      }
      csv << "\n";
    }
  }
  std::ofstream(directory + "/schema.toml") << schema_toml(tables);
}

ProgramAnswer run_rehearsal(const std::string& program, const std::string& directory,
                            const std::string& sql) {
  const std::string errors = directory + "/stderr";
  const std::string command = shell_quoted(program) + " --data " + shell_quoted(directory) + " -o csv " +
                              shell_quoted(sql) + " 2>" + shell_quoted(errors);
  ProgramAnswer answer;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return answer;
  std::string text;
  std::array<char, 4096> buffer{};
  for (size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) text.append(buffer.data(), n);
  const int status = ::pclose(pipe);
  answer.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  std::istringstream lines(text);
  std::getline(lines, answer.header);
  for (std::string line; std::getline(lines, line);) answer.rows.push_back(csv_cells(line));
  std::ifstream file(errors);
  std::getline(file, answer.errors, '\0');
  return answer;
}

}  // namespace sluis::differential
