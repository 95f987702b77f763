#include "digest/select/signals.hpp"

#include <algorithm>
#include <array>

#include "bot/base/text.hpp"
#include "digest/select/kinds.hpp"
#include "digest/select/venue.hpp"

namespace broadsheet::select {
namespace {

constexpr std::array<std::string_view, 5> kCodeHosts = {"github.com", "gitlab.com", "bitbucket.org", "codeberg.org",
                                                        "anonymous.4open.science"};
// Hosts of models, data and code alike.
constexpr std::array<std::string_view, 2> kDepots = {"huggingface.co", "zenodo.org"};

// An address and what is said of it: the sentence that it stands in, in lower case.
struct Link {
  std::string address, said;
};

// Foreign text may be one long sentence: what is farther away says nothing of the place.
constexpr std::size_t kFarthest = 500;
constexpr std::size_t kMostAddresses = 50;

std::size_t sentence_start(std::string_view s, std::size_t at) {
  auto least = at > kFarthest ? at - kFarthest : 0;
  while (at > least) {
    --at;
    bool ends = s[at] == '.' || s[at] == '!' || s[at] == '?' || s[at] == ';';
    if (s[at] == '\n' || (ends && at + 1 < s.size() && s[at + 1] == ' ')) return at + 1;
  }
  return least;
}

void add_addresses(std::string_view s, std::vector<Link>& out) {
  for (std::size_t at = s.find("http"); at != std::string_view::npos; at = s.find("http", at + 4)) {
    if (out.size() == kMostAddresses) return;
    auto end = std::min(s.find_first_of(" \n)]}>,;\"'", at), s.size());
    auto address = s.substr(at, end - at);
    while (!address.empty() && (address.back() == '.' || address.back() == ':')) address.remove_suffix(1);
    if (!address.starts_with("http://") && !address.starts_with("https://")) continue;
    auto from = sentence_start(s, at);
    auto said = s.substr(from, at - from);
    // Of several in a row each has what stands right before it: "Project page: … Code: …".
    if (auto other = said.rfind("http"); other != std::string_view::npos)
      said.remove_prefix(said.find(' ', other) == std::string_view::npos ? other : said.find(' ', other));
    out.push_back({std::string(address), text::lower_ascii(said)});
  }
}

bool says(std::string_view said, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [said](auto word) { return said.find(word) != std::string_view::npos; });
}

bool is_promise(std::string_view said) {
  return says(said, {"will be", "we will", "upon ", "to be released", "plan to", "soon"});
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

// Code that is there, not code that is promised, nor a list of papers or data alone.
bool is_code(const std::string& host, const Link& link) {
  bool named = says(link.said, {"code", "implementation", "software", "package", "library"});
  if (is_promise(link.said) || says(text::lower_ascii(link.address), {"awesome"})) return false;
  if (std::find(kDepots.begin(), kDepots.end(), host) != kDepots.end()) return named;
  if (host.ends_with(".github.io") || host.ends_with(".gitlab.io")) return says(link.said, {"code"});
  bool data_alone = says(link.said, {"data", "table", "resources", "artifacts"}) && !named;
  return std::find(kCodeHosts.begin(), kCodeHosts.end(), host) != kCodeHosts.end() && !data_alone;
}

void add_links(const Paper& paper, std::vector<Badge>& out) {
  std::vector<Link> links;
  add_addresses(paper.abstract, links);
  add_addresses(paper.comment, links);
  bool code = false;
  bool page = false;
  for (const auto& link : links) {
    if (!is_plain(link.address)) continue;
    auto host = host_of(link.address);
    auto secure = link.address.starts_with("http://") ? "https://" + link.address.substr(7) : link.address;
    if (!code && is_code(host, link)) {
      out.push_back({BadgeKind::code, "code", secure});
      code = true;
    }
    if (!page && (host.ends_with(".github.io") || host.ends_with(".gitlab.io"))) {
      out.push_back({BadgeKind::project_page, "project page", secure});
      page = true;
    }
  }
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

// The sentence is of harm or of an error's size, not of what the paper gains.
bool is_defect(std::string_view s, std::size_t at) {
  auto from = sentence_start(s, at);
  auto said = text::lower_ascii(s.substr(from, at - from + kFarthest));
  said.resize(std::min(said.find(". ", at - from), said.size()));
  return says(said,
              {"degrad",     "drop",       "declin",   "worse",          "a difference of", "deteriorat",   "discrepan",
               "error of",   "uncertaint", "an error", "attack success", "loses ",          "loss of",      "inflat",
               "contaminat", "fails ",     "vulnerab", "hallucinat",     "overestimat",     "underestimat", "suffer"});
}

}  // namespace

std::vector<Badge> badges(const Paper& paper) {
  std::vector<Badge> out;
  if (paper.withdrawn) out.push_back({BadgeKind::withdrawn, "withdrawn", {}});
  if (auto venue = venue_of(paper); !venue.empty()) out.push_back({BadgeKind::venue, std::move(venue), {}});
  add_links(paper, out);
  auto kinds = kinds_of(paper);
  if (kinds.survey) out.push_back({BadgeKind::survey, "survey", {}});
  if (kinds.benchmark) out.push_back({BadgeKind::benchmark, "benchmark", {}});
  if (kinds.dataset) out.push_back({BadgeKind::dataset, "dataset", {}});
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
    if (own_word && !unit.empty() && is_difference(s.substr(0, at), s.substr(end + unit.size())) && !is_defect(s, at))
      return std::string(s.substr(at, end - at)) + std::string(unit == "x" ? "×" : unit);
    at = s.find_first_of(kDigits, end);
  }
  return {};
}

}  // namespace broadsheet::select
