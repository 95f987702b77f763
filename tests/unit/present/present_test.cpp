#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "digest/doc/plain.hpp"
#include "digest/latex/finish.hpp"
#include "digest/present/atom.hpp"
#include "digest/present/bibtex.hpp"
#include "digest/present/document.hpp"
#include "digest/present/f1.hpp"
#include "digest/present/f2.hpp"
#include "digest/present/html.hpp"
#include "digest/present/key_findings.hpp"
#include "digest/present/markdown.hpp"
#include "digest/present/wording.hpp"
#include "digest/record/json.hpp"
#include "schema_check.hpp"

namespace broadsheet::present {
namespace {

using record::digest_from_json;
using record::to_json;

const std::string kSeeds = std::string(BROADSHEET_SHARED) + "/seeds/";

std::string slurp(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// A small long digest with the traps of the format: rules inside the analysis, a copied label, an unescaped bracket.
const std::string kF1 =
    "time: 20260113\n\n# Arxiv Computer Vision Papers - 2026-01-13\n\n## Executive "
    "Summary\n\nHello.\n\n---\n\nMore.\n\n---\n\n"
    "## Table of Contents\n\n1. [A [odd] Title](#2601.99001v1)\n\n---\n\n## Papers\n\n"
    "<a id='2601.99001v1'></a>\n## [A [odd] Title](https://arxiv.org/abs/2601.99001v1)\n\n**Authors:**  Tide Team, Ada "
    "Brook\n\n"
    "**Published:** 2026-01-12\n\n**Categories:** cs.CV, cs.RO\n\n**Abstract:**\n\nWe invent.   It "
    "helps.\n\n**Analysis:**\n\n"
    "Text.\n\n---\n\n**Key Findings:**\n\nnot a list\n\n**Key Findings:**\n\n- We invent.\n\n**Links:**\n\n"
    "- [PDF](https://arxiv.org/pdf/2601.99001v1)\n- [arXiv](https://arxiv.org/abs/2601.99001v1)\n- "
    "[Citations](https://example.org)\n\n---\n\n";

const std::string kF2 =
    "# arxiv 2026-01-13\n\n| 标题 | 作者 | PDF链接 |  摘要 |\n|------|------|--------|------|\n"
    "| 题目 | Ada Brook | [PDF](https://arxiv.org/pdf/2601.99001v1) | 第一段。\n\n第二段。 |\n"
    "| 另一个 | Tomas Fenn | [PDF](https://arxiv.org/pdf/2601.99002v1) | 摘要。 |\n";

Digest sample() {
  Digest digest;
  digest.key.categories = {*Category::parse("cs.CV")};
  digest.key.day = *parse_day("2026-01-13");
  Card card;
  card.paper.id = *PaperId::parse("2601.99001");
  card.paper.version = 1;
  card.paper.title_raw = "Pipes | and *stars* <@U1> [x](javascript:1)";
  card.paper.abstract_raw = "We propose a filter. It is 3% better.";
  card.paper.authors_raw = "Ada Brook, Tomas Fenn";
  card.paper.categories = {"cs.CV"};
  card.paper.published = parse_iso("2026-01-12T10:00:00Z");
  latex::finish(card.paper);
  card.tldr = {"We propose a filter.", true};
  card.findings = {"It is 3% better."};
  card.badges = {{BadgeKind::code, "code", "https://github.com/example/x"}};
  card.why = {{ReasonKind::code, "code is linked", 0.1}};
  card.sections = {{Role::method, "By hand."}};
  digest.cards = {card};
  for (auto [id, fate] :
       {std::pair("2601.99001", Fate::shown), {"2601.99002", Fate::cut}, {"2601.99003", Fate::filtered}}) {
    SelectionEntry entry;
    entry.announced = {*PaperId::parse(id), 1, AnnounceType::new_paper};
    entry.fate = fate;
    entry.reasons = card.why;
    digest.selection.entries.push_back(entry);
    digest.titles.emplace(entry.announced.id, std::string("Title of ") + id);
  }
  digest.summary.overview = {{"One theme.", {card.paper.id}}};
  digest.summary.themes = {{"filters", {"One paper.", {card.paper.id}}, {card.paper.id}, 1}};
  digest.summary.notable = {{"Filter: It is 3% better.", {card.paper.id}}};
  digest.listings = {{digest.key.categories[0], 3, {"file", *parse_iso("2026-01-13T05:00:00Z"), ""}}};
  digest.written = *parse_iso("2026-01-13T05:00:00.123Z");
  digest.writer = "extractive/1";
  return digest;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(F1, ComesBackByteForByte) {
  auto digest = f1_from_text(kF1);
  ASSERT_TRUE(digest) << digest.error().what();
  EXPECT_EQ(to_f1(*digest), kF1);
  auto again = digest_from_json(to_json(*digest));
  ASSERT_TRUE(again) << again.error().what();
  EXPECT_EQ(to_f1(*again), kF1);
  EXPECT_EQ(digest->cards[0].findings, std::vector<std::string>{"We invent."});
  EXPECT_EQ(digest->cards[0].paper.authors.size(), 2U);
}

TEST(F1, RefusesWhatItWouldLose) {
  EXPECT_FALSE(f1_from_text(""));
  EXPECT_FALSE(f1_from_text(kF1.substr(0, kF1.size() - 5)));
  auto twice = kF1;
  twice.replace(twice.find("1. [A"), 2, "7.");
  EXPECT_FALSE(f1_from_text(twice)) << "the numbering would come back changed";
}

TEST(F1, IsWrittenFromOurOwnRecord) {
  auto text = to_f1(sample());
  EXPECT_TRUE(has(text,
                  "time: 20260113\n\n# Arxiv Computer Vision and Pattern Recognition Papers - 2026-01-13\n\n## "
                  "Executive Summary\n\n"));
  auto read = f1_from_text(text);
  ASSERT_TRUE(read) << read.error().what();
  EXPECT_EQ(to_f1(*read), text);
}

TEST(F2, ComesBackByteForByte) {
  auto digest = f2_from_text(kF2);
  ASSERT_TRUE(digest) << digest.error().what();
  auto again = digest_from_json(to_json(*digest));
  ASSERT_TRUE(again);
  EXPECT_EQ(to_f2(*again, F2Form::original), kF2);
  EXPECT_EQ(again->cards[0].translation->abstract, "第一段。\n\n第二段。");
}

TEST(F2, ValidFormHasOneLineARowAndReadsBack) {
  auto text = to_f2(sample());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 5);
  EXPECT_TRUE(has(text, "Pipes \\| and"));
  auto read = f2_from_text(text);
  ASSERT_TRUE(read) << read.error().what();
  EXPECT_EQ(read->cards[0].paper.title, sample().cards[0].paper.title);
}

TEST(Json, KeepsEveryField) {
  auto digest = sample();
  auto again = digest_from_json(to_json(digest, true));
  ASSERT_TRUE(again) << again.error().what();
  EXPECT_EQ(*again, digest);
  EXPECT_FALSE(digest_from_json("{}"));
  EXPECT_FALSE(digest_from_json("[1,"));
  EXPECT_FALSE(digest_from_json(R"({"version":9,"key":{}})"));
}

TEST(CountLine, AddsUp) {
  auto withdrawn = sample();
  withdrawn.selection.entries[1].fate = Fate::withdrawn;
  EXPECT_TRUE(has(count_line(withdrawn), "shown 1 · filtered 1 · cut 0 · withdrawn 1 · source"));
  EXPECT_TRUE(has(count_line(sample()), "announced 3 · new 3 · cross 0 · shown 1 · filtered 1 · cut 1 · source file"));
}

TEST(Documents, HoldEverythingTheyPromise) {
  auto plain = doc::to_plain(digest_document(sample(), Style::cards), 80);
  for (const char* part : {"cs.CV · Tuesday 13 January 2026", "One theme.", "Key findings", "It is 3% better.",
                           "Origin: extracted", "announced 3", "code is linked"})
    EXPECT_TRUE(has(plain, part)) << part << "\n" << plain;
  auto titles = doc::to_plain(digest_document(sample(), Style::titles));
  EXPECT_TRUE(has(titles, "2601.99003, new, filtered"));
}

TEST(Documents, TellTheKindsOfQuietDaysApart) {
  auto cv = *Category::parse("cs.CV");
  auto day = *parse_day("2026-01-10");
  std::set<std::string> sentences;
  for (const ListingOutcome& outcome : std::initializer_list<ListingOutcome>{
           NoAnnouncement{day, QuietReason::weekend, "", day},
           NoAnnouncement{day, QuietReason::holiday, "New Year's Day", day},
           NotYet{day, Moment(day), "the feed still shows the batch before"},
           SourceDown{day, Error(ErrorKind::unavailable, "timed out"), Moment(day)}, Incomplete{day, 143, 120, {}}})
    sentences.insert(doc::to_plain(notice(outcome, cv)));
  EXPECT_EQ(sentences.size(), 5U);
}

TEST(Markdown, LetsNoTextActAsMarkup) {
  auto markdown = to_markdown(digest_document(sample(), Style::cards));
  EXPECT_TRUE(has(markdown, "Pipes \\| and \\*stars\\* \\<@U1\\> \\[x\\](javascript:1)")) << markdown;
  EXPECT_TRUE(has(markdown, "[code](https://github.com/example/x)"));
}

TEST(Page, EscapesEverythingAndAsksNobody) {
  auto digest = sample();
  digest.cards[0].paper.title = "<script>alert(1)</script> & \"more\"";
  digest.titles.begin()->second = "<img alt=x>";
  auto page = digest_page(digest);
  EXPECT_FALSE(has(page, "<script"));
  EXPECT_FALSE(has(page, "<img"));
  EXPECT_TRUE(has(page, "&lt;img alt=x&gt;"));
  EXPECT_TRUE(has(page, "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;"));
  for (const char* request : {" src=", "@import", "url(", "http-equiv"}) EXPECT_FALSE(has(page, request)) << request;
  for (const char* part : {"lang=\"en\"", "All titles (3)", "announced 3", "Thank you to arXiv"})
    EXPECT_TRUE(has(page, part)) << part;
}

TEST(CategoryNames, NameAWholeArchiveByItsName) {
  auto digest = sample();
  digest.key.categories = parse_category_words("cs");
  digest.key.categories.push_back(*Category::parse("math.AP"));
  EXPECT_EQ(category_names(digest), "cs and math.AP");
  auto some = parse_category_words("math");
  some.resize(12);
  digest.key.categories = some;
  EXPECT_TRUE(category_names(digest).ends_with(" and 5 more")) << category_names(digest);
}

TEST(Bibtex, HasStableKeysAndEscapes) {
  auto entry = to_bibtex(sample().cards[0].paper);
  EXPECT_TRUE(has(entry, "@misc{brook2026pipes-2601.99001,")) << entry;
  EXPECT_TRUE(has(entry, "eprint        = {2601.99001}"));
}

TEST(Atom, IsAFeed) {
  auto feed = atom_feed({sample()}, {"https://example.org", "cs.CV"});
  EXPECT_TRUE(has(feed, "href=\"https://example.org/d/cs.CV/2026-01-13\"")) << feed;
  EXPECT_TRUE(has(feed,
                  "<link rel=\"self\" type=\"application/atom+xml\" "
                  "href=\"https://example.org/feed/cs.CV.atom\""))
      << feed;
  EXPECT_TRUE(has(feed, "<id>tag:example.org,2026:feed/cs.CV</id>")) << feed;
  auto nameless = atom_feed({sample()}, {"http://127.0.0.1:8080", "cs.CV"});
  EXPECT_TRUE(has(nameless, "<id>urn:uuid:")) << "an address is no authority of a tag";
  EXPECT_FALSE(has(nameless, "<id>tag:"));
  EXPECT_TRUE(has(feed, "&lt;@U1&gt;"));
}

TEST(Seeds, ComeBackByteForByte) {
  auto f1 = {"000_bb830a712c53f285.txt", "002_16f667a1ffbf6fb0.txt"};
  if (slurp(kSeeds + *f1.begin()).empty()) GTEST_SKIP() << "no shared folder";
  for (const auto* name : f1) {
    auto bytes = slurp(kSeeds + name);
    auto digest = f1_from_text(bytes);
    ASSERT_TRUE(digest) << name << digest.error().what();
    EXPECT_EQ(to_f1(*digest_from_json(to_json(*digest))), bytes);
  }
  auto bytes = slurp(kSeeds + "004_83cba73a4c64a892.txt");
  auto digest = f2_from_text(bytes);
  ASSERT_TRUE(digest) << digest.error().what();
  EXPECT_EQ(to_f2(*digest_from_json(to_json(*digest)), F2Form::original), bytes);
}

TEST(KeyFindings, FollowTheRuleOfTheSeeds) {
  std::ifstream in(kSeeds + "key_findings.jsonl");
  if (!in) GTEST_SKIP() << "no shared folder";
  std::string line;
  int checked = 0;
  while (std::getline(in, line)) {
    auto row = nlohmann::json::parse(line);
    EXPECT_EQ(key_findings_compat(row["abstract"].get<std::string>()),
              row["key_findings"].get<std::vector<std::string>>())
        << row["paper_id"];
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

TEST(KeyFindings, GuardAbbreviationsAndFallBack) {
  EXPECT_EQ(key_findings_compat("One. Two. Three."), (std::vector<std::string>{"Two.", "Three."}));
  EXPECT_EQ(key_findings_compat("Old. We show it, e.g. here. Last."),
            std::vector<std::string>{"We show it, e.g. here."});
}

nlohmann::json schema() {
  return nlohmann::json::parse(slurp(std::string(BROADSHEET_FIXTURES) + "/../../docs/digest.schema.json"));
}

// Every field that may be absent is there.
Digest full() {
  auto digest = sample();
  auto& card = digest.cards[0];
  card.paper.authors[0].affiliations = {"Tide Institute"};
  card.paper.authors[0].collaboration = true;
  card.paper.updated = card.paper.published;
  card.paper.listed = digest.key.day;
  card.paper.comment = "3 pages";
  card.paper.doi = "10.1/x";
  card.paper.journal_ref = "J. Kelp 3";
  card.paper.license = "CC0";
  card.paper.withdrawn = true;
  card.paper.source = "file";
  card.degraded = "short";
  card.translation = Translation{"de", "Titel", "Text"};
  card.imported_analysis = card.imported_citations = "x";
  card.imported_extra_links = {"x"};
  digest.selection.entries[2].detail = "no sand";
  digest.listings[0].from.note = "late";
  digest.summary.imported_markdown = digest.note = "x";
  digest.key.profile = "0f";
  digest.imported = {"f1", {{"time", "20260113"}}, "Heading"};
  return digest;
}

TEST(Json, IsAsTheSchemaSays) {
  for (const auto& digest : {sample(), full()})
    EXPECT_EQ(misfits(schema(), nlohmann::json::parse(to_json(digest))), std::vector<std::string>());
}

TEST(Json, SchemaKnowsEveryFieldAndMissesEveryOther) {
  auto good = nlohmann::json::parse(to_json(full()));
  for (const auto& [name, value] : good.items()) {
    auto bad = good;
    bad["x-" + name] = value;
    EXPECT_FALSE(misfits(schema(), bad).empty());
    if (name == "note" || name == "imported") continue;
    bad = good;
    bad.erase(name);
    EXPECT_FALSE(misfits(schema(), bad).empty()) << name;
  }
  auto bad = good;
  bad["cards"][0]["badges"][0]["url"] = "javascript:1";
  EXPECT_FALSE(misfits(schema(), bad).empty());
  bad = good;
  bad["selection"][0]["fate"] = "lost";
  EXPECT_FALSE(misfits(schema(), bad).empty());
}

std::vector<std::string> links_in_lists(const doc::Document& document) {
  std::vector<std::string> out;
  for (const auto& block : document.blocks)
    if (const auto* list = std::get_if<doc::ListBlock>(&block))
      for (const auto& item : list->items)
        for (const auto& part : item)
          if (const auto* link = std::get_if<doc::Link>(&part)) out.push_back(link->text + " = " + link->url);
  return out;
}

TEST(Overview, LinksWhatItsSentencesNameToThePapers) {
  Digest digest;
  digest.key.categories = {*Category::parse("cs.CV")};
  auto tides = *PaperId::parse("2601.00001"), maps = *PaperId::parse("2601.00002"), r4 = *PaperId::parse("2601.00003");
  digest.titles = {{tides, "TideFlow: Streaming Tides"}, {maps, "Maps of Kites"}, {r4, "R4: Four Rs"}};
  digest.summary.themes = {
      {"tides", {"3 papers. “Maps of Kites”: as PR4 does. Also TideFlow and R4.", {tides, r4, maps}}, {}, 3}};
  digest.summary.notable = {{"TideFlow: it flows.", {tides}}, {"Nobody is named.", {maps}}};
  EXPECT_EQ(links_in_lists(present::overview(digest)),
            (std::vector<std::string>{
                "“Maps of Kites” = https://arxiv.org/abs/2601.00002", "TideFlow = https://arxiv.org/abs/2601.00001",
                "R4 = https://arxiv.org/abs/2601.00003", "TideFlow = https://arxiv.org/abs/2601.00001"}));
}

}  // namespace
}  // namespace broadsheet::present
