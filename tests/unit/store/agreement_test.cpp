// Search and filters mean the same by a query: the papers that the index finds are those that the matcher lets pass,
// for random queries of everything that the language has.
#include <filesystem>
#include <random>
#include <set>

#include "bot/base/text.hpp"
#include "bot/store/query.hpp"
#include "conformance.hpp"
#include "digest/sources/readers/file.hpp"

namespace broadsheet::store {
namespace {

constexpr std::size_t kPapers = 120;
constexpr int kQueries = 250;

std::vector<Paper> invented() {
  static const std::array<const char*, 8> kTitles{"Depth Any Panoramas",
                                                  "Łukasz's theorem on H₂O",
                                                  "BERT: training large networks",
                                                  "Studying AdS₅ × S⁵ branes",
                                                  "Hypotheses and analyses of ½ spin",
                                                  "Café queries, naïve matrices",
                                                  "日本語 models",
                                                  "The LLMs we train"};
  static const std::array<const char*, 7> kCategories{"cs.CV",       "cs.NA",  "math.NA", "astro-ph",
                                                      "astro-ph.CO", "cmp-lg", "hep-th"};
  std::vector<Paper> out;
  for (std::size_t n = 0; n < kPapers; ++n) {
    auto p = made_paper((n % 2 == 0 ? "2401." : "1512.") + std::to_string(10000 + n), kTitles.at(n % kTitles.size()));
    p.abstract = p.abstract_raw = "We " + text::lower_ascii(kTitles.at(n * 3 % kTitles.size())) +
                                  (n % 5 == 0 ? ". Code: https://github.com/a/b" : "");
    p.authors = {{.name = n % 3 == 0 ? "Ana Đorđević" : "Bo Rogers"},
                 {.name = n % 4 == 0 ? "Kite Collaboration" : "Øystein Studies"}};
    p.categories = {kCategories.at(n % kCategories.size()), kCategories.at(n * 5 % kCategories.size())};
    if (n % 6 == 0) p.listed.reset();
    if (n % 6 == 1) p.listed = parse_day("2023-12-31");
    out.push_back(std::move(p));
  }
  return out;
}

// A sample of real ones, where they are at hand.
std::vector<Paper> real() {
  std::vector<Paper> out;
  auto file = std::string(BROADSHEET_SHARED) + "/arxiv/corpus/sample-1000.jsonl";
  std::size_t seen = 0;
  auto take = [&](Paper p) {
    if (seen++ % 8 == 0 && out.size() < kPapers) out.push_back(std::move(p));
  };
  if (std::filesystem::exists(file)) (void)sources::read_path(file, {.paper = take});
  return out;
}

class Asker {
 public:
  explicit Asker(const std::vector<Paper>& papers) : papers_(papers) {}
  std::string query() {
    std::string out;
    for (auto parts = 1 + random_() % 3; parts > 0; --parts) {
      out += part();
      if (random_() % 5 == 0) out += " OR " + part();
      out += " ";
    }
    return out;
  }

 private:
  const Paper& paper() { return papers_[random_() % papers_.size()]; }
  std::string sign() {
    auto n = random_() % 10;
    return n == 0 ? "-" : n == 1 ? "NOT " : n == 2 ? "ANDNOT " : "";
  }
  std::string part() { return sign() + (random_() % 3 == 0 ? filter() : words()); }

  // Of a title, an abstract or a name, from somewhere on.
  std::vector<std::string> run(std::size_t most) {
    const auto& p = paper();
    auto n = random_() % 3;
    auto have = tokens(n == 0 ? p.title : n == 1 ? p.abstract : p.authors.empty() ? "" : p.authors.front().name);
    if (have.empty()) return {"nothing"};
    auto from = random_() % have.size();
    auto count = std::min(have.size() - from, 1 + random_() % most);
    return {have.begin() + static_cast<std::ptrdiff_t>(from), have.begin() + static_cast<std::ptrdiff_t>(from + count)};
  }
  std::string words() {
    static const std::array<const char*, 8> kFields{"", "", "", "ti:", "title:", "au:", "abs:", "all:"};
    static const std::array<const char*, 6> kEndings{"", "", "", "s", "ing", "ed"};
    std::string field = kFields.at(random_() % kFields.size());
    auto n = random_() % 4;
    if (n == 0) return field + '"' + text::join(run(3), " ") + '"';
    auto word = run(1).front();
    if (n == 1 && text::code_points(word) == word.size() && word.size() > 4)
      return field + word.substr(0, 4 + random_() % (word.size() - 4)) + "*";
    return field + word + kEndings.at(random_() % kEndings.size());
  }
  std::string filter() {
    static const std::array<const char*, 10> kNames{"cs",    "physics", "astro-ph", "nlp",          "cv",
                                                    "cs.NA", "math.NA", "cmp-lg",   "cs.LG,hep-th", "math"};
    switch (random_() % 6) {
      case 0:
        return "cat:" + std::string(kNames.at(random_() % kNames.size()));
      case 1:
        return paper().categories.empty() || !Category::parse(paper().categories.front())
                   ? "cat:cs.CV"
                   : "cat:" + paper().categories.front();
      case 2:
        return "from:" + to_string(day());
      case 3:
        return "to:" + to_string(day());
      case 4:
        return "has:code";
      default:
        return "id:" + paper().id.str();
    }
  }
  Day day() { return day_of(paper()) + std::chrono::days(static_cast<int>(random_() % 3) - 1); }

  const std::vector<Paper>& papers_;
  std::mt19937 random_{20251219};
};

void agree(const std::vector<Paper>& papers) {
  auto store = *open_memory();
  ASSERT_TRUE(store->papers().put(papers));
  Asker asker(papers);
  std::size_t with_answers = 0;
  for (int i = 0; i < kQueries; ++i) {
    auto text = asker.query();
    auto parsed = parse_query(text);
    if (!parsed || parse_paper_reference(text::trim(text))) continue;
    std::set<std::string> expected, found;
    for (const auto& one : papers)
      if (matches(*parsed, one)) expected.insert(one.id.str());
    auto answer = store->search().find({.query = text, .limit = 1000});
    ASSERT_TRUE(answer) << text << ": " << answer.error().what();
    if (!answer->complete) continue;  // a beginning of too many words, and says so
    for (const auto& hit : answer->hits) found.insert(hit.paper.id.str());
    ASSERT_EQ(found, expected) << text;
    with_answers += expected.empty() ? 0 : 1;
    auto again = parse_query(to_text(*parsed));
    ASSERT_TRUE(again) << to_text(*parsed);
    EXPECT_EQ(describe(*again), describe(*parsed)) << text << " as " << to_text(*parsed);
  }
  EXPECT_GT(with_answers, std::size_t{kQueries / 3});
}

TEST(SearchAndFilter, AgreeOnInventedPapers) {
  agree(invented());
}

TEST(SearchAndFilter, AgreeOnRealPapers) {
  auto papers = real();
  if (papers.empty()) GTEST_SKIP() << "no shared folder";
  agree(papers);
}

}  // namespace
}  // namespace broadsheet::store
