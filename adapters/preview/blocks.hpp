// Documents as JSON blocks, for a page that shows the preview. Internal to the adapter.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "digest/doc/document.hpp"

namespace broadsheet::preview {

// [{"block": "paragraph", "text": [{"text": "…", "style": "strong"}, {"link": "…", "text": "…"}]}, …]
nlohmann::json to_json(const doc::Blocks& blocks);

}  // namespace broadsheet::preview
