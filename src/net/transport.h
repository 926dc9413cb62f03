// A non-blocking socket with a large output buffer, and the OpenSSL BIO over it. Internal to net/.
//
// Writes only append to the buffer: OpenSSL never blocks in them, and several TLS records leave in one system
// call. Reads take as much as the kernel has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "net/deadline.h"
#include "net/fd.h"
#include "net/openssl_handles.h"

namespace sluis::net {

// How an operation on a connection ended.
enum class Io : uint8_t {
  kOk,
  kAgain,    // nothing now; only from calls that do not wait
  kTimeout,  // the deadline passed
  kClosed,   // the peer closed properly: all it sent has been read
  kFailed,   // broken: reset, cut off, or bytes that TLS rejects
};

inline constexpr size_t kTransportBuffer = 256 * 1024;

class Transport {
 public:
  explicit Transport(Fd fd);
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  int fd() const { return fd_.get(); }
  size_t pending_output() const { return out_.size() - out_at_; }
  // Sends what the kernel takes now. kOk if nothing is left, else kAgain or kFailed.
  Io flush_now();
  // Sends everything.
  Io flush(Deadline deadline);
  // No more bytes either way; the descriptor stays open.
  void shut();

  // A BIO over this transport, which must outlive it.
  BioHandle make_bio();

 private:
  static int bio_write(BIO* bio, const char* data, int n);
  static int bio_read(BIO* bio, char* data, int n);
  static long bio_control(BIO* bio, int command, long number, void* pointer);
  static const BIO_METHOD* method();

  Fd fd_;
  std::vector<uint8_t> out_;
  size_t out_at_ = 0;
  bool end_of_input_ = false;
};

}  // namespace sluis::net
