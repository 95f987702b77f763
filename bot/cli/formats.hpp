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
// All of them in one document of the format; an Error (bad_input) where a document holds one only.
Result<std::string> render_all(const std::vector<Digest>& digests, std::string_view format, const std::string& site);
// A valid document of the format without a digest; `why` where it has a place for it.
std::string nothing_of(std::string_view format, const std::string& why, const std::string& site);
// `site`: address of the pages, for feeds.
Result<std::string> render(const Digest& digest, std::string_view format, const std::string& site);

}  // namespace broadsheet::cli
