// Whatever people paste for a paper: addresses of arXiv and of the sites around it, the stamp of a PDF's margin, what a
// citation style or a chat client made of an id.
#include <algorithm>
#include <array>
#include <vector>

#include "bot/base/text.hpp"
#include "digest/model/category.hpp"
#include "digest/model/paper_id.hpp"

namespace broadsheet {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool all_digits(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), is_digit);
}

bool cut_prefix(std::string_view& s, std::string_view prefix) {
  if (s.size() < prefix.size() || text::lower_ascii(s.substr(0, prefix.size())) != prefix) return false;
  s.remove_prefix(prefix.size());
  return true;
}

// Brackets, punctuation, and what chat clients put around a word.
std::string_view stripped(std::string_view s) {
  constexpr std::array<std::string_view, 42> kAround = {
      "<",  ">", "(", ")", "[", "]",  "{",  "}",  ".",  ",",  ";",  ":",  "!",      "?",
      "\"", "'", "`", "*", "_", "~",  "|",  " ",  "\t", "\n", "\r", "“",  "”",      "‘",
      "’",  "„", "«", "»", "…", "。", "，", "、", "（", "）", "【", "】", "\u200B", "\u00A0"};
  for (bool again = true; again;) {
    again = false;
    for (auto mark : kAround) {
      if (s.starts_with(mark)) s.remove_prefix(mark.size()), again = true;
      if (s.ends_with(mark)) s.remove_suffix(mark.size()), again = true;
    }
  }
  return s;
}

// Cuts "v12"; nothing if the version is malformed ("v0", "v01").
std::optional<int> take_version(std::string_view& s) {
  constexpr std::size_t kLongest = 4;
  auto v = s.find_last_of("vV");
  if (v == std::string_view::npos || v == 0 || !all_digits(s.substr(v + 1))) return 0;
  auto digits = s.substr(v + 1);
  if (digits[0] == '0' || digits.size() > kLongest) return std::nullopt;
  s = s.substr(0, v);
  int out = 0;
  for (char c : digits) out = out * 10 + (c - '0');
  return out;
}

// "cs.CL/2512.00001": the class stands before the id, as in the old scheme.
std::string_view without_class(std::string_view s) {
  auto slash = s.find('/');
  if (slash == std::string_view::npos || s.find('.', slash) == std::string_view::npos) return s;
  auto archive = text::lower_ascii(s.substr(0, std::min(slash, s.find('.'))));
  return is_archive(archive) ? s.substr(slash + 1) : s;
}

// "arXiv:2401.12345v2.pdf"
std::optional<VersionedId> id_in(std::string_view s) {
  s = stripped(s);
  for (bool again = true; again;) {
    again = false;
    for (auto prefix : {"doi:", "oai:arxiv.org:", "arxiv:", "arxiv.", "arxiv/", "arxiv-", "arxiv_", "10.48550/",
                        "eprint:", "abs/", "pdf/", "id:"})
      again = cut_prefix(s, prefix) || again;
    s = stripped(s);
  }
  while (s.ends_with('/')) s.remove_suffix(1);
  for (std::string_view ending : {".pdf", ".html", ".htm", ".ps", ".ps.gz", ".tex"})
    if (s.size() > ending.size() && text::lower_ascii(s.substr(s.size() - ending.size())) == ending) {
      s.remove_suffix(ending.size());
      break;
    }
  s = without_class(s);
  auto version = take_version(s);
  if (!version) return std::nullopt;
  auto id = PaperId::parse(s);
  return id ? std::optional(VersionedId{*id, *version}) : std::nullopt;
}

// Sites whose addresses hold arXiv ids: host, and what the path must begin with.
struct Site {
  std::string_view host, path;
};
constexpr std::array<Site, 24> kSites = {{{"arxiv.org", ""},
                                          {"xxx.lanl.gov", ""},
                                          {"ar5iv.org", ""},
                                          {"doi.org", "10.48550/arxiv."},
                                          {"dx.doi.org", "10.48550/arxiv."},
                                          {"alphaxiv.org", ""},
                                          {"huggingface.co", "papers"},
                                          {"hf.co", "papers"},
                                          {"papers.cool", "arxiv"},
                                          {"scirate.com", ""},
                                          {"inspirehep.net", ""},
                                          {"semanticscholar.org", ""},
                                          {"api.semanticscholar.org", ""},
                                          {"ui.adsabs.harvard.edu", ""},
                                          {"adsabs.harvard.edu", ""},
                                          {"emergentmind.com", "papers"},
                                          {"arxiv-sanity-lite.com", ""},
                                          {"connectedpapers.com", ""},
                                          {"catalyzex.com", "paper"},
                                          {"paperswithcode.com", "paper"},
                                          {"arxivxplorer.com", ""},
                                          {"scholar.archive.org", ""},
                                          {"litmaps.com", ""},
                                          {"bytez.com", "docs/arxiv"}}};

bool is_site(std::string_view host, std::string_view path) {
  constexpr std::string_view kMirror = ".arxiv.org";
  if (host.ends_with(kMirror)) return true;
  for (const auto& site : kSites)
    if (host == site.host && text::lower_ascii(path.substr(0, site.path.size())) == site.path) return true;
  return false;
}

// "2024arXiv240112345B", the code of the Astrophysics Data System.
std::optional<VersionedId> bibcode(std::string_view s) {
  constexpr std::size_t kNumber = 9;  // behind the year and "arXiv"
  if (s.size() < kNumber + 8 || !all_digits(s.substr(0, 4)) || text::lower_ascii(s.substr(4, 5)) != "arxiv")
    return std::nullopt;
  auto digits = s.substr(kNumber, s.find_first_not_of("0123456789", kNumber) - kNumber);
  return digits.size() > 4 ? id_in(std::string(digits.substr(0, 4)) + "." + std::string(digits.substr(4)))
                           : std::nullopt;
}

// The id in the path or query of an address: whole segments, an old id being two of them.
std::optional<VersionedId> id_in_address(std::string_view rest) {
  for (std::size_t from = 0; from < rest.size();) {
    auto end = rest.find_first_of("/?&#=:", from);
    auto segment = rest.substr(from, end == std::string_view::npos ? end : end - from);
    // "%2F" and "%3A" of a copied address
    if (auto code = segment.find('%'); code != std::string_view::npos && segment.substr(code).size() > 3)
      if (auto found = id_in(segment.substr(code + 3))) return found;
    if (auto found = id_in(segment)) return found;
    if (auto found = bibcode(segment)) return found;
    if (end == std::string_view::npos) break;
    if (rest[end] == '/') {
      auto two = rest.substr(from, rest.find_first_of("/?&#", end + 1) - from);
      if (auto found = id_in(two); found && found->id.str().find('/') != std::string::npos) return found;
    }
    from = end + 1;
  }
  return std::nullopt;
}

// An address with or without its scheme. Nothing if `s` is none, or of a site that is not known.
std::optional<VersionedId> from_address(std::string_view s) {
  auto scheme = s.find("://");
  if (scheme != std::string_view::npos && scheme < 6) s.remove_prefix(scheme + 3);
  cut_prefix(s, "www.");
  auto slash = s.find_first_of("/?");
  if (slash == std::string_view::npos) return std::nullopt;
  auto host = text::lower_ascii(s.substr(0, slash));
  host.resize(std::min(host.size(), host.find(':')));
  auto path = s.substr(slash + 1);
  return is_site(host, path) ? id_in_address(path) : std::nullopt;
}

std::optional<VersionedId> from_word(std::string_view s) {
  s = stripped(s);
  // Slack's <address|label>
  if (auto bar = s.find('|'); bar != std::string_view::npos) {
    if (auto found = from_word(s.substr(0, bar))) return found;
    return from_word(s.substr(bar + 1));
  }
  // Markdown's [label](address)
  if (auto link = s.find("]("); link != std::string_view::npos) {
    if (auto found = from_word(s.substr(link + 2))) return found;
    return from_word(s.substr(0, link));
  }
  if (s.find(' ') != std::string_view::npos) return std::nullopt;
  if (auto id = id_in(s)) return id;
  if (auto address = from_address(s)) return address;
  // "doi:https://doi.org/…", "url=https://…"
  auto scheme = s.rfind("http");
  return scheme == 0 || scheme == std::string_view::npos ? std::nullopt : from_address(s.substr(scheme));
}

bool is_month(std::string_view s) {
  constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                        "jul", "aug", "sep", "oct", "nov", "dec"};
  return s.size() >= 3 && std::find(kMonths.begin(), kMonths.end(), s.substr(0, 3)) != kMonths.end();
}

// What stands around an id in a stamp or a citation: "arXiv preprint", "[cs.CL]", "3 Jan 2024".
bool is_beside(std::string_view word) {
  auto bare = text::lower_ascii(stripped(word));
  constexpr std::array<std::string_view, 15> kWords = {"",       "arxiv",     "preprint", "pre-print", "e-print",
                                                       "eprint", "e-prints",  "id",       "doi",       "paper",
                                                       "abs",    "arxiv.org", "-",        "–",         "number"};
  if (std::find(kWords.begin(), kWords.end(), bare) != kWords.end()) return true;
  if (all_digits(bare)) return bare.size() <= 2 || bare.size() == 4;  // a day or a year
  if (is_month(bare)) return true;
  if (bare.starts_with('v') && all_digits(std::string_view(bare).substr(1))) return true;
  return Category::parse(stripped(word)).has_value() || is_archive(bare);
}

}  // namespace

std::optional<VersionedId> parse_paper_reference(std::string_view text) {
  constexpr std::size_t kLongest = 500;
  constexpr std::size_t kMostWords = 12;
  text = text::trim(text);
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  if (auto id = PaperId::parse(text)) return VersionedId{*id, 0};  // most are
  if (auto found = from_word(text)) return found;
  auto line = text::collapse_space(text);
  // "[A long title](https://arxiv.org/abs/…)"
  if (auto link = line.find("]("); link != std::string::npos) return from_word(line.substr(link + 2));
  if (auto bar = line.find('|'); bar != std::string::npos && line.starts_with('<'))
    return from_word(line.substr(1, bar - 1));
  auto words = text::split(line, ' ');
  if (words.size() < 2 || words.size() > kMostWords) return std::nullopt;
  std::optional<VersionedId> out;
  for (auto word : words) {
    auto found = from_word(word);
    if (found && !out) {
      out = found;
    } else if (found || !is_beside(word)) {
      return std::nullopt;
    } else if (auto bare = stripped(word);
               out && out->version == 0 && bare.size() > 1 && (bare[0] == 'v' || bare[0] == 'V')) {
      out = id_in(out->id.str() + std::string(bare));  // "2401.12345 v2"
      if (!out) return std::nullopt;
    }
  }
  return out;
}

std::optional<FoundReference> parse_leading_reference(std::span<const std::string> words) {
  constexpr std::size_t kMostWords = 12;
  std::optional<FoundReference> out;
  std::string joined;
  for (std::size_t n = 0; n < std::min(words.size(), kMostWords); ++n) {
    joined += (n > 0 ? " " : "") + words[n];
    if (auto found = parse_paper_reference(joined)) out = FoundReference{*found, n + 1};
  }
  return out;
}

}  // namespace broadsheet
