#include "governance/study_diff.h"

#include <algorithm>

namespace sluis::governance {
namespace {

using Kind = DiffLine::Kind;
using Lines = std::vector<std::string_view>;
constexpr int kMaxEdits = 2000;

Lines split(std::string_view text) {
  Lines out;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    out.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

// What is kept, removed and added, from the end to the start.
class EditScript {
 public:
  EditScript(const Lines& before, const Lines& after) : a_(before), b_(after) {}

  std::vector<Kind> find() {
    const int n = static_cast<int>(a_.size()), m = static_cast<int>(b_.size());
    const int most = std::min(kMaxEdits, n + m);
    std::vector<int> reach(2 * static_cast<size_t>(most) + 3,
                           0);  // furthest x on diagonal k, at k + most + 1
    const auto at = [&](int k) -> int& { return reach[static_cast<size_t>(k + most + 1)]; };
    for (int edits = 0; edits <= most; ++edits) {
      trail_.emplace_back(reach.begin() + (most + 1 - edits), reach.begin() + (most + 2 + edits));
      for (int k = -edits; k <= edits; k += 2) {
        const bool down = k == -edits || (k != edits && at(k - 1) < at(k + 1));
        int x = down ? at(k + 1) : at(k - 1) + 1;
        while (x < n && x - k < m && a_[static_cast<size_t>(x)] == b_[static_cast<size_t>(x - k)]) ++x;
        at(k) = x;
        if (x >= n && x - k >= m) return walk_back(edits);
      }
    }
    std::vector<Kind> all(b_.size(), Kind::kAdded);
    all.insert(all.end(), a_.size(), Kind::kRemoved);
    return all;
  }

 private:
  // trail_[d] holds the furthest x of diagonals -d..d before round d.
  std::vector<Kind> walk_back(int edits) const {
    std::vector<Kind> out;
    int x = static_cast<int>(a_.size()), y = static_cast<int>(b_.size());
    for (int d = edits; d > 0; --d) {
      const auto at = [&](int k) { return trail_[static_cast<size_t>(d)][static_cast<size_t>(k + d)]; };
      const int k = x - y;
      const bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
      const int from_k = down ? k + 1 : k - 1;
      const int from_x = at(from_k), from_y = from_x - from_k;
      const int start_x = down ? from_x : from_x + 1;
      for (; x > start_x; --x, --y) out.push_back(Kind::kSame);
      out.push_back(down ? Kind::kAdded : Kind::kRemoved);
      x = from_x;
      y = from_y;
    }
    out.insert(out.end(), static_cast<size_t>(x), Kind::kSame);
    return out;
  }

  const Lines& a_;
  const Lines& b_;
  std::vector<std::vector<int>> trail_;
};

}  // namespace

std::vector<DiffLine> diff_lines(std::string_view before, std::string_view after) {
  Lines a = split(before), b = split(after);
  size_t head = 0, tail = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
    ++tail;
  const Lines middle_a(a.begin() + static_cast<long>(head), a.end() - static_cast<long>(tail));
  const Lines middle_b(b.begin() + static_cast<long>(head), b.end() - static_cast<long>(tail));
  std::vector<Kind> kinds(tail, Kind::kSame);
  const std::vector<Kind> middle = EditScript(middle_a, middle_b).find();
  kinds.insert(kinds.end(), middle.begin(), middle.end());
  kinds.insert(kinds.end(), head, Kind::kSame);
  std::vector<DiffLine> out;
  int old_line = 0, new_line = 0;
  for (auto kind = kinds.rbegin(); kind != kinds.rend(); ++kind) {
    DiffLine line{*kind, 0, 0, {}};
    if (*kind != Kind::kAdded) line.old_line = ++old_line;
    if (*kind != Kind::kRemoved) line.new_line = ++new_line;
    line.text =
        *kind == Kind::kAdded ? b[static_cast<size_t>(new_line - 1)] : a[static_cast<size_t>(old_line - 1)];
    out.push_back(std::move(line));
  }
  return out;
}

size_t changed_lines(const std::vector<DiffLine>& diff) {
  const auto count = [&](Kind kind) {
    return static_cast<size_t>(
        std::count_if(diff.begin(), diff.end(), [&](const DiffLine& line) { return line.kind == kind; }));
  };
  return std::max(count(Kind::kRemoved), count(Kind::kAdded));
}

std::string diff_text(const std::vector<DiffLine>& diff, size_t context) {
  std::vector<bool> shown(diff.size(), false);
  for (size_t i = 0; i < diff.size(); ++i) {
    if (diff[i].kind == Kind::kSame) continue;
    for (size_t j = i - std::min(i, context); j < std::min(diff.size(), i + context + 1); ++j)
      shown[j] = true;
  }
  std::string out;
  for (size_t i = 0; i < diff.size(); ++i) {
    if (!shown[i]) continue;
    if (!out.empty() && !shown[i - 1]) out += "...\n";
    const DiffLine& line = diff[i];
    out += line.kind == Kind::kSame ? ' ' : line.kind == Kind::kRemoved ? '-' : '+';
    out += std::to_string(line.kind == Kind::kAdded ? line.new_line : line.old_line);
    out.append(" ").append(line.text) += '\n';
  }
  return out;
}

}  // namespace sluis::governance
