#include <gtest/gtest.h>

#include "bot/store/query_index.hpp"

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
  for (auto text :
       {"sparse graphs", "\"sparse attention\"", "\u201csparse attention\u201d", "ti:sparse au:quill abs:documents",
        "cat:cs.lg has:code", "id:2401.12345v2", "arXiv:2401.12345 sparse", "https://arxiv.org/abs/2401.12345v1 sparse",
        "from:2024-01-24 to:2024-01-24", "atten*", "zebra OR sparse", "sparse -zebra"})
    EXPECT_TRUE(hit(text)) << text;
  for (auto text : {"\"attention sparse\"", "ti:documents", "cat:cs.CV", "from:2024-01-25", "-sparse", "\u2014sparse",
                    "sparse zebra"})
    EXPECT_FALSE(hit(text)) << text;
}

TEST(Query, RefusesInWords) {
  for (auto text : {"", "  ", "ab*", "cat:cs.XQ", "from:yesterday", "id:24.12", "has:data", "\"", "*", "()"}) {
    auto query = parse_query(text);
    ASSERT_FALSE(query) << text;
    EXPECT_EQ(query.error().kind(), ErrorKind::bad_input);
    EXPECT_TRUE(query.error().what().ends_with(".") || query.error().what().find("example") != std::string::npos);
  }
}

TEST(Query, OrJoinsItsNeighboursOnly) {
  auto query = parse_query("graph OR tree search");
  ASSERT_TRUE(query);
  EXPECT_EQ(wanted_expression(for_index(*query)), "((\"graph\" OR \"tree\") AND \"search\")");
  EXPECT_EQ(describe(*query), "graph or tree, search");
}

TEST(Query, MatchesInflectionsCompatibilityFormsAndPlainSpellings) {
  Paper p;
  p.title = "Depth Any Panoramas of H₂O";
  p.abstract = "We studied AdS₅ with LLMs.";
  p.authors = {{.name = "Łukasz Straße"}};
  auto passes = [&](std::string_view text) {
    auto query = parse_query(text);
    return query && matches(*query, p);
  };
  for (auto text : {"panorama", "panoramas", "\"any panorama\"", "h2o", "H₂O", "ads5", "study", "studying", "llm",
                    "au:lukasz", "au:Łukasz", "au:strasse", "panoram*", "studyi*"})
    EXPECT_TRUE(passes(text)) << text;
  for (auto text : {"pan", "au:lukas", "au:strass", "ti:llm", "\"panorama any\""}) EXPECT_FALSE(passes(text)) << text;
}

TEST(Query, ReadsFieldsByTheirLongNames) {
  for (auto text :
       {"title:sparse", "author:quill", "authors:quill", "abstract:documents", "all:sparse", "TITLE:sparse",
        "category:cs.LG", "cat:cs", "cat:ml", "cat:cs.CV,stat", "title: sparse", "cat: cs.LG", "from: 2024-01-24"})
    EXPECT_TRUE(hit(text)) << text;
  EXPECT_FALSE(hit("title:documents"));
  EXPECT_FALSE(hit("cat:physics"));
}

TEST(Query, ReadsOperatorsInCapitals) {
  for (auto text : {"sparse NOT zebra", "sparse ANDNOT zebra", "sparse AND NOT zebra", "sparse AND attention",
                    "NOT zebra", "zebra OR NOT okapi", "sparse NOT", "OR sparse"})
    EXPECT_TRUE(hit(text)) << text;
  for (auto text : {"sparse NOT attention", "sparse ANDNOT attention", "sparse not attention", "\"NOT\" sparse"})
    EXPECT_FALSE(hit(text)) << text;
}

TEST(Query, NamesTheFieldsWhenOneIsUnknown) {
  auto query = parse_query("titel:quark");
  ASSERT_FALSE(query);
  for (auto part : {"titel:", "title:", "ti: au: abs: all: cat: id: from: to: has:code", "quotes"})
    EXPECT_NE(query.error().what().find(part), std::string::npos) << query.error().what();
  EXPECT_FALSE(parse_query("foo:bar"));
}

TEST(Query, TakesAColonInATitleForWhatItIs) {
  for (auto text : {"BERT: pre-training", "BERT:pretraining", "one for all: a model", "how to: a guide", "GPT-4:x",
                    "12:30", "https://example.org/x", "std::vector", "Who has: power", "a:b", "\"foo:bar\""})
    EXPECT_TRUE(parse_query(text)) << text << ": " << parse_query(text).error().what();
  EXPECT_EQ(describe(*parse_query("BERT: training")), "bert, training");
}

TEST(Query, CanBeWrittenAgain) {
  for (auto text : {"sparse \"sparse attention\" -zebra OR ti:x cat:cs,stat.ML from:2024-01-24 has:code id:2401.12345",
                    "multi-agen* au:quill", "-\"a b\" NOT c", "\"not\" \"or\""}) {
    auto query = parse_query(text);
    ASSERT_TRUE(query) << text;
    auto again = parse_query(to_text(*query));
    ASSERT_TRUE(again) << to_text(*query);
    EXPECT_EQ(to_text(*again), to_text(*query));
    EXPECT_EQ(describe(*again), describe(*query));
  }
}

TEST(LoosenedQuery, DropsFiltersBeforeWords) {
  std::vector<std::string> texts;
  for (const auto& wider : loosened(*parse_query("\"deep net\" zebra cat:cs.LG from:2024-01-01")))
    texts.push_back(to_text(wider));
  ASSERT_GE(texts.size(), 5U);
  EXPECT_EQ(texts.front(), "\"deep net\" zebra cat:cs.LG");
  EXPECT_EQ(texts.at(1), "deep net zebra cat:cs.LG from:2024-01-01");
  EXPECT_EQ(texts.back(), "deep OR net OR zebra");
  EXPECT_TRUE(loosened(*parse_query("zebra")).empty());
}

TEST(LoosenedQuery, OffersOnlyWhatCanBeTyped) {
  std::string phrase = "\"";
  for (int n = 0; n < 40; ++n) phrase += "word" + std::to_string(n) + " ";
  for (const auto& wider : loosened(*parse_query(phrase + "\" zebra cat:cs.LG")))
    EXPECT_TRUE(parse_query(to_text(wider)));
}
