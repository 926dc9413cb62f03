// Any bytes as a decision file and as a signature file: refused, or written and read again unchanged.
#include <cstdint>
#include <cstdlib>

#include "governance/decision.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sluis::governance;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const DecisionParse parse = parse_decision(bytes, "decision.json");
  if (parse.decision.has_value() != parse.errors.empty()) std::abort();
  if (parse.decision) {
    const DecisionParse again = parse_decision(decision_text(*parse.decision), "decision.json");
    if (!again.decision || !(*again.decision == *parse.decision)) std::abort();
  }
  const auto signature = parse_signature_file(kDecisionKind, bytes, "decision.sig.json");
  if (signature.ok()) {
    const auto again = parse_signature_file(kDecisionKind, signature_text(kDecisionKind, *signature), "s");
    if (!again.ok() || !(*again == *signature)) std::abort();
  }
  return 0;
}
