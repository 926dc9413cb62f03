// A test suite with a PostgreSQL of its own; its tests say 'skipped' where PostgreSQL is absent.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "postgres_fixture.h"

namespace sluis::differential {

class PostgresTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = PostgresServer::start(why_); }
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override {
    if (server_ == nullptr) GTEST_SKIP() << "skipped: " << why_;
  }
  static inline std::unique_ptr<PostgresServer> server_;
  static inline std::string why_;
};

}  // namespace sluis::differential
