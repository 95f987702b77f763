// JSON that others wrote: bounded when it is read, looked at without trust in any member's type, written without
// exceptions. For .cpp files only: the library's types stay out of public headers.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "bot/base/result.hpp"

namespace broadsheet::untrusted {

// design: reliability 5, JSON. Levels of objects and lists; a bare value has none.
inline constexpr std::size_t kDeepestJson = 64;

// One value and nothing else, in UTF-8, no deeper than that, without an object that names a key twice.
Result<nlohmann::json> parse_json(std::string_view text);
// For what carries the words of many people, none of whom may make the rest unreadable: a list or object below `levels`
// and an object that names a key twice are null. The whole must be JSON all the same.
Result<nlohmann::json> parse_json_parts(std::string_view text, std::size_t levels = kDeepestJson);

using Path = std::initializer_list<std::string_view>;
// The member at the end of a path of object keys, or null.
const nlohmann::json* member(const nlohmann::json& from, Path path);
// Its text; empty if it is absent or something else.
std::string text_at(const nlohmann::json& from, Path path);
bool true_at(const nlohmann::json& from, Path path);
// Nothing for a fraction, and for a number that 64 bits do not hold.
std::optional<std::int64_t> number_at(const nlohmann::json& from, Path path);

// No blanks; bytes that are not UTF-8 become U+FFFD instead of an exception.
std::string dump(const nlohmann::json& tree);

}  // namespace broadsheet::untrusted
