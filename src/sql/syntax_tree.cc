#include "sql/syntax_tree.h"

#include <pg_query.h>
#include <pthread.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

namespace sluis::sql {
namespace {

constexpr size_t kParserStackBytes = size_t{64} << 20;

// ---- libpg_query

struct Parse {
  std::string sql;
  std::string tree;
  std::string error;
  int error_position = 0;
};

void* run_parser(void* argument) {
  auto& parse = *static_cast<Parse*>(argument);
  const PgQueryParseResult result = pg_query_parse(parse.sql.c_str());
  if (result.error != nullptr) {
    parse.error = result.error->message != nullptr ? result.error->message : "?";
    parse.error_position = result.error->cursorpos;
  } else if (result.parse_tree != nullptr) {
    parse.tree = result.parse_tree;
  }
  pg_query_free_parse_result(result);
  return nullptr;
}

// The parser recurses without a limit of its own, so it gets a stack that kMaxSqlBytes cannot exhaust.
bool run_on_large_stack(Parse& parse) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  pthread_t thread;
  const bool started = pthread_attr_setstacksize(&attributes, kParserStackBytes) == 0 &&
                       pthread_create(&thread, &attributes, run_parser, &parse) == 0;
  pthread_attr_destroy(&attributes);
  return started && pthread_join(thread, nullptr) == 0;
}

// ---- JSON to SyntaxTree, without recursion

class TreeReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return false; }
  bool boolean(bool value) override { return leaf(SyntaxTree::Kind::kBoolean, value ? 1 : 0, {}); }
  bool number_integer(number_integer_t value) override { return leaf(SyntaxTree::Kind::kInteger, value, {}); }
  bool number_unsigned(number_unsigned_t value) override {
    return leaf(SyntaxTree::Kind::kInteger, static_cast<int64_t>(value), {});
  }
  bool number_float(number_float_t, const string_t&) override { return false; }
  bool string(string_t& value) override { return leaf(SyntaxTree::Kind::kText, 0, std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(size_t) override { return open(SyntaxTree::Kind::kObject); }
  bool key(string_t& value) override {
    key_ = std::move(value);
    return true;
  }
  bool end_object() override { return open_.pop_back(), true; }
  bool start_array(size_t) override { return open(SyntaxTree::Kind::kArray); }
  bool end_array() override { return open_.pop_back(), true; }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

  SyntaxTree root;
  bool too_deep = false;

 private:
  SyntaxTree* place() {
    if (open_.empty()) return &root;
    SyntaxTree& parent = *open_.back();
    if (parent.kind == SyntaxTree::Kind::kArray) return &parent.items.emplace_back();
    return &parent.fields.emplace_back(std::move(key_), SyntaxTree{}).second;
  }
  bool leaf(SyntaxTree::Kind kind, int64_t number, std::string text) {
    if (open_.empty()) return false;
    SyntaxTree& at = *place();
    at.kind = kind;
    at.number = number;
    at.text = std::move(text);
    return true;
  }
  // Pointers to open values stay valid: only the innermost one's children move when it grows.
  bool open(SyntaxTree::Kind kind) {
    too_deep = open_.size() >= static_cast<size_t>(kMaxSqlDepth);
    if (too_deep) return false;
    SyntaxTree& at = *place();
    at.kind = kind;
    open_.push_back(&at);
    return true;
  }

  std::vector<SyntaxTree*> open_;
  std::string key_;
};

// ---- the allow-list (dependencies: pairs of type and field, since fields with a fixed type carry no name)

using Fields = std::set<std::string, std::less<>>;

const std::map<std::string, Fields, std::less<>>& allowed_fields() {
  static const std::map<std::string, Fields, std::less<>> kFields = {
      {"SelectStmt",
       {"distinctClause", "targetList", "fromClause", "whereClause", "groupClause", "havingClause",
        "sortClause", "limitCount", "limitOption", "op", "all", "larg", "rarg", "withClause"}},
      {"larg", {}},  // filled below: a SelectStmt without a type name
      {"rarg", {}},
      {"withClause", {"ctes"}},
      {"CommonTableExpr", {"ctename", "ctematerialized", "ctequery"}},
      {"ResTarget", {"name", "val"}},
      {"ColumnRef", {"fields"}},
      {"A_Star", {}},
      {"String", {"sval"}},
      {"A_Const", {"ival", "fval", "sval", "boolval", "isnull"}},
      {"ival", {"ival"}},
      {"fval", {"fval"}},  // also integers beyond 32 bits; parser.cc looks closer
      {"sval", {"sval"}},
      {"boolval", {"boolval"}},
      {"A_Expr", {"kind", "name", "lexpr", "rexpr"}},
      {"BoolExpr", {"boolop", "args"}},
      {"NullTest", {"arg", "nulltesttype"}},
      {"BooleanTest", {"arg", "booltesttype"}},
      {"CaseExpr", {"arg", "args", "defresult"}},
      {"CaseWhen", {"expr", "result"}},
      {"CoalesceExpr", {"args"}},
      {"MinMaxExpr", {"op", "args"}},
      {"FuncCall",
       {"funcname", "args", "agg_star", "agg_distinct", "agg_filter", "funcformat", "over", "agg_order",
        "agg_within_group"}},
      {"over", {"partitionClause", "orderClause", "frameOptions"}},
      {"NamedArgExpr", {"arg", "name", "argnumber"}},
      {"TypeCast", {"arg", "typeName"}},
      {"typeName", {"names", "typemod", "typmods"}},
      {"List", {"items"}},
      {"SubLink", {"subLinkType", "testexpr", "subselect"}},
      {"RangeVar", {"relname", "inh", "relpersistence", "alias"}},
      {"alias", {"aliasname"}},
      {"RangeSubselect", {"subquery", "alias"}},
      {"JoinExpr", {"jointype", "larg", "rarg", "quals"}},
      {"SortBy", {"node", "sortby_dir", "sortby_nulls"}},
  };
  return kFields;
}

// What a refused pair (or, with field "", type) is called in the catalogues.
std::string cause_of(const std::string& type, const std::string& field) {
  static const std::map<std::string, std::string, std::less<>> kCauses = {
      {"over.name", "window_name"},
      {"over.refname", "window_name"},
      {"over.startOffset", "window_frame"},
      {"over.endOffset", "window_frame"},
      {"SelectStmt.windowClause", "window_name"},
      {"SelectStmt.intoClause", "into"},
      {"SelectStmt.lockingClause", "locking"},
      {"SelectStmt.valuesLists", "values"},
      {"SelectStmt.limitOffset", "offset"},
      {"SelectStmt.groupDistinct", "grouping_sets"},
      {"GroupingSet.", "grouping_sets"},
      {"withClause.recursive", "recursive"},
      {"CommonTableExpr.aliascolnames", "column_alias"},
      {"RangeVar.schemaname", "schema"},
      {"RangeVar.catalogname", "schema"},
      {"RangeFunction.", "from_function"},
      {"RangeSubselect.lateral", "lateral"},
      {"RangeTableSample.", "sample"},
      {"JoinExpr.isNatural", "natural"},
      {"JoinExpr.usingClause", "using"},
      {"JoinExpr.alias", "join_alias"},
      {"alias.colnames", "column_alias"},
      {"A_Const.bsval", "type"},
      {"ParamRef.", "parameter"},
      {"A_ArrayExpr.", "any_all"},
      {"SQLValueFunction.", "today"},
      {"CollateClause.", "collate"},
      {"SubLink.operName", "any_all"},
      {"RowExpr.", "row"},
      {"typeName.arrayBounds", "type"},
      {"typeName.setof", "type"},
  };
  const auto at = kCauses.find(type + "." + field);
  if (at != kCauses.end()) return at->second;
  const auto whole = kCauses.find(type + ".");
  return whole != kCauses.end() ? whole->second : "construct";
}

class Guard {
 public:
  explicit Guard(const Locator& locator) : locator_(locator) {}

  // A value whose type is only known from its own single field.
  Status node(const SyntaxTree& value) {
    if (value.kind == SyntaxTree::Kind::kArray) {
      for (const SyntaxTree& item : value.items) SLUIS_TRY(node(item));
      return {};
    }
    if (value.kind != SyntaxTree::Kind::kObject) return {};
    if (value.fields.empty()) return {};  // DISTINCT's empty node
    if (value.fields.size() != 1) return refuse("construct", "?");
    return typed(value.fields[0].second, value.fields[0].first);
  }

  Status typed(const SyntaxTree& value, const std::string& type) {
    remember(value);
    const bool arm = type == "larg" || type == "rarg";
    const auto& all = allowed_fields();
    const auto fields = all.find(arm ? "SelectStmt" : type);
    if (fields == all.end()) return refuse(cause_of(type, ""), type);
    for (const auto& [name, field] : value.fields) {
      if (name == "location") continue;
      if (!fields->second.contains(name))
        return refuse(cause_of(fields->first, name), fields->first + "." + name);
      SLUIS_TRY(inside(field, name, fields->first));
    }
    return {};
  }

 private:
  // Fields with a fixed type: no type name in the tree, so the field name stands for it. JoinExpr's sides are
  // ordinary nodes.
  Status inside(const SyntaxTree& field, const std::string& name, const std::string& owner) {
    static const Fields kFixed = {"ival",  "fval",     "sval",       "boolval",
                                  "alias", "typeName", "withClause", "over"};
    const bool fixed = kFixed.contains(name) || (owner == "SelectStmt" && (name == "larg" || name == "rarg"));
    if (fixed && field.kind == SyntaxTree::Kind::kObject) return typed(field, name);
    return node(field);
  }
  void remember(const SyntaxTree& value) {
    const SyntaxTree* location = value.find("location");
    if (location != nullptr && location->number >= 0) at_ = locator_.at_byte(location->number);
  }
  Error refuse(const std::string& cause, const std::string& name) const {
    return refusal(cause, at_, {name});
  }

  const Locator& locator_;
  Place at_;
};

// A name for the statement in the refusal: "UpdateStmt" -> "UPDATE".
std::string statement_name(const std::string& type) {
  const size_t end = type.find("Stmt");
  std::string name;
  for (const char c : type.substr(0, end)) name += static_cast<char>(toupper(c));
  return name;
}

Result<SyntaxTree> only_select(SyntaxTree& root, Place start) {
  const std::vector<SyntaxTree>& statements = root.items_of("stmts");
  if (statements.empty()) return refusal("empty", start);
  if (statements.size() > 1) return refusal("many_statements", start);
  const SyntaxTree* statement = statements[0].find("stmt");
  if (statement == nullptr || statement->fields.size() != 1) return refusal("construct", start, {"?"});
  const auto& [type, body] = statement->fields[0];
  if (type != "SelectStmt") return refusal("statement", start, {statement_name(type)});
  return body;
}

}  // namespace

const SyntaxTree* SyntaxTree::find(std::string_view name) const {
  for (const auto& [key, value] : fields)
    if (key == name) return &value;
  return nullptr;
}

const std::string& SyntaxTree::text_of(std::string_view name) const {
  static const std::string kNone;
  const SyntaxTree* field = find(name);
  return field == nullptr ? kNone : field->text;
}

int64_t SyntaxTree::number_of(std::string_view name) const {
  const SyntaxTree* field = find(name);
  return field == nullptr ? 0 : field->number;
}

const std::vector<SyntaxTree>& SyntaxTree::items_of(std::string_view name) const {
  static const std::vector<SyntaxTree> kNone;
  const SyntaxTree* field = find(name);
  return field == nullptr ? kNone : field->items;
}

Place Locator::at_byte(int64_t offset) const {
  Place at = first_;
  const auto end = static_cast<size_t>(std::max<int64_t>(offset, 0));
  for (size_t i = 0; i < end && i < text_.size(); ++i) {
    if (text_[i] == '\n') {
      at = {at.line + 1, 1};
    } else if ((static_cast<unsigned char>(text_[i]) & 0xC0) != 0x80) {
      ++at.column;
    }
  }
  return at;
}

Place Locator::at_character(int64_t position) const {
  int64_t seen = 0;
  for (size_t i = 0; i < text_.size(); ++i) {
    if ((static_cast<unsigned char>(text_[i]) & 0xC0) != 0x80) ++seen;
    if (seen >= position) return at_byte(static_cast<int64_t>(i));
  }
  return at_byte(static_cast<int64_t>(text_.size()));
}

Result<SyntaxTree> read_select_tree(std::string_view sql, const Locator& locator) {
  const Place start = locator.at_byte(0);
  if (sql.size() > kMaxSqlBytes) return refusal("large", start, {std::to_string(kMaxSqlBytes)});
  if (sql.find('\0') != std::string_view::npos) return refusal("nul", start);
  Parse parse;
  parse.sql = sql;
  if (!run_on_large_stack(parse)) return refusal("memory", start);
  if (!parse.error.empty())
    return refusal("syntax", locator.at_character(parse.error_position), {parse.error});
  TreeReader reader;
  if (!nlohmann::json::sax_parse(parse.tree, &reader))
    return refusal(reader.too_deep ? "deep" : "syntax", start,
                   {reader.too_deep ? std::to_string(kMaxSqlDepth) : "UTF-8"});
  SLUIS_ASSIGN(SyntaxTree select, only_select(reader.root, start));
  SLUIS_TRY(Guard(locator).typed(select, "SelectStmt"));
  return select;
}

}  // namespace sluis::sql
