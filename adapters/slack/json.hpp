// The adapters' reader of foreign JSON, by the names that this adapter's files use. Internal to it.
#pragma once

#include "adapters/common/json.hpp"

namespace broadsheet::slack {

using adapters::dump;
using adapters::member;
using adapters::parse_json;
using adapters::Path;
using adapters::text_at;
using adapters::true_at;

}  // namespace broadsheet::slack
