// The built-in preview target: messages are kept, not sent, so that a digest can be seen before any platform is set up.
// Kept through State, the newest 200 per name; a message carries its delivery key, so recovery is exact.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "adapters/preview/traits.hpp"
#include "bot/base/clock.hpp"

namespace broadsheet::preview {

struct Message {
  model::RemoteId id;  // "17"
  model::DeliveryKey key;
  model::RemoteId thread;  // of the message that it stands under, or empty
  std::string body;        // blocks as JSON (render)
  std::string text;        // what a person reads
  Moment at{};
  int edits = 0;
  bool silent = false;
  bool operator==(const Message&) const = default;
};

inline constexpr std::size_t kKept = 200;  // messages per name

class Preview final : public adapters::Platform {
 public:
  Preview(adapters::State& state, Clock& clock, const boost::asio::any_io_executor& executor);
  ~Preview() override;

  // What stands in preview:NAME, oldest first.
  adapters::awaitable<Result<std::vector<Message>>> messages(std::string name);

  const model::PlatformTraits& traits() const override { return preview::traits(); }
  std::string prefix(const model::ReplyTo& /*from*/) const override { return {}; }
  adapters::Capabilities capabilities() const override;
  std::vector<model::OutgoingMessage> render(const std::vector<adapters::Part>& parts,
                                             const adapters::RenderOptions& options) const override;
  std::string request_body(const adapters::SendRequest& request) const override;
  std::vector<adapters::Pace> paces(const model::Target& target, bool in_thread) const override;
  adapters::awaitable<adapters::SendOutcome> send(adapters::SendRequest request) override;
  adapters::awaitable<adapters::FindOutcome> find_sent(adapters::FindRequest request) override;
  adapters::awaitable<adapters::SendOutcome> edit(model::Target target, model::RemoteId remote_id,
                                                  model::OutgoingMessage message) override;
  adapters::awaitable<adapters::SendOutcome> reply(adapters::ReplyRequest request) override;
  adapters::awaitable<void> acknowledge(model::ReplyTo to) override;
  adapters::awaitable<Result<model::Role>> role_of(model::Actor who, model::Target where) override;
  adapters::awaitable<void> run(adapters::EventSink& sink) override;
  std::vector<adapters::Route> routes(adapters::EventSink& sink) override;
  adapters::awaitable<std::vector<adapters::Check>> doctor() override;
  std::string trouble() const override { return {}; }

 private:
  class Store;
  std::unique_ptr<Store> store_;
};

}  // namespace broadsheet::preview
