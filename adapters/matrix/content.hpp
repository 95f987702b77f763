// Message contents: built in one place, so that every event names its mentions and carries its delivery key
// (contracts: Matrix 5 and 6). Pure functions. Internal to the adapter.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/matrix/json.hpp"
#include "adapters/platform.hpp"

namespace broadsheet::matrix {

// Our own keys inside contents.
inline constexpr const char* kDeliveryKey = "dev.broadsheet.delivery";
inline constexpr const char* kControlsKey = "dev.broadsheet.controls";
// Bytes of a content as canonical JSON (contracts: Matrix 5, Sizes).
inline constexpr std::size_t kContentCap = 16000;
inline constexpr std::size_t kContentHardCap = 60000;
// From so many cards several papers share a message (contracts: Matrix 8).
inline constexpr std::size_t kCardsToGather = 15;

// `html` empty: plain only. `notify`: m.text, else m.notice.
Json message(bool notify, std::string_view body, std::string_view html);
void in_thread(Json& content, const std::string& root, const std::string& latest);
void reply_in_thread(Json& content, const std::string& root, const std::string& answered);
void reply_to(Json& content, const std::string& answered);
Json edit_of(const std::string& original, const Json& content);
Json reaction(const std::string& target, std::string_view key);
void sign_delivery(Json& content, const std::string& key);

// Reaction keys are compared without U+FE0F and skin tones.
std::string bare_key(std::string_view key);

struct RenderRules {
  bool notify_root = true;  // m.text for the digest's first message
};
std::vector<model::OutgoingMessage> render(const std::vector<adapters::Part>& parts,
                                           const adapters::RenderOptions& options, const RenderRules& rules);

// What the transaction id hangs on (contracts: Matrix 5).
struct TransactionName {
  std::string user, device, room, type, delivery;
  std::uint64_t part = 0, revision = 0;
};
std::string transaction_id(const TransactionName& name);

}  // namespace broadsheet::matrix
