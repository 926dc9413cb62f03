// What may leave, as plain values: filled from the study, the profile and the owners' policies by whoever
// starts a run (strictest wins), enforced on shares by guard.h, in the clear by reference.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sharing/result_share.h"
#include "sharing/split.h"

namespace sluis::disclosure {

// An exact share of a whole, such as 9/10: thresholds at exactly 90 % must not depend on floating point.
// INVARIANT: 0 < num <= den <= 1,000,000.
struct Fraction {
  uint32_t num = 1, den = 1;
  // Reduced. REQUIRES: 0 < millionths <= 1,000,000.
  static Fraction from_millionths(int64_t millionths);
  bool operator==(const Fraction&) const = default;
};
// Exact comparison.
bool less(const Fraction& a, const Fraction& b);

// The numbers in force for a run. Defaults: profile nl-jeugd-1. The profile's other keys have one value that
// this version can do (zeros = protect, totals = derived, dp = off); the study reader refuses every other.
struct Policy {
  uint32_t t_person = 10;         // persons in a cell, and in every rest that can be derived from its row
  uint32_t t_household = 5;       // households in a cell and in the rest
  uint32_t t_owner = 2;           // owners of the population table in a cell that spans owners
  Fraction owner_max{9, 10};      // largest owner's part of a cell
  Fraction group_max{9, 10};      // largest part of a row group with a sensitive value or count
  uint32_t denominator_min = 30;  // smallest released denominator; enforced where rates are computed
  uint32_t round_base = 5;        // odd
  bool operator==(const Policy&) const = default;
};

// Never laxer than nl-jeugd-1, and within what the guard can compute. Errors: S1410.policy with the key.
Status check_policy(const Policy& policy);
// Key by key the stricter of the two.
Policy strictest(const Policy& a, const Policy& b);

// What a column of an output counts.
enum class Figure : uint8_t {
  kCountRows,  // COUNT(*): the row's population, to which sub-counts are parts
  kCountSome,  // COUNT(column), SUM of a value that is 0 or 1: a part of the row's population
  kOther,      // anything else: not protectable, refused by name
};

struct MeasurePolicy {
  std::string name;
  Figure figure = Figure::kOther;
  bool sensitive = false;  // group_max: its part of the row's population
};

// Values of one dimension declared sensitive (in care, in debt), as positions among its labels.
struct SensitiveValues {
  size_t dimension = 0;
  std::vector<size_t> values;
};

// A base table whose rows contribute to the output. Its owners' counts come with every measure.
struct ContributingTable {
  std::string name;
  std::string owner_kind;
  bool population = false;  // the counted persons come from it; exactly one table
  // False only if a dimension is the column that is bound to this table's owner: then a cell has one owner by
  // definition, and the owner rules do not apply to this table.
  bool spans_owners = true;
};

// What the study's SQL says of two sub-counts of one row. What nobody has proven is kUnknown and taken as
// possible in every way.
enum class Relation : uint8_t {
  kUnknown,
  kWithin,    // every person counted by a is counted by b
  kDisjoint,  // nobody is counted by both
  kCrossing,  // neither follows from the definitions: their difference and sum count no set of persons
};
struct MeasureRelation {
  size_t a = 0, b = 0;
  Relation relation = Relation::kUnknown;
};

// Each owner opens its own row only.
struct OwnRow {
  std::string reader_kind;           // owner rules do not apply to tables of this kind (ADR 0010)
  std::vector<std::string> readers;  // OIN per cell
};

// Secret of the three nodes from which band edges are drawn: seed j is held by P_{j-1} and P_j, so P_i fills
// `own` with seed i and `next` with seed i + 1. The same at every attempt of a study and for this output only
// (HKDF of a pair secret over study and output name), or a retry would show a second edge.
struct BandSeeds {
  sharing::Seed own{}, next{};
};

struct OutputPolicy {
  std::string name;
  Policy policy;
  std::vector<sharing::ReleaseDimension> dimensions;  // none: one cell
  std::vector<MeasurePolicy> measures;
  std::vector<MeasureRelation> relations;
  std::vector<SensitiveValues> sensitive;
  std::vector<ContributingTable> tables;
  std::vector<uint32_t> bands;  // printed lower edges; empty: rounded counts
  BandSeeds band_seeds;
  std::optional<OwnRow> own_row;

  size_t cells() const;
  // Position of the first COUNT(*), if any.
  std::optional<size_t> population() const;
};

// At most this many sub-counts in one output: their differences and sums are checked two by two, three by
// three.
inline constexpr size_t kMaxSubCounts = 4;

// Everything that would make this output impossible to protect, before any run; the guard calls it again.
// Errors: S1410.* (policy), S1411.* (output), all of them.
Errors check_protectable(const OutputPolicy& output);

// How far the secret edge of a band may lie above the printed one.
uint32_t band_slack(const Policy& policy);

// The public description of what is released. REQUIRES: check_protectable found nothing. `planes` per
// measure.
sharing::ReleaseLayout release_layout(const OutputPolicy& output, const std::vector<uint32_t>& planes);

}  // namespace sluis::disclosure
