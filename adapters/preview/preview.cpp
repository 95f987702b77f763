#include "adapters/preview/preview.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "adapters/common/fit.hpp"
#include "adapters/preview/blocks.hpp"
#include "bot/async/async.hpp"
#include "bot/base/text.hpp"
#include "digest/doc/plain.hpp"

namespace broadsheet::preview {
namespace {

using namespace adapters;
using Json = nlohmann::json;

constexpr std::size_t kTogether = 4000;     // bytes of text that read well as one message
constexpr std::size_t kLargest = 40 << 10;  // bytes of a message; State takes 64 KiB a value

std::string text_of(const std::vector<Part>& parts) {
  std::vector<std::string> texts;
  for (const auto& part : parts) {
    auto text = std::string(text::trim(doc::to_plain(part.document)));
    if (!text.empty()) texts.push_back(std::move(text));
  }
  return text::join(texts, "\n\n");
}

std::string body_of(const std::vector<Part>& parts, bool silent) {
  Json blocks = Json::array();
  for (const auto& part : parts)
    for (auto& block : to_json(part.document.blocks)) blocks.push_back(std::move(block));
  return Json({{"blocks", std::move(blocks)}, {"silent", silent}}).dump();
}

model::OutgoingMessage message_of(const std::vector<Part>& parts, const RenderOptions& options) {
  model::OutgoingMessage out;
  out.kind = parts.front().kind;
  out.in_thread = out.kind == model::PartKind::card && options.thread != model::ThreadPolicy::off;
  out.preview = text_of(parts);
  out.body = body_of(parts, options.silent);
  return out;
}

bool is_small(const std::vector<Part>& parts) {
  return text_of(parts).size() <= kTogether;
}

Json json_of(const Message& m) {
  return {
      {"id", m.id.str()}, {"key", m.key.str()}, {"thread", m.thread.str()}, {"body", m.body},
      {"text", m.text},   {"edits", m.edits},   {"silent", m.silent},       {"at", m.at.time_since_epoch().count()}};
}

std::optional<Message> message_from(const std::string& text) {
  auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  Message out;
  out.id = model::RemoteId(json.value("id", ""));
  out.key = model::DeliveryKey(json.value("key", ""));
  out.thread = model::RemoteId(json.value("thread", ""));
  out.body = json.value("body", "");
  out.text = json.value("text", "");
  out.edits = json.value("edits", 0);
  out.silent = json.value("silent", false);
  out.at = Moment(std::chrono::milliseconds(json.value("at", std::int64_t{0})));
  return out;
}

Refused wrong_target(const model::Target& target) {
  return {RefusalClass::target, target.str() + " is not a preview", "use preview:NAME", std::nullopt};
}

}  // namespace

// A message has the slot of its number modulo kKept, so that the 201st takes the place of the first. The index of a
// name is written after the message: what it does not name was never sent, and is written again at the same place.
class Preview::Store {
 public:
  Store(State& state, Clock& clock, const boost::asio::any_io_executor& executor)
      : state_(state), clock_(clock), turn_(executor) {}

  awaitable<SendOutcome> add(std::string name, Message message) {
    auto guard = co_await turn_.lock();
    auto index = co_await read_index(name);
    if (!index) co_return NotSent{index.error(), std::nullopt, {}};
    if (const auto* known = find(*index, message.key)) co_return Sent{id_of(known->id)};
    auto id = index->empty() ? 1 : index->back().id + 1;
    message.id = id_of(id);
    message.at = clock_.now();
    if (auto kept = co_await state_.put(slot(name, id), json_of(message).dump()); !kept)
      co_return NotSent{kept.error(), std::nullopt, {}};
    index->push_back({id, message.key});
    if (index->size() > kKept) index->erase(index->begin());
    if (auto kept = co_await write_index(name, *index); !kept) co_return Unknown{kept.error()};
    co_return Sent{message.id};
  }

  awaitable<SendOutcome> change(std::string name, model::RemoteId id, model::OutgoingMessage to) {
    auto guard = co_await turn_.lock();
    auto found = co_await read(name, id);
    if (!found) co_return NotSent{found.error(), std::nullopt, {}};
    if (!*found) co_return Refused{RefusalClass::message, "there is no message " + id.str(), "", std::nullopt};
    auto& message = **found;
    if (message.body == to.body) co_return Sent{id};
    message.body = std::move(to.body);
    message.text = std::move(to.preview);
    ++message.edits;
    if (auto kept = co_await state_.put(slot(name, number(id)), json_of(message).dump()); !kept)
      co_return NotSent{kept.error(), std::nullopt, {}};
    co_return Sent{id};
  }

  awaitable<FindOutcome> look(std::string name, model::DeliveryKey key) {
    auto guard = co_await turn_.lock();
    auto index = co_await read_index(name);
    if (!index) co_return CannotTell{index.error(), false, std::nullopt};
    if (const auto* known = find(*index, key)) co_return Found{id_of(known->id)};
    co_return Absent{};
  }

  awaitable<Result<std::vector<Message>>> all(std::string name) {
    auto guard = co_await turn_.lock();
    auto index = co_await read_index(name);
    if (!index) co_return index.error();
    std::vector<Message> out;
    for (const auto& entry : *index) {
      auto message = co_await read(name, id_of(entry.id));
      if (!message) co_return message.error();
      if (*message) out.push_back(std::move(**message));
    }
    co_return out;
  }

 private:
  struct Entry {
    std::int64_t id = 0;
    model::DeliveryKey key;
  };
  using Index = std::vector<Entry>;

  static model::RemoteId id_of(std::int64_t number) { return model::RemoteId(std::to_string(number)); }
  static std::int64_t number(const model::RemoteId& id) {
    std::int64_t out = 0;
    std::string_view text = id.str();
    auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    return ec == std::errc() && end == text.data() + text.size() && out > 0 ? out : 0;
  }
  static std::string slot(const std::string& name, std::int64_t id) {
    return "preview:" + name + ":" + std::to_string(id % static_cast<std::int64_t>(kKept));
  }
  static std::string index_name(const std::string& name) { return "preview:" + name + ":index"; }
  static const Entry* find(const Index& index, const model::DeliveryKey& key) {
    auto at = std::find_if(index.begin(), index.end(), [&key](const Entry& e) { return !key.empty() && e.key == key; });
    return at == index.end() ? nullptr : &*at;
  }

  // Nothing where the slot belongs to another message by now.
  awaitable<Result<std::optional<Message>>> read(std::string name, model::RemoteId id) {
    if (number(id) == 0) co_return std::optional<Message>();
    auto value = co_await state_.get(slot(name, number(id)));
    if (!value) co_return value.error();
    auto message = *value ? message_from(**value) : std::nullopt;
    if (message && message->id != id) message.reset();
    co_return message;
  }

  awaitable<Result<Index>> read_index(std::string name) {
    auto value = co_await state_.get(index_name(name));
    if (!value) co_return value.error();
    Index out;
    if (!*value) co_return out;
    auto json = Json::parse(**value, nullptr, false);
    if (!json.is_array()) co_return Error(ErrorKind::corrupt, "the index of preview:" + name + " is damaged");
    for (const auto& entry : json)
      if (entry.is_object())
        out.push_back({entry.value("id", std::int64_t{0}), model::DeliveryKey(entry.value("key", ""))});
    co_return out;
  }

  awaitable<Status> write_index(std::string name, Index index) {
    Json json = Json::array();
    for (const auto& entry : index) json.push_back({{"id", entry.id}, {"key", entry.key.str()}});
    co_return co_await state_.put(index_name(name), json.dump());
  }

  State& state_;
  Clock& clock_;
  async::AsyncMutex turn_;  // reading and writing the index is one step
};

Preview::Preview(State& state, Clock& clock, const boost::asio::any_io_executor& executor)
    : store_(std::make_unique<Store>(state, clock, executor)) {}
Preview::~Preview() = default;

Capabilities Preview::capabilities() const {
  Capabilities out;
  out.threads = out.edits = out.buttons = out.read_back = true;
  out.quiet = std::chrono::seconds(0);  // what was written stands, what was not never will
  return out;
}

std::vector<model::OutgoingMessage> Preview::render(const std::vector<Part>& parts,
                                                    const RenderOptions& options) const {
  std::vector<Part> shown;
  for (const auto& part : parts) {
    auto fits = [&](const doc::Document& document) {
      Part tried{part.kind, document, part.paper};
      return body_of({tried}, options.silent).size() + doc::to_plain(document).size() <= kLargest;
    };
    Part fitted{part.kind, fit(part.document, fits), part.paper};
    if (!text_of({fitted}).empty()) shown.push_back(std::move(fitted));
  }
  std::vector<model::OutgoingMessage> out;
  bool digest = shown.size() > 1 && shown.front().kind == model::PartKind::summary;
  if (digest && options.combine && is_small(shown)) {
    out.push_back(message_of(shown, options));
    return out;
  }
  for (auto& part : shown) out.push_back(message_of({std::move(part)}, options));
  return out;
}

std::string Preview::request_body(const SendRequest& request) const {
  auto body = Json::parse(request.message.body, nullptr, false);
  return Json({{"target", request.target.str()},
               {"key", request.key.str()},
               {"thread", request.thread.str()},
               {"message", body.is_discarded() ? Json() : body}})
      .dump();
}

// Nobody is hurt by speed here; one queue per name keeps the order.
std::vector<Pace> Preview::paces(const model::Target& target, bool /*in_thread*/) const {
  return {{target.str(), 1000, 1000}};
}

awaitable<SendOutcome> Preview::send(SendRequest request) {
  if (request.target.platform != kind()) co_return wrong_target(request.target);
  auto body = Json::parse(request.message.body, nullptr, false);
  if (!body.is_object() || request.message.preview.empty())
    co_return Refused{RefusalClass::message, "nothing to show", "", std::nullopt};
  Message message;
  message.key = std::move(request.key);
  message.thread = std::move(request.thread);
  message.text = std::move(request.message.preview);
  message.silent = body.value("silent", false);
  message.body = std::move(request.message.body);
  co_return co_await store_->add(request.target.place, std::move(message));
}

awaitable<FindOutcome> Preview::find_sent(FindRequest request) {
  co_return co_await store_->look(request.target.place, std::move(request.key));
}

awaitable<SendOutcome> Preview::edit(model::Target target, model::RemoteId remote_id, model::OutgoingMessage message) {
  if (target.platform != kind()) co_return wrong_target(target);
  co_return co_await store_->change(target.place, std::move(remote_id), std::move(message));
}

awaitable<SendOutcome> Preview::reply(ReplyRequest request) {
  if (!request.replaces.empty())
    co_return co_await edit(request.to.target, request.replaces, std::move(request.message));
  co_return co_await send({request.to.target, request.key, std::move(request.message), request.to.thread});
}

awaitable<void> Preview::acknowledge(model::ReplyTo /*to*/) {
  co_return;
}

// Only the operator sees previews.
awaitable<Result<model::Role>> Preview::role_of(model::Actor /*who*/, model::Target /*where*/) {
  co_return model::Role::operator_;
}

awaitable<void> Preview::run(EventSink& /*sink*/) {
  async::Event never(co_await boost::asio::this_coro::executor);
  co_await never.wait();
}

std::vector<Route> Preview::routes(EventSink& /*sink*/) {
  return {};
}

awaitable<std::vector<Check>> Preview::doctor() {
  co_return std::vector<Check>{{"preview", true, "messages are kept here and sent nowhere", ""}};
}

awaitable<Result<std::vector<Message>>> Preview::messages(std::string name) {
  co_return co_await store_->all(std::move(name));
}

}  // namespace broadsheet::preview
