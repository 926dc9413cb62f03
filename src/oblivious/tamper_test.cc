// Messages cut, lost or altered on the way: every operator ends, in ProtocolAbort or with a result; none
// hangs or touches memory that is not its own.
#include <gtest/gtest.h>

#include "net/abort.h"
#include "oblivious/clear_table_test.h"
#include "oblivious/compact.h"
#include "oblivious/group_by.h"
#include "oblivious/join.h"

namespace sluis::oblivious {
namespace {

using net::Neighbour;
using relation::Type;

enum class Fault : uint8_t { kCut, kDrop, kFlip };

// P0's mesh: does something to the `at`-th message that it sends.
class FaultyMesh final : public net::Mesh {
 public:
  FaultyMesh(std::unique_ptr<net::Mesh> mesh, Fault fault, int at)
      : mesh_(std::move(mesh)), fault_(fault), left_(at) {}
  int party() const override { return mesh_->party(); }
  void send(Neighbour to, uint32_t operation, ByteSpan bytes) override {
    send(to, operation, Bytes(bytes.begin(), bytes.end()));
  }
  void send(Neighbour to, uint32_t operation, Bytes&& bytes) override {
    if (left_-- == 0) {
      if (fault_ == Fault::kDrop) return;
      if (fault_ == Fault::kCut) bytes.resize(bytes.size() / 2);
      for (size_t i = 0; fault_ == Fault::kFlip && i < bytes.size(); ++i) bytes[i] ^= 0x5a;
    }
    mesh_->send(to, operation, std::move(bytes));
  }
  void recv(Neighbour from, uint32_t operation, std::span<uint8_t> into) override {
    mesh_->recv(from, operation, into);
  }
  void abort(net::AbortCode code) noexcept override { mesh_->abort(code); }
  net::Traffic traffic() const override { return mesh_->traffic(); }

 private:
  std::unique_ptr<net::Mesh> mesh_;
  Fault fault_;
  int left_;
};

ClearTable small_table(size_t rows) {
  ClearTable table;
  table.schema = {{"k", Type::integer(0, 60), true}, {"v", Type::integer(-9, 9), false}};
  for (size_t i = 0; i < rows; ++i) {
    table.add({static_cast<int64_t>(i * 37 % 61), static_cast<int64_t>(i % 19) - 9}, i % 5 != 0);
  }
  return table;
}

void run_all(mpc::Session& session, const SharedTable& table) {
  const SharedTable grouped = group_by(session, table, {0}, {{Aggregate::kSum, 1, Type::integer(-900, 900)}});
  const SharedTable joined = join(session, table, grouped, {JoinKind::kLeft, {0}, {0}, {1}, true});
  compact(session, joined, 10);
}

// True if the run ended in ProtocolAbort.
bool aborts(Fault fault, int at) {
  static const SharedTables shares = share_table(small_table(40), 7);
  testing::RunOptions options;
  options.mesh.base_timeout_ms = fault == Fault::kDrop ? 300 : 5000;
  options.wrap = [=](std::unique_ptr<net::Mesh> mesh) -> std::unique_ptr<net::Mesh> {
    if (mesh->party() != 0) return mesh;
    return std::make_unique<FaultyMesh>(std::move(mesh), fault, at);
  };
  try {
    testing::run_parties(options, [&](mpc::Session& session) {
      run_all(session, shares[static_cast<size_t>(session.party())]);
    });
  } catch (const net::ProtocolAbort&) {
    return true;
  }
  return false;
}

// Places of P0's messages to try, spread over the run.
std::vector<int> places() {
  const SharedTables shares = share_table(small_table(40), 7);
  const auto run = testing::run_measured(
      [&](mpc::Session& session) { run_all(session, shares[static_cast<size_t>(session.party())]); });
  std::vector<int> at;
  const auto messages = static_cast<int>(run.traces[0].size());
  for (int i = 0; i < messages; i += 1 + messages / 60) at.push_back(i);
  return at;
}

TEST(Tamper, CutMessagesAbort) {
  for (const int at : places()) EXPECT_TRUE(aborts(Fault::kCut, at)) << at;
}

TEST(Tamper, LostMessagesAbort) {
  for (const int at : places()) EXPECT_TRUE(aborts(Fault::kDrop, at)) << at;
}

// Semi-honest: an altered message may go unnoticed, but nothing else may happen.
TEST(Tamper, AlteredMessagesEnd) {
  int aborted = 0;
  for (const int at : places()) aborted += aborts(Fault::kFlip, at) ? 1 : 0;
  EXPECT_GT(aborted, 0);
}

}  // namespace
}  // namespace sluis::oblivious
