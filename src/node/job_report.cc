#include "node/job_report.h"

#include <unistd.h>

#include <algorithm>

namespace sluis::node {

void JobReport::bytes(uint64_t done) {
  if (net::Clock::now() < next_) return;
  next_ = net::deadline_in(200);
  line("bytes " + std::to_string(done) + " " + std::to_string(std::max(done, planned_)));
}

void JobReport::line(const std::string& text) {
  std::string out = text;
  std::replace(out.begin(), out.end(), '\n', ' ');
  out = out.substr(0, 1000) + "\n";                          // under PIPE_BUF: one write is whole
  if (::write(fd_, out.data(), out.size()) < 0) ::_exit(1);  // the node is gone
}

}  // namespace sluis::node
