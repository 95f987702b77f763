#include "adapters/matrix/incoming.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace broadsheet::matrix {
namespace {

const Self kSelf{"@bot:example.org", "arXiv bot", "!arxiv"};

Json said(const std::string& body) {
  return {{"type", "m.room.message"},
          {"event_id", "$e"},
          {"sender", "@ada:example.org"},
          {"origin_server_ts", 1000},
          {"content", {{"msgtype", "m.text"}, {"body", body}}}};
}

std::string text_read(const Json& event) {
  auto incoming = read_event(event, "!r:example.org", kSelf, {});
  const auto* typed = std::get_if<Typed>(&incoming);
  return typed != nullptr && typed->addressed ? typed->text : std::string();
}

TEST(Incoming, TakesCommandsByPrefixWhateverThePhoneDid) {
  EXPECT_EQ(text_read(said("!arxiv subscribe cs.CL")), "subscribe cs.CL");
  EXPECT_EQ(text_read(said("!ArXiv\xc2\xa0HELP")), "HELP");
  EXPECT_EQ(text_read(said("\xe2\x80\x8b!ax search \xe2\x80\x9cgraph\xe2\x80\x9d")), "search \"graph\"");
  EXPECT_EQ(text_read(said("!arxiv")), "help");
  EXPECT_EQ(text_read(said("> <@bob:example.org> old\n\n!arxiv more\nsecond line")), "more");
  EXPECT_EQ(text_read(said("!arxivist hello")), "");
  EXPECT_EQ(text_read(said("try !arxiv help")), "");
}

TEST(Incoming, NeedsTheMentionBesideTheName) {
  auto event = said("arXiv bot: list");
  EXPECT_EQ(text_read(event), "");
  event["content"]["m.mentions"]["user_ids"] = Json::array({"@bot:example.org"});
  EXPECT_EQ(text_read(event), "list");
}

TEST(Incoming, KnowsItselfByPillsOfAnyFormAndByItsFullId) {
  for (const char* link : {"https://matrix.to/#/@bot:example.org", "https://matrix.to/#/%40bot%3Aexample.org",
                           "https://matrix.to/#/@bot:example.org?via=example.org", "matrix:u/bot:example.org"}) {
    auto event = said("Papers: digest cs.CL");
    event["content"]["formatted_body"] = "<p><a href=\"" + std::string(link) + "\">Papers</a>: digest cs.CL</p>";
    EXPECT_EQ(text_read(event), "digest cs.CL") << link;
  }
  auto other = said("Papers: digest cs.CL");
  other["content"]["formatted_body"] = "<a href=\"https://matrix.to/#/@eve:example.org\">Papers</a>: digest cs.CL";
  EXPECT_EQ(text_read(other), "");
  auto later = said("ask Papers: digest cs.CL");
  later["content"]["formatted_body"] = "ask <a href=\"https://matrix.to/#/@bot:example.org\">Papers</a>: digest cs.CL";
  EXPECT_EQ(text_read(later), "");
  auto full = said("@bot:example.org digest cs.CL");
  full["content"]["m.mentions"]["user_ids"] = Json::array({"@bot:example.org"});
  EXPECT_EQ(text_read(full), "digest cs.CL");
}

TEST(Incoming, TakesACommandOnALaterLine) {
  EXPECT_EQ(text_read(said("Good morning!\n\n!arxiv today cs.CL\nthanks")), "today cs.CL");
  EXPECT_EQ(text_read(said("Good morning!\ntry !arxiv today")), "");
  auto event = said("@bot:example.org\ntoday cs.CL");
  event["content"]["m.mentions"]["user_ids"] = Json::array({"@bot:example.org"});
  EXPECT_EQ(text_read(event), "today cs.CL");
}

TEST(Incoming, PrefersAStructuredCommandThatIsMeantForUs) {
  auto event = said("do the usual thing");
  event["content"]["m.bot.command"] = {{"command", "subscribe"}, {"arguments", {{"category", "cs.CL"}}}};
  EXPECT_EQ(text_read(event), "");
  event["content"]["m.mentions"]["user_ids"] = Json::array({"@bot:example.org"});
  EXPECT_EQ(text_read(event), "subscribe cs.CL");
  event["content"]["m.bot.command"]["command"] = Json::array({7});
  EXPECT_EQ(text_read(event), "");
}

TEST(Incoming, IgnoresItselfNoticesAndEdits) {
  auto own = said("!arxiv help");
  own["sender"] = kSelf.user_id;
  EXPECT_EQ(std::get<Ignored>(read_event(own, "!r:x", kSelf, {})), Ignored::own_event);
  auto notice = said("!arxiv help");
  notice["content"]["msgtype"] = "m.notice";
  EXPECT_EQ(std::get<Ignored>(read_event(notice, "!r:x", kSelf, {})), Ignored::notice);
  auto edit = said("* !arxiv help");
  edit["content"]["m.relates_to"] = {{"rel_type", "m.replace"}, {"event_id", "$old"}};
  EXPECT_EQ(std::get<Ignored>(read_event(edit, "!r:x", kSelf, {})), Ignored::edit);
}

TEST(Incoming, SurvivesEventsOfAnyShape) {
  for (const char* text :
       {"{}", R"({"type":5})", R"({"type":"m.room.message","event_id":"$e","sender":"@a:b","content":null})",
        R"({"type":"m.reaction","event_id":"$e","sender":"@a:b","content":{"m.relates_to":"x"}})",
        R"({"type":"m.room.tombstone","state_key":"","event_id":"$e","sender":"@a:b","content":[]})",
        R"({"type":"m.room.member","state_key":"@bot:example.org","event_id":"$e","sender":"@a:b","content":7})"}) {
    auto incoming = read_event(Json::parse(text), "!r:x", kSelf, {});
    EXPECT_EQ(std::get<Ignored>(incoming), Ignored::malformed) << text;
  }
}

TEST(Incoming, KeepsTheThreadAndTheAnsweredEventApart) {
  auto event = said("!arxiv more");
  event["content"]["m.relates_to"] = {{"rel_type", "m.thread"},
                                      {"event_id", "$root"},
                                      {"is_falling_back", true},
                                      {"m.in_reply_to", {{"event_id", "$last"}}}};
  auto typed = std::get<Typed>(read_event(event, "!r:x", kSelf, {}));
  EXPECT_EQ(typed.thread, "$root");
  EXPECT_EQ(typed.answers, "");
  event["content"]["m.relates_to"].erase("is_falling_back");
  EXPECT_EQ(std::get<Typed>(read_event(event, "!r:x", kSelf, {})).answers, "$last");
}

}  // namespace
}  // namespace broadsheet::matrix
