// What ids of platforms are made of.
#pragma once

#include <algorithm>
#include <string_view>

namespace broadsheet::adapters {

inline bool is_digits(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Latin letters, digits and the characters of `also`; not empty.
inline bool is_word(std::string_view s, std::string_view also = {}) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [also](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           also.find(c) != std::string_view::npos;
  });
}

}  // namespace broadsheet::adapters
