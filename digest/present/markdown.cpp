#include "digest/present/markdown.hpp"

#include "bot/base/text.hpp"

namespace broadsheet::present {
namespace {

using namespace doc;  // NOLINT(google-build-using-namespace): the block types, in this file only

std::string escaped(std::string_view s) {
  constexpr std::string_view kActive = "\\`*_{}[]<>#|~$&!";
  std::string out;
  for (char c : s) {
    if (kActive.find(c) != std::string_view::npos) out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

// At a line start more characters act: lists, headings, rules.
std::string guarded(std::string s) {
  if (s.empty()) return s;
  std::size_t digits = 0;
  while (digits < s.size() && s[digits] >= '0' && s[digits] <= '9') ++digits;
  if (digits > 0 && digits < s.size() && (s[digits] == '.' || s[digits] == ')')) return s.insert(digits, "\\");
  if (s[0] == '-' || s[0] == '+' || s[0] == '=') return "\\" + s;
  return s;
}

std::string inline_markdown(const Inline& part) {
  if (const auto* link = std::get_if<Link>(&part)) {
    if (link->url.empty()) return escaped(link->text);
    std::string url;
    for (char c : link->url) url += c == ')' ? "%29" : c == '(' ? "%28" : c == ' ' ? "%20" : std::string(1, c);
    return "[" + escaped(link->text) + "](" + url + ")";
  }
  if (const auto* math = std::get_if<Math>(&part)) return escaped(math->display);
  const auto& t = std::get<Text>(part);
  auto body = escaped(t.text);
  auto trimmed = std::string(text::trim(body));
  auto tail = body.substr(trimmed.size() > body.size() ? 0 : body.find(trimmed) + trimmed.size());
  if (trimmed.empty() || t.style == Emphasis::none) return body;
  if (t.style == Emphasis::strong) return "**" + trimmed + "**" + tail;
  if (t.style == Emphasis::emphasis) return "*" + trimmed + "*" + tail;
  return "`" + t.text + "`";
}

std::string line(const Inlines& inlines) {
  std::string out;
  for (const auto& part : inlines) out += inline_markdown(part);
  return out;
}

std::string render(const Blocks& blocks);

struct BlockWriter {
  std::string operator()(const Heading& b) const {
    return std::string(static_cast<std::size_t>(b.level), '#') + " " + line(b.text) + "\n";
  }
  std::string operator()(const Paragraph& b) const { return guarded(line(b.text)) + "\n"; }
  std::string operator()(const Quote& b) const { return "> " + guarded(line(b.text)) + "\n"; }
  std::string operator()(const Note& b) const { return guarded(line(b.text)) + "\n"; }
  std::string operator()(const CodeBlock& b) const { return "````" + b.language + "\n" + b.text + "\n````\n"; }
  std::string operator()(const Divider&) const { return "---\n"; }
  std::string operator()(const Buttons&) const { return {}; }
  std::string operator()(const ListBlock& b) const {
    std::string out;
    for (std::size_t i = 0; i < b.items.size(); ++i)
      out += (b.numbered ? std::to_string(b.first + i) + ". " : std::string("- ")) + guarded(line(b.items[i])) + "\n";
    return out;
  }
  std::string operator()(const Collapsible& b) const { return "**" + escaped(b.label) + "**\n\n" + render(b.content); }
  std::string operator()(const CardBlock& b) const { return render(b.content); }
};

std::string render(const Blocks& blocks) {
  std::string out;
  for (const auto& block : blocks) {
    auto one = std::visit(BlockWriter{}, block);
    if (one.empty()) continue;
    if (!out.empty()) out += "\n";
    out += one;
  }
  return out;
}

}  // namespace

std::string to_markdown(const Document& document) {
  return render(document.blocks);
}

}  // namespace broadsheet::present
