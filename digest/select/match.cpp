#include "digest/select/match.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "digest/select/terms.hpp"

namespace broadsheet::select {
namespace {

constexpr double kTitle = 3;           // an occurrence in the title counts as so many in the abstract
constexpr double kNear = 0.7;          // all words of a phrase close by, but not as asked
constexpr double kKin = 0.4;           // another name of the subject, or one of its kinds
constexpr double kKinSubject = 2;      // named in passing, it makes no subject
constexpr std::size_t kApart = 2;      // words between those of a phrase that is still near
constexpr double kScattered = 0.3;     // its words anywhere, in part
constexpr double kK1 = 1.2, kB = 0.5;  // BM25's usual saturation; abstracts differ little in length
constexpr double kUnmet = 0.3;         // what a paper that meets no like in full can reach at most
constexpr double kSubject = 3;         // occurrences (a title's count more) that make a subject

struct Read {
  std::vector<Word> title, abstract;
  double length() const { return kTitle * static_cast<double>(title.size()) + static_cast<double>(abstract.size()); }
};

bool is_joined(std::string_view whole, std::string_view a, std::string_view b) {
  return whole.size() == a.size() + b.size() && whole.starts_with(a) && whole.ends_with(b);
}

// Words of `text` that `word` covers at `at`: itself, a phrase that it is the short form of, or the two halves of it.
std::size_t covered(const Word& word, const std::vector<Word>& text, std::size_t at) {
  const auto& here = text[at];
  if (here.key == word.key) return 1;
  if (!here.whole.empty() && here.whole == word.key) return here.span;
  bool halves = at + 1 < text.size() && !text[at + 1].after_break && is_joined(word.key, here.raw, text[at + 1].key);
  return halves ? 2 : 0;
}

// Words of `text` that the form covers from `at` on, in order and without a gap; 0 if it does not.
std::size_t covered(const std::vector<Word>& form, const std::vector<Word>& text, std::size_t at) {
  auto here = at;
  for (std::size_t i = 0; i < form.size();) {
    if (here >= text.size() || (here > at && text[here].after_break)) return 0;
    if (auto n = covered(form[i], text, here); n > 0) {
      here += n;
      ++i;
    } else if (i + 1 < form.size() && is_joined(text[here].key, form[i].raw, form[i + 1].key)) {
      ++here;  // "data sets" asked for, "datasets" written
      i += 2;
    } else {
      return 0;
    }
  }
  return here - at;
}

double whole_times(const std::vector<std::vector<Word>>& forms, const std::vector<Word>& text) {
  double times = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t most = 0;
    for (const auto& form : forms) most = std::max(most, covered(form, text, at));
    if (most > 0) ++times;
    at += std::max<std::size_t>(most, 1);
  }
  return times;
}

bool near_at(const std::vector<Word>& form, const std::vector<Word>& text, std::size_t from) {
  std::vector<bool> found(form.size(), false);
  std::size_t left = form.size();
  for (auto at = from; at < std::min(text.size(), from + form.size() + kApart) && left > 0; ++at) {
    if (at > from && text[at].after_break) return false;
    for (std::size_t i = 0; i < form.size(); ++i)
      if (!found[i] && covered(form[i], text, at) > 0) {
        found[i] = true;
        --left;
        break;
      }
    if (at == from && left == form.size()) return false;
  }
  return left == 0;
}

double near_times(const Phrase& phrase, const std::vector<Word>& text) {
  double times = 0;
  for (const auto& form : phrase.forms) {
    if (form.size() < 2) continue;
    for (std::size_t at = 0; at < text.size(); ++at)
      if (near_at(form, text, at)) {
        ++times;
        at += form.size();
      }
  }
  return times;
}

double word_times(const Word& word, const std::vector<Word>& text) {
  double times = 0;
  for (std::size_t at = 0; at < text.size(); ++at)
    if (covered(word, text, at) > 0) ++times;
  return times;
}

double both(const Read& paper, auto&& times) {
  return kTitle * times(paper.title) + times(paper.abstract);
}

// One phrase against all papers of the listing.
struct Column {
  std::vector<double> times;               // weighted occurrences, near ones in part
  double rarity = 0;                       // of the phrase
  std::vector<std::vector<double>> words;  // by word of the phrase: the same; empty for single words and quotations
  std::vector<double> word_rarity;
};

double rarity_of(const std::vector<double>& times) {
  auto all = static_cast<double>(times.size());
  auto with = static_cast<double>(std::count_if(times.begin(), times.end(), [](double t) { return t > 0; }));
  return std::log(1 + (all - with + 0.5) / (with + 0.5));
}

Column column_of(const Phrase& phrase, bool quoted, const std::vector<Read>& papers) {
  Column column;
  for (const auto& paper : papers) {
    auto times = both(paper, [&phrase](const auto& text) { return whole_times(phrase.forms, text); });
    auto kin = both(paper, [&phrase](const auto& text) { return whole_times(phrase.kin, text); });
    if (kin >= kKinSubject) times += kKin * kin;
    if (!quoted)
      times = std::max(times, kNear * both(paper, [&phrase](const auto& text) { return near_times(phrase, text); }));
    column.times.push_back(times);
  }
  column.rarity = rarity_of(column.times);
  const auto& form = phrase.forms.front();
  if (quoted || form.size() < 2) return column;
  for (const auto& word : form) {
    std::vector<double> times;
    for (const auto& paper : papers)
      times.push_back(both(paper, [&word](const auto& text) { return word_times(word, text); }));
    column.word_rarity.push_back(is_common(word.raw) ? 0 : rarity_of(times));
    column.words.push_back(std::move(times));
  }
  return column;
}

class Scorer {
 public:
  explicit Scorer(const std::vector<Paper>& listing) {
    for (const auto& paper : listing) papers_.push_back({read_words(paper.title), read_words(paper.abstract)});
    for (const auto& paper : papers_) mean_ += paper.length() / static_cast<double>(papers_.size());
  }
  const std::vector<Read>& papers() const { return papers_; }

  double saturated(double times, std::size_t paper) const {
    if (times <= 0) return 0;
    auto length = mean_ > 0 ? papers_[paper].length() / mean_ : 1;
    return times * (kK1 + 1) / (times + kK1 * (1 - kB + kB * length));
  }

  // Of the words of a phrase, where at least two of them and half their weight are there.
  double scattered(const Column& column, std::size_t paper) const {
    double score = 0;
    double there = 0;
    double all = 0;
    std::size_t found = 0;
    for (std::size_t i = 0; i < column.words.size(); ++i) {
      auto rarity = column.word_rarity[i];
      all += rarity;
      if (column.words[i][paper] <= 0 || rarity <= 0) continue;
      ++found;
      there += rarity;
      score += rarity * saturated(column.words[i][paper], paper);
    }
    return found >= 2 && all > 0 && there >= all / 2 ? kScattered * score * there / all : 0;
  }

 private:
  std::vector<Read> papers_;
  double mean_ = 0;
};

struct Met {
  double score = 0;
  bool whole = false;  // all phrases as asked
};

Met meets(const Scorer& scorer, const std::vector<Column>& columns, std::size_t paper) {
  Met met{.score = 0, .whole = true};
  double there = 0;
  for (const auto& column : columns) {
    auto whole = column.times[paper] > 0;
    auto loose = scorer.scattered(column, paper);
    met.whole = met.whole && whole;
    if (whole || loose > 0) there += whole ? 1 : 0.5;
    met.score += column.rarity * scorer.saturated(column.times[paper], paper) + loose;
  }
  auto share = there / static_cast<double>(columns.size());
  met.score *= share * share;
  return met;
}

std::vector<Column> columns_of(const Wish& wish, const Scorer& scorer) {
  std::vector<Column> out;
  out.reserve(wish.phrases.size());
  for (const auto& phrase : wish.phrases) out.push_back(column_of(phrase, wish.quoted, scorer.papers()));
  return out;
}

struct Found {
  double score = 0;
  std::string text;
};

// Texts by falling score; equal ones in the reader's order.
std::vector<std::string> texts(std::vector<Found> found) {
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.score > b.score; });
  std::vector<std::string> out;
  for (auto& f : found) out.push_back(std::move(f.text));
  return out;
}

}  // namespace

Matcher::Matcher(const Interests& interests, const std::vector<Paper>& listing) : matches_(listing.size()) {
  if (interests.likes.empty() && interests.dislikes.empty()) return;
  Scorer scorer(listing);
  std::vector<std::vector<Found>> met(listing.size());
  std::vector<std::vector<Found>> touched(listing.size());
  for (const auto& wish : interests.likes) {
    auto columns = columns_of(wish, scorer);
    bool any = false;
    for (std::size_t i = 0; i < listing.size(); ++i) {
      auto here = meets(scorer, columns, i);
      if (here.score <= 0) continue;
      any = true;
      matches_[i].liked += here.score;
      (here.whole ? met : touched)[i].push_back({here.score, wish.text});
    }
    if (!any) unmet_.push_back(wish.text);
  }
  for (const auto& wish : interests.dislikes) {
    auto columns = columns_of(wish, scorer);
    for (std::size_t i = 0; i < listing.size(); ++i) {
      if (!meets(scorer, columns, i).whole) continue;
      double least = kSubject;
      for (const auto& column : columns) least = std::min(least, column.times[i]);
      matches_[i].disliked = std::max(matches_[i].disliked, least / kSubject);
    }
  }
  double best = 0;
  for (const auto& match : matches_) best = std::max(best, match.liked);
  for (std::size_t i = 0; i < listing.size(); ++i) {
    auto& match = matches_[i];
    if (best > 0) match.liked /= best;
    if (met[i].empty()) match.liked *= kUnmet;
    match.met = texts(std::move(met[i]));
    if (match.met.empty()) match.touched = texts(std::move(touched[i]));
  }
}

}  // namespace broadsheet::select
