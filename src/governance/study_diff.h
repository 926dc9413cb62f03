// Differences between two study files, line by line: what an approver reads before deciding again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluis::governance {

struct DiffLine {
  enum class Kind : uint8_t { kSame, kRemoved, kAdded };
  Kind kind = Kind::kSame;
  int old_line = 0, new_line = 0;  // 1-based; 0 where the line does not stand
  std::string text;                // without LF
  bool operator==(const DiffLine&) const = default;
};

// A shortest edit script (Myers 1986) as long as it has at most 2,000 edits; beyond that the middle counts as
// removed and added as a whole. All lines of both texts appear. Time and memory are bounded by (lines *
// 2,000).
std::vector<DiffLine> diff_lines(std::string_view before, std::string_view after);

// Number of lines that differ: the larger of removed and added (a changed line counts once).
size_t changed_lines(const std::vector<DiffLine>& diff);

// "-12 old text" / "+12 new text" with `context` unchanged lines around each change, "..." between places.
std::string diff_text(const std::vector<DiffLine>& diff, size_t context = 2);

}  // namespace sluis::governance
