// What platforms send and get as JSON: bot/base/json.hpp under the adapters' name. Internal to the adapters.
#pragma once

#include "bot/base/json.hpp"

namespace broadsheet::adapters {

using untrusted::dump;
using untrusted::kDeepestJson;
using untrusted::member;
using untrusted::number_at;
using untrusted::parse_json;
using untrusted::parse_json_parts;
using untrusted::Path;
using untrusted::text_at;
using untrusted::true_at;

}  // namespace broadsheet::adapters
