// SQLite, plainly: prepared statements with bound values, transactions, strict settings. For catalogue,
// ledger and audit.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sluis {

class Database;

// One prepared statement: bind in order, then step through rows. Reset by the next bind_all or by
// destruction.
class Statement {
 public:
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement(const Statement&) = delete;

  Statement& bind(int64_t value);
  Statement& bind(std::string_view text);
  Statement& bind(ByteSpan blob);
  Statement& bind_null();

  // True if there is a row. Errors: S1053.database.
  Result<bool> step();
  // Runs to the end. Errors: S1053.database (.conflict for a broken uniqueness or check constraint).
  Status run();
  int64_t integer(int column) const;
  std::string text(int column) const;
  Bytes blob(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  Statement(sqlite3* database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}
  sqlite3* database_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
  int fault_ = 0;  // of a bind
};

// One connection; not for two threads at once. WAL, foreign keys on, trusted schema off, synchronous FULL (a
// committed transaction survives power loss), busy timeout 5 s.
class Database {
 public:
  // Creates the file (0600) if absent and runs `schema` (CREATE TABLE IF NOT EXISTS …) once; `version` is
  // kept in user_version: another version in the file is refused. Errors: S1053.open, .version, .database.
  static Result<std::unique_ptr<Database>> open(const std::string& path, int version,
                                                std::string_view schema);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // REQUIRES: sql is a constant of the program. Errors: S1053.database.
  Result<Statement> prepare(std::string_view sql);
  // One or more statements without values.
  Status execute(const std::string& sql);
  int64_t last_row_id() const;

  // Rolls back unless commit() was called. BEGIN IMMEDIATE.
  class Transaction {
   public:
    ~Transaction();
    Transaction(Transaction&& other) noexcept;
    Transaction(const Transaction&) = delete;
    Status commit();

   private:
    friend class Database;
    explicit Transaction(Database* database) : database_(database) {}
    Database* database_;
  };
  Result<Transaction> begin();

 private:
  explicit Database(sqlite3* handle) : handle_(handle) {}
  sqlite3* handle_;
};

}  // namespace sluis
