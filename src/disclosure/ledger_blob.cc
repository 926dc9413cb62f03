#include "disclosure/ledger_blob.h"

namespace sluis::disclosure {
namespace {

void write_shares(ByteWriter& out, const sharing::SharedBits* x) {
  out.u32(x == nullptr ? 0 : static_cast<uint32_t>(x->planes()));
  if (x == nullptr) return;
  for (uint64_t word : x->own.words()) out.u64(word);
  for (uint64_t word : x->next.words()) out.u64(word);
}

}  // namespace

Bytes ledger_blob(const std::string& output, size_t cells, int party,
                  const std::vector<LedgerMeasure>& measures) {
  ByteWriter out;
  out.bytes(as_bytes("SLUISEXA"));
  out.u16(1);
  out.u8(static_cast<uint8_t>(party));
  out.text(output);
  out.u32(static_cast<uint32_t>(cells));
  out.u32(static_cast<uint32_t>(measures.size()));
  for (const LedgerMeasure& measure : measures) {
    out.text(measure.name);
    write_shares(out, measure.persons);
    write_shares(out, measure.households);
  }
  return out.take();
}

}  // namespace sluis::disclosure
