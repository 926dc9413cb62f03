#include "net/framed.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "net/loopback.h"

namespace sluis::net {
namespace {

class FramedTest : public testing::Test {
 protected:
  void SetUp() override {
    std::array<MeshConnections, 3> ends = connect_loopback(contexts_);
    raw_ = ends[0].to_next.get();
    client_ =
        std::make_unique<FramedStream>(std::move(ends[0].to_next), FramedLimits{.base_timeout_ms = 2'000});
    node_ = std::make_unique<FramedStream>(
        std::move(ends[1].from_prev),
        FramedLimits{
            .max_body_bytes = 2'000'000, .base_timeout_ms = 500, .min_bytes_per_second = 100'000'000});
  }
  std::array<std::unique_ptr<TlsContext>, 3> contexts_ = make_loopback_contexts();
  std::unique_ptr<FramedStream> client_, node_;
  TlsConnection* raw_ = nullptr;  // the client's connection, for sending what FramedStream would not
};

TEST_F(FramedTest, CarriesRequestsAndAnswers) {
  const Bytes body(1'500'000, 7);
  std::thread client([&] {
    EXPECT_TRUE(client_->send(R"({"do":"put"})", body).ok());
    EXPECT_EQ(client_->receive_header().value().text, R"({"ok":true})");
    EXPECT_TRUE(client_->send("").ok());
    EXPECT_TRUE(client_->close().ok());
  });
  const FrameHeader header = node_->receive_header().value();
  EXPECT_EQ(header.text, R"({"do":"put"})");
  EXPECT_EQ(header.body_bytes, body.size());
  Bytes got;
  Bytes chunk(100'000);
  for (size_t n = 1; n != 0;) {
    n = node_->receive_body(chunk).value();
    got.insert(got.end(), chunk.begin(), chunk.begin() + static_cast<ptrdiff_t>(n));
  }
  EXPECT_EQ(got, body);
  EXPECT_TRUE(node_->send(R"({"ok":true})").ok());
  EXPECT_EQ(node_->receive_header().value().text, "");
  EXPECT_EQ(node_->receive_header().error().id, "S1390.closed");
  EXPECT_TRUE(node_->close().ok());  // answers the client's close
  client.join();
}

TEST_F(FramedTest, RefusesWhatExceedsTheLimits) {
  ByteWriter frame;
  frame.u32(0x31514C53);
  frame.u32(kMaxHeaderBytes + 1);
  frame.u64(0);
  ASSERT_EQ(raw_->write(frame.view(), deadline_in(500)), Io::kOk);
  ASSERT_EQ(raw_->flush(deadline_in(500)), Io::kOk);
  EXPECT_EQ(node_->receive_header().error().id, "S1391.header");
  EXPECT_EQ(node_->receive_header().error().id, "S1391.header");
}

TEST_F(FramedTest, RefusesALongBodyBeforeItArrives) {
  ASSERT_TRUE(client_->send_header("{}", 2'000'001).ok());
  ASSERT_TRUE(client_->send_body(Bytes(300'000)).ok());
  EXPECT_EQ(node_->receive_header().error().id, "S1391.body");
}

TEST_F(FramedTest, AnUnfinishedBodyTimesOut) {
  ASSERT_TRUE(client_->send_header("{}", 1'000'000).ok());
  ASSERT_TRUE(client_->send_body(Bytes(400'000)).ok());
  ASSERT_TRUE(node_->receive_header().ok());
  EXPECT_EQ(node_->receive_all(2'000'000).error().id, "S1390.timeout");
}

// A declared length costs no memory: 2 MB allowed, 1 MB declared, nothing sent.
TEST_F(FramedTest, AnswersInTheMiddleOfNothingTimeOut) {
  ASSERT_TRUE(client_->send_header("{}", 1'000'000).ok());
  ASSERT_EQ(raw_->flush(deadline_in(500)), Io::kOk);
  ASSERT_TRUE(node_->receive_header().ok());
  EXPECT_EQ(node_->body_left(), 1'000'000u);
  Bytes part(10);
  EXPECT_EQ(node_->receive_body(part).error().id, "S1390.timeout");
  EXPECT_EQ(node_->receive_body(part).error().id, "S1390.timeout");
}

TEST_F(FramedTest, AnotherProtocolIsRefused) {
  ASSERT_EQ(raw_->write(as_bytes("GET / HTTP/1.1\r\nHost: node\r\n\r\n"), deadline_in(500)), Io::kOk);
  ASSERT_EQ(raw_->flush(deadline_in(500)), Io::kOk);
  EXPECT_EQ(node_->receive_header().error().id, "S1391.header");
}

TEST_F(FramedTest, ACloserWhoGoesOnSendingIsNotHeard) {
  std::atomic<bool> stop{false};
  std::thread flood([&] {
    const Bytes part(60'000);
    while (!stop && raw_->write(part, deadline_in(300)) == Io::kOk) {
    }
  });
  EXPECT_EQ(node_->close().error().id, "S1390.timeout");
  stop = true;
  flood.join();
}

}  // namespace
}  // namespace sluis::net
