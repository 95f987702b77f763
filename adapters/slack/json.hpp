// Reading JSON that strangers wrote: bounded depth, no duplicate keys, absent members as empty values. Internal to this
// adapter.
#pragma once

#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "bot/base/result.hpp"

namespace broadsheet::slack {

// design: reliability 5: depth ≤ 64, duplicate keys refused, UTF-8 checked.
inline constexpr int kMaxDepth = 64;
Result<nlohmann::json> parse_json(std::string_view text);

using Path = std::initializer_list<std::string_view>;
// The member at the end of a path of object keys, or null.
const nlohmann::json* member(const nlohmann::json& from, Path path);
// Its text; empty if it is absent or something else.
std::string text_at(const nlohmann::json& from, Path path);
bool true_at(const nlohmann::json& from, Path path);

// Writes our own tree; bytes that are not UTF-8 become U+FFFD instead of an exception.
std::string dump(const nlohmann::json& tree);

}  // namespace broadsheet::slack
