// The one way XML from outside is parsed: checked first (size, UTF-8, control characters, DOCTYPE, depth), then
// pugixml. Elements are found by namespace and local name, never by prefix (contracts: arXiv 1.4). For the readers'
// .cpp files only.
#pragma once

#include <map>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "bot/base/result.hpp"

namespace broadsheet::sources::xml {

inline constexpr std::string_view kAtom = "http://www.w3.org/2005/Atom";
inline constexpr std::string_view kArxiv = "http://arxiv.org/schemas/atom";
inline constexpr std::string_view kOpenSearch = "http://a9.com/-/spec/opensearch/1.1/";
inline constexpr std::string_view kDublinCore = "http://purl.org/dc/elements/1.1/";

// Errors say what the body is when it is not XML: nothing, an HTML page, arXiv's "Rate exceeded." text, cut off.
Result<bool> load(pugi::xml_document& document, std::string_view bytes);

std::string_view local_name(const pugi::xml_node& node);
// The namespace of an element by the declarations around it; empty if undeclared.
std::string_view space(const pugi::xml_node& node);
bool is(const pugi::xml_node& node, std::string_view name_space, std::string_view local);
// First child with that name in that namespace.
pugi::xml_node child(const pugi::xml_node& node, std::string_view name_space, std::string_view local);
// All text in an element, that of elements within it too.
std::string text(const pugi::xml_node& node);

}  // namespace broadsheet::sources::xml
