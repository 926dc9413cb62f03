// Connections at the peer port whose preamble has not come yet. Anybody can open one, so they are kept few,
// and whoever opens many pushes out its own.
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <string>

#include "net/fd.h"

namespace sluis::node {

// Thread-safe.
class WaitingRoom {
 public:
  WaitingRoom(size_t places, size_t places_per_source) : places_(places), per_source_(places_per_source) {}

  // Takes a place for the connection. If its source (network address) has too many, the oldest of that source
  // is shut down; if the room is full, the oldest of the source that has most. Whoever reads from a
  // connection that was shut down sees its end. Returns a ticket for leave().
  uint64_t enter(const net::Fd& connection);
  // The connection has been read, or has ended.
  void leave(uint64_t ticket);

  size_t size() const;
  // For tests: as enter(), from a named source.
  uint64_t enter_from(const std::string& source, const net::Fd& connection);

 private:
  struct Place {
    uint64_t ticket = 0;
    std::string source;
    net::Fd connection;  // a descriptor of its own: the owner may close the other at any time
  };
  size_t count_of(const std::string& source) const;
  std::string fullest() const;
  void push_out(const std::string& source);

  const size_t places_, per_source_;
  mutable std::mutex mutex_;
  std::list<Place> waiting_;  // oldest first
  uint64_t next_ticket_ = 1;
};

}  // namespace sluis::node
