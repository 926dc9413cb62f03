#include "sql/evaluate_window.h"

#include <algorithm>
#include <map>

namespace sluis::sql {
namespace {

using Row = std::vector<Cell>;

size_t at(int index) { return static_cast<size_t>(index); }

// Whether a stands before b.
bool before(const std::vector<WindowOrder>& orders, const Row& a, const Row& b) {
  for (const WindowOrder& order : orders) {
    const Cell& x = a[at(order.column)];
    const Cell& y = b[at(order.column)];
    if (x == y) continue;
    if (!x || !y) return x.has_value() != order.nulls_first;
    return (*x < *y) != order.descending;
  }
  return false;
}

// One partition, its rows in order.
class Partition {
 public:
  Partition(const Node& node, std::vector<const Row*> rows) : node_(node), rows_(std::move(rows)) {}

  Cell value(const WindowCall& call, size_t row) const {
    const auto place = static_cast<int64_t>(row);
    const auto offset = static_cast<int64_t>(call.offset);
    switch (call.function) {
      case WindowFunction::kRowNumber:
        return place + 1;
      case WindowFunction::kRank: {
        size_t first = row;
        while (first > 0 && peers(first - 1, row)) --first;
        return static_cast<int64_t>(first) + 1;
      }
      case WindowFunction::kDenseRank: {
        int64_t rank = 1;
        for (size_t i = 1; i <= row; ++i) rank += peers(i - 1, i) ? 0 : 1;
        return rank;
      }
      case WindowFunction::kLag:
        return cell(call.column, place - offset);
      case WindowFunction::kLead:
        return cell(call.column, place + offset);
      case WindowFunction::kFirst:
        return cell(call.column, 0);
      default:
        return aggregate(call, frame_end(call, row));
    }
  }

 private:
  bool peers(size_t a, size_t b) const {
    return !before(node_.order, *rows_[a], *rows_[b]) && !before(node_.order, *rows_[b], *rows_[a]);
  }
  Cell cell(int column, int64_t row) const {
    if (row < 0 || row >= static_cast<int64_t>(rows_.size())) return {};
    return (*rows_[static_cast<size_t>(row)])[at(column)];
  }
  size_t frame_end(const WindowCall& call, size_t row) const {
    if (call.frame == WindowFrame::kPartition) return rows_.size();
    size_t end = row + 1;
    while (call.frame == WindowFrame::kPeers && end < rows_.size() && peers(row, end)) ++end;
    return end;
  }
  // Over the rows before `end`.
  Cell aggregate(const WindowCall& call, size_t end) const {
    if (call.function == WindowFunction::kCountRows) return static_cast<int64_t>(end);
    int64_t count = 0;
    Cell result;
    for (size_t i = 0; i < end; ++i) {
      const Cell value = (*rows_[i])[at(call.column)];
      if (!value) continue;
      ++count;
      if (!result) {
        result = value;
      } else if (call.function == WindowFunction::kSum) {
        *result += *value;
      } else {
        result =
            call.function == WindowFunction::kMin ? std::min(*result, *value) : std::max(*result, *value);
      }
    }
    return call.function == WindowFunction::kCount ? Cell{count} : result;
  }

  const Node& node_;
  std::vector<const Row*> rows_;
};

}  // namespace

std::vector<Row> evaluate_window(const Node& node, const std::vector<Row>& rows) {
  std::map<Row, std::vector<size_t>> partitions;
  for (size_t r = 0; r < rows.size(); ++r) {
    Row key;
    for (int column : node.partition) key.push_back(rows[r][at(column)]);
    partitions[std::move(key)].push_back(r);
  }
  std::vector<Row> out = rows;
  for (auto& [key, members] : partitions) {
    std::stable_sort(members.begin(), members.end(),
                     [&](size_t a, size_t b) { return before(node.order, rows[a], rows[b]); });
    std::vector<const Row*> ordered;
    for (const size_t r : members) ordered.push_back(&rows[r]);
    const Partition partition(node, std::move(ordered));
    for (size_t place = 0; place < members.size(); ++place)
      for (const WindowCall& call : node.windows) out[members[place]].push_back(partition.value(call, place));
  }
  return out;
}

}  // namespace sluis::sql
