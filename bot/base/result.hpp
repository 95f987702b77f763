// Errors as values. Expected failures (bad input, a source that is down, a full disk) travel as Result<T>; exceptions
// are for bugs and for cancellation only. An Error says what happened and where; `kind` is for code, `what` is for
// people. Context is added once per layer on the way up with `in()`.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace broadsheet {

enum class ErrorKind : std::uint8_t {
  internal,   // our fault
  bad_input,  // malformed data or arguments
  not_found,
  not_allowed,
  rate_limited,  // the other side asked us to slow down; see retry_after
  transient,     // worth another try soon
  unavailable,   // the other side is down
  refused,       // the other side said a final no
  corrupt,       // stored data is damaged
  busy,          // another process holds it
  no_space,
};

class [[nodiscard]] Error {
 public:
  Error() = default;
  Error(ErrorKind kind, std::string what) : kind_(kind), what_(std::move(what)) {}

  ErrorKind kind() const { return kind_; }
  const std::string& what() const { return what_; }
  // How long the other side asked us to wait, when it said so.
  std::optional<std::chrono::milliseconds> retry_after() const { return retry_after_; }
  Error& retry_after(std::chrono::milliseconds d) {
    retry_after_ = d;
    return *this;
  }
  // "fetching cs.CL: GET …: timed out"
  Error in(std::string_view where) && {
    what_ = std::string(where) + ": " + what_;
    return std::move(*this);
  }
  Error in(std::string_view where) const& { return Error(*this).in(where); }

 private:
  ErrorKind kind_ = ErrorKind::internal;
  std::string what_;
  std::optional<std::chrono::milliseconds> retry_after_;
};

// Either a T or an Error. Implicit from both. `if (!r) return r.error();`
template <class T>
class [[nodiscard]] Result {
 public:
  Result() : state_(Error(ErrorKind::internal, "empty result")) {}
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

// Result of an action without a value.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)
  bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace broadsheet
