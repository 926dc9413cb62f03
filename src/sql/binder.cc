#include "sql/binder.h"

#include <algorithm>
#include <set>

#include "sql/bind_expr.h"
#include "sql/bind_output.h"
#include "sql/nodes.h"
#include "sql/parser.h"
#include "sql/rebuild.h"
#include "sql/rewrite.h"

namespace sluis::sql {
namespace {

Error in_file(Error error, const std::string& file) {
  error.file = file;
  return error;
}

void sort_errors(Errors& errors) {
  std::stable_sort(errors.begin(), errors.end(), [](const Error& a, const Error& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
}

// Names in lower case, as PostgreSQL reads them; no two alike.
class StudyBinder {
 public:
  explicit StudyBinder(const StudySql& study) : study_(study) {
    catalogue_.study = true;
    catalogue_.closed = study.complete;
    for (const StudyTable& table : study.tables) {
      catalogue_.tables[table.schema.name] = table.schema;
      catalogue_.rows[table.schema.name] = table.max_rows;
      plan_.tables[table.schema.name] = table.schema;
    }
  }

  Result<Plan> bind(Errors& errors) {
    for (const SqlText& view : study_.views) bind_view(view, errors);
    for (const StudyOutput& output : study_.outputs) bind_one(output, errors);
    for (Error& error : errors) error.file = study_.file;
    return plan_;
  }

 private:
  void bind_view(const SqlText& view, Errors& errors) {
    const bool taken = catalogue_.tables.contains(view.name) || catalogue_.views.contains(view.name) ||
                       catalogue_.broken.contains(view.name);
    if (taken) errors.push_back(refusal("name_twice", view.at, {view.name}));
    auto node = bind_select(view);
    if (node.ok()) {
      catalogue_.views[view.name] = std::move(*node);
      return;
    }
    catalogue_.broken.insert(view.name);
    report(std::move(node).error(), errors);
  }

  Result<NodePtr> bind_select(const SqlText& text) {
    SLUIS_ASSIGN(const AstSelect select, parse_select(text.sql, study_.file, text.at));
    return QueryBinder(catalogue_, text.name).bind_select(select);
  }

  Result<Output> bind_output_text(const StudyOutput& output) {
    SLUIS_ASSIGN(const AstSelect select, parse_select(output.text.sql, study_.file, output.text.at));
    QueryBinder query(catalogue_, output.text.name);
    const OutputSpec spec{output.text.name, output.domain, output.domain_at, study_.person, study_.household};
    return bind_output(query, select, spec);
  }

  void bind_one(const StudyOutput& output, Errors& errors) {
    auto bound = bind_output_text(output);
    if (bound.ok()) {
      plan_.outputs.push_back(std::move(*bound));
    } else {
      report(std::move(bound).error(), errors);
    }
  }

  // A view's fault is reported once, not again by all that read it.
  static void report(Error error, Errors& errors) {
    if (error.id != "S1021.broken_view") errors.push_back(std::move(error));
  }

  const StudySql& study_;
  Catalogue catalogue_;
  Plan plan_;
};

void rewrite(Plan& plan, Stages& stages) {
  const auto stage = [&](const char* name) { stages.plans.emplace_back(name, plan); };
  stage("bind");
  push_down_predicates(plan);
  stage("push_down_predicates");
  remove_dead_columns(plan);
  stage("remove_dead_columns");
  merge_projections(plan);
  stage("merge_projections");
}

// Tables and scans keep the used columns only: the layout of the shares.
void narrow_tables(Plan& plan) {
  std::map<std::string, std::set<int>> used;
  const std::vector<NodePtr> order = topological_order(roots_of(plan));
  for (const NodePtr& node : order)
    if (node->kind == NodeKind::kScan)
      used[node->table].insert(node->scan_columns.begin(), node->scan_columns.end());
  std::map<std::string, relation::TableSchema> tables;
  for (const auto& [name, columns] : used) {
    relation::TableSchema& table = tables[name];
    table.name = name;
    table.unique_keys = plan.tables.at(name).unique_keys;
    table.at_most = plan.tables.at(name).at_most;
    for (int column : columns)
      table.columns.push_back(plan.tables.at(name).columns[static_cast<size_t>(column)]);
  }
  std::map<const Node*, Moved> moved;
  for (const NodePtr& node : order) {
    Moved& next = moved[node.get()];
    for (size_t i = 0; i < node->columns.size(); ++i) next.place.push_back(static_cast<int>(i));
    if (node->kind == NodeKind::kScan) {
      auto scan = std::make_shared<Node>(*node);
      for (int& column : scan->scan_columns)
        column =
            tables[node->table].find(plan.tables.at(node->table).columns[static_cast<size_t>(column)].name);
      next.node = std::move(scan);
      continue;
    }
    std::vector<Moved> inputs;
    for (const NodePtr& input : node->inputs) inputs.push_back(moved.at(input.get()));
    next = rebuild(*node, inputs, std::vector<bool>(node->columns.size(), true));
  }
  for (Output& output : plan.outputs) move_output(output, Moved(moved.at(output.input.get())));
  plan.tables = std::move(tables);
}

void set_person_unique(Plan& plan) {
  for (Output& output : plan.outputs)
    output.person_unique = output.person >= 0 && is_unique_on(*output.input, {output.person}) &&
                           never_null(*output.input, output.person);
}

bool is_bsn(const Type& type) { return type == Type::bsn(); }

// Whatever the file declares: a BSN is a link and nothing else.
void check_keys(const StudySql& study, const StudyTable& table, const TableUse& use, Errors& errors) {
  for (const auto& [column, one] : use) {
    const int position = table.schema.find(column);
    if (position < 0 || !is_bsn(table.schema.columns[static_cast<size_t>(position)].type)) continue;
    const bool declared_link = std::any_of(
        table.columns.begin(), table.columns.end(),
        [&](const DeclaredUse& d) { return d.column == column && d.use == use_name(Use::kLink); });
    if (declared_link || (one.use == Use::kLink && !one.literal)) continue;  // check_column_use has judged it
    errors.push_back({"S1023.key",
                      {table.schema.name + "." + column, use_name(one.use), one.step},
                      study.file,
                      table.line,
                      0});
  }
}

void check_use(const StudySql& study, BindResult& result) {
  static const TableUse kNone;
  for (const StudyTable& table : study.tables) {
    const auto actual = result.use.find(table.schema.name);
    Errors found = check_column_use(table.schema.name, table.columns,
                                    actual == result.use.end() ? kNone : actual->second, table.line);
    for (Error& error : found) result.errors.push_back(in_file(std::move(error), study.file));
    if (actual != result.use.end()) check_keys(study, table, actual->second, result.errors);
  }
}

std::map<std::string, std::vector<std::string>> owners_of(const StudySql& study) {
  std::map<std::string, std::vector<std::string>> owners;
  for (const StudyTable& table : study.tables) owners[table.schema.name] = table.owners;
  return owners;
}

// A BSN column of which more than the presence is tested, or "".
std::string tested_key(const Expr& expr, const relation::TableSchema& schema) {
  if (expr.op == Op::kColumn)
    return is_bsn(expr.type) ? schema.columns[static_cast<size_t>(expr.column)].name : std::string();
  const bool presence = expr.op == Op::kIsNull || expr.op == Op::kIsNotNull;
  for (const Expr& arg : expr.args) {
    if (presence && arg.op == Op::kColumn) continue;
    std::string name = tested_key(arg, schema);
    if (!name.empty()) return name;
  }
  return "";
}

}  // namespace

Stages bind_stages(const StudySql& study) {
  Stages stages;
  auto plan = StudyBinder(study).bind(stages.errors);
  sort_errors(stages.errors);
  if (!stages.errors.empty()) return stages;
  rewrite(*plan, stages);
  narrow_tables(*plan);
  add_owner_columns(*plan, owners_of(study));
  set_person_unique(*plan);
  expand_joins(*plan);
  stages.plans.emplace_back("add_owner_columns", std::move(*plan));
  return stages;
}

BindResult bind_study(const StudySql& study) {
  BindResult result;
  Stages stages = bind_stages(study);
  result.errors = std::move(stages.errors);
  if (!result.errors.empty()) return result;
  CHECK(stages.plans.size() >= 2);
  result.use = column_use(stages.plans[stages.plans.size() - 2].second);
  check_use(study, result);
  sort_errors(result.errors);
  if (result.errors.empty()) result.plan = std::move(stages.plans.back().second);
  return result;
}

Stages query_stages(const std::string& sql, const std::vector<relation::TableSchema>& tables,
                    const std::map<std::string, uint64_t>& rows, const std::string& file) {
  Stages stages;
  Catalogue catalogue;
  for (const relation::TableSchema& table : tables) catalogue.tables[table.name] = table;
  catalogue.rows = rows;
  const auto bind = [&]() -> Result<Output> {
    SLUIS_ASSIGN(const AstSelect select, parse_select(sql, file));
    QueryBinder query(catalogue, "query");
    return bind_output(query, select, {"query", {}, {}, "", ""});
  };
  auto output = bind();
  if (!output.ok()) {
    stages.errors.push_back(in_file(std::move(output).error(), file));
    return stages;
  }
  Plan plan;
  plan.outputs.push_back(std::move(*output));
  for (const NodePtr& node : topological_order(roots_of(plan)))
    if (node->kind == NodeKind::kScan) plan.tables[node->table] = catalogue.tables.at(node->table);
  rewrite(plan, stages);
  if (expand_joins(plan)) stages.plans.emplace_back("expand_joins", std::move(plan));
  return stages;
}

BindResult bind_query(const std::string& sql, const std::vector<relation::TableSchema>& tables,
                      const std::map<std::string, uint64_t>& rows, const std::string& file) {
  BindResult result;
  Stages stages = query_stages(sql, tables, rows, file);
  result.errors = std::move(stages.errors);
  if (!result.errors.empty()) return result;
  result.plan = std::move(stages.plans.back().second);
  result.use = column_use(*result.plan);
  return result;
}

Result<Expr> bind_row_filter(const std::string& condition, const relation::TableSchema& schema,
                             const std::string& file, Place at) {
  SLUIS_ASSIGN(const AstExpr expr, parse_expression(condition, file, at));
  Scope scope;
  scope.columns = schema.columns;
  for (size_t i = 0; i < schema.columns.size(); ++i)
    scope.names.push_back({schema.name, schema.columns[i].name, static_cast<int>(i), 0, 0});
  auto bound = ExprBinder(scope, true).bind_condition(expr, "rows");
  if (!bound.ok()) return in_file(std::move(bound).error(), file);
  const std::string key = tested_key(*bound, schema);
  if (!key.empty()) return Error{"S1023.row_filter", {schema.name + "." + key}, file, at.line, at.column};
  return bound;
}

}  // namespace sluis::sql
