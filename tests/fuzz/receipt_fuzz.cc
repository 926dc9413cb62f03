// Any bytes as facts, receipt, run record and result bundle: refused, or written and read again unchanged; no
// bundle verifies against a registry that has no such keys.
#include <cstdint>
#include <cstdlib>

#include "governance/receipt.h"
#include "governance/result_bundle.h"
#include "governance/run_record.h"

namespace {

template <typename T, typename Parse, typename Write>
void round_trip(std::string_view bytes, Parse parse, Write write) {
  const sluis::Result<T> first = parse(bytes, "f");
  if (!first.ok()) return;
  const sluis::Result<T> again = parse(write(*first), "f");
  if (!again.ok() || !(*again == *first)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sluis::governance;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  round_trip<ReceiptFacts>(bytes, parse_facts, facts_text);
  round_trip<Receipt>(bytes, parse_receipt, receipt_text);
  round_trip<RunRecord>(bytes, parse_run_record, run_record_text);
  const auto bundle = parse_bundle(bytes, "f");
  static const KeyRegistry kNobody;
  if (bundle.ok() && verify_bundle(*bundle, kNobody).ok()) std::abort();
  return 0;
}
