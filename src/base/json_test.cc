#include "base/json.h"

#include <gtest/gtest.h>

#include <random>

#include "base/utf8.h"

namespace sluis {
namespace {

using Kind = JsonValue::Kind;

std::string fault(std::string_view text, const JsonLimits& limits = {}) {
  const Result<JsonValue> parsed = parse_json(text, limits, "f.json");
  return parsed.ok() ? "" : parsed.error().summary();
}

TEST(Json, KeepsValuesExactlyAndInOrder) {
  const Result<JsonValue> parsed = parse_json(
      "{\"b\": [1, -2, 9223372036854775807, 18446744073709551615, 1.50, -0.0],\n"
      " \"a\": {\"x\": null, \"y\": true}, \"s\": \"\\u00e9\\ud83d\\ude00\\n\"}");
  ASSERT_TRUE(parsed.ok()) << parsed.error().summary();
  EXPECT_EQ(parsed->keys, (std::vector<std::string>{"b", "a", "s"}));
  const std::vector<JsonValue>& b = parsed->find("b")->items;
  EXPECT_EQ(b[1].integer, -2);
  EXPECT_EQ(b[2].integer, INT64_MAX);
  EXPECT_EQ(b[3].kind, Kind::kDecimal);
  EXPECT_EQ(b[3].text, "18446744073709551615");
  EXPECT_EQ(b[4].text, "1.50");
  EXPECT_EQ(b[5].text, "-0.0");
  EXPECT_EQ(parsed->find("a")->find("x")->kind, Kind::kNull);
  EXPECT_TRUE(parsed->find("a")->find("y")->boolean);
  EXPECT_EQ(parsed->find("s")->text, "é😀\n");
  EXPECT_EQ(parsed->find("z"), nullptr);
}

TEST(Json, KnowsThePlaceOfEveryValue) {
  const Result<JsonValue> parsed = parse_json("{\n  \"a\": 17\n  ,\n\"b\" :\n [ \"x\",\n    12\n]}");
  ASSERT_TRUE(parsed.ok());
  const auto place = [](const JsonValue& v) { return std::pair(v.line, v.column); };
  EXPECT_EQ(place(*parsed), std::pair(1, 1));
  EXPECT_EQ(place(*parsed->find("a")), std::pair(2, 8));
  EXPECT_EQ(place(*parsed->find("b")), std::pair(5, 2));
  EXPECT_EQ(place(parsed->find("b")->items[0]), std::pair(5, 4));
  EXPECT_EQ(place(parsed->find("b")->items[1]), std::pair(6, 5));
}

TEST(Json, RefusesWhatIsNotOneStrictDocument) {
  EXPECT_EQ(fault(""), "S1040.truncated f.json:1:1");
  EXPECT_EQ(fault("{\"a\": [1,\n 2"), "S1040.truncated f.json:2:2");
  EXPECT_EQ(fault("\"abc"), "S1040.truncated f.json:1:4");
  EXPECT_EQ(fault("{\"a\":\n\"b\" \"c\"}"), "S1040.syntax f.json:2:7");
  for (const char* bad : {"{} {}",
                          "[1,]",
                          "{\"a\":1,}",
                          "{a:1}",
                          "'a'",
                          "01",
                          "1.",
                          ".5",
                          "+1",
                          "NaN",
                          "Infinity",
                          "[1 // one\n]",
                          "[1 /* one */]",
                          "\"a\nb\"",
                          "\"\\x\"",
                          "\"\\ud800\"",
                          "\"\\ude00\"",
                          "nul",
                          "1e999",
                          "\xEF\xBB\xBF{",
                          "{\"a\" 1}",
                          "[}"})
    EXPECT_NE(fault(bad), "") << bad;
  EXPECT_EQ(fault("{\"a\":1,\n\"b\":2, \"a\":3}").substr(0, 25), "S1040.duplicate f.json:2:");
  EXPECT_EQ(fault("[\"\xC3\x28\"]").substr(0, 10), "S1040.utf8");
  EXPECT_EQ(fault("[\"\xED\xA0\x80\"]").substr(0, 10), "S1040.utf8");
  EXPECT_EQ(fault(std::string_view("[1]\0[2]", 7)).substr(0, 9), "S1040.nul");
  EXPECT_EQ(fault("[\"a\\u0000b\"]").substr(0, 9), "S1040.nul");
  EXPECT_EQ(fault("{\"a\\u0000b\":1}").substr(0, 9), "S1040.nul");
  EXPECT_EQ(fault("\xEF\xBB\xBF{}").substr(0, 9), "S1040.bom");
  JsonLimits with_bom;
  with_bom.allow_bom = true;
  EXPECT_EQ(fault("\xEF\xBB\xBF{}", with_bom), "");
}

TEST(Json, FindsADuplicateAmongManyKeys) {
  std::string text = "{";
  for (int i = 0; i < 100; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  EXPECT_EQ(fault(text + "\"z\":0}"), "");
  for (const int again : {0, 15, 16, 99})
    EXPECT_EQ(fault(text + "\"k" + std::to_string(again) + "\":0}").substr(0, 15), "S1040.duplicate")
        << again;
}

TEST(Json, HoldsItsLimits) {
  EXPECT_EQ(fault(std::string(64, '[') + std::string(64, ']')), "");
  EXPECT_EQ(fault(std::string(65, '[') + std::string(65, ']')).substr(0, 11), "S1040.depth");
  EXPECT_EQ(fault(std::string(5'000'000, '[')).substr(0, 11), "S1040.depth");
  JsonLimits limits;
  limits.max_bytes = 5;
  EXPECT_EQ(fault("[1,2]", limits), "");
  EXPECT_EQ(fault("[1,2] ", limits).substr(0, 11), "S1002.large");
  limits = {};
  limits.max_token_bytes = 10;
  EXPECT_EQ(fault("[\"1234567\"]", limits), "");
  EXPECT_EQ(fault("[\"12345678901\"]", limits).substr(0, 11), "S1040.token");
  EXPECT_EQ(fault("[1,           2]", limits).substr(0, 11), "S1040.token");
  EXPECT_EQ(fault("[123456789012]", limits).substr(0, 11), "S1040.token");
  limits = {};
  limits.max_values = 3;
  EXPECT_EQ(fault("[1,2]", limits), "");
  EXPECT_EQ(fault("[1,2,3]", limits).substr(0, 12), "S1040.values");
}

// The error texts of the library would quote the input.
TEST(Json, NeverPutsDataIntoAnError) {
  for (const char* bad :
       {"{\"123456782\":1,\"123456782\":2}", "[123456782x]", "[\"123456782\" 1]", "123456782 1"})
    EXPECT_EQ(fault(bad).find("123456782"), std::string::npos) << fault(bad);
}

TEST(Json, StreamsTheElementsOfOneArray) {
  const std::string_view text =
      "{\"n\": 1, \"l\": [ {\"t\": [{\"a\":1},{\"a\":2}], \"x\": {\"t\": [9]}}, {\"t\": []}, {\"t\": [3, "
      "[4]]} ], "
      "\"t\": [8]}";
  for (const size_t chunk : {1u, 3u, 1000u}) {
    std::string seen;
    JsonStream stream{{"l", "t"}, [&](JsonValue& element) -> Status {
                        JsonWriter writer;
                        seen += writer.value(element).take() + ';';
                        return {};
                      }};
    MemorySource source(text, chunk);
    const Result<JsonValue> rest = parse_json(source, {}, "f", &stream);
    ASSERT_TRUE(rest.ok());
    EXPECT_EQ(seen, "{\"a\":1};{\"a\":2};3;[4];");
    JsonWriter writer;
    EXPECT_EQ(writer.value(*rest).take(),
              "{\"n\":1,\"l\":[{\"t\":[],\"x\":{\"t\":[9]}},{\"t\":[]},{\"t\":[]}],\"t\":[8]}");
  }
}

TEST(Json, StreamingBoundsWhatIsKept) {
  JsonLimits limits;
  limits.max_values = 20;
  std::string text = "{\"l\":[";
  for (int i = 0; i < 1000; ++i) text += "[1,2,3],";
  text += "[]]}";
  int n = 0;
  JsonStream stream{{"l"}, [&](JsonValue&) -> Status { return ++n, Status(); }};
  MemorySource source(text);
  EXPECT_TRUE(parse_json(source, limits, "f", &stream).ok());
  EXPECT_EQ(n, 1001);
  stream.element = [&](JsonValue& element) -> Status {
    Error error;
    error.id = "S1199", error.line = element.line;
    return error;
  };
  MemorySource again(text);
  EXPECT_EQ(parse_json(again, limits, "f", &stream).error().summary(), "S1199 :1");
}

TEST(JsonReader, ReportsMissingWrongAndUnreadKeys) {
  const Result<JsonValue> parsed = parse_json(
      "{\"name\":\"x\",\"n\":5,\n\"kind\":\"b\",\"list\":[\"p\",1],\n\"in\":{\"q\":true,\"123456782\":1},"
      "\"extra\":0}");
  ASSERT_TRUE(parsed.ok());
  Errors errors;
  JsonReader reader(*parsed, "", "f.json", errors);
  EXPECT_EQ(reader.text("name"), "x");
  EXPECT_EQ(reader.integer("n", 0, 4), 0);
  EXPECT_EQ(reader.choice("kind", {"a", "c"}), "");
  EXPECT_EQ(reader.texts("list", 9), std::vector<std::string>{"p"});
  EXPECT_EQ(reader.optional_text("gone"), "");
  reader.text("must");
  JsonReader in = reader.object("in");
  EXPECT_TRUE(in.boolean("q"));
  in.finish();
  reader.finish();
  std::vector<std::string> seen;
  for (const Error& e : errors) seen.push_back(e.summary());
  EXPECT_EQ(seen, (std::vector<std::string>{
                      "S1005.range f.json:1:17 [n] [0] [4]", "S1006.choice f.json:2:8 [kind] [a, c]",
                      "S1005.type f.json:2:24 [list] [text] [integer]", "S1004.missing f.json:1:1 [must]",
                      "S1003.key f.json:3:28 [in.#########]", "S1003.key f.json:3:39 [extra]"}));
}

TEST(JsonWriter, IsDeterministicAndEscapes) {
  JsonWriter flat;
  flat.begin_object().member("a", 1).key("b").begin_array().decimal(0.1).null().boolean(true).end_array();
  flat.key("c").begin_object().end_object().end_object();
  EXPECT_EQ(flat.take(), "{\"a\":1,\"b\":[0.1,null,true],\"c\":{}}");
  JsonWriter pretty(2);
  pretty.begin_object()
      .member("a", "x")
      .key("b")
      .begin_array()
      .integer(1)
      .integer(2)
      .end_array()
      .end_object();
  EXPECT_EQ(pretty.take(), "{\n  \"a\": \"x\",\n  \"b\": [\n    1,\n    2\n  ]\n}");
  EXPECT_EQ(json_string("a\"\\\n\x01\x7F é\xFF\u2028"), "\"a\\\"\\\\\\n\\u0001\\u007f é\uFFFD\\u2028\"");
}

TEST(JsonWriter, WritesWhatTheReaderReads) {
  std::mt19937 random(20260101);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(random() % n); };
  const std::function<void(JsonWriter&, int)> write = [&](JsonWriter& out, int depth) {
    const uint32_t kind = below(depth > 4 ? 5 : 7);
    if (kind == 0) out.null();
    if (kind == 1) out.boolean(below(2) == 1);
    if (kind == 2) out.integer(static_cast<int64_t>(random()) << below(31));
    if (kind == 3) out.decimal(below(1000000) / 1024.0 + 0.5 / 1024);
    if (kind == 4) {
      std::string text;
      for (uint32_t n = below(9); n > 0; --n) text += utf8_encode(1 + below(0xD000));
      out.string(text);
    }
    if (kind == 5) {
      out.begin_array();
      for (uint32_t n = below(5); n > 0; --n) write(out, depth + 1);
      out.end_array();
    }
    if (kind == 6) {
      out.begin_object();
      for (uint32_t n = below(5); n > 0; --n) write(out.key(std::string(n, 'k')), depth + 1);
      out.end_object();
    }
  };
  for (int round = 0; round < 300; ++round) {
    JsonWriter out(static_cast<int>(below(3)));
    write(out, 0);
    const std::string text = out.take();
    const Result<JsonValue> parsed = parse_json(text);
    ASSERT_TRUE(parsed.ok()) << text;
    JsonWriter flat, again;
    const std::string first = flat.value(*parsed).take();
    EXPECT_EQ(again.value(*parse_json(first)).take(), first);
  }
}

TEST(Utf8, AcceptsExactlyWellFormedText) {
  for (const char* good :
       {"", "a", "é", "€", "😀", "\xEF\xBF\xBF", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xEE\x80\x80"})
    EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3", "\xE2\x82", "\xFF", "a\xE9z"})
    EXPECT_FALSE(is_utf8(bad)) << bad;
  EXPECT_EQ(utf8_prefix("ab\xE9"), 2u);
}

TEST(Utf8, SafeNamesHideLongNumbersAndControls) {
  EXPECT_EQ(safe_name("Datum aanvang"), "Datum aanvang");
  EXPECT_EQ(safe_name("levering-2022-12-31.json"), "levering-2022-12-31.json");
  EXPECT_EQ(safe_name("x 123456782"), "x #########");
  EXPECT_EQ(safe_name("1234.56.782 y"), "####.##.### y");
  EXPECT_EQ(safe_name("a\nb\x1B[31m\xFF"), "a?b?[31m?");
  EXPECT_EQ(safe_name(std::string(100, 'a')).size(), 63u);
  EXPECT_EQ(safe_name(std::string(56, 'a') + "123456782").find("1234"), std::string::npos);
}

}  // namespace
}  // namespace sluis
