#include "digest/sources/readers/common.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace broadsheet::sources {
namespace {

constexpr std::size_t kLongestTag = 2000;

struct Tag {
  std::string name;
  std::string_view attributes;
  std::size_t length = 0;  // with both brackets; 0: no tag
};

// "<name …>" or "</name>" at the start of `s`.
Tag tag_at(std::string_view s) {
  Tag out;
  auto end = s.substr(0, kLongestTag).find('>');
  if (end == std::string_view::npos || s.substr(0, end).find('<', 1) != std::string_view::npos) return out;
  auto inside = s.substr(1, end - 1);
  std::size_t n = inside.starts_with('/') ? 1 : 0;
  while (n < inside.size() && std::isalnum(static_cast<unsigned char>(inside[n])) != 0) ++n;
  out.name = text::lower_ascii(inside.substr(0, n));
  out.attributes = inside.substr(n);
  if (!out.attributes.empty() && out.attributes.front() != ' ' && out.attributes.front() != '/') return out;
  constexpr std::array<std::string_view, 18> kKnown = {"a", "b",     "br",   "code",   "div", "em",  "i",  "li", "p",
                                                       "s", "small", "span", "strong", "sub", "sup", "tt", "u",  "ul"};
  std::string_view name = out.name;
  if (name.starts_with('/')) name.remove_prefix(1);
  if (std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end()) out.length = end + 1;
  return out;
}

// The value of href="…" or href='…'.
std::string_view address_in(std::string_view attributes) {
  auto at = attributes.find("href=");
  if (at == std::string_view::npos || at + 6 > attributes.size()) return {};
  auto rest = attributes.substr(at + 6);
  return rest.substr(0, rest.find(attributes[at + 5]));
}

bool is_block(std::string_view name) {
  if (name.starts_with('/')) name.remove_prefix(1);
  return name == "br" || name == "p" || name == "div" || name == "li";
}

}  // namespace

std::string shown_link(std::string_view words, std::string_view address) {
  bool outside = address.starts_with("http://") || address.starts_with("https://") || address.starts_with("ftp://");
  if (!outside) return std::string(words);
  auto folded = text::lower_ascii(text::trim(words));
  if (folded.empty() || (folded.starts_with("this ") && folded.ends_with(" url"))) return std::string(address);
  if (address.find("arxiv.org/") != std::string_view::npos) return std::string(words);
  if (address.find(text::trim(words)) != std::string_view::npos) return std::string(address);
  bool is_address = folded.find("://") != std::string::npos || folded.starts_with("www.");
  return is_address ? std::string(words) : std::string(words) + " (" + std::string(address) + ")";
}

std::string without_tags(std::string_view s) {
  std::string out;
  std::string_view address;
  std::size_t words = 0;  // where the words of an open link begin
  for (std::size_t i = 0; i < s.size();) {
    auto tag = s[i] == '<' ? tag_at(s.substr(i)) : Tag{};
    if (tag.length == 0) {
      out += s[i++];
      continue;
    }
    i += tag.length;
    if (is_block(tag.name)) out += ' ';
    if (tag.name == "a") {
      address = address_in(tag.attributes);
      words = out.size();
    } else if (tag.name == "/a" && !address.empty()) {
      auto shown = shown_link(std::string_view(out).substr(words), address);
      out.replace(words, std::string::npos, shown);
      address = {};
    }
  }
  return out;
}

}  // namespace broadsheet::sources
