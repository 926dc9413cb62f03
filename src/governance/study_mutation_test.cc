// Every key and every list item of the example study removed, altered, retyped and doubled in turn: each must
// be noticed, as an error or as a different study.
#include <gtest/gtest.h>

#include <functional>

#include "governance/world_for_test.h"

namespace sluis::governance {
namespace {

using Kind = TomlValue::Kind;

// ---- the document as text again

std::string emit(const TomlValue& value);

std::string quoted(const std::string& text) {
  const bool plain = text.find('\'') == std::string::npos && text.find('\n') == std::string::npos;
  return plain ? "'" + text + "'" : "'''\n" + text + "'''";
}

std::string emit_entries(const std::vector<TomlValue::Entry>& entries, const char* separator) {
  std::string out;
  for (const TomlValue::Entry& entry : entries)
    out += (out.empty() ? "" : separator) + entry.key + " = " + emit(entry.value);
  return out;
}

std::string emit(const TomlValue& value) {
  switch (value.kind) {
    case Kind::kString:
      return quoted(value.text);
    case Kind::kInteger:
      return std::to_string(value.integer);
    case Kind::kDecimal:
      return "0." + std::to_string(1'000'000 + value.millionths).substr(1);
    case Kind::kBoolean:
      return value.boolean ? "true" : "false";
    case Kind::kDate:
      return relation::date_text(*relation::day_number(value.date.year, value.date.month, value.date.day));
    case Kind::kTable:
      return "{ " + emit_entries(value.entries, ", ") + " }";
    case Kind::kArray:
      break;
  }
  std::string out;
  for (const TomlValue& item : value.items) out += (out.empty() ? "" : ", ") + emit(item);
  return "[" + out + "]";
}

std::string document(const TomlValue& root) { return emit_entries(root.entries, "\n") + "\n"; }

// ---- what a study says, without where it says it

void forget_positions(Study& study) {
  study.name = {};
  study.legal.at.clear();
  for (auto& ground : study.legal.grounds) ground.at = {};
  for (auto& owner : study.participation.invited) owner.at = {};
  for (auto& table : study.tables) {
    table.at = {};
    if (table.rows) table.rows->at = {};
    for (auto& column : table.columns) column.at = {};
  }
  for (auto& view : study.views) view.at = view.sql.at = {};
  for (auto& output : study.outputs) {
    output.at = output.sql.at = {};
    for (auto& domain : output.domain) domain.at = {};
    for (auto& derive : output.derive) derive.at = {};
    for (auto& statistic : output.statistics) statistic.at = {};
  }
}

class StudyMutation : public testing::Test {
 protected:
  void SetUp() override {
    root_ = *parse_toml(test::example_bytes(), "f").root;
    original_ = content(document(root_)).value();
  }
  static std::optional<Study> content(const std::string& bytes) {
    StudyParse parse = parse_study(bytes, "f");
    if (parse.study) forget_positions(*parse.study);
    return std::move(parse.study);
  }
  // Refused, or another study.
  void expect_noticed(const std::string& what, const std::string& where) {
    ++tried_;
    const std::optional<Study> changed = content(document(root_));
    EXPECT_FALSE(changed && *changed == original_) << what << ' ' << where;
  }
  void expect_refused(const std::string& what, const std::string& where) {
    ++tried_;
    EXPECT_FALSE(content(document(root_))) << what << ' ' << where;
  }
  using Visit = std::function<void(TomlValue&, const std::string&)>;
  // Every value below `value`, with its path.
  static void walk(TomlValue& value, const std::string& path, const Visit& visit) {
    visit(value, path);
    for (TomlValue::Entry& entry : value.entries) walk(entry.value, path + '.' + entry.key, visit);
    for (size_t i = 0; i < value.items.size(); ++i)
      walk(value.items[i], path + '[' + std::to_string(i) + ']', visit);
  }

  TomlValue root_;
  Study original_;
  int tried_ = 0;
};

TEST_F(StudyMutation, UnchangedIsTheSameStudy) {
  Study example = test::parsed(test::example_bytes());
  forget_positions(example);
  EXPECT_EQ(example, original_);
}

TEST_F(StudyMutation, EveryRemovalIsNoticed) {
  walk(root_, "", [&](TomlValue& value, const std::string& path) {
    const auto entries = value.entries;
    for (size_t i = 0; i < entries.size(); ++i) {
      value.entries.erase(value.entries.begin() + static_cast<long>(i));
      // Optional header without meaning for the run: an empty list and no list are the same.
      if (entries[i].key != "supersedes") expect_noticed("removed", path + '.' + entries[i].key);
      value.entries = entries;
    }
    const auto items = value.items;
    for (size_t i = 0; i < items.size(); ++i) {
      value.items.erase(value.items.begin() + static_cast<long>(i));
      expect_noticed("removed", path + '[' + std::to_string(i) + ']');
      value.items = items;
    }
  });
  EXPECT_GT(tried_, 250);
}

TEST_F(StudyMutation, EveryDoubleIsNoticed) {
  walk(root_, "", [&](TomlValue& value, const std::string& path) {
    const auto entries = value.entries;
    for (const TomlValue::Entry& entry : entries) {
      value.entries.push_back(entry);
      expect_refused("doubled", path + '.' + entry.key);
      value.entries = entries;
    }
    const auto items = value.items;
    for (size_t i = 0; i < items.size(); ++i) {
      value.items.push_back(items[i]);
      expect_noticed("doubled", path + '[' + std::to_string(i) + ']');
      value.items = items;
    }
  });
  EXPECT_GT(tried_, 250);
}

void alter(TomlValue& value) {
  if (value.kind == Kind::kString) value.text.insert(value.text.size() / 2, "x");
  if (value.kind == Kind::kInteger) ++value.integer;
  if (value.kind == Kind::kDecimal) value.millionths -= 10'000;
  if (value.kind == Kind::kBoolean) value.boolean = !value.boolean;
  if (value.kind == Kind::kDate) value.date.day = value.date.day == 1 ? 2 : 1;
  if (value.kind == Kind::kArray) std::reverse(value.items.begin(), value.items.end());
}

TEST_F(StudyMutation, EveryAlterationIsNoticed) {
  walk(root_, "", [&](TomlValue& value, const std::string& path) {
    // Order of two placeholder numbers, of one-item lists and of tables says nothing.
    if (value.kind == Kind::kTable || (value.kind == Kind::kArray && value.items.size() < 2)) return;
    const TomlValue before = value;
    alter(value);
    expect_noticed("altered", path);
    value = before;
  });
  EXPECT_GT(tried_, 150);
}

TEST_F(StudyMutation, EveryOtherKindIsRefused) {
  walk(root_, "", [&](TomlValue& value, const std::string& path) {
    if (path.empty()) return;
    const TomlValue before = value;
    value = TomlValue{};
    value.kind = before.kind == Kind::kInteger || before.kind == Kind::kArray || before.kind == Kind::kTable
                     ? Kind::kBoolean
                     : Kind::kInteger;
    value.integer = 7;
    // A share may be written as a whole number; 7 is none.
    expect_refused("retyped", path);
    value = before;
  });
  EXPECT_GT(tried_, 250);
}

TEST_F(StudyMutation, EveryUnknownKeyIsRefused) {
  walk(root_, "", [&](TomlValue& value, const std::string& path) {
    if (value.kind != Kind::kTable) return;
    TomlValue::Entry extra;
    extra.key = "zz_unknown";
    extra.value.kind = Kind::kInteger;
    value.entries.push_back(extra);
    expect_refused("added to", path);
    value.entries.pop_back();
  });
  EXPECT_GT(tried_, 30);
}

// Cut anywhere, the file is refused or is another study; nothing crashes.
TEST_F(StudyMutation, EveryPrefixIsNoticed) {
  const std::string bytes = test::example_bytes();
  const std::string end = bytes.substr(bytes.size() - 400);
  for (size_t length = 0; length + 3 < bytes.size(); length += 37)
    EXPECT_FALSE(parse_study(bytes.substr(0, length), "f").study) << length;
}

}  // namespace
}  // namespace sluis::governance
