#include <set>

#include "base/json.h"
#include "study/bind.h"

namespace sluis::study {
namespace {

void write_type(JsonWriter& json, const relation::Type& type) {
  json.begin_object()
      .member("kind", relation::kind_name(type.kind))
      .member("lo", type.lo)
      .member("hi", type.hi);
  json.key("domain").begin_array();
  for (const std::string& value : type.domain) json.string(value);
  json.end_array().end_object();
}

void write_ints(JsonWriter& json, const char* name, const std::vector<int>& values) {
  json.key(name).begin_array();
  for (const int value : values) json.integer(value);
  json.end_array();
}

void write_expr(JsonWriter& json, const sql::Expr& expr) {
  json.begin_object().member("op", static_cast<int>(expr.op)).key("type");
  write_type(json, expr.type);
  json.member("nullable", expr.nullable).member("column", expr.column).member("constant", expr.constant);
  json.member("null", expr.is_null).member("months", expr.months).key("args").begin_array();
  for (const sql::Expr& arg : expr.args) write_expr(json, arg);
  json.end_array().end_object();
}

void write_calls(JsonWriter& json, const char* name, const std::vector<sql::AggregateCall>& calls) {
  json.key(name).begin_array();
  for (const sql::AggregateCall& call : calls) {
    json.begin_object()
        .member("function", static_cast<int>(call.function))
        .member("column", call.column)
        .key("type");
    write_type(json, call.type);
    json.member("name", call.name).end_object();
  }
  json.end_array();
}

// Nodes are numbered when first written, so that a shared view is written once.
class Writer {
 public:
  explicit Writer(JsonWriter& json) : json_(json) {}

  void node(const sql::NodePtr& node) {
    const auto [at, fresh] = numbers_.emplace(node.get(), static_cast<int>(numbers_.size()));
    json_.begin_object().member("node", at->second);
    if (fresh) body(*node);
    json_.end_object();
  }

 private:
  void body(const sql::Node& node) {
    json_.member("kind", static_cast<int>(node.kind)).key("columns").begin_array();
    for (const relation::ColumnSchema& column : node.columns) {
      json_.begin_object().member("name", column.name).member("nullable", column.nullable).key("type");
      write_type(json_, column.type);
      json_.end_object();
    }
    json_.end_array().member("table", node.table);
    write_ints(json_, "scan", node.scan_columns);
    json_.key("exprs").begin_array();
    for (const sql::Expr& expr : node.exprs) write_expr(json_, expr);
    json_.end_array().member("join", static_cast<int>(node.join));
    write_ints(json_, "left", node.left_keys);
    write_ints(json_, "right", node.right_keys);
    write_ints(json_, "payload", node.right_payload);
    write_ints(json_, "keys", node.group_keys);
    write_calls(json_, "aggregates", node.aggregates);
    json_.key("inputs").begin_array();
    for (const sql::NodePtr& input : node.inputs) this->node(input);
    json_.end_array();
  }

  JsonWriter& json_;
  std::map<const sql::Node*, int> numbers_;
};

}  // namespace

std::string plan_text(const sql::Plan& plan) {
  JsonWriter json;
  Writer writer(json);
  json.begin_array();
  for (const sql::Output& output : plan.outputs) {
    json.begin_object().member("output", output.name).key("input");
    writer.node(output.input);
    json.key("dimensions").begin_array();
    for (const sql::Dimension& dimension : output.dimensions) {
      json.begin_object()
          .member("name", dimension.name)
          .member("column", dimension.column)
          .key("codes")
          .begin_array();
      for (const int64_t code : dimension.codes) json.integer(code);
      json.end_array().member("null_cell", dimension.null_cell).end_object();
    }
    json.end_array();
    write_calls(json, "measures", output.measures);
    json.member("person", output.person).member("person_unique", output.person_unique);
    json.member("household", output.household).key("owners").begin_array();
    for (const auto& [table, column] : output.owner_columns)
      json.begin_object().member("table", table).member("column", column).end_object();
    json.end_array().end_object();
  }
  json.end_array();
  return json.take();
}

}  // namespace sluis::study
