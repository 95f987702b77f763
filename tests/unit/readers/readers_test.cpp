#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "digest/sources/readers/api.hpp"
#include "digest/sources/readers/feed.hpp"
#include "digest/sources/readers/file.hpp"
#include "digest/sources/readers/jsonl.hpp"
#include "digest/sources/readers/listing_html.hpp"
#include "digest/sources/readers/oai.hpp"

namespace broadsheet::sources {
namespace {

namespace fs = std::filesystem;

const std::string kShared = std::string(BROADSHEET_SHARED) + "/arxiv/";

std::string slurp(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string fixture(const std::string& name) {
  return slurp(std::string(BROADSHEET_FIXTURES) + "/readers/" + name);
}

// What a file of any form holds.
struct Held {
  std::size_t papers = 0, rejected = 0, entries = 0;
  std::string reason;
};

Held hold(const std::string& path) {
  Held held;
  ReadSink sink;
  sink.paper = [&](const Paper&) { ++held.papers; };
  sink.rejected = [&](const Rejected& r) { ++held.rejected, held.reason = r.reason; };
  sink.digest = [](const std::string&, const std::string&, Format) {};
  sink.feed = [&](const FeedPage& page) { held.papers += page.papers.size(), held.entries += page.entries.size(); };
  sink.listing = [&](const ListingPage& page) { held.papers += page.papers.size(); };
  EXPECT_TRUE(read_path(path, sink)) << path;
  return held;
}

TEST(Feed, KeepsAnnounceTypesAndRejectsWhatHasNoId) {
  auto page = read_feed(fixture("rss.xml"));
  ASSERT_TRUE(page) << page.error().what();
  ASSERT_EQ(page->entries.size(), 2U);
  EXPECT_EQ(page->entries[1].type, AnnounceType::replace_cross);
  EXPECT_EQ(page->entries[1].version, 3);
  EXPECT_EQ(page->papers[0].abstract, "We invent. It helps by 3%.");
  EXPECT_EQ(page->papers[0].authors[0].name, "Zoë Brook");
  EXPECT_EQ(page->papers[0].authors[1].affiliations[0], "Harbour School");
  EXPECT_EQ(page->papers[0].categories, std::vector<std::string>{"cs.CV"});
  EXPECT_EQ(page->problems.size(), 1U);
}

TEST(Api, MatchesByNamespaceNotByPrefix) {
  auto page = read_api(fixture("api.xml"));
  ASSERT_TRUE(page) << page.error().what();
  EXPECT_EQ(page->total, 7U);
  EXPECT_EQ(page->start, 2U);
  ASSERT_EQ(page->papers.size(), 1U);
  const auto& paper = page->papers[0];
  EXPECT_EQ(paper.title, "0");
  EXPECT_EQ(paper.version, 2);
  EXPECT_EQ(paper.categories, (std::vector<std::string>{"cs.CV", "cs.RO"}));
  EXPECT_EQ(paper.comment, "9 pages");
  EXPECT_EQ(paper.authors[0].affiliations[0], "Harbour School");
}

TEST(Oai, ReadsVersionsAndWithdrawals) {
  auto page = read_oai(fixture("oai.xml"));
  ASSERT_TRUE(page) << page.error().what();
  ASSERT_EQ(page->papers.size(), 1U);
  EXPECT_TRUE(page->papers[0].withdrawn);
  EXPECT_EQ(page->papers[0].version, 2);
  EXPECT_EQ(to_iso(*page->papers[0].published), "2026-01-12T10:00:00Z");
  EXPECT_EQ(page->papers[0].authors.size(), 2U);
  EXPECT_EQ(page->resumption_token, "verb%3DListRecords%26skip%3D1");
}

TEST(ListingHtml, TellsABrokenParseFromAnEmptyDay) {
  auto page = read_listing_html(fixture("list.html"));
  ASSERT_TRUE(page) << page.error().what();
  EXPECT_EQ(to_string(*page->day), "2026-01-13");
  ASSERT_EQ(page->entries.size(), 2U);
  EXPECT_EQ(page->entries[1].type, AnnounceType::cross);
  EXPECT_EQ(page->papers[0].categories, (std::vector<std::string>{"cs.CV", "cs.RO"}));
  EXPECT_EQ(page->papers[0].comment, "9 pages");
  EXPECT_FALSE(page->complete) << "one of two cross-lists is missing";
  EXPECT_FALSE(read_listing_html("<html><body>hello</body></html>"));
}

std::string page_of(const std::string& heading, const std::string& rest) {
  return "<html><body><div id='dlpage'>" + heading + rest + "</div></body></html>";
}

std::string entry_of(const std::string& id, const std::string& title = "Kites") {
  return "<dt><a href='/abs/" + id + "'>arXiv:" + id + "</a></dt><dd><div class='list-title'>Title: " + title +
         "</div><div class='list-subjects'>Subjects: Robotics (cs.RO)</div></dd>";
}

TEST(ListingHtml, ReadsTheHeadingOfTheArchive) {
  auto page = read_listing_html(page_of("<h1>Catchup results for Notes on Kites on Tue, 28 Jul 2026</h1>",
                                        "<div>Total of 1 entries for Tue, 28 Jul 2026</div><dl><h3>New submissions "
                                        "(showing 1 of 1 entries )</h3>" +
                                            entry_of("2607.00001") + "</dl>"));
  ASSERT_TRUE(page) << page.error().what();
  EXPECT_EQ(page->day, parse_day("2026-07-28"));
  EXPECT_TRUE(page->complete);
}

TEST(ListingHtml, KnowsADayWithoutEntriesFromAPageWithoutAny) {
  auto heading = std::string("<h3>Showing new listings for Tuesday, 13 January 2026</h3>");
  auto empty = read_listing_html(page_of(heading, "<p>No updates today.</p>"));
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->complete && empty->says_empty);
  auto broken = read_listing_html(page_of(heading, "<p>Something else.</p>"));
  ASSERT_TRUE(broken);
  EXPECT_FALSE(broken->complete);
}

TEST(ListingHtml, PutsPagesTogetherByTheTotalOfTheDay) {
  auto heading = std::string(
      "<h1>Catchup results for Robotics on Tue, 28 Jul 2026</h1><div>Total of 3 entries for Tue, 28 Jul 2026</div>");
  auto whole = read_listing_html(
      page_of(heading, "<h3>New submissions (showing first 1 of 2 entries )</h3>" + entry_of("2607.00001")));
  auto next = read_listing_html(
      page_of(heading, "<h3>New submissions (continued, showing last 1 of 2 entries )</h3>" + entry_of("2607.00002") +
                           "<h3>Cross submissions (showing 1 of 1 entries )</h3>" + entry_of("2607.00003")));
  ASSERT_TRUE(whole && next);
  EXPECT_EQ(whole->sections.at(0).shown, 1U);
  EXPECT_EQ(whole->sections.at(0).total, 2U);
  EXPECT_FALSE(whole->complete);
  append(*whole, *next);
  EXPECT_TRUE(whole->complete);
  EXPECT_EQ(whole->entries.size(), 3U);
  EXPECT_EQ(whole->sections.at(0).shown, 2U);
  EXPECT_EQ(whole->entries.at(2).type, AnnounceType::cross);
}

TEST(ListingHtml, KeepsAPaperOnceAndCountsItAsOftenAsThePage) {
  auto page = read_listing_html(
      page_of("<h3>Showing new listings for Tuesday, 13 January 2026</h3>",
              "<h3>New submissions (showing 2 of 2 entries )</h3>" + entry_of("2601.00001") + entry_of("2601.00001")));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->entries.size(), 1U);
  EXPECT_TRUE(page->complete);
}

TEST(ListingHtml, LetsNoControlCharacterIn) {
  auto page =
      read_listing_html(page_of("<h3>Showing new listings for Tuesday, 13 January 2026</h3>",
                                "<h3>New submissions (showing 1 of 1 entries )</h3>" + entry_of("2601.00001",
                                                                                                "K&#27;i&#x1b;t\x1b"
                                                                                                "es&#0; &#xD800;")));
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->papers.at(0).title_raw.starts_with("Kit")) << page->papers[0].title_raw;
  for (char c : page->papers[0].title_raw) EXPECT_FALSE(static_cast<unsigned char>(c) < 0x20);
}

TEST(ListingHtml, BelievesNoAbsurdNumber) {
  for (const char* heading : {"New submissions (showing 1 of 99999999999999999999999 entries )",
                              "New submissions (showing of entries )", "New submissions ( of ", "New of showing "}) {
    auto page = read_listing_html(page_of("<h3>Showing new listings for Tuesday, 13 January 2026</h3>",
                                          "<h3>" + std::string(heading) + "</h3>" + entry_of("2601.00001")));
    ASSERT_TRUE(page);
    EXPECT_TRUE(page->sections.empty()) << heading;
    EXPECT_FALSE(page->complete) << heading;
  }
}

TEST(Feed, KeepsAPaperOnce) {
  std::string item =
      "<item><title>Kites</title><guid>oai:arXiv.org:2601.00001v1</guid><description>arXiv:2601.00001v1 Announce Type: "
      "new \nAbstract: K.</description></item>";
  auto page = read_feed("<rss><channel><title>cs.CV updates on arXiv.org</title>" + item + item + "</channel></rss>");
  ASSERT_TRUE(page) << page.error().what();
  EXPECT_EQ(page->entries.size(), 1U);
  EXPECT_EQ(page->papers.size(), 1U);
}

TEST(Oai, TakesOnlyVersionsThatAreNumbers) {
  auto with = [](const std::string& versions) {
    return read_oai(
        "<record><header/><metadata><arXivRaw xmlns=\"http://arxiv.org/OAI/arXivRaw/\"><id>2601.00001</id>" + versions +
        "<title>Kites</title><authors>Ada "
        "Brook</authors><categories>cs.RO</categories></arXivRaw></metadata></record>");
  };
  auto absurd = with("<version version=\"v99999999999999999999\"/>");
  ASSERT_TRUE(absurd);
  EXPECT_EQ(absurd->papers.at(0).version, 0);
  auto shuffled = with(
      "<version version=\"v2\"><date>Tue, 13 Jan 2026 10:00:00 GMT</date></version>"
      "<version version=\"v1\"><date>Mon, 12 Jan 2026 10:00:00 GMT</date></version>");
  ASSERT_TRUE(shuffled);
  EXPECT_EQ(shuffled->papers.at(0).version, 2);
  EXPECT_EQ(to_iso(*shuffled->papers.at(0).published), "2026-01-12T10:00:00Z");
}

TEST(Jsonl, LetsNoControlCharacterIn) {
  auto paper = read_jsonl_line(
      R"({"id":"2601.99001","title":"A\u0000 B\u001b","doi":"10.1/x\nTY  - JOUR","authors":["A\u0007da"]})");
  ASSERT_TRUE(paper);
  EXPECT_EQ(paper->title_raw, "A B");
  EXPECT_EQ(paper->doi, "10.1/x TY - JOUR");
  EXPECT_EQ(paper->authors.at(0).name, "Ada");
}

TEST(Jsonl, IsStrictAboutIdAndTitleOnly) {
  auto paper = read_jsonl_line(R"({"id":"2601.99001","title":"T","sections":["cs.AI"],"published":null})");
  ASSERT_TRUE(paper) << paper.error().what();
  EXPECT_EQ(paper->primary(), "cs.AI");
  EXPECT_FALSE(read_jsonl_line("{"));
  EXPECT_FALSE(read_jsonl_line("[]"));
  EXPECT_FALSE(read_jsonl_line(R"({"id":"x","title":"T"})"));
  EXPECT_FALSE(read_jsonl_line(R"({"id":"2601.99001","title":" "})"));
}

TEST(Xml, RefusesWhatIsDangerous) {
  EXPECT_EQ(read_api("").error().kind(), ErrorKind::transient);
  EXPECT_EQ(read_api("Rate exceeded.").error().kind(), ErrorKind::rate_limited);
  EXPECT_FALSE(read_api("<!DOCTYPE x [<!ENTITY a 'b'>]><feed xmlns=\"http://www.w3.org/2005/Atom\"/>"));
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  for (int i = 0; i < 100000; ++i) deep += "</a>";
  EXPECT_FALSE(read_api(deep));
}

TEST(ListingHtml, RefusesNestingThatWouldExhaustTheStack) {
  std::string deep = "<html><h3>Showing new listings for Thursday, 6 August 2026</h3>";
  for (int i = 0; i < 300000; ++i) deep += "<div>";
  EXPECT_EQ(read_listing_html(deep).error().kind(), ErrorKind::bad_input);
  for (int i = 0; i < 300000; ++i) deep += "</span>";
  EXPECT_FALSE(read_listing_html(deep));
}

TEST(Xml, RefusesReferencesToForbiddenCharacters) {
  for (const char* reference : {"&#0;", "&#27;", "&#x1b;", "&#xD800;", "&#x110000;", "&#99999999999;"})
    EXPECT_FALSE(
        read_api("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>" + std::string(reference) + "</title></feed>"))
        << reference;
  EXPECT_TRUE(read_api("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>&#233; &#x2212; &#10;</title></feed>"));
}

TEST(Oai, RefusesAnAnswerWithoutAList) {
  EXPECT_FALSE(read_oai("<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\"><responseDate/></OAI-PMH>"));
}

TEST(Detect, LooksAtTheRootElement) {
  EXPECT_EQ(detect("<?xml version='1.0'?><!-- <rss> --><feed><title>arXiv Query: all:announce_type</title></feed>"),
            Format::atom_api);
  EXPECT_EQ(detect("<feed><title>cs.CV updates on arXiv.org</title></feed>"), Format::atom_feed);
  EXPECT_EQ(detect("<?xml version='1.0'?>\n<oai:OAI-PMH>"), Format::oai);
  EXPECT_EQ(detect("<!DOCTYPE html><html>"), Format::listing_html);
  EXPECT_EQ(detect("<!-- never closed"), Format::atom_api);
}

// What reading a file of these bytes rejects.
std::vector<std::string> rejections(const std::string& name, const std::string& bytes, std::size_t* papers = nullptr) {
  auto file = (fs::temp_directory_path() / ("broadsheet-readers-" + std::to_string(getpid()) + "-" + name)).string();
  std::ofstream(file, std::ios::binary) << bytes;
  std::vector<std::string> out;
  ReadSink sink;
  sink.rejected = [&](const Rejected& r) { out.push_back(r.reason); };
  if (papers != nullptr) sink.paper = [&](const Paper&) { ++*papers; };
  EXPECT_TRUE(read_path(file, sink));
  fs::remove(file);
  return out;
}

std::string gzipped(const std::string& plain) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, plain.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstandard(const std::string& plain) {
  std::string out(ZSTD_compressBound(plain.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 1));
  return out;
}

TEST(File, NoticesPackedDataThatIsCutOff) {
  std::string lines;
  for (int i = 0; i < 2000; ++i)
    lines +=
        R"({"id": "2401.0)" + std::to_string(1000 + i) + R"(", "title": "Kite )" + std::to_string(i * 7919) + "\"}\n";
  for (const auto& packed : {gzipped(lines), zstandard(lines)}) {
    std::size_t papers = 0;
    EXPECT_TRUE(rejections("whole", packed, &papers).empty());
    EXPECT_EQ(papers, 2000U);
    auto cut = rejections("cut", packed.substr(0, packed.size() / 2));
    ASSERT_FALSE(cut.empty());
    EXPECT_NE(cut.back().find("cut off"), std::string::npos) << cut.back();
  }
}

TEST(File, LooksFurtherThanTheFirstPackedBlock) {
  // A stream that was flushed after one byte: the form shows only later.
  std::size_t papers = 0;
  auto packed = zstandard("{") + zstandard("\"id\": \"2401.00001\", \"title\": \"Kite\"}\n");
  EXPECT_TRUE(rejections("flushed", zstandard("\n") + packed, &papers).empty());
  EXPECT_EQ(papers, 1U);
}

TEST(File, TellsAnEmptyPageBeforeTheEndFromNoResults) {
  auto page = [](const std::string& total, const std::string& start) {
    return "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:o=\"http://a9.com/-/spec/opensearch/1.1/\"><title>arXiv "
           "Query: all:kelp</title><o:totalResults>" +
           total + "</o:totalResults><o:startIndex>" + start + "</o:startIndex></feed>";
  };
  EXPECT_TRUE(rejections("none", page("0", "0")).empty());
  EXPECT_TRUE(rejections("end", page("200", "200")).empty());
  auto cut = rejections("cut", page("1000", "200"));
  ASSERT_EQ(cut.size(), 1U);
  EXPECT_NE(cut[0].find("ask arXiv for it again"), std::string::npos) << cut[0];
}

TEST(File, StopsAtBombsAndEndlessLines) {
  std::string big(70U << 20U, ' ');
  big.replace(0, 6, "<feed>");
  for (const auto& packed : {gzipped(big), zstandard(big)}) {
    auto found = rejections("bomb", packed);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0], "larger than 64 MiB");
  }
  std::size_t papers = 0;
  auto found = rejections("line",
                          "{\"id\": \"2401.00001\", \"title\": \"" + std::string(5U << 20U, 'x') +
                              "\"}\n{\"id\": \"2401.00002\", \"title\": \"short\"}\n",
                          &papers);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0], "line longer than 4 MiB");
  EXPECT_EQ(papers, 1U);
}

TEST(Shared, EveryRecordedDocumentIsRead) {
  if (!fs::exists(kShared)) GTEST_SKIP() << "no shared folder";
  for (const char* folder : {"api", "api-legacy", "api-reconstructed", "feeds", "feeds-reconstructed"})
    for (const auto& entry : fs::directory_iterator(kShared + folder)) {
      auto name = entry.path().filename().string();
      auto held = hold(entry.path().string());
      bool refused = name.find("status400") != std::string::npos;
      EXPECT_EQ(held.rejected, refused ? 1U : 0U) << name << ": " << held.reason;
      bool empty = refused || name.find("empty") != std::string::npos || name.find("0000.0000") != std::string::npos ||
                   name.find("id_0808.05394_s0") == 0;
      if (!empty) {
        EXPECT_GT(held.papers, 0U) << name;
      }
    }
  EXPECT_EQ(hold(kShared + "api-reconstructed/cat_cs_2000.xml.zst").papers, 2000U);
}

TEST(Shared, EveryOaiDocumentHasItsResult) {
  if (!fs::exists(kShared)) GTEST_SKIP() << "no shared folder";
  for (const char* folder : {"oai-legacy", "oai-reconstructed"})
    for (const auto& entry : fs::directory_iterator(kShared + folder)) {
      auto name = entry.path().filename().string();
      auto page = read_oai(slurp(entry.path().string()));
      bool error = name.find("rror") != std::string::npos && name.find("oRecordsMatch") == std::string::npos;
      EXPECT_EQ(page.has_value(), !error) << name << (page ? "" : ": " + page.error().what());
      if (page && name.find("oRecordsMatch") == std::string::npos) {
        EXPECT_GT(page->papers.size(), 0U) << name;
      }
    }
}

TEST(Shared, EverySyntheticFaultHasItsOwnResult) {
  if (!fs::exists(kShared)) GTEST_SKIP() << "no shared folder";
  std::map<std::string, std::string> reasons;
  for (const auto& entry : fs::directory_iterator(kShared + "api-synthetic")) {
    auto page = read_api(slurp(entry.path().string()));
    auto name = entry.path().filename().string();
    if (!page) reasons[page.error().what()] += name + " ";
    bool good = name.find("empty") == 0 || name.find("short_page") == 0 || name.find("foreign") == 0 ||
                name.find("entry_without") == 0 || name.find("unexpected_empty") == 0;
    EXPECT_EQ(page.has_value(), good) << name << (page ? "" : ": " + page.error().what());
  }
  for (const auto& [reason, names] : reasons) EXPECT_EQ(names.find(' '), names.size() - 1) << reason << ": " << names;
}

TEST(Shared, TheCorpusSampleIsReadWhole) {
  if (!fs::exists(kShared)) GTEST_SKIP() << "no shared folder";
  auto held = hold(kShared + "corpus/sample-1000.jsonl");
  EXPECT_EQ(held.papers, 1000U);
  EXPECT_EQ(held.rejected, 0U) << held.reason;
}

}  // namespace
}  // namespace broadsheet::sources
