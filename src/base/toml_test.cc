#include "base/toml.h"

#include <gtest/gtest.h>

namespace sluis {
namespace {

std::string first(const TomlParse& parse) { return parse.errors.empty() ? "" : parse.errors[0].summary(); }

TEST(Toml, KeepsValuesAndPositions) {
  const TomlParse parse =
      parse_toml("a = 1\nb = { c = 0.90, d = [true, 2023-01-31] }\n[t]\nx = \"é\"\n", "f");
  ASSERT_TRUE(parse.root) << first(parse);
  EXPECT_EQ(parse.root->find("a")->integer, 1);
  const TomlValue* b = parse.root->find("b");
  EXPECT_EQ(b->find("c")->millionths, 900'000);
  EXPECT_EQ(b->find("c")->at, (Position{2, 11}));
  EXPECT_TRUE(b->find("d")->items[0].boolean);
  EXPECT_EQ(b->find("d")->items[1].date, (CalendarDate{2023, 1, 31}));
  EXPECT_EQ(parse.root->find("t")->find("x")->text, "é");
}

TEST(Toml, TextPositionIsThatOfItsFirstCharacter) {
  const TomlParse parse = parse_toml(
      "a = '''\nSELECT 1\n'''\nb = 'x'\nc = \"\\u0041\"\nd = '''y'''\né = \"\"\"\n\nz\"\"\"\n", "f");
  EXPECT_FALSE(parse.root);  // a bare key may not hold é
  const TomlParse good = parse_toml(
      "a = '''\nSELECT 1\n'''\nb = 'x'\nc = \"\\u0041\"\nd = '''y'''\n\"é\" = \"\"\"\n\nz\"\"\"\n", "f");
  ASSERT_TRUE(good.root) << first(good);
  EXPECT_EQ(good.root->find("a")->text_at, (Position{2, 1}));
  EXPECT_EQ(good.root->find("a")->text, "SELECT 1\n");
  EXPECT_TRUE(good.root->find("a")->verbatim);
  EXPECT_EQ(good.root->find("b")->text_at, (Position{4, 6}));
  EXPECT_EQ(good.root->find("c")->text, "A");
  EXPECT_FALSE(good.root->find("c")->verbatim);
  EXPECT_EQ(good.root->find("d")->text_at, (Position{6, 8}));
  EXPECT_EQ(good.root->find("é")->text_at, (Position{8, 1}));
  EXPECT_TRUE(good.root->find("é")->verbatim);
}

struct BadBytes {
  const char* name;
  std::string bytes;
  std::string summary;
};
class TomlBytes : public testing::TestWithParam<BadBytes> {};
TEST_P(TomlBytes, AreRefusedAtTheirPosition) {
  const TomlParse parse = parse_toml(GetParam().bytes, "f");
  EXPECT_FALSE(parse.root);
  EXPECT_EQ(first(parse).substr(0, GetParam().summary.size()), GetParam().summary);
}
INSTANTIATE_TEST_SUITE_P(
    All, TomlBytes,
    testing::Values(BadBytes{"bom",
                             "\xEF\xBB\xBF"
                             "a = 1\n",
                             "S1001.bom f:1:1"},
                    BadBytes{"crlf", "a = 1\r\n", "S1001.lf f:1:6"},
                    BadBytes{"overlong", "a = \"\xC0\xAF\"\n", "S1001.utf8 f:1:6"},
                    BadBytes{"surrogate", "a = \"\xED\xA0\x80\"\n", "S1001.utf8 f:1:6"},
                    BadBytes{"beyond", "a = \"\xF4\x90\x80\x80\"\n", "S1001.utf8 f:1:6"},
                    BadBytes{"cut", "a = 'é'\nb = \"\xE2\x82", "S1001.utf8 f:2:6"},
                    BadBytes{"bidi", "# x\n# \xE2\x80\xAE\n", "S1001.invisible f:2:3 [U+202E]"},
                    BadBytes{"isolate", "a = '\xE2\x81\xA6'\n", "S1001.invisible f:1:6 [U+2066]"},
                    BadBytes{"zero_width", "a\xE2\x80\x8B = 1\n", "S1001.invisible f:1:2"},
                    BadBytes{"inner_bom", "a = '\xEF\xBB\xBF'\n", "S1001.invisible f:1:6"},
                    BadBytes{"tag", "a = '\xF3\xA0\x81\x81'\n", "S1001.invisible f:1:6 [U+E0041]"},
                    BadBytes{"nul", std::string("a = '\0'\n", 8), "S1001.control f:1:6"},
                    BadBytes{"twice", "a = 1\na = 2\n", "S1007.syntax f:2:5"},
                    BadBytes{"table_twice", "[a]\n[a]\n", "S1007.syntax f:2:"},
                    BadBytes{"hex", "a = 0x10\n", "S1005.number f:1:5"},
                    BadBytes{"underscore", "a = 1_000\n", "S1005.number f:1:5"},
                    BadBytes{"plus", "a = +1\n", "S1005.number f:1:5"},
                    BadBytes{"exponent", "a = 1e3\n", "S1005.number f:1:5"},
                    BadBytes{"nan", "a = nan\n", "S1005.number f:1:5"},
                    BadBytes{"long_decimal", "a = 0.1234567\n", "S1005.number f:1:5"},
                    BadBytes{"time", "a = 2023-01-01T00:00:00Z\n", "S1005.time f:1:5"},
                    BadBytes{"impossible_date", "a = 2023-02-30\n", "S1007.syntax f:1:"}),
    [](const auto& test) { return test.param.name; });

TEST(Toml, FindsAllFaultsAtOnceInOrder) {
  const TomlParse parse = parse_toml("[z]\nb = 0x1\n[a]\nc = 1e1\n", "f");
  ASSERT_EQ(parse.errors.size(), 2u);
  EXPECT_EQ(parse.errors[0].summary(), "S1005.number f:2:5");
  EXPECT_EQ(parse.errors[1].summary(), "S1005.number f:4:5");
}

TEST(Toml, SizeIsBounded) {
  EXPECT_TRUE(parse_toml("#" + std::string(kMaxTomlBytes - 1, 'x'), "f").root);
  EXPECT_EQ(first(parse_toml("#" + std::string(kMaxTomlBytes, 'x'), "f")), "S1002.large f [262144]");
}

std::string repeat(const std::string& part, size_t bytes) {
  std::string all;
  while (all.size() + part.size() <= bytes) all += part;
  return all;
}
std::string joined(const std::string& before, const std::string& middle, const std::string& after) {
  std::string all = before;
  all.append(middle).append(after);
  return all;
}

// Dotted keys escape toml++'s own nesting limit; 256 KiB of them would overflow an ordinary stack.
TEST(Toml, DepthIsBoundedWithoutOverflow) {
  const size_t room = kMaxTomlBytes - 16;
  EXPECT_EQ(first(parse_toml(joined("", repeat("a.", room), "a = 1\n"), "f")).substr(0, 10), "S1007.deep");
  EXPECT_EQ(first(parse_toml(joined("[", repeat("a.", room), "a]\n"), "f")).substr(0, 10), "S1007.deep");
  EXPECT_FALSE(parse_toml(joined("a = ", repeat("[", room), ""), "f").root);
  EXPECT_FALSE(parse_toml(joined("a = ", repeat("{a=", room), ""), "f").root);
  EXPECT_TRUE(parse_toml("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p = 1\n", "f").root);
  EXPECT_FALSE(parse_toml("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q = 1\n", "f").root);
}

TEST(TomlReader, ReportsEveryFault) {
  const TomlParse parse = parse_toml(
      "name = 'x'\nT_persoon = 10\nsize = 70\nlist = ['a', '', 'a', 1]\nblank = ' '\nkind = 'z'\n[inner]\n"
      "extra = 1\n[[rows]]\nq = 1\n",
      "f");
  ASSERT_TRUE(parse.root);
  Errors errors;
  TomlReader root(*parse.root, "", "f", errors);
  EXPECT_EQ(root.text("name"), "x");
  EXPECT_EQ(root.integer("size", 0, 64), 0);
  EXPECT_EQ(root.texts("list", 1, 9), std::vector<std::string>{"a"});
  root.text("blank");
  root.choice("kind", {"a", "b"});
  root.integer("absent", 1, 2);
  root.boolean("name");
  TomlReader inner = root.table("inner");
  inner.millionths("extra", 0, 500'000);
  inner.finish();
  TomlReader missing = root.table("missing");
  missing.text("x");  // reported once, for the table
  for (const TomlValue* row : root.tables("rows", 1, 5)) root.item(*row, "rows").finish();
  root.finish();
  sort_by_position(errors);
  std::vector<std::string> all;
  for (const Error& error : errors) all.push_back(error.summary());
  EXPECT_EQ(all, (std::vector<std::string>{
                     "S1004.missing f:1:1 [absent]", "S1004.missing f:1:1 [missing]",
                     "S1005.type f:1:8 [name] [boolean] [text]", "S1003.key f:2:1 [T_persoon]",
                     "S1005.range f:3:8 [size] [0] [64]", "S1004.empty f:4:14 [list]",
                     "S1008.twice f:4:18 [list] [a]", "S1005.type f:4:23 [list] [text] [integer]",
                     "S1004.empty f:5:9 [blank]", "S1006.choice f:6:8 [kind] [a, b]",
                     "S1005.range f:8:9 [inner.extra] [0.0] [0.5]", "S1003.key f:10:1 [rows.q]"}));
}

TEST(TomlReader, ShortensWhatItPrints) {
  const TomlParse parse = parse_toml(joined("", repeat("k", 5000), " = 1\n"), "f");
  ASSERT_TRUE(parse.root);
  Errors errors;
  TomlReader(*parse.root, "", "f", errors).finish();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_LT(errors[0].args[0].size(), 210u);
  const TomlParse numbers = parse_toml("123456782 = 1\n'a 12345678901234567890' = 1\n", "f");
  ASSERT_TRUE(numbers.root);
  errors.clear();
  TomlReader(*numbers.root, "", "f", errors).finish();
  EXPECT_EQ(errors[0].args[0], "#########");
  EXPECT_EQ(errors[1].args[0], "a 12345678901234567890");
}

}  // namespace
}  // namespace sluis
