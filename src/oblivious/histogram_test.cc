#include "oblivious/histogram.h"

#include <gtest/gtest.h>

#include <random>

#include "mpc/add.h"
#include "oblivious/clear_table_test.h"

namespace sluis::oblivious {
namespace {

using relation::Type;

struct Shape {
  int column;
  std::vector<int64_t> codes;
  bool null_cell = false;
};

// Cell of a row, or -1.
int cell_plainly(const Row& row, const std::vector<Shape>& shapes) {
  int cell = 0;
  for (const Shape& shape : shapes) {
    const Cell& value = row[static_cast<size_t>(shape.column)];
    const auto size = static_cast<int>(shape.codes.size()) + (shape.null_cell ? 1 : 0);
    int at = -1;
    if (!value && shape.null_cell) at = size - 1;
    for (int c = 0; value && c < static_cast<int>(shape.codes.size()); ++c) {
      if (*value == shape.codes[static_cast<size_t>(c)]) at = c;
    }
    if (at < 0) return -1;
    cell = cell * size + at;
  }
  return cell;
}

size_t cells_of(const std::vector<Shape>& shapes) {
  size_t cells = 1;
  for (const Shape& shape : shapes) cells *= shape.codes.size() + (shape.null_cell ? 1 : 0);
  return cells;
}

// Columns: 0 category of 8 (nullable), 1 signed, 2 boolean, 3 value (nullable, signed), 4 date.
ClearTable random_table(size_t rows, uint64_t seed) {
  std::mt19937_64 random(seed);
  ClearTable table;
  table.schema = {{"c", Type::category({"a", "b", "c", "d", "e", "f", "g", "h"}), true},
                  {"s", Type::integer(-3, 3), false},
                  {"b", Type::boolean(), true},
                  {"v", Type::integer(-50, 90), true},
                  {"d", Type::date(), false}};
  for (size_t i = 0; i < rows; ++i) {
    Row row = {static_cast<int64_t>(random() % 8), static_cast<int64_t>(random() % 7) - 3,
               static_cast<int64_t>(random() % 2), static_cast<int64_t>(random() % 141) - 50,
               static_cast<int64_t>(random() % 4) * 1000};
    for (const size_t c : {size_t{0}, size_t{2}, size_t{3}}) {
      if (random() % 5 == 0) row[c].reset();
    }
    table.add(row, random() % 6 != 0);
  }
  return table;
}

struct Cells {
  SharedBits one_hot, counts, sums, date_sums;
};

void check_cells(const ClearTable& clear, const std::vector<Shape>& shapes, uint64_t seed) {
  const SharedTables shares = share_table(clear, seed);
  const size_t rows = clear.rows.size(), cells = cells_of(shapes);
  std::vector<CellShape> cost_shapes;
  for (const Shape& shape : shapes) {
    const auto& column = clear.schema[static_cast<size_t>(shape.column)];
    cost_shapes.push_back({static_cast<uint64_t>(column.type.bits()), shape.codes, column.nullable,
                           shape.null_cell, column.type.is_signed()});
  }
  const auto run = testing::run_measured([&](mpc::Session& session) {
    const SharedTable& table = shares[static_cast<size_t>(session.party())];
    std::vector<CellDimension> dimensions;
    for (const Shape& shape : shapes) {
      dimensions.push_back({&table.columns[static_cast<size_t>(shape.column)], shape.codes, shape.null_cell});
    }
    Cells out;
    out.one_hot = one_hot_cells(session, table.valid, dimensions);
    out.counts = count_cells(session, out.one_hot);
    out.sums = sum_cells(session, out.one_hot, table.columns[3]);
    out.date_sums = sum_cells(session, out.one_hot, table.columns[4]);
    return out;
  });
  EXPECT_EQ(run.measured, cost_one_hot_cells(rows, cost_shapes) + cost_count_cells(rows, cells) +
                              cost_sum_cells(rows, cells, 8, true, true) + cost_sum_cells(rows, cells, 16));
  const auto part = [&](auto member) {
    return testing::reconstruct({run.results[0].*member, run.results[1].*member, run.results[2].*member});
  };
  const Bits one_hot = part(&Cells::one_hot), counts = part(&Cells::counts), sums = part(&Cells::sums),
             date_sums = part(&Cells::date_sums);
  std::vector<int64_t> count(cells), sum(cells), date_sum(cells);
  for (size_t i = 0; i < rows; ++i) {
    const int cell = clear.valid[i] != 0 ? cell_plainly(clear.rows[i], shapes) : -1;
    for (size_t c = 0; c < cells; ++c)
      ASSERT_EQ(one_hot.get(i, c), static_cast<int>(c) == cell) << i << " " << c;
    if (cell < 0) continue;
    ++count[static_cast<size_t>(cell)];
    sum[static_cast<size_t>(cell)] += clear.rows[i][3].value_or(0);
    date_sum[static_cast<size_t>(cell)] += *clear.rows[i][4];
  }
  ASSERT_EQ(counts.rows(), cells);
  ASSERT_EQ(sums.planes(), sum_cells_planes(rows, 8));
  for (size_t c = 0; c < cells; ++c) {
    EXPECT_EQ(static_cast<int64_t>(counts.row_value(c)), count[c]);
    EXPECT_EQ(signed_value(Type::integer(-1, 1), sums.row_value(c), sums.planes()), sum[c]);
    EXPECT_EQ(static_cast<int64_t>(date_sums.row_value(c)), date_sum[c]);
  }
}

TEST(Cells, EqualThePlainLoop) {
  const std::vector<Shape> shapes = {
      {0, {0, 1, 2, 3, 4, 5, 6, 7}, true}, {1, {-3, -1, 0, 2}}, {2, {0, 1}, true}};
  for (const size_t rows : {1, 2, 3, 10, 63, 64, 65, 200})
    check_cells(random_table(rows, rows), shapes, rows);
  for (const size_t rows : {4095, 4096, 4097, 10'000})
    check_cells(random_table(rows, rows), {{1, {-3, 3}}, {2, {1}}}, rows);
}

TEST(Cells, OddShapes) {
  const ClearTable table = random_table(90, 2);
  check_cells(table, {}, 3);                                  // one cell: all valid rows
  check_cells(table, {{1, {5, -4, 100, 0}}}, 4);              // codes that no value has
  check_cells(table, {{4, {0, 1000, 2000, 3000}, true}}, 5);  // wide codes; never NULL
  check_cells(table, {{2, {0, 1}}, {2, {1, 0}, true}}, 6);    // one column twice
}

TEST(Cells, CostOfConsecutiveCodes) {
  const std::vector<CellShape> shapes = {{3, {0, 1, 2, 3, 4, 5, 6, 7}}, {3, {0, 1, 2, 3, 4, 5, 6, 7}}};
  EXPECT_EQ(cost_one_hot_cells(100, shapes), cost_one_hot_cells(100, {{3, 8}, {3, 8}}));
  // 64 cells: about one AND a cell.
  EXPECT_LE(cost_one_hot_cells(64, shapes).to_prev[0], 8 * (64 + 8 + 8 + 12));
}

TEST(SelectCells, TheRowOfEachCell) {
  for (const size_t rows : {1, 5, 70, 5000}) {
    const size_t cells = 7;
    Bits one_hot(rows, cells);
    const Bits planes = testing::random_bits(rows, 70, rows);
    std::vector<int> row_of(cells, -1);
    for (size_t c = 0; c < cells; ++c) {
      if (c % 3 == 2 || c >= rows) continue;
      row_of[c] = static_cast<int>((c * 131) % rows);
      one_hot.set(static_cast<size_t>(row_of[c]), c, true);
    }
    const auto x = testing::share(one_hot, 1), y = testing::share(planes, 2);
    const auto run = testing::run_measured([&](mpc::Session& session) {
      const auto i = static_cast<size_t>(session.party());
      return select_cells(session, x[i], y[i]);
    });
    EXPECT_EQ(run.measured, cost_select_cells(rows, cells, 70));
    const Bits selected = testing::reconstruct(run.results);
    for (size_t c = 0; c < cells; ++c) {
      for (size_t p = 0; p < 70; ++p) {
        EXPECT_EQ(selected.get(c, p), row_of[c] >= 0 && planes.get(static_cast<size_t>(row_of[c]), p));
      }
    }
  }
}

TEST(Cells, MessagesDoNotDependOnData) {
  std::optional<std::array<testing::Trace, 3>> expected;
  for (const uint64_t seed : {1, 2, 3}) {
    const SharedTables shares = share_table(random_table(300, seed), seed);
    const auto run = testing::run_measured([&](mpc::Session& session) {
      const SharedTable& table = shares[static_cast<size_t>(session.party())];
      const SharedBits cells = one_hot_cells(
          session, table.valid, {{&table.columns[0], {0, 3, 5}, true}, {&table.columns[1], {0, 1}}});
      count_cells(session, cells);
      sum_cells(session, cells, table.columns[3]);
    });
    if (!expected) expected = run.traces;
    EXPECT_EQ(run.traces, *expected);
  }
}

}  // namespace
}  // namespace sluis::oblivious
