#include "digest/doc/plain.hpp"

#include <algorithm>

#include "bot/base/text.hpp"

namespace broadsheet::doc {
namespace {

std::size_t columns(std::string_view s) {
  return text::code_points(s);
}

// Words filled into lines; the first line starts with `first`, the others with `rest`.
std::string filled(const std::string& s, std::size_t width, const std::string& first, const std::string& rest) {
  std::string out;
  for (auto paragraph : text::split(s, '\n')) {
    std::string line = out.empty() ? first : rest;
    bool empty = true;
    for (auto word : text::split(paragraph, ' ')) {
      if (word.empty()) continue;
      if (!empty && width != 0 && columns(line) + 1 + columns(word) > width) {
        out += line + "\n";
        line = rest;
        empty = true;
      }
      if (!empty) line += ' ';
      line += word;
      empty = false;
    }
    out += line + "\n";
  }
  return out;
}

class PlainRenderer {
 public:
  explicit PlainRenderer(std::size_t width) : width_(width) {}

  std::string render(const Blocks& blocks, const std::string& indent) {
    std::string out;
    for (const auto& block : blocks) {
      auto one = std::visit([&](const auto& b) { return this->one(b, indent); }, block);
      if (one.empty()) continue;
      if (!out.empty()) out += "\n";
      out += one;
    }
    return out;
  }

 private:
  std::string fill(const Inlines& inlines, const std::string& indent) {
    return filled(to_plain(inlines), width_, indent, indent);
  }

  std::string one(const Heading& b, const std::string& indent) {
    auto line = to_plain(b.text);
    auto out = filled(line, width_, indent, indent);
    if (b.level > 2) return out;
    auto length = std::min(columns(line), width_ == 0 ? std::size_t{72} : width_ - indent.size());
    std::string rule;
    for (std::size_t i = 0; i < length; ++i) rule += b.level == 1 ? "═" : "─";
    return out + indent + rule + "\n";
  }
  std::string one(const Paragraph& b, const std::string& indent) { return fill(b.text, indent); }
  std::string one(const Quote& b, const std::string& indent) { return fill(b.text, indent + "│ "); }
  std::string one(const Note& b, const std::string& indent) { return fill(b.text, indent); }
  std::string one(const CodeBlock& b, const std::string& indent) {
    std::string out;
    for (auto line : text::split(b.text, '\n')) out += indent + "    " + std::string(line) + "\n";
    return out;
  }
  std::string one(const Divider&, const std::string& indent) {
    std::string out = indent;
    for (std::size_t i = indent.size(); i < (width_ == 0 ? 72 : width_); ++i) out += "─";
    return out + "\n";
  }
  std::string one(const Buttons&, const std::string&) { return {}; }
  std::string one(const ListBlock& b, const std::string& indent) {
    std::string out;
    auto digits = std::to_string(b.first + b.items.size() - 1).size();
    for (std::size_t i = 0; i < b.items.size(); ++i) {
      auto number = std::to_string(b.first + i);
      auto mark = b.numbered ? std::string(digits - number.size(), ' ') + number + ". " : std::string("• ");
      out +=
          filled(to_plain(b.items[i]), width_, indent + mark, indent + std::string(b.numbered ? digits + 2 : 2, ' '));
    }
    return out;
  }
  std::string one(const Collapsible& b, const std::string& indent) {
    auto inner = render(b.content, indent);
    return inner.empty() ? inner : indent + b.label + "\n\n" + inner;
  }
  std::string one(const CardBlock& b, const std::string& indent) { return render(b.content, indent); }

  std::size_t width_;
};

}  // namespace

std::string to_plain(const Inlines& inlines) {
  std::string out;
  for (const auto& inline_part : inlines) {
    if (const auto* t = std::get_if<Text>(&inline_part)) out += t->text;
    if (const auto* l = std::get_if<Link>(&inline_part)) out += l->text;
    if (const auto* m = std::get_if<Math>(&inline_part)) out += m->display;
  }
  return out;
}

std::string to_plain(const Document& document, std::size_t width) {
  return PlainRenderer(width).render(document.blocks, "");
}

}  // namespace broadsheet::doc
