// What is bound to the parameters of a statement, as PostgreSQL reads it in text form.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/time.hpp"

namespace broadsheet::store::postgres {

class Value {
 public:
  Value(std::nullopt_t /*null*/) {}                                        // NOLINT(google-explicit-constructor)
  Value(std::int64_t number) : text_(std::to_string(number)) {}            // NOLINT(google-explicit-constructor)
  Value(Moment moment) : Value(moment.time_since_epoch().count()) {}       // NOLINT(google-explicit-constructor)
  Value(Day day) : Value(std::int64_t{day.time_since_epoch().count()}) {}  // NOLINT(google-explicit-constructor)
  // PostgreSQL keeps valid UTF-8 without U+0000 only: other bytes are replaced.
  Value(std::string_view text);                                      // NOLINT(google-explicit-constructor)
  Value(const std::string& text) : Value(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)
  Value(const char* text) : Value(std::string_view(text)) {}         // NOLINT(google-explicit-constructor)
  template <class T>
  Value(const std::optional<T>& value) {  // NOLINT(google-explicit-constructor)
    if (value) text_ = Value(*value).text_;
  }
  // Any bytes.
  static Value bytes(std::string_view bytes);
  // Null or the text.
  const std::optional<std::string>& text() const { return text_; }

 private:
  friend class Array;
  std::optional<std::string> text_;
};
using Values = std::vector<Value>;

// The elements of an array, which is how many rows go into one statement.
class Array {
 public:
  void add(const Value& value);
  operator Value() const;  // NOLINT(google-explicit-constructor)
  bool empty() const { return elements_.empty(); }

 private:
  std::string elements_;
};

template <class Range>
Value array_of(const Range& range) {
  Array out;
  for (const auto& element : range) out.add(element);
  return out;
}

}  // namespace broadsheet::store::postgres
