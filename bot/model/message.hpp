// What is said somewhere: messages in a platform's own form, and how they belong together. `body` is opaque to
// everybody but the adapter that rendered it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace broadsheet::model {

enum class PartKind : std::uint8_t { summary, card, notice, reply };
std::string_view to_string(PartKind kind);
std::optional<PartKind> parse_part_kind(std::string_view text);

enum class ThreadPolicy : std::uint8_t { digest, category, off };  // spec: interfaces 2, `thread`
std::string_view to_string(ThreadPolicy policy);
std::optional<ThreadPolicy> parse_thread_policy(std::string_view text);

enum class Visibility : std::uint8_t { asker, channel };

// One request body without address, thread and key. `body` is the adapter's own JSON and opaque to everybody else.
struct OutgoingMessage {
  PartKind kind = PartKind::reply;  // of the first part in it; decides the policy when an outcome stays unknown
  bool in_thread = false;           // belongs under the first message of its digest
  std::string body;
  std::string preview;  // the plain text a person would read; for the operator and for tests
  bool operator==(const OutgoingMessage&) const = default;
};

}  // namespace broadsheet::model
