// What a homeserver sent, looked at without trust in any field's type. Internal to the adapter.
#pragma once

#include "adapters/common/json.hpp"

namespace broadsheet::matrix {

using adapters::dump;  // as Matrix sends it: UTF-8, no blanks
using adapters::number_at;
using adapters::text_at;
using Json = nlohmann::json;

// An object, or nothing. What lies deeper than 64 levels is null in it, and so is an object that names a key twice: the
// homeserver's sync and its transactions carry everybody's events, whose content may be nested as deeply as its size
// allows, and no rule we know of (contracts: Matrix) keeps a server from passing a doubled key on. Refusing the whole
// would let anybody who may write in one room stop this bot in all, since the same is sent again until it is taken.
std::optional<Json> parse_object(std::string_view text);
// The member if it is there and has that type, else nullptr.
const std::string* text_of(const Json& object, const char* key);
const Json* object_of(const Json& object, const char* key);
const Json* list_of(const Json& object, const char* key);

}  // namespace broadsheet::matrix
