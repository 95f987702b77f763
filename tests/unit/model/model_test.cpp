#include <gtest/gtest.h>

#include "digest/model/category.hpp"
#include "digest/model/digest.hpp"
#include "digest/model/paper_id.hpp"

namespace broadsheet {
namespace {

TEST(PaperId, AcceptsEveryFormPeoplePaste) {
  const std::pair<const char*, const char*> cases[] = {
      {"2401.12345", "2401.12345"},
      {"2401.12345v2", "2401.12345v2"},
      {"(arXiv:2401.12345V3).", "2401.12345v3"},
      {"0704.0001", "0704.0001"},
      {"hep-th/9901001", "hep-th/9901001"},
      {"math.GT/0309136v1", "math/0309136v1"},
      {"https://arxiv.org/abs/2401.12345v2?context=cs#top", "2401.12345v2"},
      {"http://www.arxiv.org/pdf/2401.12345.pdf", "2401.12345"},
      {"https://export.arxiv.org/e-print/hep-th/9901001", "hep-th/9901001"},
      {"https://doi.org/10.48550/arXiv.2401.12345", "2401.12345"},
      {"10.48550/ARXIV.2401.12345", "2401.12345"},
      {"https://alphaxiv.org/abs/2401.12345", "2401.12345"},
      {"https://www.alphaxiv.org/abs/2401.12345v1", "2401.12345v1"},
      {"https://ar5iv.labs.arxiv.org/html/2401.12345", "2401.12345"},
      {"https://huggingface.co/papers/2401.12345", "2401.12345"},
      {"https://papers.cool/arxiv/2401.12345", "2401.12345"},
      {"<https://arxiv.org/abs/2401.12345|a paper>", "2401.12345"},
      {"oai:arXiv.org:2512.16924", "2512.16924"},
      {"arXiv:2401.12345v2 [cs.CL] 3 Jan 2024", "2401.12345v2"},
      {"arXiv:hep-th/9901001v1  3 Jan 1999", "hep-th/9901001v1"},
      {"arXiv:0704.0001v1 [hep-ph] 2 Apr 2007", "0704.0001v1"},
      {"arXiv preprint arXiv:2401.12345", "2401.12345"},
      {"arXiv preprint arXiv:2401.12345 (2024).", "2401.12345"},
      {"arXiv: 2401.12345 v3", "2401.12345v3"},
      {"arXiv e-print 2401.12345", "2401.12345"},
      {"2401.12345 [cs.CL]", "2401.12345"},
      {"doi:10.48550/arXiv.2401.12345", "2401.12345"},
      {"DOI: 10.48550/arXiv.2401.12345", "2401.12345"},
      {"https://dx.doi.org/10.48550/arXiv.hep-th/9901001", "hep-th/9901001"},
      {"cs.CL/2401.12345", "2401.12345"},
      {"arXiv:cs/2401.12345v2", "2401.12345v2"},
      {"[A title, with words](https://arxiv.org/abs/2401.12345v1)", "2401.12345v1"},
      {"[2401.12345](https://example.org/x)", "2401.12345"},
      {"<https://arxiv.org/abs/2401.12345|a long label>", "2401.12345"},
      {"`2401.12345`", "2401.12345"},
      {"**2401.12345v2**", "2401.12345v2"},
      {"_2401.12345_,", "2401.12345"},
      {"“2401.12345”…", "2401.12345"},
      {"https://scirate.com/arxiv/2401.12345", "2401.12345"},
      {"https://inspirehep.net/arxiv/2401.12345", "2401.12345"},
      {"https://inspirehep.net/literature?q=arxiv%3A2401.12345", "2401.12345"},
      {"https://inspirehep.net/api/arxiv/hep-th/9901001", "hep-th/9901001"},
      {"https://www.alphaxiv.org/overview/2401.12345v1", "2401.12345v1"},
      {"https://www.alphaxiv.org/pdf/2401.12345", "2401.12345"},
      {"https://hf.co/papers/2401.12345#comments", "2401.12345"},
      {"https://www.semanticscholar.org/arxiv/2401.12345", "2401.12345"},
      {"https://api.semanticscholar.org/graph/v1/paper/arXiv:2401.12345?fields=title", "2401.12345"},
      {"https://ar5iv.labs.arxiv.org/html/hep-th/9901001", "hep-th/9901001"},
      {"https://papers.cool/arxiv/kimi?paper=2401.12345", "2401.12345"},
      {"https://ui.adsabs.harvard.edu/abs/2024arXiv240112345B/abstract", "2401.12345"},
      {"https://www.emergentmind.com/papers/2401.12345", "2401.12345"},
      {"https://arxiv.org/html/2401.12345v1/x1.png", "2401.12345v1"},
      {"https://arxiv.org/pdf/2401.12345v2.pdf#page=3", "2401.12345v2"},
      {"http://xxx.lanl.gov/abs/hep-th/9901001", "hep-th/9901001"},
      {"2401.12345v2.pdf", "2401.12345v2"}};
  for (const auto& [in, out] : cases) {
    auto id = parse_paper_reference(in);
    ASSERT_TRUE(id) << in;
    EXPECT_EQ(id->str(), out) << in;
  }
}

TEST(PaperId, RefusesWhatCannotExist) {
  for (const char* bad : {"",
                          "24.12",
                          "1412.12345",
                          "1501.0001",
                          "0703.0001",
                          "2413.12345",
                          "2400.12345",
                          "2401.12345v0",
                          "2401.12345v01",
                          "2401.123456",
                          "hep-th/9913001",
                          "nowhere/9901001",
                          "hep-th/0704001",
                          "https://example.org/abs/2401.12345",
                          "https://arxiv.org/list/cs.CV",
                          "2401.12345 2401.12346",
                          "2401.12345 https://arxiv.org/abs/2401.12346 #3",
                          "attention 2401.12345",
                          "https://doi.org/10.1000/0704.0001",
                          "https://huggingface.co/datasets/2401.12345",
                          "https://arxiv.org/list/cs.CL/2401",
                          "arXiv preprint",
                          "javascript://arxiv.org/abs/2401.12345",
                          "[cs.CL]",
                          "https://arxiv.org.example.com/abs/2401.12345",
                          "hello",
                          "9912.12345"})
    EXPECT_FALSE(parse_paper_reference(bad)) << bad;
}

TEST(PaperId, IsFoundInWordsThatWereCutAtBlanks) {
  std::vector<std::string> words = {"arXiv:2401.12345v2", "[cs.CL]", "3", "Jan", "2024", "hep-th/9901001"};
  auto found = parse_leading_reference(words);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id.str(), "2401.12345v2");
  EXPECT_EQ(found->words, 5U);
  EXPECT_FALSE(parse_leading_reference(std::vector<std::string>{"hello", "2401.12345"}));
}

TEST(PaperId, SortsByAnnouncement) {
  auto key = [](const char* id) { return PaperId::parse(id)->sort_key(); };
  EXPECT_LT(key("hep-th/9901001"), key("hep-th/0703001"));
  EXPECT_LT(key("hep-th/0703001"), key("0704.0001"));
  EXPECT_LT(key("1412.9999"), key("1501.00001"));
  EXPECT_LT(key("2401.00009"), key("2401.00010"));
}

TEST(Category, IsSpelledAsArxivDoes) {
  EXPECT_EQ(Category::parse("CS.cv")->str(), "cs.CV");
  EXPECT_FALSE(Category::parse("cs.NLP"));
  EXPECT_EQ(Category::parse("cs.NA")->canonical().str(), "math.NA");
  EXPECT_EQ(all_categories().size(), 176U);  // the taxonomy without its "invalid category"
}

TEST(Category, UnderstandsWhatPeopleType) {
  EXPECT_EQ(parse_category_words("nlp").front().str(), "cs.CL");
  EXPECT_EQ(parse_category_words("cmp-lg").front().str(), "cs.CL");
  EXPECT_GT(parse_category_words("cs").size(), 30U);
  EXPECT_GT(parse_category_words("physics").size(), 40U);
  EXPECT_TRUE(parse_category_words("zzz").empty());
  EXPECT_EQ(suggest_categories("cs.CVV").front(), "cs.CV");
  EXPECT_EQ(suggest_categories("cs.CW").front(), "cs.CV") << "a neighbour in the alphabet before the others";
}

TEST(Category, MatchesAliasesBothWays) {
  EXPECT_TRUE(matches({"math.NA"}, *Category::parse("cs.NA")));
  EXPECT_TRUE(matches({"cs.NA"}, *Category::parse("math.NA")));
  EXPECT_FALSE(matches({"cs.CV"}, *Category::parse("cs.CL")));
}

TEST(Counts, AddUp) {
  Selection selection;
  int i = 0;
  for (auto fate :
       {Fate::shown, Fate::cut, Fate::filtered, Fate::duplicate, Fate::repeated, Fate::withdrawn, Fate::other_type}) {
    SelectionEntry entry;
    entry.fate = fate;
    entry.announced.type = i++ % 2 == 0 ? AnnounceType::new_paper : AnnounceType::cross;
    selection.entries.push_back(entry);
  }
  auto c = count(selection);
  EXPECT_EQ(c.announced, c.shown + c.cut + c.filtered);
  EXPECT_EQ(c.announced, c.new_papers + c.cross + c.replaced);
  EXPECT_EQ(c.filtered, 5U);
}

TEST(Enums, HaveNamesThatReadBack) {
  for (int i = 0; i < 4; ++i) {
    auto type = static_cast<AnnounceType>(i);
    EXPECT_EQ(parse_announce_type(to_string(type)), type);
  }
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(parse_fate(to_string(static_cast<Fate>(i))), static_cast<Fate>(i));
    EXPECT_EQ(parse_role(to_string(static_cast<Role>(i))), static_cast<Role>(i));
  }
}

TEST(PaperId, NoNumberIsTooLongToBeRefused) {
  EXPECT_FALSE(PaperId::parse("2401." + std::string(400, '9')));
  EXPECT_FALSE(PaperId::parse("2401.123456"));
  EXPECT_TRUE(PaperId::parse("2401.12345"));
}

}  // namespace
}  // namespace broadsheet
