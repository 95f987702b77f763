// The output forms of a digest (spec: interfaces 1), by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"
#include "digest/model/digest.hpp"

namespace broadsheet::cli {

// Names that `digest` and `export` accept.
std::vector<std::string> digest_formats();
Result<std::string> render(const Digest& digest, std::string_view format);

}  // namespace broadsheet::cli
