// What readers make of markup within fields: nothing that a reader of the source sees is lost.
#include <gtest/gtest.h>

#include "digest/latex/authors.hpp"
#include "digest/sources/readers/common.hpp"
#include "digest/sources/readers/feed.hpp"
#include "digest/sources/readers/jsonl.hpp"
#include "digest/sources/readers/listing_html.hpp"
#include "digest/sources/readers/oai.hpp"

namespace broadsheet::sources {
namespace {

std::string feed(const std::string& fields) {
  return "<rss xmlns:arxiv=\"http://arxiv.org/schemas/atom\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
         "version=\"2.0\">"
         "<channel><title>cs.CV updates</title><item><guid>oai:arXiv.org:2601.99001v1</guid>"
         "<arxiv:announce_type>new</arxiv:announce_type>" +
         fields + "</item></channel></rss>";
}

Paper read_item(const std::string& fields) {
  auto page = read_feed(feed(fields));
  return page && page->papers.size() == 1 ? page->papers[0] : Paper();
}

TEST(FeedText, KeepsTheTextOfInlineElements) {
  EXPECT_EQ(read_item("<title>An <i>in vivo</i> H<sub>2</sub>O<br/>study</title>").title, "An in vivo H2O study");
  EXPECT_EQ(read_item("<title>An &lt;i&gt;in vivo&lt;/i&gt; H&lt;sub&gt;2&lt;/sub&gt;O study</title>").title,
            "An in vivo H2O study");
  EXPECT_EQ(read_item("<title>T</title><description><div>Abstract: One <b>two</b>.</div></description>").abstract_raw,
            " Abstract: One two. ");
  EXPECT_EQ(read_item("<title>If $a&lt;b$ and $c&gt;d$</title>").title_raw, "If $a<b$ and $c>d$");
}

TEST(FeedText, TakesEveryCreator) {
  auto names = [](const std::string& fields) {
    return latex::join_names(read_item("<title>T</title>" + fields).authors);
  };
  EXPECT_EQ(names("<dc:creator>Ada Brook</dc:creator><dc:creator>Tomas Fenn</dc:creator>"), "Ada Brook, Tomas Fenn");
  EXPECT_EQ(names("<dc:creator>Brook, Ada</dc:creator><dc:creator>Fenn, Tomas</dc:creator>"), "Ada Brook, Tomas Fenn");
  EXPECT_EQ(names("<author><name>Ada Brook</name></author><author><name>Tomas Fenn</name></author>"),
            "Ada Brook, Tomas Fenn");
}

TEST(ListingText, ShowsTheAddressBehindALink) {
  auto page = read_listing_html(
      "<h3>Showing new listings for Friday, 5 December 2025</h3><h3>New submissions (showing 1 of 1 "
      "entries)</h3><dl><dt>"
      "<a href='/abs/2512.99001'>arXiv:2512.99001</a></dt><dd><div class='list-title'>Title: A<br>tool</div>"
      "<div class='list-authors'><a href='/search/?q=Brook'>Ada Brook</a>, et al. (3 additional authors not "
      "shown)</div>"
      "<div class='list-comments'>Comments: See <a href='https://ex.org/c'>this https URL</a></div>"
      "<p class='mathjax'>Code: <a href=\"https://ex.org/x/y\">this https URL</a>. Data <a "
      "href='http://ex.org/d'>here</a>, "
      "cf. <a href='/abs/2401.00001'>arXiv:2401.00001</a>.</p></dd></dl>");
  ASSERT_TRUE(page && page->papers.size() == 1);
  const auto& paper = page->papers[0];
  EXPECT_EQ(paper.title, "A tool");
  EXPECT_EQ(paper.abstract, "Code: https://ex.org/x/y. Data here (http://ex.org/d), cf. arXiv:2401.00001.");
  EXPECT_EQ(paper.comment, "See https://ex.org/c");
  EXPECT_EQ(latex::join_names(paper), "Ada Brook and 3 more");
}

TEST(ReaderText, CutsOnlyTagsThatItKnows) {
  EXPECT_EQ(without_tags("x<y and <p>z</p> <unknown>"), "x<y and  z  <unknown>");
  EXPECT_EQ(without_tags("<a href=\"https://ex.org\">this http URL</a>"), "https://ex.org");
  EXPECT_EQ(without_tags("<a href="), "<a href=");
}

TEST(JsonlText, PutsATornAuthorListTogether) {
  auto paper = read_jsonl_line(
      R"json({"id":"2401.00001","title":"T","authors":["Ada Brook (LMA","LJLL)","Tomas Fenn (1","2)"]})json");
  ASSERT_TRUE(paper);
  EXPECT_EQ(latex::join_names(paper->authors), "Ada Brook, Tomas Fenn");
}

TEST(OaiText, BelievesTheSourceOverTheComment) {
  auto read = [](const std::string& version) {
    auto page = read_oai(
        "<record><metadata><arXivRaw><id>0901.0001</id><title>T</title><authors>Ada Brook</authors><version "
        "version=\"v1\">"
        "<size>9kb</size></version><version version=\"v2\">" +
        version + "</version><comments>The paper has been withdrawn</comments></arXivRaw></metadata></record>");
    return page && page->papers.size() == 1 && page->papers[0].withdrawn;
  };
  EXPECT_TRUE(read("<size>0kb</size>"));
  EXPECT_TRUE(read("<size>1kb</size><source_type>I</source_type>"));
  EXPECT_TRUE(read(""));
  EXPECT_FALSE(read("<size>12kb</size><source_type>D</source_type>"));
}

}  // namespace
}  // namespace broadsheet::sources
