// Any bytes as a result share, and damaged ones that were valid: refused, or written again unchanged;
// whatever is read can be combined with itself in other roles without harm.
#include <cstdint>
#include <cstdlib>

#include "sharing/result_share.h"

namespace {

using namespace sluis;
using namespace sluis::sharing;

ResultShare valid_share(bool bands) {
  ResultShare share;
  share.run = "7c21";
  share.recipient = "00000099000000001000";
  share.layout.output = "samen";
  share.layout.dimensions = {{"leeftijd", {"0-5", "6-11", "12-17"}}};
  share.layout.measures = {{"kinderen", 5}};
  share.layout.t_person = 10, share.layout.t_household = 5, share.layout.round_base = 5;
  if (bands) {
    share.layout.kind = FigureKind::kBand;
    share.layout.bands = {10, 25, 50};
    share.layout.band_slack = 4;
  }
  share.figures.emplace_back(share.layout.cells(), 5);
  return share;
}

void read(ByteSpan bytes) {
  const Result<ResultShare> share = decode_result_share(bytes);
  if (!share.ok()) return;
  const Bytes again = encode(*share);
  if (again.size() != bytes.size() || !std::equal(again.begin(), again.end(), bytes.begin())) std::abort();
  std::array<ResultShare, 3> three{*share, *share, *share};
  for (int party = 0; party < 3; ++party) three[static_cast<size_t>(party)].party = party;
  const Result<ReleasedTable> table = combine_results(three);
  if (!table.ok()) return;
  for (const auto& column : table->figures)
    for (const uint64_t figure : column)
      if (figure != 0 && range_of(table->layout, figure).lo < table->layout.t_person) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  read({data, size});
  if (size == 0) return 0;
  Bytes damaged = encode(valid_share((data[0] & 1) != 0));
  for (size_t i = 1; i + 2 < size; i += 3)
    damaged[(data[i] | data[i + 1] << 8) % damaged.size()] = data[i + 2];
  read(damaged);
  return 0;
}
