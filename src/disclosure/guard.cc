#include "disclosure/guard.h"

#include "disclosure/figures.h"
#include "disclosure/ledger_blob.h"
#include "disclosure/primary.h"
#include "mpc/multiply.h"
#include "sharing/bits_ops.h"

namespace sluis::disclosure {
namespace {

using oblivious::CellMeasure;
using oblivious::CellTable;
using sharing::SharedBits;

// Counts wider than this do not occur (2^36 persons); sums and shares of them stay within 63 planes.
constexpr size_t kMaxCountPlanes = 36;

bool is_count(const SharedBits& x, size_t cells) {
  return x.rows() == cells && x.planes() >= 1 && x.planes() <= kMaxCountPlanes;
}

bool measure_fits(const CellMeasure& measure, const CellMeasure& first, const OutputPolicy& output) {
  const size_t cells = output.cells();
  if (!is_count(measure.value, cells) || !is_count(measure.persons, cells) ||
      !is_count(measure.households, cells) || measure.type.lo < 0)
    return false;
  if (measure.null.planes() > 1 || (measure.null.planes() == 1 && measure.null.rows() != cells)) return false;
  if (measure.owners.size() != output.tables.size()) return false;
  for (size_t t = 0; t < measure.owners.size(); ++t) {
    if (measure.owners[t].table != output.tables[t].name || measure.owners[t].count.empty() ||
        measure.owners[t].count.size() != first.owners[t].count.size())
      return false;
    for (const SharedBits& count : measure.owners[t].count)
      if (!is_count(count, cells)) return false;
  }
  return true;
}

// Whether the table is the one that the policy describes; public shapes only.
bool table_fits(const CellTable& table, const OutputPolicy& output) {
  if (table.name != output.name || table.cells != output.cells() ||
      table.measures.size() != output.measures.size())
    return false;
  for (size_t m = 0; m < table.measures.size(); ++m)
    if (table.measures[m].name != output.measures[m].name ||
        !measure_fits(table.measures[m], table.measures[0], output))
      return false;
  return true;
}

Bytes counts_of(const CellTable& table, int party) {
  std::vector<LedgerMeasure> measures;
  for (const CellMeasure& measure : table.measures)
    measures.push_back({measure.name, &measure.persons, &measure.households});
  return ledger_blob(table.name, table.cells, party, measures);
}

}  // namespace

Result<sharing::Cleared<ReleaseTable>> Guard::protect(mpc::Session& session,
                                                      sharing::Uncleared<CellTable> uncleared,
                                                      const OutputPolicy& output) {
  if (Errors errors = check_protectable(output); !errors.empty()) return std::move(errors[0]);
  const CellTable& table = uncleared.value_;
  if (!table_fits(table, output))
    return Error{"S1411.shape", {output.name, "table"}, "", 0, 0, Exit::kInternal};
  const SharedBits pass = pass_bits(session, table, output);
  const Matrices exact =
      output.bands.empty() ? rounded(session, table, output) : banded(session, table, output);
  std::vector<SharedBits> bits;
  for (size_t m = 0; m < exact.size(); ++m) bits.push_back(sharing::slice_planes(pass, m, 1));
  std::vector<mpc::AndPair> pairs;
  std::vector<uint32_t> planes;
  for (size_t m = 0; m < exact.size(); ++m) {
    pairs.push_back({&exact[m], &bits[m]});
    planes.push_back(static_cast<uint32_t>(exact[m].planes()));
  }
  ReleaseTable release;
  release.figures = mpc::and_batch(session, pairs);
  release.layout = release_layout(output, planes);
  if (output.own_row) release.readers = output.own_row->readers;
  release.ledger = counts_of(table, session.party());
  return sharing::Cleared<ReleaseTable>(std::move(release));
}

}  // namespace sluis::disclosure
