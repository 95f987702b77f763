#include "tests/fakes/telegram_admin.hpp"

#include "tests/fakes/telegram_methods.hpp"

namespace broadsheet::fakes {
namespace {

using Parameters = TelegramParameters;

Json timeline(const FakeTelegram& fake) {
  Json out = Json::array();
  auto calls = fake.timeline();
  for (const auto& call : calls)
    out.push_back({{"t", std::chrono::duration<double>(call.at - calls.front().at).count()},
                   {"method", call.method},
                   {"chat", call.chat},
                   {"key", call.key},
                   {"outcome", call.outcome},
                   {"text", call.text}});
  return out;
}

Json visible(const FakeTelegram& fake, std::int64_t chat) {
  Json out = Json::array();
  for (const auto& message : fake.visible(chat)) {
    Json entities = Json::array();
    for (const auto& e : message.content.entities) entities.push_back(entity_json(e));
    out.push_back({{"id", message.id},
                   {"topic", message.thread},
                   {"reply_to", message.reply_to},
                   {"text", message.content.text},
                   {"entities", std::move(entities)},
                   {"keyboard", message.keyboard.empty() ? Json::array() : Json::parse(message.keyboard)},
                   {"key", message.key},
                   {"silent", message.silent},
                   {"edits", message.edits}});
  }
  return out;
}

Json links(const FakeTelegram& fake) {
  Json out = Json::array();
  for (const auto& link : fake.auto_links())
    out.push_back({{"chat", link.chat}, {"message", link.message}, {"type", link.type}, {"text", link.text}});
  return out;
}

TelegramFault fault_from(const Parameters& p) {
  TelegramFault fault;
  fault.name = p.text("name");
  fault.method = p.text("method");
  fault.chat = p.number("chat");
  fault.times = static_cast<int>(p.number("times", 1));
  fault.retry_after = static_cast<int>(p.number("retry_after", 1));
  fault.skip = static_cast<int>(p.number("skip"));
  return fault;
}

std::optional<Json> look(const FakeTelegram& fake, const std::string& what, const Parameters& p) {
  if (what == "timeline") return timeline(fake);
  if (what == "visible") return visible(fake, p.number("chat"));
  if (what == "violations") return Json(fake.violations());
  if (what == "links") return links(fake);
  if (what == "pending") return Json(fake.pending_updates());
  if (what == "callback") {
    auto answer = fake.callback_answer(p.text("id"));
    return answer ? Json(*answer) : Json(nullptr);
  }
  return std::nullopt;
}

std::optional<Json> change(FakeTelegram& fake, const std::string& what, const Parameters& p) {
  auto chat = p.number("chat"), user = p.number("user", 1);
  auto message = static_cast<int>(p.number("message"));
  auto topic = static_cast<int>(p.number("topic"));
  if (what == "say") return fake.say(chat, user, p.text("text"), topic, static_cast<int>(p.number("reply_to")));
  if (what == "press") return fake.press(chat, message, user, p.text("data"));
  if (what == "edit")
    fake.edit(chat, message, p.text("text"));
  else if (what == "block")
    fake.stand(chat, user, Standing::kicked);
  else if (what == "stand")
    fake.stand(chat, user, parse_standing(p.text("standing")).value_or(Standing::member));
  else if (what == "migrate")
    fake.migrate(chat, p.number("to"));
  else if (what == "topic")
    fake.topic(chat, topic,
               p.text("state") == "closed"    ? TopicState::closed
               : p.text("state") == "deleted" ? TopicState::deleted
                                              : TopicState::open);
  else if (what == "fault")
    fake.fault(fault_from(p));
  else if (what == "heal")
    fake.heal();
  else if (what == "update")
    fake.push_update(p.text("kind"), p.object("payload").dump());
  else if (what == "chat") {
    TelegramChat added;
    added.id = chat;
    added.kind = parse_chat_kind(p.text("kind")).value_or(ChatKind::private_chat);
    added.bot = parse_standing(p.text("standing")).value_or(Standing::member);
    added.forum = p.flag("forum");
    fake.add_chat(std::move(added));
  } else {
    return std::nullopt;
  }
  return true;
}

}  // namespace

Reply administer(FakeTelegram& fake, const std::string& path, std::string_view query, const Seen& seen) {
  auto parameters = Parameters::read(query, "application/json", seen.body.empty() ? "{}" : seen.body);
  Reply reply;
  reply.headers = {{"Content-Type", "application/json"}};
  auto done = look(fake, path, parameters);
  if (!done && seen.method == "POST") {
    try {
      done = change(fake, path, parameters);
    } catch (const std::exception& wrong) {
      reply.status = 400;
      reply.body = Json({{"error", wrong.what()}}).dump();
      return reply;
    }
  }
  reply.status = done ? 200 : 404;
  reply.body = done ? done->dump() : R"({"error":"no such thing"})";
  return reply;
}

}  // namespace broadsheet::fakes
