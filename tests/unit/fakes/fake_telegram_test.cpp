// The fake Bot API keeps the rules of the real one, and notices who breaks them.
#include "tests/fakes/fake_telegram.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "bot/net/client.hpp"
#include "tests/fakes/fake_http.hpp"
#include "tests/fakes/telegram_world.hpp"

namespace broadsheet::fakes {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kAda = 501, kGroup = -77, kForum = -1001, kChannel = -1002;

TelegramChat chat_of(std::int64_t id, ChatKind kind, Standing bot = Standing::member) {
  TelegramChat out;
  out.id = id;
  out.kind = kind;
  out.bot = bot;
  return out;
}

struct FakeTelegramTest : testing::Test {
  boost::asio::io_context io{1};
  ScaledClock clock{*parse_iso("2026-01-13T06:00:00Z"), 50};
  async::Offload workers{1};
  SystemClock real;
  http::Client client{io.get_executor(), workers, real, {}};
  FakeTelegram::Options options = [] {
    FakeTelegram::Options o;
    o.limits_scale = 0;
    return o;
  }();
  std::unique_ptr<FakeTelegram> fake_ = make();

  std::unique_ptr<FakeTelegram> make() {
    auto out = std::make_unique<FakeTelegram>(clock, options);
    out->add_chat(chat_of(kAda, ChatKind::private_chat));
    out->add_chat(chat_of(kGroup, ChatKind::group));
    auto forum = chat_of(kForum, ChatKind::supergroup);
    forum.forum = true;
    forum.topics = {{5, TopicState::open}, {6, TopicState::closed}, {7, TopicState::deleted}};
    out->add_chat(forum);
    auto channel = chat_of(kChannel, ChatKind::channel, Standing::administrator);
    channel.username = "invented_news";
    out->add_chat(channel);
    return out;
  }
  FakeTelegram& fake() { return *fake_; }

  http::Request request(const std::string& method, const Json& body) {
    http::Request r;
    r.method = "POST";
    r.url = fake().base() + "/bot" + fake().token() + "/" + method;
    r.headers = {{"Content-Type", "application/json"}};
    r.body = body.is_null() ? "{}" : body.dump();
    r.connect_timeout = 500ms;
    r.total_timeout = 900ms;
    return r;
  }
  http::Outcome exchange(http::Request r) {
    http::Outcome out;
    boost::asio::co_spawn(io, client.send(std::move(r)), [&out](const std::exception_ptr& thrown, http::Outcome o) {
      if (thrown) std::rethrow_exception(thrown);
      out = std::move(o);
    });
    io.restart();
    io.run();
    return out;
  }
  Json call(const std::string& method, const Json& body) {
    auto outcome = exchange(request(method, body));
    if (!outcome) return {{"broken", true}};
    auto json = Json::parse(outcome.response().body, nullptr, false);
    if (json.is_object() && json.contains("error_code")) EXPECT_EQ(json["error_code"], outcome.response().status);
    return json;
  }
  std::string why(const std::string& method, const Json& body) { return call(method, body).value("description", ""); }
  Json send(std::int64_t chat, const std::string& text) {
    return call("sendMessage", {{"chat_id", chat}, {"text", text}});
  }
};

Json keyboard(const std::string& data) {
  return {{"inline_keyboard", Json::array({Json::array({{{"text", "Details"}, {"callback_data", data}}})})}};
}

TEST_F(FakeTelegramTest, NumbersMessagesPerChatAndShowsThemInOrder) {
  EXPECT_EQ(send(kAda, "one")["result"]["message_id"], 1);
  EXPECT_EQ(send(kAda, "two")["result"]["message_id"], 2);
  EXPECT_EQ(send(kGroup, "other")["result"]["message_id"], 1);
  auto seen = fake().visible(kAda);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].content.text, "one");
  EXPECT_EQ(seen[1].content.text, "two");
  EXPECT_EQ(why("sendMessage", {{"chat_id", 999}, {"text", "x"}}), "Bad Request: chat not found");
  EXPECT_TRUE(call("sendMessage", {{"chat_id", "@invented_news"}, {"text", "x"}})["ok"]);
}

TEST_F(FakeTelegramTest, TakesFormsAndAnyCaseOfAMethodAndChecksTheToken) {
  auto form = request("SENDmessage", {});
  form.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  form.body =
      "chat_id=501&text=a%20b&entities=%5B%7B%22type%22%3A%22bold%22%2C%22offset%22%3A0%2C%22length%22%3A1%7D%5D";
  ASSERT_EQ(exchange(form).response().status, 200);
  EXPECT_EQ(fake().visible(kAda).at(0).content.entities.at(0).type, "bold");
  auto wrong = request("getMe", {});
  wrong.url = fake().base() + "/bot1000:WRONG/getMe";
  EXPECT_EQ(exchange(wrong).response().status, 401);
  EXPECT_EQ(call("getNothing", {})["error_code"], 404);
  EXPECT_EQ(call("getMe", {})["result"]["username"], "broadsheet_test_bot");
}

TEST_F(FakeTelegramTest, RefusesWhatThePlatformRefusesOfAText) {
  EXPECT_EQ(why("sendMessage", {{"chat_id", kAda}, {"text", ""}}), "Bad Request: message text is empty");
  EXPECT_EQ(why("sendMessage", {{"chat_id", kAda}, {"text", std::string(4097, 'a')}}),
            "Bad Request: message is too long");
  EXPECT_EQ(why("sendMessage", {{"chat_id", kAda}, {"text", "<b>x"}, {"parse_mode", "HTML"}}),
            "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"");
  EXPECT_EQ(why("sendMessage", {{"chat_id", kAda}, {"text", "x"}, {"reply_markup", keyboard(std::string(65, 'k'))}}),
            "Bad Request: BUTTON_DATA_INVALID");
  EXPECT_TRUE(
      call("sendMessage", {{"chat_id", kAda}, {"text", "x"}, {"reply_markup", keyboard(std::string(64, 'k'))}})["ok"]);
  Json links = Json::array();
  for (int i = 0; i < 90; ++i)
    links.push_back(
        {{"type", "text_link"}, {"offset", i}, {"length", 1}, {"url", "https://example.org/" + std::string(100, 'p')}});
  EXPECT_EQ(why("sendMessage", {{"chat_id", kAda}, {"text", std::string(90, 'a')}, {"entities", links}}),
            "Bad Request: ENTITIES_TOO_LONG");
}

TEST_F(FakeTelegramTest, DropsEntitiesBeyondAHundredAndComplains) {
  Json bold = Json::array();
  std::string text;
  for (int i = 0; i < 101; ++i) {
    bold.push_back({{"type", "bold"}, {"offset", 2 * i}, {"length", 1}});
    text += "a ";
  }
  auto answer = call("sendMessage", {{"chat_id", kAda}, {"text", text}, {"entities", bold}});
  EXPECT_EQ(answer["result"]["entities"].size(), 100U);
  EXPECT_EQ(fake().violations().size(), 1U);
}

TEST_F(FakeTelegramTest, ReportsWhatItLinkedByItself) {
  send(kAda, "cs.AI and @somebody");
  auto links = fake().auto_links();
  ASSERT_EQ(links.size(), 2U);
  EXPECT_EQ(links[0].text, "cs.AI");
  EXPECT_EQ(links[1].text, "@somebody");
  call("sendMessage", {{"chat_id", kAda},
                       {"text", "cs.AI"},
                       {"entities", Json::array({{{"type", "code"}, {"offset", 0}, {"length", 5}}})}});
  EXPECT_EQ(fake().auto_links().size(), 2U);
}

TEST_F(FakeTelegramTest, KnowsAnEditThatChangesNothing) {
  call("sendMessage", {{"chat_id", kAda}, {"text", "one"}, {"reply_markup", keyboard("k1")}});
  Json same = {{"chat_id", kAda}, {"message_id", 1}, {"reply_markup", keyboard("k1")}};
  EXPECT_TRUE(why("editMessageReplyMarkup", same).starts_with("Bad Request: message is not modified:"));
  same["message_id"] = 2;
  EXPECT_EQ(why("editMessageReplyMarkup", same), "Bad Request: message to edit not found");
  fake().say(kAda, kAda, "hello");
  EXPECT_EQ(why("editMessageReplyMarkup", same), "Bad Request: message can't be edited");
  EXPECT_TRUE(call("editMessageText", {{"chat_id", kAda}, {"message_id", 1}, {"text", "new"}})["ok"]);
  EXPECT_EQ(fake().visible(kAda)[0].content.text, "new");
  EXPECT_EQ(fake().visible(kAda)[0].keyboard, "");  // leaving it out removes it
}

TEST_F(FakeTelegramTest, GuardsTopics) {
  auto into = [this](int topic) {
    return why("sendMessage", {{"chat_id", kForum}, {"message_thread_id", topic}, {"text", "x"}});
  };
  EXPECT_EQ(into(5), "");
  EXPECT_EQ(into(1), "Bad Request: message thread not found");
  EXPECT_EQ(into(6), "Bad Request: TOPIC_CLOSED");
  EXPECT_EQ(into(7), "Bad Request: message thread not found");
  EXPECT_EQ(send(kForum, "general").value("ok", false), true);
  EXPECT_EQ(why("sendMessage", {{"chat_id", kGroup}, {"message_thread_id", 5}, {"text", "x"}}),
            "Bad Request: message thread not found");
}

TEST_F(FakeTelegramTest, LetsPeopleBlockKickAndMigrate) {
  fake().stand(kAda, kAda, Standing::kicked);
  EXPECT_EQ(send(kAda, "x")["description"], "Forbidden: bot was blocked by the user");
  fake().stand(kForum, kAda, Standing::kicked);
  EXPECT_EQ(send(kForum, "x")["description"], "Forbidden: bot was kicked from the supergroup chat");
  fake().migrate(kGroup, -100'77);
  auto moved = send(kGroup, "x");
  EXPECT_EQ(moved["parameters"]["migrate_to_chat_id"], -100'77);
  EXPECT_TRUE(send(-100'77, "x")["ok"]);
  auto updates = call("getUpdates", {{"timeout", 0}})["result"];
  ASSERT_EQ(updates.size(), 4U);
  EXPECT_EQ(updates[0]["my_chat_member"]["new_chat_member"]["status"], "kicked");
  EXPECT_EQ(updates[2]["message"]["migrate_to_chat_id"], -100'77);
  EXPECT_EQ(updates[3]["message"]["migrate_from_chat_id"], kGroup);
}

TEST_F(FakeTelegramTest, ConfirmsUpdatesByOffsetOnly) {
  fake().say(kAda, kAda, "/help");
  fake().say(kAda, kAda, "second");
  auto first = call("getUpdates", {{"limit", 1}})["result"];
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0]["message"]["entities"][0]["type"], "bot_command");
  auto again = call("getUpdates", {{"limit", 1}})["result"];
  EXPECT_EQ(again, first);
  auto next = call("getUpdates", {{"offset", first[0]["update_id"].get<int>() + 1}})["result"];
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0]["message"]["text"], "second");
  EXPECT_EQ(fake().pending_updates(), 1U);
}

TEST_F(FakeTelegramTest, EndsTheWaitOfAnEarlierPoller) {
  using boost::asio::experimental::awaitable_operators::operator&&;
  auto poll = request("getUpdates", {{"timeout", 40}});
  Json first, second;
  auto run = [&]() -> boost::asio::awaitable<void> {
    auto late = [&]() -> boost::asio::awaitable<http::Outcome> {
      co_await async::sleep_for(real, 50ms);  // in real time: the first one waits in the fake by then
      co_return co_await client.send(poll);
    };
    auto [a, b] = co_await (client.send(poll) && late());
    first = Json::parse(a.response().body);
    second = Json::parse(b.response().body);
  };
  boost::asio::co_spawn(io, run(), [](const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
  });
  std::thread person([this] {
    std::this_thread::sleep_for(150ms);  // in real time: both wait by then
    fake().say(kAda, kAda, "wake up");
  });
  io.restart();
  io.run();
  person.join();
  EXPECT_EQ(first["error_code"], 409);
  ASSERT_TRUE(second["ok"]);
  EXPECT_EQ(second["result"][0]["message"]["text"], "wake up");
}

TEST_F(FakeTelegramTest, HidesFromTheBotWhatPrivacyHides) {
  fake().say(kGroup, kAda, "chatter");
  fake().say(kGroup, kAda, "/digest@another_bot");
  EXPECT_EQ(fake().pending_updates(), 0U);
  fake().say(kGroup, kAda, "/digest@Broadsheet_Test_Bot cs.CL");
  send(kGroup, "an answer");
  fake().say(kGroup, kAda, "a reply to it", 0, 4);
  EXPECT_EQ(fake().pending_updates(), 2U);
}

TEST_F(FakeTelegramTest, SpinsAButtonUntilItIsAnsweredOnce) {
  call("sendMessage", {{"chat_id", kAda}, {"text", "x"}, {"reply_markup", keyboard("d:1")}});
  EXPECT_EQ(fake().press(kAda, 1, kAda, "no such"), "");
  auto id = fake().press(kAda, 1, kAda, "d:1");
  EXPECT_EQ(fake().callback_answer(id), std::nullopt);
  EXPECT_TRUE(call("answerCallbackQuery", {{"callback_query_id", id}, {"text", "done"}})["ok"]);
  EXPECT_EQ(fake().callback_answer(id), "done");
  EXPECT_TRUE(why("answerCallbackQuery", {{"callback_query_id", id}}).starts_with("Bad Request: query is too old"));
}

TEST_F(FakeTelegramTest, PushesToTheWebhookInOrderAndTriesAgain) {
  std::mutex mutex;
  std::vector<std::string> texts, secrets;
  int failures = 2;
  FakeHttp bot([&](const Seen& seen) {
    std::lock_guard lock(mutex);
    Reply reply;
    if (failures-- > 0) {
      reply.status = 500;
      return reply;
    }
    secrets.push_back(seen.headers.at("x-telegram-bot-api-secret-token"));
    texts.push_back(Json::parse(seen.body)["message"]["text"]);
    if (texts.size() == 1) reply.body = R"({"method":"sendMessage","chat_id":501,"text":"thanks"})";
    return reply;
  });
  ASSERT_TRUE(call("setWebhook", {{"url", bot.base() + "/hook"}, {"secret_token", "s3cret"}})["ok"]);
  EXPECT_EQ(call("getUpdates", {})["error_code"], 409);
  fake().say(kAda, kAda, "first");
  fake().say(kAda, kAda, "second");
  // In real time: the fake pushes from its own thread.
  for (int i = 0; i < 400 && fake().pending_updates() > 0; ++i) std::this_thread::sleep_for(5ms);
  std::lock_guard lock(mutex);
  EXPECT_EQ(texts, (std::vector<std::string>{"first", "second"}));
  EXPECT_EQ(secrets, (std::vector<std::string>{"s3cret", "s3cret"}));
  EXPECT_EQ(call("getWebhookInfo", {})["result"]["last_error_message"], "Wrong response from the webhook: 500");
  ASSERT_EQ(fake().visible(kAda).size(), 1U);
  EXPECT_EQ(fake().visible(kAda)[0].content.text, "thanks");
}

TEST_F(FakeTelegramTest, KeepsTheSpeedAndRecordsSendingIntoAWait) {
  options.limits_scale = 0.02;  // the clock runs 50 times as fast
  fake_ = make();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(send(kAda, "x")["ok"]);
  auto told = exchange(request("sendMessage", {{"chat_id", kAda}, {"text", "x"}}));
  EXPECT_EQ(told.response().status, 429);
  auto seconds = Json::parse(told.response().body)["parameters"]["retry_after"].get<int>();
  EXPECT_EQ(http::header(told.response().headers, "Retry-After"), std::to_string(seconds));
  EXPECT_TRUE(fake().violations().empty());
  EXPECT_EQ(send(kAda, "x")["error_code"], 429);
  EXPECT_EQ(fake().violations().size(), 1U);
  EXPECT_TRUE(send(kGroup, "others go on")["ok"]);
}

TEST_F(FakeTelegramTest, AGroupTakesTwentyAMinute) {
  ManualClock still(*parse_iso("2026-01-13T06:00:00Z"));
  fake_ = std::make_unique<FakeTelegram>(still, FakeTelegram::Options{});
  fake().add_chat(chat_of(kGroup, ChatKind::group));
  int sent = 0;
  while (sent < 60 && send(kGroup, "x").value("ok", false)) {
    ++sent;
    still.advance(1s);
  }
  EXPECT_EQ(sent, 29);  // twenty, and one more every three seconds
  fake_.reset();        // before its clock
}

TEST_F(FakeTelegramTest, BreaksBeforeOrAfterTheMessageStands) {
  struct Case {
    const char* fault;
    bool stands;
  };
  for (auto [fault, stands] :
       {Case{"500_before", false}, Case{"502_after", true}, Case{"reset_before", false}, Case{"reset_after", true},
        Case{"cut_body", true}, Case{"html", true}, Case{"empty", true}, Case{"no_result", true},
        Case{"wrong_json", true}, Case{"silence_before", false}, Case{"silence_after", true}, Case{"trickle", true},
        Case{"blocked", false}, Case{"429", false}}) {
    fake_ = make();
    fake().fault({fault, "sendMessage", kAda, 1, 1, 0});
    auto answer = send(kAda, "x");
    EXPECT_FALSE(answer.is_object() && answer.contains("result")) << fault;
    EXPECT_EQ(fake().visible(kAda).size(), stands ? 1U : 0U) << fault;
    EXPECT_TRUE(send(kGroup, "others")["ok"]) << fault;
  }
}

TEST_F(FakeTelegramTest, AnswersEveryRowOfTheTableByName) {
  for (const auto& name : telegram_fault_names()) {
    if (name.find("after") != std::string::npos || name.starts_with("silence") || name == "trickle") continue;
    fake().heal();
    fake().fault({name, "getme", 0, 1, 1, 0});
    auto outcome = exchange(request("getMe", {}));
    auto well = outcome && outcome.response().status == 200 &&
                outcome.response().body == exchange(request("getMe", {})).response().body;
    EXPECT_TRUE(!well || name == "wrong_chat") << name;
  }
  EXPECT_THROW(fake().fault({"no_such_fault", "", 0, 1, 1, 0}), std::invalid_argument);
}

TEST_F(FakeTelegramTest, SkipsCallsBeforeAFault) {
  fake().fault({"500_before", "sendMessage", 0, 1, 1, 2});
  EXPECT_TRUE(send(kAda, "1")["ok"]);
  EXPECT_TRUE(send(kAda, "2")["ok"]);
  EXPECT_EQ(send(kAda, "3")["error_code"], 500);
  EXPECT_TRUE(send(kAda, "4")["ok"]);
}

TEST_F(FakeTelegramTest, RegistersCommandsPerScopeAndPinsForTheAdministrator) {
  Json commands = Json::array({{{"command", "digest"}, {"description", "Today"}}});
  EXPECT_TRUE(call("setMyCommands", {{"commands", commands}, {"scope", {{"type", "all_group_chats"}}}})["ok"]);
  EXPECT_EQ(fake().commands("all_group_chats"), std::vector<std::string>{"digest"});
  EXPECT_TRUE(fake().commands("default").empty());
  commands[0]["command"] = "Digest!";
  EXPECT_EQ(why("setMyCommands", {{"commands", commands}}), "Bad Request: BOT_COMMAND_INVALID");
  send(kChannel, "pin me");
  EXPECT_TRUE(call("pinChatMessage", {{"chat_id", kChannel}, {"message_id", 1}})["ok"]);
  EXPECT_EQ(call("getChat", {{"chat_id", kChannel}})["result"]["pinned_message"]["text"], "pin me");
  EXPECT_EQ(fake().visible(kChannel).size(), 1U);
}

TEST_F(FakeTelegramTest, IsDrivenFromOutside) {
  auto admin = [this](const std::string& path, const Json& body) {
    auto r = request("x", body);
    r.url = fake().base() + "/_fake/" + path;
    return Json::parse(exchange(r).response().body, nullptr, false);
  };
  EXPECT_EQ(admin("chat", {{"chat", 900}, {"kind", "private"}}), true);
  EXPECT_EQ(admin("say", {{"chat", 900}, {"user", 900}, {"text", "/help"}}), 1);
  EXPECT_EQ(fake().pending_updates(), 1U);
  EXPECT_EQ(admin("fault", {{"name", "blocked"}, {"chat", 900}}), true);
  EXPECT_EQ(send(900, "x")["error_code"], 403);
  send(900, "shown");
  EXPECT_EQ(admin("visible?chat=900", Json::object())[0]["text"], "shown");
  EXPECT_EQ(admin("timeline", Json::object()).size(), 2U);
  EXPECT_TRUE(admin("fault", {{"name", "nonsense"}}).contains("error"));
  EXPECT_TRUE(admin("nothing", Json::object()).contains("error"));
}

}  // namespace
}  // namespace broadsheet::fakes
