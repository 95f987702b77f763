#include "digest/sources/readers/xml.hpp"

#include <charconv>
#include <cstdint>

#include "bot/base/text.hpp"

namespace broadsheet::sources::xml {
namespace {

constexpr std::size_t kLargest = std::size_t{32} << 20;  // design: reliability 5
constexpr int kDeepest = 64;

Error not_xml(std::string_view bytes) {
  auto head = text::lower_ascii(text::trim(bytes.substr(0, 400)));
  if (head.find("rate exceeded") != std::string::npos)
    return {ErrorKind::rate_limited, "arXiv asks to slow down (\"Rate exceeded.\")"};
  if (head.find("first byte timeout") != std::string::npos || head.find("503 ") != std::string::npos)
    return {ErrorKind::unavailable, "arXiv's front server timed out (503 page instead of data)"};
  if (head.find("<!doctype html") != std::string::npos || head.starts_with("<html"))
    return {ErrorKind::bad_input, "an HTML page instead of XML"};
  return {ErrorKind::bad_input, "not XML: \"" + text::ellipsize(text::make_valid_utf8(bytes.substr(0, 60)), 40) + "\""};
}

// XML 1.0 allows no control characters but tab, line feed and carriage return.
bool has_control(std::string_view bytes) {
  std::uint8_t found = 0;  // without branches, so that it is done many at a time
  for (char c : bytes)
    found |= std::uint8_t{static_cast<unsigned char>(c) < 0x20} & std::uint8_t{c != '\t'} & std::uint8_t{c != '\n'} &
             std::uint8_t{c != '\r'};
  return found != 0;
}

// '!' and '#' are rare where '<' and '&' are not: looked for by themselves.
bool has_declaration(std::string_view bytes) {
  for (auto at = bytes.find('!', 1); at != std::string_view::npos; at = bytes.find('!', at + 1)) {
    auto name = bytes.substr(at + 1, 7);
    if (bytes[at - 1] == '<' && (name == "DOCTYPE" || name.starts_with("ENTITY"))) return true;
  }
  return false;
}

// A numeric reference to a character that XML forbids would bring in what the checks on the bytes keep out.
bool has_forbidden_reference(std::string_view bytes) {
  for (auto at = bytes.find('#', 1); at != std::string_view::npos; at = bytes.find('#', at + 1)) {
    if (bytes[at - 1] != '&') continue;
    bool hex = bytes.substr(at + 1, 1) == "x";
    const char* from = bytes.data() + at + (hex ? 2 : 1);
    std::uint32_t c = 0;
    auto [end, ec] = std::from_chars(from, bytes.data() + bytes.size(), c, hex ? 16 : 10);
    if (end == from) continue;  // not a reference: stays text
    bool control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
    if (ec != std::errc{} || control || (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF) return true;
  }
  return false;
}

int depth_of(const pugi::xml_node& root) {
  int depth = 0;
  int deepest = 0;
  auto node = root.first_child();
  while (node) {
    if (node.first_child()) {
      node = node.first_child();
      deepest = std::max(deepest, ++depth);
      continue;
    }
    while (node && node != root && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    if (!node || node == root) break;
    node = node.next_sibling();
  }
  return deepest;
}

// Inline elements are part of the text ("H<sub>2</sub>O"); a break parts words. The depth is bounded by load().
void add_text(const pugi::xml_node& node, std::string& out) {
  for (const auto& part : node.children()) {
    if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) out += part.value();
    if (part.type() != pugi::node_element) continue;
    auto name = local_name(part);
    bool block = name == "br" || name == "p" || name == "div" || name == "li";
    if (block) out += ' ';
    add_text(part, out);
    if (block) out += ' ';
  }
}

}  // namespace

Result<bool> load(pugi::xml_document& document, std::string_view bytes) {
  if (text::trim(bytes).empty()) return Error(ErrorKind::transient, "an empty answer");
  if (bytes.size() > kLargest) return Error(ErrorKind::bad_input, "larger than 32 MiB");
  auto head = text::trim(bytes.substr(0, 300));
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  if (head.empty() || head.front() != '<') return not_xml(bytes);
  auto folded = text::lower_ascii(head);
  if (folded.find("<!doctype html") != std::string::npos || folded.starts_with("<html")) return not_xml(bytes);
  if (!text::is_valid_utf8(bytes)) return Error(ErrorKind::bad_input, "not valid UTF-8");
  if (has_control(bytes)) return Error(ErrorKind::bad_input, "holds a control character that XML forbids");
  if (has_forbidden_reference(bytes))
    return Error(ErrorKind::bad_input, "holds a reference to a character that XML forbids");
  if (has_declaration(bytes)) return Error(ErrorKind::bad_input, "holds a DOCTYPE, which is refused");
  auto parsed = document.load_buffer(bytes.data(), bytes.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!parsed) {
    bool cut = parsed.status == pugi::status_end_element_mismatch ||
               static_cast<std::size_t>(parsed.offset) + 200 > bytes.size();
    return Error(ErrorKind::bad_input, std::string(cut ? "cut off or " : "") + "malformed at byte " +
                                           std::to_string(parsed.offset) + ": " + parsed.description());
  }
  if (depth_of(document) > kDeepest) return Error(ErrorKind::bad_input, "nested deeper than 64 elements");
  return true;
}

std::string_view local_name(const pugi::xml_node& node) {
  std::string_view name = node.name();
  auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string_view space(const pugi::xml_node& node) {
  std::string_view name = node.name();
  auto colon = name.find(':');
  auto prefix = colon == std::string_view::npos ? std::string_view() : name.substr(0, colon);
  for (auto at = node; at; at = at.parent())
    for (const auto& attribute : at.attributes()) {
      std::string_view key = attribute.name();
      if (!key.starts_with("xmlns")) continue;
      key.remove_prefix(5);
      if (key.empty() ? prefix.empty() : key.substr(1) == prefix) return attribute.value();
    }
  return {};
}

bool is(const pugi::xml_node& node, std::string_view name_space, std::string_view local) {
  return local_name(node) == local && space(node) == name_space;
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name_space, std::string_view local) {
  for (const auto& candidate : node.children())
    if (is(candidate, name_space, local)) return candidate;
  return {};
}

std::string text(const pugi::xml_node& node) {
  auto first = node.first_child();
  if (first && !first.next_sibling() && first.type() != pugi::node_element) return first.value();
  std::string out;
  add_text(node, out);
  return out;
}

}  // namespace broadsheet::sources::xml
