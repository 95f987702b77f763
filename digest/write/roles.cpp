#include "digest/write/roles.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <unordered_map>

#include "bot/base/text.hpp"
#include "digest/write/role_features.hpp"
#include "digest/write/sentences.hpp"
#include "embedded/role_weights.hpp"

namespace broadsheet::write {
namespace {

// The roles the model knows, in the order of the table's columns.
constexpr std::array<Role, 5> kModelRoles = {Role::background, Role::objective, Role::method, Role::result,
                                             Role::other};
constexpr std::size_t kRoles = kModelRoles.size();
constexpr double kStep = 1.0 / 40;           // one unit of the table
constexpr std::size_t kMostSentences = 400;  // of one text; later ones are `other`

// Whole numbers; what is computed from them is rounded (shares_of), so that only an exact tie could fall differently on
// another machine.
using Scores = std::array<int, kRoles>;
using Shares = std::array<double, kRoles>;

struct Model {
  Scores start{};
  std::array<Scores, kRoles> follow{};                   // follow[a][b]: b after a
  std::unordered_map<std::string_view, Scores> feature;  // looked up only, never walked
};

Scores parse_scores(const std::vector<std::string_view>& fields) {
  Scores out{};
  for (std::size_t k = 0; k < kRoles && k + 1 < fields.size(); ++k)
    std::from_chars(fields[k + 1].data(), fields[k + 1].data() + fields[k + 1].size(), out.at(k));
  return out;
}

Model load() {
  Model model;
  for (auto line : text::split(embedded::role_weights, '\n')) {
    if (line.empty() || line.starts_with("# ")) continue;
    auto fields = text::split(line, '\t');
    auto scores = parse_scores(fields);
    if (fields[0] == ">") {
      model.start = scores;
    } else if (fields[0].starts_with("> ")) {
      auto role = parse_role(fields[0].substr(2));
      auto at = std::find(kModelRoles.begin(), kModelRoles.end(), role.value_or(Role::other));
      model.follow.at(static_cast<std::size_t>(at - kModelRoles.begin())) = scores;
    } else {
      model.feature.emplace(fields[0], scores);
    }
  }
  return model;
}

const Model& model() {
  static const Model kModel = load();
  return kModel;
}

std::vector<Scores> scores_of(const std::vector<std::string>& sentences, std::size_t count) {
  std::vector<Scores> out(count, Scores{});
  for (std::size_t i = 0; i < count; ++i)
    for (const auto& name : role_features(sentences[i], i, count)) {
      auto it = model().feature.find(name);
      if (it == model().feature.end()) continue;
      for (std::size_t k = 0; k < kRoles; ++k) out[i].at(k) += it->second.at(k);
    }
  return out;
}

double log_sum(const Shares& a) {
  double most = *std::max_element(a.begin(), a.end());
  double sum = 0;
  for (double x : a) sum += std::exp(x - most);
  return most + std::log(sum);
}

// How sure the model is of each role at each place, given its neighbours (forward-backward). Rounded, because the last
// bits of exp and log differ between machines.
std::vector<Shares> shares_of(const std::vector<Scores>& own) {
  const auto& m = model();
  std::size_t n = own.size();
  std::vector<Shares> forward(n);
  std::vector<Shares> backward(n, Shares{});
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < kRoles; ++k) {
      Shares from{};
      for (std::size_t j = 0; i > 0 && j < kRoles; ++j)
        from.at(j) = forward[i - 1].at(j) + kStep * m.follow.at(j).at(k);
      forward[i].at(k) = kStep * own[i].at(k) + (i == 0 ? kStep * m.start.at(k) : log_sum(from));
    }
  for (std::size_t i = n; i-- > 1;)
    for (std::size_t j = 0; j < kRoles; ++j) {
      Shares to{};
      for (std::size_t k = 0; k < kRoles; ++k)
        to.at(k) = kStep * (m.follow.at(j).at(k) + own[i].at(k)) + backward[i].at(k);
      backward[i - 1].at(j) = log_sum(to);
    }
  double total = n == 0 ? 0 : log_sum(forward[n - 1]);
  std::vector<Shares> out(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < kRoles; ++k)
      out[i].at(k) = std::round(1e6 * std::exp(forward[i].at(k) + backward[i].at(k) - total)) / 1e6;
  return out;
}

constexpr std::string_view kResourceCues[] = {
    "code is available",   "code is publicly", "code are available", "github.com",         "gitlab.com",
    "huggingface.co",      "project page",     "project website",    "we release",         "we open-source",
    "will be released",    "will be made",     "are released",       "is released",        "publicly available",
    "we will release",     "our code",         "source code is",     "code is public",     "code are public",
    "data are public",     "code and data",    "code and models",    "code will",          "is open-source",
    "freely available at", "is available at",  "are available at",   "we publicly release"};
constexpr std::string_view kLimitationCues[] = {
    "a limitation",        "one limitation",         "main limitation",
    "limitations include", "we discuss limitations", "our limitations",
    "does not yet",        "is limited to",          "are limited to",
    "we only evaluate",    "we only consider",       "the method assumes",
    "our method assumes",  "remain unreliable",      "was tested on one",
    "limitations of our",  "limitation of our",      "limitations of the proposed",
    "future work should",  "limitations of this"};

constexpr std::string_view kResultCues[] = {
    "outperform",          "surpass",      "new state-of-the-art",   "state-of-the-art results",
    "improves over",       "improves on",  "significantly improves", "we achieve",
    "our method achieves", "results show", "experiments show"};

// With a measured amount beside them these tell a result, also where the sentence before is still method.
constexpr std::string_view kChangeCues[] = {" lowers ",  " reduces ",  " raises ",    " improves ", " increases ",
                                            " reaches ", " achieves ", " decreases ", " rises ",    " falls "};

bool says_one_of(std::string_view folded, const auto& cues) {
  return std::any_of(std::begin(cues), std::end(cues),
                     [folded](std::string_view cue) { return folded.find(cue) != std::string_view::npos; });
}

// Resources and limits are roles of a card that the training data does not know: said outright, and in the later part.
// A limit of earlier work ("existing methods are limited to") is background, not a limit of this paper.
Role card_role(const std::string& sentence, Role base, std::size_t index, std::size_t count) {
  bool late = index * 2 >= count;
  if (!late && sentence.find("://") == std::string::npos) return base;
  auto folded = text::lower_ascii(sentence);
  if (says_one_of(folded, kResourceCues)) return Role::resource;
  if (!late) return base;
  if (base != Role::background && says_one_of(folded, kLimitationCues)) return Role::limitation;
  if (base == Role::method && says_one_of(folded, kResultCues)) return Role::result;
  if (base == Role::method && has_measure(sentence) && says_one_of(folded, kChangeCues)) return Role::result;
  return base;
}

}  // namespace

std::vector<RoledSentence> label(const std::vector<std::string>& sentences) {
  auto count = std::min(sentences.size(), kMostSentences);
  auto shares = shares_of(scores_of(sentences, count));
  std::vector<RoledSentence> out;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    RoledSentence s{.text = sentences[i], .role = Role::other, .p = 0, .base = Role::other, .percent = {}};
    if (i < count) {
      auto best = std::max_element(shares[i].begin(), shares[i].end());
      s.base = kModelRoles.at(static_cast<std::size_t>(best - shares[i].begin()));
      s.p = *best;
      for (std::size_t k = 0; k < kRoles; ++k) s.percent.at(k) = static_cast<int>(std::lround(100 * shares[i].at(k)));
      s.role = card_role(s.text, s.base, i, count);
    }
    out.push_back(std::move(s));
  }
  return out;
}

}  // namespace broadsheet::write
