// Text that is a name of one kind and of no other: names of different kinds neither convert nor compare. Making one
// from text is explicit but for literals, which nobody takes for a name of another kind; comparing one with text is
// allowed.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace broadsheet {

template <class Tag>
class Tagged {
 public:
  Tagged() = default;
  explicit Tagged(std::string text) : text_(std::move(text)) {}
  template <std::size_t N>
  Tagged(const char (&literal)[N]) : text_(literal, N - 1) {}  // NOLINT(google-explicit-constructor)

  const std::string& str() const& { return text_; }
  std::string str() && { return std::move(text_); }
  bool empty() const { return text_.empty(); }

  std::strong_ordering operator<=>(const Tagged&) const = default;
  bool operator==(const Tagged&) const = default;
  friend bool operator==(const Tagged& name, std::string_view text) { return name.text_ == text; }
  friend std::ostream& operator<<(std::ostream& out, const Tagged& name) { return out << name.text_; }

 private:
  std::string text_;
};

}  // namespace broadsheet

template <class Tag>
struct std::hash<broadsheet::Tagged<Tag>> {
  std::size_t operator()(const broadsheet::Tagged<Tag>& name) const { return std::hash<std::string>()(name.str()); }
};
