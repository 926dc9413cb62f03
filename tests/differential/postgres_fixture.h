// A private PostgreSQL for tests: its own data directory, a Unix socket in it, no network, gone afterwards.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "relation/table.h"

namespace sluis::differential {

// Text of each cell, nothing for NULL, as COPY ... TO STDOUT prints it.
using TextRows = std::vector<std::vector<std::optional<std::string>>>;

// Statements that create (or replace) the tables and fill them.
std::string tables_script(const std::vector<relation::Table>& tables);

class PostgresServer {
 public:
  // Starts a cluster (UTF-8, collation "C"); as root it runs as user `postgres`. Returns nothing if the
  // binaries are absent or the server does not start; `why` then says what is missing.
  static std::unique_ptr<PostgresServer> start(std::string& why);
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // Runs statements in one session; the first error ends it and is returned.
  std::optional<std::string> run(const std::string& script);
  // Rows of each query, in one session, in the order given; an error text instead if a query fails.
  struct Answer {
    TextRows rows;
    std::string error;
  };
  std::vector<Answer> query(const std::vector<std::string>& queries);
  // Creates (or replaces) the tables: integers as bigint, categories as text, dates, booleans.
  std::optional<std::string> load(const std::vector<relation::Table>& tables);

 private:
  PostgresServer(std::string binaries, std::string directory, bool as_root);
  std::string as_user(const std::string& command) const;
  std::string psql() const;

  std::string binaries_, directory_;
  bool as_root_;
};

}  // namespace sluis::differential
