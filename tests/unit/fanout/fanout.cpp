#include "tests/unit/fanout/fanout.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <stdexcept>

#include "adapters/telegram/render.hpp"
#include "bot/base/hash.hpp"
#include "digest/doc/builder.hpp"

namespace broadsheet::fanout {
namespace {

using namespace std::chrono_literals;
using adapters::Part;
using model::OutgoingMessage;
using model::PartKind;

constexpr std::size_t kPortion = 20;  // chats of one commit
constexpr int kCards = 10;            // of a message that holds everything

Part overview() {
  return {PartKind::summary,
          doc::Document{{doc::Heading{1, {doc::plain("Robotics, Tuesday 13 January 2026")}},
                         doc::Paragraph{{doc::plain("A quiet day: 61 new papers, most of them on legged robots, on "
                                                    "grasping from touch, and on maps that are built while driving.")}},
                         doc::Note{{doc::plain("10 of 61 papers, by interest and by what is new in them.")}}}},
          {}};
}

Part card(int number) {
  auto digits = std::to_string(number);
  auto id = *PaperId::parse("2601." + std::string(5 - digits.size(), '0') + digits);
  auto title = "Invented finding " + digits + ": Robots That Learn To Walk From Little Data";
  doc::CardBlock block{id,
                       {doc::Heading{2, {doc::link_to_paper({id, 1}, title)}},
                        doc::Paragraph{{doc::plain("A. Invented, B. Invented and 3 others")}},
                        doc::Paragraph{{doc::plain(
                            "A controller that is trained for one hour in simulation walks on grass, gravel and "
                            "stairs without being tuned again, and falls half as often as the best one before.")}},
                        doc::Buttons{{{doc::Action::details, "Details", id, ""}}}}};
  return {PartKind::card, doc::Document{{block}}, id};
}

}  // namespace

std::vector<OutgoingMessage> invented_messages(int parts) {
  std::vector<Part> all{overview()};
  for (int i = 1; i < (parts == 1 ? kCards + 1 : parts); ++i) all.push_back(card(i));
  if (parts == 1) return telegram::render(all, {});
  std::vector<OutgoingMessage> out;
  for (const auto& part : all) out.push_back(telegram::render({part}, {}).at(0));
  return out;
}

model::Target target_of(std::int64_t chat) {
  return *model::Target::parse("telegram:" + std::to_string(chat));
}

std::string key_of(std::int64_t chat, int part) {
  return short_sha256(std::to_string(chat) + "/" + std::to_string(part));
}

std::vector<model::NewRow> rows_of(const std::vector<std::int64_t>& chats, const std::vector<OutgoingMessage>& messages,
                                   Moment now) {
  std::vector<model::NewRow> rows;
  for (auto chat : chats)
    for (const auto& message : messages) {
      model::NewRow row;
      row.part = static_cast<int>(&message - messages.data());
      row.key = model::DeliveryKey(key_of(chat, row.part));
      row.target = target_of(chat);
      row.group = "digest";
      row.message = message;
      row.due = now;
      row.expires = now + 24h * 30;
      row.on_unknown = model::UnknownPolicy::resend;
      rows.push_back(std::move(row));
    }
  return rows;
}

Status enqueue(store::Outbox& outbox, const std::vector<std::int64_t>& chats,
               const std::vector<OutgoingMessage>& messages, Moment now) {
  for (std::size_t at = 0; at < chats.size(); at += kPortion) {
    auto begin = chats.begin() + static_cast<std::ptrdiff_t>(at);
    auto end = chats.begin() + static_cast<std::ptrdiff_t>(std::min(chats.size(), at + kPortion));
    if (auto done = outbox.enqueue("", rows_of({begin, end}, messages, now), now); !done) return done.error();
  }
  return {};
}

namespace {

std::unique_ptr<store::Store> opened(const std::string& data_dir) {
  auto store = store::open_store({.data_dir = data_dir});
  if (!store) throw std::runtime_error(store.error().what());
  return *std::move(store);
}

config::Telegram settings_of(const SenderOptions& options) {
  config::Telegram out;
  out.api_url = options.base;
  out.token = config::Secret(options.token);
  return out;
}

telegram::TelegramOptions telegram_options(const SenderOptions& options) {
  telegram::TelegramOptions out;
  out.limits_scale = options.limits_scale;
  out.quiet = options.quiet;
  return out;
}

}  // namespace

Sender::Sender(Clock& clock, const SenderOptions& options)
    : store_(opened(options.data_dir)),
      state_(*store_, workers_),
      client_(io_.get_executor(), workers_, clock, {.user_agent = "Broadsheet"}),
      wrapped_(options.wrap ? options.wrap(client_) : nullptr),
      telegram_(settings_of(options), wrapped_ ? *wrapped_ : client_, clock, state_, telegram_options(options)),
      dispatcher_(std::make_unique<delivery::Dispatcher>(
          io_.get_executor(), store_->outbox(), telegram_, workers_, clock, metrics_, [] { return 0.5; },
          [](const delivery::Incident&) {}, delivery::DispatcherOptions{})) {}

void Sender::run(std::size_t left, const std::function<void()>& look) {
  bool ended = false, loaded = false;
  boost::asio::co_spawn(io_, dispatcher_->run(), [&ended](const std::exception_ptr&) { ended = true; });
  while (!ended) {
    io_.run_for(2ms);
    loaded = loaded || dispatcher_->open() > 0;
    if (loaded && dispatcher_->open() <= left) dispatcher_->stop();
    if (look) look();
  }
}

}  // namespace broadsheet::fanout
