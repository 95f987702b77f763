// As much of JSON Schema as docs/digest.schema.json uses.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace broadsheet::present {

// What does not fit, each with its place; throws on a keyword that it does not know.
std::vector<std::string> misfits(const nlohmann::json& schema, const nlohmann::json& value);

}  // namespace broadsheet::present
