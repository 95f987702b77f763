#include "digest/select/terms.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "bot/base/text.hpp"

namespace broadsheet::select {
namespace {

constexpr double kTitleWeight = 3;

// Sorted.
constexpr std::string_view kCommon[] = {"about",
                                        "above",
                                        "accuracy",
                                        "achieve",
                                        "achieves",
                                        "achieving",
                                        "across",
                                        "address",
                                        "after",
                                        "all",
                                        "allow",
                                        "allows",
                                        "also",
                                        "although",
                                        "among",
                                        "an",
                                        "analysis",
                                        "and",
                                        "any",
                                        "approach",
                                        "approaches",
                                        "are",
                                        "as",
                                        "at",
                                        "available",
                                        "based",
                                        "baseline",
                                        "baselines",
                                        "be",
                                        "because",
                                        "been",
                                        "being",
                                        "best",
                                        "better",
                                        "between",
                                        "both",
                                        "but",
                                        "by",
                                        "can",
                                        "cannot",
                                        "challenge",
                                        "challenges",
                                        "challenging",
                                        "code",
                                        "compared",
                                        "competitive",
                                        "complex",
                                        "comprehensive",
                                        "consistently",
                                        "could",
                                        "crucial",
                                        "current",
                                        "data",
                                        "datasets",
                                        "demonstrate",
                                        "demonstrates",
                                        "designed",
                                        "despite",
                                        "develop",
                                        "different",
                                        "do",
                                        "does",
                                        "due",
                                        "during",
                                        "each",
                                        "effective",
                                        "effectively",
                                        "effectiveness",
                                        "efficient",
                                        "either",
                                        "enable",
                                        "enables",
                                        "enabling",
                                        "evaluate",
                                        "evaluation",
                                        "even",
                                        "every",
                                        "existing",
                                        "experimental",
                                        "experiments",
                                        "extensive",
                                        "first",
                                        "following",
                                        "for",
                                        "framework",
                                        "from",
                                        "full",
                                        "further",
                                        "furthermore",
                                        "gap",
                                        "general",
                                        "given",
                                        "good",
                                        "has",
                                        "have",
                                        "having",
                                        "high",
                                        "higher",
                                        "how",
                                        "however",
                                        "if",
                                        "important",
                                        "improve",
                                        "improved",
                                        "improvement",
                                        "improvements",
                                        "improves",
                                        "improving",
                                        "in",
                                        "including",
                                        "information",
                                        "instead",
                                        "into",
                                        "introduce",
                                        "introduces",
                                        "is",
                                        "it",
                                        "its",
                                        "itself",
                                        "key",
                                        "large",
                                        "large-scale",
                                        "lead",
                                        "leads",
                                        "leverage",
                                        "leverages",
                                        "leveraging",
                                        "like",
                                        "limited",
                                        "low",
                                        "made",
                                        "main",
                                        "make",
                                        "makes",
                                        "many",
                                        "may",
                                        "method",
                                        "methods",
                                        "model",
                                        "models",
                                        "more",
                                        "moreover",
                                        "most",
                                        "much",
                                        "multiple",
                                        "must",
                                        "need",
                                        "new",
                                        "no",
                                        "not",
                                        "novel",
                                        "number",
                                        "obtain",
                                        "of",
                                        "often",
                                        "on",
                                        "one",
                                        "only",
                                        "or",
                                        "other",
                                        "our",
                                        "out",
                                        "outperform",
                                        "outperforming",
                                        "outperforms",
                                        "over",
                                        "paper",
                                        "particularly",
                                        "perform",
                                        "performance",
                                        "possible",
                                        "present",
                                        "presents",
                                        "previous",
                                        "prior",
                                        "problem",
                                        "problems",
                                        "propose",
                                        "proposed",
                                        "proposes",
                                        "provide",
                                        "provides",
                                        "providing",
                                        "recent",
                                        "recently",
                                        "reduce",
                                        "reduces",
                                        "reducing",
                                        "remain",
                                        "remains",
                                        "research",
                                        "respectively",
                                        "result",
                                        "results",
                                        "robust",
                                        "same",
                                        "several",
                                        "show",
                                        "showing",
                                        "shown",
                                        "shows",
                                        "significant",
                                        "significantly",
                                        "simple",
                                        "since",
                                        "single",
                                        "so",
                                        "some",
                                        "specific",
                                        "specifically",
                                        "state-of-the-art",
                                        "strong",
                                        "studies",
                                        "study",
                                        "such",
                                        "superior",
                                        "system",
                                        "systems",
                                        "task",
                                        "tasks",
                                        "than",
                                        "that",
                                        "the",
                                        "their",
                                        "them",
                                        "then",
                                        "there",
                                        "these",
                                        "they",
                                        "this",
                                        "those",
                                        "three",
                                        "through",
                                        "thus",
                                        "to",
                                        "toward",
                                        "towards",
                                        "two",
                                        "typically",
                                        "under",
                                        "up",
                                        "use",
                                        "used",
                                        "uses",
                                        "using",
                                        "various",
                                        "very",
                                        "via",
                                        "was",
                                        "we",
                                        "well",
                                        "were",
                                        "what",
                                        "when",
                                        "where",
                                        "whether",
                                        "which",
                                        "while",
                                        "who",
                                        "widely",
                                        "will",
                                        "with",
                                        "within",
                                        "without",
                                        "work",
                                        "works",
                                        "would",
                                        "yet",
                                        "you",
                                        "your"};

bool is_word_byte(char c) {
  auto u = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || u >= 0x80;
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  auto finish = [&out, &word] {
    while (!word.empty() && word.back() == '-') word.pop_back();
    if (word.size() > 1) out.push_back(word);
    word.clear();
  };
  for (char c : text) {
    if (is_word_byte(c) || (c == '-' && !word.empty()))
      word += c;
    else
      finish();
  }
  finish();
  return out;
}

// Dashes and quotation marks that stand alone, and parts of addresses.
bool is_no_term(std::string_view word) {
  return word.starts_with("\xE2\x80") || word == "github" || word == "https" || word == "http" || word == "www" ||
         word == "com";
}

void add(std::map<std::string, double>& counts, std::string_view text, double weight) {
  for (const auto& word : words(text))
    if (word.size() > 2 && !is_common(word) && !is_no_term(word)) counts[stem(word)] += weight;
}

std::map<std::string, double> counts_of(const Paper& paper) {
  std::map<std::string, double> counts;
  add(counts, paper.title, kTitleWeight);
  add(counts, paper.abstract, 1);
  return counts;
}

}  // namespace

std::vector<std::string> words(std::string_view text) {
  return split_words(text::lower_ascii(text));
}

bool is_common(std::string_view word) {
  return std::binary_search(std::begin(kCommon), std::end(kCommon), word);
}

std::string stem(std::string_view word) {
  if (word.size() > 4 && word.ends_with("ies")) return std::string(word.substr(0, word.size() - 3)) + "y";
  if (word.size() > 3 && word.ends_with("s") && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is"))
    return std::string(word.substr(0, word.size() - 1));
  return std::string(word);
}

TermSpace::TermSpace(const std::vector<Paper>& papers) {
  std::vector<std::map<std::string, double>> counts;
  std::map<std::string, double> document_frequency;
  for (const auto& paper : papers) {
    counts.push_back(counts_of(paper));
    for (const auto& [word, n] : counts.back()) document_frequency[word] += 1;
  }
  auto total = static_cast<double>(papers.size());
  for (const auto& [word, df] : document_frequency) {
    idf_.emplace_hint(idf_.end(), word,
                      std::pair(static_cast<std::uint32_t>(words_.size()), std::log((total + 1) / (df + 0.5))));
    words_.push_back(word);
    papers_with_.push_back(static_cast<std::size_t>(df));
  }
  std::vector<double> sum(words_.size(), 0);
  for (const auto& c : counts)
    for (const auto& [number, weight] : weigh(c)) sum[number] += weight;
  for (std::size_t i = 0; i < sum.size(); ++i)
    if (sum[i] > 0) centre_.emplace_back(static_cast<std::uint32_t>(i), sum[i]);
  normalise(centre_);
}

Vector TermSpace::weigh(const std::map<std::string, double>& counts) const {
  Vector v;
  for (const auto& [word, n] : counts) {
    auto it = idf_.find(word);
    if (it == idf_.end() || it->second.second <= 0) continue;
    v.emplace_back(it->second.first, (1 + std::log(n)) * it->second.second);
  }
  normalise(v);
  return v;
}

Vector TermSpace::of(const Paper& paper) const {
  return weigh(counts_of(paper));
}

void normalise(Vector& v) {
  double sum = 0;
  for (const auto& [word, weight] : v) sum += weight * weight;
  if (sum <= 0) return;
  for (auto& [word, weight] : v) weight /= std::sqrt(sum);
}

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() && j != b.end()) {
    if (i->first < j->first) {
      ++i;
    } else if (j->first < i->first) {
      ++j;
    } else {
      sum += i->second * j->second;
      ++i;
      ++j;
    }
  }
  return sum;
}

bool is_acronym(std::string_view word) {
  auto capitals = std::count_if(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  return capitals > 1 || (capitals == 1 && word.size() == 2);
}

std::string as_written(const Paper& paper, std::string_view term) {
  std::string found;
  for (const auto* part : {&paper.abstract, &paper.title})
    for (const auto& word : split_words(*part)) {
      auto lower = text::lower_ascii(word);
      if (stem(lower) != term) continue;
      if (is_acronym(word)) return word;
      if (found.empty()) found = lower;
    }
  return found.empty() ? std::string(term) : found;
}

}  // namespace broadsheet::select
