#include "net/tampering_mesh.h"

#include <chrono>
#include <thread>

#include "base/check.h"

namespace sluis::net {
namespace {

class TamperingMesh final : public Mesh {
 public:
  TamperingMesh(std::unique_ptr<Mesh> inner, const TamperPlan& plan)
      : inner_(std::move(inner)), plan_(plan) {}

  int party() const override { return inner_->party(); }

  void send(Neighbour to, uint32_t operation, ByteSpan bytes) override {
    send(to, operation, Bytes(bytes.begin(), bytes.end()));
  }

  void send(Neighbour to, uint32_t operation, Bytes&& bytes) override {
    if (sent_++ == plan_.message) return damage(to, operation, std::move(bytes));
    inner_->send(to, operation, std::move(bytes));
  }

  void recv(Neighbour from, uint32_t operation, std::span<uint8_t> into) override {
    inner_->recv(from, operation, into);
  }

  void abort(AbortCode code) noexcept override { inner_->abort(code); }
  Traffic traffic() const override { return inner_->traffic(); }

 private:
  void damage(Neighbour to, uint32_t operation, Bytes&& bytes) {
    switch (plan_.how) {
      case Tampering::kNone:
        break;
      case Tampering::kFlip:
        if (bytes.empty()) bytes.push_back(0);
        bytes[bytes.size() / 2] ^= 1;
        break;
      case Tampering::kTruncate:
        if (bytes.empty())
          bytes.push_back(0);
        else
          bytes.pop_back();
        break;
      case Tampering::kExtend:
        bytes.push_back(0);
        break;
      case Tampering::kDrop:
        return;
      case Tampering::kDuplicate:
        inner_->send(to, operation, ByteSpan(bytes));
        break;
      case Tampering::kOperation:
        operation ^= 1;
        break;
      case Tampering::kDelay:
        std::this_thread::sleep_for(std::chrono::milliseconds(plan_.delay_ms));
        break;
      case Tampering::kAbort:
        inner_->abort(AbortCode::kCancelled);
        throw ProtocolAbort(AbortCode::kCancelled, "tampering");
    }
    inner_->send(to, operation, std::move(bytes));
  }

  std::unique_ptr<Mesh> inner_;
  const TamperPlan plan_;
  uint64_t sent_ = 0;
};

}  // namespace

std::unique_ptr<Mesh> make_tampering_mesh(std::unique_ptr<Mesh> inner, const TamperPlan& plan) {
  CHECK(inner != nullptr);
  return std::make_unique<TamperingMesh>(std::move(inner), plan);
}

}  // namespace sluis::net
