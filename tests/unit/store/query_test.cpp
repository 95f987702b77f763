#include "bot/store/query.hpp"

#include <gtest/gtest.h>

using namespace broadsheet;
using namespace broadsheet::store;

namespace {
Paper sample() {
  Paper p;
  p.id = *PaperId::parse("2401.12345");
  p.title = "Sparse Attention for Gráphs";
  p.abstract = "We study long documents. Code: https://github.com/x/y";
  p.authors = {{.name = "Ada Quill"}};
  p.categories = {"cs.LG", "stat.ML"};
  p.listed = parse_day("2024-01-24");
  return p;
}
bool hit(std::string_view text) {
  auto query = parse_query(text);
  return query && matches(*query, sample());
}
}  // namespace

TEST(Query, FindsWordsPhrasesFieldsAndDates) {
  for (auto text : {"sparse graphs", "\"sparse attention\"", "\u201csparse attention\u201d",
                    "ti:sparse au:quill abs:documents", "cat:cs.lg has:code", "id:2401.12345v2",
                    "from:2024-01-24 to:2024-01-24", "atten*", "zebra OR sparse", "sparse -zebra"})
    EXPECT_TRUE(hit(text)) << text;
  for (auto text : {"\"attention sparse\"", "ti:documents", "cat:cs.CV", "from:2024-01-25", "-sparse", "\u2014sparse",
                    "sparse zebra"})
    EXPECT_FALSE(hit(text)) << text;
}

TEST(Query, RefusesInWords) {
  for (auto text : {"", "  ", "ab*", "cat:cs.NLP", "from:yesterday", "id:24.12", "has:data", "\"", "*", "()"}) {
    auto query = parse_query(text);
    ASSERT_FALSE(query) << text;
    EXPECT_EQ(query.error().kind(), ErrorKind::bad_input);
    EXPECT_TRUE(query.error().what().ends_with(".") || query.error().what().find("example") != std::string::npos);
  }
}

TEST(Query, OrJoinsItsNeighboursOnly) {
  auto query = parse_query("graph OR tree search");
  ASSERT_TRUE(query);
  EXPECT_EQ(to_fts(*query), "((\"graph\" OR \"tree\") AND (\"search\"))");
  EXPECT_EQ(describe(*query), "graph or tree, search");
}
