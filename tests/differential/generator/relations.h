// FROM clauses made up from joins, groupings, DISTINCT, UNION, semi and anti joins, subqueries and WITH,
// nested at random over tables of random_shapes().
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "expressions.h"
#include "random.h"
#include "sources.h"
#include "tables.h"

namespace sluis::differential {

class Relations {
 public:
  Relations(Random& random, const std::vector<TableShape>& shapes) : random_(random), shapes_(shapes) {}

  Source source();

 private:
  // What may stand in FROM, with a name of its own.
  struct Relation {
    std::string from;   // "t1 r4", "(SELECT ...) r5", "t1 r4 JOIN t2 r6 ON ..."
    std::string where;  // conditions that belong to it: comma joins, EXISTS
    std::vector<Column> columns;
    std::vector<std::vector<size_t>> unique;  // sets of columns without duplicates
    // Sets of columns without duplicates among rows that meet a condition: the first ones by row_number().
    std::vector<std::pair<std::vector<size_t>, std::string>> firsts;
    bool comma = false, joins = false;  // `from` is a list; holds JOIN outside subqueries
  };
  // Columns to be equated, and a condition that must hold as well, or "".
  struct Link {
    std::vector<std::pair<std::string, std::string>> pairs;
    std::string condition;
  };

  Relation base();
  Relation relation(int depth);
  Relation projected(int depth);
  Relation grouped(int depth);
  Relation distinct(int depth);
  Relation stacked(int depth);
  Relation joined(int depth);
  Relation halved(int depth);
  Relation windowed(int depth);
  Relation common(int depth);
  // SELECT items FROM of [WHERE its conditions AND one more, now and then].
  std::string select(const std::vector<std::string>& items, const Relation& of, bool filter);
  std::optional<Link> link(const Relation& many, const Relation& one);
  std::string fresh(const char* prefix);
  // ORDER BY all columns, in any order: no ties but between rows that are alike.
  std::string total_order(const Relation& of);
  std::string window_call(const Relation& of, relation::Kind kind, const std::string& partition);

  Random& random_;
  const std::vector<TableShape>& shapes_;
  size_t names_ = 0;
  std::vector<std::string> common_;       // WITH, in order
  std::vector<Relation> common_columns_;  // of each; `from` is its name
};

}  // namespace sluis::differential
