// Parse modes MarkdownV2 (contracts: Telegram 3.4) and the legacy Markdown.
#include <algorithm>

#include "tests/fakes/telegram_markup.hpp"

namespace broadsheet::fakes {
namespace {

struct Open {
  const char* name;  // as errors call it
  std::string type, language;
  std::size_t byte = 0;        // of its mark in the source
  std::size_t text_begin = 0;  // in the output
  int offset = 0;
  bool expandable = false;
};

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

class MarkdownV2 {
 public:
  explicit MarkdownV2(std::string_view source) : s_(source) {}

  Result<FormattedText> parse() {
    while (at_ < s_.size())
      if (auto step = advance(); !step) return step.error();
    if (!open_.empty() && open_.back().type == "blockquote") push(open_.back());
    if (!open_.empty()) return no_end(open_.back());
    return std::move(out_);
  }

 private:
  char peek(std::size_t n) const { return at_ + n < s_.size() ? s_[at_ + n] : '\0'; }
  bool inside(std::string_view type) const { return !open_.empty() && open_.back().type == type; }
  bool inside_code() const { return inside("code") || inside("pre"); }
  static Error no_end(const Open& open) {
    return bad_markup(std::string("Can't find end of ") + open.name + " entity" + at_byte(open.byte));
  }
  void put(char32_t c) {
    utf::append(out_.text, c);
    units_ += utf::units(c);
    if (c != '\r') line_start_ = c == '\n';
  }

  Status advance() {
    auto escaped = static_cast<unsigned char>(peek(1));
    if (s_[at_] == '\\' && escaped > 0 && escaped <= 126) {
      ++at_;
      put(static_cast<char32_t>(s_[at_++]));
      line_start_ = false;
      return {};
    }
    std::string_view reserved = inside_code() ? "`" : "_*[]()~`>#+-=|{}.!";
    if (reserved.find(s_[at_]) == std::string_view::npos) {
      auto c = utf::next(s_, at_);
      put(c);
      return c == '\n' ? end_line() : Status{};
    }
    return ends() ? end() : begin();
  }

  // A quotation goes on in a line that begins with '>', and ends otherwise.
  Status end_line() {
    auto quote = std::find_if(open_.begin(), open_.end(), [](const Open& o) { return o.type == "blockquote"; });
    if (quote == open_.end()) return {};
    if (!quote->expandable && peek(0) == '>') {
      ++at_;
      line_start_ = false;
      return {};
    }
    if (!inside("blockquote")) return no_end(open_.back());
    push(open_.back());
    return {};
  }

  bool ends() const {
    if (open_.empty()) return false;
    char c = peek(0), d = peek(1);
    const auto& type = open_.back().type;
    if (type == "bold") return c == '*';
    if (type == "italic") return c == '_' && d != '_';
    if (type == "underline") return c == '_' && d == '_';
    if (type == "strikethrough") return c == '~';
    if (type == "spoiler") return c == '|' && d == '|';
    if (type == "code") return c == '`';
    if (type == "pre") return c == '`' && d == '`' && peek(2) == '`';
    if (type == "blockquote") return c == '|' && d == '|' && (at_ + 2 == s_.size() || is_space(peek(2)));
    return c == ']';
  }

  Status end() {
    auto& open = open_.back();
    const auto& type = open.type;
    if (type == "blockquote") {
      open.expandable = true;
      at_ += 2;
      return {};
    }
    if (type == "text_link" || type == "custom_emoji") return end_link();
    at_ += type == "underline" || type == "spoiler" ? 2 : type == "pre" ? 3 : 1;
    push(open);
    return {};
  }

  Status end_link() {
    auto& open = open_.back();
    bool special = open.type == "custom_emoji";
    ++at_;
    std::string url;
    if (peek(0) != '(') {
      if (special) return bad_markup("The entity must contain a tg://emoji or tg://time URL");
      url = out_.text.substr(open.text_begin);
    } else {
      auto begin = at_++;
      for (; at_ < s_.size() && s_[at_] != ')'; ++at_) {
        auto escaped = static_cast<unsigned char>(peek(1));
        if (s_[at_] == '\\' && escaped > 0 && escaped <= 126) ++at_;
        url += s_[at_];
      }
      if (at_ == s_.size()) return bad_markup("Can't find end of a URL" + at_byte(begin + 1));
      ++at_;
    }
    auto entity = entity_of(open);
    if (special) {
      if (auto done = special_link(entity, url); !done) return done;
    } else if (!link_to(entity, url)) {
      entity.length = 0;
    }
    if (entity.length > 0) out_.entities.push_back(std::move(entity));
    open_.pop_back();
    return {};
  }

  TextEntity entity_of(const Open& open) const {
    TextEntity entity;
    entity.type = open.expandable ? "expandable_blockquote" : open.type;
    entity.language = open.language;
    entity.offset = open.offset;
    entity.length = units_ - open.offset;
    return entity;
  }

  void push(const Open& open) {
    if (auto entity = entity_of(open); entity.length > 0) out_.entities.push_back(std::move(entity));
    open_.pop_back();
  }

  void start(const char* name, const char* type, std::size_t mark, std::string language = {}) {
    open_.push_back({name, type, std::move(language), at_, out_.text.size(), units_, false});
    at_ += mark;
  }

  Status begin() {
    char c = peek(0), d = peek(1);
    switch (c) {
      case '_':
        d == '_' ? start("Underline", "underline", 2) : start("Italic", "italic", 1);
        return {};
      case '*':
        start("Bold", "bold", 1);
        return {};
      case '~':
        start("Strikethrough", "strikethrough", 1);
        return {};
      case '[':
        start("TextUrl", "text_link", 1);
        return {};
      case '`':
        begin_code();
        return {};
      default:
        break;
    }
    if (c == '|' && d == '|') {
      start("Spoiler", "spoiler", 2);
    } else if (c == '!' && d == '[') {
      start("CustomEmoji", "custom_emoji", 2);
    } else if (c == '>' && line_start_ && open_.empty()) {
      start("BlockQuote", "blockquote", 1);
      line_start_ = false;
    } else {
      return bad_markup(std::string("Character '") + c + "' is reserved and must be escaped with the preceding '\\'");
    }
    return {};
  }

  void begin_code() {
    if (peek(1) != '`' || peek(2) != '`') return start("Code", "code", 1);
    auto first = at_ + 3, last = first;
    while (last < s_.size() && !is_space(s_[last]) && s_[last] != '`') ++last;
    bool language = last > first && last < s_.size() && s_[last] != '`';
    start(language ? "PreCode" : "Pre", "pre", language ? last - at_ : 3,
          language ? std::string(s_.substr(first, last - first)) : std::string());
    if (peek(0) == '\r') ++at_;
    if (peek(0) == '\n') ++at_;
  }

  std::string_view s_;
  std::size_t at_ = 0;
  int units_ = 0;
  bool line_start_ = true;
  FormattedText out_;
  std::vector<Open> open_;
};

// The address that follows "[text]" at `at`; empty when none does.
std::string legacy_url(std::string_view s, std::size_t& at) {
  if (at >= s.size() || s[at] != '(') return {};
  auto end = std::min(s.find(')', at), s.size());
  std::string url(s.substr(at + 1, end - at - 1));
  at = std::min(end + 1, s.size());
  return url;
}

}  // namespace

Result<FormattedText> parse_markdown_v2(std::string_view source) {
  return MarkdownV2(source).parse();
}

Result<FormattedText> parse_legacy_markdown(std::string_view s) {
  FormattedText out;
  int units = 0;
  auto put = [&](std::string_view piece) {
    out.text += piece;
    units += utf::units_before(piece, piece.size());
  };
  for (std::size_t at = 0; at < s.size();) {
    if (s[at] == '\\' && at + 1 < s.size() && std::string_view("_*`[").find(s[at + 1]) != std::string_view::npos) {
      put(s.substr(at + 1, 1));
      at += 2;
      continue;
    }
    if (std::string_view("_*`[").find(s[at]) == std::string_view::npos) {
      auto begin = at;
      utf::next(s, at);
      put(s.substr(begin, at - begin));
      continue;
    }
    auto begin = at;
    char mark = s[at];
    bool block = s.substr(at).starts_with("```");
    std::string_view closing = mark == '[' ? "]" : block ? "```" : s.substr(at, 1);
    at += closing.size();
    auto end = s.find(closing, at);
    if (end == std::string_view::npos) return bad_markup("Can't find end of the entity starting" + at_byte(begin));
    TextEntity entity;
    entity.type = mark == '_' ? "italic" : mark == '*' ? "bold" : mark == '[' ? "text_link" : block ? "pre" : "code";
    entity.offset = units;
    auto inside = s.substr(at, end - at);
    put(inside);
    at = end + closing.size();
    entity.length = units - entity.offset;
    if (mark == '[') {
      auto url = legacy_url(s, at);
      if (!link_to(entity, url.empty() ? inside : url)) continue;
    }
    if (entity.length > 0) out.entities.push_back(std::move(entity));
  }
  return out;
}

}  // namespace broadsheet::fakes
