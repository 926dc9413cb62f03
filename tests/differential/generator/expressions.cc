#include "expressions.h"

namespace sluis::differential {

using relation::Kind;

std::string Expressions::column(Kind kind) {
  std::vector<std::string> fit;
  for (const Column& one : columns_)
    if (one.kind == kind) fit.push_back(one.text);
  return fit.empty() ? "" : random_.pick(fit);
}

std::string Expressions::integer(int depth) {
  const std::string name = column(Kind::kInteger);
  if (depth <= 0 || random_.chance(35)) {
    if (name.empty() || random_.chance(25)) return std::to_string(random_.between(0, 20));
    return name;
  }
  switch (random_.below(10)) {
    case 0:
      return "(" + integer(depth - 1) + " + " + integer(depth - 1) + ")";
    case 1:
      return "(" + integer(depth - 1) + " - " + integer(depth - 1) + ")";
    case 2:
      return "(" + integer(depth - 1) + " * " + integer(0) + ")";
    case 3:
      return "(- " + integer(depth - 1) + ")";
    case 4:
      return "COALESCE(" + integer(depth - 1) + ", " + integer(depth - 1) + ")";
    case 5:
      return "CASE WHEN " + condition(depth - 1) + " THEN " + integer(depth - 1) + " ELSE " +
             integer(depth - 1) + " END";
    case 6:
      return std::string(random_.chance(50) ? "GREATEST(" : "LEAST(") + integer(depth - 1) + ", " +
             integer(depth - 1) + ")";
    case 7:
      return "NULLIF(" + integer(depth - 1) + ", " + integer(0) + ")";
    case 8:
      return "CAST(" + truth(depth - 1) + " AS integer)";
    default:
      return integer_of_date(depth);
  }
}

std::string Expressions::integer_of_date(int depth) {
  const std::string day = column(Kind::kDate);
  if (day.empty()) return integer(depth - 1);
  if (random_.chance(50))
    return std::string("EXTRACT(") + (random_.chance(50) ? "year" : "month") + " FROM " + date(depth - 1) +
           ")";
  return "(" + day + " - " + plain_date(depth - 1) + ")";
}

std::string Expressions::plain_date(int depth) {
  const std::string name = column(Kind::kDate);
  if (name.empty() || random_.chance(30))
    return "DATE '2022-0" + std::to_string(random_.between(1, 9)) + "-15'";
  if (depth <= 0 || random_.chance(50)) return name;
  switch (random_.below(4)) {
    case 0:
      return "(" + name + " + " + std::to_string(random_.between(-40, 40)) + ")";
    case 1:
      return "COALESCE(" + name + ", " + plain_date(depth - 1) + ")";
    case 2:
      return "CAST(" + date(depth - 1) + " AS date)";
    default:
      return "CASE WHEN " + condition(depth - 1) + " THEN " + plain_date(depth - 1) + " END";
  }
}

std::string Expressions::date(int depth) {
  if (depth <= 0 || random_.chance(50)) return plain_date(depth);
  static const std::vector<std::string> kShifts = {
      "+ INTERVAL '1 month'",         "- INTERVAL '13 months'",
      "+ INTERVAL '30 days'",         "+ make_interval(months => 2)",
      "- INTERVAL '1 year 2 months'", "+ make_interval(years => 1, days => 3)"};
  return "(" + plain_date(depth - 1) + " " + random_.pick(kShifts) + ")";
}

std::string Expressions::word(int depth) {
  const std::string name = column(Kind::kCategory);
  if (!name.empty() && (depth <= 0 || random_.chance(50))) return name;
  if (name.empty() && depth <= 0) return "'noot'";
  return "CASE WHEN " + condition(depth - 1) + " THEN 'ja' WHEN " + condition(depth - 1) + " THEN " +
         (name.empty() ? "'nee'" : name) + (random_.chance(60) ? " ELSE 'zzz'" : "") + " END";
}

std::string Expressions::truth(int depth) {
  const std::string name = column(Kind::kBoolean);
  return name.empty() || random_.chance(40) ? "(" + condition(depth) + ")" : name;
}

std::string Expressions::of_kind(Kind kind, int depth) {
  switch (kind) {
    case Kind::kInteger:
      return integer(depth);
    case Kind::kDate:
      return plain_date(depth);
    case Kind::kBoolean:
      return truth(depth);
    default:
      return word(depth);
  }
}

std::string Expressions::compare() {
  static const std::vector<std::string> kOps = {"=", "<>", "<", "<=", ">", ">="};
  return " " + random_.pick(kOps) + " ";
}

std::string Expressions::condition(int depth) {
  if (depth <= 0) return simple_condition(0);
  switch (random_.below(8)) {
    case 0:
      return "(" + condition(depth - 1) + " AND " + condition(depth - 1) + ")";
    case 1:
      return "(" + condition(depth - 1) + " OR " + condition(depth - 1) + ")";
    case 2:
      return "NOT (" + condition(depth - 1) + ")";
    case 3: {
      static const std::vector<std::string> kTests = {" IS TRUE",    " IS NOT TRUE",  " IS FALSE",
                                                      " IS UNKNOWN", " IS NOT FALSE", " IS NULL",
                                                      " IS NOT NULL"};
      return "((" + condition(depth - 1) + ")" + random_.pick(kTests) + ")";
    }
    default:
      return simple_condition(depth);
  }
}

std::string Expressions::simple_condition(int depth) {
  switch (random_.below(12)) {
    case 0:
      return integer(depth) + compare() + integer(depth);
    case 1:
      return date(depth) + compare() + date(depth);
    case 2:
      return word(depth - 1) + compare() + "'" +
             random_.pick(std::vector<std::string>{"noot", "aap", "kees", "ja", ""}) + "'";
    case 3:
      return word(depth - 1) + compare() + word(depth - 1);
    case 4:
      return integer(depth - 1) + (random_.chance(50) ? " BETWEEN " : " NOT BETWEEN ") + "3 AND " +
             integer(0);
    case 5:
      return integer(depth - 1) + (random_.chance(50) ? " IN (" : " NOT IN (") + "1, 5, 7, " + integer(0) +
             ")";
    case 6:
      return word(depth - 1) + (random_.chance(50) ? " IN (" : " NOT IN (") + "'aap', 'kees', 'mies')";
    case 7: {
      const std::string name = random_.pick(columns_).text;
      return name + (random_.chance(50) ? " IS NULL" : " IS NOT NULL");
    }
    case 8:
      return "(" + integer(depth - 1) +
             (random_.chance(50) ? " IS DISTINCT FROM " : " IS NOT DISTINCT FROM ") + integer(depth - 1) +
             ")";
    case 9:
      return plain_date(depth - 1) + " BETWEEN " + plain_date(0) + " AND " + plain_date(0);
    case 10:
      return plain_date(depth - 1) + (random_.chance(50) ? " IN (" : " NOT IN (") + plain_date(0) + ", " +
             plain_date(0) + ")";
    default:
      return depth > 0 ? truth(depth - 1) : integer(0) + compare() + integer(0);
  }
}

std::string Expressions::heading() {
  switch (random_.below(6)) {
    case 0:
      return "EXTRACT(year FROM " + plain_date(1) + ")";
    case 1: {
      const std::string flag = column(Kind::kBoolean);
      if (!flag.empty()) return flag;
      return "CASE WHEN " + condition(1) + " THEN 1 ELSE 2 END";
    }
    case 2:
      return "LEAST(GREATEST(" + integer(1) + ", 0), 4)";
    case 3:
      return "CASE " + (column(Kind::kInteger).empty() ? "1" : column(Kind::kInteger)) +
             " WHEN 1 THEN 'een' WHEN 5 THEN 'vijf' ELSE 'rest' END";
    default:
      return word(1);
  }
}

std::string Expressions::filter() { return random_.chance(25) ? " FILTER (WHERE " + condition(1) + ")" : ""; }

std::string Expressions::call_of(Kind kind) {
  const std::string extreme = random_.chance(50) ? "MIN(" : "MAX(";
  switch (kind) {
    case Kind::kDate:
      return extreme + plain_date(1) + ")" + filter();
    case Kind::kCategory:
      return extreme + word(1) + ")" + filter();
    case Kind::kBoolean:
      return std::string(random_.chance(50) ? "bool_and(" : "bool_or(") + truth(1) + ")" + filter();
    default:
      break;
  }
  switch (random_.below(6)) {
    case 0:
    case 1:
      return "COUNT(*)" + filter();
    case 2:
      return "COUNT(" + random_.pick(columns_).text + ")" + filter();
    case 3:
      if (counted_.empty()) counted_ = random_.chance(70) ? random_.pick(columns_).text : integer(1);
      return "COUNT(DISTINCT " + counted_ + ")";
    case 4:
      return "SUM(" + integer(1) + ")" + filter();
    default:
      return extreme + integer(1) + ")" + filter();
  }
}

std::string Expressions::window_aggregate(Kind kind) {
  counted_ = random_.pick(columns_).text;
  std::string call = call_of(kind);
  while (call.find("DISTINCT") != std::string::npos) call = call_of(kind);
  return call;
}

std::string Expressions::call() {
  const size_t among = random_.below(9);
  return call_of(among == 0   ? Kind::kDate
                 : among == 1 ? Kind::kCategory
                 : among == 2 ? Kind::kBoolean
                              : Kind::kInteger);
}

std::string Expressions::number_call() { return random_.chance(50) ? "COUNT(*)" : "SUM(" + integer(1) + ")"; }

std::string Expressions::figure() {
  if (random_.chance(80)) return call();
  switch (random_.below(3)) {
    case 0:
      return "COALESCE(SUM(" + integer(1) + "), 0) - " + number_call();
    case 1:
      return "CASE WHEN " + number_call() + " > 3 THEN 'veel' ELSE 'weinig' END";
    default:
      return "2 * " + number_call() + " + 1";
  }
}

std::string Expressions::having() {
  return number_call() + compare() + std::to_string(random_.between(0, 8));
}

}  // namespace sluis::differential
