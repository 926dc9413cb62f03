// A tap on the wire between owners and one node: forwards bytes both ways and keeps them, so that a sceptic
// can search them.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace sluis::demo {

class Relay {
 public:
  // Listens on a free port of 127.0.0.1 and forwards to `target`; everything that passes is appended to
  // `file`.
  Relay(uint16_t target, const std::string& file);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  uint16_t port() const { return port_; }

 private:
  void accept_all();
  void forward(int from_owner);

  uint16_t target_;
  int listener_ = -1;
  int file_ = -1;
  uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> open_{0};
  std::thread thread_;
};

}  // namespace sluis::demo
