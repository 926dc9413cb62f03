// For the tests of this folder: deliveries as text, tables as text, and the promise that no report shows a
// BSN.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "importers/import.h"

namespace sluis::importers {

// Shared example data of the workspace; tests that need it are skipped when it is absent.
inline std::string shared_data(const std::string& path) {
  return std::string(SLUIS_SOURCE_DIR) + "/../shared/data/" + path;
}

// A directory that goes away with the test.
class ImportTest : public ::testing::Test {
 protected:
  ImportTest() {
    directory_ =
        std::filesystem::temp_directory_path() / ("sluis_importers_test." + std::to_string(::getpid()));
    std::filesystem::create_directories(directory_);
  }
  ~ImportTest() override { std::filesystem::remove_all(directory_); }

  std::string file(const std::string& name, std::string_view text) {
    const std::string path = directory_ / name;
    EXPECT_TRUE(write_file(path, text).ok());
    return path;
  }
  // Imports a text; the file is called `name`.
  Result<Import> import(const std::string& name, std::string_view text, const std::string& profile,
                        const ImportOptions& options = {}) {
    return import_checked(file(name, text), profile, options);
  }
  // import_file(), and looks for identifiers in everything a person could get to see.
  Result<Import> import_checked(const std::string& path, const std::string& profile,
                                const ImportOptions& options) {
    Result<Import> result = import_file(path, profile, options);
    for (const text::Language language : {text::Language::kDutch, text::Language::kEnglish}) {
      if (!result.ok()) {
        Error named = result.error();
        named.file = "f";  // the name of the temporary directory has digits
        expect_no_identifier(text::render(language, named));
        EXPECT_TRUE(text::has(language, named.id + ".what")) << named.id;
        continue;
      }
      expect_no_identifier(report_text(language, result->report));
      expect_no_identifier(report_html(language, result->report));
      EXPECT_EQ(report_html(language, result->report).find("«"), std::string::npos);  // a missing text
    }
    if (result.ok()) {
      JsonWriter json;
      report_json(json, result->report);
      const std::string text = json.take();
      expect_no_identifier(text);
      EXPECT_TRUE(parse_json(text).ok());
    }
    return result;
  }

  static void expect_no_identifier(const std::string& text) {
    size_t digits = 0;
    for (const char c : text) {
      digits = c >= '0' && c <= '9' ? digits + 1 : 0;
      ASSERT_LT(digits, 9u) << text;
    }
  }

  std::filesystem::path directory_;
};

// "12 NULL 2021-02-03 /..." : one row per slash.
inline std::string cells(const relation::Table& table) {
  std::string out;
  for (size_t r = 0; r < table.rows; ++r) {
    for (size_t c = 0; c < table.columns.size(); ++c) {
      const relation::Column& column = table.columns[c];
      EXPECT_EQ(column.values.size(), table.rows);
      out +=
          column.null[r] != 0 ? "NULL" : relation::cell_text(table.schema.columns[c].type, column.values[r]);
      out += c + 1 < table.columns.size() ? " " : "/";
    }
  }
  return out;
}
inline std::string cells(const Result<Import>& result) {
  return result.ok() ? cells(result->table)
                     : result.error().id + " [" + result.error().args[0] + "] line " +
                           std::to_string(result.error().line);
}

// "id[arg]xcount " of the findings, in order, without those about keys and dates that judge() adds.
inline std::string findings(const DeliveryReport& report) {
  std::string out;
  for (const Finding& f : report.findings.all()) {
    out += f.id;
    for (const std::string& arg : f.args) out += '[' + arg + ']';
    out += 'x' + std::to_string(f.count) + ' ';
  }
  return out;
}

}  // namespace sluis::importers
