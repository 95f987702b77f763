#include "digest/latex/authors.hpp"

#include <algorithm>
#include <map>

#include "bot/base/text.hpp"
#include "digest/latex/author_pieces.hpp"
#include "digest/latex/author_words.hpp"
#include "digest/latex/display.hpp"
#include "digest/latex/scan.hpp"

namespace broadsheet::latex {
namespace {

using Institutes = std::map<std::string, std::string>;

// The institutes of "(1) First, (2) Second", by number.
Institutes institutes(std::string_view note) {
  Institutes out;
  std::size_t at = 0;
  while ((at = note.find('(', at)) != std::string_view::npos) {
    auto close = note.find(')', at);
    if (close == std::string_view::npos) break;
    auto next = note.find('(', close);
    auto number = text::trim(note.substr(at + 1, close - at - 1));
    if (is_reference(number)) {
      auto name = note.substr(close + 1, next == std::string_view::npos ? next : next - close - 1);
      out.emplace(number, without_marks(name));
    }
    at = close;
  }
  return out;
}

std::vector<std::string> references(std::string_view s) {
  std::vector<std::string> out(1);
  for (char c : s) {
    if (is_digit(c) || is_letter(c))
      out.back() += c;
    else if (!out.back().empty())
      out.emplace_back();
  }
  return out;
}

// Where a list of institutes begins that stands behind the names without brackets around it:
// "A. Brook (1), T. Fenn (2), (1) First School, (2) Second School".
std::size_t tail_of_institutes(const std::vector<AuthorPiece>& pieces) {
  bool referred = false;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto& piece = pieces[i];
    bool refers = std::any_of(piece.notes.begin(), piece.notes.end(), is_reference);
    // The splitter leaves a blank where a bracket stood, so a name behind one begins with it.
    bool behind = piece.name.find_first_not_of(' ') != std::string::npos && piece.name.starts_with("  ");
    if (referred && refers && behind) return i;
    referred = referred || refers;
  }
  return pieces.size();
}

// Glues what " and " and commas cut out of a team's name: "the Research", "Development Team".
void glue_teams(std::vector<AuthorPiece>& pieces) {
  auto glue = [&pieces](std::size_t i) {
    pieces[i - 1].name += pieces[i].separator + std::string(text::trim(pieces[i].name));
    pieces[i - 1].notes = std::move(pieces[i].notes);
    pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(i));
  };
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    bool word = pieces[i].separator == " and " || pieces[i].separator == " & ";
    bool team = is_team(pieces[i].name) && !text::trim(pieces[i].name).starts_with("the ");
    if (!word || !team || !pieces[i - 1].notes.empty() || !begins_team(pieces[i - 1].name)) continue;
    glue(i--);
    // "the Quality, Safety and Efficacy Team"
    auto before = i > 0 ? text::lower_ascii(text::trim(pieces[i - 1].name)) : std::string();
    if (before.starts_with("the ") && before.find(' ', 4) == std::string::npos && pieces[i - 1].notes.empty())
      glue(i--);
  }
}

// "Brook, Ada; Fenn, Tomas": every part between semicolons is "Last, First".
bool is_inverted(const std::vector<AuthorPiece>& pieces) {
  if (pieces.size() < 4 || pieces.size() % 2 != 0) return false;
  std::size_t single = 0;  // family names of one word: lists of "First Last" have none
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (i > 0 && pieces[i].separator != (i % 2 == 1 ? ", " : "; ")) return false;
    if (is_suffix(pieces[i].name) || is_team(pieces[i].name)) return false;
    if (i % 2 == 0 && text::trim(pieces[i].name).find(' ') == std::string_view::npos) ++single;
  }
  return single * 4 >= pieces.size();
}

void turn_inverted(std::vector<AuthorPiece>& pieces) {
  if (!is_inverted(pieces)) return;
  std::vector<AuthorPiece> out;
  for (std::size_t i = 0; i + 1 < pieces.size(); i += 2)
    out.push_back({pieces[i + 1].name + " " + pieces[i].name, pieces[i + 1].notes, "; "});
  pieces = std::move(out);
}

// "with an appendix by Ada Brook" -> "Ada Brook"
std::string_view without_role(std::string_view name) {
  auto folded = text::lower_ascii(name);
  for (std::string_view role : {"appendix", "appendices", "contribution", "contributions"}) {
    auto at = folded.find(role);
    if (at == std::string::npos) continue;
    for (std::string_view by : {" by ", " with ", " from ", " of "})
      if (auto who = folded.find(by, at); who != std::string::npos) return text::trim(name.substr(who + by.size()));
  }
  return name;
}

class List {
 public:
  explicit List(Institutes known) : known_(std::move(known)) {}

  std::vector<Author> take() {
    for (auto& name : spoken_for_)
      if (!has(name)) out_.push_back({std::move(name), {}, true});
    return std::move(out_);
  }

  void add(const AuthorPiece& piece, bool before_colon) {
    if (before_colon && text::lower_ascii(piece.name).starts_with("author")) return;  // "Authors:"
    auto name = without_marks(without_role(text::collapse_space(piece.name)));
    if (name.starts_with("and ")) name.erase(0, 4);
    if (left_out(name) || is_degree(name) || is_reference(name)) return;
    if (name.ends_with(" et al") || name.ends_with(" et al."))
      name = without_marks(name.substr(0, name.rfind(" et al")));
    if (is_suffix(name) && !out_.empty()) {
      out_.back().name += " " + name;
      return;
    }
    Author author{name, {}, false};
    if (auto speaker = spoken_for(name)) {
      author.name = speaker->name;
      speak_for(speaker->collaboration);
    }
    author.collaboration = !author.name.empty() && (before_colon || is_team(author.name));
    bool alone = author.name.empty() && !out_.empty();  // "Ada Brook, (School of Tides)"
    for (const auto& note : piece.notes) add_note(alone ? out_.back() : author, note);
    if (!author.name.empty() && !has(author.name, author.collaboration)) out_.push_back(std::move(author));
  }

  void add_note(Author& author, const std::string& note) {
    if (auto speaker = spoken_for(note); speaker && speaker->name.empty()) return speak_for(speaker->collaboration);
    if (left_out(note) || note.empty()) return;
    if (!is_reference(note)) {
      if (!note.starts_with('(')) author.affiliations.push_back(note);
      return;
    }
    for (const auto& number : references(note))
      if (auto it = known_.find(number); it != known_.end()) author.affiliations.push_back(it->second);
  }

 private:
  void speak_for(const std::string& name) {
    auto tidy = without_marks(name);
    if (!tidy.empty() && std::find(spoken_for_.begin(), spoken_for_.end(), tidy) == spoken_for_.end())
      spoken_for_.push_back(tidy);
  }
  // A collaboration that is named twice is one; persons may share a name.
  bool has(const std::string& name, bool collaboration = true) const {
    return collaboration && std::any_of(out_.begin(), out_.end(), [&](const Author& a) {
             return a.collaboration && (a.name == name || a.name == "The " + name || a.name == "the " + name);
           });
  }

  Institutes known_;
  std::vector<Author> out_;
  std::vector<std::string> spoken_for_;  // collaborations behind the speakers; they go last
};

// "OpenTides: A. Brook" and "OpenTides, :, A. Brook": who stands before a colon is a team.
std::vector<bool> before_colons(const std::vector<AuthorPiece>& pieces) {
  std::vector<bool> out(pieces.size());
  bool colon = false;  // before the pieces that were seen, from the back
  for (auto i = pieces.size(); i-- > 0;) {
    out[i] = colon;
    bool empty = text::trim(pieces[i].name).empty();
    colon = pieces[i].separator == ": " || (empty && colon);
  }
  return out;
}

std::vector<Author> read(std::string_view shown) {
  auto pieces = split_authors(shown);
  Institutes known;
  for (const auto& piece : pieces)
    for (const auto& note : piece.notes)
      if (note.starts_with("(")) known.merge(institutes(note));
  if (auto tail = tail_of_institutes(pieces); tail < pieces.size()) {
    std::string text;
    for (auto i = tail; i < pieces.size(); ++i) {
      text += (i == tail ? "" : pieces[i].separator);
      for (const auto& note : pieces[i].notes) text += "(" + note + ")";
      text += text::trim(pieces[i].name);
    }
    known.merge(institutes(text));
    pieces.resize(tail);
  }
  turn_inverted(pieces);
  glue_teams(pieces);
  List list(std::move(known));
  auto before = before_colons(pieces);
  for (std::size_t i = 0; i < pieces.size(); ++i) list.add(pieces[i], before[i]);
  return list.take();
}

}  // namespace

std::vector<Author> parse_authors(std::string_view raw) {
  return read(to_display(plain_marks(raw), Mode::author));
}

std::vector<Author> tidy_authors(std::vector<Author> authors) {
  std::vector<Author> out;
  std::vector<Author> last;  // collaborations that speakers named
  auto add = [](std::vector<Author>& to, Author author) {
    bool known = author.collaboration &&
                 std::any_of(to.begin(), to.end(), [&](const Author& a) { return a.name == author.name; });
    if (!known) to.push_back(std::move(author));
  };
  for (auto& author : authors) {
    if (text::trim(author.name) == ":" && !out.empty()) out.back().collaboration = true;
    auto read_here = parse_authors(author.name);
    List list({});
    Author notes;
    for (const auto& affiliation : author.affiliations) list.add_note(notes, to_display(affiliation, Mode::author));
    for (auto& team : list.take()) add(last, std::move(team));
    bool first = true;
    for (auto& found : read_here) {
      if (first)
        found.affiliations.insert(found.affiliations.end(), notes.affiliations.begin(), notes.affiliations.end());
      first = false;
      add(out, std::move(found));
    }
  }
  for (auto& team : last) add(out, std::move(team));
  return out;
}

std::optional<std::size_t> unlisted_authors(std::string_view raw) {
  std::optional<std::size_t> out;
  auto look = [&out](std::string_view s) {
    if (auto n = left_out(s)) out = out.value_or(0) + *n;
  };
  for (const auto& piece : split_authors(raw)) {
    look(piece.name);
    if (text::trim(piece.name).ends_with(" et al.")) look("et al");
    for (const auto& note : piece.notes) look(note);
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

std::string join_names(const Paper& paper) {
  auto out = join_names(paper.authors);
  if (auto more = unlisted_authors(paper.authors_raw); more && !out.empty())
    out += *more > 0 ? " and " + std::to_string(*more) + " more" : " and others";
  return out;
}

}  // namespace broadsheet::latex
