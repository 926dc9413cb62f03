// A flow says which base columns a value depends on, and how closely:
//   value    the value itself, or one computed from it (MIN, +, EXTRACT)
//   band     which side of constants it lies on (CASE WHEN age <= 5 THEN ...): as a heading, a fixed band
//   outcome  the outcome of a test of order or presence, or of a further test of a band
// Values that become headings, and bands, are `group`; an outcome says no more than what was recorded when
// the test was made.
#include "sql/column_use.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "sql/nodes.h"
#include "sql/rebuild.h"

namespace sluis::sql {
namespace {

using Base = std::pair<std::string, std::string>;  // table, column
using Bases = std::set<Base>;

struct Flow {
  Bases value, band, outcome;
  bool constant = false;  // the value may come from a literal

  void add(const Flow& other) {
    value.insert(other.value.begin(), other.value.end());
    band.insert(other.band.begin(), other.band.end());
    outcome.insert(other.outcome.begin(), other.outcome.end());
    constant = constant || other.constant;
  }
  // All that it depends on, as the outcome of a test.
  Flow tested() const {
    Flow out;
    for (const Bases* part : {&value, &band, &outcome}) out.outcome.insert(part->begin(), part->end());
    return out;
  }
};

struct Record {
  Use use = Use::kNone;
  std::string step;
  bool present = false;  // presence tested or counted
  std::string present_step;
  bool literal = false;
  std::string literal_step;
};

class UseFinder {
 public:
  void run(const Plan& plan) {
    for (const NodePtr& node : topological_order(roots_of(plan))) {
      step_ = node->label;
      flows_[node.get()] = of_node(*node);
    }
    for (const Output& output : plan.outputs) of_output(output);
  }

  std::map<std::string, TableUse> result() const {
    std::map<std::string, TableUse> out;
    for (const auto& [base, record] : records_) {
      ColumnUse one{record.use, record.step, record.literal, record.literal_step};
      // Whether a key is there is part of linking; of any other column it is a test of presence.
      if (record.present && record.use != Use::kLink && record.use < Use::kCompare) {
        one.use = Use::kCompare;
        one.step = record.present_step;
      }
      if (one.use != Use::kNone) out[base.first][base.second] = one;
    }
    return out;
  }

 private:
  void record(const Bases& bases, Use use) {
    for (const Base& base : bases) {
      Record& one = records_[base];
      if (use <= one.use) continue;
      one.use = use;
      one.step = step_;
    }
  }
  void record_presence(const Bases& bases) {
    for (const Base& base : bases) {
      Record& one = records_[base];
      if (!one.present) one.present_step = step_;
      one.present = true;
    }
  }
  void record_literal(const Bases& bases) {
    for (const Base& base : bases) {
      Record& one = records_[base];
      if (!one.literal) one.literal_step = step_;
      one.literal = true;
    }
  }

  // ---- expressions. `rows`: the expression decides which rows stay, so a comparison with constants is a
  // filter; elsewhere its outcome goes on.

  Flow comparison(const Flow& a, const Flow& b, bool rows) {
    Flow out = a.tested();
    out.add(b.tested());
    if (a.value.empty() && b.value.empty()) return out;
    if (a.constant || b.constant) {
      record_literal(a.value);
      record_literal(b.value);
    }
    if (!a.value.empty() && !b.value.empty()) {
      record(a.value, Use::kCompare);
      record(b.value, Use::kCompare);
      return out;
    }
    const Bases& tested = a.value.empty() ? b.value : a.value;
    return constant_test(tested, std::move(out), rows);
  }

  Flow constant_test(const Bases& tested, Flow out, bool rows) {
    record(tested, rows ? Use::kFilter : Use::kCompare);
    if (!rows) out.band.insert(tested.begin(), tested.end());
    return out;
  }

  // A condition: a boolean value stands for `value = TRUE`.
  Flow condition(const Expr& expr, const std::vector<Flow>& input, bool rows) {
    const Flow flow = of_expr(expr, input, rows);
    if (flow.value.empty()) return flow;
    Flow out;
    out.band = flow.band;
    out.outcome = flow.outcome;
    return constant_test(flow.value, std::move(out), rows);
  }

  Flow of_case(const Expr& expr, const std::vector<Flow>& input, bool rows) {
    Flow out;
    for (size_t i = 0; i < expr.args.size(); ++i) {
      const bool when = i % 2 == 0 && i + 1 < expr.args.size();
      Flow part = when ? condition(expr.args[i], input, rows) : of_expr(expr.args[i], input, rows);
      if (when) part.constant = false;
      out.add(part);
    }
    return out;
  }

  Flow of_expr(const Expr& expr, const std::vector<Flow>& input, bool rows) {
    Flow out;
    switch (expr.op) {
      case Op::kColumn:
        return input.at(static_cast<size_t>(expr.column));
      case Op::kConstant:
        out.constant = !expr.is_null;
        return out;
      case Op::kEqual:
      case Op::kNotEqual:
      case Op::kLess:
      case Op::kLessEqual:
      case Op::kGreater:
      case Op::kGreaterEqual:
        return comparison(of_expr(expr.args[0], input, rows), of_expr(expr.args[1], input, rows), rows);
      case Op::kIsNull:
      case Op::kIsNotNull: {
        const Flow arg = of_expr(expr.args[0], input, rows);
        record_presence(arg.value);
        return arg.tested();
      }
      case Op::kCase:
        return of_case(expr, input, rows);
      case Op::kCoalesce:
        for (size_t i = 0; i < expr.args.size(); ++i) {
          const Flow arg = of_expr(expr.args[i], input, rows);
          if (i + 1 < expr.args.size()) record_presence(arg.value);
          out.add(arg);
        }
        return out;
      default:
        for (const Expr& arg : expr.args) out.add(of_expr(arg, input, rows));
        out.constant = out.constant || expr.op == Op::kAddMonths;
        return out;
    }
  }

  // ---- nodes

  std::vector<Flow> of_node(const Node& node) {
    if (node.kind == NodeKind::kScan) {
      std::vector<Flow> out(node.columns.size());
      for (size_t i = 0; i < out.size(); ++i) out[i].value.insert({node.table, node.columns[i].name});
      return out;
    }
    const std::vector<Flow>& input = flows_.at(node.inputs[0].get());
    switch (node.kind) {
      case NodeKind::kFilter:
        (void)condition(node.exprs[0], input, true);
        return input;
      case NodeKind::kProject: {
        std::vector<Flow> out;
        for (const Expr& expr : node.exprs) out.push_back(of_expr(expr, input, false));
        return out;
      }
      case NodeKind::kJoin:
        return of_join(node, input, flows_.at(node.inputs[1].get()));
      case NodeKind::kGroupBy:
        return of_group_by(node, input);
      case NodeKind::kWindow:
        return of_window(node, input);
      default:
        break;
    }
    std::vector<Flow> out = input;
    for (const NodePtr& part : node.inputs)
      for (size_t i = 0; i < out.size(); ++i) out[i].add(flows_.at(part.get())[i]);
    return out;
  }

  std::vector<Flow> of_join(const Node& node, const std::vector<Flow>& left, const std::vector<Flow>& right) {
    for (size_t k = 0; k < node.left_keys.size(); ++k) {
      const Flow& a = left[static_cast<size_t>(node.left_keys[k])];
      const Flow& b = right[static_cast<size_t>(node.right_keys[k])];
      record(a.value, Use::kLink);
      record(b.value, Use::kLink);
      if (!a.constant && !b.constant) continue;
      record_literal(a.value);
      record_literal(b.value);
    }
    std::vector<Flow> out = left;
    for (int column : node.right_payload) out.push_back(right[static_cast<size_t>(column)]);
    return out;
  }

  Flow of_call(const AggregateCall& call, const std::vector<Flow>& input) {
    if (call.function == Function::kCountRows) return {};
    const Flow& arg = input.at(static_cast<size_t>(call.column));
    if (call.function == Function::kCount) {
      record_presence(arg.value);
      return arg.tested();
    }
    if (call.function != Function::kSum) return arg;
    record(arg.value, Use::kSum);
    Flow out = arg.tested();
    out.value = arg.value;
    out.constant = arg.constant;
    return out;
  }

  std::vector<Flow> of_group_by(const Node& node, const std::vector<Flow>& input) {
    std::vector<Flow> out;
    for (int key : node.group_keys) {
      out.push_back(input[static_cast<size_t>(key)]);
      record(out.back().value, Use::kLink);
    }
    for (const AggregateCall& call : node.aggregates) out.push_back(of_call(call, input));
    return out;
  }

  Flow of_window_call(const WindowCall& call, const std::vector<Flow>& input) {
    if (call.column < 0) return {};
    const Flow& arg = input.at(static_cast<size_t>(call.column));
    if (call.function == WindowFunction::kCount) {
      record_presence(arg.value);
      return arg.tested();
    }
    if (call.function != WindowFunction::kSum) return arg;  // lag, lead, first_value, MIN, MAX
    record(arg.value, Use::kSum);
    Flow out = arg.tested();
    out.value = arg.value;
    out.constant = arg.constant;
    return out;
  }

  // Rows are put together by the partition and compared with each other by the order; each result says
  // something of that order.
  std::vector<Flow> of_window(const Node& node, const std::vector<Flow>& input) {
    Flow place;
    for (int column : node.partition) record(input[static_cast<size_t>(column)].value, Use::kLink);
    for (const WindowOrder& order : node.order) {
      const Flow& flow = input[static_cast<size_t>(order.column)];
      record(flow.value, Use::kCompare);
      place.add(flow.tested());
    }
    std::vector<Flow> out = input;
    for (const WindowCall& call : node.windows) {
      out.push_back(of_window_call(call, input));
      out.back().add(place);
    }
    return out;
  }

  void of_output(const Output& output) {
    step_ = output.name;
    const std::vector<Flow>& input = flows_.at(output.input.get());
    for (const Dimension& dimension : output.dimensions) {
      const Flow& flow = input[static_cast<size_t>(dimension.column)];
      record(flow.value, Use::kGroup);
      record(flow.band, Use::kGroup);
    }
    for (const AggregateCall& call : output.measures) {
      const Flow flow = of_call(call, input);
      const bool shown = call.function == Function::kMin || call.function == Function::kMax ||
                         call.function == Function::kAny;
      if (shown) record(flow.value, Use::kGroup);
    }
    for (int unit : {output.person, output.household})
      if (unit >= 0) record(input[static_cast<size_t>(unit)].value, Use::kLink);
  }

  std::map<const Node*, std::vector<Flow>> flows_;
  std::map<Base, Record> records_;
  std::string step_;
};

constexpr const char* kNames[] = {"", "link", "filter", "compare", "group", "sum"};

}  // namespace

const char* use_name(Use use) { return kNames[static_cast<size_t>(use)]; }

Use use_of(const std::string& name) {
  for (size_t i = 1; i < std::size(kNames); ++i)
    if (name == kNames[i]) return static_cast<Use>(i);
  return Use::kNone;
}

std::map<std::string, TableUse> column_use(const Plan& plan) {
  UseFinder finder;
  finder.run(plan);
  return finder.result();
}

Errors check_column_use(const std::string& table, const std::vector<DeclaredUse>& declared,
                        const TableUse& actual, int line) {
  Errors errors;
  const auto report = [&](const char* id, std::vector<std::string> args, int at) {
    errors.push_back({id, std::move(args), "", at, 0});
  };
  std::set<std::string> seen;
  for (const DeclaredUse& one : declared) {
    seen.insert(one.column);
    const std::string name = table + "." + one.column;
    const Use use = use_of(one.use);
    const auto found = actual.find(one.column);
    if (use == Use::kNone) {
      report("S1012.unknown", {name, one.use}, one.line);
    } else if (found == actual.end()) {
      report("S1012.unused", {name}, one.line);
    } else if (use == Use::kLink && found->second.literal) {
      report("S1023.literal", {name, found->second.literal_step}, one.line);
    } else if (use != found->second.use) {
      report("S1012.use", {name, one.use, use_name(found->second.use), found->second.step}, one.line);
    }
  }
  for (const auto& [column, use] : actual)
    if (!seen.contains(column))
      report("S1012.undeclared", {table + "." + column, use_name(use.use), use.step}, line);
  return errors;
}

}  // namespace sluis::sql
