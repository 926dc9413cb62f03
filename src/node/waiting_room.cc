#include "node/waiting_room.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <map>

#include "net/tcp.h"

namespace sluis::node {

uint64_t WaitingRoom::enter(const net::Fd& connection) {
  return enter_from(net::remote_address(connection), connection);
}

uint64_t WaitingRoom::enter_from(const std::string& source, const net::Fd& connection) {
  const std::lock_guard lock(mutex_);
  if (count_of(source) >= per_source_)
    push_out(source);
  else if (waiting_.size() >= places_)
    push_out(fullest());
  waiting_.push_back({next_ticket_, source, net::Fd(::fcntl(connection.get(), F_DUPFD_CLOEXEC, 0))});
  return next_ticket_++;
}

void WaitingRoom::leave(uint64_t ticket) {
  const std::lock_guard lock(mutex_);
  waiting_.remove_if([&](const Place& place) { return place.ticket == ticket; });
}

size_t WaitingRoom::size() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

size_t WaitingRoom::count_of(const std::string& source) const {
  return static_cast<size_t>(std::count_if(waiting_.begin(), waiting_.end(),
                                           [&](const Place& place) { return place.source == source; }));
}

std::string WaitingRoom::fullest() const {
  std::map<std::string, size_t> counts;
  for (const Place& place : waiting_) ++counts[place.source];
  const auto most = std::max_element(counts.begin(), counts.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? std::string() : most->first;
}

void WaitingRoom::push_out(const std::string& source) {
  const auto oldest = std::find_if(waiting_.begin(), waiting_.end(),
                                   [&](const Place& place) { return place.source == source; });
  if (oldest == waiting_.end()) return;
  ::shutdown(oldest->connection.get(), SHUT_RDWR);
  waiting_.erase(oldest);
}

}  // namespace sluis::node
