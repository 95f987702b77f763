#include "digest/select/venue.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "bot/base/text.hpp"

namespace broadsheet::select {
namespace {

// Names that are known without a word of acceptance beside them. Longer ones before those that they begin with.
constexpr std::array<std::string_view, 79> kNames = {
    "3DV",      "AAAI",        "AAMAS",       "ACCV",   "ACL",   "ACM MM", "ACM Multimedia", "AISTATS",  "ApJL",
    "ApJS",     "ApJ",         "A&A",         "BMVC",   "CHI",   "CIKM",   "COLING",         "COLM",     "COLT",
    "CVPR",     "CoRL",        "EACL",        "ECAI",   "ECCV",  "ECIR",   "ECML",           "EMNLP",    "EUSIPCO",
    "FOCS",     "ICASSP",      "ICCV",        "ICLR",   "ICML",  "ICRA",   "ICSE",           "IEEE VIS", "IJCAI",
    "IJCNN",    "IJCV",        "INTERSPEECH", "IROS",   "ISBI",  "ISIT",   "Interspeech",    "JCAP",     "JMLR",
    "KDD",      "LREC-COLING", "LREC",        "MICCAI", "MNRAS", "MSR",    "NAACL",          "NeurIPS",  "OOPSLA",
    "PAKDD",    "PASA",        "PASJ",        "PASP",   "PLDI",  "POPL",   "RA-L",           "RSS",      "RecSys",
    "SIGGRAPH", "SIGIR",       "SIGMOD",      "SODA",   "STOC",  "TACL",   "TMLR",           "TPAMI",    "UAI",
    "UIST",     "USENIX",      "VLDB",        "WACV",   "WSDM",  "WWW",    "WebConf"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

bool has(std::string_view s, std::string_view part) {
  return s.find(part) != std::string_view::npos;
}

bool has_any(std::string_view s, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(), [s](auto part) { return has(s, part); });
}

// "2026", "'26", "26" right behind a name.
std::string year_at(std::string_view rest) {
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '-' || rest.front() == '\'' || rest.front() == ','))
    rest.remove_prefix(1);
  if (rest.starts_with("’")) rest.remove_prefix(std::string_view("’").size());
  std::size_t digits = 0;
  while (digits < rest.size() && is_digit(rest[digits])) ++digits;
  if (digits == 4 && (rest.starts_with("20") || rest.starts_with("19"))) return std::string(rest.substr(0, 4));
  if (digits == 2 && rest[0] >= '1' && rest[0] <= '3') return "20" + std::string(rest.substr(0, 2));
  return {};
}

struct Named {
  std::size_t at = 0, end = 0;
  std::string text;  // with its year, if one follows
  bool year = false;
};

std::optional<Named> known_in(std::string_view s) {
  std::optional<Named> best;
  for (auto name : kNames)
    for (auto at = s.find(name); at != std::string_view::npos; at = s.find(name, at + 1)) {
      auto end = at + name.size();
      bool bounded =
          (at == 0 || (!is_letter(s[at - 1]) && !is_digit(s[at - 1]))) && (end == s.size() || !is_letter(s[end]));
      if (!bounded || (best && best->at <= at)) continue;
      auto year = year_at(s.substr(end));
      if (year.empty() && at >= 5) {  // "2026 CVPR"
        auto before = year_at(s.substr(at - 5, 4));
        if (s[at - 1] == ' ') year = before;
      }
      best = Named{at, end, std::string(name) + (year.empty() ? "" : " " + year), !year.empty()};
    }
  return best;
}

// Where a name in running text ends: at a bracket, a semicolon, a full stop, or a comma that begins something else.
std::size_t name_end(std::string_view s) {
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == ';' || s[i] == '(' || s[i] == '\n' || s[i] == '[' || s.substr(i).starts_with("http")) return i;
    bool last = i + 1 == s.size();
    if (s[i] == '.' && (last || s[i + 1] == ' ') && !(i >= 3 && has_any(s.substr(i - 3, 3), {"oc", "nt", "ys", "ev"})))
      return i;
    if (s[i] == ',' && i + 2 < s.size() && (is_digit(s[i + 2]) || (s[i + 2] >= 'a' && s[i + 2] <= 'z'))) return i;
  }
  return s.size();
}

// "May 2025 for publication" is no name.
bool is_month(std::string_view s) {
  constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                        "May",       "June",     "July",     "August",
                                                        "September", "October",  "November", "December"};
  return std::any_of(kMonths.begin(), kMonths.end(), [s](auto month) { return s.starts_with(month); });
}

constexpr std::size_t kLongestName = 90;

// The name that begins there, without its article and bare numbers of pages.
std::string name_at(std::string_view s) {
  auto name = text::trim(s.substr(0, name_end(s)));
  for (std::string_view article : {"the Proceedings of ", "Proceedings of ", "proceedings of ", "the ", "The "})
    if (name.starts_with(article)) name.remove_prefix(article.size());
  if (name.size() > kLongestName) name = name.substr(0, name.find(" on "));
  if (name.size() > kLongestName || name.size() < 2 || is_month(name)) return {};
  bool capital = std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  return capital ? std::string(name) : std::string();
}

// The text behind the first of the words that is there, past prepositions and "for publication".
std::string named_after(std::string_view s, std::initializer_list<std::string_view> words) {
  auto lower = text::lower_ascii(s);
  auto at = std::string::npos;
  for (auto word : words)
    if (auto found = lower.find(word); found < at) at = found + word.size();
  if (at == std::string::npos) return {};
  constexpr std::array<std::string_view, 8> kInto = {" in ", " in: ", " at ", " to ", " by ", " on ", " as ", " for "};
  auto rest = std::string_view(s).substr(at);
  auto near = rest.substr(0, std::min<std::size_t>(rest.size(), 48));
  std::size_t from = std::string::npos;
  std::size_t start = std::string::npos;
  for (auto into : kInto)
    if (auto found = near.find(into); found < start) start = found, from = found + into.size();
  // "for presentation at", "as a regular paper in": the name comes after the next such word.
  auto named_so = near.substr(std::min(from, near.size()));
  for (std::string_view manner : {"publication", "presentation", "a ", "an ", "oral ", "poster ", "spotlight "})
    if (from != std::string::npos && text::lower_ascii(named_so).starts_with(manner))
      return named_after(rest.substr(from), {manner});
  if (from != std::string::npos && near.substr(0, start).find_first_of(".;,") != std::string_view::npos) return {};
  return from == std::string::npos ? name_at(rest) : name_at(rest.substr(from));
}

std::string named(std::string_view s, std::initializer_list<std::string_view> words) {
  auto known = known_in(s);
  auto name = named_after(s, words);
  bool own = has_any(text::lower_ascii(name), {"symposium", "findings", "workshop", "transactions", "conference on"});
  if (known && (name.empty() || (!own && has(name, known->text.substr(0, known->text.find(' ')))))) return known->text;
  return name;
}

bool is_open(std::string_view lower) {
  return has_any(lower, {"submitted", "submission to", "in submission", "under review", "under consideration",
                         "under submission", "currently in review"});
}

bool says_taken(std::string_view lower) {
  if (has_any(lower, {"not accepted", "if accepted", "to be accepted"})) return false;
  return has_any(lower, {"accepted", "accept by", "acceptance", "to appear", "published in", "published at",
                         "published as", "in proceedings", "presented at", "appeared in", "peer-reviewed",
                         "camera-ready", "camera ready", "in press", "publication in"});
}

// "Findings of ACL", "ICCV 2025", "2024 6th International Conference on …": a name and nothing else.
std::string bare(std::string_view comment) {
  for (auto part : text::split(comment, ';'))
    for (auto piece : text::split(part, ',')) {
      auto said = text::trim(piece);
      auto known = known_in(said);
      auto lower = text::lower_ascii(said);
      if (known && has(lower, "findings")) return "Findings of " + known->text;
      if (known && (known->year || said.size() <= known->text.size() + 12)) return known->text;
      bool event = has_any(lower, {"conference on", "symposium on"}) && has(said, "20");
      if (event) return name_at(said);
    }
  return {};
}

}  // namespace

bool is_taken(std::string_view venue) {
  return !venue.empty() && !venue.starts_with("submitted") && !venue.starts_with("workshop") &&
         !venue.starts_with("challenge");
}

std::string venue_of(const Paper& paper) {
  constexpr std::size_t kLongestComment = 1000;  // bytes; longer ones are no comments
  if (!paper.journal_ref.empty()) {
    auto reference = std::string_view(paper.journal_ref).substr(0, kLongestComment);
    auto known = known_in(reference);
    if (known) return known->text;
    auto name = name_at(reference.substr(0, reference.find_first_of("0123456789")));
    return name.empty() ? "published" : name;
  }
  auto comment = std::string_view(paper.comment).substr(0, kLongestComment);
  auto lower = text::lower_ascii(comment);
  auto known = known_in(comment);
  bool taken = says_taken(lower);
  if (is_open(lower) && !taken) {
    auto name = named(comment, {"submitted", "submission", "under review", "under consideration"});
    return name.empty() ? std::string() : "submitted to " + name;
  }
  auto at = known ? " at " + known->text : std::string();
  bool aside = has_any(lower, {"workshop", "wkshp"}) || (has(comment, "@") && (taken || known));
  if (aside) return "workshop" + at;
  if (has_any(lower, {"challenge", "shared task", "semeval"})) return at.empty() ? std::string() : "challenge" + at;
  if (!taken) return bare(comment);
  auto name =
      named(comment, {"accepted", "accept", "to appear", "published", "presented", "appeared", "in proceedings"});
  return name.empty() ? "accepted" : name;
}

}  // namespace broadsheet::select
