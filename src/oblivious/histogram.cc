#include "oblivious/histogram.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "mpc/add.h"
#include "mpc/arithmetic_circuits.h"
#include "mpc/multiply.h"
#include "oblivious/cell_decoder.h"
#include "oblivious/sum_products.h"
#include "sharing/bits_ops.h"

namespace sluis::oblivious {
namespace {

// sum over planes p of count_p 2^p, the top one negative if signed. Inputs: the counts, p ascending.
mpc::Circuit weighted_sum(uint64_t planes, uint64_t rows, bool is_signed) {
  mpc::Circuit circuit;
  const uint64_t count = mpc::count_planes(rows), result = sum_cells_planes(rows, planes);
  std::vector<mpc::Wires> terms;
  for (uint64_t p = 0; p < planes; ++p) {
    mpc::Wires term(p, mpc::Circuit::constant(false));
    const mpc::Wires bits = circuit.inputs(count);
    term.insert(term.end(), bits.begin(), bits.end());
    term.resize(result, mpc::Circuit::constant(false));
    terms.push_back(std::move(term));
  }
  if (is_signed) {  // -x = NOT x + 1
    for (mpc::Wire& wire : terms.back()) wire = mpc::Circuit::not_(wire);
    terms.push_back(mpc::constant_wires(1, result));
  }
  circuit.outputs(mpc::sum_wires(circuit, std::move(terms), result));
  return circuit;
}

std::vector<CellShape> shapes_of(const std::vector<CellDimension>& dimensions) {
  std::vector<CellShape> shapes;
  for (const CellDimension& d : dimensions) {
    shapes.push_back({d.column->value.planes(), d.codes, d.column->null.has_value(), d.null_cell,
                      d.column->type.is_signed()});
  }
  return shapes;
}

}  // namespace

// F: valid, dimensions -> one plane per cell. Circuit: cell_decoder.h.
// Security: AND gates only, opens nothing. Cost: cost_one_hot_cells: about one AND a row and cell. Leaks:
//   nothing.
SharedBits one_hot_cells(mpc::Session& session, const SharedBits& valid,
                         const std::vector<CellDimension>& dimensions) {
  std::vector<const SharedBits*> inputs = {&valid};
  for (const CellDimension& dimension : dimensions) {
    CHECK(dimension.column->value.rows() == valid.rows());
    inputs.push_back(&dimension.column->value);
    if (dimension.column->null) inputs.push_back(&*dimension.column->null);
  }
  return mpc::evaluate(session, cell_decoder(shapes_of(dimensions)), inputs);
}

mpc::Cost cost_one_hot_cells(uint64_t rows, const std::vector<CellShape>& dimensions) {
  return cell_decoder(dimensions).cost(rows);
}

mpc::Cost cost_one_hot_cells(uint64_t rows,
                             const std::vector<std::pair<uint64_t, uint64_t>>& planes_and_codes) {
  std::vector<CellShape> shapes;
  for (const auto& [planes, codes] : planes_and_codes) {
    shapes.push_back({planes, {}});
    for (uint64_t c = 0; c < codes; ++c) shapes.back().codes.push_back(static_cast<int64_t>(c));
  }
  return cost_one_hot_cells(rows, shapes);
}

// F: one_hot -> ones per plane. Carry-save adders (mpc::popcount_planes). Opens nothing.
SharedBits count_cells(mpc::Session& session, const SharedBits& one_hot) {
  return mpc::popcount_planes(session, one_hot);
}

mpc::Cost cost_count_cells(uint64_t rows, uint64_t cells) { return mpc::cost_popcount_rows(rows, cells); }

uint64_t sum_cells_planes(uint64_t rows, uint64_t planes) { return planes + mpc::count_planes(rows); }

// F: one_hot, value -> sum of the values in each cell.
//   v <- value AND NOT null;  count_p,c <- popcount(one_hot_c AND v_p);  sum_c <- sum over p of 2^p count_p,c
// Security: AND gates only, opens nothing. Cost: cost_sum_cells: 2 ANDs a row, cell and plane. Leaks:
//   nothing.
SharedBits sum_cells(mpc::Session& session, const SharedBits& one_hot, const SharedColumn& value) {
  const size_t cells = one_hot.planes(), planes = value.value.planes(), rows = one_hot.rows();
  CHECK(value.value.rows() == rows && planes > 0);
  const SharedBits present =
      value.null ? mpc::and_(session, value.value, sharing::not_(session.party(), *value.null)) : value.value;
  const SharedBits count = count_products(session, present, one_hot);
  std::vector<SharedBits> counts;
  for (size_t p = 0; p < planes; ++p) counts.push_back(sharing::slice_rows(count, p * cells, cells));
  std::vector<const SharedBits*> inputs;
  for (const SharedBits& count : counts) inputs.push_back(&count);
  return mpc::evaluate(session, weighted_sum(planes, rows, value.type.is_signed()), inputs);
}

mpc::Cost cost_sum_cells(uint64_t rows, uint64_t cells, uint64_t planes, bool nullable, bool is_signed) {
  mpc::Cost cost = nullable ? mpc::cost_and(rows, planes) : mpc::Cost{};
  cost += cost_count_products(rows, planes, cells);
  return cost + weighted_sum(planes, rows, is_signed).cost(cells);
}

// F: one_hot, planes -> in each cell the XOR of its rows' planes: the row's own, if there is one.
// Security: one inner product per cell and plane, opens nothing. Cost: cost_select_cells. Leaks: nothing.
SharedBits select_cells(mpc::Session& session, const SharedBits& one_hot, const SharedBits& planes) {
  return mpc::inner_products_rows(session, one_hot, planes);
}

mpc::Cost cost_select_cells(uint64_t rows, uint64_t cells, uint64_t planes) {
  return mpc::cost_inner_products_rows(rows, cells, planes);
}

}  // namespace sluis::oblivious
