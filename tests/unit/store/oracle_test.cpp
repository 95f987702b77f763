// The search beside a naive one that reads every paper: the same papers in the same order with the same scores.
#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "bot/base/text.hpp"
#include "bot/store/query.hpp"
#include "conformance.hpp"

namespace broadsheet::store {
namespace {

using Words = std::vector<std::string>;

// Columns of a paper as words; the made-up papers hold nothing but lower-case words and spaces.
std::array<Words, 3> columns_of(const Paper& p) {
  auto words = [](const std::string& text) {
    Words out;
    for (auto w : text::split(text, ' ')) out.emplace_back(w);
    return out;
  };
  std::string names;
  for (const auto& a : p.authors) names += (names.empty() ? "" : " ") + a.name;
  return {words(p.title), words(names), words(p.abstract)};
}

struct Wanted {
  int column = -1;  // of title, authors, abstract; -1: any
  Words phrase;     // empty: a category
  std::string category;
  bool negated = false;

  std::string str() const {
    static const std::array<std::string, 4> kFields{"", "ti:", "au:", "abs:"};
    std::string out = negated ? "-" : "";
    if (!category.empty()) return out + "cat:" + category;
    auto words = text::join(phrase, " ");
    auto field = column + 1;
    return out + kFields.at(static_cast<std::size_t>(field)) + (phrase.size() > 1 ? "\"" + words + "\"" : words);
  }
  // Times in each column.
  std::array<int, 3> times(const std::array<Words, 3>& columns) const {
    std::array<int, 3> out{};
    for (std::size_t c = 0; c < 3; ++c) {
      if (column >= 0 && column != static_cast<int>(c)) continue;
      const auto& have = columns.at(c);
      for (std::size_t i = 0; i + phrase.size() <= have.size(); ++i)
        out.at(c) += std::equal(phrase.begin(), phrase.end(), have.begin() + static_cast<std::ptrdiff_t>(i)) ? 1 : 0;
    }
    return out;
  }
  bool holds(const Paper& p) const {
    bool found = category.empty() ? times(columns_of(p)) != std::array<int, 3>{}
                                  : std::find(p.categories.begin(), p.categories.end(), category) != p.categories.end();
    return found != negated;
  }
};

using Clauses = std::vector<std::vector<Wanted>>;

std::string query_of(const Clauses& clauses) {
  std::string out;
  for (const auto& clause : clauses)
    for (std::size_t i = 0; i < clause.size(); ++i) out += (i == 0 ? " " : " OR ") + clause[i].str();
  return out;
}

class Naive {
 public:
  explicit Naive(const std::vector<Paper>& papers) : papers_(papers) {
    for (const auto& p : papers_) {
      std::set<std::string> once;
      for (const auto& column : columns_of(p)) once.insert(column.begin(), column.end());
      for (const auto& word : once) ++papers_with_[word];
    }
  }

  // Scores by identifier.
  std::map<std::string, double> search(const Clauses& clauses) const {
    std::map<std::string, double> out;
    for (const auto& p : papers_) {
      auto any = [&](const auto& clause) {
        return std::any_of(clause.begin(), clause.end(), [&](const Wanted& w) { return w.holds(p); });
      };
      if (std::all_of(clauses.begin(), clauses.end(), any)) out.emplace(p.id.str(), score(clauses, p));
    }
    return out;
  }

 private:
  // Performance 2.3: title 10, authors 4, abstract 1, saturation 1.2, no length; wanted words only.
  double score(const Clauses& clauses, const Paper& p) const {
    auto columns = columns_of(p);
    double out = 0;
    for (const auto& clause : clauses) {
      bool in_index = std::all_of(clause.begin(), clause.end(), [&](const Wanted& w) {
        return w.category.empty() && (!w.negated || clause.size() == 1);
      });
      if (!in_index || clause.front().negated) continue;
      for (const auto& w : clause) {
        auto times = w.times(columns);
        double f = 10.0 * times[0] + 4.0 * times[1] + 1.0 * times[2];
        out += idf(w.phrase) * f * 2.2 / (f + 1.2);
      }
    }
    return out;
  }
  double idf(const Words& phrase) const {
    auto all = static_cast<double>(papers_.size());
    double count = all;
    for (const auto& word : phrase) {
      auto it = papers_with_.find(word);
      count = std::min(count, it == papers_with_.end() ? 0.0 : it->second);
    }
    return std::max(1e-6, std::log((all - count + 0.5) / (count + 0.5)));
  }

  const std::vector<Paper>& papers_;
  std::map<std::string, double> papers_with_;
};

// Papers and queries from a small vocabulary, so that everything meets everything.
class Maker {
 public:
  std::vector<Paper> papers(int n) {
    std::vector<Paper> out;
    for (int i = 0; i < n; ++i) {
      auto p = made_paper("2501." + std::to_string(10000 + i), text(3));
      p.abstract = p.abstract_raw = text(12);
      p.authors = {{.name = text(2)}, {.name = text(2)}};
      p.categories = {random_() % 2 == 0 ? "cs.LG" : "cs.CV"};
      out.push_back(std::move(p));
    }
    return out;
  }
  Clauses clauses() {
    Clauses out(1 + random_() % 3);
    for (auto& clause : out) {
      clause.push_back(wanted());
      if (random_() % 4 == 0) clause.push_back(wanted());
    }
    return out;
  }

 private:
  // Some words are frequent, most are rare.
  std::string word() {
    auto n = random_() % 40;
    return "w" + std::to_string(std::min(n, random_() % 40));
  }
  std::string text(int words) {
    std::string out = word();
    for (int i = 1; i < words; ++i) out += " " + word();
    return out;
  }
  Wanted wanted() {
    Wanted out;
    out.negated = random_() % 5 == 0;
    if (random_() % 8 == 0) {
      out.category = random_() % 2 == 0 ? "cs.LG" : "cs.CV";
      return out;
    }
    if (random_() % 3 == 0) out.column = static_cast<int>(random_() % 3);
    out.phrase = {word()};
    if (random_() % 4 == 0) out.phrase.push_back(word());
    return out;
  }
  std::mt19937 random_{20251219};
};

SearchRequest whole(const std::string& query) {
  return {.query = query, .limit = 1000};
}

TEST(SearchOracle, FindsScoresAndOrdersAsANaiveSearch) {
  Maker maker;
  auto papers = maker.papers(400);
  auto store = *open_memory();
  ASSERT_TRUE(store->papers().put(papers));
  Naive naive(papers);
  std::size_t with_answers = 0;
  for (int i = 0; i < 600; ++i) {
    auto clauses = maker.clauses();
    auto query = query_of(clauses);
    auto expected = naive.search(clauses);
    auto answer = store->search().find(whole(query));
    ASSERT_TRUE(answer) << query << ": " << answer.error().what();
    EXPECT_TRUE(answer->complete) << query;
    ASSERT_EQ(answer->hits.size(), expected.size()) << query;
    with_answers += expected.empty() ? 0 : 1;
    for (std::size_t k = 0; k < expected.size(); ++k) {
      const auto& hit = answer->hits[k];
      auto known = expected.find(hit.paper.id.str());
      ASSERT_NE(known, expected.end()) << query << ": " << hit.paper.id.str();
      ASSERT_NEAR(hit.score, known->second, 1e-9) << query << ", place " << k;
      if (k == 0) continue;
      const auto& before = answer->hits[k - 1];
      ASSERT_TRUE(before.score > hit.score || (before.score == hit.score && hit.paper.id < before.paper.id))
          << query << ", place " << k;
    }
  }
  EXPECT_GT(with_answers, 400U);
}

}  // namespace
}  // namespace broadsheet::store
