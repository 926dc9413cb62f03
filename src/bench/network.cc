#include "bench/network.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace sluis::bench {

using Clock = std::chrono::steady_clock;

// One directed link: when it can take the next message, and when each message under way arrives.
struct Link {
  std::mutex mutex;
  Clock::time_point free_at{};
  std::deque<Clock::time_point> arrivals;
};

struct EmulatedLinks {
  NetworkProfile profile;
  std::array<std::array<Link, 2>, 3> links;  // [sender][net::Neighbour]
};

namespace {

Clock::duration seconds_to_duration(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

class EmulatedMesh : public net::Mesh {
 public:
  EmulatedMesh(std::unique_ptr<net::Mesh> mesh, std::shared_ptr<EmulatedLinks> links)
      : links_(std::move(links)), mesh_(std::move(mesh)) {}

  int party() const override { return mesh_->party(); }
  void send(net::Neighbour to, uint32_t operation, ByteSpan bytes) override {
    depart(to, bytes.size());
    mesh_->send(to, operation, bytes);
  }
  void send(net::Neighbour to, uint32_t operation, Bytes&& bytes) override {
    depart(to, bytes.size());
    mesh_->send(to, operation, std::move(bytes));
  }
  void recv(net::Neighbour from, uint32_t operation, std::span<uint8_t> into) override {
    mesh_->recv(from, operation, into);
    std::this_thread::sleep_until(arrival(from));
  }
  bool recv_if_arrived(net::Neighbour from, uint32_t operation, std::span<uint8_t> into) override {
    if (!has_arrived(from) || !mesh_->recv_if_arrived(from, operation, into)) return false;
    arrival(from);
    return true;
  }
  void abort(net::AbortCode code) noexcept override { mesh_->abort(code); }
  net::Traffic traffic() const override { return mesh_->traffic(); }

 private:
  // Noted before the message is sent, so that its receiver finds the note.
  void depart(net::Neighbour to, size_t bytes) {
    Link& link = links_->links[static_cast<size_t>(party())][static_cast<size_t>(to)];
    const NetworkProfile& p = links_->profile;
    const std::lock_guard lock(link.mutex);
    const double on_wire = p.bytes_per_second > 0 ? static_cast<double>(bytes) / p.bytes_per_second : 0;
    link.free_at = std::max(link.free_at, Clock::now()) + seconds_to_duration(on_wire);
    link.arrivals.push_back(link.free_at + seconds_to_duration(p.round_trip_s / 2));
  }
  // What comes from my next neighbour was sent to its previous one.
  Link& link_from(net::Neighbour from) {
    const auto sender = static_cast<size_t>(net::neighbour_party(party(), from));
    return links_->links[sender][from == net::Neighbour::kNext ? 1 : 0];
  }
  bool has_arrived(net::Neighbour from) {
    Link& link = link_from(from);
    const std::lock_guard lock(link.mutex);
    return !link.arrivals.empty() && link.arrivals.front() <= Clock::now();
  }
  Clock::time_point arrival(net::Neighbour from) {
    Link& link = link_from(from);
    const std::lock_guard lock(link.mutex);
    const Clock::time_point at = link.arrivals.front();
    link.arrivals.pop_front();
    return at;
  }

  std::shared_ptr<EmulatedLinks> links_;
  std::unique_ptr<net::Mesh> mesh_;
};

}  // namespace

std::shared_ptr<EmulatedLinks> make_emulated_links(Network network) {
  auto links = std::make_shared<EmulatedLinks>();
  links->profile = profile(network);
  return links;
}

std::unique_ptr<net::Mesh> emulate(std::unique_ptr<net::Mesh> mesh, std::shared_ptr<EmulatedLinks> links) {
  return std::make_unique<EmulatedMesh>(std::move(mesh), std::move(links));
}

}  // namespace sluis::bench
