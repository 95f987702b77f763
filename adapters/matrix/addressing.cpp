#include "adapters/matrix/addressing.hpp"

#include <gumbo.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "adapters/matrix/markup.hpp"
#include "bot/base/text.hpp"
#include "bot/http/url.hpp"

namespace broadsheet::matrix {
namespace {

constexpr std::size_t kLongestCommand = 4000, kLongestHtml = 16000;
constexpr std::size_t kLinesLookedAt = 20;

void replace_all(std::string& s, std::string_view from, std::string_view to) {
  for (auto at = s.find(from); at != std::string::npos; at = s.find(from, at + to.size()))
    s.replace(at, from.size(), to);
}

// Leading "> " lines and one blank line: the quote that older clients put before a reply.
std::string_view without_fallback(std::string_view body) {
  if (!body.starts_with("> ")) return body;
  while (body.starts_with("> ") || body.starts_with(">\n")) {
    auto end = body.find('\n');
    if (end == std::string_view::npos) return {};
    body.remove_prefix(end + 1);
  }
  if (body.starts_with('\n')) body.remove_prefix(1);
  return body;
}

std::vector<std::string> lines_of(const Json& content) {
  const auto* body = text_of(content, "body");
  if (body == nullptr) return {};
  auto s = clean(without_fallback(*body).substr(0, kLongestCommand));
  replace_all(s, "\xc2\xa0", " ");
  for (const char* gone : {"\xe2\x80\x8b", "\xe2\x81\xa0", "\xef\xbb\xbf"}) replace_all(s, gone, "");
  for (const char* quote : {"\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x9e"}) replace_all(s, quote, "\"");
  for (const char* quote : {"\xe2\x80\x98", "\xe2\x80\x99"}) replace_all(s, quote, "'");
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= s.size() && out.size() < kLinesLookedAt;) {
    auto end = std::min(s.find('\n', at), s.size());
    if (auto line = clean_line(text::trim(std::string_view(s).substr(at, end - at))); !line.empty())
      out.push_back(line);
    at = end + 1;
  }
  return out;
}

bool same_letters(std::string_view a, std::string_view b) {
  return a.size() == b.size() && text::lower_ascii(a) == text::lower_ascii(b);
}

// The rest after `word` when `line` begins with it and it ends there (a blank, or a colon or comma after a name).
std::optional<std::string> after(std::string_view line, std::string_view word, std::string_view enders) {
  if (word.empty() || !same_letters(line.substr(0, word.size()), word)) return std::nullopt;
  auto rest = line.substr(word.size());
  if (!rest.empty() && rest.front() != ' ' && enders.find(rest.front()) == std::string_view::npos) return std::nullopt;
  while (!rest.empty() && (rest.front() == ' ' || enders.find(rest.front()) != std::string_view::npos))
    rest.remove_prefix(1);
  return std::string(rest);
}

std::optional<std::string> after_prefix(std::string_view line, const Self& self) {
  if (auto rest = after(line, self.prefix, "")) return rest;
  if (same_letters(self.prefix, "!arxiv")) return after(line, "!ax", "");
  return std::nullopt;
}

bool mentions_us(const Json& content, const Self& self) {
  const auto* mentions = object_of(content, "m.mentions");
  const auto* ids = mentions == nullptr ? nullptr : list_of(*mentions, "user_ids");
  if (ids == nullptr) return false;
  return std::any_of(ids->begin(), ids->end(), [&self](const Json& id) { return id == self.user_id; });
}

// The user that a link stands for: matrix.to links, encoded or not, and matrix: URIs.
std::string user_of_link(std::string_view href) {
  constexpr std::string_view kTo = "https://matrix.to/#/", kScheme = "matrix:u/";
  bool uri = href.starts_with(kScheme);
  if (!uri && !href.starts_with(kTo)) return {};
  href.remove_prefix(uri ? kScheme.size() : kTo.size());
  std::string out;
  if (!http::percent_decode(href.substr(0, href.find_first_of("?/")), out)) return {};
  return uri ? "@" + out : out;
}

void text_below(const GumboNode& node, std::string& out) {
  if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE) out += node.v.text.text;
  if (node.type != GUMBO_NODE_ELEMENT) return;
  for (unsigned i = 0; i < node.v.element.children.length; ++i)
    text_below(*static_cast<const GumboNode*>(node.v.element.children.data[i]), out);
}

// The first thing in the tree that a reader sees: a link, or null for anything else. Gumbo bounds the depth of what we
// walk by the size of the text.
const GumboNode* first_link(const GumboNode& node, bool& seen) {
  if (seen) return nullptr;
  if (node.type == GUMBO_NODE_TEXT) seen = true;
  if (node.type != GUMBO_NODE_ELEMENT) return nullptr;
  if (node.v.element.tag == GUMBO_TAG_A) return &node;
  for (unsigned i = 0; i < node.v.element.children.length && !seen; ++i)
    if (const auto* link = first_link(*static_cast<const GumboNode*>(node.v.element.children.data[i]), seen))
      return link;
  return nullptr;
}

// The name that the body shows for us: the text of a pill at the beginning of the formatted body.
std::string name_of_pill(const Json& content, const Self& self) {
  const auto* html = text_of(content, "formatted_body");
  if (html == nullptr || html->size() > kLongestHtml) return {};
  std::unique_ptr<GumboOutput, void (*)(GumboOutput*)> tree(
      gumbo_parse_with_options(&kGumboDefaultOptions, html->data(), html->size()),
      [](GumboOutput* output) { gumbo_destroy_output(&kGumboDefaultOptions, output); });
  bool seen = false;
  const auto* link = first_link(*tree->root, seen);
  if (link == nullptr) return {};
  const auto* href = gumbo_get_attribute(&link->v.element.attributes, "href");
  if (href == nullptr || user_of_link(href->value) != self.user_id) return {};
  std::string out;
  text_below(*link, out);
  return clean_line(out);
}

// As the person reads it: the name, with or without "@", then a blank, a colon or a comma.
std::optional<std::string> after_name(std::string_view line, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (name.size() < 2) continue;
    if (auto rest = after(line, name, ":,")) return rest;
  }
  return std::nullopt;
}

std::optional<std::string> after_mention(const std::vector<std::string>& lines, const Json& content, const Self& self) {
  auto pill = name_of_pill(content, self);
  if (pill.empty() && !mentions_us(content, self)) return std::nullopt;
  auto localpart = self.user_id.substr(0, self.user_id.find(':'));
  auto rest = after_name(lines.front(), {self.user_id, pill, "@" + pill, "@" + self.display_name, self.display_name,
                                         localpart, localpart.substr(1)});
  if (rest && rest->empty() && lines.size() > 1) return lines[1];
  return rest;
}

// MSC4391, unstable: the command is named beside the text, which stays what the person reads and says the arguments.
// Preferred where it is valid, so that a client's own wording of the mention does not matter.
std::optional<std::string> structured(const Json& content, const Self& self) {
  const auto* command = object_of(content, "m.bot.command");
  if (command == nullptr || !mentions_us(content, self)) return std::nullopt;
  auto name = clean_line(text_at(*command, {"command"}));
  if (name.empty() || name.size() > 64 || name.find(' ') != std::string::npos) return std::nullopt;
  const auto* arguments = object_of(*command, "arguments");
  if (arguments != nullptr)
    for (const auto& [key, value] : arguments->items())
      if (value.is_string()) name += " " + clean_line(value.get<std::string>()).substr(0, kLongestCommand);
  return name.substr(0, kLongestCommand);
}

}  // namespace

std::optional<std::string> addressed_text(const Json& content, const Self& self) {
  if (auto command = structured(content, self)) return command;
  auto lines = lines_of(content);
  if (lines.empty()) return std::nullopt;
  if (auto rest = after_mention(lines, content, self)) return rest;
  // A greeting may stand before the command, on a line of its own.
  for (const auto& line : lines)
    if (auto rest = after_prefix(line, self)) return rest;
  return std::nullopt;
}

std::string first_line(const Json& content) {
  auto lines = lines_of(content);
  return lines.empty() ? std::string() : lines.front();
}

}  // namespace broadsheet::matrix
