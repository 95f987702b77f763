#include "digest/select/kinds.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "bot/base/text.hpp"
#include "digest/select/terms.hpp"

namespace broadsheet::select {
namespace {

using Words = std::vector<std::string>;

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::vector<Words> sentences_of(std::string_view text) {
  std::vector<Words> out;
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool ends = text[i] == '.' || text[i] == '?' || text[i] == '!';
    if (!ends || (i + 1 < text.size() && text[i + 1] != ' ')) continue;
    out.push_back(words(text.substr(from, i - from)));
    from = i + 1;
  }
  if (from < text.size()) out.push_back(words(text.substr(from)));
  return out;
}

// "proposes", "proposed", "proposing" as "propose".
bool is_bringing(std::string_view word) {
  constexpr std::array<std::string_view, 20> kBring = {"introduc",  "present", "propos",    "releas",  "construct",
                                                       "build",     "built",   "creat",     "curat",   "collect",
                                                       "contribut", "develop", "establish", "publish", "deliver",
                                                       "annotat",   "assembl", "compil",    "unveil",  "open-sourced"};
  static constexpr std::array<std::string_view, 8> kEnds = {"", "e", "es", "ed", "ing", "s", "d", "ped"};
  return std::any_of(kBring.begin(), kBring.end(),
                     [word](auto stem) { return word.starts_with(stem) && is_in(kEnds, word.substr(stem.size())); });
}

// What ends the reach of a verb: what follows is no longer what is brought.
constexpr std::array<std::string_view, 44> kEndsReach = {
    "on",       "using",    "across",    "over",     "evaluated", "evaluate", "from",        "trained",     "which",
    "via",      "by",       "for",       "to",       "in",        "against",  "under",       "than",        "through",
    "existing", "public",   "publicly",  "several",  "various",   "is",       "are",         "outperforms", "standard",
    "method",   "model",    "framework", "approach", "algorithm", "results",  "experiments", "how",         "baseline",
    "pipeline", "previous", "popular",   "widely",   "critical",  "single",   "as",          "comprising"};
// What makes another thing of the noun before it.
constexpr std::array<std::string_view, 22> kOther = {
    "selection",  "distillation", "condensation", "bias",      "biases",       "pruning", "curation",    "quality",
    "generation", "size",         "level",        "problem",   "problems",     "results", "performance", "scores",
    "instances",  "search",       "shift",        "inference", "construction", "pairs"};

bool is_benchmark(std::string_view word) {
  return word == "benchmark" || word == "benchmarks" || word == "testbed";
}
// Or one by its name, which a title may give: "TideBench".
bool names_benchmark(std::string_view word) {
  return is_benchmark(word) || (word.size() > 5 && word.ends_with("bench"));
}
bool is_dataset(std::string_view word) {
  return word == "dataset" || word == "datasets" || word == "corpus" || word == "corpora";
}

// Words joined as "data set" is read as one.
Words joined(const Words& in) {
  Words out;
  for (std::size_t i = 0; i < in.size(); ++i) {
    bool two = i + 1 < in.size() && in[i] == "data" && (in[i + 1] == "set" || in[i + 1] == "sets");
    out.push_back(two ? "dataset" : in[i]);
    if (two) ++i;
  }
  return out;
}

constexpr std::array<std::string_view, 4> kFreshWords = {"first", "new", "newly", "novel"};

// Promised for later, not brought.
bool is_promise(const Words& sentence) {
  for (std::size_t i = 0; i + 1 < sentence.size(); ++i)
    if ((sentence[i] == "will" || (sentence[i] == "plan" && sentence[i + 1] == "to"))) return true;
  return false;
}

// "We curated a dataset", not "a curated dataset".
bool is_done_here(const Words& sentence, std::size_t verb) {
  if (!sentence[verb].ends_with("ed") && sentence[verb] != "built") return true;
  constexpr std::array<std::string_view, 5> kBefore = {"we", "have", "has", "also", "authors"};
  return verb > 0 && is_in(kBefore, sentence[verb - 1]);
}

// "We introduce X, the first benchmark of …", "a new dataset comprising …". Several only where they are counted or new:
// "constructs training datasets" tells how something works.
template <typename Noun>
bool brings(const Words& sentence, Noun is_noun) {
  constexpr std::size_t kReach = 16, kFresh = 5;
  constexpr std::array<std::string_view, 5> kCounted = {"two", "three", "four", "five", "six"};
  if (is_promise(sentence)) return false;
  auto whole = [&](std::size_t i) {
    return is_noun(sentence[i]) && (i + 1 == sentence.size() || !is_in(kOther, sentence[i + 1]));
  };
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    bool verb = is_bringing(sentence[i]) && is_done_here(sentence, i);
    bool fresh = is_in(kFreshWords, sentence[i]);
    if (!verb && !fresh) continue;
    bool counted = false;
    auto end = std::min(sentence.size(), i + 1 + (verb ? kReach : kFresh));
    for (auto j = i + 1; j < end && !is_in(kEndsReach, sentence[j]); ++j) {
      counted = counted || is_in(kCounted, sentence[j]) || is_in(kFreshWords, sentence[j]);
      bool several = (sentence[j].ends_with("s") && sentence[j] != "corpus") || sentence[j] == "corpora";
      if (whole(j) && (!several || (verb && counted))) return true;
    }
  }
  return false;
}

// What colons and dashes divide.
std::vector<std::string_view> pieces_of(std::string_view title) {
  constexpr std::size_t kLongestTitle = 1000;  // bytes; what comes after is foreign text gone wrong
  std::vector<std::string_view> out;
  for (auto part : text::split(title.substr(0, kLongestTitle), ':'))
    for (std::string_view rest = part; !rest.empty();) {
      auto at = rest.find(" – ");
      out.push_back(rest.substr(0, at));
      rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + std::string_view(" – ").size());
    }
  return out;
}

// "X: A Large-Scale Benchmark for …", "The X Dataset".
template <typename Noun>
bool is_titled(std::string_view title, Noun is_noun) {
  auto pieces = pieces_of(title);
  if (pieces.size() < 2) return false;
  auto named = words(pieces.front());
  if (!named.empty() && is_noun(named.back()) && named.back() != "datasets") return true;
  return std::any_of(pieces.begin() + 1, pieces.end(), [&is_noun](auto piece) {
    for (const auto& word : words(piece)) {
      if (is_in(kEndsReach, word)) return false;
      if (is_noun(word) && !word.ends_with("s")) return true;
    }
    return false;
  });
}

constexpr std::array<std::string_view, 4> kSurvey = {"survey", "review", "overview", "tutorial"};
constexpr std::array<std::string_view, 17> kScholarly = {
    "literature", "systematic",       "comprehensive", "scoping", "critical", "brief",     "short",
    "narrative",  "umbrella",         "first",         "concise", "thorough", "extensive", "bibliometric",
    "mini",       "state-of-the-art", "holistic"};

bool is_sky(const Paper& paper) {
  auto primary = paper.primary();
  return primary.starts_with("astro-ph") || primary.starts_with("hep-ex") || primary.starts_with("gr-qc");
}

// "A Survey of …", "…: A Review", "Systematic Literature Review"; not "Code Review for …".
bool title_is_survey(std::string_view title) {
  constexpr std::array<std::string_view, 10> kOfOther = {"code",    "peer", "paper", "book",   "product",
                                                         "request", "user", "sky",   "galaxy", "case"};
  for (auto piece : pieces_of(title)) {
    auto w = words(piece);  // an article of one letter is no word here
    auto lower = text::lower_ascii(piece);
    for (std::size_t i = 0; i < w.size(); ++i) {
      if (!is_in(kSurvey, w[i])) continue;
      bool opens = i == 0 || is_in(kScholarly, w[i - 1]);
      bool article = lower.find(" a " + w[i]) != std::string::npos || lower.find("an " + w[i]) != std::string::npos;
      bool ends = i + 1 == w.size() && w[i] == "review" && i > 0 && !is_in(kOfOther, w[i - 1]);
      if (opens || article || ends) return true;
    }
  }
  return false;
}

bool asks_people(std::string_view lower) {
  for (std::string_view sign : {"respondent", "participants", "practitioners", "questionnaire", "interviews"})
    if (lower.find(sign) != std::string_view::npos) return true;
  return false;
}

// "This survey", "we review the literature", "a systematic review".
bool abstract_is_survey(std::string_view lower) {
  constexpr std::array<std::string_view, 20> kSays = {"this survey ",
                                                      "in this survey",
                                                      "our survey ",
                                                      "this review ",
                                                      "this paper surveys",
                                                      "this article surveys",
                                                      "this paper reviews",
                                                      "this article reviews",
                                                      "this paper provides a comprehensive review",
                                                      "systematic literature review",
                                                      "systematic review",
                                                      "scoping review",
                                                      "comprehensive survey",
                                                      "comprehensive review",
                                                      "this tutorial",
                                                      "resulting survey",
                                                      "comprehensive overview of",
                                                      "we survey ",
                                                      "this overview ",
                                                      "study and review"};
  return std::any_of(kSays.begin(), kSays.end(), [lower](auto s) { return lower.find(s) != std::string_view::npos; });
}

// What only a survey says of itself.
bool abstract_insists(std::string_view lower) {
  constexpr std::array<std::string_view, 10> kSays = {"this survey ",
                                                      "in this survey",
                                                      "this paper surveys",
                                                      "this article surveys",
                                                      "presents the first comprehensive survey",
                                                      "resulting survey",
                                                      "present a comprehensive survey",
                                                      "presents a systematic review",
                                                      "systematically reviews",
                                                      "this review "};
  return std::any_of(kSays.begin(), kSays.end(), [lower](auto s) { return lower.find(s) != std::string_view::npos; });
}

bool is_survey(const Paper& paper) {
  auto lower = text::lower_ascii(paper.abstract);
  auto comment = text::lower_ascii(paper.comment);
  if (comment.starts_with("survey") || comment.find("survey paper") != std::string::npos) return true;
  auto title = text::lower_ascii(paper.title);
  bool automated =
      title.find("generation") != std::string::npos && title.find("survey generation") != std::string::npos;
  if (automated) return false;
  if (is_sky(paper)) return title_is_survey(paper.title) && title.find("review") != std::string::npos;
  bool challenge = title.find("challenge") != std::string::npos && title.find("overview of the") != std::string::npos;
  if (challenge) return false;
  if (title_is_survey(paper.title)) return true;
  if (asks_people(lower)) return false;
  bool named = false;
  for (const auto& word : words(paper.title)) named = named || is_in(kSurvey, word) || word == "taxonomy";
  return abstract_insists(lower) || (named && abstract_is_survey(lower));
}

}  // namespace

Kinds kinds_of(const Paper& paper) {
  Kinds out{is_survey(paper), is_titled(paper.title, names_benchmark), is_titled(paper.title, is_dataset)};
  if (out.survey) return {true, false, false};
  for (const auto& plain : sentences_of(paper.abstract)) {
    auto sentence = joined(plain);
    out.benchmark = out.benchmark || brings(sentence, is_benchmark);
    out.dataset = out.dataset || brings(sentence, is_dataset);
  }
  return out;
}

}  // namespace broadsheet::select
