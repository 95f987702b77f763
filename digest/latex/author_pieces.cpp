#include "digest/latex/author_pieces.hpp"

#include <array>

#include "bot/base/text.hpp"
#include "digest/latex/author_words.hpp"
#include "digest/latex/scan.hpp"

namespace broadsheet::latex {
namespace {

bool opens(char c) {
  return c == '(' || c == '[';
}
bool closes(char c) {
  return c == ')' || c == ']';
}

// For each opening bracket the place of the one that closes it; npos where none does.
std::vector<std::size_t> matches(std::string_view s) {
  std::vector<std::size_t> out(s.size(), std::string_view::npos);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (opens(s[i])) open.push_back(i);
    if (!closes(s[i]) || open.empty()) continue;
    out[open.back()] = i;
    open.pop_back();
  }
  return out;
}

// The separator at s[i], as it will be remembered, and its length; empty if there is none.
std::string_view separator_at(std::string_view s, std::size_t i) {
  constexpr std::array<std::string_view, 4> kWords = {" and ", " & ", " und ", " et "};
  for (auto word : kWords)
    if (s.substr(i, word.size()) == word)
      return s.substr(i + 1).starts_with("et al") ? std::string_view() : s.substr(i, word.size());
  if (s[i] == ',' || s[i] == ';') return s.substr(i, 1);
  // Not the colon of an address.
  if (s[i] == ':' && s.substr(i, 3) != "://") return s.substr(i, 1);
  return {};
}

class Splitter {
 public:
  explicit Splitter(std::string_view s) : s_(s), match_(matches(s)) {}

  std::vector<AuthorPiece> run() {
    std::size_t i = 0;
    while (i < s_.size()) i = step(i);
    return std::move(out_);
  }

 private:
  std::size_t step(std::size_t i) {
    if (opens(s_[i])) {
      auto end = match_[i] != std::string_view::npos ? match_[i] : end_of_open(i);
      out_.back().notes.emplace_back(text::trim(s_.substr(i + 1, end - i - 1)));
      out_.back().name += ' ';
      return end < s_.size() && closes(s_[end]) ? end + 1 : end;
    }
    auto separator = separator_at(s_, i);
    if (separator.empty()) {
      if (!closes(s_[i])) out_.back().name += s_[i];
      return i + 1;
    }
    out_.emplace_back();
    out_.back().separator = separator.size() > 1 ? std::string(separator) : std::string(separator) + " ";
    // The blank behind a word may begin the next separator ("A and and B").
    return i + (separator.size() > 1 ? separator.size() - 1 : 1);
  }

  // Where the note of a bracket without an end stops: at the comma before the next person, else at the end.
  std::size_t end_of_open(std::size_t from) const {
    for (std::size_t i = from + 1; i < s_.size(); ++i) {
      if (opens(s_[i]) && match_[i] != std::string_view::npos) {
        i = match_[i];
        continue;
      }
      if (s_[i] != ',' && s_[i] != ';') continue;
      auto next = s_.substr(i + 1);
      if (is_person(next.substr(0, next.find_first_of(",;([")))) return i;
    }
    return s_.size();
  }

  std::string_view s_;
  std::vector<std::size_t> match_;
  std::vector<AuthorPiece> out_ = std::vector<AuthorPiece>(1);
};

// Marks that a superscript may hold: numbers, single letters, the footnote signs of TeX.
bool is_mark(std::string_view s) {
  if (is_reference(s)) return true;
  constexpr std::array<std::string_view, 9> kSigns = {"\\dagger", "\\dag", "\\ddagger", "\\ddag", "\\ast",
                                                      "\\star",   "\\S",   "\\P",       "\\#"};
  auto rest = std::string(s);
  for (auto sign : kSigns)
    for (auto at = rest.find(sign); at != std::string::npos; at = rest.find(sign)) rest.erase(at, sign.size());
  return rest != s && rest.find_first_not_of(" ,*{}0123456789") == std::string::npos;
}

struct Found {
  std::size_t length = 0;
  std::string instead;
};

// "{…}" behind s[at..]: its inside and the length with the braces.
std::string_view group_at(std::string_view s, std::size_t at) {
  auto end = skip_group(s, at);
  return end == at ? std::string_view() : s.substr(at, end - at);
}

Found as_note(std::size_t length, std::string_view inside) {
  bool number = is_reference(inside) && inside.find_first_not_of("* ,") != std::string_view::npos;
  return {length, number ? " (" + std::string(inside) + ") " : std::string()};
}

// "$^{1,2}$", "$^*$", "^{1}"
Found superscript_at(std::string_view s) {
  bool maths = s.starts_with("$^") || s.starts_with("${}^");
  if (!maths && !s.starts_with("^{")) return {};
  auto caret = s.find('^');
  auto end = maths ? s.find('$', caret) : skip_group(s, 1);
  if (end == std::string_view::npos || end <= caret + 1) return {};
  auto inside = s.substr(caret + 1, end - caret - 1);
  if (inside.starts_with('{') && inside.ends_with('}')) inside = inside.substr(1, inside.size() - 2);
  return is_mark(inside) ? as_note(end + (maths ? 1 : 0), inside) : Found{};
}

// "\textsuperscript{1}", "\inst{2}", "\thanks{…}", "\and"
Found command_at(std::string_view s) {
  if (!s.starts_with('\\')) return {};
  auto name = command_name(s, 0);
  auto group = group_at(s, 1 + name.size());
  auto inside = group.size() > 2 ? group.substr(1, group.size() - 2) : std::string_view();
  auto length = 1 + name.size() + group.size();
  if (name == "and" || name == "And" || name == "AND") return {1 + name.size(), " and "};
  if (name == "thanks" || name == "footnote" || name == "footnotemark" || name == "orcid" || name == "email" ||
      name == "corref")
    return {length, {}};
  if ((name == "textsuperscript" || name == "inst" || name == "affmark") && is_mark(inside))
    return as_note(length, inside);
  return {};
}

// "<a href=…>", "</a>", "<sup>1</sup>", "<br>": old feeds link every author.
Found tag_at(std::string_view s) {
  constexpr std::string_view kSup = "<sup>";
  if (s.starts_with(kSup))
    if (auto end = s.find("</sup>"); end != std::string_view::npos && is_mark(s.substr(kSup.size(), end - kSup.size())))
      return as_note(end + 6, s.substr(kSup.size(), end - kSup.size()));
  bool tag = s.size() > 2 && s[0] == '<' && (is_letter(s[1]) || (s[1] == '/' && is_letter(s[2])));
  constexpr std::size_t kLongest = 500;
  auto end = tag ? s.substr(0, kLongest).find('>') : std::string_view::npos;
  return end == std::string_view::npos ? Found{} : Found{end + 1, s.starts_with("<br") ? " " : ""};
}

Found mark_at(std::string_view s) {
  if (auto found = superscript_at(s); found.length > 0) return found;
  if (auto found = command_at(s); found.length > 0) return found;
  return tag_at(s);
}

}  // namespace

std::string plain_marks(std::string_view raw) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kWide = {
      {{"（", " ("}, {"）", ") "}, {"，", ", "}, {"、", ", "}, {"；", "; "}, {"：", ": "}}};
  std::string out;
  for (std::size_t i = 0; i < raw.size();) {
    auto rest = raw.substr(i);
    Found found;
    if (std::string_view("$^\\<").find(raw[i]) != std::string_view::npos) found = mark_at(rest);
    for (const auto& [wide, narrow] : kWide)
      if (rest.starts_with(wide)) found = {wide.size(), std::string(narrow)};
    if (found.length > 0) {
      out += found.instead;
      i += found.length;
    } else if (raw[i] == '\\' && i + 1 < raw.size()) {  // "\^e" is an accent
      out += raw.substr(i, 2);
      i += 2;
    } else {
      out += raw[i++];
    }
  }
  return out;
}

std::vector<AuthorPiece> split_authors(std::string_view s) {
  return Splitter(s).run();
}

}  // namespace broadsheet::latex
