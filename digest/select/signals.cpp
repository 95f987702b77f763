#include "digest/select/signals.hpp"

#include <algorithm>
#include <array>

#include "bot/base/text.hpp"
#include "digest/select/terms.hpp"

namespace broadsheet::select {
namespace {

constexpr std::array<std::string_view, 6> kCodeHosts = {"github.com",    "gitlab.com",   "huggingface.co",
                                                        "bitbucket.org", "codeberg.org", "zenodo.org"};
constexpr std::array<std::string_view, 47> kVenues = {
    "CVPR",        "ICCV",   "ECCV",    "NeurIPS", "ICML",   "ICLR", "AAAI", "IJCAI", "ACL",      "EMNLP",
    "NAACL",       "EACL",   "COLING",  "TACL",    "ICRA",   "IROS", "CoRL", "RSS",   "SIGGRAPH", "KDD",
    "WWW",         "SIGIR",  "WSDM",    "CIKM",    "MICCAI", "WACV", "BMVC", "ACCV",  "3DV",      "Interspeech",
    "INTERSPEECH", "ICASSP", "TPAMI",   "IJCV",    "TMLR",   "JMLR", "CHI",  "UIST",  "USENIX",   "VLDB",
    "SIGMOD",      "ICSE",   "AISTATS", "UAI",     "COLT",   "STOC", "FOCS"};

std::vector<std::string> addresses(std::string_view s) {
  std::vector<std::string> out;
  for (std::size_t at = s.find("http"); at != std::string_view::npos; at = s.find("http", at + 4)) {
    auto end = s.find_first_of(" \n)]}>,;\"'", at);
    auto address = s.substr(at, end == std::string_view::npos ? end : end - at);
    while (!address.empty() && (address.back() == '.' || address.back() == ':')) address.remove_suffix(1);
    if (address.starts_with("http://") || address.starts_with("https://")) out.emplace_back(address);
  }
  return out;
}

std::string host_of(std::string_view address) {
  auto from = address.find("://") + 3;
  auto host = text::lower_ascii(address.substr(from, address.find('/', from) - from));
  return host.starts_with("www.") ? host.substr(4) : host;
}

// Plain characters only, so that an address cannot carry mark-up or look-alikes.
bool is_plain(std::string_view address) {
  return address.size() <= 200 && std::all_of(address.begin(), address.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view("-._~:/#?=&%+").find(c) != std::string_view::npos;
         });
}

void add_links(const Paper& paper, std::vector<Badge>& out) {
  bool code = false;
  bool page = false;
  for (const auto& address : addresses(paper.abstract + " " + paper.comment)) {
    if (!is_plain(address)) continue;
    auto host = host_of(address);
    auto secure = address.starts_with("http://") ? "https://" + address.substr(7) : address;
    if (!code && std::find(kCodeHosts.begin(), kCodeHosts.end(), host) != kCodeHosts.end()) {
      out.push_back({BadgeKind::code, "code", secure});
      code = true;
    } else if (!page && (host.ends_with(".github.io") || host.ends_with(".gitlab.io"))) {
      out.push_back({BadgeKind::project_page, "project page", secure});
      page = true;
    }
  }
}

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// "CVPR 2026", with the year when one follows.
std::string venue_in(std::string_view s) {
  for (auto venue : kVenues)
    for (auto at = s.find(venue); at != std::string_view::npos; at = s.find(venue, at + 1)) {
      auto end = at + venue.size();
      if ((at > 0 && is_alnum(s[at - 1])) || (end < s.size() && is_alnum(s[end]) && (s[end] < '0' || s[end] > '9')))
        continue;
      auto rest = s.substr(end);
      while (!rest.empty() && (rest.front() == ' ' || rest.front() == '-' || rest.front() == '\''))
        rest.remove_prefix(1);
      bool year = rest.size() >= 4 && rest.starts_with("20") && rest[2] >= '0' && rest[2] <= '9' && rest[3] >= '0' &&
                  rest[3] <= '9';
      return std::string(venue) + (year ? " " + std::string(rest.substr(0, 4)) : "");
    }
  return {};
}

std::string pages_in(std::string_view s) {
  auto at = s.find(" page");
  if (at == std::string_view::npos) return {};
  auto from = at;
  while (from > 0 && s[from - 1] >= '0' && s[from - 1] <= '9') --from;
  if (from == at || at - from > 4) return {};
  auto n = std::string(s.substr(from, at - from));
  return n + (n == "1" ? " page" : " pages");
}

bool title_says(const Paper& paper, std::initializer_list<std::string_view> wanted) {
  for (const auto& word : words(paper.title))
    for (auto w : wanted)
      if (word == w) return true;
  return false;
}

constexpr std::string_view kDigits = "0123456789";

// The unit right behind a number, as it stands there; "x" only where it is a sign of its own.
std::string_view unit_of(std::string_view rest) {
  for (std::string_view unit : {"%", "×", " points", " percentage points"})
    if (rest.starts_with(unit)) return unit;
  return rest.starts_with("x ") || rest.starts_with("x,") ? rest.substr(0, 1) : std::string_view();
}

// Whether the number between the two is what separates one thing from another: "… by up to 7 %", "3 × faster",
// "a 12 % improvement".
bool is_difference(std::string_view before, std::string_view after) {
  constexpr std::string_view kBefore[] = {" by",   " up to", " over",  " of",   " about", " around",        " nearly",
                                          " than", " to",    " least", " more", " at",    " approximately", " roughly"};
  for (bool cut = true; cut;) {
    before = text::trim(before);
    if (before.ends_with(" by")) return true;
    cut = false;
    for (auto word : kBefore)
      if (!cut && before.ends_with(word)) before.remove_suffix(word.size()), cut = true;
  }
  constexpr std::string_view kAfter[] = {"faster",   "speedup",  "speed-up", "improve",   "gain",  "relative",
                                         "absolute", "smaller",  "fewer",    "reduction", "less",  "higher",
                                         "lower",    "increase", "cheaper",  "more",      "better"};
  after = text::trim(after.substr(0, 16));
  return std::any_of(std::begin(kAfter), std::end(kAfter), [after](auto word) { return after.starts_with(word); });
}

}  // namespace

std::vector<Badge> badges(const Paper& paper) {
  std::vector<Badge> out;
  if (paper.withdrawn) out.push_back({BadgeKind::withdrawn, "withdrawn", {}});
  if (auto venue = venue_in(paper.comment + " " + paper.journal_ref); !venue.empty()) {
    bool only_sent = text::lower_ascii(paper.comment).find("submi") != std::string::npos ||
                     text::lower_ascii(paper.comment).find("under review") != std::string::npos;
    out.push_back({BadgeKind::venue, only_sent ? "submitted to " + venue : venue, {}});
  }
  add_links(paper, out);
  auto folded = text::lower_ascii(paper.abstract);
  if (title_says(paper, {"survey", "review", "tutorial", "overview"})) out.push_back({BadgeKind::survey, "survey", {}});
  if (title_says(paper, {"benchmark", "benchmarking", "bench", "leaderboard"})) {
    out.push_back({BadgeKind::benchmark, "benchmark", {}});
  } else if (title_says(paper, {"dataset", "corpus"}) || folded.find("we release the dat") != std::string::npos ||
             folded.find("new dataset") != std::string::npos) {
    out.push_back({BadgeKind::dataset, "dataset", {}});
  }
  if (auto pages = pages_in(paper.comment); !pages.empty()) out.push_back({BadgeKind::pages, pages, {}});
  if (paper.version > 1) out.push_back({BadgeKind::new_version, "version " + std::to_string(paper.version), {}});
  return out;
}

std::string measured_difference(const Paper& paper) {
  std::string_view s = paper.abstract;
  for (std::size_t at = s.find_first_of(kDigits); at != std::string_view::npos;) {
    auto end = std::min(s.find_first_not_of("0123456789.,", at), s.size());
    while (end > at + 1 && (s[end - 1] == '.' || s[end - 1] == ',')) --end;
    auto unit = unit_of(s.substr(end));
    bool own_word = at == 0 || s[at - 1] == ' ' || s[at - 1] == '(' || s[at - 1] == '~';
    if (own_word && !unit.empty() && is_difference(s.substr(0, at), s.substr(end + unit.size())))
      return std::string(s.substr(at, end - at)) + std::string(unit == "x" ? "×" : unit);
    at = s.find_first_of(kDigits, end);
  }
  return {};
}

}  // namespace broadsheet::select
