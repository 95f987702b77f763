// The contract of a platform: what the service asks of Slack, Matrix, Telegram and the preview target. Rendering is
// pure and done once per digest, not per chat; addressing, threading and delivery keys are added by send(). Everything
// is called on the I/O thread. tests/unit/platform/conformance.hpp proves each implementation.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/base/time.hpp"
#include "bot/model/event.hpp"
#include "bot/model/message.hpp"
#include "bot/model/names.hpp"
#include "bot/model/target.hpp"
#include "bot/net/server.hpp"
#include "digest/doc/document.hpp"

namespace broadsheet::adapters {

template <class T>
using awaitable = boost::asio::awaitable<T>;

// ---- Rendering --------------------------------------------------------------------------------------------------

// One thing to say: the overview of a digest, one card, a notice, an answer.
struct Part {
  model::PartKind kind = model::PartKind::reply;
  doc::Document document;
  PaperId paper;           // of a card
  std::size_t number = 0;  // of a card in its digest, as `#3` means it; 0: none
};

struct RenderOptions {
  model::ThreadPolicy thread = model::ThreadPolicy::digest;
  bool combine = true;  // one message instead of summary + thread where everything fits (performance 4)
  bool native_maths = false, rich = false, previews = false, silent = false;
  std::string page_url;       // of this digest on our own pages; empty without a public address
  std::string digest;         // what buttons of it are about: "cs.CV+cs.RO/2026-01-13"; empty: no digest
  std::size_t announced = 0;  // papers in its listings, for "All titles (131)"; 0: not told
};

// ---- Sending ----------------------------------------------------------------------------------------------------

struct SendRequest {
  model::Target target;
  model::DeliveryKey key;  // the same in every attempt (and in recovery)
  model::OutgoingMessage message;
  model::RemoteId thread;  // the message this one belongs under, or empty
};

struct Sent {
  model::RemoteId remote_id;
};
// Surely not done: may be tried again.
struct NotSent {
  Error error;
  std::optional<std::chrono::milliseconds> retry_after;  // obeyed exactly
  std::string bucket;  // name of the pace (paces()) that has to wait; empty: this target's
};
enum class RefusalClass : std::uint8_t {
  message,                // this message never in this form
  target,                 // nothing can be sent there until something changes
  moved,                  // the target has another id: `moved_to`
  installation,           // token revoked: nothing of this bot or workspace can be sent
  configuration,          // wrong address or rights of the whole adapter
  private_undeliverable,  // a private reply was promised and can't be kept (spec: commands 1.4)
};
std::string_view to_string(RefusalClass refusal);
struct Refused {
  RefusalClass refusal{};
  std::string why, fix;  // for people
  std::optional<model::Target> moved_to;
  std::string link;  // where the person can mend it: an https address, or empty
};
// Nobody knows whether the message stands there: recovery decides.
struct Unknown {
  Error error;
};
// Unknown first: what is forgotten counts as unknown.
using SendOutcome = std::variant<Unknown, Sent, NotSent, Refused>;

// ---- Recovery ---------------------------------------------------------------------------------------------------

struct FindRequest {
  model::Target target;
  model::DeliveryKey key;
  model::OutgoingMessage message;
  model::RemoteId thread;
  Moment since{};                          // when the attempt was begun
  model::RemoteId last_remote_id;          // newest message of ours there that is known, or empty
  std::vector<model::RemoteId> known_ids;  // there, of other messages of ours
};
struct Found {
  model::RemoteId remote_id;
};
struct Absent {};  // surely not there
struct CannotTell {
  Error error;
  bool for_good = false;  // the platform has no way to tell; false: ask again later
  std::optional<std::chrono::milliseconds> retry_after;
};
using FindOutcome = std::variant<CannotTell, Found, Absent>;

// ---- Pacing and abilities -----------------------------------------------------------------------------------------

// A token bucket that a message to a target draws from: "bot" 30/s burst 30, "chat:-100…" 1/s burst 1. Names are
// unique within the platform.
struct Pace {
  std::string name;
  double per_second = 1;
  double burst = 1;
};

struct Capabilities {
  bool threads = false, edits = false, buttons = false, private_replies = false, read_back = false;
  // The same key may be sent again this long without doubling (Matrix transaction ids); 0: never.
  std::chrono::hours same_key_is_safe{0};
  // Quiet time after an attempt before recovery may look (reliability 3: A1).
  std::chrono::seconds quiet{60};
  std::chrono::seconds request_timeout{30};
};

// ---- Replies ----------------------------------------------------------------------------------------------------

struct ReplyRequest {
  model::ReplyTo to;
  model::OutgoingMessage message;
  model::Visibility visibility = model::Visibility::asker;
  model::RemoteId replaces;  // the progress message to edit, or empty
  model::DeliveryKey key;
};

struct Check {  // one row of `doctor`
  std::string what;
  bool ok = false;
  std::string found, fix;
};

// Where events go. Implemented by bot/delivery over the store.
class EventSink {
 public:
  virtual ~EventSink() = default;
  // Durable when it returns; true the first time this event id is seen. Adapters acknowledge the platform after it.
  virtual awaitable<Result<bool>> accept(model::Event event) = 0;
  // The answer to a look-up of what is at hand, for the asker alone; null: accept() the event. Such an event is never
  // stored: asking again is harmless (design: performance 1). An empty body: say nothing. Whoever brings the event says
  // who asks (Actor::role) and keeps it until the answer is there.
  virtual awaitable<std::shared_ptr<const model::OutgoingMessage>> at_once(const model::CommandEvent&) {
    co_return nullptr;
  }
};

// Small durable values of an adapter: update offsets, sync tokens, installations. Names begin with the platform's.
class State {
 public:
  virtual ~State() = default;
  virtual awaitable<Result<std::optional<std::string>>> get(std::string name) = 0;
  virtual awaitable<Status> put(std::string name, std::string value) = 0;
};

struct Route {
  std::string method;
  std::string pattern;
  std::size_t max_body = 0;
  http::Handler handler;
};

class Platform {
 public:
  virtual ~Platform() = default;
  // Registered, and the same for every instance.
  virtual const model::PlatformTraits& traits() const = 0;
  const model::PlatformName& kind() const { return traits().name; }
  // What a command typed there begins with: "/arxiv ", "!arxiv ", "/"; empty where words alone will do.
  virtual std::string prefix(const model::ReplyTo& from) const = 0;
  virtual Capabilities capabilities() const = 0;
  // Pure: the same parts and options give the same bytes. Packs parts into as few messages as read well.
  virtual std::vector<model::OutgoingMessage> render(const std::vector<Part>& parts,
                                                     const RenderOptions& options) const = 0;
  // The exact request body that send() would write, as JSON text (`digest --format telegram`).
  virtual std::string request_body(const SendRequest& request) const = 0;
  virtual std::vector<Pace> paces(const model::Target& target, bool in_thread) const = 0;

  virtual awaitable<SendOutcome> send(SendRequest request) = 0;
  virtual awaitable<FindOutcome> find_sent(FindRequest request) = 0;
  // Changes a message that was sent; `message is as asked` is success.
  virtual awaitable<SendOutcome> edit(model::Target target, model::RemoteId remote_id,
                                      model::OutgoingMessage message) = 0;
  virtual awaitable<SendOutcome> reply(ReplyRequest request) = 0;
  // Shows that work goes on (chat action, typing notice, callback answered); failures are silent.
  virtual awaitable<void> acknowledge(model::ReplyTo to) = 0;
  // `who.role`: what is proven about his standing there, for who typed it there; unknown for who asks from elsewhere,
  // and then who is not inside a place that is not open to him is a guest there. Errors: could not be asked;
  // rate_limited says when it can.
  virtual awaitable<Result<model::Role>> role_of(model::Actor who, model::Target where) = 0;
  // How a sentence names a person; empty: not known.
  virtual awaitable<std::string> name_of(model::Actor who, model::Target /*where*/) { co_return who.name; }
  // Why nothing can be posted there now; nothing: it can, or that cannot be told.
  virtual awaitable<std::optional<Refused>> hindrance(model::Target /*where*/) { co_return std::nullopt; }
  // The one paper that the message above a command is about, where the event could not say it; empty: none, or several.
  virtual awaitable<PaperId> paper_above(model::ReplyTo /*command*/) { co_return PaperId(); }

  // The way in, until cancelled: long polling, Socket Mode, sync. With webhooks only the set-up calls.
  virtual awaitable<void> run(EventSink& sink) = 0;
  // HTTP ways in; installed before run().
  virtual std::vector<Route> routes(EventSink& sink) = 0;
  virtual awaitable<std::vector<Check>> doctor() = 0;
  // Empty when all is well; else a sentence for /readyz.
  virtual std::string trouble() const = 0;
};

}  // namespace broadsheet::adapters
