// Sums of products of two columns, without the products.
#pragma once

#include "mpc/session.h"
#include "oblivious/shared_table.h"

namespace sluis::oblivious {

// Ones of (plane i of x AND plane k of s) over the rows, for all i and k: x.planes() * s.planes() rows, i
// slowest. REQUIRES: both have the rows.
SharedBits count_products(mpc::Session& session, const SharedBits& x, const SharedBits& s);
mpc::Cost cost_count_products(uint64_t rows, uint64_t x_planes, uint64_t s_planes);

// A factor: its planes (unsigned, or two's complement).
struct Factor {
  const SharedBits* planes;
  bool is_signed = false;
};
// What is public about it.
struct FactorShape {
  uint64_t planes;
  bool is_signed = false;
};

// Per plane of one_hot (a cell): the sum of x * y over the rows where that plane is 1. Result: cells rows,
// sum_products_planes planes, enough for any sum; two's complement if a factor is signed.
// REQUIRES: all of the same rows; both factors have planes; rows where a factor is NULL are in no cell.
SharedBits sum_products(mpc::Session& session, const SharedBits& one_hot, const Factor& x, const Factor& y);
// Bits a row and cell, for x the wider: y + 2 x y. Against multiplying first (x y for the product, as much
// for its adders, then 2 (x + y)): fewer rounds, and no column of products.
mpc::Cost cost_sum_products(uint64_t rows, uint64_t cells, const FactorShape& x, const FactorShape& y);
// Planes of the result.
uint64_t sum_products_planes(uint64_t rows, uint64_t x_planes, uint64_t y_planes);

}  // namespace sluis::oblivious
