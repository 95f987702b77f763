#include "digest/latex/authors.hpp"

#include <map>

#include "bot/base/text.hpp"
#include "digest/latex/display.hpp"

namespace broadsheet::latex {
namespace {

struct Piece {
  std::string name;
  std::vector<std::string> notes;  // the contents of its parentheses
};

bool is_suffix(std::string_view s) {
  return s == "Jr" || s == "Jr." || s == "Sr" || s == "Sr." || s == "II" || s == "III" || s == "IV";
}

// "1", "1 and 2", "1,3": references to a list of institutes at the end.
bool is_reference(std::string_view s) {
  if (s.empty()) return false;
  bool digit = false;
  for (auto part : text::split(s, ' '))
    for (char c : part) {
      if (c >= '0' && c <= '9')
        digit = true;
      else if (c != ',' && part != "and" && part != "&")
        return false;
    }
  return digit;
}

// Splits at commas and " and " outside parentheses; parentheses become notes of the piece before them.
std::vector<Piece> split_pieces(std::string_view s) {
  std::vector<Piece> out(1);
  std::string note;
  int depth = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    char c = s[i];
    if (c == '(' && depth++ == 0) {
      note.clear();
      continue;
    }
    if (c == ')' && depth > 0 && --depth == 0) {
      out.back().notes.emplace_back(text::trim(note));
      continue;
    }
    if (depth > 0) {
      note += c;
    } else if (c == ',' || c == ';') {
      out.emplace_back();
    } else if (s.substr(i, 5) == " and ") {
      out.emplace_back();
      i += 4;
    } else if (s.substr(i, 3) == " & ") {
      out.emplace_back();
      i += 2;
    } else {
      out.back().name += c;
    }
  }
  if (depth > 0 && !note.empty()) out.back().notes.emplace_back(text::trim(note));
  return out;
}

// The institutes of "((1) First, (2) Second)", by number.
std::map<std::string, std::string> institutes(const std::string& note) {
  std::map<std::string, std::string> out;
  std::size_t at = 0;
  while ((at = note.find('(', at)) != std::string::npos) {
    auto close = note.find(')', at);
    if (close == std::string::npos) break;
    auto next = note.find('(', close);
    auto name =
        text::trim(std::string_view(note).substr(close + 1, next == std::string::npos ? next : next - close - 1));
    while (!name.empty() && (name.back() == ',' || name.back() == ';'))
      name = text::trim(name.substr(0, name.size() - 1));
    out[note.substr(at + 1, close - at - 1)] = std::string(name);
    at = close;
  }
  return out;
}

std::vector<std::string> numbers(std::string_view s) {
  std::vector<std::string> out;
  std::string number;
  for (char c : std::string(s) + " ") {
    if (c >= '0' && c <= '9') {
      number += c;
    } else if (!number.empty()) {
      out.push_back(number);
      number.clear();
    }
  }
  return out;
}

void add_affiliations(Author& author, const Piece& piece, const std::map<std::string, std::string>& known) {
  for (const auto& note : piece.notes) {
    if (!is_reference(note)) {
      if (note.find('(') == std::string::npos && !note.empty()) author.affiliations.push_back(note);
      continue;
    }
    for (const auto& number : numbers(note))
      if (auto it = known.find(number); it != known.end()) author.affiliations.push_back(it->second);
  }
}

bool is_collaboration(std::string_view name) {
  auto folded = text::lower_ascii(name);
  return folded.ends_with("collaboration") || folded.ends_with("collaborations") || folded.ends_with("consortium");
}

}  // namespace

std::vector<Author> parse_authors(std::string_view raw) {
  auto shown = to_display(raw, Mode::author);
  std::string_view s = shown;
  std::vector<Author> out;
  // "The Example Collaboration: A. Brook, …"
  if (auto colon = s.find(':'); colon != std::string_view::npos && is_collaboration(text::trim(s.substr(0, colon)))) {
    out.push_back({std::string(text::trim(s.substr(0, colon))), {}, true});
    s.remove_prefix(colon + 1);
  }
  auto pieces = split_pieces(s);
  std::map<std::string, std::string> known;
  for (const auto& piece : pieces)
    for (const auto& note : piece.notes)
      if (note.starts_with("(")) known.merge(institutes(note));
  for (const auto& piece : pieces) {
    auto name = text::collapse_space(piece.name);
    if (name.starts_with("and ")) name.erase(0, 4);
    if (is_suffix(name) && !out.empty()) {
      out.back().name += " " + name;
      continue;
    }
    if (name.empty()) continue;
    Author author{name, {}, is_collaboration(name)};
    add_affiliations(author, piece, known);
    out.push_back(std::move(author));
  }
  return out;
}

std::string join_names(const std::vector<Author>& authors) {
  std::string out;
  for (const auto& author : authors) {
    if (!out.empty()) out += ", ";
    out += author.name;
  }
  return out;
}

}  // namespace broadsheet::latex
