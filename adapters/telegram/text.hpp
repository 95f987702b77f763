// Text with entities (contracts: Telegram 3.2): nothing in the text can break it, so text from outside needs no
// escaping. Offsets and lengths count UTF-16 code units. Text is NFC and holds nothing that the server would remove, so
// what is counted here is what the server counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace broadsheet::telegram {

enum class EntityType : std::uint8_t {
  bold,
  italic,
  underline,
  strikethrough,
  spoiler,
  code,
  pre,
  text_link,
  blockquote,
  expandable_blockquote
};
std::string_view to_string(EntityType type);

struct Entity {
  EntityType type{};
  std::size_t offset = 0, length = 0;
  std::string url;       // of text_link
  std::string language;  // of pre
  bool operator==(const Entity&) const = default;
};

struct FormattedText {
  std::string text;
  std::vector<Entity> entities;  // by offset, the longer first
  bool operator==(const FormattedText&) const = default;
};

// Valid UTF-8, NFC, without control characters (but LF), bidi controls, invisible characters and marks that the server
// removes; right-to-left text stands between isolates. Nothing is trimmed.
std::string clean(std::string_view foreign);
// `clean` text in which the server finds nothing to link (contracts: Telegram 3.5): a zero-width space stands after
// "@",
// "#", "$", "/" and the dots that would make a mention, a tag, a command or a domain.
std::string defused(std::string_view clean);

// Builds text from left to right.
class TextBuilder {
 public:
  // Plain foreign text; arXiv category names in it become code.
  void foreign(std::string_view text);
  // Foreign text in which nothing is looked for: within code, pre and text_link (contracts: Telegram 3.5).
  void raw(std::string_view text);
  void code(std::string_view text);
  // An https link; text alone if the address is none.
  void link(std::string_view text, std::string_view url);
  // An entity around what is added between open() and close(); it leaves out white space at both ends.
  std::size_t open() const { return text_.size(); }
  void close(std::size_t opened, EntityType type, std::string_view url = {}, std::string_view language = {});
  // So many line breaks between what stands there and what comes; none at the beginning.
  void gap(std::size_t breaks);
  bool empty() const { return text_.empty(); }
  void append(const FormattedText& other);
  FormattedText take() &&;

 private:
  struct Span {
    EntityType type{};
    std::size_t begin = 0, end = 0;  // bytes
    std::string url, language;
  };
  void words_with_categories(std::string_view cleaned);
  static void add_broken(const Span& span, const std::vector<Span>& hard, std::vector<Span>& out);
  std::vector<Span> nested() const;

  std::string text_;
  std::vector<Span> spans_;
};

}  // namespace broadsheet::telegram
