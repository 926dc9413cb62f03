#include "base/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <utility>

namespace sluis {
namespace {

// SQLite's own texts name tables and constraints, never values.
Error database_error(int code) {
  Error error;
  error.id = (code & 0xff) == SQLITE_CONSTRAINT ? "S1053.conflict" : "S1053.database";
  error.args = {sqlite3_errstr(code)};
  error.exit = Exit::kInternal;
  return error;
}

Error open_error(const char* id, std::string why) {
  Error error;
  error.id = id;
  error.args = {std::move(why)};
  return error;
}

}  // namespace

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      statement_(std::exchange(other.statement_, nullptr)),
      bound_(other.bound_),
      fault_(other.fault_) {}

Statement& Statement::bind(int64_t value) {
  fault_ |= sqlite3_bind_int64(statement_, ++bound_, value);
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  fault_ |=
      sqlite3_bind_text64(statement_, ++bound_, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(ByteSpan blob) {
  fault_ |= blob.empty()
                ? sqlite3_bind_zeroblob(statement_, ++bound_, 0)
                : sqlite3_bind_blob64(statement_, ++bound_, blob.data(), blob.size(), SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::bind_null() {
  fault_ |= sqlite3_bind_null(statement_, ++bound_);
  return *this;
}

Result<bool> Statement::step() {
  if (fault_ != SQLITE_OK) return database_error(fault_);
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_error(code);
}

Status Statement::run() {
  for (;;) {
    SLUIS_ASSIGN(const bool row, step());
    if (!row) return {};
  }
}

int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Statement::text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_, column);
  const int bytes = sqlite3_column_bytes(statement_, column);
  return text == nullptr ? std::string()
                         : std::string(reinterpret_cast<const char*>(text), static_cast<size_t>(bytes));
}

Bytes Statement::blob(int column) const {
  const auto* data = static_cast<const uint8_t*>(sqlite3_column_blob(statement_, column));
  const int bytes = sqlite3_column_bytes(statement_, column);
  return data == nullptr ? Bytes() : Bytes(data, data + bytes);
}

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

Result<std::unique_ptr<Database>> Database::open(const std::string& path, int version,
                                                 std::string_view schema) {
  const int fd =
      ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);  // SQLite itself would create it 0644
  if (fd < 0) return open_error("S1053.open", "cannot create");
  ::close(fd);
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  std::unique_ptr<Database> database(new Database(handle));
  if (code != SQLITE_OK) return open_error("S1053.open", sqlite3_errstr(code));
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, 5000);
  SLUIS_TRY(
      database->execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                        "PRAGMA trusted_schema=OFF;"));
  int64_t found = 0;
  {
    SLUIS_ASSIGN(Statement query, database->prepare("PRAGMA user_version"));
    SLUIS_ASSIGN(const bool row, query.step());
    if (row) found = query.integer(0);
  }
  if (found != 0 && found != version) return open_error("S1053.version", std::to_string(found));
  SLUIS_ASSIGN(Transaction transaction, database->begin());
  SLUIS_TRY(database->execute(std::string(schema)));
  SLUIS_TRY(database->execute("PRAGMA user_version=" + std::to_string(version)));
  SLUIS_TRY(transaction.commit());
  return database;
}

Database::~Database() { sqlite3_close_v2(handle_); }

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return database_error(code);
  return Statement(handle_, statement);
}

Status Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return database_error(code);
  return {};
}

int64_t Database::last_row_id() const { return sqlite3_last_insert_rowid(handle_); }

Result<Database::Transaction> Database::begin() {
  SLUIS_TRY(execute("BEGIN IMMEDIATE"));
  return Transaction(this);
}

Database::Transaction::~Transaction() {
  if (database_ != nullptr) (void)database_->execute("ROLLBACK");
}

Database::Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Status Database::Transaction::commit() {
  Database* database = std::exchange(database_, nullptr);
  const Status done = database->execute("COMMIT");
  if (!done) (void)database->execute("ROLLBACK");
  return done;
}

}  // namespace sluis
