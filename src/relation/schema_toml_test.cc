#include "relation/schema_toml.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/bytes.h"
#include "relation/date.h"
#include "relation/decimal.h"

namespace sluis::relation {
namespace {

OpenSource memory(std::string_view text) {
  return [text]() -> Result<std::unique_ptr<ByteSource>> {
    return std::unique_ptr<ByteSource>(std::make_unique<MemorySource>(text, 7));
  };
}

// "integer[1,9]? a|b!" and so on: kind, bounds or domain, ? nullable.
std::string describe(const Table& table) {
  std::string out;
  for (const ColumnSchema& c : table.schema.columns) {
    out += c.name + ' ' + kind_name(c.type.kind) + '[' + std::to_string(c.type.lo) + ',' +
           std::to_string(c.type.hi) + ']';
    for (const std::string& v : c.type.domain) out += '\'' + v + '\'';
    out += c.nullable ? "?; " : "; ";
  }
  return out;
}

std::string cells(const Table& table) {
  std::string out;
  for (size_t r = 0; r < table.rows; ++r) {
    for (size_t c = 0; c < table.columns.size(); ++c)
      out += (table.columns[c].null[r] != 0
                  ? "NULL"
                  : cell_text(table.schema.columns[c].type, table.columns[c].values[r])) +
             ' ';
    out += '/';
  }
  return out;
}

std::string load(std::string_view csv, std::string_view schema = {}) {
  SchemaToml declared;
  if (!schema.empty())
    declared =
        parse_schema_toml(std::string("format = \"sluis-schema/1\"\n") + std::string(schema), "schema.toml");
  if (!declared.errors.empty()) return declared.errors[0].summary();
  const Result<Table> table =
      load_csv(memory(csv), "t", "t.csv", declared.tables.empty() ? nullptr : &declared.tables[0]);
  return table.ok() ? describe(*table) + cells(*table) : table.error().summary();
}

TEST(LoadCsv, InfersTypesBoundsAndDomains) {
  EXPECT_EQ(load("a,b,c,d,e\n3,2023-01-31,t,x,\n-5,2020-02-29,false,\"\",\n"),
            "a integer[-5,3]; b date[0,65535]; c boolean[0,1]; d category[0,1]'''x'; e integer[0,0]?; "
            "3 2023-01-31 t x NULL /-5 2020-02-29 f  NULL /");
}

TEST(LoadCsv, NullIsUnquotedEmptyOnly) {
  EXPECT_EQ(load("a,b\n,\"\"\nx,\n"), "a category[0,0]'x'?; b category[0,0]''?; NULL  /x NULL /");
  EXPECT_EQ(load("a\n\n7\n"), "a integer[7,7]?; NULL /7 /");
}

TEST(LoadCsv, OneOddValueMakesACategory) {
  EXPECT_EQ(load("a,b,c\n007,2023-02-30,1\n8,2023-02-28,t\n"),
            "a category[0,1]'007''8'; b category[0,1]'2023-02-28''2023-02-30'; c category[0,1]'1''t'; "
            "007 2023-02-30 1 /8 2023-02-28 t /");
  // A date that cannot be stored is no date; a number above 64 bits no integer.
  EXPECT_EQ(load("a,b\n1899-12-31,9223372036854775808\n").substr(0, 44),
            "a category[0,0]'1899-12-31'; b category[0,0]");
}

TEST(LoadCsv, SchemaDecidesAndIsHeld) {
  constexpr std::string_view kSchema = R"(
[table.t]
unique = [["id"], ["born", "sex"]]
[table.t.columns]
id   = { type = "integer", min = 0, max = 999, nullable = false }
born = { type = "date", min = 1990-01-01, max = 2029-12-31 }
sex  = { type = "category", values = ["v", "m", "o"] }
)";
  EXPECT_EQ(load("id,born,sex\n007,2001-02-03,m\n8,,\n9,,\n", kSchema),
            "id integer[0,999]; born date[32872,47481]?; sex category[0,2]'m''o''v'?; 7 2001-02-03 m /8 NULL "
            "NULL /9 NULL NULL /");
  EXPECT_EQ(load("id,born,sex\n1000,,m\n", kSchema), "S1042.range t.csv:2 [2] [id]");
  EXPECT_EQ(load("id,born,sex\n1,1989-12-31,m\n", kSchema), "S1042.range t.csv:2 [2] [born]");
  EXPECT_EQ(load("id,born,sex\n1,2001-02-30,m\n", kSchema), "S1042.value t.csv:2 [2] [born] [date]");
  EXPECT_EQ(load("id,born,sex\n1,,m\n2,,x\n", kSchema), "S1042.domain t.csv:3 [3] [sex]");
  EXPECT_EQ(load("id,born,sex\n,,m\n", kSchema), "S1042.null t.csv:2 [2] [id]");
  EXPECT_EQ(load("id,born,sex\nx,,m\n", kSchema), "S1042.value t.csv:2 [2] [id] [integer]");
  EXPECT_EQ(load("id,born,sex\n1,,m\n2,,m\n1,,v\n", kSchema), "S1042.unique t.csv [4] [id]");
  EXPECT_EQ(load("id,born,sex\n1,2001-02-03,m\n2,2001-02-03,m\n", kSchema),
            "S1042.unique t.csv [3] [born, sex]");
  EXPECT_EQ(load("id,born\n1,\n", kSchema), "S1042.no_column t.csv [sex]");
}

TEST(LoadCsv, DeclaredNumberOfRowsPerKeyIsHeld) {
  constexpr std::string_view kSchema = "[table.t]\nat_most = [{ columns = [\"a\"], rows = 2 }]";
  EXPECT_EQ(load("a,b\n1,1\n1,2\n,3\n,4\n,5\n", kSchema).substr(0, 5), "a int");
  EXPECT_EQ(load("a,b\n1,1\n1,2\n2,2\n1,3\n", kSchema), "S1042.at_most t.csv [5] [a] [2]");
  EXPECT_EQ(load("b\n1\n", kSchema), "S1042.no_column t.csv [a]");
}

TEST(LoadCsv, DecimalsAreExact) {
  EXPECT_EQ(load("a,b,c\n1.50,0.1,1.12345\n-2,,2\n10.5,-0.05,3\n").substr(0, 74),
            "a decimal[-200,1050]; b decimal[-5,10]?; c category[0,2]'1.12345''2''3'; 1");
  EXPECT_EQ(load("a,b,c,d\n.5,01.5,1e3,-0.0\n1.5,2.5,3.5,4.5\n").substr(0, 24), "a category[0,1]'.5''1.5'");
  constexpr std::string_view kSchema = R"(
[table.t.columns]
a = { type = "decimal", scale = 2, min = "-1.5", max = "99999.99" }
)";
  EXPECT_EQ(load("a\n.5\n7.\n+3.10\n-1.50\n\n", kSchema),
            "a decimal[-150,9999999]?; 0.50 /7.00 /3.10 /-1.50 /NULL /");
  EXPECT_EQ(load("a\n1.005\n", kSchema), "S1042.value t.csv:2 [2] [a] [decimal]");
  EXPECT_EQ(load("a\n1e2\n", kSchema), "S1042.value t.csv:2 [2] [a] [decimal]");
  EXPECT_EQ(load("a\n-1.51\n", kSchema), "S1042.range t.csv:2 [2] [a]");
  EXPECT_EQ(load("a\n9999999999999999999\n", kSchema), "S1042.value t.csv:2 [2] [a] [decimal]");
  for (const char* wrong : {"scale = 5", "scale = 0", "scale = 2, min = \"1.001\"", "scale = 2, max = 1.5",
                            "scale = 2, min = \"2\", max = \"1\"", "scale = 1, max = \"x\""})
    EXPECT_EQ(load("a\n1\n", "[table.t.columns]\na = { type = \"decimal\", " + std::string(wrong) + " }\n")
                  .substr(0, 2),
              "S1")
        << wrong;
}

TEST(Decimal, TextAndRounding) {
  for (const char* text : {"0", "12.34", "-0.05", "1.0000", "-999999999999999999", "0.00000000000000001"}) {
    const auto number = parse_decimal(text);
    ASSERT_TRUE(number.has_value()) << text;
    EXPECT_EQ(decimal_text(number->value, number->scale), text);
  }
  for (const char* text : {"", ".", "-", "1.2.3", "1 ", " 1", "1e2", "0x1", "--1", "1234567890123456789"})
    EXPECT_FALSE(parse_decimal(text).has_value()) << text;
  EXPECT_EQ(rescaled(1005, 3, 2), 101);
  EXPECT_EQ(rescaled(-1005, 3, 2), -101);
  EXPECT_EQ(rescaled(1004, 3, 2), 100);
  EXPECT_EQ(rescaled(-49, 2, 0), 0);
  EXPECT_EQ(rescaled(-50, 2, 0), -1);
  EXPECT_EQ(rescaled(7, 0, 3), 7000);
}

TEST(LoadCsv, OneDeclaredBoundMeetsTheFile) {
  EXPECT_EQ(load("a\n5\n7\n", "[table.t.columns]\na = { type = \"integer\", min = 0 }").substr(0, 14),
            "a integer[0,7]");
  EXPECT_EQ(load("a\n5\n7\n", "[table.t.columns]\na = { type = \"integer\", max = 6 }"),
            "S1042.range t.csv:3 [3] [a]");
  EXPECT_EQ(load("a\n", "[table.t.columns]\na = { type = \"integer\", max = -3 }"), "a integer[-3,-3]; ");
}

TEST(LoadCsv, RefusesNamesAndTooManyTexts) {
  EXPECT_EQ(load("A\n1\n"), "S1042.column_name t.csv [A]");
  EXPECT_EQ(load("a b\n1\n"), "S1042.column_name t.csv [a b]");
  EXPECT_EQ(load("123456782\n1\n"), "S1042.column_name t.csv [#########]");
  std::string many = "a\n";
  for (int i = 0; i < 70'000; ++i) many += 'x' + std::to_string(i) + '\n';
  EXPECT_EQ(load(many), "S1042.many t.csv [a] [65536]");
}

TEST(SchemaToml, ReportsAllFaultsWithTheirLine) {
  const SchemaToml schema = parse_schema_toml(R"(format = "sluis-schema/2"
[table.t]
file = "../t.csv"
unique = [["a", "a"], "b"]
at_most = ["c", { columns = ["a"], rows = 0 }]
[table.t.columns]
a = { type = "text" }
b = { type = "integer", min = 5, max = 3, vales = 1 }
"B" = { type = "boolean", min = 0 }
c = { type = "date", min = 1850-01-01 }
d = { type = "category", values = [] }
[tabel.u]
)",
                                              "schema.toml");
  std::vector<std::string> seen;
  for (const Error& e : schema.errors)
    seen.push_back(e.code() + e.id.substr(e.id.find('.')) + ' ' + std::to_string(e.line));
  EXPECT_EQ(seen, (std::vector<std::string>{"S1006.choice 1", "S1042.file_name 3", "S1042.unique_form 4",
                                            "S1042.unique_form 4", "S1042.at_most_form 5", "S1005.range 5",
                                            "S1006.choice 7", "S1042.bounds 8", "S1003.key 8",
                                            "S1042.column_name 9", "S1003.key 9", "S1042.date_range 10",
                                            "S1005.count 11", "S1003.key 12"}));
  EXPECT_TRUE(schema.tables.empty());
}

class LoadDirectory : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() / ("sluis_schema_test." + std::to_string(::getpid()));
    std::filesystem::create_directories(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  void write(const std::string& name, std::string_view text) {
    ASSERT_TRUE(write_file(directory_ / name, text).ok());
  }
  std::string load_all() {
    const Result<std::vector<Table>> tables = load_csv_directory(directory_);
    if (!tables.ok()) return tables.error().id;
    std::string out;
    for (const Table& t : *tables) out += t.schema.name + ':' + std::to_string(t.rows) + ' ';
    return out;
  }
  std::filesystem::path directory_;
};

TEST_F(LoadDirectory, LoadsEveryCsvSorted) {
  EXPECT_EQ(load_all(), "S1042.no_files");
  write("b.csv", "x\n1\n2\n");
  write("a.csv", "y\n3\n");
  write("notes.txt", "not a table");
  EXPECT_EQ(load_all(), "a:1 b:2 ");
  write("schema.toml", "format = \"sluis-schema/1\"\n[table.z]\nfile = \"a.csv\"\n");
  EXPECT_EQ(load_all(), "b:2 z:1 ");
  write("schema.toml", "format = \"sluis-schema/1\"\n[table.q]\n");
  EXPECT_EQ(load_all(), "S1042.no_file");
  write("schema.toml",
        "format = \"sluis-schema/1\"\n[table.q]\nfile = \"a.csv\"\n[table.r]\nfile = \"a.csv\"\n");
  EXPECT_EQ(load_all(), "S1042.file_twice");
  write("schema.toml", "format = \"sluis-schema/1\"\n[table.b]\nfile = \"a.csv\"\n");
  EXPECT_EQ(load_all(), "S1042.table_twice");
  write("schema.toml", "format = 1\n");
  EXPECT_EQ(load_all(), "S1005.type");
  write("schema.toml", "format = \"sluis-schema/1\"\n");
  write("C-d.csv", "x\n1\n");
  EXPECT_EQ(load_all(), "S1042.table_name");
}

TEST_F(LoadDirectory, NoSuchDirectory) {
  EXPECT_EQ(load_csv_directory((directory_ / "gone").string()).error().id, "S1002.open");
}

}  // namespace
}  // namespace sluis::relation
