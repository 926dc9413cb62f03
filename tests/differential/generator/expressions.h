// Random expressions of the subset over the columns of a FROM clause, as text.
#pragma once

#include <string>
#include <vector>

#include "random.h"
#include "relation/type.h"

namespace sluis::differential {

struct Column {
  std::string text;  // as SQL names it
  relation::Kind kind;
};

class Expressions {
 public:
  explicit Expressions(Random& random) : random_(random) {}
  // Columns that the next expressions may name; at least one.
  void over(std::vector<Column> columns) { columns_ = std::move(columns), counted_.clear(); }
  const std::vector<Column>& columns() const { return columns_; }

  // A column of the kind, or "".
  std::string column(relation::Kind kind);
  // `depth`: of nesting, at most.
  std::string integer(int depth);
  std::string plain_date(int depth);  // a date that is no timestamp
  std::string date(int depth);
  std::string word(int depth);
  std::string truth(int depth);
  std::string condition(int depth);
  std::string of_kind(relation::Kind kind, int depth);
  // An expression with few values.
  std::string heading();
  // One aggregate; an expression of aggregates; a condition on them.
  std::string call();
  std::string call_of(relation::Kind kind);
  std::string window_aggregate(relation::Kind kind);  // without OVER
  std::string figure();
  std::string having();

 private:
  std::string integer_of_date(int depth);
  std::string compare();
  std::string simple_condition(int depth);
  std::string filter();
  std::string number_call();

  Random& random_;
  std::vector<Column> columns_;
  std::string counted_;  // what COUNT(DISTINCT) counts: one thing per SELECT
};

}  // namespace sluis::differential
