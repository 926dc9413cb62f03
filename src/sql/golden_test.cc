// Golden scripts: tests/golden/sql/<name>.sql holds tables and queries, <name>.plan what becomes of them.
// SLUIS_UPDATE=1 writes the .plan files; a person then reads the difference.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

#include "base/bytes.h"
#include "sql/binder.h"
#include "sql/plan_text.h"
#include "text/text.h"

namespace sluis::sql {
namespace {

std::vector<std::string> split(const std::string& text, const std::string& separator) {
  std::vector<std::string> out;
  size_t at = 0;
  for (size_t next = text.find(separator); next != std::string::npos; next = text.find(separator, at)) {
    out.push_back(text.substr(at, next - at));
    at = next + separator.size();
  }
  out.push_back(text.substr(at));
  return out;
}

struct Script {
  std::vector<relation::TableSchema> tables;
  std::map<std::string, uint64_t> rows;
  std::vector<std::pair<std::string, std::string>> queries;
};

// "town category aap|noot null unique"
void read_column(const std::string& text, relation::TableSchema& table) {
  std::istringstream words(text);
  ColumnSchema column;
  std::string kind, word;
  words >> column.name >> kind;
  column.nullable = false;
  if (kind == "date") column.type = Type::date();
  if (kind == "boolean") column.type = Type::boolean();
  if (kind == "category" && words >> word) column.type = Type::category(split(word, "|"));
  if (kind == "integer" && words >> word) {
    const std::vector<std::string> bounds = split(word, "..");
    column.type = Type::integer(std::stoll(bounds[0]), std::stoll(bounds[1]));
  }
  while (words >> word) {
    if (word == "null") column.nullable = true;
    if (word == "unique") table.unique_keys.push_back({column.name});
  }
  table.columns.push_back(std::move(column));
}

Script read_script(const std::string& text) {
  Script script;
  for (const std::string& line : split(text, "\n")) {
    if (line.rfind("-- table ", 0) == 0) {
      const size_t colon = line.find(": ");
      relation::TableSchema table;
      table.name = line.substr(9, colon - 9);
      for (const std::string& column : split(line.substr(colon + 2), ", ")) read_column(column, table);
      script.tables.push_back(std::move(table));
    } else if (line.rfind("-- rows: ", 0) == 0) {
      for (const std::string& one : split(line.substr(9), ", "))
        script.rows[one.substr(0, one.find(' '))] = std::stoull(one.substr(one.find(' ')));
    } else if (line.rfind("-- query ", 0) == 0) {
      script.queries.emplace_back(line.substr(9), "");
    } else if (!script.queries.empty() && !line.empty()) {
      script.queries.back().second += line + "\n";
    }
  }
  return script;
}

std::string use_text(const Plan& plan) {
  std::string out;
  for (const auto& [table, columns] : column_use(plan))
    for (const auto& [column, use] : columns)
      out += "use " + table + "." + column + " " + use_name(use.use) + (use.literal ? " (literal)\n" : "\n");
  return out;
}

std::string query_text(const Script& script, const std::string& sql) {
  const Stages stages = query_stages(sql, script.tables, script.rows, "query.sql");
  std::string out, last;
  for (const Error& error : stages.errors)
    out += text::render(text::Language::kEnglish, error) + "\n" +
           text::render(text::Language::kDutch, error) + "\n";
  for (const auto& [name, plan] : stages.plans) {
    const std::string text = plan_text(plan);
    out += "== " + name + (text == last ? ": no change\n" : "\n" + text);
    last = text;
  }
  if (!stages.plans.empty()) out += use_text(stages.plans.back().second);
  return out;
}

// The first line that differs, or "".
std::string first_difference(const std::string& stored, const std::string& actual) {
  if (stored == actual) return "";
  const std::vector<std::string> before = split(stored, "\n");
  const std::vector<std::string> after = split(actual, "\n");
  size_t line = 0;
  while (line < before.size() && line < after.size() && before[line] == after[line]) ++line;
  const auto at = [&](const std::vector<std::string>& lines) {
    return line < lines.size() ? lines[line] : "(end)";
  };
  return "line " + std::to_string(line + 1) + "\n- " + at(before) + "\n+ " + at(after);
}

TEST(Golden, PlansAfterEachRewrite) {
  const std::filesystem::path folder = std::filesystem::path(SLUIS_SOURCE_DIR) / "tests/golden/sql";
  const bool update = std::getenv("SLUIS_UPDATE") != nullptr;
  size_t queries = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".sql") continue;
    const auto script_text = read_file(entry.path().string(), 1 << 20);
    ASSERT_TRUE(script_text.ok());
    const Script script = read_script(*script_text);
    std::string actual;
    for (const auto& [name, sql] : script.queries) {
      const std::string text = query_text(script, sql);
      EXPECT_EQ(name.rfind("refused", 0) == 0, text.find("S1021") == 0) << name << "\n" << text;
      actual += "-- " + name + "\n" + sql + text + "\n";
      ++queries;
    }
    std::filesystem::path expected = entry.path();
    expected.replace_extension(".plan");
    if (update) {
      ASSERT_TRUE(write_file(expected.string(), actual, 0644).ok());
    }
    const auto stored = read_file(expected.string(), 1 << 20);
    ASSERT_TRUE(stored.ok()) << expected << " is missing: run with SLUIS_UPDATE=1";
    EXPECT_EQ(first_difference(*stored, actual), "")
        << expected << ": run with SLUIS_UPDATE=1 and read the difference";
  }
  EXPECT_GT(queries, 30U);
}

}  // namespace
}  // namespace sluis::sql
