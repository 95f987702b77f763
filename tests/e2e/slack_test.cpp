// The main job on Slack, in both modes: the day's digest in three channels of two workspaces, installed by OAuth, with
// kill -9 in the middle; and everything that people type, press and open.
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "tests/e2e/slack_rig.hpp"

namespace broadsheet::e2e {
namespace {

using nlohmann::json;
using Mode = SlackService::Mode;

const std::string kPapers = "C0PAPERS", kRobots = "C0ROBOTS", kLab = "C0LAB";

struct Slack : testing::TestWithParam<Mode> {
  // What was asked of Slack, for people to read.
  static void keep_timeline(const SlackService& s) {
    const char* folder = std::getenv("BROADSHEET_TIMELINES");
    if (folder == nullptr) return;
    std::string name(testing::UnitTest::GetInstance()->current_test_info()->name());
    for (auto& c : name)
      if (c == '/') c = '-';
    std::ofstream(std::string(folder) + "/slack-" + name + ".txt") << s.slack.timeline_text();
    json bodies = json::array();
    for (const auto& message : s.slack.posted()) bodies.push_back(message.body);
    for (const auto& message : s.slack.ephemeral()) bodies.push_back(message.body);
    std::ofstream(std::string(folder) + "/slack-" + name + ".json") << bodies.dump(1);
  }
};

TEST_P(Slack, PostsTheDayToThreeChannelsOfTwoWorkspacesThroughAKill) {
  SlackService s(GetParam(), "2026-01-13T00:35:00Z", slack_rate(200));
  s.slack.add_workspace("T0ONE", "One");
  s.slack.add_workspace("T0TWO", "Two");
  s.slack.keep_limits();
  s.configure({"T0ONE/" + kPapers, "T0ONE/" + kRobots, "T0TWO/" + kLab}, true);
  auto first = std::make_unique<Child>(s.folder, s.serve());
  ASSERT_TRUE(first->says("broadsheet serves", 20s)) << first->err();
  ASSERT_TRUE(s.install("T0ONE") && s.install("T0TWO")) << first->err();
  // The fifth message stands there, and nobody will ever know of its answer.
  std::atomic<int> posts{0};
  s.slack.watch([&](const std::string& method, const std::string& point) {
    if (method == "chat.postMessage" && point == "executed" && ++posts == 5) first->signal(SIGKILL);
    return true;
  });
  ASSERT_TRUE(SlackService::becomes([&] { return posts >= 5; })) << first->err();
  first->wait();
  s.slack.watch(nullptr);
  Child second(s.folder, s.serve());
  ASSERT_TRUE(second.says("broadsheet serves", 20s)) << second.err();
  EXPECT_TRUE(SlackService::becomes([&] { return s.slack.posted().size() >= 6 && s.quiet(); })) << second.err();
  for (const auto& channel : {kPapers, kRobots, kLab}) {
    EXPECT_EQ(s.digests(channel), 1U) << channel << second.err();
    EXPECT_EQ(s.standing(channel).size(), s.standing(kPapers).size()) << channel;
    EXPECT_GE(s.standing(channel).size(), 2U) << "a summary and its thread";
    s.expect_each_once(channel);
  }
  // The same digest everywhere.
  for (const auto& channel : {kRobots, kLab})
    for (std::size_t i = 0; i < s.standing(kPapers).size() && i < s.standing(channel).size(); ++i)
      EXPECT_EQ(s.standing(channel)[i].text, s.standing(kPapers)[i].text);
  EXPECT_EQ(s.slack.limited(), 0U) << "never too fast";
  EXPECT_EQ(s.slack.faults(), std::vector<std::string>());
  for (const char* secret : {"xoxb", "xoxe", "xapp-fake", "client secret of", "signing secret of"})
    EXPECT_EQ(second.err().find(secret), std::string::npos) << secret;
  keep_timeline(s);
  second.signal(SIGTERM);
  EXPECT_EQ(second.wait(), 0);
}

TEST_P(Slack, AnswersWhatPeopleTypePressAndOpen) {
  SlackService s(GetParam(), "2026-01-13T06:00:00Z", slack_rate(30));
  s.configure({}, false, "unfurl_teams = [\"T0TEAM\"]\n");
  Child service(s.folder, s.serve());
  ASSERT_TRUE(service.says("digest=cs.RO/2026-01-13", 30s)) << service.err();
  auto answered = [&](const std::string& words) { return SlackService::becomes([&] { return s.told(words); }, 30s); };
  auto said = [&](const std::string& channel, const std::string& words) {
    return SlackService::becomes(
        [&] {
          for (const auto& message : s.standing(channel))
            if (message.text.find(words) != std::string::npos) return true;
          return false;
        },
        30s);
  };
  // A slash command, privately; a mistake; the same in public.
  EXPECT_TRUE(s.command("T0TEAM", kPapers, "U0READER", "digest cs.CV top:2"));
  EXPECT_TRUE(answered("Tuesday 13 January 2026")) << service.err();
  EXPECT_TRUE(s.command("T0TEAM", kPapers, "U0READER", "digst cs.CV"));
  EXPECT_TRUE(answered("Did you mean")) << service.err();
  EXPECT_TRUE(s.standing(kPapers).empty()) << "private so far";
  EXPECT_TRUE(s.command("T0TEAM", kPapers, "U0READER", "digest cs.RO top:1 post"));
  EXPECT_TRUE(said(kPapers, "13 January 2026")) << service.err();
  // Looked up again by somebody who is known: the acknowledgement is the answer, and nothing else is asked of Slack.
  std::string paper;
  for (const auto& batch : SlackService::usual_papers())
    if (batch.day == *parse_day("2026-01-13")) paper = batch.papers.front().id.str();
  EXPECT_TRUE(s.command("T0TEAM", kPapers, "U0READER", "paper " + paper));
  EXPECT_EQ(s.slack.ephemeral().back().channel, "acknowledgement");
  EXPECT_NE(s.slack.ephemeral().back().body.dump().find(paper), std::string::npos);
  // A mention, a direct message, text in a thread.
  auto mention = fakes::message_event(kPapers, "U0READER", "<@U0BOT> status", "1768284000.000100");
  mention["type"] = "app_mention";
  EXPECT_TRUE(s.event("T0TEAM", mention));
  EXPECT_TRUE(answered("cs.")) << service.err();
  EXPECT_TRUE(s.event("T0TEAM", fakes::message_event("D0READER", "U0READER", "subscribe cs.RO top:2", "1768284001.1")));
  EXPECT_TRUE(said("D0READER", "cs.RO")) << service.err();
  EXPECT_TRUE(s.event("T0TEAM", fakes::message_event(kPapers, "U0READER", "!arxiv help paper", "1768284002.1",
                                                     s.standing(kPapers).front().ts)));
  EXPECT_TRUE(SlackService::becomes([&] { return s.slack.ephemeral().back().thread_ts == s.standing(kPapers)[0].ts; }))
      << service.err();
  // Who may not is told so; who may subscribes by the form.
  EXPECT_TRUE(s.command("T0TEAM", kPapers, "U0READER", "subscribe cs.CV"));
  EXPECT_TRUE(answered("Only channel managers")) << service.err();
  json state = {{"cats", {{"cats", {{"selected_options", json::array({{{"value", "cs.CV"}}})}}}}}};
  EXPECT_TRUE(s.interact({{"type", "view_submission"},
                          {"team", {{"id", "T0TEAM"}}},
                          {"user", {{"id", "U0ADMIN"}}},
                          {"trigger_id", "7.7.1"},
                          {"view",
                           {{"callback_id", "subscribe"},
                            {"private_metadata", R"({"channel":"C0PAPERS"})"},
                            {"state", {{"values", state}}}}}}));
  EXPECT_TRUE(SlackService::becomes(
      [&] {
        return run_program(s.folder, {"subscriptions", "list"}).out.find("slack:T0TEAM/C0PAPERS") != std::string::npos;
      },
      30s))
      << service.err();
  keep_timeline(s);
  EXPECT_EQ(s.slack.faults(), std::vector<std::string>());
  service.signal(SIGTERM);
  EXPECT_EQ(service.wait(), 0);
}

TEST_P(Slack, OpensFormsTheHomeTabAndCardsUnderLinks) {
  SlackService s(GetParam(), "2026-01-13T06:00:00Z", slack_rate(30));
  s.configure({}, false, "unfurl_teams = [\"T0TEAM\"]\n");
  Child service(s.folder, s.serve());
  ASSERT_TRUE(service.says("digest=cs.RO/2026-01-13", 30s)) << service.err();
  auto view_with = [&](const std::string& words) {
    return SlackService::becomes(
        [&] {
          for (const auto& view : s.slack.views())
            if (view.dump().find(words) != std::string::npos) return true;
          return false;
        },
        30s);
  };
  EXPECT_TRUE(s.command("T0TEAM", kPapers, "U0READER", "subscribe"));
  EXPECT_TRUE(view_with("\"callback_id\":\"subscribe\"")) << service.err();
  EXPECT_TRUE(s.interact({{"type", "block_actions"},
                          {"team", {{"id", "T0TEAM"}}},
                          {"user", {{"id", "U0READER"}}},
                          {"trigger_id", "7.7.2"},
                          {"channel", {{"id", kPapers}}},
                          {"response_url", s.slack.response_url()},
                          {"actions", json::array({{{"value", "run:search"}}})}}));
  EXPECT_TRUE(view_with("\"callback_id\":\"search\"")) << service.err();
  EXPECT_TRUE(
      s.event("T0TEAM", {{"type", "app_home_opened"}, {"user", "U0READER"}, {"channel", "D0READER"}, {"tab", "home"}}));
  EXPECT_TRUE(view_with("Your subscriptions") && view_with("Status")) << service.err();
  // A link to a paper of the day, and one that arXiv does not have.
  auto pages = get(s.port, "/api/v1/digests/cs.RO/2026-01-13").body;
  auto at = pages.find("26");
  std::string id;
  for (; at != std::string::npos; at = pages.find("26", at + 1))
    if (id = pages.substr(at, 10); id.size() == 10 && id[4] == '.') break;
  auto link = [&](const std::string& paper) {
    auto url = "https://arxiv.org/abs/" + paper;
    return s.event("T0TEAM", {{"type", "link_shared"},
                              {"channel", kPapers},
                              {"user", "U0READER"},
                              {"message_ts", "1768284002.1"},
                              {"links", json::array({{{"domain", "arxiv.org"}, {"url", url}}})}});
  };
  EXPECT_TRUE(link("2601.99999"));
  EXPECT_TRUE(link(id));
  EXPECT_TRUE(link(id)) << "again within a day";
  EXPECT_TRUE(SlackService::becomes([&] { return !s.slack.unfurls().empty(); }, 30s)) << id << service.err();
  EXPECT_TRUE(s.slack.unfurls()[0]["unfurls"].contains("https://arxiv.org/abs/" + id));
  EXPECT_EQ(s.slack.unfurls().size(), 1U);
  EXPECT_TRUE(s.slack.posted().empty()) << "nothing was said aloud";
  keep_timeline(s);
  EXPECT_EQ(s.slack.faults(), std::vector<std::string>());
  service.signal(SIGTERM);
  EXPECT_EQ(service.wait(), 0);
}

INSTANTIATE_TEST_SUITE_P(Modes, Slack, testing::Values(Mode::http, Mode::socket),
                         [](const auto& about) { return about.param == Mode::http ? "Http" : "Socket"; });

}  // namespace
}  // namespace broadsheet::e2e
