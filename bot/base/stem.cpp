// Inflections made alike: steps 1 and 5 of the Porter2 algorithm (M. F. Porter, Snowball), with the plurals of
// abbreviations and the Latin and Greek plurals of the sciences beside it.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "bot/base/words.hpp"

namespace broadsheet::text {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// Sorted.
constexpr std::array<Pair, 64> kIrregular{{{"analyses", "analysis"},
                                           {"appendices", "appendix"},
                                           {"automata", "automaton"},
                                           {"axes", "axis"},
                                           {"bacteria", "bacterium"},
                                           {"bases", "base"},
                                           {"basis", "base"},
                                           {"children", "child"},
                                           {"codices", "codex"},
                                           {"corpora", "corpus"},
                                           {"crises", "crisis"},
                                           {"criteria", "criterion"},
                                           {"diagnoses", "diagnosis"},
                                           {"ellipses", "ellipse"},
                                           {"equilibria", "equilibrium"},
                                           {"extrema", "extremum"},
                                           {"feet", "foot"},
                                           {"foci", "focus"},
                                           {"formulae", "formula"},
                                           {"galaxies", "galaxy"},
                                           {"gases", "gas"},
                                           {"genera", "genus"},
                                           {"halves", "half"},
                                           {"helices", "helix"},
                                           {"hypotheses", "hypothesis"},
                                           {"indices", "index"},
                                           {"larvae", "larva"},
                                           {"leaves", "leaf"},
                                           {"lemmata", "lemma"},
                                           {"lenses", "lens"},
                                           {"lives", "life"},
                                           {"loci", "locus"},
                                           {"matrices", "matrix"},
                                           {"maxima", "maximum"},
                                           {"men", "man"},
                                           {"mice", "mouse"},
                                           {"minima", "minimum"},
                                           {"moduli", "modulus"},
                                           {"momenta", "momentum"},
                                           {"nebulae", "nebula"},
                                           {"novae", "nova"},
                                           {"nuclei", "nucleus"},
                                           {"optima", "optimum"},
                                           {"parentheses", "parenthesis"},
                                           {"phenomena", "phenomenon"},
                                           {"polyhedra", "polyhedron"},
                                           {"prognoses", "prognosis"},
                                           {"quanta", "quantum"},
                                           {"radii", "radius"},
                                           {"schemata", "schema"},
                                           {"simplices", "simplex"},
                                           {"spectra", "spectrum"},
                                           {"stimuli", "stimulus"},
                                           {"strata", "stratum"},
                                           {"supernovae", "supernova"},
                                           {"syntheses", "synthesis"},
                                           {"teeth", "tooth"},
                                           {"theses", "thesis"},
                                           {"tori", "torus"},
                                           {"vertices", "vertex"},
                                           {"vortices", "vortex"},
                                           {"wolves", "wolf"},
                                           {"women", "woman"},
                                           {"zeroes", "zero"}}};

// Look like inflections and are none. Sorted.
constexpr std::array<std::string_view, 14> kWhole{"bias",    "canning", "cosmos",  "earring", "embed",
                                                  "evening", "exceed",  "herring", "inning",  "lens",
                                                  "news",    "outing",  "proceed", "succeed"};
static_assert(std::is_sorted(kIrregular.begin(), kIrregular.end()) && std::is_sorted(kWhole.begin(), kWhole.end()));

bool is_vowel(const std::string& w, std::size_t i) {
  switch (w[i]) {
    case 'a':
    case 'e':
    case 'i':
    case 'o':
    case 'u':
      return true;
    case 'y':
      return i > 0 && !is_vowel(w, i - 1);
    default:
      return false;
  }
}
bool has_vowel(const std::string& w, std::size_t end) {
  for (std::size_t i = 0; i < end; ++i)
    if (is_vowel(w, i)) return true;
  return false;
}
// Behind the first consonant that follows a vowel, from `from` on: R1 of a word, and R2 from R1 on.
std::size_t region(const std::string& w, std::size_t from) {
  for (auto i = from + 1; i < w.size(); ++i)
    if (!is_vowel(w, i) && is_vowel(w, i - 1)) return i + 1;
  return w.size();
}
// A vowel between consonants, the last of them none of w, x, y; or a vowel and a consonant that are the whole.
bool ends_short(const std::string& w) {
  auto n = w.size();
  if (n == 2) return is_vowel(w, 0) && !is_vowel(w, 1);
  if (n < 3 || is_vowel(w, n - 1) || !is_vowel(w, n - 2) || is_vowel(w, n - 3)) return false;
  return w[n - 1] != 'w' && w[n - 1] != 'x' && w[n - 1] != 'y';
}

void cut(std::string& w, std::size_t letters) {
  w.resize(w.size() - letters);
}

void singular(std::string& w) {
  auto n = w.size();
  if (w.ends_with("sses")) return cut(w, 2);
  if (w.ends_with("ies")) return cut(w, n > 4 ? 2 : 1);
  if (!w.ends_with('s') || w.ends_with("ss") || w.ends_with("us")) return;
  // Beyond Porter: LLMs and PDEs have no other vowel.
  bool abbreviation = n >= 4 && (!is_vowel(w, n - 2) || w[n - 2] == 'e');
  if (abbreviation || has_vowel(w, n - 2)) cut(w, 1);
}

void without_ending(std::string& w, std::size_t letters) {
  static constexpr std::array<std::string_view, 9> kDoubles{"bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt"};
  if (!has_vowel(w, w.size() - letters)) return;
  cut(w, letters);
  if (w.ends_with("at") || w.ends_with("bl") || w.ends_with("iz")) {
    w += 'e';
  } else if (w.size() > 3 && std::any_of(kDoubles.begin(), kDoubles.end(), [&](auto d) { return w.ends_with(d); })) {
    cut(w, 1);
  } else if (ends_short(w) && region(w, 0) == w.size()) {
    w += 'e';
  }
}

void uninflected(std::string& w) {
  if (w.ends_with("eed")) {
    if (w.size() - 3 >= region(w, 0)) cut(w, 1);
  } else if (w.ends_with("ied")) {
    cut(w, w.size() > 4 ? 2 : 1);
  } else if (w.ends_with("ed")) {
    without_ending(w, 2);
  } else if (w.ends_with("ing")) {
    without_ending(w, 3);
  }
}

void without_last_letter(std::string& w) {
  auto n = w.size();
  auto r1 = region(w, 0);
  auto r2 = r1 < n ? region(w, r1) : n;
  if (w.back() == 'l' && n - 1 >= r2 && w.ends_with("ll")) return cut(w, 1);
  if (w.back() != 'e' || n - 1 < r1) return;
  if (n - 1 >= r2 || !ends_short(w.substr(0, n - 1))) cut(w, 1);
}

}  // namespace

void stem(std::string& w) {
  constexpr std::size_t kShortest = 3, kLongest = 40;
  if (w.size() < kShortest || w.size() > kLongest) return;
  if (!std::all_of(w.begin(), w.end(), [](char c) { return c >= 'a' && c <= 'z'; })) return;
  if (std::binary_search(kWhole.begin(), kWhole.end(), w)) return;
  const auto* known = std::lower_bound(kIrregular.begin(), kIrregular.end(), w,
                                       [](const Pair& pair, const std::string& word) { return pair.first < word; });
  if (known != kIrregular.end() && known->first == w) w = known->second;
  if (!std::binary_search(kWhole.begin(), kWhole.end(), w)) singular(w);
  if (std::binary_search(kWhole.begin(), kWhole.end(), w)) return;
  uninflected(w);
  auto n = w.size();
  if (n > 2 && w.back() == 'y' && !is_vowel(w, n - 2)) w.back() = 'i';
  without_last_letter(w);
}

std::vector<std::string> stems_of_beginning(const std::string& begin) {
  // What the endings that stem() takes off leave to be typed.
  static constexpr std::array<std::string_view, 9> kRests{"", "s", "es", "d", "ed", "g", "ng", "ing", "y"};
  std::vector<std::string> out;
  for (auto rest : kRests) {
    auto word = begin + std::string(rest);
    stem(word);
    if (!word.starts_with(begin) && std::find(out.begin(), out.end(), word) == out.end()) out.push_back(word);
  }
  return out;
}

}  // namespace broadsheet::text
