// Every command with too little, too much or something else: a clear error in both languages, never a crash.
#include <gtest/gtest.h>

#include <set>

#include "base/json.h"
#include "demo/process.h"

namespace sluis::three_process {
namespace {

using demo::Output;

using Words = std::vector<std::string>;

const std::vector<Words> kCommands = {
    {"data", "check"},     {"data", "share"},    {"data", "list"},     {"data", "withdraw"},
    {"study", "check"},    {"study", "explain"}, {"study", "page"},    {"study", "submit"},
    {"study", "status"},   {"study", "list"},    {"study", "dry-run"}, {"review", "advise"},
    {"review", "approve"}, {"review", "return"}, {"review", "reject"}, {"review", "revoke"},
    {"review", "list"},    {"run", "start"},     {"run", "watch"},     {"run", "list"},
    {"run", "cancel"},     {"run", "record"},    {"result", "get"},    {"result", "show"},
    {"result", "report"},  {"result", "verify"}, {"audit", "verify"},  {"node", "init"},
    {"node", "serve"}};

Output sluis(const char* language, Words words) {
  words.insert(words.begin(), SLUIS_PROGRAM);
  words.insert(words.end(), {"--lang", language});
  return demo::run(words);
}

std::string joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += word + " ";
  return text;
}

// A code, a text of its own, an exit code that is documented; no crash and no text that is only a key.
void expect_clear(const Output& output, const Words& words) {
  SCOPED_TRACE(joined(words));
  static const std::set<int> kDocumented = {2, 3, 4, 5, 6, 7, 9, 10};
  EXPECT_TRUE(kDocumented.contains(output.code)) << output.code << " " << output.error;
  EXPECT_TRUE(output.error.starts_with("S1")) << output.error;
  EXPECT_EQ(output.error.find(".what"), std::string::npos) << output.error;
  EXPECT_EQ(output.error.find("{0}"), std::string::npos) << output.error;
  EXPECT_GT(output.error.size(), 20u);
}

TEST(CommandLine, TooLittleOrSomethingElseIsAClearErrorInBothLanguages) {
  for (const Words& command : kCommands) {
    for (const Words& more :
         {Words{}, Words{"/no/such/file"}, Words{"--no-such-option"}, Words{"a", "b", "c", "d", "e"},
          Words{"--timeout", "x"}, Words{"--output", "xml"}}) {
      Words words = command;
      words.insert(words.end(), more.begin(), more.end());
      const Output dutch = sluis("nl", words);
      const Output english = sluis("en", words);
      expect_clear(dutch, words);
      expect_clear(english, words);
      EXPECT_EQ(dutch.code, english.code) << joined(words);
      EXPECT_NE(dutch.error, english.error) << joined(words);
    }
  }
}

TEST(CommandLine, ErrorsAsJsonAreJson) {
  for (const Words& words : {Words{"data", "check", "-o", "json"}, Words{"run", "list", "-o", "json"},
                             Words{"study", "check", "/no/such", "-o", "json"}}) {
    const Output output = sluis("nl", words);
    const Result<JsonValue> parsed = parse_json(output.text, {});
    ASSERT_TRUE(parsed.ok()) << joined(words) << output.text << output.error;
    EXPECT_EQ(parsed->find("status")->text, "error");
    EXPECT_EQ(parsed->find("code")->integer, output.code);
    EXPECT_FALSE(parsed->find("error")->find("what")->text.empty());
  }
}

TEST(CommandLine, NothingAndHelp) {
  for (const Words& words : {Words{}, Words{"data"}, Words{"nonsense"}})
    expect_clear(sluis("nl", words), words);
  const Output help = sluis("nl", {"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_GT(help.text.size(), 200u);
}

}  // namespace
}  // namespace sluis::three_process
