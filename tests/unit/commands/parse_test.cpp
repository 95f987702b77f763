#include "bot/commands/parse.hpp"

#include <gtest/gtest.h>

#include "bot/base/text.hpp"
#include "bot/commands/words.hpp"

namespace broadsheet::commands {
namespace {

const Day kToday = *parse_day("2026-01-14");  // a Wednesday

ParsedCommand understood(std::string_view text) {
  auto parsed = parse(text, kToday);
  if (const auto* error = std::get_if<UserError>(&parsed)) ADD_FAILURE() << text << ": " << error->str();
  return std::holds_alternative<ParsedCommand>(parsed) ? std::get<ParsedCommand>(parsed) : ParsedCommand{};
}

std::string error_of(std::string_view text) {
  auto parsed = parse(text, kToday);
  const auto* error = std::get_if<UserError>(&parsed);
  return error == nullptr ? "no error" : std::string(to_string(error->code)) + ": " + error->str();
}

std::string names(const std::vector<Category>& categories) {
  std::string out;
  for (const auto& c : categories) out += (out.empty() ? "" : " ") + c.str();
  return out;
}

std::string dates(std::string_view text) {
  auto range = understood(text).dates;
  return range ? broadsheet::to_string(range->first) + ".." + broadsheet::to_string(range->last) : "latest";
}

TEST(Table, ExamplesAllParseAsTheirCommand) {
  for (const auto& row : commands()) {
    ASSERT_EQ(row.examples.size(), 2U) << row.name;
    for (auto example : row.examples) EXPECT_EQ(understood(example).command, row.command) << example;
  }
}

TEST(Table, NamesAndAliasesAreTakenOnce) {
  std::vector<std::string> seen;
  for (const auto& row : commands()) {
    std::vector<std::string> words{std::string(row.name)};
    for (auto alias : text::split(row.aliases, ' '))
      if (!alias.empty()) words.emplace_back(alias);
    for (const auto& word : words) {
      EXPECT_EQ(std::find(seen.begin(), seen.end(), word), seen.end()) << word;
      EXPECT_EQ(find_command(word), &spec_of(row.command)) << word;
      seen.push_back(word);
    }
    EXPECT_LE(row.telegram.size(), 32U);
    EXPECT_EQ(std::string(row.telegram), text::lower_ascii(row.telegram));
  }
  for (const auto& option : options()) EXPECT_EQ(&spec_of(option.key), &option) << option.name;
}

TEST(Parse, TakesNamesAliasesAndAnyCase) {
  EXPECT_EQ(understood("DIGEST cs.CL").command, Command::digest);
  EXPECT_EQ(understood("/digest@arxiv_bot cs.CL").command, Command::digest);
  EXPECT_EQ(understood("subs").command, Command::subscriptions);
  EXPECT_EQ(understood("?").command, Command::help);
  EXPECT_EQ(understood("").command, Command::help);
  EXPECT_EQ(understood("   \t ").command, Command::help);
  EXPECT_EQ(understood("help digest").word, "digest");
  EXPECT_EQ(understood("help /sub").word, "subscribe");
  EXPECT_EQ(understood("start welcome-1").word, "welcome-1");
}

TEST(Parse, TakesAnIdOrALinkAloneForAPaper) {
  EXPECT_EQ(understood("2401.12345").papers[0].id.str(), "2401.12345");
  EXPECT_EQ(understood("https://arxiv.org/abs/2401.12345v2").command, Command::paper);
}

TEST(Parse, TakesRequestsAsPeopleSayThem) {
  auto robots = understood("hey <@U0BOT> digest cs.RO top:1 please");
  EXPECT_EQ(robots.command, Command::digest);
  EXPECT_EQ(names(robots.categories), "cs.RO");
  EXPECT_EQ(robots.options.top, 1U);
  for (const char* text : {"📰 digest cs.RO", ":newspaper: digest cs.RO", "@arxiv digest cs.RO", "Hi, digest cs.RO",
                           "could you please digest cs.RO", "cs.RO", "cs.RO latest please",
                           "I want the digest of cs.RO", "digest! cs.RO"}) {
    auto c = understood(text);
    EXPECT_EQ(c.command, Command::digest) << text;
    EXPECT_EQ(names(c.categories), "cs.RO") << text;
  }
  EXPECT_EQ(understood("what is new today in cs.CL").command, Command::today);
  for (const char* text : {"hello", "Hi!", "hello there", "good morning"})
    EXPECT_EQ(understood(text).command, Command::start) << text;
  for (const char* text : {"help!", "/", "@arxiv", "👍", "<@U0BOT>", "please"})
    EXPECT_EQ(understood(text).command, Command::help) << text;
}

TEST(Parse, FindsThePastedLinkAmongWords) {
  for (const char* text :
       {"look at https://arxiv.org/abs/2401.12345v2 it is great",
        "have you seen <https://arxiv.org/pdf/2401.12345v2|this one>?", "nice: arXiv:2401.12345v2"}) {
    auto c = understood(text);
    EXPECT_EQ(c.command, Command::paper) << text;
    ASSERT_EQ(c.papers.size(), 1U) << text;
    EXPECT_EQ(c.papers[0].id.str(), "2401.12345v2") << text;
  }
}

TEST(Parse, TakesOptionsWithoutColonWhereTheirValueFollows) {
  auto c = understood("subscribe cs.CL at 09:00 Europe/Berlin days mon-fri top 5 style brief");
  EXPECT_EQ(c.options.at->str(), "09:00");
  EXPECT_EQ(c.options.time_zone, "Europe/Berlin");
  EXPECT_EQ(c.options.days->str(), "weekdays");
  EXPECT_EQ(c.options.top, 5U);
  EXPECT_EQ(c.options.style, Style::brief);
  EXPECT_EQ(understood("subscribe cs.CL at 9am on mon,wed").options.days->str(), "mon,wed");
  EXPECT_EQ(understood("subscribe cs.CL days:sat-mon at:9am").options.days->str(), "mon,sat,sun");
  EXPECT_EQ(understood("search top 5 papers").query, "top 5 papers") << "words of a query are the query";
  EXPECT_NE(error_of("subscribe cs.CL days:mon-xyz"), "no error");
}

TEST(Parse, UnderstandsTomorrow) {
  EXPECT_EQ(dates("digest cs.CL tomorrow"), "2026-01-15..2026-01-15");
}

TEST(Parse, EndsAnUnknownWordInSomethingUseful) {
  for (const char* text : {"", "!", "/", "frobnicate", "graph networks", "???", "a\"b", "--", ":", "@", "`x`"})
    EXPECT_EQ(error_of(text).find("There is no command \"\""), std::string::npos) << text;
  EXPECT_NE(error_of("graph networks").find("`search graph networks` looks for it"), std::string::npos);
}

TEST(Parse, UnderstandsCategories) {
  EXPECT_EQ(names(understood("digest CS.cl, cs.RO cs.cl").categories), "cs.CL cs.RO");
  EXPECT_EQ(names(understood("digest cs.CL,cs.RO").categories), "cs.CL cs.RO");
  EXPECT_EQ(names(understood("digest nlp").categories), "cs.CL");
  EXPECT_EQ(names(understood("digest <http://cs.CL|cs.CL> today").categories), "cs.CL");
  EXPECT_EQ(names(understood("subscribe to cs.CL and cs.RO").categories), "cs.CL cs.RO");
}

TEST(Parse, UnderstandsPapers) {
  auto c =
      understood("paper 2401.12345v2, hep-th/9901001 arXiv:2401.00001 <https://arxiv.org/pdf/2401.00002|a pdf> #3");
  ASSERT_EQ(c.papers.size(), 5U);
  EXPECT_EQ(c.papers[0].id.str(), "2401.12345v2");
  EXPECT_EQ(c.papers[1].id.str(), "hep-th/9901001");
  EXPECT_EQ(c.papers[3].id.str(), "2401.00002");
  EXPECT_EQ(c.papers[4].card, 3);
}

TEST(Parse, TakesWhatClientsAndPdfsMakeOfAnIdForThePaper) {
  for (const char* typed :
       {"paper arXiv:2401.12345v2 [cs.CL] 3 Jan 2024", "arXiv:2401.12345v2 [cs.CL] 3 Jan 2024", "paper `2401.12345v2`",
        "paper *2401.12345v2*", "paper [A title](https://arxiv.org/abs/2401.12345v2)",
        "p arXiv preprint arXiv:2401.12345v2", "arXiv preprint arXiv:2401.12345v2",
        "paper \"arXiv:2401.12345v2 [cs.CL] 3 Jan 2024\"", "paper doi: 10.48550/arXiv.2401.12345 v2"}) {
    auto c = understood(typed);
    ASSERT_EQ(c.papers.size(), 1U) << typed;
    EXPECT_EQ(c.papers[0].id.str(), "2401.12345v2") << typed;
  }
  auto both = understood("paper arXiv:2401.12345v2 [cs.CL] 3 Jan 2024 hep-th/9901001 post");
  ASSERT_EQ(both.papers.size(), 2U);
  EXPECT_TRUE(both.post);
}

TEST(Parse, TakesTheStyleOfOnePaperApartFromThatOfADigest) {
  EXPECT_EQ(understood("paper 2401.12345 style:full").options.style, Style::full);
  EXPECT_EQ(understood("paper 2401.12345 style:card").options.style, Style::cards);
  EXPECT_TRUE(error_of("paper 2401.12345 style:titles").starts_with("bad_option: `style` takes card or full"));
}

TEST(Parse, UnderstandsDays) {
  EXPECT_EQ(dates("digest cs.CL"), "latest");
  EXPECT_EQ(dates("digest cs.CL latest"), "latest");
  EXPECT_EQ(dates("digest cs.CL today"), "2026-01-14..2026-01-14");
  EXPECT_EQ(dates("digest yesterday cs.CL"), "2026-01-13..2026-01-13");
  EXPECT_EQ(dates("digest cs.CL Friday"), "2026-01-09..2026-01-09");
  EXPECT_EQ(dates("digest cs.CL wed"), "2026-01-14..2026-01-14");
  EXPECT_EQ(dates("digest cs.CL last wed"), "2026-01-07..2026-01-07");
  EXPECT_EQ(dates("digest cs.CL 2026-01-05"), "2026-01-05..2026-01-05");
  EXPECT_EQ(dates("digest cs.CL 2026-01-09..2026-01-05"), "2026-01-05..2026-01-09");
  EXPECT_EQ(dates("digest cs.CL 2026–01–05…2026–01–09"), "2026-01-05..2026-01-09");
  EXPECT_EQ(dates("digest cs.CL 7d"), "2026-01-08..2026-01-14");
  EXPECT_EQ(dates("digest cs.CL last week"), "2026-01-05..2026-01-09");
  EXPECT_EQ(dates("digest cs.CL 2025-12-15..2026-01-14"), "2025-12-15..2026-01-14");  // 31 days
}

TEST(Parse, TakesOptionsInThreeSpellings) {
  for (const char* text : {"digest cs.CL top:5", "digest cs.CL top=5", "digest cs.CL --top 5", "digest cs.CL --top=5",
                           "digest cs.CL —top 5", "digest TOP: 5 cs.CL"})
    EXPECT_EQ(understood(text).options.top, 5U) << text;
  EXPECT_EQ(understood("today").options.style, Style::brief);
  EXPECT_TRUE(understood("digest cs.CL post").post);
  EXPECT_FALSE(understood("digest cs.CL post:no").post);
}

TEST(Parse, UnderstandsAWholeSubscription) {
  auto c = understood(
      "subscribe cs.CV cs.RO at:9am tz:Europe/Berlin days:mon,wed top:7 style:brief lang:DE "
      "keywords:“graph network” interests:'robots that \"learn\"' empty:silent thread:off target:telegram:42");
  EXPECT_EQ(names(c.categories), "cs.CV cs.RO");
  EXPECT_EQ(c.options.at->str(), "09:00");
  EXPECT_EQ(c.options.time_zone, "Europe/Berlin");
  EXPECT_EQ(c.options.days->str(), "mon,wed");
  EXPECT_EQ(c.options.style, Style::brief);
  EXPECT_EQ(c.options.language, "de");
  EXPECT_EQ(c.options.filter, "graph network");
  EXPECT_EQ(c.options.interests, "robots that \"learn\"");
  EXPECT_EQ(c.options.empty, model::EmptyPolicy::silent);
  EXPECT_EQ(c.options.thread, model::ThreadPolicy::off);
  EXPECT_EQ(c.target, "telegram:42");
  auto bare = understood("subscribe cs.CL 09:00 weekly:fri");
  EXPECT_EQ(bare.options.at->str(), "09:00");
  EXPECT_EQ(bare.options.days->str(), "fri");
}

TEST(Parse, FindsAZoneByItsCityInAnyCase) {
  EXPECT_EQ(understood("subscribe cs.CL tz:berlin").options.time_zone, "Europe/Berlin");
  EXPECT_EQ(understood("subscribe cs.CL tz:europe/berlin").options.time_zone, "Europe/Berlin");
  EXPECT_EQ(understood("subscribe cs.CL tz:\"los angeles\"").options.time_zone, "America/Los_Angeles");
}

TEST(Parse, KeepsAQueryAsItIs) {
  auto c = understood("search “video editing” –survey ti:diffusion sort:new n:3 page:2");
  EXPECT_EQ(c.query, "\"video editing\" -survey ti:diffusion");
  EXPECT_EQ(c.order, store::SearchOrder::newest);
  EXPECT_EQ(c.count, 3U);
  EXPECT_EQ(c.page, 2U);
}

TEST(Parse, PostsNothingBecauseSomebodyLooksForTheWord) {
  auto c = understood("search blog post");
  EXPECT_EQ(c.query, "blog post");
  EXPECT_FALSE(c.post);
  EXPECT_TRUE(understood("search graphs post:yes").post);
}

TEST(Parse, UnderstandsItems) {
  EXPECT_EQ(understood("unsubscribe #2 3").items, (std::vector<int>{2, 3}));
  EXPECT_EQ(understood("unsubscribe 3,,#4,").items, (std::vector<int>{3, 4})) << "empty pieces are nothing";
  EXPECT_TRUE(error_of("unsubscribe 3,x").starts_with("bad_category")) << error_of("unsubscribe 3,x");
  EXPECT_NE(error_of("unsubscribe ,,"), "no error");
  EXPECT_TRUE(error_of("unsubscribe 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21").starts_with("bad_option"));
  EXPECT_TRUE(understood("unsubscribe ALL").all);
  EXPECT_EQ(names(understood("unsubscribe cs.CL").categories), "cs.CL");
  EXPECT_TRUE(understood("unsubscribe").items.empty());
}

struct Case {
  const char* typed;
  const char* error;
};
class Refusals : public testing::TestWithParam<Case> {};

TEST_P(Refusals, SayWhatWhyAndWhatNext) {
  EXPECT_EQ(error_of(GetParam().typed), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Parse, Refusals,
    testing::Values(
        Case{"digst cs.CL", "unknown_command: There is no command \"digst\". Did you mean `digest`? `help` lists all."},
        Case{
            "frobnicate",
            "unknown_command: There is no command \"frobnicate\". `search frobnicate` looks for it. `help` lists all."},
        Case{"thanks!", "thanked: You are welcome. `help` lists what else I can do."},
        Case{"Thank you :pray:", "thanked: You are welcome. `help` lists what else I can do."},
        Case{"help serch", "unknown_command: There is no command \"serch\". Did you mean `search`? `help` lists all."},
        Case{"paper", "missing_arg: `paper` needs an arXiv id or link. For example: `paper 2401.12345`"},
        Case{"subscribe", "missing_arg: `subscribe` needs a category. For example: `subscribe cs.CL`"},
        Case{
            "search sort:new",
            "missing_arg: `search` needs words to look for. For example: `search diffusion \"video editing\" -survey`"},
        Case{"digest cs.CL top:many",
             "bad_option: `top` takes 1 to 50, got \"many\". `help digest` shows what it takes."},
        Case{"digest cs.CL top:51", "bad_option: `top` takes 1 to 50, got \"51\". `help digest` shows what it takes."},
        Case{"digest cs.CL style:card",
             "bad_option: `style` takes brief, cards, full or titles, got \"card\". Did you mean cards? `help digest` "
             "shows what it takes."},
        Case{"today stile:brief",
             "bad_option: `today` takes the options top, post, got \"stile\". `help today` shows what it takes."},
        Case{"digest --tpo 5",
             "bad_option: `digest` takes the options top, style, lang, keywords, interests, page, post, got \"tpo\". "
             "Did you "
             "mean top? `help digest` shows what it takes."},
        Case{"paper 2401.00001 2401.00002 2401.00003 2401.00004 2401.00005 2401.00006",
             "bad_option: `paper` takes up to 5 papers, got \"6 or more\". `help paper` shows what it takes."},
        Case{"digest cs.NLP", "bad_category: There is no category \"cs.NLP\". Near: cs.CL, cs.DL, cs.FL."},
        Case{"digest qqqqqqqqqq", "bad_category: There is no category \"qqqqqqqqqq\"."},
        Case{"paper 24.12", "bad_id: \"24.12\" is not an arXiv id. Forms: 2401.12345, hep-th/9901001, or a link."},
        Case{"paper https://example.org/x",
             "bad_id: \"https://example.org/x\" is not an arXiv id. Forms: 2401.12345, hep-th/9901001, or a link."},
        Case{"subscribe cs.CL at:25:00", "bad_time: \"25:00\" is not a time. Write announce, 09:00 or 9am."},
        Case{"subscribe cs.CL 25:00", "bad_time: \"25:00\" is not a time. Write announce, 09:00 or 9am."},
        Case{"subscribe cs.CL tz:qqqqqq", "bad_zone: Unknown zone \"qqqqqq\". Zones are written like Europe/Berlin."},
        Case{"digest cs.CL 90d",
             "bad_range: \"90d\" is not a day or a range of days. At most 31 days, got 90. Write latest, yesterday, "
             "friday, 2026-09-18, 2026-09-14..2026-09-18, 7d or last week."},
        Case{"digest cs.CL 2026-02-30",
             "bad_range: \"2026-02-30\" is not a day or a range of days. Write latest, yesterday, friday, 2026-09-18, "
             "2026-09-14..2026-09-18, 7d or last week."}));

TEST(Parse, NamesZonesThatAreNear) {
  EXPECT_NE(error_of("subscribe cs.CL tz:CETT").find("Near: CET"), std::string::npos)
      << error_of("subscribe cs.CL tz:CETT");
  EXPECT_NE(error_of("subscribe cs.CL tz:Europe/Berlim").find("Near: Europe/Berlin"), std::string::npos);
}

TEST(Parse, IsBounded) {
  EXPECT_TRUE(error_of(std::string(kLongestInput + 1, 'a')).starts_with("too_long"));
  EXPECT_TRUE(error_of("search " + std::string(1500, 'a')).starts_with("too_long"));
  auto long_word = error_of(std::string(kLongestInput, 'a'));
  EXPECT_LT(long_word.size(), 200U);
  EXPECT_TRUE(error_of("digest " + std::string(9000, '<')).starts_with("bad_category"));
}

TEST(Errors, AreOneRowForEachCodeWithANameAndAText) {
  for (std::size_t i = 0; i < error_patterns().size(); ++i) {
    const auto& row = error_patterns()[i];
    EXPECT_EQ(static_cast<std::size_t>(row.code), i) << row.name;
    auto filled = user_error(row.code, {"one", "two", "three", "four", "five"});
    EXPECT_FALSE(filled.what.empty());
    EXPECT_EQ(filled.str().find_first_of("{}[]"), std::string::npos) << filled.str();
    EXPECT_EQ(user_error(row.code).str().find_first_of("{}[]"), std::string::npos);
  }
  EXPECT_EQ(error_patterns().size(), static_cast<std::size_t>(ErrorCode::internal) + 1);
}

TEST(Errors, QuoteForeignTextOnOneLineAndShort) {
  EXPECT_EQ(quoted_part("a\nb\x01"
                        "c"),
            "a b c");
  EXPECT_LE(text::code_points(quoted_part(std::string(5000, 'x'))), 41U);
  EXPECT_TRUE(text::is_valid_utf8(quoted_part("\xff\xfe")));
}

TEST(Words, UndoWhatPhonesAndClientsDo) {
  EXPECT_EQ(normalised("“a” ‘b’ —c – d\u00A0e\u200Bf\u202Eg"), "\"a\" 'b' --c - d efg");
  EXPECT_EQ(unwrapped("<https://arxiv.org/abs/1|arxiv.org/abs/1> <@U1> <#C1|papers> <x>"), "arxiv.org/abs/1  C1 <x>");
  auto words = words_of("a \"b c\" k:\"d e\" k:'f \"g\"' \"open end");
  ASSERT_EQ(words.size(), 5U);
  EXPECT_EQ(words[1].text, "b c");
  EXPECT_EQ(words[2].text, "k:d e");
  EXPECT_EQ(words[3].text, "k:f \"g\"");
  EXPECT_EQ(words[4].text, "open end");
}

TEST(TypedSubscription, ParsesBackToItself) {
  for (const char* text :
       {"subscribe cs.CL", "subscribe cs.CV cs.RO at:09:00 tz:Europe/Berlin days:mon,wed top:7",
        "subscribe cs.CL keywords:'\"neural network\" -survey' interests:\"robots and cars\" empty:silent",
        "subscribe cs.CL at:announce style:brief lang:de thread:category"}) {
    auto c = understood(text);
    model::Subscription s;
    s.categories = c.categories;
    s.options = c.options;
    auto again = understood(typed_subscription(s));
    EXPECT_EQ(again.options, c.options) << typed_subscription(s);
    EXPECT_EQ(again.categories, c.categories);
  }
}

TEST(Menu, HoldsWhatARoleMayRun) {
  auto has = [](const std::vector<MenuEntry>& menu, std::string_view name) {
    return std::any_of(menu.begin(), menu.end(), [&](const auto& e) { return e.command == name; });
  };
  auto guest = menu(model::Role::guest), member = menu(model::Role::member), manager = menu(model::Role::manager);
  EXPECT_TRUE(has(guest, "help"));
  EXPECT_FALSE(has(guest, "digest"));
  EXPECT_TRUE(has(member, "digest"));
  EXPECT_FALSE(has(member, "subscribe"));
  EXPECT_TRUE(has(manager, "subscribe"));
  EXPECT_FALSE(has(manager, "confirm"));
  for (const auto& row : commands())
    EXPECT_EQ(has(manager, row.telegram), row.listed && row.role <= model::Role::manager) << row.name;
  for (const auto& entry : manager) EXPECT_FALSE(entry.description.empty());
}

}  // namespace
}  // namespace broadsheet::commands
