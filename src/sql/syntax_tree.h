// PostgreSQL's parse tree of one SELECT, guarded: nothing that the subset does not name gets past this file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sql/ast.h"

namespace sluis::sql {

inline constexpr size_t kMaxSqlBytes = 64 * 1024;
inline constexpr int kMaxSqlDepth = 400;  // levels of the parse tree

// One value of libpg_query's JSON form. A node is an object with one field, whose name is its type.
struct SyntaxTree {
  enum class Kind : uint8_t { kObject, kArray, kText, kInteger, kBoolean };
  Kind kind = Kind::kObject;
  std::string text;
  int64_t number = 0;
  std::vector<std::pair<std::string, SyntaxTree>> fields;
  std::vector<SyntaxTree> items;

  // The field, or nullptr: libpg_query leaves defaults (0, false, "", none) out.
  const SyntaxTree* find(std::string_view name) const;
  // Its text, or "".
  const std::string& text_of(std::string_view name) const;
  int64_t number_of(std::string_view name) const;
  bool flag(std::string_view name) const { return number_of(name) != 0; }
  const std::vector<SyntaxTree>& items_of(std::string_view name) const;
};

// Turns byte offsets of an SQL text into positions of the file that holds it.
class Locator {
 public:
  // `first` is the position of the text's first character.
  Locator(std::string_view text, Place first) : text_(text), first_(first) {}
  Place at_byte(int64_t offset) const;
  // libpg_query's error position, which counts characters from 1.
  Place at_character(int64_t position) const;
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
  Place first_;
};

// The body of the only statement, a SelectStmt. Every (node type, field) of it is in the allow-list.
// Runs PostgreSQL's parser on a thread with a stack of 64 MiB. Errors: S1021.*, with position.
Result<SyntaxTree> read_select_tree(std::string_view sql, const Locator& locator);

}  // namespace sluis::sql
