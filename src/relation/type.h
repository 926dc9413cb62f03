// Column types of Sluis: every value is an integer with public bounds; what the integer means depends on the
// kind.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sluis::relation {

enum class Kind : uint8_t {
  kInteger,   // the integer itself; also join keys (a BSN is an integer 0..999'999'999)
  kDate,      // days since 1900-01-01 (relation/date.h)
  kBoolean,   // 0, 1
  kCategory,  // position in Type::domain
  kDecimal,   // PostgreSQL's numeric with a fixed number of decimals: value = number * 10^scale, scale >= 1
  kNumeric,   // a number of any length, only in figures after opening (sql/figure.h): no bounds, never shared
};

// How PostgreSQL holds a kInteger: what decides the result of `/` and of SUM, and nothing else.
enum class Held : uint8_t {
  kBigint,   // bigint: stored columns, COUNT
  kInt,      // integer: small constants, days between dates
  kNumeric,  // numeric without decimals: EXTRACT, SUM of bigint
};

inline constexpr int kMaxStoredScale = 4;  // decimals of a stored column
inline constexpr int kMaxScale = 16;       // of any shared value, products included

// A type with public bounds: lo <= value <= hi. Bounds follow from schema and SQL alone, never from the data
// of a study (in rehearsal they may be read from the files), so a column's width in bits is public.
// INVARIANT: kBoolean has bounds 0, 1; kCategory has lo = 0, hi = domain.size() - 1, and a domain sorted
// bytewise without duplicates, so that comparing codes equals comparing text under COLLATE "C".
struct Type {
  Kind kind = Kind::kInteger;
  int64_t lo = 0;
  int64_t hi = 0;
  std::vector<std::string> domain;
  int scale = 0;              // kDecimal: decimals
  Held held = Held::kBigint;  // kInteger; not part of equality

  static Type integer(int64_t lo, int64_t hi) { return {Kind::kInteger, lo, hi, {}}; }
  static Type date() { return {Kind::kDate, 0, 65535, {}}; }
  static Type date(int64_t lo, int64_t hi) { return {Kind::kDate, lo, hi, {}}; }
  // Bounds in units of 10^-scale. REQUIRES: 1 <= scale <= kMaxScale.
  static Type decimal(int64_t lo, int64_t hi, int scale) { return {Kind::kDecimal, lo, hi, {}, scale}; }
  static Type numeric() { return {Kind::kNumeric, 0, 0, {}}; }
  static Type boolean() { return {Kind::kBoolean, 0, 1, {}}; }
  // REQUIRES: at least one value. Sorts and removes duplicates.
  static Type category(std::vector<std::string> domain);
  static Type bsn() { return integer(0, 999'999'999); }

  bool is_signed() const { return lo < 0; }
  // Bits of the two's-complement form (with sign bit if lo < 0), at least 1.
  int bits() const;
  // Code of a category value, or -1.
  int64_t code(const std::string& text) const;
  bool operator==(const Type& other) const {
    return kind == other.kind && lo == other.lo && hi == other.hi && scale == other.scale &&
           domain == other.domain;
  }
};

const char* kind_name(Kind kind);  // "integer", "date", "boolean", "category", "decimal", "numeric"

}  // namespace sluis::relation
