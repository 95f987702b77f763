#include "adapters/slack/blocks.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

#include "../../fakes/slack_payload.hpp"
#include "digest/doc/builder.hpp"
#include "vectors.hpp"

namespace broadsheet::slack {
namespace {

using adapters::Part;
using model::OutgoingMessage;
using model::PartKind;
using nlohmann::json;

std::string repeated(std::string_view s, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += s;
  return out;
}

PaperId paper(const std::string& id) {
  return *PaperId::parse(id);
}

Part card(const std::string& id, const std::string& title, const std::string& said) {
  doc::CardBlock block{paper(id), {}, 0};
  block.content.emplace_back(doc::Heading{3, {doc::link_to_paper({paper(id), 1}, title)}});
  block.content.emplace_back(doc::Paragraph{{doc::emphasis("R. Example, T. Sample")}, 2});
  block.content.emplace_back(doc::Paragraph{{doc::strong("Result: "), doc::plain(said)}, 2});
  block.content.emplace_back(doc::Note{{doc::plain("Origin: extractive.")}, 2});
  doc::Buttons buttons;
  for (auto action : {doc::Action::details, doc::Action::similar, doc::Action::bibtex, doc::Action::save,
                      doc::Action::share, doc::Action::pdf})
    buttons.buttons.push_back({action, "Button", paper(id), action == doc::Action::pdf ? pdf_url({paper(id), 1}) : ""});
  block.content.emplace_back(std::move(buttons));
  return {PartKind::card, {{std::move(block)}}, paper(id)};
}

Part summary(const std::string& text) {
  doc::Document d;
  d.blocks.emplace_back(doc::Heading{1, {doc::plain("cs.XX · Monday 2 March 2026")}});
  d.blocks.emplace_back(doc::Paragraph{{doc::plain(text)}, 0});
  doc::ListBlock titles;
  titles.numbered = true;
  titles.items = {{doc::link_to_paper({paper("2401.00001"), 1}, "Sorting by weighing"), doc::plain(" — one line")},
                  {doc::link_to_paper({paper("2401.00002"), 2}, "A < B & C"), doc::Math{"x²", "x^2"}}};
  d.blocks.emplace_back(std::move(titles));
  d.blocks.emplace_back(doc::Note{{doc::plain("12 announced · 2 shown")}, 0});
  return {PartKind::summary, std::move(d), {}};
}

json body_of(const OutgoingMessage& m) {
  auto body = json::parse(m.body);
  body["channel"] = "C0PAPERS";
  body["unfurl_links"] = body["unfurl_media"] = false;
  return body;
}

void expect_valid(const std::vector<OutgoingMessage>& messages) {
  for (const auto& m : messages)
    for (const auto& fault : fakes::check_payload(body_of(m))) ADD_FAILURE() << fault << "\n" << m.body.substr(0, 600);
}

// What the adapter budgets by, counted again from the outside.
std::size_t counted_units(const json& value) {
  std::size_t n = 0;
  if (value.is_object() && value.contains("text") && value["text"].is_string())
    n += escaped_units(value["text"].get<std::string>());
  if (value.is_object() || value.is_array())
    for (const auto& inner : value) n += counted_units(inner);
  return n;
}

TEST(Mrkdwn, EscapesThreeCharactersOnceAndDropsWhatTurnsText) {
  EXPECT_EQ(escape("<!channel> A & B"), "&lt;!channel&gt; A &amp; B");
  EXPECT_EQ(escape("&lt;"), "&amp;lt;");
  EXPECT_EQ(escape("a\x07\u202E"
                   "b\u2066\x7f"),
            "ab");
  EXPECT_EQ(escape("a\r\nb\rc"), "a\nb\nc");
  EXPECT_EQ(escape("bad \xff byte"), "bad \uFFFD byte");
}

TEST(Mrkdwn, CutsBetweenCharactersAndNeverInsideAnEntity) {
  EXPECT_EQ(escape_to("a&b&c", 8), "a&amp;b…");
  EXPECT_EQ(escape_to("a&b&c", 7), "a&amp;…");
  EXPECT_EQ(escape_to("👩‍🔬👩‍🔬", 6), "👩‍🔬…");
}

TEST(Mrkdwn, LinksTheWebOnly) {
  EXPECT_EQ(link("javascript:alert(1)", "<b>"), "&lt;b&gt;");
  EXPECT_EQ(link("https://a.example/x?a=1&b=|", "two\nlines"), "<https://a.example/x?a=1&amp;b=%7C|two lines>");
}

TEST(Mrkdwn, FollowsTheContractsVectors) {
  SLACK_VECTORS_OR_SKIP(vectors);
  const auto& e = vectors["escaping"];
  for (const auto& v : e["text"]) {
    EXPECT_EQ(escape(v["in"].get<std::string>()), v["body"].get<std::string>()) << v["in"];
    EXPECT_EQ(escape_line(v["in"].get<std::string>()), v["title"].get<std::string>()) << v["in"];
  }
  for (const auto& v : e["truncation"]) {
    auto in = test::expanded(v["in"]).get<std::string>();
    auto out = escape_to(in, v["limit"].get<std::size_t>());
    if (v.contains("out")) EXPECT_EQ(out, v["out"].get<std::string>()) << in;
    if (v.contains("out_length")) EXPECT_EQ(out.size() - 2, v["out_length"].get<std::size_t>());
    if (v.contains("out_ends")) EXPECT_TRUE(out.ends_with(v["out_ends"].get<std::string>()));
  }
  for (const auto& v : e["links"])
    EXPECT_EQ(link(v["url"].get<std::string>(), v["label"].get<std::string>()), v["out"].get<std::string>())
        << v["url"];
  for (const auto& v : e["dates"])
    EXPECT_EQ(date(v["epoch"].get<long>(), v["tokens"].get<std::string>(), v["fallback"].get<std::string>(),
                   v.value("link", "")),
              v["out"].get<std::string>());
}

TEST(Blocks, PutForeignTextWhereSlackReadsItLiterally) {
  auto out = render({card("2401.00001", "<!channel> *bold* @here :smile:", "see <@U1> & _this_")}, {});
  ASSERT_EQ(out.size(), 1U);
  expect_valid(out);
  auto text = out[0].body;
  EXPECT_EQ(text.find("\"mrkdwn\""), std::string::npos);
  EXPECT_NE(text.find("<!channel> *bold* @here :smile:"), std::string::npos);
  EXPECT_NE(json::parse(text)["text"].get<std::string>().find("&lt;!channel&gt;"), std::string::npos);
}

TEST(Blocks, StayValidWhateverAPaperSays) {
  const std::vector<std::string> hostile = {"<!everyone><!subteam^S1>",
                                            "</script>&#0;&lt;",
                                            repeated("日本語論文 & <タグ> ", 2000),
                                            repeated("👩‍🔬", 900),
                                            repeated("a\u0301\u0302\u0303", 3000),
                                            repeated("word ", 40000),
                                            repeated("&", 9000),
                                            "\u202Egnp.exe",
                                            std::string("nul\0byte", 8),
                                            "\xff\xfe broken",
                                            "",
                                            "   \n\n ",
                                            "[x](javascript:alert(1)) <https://evil.example|arxiv.org>"};
  for (const auto& bad : hostile) {
    auto out = render({summary(bad), card("2401.00001", bad, bad), card("2401.00002", "Fine", bad)}, {});
    ASSERT_FALSE(out.empty());
    expect_valid(out);
    for (const auto& m : out) {
      EXPECT_LE(counted_units(json::parse(m.body)["blocks"]), kTextBudget);
      EXPECT_LE(json::parse(m.body)["text"].get<std::string>().size(), kFallbackBytes);
    }
  }
}

TEST(Blocks, LinkOnlyWhereOurCodePointed) {
  auto out = render({card("2401.00001", "https://evil.example/", "http://evil.example <https://evil.example>")}, {});
  auto links = 0;
  std::function<void(const json&)> walk = [&](const json& j) {
    if (j.is_object() && j.contains("url")) {
      ++links;
      EXPECT_TRUE(j["url"].get<std::string>().starts_with("https://arxiv.org/")) << j;
    }
    if (j.is_object() || j.is_array())
      for (const auto& inner : j) walk(inner);
  };
  walk(json::parse(out[0].body)["blocks"]);
  EXPECT_EQ(links, 2);
}

TEST(Rendering, MakesOneMessageWhereEverythingFits) {
  auto out = render({summary("Short."), card("2401.00001", "One", "x"), card("2401.00002", "Two", "y")}, {});
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].kind, PartKind::summary);
  EXPECT_FALSE(out[0].in_thread);
  EXPECT_NE(out[0].preview.find("Two"), std::string::npos);
}

TEST(Rendering, PutsCardsUnderTheSummaryOtherwise) {
  std::vector<Part> parts = {summary("Long day.")};
  for (int i = 1; i <= 30; ++i)
    parts.push_back(card("2401.000" + std::string(i < 10 ? "0" : "") + std::to_string(i), "Paper " + std::to_string(i),
                         repeated("A sentence about it. ", 30)));
  auto out = render(parts, {});
  expect_valid(out);
  ASSERT_GT(out.size(), 2U);
  EXPECT_LT(out.size(), 16U);
  EXPECT_FALSE(out[0].in_thread);
  std::string everything;
  for (std::size_t i = 1; i < out.size(); ++i) {
    EXPECT_TRUE(out[i].in_thread);
    EXPECT_EQ(out[i].kind, PartKind::card);
    everything += json::parse(out[i].body)["text"].get<std::string>();
  }
  // Screen readers read `text` alone: each card is there, once.
  for (int i = 1; i <= 30; ++i) EXPECT_NE(everything.find("Paper " + std::to_string(i)), std::string::npos) << i;
  EXPECT_EQ(render(parts, {}), out) << "a restart must split the same way";
}

// What the blocks hold decides where a message ends; who only hears `text` still hears every paper with its sentence.
TEST(Rendering, PacksCardsByTheirBlocksAndReadsOutTheEssenceOfEach) {
  std::vector<Part> parts = {summary("Ten papers.")};
  for (int i = 1; i <= 10; ++i) {
    auto n = std::to_string(i);
    auto one = card("2401.000" + std::string(i < 10 ? "0" : "") + n, "Paper " + n, repeated("Told at length. ", 80));
    auto& content = std::get<doc::CardBlock>(one.document.blocks[0]).content;
    content.insert(content.begin() + 2, doc::Paragraph{{doc::strong("The sentence of " + n + ".")}, 0});
    parts.push_back(std::move(one));
  }
  adapters::RenderOptions options;
  options.combine = false;
  auto out = render(parts, options);
  expect_valid(out);
  EXPECT_EQ(out.size(), 3U) << "a first message and two in its thread";
  std::string heard;
  for (const auto& m : out) heard += json::parse(m.body)["text"].get<std::string>();
  for (int i = 1; i <= 10; ++i)
    EXPECT_NE(heard.find("The sentence of " + std::to_string(i) + "."), std::string::npos) << i;
}

TEST(Rendering, OffersAllTitlesThePageAndEachPapersDetails) {
  adapters::RenderOptions options;
  options.combine = false;
  options.digest = "cs.CV+cs.RO/2026-01-13";
  options.announced = 131;
  options.page_url = "https://digest.example.org/d/cs.CV/2026-01-13";
  doc::Document bare{{doc::Heading{3, {doc::link_to_paper({paper("2401.00001"), 1}, "Sorting")}}}};
  auto out = render({summary("x"), {PartKind::card, bare, paper("2401.00001")}}, options);
  expect_valid(out);
  ASSERT_EQ(out.size(), 2U);
  std::vector<std::string> values;
  auto blocks = json::array();
  for (const auto& m : out)
    for (auto body = json::parse(m.body); auto& block : body["blocks"]) blocks.push_back(block);
  for (const auto& block : blocks)
    if (block["type"] == "actions")
      for (const auto& b : block["elements"])
        values.push_back(b["text"]["text"].get<std::string>() + " = " + b["value"].get<std::string>() + " " +
                         b.value("url", ""));
  EXPECT_EQ(values, (std::vector<std::string>{"All titles (131) = all_titles:cs.CV+cs.RO/2026-01-13 ",
                                              "Show as one page = open: https://digest.example.org/d/cs.CV/2026-01-13",
                                              "Details = details:2401.00001 ", "BibTeX = bibtex:2401.00001 ",
                                              "PDF = pdf:2401.00001 https://arxiv.org/pdf/2401.00001"}));
  EXPECT_EQ(read_button("all_titles:cs.CV+cs.RO/2026-01-13")->subject, options.digest);
  EXPECT_FALSE(read_button("all_titles:cs.CV post/2026"));
}

TEST(Rendering, KeepsCardsAtTopLevelWithoutThreads) {
  adapters::RenderOptions options;
  options.thread = model::ThreadPolicy::off;
  options.combine = false;
  for (const auto& m : render({summary("x"), card("2401.00001", "One", "y")}, options)) EXPECT_FALSE(m.in_thread);
}

TEST(Rendering, CutsTheFallbackBetweenLinesWithinItsBytes) {
  doc::Document d;
  for (int i = 0; i < 40; ++i) d.blocks.emplace_back(doc::Paragraph{{doc::plain(repeated("論文", 60))}, 1});
  auto rendered = render_document(d);
  auto text = json::parse(rendered.body)["text"].get<std::string>();
  EXPECT_LE(text.size(), kFallbackBytes);
  EXPECT_GT(text.size(), kFallbackBytes - 400);
  EXPECT_TRUE(text.ends_with("論文\nShortened to fit.")) << text.substr(text.size() - 60);
}

TEST(Buttons, NameThemselvesInTheirValues) {
  doc::Button b{doc::Action::bibtex, "BibTeX", paper("hep-th/9901001"), {}};
  auto back = read_button(button_value(b));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->action, b.action);
  EXPECT_EQ(back->paper, b.paper);
  for (const char* bad : {"", ":", "save", "drop:2401.12345", "save:x", "save:2401.12345 "})
    EXPECT_FALSE(read_button(bad)) << bad;
}

// Read by a person when it changes; BROADSHEET_WRITE_GOLDEN=1 writes it anew.
TEST(Golden, DigestOnSlack) {
  adapters::RenderOptions options;
  options.combine = false;
  json all = json::array();
  for (const auto& m : render({summary("Two papers today, both about sorting."),
                               card("2401.00001", "Sorting by weighing", "n log n weighings are enough.")},
                              options))
    all.push_back(json::parse(m.body));
  auto text = all.dump(2) + "\n";
  auto path = std::filesystem::path(BROADSHEET_GOLDEN) / "slack" / "digest.json";
  if (std::getenv("BROADSHEET_WRITE_GOLDEN") != nullptr) std::ofstream(path) << text;
  std::ifstream in(path);
  std::stringstream expected;
  expected << in.rdbuf();
  EXPECT_EQ(text, expected.str());
}

}  // namespace
}  // namespace broadsheet::slack
