#include "tables.h"

#include <algorithm>
#include <set>

#include "relation/date.h"

namespace sluis::differential {
namespace {

using relation::Kind;
using relation::Table;
using relation::TableSchema;
using relation::Type;

const std::vector<std::string> kWords = {"", "Zeist", "aap", "noot", "mies", "één", "it's", "b\\c"};

// Bounds as narrow as the values, as a rehearsal reads them from files.
void narrow(Table& table, size_t c) {
  Type& type = table.schema.columns[c].type;
  relation::Column& column = table.columns[c];
  bool any = false;
  bool null = false;
  int64_t lo = type.lo, hi = type.lo;  // of no values: one that could have been
  for (size_t r = 0; r < column.values.size(); ++r) {
    null = null || column.null[r] != 0;
    if (column.null[r] != 0) continue;
    lo = any ? std::min(lo, column.values[r]) : column.values[r];
    hi = any ? std::max(hi, column.values[r]) : column.values[r];
    any = true;
  }
  table.schema.columns[c].nullable = null;
  if (type.kind == Kind::kInteger || type.kind == Kind::kDate) type = {type.kind, lo, hi, {}};
}

}  // namespace

const std::vector<TableShape>& fixed_shapes() {
  const int64_t day = *relation::day_number(2022, 1, 1);
  static const std::vector<TableShape> kShapes = {
      {"person",
       {{"id", Kind::kInteger, 1, 40, true},
        {"town", Kind::kCategory, 0, 3},
        {"age", Kind::kInteger, 0, 17},
        {"born", Kind::kDate, day - 900, day},
        {"active", Kind::kBoolean, 0, 1}},
       1},
      {"care",
       {{"person", Kind::kInteger, 1, 45, true},
        {"kind", Kind::kCategory, 2, 5},
        {"cost", Kind::kInteger, -30, 90},
        {"start", Kind::kDate, day, day + 400},
        {"finish", Kind::kDate, day, day + 500}},
       0},
      {"debt",
       {{"person", Kind::kInteger, 1, 45, true},
        {"amount", Kind::kInteger, 0, 1000},
        {"start", Kind::kDate, day - 60, day + 60},
        {"closed", Kind::kBoolean, 0, 1}},
       0},
      {"place", {{"town", Kind::kCategory, 0, 4, true}, {"size", Kind::kInteger, 1, 5}}, 1},
  };
  return kShapes;
}

std::vector<TableShape> random_shapes(Random& random) {
  const int64_t day = *relation::day_number(2022, 2, 20);
  const std::vector<ColumnShape> keys = {{"ka", Kind::kInteger, 1, 30, true},
                                         {"kb", Kind::kCategory, 0, 4, true},
                                         {"kc", Kind::kDate, day, day + 12, true},
                                         {"kd", Kind::kInteger, -3, 3, true},
                                         {"ke", Kind::kBoolean, 0, 1, true}};
  const std::vector<ColumnShape> others = {{"n", Kind::kInteger, 0, 17},
                                           {"m", Kind::kInteger, -30, 90},
                                           {"big", Kind::kInteger, 4'000'000'000, 4'000'000'040},
                                           {"minus", Kind::kInteger, -9, -2},
                                           {"one", Kind::kInteger, 5, 5},
                                           {"w", Kind::kCategory, 2, 5},
                                           {"v", Kind::kCategory, 4, 7},
                                           {"d", Kind::kDate, day - 60, day + 400},
                                           {"old", Kind::kDate, 0, 70},
                                           {"f", Kind::kBoolean, 0, 1}};
  std::vector<TableShape> out;
  for (size_t t = 0, count = 3 + random.below(2); t < count; ++t) {
    TableShape shape;
    shape.name = std::string("t").append(std::to_string(t + 1));
    const auto take = [&](const std::vector<ColumnShape>& from, size_t wanted) {
      for (size_t tries = 0; wanted > 0 && tries < 20; ++tries) {
        const ColumnShape& column = random.pick(from);
        const bool there = std::any_of(shape.columns.begin(), shape.columns.end(),
                                       [&](const ColumnShape& other) { return other.name == column.name; });
        if (there) continue;
        shape.columns.push_back(column);
        --wanted;
      }
    };
    take(keys, 1 + random.below(3));
    shape.unique = random.chance(65) ? 1 + random.below(std::min<size_t>(2, shape.columns.size())) : 0;
    take(others, 1 + random.below(4));
    out.push_back(std::move(shape));
  }
  return out;
}

Table make_table(const TableShape& shape, Random& random) {
  static const std::vector<size_t> kSizes = {0, 1, 2, 12, 20, 35, 35, 35, 35, 35, 40, 40, 40};
  TableSchema schema;
  schema.name = shape.name;
  for (const ColumnShape& column : shape.columns) {
    Type type{column.kind, column.lo, column.hi, {}};
    if (column.kind == Kind::kBoolean) type = Type::boolean();
    if (column.kind == Kind::kCategory)
      type = Type::category({kWords.begin() + column.lo, kWords.begin() + column.hi + 1});
    schema.columns.push_back({column.name, type, true});
  }
  if (shape.unique > 0) schema.unique_keys.emplace_back();
  for (size_t c = 0; c < shape.unique; ++c) schema.unique_keys[0].push_back(shape.columns[c].name);
  Table table = Table::empty(std::move(schema));
  const size_t wanted = random.pick(kSizes);
  const int nulls = random.pick(std::vector<int>{0, 0, 10, 10, 10, 10, 50, 100});
  const bool alike = random.chance(10);
  std::set<std::vector<int64_t>> used;
  for (size_t r = 0; r < wanted; ++r) {
    std::vector<int64_t> values;
    for (const relation::ColumnSchema& column : table.schema.columns)
      values.push_back(alike ? column.type.lo : random.between(column.type.lo, column.type.hi));
    const auto key_end = values.begin() + static_cast<ptrdiff_t>(shape.unique);
    if (shape.unique > 0 && !used.insert({values.begin(), key_end}).second) continue;
    for (size_t c = 0; c < values.size(); ++c) {
      const bool never = c < shape.unique;
      if (!never && random.chance(nulls == 100 ? (c % 2 == 0 ? 100 : 0) : nulls)) {
        table.columns[c].push_null();
      } else {
        table.columns[c].push(values[c]);
      }
    }
    ++table.rows;
  }
  for (size_t c = 0; c < table.columns.size(); ++c) narrow(table, c);
  return table;
}

}  // namespace sluis::differential
