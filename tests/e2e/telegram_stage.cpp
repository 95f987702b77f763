#include "tests/e2e/telegram_stage.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

namespace broadsheet::e2e {
namespace {

using namespace std::chrono_literals;
using fakes::ChatKind;
using fakes::Standing;

std::vector<fakes::Batch> two_days() {
  return fakes::invented_batches(*parse_day("2026-01-12"), *parse_day("2026-01-14"),
                                 {*Category::parse("cs.CV"), *Category::parse("cs.RO")}, arxiv::Calendar::built_in());
}

std::string tag(const fakes::TextEntity& e, bool opening) {
  static const std::map<std::string, std::string> kShort = {{"bold", "b"},
                                                            {"italic", "i"},
                                                            {"code", "c"},
                                                            {"text_link", "a"},
                                                            {"pre", "pre"},
                                                            {"blockquote", "q"},
                                                            {"expandable_blockquote", "qq"}};
  auto it = kShort.find(e.type);
  auto name = it == kShort.end() ? e.type : it->second;
  return (opening ? "<" : "</") + name + ">";
}

std::string readable(const fakes::FormattedText& content) {
  std::string out;
  int unit = 0;
  auto tags = [&] {
    for (auto it = content.entities.rbegin(); it != content.entities.rend(); ++it)
      if (it->end() == unit) out += tag(*it, false);
    for (const auto& e : content.entities)
      if (e.offset == unit) out += tag(e, true);
  };
  for (std::size_t i = 0; i < content.text.size();) {
    tags();
    auto lead = static_cast<unsigned char>(content.text[i]);
    std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    out += content.text.substr(i, length);
    i += length;
    unit += length == 4 ? 2 : 1;
  }
  tags();
  return out;
}

std::string buttons(const std::string& keyboard) {
  std::string out;
  auto rows = nlohmann::json::parse(keyboard, nullptr, false);
  if (!rows.is_array()) return out;
  for (const auto& row : rows) {
    out += "\n";
    for (const auto& button : row) out += "[" + button.value("text", "") + "] ";
  }
  return out;
}

bool is_progress(const std::string& text) {
  return text.starts_with("Working on it");
}

}  // namespace

TelegramStage::TelegramStage(const std::string& start, int rate)
    : clock(*parse_iso(start), rate),
      arxiv(clock, two_days(), {}),
      telegram(clock, {}),
      port(free_port()),
      rate_(rate) {
  setenv("BROADSHEET_TEST_TOKEN", telegram.token().c_str(), 1);
  setenv("BROADSHEET_TEST_SECRET", "a-webhook-secret", 1);
  telegram.add_chat({.id = kAda, .kind = ChatKind::private_chat});
  telegram.add_chat({.id = kBen, .kind = ChatKind::private_chat});
  telegram.add_chat({.id = kNew, .kind = ChatKind::private_chat, .bot = Standing::never_started});
  telegram.add_chat({.id = kTeam,
                     .kind = ChatKind::supergroup,
                     .title = "Team",
                     .forum = true,
                     .topics = {{7, fakes::TopicState::open}},
                     .members = {{kAda, Standing::administrator}, {kBen, Standing::member}, {kNew, Standing::member}}});
  telegram.add_chat({.id = kNews,
                     .kind = ChatKind::channel,
                     .title = "News",
                     .username = "invented_news",
                     .bot = Standing::administrator,
                     .members = {{kAda, Standing::administrator}}});
}

void TelegramStage::configure(const std::string& service_lines, const std::string& telegram_lines) const {
  auto base = arxiv.base();
  folder.write("broadsheet.toml", "[service]\nlisten = \"127.0.0.1:" + std::to_string(port) + "\"\n" + service_lines +
                                      "[arxiv]\nmin_interval = \"0.1s\"\ncategories = [\"cs.CV\", \"cs.RO\"]\ncontact "
                                      "= \"ops@example.org\"\nfeed_url = \"" +
                                      base + "\"\nsite_url = \"" + base + "\"\noai_url = \"" + base +
                                      "/oai\"\napi_url = \"" + base +
                                      "/api/query\"\n[telegram]\ntoken = \"env:BROADSHEET_TEST_TOKEN\"\napi_url = \"" +
                                      telegram.base() + "\"\n" + telegram_lines);
}

std::string TelegramStage::bot_api(const std::string& method, const std::string& json) const {
  auto base = telegram.base();
  auto bot_port = static_cast<std::uint16_t>(std::stoi(base.substr(base.rfind(':') + 1)));
  return post(bot_port, "/bot" + telegram.token() + "/" + method, json).body;
}

std::vector<std::string> TelegramStage::serve() const {
  return {"--log-level", "info", "serve", "--clock", to_iso(clock.now()) + "x" + std::to_string(rate_)};
}

bool TelegramStage::becomes(const std::function<bool()>& so, std::chrono::seconds guard) {
  auto end = std::chrono::steady_clock::now() + guard;
  while (!so()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

std::vector<std::string> TelegramStage::said(std::int64_t chat) const {
  std::vector<std::string> out;
  for (const auto& message : telegram.visible(chat))
    if (message.from_bot) out.push_back(readable(message.content) + buttons(message.keyboard));
  return out;
}

void TelegramStage::write_down(const std::string& who, const std::string& what) {
  if (const char* file = std::getenv("BROADSHEET_TRANSCRIPT"))
    std::ofstream(file, std::ios::app) << "──── " << who << "\n" << what << "\n\n";
}

std::string TelegramStage::answer(std::int64_t chat, std::size_t before) {
  auto complete = [&] {
    auto all = said(chat);
    return all.size() > before &&
           std::none_of(all.begin() + static_cast<std::ptrdiff_t>(before), all.end(), is_progress);
  };
  if (!becomes(complete)) return {};
  // Several messages follow each other at the pace of the chat.
  for (auto seen = before; seen != said(chat).size();) {
    seen = said(chat).size();
    std::this_thread::sleep_for(2s / rate_ + 100ms);
  }
  auto all = said(chat);
  std::string out;
  for (auto i = before; i < all.size(); ++i) out += (out.empty() ? "" : "\n········\n") + all[i];
  write_down("bot, in " + std::to_string(chat), out);
  return out;
}

std::string TelegramStage::ask(std::int64_t chat, std::int64_t user, const std::string& text, std::int64_t answered_in,
                               int topic) {
  auto place = answered_in == 0 ? chat : answered_in;
  auto before = said(place).size();
  write_down(std::to_string(user) + " in " + std::to_string(chat), text);
  telegram.say(chat, user, text, topic);
  return answer(place, before);
}

std::string TelegramStage::press(std::int64_t chat, std::int64_t user, const std::string& label,
                                 std::int64_t answered_in) {
  auto place = answered_in == 0 ? chat : answered_in;
  auto before = said(place).size();
  auto messages = telegram.visible(chat);
  for (auto it = messages.rbegin(); it != messages.rend(); ++it) {
    auto rows = nlohmann::json::parse(it->keyboard, nullptr, false);
    if (!rows.is_array()) continue;
    for (const auto& row : rows)
      for (const auto& button : row) {
        if (button.value("text", "") != label || !button.contains("callback_data")) continue;
        write_down(std::to_string(user) + " in " + std::to_string(chat), "[" + label + "]");
        auto query = telegram.press(chat, it->id, user, button["callback_data"]);
        auto out = answer(place, before);
        becomes([&] { return telegram.callback_answer(query).has_value(); });
        return telegram.callback_answer(query) ? out : std::string();
      }
  }
  return {};
}

}  // namespace broadsheet::e2e
