// The design's example study as the binder sees it. For tests.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/toml.h"
#include "sql/binder.h"

namespace sluis::sql {

using relation::TableSchema;

// The SQL of a study file, over profiles like those of its tables.
inline StudySql example_study(const std::string& bytes) {
  StudySql study;
  study.file = "study.toml";
  const TomlParse parse = parse_toml(bytes, study.file);
  EXPECT_TRUE(parse.root.has_value());
  const std::vector<std::string> towns = {"GM9001", "GM9002", "GM9003", "GM9004",
                                          "GM9005", "GM9006", "GM9007"};
  const std::vector<std::string> carers = {"JA9001", "JA9002", "JA9003"};
  const Type date = Type::date();
  const std::map<std::string, TableSchema> schemas = {
      {"schuldhulp",
       {"schuldhulp",
        {{"ouder", Type::bsn(), true}, {"aanmelding_van", date, true}, {"aanmelding_tot", date, true}},
        {}}},
      {"ouder_kind",
       {"ouder_kind",
        {{"ouder", Type::bsn(), true},
         {"kind", Type::bsn(), true},
         {"leeftijd_2023", Type::integer(0, 17), true},
         {"gemeente", Type::category(towns), false}},
        {}}},
      {"jeugdhulp",
       {"jeugdhulp",
        {{"kind", Type::bsn(), true},
         {"aanvang_van", date, true},
         {"aanvang_tot", date, true},
         {"hulpvorm", Type::category({"pleegzorg", "ambulant"}), false}},
        {}}}};
  for (const TomlValue& table : parse.root->find("table")->items) {
    StudyTable one;
    const std::string name = table.find("name")->text;
    one.schema = schemas.at(name);
    one.max_rows = 1000;
    one.owners = name == "jeugdhulp" ? carers : towns;
    one.line = table.at.line;
    for (const TomlValue::Entry& column : table.find("columns")->entries)
      one.columns.push_back({column.key, column.value.text, column.at.line});
    study.tables.push_back(std::move(one));
  }
  const auto sql_of = [](const TomlValue& value) {
    const TomlValue& sql = *value.find("sql");
    return SqlText{value.find("name")->text, sql.text, {sql.text_at.line, sql.text_at.column}};
  };
  for (const TomlValue& view : parse.root->find("view")->items) study.views.push_back(sql_of(view));
  for (const TomlValue& output : parse.root->find("output")->items) {
    StudyOutput one;
    one.text = sql_of(output);
    const TomlValue& domain = *output.find("domain");
    one.domain_at = {domain.at.line, domain.at.column};
    for (const TomlValue::Entry& entry : domain.entries) {
      std::vector<std::string> values;
      for (const TomlValue& item : entry.value.items) values.push_back(item.text);
      if (entry.value.kind == TomlValue::Kind::kString) values = towns;
      one.domain.emplace_back(entry.key, values);
    }
    study.outputs.push_back(std::move(one));
  }
  study.complete = true;
  study.person = "kind";
  study.household = "gezin";
  return study;
}

inline std::string example_bytes() {
  auto bytes = read_file(std::string(SLUIS_SOURCE_DIR) + "/examples/schuld-pleegzorg/study.toml", 1 << 20);
  CHECK(bytes.ok());
  return std::move(*bytes);
}

}  // namespace sluis::sql
