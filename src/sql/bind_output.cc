#include "sql/bind_output.h"

#include <algorithm>

#include "relation/date.h"

namespace sluis::sql {
namespace {

using relation::Kind;

size_t at(int index) { return static_cast<size_t>(index); }

bool is_count(const AggregateRequest& call) {
  return call.function == Function::kCountRows || call.function == Function::kCount;
}

class OutputBinder {
 public:
  OutputBinder(QueryBinder& query, const AstSelect& select, const OutputSpec& spec)
      : query_(query), select_(select), spec_(spec), study_(query.catalogue().study) {}

  Result<Output> bind() {
    if (!select_.arms.empty()) return refusal("final_union", select_.at);
    SLUIS_TRY(query_.bind_with(select_));
    if (!query_.is_grouped(select_)) return refusal("rows_output", first_place());
    SLUIS_ASSIGN(grouping_, query_.bind_grouping(select_, !study_));
    if (study_) SLUIS_TRY(check_study());
    SLUIS_TRY(find_units());
    if (study_ && !query_.catalogue().closed) SLUIS_TRY(add_absent_values());
    SLUIS_ASSIGN(QueryBinder::Flattened flat, query_.flatten(grouping_, units_, select_.at));
    out_.name = spec_.name;
    out_.input = flat.node;
    out_.only_occurring = !study_;
    SLUIS_TRY(set_units(flat));
    set_measures(std::move(flat.calls));
    SLUIS_TRY(set_dimensions());
    SLUIS_TRY(set_select());
    if (grouping_.having) out_.having = over_cells(*grouping_.having);
    out_.order_by = grouping_.order_by;
    out_.limit = select_.limit;
    return std::move(out_);
  }

 private:
  Place first_place() const { return select_.items.empty() ? select_.at : select_.items[0].at; }

  // What a study's outputs may not do: nothing that shows one person's value, nothing that depends on figures
  // before they are protected.
  Status check_study() const {
    if (grouping_.having) return refusal("study_having", select_.having->at);
    if (!select_.order_by.empty() || select_.limit) return refusal("study_order", select_.at);
    if (grouping_.calls.empty()) return refusal("study_count", first_place());
    for (size_t i = 0; i < grouping_.items.size(); ++i)
      if (grouping_.items[i].expr.op != Op::kColumn) return refusal("study_expression", grouping_.places[i]);
    for (const AggregateRequest& call : grouping_.calls) {
      if (is_count(call)) continue;
      if (call.function != Function::kSum) return refusal("study_extreme", first_place(), {call.name});
      const Type& type = call.argument->type;
      if (type.lo < 0 || type.hi > 1) return refusal("study_sum", first_place());
    }
    return {};
  }

  // ---- units

  Result<Expr> unit(const std::string& name) const {
    const Scope scope = grouping_.input.scope();
    auto found = find_name(scope, "", name, first_place());
    if (!found.ok()) {
      const bool twice = found.error().id == "S1021.ambiguous";
      return Error{twice ? "S1022.unit_twice" : "S1022.unit", {name, spec_.name}, "", first_place().line, 0};
    }
    const int column = scope.names[*found].column;
    if (!base_column(*grouping_.input.node, column))
      return Error{"S1022.unit_value", {name, spec_.name}, "", first_place().line, 0};
    return column_expr(column, scope.columns[at(column)]);
  }

  Status find_units() {
    if (!study_) return {};
    for (const std::string& name : {spec_.person, spec_.household}) {
      if (name.empty()) continue;
      SLUIS_ASSIGN(Expr column, unit(name));
      units_.push_back(std::move(column));
    }
    for (const AggregateRequest& call : grouping_.calls) {
      if (!call.distinct || (!units_.empty() && same_expr(*call.argument, units_[0]))) continue;
      return refusal("study_distinct", first_place());
    }
    return {};
  }

  Status set_units(const QueryBinder::Flattened& flat) {
    size_t next = 0;
    if (study_ && !spec_.person.empty()) out_.person = flat.carried[next++];
    if (study_ && !spec_.household.empty()) out_.household = flat.carried[next++];
    return {};
  }

  // ---- measures

  void set_measures(std::vector<AggregateCall> calls) {
    const bool always_rows = !study_ && !grouping_.keys.empty();  // only cells with rows are printed
    for (size_t i = 0; i < calls.size(); ++i) {
      AggregateCall& call = calls[i];
      const bool counts = call.function == Function::kCountRows || call.function == Function::kCount;
      call.nullable = !counts && (!always_rows || out_.input->columns[at(call.column)].nullable);
      call.name = measure_name(static_cast<int>(grouping_.keys.size() + i), call.name);
      // A count put together from parts: SUM over no rows is NULL, COUNT is 0.
      repaired_.push_back(is_count(grouping_.calls[i]) && call.function == Function::kSum && call.nullable);
    }
    out_.measures = std::move(calls);
  }

  std::string measure_name(int column, const std::string& otherwise) const {
    for (size_t i = 0; i < grouping_.items.size(); ++i) {
      const Expr& item = grouping_.items[i].expr;
      if (item.op == Op::kColumn && item.column == column) return grouping_.names[i];
    }
    return otherwise;
  }

  // ---- dimensions

  // Declared texts that no participant of this run has: rows that stay empty.
  Status add_absent_values() {
    for (size_t i = 0; i < grouping_.keys.size(); ++i) {
      Expr& key = grouping_.keys[i];
      if (key.type.kind != Kind::kCategory) continue;
      for (const auto& [name, values] : spec_.domain) {
        if (name != grouping_.key_names[i] || values.empty()) continue;
        Bound value, absent;
        value.expr = key;
        absent.expr = constant_expr(Type::category(values), 0);
        SLUIS_TRY(unify({&value, &absent}, "domain", spec_.domain_at));
        key = std::move(value.expr);
      }
    }
    return {};
  }

  Status set_dimensions() {
    uint64_t cells = 1;
    std::vector<std::string> names = grouping_.key_names;
    for (size_t i = 0; i < grouping_.keys.size(); ++i) {
      Dimension dimension;
      dimension.name = names[i];
      dimension.column = static_cast<int>(i);
      SLUIS_ASSIGN(dimension.codes, codes_of(names[i], grouping_.keys[i].type));
      dimension.null_cell = !study_ && grouping_.keys[i].nullable;
      cells *= dimension.codes.size() + (dimension.null_cell ? 1 : 0);
      if (cells > kMaxCells) return refusal("cells", first_place(), {std::to_string(kMaxCells)});
      out_.dimensions.push_back(std::move(dimension));
    }
    for (const auto& [name, values] : spec_.domain)
      if (std::find(names.begin(), names.end(), name) == names.end())
        return domain_error("S1022.domain_name", {name, spec_.name});
    return {};
  }

  Error domain_error(const std::string& id, std::vector<std::string> args) const {
    return Error{id, std::move(args), "", spec_.domain_at.line, spec_.domain_at.column};
  }

  Result<std::vector<int64_t>> codes_of(const std::string& name, const Type& type) const {
    for (const auto& [declared, values] : spec_.domain)
      if (declared == name) return declared_codes(name, values, type);
    if (type.hi - type.lo >= kMaxDimensionCodes)
      return refusal("dimension_range", first_place(),
                     {name, std::to_string(type.hi - type.lo + 1), std::to_string(kMaxDimensionCodes)});
    std::vector<int64_t> codes;
    for (int64_t code = type.lo; code <= type.hi; ++code) codes.push_back(code);
    return codes;
  }

  Result<std::vector<int64_t>> declared_codes(const std::string& name, const std::vector<std::string>& values,
                                              const Type& type) const {
    std::vector<int64_t> codes;
    for (const std::string& text : values) {
      const std::optional<int64_t> code = code_of(text, type);
      if (!code) return domain_error("S1022.domain_value", {name, text});
      if (std::find(codes.begin(), codes.end(), *code) != codes.end())
        return domain_error("S1022.domain_twice", {name, text});
      codes.push_back(*code);
    }
    if (codes.empty()) return domain_error("S1022.domain_empty", {name});
    return codes;
  }

  // The code of a declared value, if the column can have it.
  std::optional<int64_t> code_of(const std::string& text, const Type& type) const {
    if (type.kind == Kind::kCategory) {
      const int64_t code = type.code(text);
      return code < 0 ? std::nullopt : std::optional(code);
    }
    const char* cast = type.kind == Kind::kInteger ? "int" : type.kind == Kind::kDate ? "date" : "bool";
    const auto value = bind_cast(cast, bind_literal(text, {}), {});
    if (!value.ok() || value->expr.constant < type.lo || value->expr.constant > type.hi) return std::nullopt;
    return value->expr.constant;
  }

  // ---- select list

  // An expression over keys and calls, as one over dimensions and measures.
  Expr over_cells(const Expr& expr) const {
    const int keys = static_cast<int>(grouping_.keys.size());
    return replace_columns(expr, [&](const Expr& column) {
      if (column.column < keys || !repaired_[at(column.column - keys)]) return column;
      Expr measure = column;
      measure.nullable = true;
      Expr zero;
      zero.op = Op::kCoalesce;
      zero.type = column.type;
      zero.args = {std::move(measure), constant_expr(column.type, 0)};
      return zero;
    });
  }

  Status set_select() {
    const int keys = static_cast<int>(grouping_.keys.size());
    for (size_t i = 0; i < grouping_.items.size(); ++i) {
      const Expr expr = over_cells(grouping_.items[i].expr);
      if (expr.op != Op::kColumn) {
        out_.select.push_back(keys + static_cast<int>(out_.derived.size()));
        out_.derived.push_back(expr);
      } else {
        out_.select.push_back(expr.column < keys ? expr.column : -1 - (expr.column - keys));
      }
      out_.select_names.push_back(grouping_.names[i]);
    }
    return {};
  }

  QueryBinder& query_;
  const AstSelect& select_;
  const OutputSpec& spec_;
  bool study_;
  Grouping grouping_;
  std::vector<Expr> units_;
  std::vector<bool> repaired_;
  Output out_;
};

}  // namespace

Result<Output> bind_output(QueryBinder& query, const AstSelect& select, const OutputSpec& spec) {
  return OutputBinder(query, select, spec).bind();
}

}  // namespace sluis::sql
