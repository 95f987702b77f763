#include "adapters/telegram/layout.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "digest/doc/plain.hpp"

namespace broadsheet::telegram {
namespace {

using doc::Blocks;
using doc::Inlines;

bool all_emphasis(const Inlines& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](const doc::Inline& part) {
    const auto* t = std::get_if<doc::Text>(&part);
    return t != nullptr && t->style == doc::Emphasis::emphasis;
  });
}

bool has_link(const Inlines& text) {
  return std::any_of(text.begin(), text.end(),
                     [](const doc::Inline& part) { return std::holds_alternative<doc::Link>(part); });
}

// How many blocks of a card stand before its quote: the title, authors, facts, and the first sentence about it.
std::size_t head_of(const Blocks& card) {
  std::size_t i = 0;
  for (; i < card.size(); ++i) {
    if (const auto* p = std::get_if<doc::Paragraph>(&card[i])) {
      if (p->keep == 0) return i + 1;
      if (!all_emphasis(p->text)) return i;
    } else if (!std::holds_alternative<doc::Heading>(card[i]) && !std::holds_alternative<doc::Note>(card[i])) {
      return i;
    }
  }
  return i;
}

class Layout {
 public:
  FormattedText run(const doc::Document& document) && {
    blocks(document.blocks, 0, document.blocks.size());
    return std::move(out_).take();
  }

 private:
  void blocks(const Blocks& all, std::size_t begin, std::size_t end) {
    for (auto i = begin; i < end; ++i) std::visit([this](const auto& b) { this->one(b); }, all[i]);
  }

  void inlines(const Inlines& parts, bool in_bold = false) {
    for (const auto& part : parts) std::visit([&](const auto& p) { this->word(p, in_bold); }, part);
  }
  void word(const doc::Text& t, bool in_bold) {
    if (t.style == doc::Emphasis::code) return out_.code(t.text);
    auto opened = out_.open();
    out_.foreign(t.text);
    if (t.style == doc::Emphasis::strong && !in_bold) out_.close(opened, EntityType::bold);
    if (t.style == doc::Emphasis::emphasis) out_.close(opened, EntityType::italic);
  }
  void word(const doc::Link& l, bool /*in_bold*/) { out_.link(l.text, l.url); }
  void word(const doc::Math& m, bool /*in_bold*/) {
    if (m.display.empty())
      out_.code(m.tex);
    else
      out_.foreign(m.display);
  }

  // The distance to what stands above: what was asked for by force_gap(), else `breaks`.
  void gap(std::size_t breaks) {
    auto forced = std::exchange(forced_, 0);
    out_.gap(forced != 0 ? forced : breaks);
  }
  void force_gap(std::size_t breaks) { forced_ = breaks; }

  void one(const doc::Heading& b) {
    gap(2);
    auto opened = out_.open();
    inlines(b.text, true);
    out_.close(opened, EntityType::bold);
    under_title_ = true;
  }
  void one(const doc::Paragraph& b) {
    bool authors = under_title_ && all_emphasis(b.text);
    gap(authors ? 1 : 2);
    under_title_ = authors;
    inlines(b.text);
    const auto* only = b.text.size() == 1 ? std::get_if<doc::Text>(&b.text.front()) : nullptr;
    label_ = only != nullptr && only->style == doc::Emphasis::strong;
  }
  void one(const doc::Note& b) {
    gap(under_title_ ? 1 : 2);
    under_title_ = label_ = false;
    auto opened = out_.open();
    inlines(b.text);
    if (!has_link(b.text)) out_.close(opened, EntityType::italic);
  }
  void one(const doc::ListBlock& b) {
    // Linked items with a sentence each need air; short ones stand close.
    bool airy = b.numbered && std::any_of(b.items.begin(), b.items.end(), [](const Inlines& item) {
                  return item.size() > 1 && doc::to_plain(item).size() > 80;
                });
    for (std::size_t i = 0; i < b.items.size(); ++i) {
      if (i == 0)
        gap(label_ ? 1 : 2);
      else
        gap(airy ? 2 : 1);
      out_.raw(b.numbered ? std::to_string(b.first + i) + ". " : std::string("• "));
      inlines(b.items[i]);
    }
    under_title_ = label_ = false;
  }
  void one(const doc::Quote& b) {
    gap(2);
    under_title_ = label_ = false;
    quoted(EntityType::blockquote, [&] { inlines(b.text); });
  }
  void one(const doc::CodeBlock& b) {
    gap(2);
    under_title_ = label_ = false;
    auto opened = out_.open();
    out_.raw(b.text);
    out_.close(opened, EntityType::pre, {}, b.language);
  }
  void one(const doc::Divider&) { under_title_ = label_ = false; }
  void one(const doc::Buttons&) {}
  void one(const doc::Collapsible& b) {
    gap(2);
    under_title_ = label_ = false;
    quoted(EntityType::expandable_blockquote, [&] {
      auto opened = out_.open();
      out_.foreign(b.label);
      out_.close(opened, EntityType::bold);
      force_gap(1);
      blocks(b.content, 0, b.content.size());
    });
  }
  // The head in the open, the rest in a quote that opens on a tap (spec: commands 9).
  void one(const doc::CardBlock& b) {
    auto head = head_of(b.content);
    blocks(b.content, 0, head);
    under_title_ = label_ = false;
    if (head == b.content.size()) return;
    force_gap(1);
    quoted(EntityType::expandable_blockquote, [&] { blocks(b.content, head, b.content.size()); });
  }

  // Quotes do not nest (contracts: Telegram 3.2).
  template <class Fill>
  void quoted(EntityType type, const Fill& fill) {
    if (in_quote_) return fill();
    in_quote_ = true;
    auto opened = out_.open();
    fill();
    in_quote_ = false;
    forced_ = 0;
    out_.close(opened, type);
  }

  TextBuilder out_;
  std::size_t forced_ = 0;
  bool in_quote_ = false;
  bool under_title_ = false;  // authors and facts follow a title line by line
  bool label_ = false;        // the last paragraph names the list that comes
};

}  // namespace

FormattedText layout(const doc::Document& document) {
  return Layout().run(document);
}

}  // namespace broadsheet::telegram
