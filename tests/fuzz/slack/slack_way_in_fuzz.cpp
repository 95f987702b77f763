// Whatever Slack, or somebody in its name, sends: an Error or an event whose target is well formed and whose text is
// bounded. The first byte chooses the reader.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "adapters/slack/payload.hpp"
#include "adapters/slack/signing.hpp"
#include "bot/base/text.hpp"

using namespace broadsheet;

namespace {

constexpr std::size_t kMaxText = std::size_t{16} << 10;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const Result<slack::Inbound>& in) {
  if (!in) return require(!in.error().what().empty());
  if (in->want == slack::Want::accept || in->want == slack::Want::modal) require(!in->events.empty());
  for (const auto& event : in->events)
    if (const auto* command = std::get_if<model::CommandEvent>(&event)) {
      require(!command->id.empty() && command->text.size() <= kMaxText && text::is_valid_utf8(command->text));
      require(model::Target::parse(command->from.target.str()).has_value());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  Moment now{};
  switch (data[0] % 5) {
    case 0:
      if (auto form = slack::parse_form(body)) {
        check(slack::read_command(*form, now));
        check(slack::read_interaction(slack::field(*form, "payload"), now));
      }
      break;
    case 1:
      check(slack::read_interaction(body, now));
      break;
    case 2:
      check(slack::read_event(body, now));
      break;
    case 3:
      if (auto frame = slack::read_frame(body, now)) check(frame->inbound);
      break;
    default: {
      // Nobody guesses a signature: header and body from the same stranger are never accepted.
      static const auto kVerifier = *slack::Verifier::make({config::Secret("fuzz")});
      auto cut = body.find('\n');
      http::Headers headers = {{"X-Slack-Signature", std::string(body.substr(0, cut))},
                               {"X-Slack-Request-Timestamp", "0"}};
      require(kVerifier.check(headers, body, now) == slack::Proof::rejected);
    }
  }
  return 0;
}
