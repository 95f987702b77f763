// Making documents. Links are made here only, from identifiers or from addresses that a badge has checked.
#pragma once

#include <string>
#include <string_view>

#include "digest/doc/document.hpp"

namespace broadsheet::doc {

Text plain(std::string_view text);
Text strong(std::string_view text);
Text emphasis(std::string_view text);
Link link_to_paper(const VersionedId& id, std::string_view text);
Link link_to_pdf(const VersionedId& id);
// For checked https addresses (Badge::url); anything else becomes a link to nothing and is shown as text by renderers.
Link link_to_code(std::string_view url, std::string_view text);

}  // namespace broadsheet::doc
