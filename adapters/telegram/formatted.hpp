// Text with entities (contracts: Telegram 3.2): what is sent is never a parse-mode string, so nothing in a title or an
// abstract can break it. Offsets count UTF-16 units.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace broadsheet::telegram {

struct Entity {
  std::string type;  // bold, italic, code, pre, text_link, blockquote, expandable_blockquote
  std::size_t offset = 0, length = 0;
  std::string url, language;
  bool operator==(const Entity&) const = default;
};

struct FormattedText {
  std::string text;
  std::vector<Entity> entities;
  bool operator==(const FormattedText&) const = default;
};

class Composer {
 public:
  // Text from outside or our own words: normalised, cleaned, and with nothing in it that the server would turn into a
  // link, mention, hashtag or command (3.5).
  void text(std::string_view words, std::string_view type = {});
  void link(std::string_view words, const std::string& url);
  void line_break() { append("\n"); }
  // A blank line, unless nothing stands before it.
  void paragraph_break();
  // Runs `content` and puts an entity around what it wrote.
  template <class Content>
  void around(std::string_view type, Content content) {
    auto from = units_;
    content();
    mark(type, from);
  }
  std::size_t units() const { return units_; }
  // Outer white space trimmed, entities in the server's order.
  FormattedText finish() const;

 private:
  void append(std::string_view words);
  void mark(std::string_view type, std::size_t from, const std::string& url = {});
  FormattedText out_;
  std::size_t units_ = 0;
};

// The same words without anything that links itself; invisible word joiners break the patterns.
std::string defused(std::string_view words);

// Whether the server and the platform accept it whole (3.1, 3.2); the reason if not.
std::string refusal(const FormattedText& text);

// In as few pieces as the budgets allow, cut at blank lines, lines, sentences, words, in that order; entities that span
// a cut are closed and opened again (3.6).
std::vector<FormattedText> split(const FormattedText& text);

}  // namespace broadsheet::telegram
