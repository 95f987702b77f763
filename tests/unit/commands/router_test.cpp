#include "bot/commands/router.hpp"

#include <gtest/gtest.h>

#include "digest/doc/plain.hpp"
#include "tests/unit/commands/fake_services.hpp"
#include "tests/unit/net/loop.hpp"

namespace broadsheet::commands {
namespace {

using namespace std::chrono_literals;
using model::Role;
using model::Visibility;

std::string text_of(const Answer& answer) {
  std::string out;
  for (const auto& part : answer.parts) out += doc::to_plain(part.document);
  return out;
}

struct Desk {
  FakeServices services;
  ManualClock clock{*parse_iso("2026-01-14T12:00:00Z")};
  std::uint64_t random = 7;
  Router router{services, clock, [this] { return random++; }};
  test::Loop loop;
  Context context{"/arxiv ", Zone::utc(), Role::member, "channel", false, {}, "/arxiv "};
  model::CommandEvent event;

  Desk() {
    event.from.target = *model::Target::parse("slack:T1/C1");
    event.from.who = {"U1", "ada", "en", Role::unknown};
    services.known["2601.00003"] = invented_card("2601.00003", "Bathtub tides");
  }
  Answer press(model::CommandEvent pressed) {
    Answer out;
    loop.run([](Router& r, model::CommandEvent e, Context c, Answer& to) -> awaitable<void> {
      to = co_await r.run(std::move(e), std::move(c));
    }(router, std::move(pressed), context, out));
    return out;
  }
  Answer type(std::string text) {
    clock.advance(20s);  // slowly enough for the rate
    return type_at_once(std::move(text));
  }
  Answer type_at_once(std::string text) {
    event.text = std::move(text);
    return press(event);
  }
  std::string say(std::string text) { return text_of(type(std::move(text))); }
};

TEST(Router, AnswersStoredPapersAtOnceToThoseItKnows) {
  Desk desk;
  auto at_once = [&](std::string text, Role role = Role::member) {
    desk.event.text = std::move(text);
    desk.event.from.who.role = role;
    std::optional<Answer> out;
    desk.loop.run([](Desk& d, std::optional<Answer>& to) -> awaitable<void> {
      to = co_await d.router.at_once(d.event, d.context);
    }(desk, out));
    return out;
  };
  auto answer = at_once("paper 2601.00003");
  ASSERT_TRUE(answer);
  EXPECT_EQ(text_of(*answer), text_of(desk.type("paper 2601.00003")));
  EXPECT_EQ(answer->visibility, Visibility::asker);
  EXPECT_TRUE(at_once("p https://arxiv.org/abs/2601.00003v2 style:full", Role::manager));
  for (const char* long_way : {"paper 2601.00003 post", "paper 2601.09999", "paper 2601.00003 2601.09999", "paper #3",
                               "paper 2601.00003 target:C9", "search tides", "paper", "status", ""})
    EXPECT_FALSE(at_once(long_way)) << long_way;
  EXPECT_FALSE(at_once("paper 2601.00003", Role::unknown));
  EXPECT_FALSE(at_once("paper 2601.00003", Role::guest));
  desk.event.edited = true;
  EXPECT_FALSE(at_once("paper 2601.00003"));
}

TEST(Router, AnswersAPaperPrivatelyAndInTheChannelWhenPosted) {
  Desk desk;
  auto answer = desk.type("paper 2601.00003");
  EXPECT_EQ(answer.visibility, Visibility::asker);
  EXPECT_NE(text_of(answer).find("Bathtub tides"), std::string::npos);
  EXPECT_EQ(answer.parts[0].paper.str(), "2601.00003");
  EXPECT_EQ(desk.type("paper 2601.00003 post").visibility, Visibility::channel);
  EXPECT_NE(desk.say("paper #3").find("Bathtub tides"), std::string::npos);
}

TEST(Router, SaysSoWhenAnotherVersionIsShownThanAskedFor) {
  Desk desk;
  auto version = desk.services.known["2601.00003"].paper.version;
  auto asked = "paper 2601.00003v" + std::to_string(version + 6);
  EXPECT_NE(desk.say(asked).find("could not be found; this is version " + std::to_string(version)), std::string::npos);
  EXPECT_EQ(desk.say("paper 2601.00003v" + std::to_string(version)).find("could not be found"), std::string::npos);
  EXPECT_EQ(desk.say("paper 2601.00003").find("could not be found"), std::string::npos);
}

// Whoever manages his own chat manages no other by that.
TEST(Router, AsksAnewWhatSomebodyMayDoElsewhere) {
  Desk desk;
  desk.event.from.direct = true;
  desk.event.from.who.role = Role::manager;
  desk.services.role = Role::guest;
  EXPECT_NE(desk.say("subscribe cs.CL target:C2").find("Only channel managers"), std::string::npos);
  EXPECT_NE(desk.say("subscriptions target:C2").find("Only members"), std::string::npos);
  EXPECT_TRUE(desk.services.stored.empty());
  EXPECT_NE(desk.say("subscribe cs.CL").find("Subscribed #1"), std::string::npos);
}

TEST(Router, SaysWhichPapersDoNotExistAndNeverInTheChannel) {
  Desk desk;
  auto some = desk.say("paper 2601.00003 2601.09999");
  EXPECT_NE(some.find("Bathtub tides"), std::string::npos);
  EXPECT_NE(some.find("arXiv has no 2601.09999"), std::string::npos);
  EXPECT_EQ(desk.type("paper 2601.09999 post").visibility, Visibility::asker);
  EXPECT_EQ(desk.say("paper #9"), "There is no card #9 here. The last digest here shows 3 papers.\n");
  desk.services.shown.clear();
  EXPECT_EQ(desk.say("paper #9"),
            "There is no card #9 here. No digest was shown here yet. /arxiv today cs.CL shows one.\n");
}

TEST(Router, ChecksTheRoleBeforeAnythingChanges) {
  Desk desk;
  desk.services.role = Role::member;
  EXPECT_NE(desk.say("subscribe cs.CL").find("Only channel managers"), std::string::npos);
  EXPECT_TRUE(desk.services.stored.empty());
  desk.services.role = Role::guest;
  EXPECT_NE(desk.say("status").find("Only members"), std::string::npos);
  EXPECT_NE(desk.say("help").find("What I can do"), std::string::npos);
}

TEST(Router, AsksTheRoleAnewBeforeAChangeWhateverTheEventClaims) {
  Desk desk;
  desk.event.from.who.role = Role::manager;
  desk.services.role = Role::member;
  EXPECT_NE(desk.say("subscribe cs.CL").find("Only channel managers"), std::string::npos);
  desk.event.from.who.role = Role::member;
  desk.services.role_asked = 0;
  desk.say("status");
  EXPECT_EQ(desk.services.role_asked, 0);  // reading trusts the platform's word
}

TEST(Router, RefusesWhenTheRoleCannotBeFoundOut) {
  Desk desk;
  desk.services.role_error = Error(ErrorKind::transient, "no answer");
  EXPECT_NE(desk.say("subscribe cs.CL").find("I cannot find out just now what you may do here. Try again in 60 s."),
            std::string::npos);
  desk.services.role_error = Error(ErrorKind::rate_limited, "users.info").retry_after(11200ms);
  EXPECT_NE(desk.say("subscribe cs.CL").find("Try again in 12 s."), std::string::npos);
  EXPECT_TRUE(desk.services.stored.empty());
  EXPECT_NE(desk.say("help").find("What I can do"), std::string::npos);
}

TEST(Router, AsksNoRoleForWhatAMemberReads) {
  Desk desk;
  desk.event.from.who.role = Role::member;
  for (const char* reading : {"search tides", "paper 2601.00003", "status", "subscriptions"}) desk.say(reading);
  EXPECT_EQ(desk.services.role_asked, 0);
  EXPECT_NE(desk.say("help").find("subscribe"), std::string::npos) << "a manager is shown what managers can do";
  EXPECT_EQ(desk.services.role_asked, 1);
  EXPECT_EQ(desk.services.proven, Role::member);
  desk.say("subscriptions target:C2");
  EXPECT_EQ(desk.services.proven, Role::unknown) << "who is here is proven nowhere else";
}

TEST(Router, TakesTheAnsweredMessagesPaperWhereNoneIsNamed) {
  Desk desk;
  EXPECT_NE(desk.say("paper").find("needs"), std::string::npos);
  EXPECT_EQ(desk.services.looked_above, 0) << "nothing stands above";
  desk.event.about = *PaperId::parse("2601.00003");
  EXPECT_NE(desk.say("paper").find("Bathtub tides"), std::string::npos);
  EXPECT_NE(desk.say("p style:full").find("Bathtub tides"), std::string::npos);
  EXPECT_EQ(desk.say("paper 2601.09999").find("Bathtub tides"), std::string::npos) << "what is named counts";
  EXPECT_NE(desk.say("search").find("needs"), std::string::npos) << "a search is about no paper";
  desk.event.about = {};
  desk.event.from.thread = model::RemoteId("1.1");
  desk.services.above = *PaperId::parse("2601.00003");
  EXPECT_NE(desk.say("paper").find("Bathtub tides"), std::string::npos);
  EXPECT_EQ(desk.services.looked_above, 1);
}

TEST(Router, SaysSoWhenAMessageHasNoSuchChoice) {
  Desk desk;
  desk.event.button_key = "7";
  EXPECT_NE(desk.say("").find("That message has no choice 7."), std::string::npos);
}

TEST(Router, TellsTheChannelThatASubscriptionIsAboutAndNoOther) {
  Desk desk;
  desk.context.prefix.clear();  // as in a direct conversation
  desk.context.shared_prefix = "/arxiv ";
  desk.event.from.direct = true;
  auto answer = desk.type("subscribe cs.CL target:C2");
  EXPECT_FALSE(answer.public_line);
  ASSERT_EQ(desk.services.announced.size(), 1U);
  EXPECT_EQ(desk.services.announced[0].first.place, "C2");
  auto line = doc::to_plain(desk.services.announced[0].second);
  EXPECT_NE(line.find("ada subscribed to cs.CL here."), std::string::npos) << line;
  EXPECT_NE(line.find("To stop it: /arxiv unsubscribe #1"), std::string::npos) << "it can be typed there: " << line;
  desk.say("subscribe cs.LG");
  EXPECT_EQ(desk.services.announced.size(), 1U) << "a private conversation hears the answer itself";
}

TEST(Router, SubscribesNoPlaceWhereItCannotPost) {
  Desk desk;
  desk.services.in_the_way = adapters::Refused{{}, "Slack says is_archived", "unarchive the channel", {}, {}};
  EXPECT_NE(desk.say("subscribe cs.CL").find("I cannot post there: Slack says is_archived."), std::string::npos);
  EXPECT_TRUE(desk.services.stored.empty());
}

TEST(Router, LetsAPersonManageAPrivateConversation) {
  Desk desk;
  desk.services.role = Role::guest;
  desk.event.from.direct = true;
  auto answer = desk.type("subscribe cs.CL");
  EXPECT_NE(text_of(answer).find("Subscribed #1: cs.CL"), std::string::npos);
  EXPECT_FALSE(answer.public_line);
  EXPECT_NE(desk.say("subscribe cs.CL target:C2").find("Only channel managers"), std::string::npos);
}

TEST(Router, SubscribesAndShowsTheWholeState) {
  Desk desk;
  auto answer = desk.type("subscribe cs.CL cs.RO at:09:00 tz:Europe/Berlin interests:\"my secret\" top:5");
  auto text = text_of(answer);
  EXPECT_NE(text.find("Subscribed #1: cs.CL, cs.RO"), std::string::npos);
  EXPECT_NE(text.find("at 09:00 Europe/Berlin, weekdays"), std::string::npos);
  EXPECT_NE(text.find("Next: Thu 15 Jan 09:00 CET"), std::string::npos) << text;
  EXPECT_NE(text.find("It may take: 5 min 33 s, because many get theirs at that time"), std::string::npos) << text;
  EXPECT_NE(text.find("/arxiv unsubscribe #1"), std::string::npos);
  EXPECT_EQ(answer.visibility, Visibility::asker);
  ASSERT_TRUE(answer.public_line);
  auto line = doc::to_plain(answer.public_line->document);
  EXPECT_NE(line.find("ada subscribed to cs.CL, cs.RO here."), std::string::npos) << line;
  EXPECT_NE(line.find("unsubscribe #1"), std::string::npos) << line;
  EXPECT_EQ(line.find("secret"), std::string::npos);
  EXPECT_EQ(desk.services.stored.at(0).made_by, "U1");
}

TEST(Router, ShowsTheDifferenceAndAppliesItOnRequest) {
  Desk desk;
  desk.say("subscribe cs.CL cs.RO top:5");
  auto same = desk.say("subscribe cs.CL");
  EXPECT_NE(same.find("Already on (#1)."), std::string::npos);
  EXPECT_EQ(same.find("Differences"), std::string::npos);
  auto other = desk.say("subscribe cs.CL top:7 at:9am");
  EXPECT_NE(other.find("time announce → 09:00, top 5 → 7"), std::string::npos) << other;
  EXPECT_NE(other.find("/arxiv subscribe cs.CL at:09:00 top:7 apply"), std::string::npos) << other;
  EXPECT_EQ(desk.services.stored.at(0).options.top, 5U);
  EXPECT_NE(desk.say("subscribe cs.CL at:09:00 top:7 apply").find("Subscribed #1"), std::string::npos);
  EXPECT_EQ(desk.services.stored.at(0).options.top, 7U);
  EXPECT_EQ(desk.services.stored.size(), 1U);
}

TEST(Router, RefusesASubscriptionThatWouldNeverPost) {
  Desk desk;
  EXPECT_NE(desk.say("subscribe cs.CL days:sat,sun").find("days takes a weekday with at:announce"), std::string::npos);
  EXPECT_TRUE(desk.services.stored.empty());
  EXPECT_NE(desk.say("subscribe cs.CL days:sat at:09:00").find("Subscribed #1"), std::string::npos);
}

TEST(Router, KeepsTheLimitOfSubscriptions) {
  Desk desk;
  for (int i = 0; i < 20; ++i) {
    model::Subscription s;
    s.id = model::SubscriptionId(std::to_string(i));
    s.target = desk.event.from.target;
    s.categories = {*Category::parse("cs.LG")};
    desk.services.stored.push_back(s);
  }
  EXPECT_NE(desk.say("subscribe cs.CL").find("20 of 20"), std::string::npos);
  EXPECT_EQ(desk.services.stored.size(), 20U);
}

TEST(Router, UnsubscribesByCategoryAndNumberAndSaysHowToUndoIt) {
  Desk desk;
  desk.say("subscribe cs.CL cs.RO top:5");
  desk.say("subscribe cs.LG");
  auto part = desk.say("unsubscribe cs.CL");
  EXPECT_NE(part.find("/arxiv subscribe cs.CL top:5"), std::string::npos) << part;
  EXPECT_EQ(desk.services.stored.at(0).categories.size(), 1U);
  EXPECT_EQ(desk.services.stored.at(0).number, 1);
  EXPECT_NE(desk.say("unsubscribe #2").find("Unsubscribed #2: cs.LG"), std::string::npos);
  EXPECT_EQ(desk.services.stored.size(), 1U);
  auto none = desk.say("unsubscribe cs.CV");
  EXPECT_NE(none.find("Not subscribed to cs.CV here. You have #1 cs.RO."), std::string::npos) << none;
  EXPECT_NE(desk.say("unsubscribe").find("Subscriptions here"), std::string::npos);
}

TEST(Router, LeavesWhatTheConfigurationSays) {
  Desk desk;
  desk.say("subscribe cs.CL");
  desk.services.stored.at(0).fixed = true;
  EXPECT_NE(desk.say("unsubscribe cs.CL").find("written in the configuration"), std::string::npos);
  EXPECT_NE(desk.say("subscribe cs.CL top:3 apply").find("written in the configuration"), std::string::npos);
  EXPECT_NE(desk.say("unsubscribe all").find("Not subscribed"), std::string::npos);
  EXPECT_EQ(desk.services.stored.size(), 1U);
}

std::string code_in(const std::string& text) {
  auto at = text.find("confirm ", text.find("minutes:"));
  return at == std::string::npos ? "none" : text.substr(at, 12);
}

TEST(Router, EndsAllOnlyAfterTheSamePersonConfirms) {
  Desk desk;
  desk.say("subscribe cs.CL");
  desk.say("subscribe cs.LG");
  auto code = code_in(desk.say("unsubscribe all"));
  EXPECT_EQ(desk.services.stored.size(), 2U);
  desk.event.from.who.id = "U2";
  EXPECT_NE(desk.say(code).find("nothing to confirm"), std::string::npos);
  desk.event.from.who.id = "U1";
  EXPECT_NE(desk.say("confirm zzzz").find("nothing to confirm"), std::string::npos);
  desk.services.role = Role::member;
  EXPECT_NE(desk.say(code).find("Only channel managers"), std::string::npos);  // lost the role meanwhile
  desk.services.role = Role::manager;
  code = code_in(desk.say("unsubscribe all"));
  EXPECT_NE(desk.say(code).find("Unsubscribed #2: cs.LG"), std::string::npos);
  EXPECT_TRUE(desk.services.stored.empty());
  EXPECT_NE(desk.say(code).find("nothing to confirm"), std::string::npos);
}

TEST(Router, ForgetsAConfirmationAfterFiveMinutes) {
  Desk desk;
  desk.say("subscribe cs.CL");
  auto code = code_in(desk.say("unsubscribe all"));
  desk.clock.advance(5min);
  EXPECT_NE(desk.say(code).find("nothing to confirm"), std::string::npos);
  EXPECT_EQ(desk.services.stored.size(), 1U);
}

TEST(Router, ConfirmsForThePlaceThatWasMeant) {
  Desk desk;
  desk.say("subscribe cs.CL");
  desk.say("subscribe cs.CV target:C2");
  EXPECT_EQ(desk.services.stored.at(1).target.str(), "slack:T1/C2");
  auto code = code_in(desk.say("unsubscribe all target:C2"));
  desk.say(code);
  ASSERT_EQ(desk.services.stored.size(), 1U);
  EXPECT_EQ(desk.services.stored.at(0).target.str(), "slack:T1/C1");
}

TEST(Router, ReachesNoOtherWorkspaceOrPlatform) {
  Desk desk;
  for (const char* target : {"slack:T2/C1", "telegram:42", "!!"})
    EXPECT_NE(desk.say(std::string("subscribe cs.CL target:") + target).find("a channel that can be reached from here"),
              std::string::npos)
        << target;
  EXPECT_TRUE(desk.services.stored.empty());
}

TEST(Router, BuildsTheDigestOfWhatIsSubscribedHere) {
  Desk desk;
  EXPECT_NE(desk.say("digest").find("nothing is subscribed here"), std::string::npos);
  desk.say("subscribe cs.CL cs.RO");
  desk.say("subscribe cs.RO cs.LG");
  Digest digest;
  digest.key.categories = {*Category::parse("cs.CL")};
  digest.key.day = *parse_day("2026-01-14");
  digest.cards = {invented_card("2601.00003", "Bathtub tides")};
  desk.services.outcome = BuiltDigest{digest, {}};
  auto answer = desk.type("digest yesterday");
  EXPECT_EQ(answer.visibility, Visibility::asker);
  ASSERT_EQ(answer.parts.size(), 2U);
  EXPECT_EQ(answer.parts[0].kind, model::PartKind::summary);
  EXPECT_EQ(answer.parts[1].kind, model::PartKind::card);
  EXPECT_EQ(desk.services.asked_digest.categories.size(), 3U);
  EXPECT_EQ(desk.services.asked_digest.dates->first, *parse_day("2026-01-13"));
  EXPECT_EQ(desk.type("today").parts.size(), 1U);
  EXPECT_FALSE(desk.services.asked_digest.dates);
  EXPECT_EQ(desk.services.asked_digest.options.style, Style::brief);
}

TEST(Router, PostsADigestForEverybodyTheWayOfSubscriptions) {
  Desk desk;
  Digest digest;
  digest.key.categories = {*Category::parse("cs.CL")};
  digest.key.day = *parse_day("2026-01-14");
  digest.cards = {invented_card("2601.00003", "Bathtub tides")};
  desk.services.outcome = BuiltDigest{digest, {}};
  desk.services.shown.clear();
  auto answer = desk.type("digest cs.CL post");
  EXPECT_EQ(answer.visibility, Visibility::asker);
  EXPECT_EQ(text_of(answer), "Posting cs.CL for Wednesday 14 January 2026 here.\n");
  ASSERT_EQ(desk.services.posted.size(), 1U);
  EXPECT_EQ(desk.services.posted[0].first, desk.event.from.target);
  EXPECT_EQ(desk.services.posted[0].second.cards.size(), 1U);
  EXPECT_EQ(desk.services.shown.size(), 1U) << "`#1` knows it";
  EXPECT_EQ(desk.services.shown_to, Visibility::channel);
  desk.services.in_the_way =
      adapters::Refused{{}, "Slack says not_in_channel", "invite the app to the channel", {}, {}};
  EXPECT_EQ(desk.say("digest cs.CL post"),
            "I cannot post there: Slack says not_in_channel. To mend it, invite the app to the channel; then try "
            "again.\n");
  EXPECT_EQ(desk.services.posted.size(), 1U);
  desk.event.from.direct = true;
  EXPECT_NE(desk.say("digest cs.CL post").find("Bathtub tides"), std::string::npos) << "to oneself there is no posting";
  EXPECT_EQ(desk.services.posted.size(), 1U);
}

TEST(Router, SaysPrivatelyWhyThereIsNoDigest) {
  Desk desk;
  desk.services.outcome =
      NoDigest{*Category::parse("cs.CL"),
               NoAnnouncement{*parse_day("2026-01-10"), QuietReason::weekend, "", *parse_day("2026-01-12")}};
  auto answer = desk.type("digest cs.CL 2026-01-10 post");
  EXPECT_EQ(answer.visibility, Visibility::asker);
  EXPECT_NE(text_of(answer).find("weekends"), std::string::npos);
}

TEST(Router, TellsOurFaultsFromArxivs) {
  Desk desk;
  desk.services.digest_error = Error(ErrorKind::unavailable, "GET …: refused");
  EXPECT_NE(desk.say("digest cs.CL").find("arXiv does not answer"), std::string::npos);
  desk.services.digest_error = Error(ErrorKind::rate_limited, "429").retry_after(9500ms);
  EXPECT_NE(desk.say("digest cs.CL").find("Try again in 10 s."), std::string::npos);
  desk.services.digest_error = Error(ErrorKind::corrupt, "table papers");
  auto ours = desk.say("digest cs.CL");
  EXPECT_NE(ours.find("Something failed on our side (ref "), std::string::npos);
  EXPECT_EQ(ours.find("table papers"), std::string::npos);
  desk.services.cards_throw = true;
  auto thrown = desk.say("paper 2601.00003");
  EXPECT_NE(thrown.find("Something failed on our side"), std::string::npos);
  EXPECT_EQ(thrown.find("secret"), std::string::npos);
}

struct Late : Desk {
  ScaledClock fast{*parse_iso("2026-01-14T12:00:00Z"), 2000};
  std::vector<std::string> words;  // told meanwhile
  Answer ask(std::chrono::seconds takes) {
    services.hangs_on = &fast;
    services.hangs_for = takes;
    Router patient(services, fast, [] { return 1U; });
    Answer out;
    event.text = "digest cs.CL";
    auto interim = [this](Answer word) { words.push_back(text_of(word)); };
    loop.run([](Router& r, model::CommandEvent e, Interim say, Answer& to) -> awaitable<void> {
      to = co_await r.run(std::move(e), Context{}, std::move(say));
    }(patient, event, interim, out));
    return out;
  }
};

TEST(Router, SaysAtTheDeadlineThatTheWorkGoesOnAndAnswersWhenItIsDone) {
  Late desk;
  Digest digest;
  digest.key.categories = {*Category::parse("cs.CL")};
  digest.key.day = *parse_day("2026-01-14");
  digest.cards = {invented_card("2601.00003", "Bathtub tides")};
  desk.services.outcome = BuiltDigest{digest, {}};
  auto answer = desk.ask(200s);
  ASSERT_EQ(desk.words.size(), 1U);
  EXPECT_EQ(desk.words[0],
            "This takes longer than 60 s. The work goes on. The answer comes here as soon as it is there.\n");
  EXPECT_NE(text_of(answer).find("Bathtub tides"), std::string::npos);
  EXPECT_EQ(desk.services.digests, 1) << "the same work, not begun again";
}

TEST(Router, SaysNothingMeanwhileWhenTheAnswerIsInTime) {
  Late desk;
  desk.services.outcome = NoDigest{*Category::parse("cs.CL"), NotYet{*parse_day("2026-01-14"), {}, {}}};
  desk.ask(20s);
  EXPECT_TRUE(desk.words.empty());
}

TEST(Router, GivesUpInTheEndAndSaysSo) {
  Late desk;
  auto answer = desk.ask(36000s);
  EXPECT_EQ(desk.words.size(), 1U);
  EXPECT_NE(text_of(answer).find("given up after 20 minutes"), std::string::npos);
}

TEST(Router, LimitsPeopleAndWorkspacesAndSaysSoOnce) {
  Desk desk;
  auto ask = [&] { return text_of(desk.type_at_once("digest cs.CL")); };
  desk.services.outcome = NoDigest{*Category::parse("cs.CL"), NotYet{*parse_day("2026-01-14"), {}, {}}};
  for (int i = 0; i < 10; ++i) EXPECT_NE(ask().find("not announced yet"), std::string::npos);
  auto refused = ask();
  EXPECT_NE(refused.find("Please wait 60 s. You may send 10 digests a minute; what comes before is not answered."),
            std::string::npos)
      << refused;
  EXPECT_EQ(ask(), "");
  desk.event.from.who.id = "U2";
  EXPECT_NE(ask().find("not announced yet"), std::string::npos);
  for (int i = 0; i < 60; ++i) {
    desk.event.from.who.id = "X" + std::to_string(i);
    ask();
  }
  desk.event.from.who.id = "Y";
  EXPECT_EQ(ask(), "") << "told to somebody else already";
  desk.clock.advance(61s);
  EXPECT_NE(ask().find("not announced yet"), std::string::npos);
}

TEST(Router, LetsHelpAndLookUpsThroughWhenTheBuildsAreUsedUpAndTheOtherWayRound) {
  Desk desk;
  desk.services.outcome = NoDigest{*Category::parse("cs.CL"), NotYet{*parse_day("2026-01-14"), {}, {}}};
  for (int i = 0; i < 12; ++i) desk.type_at_once("today cs.CL");
  EXPECT_EQ(desk.services.digests, 10);
  for (int i = 0; i < 40; ++i) EXPECT_FALSE(desk.type_at_once(i % 2 == 0 ? "help" : "status").parts.empty()) << i;
  EXPECT_NE(text_of(desk.type_at_once("helf")).find("You may send 40 commands a minute"), std::string::npos);
  desk.event.from.who.id = "U2";
  for (int i = 0; i < 45; ++i) desk.type_at_once("status");
  desk.type_at_once("digest cs.CL");
  EXPECT_EQ(desk.services.digests, 11);
}

TEST(Router, SearchesPageByPage) {
  Desk desk;
  for (int i = 1; i <= 7; ++i)
    desk.services.hits.push_back({invented_card(("2601.0000" + std::to_string(i)).c_str(), "Tides").paper, 1.0});
  auto first = desk.say("search tides");
  EXPECT_NE(first.find("1 to 5 of"), std::string::npos);
  EXPECT_NE(first.find("/arxiv search tides page:2"), std::string::npos);
  auto second = desk.say("search tides page:2");
  EXPECT_NE(second.find("6 to 7 of"), std::string::npos);
  EXPECT_EQ(second.find("page:3"), std::string::npos);
  EXPECT_NE(desk.say("search tides n:3 sort:new").find("/arxiv search tides sort:new n:3 page:2"), std::string::npos);
  auto none = desk.say("search tides page:3");
  EXPECT_NE(none.find("Nothing found"), std::string::npos);
  EXPECT_EQ(none.find("This finds"), std::string::npos);
  desk.services.search_instead = "moon";
  EXPECT_NE(desk.say("search moon tides page:9").find("/arxiv search moon"), std::string::npos);
}

TEST(Router, UnderstandsTheButtonsOfACard) {
  Desk desk;
  desk.event.button = doc::Button{doc::Action::bibtex, "BibTeX", *PaperId::parse("2601.00003"), ""};
  EXPECT_NE(text_of(desk.press(desk.event)).find("@misc{"), std::string::npos);
  desk.event.button->action = doc::Action::details;
  EXPECT_NE(text_of(desk.press(desk.event)).find("We measure tides"), std::string::npos);
  desk.event.button.reset();
  desk.event.button_key = "k17";
  EXPECT_NE(text_of(desk.press(desk.event)).find("out of date"), std::string::npos);
}

TEST(Router, UnderstandsTheButtonsOfADigest) {
  Desk desk;
  Digest digest;
  digest.key.categories = {*Category::parse("cs.CL"), *Category::parse("cs.RO")};
  digest.key.day = *parse_day("2026-01-13");
  desk.services.outcome = BuiltDigest{digest, {}};
  desk.event.button = doc::Button{doc::Action::all_titles, "All titles", {}, "", "cs.CL+cs.RO/2026-01-13"};
  auto answer = desk.press(desk.event);
  EXPECT_EQ(answer.digest, "cs.CL+cs.RO/2026-01-13");
  EXPECT_EQ(desk.services.asked_digest.categories, digest.key.categories);
  EXPECT_EQ(desk.services.asked_digest.dates->first, digest.key.day);
  EXPECT_EQ(desk.services.asked_digest.options.style, Style::titles);
  desk.event.button->action = doc::Action::retry;
  desk.press(desk.event);
  EXPECT_EQ(desk.services.asked_digest.options.style, Style::cards);
  for (const char* subject : {"", "cs.CL", "cs.CL/", "no.such/2026-01-13", "cs.CL/2026-99-99"}) {
    desk.event.button->subject = subject;
    auto digests = desk.services.digests;
    auto said = text_of(desk.press(desk.event));
    EXPECT_TRUE(said.find("out of date") != std::string::npos || desk.services.digests > digests) << subject << said;
  }
}

TEST(Router, RunsAnEditedCommandOnlyWhenTheFirstFormFailed) {
  Desk desk;
  desk.event.from.message = "17.1";
  desk.say("staus");
  desk.event.edited = true;
  EXPECT_NE(desk.say("status").find("1.2.3"), std::string::npos);
  EXPECT_TRUE(desk.type("status").parts.empty());
  desk.event.from.message = "17.2";
  EXPECT_TRUE(desk.type("status").parts.empty());
}

TEST(Router, ShowsHelpForWhatTheAskerMayRun) {
  Desk desk;
  desk.services.role = Role::member;
  auto text = desk.say("help");
  EXPECT_NE(text.find("/arxiv digest"), std::string::npos);
  EXPECT_EQ(text.find("/arxiv subscribe"), std::string::npos);
  EXPECT_NE(text.find("Nothing is subscribed here yet."), std::string::npos);
  EXPECT_NE(desk.say("help digest").find("/arxiv digest cs.CL"), std::string::npos);
  EXPECT_NE(desk.say("start").find("See what it looks like"), std::string::npos);
  desk.services.role = Role::manager;
  desk.say("subscribe cs.CL");
  EXPECT_NE(desk.say("start").find("Subscriptions here"), std::string::npos);
}

// What is offered is typed where it is read: its effect must be the one that was meant.
TEST(Router, OffersCommandsThatMeanTheSamePlaceWhereTheyAreRead) {
  Desk desk;
  auto other = desk.say("subscribe cs.CL target:C2");
  EXPECT_NE(other.find("/arxiv unsubscribe #1 target:C2"), std::string::npos) << other;
  EXPECT_NE(other.find("Where: C2"), std::string::npos) << other;
  auto ended = desk.say("unsubscribe #1 target:C2");
  EXPECT_NE(ended.find("/arxiv subscribe cs.CL target:C2"), std::string::npos) << ended;
  EXPECT_NE(desk.say("subscriptions target:C2").find("/arxiv subscribe cs.CL target:C2"), std::string::npos);
  EXPECT_EQ(desk.say("subscribe cs.LG").find("target:"), std::string::npos) << "read in this channel";
}

TEST(Router, OffersCommandsForTheRoomInAPrivateAnswerThatIsReadElsewhere) {
  Desk desk;
  desk.context.private_elsewhere = true;
  auto subscribed = desk.say("subscribe cs.CL");
  EXPECT_NE(subscribed.find("/arxiv unsubscribe #1 target:C1"), std::string::npos) << subscribed;
  auto again = desk.say("subscribe cs.CL top:7");
  EXPECT_NE(again.find("subscribe cs.CL top:7 apply target:C1"), std::string::npos) << again;
  auto changed = desk.say("subscribe cs.CL top:7 apply");
  EXPECT_NE(changed.find("/arxiv subscribe cs.CL apply target:C1"), std::string::npos) << changed;
  EXPECT_NE(desk.say("subscriptions").find("Subscriptions in C1"), std::string::npos);
  // Typed in the private conversation, it ends the channel's and not the person's own #1.
  desk.event.from.target.place = "D1";
  desk.event.from.direct = true;
  desk.say("subscribe cs.RO");
  desk.services.stored.at(1).number = 1;
  EXPECT_NE(desk.say("unsubscribe #1 target:C1").find("Unsubscribed #1: cs.CL"), std::string::npos);
  ASSERT_EQ(desk.services.stored.size(), 1U);
  EXPECT_EQ(desk.services.stored[0].target.place, "D1");
  EXPECT_EQ(desk.say("subscriptions").find("target:"), std::string::npos) << "their own";
}

TEST(Router, ConfirmsInTheConversationWhereTheQuestionIsRead) {
  Desk desk;
  desk.context.private_elsewhere = true;
  desk.say("subscribe cs.CL");
  auto code = code_in(desk.say("unsubscribe all"));
  desk.event.from.target.place = "D1";
  desk.event.from.direct = true;
  desk.say(code);
  EXPECT_TRUE(desk.services.stored.empty());
}

TEST(Router, TakesWholeArchivesAndGroupsAndNamesThemShortly) {
  Desk desk;
  for (const char* word : {"cs", "physics", "math cs.RO"}) {
    auto said = desk.say(std::string("subscribe ") + word);
    EXPECT_NE(said.find("Subscribed #"), std::string::npos) << said;
    EXPECT_NE(said.find(word[0] == 'm' ? "math, cs.RO" : word), std::string::npos) << said;
    EXPECT_LT(said.size(), 500U) << said;
  }
  EXPECT_GT(desk.services.stored.at(0).categories.size(), 30U);
  desk.say("digest physics");
  EXPECT_GT(desk.services.asked_digest.categories.size(), 40U);
}

TEST(Router, RefusesALanguageThatNobodyWrites) {
  Desk desk;
  EXPECT_EQ(desk.say("digest cs.CL lang:zh"), "lang takes en, got \"zh\". /arxiv help digest shows what it takes.\n");
  EXPECT_NE(desk.say("subscribe cs.CL lang:fr").find("lang takes en"), std::string::npos);
  EXPECT_TRUE(desk.services.stored.empty());
  EXPECT_NE(desk.say("subscribe cs.CL lang:en").find("Subscribed #1"), std::string::npos);
}

TEST(Router, RemembersTheCardsThatItShows) {
  Desk desk;
  Digest digest;
  digest.key.categories = {*Category::parse("cs.CL")};
  digest.key.day = *parse_day("2026-01-14");
  digest.cards = {invented_card("2601.00003", "Bathtub tides")};
  desk.services.outcome = BuiltDigest{digest, {}};
  desk.say("digest cs.CL post");
  EXPECT_EQ(desk.services.shown, std::vector<PaperId>{*PaperId::parse("2601.00003")});
  EXPECT_EQ(desk.services.shown_to, Visibility::channel);
  EXPECT_NE(desk.say("paper #1").find("Bathtub tides"), std::string::npos);
  desk.say("today cs.CL");
  EXPECT_EQ(desk.services.shown_to, Visibility::asker);
}

TEST(Router, ShowsAllTitlesPageByPage) {
  Desk desk;
  Digest digest;
  digest.key.categories = {*Category::parse("cs.CL")};
  digest.key.day = *parse_day("2026-01-14");
  for (int i = 0; i < 450; ++i) {
    SelectionEntry entry;
    entry.announced.id = *PaperId::parse("2601." + std::to_string(10000 + i));
    digest.titles[entry.announced.id] = "Tide number " + std::to_string(i + 1) + ".";
    digest.selection.entries.push_back(std::move(entry));
  }
  desk.services.outcome = BuiltDigest{digest, parse_day("2026-01-12")};
  std::string all;
  for (int page = 1; page <= 3; ++page) {
    auto text = desk.say("digest cs.CL 2026-01-12..2026-01-14 style:titles page:" + std::to_string(page));
    all += text;
    auto next = "/arxiv digest cs.CL 2026-01-12..2026-01-14 style:titles page:" + std::to_string(page + 1);
    EXPECT_EQ(text.find(next) != std::string::npos, page < 3) << text.substr(text.size() - 300);
  }
  for (int i = 1; i <= 450; ++i) {
    auto title = std::to_string(i) + ". Tide number " + std::to_string(i) + ".";
    EXPECT_NE(all.find(title), std::string::npos) << title;
  }
}

TEST(Router, SpeaksOfRoomsWherePeopleDo) {
  Desk desk;
  desk.context.place = "room";
  desk.services.role = Role::member;
  EXPECT_NE(desk.say("subscribe cs.CL").find("Only room managers"), std::string::npos);
  for (const char* typed : {"help digest", "help subscribe", "help unsubscribe", "subscriptions target:slack:T2/C1",
                            "subscribe cs.CL target:"}) {
    auto text = desk.say(typed);
    EXPECT_EQ(text.find("channel"), std::string::npos) << text;
    EXPECT_EQ(text.find("{place}"), std::string::npos) << text;
  }
}

TEST(Router, SaysWhenAQuietDayWasAndWhatTheNewestIs) {
  Desk desk;
  desk.services.outcome =
      NoDigest{*Category::parse("cs.CL"),
               NoAnnouncement{*parse_day("2026-01-10"), QuietReason::weekend, "", *parse_day("2026-01-12")}};
  auto past = desk.say("digest cs.CL saturday");
  EXPECT_NE(past.find("The one after it was Monday 12 January 2026."), std::string::npos) << past;
  EXPECT_NE(past.find("The newest: /arxiv digest cs.CL"), std::string::npos) << past;
}

}  // namespace
}  // namespace broadsheet::commands
