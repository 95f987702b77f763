#include "digest/latex/author_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "bot/base/text.hpp"
#include "digest/latex/scan.hpp"

namespace broadsheet::latex {
namespace {

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A word that no person's name ends with.
constexpr std::array<std::string_view, 38> kTeam = {
    "collaboration", "collaborations", "team",         "teams",        "group",        "groups",       "consortium",
    "consortia",     "initiative",     "initiatives",  "alliance",     "committee",    "committees",   "network",
    "project",       "projects",       "laboratory",   "laboratories", "lab",          "labs",         "university",
    "institute",     "community",      "contributors", "partnership",  "organization", "organisation", "investigators",
    "researchers",   "participants",   "observatory",  "foundation",   "association",  "society",      "council",
    "force",         "corporation",    "inc"};
// A word that makes "… of …" or "… for …" an institution.
constexpr std::array<std::string_view, 14> kInstitution = {
    "university", "institute", "institut", "institution", "department", "dept",        "center",
    "centre",     "school",    "academy",  "faculty",     "laboratory", "observatory", "foundation"};
// What teams are about: "Machine Learning and Systems Group".
constexpr std::array<std::string_view, 44> kSubject = {
    "research",    "development", "science",    "sciences",   "technology",   "technologies",   "learning",
    "vision",      "data",        "systems",    "theory",     "analysis",     "safety",         "alignment",
    "engineering", "language",    "reasoning",  "computing",  "security",     "health",         "energy",
    "physics",     "astronomy",   "education",  "robotics",   "intelligence", "speech",         "media",
    "cloud",       "policy",      "operations", "simulation", "imaging",      "infrastructure", "mathematics",
    "statistics",  "chemistry",   "biology",    "medicine",   "software",     "hardware",       "evaluation",
    "training",    "planning"};

// Without the punctuation around it, in lower case.
std::string bare(std::string_view word) {
  constexpr std::string_view kAround = ".,;:'\"()[]";
  while (!word.empty() && kAround.find(word.front()) != std::string_view::npos) word.remove_prefix(1);
  while (!word.empty() && kAround.find(word.back()) != std::string_view::npos) word.remove_suffix(1);
  return text::lower_ascii(word);
}

std::string last_word(std::string_view name) {
  name = text::trim(name);
  return bare(name.substr(name.find_last_of(" -/") + 1));
}

bool has_institution(std::string_view s) {
  for (auto word : text::split(s, ' ')) {
    auto w = bare(word);
    if (contains(kInstitution, w) || w.starts_with("univ") || w.starts_with("labora") || w.starts_with("dépar"))
      return true;
  }
  return false;
}

// "CNRS", "FR3487": an acronym of an institution, not initials ("J.D.", "JD").
bool is_acronym(std::string_view word) {
  auto lower =
      std::count_if(word.begin(), word.end(), [](unsigned char c) { return (c >= 'a' && c <= 'z') || c > 0x7F; });
  auto upper = std::count_if(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  bool digit = std::any_of(word.begin(), word.end(), is_digit);
  return lower == 0 && (upper > 2 || digit) && word.find('.') == std::string_view::npos;
}

std::string_view cut_article(std::string_view s) {
  s = text::trim(s);
  if (text::lower_ascii(s.substr(0, 4)) == "the ") s.remove_prefix(4);
  return text::trim(s);
}

// The byte lengths of marks that footnotes use; 0 when `s` does not end with one.
std::size_t mark_at_end(std::string_view s) {
  constexpr std::array<std::string_view, 37> kMarks = {"*", "\\", "#", "†", "‡", "§", "¶", "‖", "∗", "⋆", "★", "☆", "✉",
                                                       "♠", "♣",  "♥", "♦", "⊕", "⊗", "^", "¹", "²", "³", "⁰", "⁴", "⁵",
                                                       "⁶", "⁷",  "⁸", "⁹", "ᵃ", "ᵇ", "ᶜ", "ᵈ", "ᵉ", "˒", "⸴"};
  for (auto mark : kMarks)
    if (s.ends_with(mark)) return mark.size();
  return 0;
}

}  // namespace

bool is_suffix(std::string_view s) {
  constexpr std::array<std::string_view, 8> kSuffix = {"jr", "sr", "ii", "iii", "iv", "júnior", "filho", "neto"};
  return contains(kSuffix, bare(s));
}

bool is_degree(std::string_view s) {
  constexpr std::array<std::string_view, 10> kDegrees = {"phd",  "ph.d", "md",  "m.d", "msc",
                                                         "m.sc", "mph",  "frs", "esq", "dr"};
  return contains(kDegrees, bare(s));
}

bool is_team(std::string_view name) {
  if (contains(kTeam, last_word(name))) return true;
  auto words = text::split(name, ' ');
  auto first = bare(words.front());
  if (words.size() > 1 && (first == "team" || first == "collaboration")) return true;
  if (words.size() > 1 && words.front() == "the") return true;  // "The" opens Vietnamese names
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (contains(kInstitution, bare(words[i])) && (words[i + 1] == "of" || words[i + 1] == "for")) return true;
  return false;
}

bool is_person(std::string_view s) {
  s = text::trim(s);
  if (s.find(' ') == std::string_view::npos && s.find('.') == std::string_view::npos) return false;
  if (is_team(s) || has_institution(s) || std::any_of(s.begin(), s.end(), is_digit)) return false;
  bool all_capitals = std::none_of(s.begin(), s.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  auto words = text::split(s, ' ');
  bool acronym = std::any_of(words.begin(), words.end(), is_acronym);
  bool place =
      std::any_of(words.begin(), words.end(), [](auto w) { return w == "of" || w == "for" || w == "and" || w == "-"; });
  return !acronym && !all_capitals && !place && (s.front() < 'a' || s.front() > 'z');
}

bool is_reference(std::string_view s) {
  bool found = false;
  std::string word;
  for (char c : std::string(s) + ",") {
    if (is_digit(c) || is_letter(c)) {
      word += c;
      continue;
    }
    if (c != ',' && c != '*' && c != ' ' && c != '&' && c != ';') return false;
    bool joiner = word.empty() || word == "and";
    bool number = !word.empty() && word.size() <= 3 && std::all_of(word.begin(), word.end(), is_digit);
    bool letter = word.size() == 1 && word[0] >= 'a' && word[0] <= 'z';
    if (!joiner && !number && !letter) return false;
    found = found || number || letter || c == '*';
    word.clear();
  }
  return found;
}

bool begins_team(std::string_view s) {
  s = text::trim(s);
  if (s.empty() || contains(kTeam, last_word(s))) return false;
  auto folded = text::lower_ascii(s);
  if (auto at = folded.find(" behalf of "); at != std::string::npos) return true;
  return folded.starts_with("the ") || folded.find(' ') == std::string::npos ||
         folded.find(" for the ") != std::string::npos || contains(kSubject, last_word(s));
}

std::optional<Speaker> spoken_for(std::string_view s) {
  constexpr std::size_t kLongest = 500;  // longer is no name, and looking at every "for" in it would take long
  s = text::trim(s);
  if (s.size() > kLongest) return std::nullopt;
  auto folded = " " + text::lower_ascii(s);  // a blank in front, so that the phrase may open the text
  constexpr std::array<std::string_view, 3> kAlways = {" on behalf of ", " in behalf of ", " representing "};
  for (auto phrase : kAlways)
    if (auto at = folded.find(phrase); at != std::string::npos)
      return Speaker{std::string(text::trim(s.substr(0, at))),
                     std::string(cut_article(s.substr(at + phrase.size() - 1)))};
  constexpr std::string_view kFor = " for ";
  for (auto at = folded.find(kFor); at != std::string::npos; at = folded.find(kFor, at + 1)) {
    auto whole = text::trim(s.substr(at + kFor.size() - 1));
    // "Institute for the Tides Group" is one name.
    auto before = text::trim(s.substr(0, at));
    if (is_team(whole) && !has_institution(before) && contains(kTeam, last_word(whole)))
      return Speaker{std::string(before), std::string(cut_article(whole))};
  }
  return std::nullopt;
}

std::optional<std::size_t> left_out(std::string_view s) {
  auto folded = text::lower_ascii(text::trim(s));
  if (folded.starts_with("and ")) folded.erase(0, 4);
  std::size_t n = 0;
  auto [end, ec] = std::from_chars(folded.data(), folded.data() + folded.size(), n);
  auto rest = std::string(text::trim(std::string_view(end, folded.data() + folded.size() - end)));
  while (!rest.empty() && rest.back() == '.') rest.pop_back();
  constexpr std::array<std::string_view, 8> kMore = {"additional authors not shown",
                                                     "additional author not shown",
                                                     "additional authors",
                                                     "other authors",
                                                     "more authors",
                                                     "others",
                                                     "more",
                                                     "additional author"};
  if (ec == std::errc{}) return contains(kMore, rest) ? std::optional(n) : std::nullopt;
  bool open =
      rest == "et al" || rest == "et. al" || rest == "et alii" || rest == "others" || rest == "…" || rest.empty();
  if (rest.empty()) open = folded == "..." || folded == "....";
  return open ? std::optional<std::size_t>(0) : std::nullopt;
}

std::string without_marks(std::string_view name) {
  name = text::trim(name);
  for (bool changed = true; changed && !name.empty();) {
    changed = false;
    if (auto n = mark_at_end(name); n > 0) {
      name = text::trim(name.substr(0, name.size() - n));
      changed = true;
    } else if (name.back() == ',' || name.back() == ';' || name.back() == ':') {
      name = text::trim(name.substr(0, name.size() - 1));
      changed = true;
    }
  }
  // "Jane Doe1": a number stuck to the last word of a person's name.
  auto end = name.size();
  while (end > 0 && is_digit(name[end - 1])) --end;
  bool stuck = end < name.size() && end > 1 && name[end - 1] >= 'a' && name[end - 1] <= 'z';
  if (stuck && name.find(' ') < end && !is_team(name)) name = name.substr(0, end);
  constexpr std::string_view kFront = "*.,;:";
  while (!name.empty() && kFront.find(name.front()) != std::string_view::npos) name = text::trim(name.substr(1));
  return std::string(name);
}

}  // namespace broadsheet::latex
