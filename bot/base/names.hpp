// Enumerators and their names, in one array in the order of the enum.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace broadsheet {

template <class T, std::size_t N>
std::optional<T> named(const std::array<std::string_view, N>& names, std::string_view text) {
  for (std::size_t i = 0; i < N; ++i)
    if (names.at(i) == text) return static_cast<T>(i);
  return std::nullopt;
}

template <class T, std::size_t N>
std::string_view name_of(const std::array<std::string_view, N>& names, T value) {
  return names.at(static_cast<std::size_t>(value));
}

}  // namespace broadsheet
