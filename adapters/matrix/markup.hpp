// Documents as the HTML that Matrix permits and as the plain body beside it (contracts: Matrix 6). Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "digest/doc/document.hpp"

namespace broadsheet::matrix {

// Valid UTF-8 without control characters (tab and line feed stay) and bidirectional overrides.
std::string clean(std::string_view foreign);
// clean(), then every run of white space as one blank, none at the ends.
std::string clean_line(std::string_view foreign);
// http(s) only, and nothing that clients draw as a person or a room (contracts: Matrix 6, Mentions).
bool linkable(std::string_view url);
// False for commands that define macros, read files or make links: such TeX is shown as code only.
bool safe_tex(std::string_view tex);

struct MarkupOptions {
  bool native_maths = false;  // data-mx-maths; else the Unicode form
};
std::string to_html(const doc::Document& document, const MarkupOptions& options);
// Markdown-like, with full addresses; readable alone.
std::string to_body(const doc::Document& document);
std::string html_of(const doc::Inlines& inlines, const MarkupOptions& options);

// "1️⃣": the key of that choice, 1 to 9.
std::string keycap(std::size_t number);
inline constexpr std::size_t kKeys = 9;
// More choices than there are keys.
bool more_than_keys(const doc::Document& document);
// Buttons that a reaction or a numbered reply can press, in the order of their numbers; links are not among them.
std::vector<doc::Button> controls_of(const doc::Document& document);

}  // namespace broadsheet::matrix
