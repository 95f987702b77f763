// Telegram's numbers, each with its place in the contract.
#pragma once

#include <chrono>
#include <cstddef>

namespace broadsheet::telegram {

inline constexpr std::size_t kTextUnits = 4096;     // 3.1.5: code points; UTF-16 units are the safe budget
inline constexpr std::size_t kEntities = 100;       // 3.1.6
inline constexpr std::size_t kEntityBytes = 9000;   // 3.1.6: about 9500
inline constexpr std::size_t kSourceBytes = 32768;  // 3.1.1
inline constexpr std::size_t kCallbackBytes = 64;   // 5
inline constexpr std::size_t kAnswerText = 200;     // 5: answerCallbackQuery
inline constexpr std::chrono::seconds kPoll{50};    // 2.2: the server clamps there
inline constexpr std::chrono::seconds kRequest{30};
inline constexpr double kBotPerSecond = 30, kBotBurst = 30;             // 6
inline constexpr double kChatPerSecond = 1, kChatBurst = 1;             // 6
inline constexpr double kGroupPerSecond = 20.0 / 60, kGroupBurst = 20;  // 6: groups and channels
inline constexpr int kProbes = 20;                                      // 9.2: candidates that recovery tries
inline constexpr int kProbesInARow = 5;  // that are not there: beyond the end of the chat

}  // namespace broadsheet::telegram
