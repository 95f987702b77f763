#include "adapters/matrix/markup.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <variant>

#include "bot/base/text.hpp"
#include "bot/http/url.hpp"

namespace broadsheet::matrix {

std::string keycap(std::size_t number) {
  return std::to_string(number) + "\xef\xb8\x8f\xe2\x83\xa3";
}

namespace {

using text::escape_html;

constexpr std::size_t kLongestUrl = 2048;

// U+202A-202E and U+2066-2069 in UTF-8.
bool bidi_override(std::string_view s, std::size_t i) {
  if (i + 2 >= s.size() || s[i] != '\xe2') return false;
  auto second = static_cast<unsigned char>(s[i + 1]), third = static_cast<unsigned char>(s[i + 2]);
  return (second == 0x80 && third >= 0xaa && third <= 0xae) || (second == 0x81 && third >= 0xa6 && third <= 0xa9);
}

// White space runs as one blank; blanks at the ends stay, since inlines stand beside each other.
std::string one_line(std::string_view foreign) {
  std::string out;
  for (char c : clean(foreign)) {
    bool blank = c == ' ' || c == '\n' || c == '\t';
    if (blank && !out.empty() && out.back() == ' ') continue;
    out += blank ? ' ' : c;
  }
  return out;
}

bool begins_with_any(std::string_view s, std::initializer_list<std::string_view> starts) {
  return std::any_of(starts.begin(), starts.end(), [s](std::string_view start) { return s.starts_with(start); });
}

std::string paired(std::string_view tag, std::string_view inner) {
  return "<" + std::string(tag) + ">" + std::string(inner) + "</" + std::string(tag) + ">";
}

std::string anchor(std::string_view url, std::string_view text) {
  return "<a href=\"" + escape_html(url) + "\">" + escape_html(text) + "</a>";
}

std::string action_name(doc::Action action) {
  static constexpr std::array<std::string_view, 9> kNames = {"all titles", "details", "similar", "BibTeX", "save",
                                                             "share",      "retry",   "PDF",     "open"};
  return std::string(kNames.at(static_cast<std::size_t>(action)));
}

std::string label_of(const doc::Button& button) {
  auto label = clean_line(button.label);
  return label.empty() ? action_name(button.action) : label;
}

bool is_link(const doc::Button& button) {
  return (button.action == doc::Action::pdf || button.action == doc::Action::open) && linkable(button.url);
}

void collect(const doc::Blocks& blocks, std::vector<doc::Button>& out) {
  for (const auto& block : blocks) {
    if (const auto* buttons = std::get_if<doc::Buttons>(&block)) {
      for (const auto& button : buttons->buttons)
        if (!is_link(button)) out.push_back(button);
    } else if (const auto* card = std::get_if<doc::CardBlock>(&block)) {
      collect(card->content, out);
    } else if (const auto* folded = std::get_if<doc::Collapsible>(&block)) {
      collect(folded->content, out);
    }
  }
}

// "1️⃣ Details · 2️⃣ Similar · PDF": pressed by that reaction or by a reply with the number (spec: commands 5). The
// numbers run on through one document, as controls_of() counts them.
template <class LinkText, class PlainText>
std::string buttons_line(const doc::Buttons& block, std::size_t& number, LinkText link, PlainText plain) {
  std::string out;
  for (const auto& button : block.buttons) {
    std::string one;
    if (is_link(button))
      one = link(button.url, label_of(button));
    else if (number < kKeys)
      one = keycap(++number) + " " + plain(label_of(button));
    if (!one.empty()) out += (out.empty() ? "" : " · ") + one;
  }
  return out;
}

class HtmlWriter {
 public:
  explicit HtmlWriter(const MarkupOptions& options) : options_(options) {}

  std::string render(const doc::Blocks& blocks) {
    std::string out;
    for (const auto& block : blocks) out += std::visit([this](const auto& b) { return this->one(b); }, block);
    return out;
  }

 private:
  std::string inlines(const doc::Inlines& list) const { return html_of(list, options_); }

  // Small headings: a message is no page.
  std::string one(const doc::Heading& b) const {
    return paired(b.level <= 1 ? "h3" : b.level == 2 ? "h4" : "h5", inlines(b.text));
  }
  std::string one(const doc::Paragraph& b) const { return paired("p", inlines(b.text)); }
  std::string one(const doc::ListBlock& b) const {
    std::string items;
    for (const auto& item : b.items) items += paired("li", inlines(item));
    if (items.empty()) return items;
    if (b.numbered && b.first != 1) return "<ol start=\"" + std::to_string(b.first) + "\">" + items + "</ol>";
    return paired(b.numbered ? "ol" : "ul", items);
  }
  std::string one(const doc::Quote& b) const { return paired("blockquote", inlines(b.text)); }
  std::string one(const doc::CodeBlock& b) const {
    bool named = !b.language.empty() && std::all_of(b.language.begin(), b.language.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    });
    auto open = named ? "<code class=\"language-" + b.language + "\">" : std::string("<code>");
    return "<pre>" + open + escape_html(clean(b.text)) + "</code></pre>";
  }
  static std::string one(const doc::Divider& /*b*/) { return "<hr>"; }
  std::string one(const doc::Note& b) const { return paired("p", paired("em", inlines(b.text))); }
  std::string one(const doc::Buttons& b) {
    auto line = buttons_line(
        b, number_, [](const std::string& url, const std::string& text) { return anchor(url, text); },
        text::escape_html);
    return line.empty() ? line : paired("p", line);
  }
  std::string one(const doc::Collapsible& b) {
    // A block follows the summary, so that clients without the notion show two lines (contracts: Matrix 6).
    auto inner = render(b.content);
    return inner.empty() ? inner : paired("details", paired("summary", escape_html(clean_line(b.label))) + inner);
  }
  std::string one(const doc::CardBlock& b) { return render(b.content); }

  MarkupOptions options_;
  std::size_t number_ = 0;
};

class BodyWriter {
 public:
  std::string render(const doc::Blocks& blocks) {
    std::string out;
    for (const auto& block : blocks) {
      auto text = std::visit([this](const auto& b) { return this->one(b); }, block);
      if (text.empty()) continue;
      bool tight = std::holds_alternative<doc::Note>(block) || std::holds_alternative<doc::Buttons>(block);
      if (!out.empty()) out += tight ? "\n" : "\n\n";
      out += text;
    }
    return out;
  }

  static std::string line(const doc::Inlines& list) {
    std::string out;
    for (const auto& part : list) out += std::visit([](const auto& p) { return inline_text(p); }, part);
    return std::string(text::trim(out));
  }

 private:
  static std::string inline_text(const doc::Text& t) {
    auto s = one_line(t.text);
    if (text::trim(s).empty()) return s;
    if (t.style == doc::Emphasis::code) return "`" + s + "`";
    if (t.style != doc::Emphasis::strong) return s;
    auto inner = std::string(text::trim(s));  // the stars stand at the words
    auto at = s.find(inner);
    return s.substr(0, at) + "**" + inner + "**" + s.substr(at + inner.size());
  }
  static std::string inline_text(const doc::Link& l) { return link(l.url, clean_line(l.text)); }
  static std::string inline_text(const doc::Math& m) { return one_line(m.display.empty() ? m.tex : m.display); }

  static std::string link(const std::string& url, const std::string& text) {
    if (!linkable(url) || text == url) return text;
    return text.empty() ? url : text + " (" + url + ")";
  }

  static std::string one(const doc::Heading& b) {
    auto s = line(b.text);
    return s.empty() ? s : std::string(b.level <= 1 ? "# " : b.level == 2 ? "## " : "### ") + s;
  }
  static std::string one(const doc::Paragraph& b) { return line(b.text); }
  static std::string one(const doc::ListBlock& b) {
    std::string out;
    for (std::size_t i = 0; i < b.items.size(); ++i)
      out += (i == 0 ? "" : "\n") + (b.numbered ? std::to_string(b.first + i) + ". " : std::string("- ")) +
             line(b.items[i]);
    return out;
  }
  static std::string one(const doc::Quote& b) {
    auto s = line(b.text);
    return s.empty() ? s : "> " + s;
  }
  static std::string one(const doc::CodeBlock& b) { return "```\n" + clean(b.text) + "\n```"; }
  static std::string one(const doc::Divider& /*b*/) { return "---"; }
  static std::string one(const doc::Note& b) { return line(b.text); }
  std::string one(const doc::Buttons& b) {
    return buttons_line(b, number_, link, [](std::string label) { return label; });
  }
  std::string one(const doc::Collapsible& b) {
    auto inner = render(b.content);
    return inner.empty() ? inner : clean_line(b.label) + ":\n" + inner;
  }
  std::string one(const doc::CardBlock& b) { return render(b.content); }

  std::size_t number_ = 0;
};

std::string html_inline(const doc::Text& t, const MarkupOptions& /*options*/) {
  auto s = escape_html(one_line(t.text));
  if (s.empty()) return s;
  switch (t.style) {
    case doc::Emphasis::strong:
      return paired("strong", s);
    case doc::Emphasis::emphasis:
      return paired("em", s);
    case doc::Emphasis::code:
      return paired("code", s);
    case doc::Emphasis::none:
      break;
  }
  return s;
}

std::string html_inline(const doc::Link& l, const MarkupOptions& /*options*/) {
  auto text = clean_line(l.text);
  if (!linkable(l.url)) return escape_html(text);
  return anchor(l.url, text.empty() ? l.url : text);
}

std::string html_inline(const doc::Math& m, const MarkupOptions& options) {
  auto tex = clean_line(m.tex);
  if (!options.native_maths || tex.empty())
    return m.display.empty() ? paired("code", escape_html(tex)) : escape_html(one_line(m.display));
  auto source = paired("code", escape_html(tex));
  return safe_tex(tex) ? "<span data-mx-maths=\"" + escape_html(tex) + "\">" + source + "</span>" : source;
}

}  // namespace

std::string clean(std::string_view foreign) {
  std::string valid = text::is_valid_utf8(foreign) ? std::string(foreign) : text::make_valid_utf8(foreign);
  std::string out;
  out.reserve(valid.size());
  for (std::size_t i = 0; i < valid.size(); ++i) {
    auto c = static_cast<unsigned char>(valid[i]);
    if (c == '\r') {
      if (i + 1 == valid.size() || valid[i + 1] != '\n') out += '\n';
    } else if (bidi_override(valid, i)) {
      i += 2;
    } else if ((c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t') {
      out += valid[i];
    }
  }
  return out;
}

std::string clean_line(std::string_view foreign) {
  return std::string(text::trim(one_line(foreign)));
}

bool linkable(std::string_view url) {
  if (url.size() > kLongestUrl) return false;
  auto hash = url.find('#');
  auto fragment = hash == std::string_view::npos ? std::string_view() : url.substr(hash + 1);
  std::string plain;
  if (!http::percent_decode(fragment, plain) || begins_with_any(plain, {"/@", "/!", "/#", "/+"})) return false;
  auto odd = [](unsigned char c) { return c <= 0x20 || c >= 0x7f || c == '"' || c == '<' || c == '>' || c == '\\'; };
  if (std::any_of(url.begin(), url.end(), odd)) return false;
  auto parsed = http::parse_url(url.substr(0, hash));
  if (!parsed) return false;
  return parsed->host != "matrix.to" && !parsed->host.ends_with(".matrix.to");
}

bool safe_tex(std::string_view tex) {
  static constexpr std::array kUnsafe = {
      "\\def",          "\\edef",       "\\gdef",    "\\xdef",        "\\let",      "\\futurelet", "\\newcommand",
      "\\renewcommand", "\\provid",     "\\Declare", "\\newenv",      "\\renewenv", "\\input",     "\\include",
      "\\usepackage",   "\\require",    "\\href",    "\\url",         "\\html",     "\\class",     "\\cssId",
      "\\style",        "\\data",       "\\unicode", "\\cs",          "\\catcode",  "\\write",     "\\read",
      "\\open",         "\\immediate",  "\\special", "\\expandafter", "\\global",   "\\everymath", "\\loop",
      "\\repeat",       "\\mathchoice", "\\bbox",    "\\texttip",     "\\toggle"};
  return std::none_of(kUnsafe.begin(), kUnsafe.end(),
                      [tex](std::string_view bad) { return tex.find(bad) != std::string_view::npos; });
}

std::string html_of(const doc::Inlines& inlines, const MarkupOptions& options) {
  std::string out;
  for (const auto& part : inlines) out += std::visit([&](const auto& p) { return html_inline(p, options); }, part);
  return out;
}

std::string to_html(const doc::Document& document, const MarkupOptions& options) {
  return HtmlWriter(options).render(document.blocks);
}

std::string to_body(const doc::Document& document) {
  return BodyWriter().render(document.blocks);
}

bool more_than_keys(const doc::Document& document) {
  std::vector<doc::Button> all;
  collect(document.blocks, all);
  return all.size() > kKeys;
}

std::vector<doc::Button> controls_of(const doc::Document& document) {
  std::vector<doc::Button> out;
  collect(document.blocks, out);
  if (out.size() > kKeys) out.resize(kKeys);
  return out;
}

}  // namespace broadsheet::matrix
