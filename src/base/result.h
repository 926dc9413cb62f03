// Result<T>: the outcome of an operation whose failure a user can cause.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/check.h"

namespace sluis {

// Process exit codes, one documentation page each (docs/exit_codes.md).
enum class Exit : int {
  kOk = 0,
  kInternal = 1,
  kUsage = 2,
  kCheckFailed = 3,
  kNotApproved = 4,
  kNotAllowed = 5,
  kPeerUnreachable = 6,
  kProtocolAbort = 7,
  kAllWithheld = 8,
  kVersionMismatch = 9,
  kExpired = 10,
  kCancelled = 130,
};

// What went wrong, as a key into the text catalogues (src/text): `<id>.what`, `.why`, `.who`, `.command` say
// what failed, why, who can change it and the command for it, with {0}, {1}, ... filled from `args`. Args
// never hold a secret or an identifier (no BSN, name, client number): row numbers, file and column names
// only.
struct Error {
  std::string id;  // "S1003", or "S1021.window" for one of several causes under code S1021.
                   // Families: S10 file, S11 data, S12 approval, S13 run and peers, S14 disclosure, S15
                   // access, S16 node
  std::vector<std::string> args;  // fill the placeholders of the catalogue texts
  std::string file;               // file name as the user gave it; empty if none
  int line = 0;                   // 1-based; 0 if none
  int column = 0;                 // 1-based; 0 if none
  Exit exit = Exit::kCheckFailed;

  // "S1021": the id up to its first dot.
  std::string code() const;
  // One English-neutral line for tests and logs: "S1003 study.toml:3:1 [arg] [arg]".
  std::string summary() const;
};

using Errors = std::vector<Error>;

// Either a value or an Error. Errors are expected: callers must look (nodiscard).
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok().
  T& value() & { return CHECK(ok()), std::get<0>(state_); }
  const T& value() const& { return CHECK(ok()), std::get<0>(state_); }
  T&& value() && { return CHECK(ok()), std::get<0>(std::move(state_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }

  // REQUIRES: !ok().
  const Error& error() const& { return CHECK(!ok()), std::get<1>(state_); }
  Error&& error() && { return CHECK(!ok()), std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

// Result of an operation without a value.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return CHECK(!ok()), *error_; }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace sluis

// Evaluates an expression of type Status or Result<T>; returns its error from the calling function.
#define SLUIS_TRY(expression)                                   \
  do {                                                          \
    auto sluis_try_ = (expression);                             \
    if (!sluis_try_.ok()) return std::move(sluis_try_).error(); \
  } while (false)

#define SLUIS_CONCAT_INNER(a, b) a##b
#define SLUIS_CONCAT(a, b) SLUIS_CONCAT_INNER(a, b)
// SLUIS_ASSIGN(auto x, f()): declares x from the value of f(), or returns f()'s error.
#define SLUIS_ASSIGN(declaration, expression)                        \
  auto SLUIS_CONCAT(sluis_result_, __LINE__) = (expression);         \
  if (!SLUIS_CONCAT(sluis_result_, __LINE__).ok())                   \
    return std::move(SLUIS_CONCAT(sluis_result_, __LINE__)).error(); \
  declaration = std::move(SLUIS_CONCAT(sluis_result_, __LINE__)).value()
