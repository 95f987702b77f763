// Any bytes as an update: an event that is well formed, or nothing.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "adapters/telegram/keyboard.hpp"
#include "adapters/telegram/updates.hpp"
#include "bot/base/text.hpp"

using namespace broadsheet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  auto received = telegram::read_update(input, {1000, "a_bot"}, Moment{});
  if (!received || !received->event) return 0;
  if (received->id <= 0) std::abort();
  if (const auto* command = std::get_if<model::CommandEvent>(&*received->event)) {
    if (!model::Target::parse(command->from.target.str())) std::abort();
    if (!text::is_valid_utf8(command->text) || command->text.size() > 16384) std::abort();
    if (command->from.who.id.empty()) std::abort();
    if (command->button) {
      auto again = telegram::parse_callback(telegram::callback_data(command->button_key, *command->button));
      if (!again || again->key != command->button_key || again->button != *command->button) std::abort();
    }
  }
  return 0;
}
