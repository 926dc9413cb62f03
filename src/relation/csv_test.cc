#include "relation/csv.h"

#include <gtest/gtest.h>

namespace sluis::relation {
namespace {

// Endless 'a', delivered in chunks; counts what was taken.
class EndlessLine : public ByteSource {
 public:
  explicit EndlessLine(uint64_t* taken) : taken_(taken) {}
  Result<std::string_view> next() override {
    *taken_ += kText.size();
    if (*taken_ == kText.size()) return std::string_view("x;y\n1;2\n");
    return std::string_view(kText);
  }

 private:
  const std::string kText = std::string(64 * 1024, 'a');
  uint64_t* taken_;
};

struct Outcome {
  std::vector<std::vector<std::string>> rows;  // header first; quoted fields in < >
  std::string error;
};

Outcome read(std::string_view text, const CsvOptions& options = {}, size_t chunk = SIZE_MAX) {
  Outcome out;
  Result<CsvReader> reader = CsvReader::open(std::make_unique<MemorySource>(text, chunk), options, "f.csv");
  if (!reader.ok()) return out.error = reader.error().summary(), out;
  out.rows.push_back(reader->header());
  std::vector<CsvField> row;
  for (;;) {
    const Result<bool> more = reader->next(row);
    if (!more.ok()) return out.error = more.error().summary(), out;
    if (!*more) return out;
    out.rows.emplace_back();
    for (const CsvField& f : row) out.rows.back().push_back(f.quoted ? '<' + f.text + '>' : f.text);
  }
}

using Rows = std::vector<std::vector<std::string>>;

TEST(Csv, ReadsQuotesNewlinesAndEmptyFieldsInAnyChunking) {
  const std::string_view text =
      "\xEF\xBB\xBF"
      "a;b,c;\"d\"\"e\"\r\n1;\"x;\n\"\"y\"\"\";\r\n;\"\";é";
  const Rows expected = {{"a", "b,c", "d\"e"}, {"1", "<x;\n\"y\">", ""}, {"", "<>", "é"}};
  for (size_t chunk = 1; chunk < 12; ++chunk) {
    const Outcome out = read(text, {}, chunk);
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.rows, expected) << chunk;
  }
}

TEST(Csv, ChoosesTheDelimiterOfTheHeader) {
  EXPECT_EQ(read("a,b\n1,2\n").rows, (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(read("a\tb;c\td\n1\t2\t3\n").rows[1], (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(read("\"a,b,c\";d\n1;2\n").rows[0], (std::vector<std::string>{"a,b,c", "d"}));
  EXPECT_EQ(read("a\n\n1\n").rows, (Rows{{"a"}, {""}, {"1"}}));
  CsvOptions comma;
  comma.delimiter = ',';
  EXPECT_EQ(read("a;b;c,d\n1,2\n", comma).rows[0], (std::vector<std::string>{"a;b;c", "d"}));
}

TEST(Csv, RefusesWithRowAndLine) {
  EXPECT_EQ(read("").error, "S1041.no_header f.csv:1 [1]");
  EXPECT_EQ(read("\n1\n").error, "S1041.no_header f.csv:1 [1]");
  EXPECT_EQ(read("a;;b\n").error, "S1041.no_name f.csv:1 [1]");
  EXPECT_EQ(read("a;b;a\n").error, "S1041.name_twice f.csv:1 [1] [a]");
  EXPECT_EQ(read("123456782;123456782\n").error, "S1041.name_twice f.csv:1 [1] [#########]");
  EXPECT_EQ(read("a;b\n1;2\n1\n").error, "S1041.ragged f.csv:3 [3] [1] [2]");
  EXPECT_EQ(read("a;b\n1;2;3\n").error, "S1041.ragged f.csv:2 [2] [3] [2]");
  EXPECT_EQ(read("a;b\n\"x\ny\";2\n1;b\"c\n").error, "S1041.quote f.csv:4 [3]");
  EXPECT_EQ(read("a;b\n1;\"b\"c\n").error, "S1041.quote f.csv:2 [2]");
  EXPECT_EQ(read("a;b\n1;\"b\n\n\n").error, "S1041.open_quote f.csv:2 [2]");
  EXPECT_EQ(read("a;b\n1;\xE9\n").error, "S1041.utf8 f.csv:2 [2]");
  EXPECT_EQ(read("a;b\r1;2\r").error, "S1041.cr f.csv:1 [1]");
  EXPECT_EQ(read(std::string_view("a;b\n1;\0\n", 8)).error, "S1041.nul f.csv:2 [2]");
  EXPECT_EQ(read("a;b\n1;2\n\n3;4\n").error, "S1041.blank f.csv:3 [3]");
  EXPECT_EQ(read(std::string_view("\xFF\xFE"
                                  "a\0;\0",
                                  6))
                .error,
            "S1041.utf16 f.csv:1 [1]");
  EXPECT_EQ(read("a;b\n1;2\n\r\n\n").rows.size(), 2u);
}

TEST(Csv, HoldsItsLimits) {
  CsvOptions options;
  options.max_field_bytes = 4;
  options.max_line_bytes = 12;
  EXPECT_EQ(read("a;b\n1234;5\n", options).error, "");
  EXPECT_EQ(read("a;b\n1;2\n12345;5\n", options).error, "S1041.field f.csv:3 [3] [4]");
  EXPECT_EQ(read("a;b;c;d\n1;2;3;4\n123;123;123;123\n", options).error, "S1041.line f.csv:3 [3] [12]");
  options = {};
  options.max_columns = 2;
  EXPECT_EQ(read("a;b;c\n", options).error, "S1041.columns f.csv:1 [1] [2]");
  options.max_rows = 2;
  EXPECT_EQ(read("a;b\n1;1\n2;2\n", options).error, "");
  EXPECT_EQ(read("a;b\n1;1\n2;2\n3;3\n", options).error, "S1041.rows f.csv:4 [4] [2]");
}

TEST(Csv, EndlessLineIsAnErrorWithoutBeingRead) {
  uint64_t taken = 0;
  Result<CsvReader> reader = CsvReader::open(std::make_unique<EndlessLine>(&taken), {}, "f.csv");
  ASSERT_TRUE(reader.ok());
  std::vector<CsvField> row;
  EXPECT_TRUE(*reader->next(row));
  const Result<bool> more = reader->next(row);
  ASSERT_FALSE(more.ok());
  EXPECT_EQ(more.error().summary(), "S1041.field f.csv:3 [3] [65536]");
  EXPECT_LT(taken, 1'000'000u);
}

TEST(Csv, EndlessHeaderIsAnError) {
  const std::string header(3'000'000, 'a');
  EXPECT_EQ(read(header).error, "S1041.line f.csv:1 [1] [1048576]");
}

TEST(Csv, DecodesWindows1252OnlyWhenAsked) {
  CsvOptions options;
  options.cp1252 = true;
  EXPECT_EQ(read("a;b\ncaf\xE9;\x80\x9C\n", options).rows[1], (std::vector<std::string>{"café", "€œ"}));
  EXPECT_EQ(read("a;b\n1;\x81\n", options).error, "S1041.cp1252 f.csv:2 [2]");
  // A byte order mark says UTF-8, whatever was asked.
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a;b\n1;é\n",
                 options)
                .rows[1],
            (std::vector<std::string>{"1", "é"}));
}

TEST(Csv, TellsUtf8FromOthersAcrossChunks) {
  for (size_t chunk = 1; chunk < 6; ++chunk) {
    MemorySource good("aé€😀z", chunk), bad("aé\xE9z", chunk), cut("a€\xE2\x82", chunk);
    EXPECT_TRUE(*is_utf8(good));
    EXPECT_FALSE(*is_utf8(bad));
    EXPECT_FALSE(*is_utf8(cut));
  }
}

}  // namespace
}  // namespace sluis::relation
