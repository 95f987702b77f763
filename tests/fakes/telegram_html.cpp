// Parse mode HTML (contracts: Telegram 3.3).
#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>

#include "bot/base/text.hpp"
#include "tests/fakes/telegram_markup.hpp"

namespace broadsheet::fakes {
namespace {

const std::map<std::string, std::string, std::less<>> kTags = {{"b", "bold"},
                                                               {"strong", "bold"},
                                                               {"i", "italic"},
                                                               {"em", "italic"},
                                                               {"u", "underline"},
                                                               {"ins", "underline"},
                                                               {"s", "strikethrough"},
                                                               {"strike", "strikethrough"},
                                                               {"del", "strikethrough"},
                                                               {"code", "code"},
                                                               {"pre", "pre"},
                                                               {"a", "text_link"},
                                                               {"blockquote", "blockquote"},
                                                               {"tg-spoiler", "spoiler"},
                                                               {"span", "spoiler"},
                                                               {"tg-emoji", "custom_emoji"},
                                                               {"tg-time", "date_time"}};

struct Tag {
  std::string name;
  std::map<std::string, std::string, std::less<>> attributes;
  std::size_t begin = 0;       // of '<'
  std::size_t text_begin = 0;  // in the output
  int offset = 0;
};

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// A decoded reference at `at` ('&'), which is moved behind it; 0 when it is none.
char32_t reference(std::string_view s, std::size_t& at) {
  auto end = at + 1;
  if (end < s.size() && s[end] == '#') {
    ++end;
    bool hex = end < s.size() && s[end] == 'x';
    if (hex) ++end;
    std::uint32_t code = 0;
    auto [stop, ec] = std::from_chars(s.data() + end, s.data() + s.size(), code, hex ? 16 : 10);
    if (ec != std::errc() || code == 0 || code >= 0x10FFFF) return 0;
    at = static_cast<std::size_t>(stop - s.data());
    if (at < s.size() && s[at] == ';') ++at;
    return code;
  }
  while (end < s.size() && std::isalpha(static_cast<unsigned char>(s[end])) != 0) ++end;
  static const std::map<std::string_view, char32_t> kNamed = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}};
  auto found = kNamed.find(s.substr(at + 1, end - at - 1));
  if (found == kNamed.end()) return 0;
  at = end;
  if (at < s.size() && s[at] == ';') ++at;
  return found->second;
}

class Html {
 public:
  explicit Html(std::string_view source) : s_(source) {}

  Result<FormattedText> parse() {
    while (at_ < s_.size()) {
      if (s_[at_] == '<') {
        auto done = s_.substr(at_).starts_with("</") ? close() : open();
        if (!done) return done.error();
        continue;
      }
      if (s_[at_] == '&')
        if (auto c = reference(s_, at_)) {
          put(c);
          continue;
        }
      put(utf::next(s_, at_));
    }
    if (!open_.empty())
      return bad_markup("Can't find end tag corresponding to start tag \"" + open_.back().name + "\"");
    if (!text::is_valid_utf8(out_.text))
      return bad_markup(
          "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
          "surrogate code units");
    return std::move(out_);
  }

 private:
  void put(char32_t c) {
    utf::append(out_.text, c);
    units_ += utf::units(c);
  }
  void skip_space() {
    while (at_ < s_.size() && is_space(s_[at_])) ++at_;
  }

  Status open() {
    Tag tag;
    tag.begin = at_++;
    auto unclosed = bad_markup("Unclosed start tag" + at_byte(tag.begin));
    auto name = at_;
    while (at_ < s_.size() && !is_space(s_[at_]) && s_[at_] != '>') ++at_;
    if (at_ == s_.size()) return unclosed;
    tag.name = text::lower_ascii(s_.substr(name, at_ - name));
    if (!kTags.contains(tag.name)) return bad_markup("Unsupported start tag \"" + tag.name + "\"" + at_byte(tag.begin));
    for (skip_space(); at_ < s_.size() && s_[at_] != '>'; skip_space())
      if (auto read = attribute(tag); !read) return read;
    if (at_ == s_.size()) return unclosed;
    ++at_;
    if (tag.name == "span" && tag.attributes["class"] != "tg-spoiler")
      return bad_markup("Tag \"span\" must have class \"tg-spoiler\"" + at_byte(tag.begin));
    tag.text_begin = out_.text.size();
    tag.offset = units_;
    open_.push_back(std::move(tag));
    return {};
  }

  Status attribute(Tag& tag) {
    auto begin = at_;
    while (at_ < s_.size() && !is_space(s_[at_]) && std::string_view("=>/\"'").find(s_[at_]) == std::string_view::npos)
      ++at_;
    if (begin == at_) return bad_markup("Empty attribute name in the tag \"" + tag.name + "\"" + at_byte(tag.begin));
    auto name = text::lower_ascii(s_.substr(begin, at_ - begin));
    skip_space();
    auto& value = tag.attributes[name];
    if (at_ == s_.size() || s_[at_] != '=') return {};
    ++at_;
    skip_space();
    if (at_ == s_.size()) return {};
    if (s_[at_] != '"' && s_[at_] != '\'') return token(value);
    auto end = s_.find(s_[at_], at_ + 1);
    if (end == std::string_view::npos) {
      at_ = s_.size();
      return {};
    }
    for (++at_; at_ < end;) {
      auto c = s_[at_] == '&' ? reference(s_, at_) : 0;
      utf::append(value, c != 0 ? c : utf::next(s_, at_));
    }
    at_ = end + 1;
    return {};
  }

  Status token(std::string& value) {
    auto begin = at_;
    while (at_ < s_.size() &&
           (std::isalnum(static_cast<unsigned char>(s_[at_])) != 0 || s_[at_] == '.' || s_[at_] == '-'))
      ++at_;
    if (at_ < s_.size() && !is_space(s_[at_]) && s_[at_] != '>')
      return bad_markup("Unexpected end of name token" + at_byte(begin));
    value = text::lower_ascii(s_.substr(begin, at_ - begin));
    return {};
  }

  Status close() {
    auto begin = at_;
    if (open_.empty()) return bad_markup("Unexpected end tag" + at_byte(begin));
    at_ += 2;
    auto name = at_;
    while (at_ < s_.size() && !is_space(s_[at_]) && s_[at_] != '>') ++at_;
    auto found = text::lower_ascii(s_.substr(name, at_ - name));
    skip_space();
    if (at_ == s_.size() || s_[at_] != '>') return bad_markup("Unclosed end tag" + at_byte(begin));
    ++at_;
    auto tag = std::move(open_.back());
    open_.pop_back();
    if (!found.empty() && found != tag.name)
      return bad_markup("Unmatched end tag" + at_byte(begin) + ", expected \"</" + tag.name + ">\", found \"</" +
                        found + ">\"");
    return units_ > tag.offset ? mark(tag) : Status{};
  }

  Status mark(Tag& tag) {
    TextEntity entity;
    entity.type = kTags.find(tag.name)->second;
    entity.offset = tag.offset;
    entity.length = units_ - tag.offset;
    if (entity.type == "text_link") {
      auto url = tag.attributes["href"];
      if (url.empty()) url = out_.text.substr(tag.text_begin);
      if (!link_to(entity, url)) return {};
    } else if (entity.type == "blockquote" && tag.attributes.contains("expandable")) {
      entity.type = "expandable_blockquote";
    } else if (entity.type == "custom_emoji") {
      if (!special_link(entity, "tg://emoji?id=" + tag.attributes["emoji-id"]))
        return bad_markup("Invalid custom emoji identifier specified");
    } else if (entity.type == "date_time") {
      return mark_time(entity, tag);
    } else if (entity.type == "code" || entity.type == "pre") {
      return mark_code(entity, tag);
    }
    out_.entities.push_back(std::move(entity));
    return {};
  }

  Status mark_time(TextEntity& entity, Tag& tag) {
    const auto& format = tag.attributes["format"];
    const auto& unix_time = tag.attributes["unix"];
    if (!valid_date_format(format)) return bad_markup("Invalid date format used");
    if (unix_time.empty() || unix_time == "0") return {};
    if (special_link(entity, "tg://time?unix=" + unix_time + "&format=" + format)) out_.entities.push_back(entity);
    return {};
  }

  // <pre> and <code class="language-x"> around the same text are one block with a language.
  Status mark_code(TextEntity& entity, Tag& tag) {
    auto& last = tag.attributes["class"];
    std::string language = tag.name == "code" && last.starts_with("language-") ? last.substr(9) : std::string();
    entity.language = language;
    if (tag.name == "pre" && !out_.entities.empty()) {
      auto& inner = out_.entities.back();
      if (inner.type == "code" && inner.offset == entity.offset && inner.length == entity.length &&
          !inner.language.empty()) {
        inner.type = "pre";
        return {};
      }
    }
    out_.entities.push_back(entity);
    return {};
  }

  std::string_view s_;
  std::size_t at_ = 0;
  int units_ = 0;
  FormattedText out_;
  std::vector<Tag> open_;
};

}  // namespace

Result<FormattedText> parse_html(std::string_view source) {
  auto parsed = Html(source).parse();
  if (!parsed) return parsed;
  // The language of a <code> that is not inside its <pre> is lost.
  for (auto& entity : parsed->entities)
    if (entity.type == "code") entity.language.clear();
  return parsed;
}

}  // namespace broadsheet::fakes
