// Foreign JSON: bounded when parsed, looked at without trust in any field's type. Internal to the adapter.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace broadsheet::matrix {

using Json = nlohmann::json;

// An object no deeper than 64 levels, or nothing.
std::optional<Json> parse_object(std::string_view text);
// The member if it is there and has that type, else nullptr.
const std::string* text_of(const Json& object, const char* key);
const Json* object_of(const Json& object, const char* key);
const Json* list_of(const Json& object, const char* key);
std::optional<std::int64_t> number_of(const Json& object, const char* key);
// The member or an empty string.
std::string text_or(const Json& object, const char* key);
// Bytes as Matrix sends them: UTF-8, invalid bytes replaced, no blanks.
std::string dump(const Json& json);

}  // namespace broadsheet::matrix
