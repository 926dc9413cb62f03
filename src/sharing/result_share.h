// What one node hands to one recipient: its two shares of the protected figures of one output, with the
// public description that makes them readable; and the recipient's side: three of these make a released
// table. Bytes: docs/formats/result_share.md. No protocol here, so that a recipient's program needs none.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hash.h"
#include "sharing/bits.h"

namespace sluis::sharing {

// Limits of the format; everything outside is refused before memory is set aside for it.
inline constexpr size_t kMaxReleaseCells = 100'000;
inline constexpr size_t kMaxReleaseMeasures = 16;
inline constexpr size_t kMaxReleaseDimensions = 8;
inline constexpr size_t kMaxReleaseBands = 16;
inline constexpr size_t kMaxReleasePlanes = 40;
inline constexpr size_t kMaxReleaseText = 1'000;
inline constexpr size_t kMaxResultShareBytes = 15u << 20;

enum class FigureKind : uint8_t {
  kCount = 1,      // a rounded count; 0 = withheld
  kBand = 2,       // k = band k, counted from 1; 0 = withheld or under the lowest band
  kShareBand = 3,  // link rate: k = the band above k - 1 edges, in percent; 0 = withheld
};

struct ReleaseDimension {
  std::string name;
  std::vector<std::string> labels;  // in printing order
  bool operator==(const ReleaseDimension&) const = default;
};

struct ReleaseMeasure {
  std::string name;
  uint32_t planes = 0;  // bits of a figure
  bool operator==(const ReleaseMeasure&) const = default;
};

// Everything public about a released table. Cells in row-major order of the dimensions, last fastest.
// INVARIANT (check_layout): within the limits above; kBand and kShareBand have bands, strictly ascending,
// kCount has none.
struct ReleaseLayout {
  std::string output;
  FigureKind kind = FigureKind::kCount;
  std::vector<ReleaseDimension> dimensions;  // none: one cell
  std::vector<ReleaseMeasure> measures;
  uint32_t t_person = 0, t_household = 0;  // for the note
  uint32_t round_base = 0;                 // odd
  uint32_t denominator_min = 0;            // smallest released denominator of a rate or ratio
  std::vector<uint32_t> bands;             // printed lower edges; kShareBand: in percent
  uint32_t band_slack =
      0;  // the edge really used lies 0..band_slack persons higher (secret, fixed per study and row)

  size_t cells() const;
  bool operator==(const ReleaseLayout&) const = default;
};

// Error S1412.layout with what is wrong.
Status check_layout(const ReleaseLayout& layout);

// INVARIANT: figures[m] is layout.cells() x layout.measures[m].planes.
struct ResultShare {
  std::string run;        // id of the run: the three nodes of one release agree
  std::string recipient;  // OIN of the only organisation that gets it
  int party = 0;
  std::array<uint8_t, 32> salt{};  // fresh random bytes of this node
  ReleaseLayout layout;
  std::vector<SharedBits> figures;  // per measure
};

// Canonical bytes (bits past the last row are zero). REQUIRES: the invariants.
Bytes encode(const ResultShare& share);
// Strict: exactly one encoding, nothing behind it. Errors: S1412.*.
Result<ResultShare> decode_result_share(ByteSpan bytes);

// SHA-256 of encode()'s bytes: stands in the receipts, which many may read. The salt keeps a share of a few
// bits from being guessed from it.
crypto::Digest commitment(const ResultShare& share);

// What the recipient holds after combining: public from here on.
struct ReleasedTable {
  std::string run, recipient;
  ReleaseLayout layout;
  std::vector<std::vector<uint64_t>> figures;  // [measure][cell]; 0 = withheld

  bool withheld(size_t measure, size_t cell) const { return figures[measure][cell] == 0; }
  size_t withheld_count() const;
};

// Shares of the three parties, in any order -> the table. Every share is held twice: where the two copies
// differ, one node altered it (S1302). Also refused: shares of different runs, recipients or tables
// (S1412.mixed), and figures that the rules cannot produce (S1412.figure).
Result<ReleasedTable> combine_results(const std::array<ResultShare, 3>& shares);

// Exact counts that a released figure may stand for: [lo, hi], hi empty for the highest band.
struct FigureRange {
  uint64_t lo = 0;
  std::optional<uint64_t> hi;
};
// REQUIRES: figure != 0 and one that combine_results accepts; not kShareBand.
FigureRange range_of(const ReleaseLayout& layout, uint64_t figure);

// Sum of the shown figures among `cells`: the only totals there are. Withheld cells are left out and counted,
// so it must be printed as "total of the cells shown" and never used as a denominator beside another source.
struct DerivedTotal {
  uint64_t sum = 0;
  size_t shown = 0, withheld = 0;
};
DerivedTotal derived_total(const ReleasedTable& table, size_t measure, const std::vector<size_t>& cells);
// Over all cells.
DerivedTotal derived_total(const ReleasedTable& table, size_t measure);

}  // namespace sluis::sharing
