#include "adapters/slack/payload.hpp"

#include <gtest/gtest.h>

#include "vectors.hpp"

namespace broadsheet::slack {
namespace {

using model::CommandEvent;
using model::PlaceEvent;
using model::PlaceState;

const Moment kNow = *parse_iso("2026-03-02T08:00:00Z");

const CommandEvent& command(const Inbound& in) {
  return std::get<CommandEvent>(in.events.at(0));
}
const PlaceEvent& place(const Inbound& in) {
  return std::get<PlaceEvent>(in.events.at(0));
}

std::string event(const std::string& inner, const std::string& id = "Ev1") {
  return R"({"type":"event_callback","team_id":"T0TEAM","event_id":")" + id +
         R"(","authorizations":[{"team_id":"T0TEAM","user_id":"U0BOT","is_bot":true}],"event":)" + inner + "}";
}

Form slash(const std::string& text, const std::string& channel = "C0PAPERS") {
  return {{"team_id", "T0TEAM"},   {"channel_id", channel},
          {"user_id", "U0READER"}, {"user_name", "reader"},
          {"command", "/arxiv"},   {"text", text},
          {"trigger_id", "1.2.3"}, {"response_url", "https://hooks.slack.com/commands/x"}};
}

TEST(Form, DecodesPlusAndEscapesOnce) {
  auto form = parse_form("text=a+b%2Bc%2520d&empty=&alone");
  ASSERT_TRUE(form);
  EXPECT_EQ(field(*form, "text"), "a b+c%20d");
  EXPECT_EQ(form->size(), 3U);
}

TEST(Form, RefusesBrokenEscapesNulBadTextAndCrowds) {
  EXPECT_FALSE(parse_form("a=%4"));
  EXPECT_FALSE(parse_form("a=%00"));
  EXPECT_FALSE(parse_form("a=%ff"));
  std::string crowd = "a=1";
  for (int i = 0; i < 64; ++i) crowd += "&a=1";
  EXPECT_FALSE(parse_form(crowd));
}

TEST(Form, TakesADoubledFieldForNone) {
  auto form = parse_form("team_id=T1&team_id=T2");
  EXPECT_EQ(field(*form, "team_id"), "");
}

TEST(SlashCommand, BecomesACommandOfThatChannelAndPerson) {
  auto in = read_command(slash("digest cs.CL &amp;lt; x"), kNow);
  ASSERT_TRUE(in) << in.error().what();
  EXPECT_EQ(in->want, Want::accept);
  const auto& e = command(*in);
  EXPECT_EQ(e.id, "s:1.2.3");
  EXPECT_EQ(e.text, "digest cs.CL &lt; x");
  EXPECT_EQ(e.from.target.str(), "slack:T0TEAM/C0PAPERS");
  EXPECT_EQ(e.from.who.id, "U0READER");
  EXPECT_EQ(e.from.handle, "https://hooks.slack.com/commands/x");
  EXPECT_EQ(e.from.received, kNow);
  EXPECT_FALSE(e.from.direct);
  EXPECT_TRUE(command(*read_command(slash("help", "D0DIRECT"), kNow)).from.direct);
}

TEST(SlashCommand, OpensTheFormForABareSubscribe) {
  EXPECT_EQ(read_command(slash(" Subscribe "), kNow)->want, Want::modal);
  EXPECT_EQ(read_command(slash("subscribe cs.CL"), kNow)->want, Want::accept);
}

TEST(SlashCommand, IsNeverRunByACertificateProbe) {
  auto form = slash("unsubscribe all");
  form.emplace_back("ssl_check", "1");
  EXPECT_EQ(read_command(form, kNow)->want, Want::nothing);
}

TEST(SlashCommand, NeedsIdsThatCanBeIds) {
  auto form = slash("help", "C0/../x");
  EXPECT_FALSE(read_command(form, kNow));
  EXPECT_FALSE(read_command({{"text", "help"}}, kNow));
}

TEST(SlashCommand, IsCutBetweenCharactersWhenSomebodyPastesABook) {
  std::string book;
  while (book.size() < 20000) book += "é";
  auto e = command(*read_command(slash("x" + book), kNow));
  EXPECT_LE(e.text.size(), 16384U);
  EXPECT_EQ((e.text.size() - 1) % 2, 0U);
}

TEST(Interactivity, NamesTheButtonAndItsPaper) {
  std::string json =
      R"({"type":"block_actions","team":{"id":"T0TEAM"},"user":{"id":"U0READER","name":"reader","team_id":"T0TEAM"},
          "trigger_id":"9.8","channel":{"id":"C0PAPERS"},"response_url":"https://hooks.slack.com/actions/x",
          "container":{"is_ephemeral":false},"message":{"ts":"17.1","thread_ts":"17.0"},
          "actions":[{"action_id":"b1","value":"bibtex:2401.12345"}]})";
  auto in = read_interaction(json, kNow);
  ASSERT_TRUE(in) << in.error().what();
  const auto& e = command(*in);
  ASSERT_TRUE(e.button);
  EXPECT_EQ(e.button->action, doc::Action::bibtex);
  EXPECT_EQ(e.button->paper.str(), "2401.12345");
  EXPECT_EQ(e.from.thread.str(), "17.0");
  EXPECT_EQ(e.from.message.str(), "17.1");
  EXPECT_EQ(e.from.who.role, model::Role::unknown);
}

TEST(Interactivity, KnowsAGuestOfAnotherWorkspace) {
  std::string json =
      R"({"type":"block_actions","team":{"id":"T0TEAM"},"user":{"id":"U0X","team_id":"T0ELSE"},"trigger_id":"9.8",
          "channel":{"id":"C0PAPERS"},"actions":[{"selected_option":{"value":"save:2401.12345"}}]})";
  EXPECT_EQ(command(*read_interaction(json, kNow)).from.who.role, model::Role::guest);
}

TEST(Interactivity, AcknowledgesButtonsThatOnlyOpenALinkAndValuesNotOurs) {
  auto with = [](const std::string& value) {
    return R"({"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"trigger_id":"1","channel":{"id":"C1"},
               "actions":[{"value":")" +
           value + R"("}]})";
  };
  for (const char* value : {"pdf:2401.12345", "open:", "nonsense", "save:../../etc", "save"})
    EXPECT_EQ(read_interaction(with(value), kNow)->want, Want::nothing) << value;
}

TEST(Interactivity, TurnsAMessageShortcutIntoThePaperItLinks) {
  std::string json =
      R"({"type":"message_action","callback_id":"explain_paper","team":{"id":"T0TEAM"},"user":{"id":"U0READER"},
          "trigger_id":"1","channel":{"id":"C0PAPERS"},"message_ts":"17.1",
          "message":{"text":"look at <https://arxiv.org/abs/2401.12345v2|this>"}})";
  EXPECT_EQ(command(*read_interaction(json, kNow)).text, "paper 2401.12345v2");
}

TEST(Interactivity, WritesTheCommandOfASubmittedForm) {
  std::string json =
      R"({"type":"view_submission","team":{"id":"T0TEAM"},"user":{"id":"U0READER"},"trigger_id":"1",
          "view":{"callback_id":"subscribe","private_metadata":"{\"channel\":\"C0PAPERS\"}","state":{"values":{
            "cats":{"cats":{"selected_options":[{"value":"cs.CL"},{"value":"cs.LG"}]}},
            "at":{"at":{"selected_option":{"value":"09:00"}}},"top":{"top":{"selected_option":null}},
            "query":{"query":{"value":"graph \"x\" top:50"}}}}}})";
  auto in = read_interaction(json, kNow);
  ASSERT_TRUE(in) << in.error().what();
  EXPECT_EQ(command(*in).text, "subscribe cs.CL cs.LG at:09:00 keywords:\"graph x top:50\"");
  EXPECT_EQ(command(*in).from.target.place, "C0PAPERS");
}

TEST(Events, TakeAMentionWithoutTheMention) {
  auto in = read_event(event(R"({"type":"app_mention","user":"U0READER","text":"<@U0BOT> paper 2401.12345","ts":"17.5",
                                 "channel":"C0PAPERS","thread_ts":"17.0"})"),
                       kNow);
  ASSERT_TRUE(in);
  EXPECT_EQ(command(*in).text, "paper 2401.12345");
  EXPECT_EQ(command(*in).id, "m:C0PAPERS:17.5");
  EXPECT_EQ(command(*in).from.thread.str(), "17.0");
}

TEST(Events, GiveOneIdToOneMessageHoweverItComes) {
  std::string inner =
      R"("user":"U0READER","text":"<@U0BOT> help","ts":"17.5","channel":"D0DIRECT","channel_type":"im"})";
  auto mention = read_event(event(R"({"type":"app_mention",)" + inner, "Ev1"), kNow);
  auto message = read_event(event(R"({"type":"message",)" + inner, "Ev2"), kNow);
  EXPECT_EQ(command(*mention).id, command(*message).id);
  EXPECT_EQ(command(*message).text, "help");
}

TEST(Events, HearChannelsOnlyWhenAddressed) {
  auto said = [](const std::string& text) {
    return read_event(event(R"({"type":"message","user":"U1","ts":"17.5","channel":"C0PAPERS","channel_type":"channel",
                                "text":")" +
                            text + "\"}"),
                      kNow);
  };
  EXPECT_EQ(said("what a day")->want, Want::nothing);
  EXPECT_EQ(said("!arxivist")->want, Want::nothing);
  EXPECT_EQ(command(*said("!arxiv why 2401.12345")).text, "why 2401.12345");
}

TEST(Events, NeverAnswerMachinesOrOurselves) {
  for (const char* inner :
       {R"({"type":"message","bot_id":"B1","user":"U1","text":"help","ts":"1.1","channel":"D1","channel_type":"im"})",
        R"({"type":"message","user":"U0BOT","text":"help","ts":"1.1","channel":"D1","channel_type":"im"})",
        R"({"type":"message","subtype":"message_changed","user":"U1","ts":"1.1","channel":"D1","channel_type":"im"})"})
    EXPECT_EQ(read_event(event(inner), kNow)->want, Want::nothing) << inner;
}

TEST(Events, TellWhereTheBotStands) {
  auto state = [](const std::string& inner) { return place(*read_event(event(inner), kNow)); };
  EXPECT_EQ(state(R"({"type":"channel_archive","channel":"C1"})").state, PlaceState::left);
  auto joined = state(R"({"type":"member_joined_channel","user":"U0BOT","channel":"C1","inviter":"U2"})");
  EXPECT_EQ(joined.state, PlaceState::joined);
  EXPECT_EQ(joined.by.id, "U2");
  EXPECT_TRUE(joined.invited);
  EXPECT_FALSE(state(R"({"type":"channel_unarchive","channel":"C1"})").invited);
  auto moved = state(R"({"type":"channel_id_changed","old_channel_id":"G1","new_channel_id":"C2"})");
  EXPECT_EQ(moved.target.place, "G1");
  EXPECT_EQ(moved.moved_to->place, "C2");
  auto gone = state(R"({"type":"app_uninstalled"})");
  EXPECT_EQ(gone.state, PlaceState::uninstalled);
  EXPECT_EQ(gone.target.workspace, "T0TEAM");
  EXPECT_EQ(read_event(event(R"({"type":"member_joined_channel","user":"U9","channel":"C1"})"), kNow)->want,
            Want::nothing);
}

TEST(Json, IsBoundedInDepthAndNamesEachKeyOnce) {
  std::string deep(100, '[');
  EXPECT_FALSE(read_event(deep, kNow));
  EXPECT_FALSE(read_event(std::string(2'000'000, '['), kNow));
  EXPECT_FALSE(read_event(R"({"type":"x","type":"url_verification"})", kNow));
  EXPECT_FALSE(read_event("{\"type\":\"\xff\"}", kNow));
  EXPECT_FALSE(read_event(std::string("{\"type\":\"x\"}\0{}", 15), kNow));
  EXPECT_TRUE(read_event(R"({"type":"x","text":"[[[[ \" {{{{"})", kNow));
}

TEST(Payloads, OfTheContractAreUnderstood) {
  SLACK_VECTORS_OR_SKIP(vectors);
  const auto& p = vectors["payloads"];
  auto form = parse_form(p["slash_command"]["http_body"].get<std::string>());
  EXPECT_EQ(command(*read_command(*form, kNow)).text, p["slash_command"]["fields"]["text"].get<std::string>());
  auto interaction = [&](const char* name) { return read_interaction(p[name]["json"].dump(), kNow); };
  EXPECT_EQ(command(*interaction("view_submission")).text, "subscribe cs.LG keywords:\"diffusion\"");
  EXPECT_EQ(interaction("view_closed")->want, Want::nothing);
  EXPECT_TRUE(command(*interaction("global_shortcut")).from.direct);
  EXPECT_EQ(command(*interaction("message_shortcut")).text, "paper 2006.11239");
  EXPECT_EQ(interaction("block_suggestion")->want, Want::options);
  EXPECT_EQ(read_event(p["url_verification"]["request"].dump(), kNow)->want, Want::challenge);
  auto happened = [&](const char* name) { return read_event(p[name]["json"].dump(), kNow); };
  EXPECT_EQ(command(*happened("event_app_mention")).text, "help");
  EXPECT_EQ(happened("event_own_message_echo")->want, Want::nothing);
  EXPECT_EQ(place(*happened("event_app_uninstalled")).state, PlaceState::uninstalled);
  EXPECT_EQ(place(*happened("event_tokens_revoked")).state, PlaceState::uninstalled);
  EXPECT_EQ(place(*happened("event_channel_archive")).state, PlaceState::left);
  EXPECT_EQ(happened("app_rate_limited")->want, Want::rate_limit);
}

TEST(SlashCommand, WithoutWordsAsksForThePanelAndAFormWhereThereIsOne) {
  EXPECT_EQ(read_command(slash(""), kNow)->want, Want::panel);
  EXPECT_EQ(read_command(slash("Subscribe"), kNow)->guide, Guide::subscribe);
  EXPECT_EQ(read_command(slash("search"), kNow)->guide, Guide::search);
  EXPECT_EQ(read_command(slash("search maps"), kNow)->want, Want::accept);
}

TEST(Interactivity, RunsOnlyThePanelsOwnWords) {
  auto pressed = [](const std::string& value) {
    return *read_interaction(R"({"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"trigger_id":"1",
        "channel":{"id":"C1"},"actions":[{"value":")" +
                                 value + R"("}]})",
                             kNow);
  };
  EXPECT_EQ(command(pressed("run:today")).text, "today");
  EXPECT_EQ(pressed("run:subscribe").want, Want::modal);
  for (const char* value : {"run:", "run:unsubscribe all", "run:today post", "run:Today"})
    EXPECT_EQ(pressed(value).want, Want::nothing) << value;
}

TEST(Events, NameThePapersOfAtMostThreeLinks) {
  auto shared = [](const std::string& links, const std::string& more = {}) {
    return *read_event(event(R"({"type":"link_shared","channel":"C0PAPERS","user":"U0READER","message_ts":"17.1",)" +
                             more + R"("links":[)" + links + "]}"),
                       kNow);
  };
  auto link = [](const std::string& url) { return R"({"domain":"arxiv.org","url":")" + url + R"("})"; };
  auto one = shared(link("https://arxiv.org/abs/2401.12345v2") + "," + link("https://arxiv.org/help"));
  EXPECT_EQ(one.want, Want::unfurl);
  ASSERT_EQ(one.events.size(), 1U);
  EXPECT_EQ(command(one).text, "paper 2401.12345v2");
  auto where = read_unfurl_handle(command(one).from.handle);
  ASSERT_TRUE(where);
  EXPECT_EQ(where->url, "https://arxiv.org/abs/2401.12345v2") << "byte for byte";
  std::string many;
  for (int i = 1; i <= 5; ++i) many += (i > 1 ? "," : "") + link("https://arxiv.org/abs/2401.1234" + std::to_string(i));
  EXPECT_EQ(shared(many).events.size(), 3U);
  EXPECT_EQ(shared(link("https://arxiv.org/help")).want, Want::nothing);
  auto composing = shared(link("https://arxiv.org/abs/2401.12345"), R"("source":"composer","unfurl_id":"abc",)");
  EXPECT_EQ(read_unfurl_handle(command(composing).from.handle)->ts, "abc");
  EXPECT_EQ(read_unfurl_handle(command(composing).from.handle)->channel, "");
}

TEST(Events, BelongToAnOrgWideInstallationWhenTheySaySo) {
  std::string json =
      R"({"type":"event_callback","team_id":"T0TEAM","event_id":"Ev1","authorizations":[{"team_id":"T0TEAM",
      "enterprise_id":"E0ORG","user_id":"U0BOT","is_enterprise_install":true}],
      "event":{"type":"channel_unarchive","channel":"C1"}})";
  auto in = read_event(json, kNow);
  EXPECT_EQ(in->team, "T0TEAM");
  EXPECT_EQ(in->organisation, "E0ORG");
  EXPECT_EQ(place(*in).state, PlaceState::joined);
}

}  // namespace
}  // namespace broadsheet::slack
