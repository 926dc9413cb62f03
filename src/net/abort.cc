#include "net/abort.h"

namespace sluis::net {

const char* abort_name(AbortCode code) {
  switch (code) {
    case AbortCode::kTimeout:
      return "timeout";
    case AbortCode::kClosed:
      return "closed";
    case AbortCode::kBadLength:
      return "bad_length";
    case AbortCode::kBadOperation:
      return "bad_operation";
    case AbortCode::kOverflow:
      return "overflow";
    case AbortCode::kPeerAbort:
      return "peer_abort";
    case AbortCode::kInconsistent:
      return "inconsistent";
    case AbortCode::kBadInput:
      return "bad_input";
    case AbortCode::kCancelled:
      return "cancelled";
    case AbortCode::kInternal:
      return "internal";
  }
  return "unknown";
}

ProtocolAbort::ProtocolAbort(AbortCode code, const std::string& detail)
    : code_(code), text_(std::string("protocol abort: ") + abort_name(code)) {
  if (!detail.empty()) text_ += " (" + detail + ")";
}

}  // namespace sluis::net
