// ProtocolAbort: the one exception of net/ and mpc/. Thrown where a run cannot go on; caught once, in the job
// runner.
#pragma once

#include <cstdint>
#include <exception>
#include <string>

namespace sluis::net {

// Why a run stopped. The value travels in the abort frame (docs/formats/messages.md): never renumber.
enum class AbortCode : uint8_t {
  kTimeout = 1,       // nothing from a peer within the deadline
  kClosed = 2,        // a peer closed the connection or died
  kBadLength = 3,     // a message of another length than the protocol expects
  kBadOperation = 4,  // a message of another operation, out of order, or a malformed frame
  kOverflow = 5,      // the send queue is full: the peer is stalled
  kPeerAbort = 6,     // a peer stopped the run and said so
  kInconsistent = 7,  // a check between the parties failed
  kBadInput = 8,      // shares or parameters that a party refuses
  kCancelled = 9,     // an operator or the job runner stopped the run
  kInternal = 10,     // a resource or system call failed
};

// "timeout", "closed", ...: stable names for logs and run records.
const char* abort_name(AbortCode code);

// The text names the code and the neighbour, never data.
class ProtocolAbort : public std::exception {
 public:
  explicit ProtocolAbort(AbortCode code, const std::string& detail = "");
  AbortCode code() const { return code_; }
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  AbortCode code_;
  std::string text_;
};

}  // namespace sluis::net
