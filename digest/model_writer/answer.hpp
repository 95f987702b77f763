// The JSON object in a model's answer, whatever stands around it (contracts: Models 4). For .cpp files only.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"

namespace broadsheet::model_writer {

// The first complete object: thoughts, fences and words around it are left out, unescaped LaTeX is read as it was
// meant. An object that is cut off is an error, never closed for the model.
Result<nlohmann::json> object_in(std::string_view content);

// A text as it may be checked: LaTeX shown, blanks collapsed.
std::string shown(std::string text);

}  // namespace broadsheet::model_writer
