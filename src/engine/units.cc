#include "engine/units.h"

#include <bit>

#include "base/check.h"
#include "mpc/add.h"
#include "mpc/compare.h"
#include "oblivious/order.h"
#include "oblivious/scan.h"
#include "sharing/bits_ops.h"

namespace sluis::engine {
namespace {

using oblivious::CellDimension;

// A column's planes with its null plane, as part of a sort key.
SharedBits key_planes(const SharedColumn& column) {
  return column.null ? sharing::concat_planes({&column.value, &*column.null}) : column.value;
}

SharedBits nonnull(int party, const SharedColumn& column, size_t rows) {
  return column.null ? sharing::not_(party, *column.null) : sharing::share_constant(party, rows, 1, 1);
}

// Cuts `all` back into pieces of the given widths.
std::vector<SharedBits> cut(const SharedBits& all, const std::vector<size_t>& widths) {
  std::vector<SharedBits> pieces;
  size_t at = 0;
  for (size_t width : widths) {
    pieces.push_back(sharing::slice_planes(all, at, width));
    at += width;
  }
  return pieces;
}

// 1 where a row differs from the row before it in any plane; row 0 is 1.
SharedBits starts_of(Session& session, const SharedBits& key) {
  SharedBits start = sharing::not_(session.party(), mpc::equal(session, key, sharing::shift_down(key)));
  sharing::Bits first(key.rows(), 1);
  if (key.rows() > 0) first.set(0, 0, true);
  // start OR first, with first public: start ^ first(1 ^ start); only row 0 changes.
  const SharedBits one = sharing::share_public(session.party(), first);
  const size_t rows = key.rows();
  if (rows == 0) return start;
  const SharedBits rest = sharing::slice_rows(start, 1, rows - 1);
  const SharedBits top = sharing::slice_rows(one, 0, 1);
  return sharing::concat_rows({&top, &rest});
}

// Adds floor(count of NULL units / divisor) per cell.
SharedBits with_null_units(Session& session, SharedBits distinct, const SharedBits& null_rows,
                           uint64_t divisor) {
  CHECK(std::has_single_bit(divisor));
  const size_t shift = static_cast<size_t>(std::countr_zero(divisor));
  const size_t planes = distinct.planes();
  if (shift >= null_rows.planes()) return distinct;
  SharedBits quotient = sharing::slice_planes(null_rows, shift, null_rows.planes() - shift);
  quotient = sharing::extend(quotient, planes, false);
  return mpc::add(session, distinct, quotient);
}

}  // namespace

std::vector<SharedBits> distinct_per_cell(Session& session, const DistinctSpec& spec,
                                          const std::vector<SharedBits>& indicators) {
  const size_t rows = spec.unit->value.rows();
  const int party = session.party();
  std::vector<SharedBits> keys;
  keys.push_back(key_planes(*spec.unit));
  for (const CellDimension& dimension : spec.dimensions) keys.push_back(key_planes(*dimension.column));
  std::vector<const SharedBits*> parts;
  std::vector<size_t> widths;
  for (const SharedBits& key : keys) parts.push_back(&key), widths.push_back(key.planes());
  const SharedBits key = sharing::concat_planes(std::span<const SharedBits* const>(parts));
  for (const SharedBits& indicator : indicators) parts.push_back(&indicator), widths.push_back(1);
  const SharedBits whole = sharing::concat_planes(std::span<const SharedBits* const>(parts));

  const oblivious::Order order =
      oblivious::sort_opening(session, key, mpc::make_shuffle(session, rows), {spec.rule});
  const std::vector<SharedBits> sorted = cut(oblivious::into_order(session, order, whole), widths);
  const size_t key_columns = keys.size();
  std::vector<const SharedBits*> sorted_keys;
  for (size_t i = 0; i < key_columns; ++i) sorted_keys.push_back(&sorted[i]);
  const SharedBits start =
      starts_of(session, sharing::concat_planes(std::span<const SharedBits* const>(sorted_keys)));
  std::vector<oblivious::ScanColumn> folds;
  for (size_t i = 0; i < indicators.size(); ++i)
    folds.push_back({oblivious::Fold::kOr, sorted[key_columns + i]});
  const std::vector<SharedBits> any = oblivious::segmented_scan(session, start, std::move(folds));

  // Last row of a group: the next row starts one. shift_up leaves 0 at the end, which is always last.
  SharedBits last = sharing::shift_up(start);
  if (rows > 0) {
    const SharedBits head = sharing::slice_rows(last, 0, rows - 1);
    const SharedBits tail = sharing::share_constant(party, 1, 1, 1);
    last = sharing::concat_rows({&head, &tail});
  }
  const auto column_at = [&](size_t i, const SharedColumn& like) {
    const size_t planes = like.value.planes();
    SharedColumn column{like.type, sharing::slice_planes(sorted[i], 0, planes), std::nullopt};
    if (like.null) column.null = sharing::slice_planes(sorted[i], planes, 1);
    return column;
  };
  const SharedColumn unit = column_at(0, *spec.unit);
  std::vector<SharedColumn> columns;
  columns.reserve(spec.dimensions.size());
  std::vector<CellDimension> dimensions = spec.dimensions;
  for (size_t d = 0; d < dimensions.size(); ++d) {
    columns.push_back(column_at(1 + d, *spec.dimensions[d].column));
    dimensions[d].column = &columns.back();
  }
  const SharedBits known_last = mpc::and_(session, last, nonnull(party, unit, rows));
  std::vector<SharedBits> counts;
  for (size_t i = 0; i < indicators.size(); ++i) {
    const SharedBits counted = mpc::and_(session, any[i], known_last);
    SharedBits distinct =
        oblivious::count_cells(session, oblivious::one_hot_cells(session, counted, dimensions));
    if (unit.null && spec.null_divisor > 0) {
      const SharedBits null_rows = mpc::and_(session, sorted[key_columns + i], *unit.null);
      distinct = with_null_units(
          session, std::move(distinct),
          oblivious::count_cells(session, oblivious::one_hot_cells(session, null_rows, dimensions)),
          spec.null_divisor);
    }
    counts.push_back(std::move(distinct));
  }
  return counts;
}

oblivious::OwnerCounts owner_counts(Session& session, const std::string& table, const SharedColumn& owner,
                                    const std::vector<CellDimension>& dimensions,
                                    const SharedBits& indicator) {
  std::vector<CellDimension> with_owner = dimensions;
  CellDimension last{&owner, {}, false};
  for (int64_t code = owner.type.lo; code <= owner.type.hi; ++code) last.codes.push_back(code);
  const size_t owners = last.codes.size();
  with_owner.push_back(last);
  const SharedBits all =
      oblivious::count_cells(session, oblivious::one_hot_cells(session, indicator, with_owner));
  oblivious::OwnerCounts counts{table, {}};
  const size_t cells = all.rows() / owners;
  for (size_t o = 0; o < owners; ++o) {
    std::vector<uint32_t> index;
    for (size_t c = 0; c < cells; ++c) index.push_back(static_cast<uint32_t>(c * owners + o));
    counts.count.push_back(sharing::gather_rows(all, index));
  }
  return counts;
}

}  // namespace sluis::engine
