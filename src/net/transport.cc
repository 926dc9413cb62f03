#include "net/transport.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/check.h"
#include "net/tcp.h"

namespace sluis::net {

static bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

Transport::Transport(Fd fd) : fd_(std::move(fd)) {
  out_.reserve(kTransportBuffer + kTransportBuffer / 4);
  const int flags = ::fcntl(fd_.get(), F_GETFL);
  CHECK(flags >= 0 && ::fcntl(fd_.get(), F_SETFL, flags | O_NONBLOCK) == 0);
}

Io Transport::flush_now() {
  while (pending_output() != 0) {
    const ssize_t n = ::send(fd_.get(), out_.data() + out_at_, pending_output(), MSG_NOSIGNAL);
    if (n > 0)
      out_at_ += static_cast<size_t>(n);
    else if (n < 0 && would_block())
      return Io::kAgain;
    else if (n == 0 || errno != EINTR)
      return Io::kFailed;
  }
  out_.clear();
  out_at_ = 0;
  return Io::kOk;
}

Io Transport::flush(Deadline deadline) {
  while (true) {
    const Io io = flush_now();
    if (io != Io::kAgain) return io;
    if (!wait_ready(fd_.get(), POLLOUT, deadline)) return Io::kTimeout;
  }
}

void Transport::shut() { ::shutdown(fd_.get(), SHUT_RDWR); }

int Transport::bio_write(BIO* bio, const char* data, int n) {
  auto* self = static_cast<Transport*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (n > 0) self->out_.insert(self->out_.end(), data, data + n);
  return n;
}

int Transport::bio_read(BIO* bio, char* data, int n) {
  auto* self = static_cast<Transport*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  while (n > 0) {
    const ssize_t got = ::recv(self->fd_.get(), data, static_cast<size_t>(n), 0);
    if (got > 0) return static_cast<int>(got);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) self->end_of_input_ = true;
    if (got < 0 && would_block()) BIO_set_retry_read(bio);
    return got == 0 ? 0 : -1;
  }
  return 0;
}

long Transport::bio_control(BIO* bio, int command, long, void*) {
  const auto* self = static_cast<const Transport*>(BIO_get_data(bio));
  switch (command) {
    case BIO_CTRL_FLUSH:  // the owner flushes, when it has a deadline
    case BIO_CTRL_DUP:
      return 1;
    case BIO_CTRL_EOF:
      return self->end_of_input_ ? 1 : 0;
    default:
      return 0;
  }
}

const BIO_METHOD* Transport::method() {
  static const BIO_METHOD* const kMethod = [] {
    BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "sluis transport");
    CHECK(m != nullptr);
    CHECK(BIO_meth_set_write(m, bio_write) == 1 && BIO_meth_set_read(m, bio_read) == 1);
    CHECK(BIO_meth_set_ctrl(m, bio_control) == 1);
    return m;
  }();
  return kMethod;
}

BioHandle Transport::make_bio() {
  BioHandle bio(BIO_new(method()));
  CHECK(bio != nullptr);
  BIO_set_data(bio.get(), this);
  BIO_set_init(bio.get(), 1);
  return bio;
}

}  // namespace sluis::net
