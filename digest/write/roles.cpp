#include "digest/write/roles.hpp"

#include <array>
#include <cmath>

#include "bot/base/text.hpp"
#include "digest/write/sentences.hpp"

namespace broadsheet::write {
namespace {

struct Cue {
  Role role;
  double weight;
  std::string_view phrase;  // lower case; matched from a word start
};

constexpr Cue kCues[] = {
    {Role::background, 1.2, "however"},
    {Role::background, 1.0, "existing"},
    {Role::background, 1.0, "recent advances"},
    {Role::background, 0.8, "recent"},
    {Role::background, 0.8, "remains"},
    {Role::background, 0.7, "challeng"},
    {Role::background, 0.8, "despite"},
    {Role::background, 0.8, "typically"},
    {Role::background, 0.8, "usually"},
    {Role::background, 0.8, "often"},
    {Role::background, 0.9, "have been"},
    {Role::background, 0.9, "has been"},
    {Role::background, 0.8, "is essential"},
    {Role::background, 0.8, "crucial"},
    {Role::background, 0.8, "suffer"},
    {Role::background, 0.8, "is a fundamental"},
    {Role::background, 0.7, "most methods"},
    {Role::background, 0.7, "current"},
    {Role::objective, 2.6, "we propose"},
    {Role::objective, 2.6, "we introduce"},
    {Role::objective, 2.6, "we present"},
    {Role::objective, 2.2, "in this paper"},
    {Role::objective, 2.0, "in this work"},
    {Role::objective, 2.0, "this paper"},
    {Role::objective, 1.6, "this work"},
    {Role::objective, 1.8, "this survey"},
    {Role::objective, 1.8, "we develop"},
    {Role::objective, 1.8, "we study"},
    {Role::objective, 1.8, "we investigate"},
    {Role::objective, 1.8, "we address"},
    {Role::objective, 1.6, "we describe"},
    {Role::objective, 1.6, "we explore"},
    {Role::objective, 1.6, "we revisit"},
    {Role::objective, 1.6, "we audit"},
    {Role::objective, 1.4, "we ask"},
    {Role::objective, 1.6, "we aim"},
    {Role::objective, 1.6, "the aim of"},
    {Role::objective, 1.6, "the goal of"},
    {Role::objective, 1.4, "is proposed"},
    {Role::objective, 1.4, "we consider"},
    {Role::method, 1.6, "our method"},
    {Role::method, 1.4, "our approach"},
    {Role::method, 1.2, "our framework"},
    {Role::method, 1.2, "our model"},
    {Role::method, 1.4, "specifically"},
    {Role::method, 1.2, "is based on"},
    {Role::method, 1.0, "we use"},
    {Role::method, 1.0, "we train"},
    {Role::method, 1.0, "we design"},
    {Role::method, 1.0, "we employ"},
    {Role::method, 1.0, "we apply"},
    {Role::method, 1.0, "we combine"},
    {Role::method, 1.0, "we model"},
    {Role::method, 1.0, "we replace"},
    {Role::method, 1.0, "we collect"},
    {Role::method, 1.0, "consists of"},
    {Role::method, 0.8, "leverag"},
    {Role::method, 0.6, "by "},
    {Role::method, 0.7, "module"},
    {Role::method, 0.7, "loss"},
    {Role::method, 0.8, "is trained"},
    {Role::method, 0.7, "algorithm"},
    {Role::method, 0.7, "architecture"},
    {Role::method, 0.6, "uses"},
    {Role::method, 0.6, "learns"},
    {Role::method, 0.6, "which "},
    {Role::result, 2.0, "outperform"},
    {Role::result, 1.8, "results show"},
    {Role::result, 1.8, "experiments"},
    {Role::result, 1.6, "achiev"},
    {Role::result, 1.4, "improv"},
    {Role::result, 1.2, "reduc"},
    {Role::result, 1.6, "state-of-the-art"},
    {Role::result, 1.6, "we show"},
    {Role::result, 1.6, "we find"},
    {Role::result, 1.6, "we demonstrate"},
    {Role::result, 1.4, "we prove"},
    {Role::result, 1.4, "surpass"},
    {Role::result, 1.0, "compared with"},
    {Role::result, 1.0, "compared to"},
    {Role::result, 0.9, "rises from"},
    {Role::result, 0.9, "falls from"},
    {Role::result, 0.9, "reaches"},
    {Role::result, 0.8, "accuracy"},
    {Role::result, 0.8, "significantly"},
    {Role::result, 0.9, "benchmarks"},
    {Role::result, 1.0, "we conclude"},
    {Role::result, 1.0, "we observe"},
    {Role::result, 0.9, "reveal"},
    {Role::resource, 4.5, "code is available"},
    {Role::resource, 4.5, "code and"},
    {Role::resource, 4.0, "publicly available"},
    {Role::resource, 4.0, "github.com"},
    {Role::resource, 4.0, "project page"},
    {Role::resource, 3.6, "we release"},
    {Role::resource, 3.6, "we open-source"},
    {Role::resource, 3.2, "will be released"},
    {Role::resource, 3.0, "is public"},
    {Role::resource, 3.0, "are public"},
    {Role::resource, 3.0, "data, code"},
    {Role::resource, 2.5, "source code"},
    {Role::limitation, 4.0, "limitation"},
    {Role::limitation, 3.4, "does not yet"},
    {Role::limitation, 3.0, "fails on"},
    {Role::limitation, 2.6, "failures are"},
    {Role::limitation, 2.8, "remain unreliable"},
    {Role::limitation, 2.6, "remain large"},
    {Role::limitation, 2.4, "still "},
    {Role::limitation, 2.4, "rules out"},
    {Role::limitation, 2.2, "was tested on"},
    {Role::limitation, 2.2, "is unknown"},
    {Role::limitation, 2.0, "future work"},
    {Role::limitation, 2.2, "only."},
    {Role::limitation, 1.8, "the method assumes"},
    {Role::limitation, 1.8, "at the cost of"},
};
constexpr std::size_t kRoles = 7;

// True if the phrase stands in the text and begins at a word start.
bool says(std::string_view folded, std::string_view phrase) {
  for (auto at = folded.find(phrase); at != std::string_view::npos; at = folded.find(phrase, at + 1)) {
    bool start = at == 0 || !((folded[at - 1] >= 'a' && folded[at - 1] <= 'z') || folded[at - 1] == '-');
    if (start) return true;
  }
  return false;
}

using Scores = std::array<double, kRoles>;
double& at(Scores& s, Role role) {
  return s.at(static_cast<std::size_t>(role));
}

// Where in the abstract roles stand: background first, results last, limits and resources at the very end.
void add_position(Scores& s, double position, bool objective_seen) {
  at(s, Role::background) += objective_seen ? -1.2 : 1.6 - position;
  at(s, Role::objective) += 0.2 - 0.8 * position - (objective_seen ? 1.0 : 0);
  at(s, Role::method) += objective_seen ? 0.9 - 0.5 * position : 0;
  at(s, Role::result) += 1.5 * position - 0.3;
  at(s, Role::limitation) += position > 0.6 ? -0.8 : -2.6;  // needs a cue, and late
  at(s, Role::resource) += position > 0.4 ? -1.0 : -2.5;
  at(s, Role::other) += -1.5;
}

}  // namespace

std::vector<RoledSentence> label(const std::vector<std::string>& sentences) {
  std::vector<RoledSentence> out;
  bool objective_seen = false;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    auto folded = text::lower_ascii(sentences[i]);
    Scores s{};
    for (const auto& cue : kCues)
      if (says(folded, cue.phrase)) at(s, cue.role) += cue.weight;
    double position = sentences.size() < 2 ? 0.5 : static_cast<double>(i) / static_cast<double>(sentences.size() - 1);
    add_position(s, position, objective_seen);
    if (has_number(folded)) at(s, Role::result) += 0.3 + 0.9 * position;
    if (folded.find('%') != std::string::npos) at(s, Role::result) += 0.8;
    if (word_count(folded) < 3) at(s, Role::other) += 2;
    std::size_t best = 0;
    double sum = 0;
    for (std::size_t r = 0; r < kRoles; ++r) {
      if (s.at(r) > s.at(best)) best = r;
      sum += std::exp(s.at(r));
    }
    auto role = static_cast<Role>(best);
    if (role == Role::objective) objective_seen = true;
    out.push_back({sentences[i], role, std::exp(s.at(best)) / sum});
  }
  return out;
}

}  // namespace broadsheet::write
