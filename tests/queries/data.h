// Invented data for the queries of the literature (examples/queries): the same on every machine for one size
// and seed. The TPC-H tables follow the benchmark's keys, ratios and value distributions, not its texts;
// where they differ, docs/queries.md says so.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "relation/table.h"

namespace sluis::queries {

// The folders of examples/queries: "mpc" (hospitals, passwords, credit, taxis) and "tpch".
const std::vector<std::string>& data_sets();

// The tables of a set. `size` of mpc: patients (users, debtors; about 3 diagnoses and 2 medications each); of
// tpch: customers (10 orders each and about 40 lines; 1500 is scale factor 0.01). REQUIRES: a name of
// data_sets(), 1 <= size <= 200,000.
std::vector<relation::Table> make_tables(const std::string& set, int64_t size, uint64_t seed);

}  // namespace sluis::queries
